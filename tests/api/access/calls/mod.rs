//! How each endpoint is called, and what the oracle says to it: [`prepare`] makes what a call acts upon, so that nothing
//! but access can stop it, and [`Prepared::judge`] compares the answer with the oracle's.

mod create;
mod households;
mod inspections;
pub mod notices;
mod points;
mod reports;
mod trade;

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::domain::{Id, codes::AccountStatus};

use super::{
    oracle::{
        Held, Role,
        Verdict::{self, Allowed, ChangePassword, Denied, Hidden, HiddenAt, OwnAccount, RoleNotAllowed, SignIn},
    },
    table::{
        Act::{self, Ask, Change, Read},
        Need, Row, Target,
    },
    world::{Person, Standing, World},
};
use crate::support::Reply;

/// One call: at which point, and whatever else it takes.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    pub row: &'a Row,
    /// The point that the call is about: a point itself, a home, the giver of a record, the keeper of an account.
    pub place: &'a str,
    /// The second point, where there is one: the new parent, the new home, the giver or the home, the place of a grant.
    pub other: &'a str,
    /// The role of a grant that is given or taken.
    pub role: Role,
    /// What else the account that is acted upon holds.
    pub theirs: Vec<Held>,
    /// Whether the caller acts upon the own account, grant or session.
    pub own: bool,
}

impl<'a> Case<'a> {
    /// A call at one point.
    pub fn at(row: &'a Row, place: &'a str) -> Self {
        Self { row, place, other: place, role: Role::Worker, theirs: Vec::new(), own: false }
    }
}

/// What an allowed call ends with.
#[derive(Clone, Copy, Debug)]
pub enum End {
    /// This status.
    Is(u16),
    /// The rules of the tree may refuse it (409, 422), access may not.
    PastAccess,
}

/// A request that is ready to be sent.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub who: Person,
    pub method: Method,
    pub path: String,
    pub body: Option<Value>,
    pub version: Option<i64>,
    /// Any of these answers is right.
    pub expected: Vec<Verdict>,
    /// The point and its new parent, if it moves.
    moves: Option<(String, String)>,
    end: End,
    /// Whether the answer is about items of catalogues.
    items: bool,
    /// What an allowed answer says of something that may lie out of scope: one of these values.
    says: Option<(&'static str, Vec<Value>)>,
}

impl Prepared {
    /// Sends it.
    pub async fn send(&self, world: &World) -> Reply {
        let tag = self.version.map(|version| format!("\"{version}\""));
        let headers: Vec<(&str, &str)> = tag.iter().map(|tag| ("if-match", tag.as_str())).collect();
        world.app.request(&self.who.actor, self.method.clone(), &self.path, self.body.as_ref(), &headers).await
    }

    /// Sends it, and says what is wrong with the answer.
    pub async fn judged(&self, world: &mut World) -> Result<(), String> {
        let reply = self.send(world).await;
        if let Some((point, parent)) = self.moves.as_ref().filter(|_| reply.status == 200) {
            world.tree.hang(point, Some(parent));
        }
        self.judge(world, &reply)
    }

    /// What is wrong with an answer.
    pub fn judge(&self, world: &World, reply: &Reply) -> Result<(), String> {
        if !self.expected.iter().any(|verdict| agrees(*verdict, self.end, reply)) {
            let (status, text) = (reply.status, reply.text());
            return Err(format!("expected {:?} ({:?}), got {status} {text}", self.expected, self.end));
        }
        if let Some((pointer, right)) = self.says.as_ref().filter(|_| reply.status < 300) {
            let said = reply.json().pointer(pointer).cloned();
            if !said.as_ref().is_some_and(|said| right.contains(said)) {
                return Err(format!("says {said:?} at {pointer}, where one of {right:?} is right"));
            }
        }
        let held = &self.who.held;
        let told = if self.items { world.leaks_of_items(held, reply) } else { world.leaks(held, reply) };
        match told.as_slice() {
            [] => Ok(()),
            told => Err(format!("tells of {told:?} out of scope: {}", reply.text())),
        }
    }
}

