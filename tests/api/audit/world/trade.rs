//! Changes of catalogues, organisations, stores, and the ledgers of trade and training.

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::domain::Id;

use super::{Change, Kind, people::Families};
use crate::support::trade::{self, Trade};

const ITEM: &str = "catalogue_item";
const ENTRY: &str = "ledger_entry";

/// A body with some fields more, or others.
pub fn with(mut body: Value, fields: Value) -> Value {
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    body
}

pub async fn changes(families: &mut Families<'_>) -> Vec<Change> {
    let (keeper, point) = (families.network.id("c1"), families.network.id("c1t2"));
    let at = Trade::enter(families.app, families.manager, keeper, point).await;
    let mut changes = items(families, &at);
    changes.extend(registers(families, &at));
    changes.extend(entries(families, &at).await);
    changes
}

/// A thing that is entered, and another that is written anew.
pub fn kept(
    families: &Families<'_>,
    routes: [&'static str; 2],
    actions: [&'static str; 2],
    object: &'static str,
    bodies: [Value; 2],
    edited: Id,
) -> [Change; 2] {
    let entered = families.app.edge.new_id();
    let [body, whole] = bodies;
    let point = |body: &Value| body["service_point_id"].as_str().unwrap().parse().unwrap();
    let points: [Id; 2] = [point(&body), point(&whole)];
    [
        Change::new(families.manager, Method::POST, routes[0], 201).body(with(body, json!({ "id": entered }))).event(
            actions[0],
            Kind::Made,
            (object, entered),
            points[0],
        ),
        Change::new(families.manager, Method::PUT, routes[1], 200).of(edited).version(1).body(whole).event(
            actions[1],
            Kind::Changed,
            (object, edited),
            points[1],
        ),
    ]
}

fn items(families: &Families<'_>, at: &Trade) -> Vec<Change> {
    let (county, bureau) = (at.keeper, families.network.id("b"));
    let all = [
        kept(
            families,
            ["/api/v1/partners", "/api/v1/partners/{id}"],
            ["partner.enter", "partner.edit"],
            ITEM,
            [trade::partner(bureau), with(trade::partner(county), json!({ "name": "模拟新名", "reach": "national" }))],
            at.partner,
        ),
        kept(
            families,
            ["/api/v1/agreements", "/api/v1/agreements/{id}"],
            ["agreement.enter", "agreement.edit"],
            ITEM,
            [
                trade::agreement(county, at.partner),
                with(trade::agreement(county, at.partner), json!({ "ends_on": "2026-12-31" })),
            ],
            at.agreement,
        ),
        kept(
            families,
            ["/api/v1/platforms", "/api/v1/platforms/{id}"],
            ["platform.enter", "platform.edit"],
            ITEM,
            [
                with(trade::platform(county), json!({ "partner_id": at.partner })),
                with(trade::platform(county), json!({ "kind": "live" })),
            ],
            at.platform,
        ),
        kept(
            families,
            ["/api/v1/products", "/api/v1/products/{id}"],
            ["product.enter", "product.edit"],
            ITEM,
            [
                with(trade::product(bureau), json!({ "note": "模拟说明" })),
                with(
                    trade::product(county),
                    json!({ "origin_code": "999901000000", "geographical_indication": "模拟标志" }),
                ),
            ],
            at.product,
        ),
        kept(
            families,
            ["/api/v1/campaigns", "/api/v1/campaigns/{id}"],
            ["campaign.enter", "campaign.edit"],
            ITEM,
            [trade::campaign(bureau), with(trade::campaign(county), json!({ "ends_on": "2026-12-01" }))],
            at.campaign,
        ),
        kept(
            families,
            ["/api/v1/opening-balances", "/api/v1/opening-balances/{id}"],
            ["opening_balance.enter", "opening_balance.edit"],
            ITEM,
            [trade::balance(bureau), with(trade::balance(county), json!({ "value": 200 }))],
            at.balance,
        ),
    ];
    all.into_iter().flatten().collect()
}

fn registers(families: &Families<'_>, at: &Trade) -> Vec<Change> {
    let today = families.app.today();
    let store = || trade::store(at.point, at.platform, today);
    let all = [
        kept(
            families,
            ["/api/v1/organisations", "/api/v1/organisations/{id}"],
            ["organisation.enter", "organisation.edit"],
            "organisation",
            [
                with(trade::organisation(at.point), json!({ "founded_on": "2020-01-01" })),
                with(trade::organisation(at.point), json!({ "credit_code": "91350100M000100Y43" })),
            ],
            at.organisation,
        ),
        kept(
            families,
            ["/api/v1/stores", "/api/v1/stores/{id}"],
            ["store.enter", "store.edit"],
            "store",
            [
                with(store(), json!({ "organisation_id": at.organisation })),
                with(store(), json!({ "link": "https://example.org/store" })),
            ],
            at.store,
        ),
    ];
    all.into_iter().flatten().collect()
}

/// An entry that is logged, one that is corrected and one that is voided, of each ledger.
async fn entries(families: &mut Families<'_>, at: &Trade) -> Vec<Change> {
    let (app, manager, today) = (families.app, families.manager, families.app.today());
    let member = families.registered().await.member;
    let mut changes = Vec::new();
    let noted = json!({ "note": "模拟备注" });
    for (routes, actions, body, corrected, correction) in [
        (
            ["/api/v1/sales", "/api/v1/sales/{id}", "/api/v1/sales/{id}/void"],
            ["sale.log", "sale.correct", "sale.void"],
            with(
                trade::store_sale(at.store, today),
                json!({ "product_id": at.product, "campaign_id": at.campaign, "note": "模拟备注" }),
            ),
            at.sale,
            json!({ "reason": "数量记错", "orders": 2, "amount_fen": 200 }),
        ),
        (
            ["/api/v1/livestreams", "/api/v1/livestreams/{id}", "/api/v1/livestreams/{id}/void"],
            ["livestream.log", "livestream.correct", "livestream.void"],
            with(trade::livestream(at.store, today), with(noted.clone(), json!({ "host_member_id": member }))),
            at.livestream,
            json!({ "reason": "数量记错", "viewers": 7 }),
        ),
        (
            ["/api/v1/training-sessions", "/api/v1/training-sessions/{id}", "/api/v1/training-sessions/{id}/void"],
            ["training_session.log", "training_session.correct", "training_session.void"],
            with(
                trade::session(at.point, today),
                with(noted, json!({ "ends_on": today.plus_days(1), "partner_id": at.partner })),
            ),
            at.session,
            json!({ "reason": "数量记错", "minutes": 60 }),
        ),
        (
            ["/api/v1/attendances", "/api/v1/attendances/{id}", "/api/v1/attendances/{id}/void"],
            ["attendance.log", "attendance.correct", "attendance.void"],
            trade::attendance(at.session),
            at.attendance,
            json!({ "reason": "数量记错", "heads": 4 }),
        ),
    ] {
        let voided = app.post(manager, routes[0], &body).await.expect(201).id();
        let logged = app.edge.new_id();
        let post = |route, status| Change::new(manager, Method::POST, route, status);
        changes.extend([
            post(routes[0], 201).body(with(body, json!({ "id": logged }))).event(
                actions[0],
                Kind::Made,
                (ENTRY, logged),
                at.point,
            ),
            Change::new(manager, Method::PATCH, routes[1], 200)
                .of(corrected)
                .version(1)
                .body(correction)
                .event(actions[1], Kind::Changed, (ENTRY, corrected), at.point)
                .reason("数量记错"),
            post(routes[2], 200)
                .of(voided)
                .version(1)
                .body(json!({ "reason": "记错了一次" }))
                .event(actions[2], Kind::Changed, (ENTRY, voided), at.point)
                .reason("记错了一次"),
        ]);
    }
    changes
}
