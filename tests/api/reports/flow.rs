//! A month on its way up.

use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::*;
use crate::on_both;

/// Sends everything in but the points that are named, from the villages up, and has it approved.
async fn everything_below_the_bureau(desk: &Desk, but: &[&str], nil: impl Fn(&str) -> bool) {
    for depth in [6, 4, 2] {
        for point in desk.network.names().into_iter().filter(|point| point.len() == depth && !but.contains(point)) {
            desk.settle(point, nil(point)).await;
        }
    }
}

on_both! {
    /// Villages, townships, counties, the bureau: each waits for those below it, and what is frozen at the top is what the
    /// statistics say.
    async fn a_month_goes_up_to_the_bureau(app: TestApp) {
        let desk = Desk::new(app).await;
        let household = desk.household("c1t1v1").await;
        desk.record(household, "c1t1v1").await;
        desk.record(household, "c1").await;
        refused(&desk.try_submit("b", false).await, 409, "report.children_missing");
        refused(&desk.try_submit("c1t1", false).await, 409, "report.children_missing");
        let has_something = |point: &str| "c1t1v1".starts_with(point);
        everything_below_the_bureau(&desk, &[], |point| !has_something(point)).await;
        let sent = desk.submit("b", false).await;
        let frozen = desk.report(&sent).await;
        assert_eq!(frozen["of"], json!({ "reported": 2, "expected": 2 }));
        assert_eq!(figure(&frozen["figures"], "assistance_count"), 2);
        let path = format!("/api/v1/service-points/{}/statistics?period={MONTH}", desk.id("b"));
        let statistics = desk.app.get(&desk.clerk, &path).await.expect(200).json();
        // What is told of reports themselves, of partners, policies, budgets, members and of all time may change later, and no
        // report freezes it.
        let later = [
            "orders_per_day", "sales_cumulative", "partners", "persons_trained_cumulative", "training_conversion_share",
            "members_disabled", "wage_mean", "wage_median", "policy_documents", "policy_documents_issued", "project_paid_share",
        ];
        let frozen_metric = |item: &&Value| {
            let metric = text(&item["metric"]);
            !metric.starts_with("reports_") && !later.contains(&metric)
        };
        for item in statistics["items"].as_array().unwrap().iter().filter(frozen_metric) {
            assert_eq!(figure(&frozen["figures"], text(&item["metric"])), item["total"].as_i64().unwrap(), "{item}");
        }
        // The bureau's own is final when somebody there who did not send it in says so.
        let closed = act(&desk.app, &desk.clerk, &sent, "approve", json!({ "digest": sent["digest"] })).await.expect(200);
        assert_eq!(closed.json()["state"], "approved");
        let month = desk.month("b").await;
        assert_eq!(month["differs"], json!({ "content": false, "figures": false, "children": false }));
    }

    /// One that is not waited for is left out of the figures all the way up; its row shows nothing, and the total says n of N.
    async fn who_is_not_waited_for_is_left_out(app: TestApp) {
        let desk = Desk::new(app).await;
        let [here, left_out] = [desk.household("c1t1v1").await, desk.household("c1t1v2").await];
        desk.record(here, "c1t1v1").await;
        desk.record(left_out, "c1t1v2").await;
        // What the township gave to a household of the one that is left out is the township's own doing.
        desk.record(left_out, "c1t1").await;
        let waiver = desk.waive("c1t1v2").await.expect(201);
        refused(&desk.waive("c1t1v2").await, 409, "resource.already_so");
        let month = desk.month("c1t1").await;
        assert_eq!(month["of"], json!({ "reported": 0, "expected": 2 }));
        everything_below_the_bureau(&desk, &["c1t1v2", "c1"], |point| !"c1t1v1".starts_with(point)).await;

        let township = desk.month("c1t1").await["report"].clone();
        assert_eq!(township["of"], json!({ "reported": 1, "expected": 2 }));
        assert_eq!(figure(&township["figures"], "assistance_count"), 2);
        assert_eq!(figure(&township["figures"], "households"), 1);
        assert_eq!(figure(&township["figures"], "assistance_quantity"), 6);
        let row = |name: &str| {
            let rows = township["children"].as_array().unwrap();
            rows.iter().find(|row| row["service_point_id"] == json!(desk.id(name))).unwrap().clone()
        };
        assert_eq!(row("c1t1v2")["state"], "waived");
        assert_eq!([&row("c1t1v2")["figures"], &row("c1t1v2")["digest"]], [&Value::Null; 2]);
        assert_eq!(figure(&row("c1t1v1")["figures"], "assistance_count"), 1);

        let county = desk.submit("c1", false).await;
        let county = desk.report(&county).await;
        assert_eq!(figure(&county["figures"], "assistance_count"), 2, "left out below, left out above");
        assert_eq!(county["of"], json!({ "reported": 2, "expected": 2 }));
        // It stays so once the point above has sent its own in.
        let who = desk.who(Role::Manager, "c1t1");
        let path = format!("/api/v1/report-waivers/{}/revoke", waiver.id());
        refused(&desk.app.post_to(&who, &path, 1, None).await, 409, "report.parent_submitted");
        refused(&desk.try_submit("c1t1v2", false).await, 409, "report.parent_submitted");
        let bill = record(left_out, desk.id("c1t1v2"), "2026-11-26");
        refused(&desk.app.post(&desk.clerk, "/api/v1/assistance-records", &bill).await, 409, "period.closed");
    }

    /// A waiver that is taken back makes the child be waited for again, and an approved report goes before a waiver.
    async fn a_waiver_is_taken_back(app: TestApp) {
        let desk = Desk::new(app).await;
        let waiver = desk.waive("c1t1v2").await.expect(201);
        let who = desk.who(Role::Reviewer, "c1t1");
        let path = format!("/api/v1/report-waivers/{}/revoke", waiver.id());
        desk.settle("c1t1v1", true).await;
        desk.app.post_to(&who, &path, 1, None).await.expect(200);
        refused(&desk.app.post_to(&who, &path, 2, None).await, 409, "report_waiver.revoked");
        refused(&desk.try_submit("c1t1", true).await, 409, "report.children_missing");
        desk.waive("c1t1v2").await.expect(201);
        desk.settle("c1t1v2", true).await;
        let township = desk.submit("c1t1", true).await;
        assert_eq!(desk.report(&township).await["of"], json!({ "reported": 2, "expected": 2 }));
        // Not above one's own point, and not two tiers below.
        for (role, point, status) in [(Role::Manager, "c1", 403), (Role::Worker, "c1t1", 403), (Role::Manager, "c1t2", 404)] {
            let body = json!({ "service_point_id": desk.id("c1t1v2"), "month": MONTH, "reason": "模拟停电" });
            desk.app.post(&desk.who(role, point), "/api/v1/report-waivers", &body).await.expect(status);
        }
    }

    /// That nothing happened is said, and only when it is so. A month that runs, or that a point has not lived in, is not sent in.
    async fn nothing_is_reported_by_saying_so(app: TestApp) {
        let desk = Desk::new(app).await;
        let household = desk.household("c1t1v2").await;
        refused(&desk.try_submit("c1t1v1", false).await, 409, "report.nil_needed");
        refused(&desk.try_submit("c1t1v2", true).await, 409, "report.not_nil");
        assert_eq!(desk.month("c1t1v1").await["nil"], true);
        assert_eq!(desk.month("c1t1v2").await["nil"], false, "a household was registered");
        let record = desk.record(household, "c1t1v1").await;
        refused(&desk.try_submit("c1t1v1", true).await, 409, "report.not_nil");
        // Voided, it counts no more.
        let path = format!("/api/v1/assistance-records/{record}/void");
        desk.app.post_to(&desk.clerk, &path, 1, Some(&json!({ "reason": "记错" }))).await.expect(200);
        assert_eq!(desk.submit("c1t1v1", true).await["nil"], true);

        let who = desk.who(Role::Worker, "c1t2v1");
        let ask = async |month: &str| {
            let body = json!({ "service_point_id": desk.id("c1t2v1"), "month": month, "nil": true, "note": "模拟说明" });
            desk.app.post(&who, "/api/v1/reports", &body).await
        };
        refused(&ask("2026-12").await, 409, "report.month_runs");
        refused(&ask("2027-01").await, 409, "report.month_runs");
        refused(&ask("2026-10").await, 409, "report.not_expected");
        ask("2026-13").await.expect(400);
        assert_eq!(ask(MONTH).await.expect(201).json()["nil"], true);
    }

    /// The same request makes one report; a second report of the month there is not.
    async fn a_month_is_sent_in_once(app: TestApp) {
        let desk = Desk::new(app).await;
        let who = desk.who(Role::Worker, "c1t1v1");
        let id = desk.app.edge.new_id();
        let body = json!({ "id": id, "service_point_id": desk.id("c1t1v1"), "month": MONTH, "nil": true, "note": "模拟说明" });
        let replies = futures_util::future::join_all((0..6).map(|_| desk.app.post(&who, "/api/v1/reports", &body))).await;
        let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 200, 200, 200, 200, 201]);
        refused(&desk.try_submit("c1t1v1", true).await, 409, "report.submitted");
        let report = desk.month("c1t1v1").await["report"].clone();
        act(&desk.app, &who, &report, "withdraw", Value::Null).await.expect(200);
        refused(&desk.try_submit("c1t1v1", true).await, 409, "report.begun");
        let list = desk.app.all_pages(&desk.clerk, &format!("/api/v1/reports?month={MONTH}"), 1).await;
        assert_eq!(list.len(), 1);
        assert_eq!((&list[0]["id"], &list[0]["state"]), (&json!(id), &json!("open")));
    }

    /// A point is expected from the month of its first day to that of its last; what a closed one still counts is taken as it is.
    async fn a_closed_point_is_not_waited_for(app: TestApp) {
        let desk = Desk::new(app).await;
        let admin = desk.who(Role::Admin, "b");
        let household = desk.household("c1t1v2").await;
        let path = format!("/api/v1/service-points/{}/close", desk.id("c1t1v2"));
        let body = json!({ "closed_on": "2026-11-29", "reason": "并入邻村" });
        desk.app.post_to(&admin, &path, 1, Some(&body)).await.expect(200);
        desk.settle("c1t1v1", true).await;
        refused(&desk.try_submit("c1t1", true).await, 409, "report.children_missing");
        desk.app.edge.advance(31 * 24 * 3600);

        let who = |role, point| desk.app.actor(&[(role, desk.id(point))]);
        let (clerk, worker, reviewer) =
            (who(Role::Manager, "b"), who(Role::Worker, "c1t1v1"), who(Role::Reviewer, "c1t1"));
        let gift = record(household, desk.id("c1"), "2026-12-20");
        desk.app.post(&clerk, "/api/v1/assistance-records", &gift).await.expect(201);
        let body = |point, nil| json!({ "service_point_id": desk.id(point), "month": "2026-12", "nil": nil, "note": "模拟说明" });
        let sent = desk.app.post(&worker, "/api/v1/reports", &body("c1t1v1", true)).await.expect(201).json();
        act(&desk.app, &reviewer, &sent, "approve", json!({ "digest": sent["digest"] })).await.expect(200);
        // A household that is at home at the closed point was helped: the township tells of it.
        let sent = desk.app.post(&who(Role::Worker, "c1t1"), "/api/v1/reports", &body("c1t1", false)).await.expect(201).json();
        let path = format!("/api/v1/reports/{}", text(&sent["id"]));
        let frozen = desk.app.get(&clerk, &path).await.expect(200).json();
        assert_eq!(frozen["of"], json!({ "reported": 1, "expected": 1 }));
        assert_eq!(figure(&frozen["figures"], "households"), 1);
        assert_eq!(figure(&frozen["figures"], "households_assisted"), 1);
        let states: Vec<&Value> = frozen["children"].as_array().unwrap().iter().map(|child| &child["state"]).collect();
        assert_eq!(states, ["approved", "absent"]);
        let gift = record(household, desk.id("c1"), "2026-12-21");
        refused(&desk.app.post(&clerk, "/api/v1/assistance-records", &gift).await, 409, "period.closed");
    }
}