fn agrees(verdict: Verdict, end: End, reply: &Reply) -> bool {
    let problem = |status, code: &str| reply.status == status && reply.code() == code;
    match (verdict, end) {
        (Allowed, End::Is(status)) => reply.status == status,
        (Allowed, End::PastAccess) => reply.status < 500 && ![401, 403, 404].contains(&reply.status),
        (SignIn, _) => problem(401, "auth.sign_in_required"),
        (ChangePassword, _) => problem(403, "auth.password_change_required"),
        (Denied(permission), _) => problem(403, "permission.denied") && reply.json()["permission"] == permission,
        (OwnAccount, _) => problem(403, "account.own"),
        (RoleNotAllowed, _) => problem(403, "grant.role_not_allowed"),
        (Hidden, _) => problem(404, "resource.not_found") && reply.faults().is_empty(),
        (HiddenAt(pointer), _) => {
            problem(404, "resource.not_found") && reply.faults() == [(pointer.to_owned(), "not_found".to_owned())]
        }
    }
}

/// Makes what a call acts upon, and asks the oracle. What an allowed call would use up is made afresh.
pub async fn prepare(world: &mut World, who: &Person, case: &Case<'_>) -> Prepared {
    let (row, place) = (case.row, case.place);
    let mut ready = Prepared {
        who: who.clone(),
        method: row.method.parse().unwrap(),
        path: row.path.to_owned(),
        body: None,
        version: None,
        expected: vec![Allowed],
        moves: None,
        items: matches!(row.need, Need::Permission("catalogues.read" | "catalogues.manage")),
        says: None,
        end: End::Is(if row.method == "POST" { 201 } else { 200 }),
    };
    match row.target {
        // An empty request is refused for its body, by whoever it is sent: no password is tried.
        Target::Entrance(status) => (ready.body, ready.end) = (Some(json!({})), End::Is(status)),
        Target::Open => {}
        Target::Changes => {
            ready.path.push_str(&format!("?service_point_id={}", world.id(place)));
            let oracle = world.oracle(&who.held);
            ready.expected = vec![match oracle.anywhere(row.permission()) {
                Allowed => oracle.at(row.permission(), place).at("service_point_id"),
                judged => judged,
            }];
        }
        Target::Me(status) => {
            ready.end = End::Is(status);
            ready.body = (status == 400).then(|| json!({}));
            // Signing out ends the session, which others may still need.
            ready.who = world.signed_in_again(who);
        }
        Target::Session => {
            let whose = if case.own { who.clone() } else { world.clerk.clone() };
            let session = world.signed_in_again(&whose).session;
            ready.path = row.path.replace("{id}", &session.to_string());
            ready.end = End::Is(204);
            ready.expected = vec![if case.own { Allowed } else { Hidden }];
        }
        Target::Words => ready.expected = vec![world.oracle(&who.held).anywhere(row.permission())],
        Target::Whole | Target::Verification | Target::NewVerification => {
            let permission = row.permission();
            let at_root = world.oracle(&who.held).at(permission, "b");
            let judged = at_root.untold(permission);
            match row.target {
                Target::Verification => upon(&mut ready, world.verification().await, Read(""), vec![at_root]),
                // There is one at a time.
                Target::NewVerification => {
                    (ready.body, ready.expected, ready.end) = (Some(json!({})), vec![judged], End::PastAccess);
                }
                _ => ready.expected = vec![judged],
            }
        }
        Target::List(filter) => points::list(world, case, filter, &mut ready),
        Target::Point(_) | Target::Move => points::points(world, case, &mut ready).await,
        Target::Household(_)
        | Target::EndedHousehold(_)
        | Target::Head
        | Target::Transfer
        | Target::Member(_)
        | Target::NewMember
        | Target::Request(_)
        | Target::Answer(_) => households::households(world, case, &mut ready).await,
        Target::Inspection(_)
        | Target::Seeded(_)
        | Target::Item(_)
        | Target::Finding(_)
        | Target::NewInspection
        | Target::NewFinding => inspections::inspections(world, case, &mut ready).await,
        Target::Trade(..) | Target::NewTrade(_) => trade::trade(world, case, &mut ready).await,
        Target::Record(act) => {
            let judged = world.oracle(&who.held).at(row.permission(), place);
            let fresh = judged == Allowed && matches!(act, Change(_));
            let id =
                if fresh { world.new_record(place, case.other).await } else { world.record(place, case.other).await };
            upon(&mut ready, id, act, vec![judged]);
        }
        Target::Report(_) | Target::Reports | Target::Waiver(_) | Target::NewReport | Target::NewWaiver => {
            reports::reports(world, case, &mut ready);
        }
        Target::Explanation(act) => {
            let judged = world.oracle(&who.held).at(row.permission(), place);
            upon(&mut ready, world.explanation(place).await, act, vec![judged]);
        }
        Target::Rule
        | Target::Exception(_)
        | Target::Notice
        | Target::Announcement
        | Target::NewRule
        | Target::NewException
        | Target::NewChase
        | Target::NewAnnouncement => notices::notices(world, case, &mut ready),
        Target::Account(act) => {
            let standing = Standing {
                status: if row.ends("/activate") { AccountStatus::Suspended } else { AccountStatus::Active },
                ..Standing::default()
            };
            let whose = if case.own { who.clone() } else { world.person_at(place, &case.theirs, standing) };
            let judged = match world.oracle(&who.held).at(row.permission(), &whose.home) {
                Allowed if matches!(act, Read(_)) => Allowed,
                Allowed if case.own => OwnAccount,
                // Whoever changes an account could act with all that it holds.
                Allowed => world.oracle(&who.held).manages(&whose.held),
                judged => judged,
            };
            if row.ends("/reset-password") {
                // No account has two passwords of one instant.
                world.app.edge.advance(1);
            }
            upon(&mut ready, whose.account, act, vec![judged]);
        }
        Target::Grant(act) => {
            let held = [&[Held::new(case.role, place)], case.theirs.as_slice()].concat();
            let whose = if case.own { who.clone() } else { world.person(&held) };
            let Held { role, point, .. } = &whose.held[0];
            let judged = match world.oracle(&who.held).at(row.permission(), point) {
                Allowed if matches!(act, Read(_)) => Allowed,
                Allowed if case.own => OwnAccount,
                // A grant is given and taken by itself, whatever else the account holds elsewhere.
                Allowed => world.oracle(&who.held).gives(*role, point),
                judged => judged,
            };
            upon(&mut ready, whose.grants[0], act, vec![judged]);
        }
        Target::NewPoint
        | Target::NewHousehold
        | Target::NewRequest
        | Target::NewRecord
        | Target::NewBatch
        | Target::NewAccount
        | Target::NewGrant
        | Target::NewExplanation => create::create(world, case, &mut ready).await,
    }
    ready
}

