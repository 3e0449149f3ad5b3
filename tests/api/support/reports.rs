//! A month that can be sent in, in a network that was opened later.

use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use super::{Actor, Network, TestApp};

/// A month in which the village was open and nothing happened.
pub const QUIET_MONTH: &str = "2026-10";

/// A village older than the rest of the network.
pub struct OldVillage {
    pub id: Id,
    /// Sends its reports in.
    pub worker: Actor,
    /// Manager at its township.
    pub reviewer: Actor,
}

impl OldVillage {
    pub async fn open(app: &TestApp, network: &Network) -> Self {
        let (admin, township) = (app.actor(&[(Role::Admin, network.id("b"))]), network.id("c1t1"));
        let body = json!({ "parent_id": township, "tier": "village", "name": "模拟老村", "opened_on": "2026-09-01" });
        let id = app.post(&admin, "/api/v1/service-points", &body).await.expect(201).id();
        let [worker, reviewer] = [(Role::Worker, id), (Role::Manager, township)].map(|grant| app.actor(&[grant]));
        Self { id, worker, reviewer }
    }

    /// What sends the quiet month in.
    pub fn month(&self, id: Id) -> Value {
        json!({ "id": id, "service_point_id": self.id, "month": QUIET_MONTH, "nil": true, "note": "模拟说明" })
    }

    /// The report of the quiet month, sent in.
    pub async fn sent(&self, app: &TestApp) -> Value {
        app.post(&self.worker, "/api/v1/reports", &self.month(app.edge.new_id())).await.expect(201).json()
    }
}
