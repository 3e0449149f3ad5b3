//! `/period-exceptions`: leave for late entries.

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
    app::period_exceptions::{self as app, ExceptPeriod},
    auth::{Authorized, can},
    db::{Cost, period_exceptions::PeriodException},
    domain::{Day, Id, Instant, Month},
    error::Result,
};

const PATH: &str = "/api/v1/period-exceptions";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "settings", id, summary };
    vec![
        endpoint(Method::GET, PATH, heading("list_period_exceptions", "List leave for late entries."), list),
        endpoint(
            Method::POST,
            PATH,
            heading(
                "grant_period_exception",
                "Let a child and what is below it make entries for a locked month, until a day.",
            ),
            grant,
        ),
        endpoint(
            Method::GET,
            "/api/v1/period-exceptions/{id}",
            heading("get_period_exception", "Show leave for late entries."),
            get,
        ),
        endpoint(
            Method::POST,
            "/api/v1/period-exceptions/{id}/revoke",
            heading("revoke_period_exception", "Take leave for late entries back."),
            revoke,
        ),
    ]
}

/// Leave for late entries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PeriodException)]
pub struct ExceptionAnswer {
    /// The leave.
    pub id: Id,
    /// For which point, and what is below it.
    pub service_point_id: Id,
    /// For which month.
    pub month: Month,
    /// The last day on which entries are taken.
    pub until_day: Day,
    /// Why.
    pub reason: String,
    /// When it was taken back.
    pub revoked_at: Option<Instant>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was given.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl From<PeriodException> for ExceptionAnswer {
    fn from(exception: PeriodException) -> Self {
        let PeriodException {
            id,
            service_point_id,
            month,
            until_day,
            reason,
            revoked_at,
            version,
            created_at,
            updated_at,
            ..
        } = exception;
        Self { id, service_point_id, month, until_day, reason, revoked_at, version, created_at, updated_at }
    }
}

impl Versioned for ExceptionAnswer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Identified for ExceptionAnswer {
    fn id(&self) -> Id {
        self.id
    }
}

/// What a list of leaves is narrowed to.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ExceptionsFilters {
    /// Points in the subtree of this point only.
    service_point_id: Option<Id>,
    /// This month only.
    #[param(inline)]
    month: Option<Month>,
}

impl Filters for ExceptionsFilters {
    const NAME: &'static str = "period-exceptions";
}

async fn list(
    access: Authorized<can::ReadReports>,
    pages: Pages<ExceptionsFilters>,
) -> Result<List<ExceptionAnswer>, Problem> {
    let page = access.read(Cost::Slow, pages, |tx, listing| {
        let want = page::want(tx, listing)?;
        let found = app::list(tx, listing.filters.service_point_id, listing.filters.month, &want)?;
        page::list(tx, listing, found, |exception| exception.id, |exception| Ok(exception.into()))
    });
    Ok(page.await?)
}

async fn grant(
    access: Authorized<can::ExceptPeriods>,
    body: Body<ExceptPeriod>,
) -> Result<Created<ExceptionAnswer>, Problem> {
    let made = access.write(body, |tx, asked| app::grant(tx, asked)?.map(|exception| Ok(exception.into())));
    Ok(Created(made.await?, PATH))
}

async fn get(access: Authorized<can::ReadReports>, id: PathId) -> Result<Item<ExceptionAnswer>, Problem> {
    Ok(Item(access.read(Cost::Quick, id, |tx, id| app::get(tx, *id)).await?.into()))
}

async fn revoke(
    access: Authorized<can::ExceptPeriods>,
    id: PathId,
    version: IfMatch,
) -> Result<Changed<ExceptionAnswer>, Problem> {
    let exception = access.write((id, version), |tx, (id, version)| app::revoke(tx, *id, *version));
    Ok(Changed(exception.await?.into()))
}
