//! `/training-sessions` and `/attendances`.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    endpoint::Endpoint,
    ledgers::{LedgerApi, entries_filters, identified, ledger_endpoints},
};
use crate::{
    app::training::{Attendances, Sessions},
    db::ledger_entries::LedgerEntry,
    domain::{
        Day, Id, Instant, Text,
        codes::{Ledger, RecordState},
    },
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let sessions =
        ledger_endpoints!(Sessions, "training-sessions", "training_session", "training_sessions", "training session");
    let attendances = ledger_endpoints!(Attendances, "attendances", "attendance", "attendances", "attendance");
    sessions.into_iter().chain(attendances).collect()
}

/// A training session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrainingSession)]
pub(super) struct SessionAnswer {
    /// The entry.
    id: Id,
    /// The service point that hosts it.
    service_point_id: Id,
    /// What it is called.
    name: Option<String>,
    /// A code of the list `training_topic`.
    topic: String,
    /// The first day.
    starts_on: Day,
    /// The last day.
    ends_on: Day,
    /// The partner that holds it.
    partner_id: Option<Id>,
    /// How long it takes in all.
    minutes: Option<i64>,
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

impl From<LedgerEntry> for SessionAnswer {
    fn from(entry: LedgerEntry) -> Self {
        Self {
            id: entry.id,
            service_point_id: entry.service_point_id,
            name: entry.name,
            topic: entry.kind,
            starts_on: entry.on_day,
            ends_on: entry.ends_on.unwrap_or(entry.on_day),
            partner_id: entry.partner_id,
            minutes: entry.minutes,
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

/// Somebody who attended a training session, or so many heads.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attendance)]
pub(super) struct AttendanceAnswer {
    /// The entry.
    id: Id,
    /// The training session.
    session_id: Option<Id>,
    /// The session's host.
    service_point_id: Id,
    /// The session's first day.
    on: Day,
    /// The registered person; null where heads were counted.
    member_id: Option<Id>,
    /// How many heads: 1 for a person.
    heads: i64,
    /// How long they attended.
    minutes: Option<i64>,
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

impl From<LedgerEntry> for AttendanceAnswer {
    fn from(entry: LedgerEntry) -> Self {
        Self {
            id: entry.id,
            session_id: entry.session_id,
            service_point_id: entry.service_point_id,
            on: entry.on_day,
            member_id: entry.member_id,
            heads: entry.quantity,
            minutes: entry.minutes,
            state: entry.state,
            void_reason: entry.void_reason,
            logged_by: entry.created_by,
            version: entry.version,
            created_at: entry.created_at,
            updated_at: entry.updated_at,
        }
    }
}

identified!(SessionAnswer, AttendanceAnswer);

entries_filters!(SessionsFilters, "training-sessions", {
    /// On this topic only.
    topic: Text => kind,
});

entries_filters!(AttendancesFilters, "attendances", {
    /// At this training session only.
    session_id: Id => session_id,
    /// Of this person only.
    member_id: Id => member_id,
});

impl LedgerApi for Sessions {
    const LEDGER: Ledger = Ledger::TrainingSession;
    const PATH: &'static str = "/api/v1/training-sessions";
    type Answer = SessionAnswer;
    type Filters = SessionsFilters;
}

impl LedgerApi for Attendances {
    const LEDGER: Ledger = Ledger::Attendance;
    const PATH: &'static str = "/api/v1/attendances";
    type Answer = AttendanceAnswer;
    type Filters = AttendancesFilters;
}
