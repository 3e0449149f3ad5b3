//! `/project-payments`.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    endpoint::Endpoint,
    ledgers::{LedgerApi, entries_filters, identified, ledger_endpoints},
};
use crate::{
    app::payments::Payments,
    db::ledger_entries::LedgerEntry,
    domain::{
        Day, Id, Instant, Text,
        codes::{Ledger, RecordState},
    },
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    ledger_endpoints!(Payments, "project-payments", "project_payment", "project_payments", "payment for a project")
}

/// What was paid for a project.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProjectPayment)]
pub(super) struct PaymentAnswer {
    /// The entry.
    id: Id,
    /// The project.
    project_id: Option<Id>,
    /// The point in whose figures it counts.
    service_point_id: Id,
    /// The day.
    on: Day,
    /// Where the funds came from: a code of the list `funding_source`.
    funding_source: String,
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

impl From<LedgerEntry> for PaymentAnswer {
    fn from(entry: LedgerEntry) -> Self {
        Self {
            id: entry.id,
            project_id: entry.project_id,
            service_point_id: entry.service_point_id,
            on: entry.on_day,
            funding_source: entry.kind,
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

identified!(PaymentAnswer);

entries_filters!(PaymentsFilters, "project-payments", {
    /// For this project only.
    project_id: Id => project_id,
    /// From this source of funds only.
    funding_source: Text => kind,
});

impl LedgerApi for Payments {
    const LEDGER: Ledger = Ledger::Payment;
    const PATH: &'static str = "/api/v1/project-payments";
    type Answer = PaymentAnswer;
    type Filters = PaymentsFilters;
}
