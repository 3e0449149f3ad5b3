//! Closed months: what was sent in for a month is not moved by logistics, organisations, links or payments any more.

use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use super::{Land, VILLAGE, day, until};
use crate::{
    on_both,
    reports::Desk,
    support::livelihoods as made,
    trade::{refused, with},
};

/// Sends the November of a point in, by somebody there, whatever comes of it.
async fn submit(land: &Land, point: &str) -> crate::support::Reply {
    let who = land.app.actor(&[(Role::Worker, land.id(point))]);
    let body = json!({ "service_point_id": land.id(point), "month": "2026-11", "nil": false, "note": "模拟说明" });
    land.app.post(&who, "/api/v1/reports", &body).await
}

/// Fails unless the village's November is what was sent in.
async fn intact(land: &Land) {
    let path = format!("/api/v1/service-points/{}/report?month=2026-11", land.id(VILLAGE));
    let month = land.app.get(&land.clerk, &path).await.expect(200).json();
    assert_eq!(month["differs"], json!({ "content": false, "figures": false, "children": false }));
}

/// What lies in a village that looks after a site and a cooperative of its own.
struct Village {
    site: Id,
    coop: Id,
    coverage: Id,
    infrastructure: Id,
    membership: Id,
    link: Id,
    household: Id,
    member: Id,
}

impl Village {
    async fn fill(land: &Land) -> Self {
        let (household, [member, _]) = land.household(VILLAGE).await;
        let site = land.enter("logistics-sites", &Self::site_of(land)).await;
        let coop = land.enter("organisations", &crate::support::trade::organisation(land.id(VILLAGE))).await;
        let mut village =
            Self { site, coop, coverage: site, infrastructure: site, membership: site, link: site, household, member };
        village.coverage = land.enter("coverages", &land.coverage(VILLAGE, site, "2026-11-10")).await;
        village.infrastructure =
            land.enter("village-infrastructure", &land.infrastructure(VILLAGE, "2026-11-10")).await;
        village.membership = land.enter("memberships", &village.membership(land)).await;
        village.link = land.enter("benefit-links", &village.link(land)).await;
        village
    }

    fn site_of(land: &Land) -> Value {
        made::site(land.id(VILLAGE), land.partner, day("2026-11-01"))
    }

    fn membership(&self, land: &Land) -> Value {
        made::membership(land.id(VILLAGE), self.coop, self.member, day("2026-11-10"))
    }

    fn link(&self, land: &Land) -> Value {
        made::link(land.id(VILLAGE), self.coop, self.household, day("2026-11-10"))
    }
}

