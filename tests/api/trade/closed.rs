//! Closed months: what was sent in for a month is not moved by trade or training any more.

use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use super::{Shop, refused, with};
use crate::{on_both, support::trade};

/// Sends the November of a point in, by somebody there.
async fn submit(shop: &Shop, point: &str) {
    let who = shop.app.actor(&[(Role::Worker, shop.id(point))]);
    let body = json!({ "service_point_id": shop.id(point), "month": "2026-11", "nil": false, "note": "模拟说明" });
    shop.app.post(&who, "/api/v1/reports", &body).await.expect(201);
}

on_both! {
    /// Nothing that counts in the month is entered, corrected or taken back, and nothing is moved into it; what lies in other
    /// months, and what no figure counts, may be.
    async fn entries_of_a_closed_month_stay(app: TestApp) {
        let shop = Shop::later(app, 9).await;
        let store = shop.opened("c1t1v1").await;
        let (_, [person, other]) = shop.household("c1t1v1").await;
        let session = |host: &str, day: &str| trade::session(shop.id(host), day.parse().unwrap());
        let (sale, streamed) = (shop.sale(store, "2026-11-20", 100), trade::livestream(store, "2026-11-20".parse().unwrap()));
        let month = with(sale.clone(), json!({ "on": null, "month": "2026-11" }));
        let (first, stream) = (shop.enter("sales", &sale).await, shop.enter("livestreams", &streamed).await);
        let here = shop.enter("training-sessions", &session("c1t1v1", "2026-11-10")).await;
        let there = shop.enter("training-sessions", &session("c2t1v1", "2026-11-10")).await;
        let by = |session: Id, member: Id| json!({ "session_id": session, "member_id": member });
        let attendance = shop.enter("attendances", &by(here, person)).await;
        let away = shop.enter("attendances", &by(there, person)).await;
        let later = shop.enter("sales", &shop.sale(store, "2026-12-01", 100)).await;
        submit(&shop, "c1t1v1").await;

        for (collection, body) in [
            ("sales", &sale),
            ("sales", &month),
            ("sales", &trade::sale(shop.id("c1t1v1"), "2026-11-30".parse().unwrap())),
            ("livestreams", &streamed),
            ("training-sessions", &session("c1t1v1", "2026-11-30")),
            ("attendances", &trade::attendance(here)),
            ("attendances", &by(here, other)),
            // The person counts at home, whoever holds the session.
            ("attendances", &by(there, other)),
            ("stores", &shop.store("c1t1v1")),
            ("stores", &with(shop.store("c1t1v1"), json!({ "opened_on": "2026-09-01" }))),
        ] {
            refused(&shop.post(collection, body).await, 409, "period.closed");
        }
        for (collection, id, fields) in [
            ("sales", first, json!({ "amount_fen": 200 })),
            ("sales", first, json!({ "on": "2026-12-01" })),
            ("sales", later, json!({ "on": "2026-11-30" })),
            ("livestreams", stream, json!({ "viewers": 1 })),
            ("training-sessions", here, json!({ "minutes": 60 })),
            ("attendances", attendance, json!({ "minutes": 60 })),
            ("attendances", away, json!({ "minutes": 60 })),
        ] {
            refused(&shop.correct(collection, id, 1, fields).await, 409, "period.closed");
        }
        for (collection, id) in [("sales", first), ("livestreams", stream), ("attendances", attendance), ("attendances", away)] {
            refused(&shop.void(collection, id, 1).await, 409, "period.closed");
        }
        let days = |fields: Value| with(shop.store("c1t1v1"), fields);
        for fields in [json!({ "closed_on": "2026-11-30" }), json!({ "opened_on": "2026-10-01" }), json!({ "opened_on": "2026-11-02" })] {
            let closed = fields["closed_on"].is_string();
            let reply = shop.put("stores", store, 1, &days(fields)).await;
            // It sold in December.
            refused(&reply, 409, if closed { "entries.outside" } else { "period.closed" });
        }

        shop.correct("sales", later, 1, json!({ "amount_fen": 200 })).await.expect(200);
        shop.void("sales", later, 2).await.expect(200);
        refused(&shop.put("stores", store, 1, &days(json!({ "closed_on": "2026-11-30" }))).await, 409, "period.closed");
        shop.put("stores", store, 1, &days(json!({ "name": "模拟新名" }))).await.expect(200);
        shop.put("stores", store, 2, &days(json!({ "closed_on": "2026-12-02" }))).await.expect(200);
        shop.enter("attendances", &trade::attendance(there)).await;
        shop.enter("organisations", &trade::organisation(shop.id("c1t1v1"))).await;
        assert_eq!(shop.total("c1t1v1", "2026-11", "sales_amount").await, 100);
        assert_eq!(shop.total("c1t1v1", "2026-11", "training_attendances").await, 1);
    }

    /// What the month's report froze of trade and training is what the figures say.
    async fn trade_is_in_the_report(app: TestApp) {
        let shop = Shop::later(app, 9).await;
        let store = shop.opened("c1t1v1").await;
        shop.enter("sales", &with(shop.sale(store, "2026-11-20", 700), json!({ "campaign_id": shop.campaign }))).await;
        let session = shop.enter("training-sessions", &trade::session(shop.id("c1t1v1"), "2026-11-10".parse().unwrap())).await;
        shop.enter("attendances", &trade::attendance(session)).await;
        let who = shop.app.actor(&[(Role::Worker, shop.id("c1t1v1"))]);
        let nil = json!({ "service_point_id": shop.id("c1t1v1"), "month": "2026-11", "nil": true, "note": "模拟说明" });
        assert_eq!(shop.app.post(&who, "/api/v1/reports", &nil).await.status, 409, "something was sold");
        submit(&shop, "c1t1v1").await;
        let path = format!("/api/v1/service-points/{}/report?month=2026-11", shop.id("c1t1v1"));
        let report = shop.app.get(&shop.clerk, &path).await.expect(200).json();
        let text = report.to_string();
        for metric in ["sales_amount", "campaign_sales", "stores", "stores_active", "training_sessions", "training_attendances"] {
            assert!(text.contains(&format!("\"metric\":\"{metric}\"")), "{metric} is not in {text}");
        }
        for metric in ["sales_cumulative", "partners", "orders_per_day", "training_conversion_share"] {
            assert!(!text.contains(&format!("\"metric\":\"{metric}\"")), "{metric} is in {text}");
        }
    }
}
