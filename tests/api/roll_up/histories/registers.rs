//! Registers: logistics sites and the villages that they cover, what villages are equipped with, members of organisations,
//! households that are lifted; entered and written anew.

use actix_web::http::Method;
use rand::{Rng as _, seq::SliceRandom as _};
use serde_json::{Value, json};
use terrace::domain::{Day, Id};

use super::{
    super::recount::{Entry, Registered},
    History, beginning,
    step::{
        Act, BEFORE_FROM, BEFORE_REGISTRATION, BELONGS_ALREADY, DONE, ENTRIES_OUTSIDE, HAS_LEFT, MADE, NOT_IN_FORCE,
        NOT_KEPT_ABOVE, NOT_LOGISTICS, OWN_STORE, Outcome, POINT_ENDED, SITE_NOT_OPEN, Step,
    },
    trade::month_of,
};

const SITE_KINDS: [&str; 4] = ["express_station", "sorting_centre", "warehouse", "cold_store"];
const EQUIPMENT: [&str; 4] = ["broadband", "mobile_network", "paved_road", "three_phase_power"];
const ROLES: [&str; 3] = ["maker", "seller", "host"];
const MODES: [&str; 3] = ["employment", "purchase", "dividend"];
/// So many are entered of each register, which is enough to be counted.
const MOST: [(&str, usize); 5] =
    [("logistics_site", 12), ("coverage", 24), ("infrastructure", 24), ("membership", 40), ("benefit_link", 24)];

/// Where a register's items are kept.
pub fn register_path(register: &str) -> &'static str {
    match register {
        "logistics_site" => "/api/v1/logistics-sites",
        "coverage" => "/api/v1/coverages",
        "infrastructure" => "/api/v1/village-infrastructure",
        "membership" => "/api/v1/memberships",
        _ => "/api/v1/benefit-links",
    }
}

/// What the first and the last day of an item are called.
fn days_called(register: &str) -> [&'static str; 2] {
    if register == "logistics_site" { ["opened_on", "closed_on"] } else { ["starts_on", "ends_on"] }
}

fn id_in(body: &Value, field: &str) -> Option<Id> {
    body[field].as_str().map(|id| id.parse().unwrap())
}

