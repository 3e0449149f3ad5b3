//! What becomes of wages, benefits, links and payments when somebody leaves, a household ends, a point rests or a month is locked; and
//! what an entry said before.

use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use super::{Land, TOWNSHIP, VILLAGE, day};
use crate::{
    on_both,
    support::livelihoods as made,
    trade::{fault, refused, with},
};

const DAY: i64 = 24 * 3600;

/// What every version of an entry says in some fields, with the reason for it.
async fn said(land: &Land, collection: &str, id: Id, fields: &[&str]) -> Vec<Value> {
    let path = format!("/api/v1/{collection}/{id}/versions");
    let versions = land.app.get(&land.clerk, &path).await.expect(200).json();
    let versions = versions["items"].as_array().unwrap().iter();
    let said = versions.map(|version| {
        let told: Vec<&Value> = fields.iter().map(|field| &version["entry"][field]).collect();
        json!([version["version"], version["reason"], version["entry"]["state"], told])
    });
    said.collect()
}

/// So many days pass, and whoever asks signs in again.
fn pass(land: &mut Land, days: i64) {
    land.app.edge.advance(days * DAY);
    land.shop.clerk = land.app.actor(&[(Role::Manager, land.id("b"))]);
}

on_both! {
    /// A wage is of a month on whose first day the person was still a member of a household.
    async fn nobody_earns_after_they_left(app: TestApp) {
        let land = Land::later(app, 70).await;
        let (_, [_, spouse]) = land.household(VILLAGE).await;
        let membership = land.enter("memberships", &land.membership(spouse, "2026-11-10")).await;
        let left = json!({ "left_on": "2026-12-01", "reason": "模拟离开" });
        let path = format!("/api/v1/members/{spouse}/leave");
        land.app.post_to(&land.clerk, &path, 1, Some(&left)).await.expect(200);
        let november = land.enter("wages", &made::wage(membership, "2026-11")).await;
        for month in ["2026-12", "2027-01"] {
            fault(&land.post("wages", &made::wage(membership, month)).await, "/month", "not_present");
            fault(&land.correct("wages", november, 1, json!({ "month": month })).await, "/month", "not_present");
        }
        land.correct("wages", november, 1, json!({ "amount_fen": 7 })).await.expect(200);
        land.counted_right();
    }

    /// A household receives something while it is active, and does not end before what it received last.
    async fn nobody_receives_off_the_register(app: TestApp) {
        let land = Land::later(app, 70).await;
        let (household, _) = land.household(VILLAGE).await;
        let link = land.enter("benefit-links", &land.link(household, "2026-11-10")).await;
        let (first, last) = (
            land.enter("benefits", &made::benefit(link, day("2026-11-20"))).await,
            land.enter("benefits", &made::benefit(link, day("2026-12-20"))).await,
        );
        let ended = |on: &str| json!({ "status": "dissolved", "effective_on": on, "reason": "模拟原因" });
        refused(&land.household_act(household, "status", 1, ended("2026-12-10")).await, 409, "household.records_after_end");
        land.void("benefits", last, 1).await.expect(200);
        land.household_act(household, "status", 1, ended("2026-12-10")).await.expect(200);
        for on in ["2026-12-10", "2027-01-05"] {
            refused(&land.post("benefits", &made::benefit(link, day(on))).await, 409, "household.not_active");
            refused(&land.correct("benefits", first, 1, json!({ "on": on })).await, 409, "household.not_active");
        }
        land.enter("benefits", &made::benefit(link, day("2026-12-09"))).await;
        assert_eq!(land.total("b", "all", "benefit_amount").await, 10_000);
        land.counted_right();
    }

    /// A store lifts others than the household that it belongs to.
    async fn nobody_lifts_themselves(app: TestApp) {
        let land = Land::new(app).await;
        let ((owner, _), (other, _)) = (land.household(TOWNSHIP).await, land.household(TOWNSHIP).await);
        let store = land.enter("stores", &with(land.store(TOWNSHIP), json!({ "household_id": owner }))).await;
        let link = |household: Id| {
            with(land.link(household, "2026-11-10"), json!({ "organisation_id": null, "store_id": store }))
        };
        fault(&land.post("benefit-links", &link(owner)).await, "/household_id", "own_store");
        land.enter("benefit-links", &link(other)).await;
        assert_eq!(land.total(TOWNSHIP, "2026-11", "households_lifted").await, 1);
        land.counted_right();
    }

    /// What was paid for a project stays of the source that it was paid from.
    async fn a_project_keeps_its_source_once_it_is_paid_from(app: TestApp) {
        let land = Land::new(app).await;
        let body = made::project(land.id("c1"));
        let project = land.enter("projects", &body).await;
        let of = |source: &str| with(body.clone(), json!({ "funding_source": source }));
        land.put("projects", project, 1, &of("county")).await.expect(200);
        let paid = land.enter("project-payments", &made::payment(project, day("2026-11-10"))).await;
        fault(&land.put("projects", project, 2, &of("central")).await, "/funding_source", "fixed");
        land.put("projects", project, 2, &with(of("county"), json!({ "budget_fen": 200_000 }))).await.expect(200);
        land.void("project-payments", paid, 1).await.expect(200);
        land.put("projects", project, 3, &of("central")).await.expect(200);
        land.counted_right();
    }

    /// What an entry said before it was corrected or taken back is kept, with the reason.
    async fn what_an_entry_said_is_kept(app: TestApp) {
        let land = Land::later(app, 70).await;
        let (household, [member, _]) = land.household(VILLAGE).await;
        let site = land.enter("logistics-sites", &land.site()).await;
        let membership = land.enter("memberships", &land.membership(member, "2026-11-10")).await;
        let link = land.enter("benefit-links", &land.link(household, "2026-11-10")).await;
        let project = land.enter("projects", &made::project(land.id("c1"))).await;
        for (collection, body, fields, corrected) in [
            ("parcels", made::parcels(site, "2026-11"), ["month", "direction", "parcels"], json!({ "month": "2026-12", "direction": "out", "parcels": 11 })),
            ("wages", made::wage(membership, "2026-11"), ["month", "role", "amount_fen"], json!({ "month": "2026-12", "amount_fen": 11 })),
            ("benefits", made::benefit(link, day("2026-11-20")), ["on", "mode", "amount_fen"], json!({ "on": "2026-12-20", "amount_fen": 11 })),
            ("project-payments", made::payment(project, day("2026-11-20")), ["on", "note", "amount_fen"], json!({ "on": "2026-12-20", "note": "模拟二期", "amount_fen": 11 })),
        ] {
            let first = land.post(collection, &body).await.expect(201).json();
            let id = first["id"].as_str().unwrap().parse().unwrap();
            let second = land.correct(collection, id, 1, corrected.clone()).await.expect(200).json();
            land.void(collection, id, 2).await.expect(200);
            let of = |entry: &Value| fields.iter().map(|field| entry[field].clone()).collect::<Vec<Value>>();
            assert!(corrected.as_object().unwrap().iter().all(|(field, value)| second[field] == *value), "{second}");
            assert_ne!(of(&first), of(&second), "{collection}");
            assert_eq!(said(&land, collection, id, &fields).await, [
                json!([1, null, "active", of(&first)]),
                json!([2, "模拟更正", "active", of(&second)]),
                json!([3, "模拟作废", "voided", of(&second)]),
            ]);
        }
        land.counted_right();
    }

    /// A point that rests takes no entries, and what it has stays; it takes them again when it is back at work.
    async fn a_point_that_rests_takes_nothing(app: TestApp) {
        let land = Land::new(app).await;
        let (_, [member, _]) = land.household(VILLAGE).await;
        let site = land.enter("logistics-sites", &land.site()).await;
        let membership = land.enter("memberships", &land.membership(member, "2026-11-10")).await;
        let parcel = land.enter("parcels", &made::parcels(site, "2026-11")).await;
        let act = async |verb: &str, version: i64| {
            let path = format!("/api/v1/service-points/{}/{verb}", land.id(TOWNSHIP));
            land.app.post_to(&land.admin(), &path, version, Some(&json!({ "reason": "模拟停办" }))).await.expect(200);
        };
        act("suspend", 1).await;
        let out = with(made::parcels(site, "2026-11"), json!({ "direction": "out" }));
        refused(&land.post("parcels", &out).await, 409, "service_point.not_active");
        refused(&land.post("wages", &made::wage(membership, "2026-11")).await, 409, "service_point.not_active");
        refused(&land.post("logistics-sites", &land.site()).await, 409, "service_point.not_active");
        assert_eq!(land.total(TOWNSHIP, "2026-11", "parcels").await, 10);
        assert_eq!(land.total(TOWNSHIP, "2026-11", "logistics_sites").await, 1);
        land.void("parcels", parcel, 1).await.expect(200);
        act("activate", 2).await;
        land.enter("parcels", &out).await;
        land.enter("wages", &made::wage(membership, "2026-11")).await;
        land.counted_right();
    }

    /// Leave for a locked month lets a point bring up what it has missed.
    async fn leave_opens_a_locked_month(app: TestApp) {
        let mut land = Land::new(app).await;
        let (household, [member, _]) = land.household(VILLAGE).await;
        let site = land.enter("logistics-sites", &land.site()).await;
        let membership = land.enter("memberships", &land.membership(member, "2026-11-10")).await;
        let link = land.enter("benefit-links", &land.link(household, "2026-11-10")).await;
        let rule = json!({ "tier": "township", "due_day": 3, "lock_day": 3, "valid_from": "2026-11" });
        land.app.post(&land.admin(), "/api/v1/reporting-rules", &rule).await.expect(201);
        pass(&mut land, 10);
        let missed = [
            ("parcels", made::parcels(site, "2026-11")),
            ("wages", made::wage(membership, "2026-11")),
            ("benefits", made::benefit(link, day("2026-11-20"))),
        ];
        for (collection, body) in &missed {
            refused(&land.post(collection, body).await, 409, "period.locked");
        }
        let leave = json!({ "service_point_id": land.id(TOWNSHIP), "month": "2026-11", "until_day": "2026-12-05", "reason": "模拟停网" });
        let county = land.app.actor(&[(Role::Manager, land.id("c1"))]);
        land.app.post(&county, "/api/v1/period-exceptions", &leave).await.expect(201);
        for (collection, body) in &missed {
            land.enter(collection, body).await;
        }
        assert_eq!(land.total("b", "2026-11", "parcels").await, 10);
        pass(&mut land, 2);
        let late = with(made::parcels(site, "2026-11"), json!({ "direction": "out" }));
        refused(&land.post("parcels", &late).await, 409, "period.locked");
        land.counted_right();
    }
}
