//! `/stores` and `/organisations`.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    endpoint::Endpoint,
    ledgers::identified,
    page::Filters,
    registers::{RegisterApi, register_endpoints},
};
use crate::{
    app::{
        Paged, Want,
        organisations::{self, KeepOrganisation},
        stores::{self, KeepStore},
    },
    auth::{Permission, Tx, can},
    db::{
        organisations::Organisation,
        stores::{Filter, Store},
    },
    domain::{Day, Id, Instant, Text},
    error::Result,
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let stores = register_endpoints!(KeepStore, "stores", "stores", "store", "stores", "store");
    let organisations = register_endpoints!(
        KeepOrganisation,
        "organisations",
        "organisations",
        "organisation",
        "organisations",
        "organisation"
    );
    stores.into_iter().chain(organisations).collect()
}

/// A store.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Store)]
pub(super) struct StoreAnswer {
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
pub(super) struct OrganisationAnswer {
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
#[derive(Clone, Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct StoresFilters {
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
#[derive(Clone, Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganisationsFilters {
    /// Of points in the subtree of this one only.
    service_point_id: Option<Id>,
    /// This kind only.
    kind: Option<Text>,
}

impl Filters for OrganisationsFilters {
    const NAME: &'static str = "organisations";
}

impl RegisterApi for KeepStore {
    type Read = can::ReadHouseholds;
    const PATH: &'static str = "/api/v1/stores";
    type Answer = StoreAnswer;
    type Filters = StoresFilters;

    fn list(tx: &mut Tx<'_, can::ReadHouseholds>, filters: &StoresFilters, want: &Want<Id>) -> Result<Paged<Store>> {
        let StoresFilters { service_point_id, platform_id, household_id, organisation_id, open_on } = *filters;
        stores::list(tx, service_point_id, &Filter { platform_id, household_id, organisation_id, open_on }, want)
    }

    fn answer<P: Permission>(_tx: &mut Tx<'_, P>, store: Store) -> Result<StoreAnswer> {
        Ok(store.into())
    }
}

impl RegisterApi for KeepOrganisation {
    type Read = can::ReadHouseholds;
    const PATH: &'static str = "/api/v1/organisations";
    type Answer = OrganisationAnswer;
    type Filters = OrganisationsFilters;

    fn list(
        tx: &mut Tx<'_, can::ReadHouseholds>,
        filters: &OrganisationsFilters,
        want: &Want<Id>,
    ) -> Result<Paged<Organisation>> {
        organisations::list(tx, filters.service_point_id, filters.kind.as_deref(), want)
    }

    fn answer<P: Permission>(_tx: &mut Tx<'_, P>, organisation: Organisation) -> Result<OrganisationAnswer> {
        Ok(organisation.into())
    }
}
