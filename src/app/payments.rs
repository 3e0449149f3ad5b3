//! Payments: what was paid for projects, never more than their budgets.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    catalogues::{find_in as find_project, paid},
    closing::{self, Touched},
    entries::{blank, find_in},
    input::{Faults, holds_no_number, nullable, present, said},
    ledger::{Book, Logging, Stamp, takes_entries_of},
    roll_up,
};
use crate::{
    db::{
        Conn, QueryResult,
        catalogue_items::{self, CatalogueItem},
        ledger_entries,
        ledger_entries::LedgerEntry,
        service_points::{self, ServicePoint},
    },
    domain::{
        Day, Id, Text,
        access::Placed,
        codes::{Catalogue, Ledger},
    },
    error::{Error, Result},
};

/// A payment for a project, to be logged.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogPayment {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The project.
    pub project_id: Id,
    /// The day.
    pub on: Day,
    /// The amount in fen.
    #[validate(range(min = 1, max = 10_000_000_000_000_i64))]
    #[schema(minimum = 1, maximum = 10_000_000_000_000_i64)]
    pub amount_fen: i64,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<Text>,
}

/// What a payment should say instead: what is left out stays, `null` empties.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectPayment {
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
    /// The day.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Day, required = false)]
    pub on: Option<Day>,
    /// The amount in fen.
    #[serde(default, deserialize_with = "present")]
    #[validate(range(min = 1, max = 10_000_000_000_000_i64))]
    #[schema(value_type = i64, required = false, minimum = 1, maximum = 10_000_000_000_000_i64)]
    pub amount_fen: Option<i64>,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 500)]
    pub note: Option<Option<Text>>,
}

/// The payments of a project, which is locked.
pub struct Payments {
    project: CatalogueItem,
    point: ServicePoint,
}

impl Payments {
    fn at(tx: &mut Logging<'_>, id: Id, pointer: &str) -> Result<Self> {
        catalogue_items::lock(tx.conn(), id)?;
        let project = tx.find(id, |conn, id| find_project(conn, id, Catalogue::Project));
        let project = project.map_err(|error| error.at(pointer))?;
        let points = service_points::for_count(tx.conn(), &[project.service_point_id], None)?;
        let point = points.into_iter().next().map(|point| Placed::new(point.clone(), point.path));
        let point = tx.admit(point).map_err(|error| error.at(pointer))?;
        Ok(Self { project, point })
    }

    fn require_open(&self, tx: &mut Logging<'_>, entry: &LedgerEntry) -> Result<()> {
        closing::require_open(tx, &[&self.point.path], Touched::Month(entry.on_day.month()))
    }
}

impl Book for Payments {
    type Entry = LedgerEntry;
    type Request = LogPayment;
    type Correction = CorrectPayment;
    /// The project.
    type Place = Id;
    const ACTIONS: [&'static str; 3] = ["payment.log", "payment.correct", "payment.void"];

    fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<LedgerEntry>>> {
        find_in(conn, id, Ledger::Payment)
    }

    fn find_any(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<LedgerEntry>>> {
        ledger_entries::find(conn, id)
    }

    fn asked(request: &LogPayment) -> Result<(Option<Id>, Id)> {
        Ok((request.id, request.project_id))
    }

    fn open(tx: &mut Logging<'_>, project: Id) -> Result<Self> {
        Self::at(tx, project, "/project_id")
    }

    fn reopen(tx: &mut Logging<'_>, entry: &LedgerEntry) -> Result<Self> {
        let project = entry.project_id.ok_or_else(|| Error::internal("a payment for no project"))?;
        // Nothing but the entry was named, so nothing else is told.
        Self::at(tx, project, "").map_err(|error| match error {
            Error::NotFoundAt(_) => Error::NotFound,
            other => other,
        })
    }

    fn made(&self, request: &LogPayment, stamp: Stamp) -> LedgerEntry {
        LedgerEntry {
            kind: self.project.kind.clone().unwrap_or_default(),
            project_id: Some(request.project_id),
            amount_fen: request.amount_fen,
            note: request.note.as_deref().map(str::to_owned),
            ..blank(Ledger::Payment, self.point.id, request.on, stamp)
        }
    }

    fn corrected<'a>(before: &LedgerEntry, request: &'a CorrectPayment) -> Result<(LedgerEntry, &'a Text)> {
        let after = LedgerEntry {
            on_day: request.on.unwrap_or(before.on_day),
            amount_fen: request.amount_fen.unwrap_or(before.amount_fen),
            note: said(&request.note, &before.note),
            ..before.clone()
        };
        Ok((after, &request.reason))
    }

    fn check(
        &mut self,
        tx: &mut Logging<'_>,
        mut faults: Faults,
        entry: &LedgerEntry,
        _before: Option<&LedgerEntry>,
    ) -> Result<()> {
        faults.unless(entry.on_day <= tx.today(), "/on", "in_future");
        faults.unless(self.project.starts_on.is_none_or(|first| first <= entry.on_day), "/on", "not_in_force");
        let others = paid(tx.conn(), self.project.id, Some(entry.id))?;
        let left = self.project.value.unwrap_or_default() - others;
        faults.unless(entry.amount_fen <= left, "/amount_fen", "over_budget");
        faults.finish()?;
        takes_entries_of(&self.point, entry.on_day)?;
        self.require_open(tx, entry)
    }

    fn release(&mut self, tx: &mut Logging<'_>, entry: &LedgerEntry, _voided: bool) -> Result<()> {
        self.require_open(tx, entry)
    }

    fn count(&self, tx: &mut Logging<'_>, changes: &[(&LedgerEntry, i64)]) -> Result<()> {
        roll_up::entries(tx, changes, None, [(self.point.id, self.point.path.clone())])
    }
}
