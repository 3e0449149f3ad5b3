//! What the ledgers have in common whose entries tell of an item of a register: parcels of a site, wages of a membership, benefits of
//! a link. The item is locked while an entry is written, so its days stay as they are.

use super::{
    closing::{self, Touched},
    input::Faults,
    ledger::{Logging, takes_entries_of},
    register_items::find_in,
};
use crate::{
    db::{
        households,
        ledger_entries::{self, LedgerEntry, Owner},
        register_items::{self, RegisterItem},
        service_points::{self, ServicePoint},
    },
    domain::{Id, PointPath, access::Placed, codes::RegisterKind},
    error::{Error, Result},
};

/// An item that is locked, and its point, which is shared.
pub(super) struct Place {
    pub item: RegisterItem,
    pub point: ServicePoint,
}

impl Place {
    /// Locks an item that a request names at `pointer`.
    pub fn open(tx: &mut Logging<'_>, (register, id): (RegisterKind, Id), pointer: &str) -> Result<Self> {
        register_items::lock(tx.conn(), id)?;
        let item = tx.find(id, |conn, id| find_in(conn, id, register)).map_err(|error| error.at(pointer))?;
        // As everybody does who changes a household: it comes before the points.
        if let Some(household) = item.household_id {
            households::lock(tx.conn(), household)?;
        }
        let points = service_points::for_count(tx.conn(), &[item.service_point_id], None)?;
        let point = points.into_iter().next().map(|point| Placed::new(point.clone(), point.path));
        let point = tx.admit(point).map_err(|error| error.at(pointer))?;
        Ok(Self { item, point })
    }

    /// The same for an entry that is there.
    pub fn reopen(tx: &mut Logging<'_>, register: RegisterKind, entry: &LedgerEntry) -> Result<Self> {
        let id = entry.item_id.ok_or_else(|| Error::internal("an entry of no item"))?;
        // Nothing but the entry was named, so nothing else is told.
        Self::open(tx, (register, id), "").map_err(|error| match error {
            Error::NotFoundAt(_) => Error::NotFound,
            other => other,
        })
    }

    /// Notes what is wrong with an entry of a whole month: it has begun, the item stood on one of its days, and it is not told twice,
    /// of one kind if one is named.
    pub fn check_month(
        &self,
        tx: &mut Logging<'_>,
        faults: &mut Faults,
        entry: &LedgerEntry,
        kind: Option<&str>,
    ) -> Result<()> {
        faults.unless(entry.on_day <= tx.today(), "/month", "in_future");
        faults.unless(self.item.overlaps(entry.days()), "/month", "not_in_force");
        let again = ledger_entries::is_logged(tx.conn(), Owner::Item(self.item.id), (kind, entry.on_day), entry.id)?;
        faults.unless(!again, "/month", "logged_already");
        Ok(())
    }

    /// What must hold besides: nothing is wrong, the point takes entries of the day, the month is open.
    pub fn take(&self, tx: &mut Logging<'_>, faults: Faults, entry: &LedgerEntry) -> Result<()> {
        faults.finish()?;
        takes_entries_of(&self.point, entry.on_day)?;
        self.require_open(tx, entry)
    }

    /// An entry moves the figures of its point, in the month of its day.
    pub fn require_open(&self, tx: &mut Logging<'_>, entry: &LedgerEntry) -> Result<()> {
        closing::require_open(tx, &[&self.point.path], Touched::Month(entry.on_day.month()))
    }

    /// Where the point lies.
    pub fn paths(&self) -> [(Id, PointPath); 1] {
        [(self.point.id, self.point.path.clone())]
    }
}
