//! Stores, their sales and livestreams: entered, written anew and closed; logged, corrected and taken back.

use actix_web::http::Method;
use rand::{Rng as _, seq::SliceRandom as _};
use serde_json::{Value, json};
use terrace::domain::{Day, Id};

use super::{
    super::recount::{Entry, Period, Store},
    History, MANAGER, WORKER,
    step::{
        Act, COVERS, DONE, ENTRIES_OUTSIDE, ENTRY_VOIDED, MADE, NOT_IN_FORCE, NOT_KEPT_ABOVE, NOT_OPEN, Outcome, STALE,
        Step,
    },
};

pub const STORES: &str = "/api/v1/stores";
const SALES: &str = "/api/v1/sales";
const LIVESTREAMS: &str = "/api/v1/livestreams";
const CHANNELS: [&str; 3] = ["online", "offline", "contactless"];
/// So many stores are enough to be counted.
const MOST_STORES: usize = 18;

impl History<'_> {
    /// Whoever logs: what each sees of the tree is not followed here.
    pub fn logger(&mut self) -> usize {
        self.pick(&[WORKER, WORKER, MANAGER])
    }

    /// An item of a catalogue.
    pub fn pick_item(&mut self, catalogue: &str) -> Option<Id> {
        let ids: Vec<Id> = self.book.catalogue(catalogue).map(|item| item.id).collect();
        ids.choose(&mut self.rng).copied()
    }

    pub fn day_between(&mut self, first: Day, last: Day) -> Day {
        let days = u64::try_from(last.days_since(first)).unwrap_or(0);
        first.plus_days(self.rng.gen_range(0..=days))
    }

    /// Whether an item is in force on both ends of some days.
    fn holds(&self, id: Id, (first, last): (Day, Day)) -> bool {
        let item = &self.book.items[&id];
        let holds = |day: Day| item.starts_on.is_none_or(|from| from <= day) && item.ends_on.is_none_or(|to| day <= to);
        holds(first) && holds(last)
    }

    /// Whether a balance, here or above, stands for the day.
    pub fn is_covered(&self, metric: &str, point: Id, day: Day) -> bool {
        let stands = |item: &&super::super::recount::Item| {
            item.kind.as_deref() == Some(metric) && item.starts_on.is_some_and(|as_of| day < as_of)
        };
        let balances: Vec<Id> =
            self.book.catalogue("opening_balance").filter(stands).map(|item| item.service_point_id).collect();
        self.book.upwards(point).any(|node| balances.contains(&node.id))
    }

    /// A household's, an organisation's or a point's own store on one of the platforms.
    pub fn open_store(&mut self) -> Option<Step> {
        if self.book.stores.len() >= MOST_STORES {
            return None;
        }
        let (id, point, platform) = (self.app.edge.new_id(), self.pick_home(), self.pick_item("platform")?);
        let opened_on = self.random_day();
        let mut body = json!({
            "id": id, "service_point_id": point, "platform_id": platform, "name": "模拟网店", "opened_on": opened_on,
        });
        self.give_owner(&mut body);
        let refused = self.refusal_of_items(point, (opened_on, opened_on), &[platform]);
        let refused = refused.or_else(|| self.refusal_of_giver(point, opened_on));
        let (actor, right) = (self.logger(), refused.unwrap_or(MADE));
        let step = Step::new("store", actor, Act::Enter(id), STORES.to_owned(), right).body(body);
        Some(step.depends([point, platform]).changes([id]).watches(["tree"]))
    }

    fn give_owner(&mut self, body: &mut Value) {
        (body["household_id"], body["organisation_id"]) = (Value::Null, Value::Null);
        match self.rng.gen_range(0..4) {
            0 => {
                let ids: Vec<Id> = self.book.organisations.keys().copied().collect();
                body["organisation_id"] = json!(self.pick(&ids));
            }
            1 => {}
            _ => body["household_id"] = json!(self.pick_household()),
        }
    }

    /// Another name, owner, first day or last day; open again.
    pub fn rewrite_store(&mut self) -> Option<Step> {
        let ids: Vec<Id> = self.book.stores.keys().copied().collect();
        let store = self.book.stores[ids.choose(&mut self.rng)?].clone();
        let mut body = self.told.ledgers.wholes[&store.id].0.clone();
        let today = self.app.today();
        let sold = self.book.entries.values().filter(|entry| entry.store_id == Some(store.id));
        let sold: Vec<&Entry> = sold.filter(|entry| entry.state == "active").collect();
        let end = |entry: &&Entry| if entry.whole_month { month_of(entry.on_day).last } else { entry.on_day };
        let (first, last) = (sold.iter().map(end).min(), sold.iter().map(|entry| entry.on_day).max());
        let (mut opened_on, mut closed_on) = (store.opened_on, store.closed_on);
        for _ in 0..self.rng.gen_range(1..=2) {
            match self.rng.gen_range(0..6) {
                0 => opened_on = self.random_day(),
                1 => opened_on = self.random_day().min(first.unwrap_or(today)),
                // Often a day on which it can be.
                2 | 3 => closed_on = Some(self.day_between(last.unwrap_or(opened_on).max(opened_on), today)),
                4 => closed_on = self.rng.gen_bool(0.7).then(|| self.random_day()),
                _ => self.give_owner(&mut body),
            }
        }
        (body["opened_on"], body["closed_on"]) = (json!(opened_on), json!(closed_on));
        let right = if closed_on.is_some_and(|closed_on| closed_on < opened_on) {
            super::step::BEFORE_FROM
        } else if first.is_some_and(|first| first < opened_on)
            || last.is_some_and(|last| closed_on.is_some_and(|closed_on| closed_on < last))
            || self.lifts_outside(store.id, opened_on, closed_on)
        {
            ENTRIES_OUTSIDE
        } else {
            DONE
        };
        let path = format!("{STORES}/{}", store.id);
        let step = Step::new("rewrite store", self.logger(), Act::Rewrite(store.id), path, right).method(Method::PUT);
        Some(
            step.body(body)
                .version(store.version)
                .changes([store.id])
                .watches([format!("entries:{}", store.id), format!("links:{}", store.id)]),
        )
    }

    /// Whether a store would lift somebody before its first day or after its last one.
    fn lifts_outside(&self, store: Id, opened_on: Day, closed_on: Option<Day>) -> bool {
        let outlives = |last: Option<Day>| closed_on.is_some_and(|closed_on| last.is_none_or(|last| closed_on < last));
        let mut links = self.book.register("benefit_link").filter(|link| link.store_id == Some(store));
        links.any(|link| link.starts_on < opened_on || outlives(link.ends_on))
    }

    /// What a store sold on a day or in a month, or a point itself.
    pub fn sell(&mut self) -> Step {
        let store = self.pick_store().filter(|_| self.rng.gen_bool(0.8));
        let (id, mut point) = (self.app.edge.new_id(), self.pick_point());
        // Often one that is not at work.
        let idle: Vec<Id> =
            self.book.nodes.values().filter(|node| node.status != "active").map(|node| node.id).collect();
        if !idle.is_empty() && self.rng.gen_bool(0.3) {
            point = self.pick(&idle);
        }
        let mut body = json!({
            "id": id, "channel": self.pick(&CHANNELS), "orders": self.rng.gen_range(0..200),
            "amount_fen": self.rng.gen_range(1..1_000_000),
        });
        let (point, days) = match &store {
            Some(store) => {
                body["store_id"] = json!(store.id);
                let day = self.day_of(store);
                (store.service_point_id, self.say_days(&mut body, day))
            }
            None => {
                body["service_point_id"] = json!(point);
                let day = self.random_day();
                (point, self.say_days(&mut body, day))
            }
        };
        let mut named = Vec::new();
        for (catalogue, field) in [("product", "product_id"), ("campaign", "campaign_id")] {
            if let Some(item) = self.pick_item(catalogue).filter(|_| self.rng.gen_bool(0.5)) {
                // Mostly one that is in force.
                if self.holds(item, days) || self.rng.gen_bool(0.3) {
                    body[field] = json!(item);
                    named.push(item);
                }
            }
        }
        let refused = self.refusal_of_shop(point, store.as_ref(), days, &named);
        let refused = refused.or_else(|| self.refusal_of_time(point, days.0));
        let actor = self.logger();
        let step = Step::new("sale", actor, Act::LogEntry(id), SALES.to_owned(), refused.unwrap_or(MADE)).body(body);
        let step = at_shop(step, point, store.as_ref().map(|store| store.id)).depends(named).changes([id]);
        step.watches(["tree", "balances"]).adds_to(["sales"])
    }

    pub fn stream(&mut self) -> Option<Step> {
        let store = self.pick_store()?;
        let (id, day) = (self.app.edge.new_id(), self.day_of(&store));
        let platform = match self.rng.gen_bool(0.3) {
            true => self.pick_item("platform")?,
            false => store.platform_id,
        };
        let body = json!({
            "id": id, "store_id": store.id, "on": day, "platform_id": platform, "orders": self.rng.gen_range(0..50),
            "amount_fen": self.rng.gen_range(0..100_000), "viewers": 300, "minutes": 90,
        });
        let named: Vec<Id> = Some(platform).into_iter().filter(|id| *id != store.platform_id).collect();
        let refused = self.refusal_of_shop(store.service_point_id, Some(&store), (day, day), &named);
        let refused = refused.or_else(|| self.refusal_of_time(store.service_point_id, day));
        let actor = self.logger();
        let right = refused.unwrap_or(MADE);
        let step = Step::new("livestream", actor, Act::LogEntry(id), LIVESTREAMS.to_owned(), right).body(body);
        let step = at_shop(step, store.service_point_id, Some(store.id)).depends(named).changes([id]);
        Some(step.watches(["tree", "balances"]))
    }

    fn pick_store(&mut self) -> Option<Store> {
        let ids: Vec<Id> = self.book.stores.keys().copied().collect();
        ids.choose(&mut self.rng).map(|id| self.book.stores[id].clone())
    }

    /// Mostly a day of its life.
    fn day_of(&mut self, store: &Store) -> Day {
        match self.rng.gen_bool(0.85) {
            true => self.day_between(store.opened_on, store.closed_on.unwrap_or(self.app.today())),
            false => self.random_day(),
        }
    }

    /// The day, or the month that it lies in: the days that are meant.
    fn say_days(&mut self, body: &mut Value, day: Day) -> (Day, Day) {
        match self.rng.gen_bool(0.7) {
            true => {
                body["on"] = json!(day);
                (day, day)
            }
            false => {
                let month = month_of(day);
                body["month"] = json!(month.text);
                (month.first, month.last)
            }
        }
    }

    fn refusal_of_shop(&self, point: Id, store: Option<&Store>, days: (Day, Day), named: &[Id]) -> Option<Outcome> {
        let was_open =
            |store: &Store| store.opened_on <= days.1 && store.closed_on.is_none_or(|closed_on| days.0 <= closed_on);
        if store.is_some_and(|store| !was_open(store)) {
            return Some(NOT_OPEN);
        }
        self.refusal_of_items(point, days, named).or_else(|| self.refusal_of_giver(point, days.0))
    }

    /// An item is kept by the point or above it, and in force.
    pub fn refusal_of_items(&self, point: Id, days: (Day, Day), named: &[Id]) -> Option<Outcome> {
        named.iter().find_map(|id| {
            let keeper = self.book.items[id].service_point_id;
            if !self.book.upwards(point).any(|node| node.id == keeper) {
                return Some(NOT_KEPT_ABOVE);
            }
            (!self.holds(*id, days)).then_some(NOT_IN_FORCE)
        })
    }

    fn refusal_of_time(&self, point: Id, day: Day) -> Option<Outcome> {
        self.is_covered("sales_cumulative", point, day).then_some(COVERS)
    }

    /// Another channel, number, amount, day, product, campaign or platform.
    pub fn correct_trade(&mut self, entry: &Entry) -> Step {
        let is_sale = entry.ledger == "sale";
        let mut body = json!({ "reason": "模拟更正" });
        let last = if entry.whole_month { month_of(entry.on_day).last } else { entry.on_day };
        let (was, mut days) = ((entry.on_day, last), (entry.on_day, last));
        let store = entry.store_id.map(|id| self.book.stores[&id].clone());
        let (mut product, mut campaign, mut platform) = (entry.product_id, entry.campaign_id, entry.platform_id);
        for _ in 0..self.rng.gen_range(0..=3) {
            match self.rng.gen_range(0..6) {
                0 if is_sale => body["channel"] = json!(self.pick(&CHANNELS)),
                1 => body["orders"] = json!(self.rng.gen_range(0..200)),
                2 => body["amount_fen"] = json!(self.rng.gen_range(1..1_000_000)),
                3 if is_sale && body.get("on").or(body.get("month")).is_none() => {
                    let day = store.as_ref().map(|store| self.day_of(store)).unwrap_or_else(|| self.random_day());
                    days = self.say_days(&mut body, day);
                }
                3 => {
                    let day = store.as_ref().map(|store| self.day_of(store));
                    if let Some(day) = day.filter(|_| !is_sale) {
                        body["on"] = json!(day);
                        days = (day, day);
                    }
                }
                4 if is_sale => {
                    product = self.pick_item("product").filter(|_| self.rng.gen_bool(0.7));
                    body["product_id"] = json!(product);
                }
                5 if is_sale => {
                    campaign = self.pick_item("campaign").filter(|_| self.rng.gen_bool(0.7));
                    body["campaign_id"] = json!(campaign);
                }
                4 => {
                    platform = self.pick_item("platform");
                    body["platform_id"] = json!(platform);
                }
                _ => {}
            }
        }
        // What was right when it was said stays so.
        let moved = days != was;
        let mut named = Vec::new();
        named.extend(product.filter(|_| moved || product != entry.product_id));
        named.extend(campaign.filter(|_| moved || campaign != entry.campaign_id));
        named.extend(platform.filter(|_| platform != entry.platform_id));
        let point = entry.service_point_id;
        let refused = match entry.state.as_str() {
            "voided" => Some(ENTRY_VOIDED),
            _ => {
                let refused = self.refusal_of_shop(point, store.as_ref(), days, &named);
                refused.or_else(|| self.refusal_of_time(point, days.0).filter(|_| days.0 != was.0))
            }
        };
        let step = self.of_entry("correct entry", Act::CorrectEntry(entry.id), entry, refused);
        let step = step.method(Method::PATCH).body(body).depends(named).watches(["tree", "balances"]);
        at_shop(step, point, entry.store_id).adds_to(["sales"])
    }

    /// A request about an entry that is there.
    pub fn of_entry(&mut self, name: &'static str, act: Act, entry: &Entry, refused: Option<Outcome>) -> Step {
        let collection = match entry.ledger.as_str() {
            "sale" => SALES,
            "livestream" => LIVESTREAMS,
            "training_session" => super::training::SESSIONS,
            "attendance" => super::training::ATTENDANCES,
            ledger => super::livelihoods::book_path(ledger),
        };
        let verb = if matches!(act, Act::VoidEntry(_)) { "/void" } else { "" };
        let stale = self.rng.gen_bool(0.06);
        let (version, right) =
            if stale { (entry.version + 100, STALE) } else { (entry.version, refused.unwrap_or(DONE)) };
        let step = Step::new(name, self.logger(), act, format!("{collection}/{}{verb}", entry.id), right);
        step.version(version).changes([entry.id]).adds_to([entry.service_point_id])
    }
}

/// What decides about an entry of a store or a point, and what it adds to.
fn at_shop(step: Step, point: Id, store: Option<Id>) -> Step {
    let entries = store.map(|store| format!("entries:{store}"));
    step.depends([point]).depends(store).adds_to([point]).adds_to(entries)
}

pub fn month_of(day: Day) -> Period {
    Period::of(&day.to_string()[..7])
}
