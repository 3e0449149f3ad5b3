//! Sales reports and livestreams: who sold, when and what; how they are corrected; what they add to every figure above.

use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::{Shop, fault, parts, refused, with};
use crate::{on_both, support::trade};

on_both! {
    /// A report is of a day or of a month, by a store or by the point itself: of two fields exactly one is given.
    async fn a_report_says_who_sold_and_when(app: TestApp) {
        let shop = Shop::new(app).await;
        let store = shop.opened("c1t1v1").await;
        let body = shop.sale(store, "2026-11-20", 100);
        for (fields, pointer) in [
            (json!({ "month": "2026-11" }), "/on"),
            (json!({ "on": null }), "/on"),
            (json!({ "service_point_id": shop.id("c1t1v1") }), "/service_point_id"),
            (json!({ "store_id": null }), "/store_id"),
        ] {
            fault(&shop.post("sales", &with(body.clone(), fields)).await, pointer, "either_or");
        }
        for (fields, pointer, code) in [
            (json!({ "on": "2026-11-25" }), "/on", "in_future"),
            (json!({ "on": null, "month": "2026-12" }), "/month", "in_future"),
            (json!({ "channel": "unheard_of" }), "/channel", "unknown_code"),
            (json!({ "amount_fen": 0 }), "/amount_fen", "range"),
            (json!({ "orders": -1 }), "/orders", "range"),
            (json!({ "note": "电话 13900000001" }), "/note", "holds_number"),
        ] {
            let reply = shop.post("sales", &with(body.clone(), fields)).await.expect(422);
            assert_eq!(reply.faults()[0].0, pointer, "{}", reply.text());
            if code != "holds_number" {
                fault(&reply, pointer, code);
            }
        }
        let day = shop.post("sales", &with(body.clone(), json!({ "note": "模拟说明" }))).await.expect(201).json();
        let right = json!({
            "id": day["id"], "store_id": store, "service_point_id": shop.id("c1t1v1"), "on": "2026-11-20", "month": null,
            "channel": "online", "platform_id": shop.platform, "product_id": null, "campaign_id": null, "orders": 1,
            "amount_fen": 100, "note": "模拟说明", "state": "active", "void_reason": null,
            "logged_by": shop.clerk.account, "version": 1, "created_at": day["created_at"], "updated_at": day["created_at"],
        });
        assert_eq!(day, right);
        let month = shop.post("sales", &with(body, json!({ "on": null, "month": "2026-11" }))).await.expect(201).json();
        assert_eq!((&month["on"], &month["month"]), (&Value::Null, &json!("2026-11")));
        let own = trade::sale(shop.id("c1"), "2026-11-20".parse().unwrap());
        let own = shop.post("sales", &own).await.expect(201).json();
        assert_eq!((&own["store_id"], &own["platform_id"]), (&Value::Null, &Value::Null));
        // This month, in which it is still early.
        let list = async |query: &str| shop.app.all_pages(&shop.clerk, &format!("/api/v1/sales?{query}"), 1).await.len();
        assert_eq!(list("").await, 3);
        for (query, count) in [
            (format!("store_id={store}"), 2),
            (format!("platform_id={}", shop.platform), 2),
            (format!("service_point_id={}", shop.id("c1t1")), 2),
            ("channel=offline".to_owned(), 1),
            ("from=2026-11-20&to=2026-11-20".to_owned(), 2),
            ("from=2026-10-01&to=2026-10-31".to_owned(), 0),
        ] {
            assert_eq!(list(&query).await, count, "{query}");
        }
    }

    /// What is logged counts at once at its point and at every point above it, under each way in which sales are told.
    async fn sales_count_up_to_the_bureau_at_once(app: TestApp) {
        let shop = Shop::new(app).await;
        let store = shop.opened("c1t1v1").await;
        let named = json!({ "orders": 3, "product_id": shop.product, "campaign_id": shop.campaign });
        let first = shop.enter("sales", &with(shop.sale(store, "2026-11-24", 1000), named)).await;
        let month = json!({ "on": null, "month": "2026-11", "channel": "contactless", "orders": 2 });
        let second = shop.enter("sales", &with(shop.sale(store, "2026-11-01", 500), month)).await;
        let own = with(trade::sale(shop.id("c1"), "2026-11-20".parse().unwrap()), json!({ "amount_fen": 250, "orders": 4 }));
        shop.enter("sales", &own).await;
        for (metric, right) in [
            ("sales_amount", [1750, 1750, 1500, 1500]),
            ("sales_orders", [9, 9, 5, 5]),
            ("orders_per_day", [9, 9, 5, 5]),
            ("platform_sales", [1500; 4]),
            ("product_sales", [1000; 4]),
            ("campaign_sales", [1000; 4]),
            ("sales_cumulative", [1750, 1750, 1500, 1500]),
            ("stores_active", [1; 4]),
        ] {
            for period in ["2026-11", "2026-Q4", "2026", "all"] {
                assert_eq!(shop.branch(period, metric).await, right, "{metric} in {period}");
            }
            let before = if metric == "sales_cumulative" { 0 } else { shop.total("b", "2026-10", metric).await };
            assert_eq!(before, 0, "{metric}");
            assert_eq!(shop.total("c2", "2026-11", metric).await, 0, "{metric}");
        }
        let county = shop.figures("c1", "2026-11", "sales_amount").await;
        assert_eq!(county["own"], 250);
        assert_eq!(parts(&county, "by_kind", "kind"), [("contactless", 500), ("offline", 250), ("online", 1000)].map(|(kind, value)| (kind.to_owned(), value)));
        for point in ["b", "c1", "c1t1v1"] {
            for (metric, item, value) in [
                ("platform_sales", shop.platform, 1500),
                ("product_sales", shop.product, 1000),
                ("campaign_sales", shop.campaign, 1000),
            ] {
                let figure = shop.figures(point, "2026-11", metric).await;
                assert_eq!(parts(&figure, "by_kind", "kind"), [(item.to_string(), value)], "{metric} at {point}");
            }
        }
        // The days of November that have begun, and all of those of a month that is over.
        assert_eq!(shop.figures("c1", "2026-11", "orders_per_day").await["of"], 24);
        assert_eq!(shop.figures("c1", "2026-10", "orders_per_day").await["of"], 31);

        // A correction moves what it says, and nothing else.
        let other = json!({
            "amount_fen": 800, "orders": 1, "product_id": null, "campaign_id": null, "channel": "offline", "on": "2026-10-31",
        });
        fault(&shop.correct("sales", first, 1, other.clone()).await, "/on", "store_not_open");
        shop.put("stores", store, 1, &with(shop.store("c1t1v1"), json!({ "opened_on": "2026-10-01" }))).await.expect(200);
        let corrected = shop.correct("sales", first, 1, other).await.expect(200).json();
        assert_eq!((&corrected["version"], &corrected["on"], &corrected["product_id"]), (&json!(2), &json!("2026-10-31"), &Value::Null));
        for (metric, october, november) in [
            ("sales_amount", 800, 500),
            ("sales_orders", 1, 2),
            ("platform_sales", 800, 500),
            ("product_sales", 0, 0),
            ("campaign_sales", 0, 0),
            ("stores_active", 1, 1),
            ("sales_cumulative", 800, 1300),
        ] {
            assert_eq!(shop.branch("2026-10", metric).await, [october; 4], "{metric}");
            assert_eq!(shop.branch("2026-11", metric).await[3], november, "{metric}");
        }
        assert_eq!(shop.total("c1", "2026-11", "sales_amount").await, 750);
        // What is taken back counts nowhere any more.
        shop.void("sales", second, 1).await.expect(200);
        shop.void("sales", first, 2).await.expect(200);
        for metric in ["sales_amount", "platform_sales", "stores_active", "sales_cumulative", "sales_orders"] {
            assert_eq!(shop.branch("all", metric).await[2..], [0, 0], "{metric}");
        }
        assert_eq!(shop.branch("all", "sales_amount").await, [250, 250, 0, 0]);
    }

    /// Every version is kept, with why it was replaced; what was taken back is neither corrected nor taken back again.
    async fn what_a_report_said_is_kept(app: TestApp) {
        let shop = Shop::new(app).await;
        let store = shop.opened("c1t1v1").await;
        let sale = shop.enter("sales", &shop.sale(store, "2026-11-20", 100)).await;
        fault(&shop.correct("sales", sale, 1, json!({ "on": "2026-11-20", "month": "2026-11" })).await, "/on", "either_or");
        fault(&shop.correct("sales", sale, 1, json!({ "on": "2026-11-25" })).await, "/on", "in_future");
        shop.correct("sales", sale, 1, json!({ "month": "2026-11" })).await.expect(200);
        shop.correct("sales", sale, 2, json!({ "on": "2026-11-19", "amount_fen": 300 })).await.expect(200);
        refused(&shop.correct("sales", sale, 2, json!({ "orders": 7 })).await, 412, "version.stale");
        let voided = shop.void("sales", sale, 3).await.expect(200).json();
        assert_eq!((&voided["state"], &voided["void_reason"]), (&json!("voided"), &json!("模拟作废")));
        assert_eq!(shop.correct("sales", sale, 4, json!({ "orders": 7 })).await.status, 409);
        assert_eq!(shop.void("sales", sale, 4).await.status, 409);
        let versions = shop.app.get(&shop.clerk, &format!("/api/v1/sales/{sale}/versions")).await.expect(200).json();
        let said: Vec<Value> = versions["items"].as_array().unwrap().iter().map(|version| {
            let entry = &version["entry"];
            json!([version["version"], version["reason"], entry["on"], entry["month"], entry["amount_fen"], entry["state"]])
        }).collect();
        assert_eq!(said, [
            json!([1, null, "2026-11-20", null, 100, "active"]),
            json!([2, "模拟更正", null, "2026-11", 100, "active"]),
            json!([3, "模拟更正", "2026-11-19", null, 300, "active"]),
            json!([4, "模拟作废", "2026-11-19", null, 300, "voided"]),
        ]);
        assert!(versions["items"].as_array().unwrap().iter().all(|version| version["changed_by"] == json!(shop.clerk.account)));
        let count = async |state: &str| shop.app.all_pages(&shop.clerk, &format!("/api/v1/sales?state={state}"), 5).await.len();
        assert_eq!([count("active").await, count("voided").await], [0, 1]);
    }

    /// An entry of one ledger is none of another's.
    async fn ledgers_do_not_mix(app: TestApp) {
        let shop = Shop::new(app).await;
        let store = shop.opened("c1t1v1").await;
        let sale = shop.enter("sales", &shop.sale(store, "2026-11-20", 100)).await;
        for ledger in ["livestreams", "training-sessions", "attendances"] {
            for path in [format!("{ledger}/{sale}"), format!("{ledger}/{sale}/versions")] {
                shop.app.get(&shop.clerk, &format!("/api/v1/{path}")).await.expect(404);
            }
            assert_eq!(shop.void(ledger, sale, 1).await.status, 404);
            assert_eq!(shop.app.all_pages(&shop.clerk, &format!("/api/v1/{ledger}"), 5).await, Vec::<Value>::new());
        }
        let reply = shop.post("attendances", &trade::attendance(sale)).await.expect(404);
        assert_eq!(reply.faults(), [("/session_id".to_owned(), "not_found".to_owned())]);
    }

    /// Livestreams count by themselves, on the platform that they are on, and add nothing to what was sold.
    async fn livestreams_are_told_beside_sales(app: TestApp) {
        let shop = Shop::new(app).await;
        let live = shop.enter("platforms", &with(trade::platform(shop.id("c1")), json!({ "kind": "live" }))).await;
        let store = shop.opened("c1t1v1").await;
        let (_, [host, _]) = shop.household("c1t1v1").await;
        let body = with(trade::livestream(store, "2026-11-20".parse().unwrap()), json!({ "amount_fen": 700, "viewers": 90, "minutes": 60, "host_member_id": host }));
        let first = shop.post("livestreams", &body).await.expect(201).json();
        assert_eq!((&first["platform_id"], &first["host_member_id"], &first["viewers"]), (&json!(shop.platform), &json!(host), &json!(90)));
        let elsewhere = shop.enter("livestreams", &with(body.clone(), json!({ "platform_id": live, "host_member_id": null }))).await;
        fault(&shop.post("livestreams", &with(body.clone(), json!({ "minutes": 1441 }))).await, "/minutes", "range");
        fault(&shop.post("livestreams", &with(body, json!({ "on": "2026-11-25" }))).await, "/on", "in_future");
        for (metric, right) in [("livestream_sessions", 2), ("livestream_sales", 1400), ("sales_amount", 0), ("stores_active", 0)] {
            assert_eq!(shop.branch("2026-11", metric).await, [right; 4], "{metric}");
        }
        let mut by_platform = parts(&shop.figures("c1", "2026-11", "livestream_sales").await, "by_kind", "kind");
        by_platform.sort();
        let mut right = vec![(live.to_string(), 700), (shop.platform.to_string(), 700)];
        right.sort();
        assert_eq!(by_platform, right);
        shop.correct("livestreams", elsewhere, 1, json!({ "platform_id": shop.platform, "amount_fen": 0 })).await.expect(200);
        assert_eq!(parts(&shop.figures("b", "2026-11", "livestream_sessions").await, "by_kind", "kind"), [(shop.platform.to_string(), 2)]);
        shop.void("livestreams", elsewhere, 2).await.expect(200);
        assert_eq!(shop.branch("2026-11", "livestream_sessions").await, [1; 4]);
        let hosted = format!("/api/v1/livestreams?host_member_id={host}");
        assert_eq!(shop.app.all_pages(&shop.clerk, &hosted, 5).await.len(), 1);
    }

    /// Whoever reads households reads the ledgers, and only who logs assistance writes them.
    async fn ledgers_are_written_by_who_logs_assistance(app: TestApp) {
        let shop = Shop::new(app).await;
        let store = shop.opened("c1t1v1").await;
        let sale = shop.enter("sales", &shop.sale(store, "2026-11-20", 100)).await;
        for (role, point, read, written) in [
            (Role::Worker, "c1t1v1", 200, 201),
            (Role::Manager, "c1", 200, 201),
            (Role::Reviewer, "c1", 200, 403),
            (Role::Auditor, "b", 200, 403),
            (Role::Admin, "b", 403, 403),
            (Role::Worker, "c1t1v2", 404, 404),
        ] {
            let who = shop.app.actor(&[(role, shop.id(point))]);
            assert_eq!(shop.app.get(&who, &format!("/api/v1/sales/{sale}")).await.status, read, "{role:?} at {point}");
            let reply = shop.app.post(&who, "/api/v1/sales", &shop.sale(store, "2026-11-20", 100)).await;
            assert_eq!(reply.status, written, "{role:?} at {point}: {}", reply.text());
        }
    }
}