on_both! {
    /// Nothing that counts in the month is entered, corrected or taken back, and nothing is moved into it.
    async fn entries_of_a_closed_month_stay(app: TestApp) {
        let land = Land::later(app, 9).await;
        let village = Village::fill(&land).await;
        let parcels = |month: &str, direction: &str| with(made::parcels(village.site, month), json!({ "direction": direction }));
        let wage = |month: &str| made::wage(village.membership, month);
        let benefit = |on: &str| made::benefit(village.link, day(on));
        let (parcel, earned, received) = (
            land.enter("parcels", &parcels("2026-11", "in")).await,
            land.enter("wages", &wage("2026-11")).await,
            land.enter("benefits", &benefit("2026-11-12")).await,
        );
        submit(&land, VILLAGE).await.expect(201);
        for (collection, body) in [("parcels", parcels("2026-11", "out")), ("benefits", benefit("2026-11-30"))] {
            refused(&land.post(collection, &body).await, 409, "period.closed");
        }
        let later = [
            ("parcels", land.enter("parcels", &parcels("2026-12", "out")).await, json!({ "month": "2026-11" })),
            ("benefits", land.enter("benefits", &benefit("2026-12-01")).await, json!({ "on": "2026-11-30" })),
        ];
        for (collection, id, fields) in later {
            refused(&land.correct(collection, id, 1, fields).await, 409, "period.closed");
            land.void(collection, id, 1).await.expect(200);
        }
        for (collection, id, fields) in [
            ("parcels", parcel, json!({ "parcels": 11 })), ("parcels", parcel, json!({ "month": "2026-12" })), ("parcels", parcel, json!({ "direction": "out" })),
            ("wages", earned, json!({ "amount_fen": 1 })), ("wages", earned, json!({ "month": "2026-12" })), ("benefits", received, json!({ "amount_fen": 1 })),
            ("benefits", received, json!({ "on": "2026-12-01" })),
        ] {
            refused(&land.correct(collection, id, 1, fields).await, 409, "period.closed");
            refused(&land.void(collection, id, 1).await, 409, "period.closed");
        }
        // A wage of another month is in order; taken into the closed one it is not.
        let december = land.enter("wages", &wage("2026-12")).await;
        let (_, [other, _]) = land.household("c1t1v2").await;
        let newcomer = made::membership(land.id(VILLAGE), village.coop, other, day("2026-12-01"));
        land.enter("memberships", &newcomer).await;
        land.correct("wages", december, 1, json!({ "amount_fen": 3 })).await.expect(200);
        intact(&land).await;
        assert_eq!(land.total(VILLAGE, "2026-11", "parcels").await, 10);
        assert_eq!(land.total(VILLAGE, "2026-11", "benefit_amount").await, 5_000);
        land.counted_right();
    }

    /// Sites, coverages, infrastructure, memberships and links neither begin nor end in the month any more, nor become other ones.
    async fn what_stood_in_a_closed_month_stays(app: TestApp) {
        let land = Land::later(app, 9).await;
        let village = Village::fill(&land).await;
        let (second, [member, _]) = land.household(VILLAGE).await;
        submit(&land, VILLAGE).await.expect(201);
        let coverage = land.coverage(VILLAGE, village.site, "2026-11-10");
        let (wire, membership, link) = (land.infrastructure(VILLAGE, "2026-11-10"), village.membership(&land), village.link(&land));
        for (collection, body) in [
            ("logistics-sites", Village::site_of(&land)), ("coverages", coverage.clone()), ("village-infrastructure", with(wire.clone(), json!({ "kind": "paved_road" }))),
            ("memberships", with(membership.clone(), json!({ "member_id": member }))), ("benefit-links", with(link.clone(), json!({ "household_id": second }))),
            // Over before the month, it stood in none that is open either.
            ("coverages", with(until(&coverage, "2026-11-05"), json!({ "starts_on": "2026-11-01" }))),
        ] {
            refused(&land.post(collection, &body).await, 409, "period.closed");
        }
        let days = |body: &Value, from: &str, to: &str, on: &str| with(body.clone(), json!({ from: on, to: null }));
        for (collection, id, body, from, to) in [
            ("logistics-sites", village.site, Village::site_of(&land), "opened_on", "closed_on"), ("coverages", village.coverage, coverage, "starts_on", "ends_on"),
            ("village-infrastructure", village.infrastructure, wire, "starts_on", "ends_on"), ("memberships", village.membership, membership.clone(), "starts_on", "ends_on"),
            ("benefit-links", village.link, link.clone(), "starts_on", "ends_on"),
        ] {
            for on in ["2026-11-05", "2026-11-30", "2026-12-01"] {
                let body = days(&body, from, to, on);
                refused(&land.put(collection, id, 1, &body).await, 409, "period.closed");
            }
            refused(&land.put(collection, id, 1, &with(body.clone(), json!({ to: "2026-11-29" }))).await, 409, "period.closed");
            // To end it after the month moves nothing in it.
            land.put(collection, id, 1, &with(body, json!({ to: "2026-12-02" }))).await.expect(200);
        }
        for (collection, id, body) in [("memberships", village.membership, with(membership, json!({ "role": "host" }))), ("benefit-links", village.link, with(link, json!({ "mode": "other" })))] {
            refused(&land.put(collection, id, 2, &until(&body, "2026-12-02")).await, 409, "period.closed");
        }
        let renamed = with(Village::site_of(&land), json!({ "name": "模拟新名", "closed_on": "2026-12-02" }));
        land.put("logistics-sites", village.site, 2, &renamed).await.expect(200);
        assert_eq!(land.share(VILLAGE, "2026-11", "villages_covered_share").await, (1, 1));
        intact(&land).await;
        land.counted_right();
    }

    /// A site elsewhere that covers the village, and a link by an organisation elsewhere, move the closed figures of this village.
    async fn what_others_do_moves_a_closed_month_no_more(app: TestApp) {
        let land = Land::later(app, 9).await;
        let site = land.enter("logistics-sites", &land.site()).await;
        let cover = land.coverage(VILLAGE, site, "2026-11-10");
        land.enter("coverages", &cover).await;
        let (household, _) = land.household(VILLAGE).await;
        let link = land.enter("benefit-links", &land.link(household, "2026-11-10")).await;
        let (second, _) = land.household(VILLAGE).await;
        submit(&land, VILLAGE).await.expect(201);
        let closed = |on: &str| with(land.site(), json!({ "closed_on": on }));
        refused(&land.put("logistics-sites", site, 1, &closed("2026-11-30")).await, 409, "period.closed");
        refused(&land.put("logistics-sites", site, 1, &with(land.site(), json!({ "opened_on": "2026-11-02" }))).await, 409, "period.closed");
        land.put("logistics-sites", site, 1, &closed("2026-12-01")).await.expect(200);
        refused(&land.post("coverages", &cover).await, 409, "period.closed");
        refused(&land.put("benefit-links", link, 1, &until(&land.link(household, "2026-11-10"), "2026-11-30")).await, 409, "period.closed");
        refused(&land.post("benefit-links", &land.link(second, "2026-11-20")).await, 409, "period.closed");
        land.put("benefit-links", link, 1, &until(&land.link(household, "2026-11-10"), "2026-12-01")).await.expect(200);
        land.enter("benefit-links", &land.link(second, "2026-12-01")).await;
        assert_eq!([land.total(VILLAGE, "2026-11", "households_lifted").await, land.total(VILLAGE, "2026-12", "households_lifted").await], [1, 1]);
        assert_eq!([land.share("b", "2026-11", "villages_covered_share").await, land.share("b", "2026-12", "villages_covered_share").await], [(1, 8), (0, 8)]);
        intact(&land).await;
        land.counted_right();
    }

    /// What the report froze of it is what the figures say, but what tells of few persons, and the catalogues' own.
    async fn it_is_in_the_report(app: TestApp) {
        let land = Land::later(app, 9).await;
        let village = Village::fill(&land).await;
        land.enter("parcels", &made::parcels(village.site, "2026-11")).await;
        land.enter("wages", &made::wage(village.membership, "2026-11")).await;
        land.enter("benefits", &made::benefit(village.link, day("2026-11-12"))).await;
        let who = land.app.actor(&[(Role::Worker, land.id(VILLAGE))]);
        let nil = json!({ "service_point_id": land.id(VILLAGE), "month": "2026-11", "nil": true, "note": "模拟说明" });
        assert_eq!(land.app.post(&who, "/api/v1/reports", &nil).await.status, 409, "something was handled");
        submit(&land, VILLAGE).await.expect(201);
        let path = format!("/api/v1/service-points/{}/report?month=2026-11", land.id(VILLAGE));
        let text = land.app.get(&land.clerk, &path).await.expect(200).json().to_string();
        for metric in ["parcels", "logistics_sites", "benefit_amount", "households_lifted", "persons_lifted"] {
            assert!(text.contains(&format!("\"metric\":\"{metric}\"")), "{metric} is not in {text}");
        }
        for metric in ["wage_mean", "wage_median", "members_disabled", "policy_documents"] {
            assert!(!text.contains(&format!("\"metric\":\"{metric}\"")), "{metric} is in {text}");
        }
    }

    /// What was paid in a county's closed month stays; what is paid later, budgets and documents are free.
    async fn payments_of_a_closed_month_stay(app: TestApp) {
        let desk = Desk::new(app).await;
        let path = |list: &str| format!("/api/v1/{list}");
        let enter = async |list: &str, body: &Value| desk.app.post(&desk.clerk, &path(list), body).await.expect(201).id();
        let (project, document) = (made::project(desk.id("c1")), made::policy(desk.id("c1")));
        let (id, policy) = (enter("projects", &project).await, enter("policy-documents", &document).await);
        let payment = |on: &str| made::payment(id, day(on));
        let [first, later] = [enter("project-payments", &payment("2026-11-30")).await, enter("project-payments", &payment("2026-12-01")).await];
        for depth in [6, 4, 2] {
            for point in desk.network.names().into_iter().filter(|point| point.starts_with("c1") && point.len() == depth) {
                desk.settle(point, point != "c1").await;
            }
        }
        let figures = desk.month("c1").await["report"]["figures"].clone();
        let report = desk.month("c1").await.to_string();
        assert!(report.contains("\"metric\":\"project_payments\"") && !report.contains("\"metric\":\"project_paid_share\""), "{figures} {report}");
        refused(&desk.app.post(&desk.clerk, &path("project-payments"), &payment("2026-11-10")).await, 409, "period.closed");
        for (entry, fields) in [(first, json!({ "amount_fen": 1 })), (first, json!({ "on": "2026-12-01" })), (first, json!({ "note": "模拟" })), (later, json!({ "on": "2026-11-30" }))] {
            let fields = with(fields, json!({ "reason": "模拟更正" }));
            refused(&desk.app.patch(&desk.clerk, &format!("/api/v1/project-payments/{entry}"), 1, &fields).await, 409, "period.closed");
        }
        let void = async |entry: Id| {
            let path = format!("/api/v1/project-payments/{entry}/void");
            desk.app.post_to(&desk.clerk, &path, 1, Some(&json!({ "reason": "模拟作废" }))).await
        };
        refused(&void(first).await, 409, "period.closed");
        void(later).await.expect(200);
        for (list, id, body) in [("projects", id, with(project, json!({ "budget_fen": 7_000 }))), ("policy-documents", policy, with(document, json!({ "topic": "brand" })))] {
            let path = format!("/api/v1/{list}/{id}");
            desk.app.request(&desk.clerk, actix_web::http::Method::PUT, &path, Some(&body), &[("if-match", "\"1\"")]).await.expect(200);
        }
        let differs = &desk.month("c1").await["differs"];
        assert_eq!(differs, &json!({ "content": false, "figures": false, "children": false }));
    }

    /// A point that has ended still takes what was on its days, and nothing of later ones.
    async fn a_point_that_has_ended_takes_what_was(app: TestApp) {
        let land = Land::later(app, 40).await;
        let village = Village::fill(&land).await;
        land.close(VILLAGE, "2026-12-15").await;
        let site = |from: &str| made::site(land.id(VILLAGE), land.partner, day(from));
        land.enter("logistics-sites", &site("2026-12-15")).await;
        refused(&land.post("logistics-sites", &site("2026-12-16")).await, 409, "service_point.ended");
        land.enter("benefits", &made::benefit(village.link, day("2026-12-15"))).await;
        refused(&land.post("benefits", &made::benefit(village.link, day("2026-12-16"))).await, 409, "service_point.ended");
        for (list, body) in [("parcels", made::parcels(village.site, "2026-12")), ("wages", made::wage(village.membership, "2026-12"))] {
            let entry = land.enter(list, &body).await;
            let moved = land.correct(list, entry, 1, json!({ "month": "2027-01" })).await;
            refused(&moved, 409, "service_point.ended");
            refused(&land.post(list, &with(body, json!({ "month": "2027-01" }))).await, 409, "service_point.ended");
        }
        // What stands there is ended in order.
        for (list, id, body) in [("coverages", village.coverage, land.coverage(VILLAGE, village.site, "2026-11-10")), ("benefit-links", village.link, village.link(&land))] {
            land.put(list, id, 1, &until(&body, "2026-12-15")).await.expect(200);
        }
        land.counted_right();
    }
}
