//! `/assistance-records`.

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::{Changed, Created, Identified, Item, List, Versioned},
    endpoint::{Endpoint, Heading, endpoint},
    extract::{Body, IfMatch, Pages, PathId},
    page::{self, Filters},
    problem::Problem,
};
use crate::{
    app::{
        assistance_records::{self as app, Assistance, CorrectAssistance, LogAssistance},
        input::LONGEST_WINDOW_DAYS,
        ledger::{self, VoidEntry},
    },
    auth::{Authorized, can},
    db::{
        Cost,
        assistance_records::{AssistanceRecord, Filter},
        record_versions::RecordVersion,
    },
    domain::{Day, Id, Instant, Text, codes::RecordState},
    error::Result,
};

const PATH: &str = "/api/v1/assistance-records";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "assistance-records", id, summary };
    vec![
        endpoint(
            Method::GET,
            PATH,
            heading("list_assistance_records", "List records in a window of days, newest first."),
            list,
        ),
        endpoint(Method::POST, PATH, heading("log_assistance", "Log assistance given to a household."), log),
        endpoint(
            Method::GET,
            "/api/v1/assistance-records/{id}",
            heading("get_assistance_record", "Show a record."),
            get,
        ),
        endpoint(
            Method::PATCH,
            "/api/v1/assistance-records/{id}",
            heading("correct_assistance_record", "Correct a record; what it said is kept."),
            correct,
        ),
        endpoint(
            Method::GET,
            "/api/v1/assistance-records/{id}/versions",
            heading("list_record_versions", "List everything that a record has said, the first version first."),
            list_versions,
        ),
        endpoint(
            Method::GET,
            "/api/v1/households/{id}/records",
            heading(
                "list_household_records",
                "List the records given to a household, whoever gave them, newest first.",
            ),
            of_household,
        ),
        endpoint(
            Method::POST,
            "/api/v1/assistance-records/{id}/void",
            heading("void_assistance_record", "Take a record back; it counts nowhere any more."),
            void,
        ),
    ]
}

