//! What the items of catalogues look like.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::ledgers::identified,
    db::catalogue_items::CatalogueItem,
    domain::{Day, Id, Instant},
};

/// A partner: who business is done with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Partner)]
pub(in crate::api) struct PartnerAnswer {
    /// The item.
    id: Id,
    /// The county or the bureau that keeps it.
    service_point_id: Id,
    /// What it is called.
    name: String,
    /// A code of the list `partner_kind`.
    kind: Option<String>,
    /// A code of the list `partner_reach`.
    reach: Option<String>,
    /// Whatever else is to be known.
    note: Option<String>,
    /// Counts the changes, from 1.
    version: i64,
    /// When it was entered.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

impl From<CatalogueItem> for PartnerAnswer {
    fn from(item: CatalogueItem) -> Self {
        Self {
            id: item.id,
            service_point_id: item.service_point_id,
            name: item.name,
            kind: item.kind,
            reach: item.mark,
            note: item.note,
            version: item.version,
            created_at: item.created_at,
            updated_at: item.updated_at,
        }
    }
}

/// An agreement with a partner.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Agreement)]
pub(in crate::api) struct AgreementAnswer {
    /// The item.
    id: Id,
    /// The county or the bureau that keeps it.
    service_point_id: Id,
    /// What it is called.
    name: String,
    /// The partner.
    partner_id: Option<Id>,
    /// The first day.
    starts_on: Option<Day>,
    /// The last day; null while no end is agreed on.
    ends_on: Option<Day>,
    /// Whatever else is to be known.
    note: Option<String>,
    /// Counts the changes, from 1.
    version: i64,
    /// When it was entered.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

impl From<CatalogueItem> for AgreementAnswer {
    fn from(item: CatalogueItem) -> Self {
        Self {
            id: item.id,
            service_point_id: item.service_point_id,
            name: item.name,
            partner_id: item.parent_id,
            starts_on: item.starts_on,
            ends_on: item.ends_on,
            note: item.note,
            version: item.version,
            created_at: item.created_at,
            updated_at: item.updated_at,
        }
    }
}

/// A platform: where stores are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Platform)]
pub(in crate::api) struct PlatformAnswer {
    /// The item.
    id: Id,
    /// The county or the bureau that keeps it.
    service_point_id: Id,
    /// What it is called.
    name: String,
    /// A code of the list `platform_kind`.
    kind: Option<String>,
    /// The partner that runs it.
    partner_id: Option<Id>,
    /// The last day on which stores open on it.
    ends_on: Option<Day>,
    /// Whatever else is to be known.
    note: Option<String>,
    /// Counts the changes, from 1.
    version: i64,
    /// When it was entered.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

impl From<CatalogueItem> for PlatformAnswer {
    fn from(item: CatalogueItem) -> Self {
        Self {
            id: item.id,
            service_point_id: item.service_point_id,
            name: item.name,
            kind: item.kind,
            partner_id: item.parent_id,
            ends_on: item.ends_on,
            note: item.note,
            version: item.version,
            created_at: item.created_at,
            updated_at: item.updated_at,
        }
    }
}

/// A product: what is sold.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Product)]
pub(in crate::api) struct ProductAnswer {
    /// The item.
    id: Id,
    /// The county or the bureau that keeps it.
    service_point_id: Id,
    /// What it is called.
    name: String,
    /// A code of the list `product_category`.
    category: Option<String>,
    /// The region code of the county that it comes from.
    origin_code: Option<String>,
    /// Its geographical indication.
    geographical_indication: Option<String>,
    /// The last day on which it is sold.
    ends_on: Option<Day>,
    /// Whatever else is to be known.
    note: Option<String>,
    /// Counts the changes, from 1.
    version: i64,
    /// When it was entered.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

impl From<CatalogueItem> for ProductAnswer {
    fn from(item: CatalogueItem) -> Self {
        Self {
            id: item.id,
            service_point_id: item.service_point_id,
            name: item.name,
            category: item.kind,
            origin_code: item.place_code,
            geographical_indication: item.mark,
            ends_on: item.ends_on,
            note: item.note,
            version: item.version,
            created_at: item.created_at,
            updated_at: item.updated_at,
        }
    }
}

/// A sales campaign.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Campaign)]
pub(in crate::api) struct CampaignAnswer {
    /// The item.
    id: Id,
    /// The county or the bureau that keeps it.
    service_point_id: Id,
    /// What it is called.
    name: String,
    /// The first day.
    starts_on: Option<Day>,
    /// The last day.
    ends_on: Option<Day>,
    /// Other campaigns whose days overlap with these: a sale counts for the one that it names, and never for both.
    overlapping_ids: Vec<Id>,
    /// Whatever else is to be known.
    note: Option<String>,
    /// Counts the changes, from 1.
    version: i64,
    /// When it was entered.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

impl CampaignAnswer {
    /// A campaign, and those that overlap with it.
    pub fn of(item: CatalogueItem, overlapping_ids: Vec<Id>) -> Self {
        Self {
            id: item.id,
            service_point_id: item.service_point_id,
            name: item.name,
            starts_on: item.starts_on,
            ends_on: item.ends_on,
            overlapping_ids,
            note: item.note,
            version: item.version,
            created_at: item.created_at,
            updated_at: item.updated_at,
        }
    }
}

/// What a cumulative figure of a point was before the system counted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpeningBalance)]
pub(in crate::api) struct BalanceAnswer {
    /// The item.
    id: Id,
    /// The county or the bureau that keeps it.
    service_point_id: Id,
    /// The code of the metric.
    metric: Option<String>,
    /// The first day that it does not stand for.
    as_of: Option<Day>,
    /// The balance, in the metric's unit.
    value: Option<i64>,
    /// Where it comes from.
    source: Option<String>,
    /// Counts the changes, from 1.
    version: i64,
    /// When it was entered.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

impl From<CatalogueItem> for BalanceAnswer {
    fn from(item: CatalogueItem) -> Self {
        Self {
            id: item.id,
            service_point_id: item.service_point_id,
            metric: item.kind,
            as_of: item.starts_on,
            value: item.value,
            source: item.note,
            version: item.version,
            created_at: item.created_at,
            updated_at: item.updated_at,
        }
    }
}

identified!(PartnerAnswer, AgreementAnswer, PlatformAnswer, ProductAnswer, CampaignAnswer, BalanceAnswer);
