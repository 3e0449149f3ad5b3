//! Partners, who count while any of their agreements is in force.

use serde_json::{Value, json};
use terrace::domain::Id;

use super::{Shop, fault, parts, with};
use crate::{on_both, support::trade};

/// An agreement of these days with a partner of the county `c1`.
async fn agree(shop: &Shop, partner: Id, starts_on: &str, ends_on: Value) -> Id {
    let days = json!({ "starts_on": starts_on, "ends_on": ends_on });
    shop.enter("agreements", &with(trade::agreement(shop.id("c1"), partner), days)).await
}

/// The partners of the county at the ends of September to December, told in the bureau's figures as well.
async fn partners(shop: &Shop) -> [i64; 4] {
    let mut counts = [0; 4];
    for (count, month) in counts.iter_mut().zip(["2026-09", "2026-10", "2026-11", "2026-12"]) {
        let [bureau, county, township, village] = shop.branch(month, "partners").await;
        assert_eq!([bureau, township, village], [county, 0, 0], "{month}");
        *count = county;
    }
    counts
}

on_both! {
    /// A partner counts from the first day of an agreement to the last, once however many there are.
    async fn a_partner_counts_while_an_agreement_is_in_force(app: TestApp) {
        let shop = Shop::new(app).await;
        let county = shop.id("c1");
        let partner = shop.enter("partners", &trade::partner(county)).await;
        assert_eq!(partners(&shop).await, [0; 4]);
        let first = agree(&shop, partner, "2026-09-15", json!("2026-10-31")).await;
        // Its last day belongs to it, and is the last of the month.
        assert_eq!(partners(&shop).await, [1, 1, 0, 0]);
        let until = |day: Value| with(trade::agreement(county, partner), json!({ "starts_on": "2026-09-15", "ends_on": day }));
        shop.put("agreements", first, 1, &until(json!("2026-10-30"))).await.expect(200);
        assert_eq!(partners(&shop).await, [1, 0, 0, 0]);
        shop.put("agreements", first, 2, &until(json!("2026-11-01"))).await.expect(200);
        assert_eq!(partners(&shop).await, [1, 1, 0, 0]);
        // Another one begins before the first ends, and a third within the second.
        let second = agree(&shop, partner, "2026-10-20", Value::Null).await;
        agree(&shop, partner, "2026-11-05", json!("2026-11-10")).await;
        assert_eq!(partners(&shop).await, [1; 4]);
        // The second ends early: a gap, and the third has ended too.
        let short = with(trade::agreement(county, partner), json!({ "starts_on": "2026-10-20", "ends_on": "2026-10-25" }));
        shop.put("agreements", second, 1, &short).await.expect(200);
        assert_eq!(partners(&shop).await, [1, 1, 0, 0]);
        // One that begins on the day after leaves no gap.
        agree(&shop, partner, "2026-11-11", json!("2026-12-30")).await;
        // All time is told as of this month.
        assert_eq!(partners(&shop).await, [1, 1, 1, 1]);
        shop.put("agreements", first, 3, &until(json!("2026-10-01"))).await.expect(200);
        assert_eq!(partners(&shop).await, [1, 0, 1, 1]);
        // Another partner counts beside it.
        let other = shop.enter("partners", &trade::partner(county)).await;
        agree(&shop, other, "2026-01-01", Value::Null).await;
        assert_eq!(partners(&shop).await, [2, 1, 2, 2]);
    }

    /// A partner of another kind is told under that kind, in every month, and counts as before.
    async fn a_partner_of_another_kind_is_told_under_it(app: TestApp) {
        let shop = Shop::new(app).await;
        let partner = shop.enter("partners", &trade::partner(shop.id("c1"))).await;
        agree(&shop, partner, "2026-10-01", json!("2026-11-10")).await;
        agree(&shop, partner, "2026-11-20", Value::Null).await;
        let by_type = async |month: &str| parts(&shop.figures("b", month, "partners").await, "by_type", "type");
        for month in ["2026-10", "2026-11"] {
            assert_eq!(by_type(month).await, [("logistics".to_owned(), 1)], "{month}");
        }
        let body = with(trade::partner(shop.id("c1")), json!({ "kind": "training" }));
        shop.put("partners", partner, 1, &body).await.expect(200);
        for month in ["2026-10", "2026-11"] {
            assert_eq!(by_type(month).await, [("training".to_owned(), 1)], "{month}");
        }
        assert_eq!(partners(&shop).await, [0, 1, 1, 1]);
        for (fields, pointer) in [(json!({ "kind": "unheard_of" }), "/kind"), (json!({ "reach": "unheard_of" }), "/reach")] {
            fault(&shop.put("partners", partner, 2, &with(body.clone(), fields)).await, pointer, "unknown_code");
        }
    }

    /// An agreement is kept where its partner is, and stays with it.
    async fn an_agreement_stays_with_its_partner(app: TestApp) {
        let shop = Shop::new(app).await;
        let partner = shop.enter("partners", &trade::partner(shop.id("c1"))).await;
        let other = shop.enter("partners", &trade::partner(shop.id("c1"))).await;
        let elsewhere = trade::agreement(shop.id("b"), partner);
        fault(&shop.post("agreements", &elsewhere).await, "/service_point_id", "not_of_partner");
        let backwards = with(trade::agreement(shop.id("c1"), partner), json!({ "ends_on": "2026-10-31" }));
        fault(&shop.post("agreements", &backwards).await, "/ends_on", "before_from");
        let agreement = agree(&shop, partner, "2026-11-01", Value::Null).await;
        let moved = trade::agreement(shop.id("c1"), other);
        fault(&shop.put("agreements", agreement, 1, &moved).await, "/partner_id", "fixed");
        let list = async |query: String| shop.app.all_pages(&shop.clerk, &format!("/api/v1/agreements?{query}"), 5).await.len();
        assert_eq!([list(format!("partner_id={partner}")).await, list(format!("partner_id={other}")).await], [1, 0]);
        assert_eq!([list("on=2026-10-31".to_owned()).await, list("on=2026-11-01".to_owned()).await], [0, 1]);
        // A platform that it runs names it.
        let platform = with(trade::platform(shop.id("c1")), json!({ "partner_id": partner }));
        let platform = shop.enter("platforms", &platform).await;
        let path = format!("/api/v1/platforms?partner_id={partner}");
        let run = shop.app.all_pages(&shop.clerk, &path, 5).await;
        assert_eq!((run.len(), &run[0]["id"]), (1, &json!(platform)));
    }
}
