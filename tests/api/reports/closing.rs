//! A closed month refuses every write that moves its figures, of every resource.

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::*;
use crate::on_both;

on_both! {
    /// Records: logged, corrected into and out of the month, voided; at the giver, and at a point of another branch for a household
    /// that is at home there.
    async fn records_of_a_closed_month_stay(app: TestApp) {
        let desk = Desk::new(app).await;
        let household = desk.household("c1t1v1").await;
        let here = desk.record(household, "c1t1v1").await;
        let far = desk.record(household, "c2t1v1").await;
        let later = record(household, desk.id("c1t1v1"), "2026-12-01");
        let later = desk.app.post(&desk.clerk, "/api/v1/assistance-records", &later).await.expect(201).id();
        let sent = desk.submit("c1t1v1", false).await;
        let (clerk, app) = (&desk.clerk, &desk.app);
        let path = |id: Id, rest: &str| format!("/api/v1/assistance-records/{id}{rest}");
        let why = json!({ "reason": "记错" });
        let patch = |field: &str, value: Value| { let mut body = why.clone(); body[field] = value; body };
        for giver in ["c1t1v1", "c1", "c2t1v1"] {
            let reply = app.post(clerk, "/api/v1/assistance-records", &record(household, desk.id(giver), "2026-11-30")).await;
            refused(&reply, 409, "period.closed");
            assert_eq!(reply.json()["month"], MONTH);
            assert_eq!(reply.json()["service_point_id"], json!(desk.id("c1t1v1")));
        }
        for id in [here, far] {
            refused(&app.patch(clerk, &path(id, ""), 1, &patch("quantity", json!(9))).await, 409, "period.closed");
            refused(&app.patch(clerk, &path(id, ""), 1, &patch("given_on", json!("2026-12-01"))).await, 409, "period.closed");
            refused(&app.post_to(clerk, &path(id, "/void"), 1, Some(&why)).await, 409, "period.closed");
        }
        refused(&app.patch(clerk, &path(later, ""), 1, &patch("given_on", json!("2026-11-30"))).await, 409, "period.closed");
        // Whoever does not see the point learns of the month only.
        let neighbour = desk.who(Role::Worker, "c2t1v1");
        let reply = app.post_to(&neighbour, &path(far, "/void"), 1, Some(&why)).await;
        refused(&reply, 409, "period.closed");
        assert!(reply.json().get("service_point_id").is_none(), "{}", reply.text());
        // The next month is open, and so is this one when it is taken back.
        app.patch(clerk, &path(later, ""), 1, &patch("quantity", json!(9))).await.expect(200);
        let worker = desk.who(Role::Worker, "c1t1v1");
        act(app, &worker, &sent, "withdraw", Value::Null).await.expect(200);
        app.patch(clerk, &path(here, ""), 1, &patch("quantity", json!(9))).await.expect(200);
        app.post_to(clerk, &path(far, "/void"), 1, Some(&why)).await.expect(200);
    }

    /// Households and members: whatever holds from a day in the month on, or from one before it.
    async fn households_of_a_closed_month_stay(app: TestApp) {
        let desk = Desk::new(app).await;
        let [one, elsewhere] = [desk.household("c1t1v1").await, desk.household("c1t2v1").await];
        let (clerk, app) = (&desk.clerk, &desk.app);
        let members = format!("/api/v1/households/{one}/members");
        let second = json!({ "name": "模拟配偶", "relation": "10", "no_identity_reason": "unknown", "joined_on": "2026-11-24" });
        let second = app.post(clerk, &members, &second).await.expect(201).id();
        desk.submit("c1t1v1", false).await;
        let path = |id: Id, rest: &str| format!("/api/v1/households/{id}{rest}");
        let mut newcomer = household(desk.id("c1t1v1"));
        for day in ["2026-11-30", "2026-10-05"] {
            newcomer["registered_on"] = json!(day);
            refused(&app.post(clerk, "/api/v1/households", &newcomer).await, 409, "period.closed");
        }
        let day = "2026-11-30";
        let child = json!({ "name": "模拟成员", "relation": "20", "no_identity_reason": "unknown", "joined_on": day });
        refused(&app.post(clerk, &members, &child).await, 409, "period.closed");
        let changes = [
            ("/type", json!({ "household_type": "monitored", "monitoring_category": "sudden_hardship", "effective_on": day })),
            ("/status", json!({ "status": "dissolved", "reason": "模拟", "effective_on": day })),
            ("/transfer", json!({ "service_point_id": desk.id("c2t1"), "reason": "模拟", "effective_on": day })),
        ];
        for (rest, body) in &changes {
            refused(&app.post_to(clerk, &path(one, rest), 1, Some(body)).await, 409, "period.closed");
        }
        let into = json!({ "service_point_id": desk.id("c1t1v1"), "reason": "模拟", "effective_on": day });
        refused(&app.post_to(clerk, &path(elsewhere, "/transfer"), 1, Some(&into)).await, 409, "period.closed");
        let asked = json!({ "household_id": one, "service_point_id": desk.id("c2t1"), "reason": "模拟" });
        let asked = app.post(clerk, "/api/v1/transfer-requests", &asked).await.expect(201).id();
        let accept = format!("/api/v1/transfer-requests/{asked}/accept");
        refused(&app.post_to(clerk, &accept, 1, Some(&json!({ "effective_on": day }))).await, 409, "period.closed");
        let leave = format!("/api/v1/members/{second}/leave");
        refused(&app.post_to(clerk, &leave, 1, Some(&json!({ "reason": "模拟", "left_on": day }))).await, 409, "period.closed");
        // From the next month on it may; and what no figure counts may at any time.
        app.patch(clerk, &path(one, ""), 1, &json!({ "address": "模拟新址" })).await.expect(200);
        app.post_to(clerk, &leave, 1, Some(&json!({ "reason": "模拟", "left_on": "2026-12-01" }))).await.expect(200);
        let later = json!({ "household_type": "monitored", "monitoring_category": "sudden_hardship", "effective_on": "2026-12-01" });
        app.post_to(clerk, &path(one, "/type"), 2, Some(&later)).await.expect(200);
        newcomer["registered_on"] = json!("2026-12-02");
        app.post(clerk, "/api/v1/households", &newcomer).await.expect(201);
    }

    /// Points: opened, closed or made another kind of village in the month.
    async fn points_of_a_closed_month_stay(app: TestApp) {
        let desk = Desk::new(app).await;
        let admin = desk.who(Role::Admin, "b");
        desk.settle("c1t1v1", true).await;
        desk.settle("c1t1v2", true).await;
        desk.submit("c1t1", true).await;
        let app = &desk.app;
        let point = |rest: &str| format!("/api/v1/service-points/{}{rest}", desk.id("c1t1v1"));
        let village = |day: &str| json!({ "parent_id": desk.id("c1t1"), "tier": "village", "name": "模拟新村", "opened_on": day });
        for day in ["2026-11-30", "2026-01-01"] {
            refused(&app.post(&admin, "/api/v1/service-points", &village(day)).await, 409, "period.closed");
        }
        let close = |day: &str| json!({ "closed_on": day, "reason": "模拟" });
        refused(&app.post_to(&admin, &point("/close"), 1, Some(&close("2026-11-29"))).await, 409, "period.closed");
        let code = json!({ "region_code": "999901001009" });
        refused(&app.patch(&admin, &point(""), 1, &code).await, 409, "period.closed");
        let mut planned = village("2026-11-25");
        planned["status"] = json!("planned");
        let planned = app.post(&admin, "/api/v1/service-points", &planned).await.expect(201).id();
        let activate = format!("/api/v1/service-points/{planned}/activate");
        refused(&app.post_to(&admin, &activate, 1, None).await, 409, "period.closed");
        // What takes effect after the month's last day is another month's.
        app.request(&admin, Method::PATCH, &point(""), Some(&json!({ "name": "模拟改名" })), &[("if-match", "\"1\"")]).await.expect(200);
        app.post_to(&admin, &point("/close"), 2, Some(&close("2026-11-30"))).await.expect(200);
        app.post(&admin, "/api/v1/service-points", &village("2026-12-01")).await.expect(201);
    }
}
