//! The rules about sales and stores.

use serde_json::{Value, json};
use terrace::domain::Id;

use super::{Desk, EXPLANATIONS};
use crate::on_both;

const REASON: &str = "模拟原因";

/// A store of the village `c1t1v1`, on a platform of the bureau.
async fn store(desk: &Desk, opened_on: &str) -> Id {
    let point = desk.network.id("b");
    let platform = json!({ "service_point_id": point, "name": "模拟平台", "kind": "shelf" });
    let platform = desk.app.post(&desk.manager, "/api/v1/platforms", &platform).await.expect(201).id();
    let store = json!({
        "service_point_id": desk.network.id("c1t1v1"), "platform_id": platform, "name": "模拟网店", "opened_on": opened_on,
    });
    desk.app.post(&desk.manager, "/api/v1/stores", &store).await.expect(201).id()
}

async fn sale(desk: &Desk, store: Id, fields: Value) -> Id {
    let mut body = json!({ "store_id": store, "channel": "online", "orders": 1, "amount_fen": 5_000 });
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    desk.app.post(&desk.manager, "/api/v1/sales", &body).await.expect(201).id()
}

on_both! {
    /// Thirty days after the day, or after the month's end, are in time.
    async fn a_sale_is_logged_late(app: TestApp) {
        let desk = Desk::new(app).await;
        let (store, today) = (store(&desk, "2026-01-01").await, desk.app.today());
        let late = sale(&desk, store, json!({ "on": today.minus_days(31) })).await;
        sale(&desk, store, json!({ "on": today.minus_days(30) })).await;
        sale(&desk, store, json!({ "month": "2026-10", "channel": "offline" })).await;
        desk.same(desk.found("sale_logged_late", "&month=2026-10").await, vec![late]);
        assert_eq!(desk.items("sale_logged_late", "&month=2026-10").await[0]["value"], 31);
        let very_late = sale(&desk, store, json!({ "month": "2026-09" })).await;
        desk.same(desk.found("sale_logged_late", "&month=2026-09").await, vec![very_late]);
    }

    /// A month's report beside another of the month, or beside a day of it; days of a campaign, other channels and other
    /// products are no second telling.
    async fn a_month_is_told_twice(app: TestApp) {
        let desk = Desk::new(app).await;
        let store = store(&desk, "2026-01-01").await;
        let campaign = json!({
            "service_point_id": desk.network.id("b"), "name": "模拟活动", "starts_on": "2026-10-01", "ends_on": "2026-10-07",
        });
        let campaign = desk.app.post(&desk.manager, "/api/v1/campaigns", &campaign).await.expect(201).id();
        let month = sale(&desk, store, json!({ "month": "2026-10" })).await;
        sale(&desk, store, json!({ "on": "2026-10-03", "campaign_id": campaign })).await;
        sale(&desk, store, json!({ "on": "2026-10-03", "channel": "offline" })).await;
        desk.same(desk.found("sold_twice", "&month=2026-10").await, vec![]);
        let day = sale(&desk, store, json!({ "on": "2026-10-09" })).await;
        desk.same(desk.found("sold_twice", "&month=2026-10").await, vec![month]);
        desk.app.post_to(&desk.manager, &format!("/api/v1/sales/{day}/void"), 1, Some(&json!({ "reason": REASON }))).await.expect(200);
        desk.same(desk.found("sold_twice", "&month=2026-10").await, vec![]);
        let again = sale(&desk, store, json!({ "month": "2026-10" })).await;
        desk.same(desk.found("sold_twice", "&month=2026-10").await, vec![month, again]);
    }

    /// From one yuan to fifty thousand an order is as it should be; without orders there is nothing to divide by.
    async fn an_order_is_worth_too_little_or_too_much(app: TestApp) {
        let desk = Desk::new(app).await;
        let store = store(&desk, "2026-01-01").await;
        let of = async |orders: i64, amount_fen: i64| {
            sale(&desk, store, json!({ "on": "2026-11-02", "orders": orders, "amount_fen": amount_fen })).await
        };
        let right = [of(100, 10_000).await, of(2, 10_000_000).await, of(0, 99_000_000).await];
        let wrong = vec![of(101, 10_000).await, of(1, 5_000_001).await];
        let found = desk.found("order_value_unusual", "&month=2026-11").await;
        assert!(right.iter().all(|id| !found.contains(id)));
        desk.same(found, wrong);
    }

    /// Three whole months without a sale. What was said about it holds until the store has sold something since.
    async fn a_store_sells_nothing(app: TestApp) {
        let desk = Desk::new(app).await;
        let idle = store(&desk, "2026-08-01").await;
        let young = store(&desk, "2026-08-02").await;
        let busy = store(&desk, "2026-01-01").await;
        sale(&desk, busy, json!({ "month": "2026-08" })).await;
        let found = desk.found("store_idle", "&month=2026-10").await;
        assert!(!found.contains(&young), "it was not open in all of August");
        desk.same(found, vec![idle]);
        desk.same(desk.found("store_idle", "&month=2026-11").await, vec![]);
        let item = desk.items("store_idle", "&month=2026-10").await.remove(0);
        let said = json!({
            "rule": "store_idle", "subject_id": idle, "month": "2026-10", "note": "模拟：店主外出务工",
            "fingerprint": item["fingerprint"],
        });
        desk.app.post(&desk.manager, EXPLANATIONS, &said).await.expect(201);
        assert_eq!(desk.items("store_idle", "&month=2026-10").await[0]["state"], "explained");
    }
}
