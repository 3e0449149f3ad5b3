//! Changes of monthly reports, each of a village of its own.

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::domain::Id;

use super::{Change, Kind};
use crate::support::{Network, OldVillage, QUIET_MONTH, TestApp};

const REPORT: &str = "report";
const WAIVER: &str = "report_waiver";

/// A village whose report was sent in, and what has been done to it since.
async fn sent(app: &TestApp, network: &Network, steps: &[&str]) -> (OldVillage, Id, Value) {
    let village = OldVillage::open(app, network).await;
    let report = village.sent(app).await;
    let id: Id = report["id"].as_str().unwrap().parse().unwrap();
    for (at, step) in steps.iter().enumerate() {
        let (who, body) = match *step {
            "withdraw" => (&village.worker, None),
            _ => (&village.reviewer, Some(json!({ "digest": report["digest"] }))),
        };
        let path = format!("/api/v1/reports/{id}/{step}");
        app.post_to(who, &path, 1 + at as i64, body.as_ref()).await.expect(200);
    }
    (village, id, report)
}

pub async fn changes(app: &TestApp, network: &Network) -> Vec<Change> {
    let fresh = OldVillage::open(app, network).await;
    let [first, made, taken] = [app.edge.new_id(), app.edge.new_id(), app.edge.new_id()];
    let (again, again_id, _) = sent(app, network, &["withdraw"]).await;
    let (withdrawn, withdrawn_id, _) = sent(app, network, &[]).await;
    let (approved, approved_id, content) = sent(app, network, &[]).await;
    let (together, together_id, other) = sent(app, network, &[]).await;
    let (returned, returned_id, _) = sent(app, network, &[]).await;
    let (reopened, reopened_id, _) = sent(app, network, &["approve"]).await;
    let (waived, kept) = (OldVillage::open(app, network).await, OldVillage::open(app, network).await);
    let waive = |id: Id, village: &OldVillage| json!({ "id": id, "service_point_id": village.id, "month": QUIET_MONTH, "reason": "模拟停电" });
    app.post(&kept.reviewer, "/api/v1/report-waivers", &waive(taken, &kept)).await.expect(201);
    let item = json!({ "report_id": together_id, "version": 1, "digest": other["digest"] });
    let post = |actor, route, status| Change::new(actor, Method::POST, route, status);
    let changed = |action, id, point| move |change: Change| change.event(action, Kind::Changed, (REPORT, id), point);
    let why = json!({ "reason": "记录重复" });
    vec![
        post(&fresh.worker, "/api/v1/reports", 201).body(fresh.month(first)).event(
            "report.submit",
            Kind::Made,
            (REPORT, first),
            fresh.id,
        ),
        changed("report.submit", again_id, again.id)(
            post(&again.worker, "/api/v1/reports/{id}/submit", 200)
                .of(again_id)
                .version(2)
                .body(json!({ "nil": true, "note": "模拟说明" })),
        ),
        changed("report.withdraw", withdrawn_id, withdrawn.id)(
            post(&withdrawn.worker, "/api/v1/reports/{id}/withdraw", 200).of(withdrawn_id).version(1),
        ),
        changed("report.approve", approved_id, approved.id)(
            post(&approved.reviewer, "/api/v1/reports/{id}/approve", 200)
                .of(approved_id)
                .version(1)
                .body(json!({ "digest": content["digest"] })),
        ),
        changed("report.approve", together_id, together.id)(
            post(&together.reviewer, "/api/v1/reports/approve", 200).body(json!({ "items": [item] })),
        ),
        changed("report.return", returned_id, returned.id)(
            post(&returned.reviewer, "/api/v1/reports/{id}/return", 200).of(returned_id).version(1).body(why.clone()),
        )
        .reason("记录重复")
        .event("notice.send", Kind::Made, ("notice", None), returned.id),
        changed("report.reopen", reopened_id, reopened.id)(
            post(&reopened.reviewer, "/api/v1/reports/{id}/reopen", 200).of(reopened_id).version(2).body(why),
        )
        .reason("记录重复")
        .event("notice.send", Kind::Made, ("notice", None), reopened.id),
        post(&waived.reviewer, "/api/v1/report-waivers", 201).body(waive(made, &waived)).event(
            "report_waiver.make",
            Kind::Made,
            (WAIVER, made),
            waived.id,
        ),
        post(&kept.reviewer, "/api/v1/report-waivers/{id}/revoke", 200).of(taken).version(1).event(
            "report_waiver.revoke",
            Kind::Changed,
            (WAIVER, taken),
            kept.id,
        ),
    ]
}
