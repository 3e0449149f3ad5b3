//! `/logistics-sites`, `/coverages`, `/village-infrastructure` and `/parcels`.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    endpoint::Endpoint,
    ledgers::{LedgerApi, entries_filters, identified, ledger_endpoints},
    page::Filters,
    registers::{RegisterApi, register_endpoints},
};
use crate::{
    app::{
        Paged, Want,
        logistics::{KeepCoverage, KeepInfrastructure, KeepSite, ParcelBook},
        register_items,
    },
    auth::{Permission, Tx, can},
    db::{
        ledger_entries::LedgerEntry,
        register_items::{Filter, RegisterItem},
    },
    domain::{
        Day, Id, Instant, Month, Text,
        codes::{Ledger, RecordState, RegisterKind},
    },
    error::Result,
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    [
        register_endpoints!(
            KeepSite,
            "logistics",
            "logistics-sites",
            "logistics_site",
            "logistics_sites",
            "logistics site"
        ),
        register_endpoints!(KeepCoverage, "logistics", "coverages", "coverage", "coverages", "coverage of a village"),
        register_endpoints!(
            KeepInfrastructure,
            "logistics",
            "village-infrastructure",
            "village_infrastructure",
            "villages_infrastructure",
            "piece of village infrastructure"
        ),
        ledger_endpoints!(ParcelBook, "parcels", "parcels", "parcels_reports", "report of parcel"),
    ]
    .concat()
}

