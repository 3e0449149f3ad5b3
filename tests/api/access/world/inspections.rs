//! Inspections for the tests to act upon.

use serde_json::{Value, json};
use terrace::domain::Id;

use super::{World, assistance};

const INSPECTIONS: &str = "/api/v1/inspections";

/// A drawn record.
#[derive(Clone, Copy, Debug)]
pub struct Drawn {
    pub inspection: Id,
    pub item: Id,
    pub record: Id,
    pub household: Id,
}

impl World {
    /// An inspection of today's records below a point.
    pub fn inspection_of(&self, top: &str, sample_size: usize, kinds: &[&str]) -> Value {
        json!({
            "service_point_id": self.id(top), "name": "模拟抽查", "period_from": self.app.today(),
            "period_to": self.app.today(), "kinds": kinds, "method": "equal", "sample_size": sample_size,
        })
    }

    async fn framed(&self, top: &str, kinds: &[&str]) -> Id {
        let body = self.inspection_of(top, 1, kinds);
        self.app.post(&self.inspector.actor, INSPECTIONS, &body).await.expect(201).id()
    }

    async fn seed(&self, inspection: Id) {
        let path = format!("{INSPECTIONS}/{inspection}/seed");
        self.app.post_to(&self.inspector.actor, &path, 1, Some(&json!({ "seed": "模拟种子" }))).await.expect(200);
    }

    /// A new inspection that has its frame.
    pub async fn new_inspection(&mut self, top: &str) -> Id {
        self.record(top, top).await;
        self.framed(top, &[]).await
    }

    /// The inspection of a point that no test changes.
    pub async fn inspection(&mut self, top: &str) -> Id {
        if let Some(id) = self.inspections.get(top) {
            return *id;
        }
        let id = self.new_inspection(top).await;
        self.inspections.insert(top.to_owned(), id);
        id
    }

    /// A new inspection that has its seed.
    pub async fn new_seeded(&mut self, top: &str) -> Id {
        let id = self.new_inspection(top).await;
        self.seed(id).await;
        id
    }

    /// A record of what a point gave, drawn. It is voided then, so that the next one is the only one again.
    pub async fn new_item(&mut self, giver: &str) -> Drawn {
        let household = self.household(giver).await;
        let mut body = assistance(household, self.id(giver), self.app.today());
        body["kind"] = json!("incubation");
        let record = self.app.post(&self.clerk.actor, "/api/v1/assistance-records", &body).await.expect(201).id();
        let inspection = self.framed(giver, &["incubation"]).await;
        self.seed(inspection).await;
        let path = format!("{INSPECTIONS}/{inspection}/draw");
        self.app.post_to(&self.inspector.actor, &path, 2, None).await.expect(200);
        let void = format!("/api/v1/assistance-records/{record}/void");
        self.app.post_to(&self.clerk.actor, &void, 1, Some(&json!({ "reason": "模拟" }))).await.expect(200);
        let path = format!("/api/v1/inspection-items?inspection_id={inspection}");
        let items = self.app.get(&self.inspector.actor, &path).await.expect(200).json();
        assert_eq!(items["items"][0]["record_id"], json!(record));
        let item = items["items"][0]["id"].as_str().unwrap().parse().unwrap();
        Drawn { inspection, item, record, household }
    }

    /// The item of what a point gave that no test changes.
    pub async fn item(&mut self, giver: &str) -> Drawn {
        if let Some(drawn) = self.items.get(giver) {
            return *drawn;
        }
        let drawn = self.new_item(giver).await;
        self.items.insert(giver.to_owned(), drawn);
        drawn
    }

    /// Notes that an item was not given.
    pub async fn check(&self, item: Id) {
        let path = format!("/api/v1/inspection-items/{item}/result");
        let body = json!({ "state": "not_found", "note": "模拟核查" });
        self.app.post_to(&self.inspector.actor, &path, 1, Some(&body)).await.expect(200);
    }

    /// A new finding about what a point gave.
    pub async fn new_finding(&mut self, giver: &str) -> (Id, Drawn) {
        let drawn = self.new_item(giver).await;
        self.check(drawn.item).await;
        let body = json!({ "item_id": drawn.item, "reason": "模拟原因" });
        let made = self.app.post(&self.inspector.actor, "/api/v1/inspection-findings", &body).await;
        (made.expect(201).id(), drawn)
    }

    /// The finding about what a point gave that no test decides.
    pub async fn finding(&mut self, giver: &str) -> (Id, Drawn) {
        if let Some(found) = self.findings.get(giver) {
            return *found;
        }
        let found = self.new_finding(giver).await;
        self.findings.insert(giver.to_owned(), found);
        found
    }
    /// A verification, which nothing ever changes.
    pub async fn verification(&self) -> Id {
        let (auditor, path) = (&self.inspector.actor, "/api/v1/verifications");
        let known = self.app.get(auditor, path).await.expect(200).json();
        match known["items"][0]["id"].as_str() {
            Some(id) => id.parse().unwrap(),
            None => self.app.post(auditor, path, &json!({})).await.expect(201).id(),
        }
    }
}
