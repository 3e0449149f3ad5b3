//! `/sales` and `/livestreams`.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    endpoint::Endpoint,
    ledgers::{LedgerApi, entries_filters, identified, ledger_endpoints},
};
use crate::{
    app::sales::{Livestreams, Sales},
    db::ledger_entries::LedgerEntry,
    domain::{
        Day, Id, Instant, Month, Text,
        codes::{Ledger, RecordState},
    },
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let sales = ledger_endpoints!(Sales, "sales", "sale", "sales", "sales report");
    let livestreams = ledger_endpoints!(Livestreams, "livestreams", "livestream", "livestreams", "livestream");
    sales.into_iter().chain(livestreams).collect()
}

/// What a store or a service point sold on a day or in a month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Sale)]
pub(super) struct SaleAnswer {
    /// The entry.
    id: Id,
    /// The store that sold; null when the service point did itself.
    store_id: Option<Id>,
    /// The point in whose figures it counts.
    service_point_id: Id,
    /// The day; null for a whole month.
    on: Option<Day>,
    /// The month; null for a day.
    month: Option<Month>,
    /// A code of the list `sales_channel`.
    channel: String,
    /// The platform that the store is on.
    platform_id: Option<Id>,
    /// What was sold.
    product_id: Option<Id>,
    /// In which campaign.
    campaign_id: Option<Id>,
    /// How many orders.
    orders: i64,
    /// The amount in fen.
    amount_fen: i64,
    /// Whatever else is to be known.
    note: Option<String>,
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

impl From<LedgerEntry> for SaleAnswer {
    fn from(entry: LedgerEntry) -> Self {
        Self {
            id: entry.id,
            store_id: entry.store_id,
            service_point_id: entry.service_point_id,
            on: Some(entry.on_day).filter(|_| !entry.whole_month),
            month: Some(entry.on_day.month()).filter(|_| entry.whole_month),
            channel: entry.kind,
            platform_id: entry.platform_id,
            product_id: entry.product_id,
            campaign_id: entry.campaign_id,
            orders: entry.quantity,
            amount_fen: entry.amount_fen,
            note: entry.note,
            state: entry.state,
            void_reason: entry.void_reason,
            logged_by: entry.created_by,
            version: entry.version,
            created_at: entry.created_at,
            updated_at: entry.updated_at,
        }
    }
}

/// A livestream of a store.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Livestream)]
pub(super) struct LivestreamAnswer {
    /// The entry.
    id: Id,
    /// The store.
    store_id: Option<Id>,
    /// The point in whose figures it counts.
    service_point_id: Id,
    /// The day.
    on: Day,
    /// The platform.
    platform_id: Option<Id>,
    /// The registered person who hosted it.
    host_member_id: Option<Id>,
    /// How long it took.
    minutes: Option<i64>,
    /// How many watched.
    viewers: Option<i64>,
    /// How many orders came in.
    orders: i64,
    /// The amount in fen; the store's sales reports hold it too.
    amount_fen: i64,
    /// Whatever else is to be known.
    note: Option<String>,
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

impl From<LedgerEntry> for LivestreamAnswer {
    fn from(entry: LedgerEntry) -> Self {
        Self {
            id: entry.id,
            store_id: entry.store_id,
            service_point_id: entry.service_point_id,
            on: entry.on_day,
            platform_id: entry.platform_id,
            host_member_id: entry.member_id,
            minutes: entry.minutes,
            viewers: entry.viewers,
            orders: entry.quantity,
            amount_fen: entry.amount_fen,
            note: entry.note,
            state: entry.state,
            void_reason: entry.void_reason,
            logged_by: entry.created_by,
            version: entry.version,
            created_at: entry.created_at,
            updated_at: entry.updated_at,
        }
    }
}

identified!(SaleAnswer, LivestreamAnswer);

entries_filters!(SalesFilters, "sales", {
    /// This channel only.
    channel: Text => kind,
    /// Of this store only.
    store_id: Id => store_id,
    /// On this platform only.
    platform_id: Id => platform_id,
    /// Of this product only.
    product_id: Id => product_id,
    /// In this campaign only.
    campaign_id: Id => campaign_id,
});

entries_filters!(LivestreamsFilters, "livestreams", {
    /// Of this store only.
    store_id: Id => store_id,
    /// On this platform only.
    platform_id: Id => platform_id,
    /// Hosted by this person only.
    host_member_id: Id => member_id,
});

impl LedgerApi for Sales {
    const LEDGER: Ledger = Ledger::Sale;
    const PATH: &'static str = "/api/v1/sales";
    type Answer = SaleAnswer;
    type Filters = SalesFilters;
}

impl LedgerApi for Livestreams {
    const LEDGER: Ledger = Ledger::Livestream;
    const PATH: &'static str = "/api/v1/livestreams";
    type Answer = LivestreamAnswer;
    type Filters = LivestreamsFilters;
}
