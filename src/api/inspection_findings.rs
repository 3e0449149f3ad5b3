//! `/inspection-findings`.

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
        households::Reason,
        inspection_findings::{self as app, MakeFinding},
    },
    auth::{Authorized, can},
    db::{
        Cost,
        inspection_findings::{Filter, Finding},
    },
    domain::{Id, Instant, Month, codes::FindingState},
    error::Result,
};

const PATH: &str = "/api/v1/inspection-findings";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "inspections", id, summary };
    vec![
        endpoint(Method::GET, PATH, heading("list_inspection_findings", "List findings."), list),
        endpoint(
            Method::POST,
            PATH,
            heading("make_inspection_finding", "Ask that the report which counts a wrong record go back."),
            make,
        ),
        endpoint(
            Method::GET,
            "/api/v1/inspection-findings/{id}",
            heading("get_inspection_finding", "Show a finding."),
            get,
        ),
        endpoint(
            Method::POST,
            "/api/v1/inspection-findings/{id}/accept",
            heading("accept_inspection_finding", "Decide that the report is to go back."),
            accept,
        ),
        endpoint(
            Method::POST,
            "/api/v1/inspection-findings/{id}/dismiss",
            heading("dismiss_inspection_finding", "Decide that the report stays."),
            dismiss,
        ),
    ]
}

/// A finding: that the report of a point and month is to go back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InspectionFinding)]
pub struct FindingAnswer {
    /// The finding.
    pub id: Id,
    /// Of which inspection.
    pub inspection_id: Id,
    /// What it was found in.
    pub item_id: Id,
    /// The point whose report is to go back.
    pub service_point_id: Id,
    /// The month of that report.
    pub period: Option<Month>,
    /// Why.
    pub reason: String,
    /// Whether it was decided, and how.
    pub state: FindingState,
    /// Why it was decided so.
    pub decision_reason: Option<String>,
    /// The account that decided.
    pub decided_by: Option<Id>,
    /// When.
    pub decided_at: Option<Instant>,
    /// The account that made it.
    pub made_by: Id,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl From<Finding> for FindingAnswer {
    fn from(finding: Finding) -> Self {
        Self {
            id: finding.id,
            inspection_id: finding.inspection_id,
            item_id: finding.item_id,
            service_point_id: finding.service_point_id,
            period: Month::from_key(finding.period),
            reason: finding.reason,
            state: finding.state,
            decision_reason: finding.decision_reason,
            decided_by: finding.decided_by,
            decided_at: finding.decided_at,
            made_by: finding.created_by,
            version: finding.version,
            created_at: finding.created_at,
            updated_at: finding.updated_at,
        }
    }
}

impl Versioned for FindingAnswer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Identified for FindingAnswer {
    fn id(&self) -> Id {
        self.id
    }
}

/// What a list of findings is narrowed to.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct FindingsFilters {
    /// Of this inspection only.
    inspection_id: Option<Id>,
    /// About points in the subtree of this one only.
    service_point_id: Option<Id>,
    /// This state only.
    #[param(inline)]
    state: Option<FindingState>,
}

impl Filters for FindingsFilters {
    const NAME: &'static str = "inspection-findings";
}

async fn list(
    access: Authorized<can::ReadInspections>,
    pages: Pages<FindingsFilters>,
) -> Result<List<FindingAnswer>, Problem> {
    let page = access.read(Cost::Slow, pages, |tx, listing| {
        let want = page::want(tx, listing)?;
        let filter = Filter { inspection_id: listing.filters.inspection_id, state: listing.filters.state };
        let found = app::list(tx, listing.filters.service_point_id, &filter, &want)?;
        page::list(tx, listing, found, |finding| finding.id, |finding| Ok(finding.into()))
    });
    Ok(page.await?)
}

async fn make(
    access: Authorized<can::DrawInspections>,
    body: Body<MakeFinding>,
) -> Result<Created<FindingAnswer>, Problem> {
    let made = access.write(body, |tx, request| app::make(tx, request)?.map(|finding| Ok(finding.into())));
    Ok(Created(made.await?, PATH))
}

async fn get(access: Authorized<can::ReadInspections>, id: PathId) -> Result<Item<FindingAnswer>, Problem> {
    Ok(Item(access.read(Cost::Quick, id, |tx, id| app::get(tx, *id)).await?.into()))
}

async fn accept(
    access: Authorized<can::DecideFindings>,
    id: PathId,
    version: IfMatch,
    body: Body<Reason>,
) -> Result<Changed<FindingAnswer>, Problem> {
    let finding = access.write((id, version, body), |tx, (id, version, request)| {
        app::decide(tx, *id, *version, (FindingState::Accepted, request))
    });
    Ok(Changed(finding.await?.into()))
}

async fn dismiss(
    access: Authorized<can::DecideFindings>,
    id: PathId,
    version: IfMatch,
    body: Body<Reason>,
) -> Result<Changed<FindingAnswer>, Problem> {
    let finding = access.write((id, version, body), |tx, (id, version, request)| {
        app::decide(tx, *id, *version, (FindingState::Dismissed, request))
    });
    Ok(Changed(finding.await?.into()))
}
