//! Inspections: the frame, the seed, the draw, what is found in the field and what follows.

mod drawing;
mod field;
mod findings;
mod same;

use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use crate::support::{Actor, Network, Reply, TestApp};

const INSPECTIONS: &str = "/api/v1/inspections";
const ITEMS: &str = "/api/v1/inspection-items";
const FINDINGS: &str = "/api/v1/inspection-findings";
const RECORDS: &str = "/api/v1/assistance-records";

/// A network with a household, and people who inspect it.
struct Office {
    app: TestApp,
    network: Network,
    worker: Actor,
    auditor: Actor,
    household: Id,
}

impl Office {
    async fn open(app: TestApp) -> Self {
        let network = app.network().await;
        let worker = app.actor(&[(Role::Worker, network.id("b"))]);
        let auditor = app.actor(&[(Role::Auditor, network.id("b"))]);
        let mut household = crate::support::household(network.id("c1t1v1"));
        household["registered_on"] = json!("2026-01-01");
        let household = app.post(&worker, "/api/v1/households", &household).await.expect(201).id();
        Self { app, network, worker, auditor, household }
    }

    fn someone(&self, role: Role, point: &str) -> Actor {
        self.app.actor(&[(role, self.network.id(point))])
    }

    /// What a point gave, with whatever else is said of it.
    async fn given(&self, point: &str, more: Value) -> Id {
        let mut body = json!({
            "household_id": self.household, "service_point_id": self.network.id(point), "kind": "training",
            "given_on": "2026-11-10", "quantity": 2,
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.app.post(&self.worker, RECORDS, &body).await.expect(201).id()
    }

    async fn many(&self, point: &str, count: usize) {
        for _ in 0..count {
            self.given(point, json!({})).await;
        }
    }

    /// An inspection of November that may be framed.
    fn body(&self, top: &str, method: &str, sample_size: usize) -> Value {
        json!({
            "service_point_id": self.network.id(top), "name": "模拟抽查", "period_from": "2026-11-01",
            "period_to": "2026-11-24", "method": method, "sample_size": sample_size,
        })
    }

    async fn frame(&self, body: &Value) -> Value {
        self.app.post(&self.auditor, INSPECTIONS, body).await.expect(201).json()
    }

    async fn step(&self, inspection: &Value, step: &str, body: Option<Value>) -> Reply {
        let path = format!("{INSPECTIONS}/{}/{step}", inspection["id"].as_str().unwrap());
        self.app.post_to(&self.auditor, &path, inspection["version"].as_i64().unwrap(), body.as_ref()).await
    }

    /// The inspection after its seed and its draw.
    async fn drawn(&self, body: &Value, seed: &str) -> Value {
        let framed = self.frame(body).await;
        let seeded = self.step(&framed, "seed", Some(json!({ "seed": seed }))).await.expect(200).json();
        self.step(&seeded, "draw", None).await.expect(200).json()
    }

    async fn items(&self, inspection: &Value) -> Vec<Value> {
        let path = format!("{ITEMS}?inspection_id={}", inspection["id"].as_str().unwrap());
        self.app.all_pages(&self.auditor, &path, 7).await
    }

    async fn frame_text(&self, inspection: &Value) -> String {
        let (mut text, path) = (String::new(), format!("{INSPECTIONS}/{}/frame", inspection["id"].as_str().unwrap()));
        for part in 1..=inspection["frame_parts"].as_i64().unwrap() {
            let part = self.app.get(&self.auditor, &format!("{path}?part={part}")).await.expect(200).json();
            for line in part["lines"].as_array().unwrap() {
                text.push_str(line.as_str().unwrap());
                text.push('\n');
            }
        }
        text
    }

    async fn check(&self, item: &Value, result: &Value) -> Reply {
        let path = format!("{ITEMS}/{}/result", item["id"].as_str().unwrap());
        self.app.post_to(&self.auditor, &path, item["version"].as_i64().unwrap(), Some(result)).await
    }

    async fn results(&self, inspection: &Value) -> Value {
        let path = format!("{INSPECTIONS}/{}/results", inspection["id"].as_str().unwrap());
        self.app.get(&self.auditor, &path).await.expect(200).json()
    }
}

/// Refused with this status and code.
#[track_caller]
fn refused(reply: &Reply, status: u16, code: &str) {
    assert_eq!((reply.status, reply.code().as_str()), (status, code), "{}", reply.text());
}
