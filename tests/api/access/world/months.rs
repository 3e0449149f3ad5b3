//! Reports and waivers of points, doubtful items and what is said about them.

use serde_json::{Value, json};
use terrace::{
    db::reports,
    domain::{Id, codes},
};

use super::World;
use crate::support::household;

impl World {
    /// The report of a point for a month before it opened, sent in by the clerk: made in the database, because nobody could send it in.
    pub fn report(&mut self, point: &str) -> Id {
        if let Some(id) = self.reports.get(point) {
            return *id;
        }
        let (id, now, clerk, digest) =
            (self.app.edge.new_id(), self.app.edge.now(), self.clerk.account, "0".repeat(64));
        let report = reports::Report {
            id,
            service_point_id: self.id(point),
            month: "2026-10".parse().unwrap(),
            state: codes::ReportState::Submitted,
            submission: 1,
            digest: digest.clone(),
            version: 1,
            created_by: clerk,
            request_digest: Vec::new(),
            created_at: now,
            updated_at: now,
        };
        let submission = reports::Submission {
            report_id: id,
            number: 1,
            nil: true,
            note: None,
            figures: "{}".to_owned(),
            own_figures: "{}".to_owned(),
            own_digest: digest.clone(),
            digest,
            submitted_by: clerk,
            submitted_at: now,
            decision: None,
            decided_by: None,
            decided_at: None,
            reason: None,
        };
        reports::insert(&mut self.conn, &report).unwrap();
        reports::freeze(&mut self.conn, &submission, &[], "{}").unwrap();
        self.reports.insert(point.to_owned(), id);
        id
    }

    /// The waiver of a point's report for a month before it opened.
    pub fn waiver(&mut self, point: &str) -> Id {
        if let Some(id) = self.waivers.get(point) {
            return *id;
        }
        let (id, now) = (self.app.edge.new_id(), self.app.edge.now());
        let waiver = reports::Waiver {
            id,
            service_point_id: self.id(point),
            parent_id: self.id(self.tree.parent(point).unwrap_or(point)),
            month: "2026-09".parse().unwrap(),
            reason: "模拟原因".to_owned(),
            revoked_at: None,
            version: 1,
            created_by: self.clerk.account,
            request_digest: Vec::new(),
            created_at: now,
            updated_at: now,
        };
        reports::insert_waiver(&mut self.conn, &waiver).unwrap();
        self.waivers.insert(point.to_owned(), id);
        id
    }

    /// What there is to say about a new household whose income is doubtful.
    pub async fn new_doubt(&self, home: &str) -> Value {
        let mut body = household(self.id(home));
        body["income"] = json!({
            "year": 2025, "wages_fen": 100, "business_fen": 0, "property_fen": 0, "transfers_fen": 0,
            "business_expenses_fen": 0,
        });
        let id = self.app.post(&self.clerk.actor, "/api/v1/households", &body).await.expect(201).id();
        let path = format!("/api/v1/doubtful-items?service_point_id={}&rule=income_unusual", self.id(home));
        let items = self.app.all_pages(&self.clerk.actor, &path, 200).await;
        let item = items.iter().find(|item| item["subject_id"] == json!(id)).expect("its income is doubtful");
        json!({ "rule": item["rule"], "subject_id": id, "fingerprint": item["fingerprint"], "note": "模拟说明" })
    }

    /// What there is to say about a household at a point whom no test explains.
    pub async fn doubt(&mut self, home: &str) -> Value {
        if let Some(doubt) = self.doubts.get(home) {
            return doubt.clone();
        }
        let doubt = self.new_doubt(home).await;
        self.doubts.insert(home.to_owned(), doubt.clone());
        doubt
    }

    /// What was said about a household at a point.
    pub async fn explanation(&mut self, home: &str) -> Id {
        if let Some(id) = self.explanations.get(home) {
            return *id;
        }
        let doubt = self.new_doubt(home).await;
        let id = self.app.post(&self.clerk.actor, "/api/v1/doubtful-explanations", &doubt).await.expect(201).id();
        self.explanations.insert(home.to_owned(), id);
        id
    }
}