/// One service given to one household on one day by one point.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistanceRecord)]
pub struct AssistanceRecordAnswer {
    /// The record.
    pub id: Id,
    /// To whom.
    pub household_id: Id,
    /// To which of its members, if to one.
    pub member_id: Option<Id>,
    /// By which point; null where it lies outside the caller's scope.
    pub service_point_id: Option<Id>,
    /// A code of the list `assistance_kind`.
    pub kind: String,
    /// A code of the list `assistance_subkind`.
    pub subkind: Option<String>,
    /// On which day.
    pub given_on: Day,
    /// How much.
    pub quantity: i64,
    /// Of what: a code of the list `quantity_unit`.
    pub unit: Option<String>,
    /// What it was worth, in fen.
    pub amount_fen: Option<i64>,
    /// Whatever else is to be known.
    pub note: Option<String>,
    /// Whether it counts.
    pub state: RecordState,
    /// Why it was voided.
    pub void_reason: Option<String>,
    /// The account that logged it.
    pub logged_by: Id,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was logged.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl AssistanceRecordAnswer {
    /// A record whose giver may lie outside the caller's scope.
    pub(super) fn seen(record: AssistanceRecord, giver: Option<Id>) -> Self {
        Self { service_point_id: giver, ..record.into() }
    }
}

impl From<AssistanceRecord> for AssistanceRecordAnswer {
    fn from(record: AssistanceRecord) -> Self {
        Self {
            id: record.id,
            household_id: record.household_id,
            member_id: record.member_id,
            service_point_id: Some(record.service_point_id),
            kind: record.kind,
            subkind: record.subkind,
            given_on: record.given_on,
            quantity: record.quantity,
            unit: record.unit,
            amount_fen: record.amount_fen,
            note: record.note,
            state: record.state,
            void_reason: record.void_reason,
            logged_by: record.created_by,
            version: record.version,
            created_at: record.created_at,
            updated_at: record.updated_at,
        }
    }
}

/// What a record said in one of its versions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistanceRecordVersion)]
pub struct VersionAnswer {
    /// Which version.
    pub version: i64,
    /// To which of the household's members, if to one.
    pub member_id: Option<Id>,
    /// A code of the list `assistance_kind`.
    pub kind: String,
    /// A code of the list `assistance_subkind`.
    pub subkind: Option<String>,
    /// On which day.
    pub given_on: Day,
    /// How much.
    pub quantity: i64,
    /// Of what: a code of the list `quantity_unit`.
    pub unit: Option<String>,
    /// What it was worth, in fen.
    pub amount_fen: Option<i64>,
    /// Whatever else is to be known.
    pub note: Option<String>,
    /// Whether it counted.
    pub state: RecordState,
    /// Why this version was made; null for the first.
    pub reason: Option<String>,
    /// The account that made it.
    pub changed_by: Id,
    /// When it was made.
    pub changed_at: Instant,
}

/// Every version of a record: those that were replaced, and the present one. Each was made when the one before it was
/// replaced.
pub(super) fn versions(record: &AssistanceRecord, replaced: Vec<RecordVersion>) -> Vec<VersionAnswer> {
    let present = RecordVersion::of(record, "", record.created_by, record.updated_at);
    let mut made = (None, record.created_by, record.created_at);
    let mut answers = Vec::with_capacity(replaced.len() + 1);
    for version in replaced.into_iter().chain([present]) {
        let (reason, changed_by, changed_at) = made;
        made = (Some(version.replaced_reason), version.replaced_by, version.replaced_at);
        answers.push(VersionAnswer {
            version: version.version,
            member_id: version.member_id,
            kind: version.kind,
            subkind: version.subkind,
            given_on: version.given_on,
            quantity: version.quantity,
            unit: version.unit,
            amount_fen: version.amount_fen,
            note: version.note,
            state: version.state,
            reason,
            changed_by,
            changed_at,
        });
    }
    answers
}

impl Versioned for AssistanceRecordAnswer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Identified for AssistanceRecordAnswer {
    fn id(&self) -> Id {
        self.id
    }
}

/// What a list of records is narrowed to.
#[derive(Clone, Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct RecordsFilters {
    /// The first day; the first of the last day's month when nothing is said.
    from: Option<Day>,
    /// The last day; today when nothing is said. At most 366 days together.
    to: Option<Day>,
    /// Given by points in the subtree of this one only.
    service_point_id: Option<Id>,
    /// Given to this household only.
    household_id: Option<Id>,
    /// This kind only.
    kind: Option<Text>,
    /// This subkind only.
    subkind: Option<Text>,
    /// This state only.
    #[param(inline)]
    state: Option<RecordState>,
}

impl Filters for RecordsFilters {
    const NAME: &'static str = "assistance-records";
}

/// What a list of a household's records is narrowed to.
#[derive(Clone, Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct HouseholdRecordsFilters {
    /// The first day; a year before the last one when nothing is said.
    from: Option<Day>,
    /// The last day; today when nothing is said. At most 366 days together.
    to: Option<Day>,
    /// This kind only.
    kind: Option<Text>,
    /// This state only.
    #[param(inline)]
    state: Option<RecordState>,
}

impl Filters for HouseholdRecordsFilters {
    const NAME: &'static str = "households/records";
}

/// The list that a cursor of a household's records belongs to.
#[derive(Serialize)]
struct RecordsOf(Id, HouseholdRecordsFilters);

impl Filters for RecordsOf {
    const NAME: &'static str = HouseholdRecordsFilters::NAME;
}

