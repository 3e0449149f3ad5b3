//! A household takes its trained persons to its new home; what was held and sold stays where it was.

use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use super::{Shop, with};
use crate::{on_both, support::trade};

async fn transfer(shop: &Shop, household: Id, to: &str, effective_on: &str) {
    let body = json!({ "service_point_id": shop.id(to), "reason": "模拟搬迁", "effective_on": effective_on });
    let path = format!("/api/v1/households/{household}/transfer");
    shop.app.post_to(&shop.clerk, &path, 1, Some(&body)).await.expect(200);
}

async fn in_county(shop: &Shop, period: &str, metric: &str) -> [i64; 3] {
    [
        shop.total("b", period, metric).await,
        shop.total("c1", period, metric).await,
        shop.total("c2", period, metric).await,
    ]
}

on_both! {
    /// In the month of the transfer and later the persons count at the new home, in those before at the old one.
    async fn trained_persons_go_with_their_household(app: TestApp) {
        let shop = Shop::later(app, 40).await;
        let (household, people) = shop.household("c1t1v1").await;
        let mut attendances = Vec::new();
        for day in ["2026-11-10", "2026-12-10"] {
            let session = trade::session(shop.id("c1t1"), day.parse().unwrap());
            let session = shop.enter("training-sessions", &session).await;
            for person in people {
                let body = json!({ "session_id": session, "member_id": person });
                attendances.push(shop.enter("attendances", &body).await);
            }
        }
        transfer(&shop, household, "c2t1v1", "2026-12-15").await;
        for (metric, november, december, all) in [
            ("training_attendances", [2, 2, 0], [2, 2, 0], [4, 4, 0]),
            ("persons_trained", [2, 2, 0], [2, 0, 2], [2, 0, 2]),
            ("persons_trained_cumulative", [2, 2, 0], [2, 0, 2], [2, 0, 2]),
        ] {
            for (period, right) in [("2026-11", november), ("2026-12", december), ("2026-Q4", december), ("all", all)] {
                // A quarter has the attendances of both months.
                let right = if metric == "training_attendances" && period == "2026-Q4" { all } else { right };
                assert_eq!(in_county(&shop, period, metric).await, right, "{metric} in {period}");
            }
        }
        // The attendances belong to the host still: whoever works there takes them back, without reaching the household.
        let worker = shop.app.actor(&[(Role::Worker, shop.id("c1t1"))]);
        shop.app.get(&worker, &format!("/api/v1/households/{household}")).await.expect(404);
        let void = async |id: Id| {
            let body = json!({ "reason": "模拟作废" });
            shop.app.post_to(&worker, &format!("/api/v1/attendances/{id}/void"), 1, Some(&body)).await.expect(200);
        };
        void(attendances[2]).await;
        assert_eq!(in_county(&shop, "2026-12", "persons_trained").await, [1, 0, 1]);
        assert_eq!(in_county(&shop, "2026-12", "persons_trained_cumulative").await, [2, 0, 2]);
        void(attendances[0]).await;
        assert_eq!(in_county(&shop, "2026-11", "persons_trained").await, [1, 1, 0]);
        assert_eq!(in_county(&shop, "2026-12", "persons_trained_cumulative").await, [1, 0, 1]);
        assert_eq!(in_county(&shop, "2026-11", "persons_trained_cumulative").await, [1, 1, 0]);
    }

    /// Who attends after the transfer counts at the new home, also at a session of the time before it.
    async fn who_attends_after_a_transfer_counts_where_the_household_was(app: TestApp) {
        let shop = Shop::later(app, 40).await;
        let (household, [first, second]) = shop.household("c1t1v1").await;
        transfer(&shop, household, "c2t1v1", "2026-12-15").await;
        for (day, person) in [("2026-11-10", first), ("2026-12-20", second)] {
            let session = trade::session(shop.id("b"), day.parse().unwrap());
            let session = shop.enter("training-sessions", &session).await;
            shop.enter("attendances", &json!({ "session_id": session, "member_id": person })).await;
        }
        assert_eq!(in_county(&shop, "2026-11", "persons_trained").await, [1, 1, 0]);
        assert_eq!(in_county(&shop, "2026-12", "persons_trained").await, [1, 0, 1]);
        assert_eq!(in_county(&shop, "2026", "persons_trained").await, [2, 0, 2]);
        assert_eq!(in_county(&shop, "2026-11", "persons_trained_cumulative").await, [1, 1, 0]);
        assert_eq!(in_county(&shop, "2026-12", "persons_trained_cumulative").await, [2, 0, 2]);
    }

    /// Its store stays with the point that looks after it, and leads the household's training to a store all the same.
    async fn a_store_stays_where_it_was(app: TestApp) {
        let shop = Shop::later(app, 40).await;
        let (household, [person, _]) = shop.household("c1t1v1").await;
        let body = with(shop.store("c1t1v1"), json!({ "household_id": household, "opened_on": "2026-11-20" }));
        let store = shop.enter("stores", &body).await;
        let session = shop.enter("training-sessions", &trade::session(shop.id("c1t1"), "2026-11-10".parse().unwrap())).await;
        shop.enter("attendances", &json!({ "session_id": session, "member_id": person })).await;
        transfer(&shop, household, "c2t1v1", "2026-11-28").await;
        assert_eq!(in_county(&shop, "2026-11", "stores").await, [1, 1, 0]);
        let share = async |point: &str| {
            let figure = shop.figures(point, "2026-11", "training_conversion_share").await;
            (figure["total"].clone(), figure["of"].clone())
        };
        assert_eq!([share("c1").await, share("c2").await], [(json!(0), json!(0)), (json!(1), json!(1))]);
        // Whoever looks after the store sees it, sells in it and edits it, without reaching the household.
        let worker = shop.app.actor(&[(Role::Worker, shop.id("c1t1v1"))]);
        let path = format!("/api/v1/stores/{store}");
        let seen = shop.app.get(&worker, &path).await.expect(200).json();
        assert_eq!(seen["household_id"], json!(household));
        shop.app.post(&worker, "/api/v1/sales", &shop.sale(store, "2026-12-20", 100)).await.expect(201);
        let renamed = with(body, json!({ "name": "模拟新名" }));
        let edit = shop.app.request(&worker, actix_web::http::Method::PUT, &path, Some(&renamed), &[("if-match", "\"1\"")]);
        let edited = edit.await.expect(200).json();
        assert_eq!([&edited["name"], &edited["household_id"]], [&json!("模拟新名"), &json!(household)]);
        let by_household = format!("/api/v1/stores?household_id={household}");
        assert_eq!(shop.app.get(&worker, &by_household).await.status, 404);
        assert_eq!(shop.app.all_pages(&shop.clerk, &by_household, 5).await.len(), 1);
        assert_ne!(seen["service_point_id"], Value::Null);
    }

    /// A point that moves takes its sales, its stores and its trained persons to the figures above it.
    async fn a_point_moves_with_its_trade(app: TestApp) {
        let shop = Shop::new(app).await;
        let store = shop.opened("c1t1v1").await;
        shop.enter("sales", &shop.sale(store, "2026-11-20", 100)).await;
        let (_, [person, _]) = shop.household("c1t1v1").await;
        let session = shop.enter("training-sessions", &trade::session(shop.id("c1t1v1"), "2026-11-10".parse().unwrap())).await;
        shop.enter("attendances", &json!({ "session_id": session, "member_id": person })).await;
        let admin = shop.app.actor(&[(Role::Admin, shop.id("b"))]);
        let path = format!("/api/v1/service-points/{}/move", shop.id("c1t1v1"));
        let body = json!({ "parent_id": shop.id("c2t1"), "reason": "区划调整" });
        shop.app.post_to(&admin, &path, 1, Some(&body)).await.expect(200);
        for (metric, value) in [
            ("sales_amount", 100),
            ("platform_sales", 100),
            ("sales_cumulative", 100),
            ("stores", 1),
            ("stores_active", 1),
            ("training_sessions", 1),
            ("training_attendances", 1),
            ("persons_trained", 1),
            ("persons_trained_cumulative", 1),
        ] {
            assert_eq!(in_county(&shop, "2026-11", metric).await, [value, 0, value], "{metric}");
        }
    }
}
