//! Who sees what, and who explains it.

use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::{Desk, EXPLANATIONS, ITEMS, income};
use crate::on_both;

on_both! {
    /// What two points did to one household is told of each at its own point; of the other, out of scope, the county alone.
    async fn of_the_other_point_only_the_county_is_told(app: TestApp) {
        let desk = Desk::new(app).await;
        let household = desk.household("c1t1v1", json!({ "phone": "13800001234" })).await;
        let strange = desk.household("c2t1v2", json!({ "phone": "13800001234" })).await;
        let today = desk.app.today();
        let own = desk.record("c1t1v1", household, today, json!({})).await;
        let other = desk.record("c2t1v1", household, today, json!({})).await;
        let here = desk.app.actor(&[(Role::Worker, desk.network.id("c1t1v1"))]);
        let items = desk.app.all_pages(&here, ITEMS, 1).await;
        let told: Vec<(&Value, &Value)> = items.iter().map(|item| (&item["rule"], &item["subject_id"])).collect();
        assert_eq!(told, [(&json!("given_twice"), &json!(own)), (&json!("phone_shared"), &json!(household))]);
        for item in &items {
            assert_eq!(item["elsewhere"], json!([{ "service_point_id": null, "county": "模拟c2" }]));
            let text = item.to_string();
            for secret in [other, strange, desk.network.id("c2t1v1"), desk.network.id("c2t1v2"), desk.network.id("c2")] {
                assert!(!text.contains(&secret.to_string()), "{text}");
            }
            assert!(!text.contains("1234"), "{text}");
        }
        let whole = desk.items("given_twice", "").await;
        assert_eq!(whole[0]["elsewhere"], json!([{ "service_point_id": desk.network.id("c2t1v1"), "county": "模拟c2" }]));
        let neighbour = desk.app.actor(&[(Role::Worker, desk.network.id("c1t1v2"))]);
        assert_eq!(desk.app.all_pages(&neighbour, ITEMS, 10).await, Vec::<Value>::new());
        let sibling = format!("{ITEMS}?service_point_id={}", desk.network.id("c1t1v1"));
        desk.app.get(&neighbour, &sibling).await.expect(404);
    }

    /// Workers explain what is their own point's, managers what lies below them; reviewers and auditors look on.
    async fn workers_and_managers_explain(app: TestApp) {
        let desk = Desk::new(app).await;
        let mut bodies = Vec::new();
        for home in ["c1t1v1", "c1t1v1", "c1t1"] {
            let id = desk.household(home, json!({ "income": income(100) })).await;
            let items = desk.items("income_unusual", "").await;
            let item = items.into_iter().find(|item| item["subject_id"] == json!(id)).unwrap();
            bodies.push(json!({
                "rule": "income_unusual", "subject_id": id, "fingerprint": item["fingerprint"], "note": "模拟说明",
            }));
        }
        for (role, point, body, status) in [
            (Role::Reviewer, "c1t1", 0, 403),
            (Role::Auditor, "c1t1", 0, 403),
            (Role::Admin, "b", 0, 403),
            (Role::Worker, "c1t1", 0, 403),
            (Role::Worker, "c1t1v2", 0, 404),
            (Role::Manager, "c2", 0, 404),
            (Role::Worker, "c1t1v1", 0, 201),
            (Role::Manager, "c1", 1, 201),
            (Role::Worker, "c1t1v1", 2, 404),
            (Role::Worker, "c1t1", 2, 201),
        ] {
            let who = desk.app.actor(&[(role, desk.network.id(point))]);
            let reply = desk.app.post(&who, EXPLANATIONS, &bodies[body]).await;
            assert_eq!(reply.status, status, "{role:?} at {point}: {}", reply.text());
            if status == 403 {
                assert_eq!(reply.json()["permission"], "doubtful.explain");
            }
        }
    }
}
