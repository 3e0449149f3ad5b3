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
    app::assistance_records::{self as app, LogAssistance, VoidAssistance},
    auth::{Authorized, can},
    db::{
        Cost,
        assistance_records::{AssistanceRecord, Filter},
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
    /// By which point.
    pub service_point_id: Id,
    /// A code of the list `assistance_kind`.
    pub kind: String,
    /// On which day.
    pub given_on: Day,
    /// How much, in the kind's unit.
    pub quantity: i64,
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

impl From<AssistanceRecord> for AssistanceRecordAnswer {
    fn from(record: AssistanceRecord) -> Self {
        Self {
            id: record.id,
            household_id: record.household_id,
            service_point_id: record.service_point_id,
            kind: record.kind,
            given_on: record.given_on,
            quantity: record.quantity,
            state: record.state,
            void_reason: record.void_reason,
            logged_by: record.created_by,
            version: record.version,
            created_at: record.created_at,
            updated_at: record.updated_at,
        }
    }
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
    /// This state only.
    #[param(inline)]
    state: Option<RecordState>,
}

impl Filters for RecordsFilters {
    const NAME: &'static str = "assistance-records";
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
    let made = access.write(body, |tx, request| app::log(tx, request)?.map(|record| Ok(record.into())));
    Ok(Created(made.await?, PATH))
}

async fn get(access: Authorized<can::ReadHouseholds>, id: PathId) -> Result<Item<AssistanceRecordAnswer>, Problem> {
    Ok(Item(access.read(Cost::Quick, id, |tx, id| app::get(tx, *id)).await?.into()))
}

async fn void(
    access: Authorized<can::LogAssistance>,
    id: PathId,
    version: IfMatch,
    body: Body<VoidAssistance>,
) -> Result<Changed<AssistanceRecordAnswer>, Problem> {
    let record = access.write((id, version, body), |tx, (id, version, request)| app::void(tx, *id, *version, request));
    Ok(Changed(record.await?.into()))
}
