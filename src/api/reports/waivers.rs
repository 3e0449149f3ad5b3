//! `/report-waivers`: children whose reports are not waited for.

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        answer::{Changed, Created, Identified, Item, List, Versioned},
        endpoint::{Endpoint, Heading, endpoint},
        extract::{Body, IfMatch, Pages, PathId},
        page::{self, Filters},
        problem::Problem,
    },
    app::reports::{self as app, WaiveReport},
    auth::{Authorized, can},
    db::{Cost, reports::Waiver},
    domain::{Id, Instant, Month},
    error::Result,
};

const PATH: &str = "/api/v1/report-waivers";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "reports", id, summary };
    vec![
        endpoint(Method::GET, PATH, heading("list_report_waivers", "List children that are not waited for."), list),
        endpoint(
            Method::POST,
            PATH,
            heading("waive_report", "Go without the report of a child, with a reason."),
            waive,
        ),
        endpoint(Method::GET, "/api/v1/report-waivers/{id}", heading("get_report_waiver", "Show a waiver."), get),
        endpoint(
            Method::POST,
            "/api/v1/report-waivers/{id}/revoke",
            heading("revoke_report_waiver", "Wait for the report of a child again."),
            revoke,
        ),
    ]
}

/// A child whose report for a month is not waited for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportWaiver)]
pub struct WaiverAnswer {
    /// The waiver.
    pub id: Id,
    /// The child.
    pub service_point_id: Id,
    /// The month.
    pub month: Month,
    /// Why.
    pub reason: String,
    /// When it was taken back.
    pub revoked_at: Option<Instant>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl From<Waiver> for WaiverAnswer {
    fn from(waiver: Waiver) -> Self {
        let Waiver { id, service_point_id, month, reason, revoked_at, version, created_at, updated_at, .. } = waiver;
        Self { id, service_point_id, month, reason, revoked_at, version, created_at, updated_at }
    }
}

impl Versioned for WaiverAnswer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Identified for WaiverAnswer {
    fn id(&self) -> Id {
        self.id
    }
}

/// What a list of waivers is narrowed to.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct WaiversFilters {
    /// Points in the subtree of this point only.
    service_point_id: Option<Id>,
    /// This month only.
    #[param(inline)]
    month: Option<Month>,
}

impl Filters for WaiversFilters {
    const NAME: &'static str = "report-waivers";
}

async fn list(
    access: Authorized<can::ReadReports>,
    pages: Pages<WaiversFilters>,
) -> Result<List<WaiverAnswer>, Problem> {
    let page = access.read(Cost::Slow, pages, |tx, listing| {
        let want = page::want(tx, listing)?;
        let found = app::list_waivers(tx, listing.filters.service_point_id, listing.filters.month, &want)?;
        page::list(tx, listing, found, |waiver| waiver.id, |waiver| Ok(waiver.into()))
    });
    Ok(page.await?)
}

async fn waive(
    access: Authorized<can::WaiveReports>,
    body: Body<WaiveReport>,
) -> Result<Created<WaiverAnswer>, Problem> {
    let made = access.write(body, |tx, asked| app::waive(tx, asked)?.map(|waiver| Ok(waiver.into())));
    Ok(Created(made.await?, PATH))
}

async fn get(access: Authorized<can::ReadReports>, id: PathId) -> Result<Item<WaiverAnswer>, Problem> {
    Ok(Item(access.read(Cost::Quick, id, |tx, id| app::get_waiver(tx, *id)).await?.into()))
}

async fn revoke(
    access: Authorized<can::WaiveReports>,
    id: PathId,
    version: IfMatch,
) -> Result<Changed<WaiverAnswer>, Problem> {
    let waiver = access.write((id, version), |tx, (id, version)| app::revoke_waiver(tx, *id, *version));
    Ok(Changed(waiver.await?.into()))
}