async fn list(
    access: Authorized<can::ReadHouseholds>,
    pages: Pages<RecordsFilters>,
) -> Result<List<AssistanceRecordAnswer>, Problem> {
    let page = access.read(Cost::Slow, pages, |tx, listing| {
        // The defaults belong to the cursor too: tomorrow they would be others.
        let asked = &listing.filters;
        let to = asked.to.unwrap_or(tx.today());
        let from = asked.from.unwrap_or(to.month().first_day());
        let listing = &listing.with(RecordsFilters { from: Some(from), to: Some(to), ..asked.clone() });
        let filter = Filter {
            from,
            to,
            household_id: asked.household_id,
            kind: asked.kind.as_ref().map(ToString::to_string),
            subkind: asked.subkind.as_ref().map(ToString::to_string),
            state: asked.state,
        };
        let want = page::want(tx, listing)?;
        let found = app::list(tx, listing.filters.service_point_id, &filter, &want)?;
        page::list(tx, listing, found, |record| (record.given_on, record.id), |record| Ok(record.into()))
    });
    Ok(page.await?)
}

async fn log(
    access: Authorized<can::LogAssistance>,
    body: Body<LogAssistance>,
) -> Result<Created<AssistanceRecordAnswer>, Problem> {
    let made =
        access.write(body, |tx, request| ledger::log::<Assistance>(tx, request)?.map(|record| Ok(record.into())));
    Ok(Created(made.await?, PATH))
}

async fn get(access: Authorized<can::ReadHouseholds>, id: PathId) -> Result<Item<AssistanceRecordAnswer>, Problem> {
    Ok(Item(access.read(Cost::Quick, id, |tx, id| app::get(tx, *id)).await?.into()))
}

async fn void(
    access: Authorized<can::LogAssistance>,
    id: PathId,
    version: IfMatch,
    body: Body<VoidEntry>,
) -> Result<Changed<AssistanceRecordAnswer>, Problem> {
    let record = access.write((id, version, body), |tx, (id, version, request)| {
        ledger::void::<Assistance>(tx, *id, *version, request)
    });
    Ok(Changed(record.await?.into()))
}

async fn correct(
    access: Authorized<can::LogAssistance>,
    id: PathId,
    version: IfMatch,
    body: Body<CorrectAssistance>,
) -> Result<Changed<AssistanceRecordAnswer>, Problem> {
    let record = access.write((id, version, body), |tx, (id, version, request)| {
        ledger::correct::<Assistance>(tx, *id, *version, request)
    });
    Ok(Changed(record.await?.into()))
}

async fn list_versions(access: Authorized<can::ReadHouseholds>, id: PathId) -> Result<List<VersionAnswer>, Problem> {
    let (record, replaced) = access.read(Cost::Quick, id, |tx, id| app::versions(tx, *id)).await?;
    Ok(List { items: versions(&record, replaced), next_cursor: None, count: None })
}

async fn of_household(
    access: Authorized<can::ReadHouseholds>,
    id: PathId,
    pages: Pages<HouseholdRecordsFilters>,
) -> Result<List<AssistanceRecordAnswer>, Problem> {
    let page = access.read(Cost::Quick, (id, pages), |tx, (id, listing)| {
        let asked = &listing.filters;
        let to = asked.to.unwrap_or(tx.today());
        let from = asked.from.unwrap_or(to.minus_days(LONGEST_WINDOW_DAYS.unsigned_abs() - 1));
        let defaults = HouseholdRecordsFilters { from: Some(from), to: Some(to), ..asked.clone() };
        let filter = Filter {
            from,
            to,
            household_id: Some(*id),
            kind: asked.kind.as_ref().map(ToString::to_string),
            subkind: None,
            state: asked.state,
        };
        let listing = &listing.with(RecordsOf(*id, defaults));
        let want = page::want(tx, listing)?;
        let found = app::of_household(tx, *id, &filter, &want)?;
        page::list(
            tx,
            listing,
            found,
            |(record, _)| (record.given_on, record.id),
            |(record, in_scope)| {
                let giver = Some(record.service_point_id).filter(|_| in_scope);
                Ok(AssistanceRecordAnswer::seen(record, giver))
            },
        )
    });
    Ok(page.await?)
}