/// A logistics site.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogisticsSite)]
pub(super) struct SiteAnswer {
    /// The site.
    id: Id,
    /// The point that looks after it.
    service_point_id: Id,
    /// A code of the list `logistics_site_kind`.
    kind: String,
    /// What it is called.
    name: Option<String>,
    /// The partner that runs it.
    partner_id: Option<Id>,
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

impl From<RegisterItem> for SiteAnswer {
    fn from(row: RegisterItem) -> Self {
        Self {
            id: row.id,
            service_point_id: row.service_point_id,
            kind: row.kind,
            name: row.name,
            partner_id: row.partner_id,
            opened_on: row.starts_on,
            closed_on: row.ends_on,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A village that a logistics site covers, while the site is open and the village stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Coverage)]
pub(super) struct CoverageAnswer {
    /// The item.
    id: Id,
    /// The village point.
    service_point_id: Id,
    /// The site.
    site_id: Option<Id>,
    /// The first day.
    starts_on: Day,
    /// The last day; null while it goes on.
    ends_on: Option<Day>,
    /// Counts the changes, from 1.
    version: i64,
    /// When it was entered.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

impl From<RegisterItem> for CoverageAnswer {
    fn from(row: RegisterItem) -> Self {
        Self {
            id: row.id,
            service_point_id: row.service_point_id,
            site_id: row.site_id,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What a village is equipped with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VillageInfrastructure)]
pub(super) struct InfrastructureAnswer {
    /// The item.
    id: Id,
    /// The village point.
    service_point_id: Id,
    /// A code of the list `infrastructure_kind`.
    kind: String,
    /// The first day.
    starts_on: Day,
    /// The last day; null while it goes on.
    ends_on: Option<Day>,
    /// Where it is known from.
    source: Option<String>,
    /// Counts the changes, from 1.
    version: i64,
    /// When it was entered.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

impl From<RegisterItem> for InfrastructureAnswer {
    fn from(row: RegisterItem) -> Self {
        Self {
            id: row.id,
            service_point_id: row.service_point_id,
            kind: row.kind,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            source: row.name,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// The parcels of a logistics site in a month, one way.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Parcels)]
pub(super) struct ParcelsAnswer {
    /// The entry.
    id: Id,
    /// The site.
    site_id: Option<Id>,
    /// The point in whose figures it counts.
    service_point_id: Id,
    /// The month.
    month: Month,
    /// A code of the list `parcel_direction`.
    direction: String,
    /// How many.
    parcels: i64,
    /// Whether it counts.
    state: RecordState,
    /// Why it was voided.
    void_reason: Option<String>,
    /// The account that logged it.
    logged_by: Id,
    /// Counts the changes, from 1.
    version: i64,
    /// When it was logged.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

impl From<LedgerEntry> for ParcelsAnswer {
    fn from(row: LedgerEntry) -> Self {
        Self {
            id: row.id,
            site_id: row.item_id,
            service_point_id: row.service_point_id,
            month: row.on_day.month(),
            direction: row.kind,
            parcels: row.quantity,
            state: row.state,
            void_reason: row.void_reason,
            logged_by: row.created_by,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

identified!(SiteAnswer, CoverageAnswer, InfrastructureAnswer, ParcelsAnswer);

/// What a list is narrowed to.
#[derive(Clone, Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct SitesFilters {
    /// Of points in the subtree of this one only.
    service_point_id: Option<Id>,
    /// This kind only.
    kind: Option<Text>,
    /// Run by this partner only.
    partner_id: Option<Id>,
    /// Open on this day only.
    on: Option<Day>,
}

impl Filters for SitesFilters {
    const NAME: &'static str = "logistics-sites";
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct CoveragesFilters {
    /// Of points in the subtree of this one only.
    service_point_id: Option<Id>,
    /// By this site only.
    site_id: Option<Id>,
    /// In force on this day only.
    on: Option<Day>,
}

impl Filters for CoveragesFilters {
    const NAME: &'static str = "coverages";
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct InfrastructureFilters {
    /// Of points in the subtree of this one only.
    service_point_id: Option<Id>,
    /// This kind only.
    kind: Option<Text>,
    /// In force on this day only.
    on: Option<Day>,
}

impl Filters for InfrastructureFilters {
    const NAME: &'static str = "village-infrastructure";
}

impl RegisterApi for KeepSite {
    type Read = can::ReadHouseholds;
    const PATH: &'static str = "/api/v1/logistics-sites";
    type Answer = SiteAnswer;
    type Filters = SitesFilters;

    fn list(
        tx: &mut Tx<'_, can::ReadHouseholds>,
        asked: &SitesFilters,
        want: &Want<Id>,
    ) -> Result<Paged<RegisterItem>> {
        let filter = Filter {
            kind: asked.kind.as_ref().map(ToString::to_string),
            partner_id: asked.partner_id,
            on: asked.on,
            ..Filter::default()
        };
        register_items::list(tx, asked.service_point_id, (RegisterKind::LogisticsSite, &filter), want)
    }

    fn answer<P: Permission>(_tx: &mut Tx<'_, P>, row: RegisterItem) -> Result<SiteAnswer> {
        Ok(row.into())
    }
}

impl RegisterApi for KeepCoverage {
    type Read = can::ReadHouseholds;
    const PATH: &'static str = "/api/v1/coverages";
    type Answer = CoverageAnswer;
    type Filters = CoveragesFilters;

    fn list(
        tx: &mut Tx<'_, can::ReadHouseholds>,
        asked: &CoveragesFilters,
        want: &Want<Id>,
    ) -> Result<Paged<RegisterItem>> {
        let filter = Filter { site_id: asked.site_id, on: asked.on, ..Filter::default() };
        register_items::list(tx, asked.service_point_id, (RegisterKind::Coverage, &filter), want)
    }

    fn answer<P: Permission>(_tx: &mut Tx<'_, P>, row: RegisterItem) -> Result<CoverageAnswer> {
        Ok(row.into())
    }
}

impl RegisterApi for KeepInfrastructure {
    type Read = can::ReadHouseholds;
    const PATH: &'static str = "/api/v1/village-infrastructure";
    type Answer = InfrastructureAnswer;
    type Filters = InfrastructureFilters;

    fn list(
        tx: &mut Tx<'_, can::ReadHouseholds>,
        asked: &InfrastructureFilters,
        want: &Want<Id>,
    ) -> Result<Paged<RegisterItem>> {
        let filter = Filter { kind: asked.kind.as_ref().map(ToString::to_string), on: asked.on, ..Filter::default() };
        register_items::list(tx, asked.service_point_id, (RegisterKind::Infrastructure, &filter), want)
    }

    fn answer<P: Permission>(_tx: &mut Tx<'_, P>, row: RegisterItem) -> Result<InfrastructureAnswer> {
        Ok(row.into())
    }
}

entries_filters!(ParcelsFilters, "parcels", {
    /// Of this site only.
    site_id: Id => item_id,
    /// This direction only.
    direction: Text => kind,
});

impl LedgerApi for ParcelBook {
    const LEDGER: Ledger = Ledger::Parcels;
    const PATH: &'static str = "/api/v1/parcels";
    type Answer = ParcelsAnswer;
    type Filters = ParcelsFilters;
}
