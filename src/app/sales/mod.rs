//! Sales reports and livestreams: two ledgers of stores. A service point that sells itself reports its sales too.

mod livestreams;
mod requests;

pub use livestreams::Livestreams;
pub use requests::{CorrectLivestream, CorrectSale, LogLivestream, LogSale};

use super::{
    closing::{self, Touched},
    entries::{blank, find_in, named, refuse_covered},
    input::{Faults, either_or, said},
    ledger::{Book, Logging, Stamp, takes_entries_of},
    roll_up,
};
use crate::{
    db::{
        Conn, QueryResult, ledger_entries,
        ledger_entries::LedgerEntry,
        presence::{self, Sort},
        service_points::{self, ServicePoint},
        stores::{self, Store},
    },
    domain::{
        Day, Id, Month, Text,
        access::Placed,
        codes::{Catalogue, Ledger, SALES_CHANNELS},
    },
    error::{Error, Result},
};

/// Who sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seller {
    /// A store.
    Store(Id),
    /// A service point itself.
    Point(Id),
}

/// A store that is locked, and its point, or a point alone that sells.
pub(super) struct Shop {
    pub store: Option<Store>,
    pub point: ServicePoint,
    /// Months that are known to be open: the point is shared, so they stay so.
    open: Vec<Month>,
}

impl Shop {
    /// Locks who sells.
    pub fn open(tx: &mut Logging<'_>, seller: Seller) -> Result<Self> {
        let (store, point_id, pointer) = match seller {
            Seller::Point(id) => (None, id, "/service_point_id"),
            Seller::Store(id) => {
                stores::lock(tx.conn(), id)?;
                let store = tx.find(id, stores::find).map_err(|error| error.at("/store_id"))?;
                let point = store.service_point_id;
                (Some(store), point, "/store_id")
            }
        };
        let points = service_points::for_count(tx.conn(), &[point_id], None)?;
        let point = points.into_iter().next().map(|point| Placed::new(point.clone(), point.path));
        let point = tx.admit(point).map_err(|error| error.at(pointer))?;
        Ok(Self { store, point, open: Vec::new() })
    }

    /// The same for an entry that is there.
    pub fn reopen(tx: &mut Logging<'_>, entry: &LedgerEntry) -> Result<Self> {
        let seller = entry.store_id.map_or(Seller::Point(entry.service_point_id), Seller::Store);
        // Nothing but the entry was named, so nothing else is told.
        Self::open(tx, seller).map_err(|error| match error {
            Error::NotFoundAt(_) => Error::NotFound,
            other => other,
        })
    }

    /// Notes what is wrong with the days of an entry.
    pub fn check_days(&self, faults: &mut Faults, entry: &LedgerEntry, today: Day) {
        let pointer = if entry.whole_month { "/month" } else { "/on" };
        faults.unless(entry.on_day <= today, pointer, "in_future");
        let is_open = self.store.as_ref().is_none_or(|store| store.was_open(entry.days()));
        faults.unless(is_open, pointer, "store_not_open");
    }

    /// An entry moves the figures of its point, in the month of its day.
    pub fn require_open(&mut self, tx: &mut Logging<'_>, month: Month) -> Result<()> {
        if !self.open.contains(&month) {
            closing::require_open(tx, &[&self.point.path], Touched::Month(month))?;
            self.open.push(month);
        }
        Ok(())
    }
}

/// The sales of a store or a point.
pub struct Sales(Shop);

