//! `/households`.

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
    app::households::{self as app, EditHousehold, RegisterHousehold},
    auth::{Authorized, can},
    db::{Cost, households::Household},
    domain::{Day, Id, Instant, codes::HouseholdStatus},
    error::Result,
};

const PATH: &str = "/api/v1/households";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "households", id, summary };
    vec![
        endpoint(Method::GET, PATH, heading("list_households", "List households, in the order of the tree."), list),
        endpoint(Method::POST, PATH, heading("register_household", "Register a household."), register),
        endpoint(Method::GET, "/api/v1/households/{id}", heading("get_household", "Show a household."), get),
        endpoint(Method::PATCH, "/api/v1/households/{id}", heading("edit_household", "Edit a household."), edit),
    ]
}

/// A household.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Household)]
pub struct HouseholdAnswer {
    /// The household.
    pub id: Id,
    /// Its home.
    pub service_point_id: Id,
    /// The name of its head.
    pub head_name: String,
    /// Where it lives.
    pub address: String,
    /// A code of the list `household_type`.
    pub household_type: String,
    /// Whether it is still served.
    pub status: HouseholdStatus,
    /// The day of its registration.
    pub registered_on: Day,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was registered in the system.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl From<Household> for HouseholdAnswer {
    fn from(household: Household) -> Self {
        Self {
            id: household.id,
            service_point_id: household.service_point_id,
            head_name: household.head_name,
            address: household.address,
            household_type: household.household_type,
            status: household.status,
            registered_on: household.registered_on,
            version: household.version,
            created_at: household.created_at,
            updated_at: household.updated_at,
        }
    }
}

impl Versioned for HouseholdAnswer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Identified for HouseholdAnswer {
    fn id(&self) -> Id {
        self.id
    }
}

/// What a list of households is narrowed to.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct HouseholdsFilters {
    /// Homes in the subtree of this point only.
    service_point_id: Option<Id>,
}

impl Filters for HouseholdsFilters {
    const NAME: &'static str = "households";
    const COUNTS: bool = true;
}

async fn list(
    access: Authorized<can::ReadHouseholds>,
    pages: Pages<HouseholdsFilters>,
) -> Result<List<HouseholdAnswer>, Problem> {
    let page = access.read(pages.cost(), pages, |tx, listing| {
        let want = page::want(tx, listing)?;
        let found = app::list(tx, listing.filters.service_point_id, &want)?;
        page::list(
            tx,
            listing,
            found,
            |(household, path)| (path.clone(), household.id),
            |(household, _)| Ok(household.into()),
        )
    });
    Ok(page.await?)
}

async fn register(
    access: Authorized<can::WriteHouseholds>,
    body: Body<RegisterHousehold>,
) -> Result<Created<HouseholdAnswer>, Problem> {
    let made = access.write(body, |tx, request| app::register(tx, request)?.map(|household| Ok(household.into())));
    Ok(Created(made.await?, PATH))
}

async fn get(access: Authorized<can::ReadHouseholds>, id: PathId) -> Result<Item<HouseholdAnswer>, Problem> {
    Ok(Item(access.read(Cost::Quick, id, |tx, id| app::get(tx, *id)).await?.into()))
}

async fn edit(
    access: Authorized<can::WriteHouseholds>,
    id: PathId,
    version: IfMatch,
    body: Body<EditHousehold>,
) -> Result<Changed<HouseholdAnswer>, Problem> {
    let household =
        access.write((id, version, body), |tx, (id, version, request)| app::edit(tx, *id, *version, request));
    Ok(Changed(household.await?.into()))
}
