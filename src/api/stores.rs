//! `/stores` and `/organisations`.

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::{Changed, Created, Item, List},
    endpoint::{Endpoint, Heading, endpoint},
    extract::{Body, IfMatch, Pages, PathId},
    ledgers::identified,
    page::{self, Filters},
    problem::Problem,
};
use crate::{
    app::{
        organisations::{self, KeepOrganisation},
        registers,
        stores::{self, KeepStore},
    },
    auth::{Authorized, can},
    db::{
        Cost,
        organisations::Organisation,
        stores::{Filter, Store},
    },
    domain::{Day, Id, Instant, Text},
    error::Result,
};

const STORES: &str = "/api/v1/stores";
const ORGANISATIONS: &str = "/api/v1/organisations";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |tag, id, summary| Heading { tag, id, summary };
    let (store, organisation) = ("/api/v1/stores/{id}", "/api/v1/organisations/{id}");
    vec![
        endpoint(Method::GET, STORES, heading("stores", "list_stores", "List stores."), list_stores),
        endpoint(Method::POST, STORES, heading("stores", "enter_store", "Enter a store."), enter_store),
        endpoint(Method::GET, store, heading("stores", "get_store", "Show a store."), get_store),
        endpoint(
            Method::PUT,
            store,
            heading("stores", "edit_store", "Write a store anew: the whole of it; with a last day it is closed."),
            edit_store,
        ),
        endpoint(
            Method::GET,
            ORGANISATIONS,
            heading("organisations", "list_organisations", "List organisations."),
            list_organisations,
        ),
        endpoint(
            Method::POST,
            ORGANISATIONS,
            heading("organisations", "enter_organisation", "Enter an organisation."),
            enter_organisation,
        ),
        endpoint(
            Method::GET,
            organisation,
            heading("organisations", "get_organisation", "Show an organisation."),
            get_organisation,
        ),
        endpoint(
            Method::PUT,
            organisation,
            heading("organisations", "edit_organisation", "Write an organisation anew: the whole of it."),
            edit_organisation,
        ),
    ]
}

/// A store.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Store)]
struct StoreAnswer {
    /// The store.
    id: Id,
    /// The point that looks after it.
    service_point_id: Id,
    /// The platform that it is on.
    platform_id: Id,
    /// The household that it belongs to.
    household_id: Option<Id>,
    /// The organisation that it belongs to; without either it is the point's own.
    organisation_id: Option<Id>,
    /// What it is called.
    name: String,
    /// Where it is found.
    link: Option<String>,
    /// Its first day.
    opened_on: Day,
    /// Its last day.
    closed_on: Option<Day>,
    /// Counts the changes, from 1.
    version: i64,
    /// When it was entered.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

impl From<Store> for StoreAnswer {
    fn from(store: Store) -> Self {
        Self {
            id: store.id,
            service_point_id: store.service_point_id,
            platform_id: store.platform_id,
            household_id: store.household_id,
            organisation_id: store.organisation_id,
            name: store.name,
            link: store.link,
            opened_on: store.opened_on,
            closed_on: store.closed_on,
            version: store.version,
            created_at: store.created_at,
            updated_at: store.updated_at,
        }
    }
}

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Organisation)]
struct OrganisationAnswer {
    /// The organisation.
    id: Id,
    /// The point that looks after it.
    service_point_id: Id,
    /// A code of the list `organisation_kind`.
    kind: String,
    /// What it is called.
    name: String,
    /// Its unified social credit code.
    credit_code: Option<String>,
    /// Its first day.
    founded_on: Option<Day>,
    /// Its last day.
    ended_on: Option<Day>,
    /// Counts the changes, from 1.
    version: i64,
    /// When it was entered.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

impl From<Organisation> for OrganisationAnswer {
    fn from(organisation: Organisation) -> Self {
        Self {
            id: organisation.id,
            service_point_id: organisation.service_point_id,
            kind: organisation.kind,
            name: organisation.name,
            credit_code: organisation.credit_code,
            founded_on: organisation.founded_on,
            ended_on: organisation.ended_on,
            version: organisation.version,
            created_at: organisation.created_at,
            updated_at: organisation.updated_at,
        }
    }
}

identified!(StoreAnswer, OrganisationAnswer);

/// What a list of stores is narrowed to.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct StoresFilters {
    /// Of points in the subtree of this one only.
    service_point_id: Option<Id>,
    /// On this platform only.
    platform_id: Option<Id>,
    /// Of this household only.
    household_id: Option<Id>,
    /// Of this organisation only.
    organisation_id: Option<Id>,
    /// Open on this day only.
    open_on: Option<Day>,
}

