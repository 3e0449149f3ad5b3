//! Logistics, what villages are equipped with, households that are lifted, policies and projects, by their definitions.

use terrace::domain::Day;

use super::{Book, Fact, Period, Registered, village_kind};

impl Registered {
    /// Whether it holds on a day. The day of its end is the last one.
    pub fn holds_on(&self, day: Day) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|last| day <= last)
    }
}

impl Book {
    /// The items of a register.
    pub fn register(&self, register: &str) -> impl Iterator<Item = &Registered> {
        self.registered.values().filter(move |item| item.register == register)
    }

    pub(super) fn facts_of_livelihoods(&self, period: &Period) -> Vec<Fact> {
        let mut facts = self.facts_of_villages(period);
        let stands = |item: &&Registered| item.holds_on(period.last);
        for site in self.register("logistics_site").filter(stands) {
            facts.push(Fact::new("logistics_sites", site.service_point_id, "", &site.kind, 1));
        }
        for household in self.households.values() {
            let mut links = self.register("benefit_link").filter(|link| link.household_id == Some(household.id));
            let home = self.on(household.id, period.last).filter(|span| span.status == "active");
            let (Some(home), true) = (home, links.any(|link| link.holds_on(period.last))) else { continue };
            let there = self.members_of(household.id).filter(|member| {
                member.joined_on <= period.last && member.left_on.is_none_or(|left_on| period.last < left_on)
            });
            let persons = i64::try_from(there.count()).unwrap();
            facts.push(Fact::new("households_lifted", home.service_point_id, "", &home.household_type, 1));
            facts.push(Fact::new("persons_lifted", home.service_point_id, "", &home.household_type, persons));
        }
        for (ledger, name) in [("parcel", "parcels"), ("benefit", "benefits"), ("payment", "project_payments")] {
            for entry in self.entered(ledger).filter(|entry| period.contains(entry.on_day)) {
                facts.push(Fact {
                    quantity: entry.quantity,
                    amount_fen: entry.amount_fen,
                    ..Fact::new(name, entry.service_point_id, &entry.kind, "", 1)
                });
            }
        }
        facts.extend(self.facts_of_policies(period));
        facts
    }

    /// Villages that stand, while a site at work covers them and while they are equipped.
    fn facts_of_villages(&self, period: &Period) -> Vec<Fact> {
        let mut facts = Vec::new();
        let stand = |tier: &str| tier == "village";
        for village in self.nodes.values().filter(|node| stand(&node.tier) && node.stands_on(period.last)) {
            let mut holds = |ledger| facts.push(Fact::new(ledger, village.id, "", village_kind(village), 1));
            let here = |item: &&Registered| item.service_point_id == village.id && item.holds_on(period.last);
            let mut sites = self.register("coverage").filter(here).map(|item| &self.registered[&item.site_id.unwrap()]);
            if sites.any(|site| site.holds_on(period.last)) {
                holds("villages_covered");
            }
            for (kind, ledger) in [
                ("broadband", "villages_broadband"),
                ("mobile_network", "villages_mobile_network"),
                ("paved_road", "villages_paved_road"),
                ("three_phase_power", "villages_three_phase_power"),
            ] {
                if self.register("infrastructure").filter(here).any(|item| item.kind == kind) {
                    holds(ledger);
                }
            }
        }
        facts
    }

    /// Policy documents in force and issued; what was paid for projects, and their budgets from the month of the first day on.
    fn facts_of_policies(&self, period: &Period) -> Vec<Fact> {
        let mut facts = Vec::new();
        for document in self.catalogue("policy_document") {
            let (issued_on, topic) = (document.starts_on.unwrap(), document.kind.as_deref().unwrap());
            let in_force = issued_on <= period.last && document.ends_on.is_none_or(|last| period.last <= last);
            let mut count = |ledger| facts.push(Fact::new(ledger, document.service_point_id, "", topic, 1));
            if in_force {
                count("policy_documents");
            }
            if period.contains(issued_on) {
                count(if in_force { "policy_documents_issued" } else { "policy_documents_issued_ended" });
            }
        }
        for project in self.catalogue("project") {
            let (begins, source) = (project.starts_on.unwrap(), project.kind.as_deref().unwrap());
            let fact = |ledger| Fact {
                amount_fen: project.value.unwrap(),
                ..Fact::new(ledger, project.service_point_id, "", source, 0)
            };
            facts.extend(period.contains(begins).then(|| fact("project_budgets")));
            facts.extend((begins <= period.last).then(|| fact("budgets_to_date")));
        }
        for payment in self.entered("payment").filter(|payment| payment.on_day <= period.last) {
            let amount_fen = payment.amount_fen;
            facts.push(Fact { amount_fen, ..Fact::new("payments_to_date", payment.service_point_id, "", "", 1) });
        }
        facts
    }
}
