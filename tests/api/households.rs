//! Households and assistance records: what may be written of them, and how they are found.

use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use crate::{
    on_both,
    support::{Actor, TestApp},
};

const HOUSEHOLDS: &str = "/api/v1/households";
const RECORDS: &str = "/api/v1/assistance-records";

fn household(home: Id) -> Value {
    json!({ "service_point_id": home, "head_name": "模拟户主", "address": "模拟地址", "household_type": "general", "registered_on": "2026-01-01" })
}

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

async fn refused(app: &TestApp, actor: &Actor, path: &str, body: &Value, faults: &[(&str, &str)]) {
    let reply = app.post(actor, path, body).await.expect(422);
    let expected: Vec<(String, String)> =
        faults.iter().map(|(at, code)| ((*at).to_owned(), (*code).to_owned())).collect();
    assert_eq!(reply.faults(), expected, "{body}");
}

on_both! {
    /// Every wrong field of a household is named at once, and nothing is registered.
    async fn a_household_is_checked(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let tomorrow = app.today().plus_days(1);
        refused(&app, &worker, HOUSEHOLDS, &with(household(home), "household_type", json!("poor")), &[("/household_type", "unknown_code")]).await;
        refused(&app, &worker, HOUSEHOLDS, &with(household(home), "registered_on", json!(tomorrow)), &[("/registered_on", "in_future")]).await;
        let wrong = with(with(household(home), "head_name", json!("  ")), "address", json!("长".repeat(201)));
        refused(&app, &worker, HOUSEHOLDS, &wrong, &[("/address", "length"), ("/head_name", "length")]).await;
        let count = app.get(&worker, &format!("{HOUSEHOLDS}?count=true")).await.expect(200).json();
        assert_eq!(count, json!({ "items": [], "next_cursor": null, "count": 0 }));
    }

    /// An edit makes the next version; a point that is not at work takes no household.
    async fn a_household_is_registered_at_a_point_at_work_and_edited(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let admin = app.actor(&[(Role::Admin, network.id("b"))]);
        let worker = app.actor(&[(Role::Worker, home)]);
        let path = format!("{HOUSEHOLDS}/{}", app.post(&worker, HOUSEHOLDS, &household(home)).await.expect(201).id());
        let edited = app.patch(&worker, &path, 1, &json!({ "household_type": "monitored" })).await.expect(200).json();
        assert_eq!((&edited["household_type"], &edited["version"], &edited["address"]), (&json!("monitored"), &json!(2), &json!("模拟地址")));
        let point = format!("/api/v1/service-points/{home}");
        app.post_to(&admin, &format!("{point}/suspend"), 1, None).await.expect(200);
        assert_eq!(app.post(&worker, HOUSEHOLDS, &household(home)).await.expect(409).code(), "service_point.not_active");
        app.post_to(&admin, &format!("{point}/close"), 2, Some(&json!({ "reason": "模拟关闭" }))).await.expect(200);
        assert_eq!(app.post(&worker, HOUSEHOLDS, &household(home)).await.expect(409).code(), "service_point.not_active");
    }

    /// A list of households follows the tree and is narrowed to a subtree.
    async fn households_are_listed_by_subtree(app: TestApp) {
        let network = app.network().await;
        let manager = app.actor(&[(Role::Manager, network.id("b"))]);
        for home in ["c1t1v1", "c1t1v1", "c1t1v2", "c1t2v1", "c2"] {
            app.post(&manager, HOUSEHOLDS, &household(network.id(home))).await.expect(201);
        }
        for (top, expected) in [("b", 5), ("c1", 4), ("c1t1", 3), ("c1t1v1", 2), ("c2t1", 0)] {
            let path = format!("{HOUSEHOLDS}?service_point_id={}", network.id(top));
            assert_eq!(app.all_pages(&manager, &path, 2).await.len(), expected, "{top}");
            assert_eq!(app.get(&manager, &format!("{path}&count=true")).await.json()["count"], expected, "{top}");
        }
    }

    /// What a record must be, each rule by itself.
    async fn a_record_is_checked(app: TestApp) {
        let network = app.network().await;
        let village = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, village)]);
        let id = app.post(&worker, HOUSEHOLDS, &household(village)).await.expect(201).id();
        let good = json!({ "household_id": id, "service_point_id": village, "kind": "training", "given_on": app.today(), "quantity": 1 });
        for (field, value, code) in [
            ("kind", json!("magic"), "unknown_code"),
            ("quantity", json!(0), "range"),
            ("quantity", json!(-1), "range"),
            ("quantity", json!(1_000_001), "range"),
            ("given_on", json!(app.today().plus_days(1)), "in_future"),
            ("given_on", json!("2025-12-31"), "before_registration"),
        ] {
            refused(&app, &worker, RECORDS, &with(good.clone(), field, value), &[(&format!("/{field}"), code)]).await;
        }
        for quantity in [1, 1_000_000] {
            app.post(&worker, RECORDS, &with(good.clone(), "quantity", json!(quantity))).await.expect(201);
        }
    }

    /// A voided record stays voided, and voiding needs a reason.
    async fn a_record_is_voided_once_and_with_a_reason(app: TestApp) {
        let network = app.network().await;
        let village = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, village)]);
        let id = app.post(&worker, HOUSEHOLDS, &household(village)).await.expect(201).id();
        let body = json!({ "household_id": id, "service_point_id": village, "kind": "training", "given_on": app.today(), "quantity": 1 });
        let record = app.post(&worker, RECORDS, &body).await.expect(201).id();
        let path = format!("{RECORDS}/{record}/void");
        app.post_to(&worker, &path, 1, Some(&json!({ "reason": " " }))).await.expect(422);
        let voided = app.post_to(&worker, &path, 1, Some(&json!({ "reason": "记错" }))).await.expect(200).json();
        assert_eq!((&voided["state"], &voided["void_reason"]), (&json!("voided"), &json!("记错")));
        let again = app.post_to(&worker, &path, 2, Some(&json!({ "reason": "再记错" }))).await.expect(409);
        assert_eq!(again.code(), "assistance_record.voided");
    }

    /// Records come newest first, this month's unless asked otherwise, and never more than a year's.
    async fn records_are_listed_in_a_window_of_days(app: TestApp) {
        let network = app.network().await;
        let village = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, village)]);
        let id = app.post(&worker, HOUSEHOLDS, &household(village)).await.expect(201).id();
        for (day, kind) in [("2026-11-01", "training"), ("2026-11-24", "logistics"), ("2026-10-31", "training"), ("2026-11-10", "training")] {
            let body = json!({ "household_id": id, "service_point_id": village, "kind": kind, "given_on": day, "quantity": 1 });
            app.post(&worker, RECORDS, &body).await.expect(201);
        }
        let days = async |query: &str| -> Vec<String> {
            let rows = app.all_pages(&worker, &format!("{RECORDS}{query}"), 2).await;
            rows.iter().map(|row| row["given_on"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(days("").await, ["2026-11-24", "2026-11-10", "2026-11-01"]);
        assert_eq!(days("?kind=training").await, ["2026-11-10", "2026-11-01"]);
        assert_eq!(days("?from=2026-10-31&to=2026-11-01").await, ["2026-11-01", "2026-10-31"]);
        assert_eq!(days("?to=2026-10-31").await, ["2026-10-31"]);
        assert_eq!(days(&format!("?household_id={id}&state=voided")).await, [""; 0]);
        app.get(&worker, &format!("{RECORDS}?from=2025-11-24&to=2026-11-24")).await.expect(200);
        let wide = app.get(&worker, &format!("{RECORDS}?from=2025-11-23&to=2026-11-24")).await.expect(422);
        assert_eq!(wide.faults(), [("from".to_owned(), "window_too_wide".to_owned())]);
    }
}
