//! Organisations: their kinds, days and credit codes.

use serde_json::json;

use super::{Shop, fault, refused, with};
use crate::{on_both, support::trade};

const CODE: &str = "91350100M000100Y43";

on_both! {
    /// A credit code has the standard's check character and belongs to one organisation.
    async fn a_credit_code_is_right_and_its_own(app: TestApp) {
        let shop = Shop::new(app).await;
        let body = |point: &str, code: &str| with(trade::organisation(shop.id(point)), json!({ "credit_code": code }));
        for wrong in ["91350100M000100Y44", "91350100m000100y43", "91350100M000100Y4", "91350100I000100Y43", "999999"] {
            fault(&shop.post("organisations", &body("c1", wrong)).await, "/credit_code", "credit_code");
        }
        let first = shop.enter("organisations", &body("c1", CODE)).await;
        assert_eq!(shop.get("organisations", first).await["credit_code"], CODE);
        // Elsewhere too.
        refused(&shop.post("organisations", &body("c2", CODE)).await, 409, "organisation.credit_code_taken");
        let second = shop.enter("organisations", &trade::organisation(shop.id("c2"))).await;
        refused(&shop.put("organisations", second, 1, &body("c2", CODE)).await, 409, "organisation.credit_code_taken");
        // It may be kept, and given up for another.
        shop.put("organisations", first, 1, &with(body("c1", CODE), json!({ "name": "模拟新名" }))).await.expect(200);
        shop.put("organisations", first, 2, &trade::organisation(shop.id("c1"))).await.expect(200);
        shop.put("organisations", second, 1, &body("c2", CODE)).await.expect(200);
    }

    /// Kinds are of the list, days in order, and the point stays.
    async fn what_is_said_of_an_organisation_is_checked(app: TestApp) {
        let shop = Shop::new(app).await;
        let body = trade::organisation(shop.id("c1t1v1"));
        for (fields, pointer, code) in [
            (json!({ "kind": "unheard_of" }), "/kind", "unknown_code"),
            (json!({ "founded_on": "2026-11-25" }), "/founded_on", "in_future"),
            (json!({ "founded_on": "2026-11-02", "ended_on": "2026-11-01" }), "/ended_on", "before_from"),
        ] {
            fault(&shop.post("organisations", &with(body.clone(), fields)).await, pointer, code);
        }
        let id = shop.enter("organisations", &body).await;
        let moved = with(body, json!({ "service_point_id": shop.id("c1") }));
        fault(&shop.put("organisations", id, 1, &moved).await, "/service_point_id", "fixed");
        let list = async |filter: &str| {
            shop.app.all_pages(&shop.clerk, &format!("/api/v1/organisations?{filter}"), 5).await.len()
        };
        assert_eq!([list("kind=cooperative").await, list("kind=workshop").await], [1, 0]);
    }
}
