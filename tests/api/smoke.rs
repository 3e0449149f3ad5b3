//! The main job, from end to end.

use serde_json::json;
use terrace::domain::codes::Role;

use crate::{on_both, support::household};

on_both! {
    /// A village's record is at its township, its county and the bureau in the next request, and gone when voided.
    async fn a_record_counts_at_every_tier_at_once(app: TestApp) {
        let network = app.network().await;
        let worker = app.actor(&[(Role::Worker, network.id("c1t1v1"))]);
        let auditor = app.actor(&[(Role::Auditor, network.id("b"))]);
        let household = app.post(&worker, "/api/v1/households", &household(network.id("c1t1v1"))).await.expect(201).id();
        let record = app.post(&worker, "/api/v1/assistance-records", &json!({
            "household_id": household, "service_point_id": network.id("c1t1v1"), "kind": "logistics", "given_on": app.today(), "quantity": 3,
        })).await.expect(201).id();
        let figures = async |point: &str| {
            let metrics = "assistance_count,assistance_quantity,households_assisted,villages_serving";
            let path = format!("/api/v1/service-points/{}/statistics?period=2026-11&metrics={metrics}", network.id(point));
            let reply = app.get(&auditor, &path).await.expect(200).json();
            let value = |at: usize, what: &str| reply["items"][at][what].as_i64().unwrap();
            assert_eq!(value(2, "total"), value(3, "total"), "one village, one household");
            (value(0, "total"), value(0, "own"), value(1, "total"), value(2, "total"))
        };
        for (point, expected) in [("c1t1v1", (1, 1, 3, 1)), ("c1t1", (1, 0, 3, 1)), ("c1", (1, 0, 3, 1)), ("b", (1, 0, 3, 1)), ("c2", (0, 0, 0, 0))] {
            assert_eq!(figures(point).await, expected, "{point}");
        }
        app.post_to(&worker, &format!("/api/v1/assistance-records/{record}/void"), 1, Some(&json!({"reason": "记错"}))).await.expect(200);
        for point in ["c1t1v1", "c1t1", "c1", "b"] {
            assert_eq!(figures(point).await, (0, 0, 0, 0), "{point}");
        }
    }
}
