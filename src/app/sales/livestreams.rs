//! Livestreams of stores. What they sold lies in the store's sales reports as well, so the two are never added.

use super::{CorrectLivestream, LogLivestream, Seller, Shop};
use crate::{
    app::{
        entries::{blank, find_in, named, refuse_covered},
        input::{Faults, said},
        ledger::{Book, Logging, Stamp, takes_entries_of},
        roll_up,
    },
    db::{Conn, QueryResult, household_members, ledger_entries, ledger_entries::LedgerEntry},
    domain::{
        Id, Text,
        access::Placed,
        codes::{Catalogue, Ledger},
        policy::Action,
    },
    error::Result,
};

/// The livestreams of a store.
pub struct Livestreams(Shop);

impl Book for Livestreams {
    type Entry = LedgerEntry;
    type Request = LogLivestream;
    type Correction = CorrectLivestream;
    /// The store.
    type Place = Id;
    const ACTIONS: [&'static str; 3] = ["livestream.log", "livestream.correct", "livestream.void"];

    fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<LedgerEntry>>> {
        find_in(conn, id, Ledger::Livestream)
    }

    fn find_any(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<LedgerEntry>>> {
        ledger_entries::find(conn, id)
    }

    fn asked(request: &LogLivestream) -> Result<(Option<Id>, Id)> {
        Ok((request.id, request.store_id))
    }

    fn open(tx: &mut Logging<'_>, store: Id) -> Result<Self> {
        Shop::open(tx, Seller::Store(store)).map(Self)
    }

    fn reopen(tx: &mut Logging<'_>, entry: &LedgerEntry) -> Result<Self> {
        Shop::reopen(tx, entry).map(Self)
    }

    fn made(&self, request: &LogLivestream, stamp: Stamp) -> LedgerEntry {
        LedgerEntry {
            store_id: Some(request.store_id),
            platform_id: request.platform_id.or(self.0.store.as_ref().map(|store| store.platform_id)),
            member_id: request.host_member_id,
            quantity: request.orders,
            amount_fen: request.amount_fen,
            viewers: request.viewers,
            minutes: request.minutes,
            note: request.note.as_deref().map(str::to_owned),
            ..blank(Ledger::Livestream, self.0.point.id, request.on, stamp)
        }
    }

    fn corrected<'a>(before: &LedgerEntry, request: &'a CorrectLivestream) -> Result<(LedgerEntry, &'a Text)> {
        let after = LedgerEntry {
            on_day: request.on.unwrap_or(before.on_day),
            platform_id: request.platform_id.or(before.platform_id),
            member_id: request.host_member_id.unwrap_or(before.member_id),
            quantity: request.orders.unwrap_or(before.quantity),
            amount_fen: request.amount_fen.unwrap_or(before.amount_fen),
            viewers: request.viewers.unwrap_or(before.viewers),
            minutes: request.minutes.unwrap_or(before.minutes),
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
        before: Option<&LedgerEntry>,
    ) -> Result<()> {
        self.0.check_days(&mut faults, entry, tx.today());
        let own = self.0.store.as_ref().map(|store| store.platform_id);
        let known = before.map_or(own, |before| before.platform_id);
        if let Some(platform) = entry.platform_id.filter(|_| entry.platform_id != known) {
            named(
                tx,
                &mut faults,
                (Catalogue::Platform, platform),
                (&self.0.point.path, entry.days()),
                "/platform_id",
            )?;
        }
        let host = entry.member_id.filter(|_| before.is_none_or(|before| before.member_id != entry.member_id));
        if let Some(host) = host {
            tx.find_for(Action::ReadHouseholds, host, household_members::find)
                .map_err(|error| error.at("/host_member_id"))?;
        }
        faults.finish()?;
        takes_entries_of(&self.0.point, entry.on_day)?;
        // What it sold is a part of sales, for which nothing is entered then.
        if before.is_none_or(|before| before.on_day != entry.on_day) {
            refuse_covered(tx, &self.0.point.path.ids(), "sales_cumulative", entry.on_day)?;
        }
        self.0.require_open(tx, entry.on_day.month())
    }

    fn release(&mut self, tx: &mut Logging<'_>, entry: &LedgerEntry, _voided: bool) -> Result<()> {
        self.0.require_open(tx, entry.on_day.month())
    }

    fn count(&self, tx: &mut Logging<'_>, changes: &[(&LedgerEntry, i64)]) -> Result<()> {
        roll_up::entries(tx, changes, None, [(self.0.point.id, self.0.point.path.clone())])
    }
}
