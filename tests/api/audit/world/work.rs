//! Changes of assistance records, and of requests to transfer a household.

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::domain::Id;

use super::{
    Change, Kind,
    people::{Families, Family},
};

const RECORDS: &str = "/api/v1/assistance-records";
const RECORD: &str = "assistance_record";
const REQUESTS: &str = "/api/v1/transfer-requests";
const REQUEST: &str = "transfer_request";

pub async fn changes(families: &mut Families<'_>) -> Vec<Change> {
    let mut changes = records(families).await;
    changes.extend(requests(families).await);
    changes.push(explanation(families).await);
    changes
}

async fn records(families: &mut Families<'_>) -> Vec<Change> {
    let giver = families.network.id("c1t2");
    let household = families.registered().await;
    let [corrected, voided] = [families.record(household, None).await, families.record(household, None).await];
    let logged = families.app.edge.new_id();
    let body = json!({
        "id": logged, "household_id": household.id, "member_id": household.head, "service_point_id": giver,
        "kind": "convenience", "subkind": "pay", "given_on": families.app.today(), "quantity": 2, "unit": "time",
        "amount_fen": 12_050, "note": "模拟备注",
    });
    let queued = families.app.edge.new_id();
    let item = json!({
        "id": families.app.edge.new_id(), "act": "log_assistance",
        "content": {
            "id": queued, "household_id": household.id, "service_point_id": giver, "kind": "training",
            "given_on": families.app.today(), "quantity": 1,
        },
    });
    let worker = families.worker;
    let post = |route, status| Change::new(worker, Method::POST, route, status);
    vec![
        post("/api/v1/batches", 200).body(json!({ "items": [item] })).event(
            "assistance_record.log",
            Kind::Made,
            (RECORD, queued),
            giver,
        ),
        post(RECORDS, 201).body(body).event("assistance_record.log", Kind::Made, (RECORD, logged), giver),
        Change::new(worker, Method::PATCH, "/api/v1/assistance-records/{id}", 200)
            .of(corrected)
            .version(1)
            .body(json!({ "reason": "数量记错", "quantity": 3, "note": "模拟补记" }))
            .event("assistance_record.correct", Kind::Changed, (RECORD, corrected), giver)
            .reason("数量记错"),
        post("/api/v1/assistance-records/{id}/void", 200)
            .of(voided)
            .version(1)
            .body(json!({ "reason": "记错了一次" }))
            .event("assistance_record.void", Kind::Changed, (RECORD, voided), giver)
            .reason("记错了一次"),
    ]
}

async fn explanation(families: &mut Families<'_>) -> Change {
    let (app, manager, home) = (families.app, families.manager, families.network.id("c1"));
    let (family, mut body) = families.fresh();
    body["service_point_id"] = json!(home);
    body["income"] = json!({
        "year": 2025, "wages_fen": 100, "business_fen": 0, "property_fen": 0, "transfers_fen": 0,
        "business_expenses_fen": 0,
    });
    app.post(families.worker, "/api/v1/households", &body).await.expect(201);
    let path = format!("/api/v1/doubtful-items?service_point_id={home}&rule=income_unusual");
    let item = app.get(manager, &path).await.expect(200).json()["items"][0].clone();
    assert_eq!(item["subject_id"], json!(family.id));
    let id = app.edge.new_id();
    let said = json!({
        "id": id, "rule": "income_unusual", "subject_id": family.id, "fingerprint": item["fingerprint"],
        "note": "模拟说明",
    });
    Change::new(manager, Method::POST, "/api/v1/doubtful-explanations", 201).body(said).event(
        "doubtful_item.explain",
        Kind::Made,
        ("doubtful_explanation", id),
        home,
    )
}

async fn requests(families: &mut Families<'_>) -> Vec<Change> {
    let (home, wanted) = (families.home(), families.network.id("c1t2"));
    let asked = families.registered().await.id;
    let (found, body) = families.fresh();
    families.app.post(families.worker, "/api/v1/households", &body).await.expect(201);
    let number = body["members"][1]["identity_number"].clone();
    let [by_id, by_number] = [families.app.edge.new_id(), families.app.edge.new_id()];
    let (granted, accepted) = pending(families).await;
    let [(_, refused), (_, withdrawn)] = [pending(families).await, pending(families).await];
    let post = |actor, route, status| Change::new(actor, Method::POST, route, status);
    let (worker, manager) = (families.worker, families.manager);
    let make = |body: Value| post(worker, REQUESTS, 201).body(body);
    vec![
        make(json!({ "id": by_id, "household_id": asked, "service_point_id": wanted, "reason": "已经搬来" })).event(
            "transfer_request.make",
            Kind::Made,
            (REQUEST, by_id),
            wanted,
        ),
        // Who names a person by the number alone has learned something, and the household's own side of it is told.
        make(json!({ "id": by_number, "identity_number": number, "service_point_id": wanted, "reason": "已经搬来" }))
            .event("household.duplicate_found", Kind::Made, ("household", found.id), home)
            .event("transfer_request.make", Kind::Made, (REQUEST, by_number), wanted),
        post(manager, "/api/v1/transfer-requests/{id}/accept", 200)
            .of(accepted)
            .version(1)
            .body(json!({ "effective_on": "2026-11-20" }))
            .event("transfer_request.accept", Kind::Changed, (REQUEST, accepted), wanted)
            .event("household.transfer", Kind::Changed, ("household", granted.id), wanted)
            .reason("模拟迁入")
            .event("household.depart", Kind::Made, ("household", granted.id), home),
        post(manager, "/api/v1/transfer-requests/{id}/refuse", 200)
            .of(refused)
            .version(1)
            .body(json!({ "reason": "查无此事" }))
            .event("transfer_request.refuse", Kind::Changed, (REQUEST, refused), wanted)
            .reason("查无此事"),
        post(worker, "/api/v1/transfer-requests/{id}/withdraw", 200).of(withdrawn).version(1).event(
            "transfer_request.withdraw",
            Kind::Changed,
            (REQUEST, withdrawn),
            wanted,
        ),
    ]
}

/// A request that waits for its answer, and the household that it is about.
async fn pending(families: &mut Families<'_>) -> (Family, Id) {
    let family = families.registered().await;
    let wanted = families.network.id("c1t2");
    let body = json!({ "household_id": family.id, "service_point_id": wanted, "reason": "模拟迁入" });
    (family, families.app.post(families.worker, REQUESTS, &body).await.expect(201).id())
}
