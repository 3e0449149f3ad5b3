//! What every number must be, counted a second way: from the rows of points, households, members, records, stores, catalogues
//! registers and entries of ledgers alone, one by one, by the parents of the points and the days of the periods, without paths, cells or the program's own queries.

mod cells;
mod employment;
mod livelihoods;
mod periods;
mod rows;
mod statistics;
mod trade;
mod training;

use std::collections::{BTreeMap, BTreeSet};

use terrace::{
    db::Conn,
    domain::{Day, Id},
};

pub use self::{
    cells::{kept_cells, kept_presence, spoil_cell, spoil_presence},
    periods::Period,
    rows::{
        Entry, Given, Household, Item, Member, Node, Organisation, Registered, Span, Store, Wish, spoil_entry,
        spoil_item, spoil_persons, spoil_registered, spoil_store,
    },
    statistics::{assert_sums, uncounted},
};

/// Everything that the numbers follow from.
pub struct Book {
    pub nodes: BTreeMap<Id, Node>,
    pub households: BTreeMap<Id, Household>,
    /// By household, in the order of their days.
    pub spans: BTreeMap<Id, Vec<Span>>,
    pub members: BTreeMap<Id, Member>,
    pub records: BTreeMap<Id, Given>,
    pub wishes: BTreeMap<Id, Wish>,
    pub stores: BTreeMap<Id, Store>,
    pub organisations: BTreeMap<Id, Organisation>,
    pub items: BTreeMap<Id, Item>,
    /// What stays from one day to another: logistics sites, coverages, infrastructure, memberships, benefit links.
    pub registered: BTreeMap<Id, Registered>,
    /// Sales, livestreams, training sessions, attendances, parcels, wages, benefits, payments.
    pub entries: BTreeMap<Id, Entry>,
}

/// Something that counts at a point in a period, under the name of a ledger.
#[derive(Clone, Debug)]
pub struct Fact {
    pub ledger: &'static str,
    /// The point itself: the giver, the home, or the village.
    pub at: Id,
    /// The kind of assistance, a channel, a topic, the id of a platform, a product or a campaign; empty for any.
    pub kind: String,
    /// The type of household, the kind of village or partner, the id of a store's platform.
    pub class: String,
    pub n: i64,
    pub quantity: i64,
    pub amount_fen: i64,
}

/// Stocks: what stands on a period's last day. Everything else is what happened within it.
pub const STOCKS: [&str; 15] = [
    "households",
    "persons",
    "villages",
    "stores",
    "partners",
    "trained_ever",
    "logistics_sites",
    "villages_covered",
    "villages_broadband",
    "villages_mobile_network",
    "villages_paved_road",
    "villages_three_phase_power",
    "households_lifted",
    "persons_lifted",
    "policy_documents",
];

/// What happened as often as it is told, whose months and kinds add up.
pub const ACTIVITIES: [&str; 14] = [
    "assistance",
    "sales",
    "sales_platforms",
    "sales_products",
    "sales_campaigns",
    "sales_opening",
    "livestreams",
    "training_sessions",
    "attendances",
    "trained_opening",
    "parcels",
    "benefits",
    "project_payments",
    "project_budgets",
];

/// What is only told, and never kept in cells.
pub const TOLD: [&str; 6] =
    ["sales_to_date", "trained_opening_to_date", "trainees", "converted", "payments_to_date", "budgets_to_date"];

impl Fact {
    fn new(ledger: &'static str, at: Id, kind: &str, class: &str, n: i64) -> Self {
        Self { ledger, at, kind: kind.to_owned(), class: class.to_owned(), n, quantity: 0, amount_fen: 0 }
    }
}

impl Book {
    pub fn read(conn: &mut Conn) -> Self {
        let mut spans = BTreeMap::<Id, Vec<Span>>::new();
        for span in Span::all(conn) {
            spans.entry(span.household_id).or_default().push(span);
        }
        spans.values_mut().for_each(|spans| spans.sort_by_key(|span| span.valid_from));
        Self {
            nodes: Node::all(conn).into_iter().map(|row| (row.id, row)).collect(),
            households: Household::all(conn).into_iter().map(|row| (row.id, row)).collect(),
            spans,
            members: Member::all(conn).into_iter().map(|row| (row.id, row)).collect(),
            records: Given::all(conn).into_iter().map(|row| (row.id, row)).collect(),
            wishes: Wish::all(conn).into_iter().map(|row| (row.id, row)).collect(),
            stores: Store::all(conn).into_iter().map(|row| (row.id, row)).collect(),
            organisations: Organisation::all(conn).into_iter().map(|row| (row.id, row)).collect(),
            items: Item::all(conn).into_iter().map(|row| (row.id, row)).collect(),
            registered: Registered::all(conn).into_iter().map(|row| (row.id, row)).collect(),
            entries: Entry::all(conn).into_iter().map(|row| (row.id, row)).collect(),
        }
    }

