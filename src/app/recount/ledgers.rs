//! The ledgers of trade and training, counted again: entries, stores, partners, opening balances.

use std::collections::HashMap;

use super::{BATCH, Counter, marked};
use crate::{
    app::roll_up::{opening, partner_with, store_with},
    db::{
        Conn,
        catalogue_items::{self, CatalogueItem},
        ledger_entries,
        presence::{Months, Sort},
        stores,
    },
    domain::{
        Id,
        codes::{Catalogue, Ledger},
        roll_up::{ANY, Tally},
    },
    error::Result,
};

impl Counter {
    /// Stores and persons whose presence is not kept at all.
    pub(super) fn unreached(&mut self) {
        let reached = std::mem::take(&mut self.reached);
        let mut missing: Vec<((Sort, Id), Months)> =
            reached.into_iter().filter(|(subject, _)| !self.compared.contains(subject)).collect();
        missing.sort_by_key(|(subject, _)| *subject);
        for ((sort, id), right) in missing {
            self.presence(id, &marked(sort, &right), Vec::new());
        }
    }

    /// Every entry of the ledgers at its point, and in which months each store sold and each person was trained.
    pub(super) fn entries(&mut self, conn: &mut Conn) -> Result<()> {
        let mut after = None;
        loop {
            let batch = ledger_entries::counted_after(conn, after, BATCH)?;
            let Some(last) = batch.last() else { return Ok(()) };
            after = Some(last.id);
            for entry in &batch {
                self.found.entries += 1;
                let mut tally = Tally::default();
                entry.entered().enter(&mut tally, 1);
                self.tally(&tally);
                let reached = match entry.ledger {
                    Ledger::Sale => entry.store_id.map(|id| (Sort::Store, id)),
                    Ledger::Attendance => entry.member_id.map(|id| (Sort::Person, id)),
                    Ledger::Livestream | Ledger::TrainingSession => None,
                };
                if let Some(subject) = reached {
                    let months = self.reached.entry(subject).or_default();
                    *months.entry(ANY.to_owned()).or_default().entry(entry.on_day.month()).or_default() += 1;
                }
            }
        }
    }

    pub(super) fn stores(&mut self, conn: &mut Conn) -> Result<()> {
        let mut after = None;
        loop {
            let batch = stores::after(conn, after, BATCH)?;
            let Some(last) = batch.last() else { return Ok(()) };
            after = Some(last.id);
            for store in &batch {
                self.found.stores += 1;
                let presence = self.reached.get(&(Sort::Store, store.id)).cloned().unwrap_or_default();
                self.subject(&store_with(store, presence));
            }
        }
    }

    /// Partners with their agreements, and opening balances.
    pub(super) fn catalogues(&mut self, conn: &mut Conn) -> Result<()> {
        let mut agreements: HashMap<Id, Vec<CatalogueItem>> = HashMap::new();
        for agreement in catalogue_items::everywhere(conn, Catalogue::Agreement)? {
            let partner = agreement.parent_id.unwrap_or(agreement.id);
            agreements.entry(partner).or_default().push(agreement);
        }
        for partner in catalogue_items::everywhere(conn, Catalogue::Partner)? {
            let own = agreements.remove(&partner.id).unwrap_or_default();
            self.subject(&partner_with(&partner, &own));
        }
        for balance in catalogue_items::everywhere(conn, Catalogue::OpeningBalance)? {
            self.tally(&opening(&balance));
        }
        Ok(())
    }
}
