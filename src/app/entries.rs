//! What all ledgers but that of assistance have in common: their entries lie in one table, and are read in one way.

use super::{
    Paged, Want, audit,
    input::Faults,
    ledger::{Entry, Logging, Stamp},
    reach_within,
};
use crate::{
    auth::{Permission, Tx, can},
    db::{
        Conn, QueryResult, catalogue_items,
        catalogue_items::CatalogueItem,
        ledger_entries::{self, EntryVersion, Filter, LedgerEntry, PageKey},
    },
    domain::{
        Day, Id, Instant, PointPath,
        access::Placed,
        codes::{Catalogue, Ledger, RecordState},
        digest::content,
        policy::Action,
    },
    error::{Conflict, Error, Result},
};

impl Entry for LedgerEntry {
    const VOIDED: Conflict = Conflict::EntryVoided;

    fn counts(&self) -> RecordState {
        self.state
    }

    fn next(self, at: Instant) -> Self {
        Self { version: self.version + 1, updated_at: at, ..self }
    }

    fn voided(self, reason: &str) -> Self {
        Self { state: RecordState::Voided, void_reason: Some(reason.to_owned()), ..self }
    }

    fn insert(conn: &mut Conn, entries: &[Self]) -> QueryResult<()> {
        ledger_entries::insert(conn, entries)
    }

    fn replace(&self, conn: &mut Conn, before: &Self, (reason, by, at): (&str, Id, Instant)) -> Result<()> {
        let version = EntryVersion {
            entry_id: before.id,
            version: before.version,
            content: content(before).map_err(Error::internal)?,
            replaced_reason: reason.to_owned(),
            replaced_by: by,
            replaced_at: at,
        };
        ledger_entries::keep(conn, &version)?;
        Ok(ledger_entries::update(conn, self)?)
    }
}

/// An entry of a ledger that says nothing yet.
pub(super) fn blank(ledger: Ledger, service_point_id: Id, on_day: Day, stamp: Stamp) -> LedgerEntry {
    LedgerEntry {
        id: stamp.id,
        ledger,
        service_point_id,
        on_day,
        whole_month: false,
        ends_on: None,
        kind: String::new(),
        name: None,
        store_id: None,
        platform_id: None,
        product_id: None,
        campaign_id: None,
        partner_id: None,
        session_id: None,
        member_id: None,
        quantity: 0,
        amount_fen: 0,
        viewers: None,
        minutes: None,
        note: None,
        state: RecordState::Active,
        void_reason: None,
        version: 1,
        created_by: stamp.by,
        request_digest: stamp.digest.to_vec(),
        created_at: stamp.at,
        updated_at: stamp.at,
        item_id: None,
        project_id: None,
    }
}

/// The entry with an id, if it is one of this ledger.
pub(super) fn find_in(conn: &mut Conn, id: Id, ledger: Ledger) -> QueryResult<Option<Placed<LedgerEntry>>> {
    Ok(ledger_entries::find(conn, id)?.filter(|placed| placed.origin(|entry| entry.ledger == ledger)))
}

/// An item of a catalogue that an entry or a store of a point names, in force on these days; what is wrong with it is noted. It is
/// kept by the point or above it, so that whoever sees the one sees the other.
pub(super) fn named(
    tx: &mut Tx<'_, can::LogAssistance>,
    faults: &mut Faults,
    (catalogue, id): (Catalogue, Id),
    (at, (first, last)): (&PointPath, (Day, Day)),
    pointer: &'static str,
) -> Result<CatalogueItem> {
    // The sales of a campaign lie within its days, whoever changes these meanwhile.
    if catalogue == Catalogue::Campaign {
        catalogue_items::share(tx.conn(), id)?;
    }
    let item = tx.find_for(Action::ReadCatalogues, id, |conn, id| {
        Ok(catalogue_items::find(conn, id)?.filter(|placed| placed.origin(|item| item.catalogue == catalogue)))
    });
    let item = item.map_err(|error| error.at(pointer))?;
    faults.unless(at.ids().contains(&item.service_point_id), pointer, "not_kept_above");
    faults.unless(item.holds_on(first) && item.holds_on(last), pointer, "not_in_force");
    Ok(item)
}

/// One entry of a ledger.
///
/// # Errors
/// There is none within reach.
pub fn get(tx: &mut Tx<'_, can::ReadHouseholds>, ledger: Ledger, id: Id) -> Result<LedgerEntry> {
    tx.find(id, |conn, id| find_in(conn, id, ledger))
}

/// An entry as it is, and what it was before, the first version first.
///
/// # Errors
/// There is none within reach.
pub fn versions(
    tx: &mut Tx<'_, can::ReadHouseholds>,
    ledger: Ledger,
    id: Id,
) -> Result<(LedgerEntry, Vec<(LedgerEntry, EntryVersion)>)> {
    let entry = get(tx, ledger, id)?;
    let replaced = ledger_entries::versions(tx.conn(), id)?
        .into_iter()
        .map(|version| Ok((serde_json::from_str(&version.content).map_err(Error::internal)?, version)))
        .collect::<Result<_>>()?;
    Ok((entry, replaced))
}

/// The entries of points within reach, of one subtree if asked, in a window of days, newest first.
///
/// # Errors
/// The subtree's top is not within reach; the window is too wide.
pub fn list(
    tx: &mut Tx<'_, can::ReadHouseholds>,
    within: Option<Id>,
    filter: &Filter,
    want: &Want<PageKey>,
) -> Result<Paged<LedgerEntry>> {
    let reach = reach_within(tx, within)?;
    let mut faults = Faults::default();
    faults.window(filter.from, filter.to);
    faults.finish()?;
    let rows = ledger_entries::page(tx.conn(), &reach, filter, want.after, want.fetch())?;
    Ok(want.page(rows, None))
}

/// Whether an opening balance of a metric, at a point of this path or above, stands for a day.
pub(super) fn refuse_covered(tx: &mut Logging<'_>, points: &[Id], metric: &'static str, day: Day) -> Result<()> {
    match catalogue_items::opening_after(tx.conn(), points, metric, day)? {
        Some(_) => Err(Conflict::OpeningCovers.into()),
        None => Ok(()),
    }
}

/// Takes the words out of entries that tell of a household or its members, and out of what these entries said before: their
/// identities are erased. What counts stays.
pub(super) fn erase<P: Permission>(tx: &mut Tx<'_, P>, household: Id) -> Result<()> {
    for entry in ledger_entries::of_household(tx.conn(), household)? {
        for version in ledger_entries::versions(tx.conn(), entry.id)? {
            let said: LedgerEntry = serde_json::from_str(&version.content).map_err(Error::internal)?;
            let content = content(&wordless(said)).map_err(Error::internal)?;
            ledger_entries::rewrite(tx.conn(), &EntryVersion { content, replaced_reason: String::new(), ..version })?;
        }
        if entry.note.is_none() && entry.void_reason.is_none() {
            continue;
        }
        let erased = wordless(entry.clone()).next(tx.now());
        ledger_entries::update(tx.conn(), &erased)?;
        audit::changed(tx, "ledger_entry.erase", &entry, &erased, None)?;
    }
    Ok(())
}

fn wordless(entry: LedgerEntry) -> LedgerEntry {
    LedgerEntry { note: None, void_reason: entry.void_reason.map(|_| String::new()), ..entry }
}
