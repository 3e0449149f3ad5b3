//! The annual report: every headline is the statistic of the year, what is behind it adds up to it, and nobody sees more than
//! they may.

use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use crate::{
    on_both,
    support::{Actor, Network, TestApp, household},
};

/// Something of everything in the village `c1t1v1`, this year and the year before.
async fn filled(app: &TestApp, network: &Network, manager: &Actor) -> Id {
    let (bureau, village) = (network.id("b"), network.id("c1t1v1"));
    let post =
        async |path: &str, body: Value| app.post(manager, &format!("/api/v1/{path}"), &body).await.expect(201).id();
    let platform = post("platforms", json!({ "service_point_id": bureau, "name": "模拟<平台>", "kind": "live" })).await;
    let partner = post(
        "partners",
        json!({ "service_point_id": bureau, "name": "模拟单位", "kind": "training", "reach": "local" }),
    )
    .await;
    let agreement =
        json!({ "service_point_id": bureau, "partner_id": partner, "name": "模拟协议", "starts_on": "2025-02-01" });
    post("agreements", agreement).await;
    let product =
        post("products", json!({ "service_point_id": bureau, "name": "模拟花椒", "category": "spice" })).await;
    let days = |first: &str, last: &str| json!({ "service_point_id": bureau, "name": format!("模拟活动{first}"), "starts_on": first, "ends_on": last });
    let campaign = post("campaigns", days("2026-11-01", "2026-11-11")).await;
    let other = post("campaigns", days("2026-11-10", "2026-11-20")).await;
    let mut body = household(village);
    body["registered_on"] = json!("2026-01-05");
    let home = app.post(manager, "/api/v1/households", &body).await.expect(201).id();
    let members = app.get(manager, &format!("/api/v1/households/{home}/members")).await.expect(200).json();
    let member = members["items"][0]["id"].clone();
    let session = json!({ "service_point_id": network.id("c1"), "name": "模拟培训", "topic": "livestream", "starts_on": "2026-03-02", "partner_id": partner });
    let session = post("training-sessions", session).await;
    post("attendances", json!({ "session_id": session, "member_id": member })).await;
    post("attendances", json!({ "session_id": session, "heads": 9 })).await;
    let store = |opened: &str, owner: Option<Id>| {
        json!({
            "service_point_id": village, "platform_id": platform, "name": "模拟网店", "opened_on": opened, "household_id": owner,
        })
    };
    let old = post("stores", store("2025-05-01", None)).await;
    let new = post("stores", store("2026-06-01", Some(home))).await;
    let sale = |store: Id, fields: Value| {
        let mut body = json!({ "store_id": store, "channel": "online", "orders": 2, "amount_fen": 1_000 });
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    post("sales", sale(old, json!({ "month": "2025-07", "amount_fen": 800 }))).await;
    post("sales", sale(old, json!({ "month": "2026-07", "product_id": product }))).await;
    post("sales", sale(new, json!({ "on": "2026-11-10", "campaign_id": campaign, "amount_fen": 300 }))).await;
    post("sales", sale(new, json!({ "on": "2026-11-11", "campaign_id": other, "amount_fen": 70 }))).await;
    post("livestreams", json!({ "store_id": new, "on": "2026-11-11", "orders": 1, "amount_fen": 50, "viewers": 7 }))
        .await;
    old
}

async fn report(app: &TestApp, reader: &Actor, point: Id, year: i32) -> Value {
    app.get(reader, &format!("/api/v1/service-points/{point}/annual-report?year={year}")).await.expect(200).json()
}

fn headline<'r>(report: &'r Value, metric: &str) -> &'r Value {
    report["headlines"].as_array().unwrap().iter().find(|headline| headline["metric"] == metric).unwrap()
}

