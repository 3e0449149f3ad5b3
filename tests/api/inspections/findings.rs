//! What auditors ask for, and who decides it.

use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::{FINDINGS, Office, refused};
use crate::on_both;

impl Office {
    /// A drawn record that was not given.
    async fn wrong(&self) -> Value {
        self.many("c1t1v1", 1).await;
        let drawn = self.drawn(&self.body("c1t1v1", "equal", 1), "模拟").await;
        let item = self.items(&drawn).await.remove(0);
        self.check(&item, &json!({ "state": "not_found", "note": "模拟" })).await.expect(200).json()
    }
}

on_both! {
    /// Only something that was found wrong, or that nobody would answer for, asks for a return; and once at a time.
    async fn a_finding_needs_something_found(app: TestApp) {
        let office = Office::open(app).await;
        office.many("c1t1v1", 1).await;
        let drawn = office.drawn(&office.body("b", "equal", 1), "模拟").await;
        let item = office.items(&drawn).await.remove(0);
        let ask = async |reason: &str| office.app.post(&office.auditor, FINDINGS, &json!({ "item_id": item["id"], "reason": reason })).await;
        refused(&ask("模拟").await, 409, "inspection_item.nothing_found");
        let item_now = office.check(&item, &json!({ "state": "confirmed" })).await.expect(200).json();
        refused(&ask("模拟").await, 409, "inspection_item.nothing_found");
        office.check(&item_now, &json!({ "state": "refused", "note": "模拟" })).await.expect(200);
        ask("").await.expect(422);
        // The inspection may be over by then.
        office.step(&drawn, "close", Some(json!({ "reason": "模拟" }))).await.expect(200);
        let mut body = json!({ "id": office.app.edge.new_id(), "item_id": item["id"], "reason": "模拟" });
        let made = office.app.post(&office.auditor, FINDINGS, &body).await.expect(201).json();
        assert_eq!((&made["period"], &made["service_point_id"]), (&json!("2026-11"), &json!(office.network.id("c1t1v1"))));
        assert_eq!(office.app.post(&office.auditor, FINDINGS, &body).await.expect(200).json(), made);
        body["reason"] = json!("另一个");
        refused(&office.app.post(&office.auditor, FINDINGS, &body).await, 409, "id.taken");
        refused(&ask("模拟").await, 409, "inspection_finding.pending");
        let manager = office.someone(Role::Manager, "b");
        let path = format!("{FINDINGS}/{}/dismiss", made["id"].as_str().unwrap());
        office.app.post_to(&manager, &path, 1, Some(&json!({ "reason": "模拟" }))).await.expect(200);
        ask("模拟：新的证据").await.expect(201);
    }

    /// Reviewers and managers of the place decide: once, with a reason, and nobody what they found themselves.
    async fn the_right_people_decide(app: TestApp) {
        let office = Office::open(app).await;
        let item = office.wrong().await;
        let both = office.app.actor(&[(Role::Auditor, office.network.id("b")), (Role::Manager, office.network.id("b"))]);
        let made = office.app.post(&both, FINDINGS, &json!({ "item_id": item["id"], "reason": "模拟退回" })).await.expect(201);
        let path = format!("{FINDINGS}/{}", made.id());
        let accept = format!("{path}/accept");
        let reason = json!({ "reason": "情况属实" });
        for role in [Role::Worker, Role::Auditor, Role::Admin] {
            refused(&office.app.post_to(&office.someone(role, "c1"), &accept, 1, Some(&reason)).await, 403, "permission.denied");
        }
        for (role, point) in [(Role::Manager, "c2"), (Role::Reviewer, "c1t2"), (Role::Reviewer, "c1t1v2")] {
            office.app.post_to(&office.someone(role, point), &accept, 1, Some(&reason)).await.expect(404);
        }
        refused(&office.app.post_to(&both, &accept, 1, Some(&reason)).await, 409, "inspection_finding.own");
        let reviewer = office.someone(Role::Reviewer, "c1t1");
        office.app.post_to(&reviewer, &accept, 1, Some(&json!({ "reason": "" }))).await.expect(422);
        let decided = office.app.post_to(&reviewer, &accept, 1, Some(&reason)).await.expect(200).json();
        assert_eq!((&decided["state"], &decided["decision_reason"]), (&json!("accepted"), &json!("情况属实")));
        assert_eq!((&decided["decided_by"], &decided["decided_at"]), (&json!(reviewer.account), &json!(office.app.edge.now())));
        let manager = office.someone(Role::Manager, "c1");
        for end in ["accept", "dismiss"] {
            let reply = office.app.post_to(&manager, &format!("{path}/{end}"), 2, Some(&reason)).await;
            refused(&reply, 409, "inspection_finding.decided");
        }
        let list = office.app.all_pages(&manager, &format!("{FINDINGS}?state=accepted"), 5).await;
        assert_eq!(list, [decided]);
        assert_eq!(office.app.all_pages(&manager, &format!("{FINDINGS}?state=open"), 5).await, [Value::Null; 0]);
    }

    /// Of two who decide at once one wins.
    async fn a_finding_is_decided_once(app: TestApp) {
        let office = Office::open(app).await;
        let item = office.wrong().await;
        let made = office.app.post(&office.auditor, FINDINGS, &json!({ "item_id": item["id"], "reason": "模拟" })).await.expect(201);
        let [one, two] = [office.someone(Role::Reviewer, "c1"), office.someone(Role::Manager, "c1")];
        let reason = json!({ "reason": "模拟" });
        let (accept, dismiss) = (format!("{FINDINGS}/{}/accept", made.id()), format!("{FINDINGS}/{}/dismiss", made.id()));
        let both = [
            office.app.post_to(&one, &accept, 1, Some(&reason)),
            office.app.post_to(&two, &dismiss, 1, Some(&reason)),
        ];
        let replies = futures_util::future::join_all(both).await;
        let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
    }
}
