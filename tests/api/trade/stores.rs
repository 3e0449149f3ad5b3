//! Stores: whose they are, where they stay, and when they are open.

use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::{Shop, fault, parts, refused, with};
use crate::{on_both, support::trade};

on_both! {
    /// A store is a household's, an organisation's or the point's own, never of two; and what was entered is answered.
    async fn a_store_has_one_owner(app: TestApp) {
        let shop = Shop::new(app).await;
        let (household, _) = shop.household("c1t1v1").await;
        let organisation = shop.enter("organisations", &trade::organisation(shop.id("c1t1"))).await;
        for (owner, right) in [
            (json!({}), [Value::Null, Value::Null]),
            (json!({ "household_id": household }), [json!(household), Value::Null]),
            (json!({ "organisation_id": organisation }), [Value::Null, json!(organisation)]),
        ] {
            let body = with(shop.store("c1t1v1"), owner);
            let store = shop.post("stores", &body).await.expect(201).json();
            assert_eq!([store["household_id"].clone(), store["organisation_id"].clone()], right);
            let mut expected = with(body, json!({ "version": 1 }));
            for field in ["household_id", "organisation_id", "link", "closed_on", "id", "created_at", "updated_at"] {
                expected[field] = store[field].clone();
            }
            assert_eq!(store, expected);
            assert_eq!(shop.get("stores", store["id"].as_str().unwrap().parse().unwrap()).await, store);
        }
        let both = json!({ "household_id": household, "organisation_id": organisation });
        fault(&shop.post("stores", &with(shop.store("c1t1v1"), both)).await, "/organisation_id", "either_or");
        let nobody = shop.app.edge.new_id();
        for owner in ["household_id", "organisation_id"] {
            let reply = shop.post("stores", &with(shop.store("c1t1v1"), json!({ owner: nobody }))).await.expect(404);
            assert_eq!(reply.faults(), [(format!("/{owner}"), "not_found".to_owned())]);
        }
        let of = async |filter: String| shop.app.all_pages(&shop.clerk, &format!("/api/v1/stores?{filter}"), 2).await.len();
        assert_eq!(of(format!("household_id={household}")).await, 1);
        assert_eq!(of(format!("organisation_id={organisation}")).await, 1);
        assert_eq!(of(format!("service_point_id={}", shop.id("c1"))).await, 3);
        assert_eq!(of(format!("service_point_id={}", shop.id("c2"))).await, 0);
        assert_eq!(of(format!("platform_id={}", shop.platform)).await, 3);
    }

    /// Everything of a store may be written anew, but where it counts and on which platform.
    async fn point_and_platform_stay(app: TestApp) {
        let shop = Shop::new(app).await;
        let other = shop.enter("platforms", &trade::platform(shop.id("c1"))).await;
        let store = shop.opened("c1t1v1").await;
        let renamed = with(shop.store("c1t1v1"), json!({ "name": "模拟新名", "link": "https://example.org" }));
        let edited = shop.put("stores", store, 1, &renamed).await.expect(200).json();
        assert_eq!((&edited["name"], &edited["version"]), (&json!("模拟新名"), &json!(2)));
        for (field, value) in [("service_point_id", shop.id("c1t1")), ("platform_id", other), ("id", other)] {
            let reply = shop.put("stores", store, 2, &with(renamed.clone(), json!({ field: value }))).await;
            fault(&reply, &format!("/{field}"), "fixed");
        }
        // The whole of it: what is left out is emptied.
        let plain = shop.put("stores", store, 2, &shop.store("c1t1v1")).await.expect(200).json();
        assert_eq!(plain["link"], Value::Null);
    }

    /// Days are in order and not in the future, and the platform is still in use when the store opens.
    async fn days_of_a_store_are_checked(app: TestApp) {
        let shop = Shop::new(app).await;
        for (days, pointer, code) in [
            (json!({ "opened_on": "2026-11-25" }), "/opened_on", "in_future"),
            (json!({ "closed_on": "2026-10-31" }), "/closed_on", "before_from"),
            (json!({ "closed_on": "2026-11-25" }), "/closed_on", "in_future"),
        ] {
            fault(&shop.post("stores", &with(shop.store("c1t1v1"), days)).await, pointer, code);
        }
        let ended = with(trade::platform(shop.id("b")), json!({ "ends_on": "2026-10-31" }));
        let ended = shop.enter("platforms", &ended).await;
        let on = |day: &str| with(shop.store("c1t1v1"), json!({ "platform_id": ended, "opened_on": day }));
        fault(&shop.post("stores", &on("2026-11-01")).await, "/platform_id", "not_in_force");
        shop.enter("stores", &on("2026-10-31")).await;
        // A product is no platform.
        let product = with(shop.store("c1t1v1"), json!({ "platform_id": shop.product }));
        let reply = shop.post("stores", &product).await.expect(404);
        assert_eq!(reply.faults(), [("/platform_id".to_owned(), "not_found".to_owned())]);
    }

    /// A store is open while it sells: its days are not drawn in over what it sold, and it sells on its days only.
    async fn a_store_sells_while_it_is_open(app: TestApp) {
        let shop = Shop::new(app).await;
        let store = shop.opened("c1t1v1").await;
        fault(&shop.post("sales", &shop.sale(store, "2026-10-31", 100)).await, "/on", "store_not_open");
        let month = |month: &str| with(shop.sale(store, "2026-11-01", 100), json!({ "on": null, "month": month }));
        fault(&shop.post("sales", &month("2026-10")).await, "/month", "store_not_open");
        let streamed = trade::livestream(store, "2026-10-31".parse().unwrap());
        fault(&shop.post("livestreams", &streamed).await, "/on", "store_not_open");
        let sale = shop.enter("sales", &shop.sale(store, "2026-11-20", 100)).await;
        let closed = |day: &str| with(shop.store("c1t1v1"), json!({ "closed_on": day }));
        refused(&shop.put("stores", store, 1, &closed("2026-11-19")).await, 409, "entries.outside");
        assert_eq!(shop.get("stores", store).await["version"], 1);
        let later = with(shop.store("c1t1v1"), json!({ "opened_on": "2026-12-01" }));
        fault(&shop.put("stores", store, 1, &later).await, "/opened_on", "in_future");
        shop.put("stores", store, 1, &closed("2026-11-20")).await.expect(200);
        fault(&shop.post("sales", &shop.sale(store, "2026-11-21", 100)).await, "/on", "store_not_open");
        fault(&shop.correct("sales", sale, 1, json!({ "on": "2026-11-21" })).await, "/on", "store_not_open");
        shop.enter("sales", &month("2026-11")).await;
        // What was taken back holds nothing open.
        shop.void("sales", sale, 1).await.expect(200);
        shop.put("stores", store, 2, &closed("2026-11-19")).await.expect(200);
        for (day, open) in [("2026-10-31", 0), ("2026-11-01", 1), ("2026-11-19", 1), ("2026-11-20", 0)] {
            let path = format!("/api/v1/stores?open_on={day}");
            assert_eq!(shop.app.all_pages(&shop.clerk, &path, 9).await.len(), open, "{day}");
        }
    }

    /// A sale of a day lies within the days of its store however the store's first day is written anew.
    async fn a_first_day_is_not_put_after_a_sale(app: TestApp) {
        let shop = Shop::new(app).await;
        let store = shop.opened("c1t1v1").await;
        shop.enter("sales", &shop.sale(store, "2026-11-05", 100)).await;
        let later = with(shop.store("c1t1v1"), json!({ "opened_on": "2026-11-20" }));
        refused(&shop.put("stores", store, 1, &later).await, 409, "entries.outside");
    }

    /// The same for reports of whole months: those of the month in which the store opens are in order.
    async fn a_first_day_may_lie_within_a_reported_month(app: TestApp) {
        let shop = Shop::new(app).await;
        let store = shop.opened("c1t1v1").await;
        let month = with(shop.sale(store, "2026-11-05", 100), json!({ "on": null, "month": "2026-11" }));
        shop.enter("sales", &month).await;
        let later = with(shop.store("c1t1v1"), json!({ "opened_on": "2026-11-20" }));
        shop.put("stores", store, 1, &later).await.expect(200);
    }

    /// Stores that are open, that were opened and that sold: at the point and above it, by platform, as each of it changes.
    async fn stores_are_counted(app: TestApp) {
        let shop = Shop::new(app).await;
        let october = with(shop.store("c1t1v1"), json!({ "opened_on": "2026-10-10" }));
        let first = shop.enter("stores", &october).await;
        let second = shop.opened("c1t1").await;
        assert_eq!(shop.branch("2026-10", "stores").await, [1, 1, 1, 1]);
        assert_eq!(shop.branch("2026-11", "stores").await, [2, 2, 2, 1]);
        assert_eq!(shop.branch("2026-10", "stores_opened").await, [1, 1, 1, 1]);
        assert_eq!(shop.branch("2026-11", "stores_opened").await, [1, 1, 1, 0]);
        assert_eq!(shop.branch("2026-Q4", "stores_opened").await, [2, 2, 2, 1]);
        let by_platform = parts(&shop.figures("b", "2026-11", "stores").await, "by_type", "type");
        assert_eq!(by_platform, [(shop.platform.to_string(), 2)]);
        assert_eq!(shop.branch("2026-11", "stores_active").await, [0; 4]);
        shop.enter("sales", &shop.sale(first, "2026-10-20", 100)).await;
        shop.enter("sales", &shop.sale(first, "2026-11-20", 100)).await;
        let sale = shop.enter("sales", &shop.sale(second, "2026-11-20", 100)).await;
        assert_eq!(shop.branch("2026-10", "stores_active").await, [1; 4]);
        assert_eq!(shop.branch("2026-11", "stores_active").await, [2, 2, 2, 1]);
        assert_eq!(shop.branch("2026", "stores_active").await, [2, 2, 2, 1]);
        shop.void("sales", sale, 1).await.expect(200);
        assert_eq!(shop.branch("2026-11", "stores_active").await, [1; 4]);
        let share = shop.figures("c1", "2026-11", "stores_active_share").await;
        assert_eq!([&share["total"], &share["of"], &share["rate_bp"]], [&json!(1), &json!(2), &json!(5000)]);
        // It is closed on the day before: what it sold still counts, but it is open no more.
        let closed = with(october.clone(), json!({ "closed_on": "2026-11-23" }));
        shop.put("stores", first, 1, &closed).await.expect(200);
        assert_eq!(shop.branch("2026-11", "stores").await, [1, 1, 1, 0]);
        assert_eq!(shop.branch("2026-10", "stores").await, [1; 4]);
        assert_eq!(shop.branch("2026-11", "stores_active").await, [1; 4]);
        let share = shop.figures("c1", "2026-11", "stores_active_share").await;
        assert_eq!([&share["total"], &share["of"]], [&json!(0), &json!(1)]);
        assert_eq!(shop.branch("2026-Q4", "stores_opened").await, [2, 2, 2, 1]);
        // It opens again, and earlier.
        shop.put("stores", first, 2, &with(october, json!({ "opened_on": "2026-09-30" }))).await.expect(200);
        assert_eq!(shop.branch("2026-11", "stores").await, [2, 2, 2, 1]);
        assert_eq!(shop.branch("2026-09", "stores_opened").await, [1; 4]);
        assert_eq!(shop.branch("2026-10", "stores_opened").await, [0; 4]);
        assert_eq!(shop.branch("all", "stores_opened").await, [2, 2, 2, 1]);
    }

    /// What closes on the last day of a month stands in it, and, until the next one has begun, in every period to come: nothing is told
    /// of what lies ahead.
    async fn a_store_that_closes_today_stands_until_the_month_is_over(app: TestApp) {
        let mut shop = Shop::later(app, 6).await;
        assert_eq!(shop.app.today().to_string(), "2026-11-30");
        let store = shop.opened("c1t1v1").await;
        let closed = with(shop.store("c1t1v1"), json!({ "closed_on": "2026-11-30" }));
        shop.put("stores", store, 1, &closed).await.expect(200);
        for period in ["2026-11", "2026-12", "2026-Q4", "2026", "2027"] {
            assert_eq!(shop.branch(period, "stores").await, [1; 4], "{period}");
        }
        shop.app.edge.advance(24 * 3600);
        shop.clerk = shop.app.actor(&[(Role::Manager, shop.id("b"))]);
        for (period, n) in [("2026-11", 1), ("2026-12", 0), ("2026-Q4", 0), ("2026", 0), ("2027", 0)] {
            assert_eq!(shop.branch(period, "stores").await, [n; 4], "{period}");
        }
    }
}
