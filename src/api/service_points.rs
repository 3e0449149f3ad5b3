//! `/service-points`: the tree.

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
    app::service_points::{self as app, CloseServicePoint, EditServicePoint, MoveServicePoint, OpenServicePoint},
    auth::{Authorized, Permission, Tx, can},
    db::{
        Cost,
        service_points::{Filter, ServicePoint},
    },
    domain::{
        Day, Id, Instant, PointPath, Text,
        codes::{PointStatus, Tier, VillageKind},
        region,
    },
    error::Result,
};

const PATH: &str = "/api/v1/service-points";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "service-points", id, summary };
    vec![
        endpoint(Method::GET, PATH, heading("list_service_points", "List and search points."), list),
        endpoint(Method::POST, PATH, heading("open_service_point", "Open a point."), open),
        endpoint(Method::GET, "/api/v1/service-points/{id}", heading("get_service_point", "Show a point."), get),
        endpoint(Method::PATCH, "/api/v1/service-points/{id}", heading("edit_service_point", "Edit a point."), edit),
        endpoint(
            Method::GET,
            "/api/v1/service-points/{id}/children",
            heading("list_children", "List the points just below a point."),
            children,
        ),
        endpoint(
            Method::GET,
            "/api/v1/service-points/{id}/ancestors",
            heading("list_ancestors", "List the points above a point, root first, as far as they are in scope."),
            ancestors,
        ),
        endpoint(
            Method::GET,
            "/api/v1/service-points/{id}/history",
            heading("list_parents", "List every parent that a point has had."),
            history,
        ),
        endpoint(
            Method::POST,
            "/api/v1/service-points/{id}/activate",
            heading("activate_service_point", "Put a planned or suspended point to work."),
            activate,
        ),
        endpoint(
            Method::POST,
            "/api/v1/service-points/{id}/suspend",
            heading("suspend_service_point", "Pause a point."),
            suspend,
        ),
        endpoint(
            Method::POST,
            "/api/v1/service-points/{id}/close",
            heading("close_service_point", "End a point's life."),
            close,
        ),
        endpoint(
            Method::POST,
            "/api/v1/service-points/{id}/move",
            heading("move_service_point", "Hang a point with everything below it under another parent."),
            relocate,
        ),
    ]
}

/// A service point.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServicePoint)]
pub struct ServicePointAnswer {
    /// The point.
    pub id: Id,
    /// The point above; null for the root, and where it lies outside the caller's scope.
    pub parent_id: Option<Id>,
    /// The tier.
    pub tier: Tier,
    /// The 12-digit region code.
    pub region_code: Option<String>,
    /// The name.
    pub name: String,
    /// What kind of village, from the region code.
    pub village_kind: Option<VillageKind>,
    /// Where it is in its life.
    pub status: PointStatus,
    /// The first day of its life.
    pub opened_on: Day,
    /// The last day of its life.
    pub closed_on: Option<Day>,
    /// Where it is found.
    pub address: Option<String>,
    /// Degrees east, times a million.
    pub longitude_e6: Option<i32>,
    /// Degrees north, times a million.
    pub latitude_e6: Option<i32>,
    /// Whom to ask for.
    pub contact_name: Option<String>,
    /// The contact's telephone number.
    pub contact_phone: Option<String>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was opened in the system.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Versioned for ServicePointAnswer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Identified for ServicePointAnswer {
    fn id(&self) -> Id {
        self.id
    }
}

fn answer<P: Permission>(tx: &Tx<'_, P>, point: ServicePoint) -> Result<ServicePointAnswer> {
    let scope = tx.actor().scope();
    let in_scope = point.path.parent().is_some_and(|parent| scope.covers(&parent));
    Ok(ServicePointAnswer {
        contact_phone: app::contact_phone_of(tx, &point)?,
        id: point.id,
        parent_id: point.parent_id.filter(|_| in_scope),
        tier: point.tier,
        village_kind: region::village_kind(point.tier, point.region_code.as_deref()),
        region_code: point.region_code,
        name: point.name,
        status: point.status,
        opened_on: point.opened_on,
        closed_on: point.closed_on,
        address: point.address,
        longitude_e6: point.longitude_e6,
        latitude_e6: point.latitude_e6,
        contact_name: point.contact_name,
        version: point.version,
        created_at: point.created_at,
        updated_at: point.updated_at,
    })
}

/// What a list of points is narrowed to.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct PointsFilters {
    /// The beginning of a name, of its pinyin or initials, or of a region code.
    #[param(max_length = 100)]
    q: Option<Text>,
    /// The children of this point only.
    parent_id: Option<Id>,
    /// This tier only.
    #[param(inline)]
    tier: Option<Tier>,
    /// This state only.
    #[param(inline)]
    status: Option<PointStatus>,
}

impl Filters for PointsFilters {
    const NAME: &'static str = "service-points";
    const COUNTS: bool = true;
}

/// A page of children is narrowed by nothing more.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ChildrenFilters {}

impl Filters for ChildrenFilters {
    const NAME: &'static str = "service-points/children";
}

/// The list that a cursor of children belongs to.
#[derive(Serialize)]
struct ChildrenOf(Id);

impl Filters for ChildrenOf {
    const NAME: &'static str = ChildrenFilters::NAME;
}

