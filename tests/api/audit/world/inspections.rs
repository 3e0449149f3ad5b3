//! Changes of inspections, of what they drew and of what they found.

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use super::{Change, Kind, people::Families};
use crate::support::Actor;

const INSPECTIONS: &str = "/api/v1/inspections";
const INSPECTION: &str = "inspection";
const ITEM: &str = "inspection_item";
const FINDINGS: &str = "/api/v1/inspection-findings";
const FINDING: &str = "inspection_finding";

pub async fn changes(families: &mut Families<'_>) -> Vec<Change> {
    let (top, giver) = (families.network.id("c1"), families.network.id("c1t2"));
    let auditor = families.app.actor(&[(Role::Auditor, families.network.id("b"))]);
    let household = families.registered().await;
    for _ in 0..4 {
        families.record(household, None).await;
    }
    let made = families.app.edge.new_id();
    let [seeded, drawn, closed, checked] = [
        framed(families, &auditor).await,
        framed(families, &auditor).await,
        framed(families, &auditor).await,
        framed(families, &auditor).await,
    ];
    for id in [drawn, checked] {
        act(families, &auditor, format!("{INSPECTIONS}/{id}/seed"), 1, Some(json!({ "seed": "模拟种子" }))).await;
    }
    act(families, &auditor, format!("{INSPECTIONS}/{checked}/draw"), 2, None).await;
    let path = format!("/api/v1/inspection-items?inspection_id={checked}");
    let items = families.app.get(&auditor, &path).await.expect(200).json();
    let item = |at: usize| -> Id { items["items"][at]["id"].as_str().unwrap().parse().unwrap() };
    for at in 1..4 {
        let result = json!({ "state": "not_found", "note": "模拟核查" });
        act(families, &auditor, format!("/api/v1/inspection-items/{}/result", item(at)), 1, Some(result)).await;
    }
    let [accepted, dismissed] =
        [finding(families, &auditor, item(2)).await, finding(families, &auditor, item(3)).await];
    let found = families.app.edge.new_id();
    let post = |actor, route, status| Change::new(actor, Method::POST, route, status);
    let mut draw = post(&auditor, "/api/v1/inspections/{id}/draw", 200).of(drawn).version(2).event(
        "inspection.draw",
        Kind::Changed,
        (INSPECTION, drawn),
        top,
    );
    for _ in 0..4 {
        draw = draw.event("inspection_item.draw", Kind::Made, (ITEM, None), giver);
    }
    let manager = families.manager;
    vec![
        post(&auditor, INSPECTIONS, 201).body(body(families, Some(made))).event(
            "inspection.frame",
            Kind::Made,
            (INSPECTION, made),
            top,
        ),
        post(&auditor, "/api/v1/inspections/{id}/seed", 200)
            .of(seeded)
            .version(1)
            .body(json!({ "seed": "01 07 12 模拟", "source": "模拟彩票" }))
            .event("inspection.seed", Kind::Changed, (INSPECTION, seeded), top),
        draw,
        post(&auditor, "/api/v1/inspections/{id}/close", 200)
            .of(closed)
            .version(1)
            .body(json!({ "reason": "模拟结束" }))
            .event("inspection.close", Kind::Changed, (INSPECTION, closed), top)
            .reason("模拟结束"),
        post(&auditor, "/api/v1/inspection-items/{id}/result", 200)
            .of(item(0))
            .version(1)
            .body(json!({ "state": "amount_differs", "found_amount_fen": 77, "note": "模拟核查" }))
            .event("inspection_item.check", Kind::Changed, (ITEM, item(0)), giver),
        post(&auditor, FINDINGS, 201).body(json!({ "id": found, "item_id": item(1), "reason": "模拟退回" })).event(
            "inspection_finding.make",
            Kind::Made,
            (FINDING, found),
            giver,
        ),
        post(manager, "/api/v1/inspection-findings/{id}/accept", 200)
            .of(accepted)
            .version(1)
            .body(json!({ "reason": "情况属实" }))
            .event("inspection_finding.accept", Kind::Changed, (FINDING, accepted), giver)
            .reason("情况属实"),
        post(manager, "/api/v1/inspection-findings/{id}/dismiss", 200)
            .of(dismissed)
            .version(1)
            .body(json!({ "reason": "已经更正" }))
            .event("inspection_finding.dismiss", Kind::Changed, (FINDING, dismissed), giver)
            .reason("已经更正"),
    ]
}

/// An inspection of four of what the townships of a county gave lately.
fn body(families: &Families<'_>, id: Option<Id>) -> Value {
    json!({
        "id": id, "service_point_id": families.network.id("c1"), "name": "模拟抽查", "period_from": "2026-01-01",
        "period_to": families.app.today(), "kinds": [], "method": "risk", "sample_size": 4,
    })
}

async fn framed(families: &Families<'_>, auditor: &Actor) -> Id {
    families.app.post(auditor, INSPECTIONS, &body(families, None)).await.expect(201).id()
}

async fn act(families: &Families<'_>, auditor: &Actor, path: String, version: i64, body: Option<Value>) {
    families.app.post_to(auditor, &path, version, body.as_ref()).await.expect(200);
}

async fn finding(families: &Families<'_>, auditor: &Actor, item: Id) -> Id {
    let body = json!({ "item_id": item, "reason": "模拟退回" });
    families.app.post(auditor, FINDINGS, &body).await.expect(201).id()
}
