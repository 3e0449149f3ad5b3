//! Ledgers, registers and catalogues, counted again.

use std::collections::HashMap;

use super::{BATCH, Counter, marked};
use crate::{
    app::roll_up::{Equipment, budget, opening, partner_with, policy, site, store_with},
    db::{
        Conn,
        catalogue_items::{self, CatalogueItem},
        ledger_entries,
        presence::{Months, Sort},
        register_items::{self, RegisterItem},
        stores,
    },
    domain::{
        Id,
        codes::{Catalogue, Ledger, RegisterKind},
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
                    Ledger::Livestream
                    | Ledger::TrainingSession
                    | Ledger::Parcels
                    | Ledger::Wage
                    | Ledger::Benefit
                    | Ledger::Payment => None,
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

    /// Logistics sites, and what holds of villages: by which sites they are covered, what they are equipped with; by which links
    /// households are lifted, for whoever counts these.
    pub(super) fn registers(&mut self, conn: &mut Conn) -> Result<()> {
        let mut sites: HashMap<Id, RegisterItem> = HashMap::new();
        each(conn, RegisterKind::LogisticsSite, |item| {
            self.subject(&site(&item));
            sites.insert(item.id, item);
        })?;
        let mut villages: HashMap<Id, (Vec<RegisterItem>, Vec<RegisterItem>)> = HashMap::new();
        each(conn, RegisterKind::Coverage, |item| villages.entry(item.service_point_id).or_default().0.push(item))?;
        each(conn, RegisterKind::Infrastructure, |item| {
            villages.entry(item.service_point_id).or_default().1.push(item)
        })?;
        for (id, (coverages, infrastructure)) in villages {
            let sites = coverages.iter().filter_map(|item| Some((item, sites.get(&item.site_id?)?)));
            let equipment = Equipment::of(sites, &infrastructure);
            if let Some(village) = self.points.get(&id).cloned() {
                self.tally(&equipment.tally(&village));
            }
        }
        each(conn, RegisterKind::BenefitLink, |item| {
            if let Some(household) = item.household_id {
                self.links.entry(household).or_default().push(item);
            }
        })
    }

    /// Partners with their agreements, policy documents, budgets of projects, and opening balances.
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
        for document in catalogue_items::everywhere(conn, Catalogue::PolicyDocument)? {
            self.subject(&policy(&document));
        }
        for project in catalogue_items::everywhere(conn, Catalogue::Project)? {
            self.tally(&budget(&project));
        }
        for balance in catalogue_items::everywhere(conn, Catalogue::OpeningBalance)? {
            self.tally(&opening(&balance));
        }
        Ok(())
    }
}

/// Every item of a register.
fn each(conn: &mut Conn, register: RegisterKind, mut item: impl FnMut(RegisterItem)) -> Result<()> {
    let mut after = None;
    loop {
        let batch = register_items::after(conn, register, after, BATCH)?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = Some(last.id);
        batch.into_iter().for_each(&mut item);
    }
}