/// A span of time under one parent.
#[derive(Debug, Serialize, ToSchema)]
struct ParentSpan {
    /// The parent; null where it lies outside the caller's scope.
    parent_id: Option<Id>,
    /// The first day under it.
    valid_from: Day,
    /// The first day under the next one; null for the present parent.
    valid_to: Option<Day>,
}

async fn list(
    access: Authorized<can::ReadPoints>,
    pages: Pages<PointsFilters>,
) -> Result<List<ServicePointAnswer>, Problem> {
    let page = access.read(Cost::Slow, pages, |tx, listing| {
        let filter = Filter {
            parent_id: listing.filters.parent_id,
            prefix: listing.filters.q.as_deref().and_then(app::search_prefix),
            tier: listing.filters.tier,
            status: listing.filters.status,
        };
        let want = page::want(tx, listing)?;
        let found = app::list(tx, &filter, &want)?;
        page::list(tx, listing, found, |point| point.path.clone(), |point| answer(tx, point))
    });
    Ok(page.await?)
}

async fn open(
    access: Authorized<can::ManagePoints>,
    body: Body<OpenServicePoint>,
) -> Result<Created<ServicePointAnswer>, Problem> {
    let made = access.write(body, |tx, request| app::open(tx, request)?.map(|point| answer(tx, point)));
    Ok(Created(made.await?, PATH))
}

async fn get(access: Authorized<can::ReadPoints>, id: PathId) -> Result<Item<ServicePointAnswer>, Problem> {
    let point = access.read(Cost::Quick, id, |tx, id| {
        let point = app::get(tx, *id)?;
        answer(tx, point)
    });
    Ok(Item(point.await?))
}

async fn edit(
    access: Authorized<can::ManagePoints>,
    id: PathId,
    version: IfMatch,
    body: Body<EditServicePoint>,
) -> Result<Changed<ServicePointAnswer>, Problem> {
    let point = access.write((id, version, body), |tx, (id, version, request)| {
        let point = app::edit(tx, *id, *version, request)?;
        answer(tx, point)
    });
    Ok(Changed(point.await?))
}

async fn children(
    access: Authorized<can::ReadPoints>,
    id: PathId,
    pages: Pages<ChildrenFilters>,
) -> Result<List<ServicePointAnswer>, Problem> {
    let page = access.read(Cost::Quick, (id, pages), |tx, (id, listing)| {
        let listing = listing.with(ChildrenOf(*id));
        let want = page::want::<_, _, PointPath>(tx, &listing)?;
        let found = app::children(tx, *id, &want)?;
        page::list(tx, &listing, found, |point| point.path.clone(), |point| answer(tx, point))
    });
    Ok(page.await?)
}

async fn ancestors(access: Authorized<can::ReadPoints>, id: PathId) -> Result<List<ServicePointAnswer>, Problem> {
    let page = access.read(Cost::Quick, id, |tx, id| {
        let points = app::ancestors(tx, *id)?;
        let items = points.into_iter().map(|point| answer(tx, point)).collect::<Result<_>>()?;
        Ok(List { items, next_cursor: None, count: None })
    });
    Ok(page.await?)
}

async fn history(access: Authorized<can::ReadPoints>, id: PathId) -> Result<List<ParentSpan>, Problem> {
    let page = access.read(Cost::Quick, id, |tx, id| {
        let span = |(span, parent_id): (crate::db::service_points::ParentSpan, _)| ParentSpan {
            parent_id,
            valid_from: span.valid_from,
            valid_to: span.valid_to,
        };
        let items = app::history(tx, *id)?.into_iter().map(span).collect();
        Ok(List { items, next_cursor: None, count: None })
    });
    Ok(page.await?)
}

async fn activate(
    access: Authorized<can::ManagePoints>,
    id: PathId,
    version: IfMatch,
) -> Result<Changed<ServicePointAnswer>, Problem> {
    let point = access.write((id, version), |tx, (id, version)| {
        let point = app::activate(tx, *id, *version)?;
        answer(tx, point)
    });
    Ok(Changed(point.await?))
}

async fn suspend(
    access: Authorized<can::ManagePoints>,
    id: PathId,
    version: IfMatch,
) -> Result<Changed<ServicePointAnswer>, Problem> {
    let point = access.write((id, version), |tx, (id, version)| {
        let point = app::suspend(tx, *id, *version)?;
        answer(tx, point)
    });
    Ok(Changed(point.await?))
}

async fn close(
    access: Authorized<can::ManagePoints>,
    id: PathId,
    version: IfMatch,
    body: Body<CloseServicePoint>,
) -> Result<Changed<ServicePointAnswer>, Problem> {
    let point = access.write((id, version, body), |tx, (id, version, request)| {
        let point = app::close(tx, *id, *version, request)?;
        answer(tx, point)
    });
    Ok(Changed(point.await?))
}

async fn relocate(
    access: Authorized<can::ManagePoints>,
    id: PathId,
    version: IfMatch,
    body: Body<MoveServicePoint>,
) -> Result<Changed<ServicePointAnswer>, Problem> {
    let point = access.write((id, version, body), |tx, (id, version, request)| {
        let point = app::relocate(tx, *id, *version, request)?;
        answer(tx, point)
    });
    Ok(Changed(point.await?))
}