impl Book for Sales {
    type Entry = LedgerEntry;
    type Request = LogSale;
    type Correction = CorrectSale;
    type Place = Seller;
    const ACTIONS: [&'static str; 3] = ["sale.log", "sale.correct", "sale.void"];

    fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<LedgerEntry>>> {
        find_in(conn, id, Ledger::Sale)
    }

    fn find_any(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<LedgerEntry>>> {
        ledger_entries::find(conn, id)
    }

    fn asked(request: &LogSale) -> Result<(Option<Id>, Seller)> {
        let seller = match (request.store_id, request.service_point_id) {
            (Some(store), None) => Seller::Store(store),
            (None, Some(point)) => Seller::Point(point),
            (Some(_), Some(_)) => return Err(either_or("/service_point_id")),
            (None, None) => return Err(either_or("/store_id")),
        };
        match (request.on, request.month) {
            (Some(_), None) | (None, Some(_)) => Ok((request.id, seller)),
            _ => Err(either_or("/on")),
        }
    }

    fn open(tx: &mut Logging<'_>, seller: Seller) -> Result<Self> {
        Shop::open(tx, seller).map(Self)
    }

    fn reopen(tx: &mut Logging<'_>, entry: &LedgerEntry) -> Result<Self> {
        Shop::reopen(tx, entry).map(Self)
    }

    fn made(&self, request: &LogSale, stamp: Stamp) -> LedgerEntry {
        let today = stamp.at.day();
        let (on_day, whole_month) = when(request.on, request.month).unwrap_or((today, false));
        LedgerEntry {
            whole_month,
            kind: request.channel.to_string(),
            store_id: request.store_id,
            platform_id: self.0.store.as_ref().map(|store| store.platform_id),
            product_id: request.product_id,
            campaign_id: request.campaign_id,
            quantity: request.orders,
            amount_fen: request.amount_fen,
            note: request.note.as_deref().map(str::to_owned),
            ..blank(Ledger::Sale, self.0.point.id, on_day, stamp)
        }
    }

    fn corrected<'a>(before: &LedgerEntry, request: &'a CorrectSale) -> Result<(LedgerEntry, &'a Text)> {
        if request.on.is_some() && request.month.is_some() {
            return Err(either_or("/on"));
        }
        let (on_day, whole_month) = when(request.on, request.month).unwrap_or((before.on_day, before.whole_month));
        let after = LedgerEntry {
            on_day,
            whole_month,
            kind: request.channel.as_ref().map_or_else(|| before.kind.clone(), ToString::to_string),
            product_id: request.product_id.unwrap_or(before.product_id),
            campaign_id: request.campaign_id.unwrap_or(before.campaign_id),
            quantity: request.orders.unwrap_or(before.quantity),
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
        before: Option<&LedgerEntry>,
    ) -> Result<()> {
        let days = entry.days();
        self.0.check_days(&mut faults, entry, tx.today());
        faults.code(&SALES_CHANNELS, &entry.kind, entry.on_day, "/channel");
        // What was right when it was said stays so.
        let is_new = |field: fn(&LedgerEntry) -> Option<Id>| {
            let same = |before: &LedgerEntry| field(before) == field(entry) && before.days() == days;
            field(entry).filter(|_| !before.is_some_and(same))
        };
        if let Some(product) = is_new(|entry| entry.product_id) {
            named(tx, &mut faults, (Catalogue::Product, product), (&self.0.point.path, days), "/product_id")?;
        }
        if let Some(campaign) = is_new(|entry| entry.campaign_id) {
            named(tx, &mut faults, (Catalogue::Campaign, campaign), (&self.0.point.path, days), "/campaign_id")?;
        }
        faults.finish()?;
        takes_entries_of(&self.0.point, entry.on_day)?;
        if before.is_none_or(|before| before.on_day != entry.on_day) {
            refuse_covered(tx, &self.0.point.path.ids(), "sales_cumulative", entry.on_day)?;
        }
        self.0.require_open(tx, entry.on_day.month())
    }

    fn release(&mut self, tx: &mut Logging<'_>, entry: &LedgerEntry, _voided: bool) -> Result<()> {
        self.0.require_open(tx, entry.on_day.month())
    }

    fn count(&self, tx: &mut Logging<'_>, changes: &[(&LedgerEntry, i64)]) -> Result<()> {
        let store = match &self.0.store {
            Some(store) => {
                let presence = presence::of(tx.conn(), Sort::Store, store.id)?;
                Some((Sort::Store, store.id, roll_up::store_with(store, presence)))
            }
            None => None,
        };
        roll_up::entries(tx, changes, store, [(self.0.point.id, self.0.point.path.clone())])
    }
}

/// The first of the days that are meant, and whether it is a whole month; none when not one of the two is said.
fn when(on: Option<Day>, month: Option<Month>) -> Option<(Day, bool)> {
    match (on, month) {
        (Some(day), None) => Some((day, false)),
        (None, Some(month)) => Some((month.first_day(), true)),
        _ => None,
    }
}
