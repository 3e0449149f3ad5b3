//! Doubtful items: each rule at both sides of its edge, what an explanation closes and what opens it again, and who sees what.

mod explained;
mod livelihoods;
mod monthly;
mod scope;
mod standing;
mod trade;

use serde_json::{Value, json};
use terrace::domain::{Day, Id, codes::Role};

use crate::support::{Actor, Network, TestApp, household};

const ITEMS: &str = "/api/v1/doubtful-items";
const EXPLANATIONS: &str = "/api/v1/doubtful-explanations";
const HOUSEHOLDS: &str = "/api/v1/households";
const RECORDS: &str = "/api/v1/assistance-records";

/// An app, a network, and somebody who may do everything with households in it.
struct Desk {
    app: TestApp,
    network: Network,
    manager: Actor,
}

impl Desk {
    async fn new(app: TestApp) -> Self {
        let network = app.network().await;
        let manager = app.actor(&[(Role::Manager, network.id("b"))]);
        Self { app, network, manager }
    }

    /// So many seconds later, with a session that has not run out.
    fn advance(&mut self, seconds: i64) {
        self.app.edge.advance(seconds);
        self.manager = self.app.actor(&[(Role::Manager, self.network.id("b"))]);
    }

    /// A household at home at a point, with these fields.
    async fn household(&self, home: &str, fields: Value) -> Id {
        let mut body = household(self.network.id(home));
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.app.post(&self.manager, HOUSEHOLDS, &body).await.expect(201).id()
    }

    /// A record of what a point gave to a household, with these fields.
    async fn record(&self, giver: &str, household: Id, given_on: Day, fields: Value) -> Id {
        let mut body = json!({
            "household_id": household, "service_point_id": self.network.id(giver), "kind": "training",
            "given_on": given_on, "quantity": 1,
        });
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.app.post(&self.manager, RECORDS, &body).await.expect(201).id()
    }

    /// Everything that a rule finds, with this query.
    async fn items(&self, rule: &str, query: &str) -> Vec<Value> {
        self.app.all_pages(&self.manager, &format!("{ITEMS}?rule={rule}{query}"), 3).await
    }

    /// What a rule finds: the subjects, sorted.
    async fn found(&self, rule: &str, query: &str) -> Vec<Id> {
        let items = self.items(rule, query).await;
        let mut ids: Vec<Id> = items.iter().map(|item| item["subject_id"].as_str().unwrap().parse().unwrap()).collect();
        ids.sort_unstable();
        ids
    }

    /// Fails unless a rule finds exactly these.
    #[track_caller]
    fn same(&self, found: Vec<Id>, mut right: Vec<Id>) {
        right.sort_unstable();
        assert_eq!(found, right);
    }

    fn day(&self, text: &str) -> Day {
        text.parse().unwrap()
    }
}

/// A year's income of so many fen in all.
fn income(fen: i64) -> Value {
    json!({
        "year": 2025, "wages_fen": fen, "business_fen": 0, "property_fen": 0, "transfers_fen": 0,
        "business_expenses_fen": 0,
    })
}
