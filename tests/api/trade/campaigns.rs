//! Campaigns, and who sees the catalogues of whom.

use futures_util::future::join;
use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use super::{Shop, fault, refused, with};
use crate::{on_both, support::trade};

/// A campaign of these days.
fn campaign(point: Id, starts_on: &str, ends_on: &str) -> Value {
    with(trade::campaign(point), json!({ "starts_on": starts_on, "ends_on": ends_on }))
}

on_both! {
    /// Campaigns may overlap; each names the others that the caller sees and that do, by a day at least.
    async fn overlapping_campaigns_name_each_other(app: TestApp) {
        let shop = Shop::new(app).await;
        let (county, other) = (shop.id("c1"), shop.id("c2"));
        let first = shop.campaign;
        let touching = shop.enter("campaigns", &campaign(county, "2026-11-30", "2026-12-05")).await;
        let apart = shop.enter("campaigns", &campaign(county, "2026-12-06", "2026-12-31")).await;
        let strange = shop.enter("campaigns", &campaign(other, "2026-11-15", "2026-12-31")).await;
        let told = |campaign: &Value| -> Vec<Id> {
            let ids = campaign["overlapping_ids"].as_array().unwrap().iter();
            ids.map(|id| id.as_str().unwrap().parse().unwrap()).collect()
        };
        let sorted = |mut ids: Vec<Id>| {
            ids.sort_unstable();
            ids
        };
        for (id, right) in [
            (first, vec![touching, strange]),
            (touching, vec![first, strange]),
            (apart, vec![strange]),
            (strange, vec![first, touching, apart]),
        ] {
            assert_eq!(sorted(told(&shop.get("campaigns", id).await)), sorted(right), "{id}");
        }
        // Whoever sees one county is not told of the campaigns of the next.
        let worker = shop.app.actor(&[(Role::Worker, shop.id("c1t1v1"))]);
        let shown = shop.app.all_pages(&worker, "/api/v1/campaigns", 2).await;
        assert_eq!(shown.len(), 3);
        for item in shown {
            assert!(!told(&item).contains(&strange), "{item}");
            if item["id"] == json!(apart) {
                assert_eq!(told(&item), []);
            }
        }
        // An edit changes it, and the answer to it says so.
        let edited = shop.put("campaigns", apart, 1, &campaign(county, "2026-12-05", "2026-12-31")).await.expect(200);
        assert_eq!(sorted(told(&edited.json())), sorted(vec![touching, strange]));
    }

    /// A campaign ends after it begins, and a sale belongs to one within its days only.
    async fn a_sale_lies_within_its_campaign(app: TestApp) {
        let shop = Shop::new(app).await;
        let backwards = campaign(shop.id("b"), "2026-11-02", "2026-11-01");
        fault(&shop.post("campaigns", &backwards).await, "/ends_on", "before_from");
        let short = shop.enter("campaigns", &campaign(shop.id("c1"), "2026-11-10", "2026-11-20")).await;
        let store = shop.opened("c1t1v1").await;
        let in_it = |day: &str| with(shop.sale(store, day, 100), json!({ "campaign_id": short }));
        for day in ["2026-11-09", "2026-11-21"] {
            fault(&shop.post("sales", &in_it(day)).await, "/campaign_id", "not_in_force");
        }
        let month = with(in_it("2026-11-10"), json!({ "on": null, "month": "2026-11" }));
        fault(&shop.post("sales", &month).await, "/campaign_id", "not_in_force");
        let sale = shop.enter("sales", &in_it("2026-11-10")).await;
        fault(&shop.correct("sales", sale, 1, json!({ "on": "2026-11-09" })).await, "/campaign_id", "not_in_force");
        shop.correct("sales", sale, 1, json!({ "on": "2026-11-20" })).await.expect(200);
        assert_eq!(shop.branch("2026-11", "campaign_sales").await, [100; 4]);
        // The campaign becomes shorter once no sale lies in the days that it loses.
        let shorter = campaign(shop.id("c1"), "2026-11-10", "2026-11-12");
        refused(&shop.put("campaigns", short, 1, &shorter).await, 409, "entries.outside");
        shop.correct("sales", sale, 2, json!({ "amount_fen": 200 })).await.expect(200);
        shop.correct("sales", sale, 3, json!({ "campaign_id": null })).await.expect(200);
        shop.put("campaigns", short, 1, &shorter).await.expect(200);
        fault(&shop.correct("sales", sale, 4, json!({ "campaign_id": short })).await, "/campaign_id", "not_in_force");
        assert_eq!(shop.branch("2026-11", "campaign_sales").await, [0; 4]);
        assert_eq!(shop.branch("2026-11", "sales_amount").await, [200; 4]);
    }

    /// Of a sale and a campaign that loses its day at the same moment, one is refused.
    async fn a_sale_and_a_shorter_campaign_exclude_each_other(app: TestApp) {
        let shop = Shop::new(app).await;
        let store = shop.opened("c1t1v1").await;
        let county = shop.id("c1");
        for _ in 0..10 {
            let id = shop.enter("campaigns", &campaign(county, "2026-11-10", "2026-11-20")).await;
            let sale = with(shop.sale(store, "2026-11-18", 100), json!({ "campaign_id": id }));
            let shorter = campaign(county, "2026-11-10", "2026-11-12");
            let (sold, cut) = join(shop.post("sales", &sale), shop.put("campaigns", id, 1, &shorter)).await;
            match sold.status {
                201 => refused(&cut, 409, "entries.outside"),
                _ => {
                    fault(&sold, "/campaign_id", "not_in_force");
                    cut.expect(200);
                }
            }
        }
    }

    /// Whoever works below sees what is kept above, and uses it; what is kept in the next branch is not there. Only managers
    /// keep catalogues, at the bureau and the counties.
    async fn catalogues_are_seen_from_below(app: TestApp) {
        let shop = Shop::new(app).await;
        let strange = shop.enter("products", &trade::product(shop.id("c2"))).await;
        let own = shop.enter("products", &trade::product(shop.id("c1"))).await;
        let village = shop.id("c1t1v1");
        let worker = shop.app.actor(&[(Role::Worker, village)]);
        for (id, status) in [(shop.product, 200), (own, 200), (strange, 404)] {
            assert_eq!(shop.app.get(&worker, &format!("/api/v1/products/{id}")).await.status, status);
        }
        assert_eq!(shop.app.get(&worker, &format!("/api/v1/service-points/{}", shop.id("c1"))).await.status, 404);
        let listed = async |query: &str| shop.app.all_pages(&worker, &format!("/api/v1/products?{query}"), 1).await.len();
        assert_eq!(listed("").await, 2);
        assert_eq!(listed(&format!("service_point_id={}", shop.id("c1"))).await, 1);
        assert_eq!([listed("kind=honey").await, listed("kind=tea").await], [2, 0]);
        let sale = |product: Id| {
            with(trade::sale(village, shop.app.today()), json!({ "product_id": product, "campaign_id": shop.campaign }))
        };
        let made = shop.app.post(&worker, "/api/v1/sales", &sale(own)).await.expect(201).json();
        assert_eq!(made["product_id"], json!(own));
        let reply = shop.app.post(&worker, "/api/v1/sales", &sale(strange)).await.expect(404);
        assert_eq!(reply.faults(), [("/product_id".to_owned(), "not_found".to_owned())]);

        let manager = shop.app.actor(&[(Role::Manager, shop.id("c1"))]);
        for (who, point, status) in [
            (&manager, "c1", 201),
            (&manager, "c1t1", 403),
            (&manager, "c1t1v1", 403),
            (&manager, "c2", 404),
            (&manager, "b", 404),
            (&worker, "c1t1v1", 403),
            (&shop.clerk, "b", 201),
            (&shop.clerk, "c2", 201),
            (&shop.clerk, "c2t1", 403),
        ] {
            let reply = shop.app.post(who, "/api/v1/products", &trade::product(shop.id(point))).await;
            assert_eq!(reply.status, status, "{point}: {}", reply.text());
        }
        let path = format!("/api/v1/products/{}", shop.product);
        let body = trade::product(shop.id("b"));
        let put = shop.app.request(&manager, actix_web::http::Method::PUT, &path, Some(&body), &[("if-match", "\"1\"")]);
        assert_eq!(put.await.status, 404, "the bureau's is read below, not written");
    }

    /// A product comes from a county, and is sold until its last day.
    async fn a_product_comes_from_a_county(app: TestApp) {
        let shop = Shop::new(app).await;
        let from = |code: &str| with(trade::product(shop.id("b")), json!({ "origin_code": code }));
        let made = shop.post("products", &from("999901000000")).await.expect(201).json();
        assert_eq!(made["origin_code"], "999901000000");
        for code in ["999900000000", "999901001000", "999901001001", "999901", "模拟"] {
            fault(&shop.post("products", &from(code)).await, "/origin_code", "not_a_county");
        }
        let ended = with(trade::product(shop.id("b")), json!({ "ends_on": "2026-11-10" }));
        let ended = shop.enter("products", &ended).await;
        let sale = |day: &str| {
            with(trade::sale(shop.id("c1"), day.parse().unwrap()), json!({ "product_id": ended }))
        };
        fault(&shop.post("sales", &sale("2026-11-11")).await, "/product_id", "not_in_force");
        shop.enter("sales", &sale("2026-11-10")).await;
        assert_eq!(shop.total("c1", "2026-11", "product_sales").await, 100);
    }
}
