//! Parcels: how many came and went at a logistics site in a month.

use super::{CorrectParcels, LogParcels};
use crate::{
    app::{
        entries::{blank, find_in},
        input::Faults,
        item_books::Place,
        ledger::{Book, Logging, Stamp},
        roll_up,
    },
    db::{Conn, QueryResult, ledger_entries, ledger_entries::LedgerEntry},
    domain::{
        Id, Text,
        access::Placed,
        codes::{Ledger, PARCEL_DIRECTIONS, RegisterKind},
    },
    error::Result,
};

/// The parcels of a logistics site.
pub struct ParcelBook(Place);

impl Book for ParcelBook {
    type Entry = LedgerEntry;
    type Request = LogParcels;
    type Correction = CorrectParcels;
    /// The site.
    type Place = Id;
    const ACTIONS: [&'static str; 3] = ["parcel.log", "parcel.correct", "parcel.void"];

    fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<LedgerEntry>>> {
        find_in(conn, id, Ledger::Parcels)
    }

    fn find_any(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<LedgerEntry>>> {
        ledger_entries::find(conn, id)
    }

    fn asked(request: &LogParcels) -> Result<(Option<Id>, Id)> {
        Ok((request.id, request.site_id))
    }

    fn open(tx: &mut Logging<'_>, site: Id) -> Result<Self> {
        Place::open(tx, (RegisterKind::LogisticsSite, site), "/site_id").map(Self)
    }

    fn reopen(tx: &mut Logging<'_>, entry: &LedgerEntry) -> Result<Self> {
        Place::reopen(tx, RegisterKind::LogisticsSite, entry).map(Self)
    }

    fn made(&self, request: &LogParcels, stamp: Stamp) -> LedgerEntry {
        LedgerEntry {
            whole_month: true,
            kind: request.direction.to_string(),
            item_id: Some(request.site_id),
            quantity: request.parcels,
            ..blank(Ledger::Parcels, self.0.point.id, request.month.first_day(), stamp)
        }
    }

    fn corrected<'a>(before: &LedgerEntry, request: &'a CorrectParcels) -> Result<(LedgerEntry, &'a Text)> {
        let after = LedgerEntry {
            on_day: request.month.map_or(before.on_day, |month| month.first_day()),
            kind: request.direction.as_ref().map_or_else(|| before.kind.clone(), ToString::to_string),
            quantity: request.parcels.unwrap_or(before.quantity),
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
        faults.code(&PARCEL_DIRECTIONS, &entry.kind, entry.on_day, "/direction");
        self.0.check_month(tx, &mut faults, entry, Some(&entry.kind))?;
        self.0.take(tx, faults, entry)
    }

    fn release(&mut self, tx: &mut Logging<'_>, entry: &LedgerEntry, _voided: bool) -> Result<()> {
        self.0.require_open(tx, entry)
    }

    fn count(&self, tx: &mut Logging<'_>, changes: &[(&LedgerEntry, i64)]) -> Result<()> {
        roll_up::entries(tx, changes, None, self.0.paths())
    }
}
