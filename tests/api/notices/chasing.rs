//! Reminders, and notices of returns.

use futures_util::future::join_all;
use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::{DAY, chase};
use crate::{
    on_both,
    reports::{Desk, MONTH, act, refused},
    support::{Actor, TestApp},
};

const NOTICES: &str = "/api/v1/notices";

async fn unread(app: &TestApp, who: &Actor) -> i64 {
    app.get(who, "/api/v1/notices/unread").await.expect(200).json()["unread"].as_i64().unwrap()
}

fn told(reply: &crate::support::Reply) -> [i64; 3] {
    let body = reply.json();
    ["new", "before", "not_due"].map(|field| body[field].as_i64().unwrap())
}

on_both! {
    /// Those who are late are reminded once a day and no more, whoever asks; those who are not are left in peace.
    async fn a_point_is_reminded_once_a_day(app: TestApp) {
        let desk = Desk::new(app).await;
        let within = |point: &str| json!({ "within": desk.id(point) });
        assert_eq!(told(&chase(&desk, Role::Reviewer, "c1", within("c1")).await.expect(200)), [0, 0, 7], "nothing is due yet");
        desk.submit("c1t1v1", true).await;
        desk.waive("c1t1v2").await.expect(201);
        desk.app.edge.advance(DAY);
        let named = json!({ "service_point_ids": [desk.id("c1t2v1"), desk.id("c1t1v1")] });
        assert_eq!(told(&chase(&desk, Role::Manager, "c1t2", json!({ "service_point_ids": [desk.id("c1t2v1")] })).await.expect(200)), [1, 0, 0]);
        assert_eq!(told(&chase(&desk, Role::Reviewer, "c1", named.clone()).await.expect(200)), [0, 1, 1]);
        assert_eq!(told(&chase(&desk, Role::Reviewer, "c1", within("c1")).await.expect(200)), [1, 1, 5]);
        assert_eq!(told(&chase(&desk, Role::Reviewer, "b", within("c1")).await.expect(200)), [0, 2, 5]);
        desk.app.edge.advance(DAY);
        assert_eq!(told(&chase(&desk, Role::Reviewer, "c1", within("c1")).await.expect(200)), [2, 0, 5]);
        assert_eq!(unread(&desk.app, &desk.who(Role::Worker, "c1t2v1")).await, 2);
        for late in ["c1t1v1", "c1t1v2", "c2t1v1", "c1t2", "c1"] {
            assert_eq!(unread(&desk.app, &desk.who(Role::Worker, late)).await, 0, "{late}");
        }
        // Outside, and inside without the permission; both ways of naming points, and none.
        let reply = chase(&desk, Role::Reviewer, "c2", named.clone()).await.expect(404);
        assert_eq!(reply.faults()[0].0, "/service_point_ids/0");
        refused(&chase(&desk, Role::Reviewer, "c2", within("c1")).await, 404, "resource.not_found");
        refused(&chase(&desk, Role::Worker, "c1", within("c1")).await, 403, "permission.denied");
        refused(&chase(&desk, Role::Auditor, "b", within("c1")).await, 403, "permission.denied");
        chase(&desk, Role::Manager, "c1", json!({})).await.expect(422);
        chase(&desk, Role::Manager, "c1", json!({ "within": desk.id("c1"), "service_point_ids": [desk.id("c1t1")] })).await.expect(422);
    }

    /// Of many who remind at the same moment each point is reminded once.
    async fn who_reminds_at_the_same_moment_reminds_once(app: TestApp) {
        let desk = Desk::new(app).await;
        desk.app.edge.advance(DAY);
        let within = json!({ "within": desk.id("c1") });
        let who = [(Role::Reviewer, "c1"), (Role::Manager, "c1"), (Role::Reviewer, "b"), (Role::Manager, "b")];
        let chased = who.iter().cycle().take(12).map(|(role, at)| chase(&desk, *role, at, within.clone()));
        let told: Vec<[i64; 3]> = join_all(chased).await.into_iter().map(|reply| told(&reply.expect(200))).collect();
        let due = told[0][0] + told[0][1];
        assert!(due > 1 && told.iter().all(|[new, before, _]| new + before == due), "{told:?}");
        assert_eq!(told.iter().map(|[new, ..]| new).sum::<i64>(), due, "{told:?}");
        assert_eq!(unread(&desk.app, &desk.who(Role::Worker, "c1t1v1")).await, 1);
    }

    /// A notice is for those who hold a grant at the very point: nobody else lists, reads or marks it.
    async fn a_notice_is_for_its_point_alone(app: TestApp) {
        let desk = Desk::new(app).await;
        desk.app.edge.advance(DAY);
        chase(&desk, Role::Reviewer, "c1", json!({ "service_point_ids": [desk.id("c1t1v1")] })).await.expect(200);
        let [worker, colleague, sibling, above, admin] = [
            (Role::Worker, "c1t1v1"), (Role::Manager, "c1t1v1"), (Role::Worker, "c1t1v2"), (Role::Manager, "c1t1"), (Role::Admin, "b"),
        ].map(|(role, at)| desk.who(role, at));
        let listed = desk.app.get(&worker, NOTICES).await.expect(200).json();
        let notice = &listed["items"][0];
        assert_eq!(
            (&notice["kind"], &notice["month"], &notice["service_point_id"], &notice["report_id"], &notice["read_at"]),
            (&json!("chase"), &json!(MONTH), &json!(desk.id("c1t1v1")), &Value::Null, &Value::Null),
        );
        let read = format!("{NOTICES}/{}/read", notice["id"].as_str().unwrap());
        for other in [&sibling, &above] {
            assert_eq!(desk.app.get(other, NOTICES).await.expect(200).json()["items"], json!([]));
        }
        refused(&desk.app.request(&sibling, actix_web::http::Method::POST, &read, None, &[]).await, 404, "resource.not_found");
        refused(&desk.app.request(&above, actix_web::http::Method::POST, &read, None, &[]).await, 403, "permission.denied");
        refused(&desk.app.get(&admin, NOTICES).await, 403, "permission.denied");
        let mark = async |who: &Actor| desk.app.request(who, actix_web::http::Method::POST, &read, None, &[]).await.expect(200).json();
        let first = mark(&worker).await;
        desk.app.edge.advance(60);
        assert_eq!(mark(&worker).await["read_at"], first["read_at"], "it is read once");
        assert_eq!([unread(&desk.app, &worker).await, unread(&desk.app, &colleague).await], [0, 1]);
        let pick = async |who: &Actor, query: &str| desk.app.all_pages(who, &format!("{NOTICES}?{query}"), 1).await.len();
        assert_eq!([pick(&worker, "unread=true").await, pick(&worker, "unread=false").await, pick(&colleague, "unread=true").await], [0, 1, 1]);
        assert_eq!([pick(&worker, "kind=chase").await, pick(&worker, "kind=return").await], [1, 0]);
    }

    /// Who sent a report in learns in the same moment that it came back, or was opened again, and why.
    async fn a_return_and_a_reopening_are_told(app: TestApp) {
        let desk = Desk::new(app).await;
        let sent = desk.submit("c1t1v1", true).await;
        let reviewer = desk.who(Role::Manager, "c1t1");
        let worker = desk.who(Role::Worker, "c1t1v1");
        let back = act(&desk.app, &reviewer, &sent, "return", json!({ "reason": "金额与凭证不符" })).await.expect(200).json();
        desk.app.edge.advance(60);
        let again = act(&desk.app, &worker, &back, "submit", json!({ "nil": true })).await.expect(200).json();
        let approved = act(&desk.app, &reviewer, &again, "approve", json!({ "digest": again["digest"] })).await.expect(200).json();
        act(&desk.app, &reviewer, &approved, "reopen", json!({ "reason": "漏记一笔" })).await.expect(200);
        let listed = desk.app.all_pages(&worker, NOTICES, 1).await;
        let told: Vec<(&str, &str)> = listed.iter().map(|notice| (notice["kind"].as_str().unwrap(), notice["body"].as_str().unwrap())).collect();
        assert_eq!(told, [("reopen", "漏记一笔"), ("return", "金额与凭证不符")], "the newest first, and an approval is no notice");
        assert!(listed.iter().all(|notice| notice["report_id"] == sent["id"] && notice["month"] == MONTH));
        // A refused return tells nobody.
        refused(&act(&desk.app, &reviewer, &approved, "return", json!({ "reason": "模拟" })).await, 412, "version.stale");
        assert_eq!(unread(&desk.app, &worker).await, 2);
    }
}