    /// The records that count.
    fn counted(&self) -> impl Iterator<Item = &Given> {
        self.records.values().filter(|record| record.state == "active")
    }

    /// A point and every point above it, by parents.
    pub fn upwards(&self, id: Id) -> impl Iterator<Item = &Node> {
        std::iter::successors(self.nodes.get(&id), |node| self.nodes.get(&node.parent_id?))
    }

    /// What holds of a household on a day.
    pub fn on(&self, household: Id, day: Day) -> Option<&Span> {
        self.spans[&household].iter().find(|span| span.valid_from <= day && span.valid_to.is_none_or(|to| day < to))
    }

    pub fn members_of(&self, household: Id) -> impl Iterator<Item = &Member> {
        self.members.values().filter(move |member| member.household_id == household)
    }

    /// Every period that anything falls into.
    pub fn periods(&self, today: Day) -> Vec<Period> {
        let opened = self.nodes.values().flat_map(|node| [Some(node.opened_on), node.closed_on]).flatten();
        let joined = self.members.values().map(|member| member.joined_on);
        let stores = self.stores.values().flat_map(|store| [Some(store.opened_on), store.closed_on]).flatten();
        let items = self.items.values().filter(|item| COUNTED.contains(&item.catalogue.as_str()));
        let items = items.flat_map(|item| [item.starts_on, item.ends_on]).flatten();
        let registered = self.registered.values().flat_map(|item| [Some(item.starts_on), item.ends_on]).flatten();
        let entered = self.entries.values().map(|entry| entry.on_day);
        let days = opened.chain(joined).chain(stores).chain(items).chain(registered).chain(entered).chain([today]);
        let days: BTreeSet<Day> = days.collect();
        Period::over(*days.first().unwrap(), *days.last().unwrap())
    }

    /// Everything that counts in a period.
    pub fn facts(&self, period: &Period) -> Vec<Fact> {
        let mut facts = self.facts_of_trade(period);
        facts.extend(self.facts_of_training(period));
        facts.extend(self.facts_of_livelihoods(period));
        let fact = Fact::new;
        let mut assisted = BTreeSet::<(Id, &str)>::new();
        let mut serving = BTreeSet::<Id>::new();
        for record in self.counted().filter(|record| period.contains(record.given_on)) {
            facts.push(Fact {
                quantity: record.quantity,
                amount_fen: record.amount_fen.unwrap_or(0),
                ..fact("assistance", record.service_point_id, &record.kind, "", 1)
            });
            assisted.extend([(record.household_id, ""), (record.household_id, record.kind.as_str())]);
            if self.nodes[&record.service_point_id].tier == "village" {
                serving.insert(record.service_point_id);
            }
        }
        for household in self.households.values() {
            let Some(span) = self.on(household.id, period.last) else { continue };
            let (home, class, active) = (span.service_point_id, span.household_type.as_str(), span.status == "active");
            if active {
                let there = |member: &&Member| {
                    member.joined_on <= period.last && member.left_on.is_none_or(|left_on| period.last < left_on)
                };
                let persons = self.members_of(household.id).filter(there).count();
                facts.push(fact("households", home, "", class, 1));
                facts.push(fact("persons", home, "", class, i64::try_from(persons).unwrap()));
            }
            if period.contains(household.registered_on) {
                facts.push(fact(if active { "registered" } else { "registered_ended" }, home, "", class, 1));
            }
            for (_, kind) in assisted.iter().filter(|(id, _)| *id == household.id) {
                facts.push(fact(if active { "assisted" } else { "assisted_ended" }, home, kind, class, 1));
            }
        }
        for village in self.nodes.values().filter(|node| node.tier == "village") {
            let stands = village.stands_on(period.last);
            if stands {
                facts.push(fact("villages", village.id, "", village_kind(village), 1));
            }
            if serving.contains(&village.id) {
                let ledger = if stands { "serving" } else { "serving_ended" };
                facts.push(fact(ledger, village.id, "", village_kind(village), 1));
            }
        }
        facts
    }
}

/// The catalogues whose items' own days decide about numbers.
const COUNTED: [&str; 4] = ["agreement", "opening_balance", "policy_document", "project"];

impl Node {
    /// Whether a point stands on a day. The day of closing is its last one.
    fn stands_on(&self, day: Day) -> bool {
        self.status != "planned" && self.opened_on <= day && self.closed_on.is_none_or(|closed_on| day <= closed_on)
    }
}

/// By the last three digits of the region's code.
fn village_kind(village: &Node) -> &'static str {
    match village.region_code.as_ref().map(|code| code[9..].parse::<u32>().unwrap()) {
        None => "unknown",
        Some(1..=199) => "community",
        Some(_) => "committee",
    }
}
