//! What happens at the same moment: rules that depend on two rows hold, and the figures are right.

use actix_web::{http::Method, test::TestRequest};
use futures_util::future::{join, join_all};
use serde_json::json;
use terrace::{db::files, domain::Id};

use super::{Land, TOWNSHIP, VILLAGE, day, until};
use crate::{
    on_both,
    support::{Reply, livelihoods as made, trade as things},
    trade::with,
};

/// How many were taken, and fails if something was neither taken nor refused in order.
#[track_caller]
fn taken(replies: &[Reply]) -> usize {
    let strange = replies.iter().find(|reply| ![200, 201, 409, 412, 422].contains(&reply.status));
    assert!(strange.is_none(), "{}", strange.unwrap().text());
    replies.iter().filter(|reply| reply.status < 300).count()
}

on_both! {
    /// However many sites cover a village at once, and while one of them closes, it is one village.
    async fn a_village_is_covered_by_many_at_once(app: TestApp) {
        let land = Land::new(app).await;
        let mut bodies = Vec::new();
        for _ in 0..8 {
            let site = land.enter("logistics-sites", &land.site()).await;
            bodies.push((site, land.coverage(VILLAGE, site, "2026-11-24")));
        }
        let entering = join_all(bodies.iter().map(|(_, body)| land.post("coverages", body)));
        let closed = with(land.site(), json!({ "closed_on": "2026-11-23" }));
        let closing = join_all(bodies[..4].iter().map(|(site, _)| land.put("logistics-sites", *site, 1, &closed)));
        let (entered, _) = join(entering, closing).await;
        assert!(taken(&entered) >= 4);
        assert_eq!(land.share("b", "2026-11", "villages_covered_share").await, (1, 8));
        land.counted_right();
        // Then the other four close at once.
        let reply = join_all(bodies[4..].iter().map(|(site, _)| land.put("logistics-sites", *site, 1, &closed))).await;
        assert_eq!(taken(&reply), 4);
        assert_eq!(land.share("b", "2026-11", "villages_covered_share").await, (0, 8));
        land.counted_right();
    }

    /// A village moves and closes while it is equipped.
    async fn a_village_is_equipped_while_it_closes(app: TestApp) {
        let land = Land::new(app).await;
        let bodies: Vec<_> = ["broadband", "paved_road", "broadband", "mobile_network", "broadband", "paved_road"]
            .map(|kind| with(land.infrastructure(VILLAGE, "2026-11-24"), json!({ "kind": kind }))).into();
        let body = json!({ "closed_on": "2026-11-24", "reason": "模拟撤并" });
        let (path, admin) = (format!("/api/v1/service-points/{}/close", land.id(VILLAGE)), land.admin());
        let (entered, closed) = join(
            join_all(bodies.iter().map(|body| land.post("village-infrastructure", body))),
            land.app.post_to(&admin, &path, 1, Some(&body)),
        ).await;
        taken(&entered);
        closed.expect(200);
        land.counted_right();
    }

    /// Whatever is paid at once, it is never more than the budget, while that is edited too.
    async fn a_budget_is_never_passed(app: TestApp) {
        let land = Land::new(app).await;
        let body = made::project(land.id("c1"));
        let project = land.enter("projects", &body).await;
        let payment = with(made::payment(project, day("2026-11-20")), json!({ "amount_fen": 30_000 }));
        let less = with(body.clone(), json!({ "budget_fen": 60_000 }));
        let (paid, edited) = join(join_all((0..10).map(|_| land.post("project-payments", &payment))), land.put("projects", project, 1, &less)).await;
        let n = i64::try_from(taken(&paid)).unwrap();
        let budget = if edited.status == 200 { 60_000 } else { 100_000 };
        assert!(n == budget / 30_000, "{n} of {budget}");
        assert_eq!(land.get("projects", project).await["paid_fen"], 30_000 * n);
        // Corrections at once do not pass it either.
        let entries = land.app.all_pages(&land.clerk, "/api/v1/project-payments?from=2026-11-01", 20).await;
        let ids: Vec<_> = entries.iter().map(|entry| entry["id"].as_str().unwrap().parse().unwrap()).collect();
        taken(&join_all(ids.iter().map(|id| land.correct("project-payments", *id, 1, json!({ "amount_fen": 45_000 })))).await);
        let now = land.get("projects", project).await;
        assert!(now["paid_fen"].as_i64().unwrap() <= now["budget_fen"].as_i64().unwrap(), "{now}");
        land.counted_right();
    }

    /// Of memberships of one person in one organisation at once one is taken; while the organisation ends, none outlives it.
    async fn a_person_belongs_once_however_many_enter_it(app: TestApp) {
        let land = Land::new(app).await;
        let (_, [member, other]) = land.household(VILLAGE).await;
        let body = land.membership(member, "2026-11-10");
        assert_eq!(taken(&join_all((0..10).map(|_| land.post("memberships", &body))).await), 1);
        // Two that are over are drawn over the same days at once.
        let halves = [("2026-11-01", "2026-11-04"), ("2026-11-06", "2026-11-09")].map(|(from, to)| until(&land.membership(other, from), to));
        let ids = [land.enter("memberships", &halves[0]).await, land.enter("memberships", &halves[1]).await];
        let wide = [until(&halves[0], "2026-11-05"), with(halves[1].clone(), json!({ "starts_on": "2026-11-05" }))];
        let (one, two) = join(land.put("memberships", ids[0], 1, &wide[0]), land.put("memberships", ids[1], 1, &wide[1])).await;
        assert_eq!(taken(&[one, two]), 1);
        let second = land.enter("organisations", &things::organisation(land.id(TOWNSHIP))).await;
        let body = with(land.membership(member, "2026-11-10"), json!({ "organisation_id": second }));
        let ended = with(things::organisation(land.id(TOWNSHIP)), json!({ "ended_on": "2026-11-20" }));
        let (entered, ends) = join(land.post("memberships", &body), land.put("organisations", second, 1, &ended)).await;
        assert_eq!(taken(&[entered, ends]), 1);
    }

    /// A wage is recorded while its membership is ended before the month, and a wage of the month is recorded twice.
    async fn a_wage_and_its_membership(app: TestApp) {
        let land = Land::later(app, 40).await;
        for (_, member) in land.heads(VILLAGE, 4, false).await {
            let body = land.membership(member, "2026-11-10");
            let membership = land.enter("memberships", &body).await;
            let (wage, ended) = (made::wage(membership, "2026-12"), until(&body, "2026-11-30"));
            let (logged, edited) = join(land.post("wages", &wage), land.put("memberships", membership, 1, &ended)).await;
            assert_eq!(taken(&[logged, edited]), 1, "either there is a wage, or the membership has ended");
            let november = made::wage(membership, "2026-11");
            assert_eq!(taken(&join_all((0..6).map(|_| land.post("wages", &november))).await), 1);
        }
        land.counted_right();
    }

    /// A household is lifted by many at once while it moves and grows, and who lifts it ends.
    async fn a_household_is_lifted_by_many_at_once(app: TestApp) {
        let land = Land::new(app).await;
        let (household, _) = land.household(VILLAGE).await;
        let store = land.opened(TOWNSHIP).await;
        let by_coop = land.link(household, "2026-11-10");
        let by_store = with(by_coop.clone(), json!({ "organisation_id": null, "store_id": store }));
        let bodies = [&by_coop, &by_store, &by_coop, &by_store, &by_coop, &by_store];
        let joined = json!({ "name": "模拟子女", "relation": "30", "no_identity_reason": "unknown", "joined_on": "2026-11-15" });
        let path = format!("/api/v1/households/{household}/members");
        let moved = json!({ "service_point_id": land.id("c2t1v1"), "reason": "模拟搬迁" });
        let closed = with(land.store(TOWNSHIP), json!({ "closed_on": "2026-11-20" }));
        let ((entered, shut), (grown, moved)) = join(
            join(join_all(bodies.iter().map(|body| land.post("benefit-links", body))), land.put("stores", store, 1, &closed)),
            join(land.app.post(&land.clerk, &path, &joined), land.household_act(household, "transfer", 1, moved)),
        ).await;
        let n = taken(&entered);
        grown.expect(201);
        assert!(taken(&[shut, moved]) <= 2 && n >= 3);
        let links = land.app.all_pages(&land.clerk, &format!("/api/v1/benefit-links?store_id={store}"), 9).await;
        let store = land.get("stores", store).await;
        assert!(store["closed_on"].is_null() || links.is_empty(), "a link outlives its store: {links:?}");
        assert_eq!(land.total("b", "2026-11", "households_lifted").await, 1);
        assert_eq!(land.total("b", "2026-11", "persons_lifted").await, 3);
        land.counted_right();
    }

    /// A store closes at the moment at which it is said to lift somebody: one of both is refused.
    async fn a_store_shuts_while_links_begin(app: TestApp) {
        let land = Land::new(app).await;
        for (household, _) in land.heads(VILLAGE, 6, false).await {
            let store = land.opened(TOWNSHIP).await;
            let body = with(land.link(household, "2026-11-10"), json!({ "organisation_id": null, "store_id": store }));
            let closed = with(land.store(TOWNSHIP), json!({ "closed_on": "2026-11-20" }));
            let (entered, shut) = join(land.post("benefit-links", &body), land.put("stores", store, 1, &closed)).await;
            assert_eq!(taken(&[entered, shut]), 1, "either the store is open, or it lifts nobody");
        }
        land.counted_right();
    }

    /// One document gets one file, however many bring it at once; the same content at many documents at once lies there once.
    async fn files_are_brought_at_once(app: TestApp) {
        let land = Land::new(app).await;
        let mut documents = Vec::new();
        for _ in 0..6 {
            documents.push(land.enter("policy-documents", &made::policy(land.id("b"))).await);
        }
        let content = b"%PDF-1.4 simulated".to_vec();
        let bring = async |document: Id| {
            let path = format!("/api/v1/policy-documents/{document}/file");
            let request = TestRequest::with_uri(&path).method(Method::PUT).peer_addr("192.0.2.1:5000".parse().unwrap());
            let token = land.clerk.token.clone().unwrap();
            let request = request.insert_header(("authorization", format!("Bearer {token}"))).insert_header(("if-match", "\"1\""));
            land.app.send(request.set_payload(content.clone())).await
        };
        assert_eq!(taken(&join_all((0..6).map(|_| bring(documents[0]))).await), 1);
        assert_eq!(taken(&join_all(documents[1..].iter().map(|document| bring(*document))).await), 5);
        assert_eq!(files::digests(&mut land.app.conn()).unwrap().len(), 1);
        for document in documents {
            assert_eq!(land.get("policy-documents", document).await["version"], 2);
        }
    }
}