impl Filters for StoresFilters {
    const NAME: &'static str = "stores";
}

/// What a list of organisations is narrowed to.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct OrganisationsFilters {
    /// Of points in the subtree of this one only.
    service_point_id: Option<Id>,
    /// This kind only.
    kind: Option<Text>,
}

impl Filters for OrganisationsFilters {
    const NAME: &'static str = "organisations";
}

async fn list_stores(
    access: Authorized<can::ReadHouseholds>,
    pages: Pages<StoresFilters>,
) -> Result<List<StoreAnswer>, Problem> {
    let page = access.read(Cost::Slow, pages, |tx, listing| {
        let StoresFilters { service_point_id, platform_id, household_id, organisation_id, open_on } = listing.filters;
        let filter = Filter { platform_id, household_id, organisation_id, open_on };
        let want = page::want(tx, listing)?;
        let found = stores::list(tx, service_point_id, &filter, &want)?;
        page::list(tx, listing, found, |store| store.id, |store| Ok(store.into()))
    });
    Ok(page.await?)
}

async fn enter_store(
    access: Authorized<can::LogAssistance>,
    body: Body<KeepStore>,
) -> Result<Created<StoreAnswer>, Problem> {
    let made = access.write(body, |tx, request| registers::enter(tx, request)?.map(|store| Ok(store.into())));
    Ok(Created(made.await?, STORES))
}

async fn get_store(access: Authorized<can::ReadHouseholds>, id: PathId) -> Result<Item<StoreAnswer>, Problem> {
    Ok(Item(access.read(Cost::Quick, id, |tx, id| stores::get(tx, *id)).await?.into()))
}

async fn edit_store(
    access: Authorized<can::LogAssistance>,
    id: PathId,
    version: IfMatch,
    body: Body<KeepStore>,
) -> Result<Changed<StoreAnswer>, Problem> {
    let input = (id, version, body);
    let store = access.write(input, |tx, (id, version, request)| registers::edit(tx, *id, *version, request));
    Ok(Changed(store.await?.into()))
}

async fn list_organisations(
    access: Authorized<can::ReadHouseholds>,
    pages: Pages<OrganisationsFilters>,
) -> Result<List<OrganisationAnswer>, Problem> {
    let page = access.read(Cost::Slow, pages, |tx, listing| {
        let want = page::want(tx, listing)?;
        let (top, kind) = (listing.filters.service_point_id, listing.filters.kind.as_deref());
        let found = organisations::list(tx, top, kind, &want)?;
        page::list(tx, listing, found, |organisation| organisation.id, |organisation| Ok(organisation.into()))
    });
    Ok(page.await?)
}

async fn enter_organisation(
    access: Authorized<can::LogAssistance>,
    body: Body<KeepOrganisation>,
) -> Result<Created<OrganisationAnswer>, Problem> {
    let made = access.write(body, |tx, request| registers::enter(tx, request)?.map(|row| Ok(row.into())));
    Ok(Created(made.await?, ORGANISATIONS))
}

async fn get_organisation(
    access: Authorized<can::ReadHouseholds>,
    id: PathId,
) -> Result<Item<OrganisationAnswer>, Problem> {
    Ok(Item(access.read(Cost::Quick, id, |tx, id| organisations::get(tx, *id)).await?.into()))
}

async fn edit_organisation(
    access: Authorized<can::LogAssistance>,
    id: PathId,
    version: IfMatch,
    body: Body<KeepOrganisation>,
) -> Result<Changed<OrganisationAnswer>, Problem> {
    let input = (id, version, body);
    let row = access.write(input, |tx, (id, version, request)| registers::edit(tx, *id, *version, request));
    Ok(Changed(row.await?.into()))
}
