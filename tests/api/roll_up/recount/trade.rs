//! Stores, sales, livestreams and partners, by their definitions.

use std::collections::BTreeSet;

use terrace::domain::Id;

use super::{Book, Entry, Fact, Item, Period};

impl Book {
    /// The entries of a ledger that count.
    pub fn entered(&self, ledger: &str) -> impl Iterator<Item = &Entry> {
        self.entries.values().filter(move |entry| entry.ledger == ledger && entry.state == "active")
    }

    /// The items of a catalogue.
    pub fn catalogue(&self, catalogue: &str) -> impl Iterator<Item = &Item> {
        self.items.values().filter(move |item| item.catalogue == catalogue)
    }

    /// What was before the system counted, of one figure: a fact for each balance, on whose day it begins to count.
    pub(super) fn balances(&self, metric: &str) -> impl Iterator<Item = (&Item, i64)> {
        let of_metric = self.catalogue("opening_balance").filter(move |item| item.kind.as_deref() == Some(metric));
        of_metric.map(|item| (item, item.value.unwrap()))
    }

    pub(super) fn facts_of_trade(&self, period: &Period) -> Vec<Fact> {
        let mut facts = self.facts_of_stores(period);
        for sale in self.entered("sale").filter(|sale| sale.on_day <= period.last) {
            let fact = |ledger, kind: &str| Fact {
                quantity: sale.quantity,
                amount_fen: sale.amount_fen,
                ..Fact::new(ledger, sale.service_point_id, kind, "", 1)
            };
            facts.push(fact("sales_to_date", ""));
            if !period.contains(sale.on_day) {
                continue;
            }
            facts.push(fact("sales", &sale.kind));
            // Told again by whatever else it names, and never added to the first.
            for (ledger, named) in [
                ("sales_platforms", sale.platform_id),
                ("sales_products", sale.product_id),
                ("sales_campaigns", sale.campaign_id),
            ] {
                facts.extend(named.map(|id| fact(ledger, &id.to_string())));
            }
        }
        for stream in self.entered("livestream").filter(|stream| period.contains(stream.on_day)) {
            let platform = stream.platform_id.unwrap().to_string();
            facts.push(Fact {
                quantity: stream.quantity,
                amount_fen: stream.amount_fen,
                ..Fact::new("livestreams", stream.service_point_id, &platform, "", 1)
            });
        }
        for (balance, value) in self.balances("sales_cumulative") {
            let fact = |ledger| Fact { amount_fen: value, ..Fact::new(ledger, balance.service_point_id, "", "", 0) };
            let from = balance.starts_on.unwrap();
            facts.extend(period.contains(from).then(|| fact("sales_opening")));
            facts.extend((from <= period.last).then(|| fact("sales_to_date")));
        }
        for partner in self.catalogue("partner") {
            let agreements = self.catalogue("agreement").filter(|agreement| agreement.parent_id == Some(partner.id));
            let mut in_force = agreements.filter(|agreement| {
                agreement.starts_on.unwrap() <= period.last && agreement.ends_on.is_none_or(|last| period.last <= last)
            });
            if in_force.next().is_some() {
                facts.push(Fact::new("partners", partner.service_point_id, "", partner.kind.as_deref().unwrap(), 1));
            }
        }
        facts
    }

    fn facts_of_stores(&self, period: &Period) -> Vec<Fact> {
        let mut facts = Vec::new();
        let selling = self.entered("sale").filter(|sale| period.contains(sale.on_day));
        let selling: BTreeSet<Id> = selling.filter_map(|sale| sale.store_id).collect();
        for store in self.stores.values() {
            // The day of closing is its last one.
            let stands =
                store.opened_on <= period.last && store.closed_on.is_none_or(|closed_on| period.last <= closed_on);
            let platform = store.platform_id.to_string();
            let mut count = |ledger| facts.push(Fact::new(ledger, store.service_point_id, "", &platform, 1));
            if stands {
                count("stores");
            }
            if period.contains(store.opened_on) {
                count(if stands { "stores_opened" } else { "stores_opened_ended" });
            }
            if selling.contains(&store.id) {
                count(if stands { "stores_active" } else { "stores_active_ended" });
            }
        }
        facts
    }
}
