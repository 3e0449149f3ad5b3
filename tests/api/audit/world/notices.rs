//! Changes of settings and leave, reminders, announcements, and reading them.

use actix_web::http::Method;
use serde_json::json;
use terrace::domain::Id;

use super::{Change, Kind};
use crate::support::{Actor, Network, OldVillage, QUIET_MONTH, TestApp};

const RULE: &str = "reporting_rule";
const EXCEPTION: &str = "period_exception";
const NOTICE: &str = "notice";

pub async fn changes(app: &TestApp, network: &Network, (admin, manager): (&Actor, &Actor)) -> Vec<Change> {
    let [rule, given, taken, announced] = [(); 4].map(|()| app.edge.new_id());
    let (village, late, told) = (
        OldVillage::open(app, network).await,
        OldVillage::open(app, network).await,
        OldVillage::open(app, network).await,
    );
    let leave = |id: Id| json!({ "id": id, "service_point_id": village.id, "month": QUIET_MONTH, "until_day": "2026-12-31", "reason": "模拟停网" });
    app.post(&village.reviewer, "/api/v1/period-exceptions", &leave(taken)).await.expect(201);
    let chase = |village: &OldVillage| json!({ "month": QUIET_MONTH, "service_point_ids": [village.id] });
    app.post(&told.reviewer, "/api/v1/reports/chase", &chase(&told)).await.expect(200);
    let notices = app.get(&told.worker, "/api/v1/notices").await.expect(200).json();
    let notice: Id = notices["items"][0]["id"].as_str().unwrap().parse().unwrap();
    let post = |actor, route, status| Change::new(actor, Method::POST, route, status);
    let (root, county) = (network.id("b"), network.id("c1"));
    vec![
        post(admin, "/api/v1/reporting-rules", 201)
            .body(json!({ "id": rule, "tier": "village", "due_day": 4, "lock_day": 9, "valid_from": "2027-01" }))
            .event("reporting_rule.set", Kind::Made, (RULE, rule), root),
        post(&village.reviewer, "/api/v1/period-exceptions", 201).body(leave(given)).event(
            "period_exception.grant",
            Kind::Made,
            (EXCEPTION, given),
            village.id,
        ),
        post(&village.reviewer, "/api/v1/period-exceptions/{id}/revoke", 200).of(taken).version(1).event(
            "period_exception.revoke",
            Kind::Changed,
            (EXCEPTION, taken),
            village.id,
        ),
        post(&late.reviewer, "/api/v1/reports/chase", 200).body(chase(&late)).event(
            "notice.send",
            Kind::Made,
            (NOTICE, None),
            late.id,
        ),
        post(manager, "/api/v1/announcements", 201)
            .body(json!({ "id": announced, "service_point_id": county, "title": "模拟公告", "body": "模拟内容" }))
            .event("notice.send", Kind::Made, (NOTICE, announced), county),
        post(&told.worker, "/api/v1/notices/{id}/read", 200).of(notice).event(
            "notice.read",
            Kind::Made,
            (NOTICE, notice),
            told.id,
        ),
    ]
}
