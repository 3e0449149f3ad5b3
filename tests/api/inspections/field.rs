//! What is found in the field, and what it says of the whole.

use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::{ITEMS, Office, refused};
use crate::on_both;

on_both! {
    /// Each result, who noted it and when; what does not belong to it is refused.
    async fn every_result_is_noted(app: TestApp) {
        let office = Office::open(app).await;
        for amount in [500, 600, 700, 800] {
            office.given("c1t1v1", json!({ "amount_fen": amount })).await;
        }
        let drawn = office.drawn(&office.body("c1", "equal", 4), "模拟").await;
        let items = office.items(&drawn).await;
        let recorded = items[1]["recorded_amount_fen"].as_i64().unwrap();
        let fault = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        for (wrong, faults) in [
            (json!({ "state": "open", "note": "模拟" }), vec![fault("/state", "not_a_result")]),
            (json!({ "state": "refused" }), vec![fault("/note", "missing")]),
            (json!({ "state": "amount_differs", "note": "模拟" }), vec![fault("/found_quantity", "missing")]),
            (json!({ "state": "amount_differs", "note": "模拟", "found_quantity": 2 }), vec![fault("/found_quantity", "same_as_recorded")]),
            (json!({ "state": "amount_differs", "note": "模拟", "found_amount_fen": recorded }), vec![fault("/found_quantity", "same_as_recorded")]),
            (json!({ "state": "confirmed", "found_quantity": 1, "found_amount_fen": 1 }), vec![fault("/found_quantity", "only_amount_differs"), fault("/found_amount_fen", "only_amount_differs")]),
            (json!({ "state": "not_found", "note": "电话 13900001234" }), vec![fault("/note", "personal_number")]),
        ] {
            assert_eq!(office.check(&items[1], &wrong).await.expect(422).faults(), faults, "{wrong}");
        }
        for (item, result) in items.iter().zip([
            json!({ "state": "confirmed" }),
            json!({ "state": "amount_differs", "found_amount_fen": 0, "note": "模拟" }),
            json!({ "state": "not_found", "note": "模拟" }),
            json!({ "state": "refused", "note": "模拟" }),
        ]) {
            let checked = office.check(item, &result).await.expect(200).json();
            for (field, value) in result.as_object().unwrap() {
                assert_eq!(&checked[field], value);
            }
            assert_eq!(checked["checked_by"], json!(office.auditor.account));
            assert_eq!(checked["checked_at"], json!(office.app.edge.now()));
            let state = result["state"].as_str().unwrap();
            let path = format!("{ITEMS}?inspection_id={}&state={state}", drawn["id"].as_str().unwrap());
            assert_eq!(office.app.all_pages(&office.auditor, &path, 5).await, [checked]);
        }
        let results = office.results(&drawn).await;
        let total = &results["total"];
        for (field, count) in [("open", 0), ("confirmed", 1), ("amount_differs", 1), ("not_found", 1), ("refused", 1), ("checked", 3), ("errors", 2)] {
            assert_eq!(total[field], json!(count), "{field}");
        }
        // Of two in three: 2/3, and Wilson's interval of it.
        assert_eq!((&total["rate_bp"], &total["low_bp"], &total["high_bp"]), (&json!(6_667), &json!(2_076), &json!(9_386)));
        assert_eq!(&results["strata"][0]["result"], total);
    }

    /// A result is noted again until the inspection is closed, never over what one has not seen, and by auditors alone.
    async fn a_result_stands_after_the_end(app: TestApp) {
        let office = Office::open(app).await;
        office.many("c1t1v1", 1).await;
        let drawn = office.drawn(&office.body("b", "equal", 1), "模拟").await;
        let item = office.items(&drawn).await.remove(0);
        for role in [Role::Worker, Role::Reviewer, Role::Manager, Role::Admin] {
            let path = format!("{ITEMS}/{}/result", item["id"].as_str().unwrap());
            let reply = office.app.post_to(&office.someone(role, "b"), &path, 1, Some(&json!({ "state": "confirmed" }))).await;
            refused(&reply, 403, "permission.denied");
        }
        let checked = office.check(&item, &json!({ "state": "confirmed" })).await.expect(200).json();
        refused(&office.check(&item, &json!({ "state": "confirmed" })).await, 412, "version.stale");
        let anew = json!({ "state": "not_found", "note": "模拟：再查" });
        let checked = office.check(&checked, &anew).await.expect(200).json();
        office.step(&drawn, "close", Some(json!({ "reason": "模拟结束" }))).await.expect(200);
        refused(&office.check(&checked, &json!({ "state": "confirmed" })).await, 409, "inspection.closed");
        assert_eq!(office.items(&drawn).await[0]["state"], json!("not_found"));
    }

    /// A county of which much was drawn does not weigh more than it has; while nothing is known of one, nothing is said.
    async fn the_whole_is_not_the_pool(app: TestApp) {
        let office = Office::open(app).await;
        office.many("c1t1v1", 18).await;
        office.many("c2t1v1", 2).await;
        let drawn = office.drawn(&office.body("b", "equal", 4), "模拟").await;
        let items = office.items(&drawn).await;
        let in_second = |item: &&Value| item["service_point_id"] == json!(office.network.id("c2t1v1"));
        for item in items.iter().filter(in_second) {
            office.check(item, &json!({ "state": "not_found", "note": "模拟" })).await.expect(200);
        }
        let half = office.results(&drawn).await;
        assert_eq!((&half["total"]["rate_bp"], &half["total"]["high_bp"]), (&json!(null), &json!(null)));
        assert_eq!((&half["total"]["checked"], &half["total"]["errors"]), (&json!(2), &json!(2)));
        for item in items.iter().filter(|item| !in_second(item)) {
            office.check(item, &json!({ "state": "confirmed" })).await.expect(200);
        }
        let whole = office.results(&drawn).await;
        // Two of four are wrong, but they stand for two of twenty.
        assert_eq!((&whole["total"]["checked"], &whole["total"]["rate_bp"]), (&json!(4), &json!(1_000)));
        let rates: Vec<&Value> = whole["strata"].as_array().unwrap().iter().map(|stratum| &stratum["result"]["rate_bp"]).collect();
        assert!(rates.contains(&&json!(0)) && rates.contains(&&json!(10_000)), "{rates:?}");
    }

    /// Where the conspicuous are drawn more likely, each weight stands for its own.
    async fn a_draw_by_risk_is_judged_by_weight(app: TestApp) {
        let office = Office::open(app).await;
        office.many("c1t1v1", 6).await;
        for _ in 0..2 {
            office.given("c1t1v1", json!({ "amount_fen": 20_000 })).await;
        }
        let drawn = office.drawn(&office.body("b", "risk", 8), "模拟").await;
        for item in office.items(&drawn).await {
            let wrong = item["weight"] == json!(2);
            let result = if wrong { json!({ "state": "not_found", "note": "模拟" }) } else { json!({ "state": "confirmed" }) };
            office.check(&item, &result).await.expect(200);
        }
        let total = office.results(&drawn).await["total"].clone();
        assert_eq!((&total["errors"], &total["rate_bp"]), (&json!(2), &json!(2_500)));
        let low = total["low_bp"].as_i64().unwrap();
        let high = total["high_bp"].as_i64().unwrap();
        assert!(0 < low && low < 2_500 && 2_500 < high && high < 10_000, "{low} {high}");
    }
}