impl History<'_> {
    /// Members of organisations and their wages of a quarter, so many that there are figures that may be shown, and a village
    /// that is equipped with everything.
    pub async fn set_up_registers(&mut self) {
        let mut bodies: Vec<(&str, Value)> = Vec::new();
        for kind in EQUIPMENT {
            bodies.push(("infrastructure", json!({ "service_point_id": self.network.id("c2t1v1"), "kind": kind })));
        }
        let disabled = self.book.members.values().filter(|member| member.disability_category.is_some());
        let disabled: Vec<Id> = disabled.map(|member| member.id).collect();
        let organisations: Vec<Id> = self.book.organisations.keys().copied().collect();
        for (at, member) in disabled.into_iter().enumerate() {
            let organisation = organisations[at % organisations.len()];
            let body = json!({
                "service_point_id": self.book.organisations[&organisation].service_point_id,
                "organisation_id": organisation, "member_id": member, "role": "maker",
            });
            bodies.push(("membership", body));
        }
        let mut wages = Vec::new();
        for (register, mut body) in bodies {
            let id = self.app.edge.new_id();
            (body["id"], body["starts_on"]) = (json!(id), json!(beginning()));
            self.set_up(Act::Enter(id), register_path(register), body).await;
            let months = ["2025-10", "2025-11", "2025-12"].into_iter().filter(|_| register == "membership");
            wages.extend(months.map(|month| (id, month)));
        }
        for (at, (membership, month)) in (1..).zip(wages) {
            let id = self.app.edge.new_id();
            let body = json!({ "id": id, "membership_id": membership, "month": month, "amount_fen": 200_000 + at });
            self.set_up(Act::LogEntry(id), super::livelihoods::book_path("wage"), body).await;
        }
    }

    /// Makes something before the history begins.
    pub async fn set_up(&mut self, act: Act, path: &str, body: Value) {
        let step = Step::new("set up", super::MANAGER, act, path.to_owned(), MADE).body(body);
        let reply = self.send(&step).await.expect(201);
        self.learn(&step, &reply);
    }

    /// Any item of a register.
    pub fn pick_registered(&mut self, register: &str) -> Option<Registered> {
        let ids: Vec<Id> = self.book.register(register).map(|item| item.id).collect();
        ids.choose(&mut self.rng).map(|id| self.book.registered[id].clone())
    }

    pub fn enter_registered(&mut self) -> Option<Step> {
        let (register, most) = self.pick(&MOST);
        if self.book.register(register).count() >= most {
            return None;
        }
        let mut body = self.new_item(register)?;
        let id = self.app.edge.new_id();
        let first = self.random_day();
        let last = self.rng.gen_bool(0.35).then(|| match self.rng.gen_bool(0.9) {
            true => self.day_between(first, self.app.today()),
            false => self.random_day(),
        });
        let [from, to] = days_called(register);
        (body["id"], body[from], body[to]) = (json!(id), json!(first), json!(last));
        let right = self.refusal_of_registered(register, &body, None).unwrap_or(MADE);
        let path = register_path(register).to_owned();
        let step = Step::new("register item", self.logger(), Act::Enter(id), path, right).changes([id]);
        Some(self.about_registered(step, register, body))
    }

    /// What an item is about, without its days.
    fn new_item(&mut self, register: &str) -> Option<Value> {
        Some(match register {
            "logistics_site" => {
                let (point, kind) = (self.pick_home(), self.pick(&SITE_KINDS));
                // Mostly one that may run it.
                let above: Vec<Id> = self.book.upwards(point).map(|node| node.id).collect();
                let fits = self.book.catalogue("partner").filter(|partner| {
                    above.contains(&partner.service_point_id) && partner.kind.as_deref() == Some("logistics")
                });
                let fits: Vec<Id> = fits.map(|partner| partner.id).collect();
                let fitting = fits.choose(&mut self.rng).copied().filter(|_| self.rng.gen_bool(0.8));
                let partner = fitting.or_else(|| self.pick_item("partner"))?;
                json!({ "service_point_id": point, "kind": kind, "name": "模拟站点", "partner_id": partner })
            }
            "coverage" => {
                let site = self.pick_registered("logistics_site")?;
                json!({ "service_point_id": self.pick_village(), "site_id": site.id })
            }
            "infrastructure" => json!({ "service_point_id": self.pick_village(), "kind": self.pick(&EQUIPMENT) }),
            "membership" => {
                let organisation = self.pick_organisation();
                let household = self.pick_household();
                json!({
                    "service_point_id": self.book.organisations[&organisation].service_point_id,
                    "organisation_id": organisation, "member_id": self.pick_member_of(household).id,
                    "role": self.pick(&ROLES),
                })
            }
            _ => {
                let (household, mode) = (self.pick_household(), self.pick(&MODES));
                let mut body = json!({ "household_id": household, "mode": mode });
                let stores: Vec<Id> = self.book.stores.keys().copied().collect();
                match stores.choose(&mut self.rng).copied().filter(|_| self.rng.gen_bool(0.5)) {
                    Some(store) => {
                        body["store_id"] = json!(store);
                        body["service_point_id"] = json!(self.book.stores[&store].service_point_id);
                    }
                    None => {
                        let organisation = self.pick_organisation();
                        body["organisation_id"] = json!(organisation);
                        body["service_point_id"] = json!(self.book.organisations[&organisation].service_point_id);
                    }
                }
                body
            }
        })
    }

    fn pick_organisation(&mut self) -> Id {
        let ids: Vec<Id> = self.book.organisations.keys().copied().collect();
        self.pick(&ids)
    }

    fn pick_village(&mut self) -> Id {
        let villages = self.book.nodes.values().filter(|node| node.tier == "village");
        let villages: Vec<Id> = villages.map(|node| node.id).collect();
        self.pick(&villages)
    }

    /// Other days, another kind, role or way.
    pub fn rewrite_registered(&mut self) -> Option<Step> {
        let register = self.pick(&MOST).0;
        let item = self.pick_registered(register)?;
        let mut body = self.told.ledgers.wholes[&item.id].0.clone();
        let entries = self.entries_of(item.id);
        let (first, last) = ends_of(&entries);
        let (mut starts_on, mut ends_on) = (item.starts_on, item.ends_on);
        for _ in 0..self.rng.gen_range(1..=2) {
            match self.rng.gen_range(0..6) {
                0 => starts_on = self.random_day(),
                // Often a day on which it can be.
                1 => starts_on = self.random_day().min(first.unwrap_or(starts_on)),
                2 | 3 => ends_on = Some(self.day_between(last.unwrap_or(starts_on).max(starts_on), self.app.today())),
                4 => ends_on = self.rng.gen_bool(0.5).then(|| self.random_day()),
                _ => match register {
                    "logistics_site" => body["kind"] = json!(self.pick(&SITE_KINDS)),
                    "membership" => body["role"] = json!(self.pick(&ROLES)),
                    "benefit_link" => body["mode"] = json!(self.pick(&MODES)),
                    _ => {}
                },
            }
        }
        let [from, to] = days_called(register);
        (body[from], body[to]) = (json!(starts_on), json!(ends_on));
        let right = self.refusal_of_registered(register, &body, Some(&item)).unwrap_or(DONE);
        let path = format!("{}/{}", register_path(register), item.id);
        let step = Step::new("rewrite register item", self.logger(), Act::Rewrite(item.id), path, right);
        let step = step.method(Method::PUT).version(item.version).changes([item.id]);
        let step = step.watches([format!("entries:{}", item.id)]);
        Some(self.about_registered(step, register, body))
    }

    /// What decides about an item, and what it adds to.
    fn about_registered(&self, step: Step, register: &str, body: Value) -> Step {
        let fields =
            ["service_point_id", "partner_id", "site_id", "store_id", "organisation_id", "household_id", "member_id"];
        let named: Vec<Id> = fields.into_iter().filter_map(|field| id_in(&body, field)).collect();
        let place = format!("membership:{}:{}", body["organisation_id"], body["member_id"]);
        let owner = id_in(&body, "store_id").map(|store| format!("links:{store}"));
        let tree = id_in(&body, "partner_id").map(|_| "tree");
        let step = step.body(body).depends(named).adds_to(owner).watches(tree);
        if register == "membership" { step.changes([place]) } else { step }
    }

    fn refusal_of_registered(&self, register: &str, body: &Value, before: Option<&Registered>) -> Option<Outcome> {
        let day = |field: &str| body[field].as_str().map(|day| day.parse::<Day>().unwrap());
        let [from, to] = days_called(register);
        let (first, last) = (day(from).unwrap(), day(to));
        let point = &self.book.nodes[&id_in(body, "service_point_id").unwrap()];
        let is_late = register == "logistics_site";
        if before.is_none() && !is_late && point.status == "closed" {
            return Some(POINT_ENDED);
        }
        if last.is_some_and(|last| last < first) {
            return Some(BEFORE_FROM);
        }
        let today = self.app.today();
        let wrong = match register {
            "logistics_site" if before.is_none() => {
                let partner = &self.book.items[&id_in(body, "partner_id").unwrap()];
                let is_above = self.book.upwards(point.id).any(|node| node.id == partner.service_point_id);
                let unfit = (partner.kind.as_deref() != Some("logistics")).then_some(NOT_LOGISTICS);
                let wrong = if is_above { unfit } else { Some(NOT_KEPT_ABOVE) };
                wrong.or_else(|| self.refusal_of_giver(point.id, first))
            }
            "coverage" => {
                let site = &self.book.registered[&id_in(body, "site_id").unwrap()];
                let overlaps = site.starts_on <= last.unwrap_or(today) && site.ends_on.is_none_or(|end| first <= end);
                (!overlaps).then_some(SITE_NOT_OPEN)
            }
            "membership" => {
                let member = &self.book.members[&id_in(body, "member_id").unwrap()];
                let has_left = member.left_on.is_some_and(|left_on| left_on <= first);
                (before.is_none() && has_left).then_some(HAS_LEFT)
            }
            "benefit_link" => {
                let household = &self.book.households[&id_in(body, "household_id").unwrap()];
                let store = id_in(body, "store_id").map(|store| &self.book.stores[&store]);
                let outlives = |closed_on: Day| last.is_none_or(|last| closed_on < last);
                if first < household.registered_on {
                    Some(BEFORE_REGISTRATION)
                } else if store.is_some_and(|store| store.household_id == Some(household.id)) {
                    Some(OWN_STORE)
                } else {
                    let outside =
                        store.is_some_and(|store| first < store.opened_on || store.closed_on.is_some_and(outlives));
                    outside.then_some(NOT_IN_FORCE)
                }
            }
            _ => None,
        };
        wrong.or_else(|| {
            let (first_end, last_begin) = ends_of(&before.map(|item| self.entries_of(item.id)).unwrap_or_default());
            let outside = first_end.is_some_and(|end| end < first)
                || last_begin.is_some_and(|begin| last.is_some_and(|last| last < begin));
            if outside {
                return Some(ENTRIES_OUTSIDE);
            }
            let last = last.unwrap_or(today.max(first));
            let belongs = |other: &Registered| {
                before.is_none_or(|before| before.id != other.id)
                    && Some((other.organisation_id, other.member_id))
                        == Some((id_in(body, "organisation_id"), id_in(body, "member_id")))
                    && other.starts_on <= last
                    && other.ends_on.is_none_or(|end| first <= end)
            };
            let is_twice = register == "membership" && self.book.register(register).any(belongs);
            is_twice.then_some(BELONGS_ALREADY)
        })
    }

    /// The counted entries of an item of a register.
    fn entries_of(&self, item: Id) -> Vec<&Entry> {
        let entries = self.book.entries.values().filter(|entry| entry.item_id == Some(item));
        entries.filter(|entry| entry.state == "active").collect()
    }
}

/// The first day by which an entry ends, and the last on which one begins.
fn ends_of(entries: &[&Entry]) -> (Option<Day>, Option<Day>) {
    let end = |entry: &&Entry| if entry.whole_month { month_of(entry.on_day).last } else { entry.on_day };
    (entries.iter().map(end).min(), entries.iter().map(|entry| entry.on_day).max())
}
