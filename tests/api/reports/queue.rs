//! What a reviewer is shown at once, and what keeps a month from being sent in.

use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::{Desk, MONTH, act};
use crate::on_both;

/// The queue of a point, and the item of one of the points below.
async fn item(desk: &Desk, above: &str, point: &str) -> Value {
    let path = format!("/api/v1/service-points/{}/review-queue?month={MONTH}", desk.id(above));
    let reviewer = desk.who(Role::Reviewer, above);
    let queue = desk.app.get(&reviewer, &path).await.expect(200).json();
    let id = json!(desk.id(point));
    queue["items"].as_array().unwrap().iter().find(|item| item["service_point_id"] == id).unwrap().clone()
}

fn figure<'a>(item: &'a Value, metric: &str) -> &'a Value {
    item["figures"].as_array().unwrap().iter().find(|figure| figure["metric"] == metric).unwrap()
}

/// What the rows behind a figure add up to.
async fn behind(desk: &Desk, figure: &Value) -> i64 {
    let rows = desk.app.all_pages(&desk.clerk, figure["rows"].as_str().unwrap(), 2).await;
    rows.iter().map(|row| row["value"].as_i64().unwrap()).sum()
}

on_both! {
    async fn a_reviewer_sees_figures_beside_last_month_and_since_the_last_return(app: TestApp) {
        let desk = Desk::new(app).await;
        let household = desk.household("c1t1v1").await;
        let first = desk.record(household, "c1t1v1").await;
        desk.record(household, "c1t1v1").await;
        let open = item(&desk, "c1t1", "c1t1v1").await;
        assert_eq!((&open["report"], &open["state"], &open["returned"]), (&Value::Null, &Value::Null, &Value::Null));
        assert_eq!(figure(&open, "assistance_count")["value"], 2);
        assert_eq!(behind(&desk, figure(&open, "assistance_quantity")).await, 6);

        let sent = desk.submit("c1t1v1", false).await;
        let reviewer = desk.who(Role::Reviewer, "c1t1");
        let sent = act(&desk.app, &reviewer, &sent, "return", json!({ "reason": "模拟多报" })).await.expect(200).json();
        let path = format!("/api/v1/assistance-records/{first}/void");
        desk.app.post_to(&desk.clerk, &path, 1, Some(&json!({ "reason": "模拟" }))).await.expect(200);
        desk.record(household, "c1t1v1").await;
        let worker = desk.who(Role::Worker, "c1t1v1");
        act(&desk.app, &worker, &sent, "submit", json!({ "note": "模拟说明" })).await.expect(200);
        let again = item(&desk, "c1t1", "c1t1v1").await;
        assert_eq!((&again["report"]["state"], &again["note"]), (&json!("submitted"), &json!("模拟说明")));
        let returned = &again["returned"];
        assert_eq!((&returned["reason"], &returned["added"], &returned["changed"]), (&json!("模拟多报"), &json!(1), &json!(1)));
        let count = figure(&again, "assistance_count");
        assert_eq!((&count["value"], &count["when_returned"], &count["month_before"]), (&json!(2), &json!(2), &json!(0)));
        for figure in again["figures"].as_array().unwrap() {
            assert_eq!(behind(&desk, figure).await, figure["value"].as_i64().unwrap(), "{figure}");
        }
        // Side by side with one that has nothing.
        assert_eq!(figure(&item(&desk, "c1t1", "c1t1v2").await, "assistance_count")["value"], 0);
    }

    async fn the_rows_of_a_report_leave_out_what_was_waived(app: TestApp) {
        let desk = Desk::new(app).await;
        for point in ["c1t1v1", "c1t1v2"] {
            let household = desk.household(point).await;
            desk.record(household, point).await;
        }
        desk.settle("c1t1v1", false).await;
        desk.waive("c1t1v2").await.expect(201);
        let report = desk.submit("c1t1", false).await;
        let id = report["id"].as_str().unwrap();
        for (metric, value) in [("assistance_count", 1), ("households", 1), ("households_assisted", 1), ("persons", 1)] {
            let path = format!("/api/v1/reports/{id}/rows?metric={metric}");
            let rows = desk.app.all_pages(&desk.clerk, &path, 1).await;
            let here = json!(desk.id("c1t1v1"));
            assert!(rows.iter().all(|row| row["service_point_id"] == here), "{rows:?}");
            assert_eq!(rows.iter().map(|row| row["value"].as_i64().unwrap()).sum::<i64>(), value, "{metric}");
        }
        let path = format!("/api/v1/reports/{id}/rows?metric=households&kind=training");
        desk.app.get(&desk.clerk, &path).await.expect(422);
    }

    async fn what_is_doubtful_needs_a_note(app: TestApp) {
        let desk = Desk::new(app).await;
        let mut body = crate::support::household(desk.id("c1t1v1"));
        body["registered_on"] = json!("2026-11-24");
        body["income"] = json!({
            "year": 2025, "wages_fen": 100, "business_fen": 0, "property_fen": 0, "transfers_fen": 0,
            "business_expenses_fen": 0,
        });
        desk.app.post(&desk.clerk, "/api/v1/households", &body).await.expect(201);
        let worker = desk.who(Role::Worker, "c1t1v1");
        let body = json!({ "service_point_id": desk.id("c1t1v1"), "month": MONTH, "nil": false });
        let refused = desk.app.post(&worker, "/api/v1/reports", &body).await.expect(409);
        assert_eq!(refused.code(), "report.note_needed");
        assert_ne!(item(&desk, "c1t1", "c1t1v1").await["doubtful"]["unexplained"], 0);
        desk.submit("c1t1v1", false).await;
    }

    async fn an_error_is_corrected_before_the_month_is_sent_in(app: TestApp) {
        let desk = Desk::new(app).await;
        let household = desk.household("c1t1v1").await;
        let path = format!("/api/v1/households/{household}/members");
        let mut spouses = Vec::new();
        for _ in 0..2 {
            let body = json!({ "name": "模拟配偶", "relation": "10", "no_identity_reason": "lost", "joined_on": "2026-11-24" });
            spouses.push(desk.app.post(&desk.clerk, &path, &body).await.expect(201).id());
        }
        let refused = desk.try_submit("c1t1v1", false).await.expect(409);
        assert_eq!(refused.code(), "report.errors_open");
        assert_eq!(item(&desk, "c1t1", "c1t1v1").await["doubtful"]["errors"], 1);
        let path = format!("/api/v1/members/{}", spouses[1]);
        let body = json!({ "relation": "97" });
        desk.app.request(&desk.clerk, actix_web::http::Method::PATCH, &path, Some(&body), &[("if-match", "\"1\"")]).await.expect(200);
        desk.submit("c1t1v1", false).await;
    }
}
