//! Benefits: what households received from who lifts them, as it was recorded.

use super::{CorrectBenefit, LogBenefit};
use crate::{
    app::{
        entries::{blank, find_in},
        input::Faults,
        item_books::Place,
        ledger::{Book, Logging, Stamp, must_be_active_on},
        roll_up,
    },
    db::{
        Conn, QueryResult,
        households::{self, Household},
        ledger_entries,
        ledger_entries::LedgerEntry,
    },
    domain::{
        Id, Text,
        access::Placed,
        codes::{Ledger, RegisterKind},
    },
    error::{Conflict, Result},
};

/// The benefits of a link.
pub struct Benefits(Place);

impl Book for Benefits {
    type Entry = LedgerEntry;
    type Request = LogBenefit;
    type Correction = CorrectBenefit;
    /// The link.
    type Place = Id;
    const ACTIONS: [&'static str; 3] = ["benefit.log", "benefit.correct", "benefit.void"];

    fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<LedgerEntry>>> {
        find_in(conn, id, Ledger::Benefit)
    }

    fn find_any(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<LedgerEntry>>> {
        ledger_entries::find(conn, id)
    }

    fn asked(request: &LogBenefit) -> Result<(Option<Id>, Id)> {
        Ok((request.id, request.link_id))
    }

    fn open(tx: &mut Logging<'_>, link: Id) -> Result<Self> {
        Place::open(tx, (RegisterKind::BenefitLink, link), "/link_id").map(Self)
    }

    fn reopen(tx: &mut Logging<'_>, entry: &LedgerEntry) -> Result<Self> {
        Place::reopen(tx, RegisterKind::BenefitLink, entry).map(Self)
    }

    fn made(&self, request: &LogBenefit, stamp: Stamp) -> LedgerEntry {
        LedgerEntry {
            kind: self.0.item.kind.clone(),
            item_id: Some(request.link_id),
            amount_fen: request.amount_fen,
            ..blank(Ledger::Benefit, self.0.point.id, request.on, stamp)
        }
    }

    fn corrected<'a>(before: &LedgerEntry, request: &'a CorrectBenefit) -> Result<(LedgerEntry, &'a Text)> {
        let after = LedgerEntry {
            on_day: request.on.unwrap_or(before.on_day),
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
        faults.unless(entry.on_day <= tx.today(), "/on", "in_future");
        faults.unless(self.0.item.holds_on(entry.on_day), "/on", "not_in_force");
        self.0.take(tx, faults, entry)?;
        // Nobody receives anything who is not on the register that day.
        let Some(household) = self.0.item.household_id else { return Ok(()) };
        let spans = households::spans(tx.conn(), household)?;
        let household = households::find(tx.conn(), household)?.ok_or(Conflict::HouseholdNotActive)?;
        must_be_active_on(&household.origin(Household::clone), &spans, entry.on_day)
    }

    fn release(&mut self, tx: &mut Logging<'_>, entry: &LedgerEntry, _voided: bool) -> Result<()> {
        self.0.require_open(tx, entry)
    }

    fn count(&self, tx: &mut Logging<'_>, changes: &[(&LedgerEntry, i64)]) -> Result<()> {
        roll_up::entries(tx, changes, None, self.0.paths())
    }
}
