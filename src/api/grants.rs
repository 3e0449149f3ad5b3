//! `/grants`.

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
    app::grants::{self as app, Give},
    auth::{Authorized, can},
    db::{Cost, grants::Grant},
    domain::{Day, Id, Instant, codes::Role},
    error::Result,
};

const PATH: &str = "/api/v1/grants";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "grants", id, summary };
    vec![
        endpoint(Method::GET, PATH, heading("list_grants", "List grants."), list),
        endpoint(Method::POST, PATH, heading("give_grant", "Give an account a role at a service point."), give),
        endpoint(Method::GET, "/api/v1/grants/{id}", heading("get_grant", "Show a grant."), get),
        endpoint(
            Method::POST,
            "/api/v1/grants/{id}/revoke",
            heading("revoke_grant", "Take a grant back, from the next request on."),
            revoke,
        ),
    ]
}

/// A role at a service point.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Grant)]
pub struct GrantAnswer {
    /// The grant.
    pub id: Id,
    /// Whose.
    pub account_id: Id,
    /// What it lets do.
    pub role: Role,
    /// Where: this point's subtree.
    pub service_point_id: Id,
    /// The first day.
    pub valid_from: Day,
    /// The last day; null for an open end.
    pub valid_to: Option<Day>,
    /// When it was taken back.
    pub revoked_at: Option<Instant>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was given.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl From<Grant> for GrantAnswer {
    fn from(grant: Grant) -> Self {
        Self {
            id: grant.id,
            account_id: grant.account_id,
            role: grant.role,
            service_point_id: grant.service_point_id,
            valid_from: grant.valid_from,
            valid_to: grant.valid_to,
            revoked_at: grant.revoked_at,
            version: grant.version,
            created_at: grant.created_at,
            updated_at: grant.updated_at,
        }
    }
}

impl Versioned for GrantAnswer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Identified for GrantAnswer {
    fn id(&self) -> Id {
        self.id
    }
}

/// What a list of grants is narrowed to.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct GrantsFilters {
    /// Those of this account only.
    account_id: Option<Id>,
}

impl Filters for GrantsFilters {
    const NAME: &'static str = "grants";
}

async fn list(
    access: Authorized<can::ManageAccounts>,
    pages: Pages<GrantsFilters>,
) -> Result<List<GrantAnswer>, Problem> {
    let page = access.read(Cost::Quick, pages, |tx, listing| {
        let want = page::want(tx, listing)?;
        let found = app::list(tx, listing.filters.account_id, &want)?;
        page::list(tx, listing, found, |grant| grant.id, |grant| Ok(grant.into()))
    });
    Ok(page.await?)
}

async fn give(access: Authorized<can::ManageAccounts>, body: Body<Give>) -> Result<Created<GrantAnswer>, Problem> {
    let made = access.write(body, |tx, request| app::give(tx, request)?.map(|grant| Ok(grant.into())));
    Ok(Created(made.await?, PATH))
}

async fn get(access: Authorized<can::ManageAccounts>, id: PathId) -> Result<Item<GrantAnswer>, Problem> {
    Ok(Item(access.read(Cost::Quick, id, |tx, id| app::get(tx, *id)).await?.into()))
}

async fn revoke(
    access: Authorized<can::ManageAccounts>,
    id: PathId,
    version: IfMatch,
) -> Result<Changed<GrantAnswer>, Problem> {
    let grant = access.write((id, version), |tx, (id, version)| app::revoke(tx, *id, *version));
    Ok(Changed(grant.await?.into()))
}
