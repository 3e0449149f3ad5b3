//! Every endpoint of the API, with the permission that the design gives it and what it is about.

use std::sync::OnceLock;

pub use super::things::Thing;

/// What a caller must bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Nothing,
    Session,
    Permission(&'static str),
}

/// What is done to an item: read it (with this query), ask it for something (with this body), or change a version of it
/// (with this body, if any).
#[derive(Clone, Copy, Debug)]
pub enum Act {
    Read(&'static str),
    Ask(&'static str),
    Change(&'static str),
}

/// What an endpoint is about.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// The way in: anybody may try. The status of an empty request.
    Entrance(u16),
    /// What everybody is told.
    Open,
    /// The caller, whoever it is, with the status of an empty request.
    Me(u16),
    /// A session: the caller's own, or somebody else's.
    Session,
    /// Words that are the same everywhere.
    Words,
    /// A list, and the parameter that narrows it to a point.
    List(Option<&'static str>),
    Point(Act),
    Move,
    Household(Act),
    /// A household that is dissolved.
    EndedHousehold(Act),
    /// A household that gets another head.
    Head,
    /// A household that gets another home, which is the second point.
    Transfer,
    /// A member of a household.
    Member(Act),
    /// A request for a household that is at home at the second point.
    Request(Act),
    /// The same, for those who may act at both homes.
    Answer(Act),
    Record(Act),
    /// A report that was sent in.
    Report(Act),
    /// Reports that are approved together.
    Reports,
    /// A waiver of a point's report.
    Waiver(Act),
    /// What was said about a doubtful item.
    Explanation(Act),
    /// A due day that was set at the bureau.
    Rule,
    /// Leave for late entries.
    Exception(Act),
    /// A notice to a point, which is marked as read.
    Notice,
    /// An announcement that was made at a point.
    Announcement,
    Account(Act),
    Grant(Act),
    /// An inspection that has its frame.
    Inspection(Act),
    /// An inspection that has its seed.
    Seeded(Act),
    /// A drawn record of what the point gave.
    Item(Act),
    /// A finding about what the point gave.
    Finding(Act),
    /// Something of trade or training at the point.
    Trade(Thing, Act),
    NewTrade(Thing),
    NewInspection,
    NewFinding,
    /// What is the whole network's, and asked for at its root alone.
    Whole,
    /// A verification of the whole network, asked for at its root alone.
    Verification,
    NewVerification,
    /// What changed at a point.
    Changes,
    /// A device's queue: whether each of its items may be carried out is told item by item.
    NewBatch,
    NewPoint,
    NewHousehold,
    NewMember,
    NewRequest,
    NewRecord,
    NewReport,
    NewWaiver,
    NewRule,
    NewException,
    NewChase,
    NewAnnouncement,
    NewAccount,
    NewGrant,
    /// Something to say about a doubtful item.
    NewExplanation,
}

/// An endpoint.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub method: &'static str,
    pub path: &'static str,
    pub need: Need,
    pub target: Target,
}

const fn row(method: &'static str, path: &'static str, need: Need, target: Target) -> Row {
    Row { method, path, need, target }
}

use Act::{Ask, Change, Read};
use Need::{Nothing, Permission};

const REASON: &str = r#"{"reason": "模拟原因"}"#;
const POINTS: Need = Permission("service_points.read");
const SIGN: Need = Permission("audit.sign_head");
const MANAGE: Need = Permission("service_points.manage");
const HOUSEHOLDS: Need = Permission("households.read");
const WRITE: Need = Permission("households.write");
const ANSWER: Need = Permission("households.answer_transfer");
const LOG: Need = Permission("assistance.log");
const ACCOUNTS: Need = Permission("accounts.manage");
const INSPECTIONS: Need = Permission("inspections.read");
const DRAW: Need = Permission("inspections.draw");
const DECIDE: Need = Permission("inspections.decide");
const DOUBTFUL: Need = Permission("doubtful.read");
const AUDIT: Need = Permission("audit.read_whole");
const REPORTS: Need = Permission("reports.read");
const SUBMIT: Need = Permission("reports.submit");
const REVIEW: Need = Permission("reports.review");
const WAIVE: Need = Permission("reports.waive");
const EXCEPT: Need = Permission("periods.except");
const TOLD: Need = Permission("notices.read");
const SEND: Need = Permission("notices.send");
const CATALOGUES: Need = Permission("catalogues.read");
const KEEP: Need = Permission("catalogues.manage");

/// Every endpoint of the API.
pub fn table() -> &'static [Row] {
    static ALL: OnceLock<Vec<Row>> = OnceLock::new();
    ALL.get_or_init(|| ROWS.iter().copied().chain(things()).collect())
}

/// Every collection of catalogues, registers and ledgers has the same endpoints.
fn things() -> impl Iterator<Item = Row> {
    Thing::ALL.into_iter().flat_map(|(thing, list)| {
        let path = |end: &str| &*format!("{list}{end}").leak();
        let (see, enter) = if thing.is_item() { (CATALOGUES, KEEP) } else { (HOUSEHOLDS, LOG) };
        let mut rows = vec![
            row("GET", list, see, Target::List(Some("service_point_id"))),
            row("POST", list, enter, Target::NewTrade(thing)),
            row("GET", path("/{id}"), see, Target::Trade(thing, Read(""))),
        ];
        if thing.is_entry() {
            rows.push(row("PATCH", path("/{id}"), enter, Target::Trade(thing, Change(thing.correction()))));
            rows.push(row("GET", path("/{id}/versions"), see, Target::Trade(thing, Read(""))));
            rows.push(row("POST", path("/{id}/void"), enter, Target::Trade(thing, Change(REASON))));
        } else {
            rows.push(row("PUT", path("/{id}"), enter, Target::Trade(thing, Change(""))));
        }
        rows
    })
}

/// The endpoints of everything else.
const ROWS: &[Row] = &[
    row("POST", "/api/v1/auth/sign-in", Nothing, Target::Entrance(400)),
    row("POST", "/api/v1/auth/refresh", Nothing, Target::Entrance(401)),
    row("POST", "/api/v1/auth/sign-out", Need::Session, Target::Me(204)),
    row("POST", "/api/v1/auth/device-key", Need::Session, Target::Me(200)),
    row("GET", "/api/v1/demo", Nothing, Target::Open),
    row("POST", "/api/v1/auth/password", Need::Session, Target::Me(400)),
    row("GET", "/api/v1/auth/sessions", Need::Session, Target::Me(200)),
    row("POST", "/api/v1/auth/sessions/{id}/revoke", Need::Session, Target::Session),
    row("GET", "/api/v1/me", Need::Session, Target::Me(200)),
    row("GET", "/api/v1/audit-events", Permission("audit.read"), Target::List(Some("service_point_id"))),
    row("GET", "/api/v1/audit-events/head", SIGN, Target::Words),
    row("POST", "/api/v1/verifications", SIGN, Target::NewVerification),
    row("GET", "/api/v1/verifications", SIGN, Target::Whole),
    row("GET", "/api/v1/verifications/{id}", SIGN, Target::Verification),
    row("GET", "/api/v1/service-points/{id}/timeline", AUDIT, Target::Point(Read(""))),
    row("GET", "/api/v1/households/{id}/timeline", AUDIT, Target::Household(Read(""))),
    row("GET", "/api/v1/assistance-records/{id}/timeline", AUDIT, Target::Record(Read(""))),
    row("GET", "/api/v1/reports/{id}/timeline", AUDIT, Target::Report(Read(""))),
    row("GET", "/api/v1/accounts/{id}/timeline", Permission("audit.read"), Target::Account(Read(""))),
    row("GET", "/api/v1/metrics", POINTS, Target::Words),
    row("GET", "/api/v1/code-lists", POINTS, Target::Words),
    row("GET", "/api/v1/service-points", POINTS, Target::List(Some("parent_id"))),
    row("POST", "/api/v1/service-points", MANAGE, Target::NewPoint),
    row("GET", "/api/v1/service-points/{id}", POINTS, Target::Point(Read(""))),
    row("PATCH", "/api/v1/service-points/{id}", MANAGE, Target::Point(Change(r#"{"address": "模拟地址"}"#))),
    row("GET", "/api/v1/service-points/{id}/children", POINTS, Target::Point(Read(""))),
    row("GET", "/api/v1/service-points/{id}/ancestors", POINTS, Target::Point(Read(""))),
    row("GET", "/api/v1/service-points/{id}/history", POINTS, Target::Point(Read(""))),
    row(
        "GET",
        "/api/v1/service-points/{id}/statistics",
        Permission("statistics.read"),
        Target::Point(Read("?period=2026-11")),
    ),
    row(
        "GET",
        "/api/v1/service-points/{id}/statistics/rows",
        HOUSEHOLDS,
        Target::Point(Read("?period=2026-11&metric=households")),
    ),
    row(
        "GET",
        "/api/v1/service-points/{id}/annual-report",
        Permission("statistics.read"),
        Target::Point(Read("?year=2026")),
    ),
    row(
        "GET",
        "/api/v1/service-points/{id}/annual-report/page",
        Permission("statistics.read"),
        Target::Point(Read("?year=2026")),
    ),
    row("POST", "/api/v1/service-points/{id}/activate", MANAGE, Target::Point(Change(""))),
    row("POST", "/api/v1/service-points/{id}/suspend", MANAGE, Target::Point(Change(""))),
    row("POST", "/api/v1/service-points/{id}/close", MANAGE, Target::Point(Change(REASON))),
    row("POST", "/api/v1/service-points/{id}/move", MANAGE, Target::Move),
    row("GET", "/api/v1/households", HOUSEHOLDS, Target::List(Some("service_point_id"))),
    row("POST", "/api/v1/households", WRITE, Target::NewHousehold),
    row("GET", "/api/v1/households/{id}", HOUSEHOLDS, Target::Household(Read(""))),
    row("PATCH", "/api/v1/households/{id}", WRITE, Target::Household(Change(r#"{"address": "模拟地址 2 号"}"#))),
    row("GET", "/api/v1/households/{id}/history", HOUSEHOLDS, Target::Household(Read(""))),
    row(
        "POST",
        "/api/v1/households/{id}/type",
        WRITE,
        Target::Household(Change(r#"{"household_type": "monitored", "monitoring_category": "sudden_hardship"}"#)),
    ),
    row(
        "POST",
        "/api/v1/households/{id}/status",
        WRITE,
        Target::Household(Change(r#"{"status": "moved_away", "reason": "模拟原因"}"#)),
    ),
    row("POST", "/api/v1/households/{id}/transfer", Permission("households.transfer"), Target::Transfer),
    row("POST", "/api/v1/households/{id}/head", WRITE, Target::Head),
    row(
        "POST",
        "/api/v1/households/{id}/identity",
        Permission("households.show_identity"),
        Target::Household(Ask(REASON)),
    ),
    row("POST", "/api/v1/households/{id}/export", Permission("households.export"), Target::Household(Ask(REASON))),
    row(
        "POST",
        "/api/v1/households/{id}/erase",
        Permission("households.erase"),
        Target::EndedHousehold(Change(REASON)),
    ),
    row("GET", "/api/v1/households/{id}/records", HOUSEHOLDS, Target::Household(Read(""))),
    row("GET", "/api/v1/households/{id}/members", HOUSEHOLDS, Target::Household(Read(""))),
    row("POST", "/api/v1/households/{id}/members", WRITE, Target::NewMember),
    row("GET", "/api/v1/members/{id}", HOUSEHOLDS, Target::Member(Read(""))),
    row("PATCH", "/api/v1/members/{id}", WRITE, Target::Member(Change(r#"{"name": "模拟改名"}"#))),
    row("POST", "/api/v1/members/{id}/leave", WRITE, Target::Member(Change(REASON))),
    row("GET", "/api/v1/transfer-requests", HOUSEHOLDS, Target::List(Some("service_point_id"))),
    row("POST", "/api/v1/transfer-requests", WRITE, Target::NewRequest),
    row("GET", "/api/v1/transfer-requests/{id}", HOUSEHOLDS, Target::Request(Read(""))),
    row("POST", "/api/v1/transfer-requests/{id}/accept", ANSWER, Target::Answer(Change("{}"))),
    row("POST", "/api/v1/transfer-requests/{id}/refuse", ANSWER, Target::Answer(Change(REASON))),
    row("POST", "/api/v1/transfer-requests/{id}/withdraw", WRITE, Target::Request(Change(""))),
    row("GET", "/api/v1/assistance-records", HOUSEHOLDS, Target::List(Some("service_point_id"))),
    row("POST", "/api/v1/assistance-records", LOG, Target::NewRecord),
    row("POST", "/api/v1/batches", LOG, Target::NewBatch),
    row("GET", "/api/v1/changes", HOUSEHOLDS, Target::Changes),
    row("GET", "/api/v1/assistance-records/{id}", HOUSEHOLDS, Target::Record(Read(""))),
    row(
        "PATCH",
        "/api/v1/assistance-records/{id}",
        LOG,
        Target::Record(Change(r#"{"quantity": 2, "reason": "模拟原因"}"#)),
    ),
    row("GET", "/api/v1/assistance-records/{id}/versions", HOUSEHOLDS, Target::Record(Read(""))),
    row("POST", "/api/v1/assistance-records/{id}/void", LOG, Target::Record(Change(REASON))),
    row("GET", "/api/v1/reports", REPORTS, Target::List(Some("service_point_id"))),
    row("POST", "/api/v1/reports", SUBMIT, Target::NewReport),
    row("POST", "/api/v1/reports/approve", REVIEW, Target::Reports),
    row("GET", "/api/v1/reports/{id}", REPORTS, Target::Report(Read(""))),
    row("GET", "/api/v1/reports/{id}/submissions", REPORTS, Target::Report(Read(""))),
    row("GET", "/api/v1/reports/{id}/differences", REPORTS, Target::Report(Read(""))),
    row("POST", "/api/v1/reports/{id}/submit", SUBMIT, Target::Report(Change("{}"))),
    row("POST", "/api/v1/reports/{id}/withdraw", SUBMIT, Target::Report(Change(""))),
    row(
        "POST",
        "/api/v1/reports/{id}/approve",
        REVIEW,
        Target::Report(Change(r#"{"digest": "0000000000000000000000000000000000000000000000000000000000000000"}"#)),
    ),
    row("POST", "/api/v1/reports/{id}/return", REVIEW, Target::Report(Change(REASON))),
    row("POST", "/api/v1/reports/{id}/reopen", Permission("reports.reopen"), Target::Report(Change(REASON))),
    row("GET", "/api/v1/reports/{id}/rows", HOUSEHOLDS, Target::Report(Read("?metric=households"))),
    row("GET", "/api/v1/service-points/{id}/review-queue", REPORTS, Target::Point(Read("?month=2026-10"))),
    row("GET", "/api/v1/service-points/{id}/report", REPORTS, Target::Point(Read("?month=2026-10"))),
    row("GET", "/api/v1/report-waivers", REPORTS, Target::List(Some("service_point_id"))),
    row("POST", "/api/v1/report-waivers", WAIVE, Target::NewWaiver),
    row("GET", "/api/v1/report-waivers/{id}", REPORTS, Target::Waiver(Read(""))),
    row("POST", "/api/v1/report-waivers/{id}/revoke", WAIVE, Target::Waiver(Change(""))),
    row("GET", "/api/v1/inspections", INSPECTIONS, Target::List(Some("service_point_id"))),
    row("POST", "/api/v1/inspections", DRAW, Target::NewInspection),
    row("GET", "/api/v1/inspections/{id}", INSPECTIONS, Target::Inspection(Read(""))),
    row("GET", "/api/v1/inspections/{id}/frame", INSPECTIONS, Target::Inspection(Read("?part=1"))),
    row("GET", "/api/v1/inspections/{id}/results", INSPECTIONS, Target::Inspection(Read(""))),
    row("POST", "/api/v1/inspections/{id}/seed", DRAW, Target::Inspection(Change("{}"))),
    row("POST", "/api/v1/inspections/{id}/draw", DRAW, Target::Seeded(Change(""))),
    row("POST", "/api/v1/inspections/{id}/close", DRAW, Target::Inspection(Change(REASON))),
    row("GET", "/api/v1/inspection-items", INSPECTIONS, Target::List(Some("service_point_id"))),
    row("GET", "/api/v1/inspection-items/{id}", INSPECTIONS, Target::Item(Read(""))),
    row("POST", "/api/v1/inspection-items/{id}/result", DRAW, Target::Item(Change(r#"{"state": "confirmed"}"#))),
    row("GET", "/api/v1/inspection-findings", INSPECTIONS, Target::List(Some("service_point_id"))),
    row("POST", "/api/v1/inspection-findings", DRAW, Target::NewFinding),
    row("GET", "/api/v1/inspection-findings/{id}", INSPECTIONS, Target::Finding(Read(""))),
    row("POST", "/api/v1/inspection-findings/{id}/accept", DECIDE, Target::Finding(Change(REASON))),
    row("POST", "/api/v1/inspection-findings/{id}/dismiss", DECIDE, Target::Finding(Change(REASON))),
    row("GET", "/api/v1/doubtful-rules", POINTS, Target::Words),
    row("GET", "/api/v1/doubtful-items", DOUBTFUL, Target::List(Some("service_point_id"))),
    row("GET", "/api/v1/service-points/{id}/doubtful-summary", DOUBTFUL, Target::Point(Read("?month=2026-11"))),
    row("POST", "/api/v1/doubtful-explanations", Permission("doubtful.explain"), Target::NewExplanation),
    row("GET", "/api/v1/doubtful-explanations/{id}", DOUBTFUL, Target::Explanation(Read(""))),
    row("GET", "/api/v1/reporting-rules", POINTS, Target::Words),
    row("POST", "/api/v1/reporting-rules", Permission("settings.manage"), Target::NewRule),
    row("GET", "/api/v1/reporting-rules/{id}", POINTS, Target::Rule),
    row("GET", "/api/v1/period-exceptions", REPORTS, Target::List(Some("service_point_id"))),
    row("POST", "/api/v1/period-exceptions", EXCEPT, Target::NewException),
    row("GET", "/api/v1/period-exceptions/{id}", REPORTS, Target::Exception(Read(""))),
    row("POST", "/api/v1/period-exceptions/{id}/revoke", EXCEPT, Target::Exception(Change(""))),
    row("GET", "/api/v1/service-points/{id}/timeliness", REPORTS, Target::Point(Read("?month=2026-10"))),
    row("POST", "/api/v1/reports/chase", SEND, Target::NewChase),
    row("GET", "/api/v1/notices", TOLD, Target::Words),
    row("GET", "/api/v1/notices/unread", TOLD, Target::Words),
    row("POST", "/api/v1/notices/{id}/read", TOLD, Target::Notice),
    row("GET", "/api/v1/announcements", REPORTS, Target::List(Some("service_point_id"))),
    row("POST", "/api/v1/announcements", SEND, Target::NewAnnouncement),
    row("GET", "/api/v1/announcements/{id}", REPORTS, Target::Announcement),
    row("GET", "/api/v1/announcements/{id}/receipts", REPORTS, Target::Announcement),
    row("GET", "/api/v1/announcements/{id}/readers", REPORTS, Target::Announcement),
    row("GET", "/api/v1/policy-documents/{id}/file", CATALOGUES, Target::Trade(Thing::Policy, Read(""))),
    row("PUT", "/api/v1/policy-documents/{id}/file", KEEP, Target::Trade(Thing::Policy, Change(""))),
    row("GET", "/api/v1/accounts", ACCOUNTS, Target::List(None)),
    row("POST", "/api/v1/accounts", ACCOUNTS, Target::NewAccount),
    row("GET", "/api/v1/accounts/{id}", ACCOUNTS, Target::Account(Read(""))),
    row("PATCH", "/api/v1/accounts/{id}", ACCOUNTS, Target::Account(Change(r#"{"display_name": "模拟改名"}"#))),
    row("POST", "/api/v1/accounts/{id}/activate", ACCOUNTS, Target::Account(Change(""))),
    row("POST", "/api/v1/accounts/{id}/suspend", ACCOUNTS, Target::Account(Change(""))),
    row("POST", "/api/v1/accounts/{id}/reset-password", ACCOUNTS, Target::Account(Change(""))),
    row("GET", "/api/v1/grants", ACCOUNTS, Target::List(None)),
    row("POST", "/api/v1/grants", ACCOUNTS, Target::NewGrant),
    row("GET", "/api/v1/grants/{id}", ACCOUNTS, Target::Grant(Read(""))),
    row("POST", "/api/v1/grants/{id}/revoke", ACCOUNTS, Target::Grant(Change(""))),
];

impl Row {
    /// The permission that it needs.
    pub fn permission(&self) -> &'static str {
        match self.need {
            Permission(permission) => permission,
            Nothing | Need::Session => {
                panic!("{} {} has a target at a point but no permission", self.method, self.path)
            }
        }
    }

    /// Whether its path ends so.
    pub fn ends(&self, end: &str) -> bool {
        self.path.ends_with(end)
    }
}