on_both! {
    /// Each headline is what the statistics say, and the rows behind it add up to it.
    async fn every_headline_is_the_statistic_and_the_sum_of_its_rows(app: TestApp) {
        let network = app.network().await;
        let manager = app.actor(&[(Role::Manager, network.id("b"))]);
        filled(&app, &network, &manager).await;
        for point in ["b", "c1", "c1t1v1", "c2"] {
            let report = report(&app, &manager, network.id(point), 2026).await;
            let path = format!("/api/v1/service-points/{}/statistics?period=2026", network.id(point));
            let statistics = app.get(&manager, &path).await.expect(200).json();
            for headline in report["headlines"].as_array().unwrap() {
                let item = statistics["items"].as_array().unwrap().iter().find(|item| item["metric"] == headline["metric"]).unwrap();
                assert_eq!((&headline["value"], &headline["of"]), (&item["total"], &item["of"]), "{point} {headline}");
                let rows = app.all_pages(&manager, headline["rows"].as_str().unwrap(), 2).await;
                let sum: i64 = rows.iter().map(|row| row["value"].as_i64().unwrap()).sum();
                assert_eq!(sum, headline["value"].as_i64().unwrap(), "{point} {headline}");
            }
            for breakdown in report["breakdowns"].as_array().unwrap() {
                for part in breakdown["parts"].as_array().unwrap() {
                    let rows = app.all_pages(&manager, part["rows"].as_str().unwrap(), 2).await;
                    let sum: i64 = rows.iter().map(|row| row["value"].as_i64().unwrap()).sum();
                    assert_eq!(sum, part["value"].as_i64().unwrap(), "{point} {} {part}", breakdown["metric"]);
                }
            }
        }
        let bureau = report(&app, &manager, network.id("b"), 2026).await;
        let of = |metric: &str| headline(&bureau, metric)["value"].as_i64().unwrap();
        assert_eq!([of("stores"), of("stores_opened"), of("stores_active"), of("sales_amount")], [2, 1, 2, 1_370]);
        assert_eq!([of("campaign_sales"), of("product_sales"), of("sales_cumulative"), of("partners")], [370, 1_000, 2_170, 1]);
        assert_eq!([of("training_attendances"), of("persons_trained"), of("training_conversion_share")], [10, 1, 1]);
        // 1,370 after 800, but the year still runs.
        assert_eq!((&headline(&bureau, "sales_amount")["year_before"], &headline(&bureau, "sales_amount")["change_bp"]), (&json!(800), &Value::Null));
        assert_eq!(bureau["overlapping_campaigns"].as_array().unwrap().len(), 1);
    }

    /// A year that an opening balance stands for in part is not compared with: its rows are a part of it only.
    async fn a_year_with_an_opening_balance_is_not_compared_with(app: TestApp) {
        let network = app.network().await;
        let manager = app.actor(&[(Role::Manager, network.id("b"))]);
        filled(&app, &network, &manager).await;
        let balance = json!({
            "service_point_id": network.id("c1"), "metric": "sales_cumulative", "as_of": "2025-07-01", "value": 5_000, "source": "模拟",
        });
        app.post(&manager, "/api/v1/opening-balances", &balance).await.expect(201);
        for (point, year_before, cumulative) in [("b", Value::Null, 7_170), ("c1", Value::Null, 7_170), ("c2", json!(0), 0)] {
            let report = report(&app, &manager, network.id(point), 2026).await;
            assert_eq!(headline(&report, "sales_amount")["year_before"], year_before, "{point}");
            assert_eq!(headline(&report, "sales_cumulative")["value"], cumulative, "{point}");
        }
        // Stores are entered with their days, however old.
        assert_eq!(headline(&report(&app, &manager, network.id("b"), 2026).await, "stores")["year_before"], 1);
    }

    /// Whoever sees no statistics of persons gets a report without them; outside of the scope there is none.
    async fn it_shows_no_more_than_may_be_seen(app: TestApp) {
        let network = app.network().await;
        let manager = app.actor(&[(Role::Manager, network.id("b"))]);
        filled(&app, &network, &manager).await;
        let admin = app.actor(&[(Role::Admin, network.id("c1"))]);
        let seen = report(&app, &admin, network.id("c1"), 2026).await;
        let metrics: Vec<&str> = seen["headlines"].as_array().unwrap().iter().map(|headline| headline["metric"].as_str().unwrap()).collect();
        assert!(metrics.contains(&"sales_amount") && !metrics.iter().any(|metric| metric.starts_with("persons") || metric.starts_with("households")));
        for end in ["annual-report", "annual-report/page"] {
            let path = format!("/api/v1/service-points/{}/{end}?year=2026", network.id("b"));
            app.get(&admin, &path).await.expect(404);
            let path = format!("/api/v1/service-points/{}/{end}?year=0", network.id("c1"));
            assert_eq!(app.get(&admin, &path).await.expect(422).faults()[0].0, "year");
        }
    }

    /// The page stands alone, and what somebody typed is text in it.
    async fn the_page_is_text_and_loads_nothing(app: TestApp) {
        let network = app.network().await;
        let manager = app.actor(&[(Role::Manager, network.id("b"))]);
        filled(&app, &network, &manager).await;
        let path = format!("/api/v1/service-points/{}/annual-report/page?year=2026", network.id("b"));
        let page = app.get(&manager, &path).await.expect(200);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
        let text = page.text();
        assert!(text.contains("模拟&lt;平台&gt;") && !text.contains("<平台>"), "{text}");
        assert!(text.contains("13.70 元") && text.contains("8.00 元") && text.contains("审核人"), "{text}");
        assert!(!text.contains("<script") && !text.contains("http://") && !text.contains("src="), "{text}");
    }
}
