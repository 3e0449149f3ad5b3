//! The edges of due days, lock days and leave, to the second.

use serde_json::json;
use terrace::domain::codes::Role;

use super::{DAY, TO_MIDNIGHT, locked_desk, timeliness};
use crate::{
    on_both,
    reports::{Desk, MONTH, record, refused},
    support::{Reply, household},
};

/// Tries to log something that this point gave in the month, by a manager of the bureau.
async fn log(desk: &Desk, home: terrace::domain::Id, giver: &str) -> Reply {
    let body = record(home, desk.id(giver), "2026-11-25");
    desk.app.post(&desk.who(Role::Manager, "b"), "/api/v1/assistance-records", &body).await
}

on_both! {
    /// A report is on time up to the last second of the due day in Shanghai, and late from the next one on.
    async fn a_due_day_ends_at_midnight_in_shanghai(app: TestApp) {
        let desk = Desk::new(app).await;
        desk.app.edge.advance(TO_MIDNIGHT - 1);
        assert_eq!(timeliness(&desk, "c1t1v1").await["own"], "not_due");
        desk.submit("c1t1v1", true).await;
        desk.app.edge.advance(1);
        assert_eq!(timeliness(&desk, "c1t1v1").await["own"], "on_time");
        assert_eq!(timeliness(&desk, "c1t1v2").await["own"], "missing");
        desk.submit("c1t1v2", true).await;
        assert_eq!(timeliness(&desk, "c1t1v2").await["own"], "late");
        desk.app.edge.advance(1);
        desk.submit("c1t2v1", true).await;
        assert_eq!(timeliness(&desk, "c1t2v1").await["own"], "late");
        assert_eq!(timeliness(&desk, "c1t2v1").await["due_on"], "2026-12-03");
    }

    /// After the lock day nothing is entered for the month, although nobody has sent a report in; other months and other tiers
    /// go on.
    async fn a_lock_day_ends_at_midnight_in_shanghai(app: TestApp) {
        let desk = locked_desk(app, 4).await;
        let (village, township) = (desk.household("c1t1v1").await, desk.household("c1t1").await);
        desk.app.edge.advance(DAY + TO_MIDNIGHT - 1);
        let last = log(&desk, village, "c1t1v1").await.expect(201).json();
        for second in 0..2 {
            desk.app.edge.advance(1);
            let reply = log(&desk, village, "c1t1v1").await;
            refused(&reply, 409, "period.locked");
            let told = reply.json();
            assert_eq!((&told["month"], &told["last_day"]), (&json!(MONTH), &json!("2026-12-04")), "{second} s after");
            assert_eq!(told["service_point_id"], json!(desk.id("c1t1v1")));
            assert!(told["detail"].as_str().unwrap().contains("2026-12-04"), "{told}");
        }
        let clerk = desk.who(Role::Manager, "b");
        let path = format!("/api/v1/assistance-records/{}", last["id"].as_str().unwrap());
        let correction = json!({ "reason": "模拟更正", "quantity": 2 });
        refused(&desk.app.patch(&clerk, &path, 1, &correction).await, 409, "period.locked");
        refused(&log(&desk, village, "c1t1").await, 409, "period.locked");
        log(&desk, township, "c1t1").await.expect(201);
        let mut late = household(desk.id("c1t1v1"));
        late["registered_on"] = json!("2026-11-30");
        refused(&desk.app.post(&clerk, "/api/v1/households", &late).await, 409, "period.locked");
        let body = record(village, desk.id("c1t1v1"), "2026-12-01");
        desk.app.post(&clerk, "/api/v1/assistance-records", &body).await.expect(201);
        desk.submit("c1t1v2", true).await;
    }

    /// Leave holds for the point and what is below it, to the end of its last day, until it is taken back. It is given by a manager
    /// of the point just above.
    async fn leave_opens_a_locked_month_to_a_child_until_a_day(app: TestApp) {
        let desk = locked_desk(app, 3).await;
        let [one, two] = [desk.household("c1t1v1").await, desk.household("c1t1v2").await];
        desk.app.edge.advance(DAY);
        refused(&log(&desk, one, "c1t1v1").await, 409, "period.locked");
        let leave = |point: &str, until: &str| {
            json!({ "service_point_id": desk.id(point), "month": MONTH, "until_day": until, "reason": "模拟停网" })
        };
        const PATH: &str = "/api/v1/period-exceptions";
        let manager = desk.who(Role::Manager, "c1t1");
        refused(&desk.app.post(&desk.who(Role::Manager, "c1"), PATH, &leave("c1t1v1", "2026-12-06")).await, 403, "permission.denied");
        refused(&desk.app.post(&desk.who(Role::Reviewer, "c1t1"), PATH, &leave("c1t1v1", "2026-12-06")).await, 403, "permission.denied");
        refused(&desk.app.post(&desk.who(Role::Manager, "c2t1"), PATH, &leave("c1t1v1", "2026-12-06")).await, 404, "resource.not_found");
        desk.app.post(&manager, PATH, &leave("c1t1v1", "2026-12-03")).await.expect(422);
        desk.app.post(&manager, PATH, &leave("c1t1v1", "2026-12-06")).await.expect(201);
        log(&desk, one, "c1t1v1").await.expect(201);
        refused(&log(&desk, two, "c1t1v2").await, 409, "period.locked");
        // From the fourth at noon to the last second of the sixth.
        desk.app.edge.advance(2 * DAY + TO_MIDNIGHT - 1);
        log(&desk, one, "c1t1v1").await.expect(201);
        desk.app.edge.advance(1);
        refused(&log(&desk, one, "c1t1v1").await, 409, "period.locked");
        let county = desk.who(Role::Manager, "c1");
        let given = desk.app.post(&county, PATH, &leave("c1t1", "2026-12-31")).await.expect(201).json();
        log(&desk, one, "c1t1v1").await.expect(201);
        log(&desk, two, "c1t1v2").await.expect(201);
        let path = format!("{PATH}/{}/revoke", given["id"].as_str().unwrap());
        desk.app.post_to(&county, &path, 1, None).await.expect(200);
        refused(&desk.app.post_to(&county, &path, 2, None).await, 409, "period_exception.revoked");
        refused(&log(&desk, two, "c1t1v2").await, 409, "period.locked");
        let listed = desk.app.all_pages(&desk.who(Role::Auditor, "c1"), PATH, 1).await;
        assert_eq!(listed.len(), 2);
        assert_eq!(desk.app.all_pages(&desk.who(Role::Auditor, "c1t1v2"), PATH, 1).await.len(), 0);
    }

    /// What is set at the bureau counts from its month on; nobody else sets it, and no month that has ended is touched.
    async fn due_days_are_set_at_the_bureau_for_months_to_come(app: TestApp) {
        let network = app.network().await;
        const PATH: &str = "/api/v1/reporting-rules";
        let rule = |due: i64, from: &str| json!({ "tier": "village", "due_day": due, "valid_from": from });
        let [admin, county, manager] = [(Role::Admin, "b"), (Role::Admin, "c1"), (Role::Manager, "b")].map(|(role, at)| app.actor(&[(role, network.id(at))]));
        refused(&app.post(&county, PATH, &rule(6, MONTH)).await, 404, "resource.not_found");
        refused(&app.post(&manager, PATH, &rule(6, MONTH)).await, 403, "permission.denied");
        app.post(&admin, PATH, &rule(29, MONTH)).await.expect(422);
        assert_eq!(app.post(&admin, PATH, &rule(6, "2026-10")).await.expect(422).faults(), [("/valid_from".to_owned(), "before_present_month".to_owned())]);
        app.post(&admin, PATH, &rule(6, "2026-12")).await.expect(201);
        app.edge.advance(1);
        app.post(&admin, PATH, &rule(4, MONTH)).await.expect(201);
        let listed = app.get(&county, PATH).await.expect(200).json();
        let due: Vec<i64> = listed["items"].as_array().unwrap().iter().map(|rule| rule["due_day"].as_i64().unwrap()).collect();
        assert_eq!(due, [3, 5, 8, 10, 6, 4]);
        for (month, day) in [("2026-10", "2026-11-03"), (MONTH, "2026-12-04"), ("2026-12", "2027-01-06"), ("2027-03", "2027-04-06")] {
            let path = format!("/api/v1/service-points/{}/timeliness?month={month}", network.id("c1t1v1"));
            assert_eq!(app.get(&manager, &path).await.expect(200).json()["due_on"], day, "{month}");
        }
    }
}
