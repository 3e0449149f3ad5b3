//! Wages: what members of organisations earn, month by month.

use super::{CorrectWage, LogWage};
use crate::{
    app::{
        entries::{blank, find_in},
        input::Faults,
        item_books::Place,
        ledger::{Book, Logging, Stamp},
        roll_up,
    },
    db::{Conn, QueryResult, household_members, ledger_entries, ledger_entries::LedgerEntry},
    domain::{
        Id, Text,
        access::Placed,
        codes::{Ledger, RegisterKind},
    },
    error::Result,
};

/// The wages of a membership.
pub struct Wages(Place);

impl Book for Wages {
    type Entry = LedgerEntry;
    type Request = LogWage;
    type Correction = CorrectWage;
    /// The membership.
    type Place = Id;
    const ACTIONS: [&'static str; 3] = ["wage.log", "wage.correct", "wage.void"];

    fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<LedgerEntry>>> {
        find_in(conn, id, Ledger::Wage)
    }

    fn find_any(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<LedgerEntry>>> {
        ledger_entries::find(conn, id)
    }

    fn asked(request: &LogWage) -> Result<(Option<Id>, Id)> {
        Ok((request.id, request.membership_id))
    }

    fn open(tx: &mut Logging<'_>, membership: Id) -> Result<Self> {
        Place::open(tx, (RegisterKind::Membership, membership), "/membership_id").map(Self)
    }

    fn reopen(tx: &mut Logging<'_>, entry: &LedgerEntry) -> Result<Self> {
        Place::reopen(tx, RegisterKind::Membership, entry).map(Self)
    }

    fn made(&self, request: &LogWage, stamp: Stamp) -> LedgerEntry {
        LedgerEntry {
            whole_month: true,
            kind: self.0.item.kind.clone(),
            item_id: Some(request.membership_id),
            member_id: self.0.item.member_id,
            amount_fen: request.amount_fen,
            ..blank(Ledger::Wage, self.0.point.id, request.month.first_day(), stamp)
        }
    }

    fn corrected<'a>(before: &LedgerEntry, request: &'a CorrectWage) -> Result<(LedgerEntry, &'a Text)> {
        let after = LedgerEntry {
            on_day: request.month.map_or(before.on_day, |month| month.first_day()),
            amount_fen: request.amount_fen.unwrap_or(before.amount_fen),
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
        self.0.check_month(tx, &mut faults, entry, None)?;
        // Who has left the household before the month is no member of it any more.
        let member = entry.member_id.map(|id| household_members::find(tx.conn(), id)).transpose()?.flatten();
        let left = member.and_then(|placed| placed.origin(|member| member.left_on));
        faults.unless(left.is_none_or(|left| entry.on_day < left), "/month", "not_present");
        self.0.take(tx, faults, entry)
    }

    fn release(&mut self, tx: &mut Logging<'_>, entry: &LedgerEntry, _voided: bool) -> Result<()> {
        self.0.require_open(tx, entry)
    }

    fn count(&self, tx: &mut Logging<'_>, changes: &[(&LedgerEntry, i64)]) -> Result<()> {
        roll_up::entries(tx, changes, None, self.0.paths())
    }
}
