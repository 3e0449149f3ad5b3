//! Every way in which a point can stand with its report.

use diesel::{RunQueryDsl as _, sql_query};
use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::{DAY, timeliness};
use crate::{
    on_both,
    reports::{Desk, act},
};

const CLASSES: [&str; 6] = ["on_time", "late", "missing", "not_due", "not_expected", "waived"];

fn counts(answer: &Value) -> [i64; 6] {
    CLASSES.map(|class| answer["counts"][class].as_i64().unwrap())
}

/// The counts of a point are those of its children and its own.
fn assert_sums(answer: &Value) {
    let mut sum = [0; 6];
    for child in answer["by_child"].as_array().unwrap() {
        sum.iter_mut().zip(counts(child)).for_each(|(sum, more)| *sum += more);
    }
    sum[CLASSES.iter().position(|class| answer["own"] == *class).unwrap()] += 1;
    assert_eq!(counts(answer), sum, "{answer}");
}

on_both! {
    /// Each point is counted once: on time, late, missing, not due, not expected because it opened later or closed before, and
    /// waived. Rates of nothing are null.
    async fn every_point_is_counted_once(app: TestApp) {
        let desk = Desk::new(app).await;
        let admin = desk.who(Role::Admin, "b");
        desk.submit("c1t1v1", true).await;
        desk.waive("c1t1v2").await.expect(201);
        let taken_back = desk.submit("c2t1v1", true).await;
        let worker = desk.who(Role::Worker, "c2t1v1");
        act(&desk.app, &worker, &taken_back, "withdraw", Value::Null).await.expect(200);
        for (name, opened) in [("模拟新村", "2026-12-01"), ("模拟旧村", "2026-09-01")] {
            let body = json!({ "parent_id": desk.id("c1t2"), "tier": "village", "name": name, "opened_on": opened });
            desk.app.post(&admin, "/api/v1/service-points", &body).await.expect(201);
        }
        let ended = "UPDATE service_points SET status = 'closed', closed_on = '2026-10-31' WHERE name = '模拟旧村'";
        sql_query(ended).execute(&mut desk.app.conn()).unwrap();
        desk.app.edge.advance(DAY);
        desk.submit("c1t2v1", true).await;

        let top = timeliness(&desk, "b").await;
        assert_eq!(counts(&top), [1, 1, 5, 7, 2, 1]);
        assert_sums(&top);
        assert_eq!((&top["expected"], &top["sent"], &top["completeness_bp"], &top["on_time_bp"]), (&json!(14), &json!(2), &json!(1_429), &json!(1_429)));
        let one = timeliness(&desk, "c1t1").await;
        assert_eq!(counts(&one), [1, 0, 0, 1, 0, 1]);
        assert_sums(&one);
        assert_eq!((&one["own"], &one["due_on"], &one["completeness_bp"], &one["on_time_bp"]), (&json!("not_due"), &json!("2026-12-05"), &json!(5_000), &json!(10_000)));
        let classes: Vec<&str> = one["by_child"].as_array().unwrap().iter().map(|child| child["own"].as_str().unwrap()).collect();
        assert_eq!(classes, ["on_time", "waived"]);
        let other = timeliness(&desk, "c1t2").await;
        assert_eq!(counts(&other), [0, 1, 1, 1, 2, 0]);
        assert_sums(&other);
        let newcomer = other["by_child"].as_array().unwrap().iter().find(|child| child["name"] == "模拟新村").unwrap();
        assert_eq!((&newcomer["own"], &newcomer["completeness_bp"], &newcomer["on_time_bp"]), (&json!("not_expected"), &Value::Null, &Value::Null));
        assert_eq!(timeliness(&desk, "c2t1v1").await["own"], "missing", "what was taken back was not sent in");
        assert_eq!(timeliness(&desk, "c2t1v1").await["sent_at"], Value::Null);

        let reader = desk.who(Role::Worker, "c1t1v1");
        let path = format!("/api/v1/service-points/{}/timeliness?month=2026-11", desk.id("c1t1"));
        desk.app.get(&reader, &path).await.expect(404);
    }

    /// The first submission decides: what is returned stays on time, and so does what is sent in again after the due day; what was
    /// taken back on the due day and sent in later is late.
    async fn the_first_submission_that_was_kept_decides(app: TestApp) {
        let desk = Desk::new(app).await;
        let returned = desk.submit("c1t1v1", true).await;
        let taken_back = desk.submit("c1t1v2", true).await;
        let first = timeliness(&desk, "c1t1v1").await["sent_at"].clone();
        act(&desk.app, &desk.who(Role::Worker, "c1t1v2"), &taken_back, "withdraw", Value::Null).await.expect(200);
        desk.app.edge.advance(DAY);
        act(&desk.app, &desk.who(Role::Reviewer, "c1t1"), &returned, "return", json!({ "reason": "模拟退回" })).await.expect(200);
        assert_eq!(timeliness(&desk, "c1t1v1").await["own"], "on_time");
        for (report, point) in [(&returned, "c1t1v1"), (&taken_back, "c1t1v2")] {
            let report = desk.app.get(&desk.who(Role::Auditor, "b"), &format!("/api/v1/reports/{}", report["id"].as_str().unwrap())).await.json();
            act(&desk.app, &desk.who(Role::Worker, point), &report, "submit", json!({ "nil": true })).await.expect(200);
        }
        let again = timeliness(&desk, "c1t1v1").await;
        assert_eq!((&again["own"], &again["sent_at"]), (&json!("on_time"), &first));
        assert_eq!(timeliness(&desk, "c1t1v2").await["own"], "late");
    }
}