/// Points a request at an item, at its first version.
fn upon(ready: &mut Prepared, id: Id, act: Act, expected: Vec<Verdict>) {
    ready.path = ready.path.replace("{id}", &id.to_string());
    ready.expected = expected;
    ready.end = End::Is(200);
    let body = |body: &str| (!body.is_empty()).then(|| serde_json::from_str(body).unwrap());
    match act {
        Read(query) => ready.path.push_str(query),
        Ask(asked) => ready.body = body(asked),
        Change(change) => (ready.version, ready.body) = (Some(1), body(change)),
    }
}

/// What is wrong, all of it at once: one mistake in the policy shows as a pattern.
#[derive(Default)]
pub struct Findings {
    calls: usize,
    wrong: Vec<String>,
}

impl Findings {
    /// Notes how a call went.
    pub fn add(&mut self, words: &str, row: &Row, outcome: Result<(), String>) {
        self.calls += 1;
        if let Err(fault) = outcome {
            self.wrong.push(format!("{words}: {} {}: {fault}", row.method, row.path));
        }
    }

    /// Fails the test unless every call went well.
    #[track_caller]
    pub fn none(self) {
        let shown: Vec<&str> = self.wrong.iter().take(40).map(String::as_str).collect();
        assert!(shown.is_empty(), "{} of {} calls are wrong:\n{}", self.wrong.len(), self.calls, shown.join("\n"));
    }
}
