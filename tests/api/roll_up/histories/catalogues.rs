//! Catalogues: partners and their agreements, platforms, products, campaigns, opening balances; entered and written anew.

use actix_web::http::Method;
use rand::Rng as _;
use serde_json::{Value, json};
use terrace::domain::{Day, Id};

use super::{
    super::recount::{Entry, Item},
    History, MANAGER, WORKER, beginning,
    step::{ALREADY_SO, Act, COVERS, DONE, ENTRIES_OUTSIDE, MADE, Outcome, Step},
    trade::month_of,
};

const PARTNER_KINDS: [&str; 4] = ["platform", "logistics", "logistics", "training"];
const METRICS: [&str; 2] = ["sales_cumulative", "persons_trained_cumulative"];
/// So many agreements and partners are enough to be counted.
const MOST_AGREEMENTS: usize = 14;
const MOST_PARTNERS: usize = 5;

impl History<'_> {
    /// What stores and sales stand on, before anything happens.
    pub async fn set_up_trade(&mut self) {
        let at = |history: &Self, name: &str| json!({ "id": history.app.edge.new_id(), "service_point_id": history.network.id(name), "name": "模拟名录" });
        for (collection, name, fields) in [
            ("partners", "b", json!({ "kind": "platform", "reach": "national" })),
            ("partners", "c1", json!({ "kind": "training", "reach": "local" })),
            ("partners", "b", json!({ "kind": "logistics", "reach": "national" })),
            ("platforms", "b", json!({ "kind": "shelf" })),
            ("platforms", "b", json!({ "kind": "live" })),
            ("platforms", "c2", json!({ "kind": "social", "ends_on": "2026-09-30" })),
            ("products", "b", json!({ "category": "spice" })),
            ("products", "c1", json!({ "category": "oil", "ends_on": "2026-10-15" })),
            ("campaigns", "b", json!({ "starts_on": "2025-10-01", "ends_on": "2026-06-30" })),
            ("campaigns", "c2", json!({ "starts_on": "2026-03-01", "ends_on": "2027-02-28" })),
            ("opening-balances", "c2", json!({ "metric": "sales_cumulative", "value": 90_000 })),
            ("opening-balances", "c2", json!({ "metric": "persons_trained_cumulative", "value": 4 })),
            ("organisations", "c1t1v1", json!({ "kind": "cooperative" })),
            ("organisations", "c2", json!({ "kind": "enterprise" })),
        ] {
            let mut body = at(self, name);
            body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            if collection == "opening-balances" {
                body.as_object_mut().unwrap().remove("name");
                (body["as_of"], body["source"]) = (json!(beginning()), json!("模拟台账"));
            }
            let id = body["id"].as_str().unwrap().parse().unwrap();
            let actor = if collection == "organisations" { WORKER } else { MANAGER };
            let step = Step::new("set up", actor, Act::Enter(id), format!("/api/v1/{collection}"), MADE).body(body);
            let reply = self.send(&step).await.expect(201);
            self.learn(&step, &reply);
        }
    }

    pub fn enter_item(&mut self) -> Option<Step> {
        let id = self.app.edge.new_id();
        let (catalogue, mut body, right) = match self.rng.gen_range(0..10) {
            0 if self.book.catalogue("partner").count() < MOST_PARTNERS => {
                let point = self.pick_upper();
                (
                    "partner",
                    json!({ "service_point_id": point, "kind": self.pick(&PARTNER_KINDS), "reach": "local" }),
                    MADE,
                )
            }
            0..=5 if self.book.catalogue("agreement").count() < MOST_AGREEMENTS => {
                let partner = self.pick_item("partner")?;
                let point = self.book.items[&partner].service_point_id;
                let (starts_on, ends_on) = self.some_days();
                let body = json!({ "service_point_id": point, "partner_id": partner, "starts_on": starts_on, "ends_on": ends_on });
                ("agreement", body, MADE)
            }
            _ => {
                let (point, metric) = (self.pick_upper(), self.pick(&METRICS));
                let as_of = self.day_of_balance(point);
                let kept = |item: &Item| item.service_point_id == point && item.kind.as_deref() == Some(metric);
                let there = self.book.catalogue("opening_balance").any(kept).then_some(ALREADY_SO);
                let right = self.refusal_of_balance(point, metric, as_of).or(there).unwrap_or(MADE);
                let body = json!({
                    "service_point_id": point, "metric": metric, "as_of": as_of, "value": self.some_value(),
                    "source": "模拟台账",
                });
                ("opening_balance", body, right)
            }
        };
        body["id"] = json!(id);
        if catalogue != "opening_balance" {
            body["name"] = json!("模拟名录");
        }
        let path = format!("/api/v1/{}", collection_of(catalogue));
        let step = Step::new("item", MANAGER, Act::Enter(id), path, right).body(body.clone()).changes([id]);
        Some(self.as_item(step, catalogue, &body))
    }

    /// Other days, another kind, another value.
    pub fn rewrite_item(&mut self) -> Option<Step> {
        let catalogue = self.pick(&[
            "partner",
            "agreement",
            "agreement",
            "agreement",
            "platform",
            "product",
            "campaign",
            "opening_balance",
            "opening_balance",
        ]);
        let id = self.pick_item(catalogue)?;
        let item = self.book.items[&id].clone();
        let mut body = self.told.ledgers.wholes[&item.id].0.clone();
        let mut right = DONE;
        match catalogue {
            "partner" => body["kind"] = json!(self.pick(&PARTNER_KINDS)),
            "platform" | "product" => {
                body["ends_on"] = json!(self.rng.gen_bool(0.5).then(|| self.random_day().plus_days(60)));
            }
            "opening_balance" => {
                let (point, metric) = (item.service_point_id, item.kind.clone().unwrap());
                let as_of = if self.rng.gen_bool(0.5) { self.day_of_balance(point) } else { item.starts_on.unwrap() };
                (body["as_of"], body["value"]) = (json!(as_of), json!(self.some_value()));
                // Only of days that it did not stand for before it is asked what is there.
                let is_longer = item.starts_on.unwrap() < as_of;
                let refused = self.refusal_of_balance(point, &metric, as_of).filter(|_| is_longer);
                right = refused.unwrap_or(DONE);
            }
            _ => {
                let (starts_on, ends_on) = self.some_days();
                // A campaign has its end.
                let ends_on = ends_on.or_else(|| (catalogue == "campaign").then(|| starts_on.plus_days(100)));
                (body["starts_on"], body["ends_on"]) = (json!(starts_on), json!(ends_on));
                let last = |sale: &Entry| if sale.whole_month { month_of(sale.on_day).last } else { sale.on_day };
                let mut sold = self.book.entered("sale").filter(|sale| sale.campaign_id == Some(id));
                if sold.any(|sale| sale.on_day < starts_on || ends_on.is_some_and(|end| end < last(sale))) {
                    right = ENTRIES_OUTSIDE;
                }
            }
        }
        let path = format!("/api/v1/{}/{}", collection_of(catalogue), item.id);
        let step = Step::new("rewrite item", MANAGER, Act::Rewrite(item.id), path, right).method(Method::PUT);
        let step = step.body(body.clone()).version(item.version).changes([item.id]);
        Some(self.as_item(step, catalogue, &body))
    }

    /// What decides about an item, and what it adds to.
    fn as_item(&self, step: Step, catalogue: &str, body: &Value) -> Step {
        if catalogue == "campaign" {
            return step.watches(["sales"]);
        }
        if catalogue != "opening_balance" {
            return step;
        }
        let households: Vec<Id> = self.book.households.keys().copied().collect();
        let place = format!("balance:{}:{}", body["service_point_id"], body["metric"]);
        step.depends(households).changes([place]).watches(["tree", "sales", "trained"]).adds_to(["balances"])
    }

    /// A county or the bureau.
    pub fn pick_upper(&mut self) -> Id {
        let upper = |tier: &str| tier == "bureau" || tier == "county";
        let nodes: Vec<Id> = self.book.nodes.values().filter(|node| upper(&node.tier)).map(|node| node.id).collect();
        self.pick(&nodes)
    }

    /// Some days or a year from some day on, or without an end; the first may lie ahead.
    fn some_days(&mut self) -> (Day, Option<Day>) {
        let first = self.random_day().plus_days(self.rng.gen_range(0..40));
        let last = self.rng.gen_bool(0.8).then(|| first.plus_days(self.rng.gen_range(0..150)));
        (first, last)
    }

    fn some_value(&mut self) -> i64 {
        self.pick(&[0, 1, 250, 7_000_000])
    }

    /// The first of a month: mostly not after anything was sold there.
    fn day_of_balance(&mut self, point: Id) -> Day {
        let below = |id: Id| self.book.upwards(id).any(|node| node.id == point);
        let sold = self.book.entered("sale").filter(|sale| below(sale.service_point_id)).map(|sale| sale.on_day).min();
        let day = match self.rng.gen_bool(0.7) {
            true => sold.unwrap_or_else(beginning).min(beginning().plus_days(80)),
            false => self.random_day(),
        };
        month_of(day).first
    }

    /// Nothing is there of the time that a balance stands for.
    fn refusal_of_balance(&self, point: Id, metric: &str, as_of: Day) -> Option<Outcome> {
        let below = |id: Id| self.book.upwards(id).any(|node| node.id == point);
        let there = match metric {
            "sales_cumulative" => {
                self.book.entered("sale").any(|sale| sale.on_day < as_of && below(sale.service_point_id))
            }
            _ => self.was_trained_before(point, as_of),
        };
        there.then_some(COVERS)
    }
}

fn collection_of(catalogue: &str) -> &'static str {
    match catalogue {
        "partner" => "partners",
        "agreement" => "agreements",
        "platform" => "platforms",
        "product" => "products",
        "campaign" => "campaigns",
        _ => "opening-balances",
    }
}
