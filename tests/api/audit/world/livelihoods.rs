//! Changes of logistics, organisations, policies, projects and the ledgers of these.

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::domain::Id;

use super::{
    Change, Kind,
    people::Families,
    trade::{kept, with},
};
use crate::support::livelihoods::{self, Livelihoods};

const ITEM: &str = "catalogue_item";
const REGISTERED: &str = "register_item";
const ENTRY: &str = "ledger_entry";

pub async fn changes(families: &mut Families<'_>) -> Vec<Change> {
    let (keeper, village) = (families.network.id("c1"), families.network.id("c1t1v1"));
    let at = Livelihoods::enter(families.app, families.manager, keeper, village).await;
    let mut changes = items(families, &at);
    changes.extend(registers(families, &at).await);
    changes.extend(entries(families, &at).await);
    changes
}

fn items(families: &Families<'_>, at: &Livelihoods) -> Vec<Change> {
    let (county, bureau) = (at.keeper, families.network.id("b"));
    let [policy, project, indicator, ..] = at.wholes(families.app.today());
    let all = [
        kept(
            families,
            ["/api/v1/policy-documents", "/api/v1/policy-documents/{id}"],
            ["policy_document.enter", "policy_document.edit"],
            ITEM,
            [
                with(livelihoods::policy(bureau), json!({ "note": "模拟说明" })),
                with(policy, json!({ "ends_on": "2026-12-31" })),
            ],
            at.policy,
        ),
        kept(
            families,
            ["/api/v1/projects", "/api/v1/projects/{id}"],
            ["project.enter", "project.edit"],
            ITEM,
            [
                with(livelihoods::project(county), json!({ "village_ids": [at.village] })),
                with(project, json!({ "budget_fen": 200_000 })),
            ],
            at.project,
        ),
        kept(
            families,
            ["/api/v1/indicators", "/api/v1/indicators/{id}"],
            ["indicator.enter", "indicator.edit"],
            ITEM,
            [livelihoods::indicator(bureau), with(indicator, json!({ "value": 1 }))],
            at.indicator,
        ),
    ];
    let file = Change::new(families.manager, Method::PUT, "/api/v1/policy-documents/{id}/file", 200);
    let filed = Change { file: Some(b"%PDF-1.7 simulated"), ..file.of(at.policy).version(2) };
    let filed = filed.event("policy_document.file", Kind::Changed, (ITEM, at.policy), county);
    all.into_iter().flatten().chain([filed]).collect()
}

async fn registers(families: &mut Families<'_>, at: &Livelihoods) -> Vec<Change> {
    let (village, today) = (at.village, families.app.today());
    let family = families.registered().await;
    let [_, _, _, site, coverage, infrastructure, membership, link] = at.wholes(today);
    let all = [
        kept(
            families,
            ["/api/v1/logistics-sites", "/api/v1/logistics-sites/{id}"],
            ["logistics_site.enter", "logistics_site.edit"],
            REGISTERED,
            [site.clone(), with(site, json!({ "kind": "warehouse" }))],
            at.site,
        ),
        kept(
            families,
            ["/api/v1/coverages", "/api/v1/coverages/{id}"],
            ["coverage.enter", "coverage.edit"],
            REGISTERED,
            [coverage.clone(), with(coverage, json!({ "ends_on": today }))],
            at.coverage,
        ),
        kept(
            families,
            ["/api/v1/village-infrastructure", "/api/v1/village-infrastructure/{id}"],
            ["infrastructure.enter", "infrastructure.edit"],
            REGISTERED,
            [infrastructure.clone(), with(infrastructure, json!({ "source": "模拟来源" }))],
            at.infrastructure,
        ),
        kept(
            families,
            ["/api/v1/memberships", "/api/v1/memberships/{id}"],
            ["membership.enter", "membership.edit"],
            REGISTERED,
            [
                livelihoods::membership(village, at.organisation, family.member, today),
                with(membership, json!({ "role": "seller" })),
            ],
            at.membership,
        ),
        kept(
            families,
            ["/api/v1/benefit-links", "/api/v1/benefit-links/{id}"],
            ["benefit_link.enter", "benefit_link.edit"],
            REGISTERED,
            [
                livelihoods::link(village, at.organisation, family.id, today),
                with(link, json!({ "mode": "employment" })),
            ],
            at.link,
        ),
    ];
    all.into_iter().flatten().collect()
}

/// An entry that is logged, one that is corrected and one that is voided, of each ledger. What is told once for a month is told of
/// other things.
async fn entries(families: &mut Families<'_>, at: &Livelihoods) -> Vec<Change> {
    let (app, manager, today) = (families.app, families.manager, families.app.today());
    let month = today.month().to_string();
    let [_, _, _, site, ..] = at.wholes(today);
    let (mut sites, mut memberships) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        sites.push(app.post(manager, "/api/v1/logistics-sites", &site).await.expect(201).id());
        let person = families.registered().await.member;
        let membership = livelihoods::membership(at.village, at.organisation, person, today);
        memberships.push(app.post(manager, "/api/v1/memberships", &membership).await.expect(201).id());
    }
    let mut changes = Vec::new();
    for (routes, actions, bodies, corrected, correction, point) in [
        (
            ["/api/v1/parcels", "/api/v1/parcels/{id}", "/api/v1/parcels/{id}/void"],
            ["parcel.log", "parcel.correct", "parcel.void"],
            [livelihoods::parcels(sites[0], &month), livelihoods::parcels(sites[1], &month)],
            at.parcels,
            json!({ "reason": "数量记错", "parcels": 2 }),
            at.village,
        ),
        (
            ["/api/v1/wages", "/api/v1/wages/{id}", "/api/v1/wages/{id}/void"],
            ["wage.log", "wage.correct", "wage.void"],
            [livelihoods::wage(memberships[0], &month), livelihoods::wage(memberships[1], &month)],
            at.wage,
            json!({ "reason": "数量记错", "amount_fen": 7 }),
            at.village,
        ),
        (
            ["/api/v1/benefits", "/api/v1/benefits/{id}", "/api/v1/benefits/{id}/void"],
            ["benefit.log", "benefit.correct", "benefit.void"],
            [livelihoods::benefit(at.link, today), livelihoods::benefit(at.link, today)],
            at.benefit,
            json!({ "reason": "数量记错", "amount_fen": 7 }),
            at.village,
        ),
        (
            ["/api/v1/project-payments", "/api/v1/project-payments/{id}", "/api/v1/project-payments/{id}/void"],
            ["payment.log", "payment.correct", "payment.void"],
            [
                with(livelihoods::payment(at.project, today), json!({ "note": "模拟备注" })),
                livelihoods::payment(at.project, today),
            ],
            at.payment,
            json!({ "reason": "数量记错", "amount_fen": 7 }),
            at.keeper,
        ),
    ] {
        let [body, other]: [Value; 2] = bodies;
        let voided: Id = app.post(manager, routes[0], &other).await.expect(201).id();
        let logged = app.edge.new_id();
        let post = |route, status| Change::new(manager, Method::POST, route, status);
        changes.extend([
            post(routes[0], 201).body(with(body, json!({ "id": logged }))).event(
                actions[0],
                Kind::Made,
                (ENTRY, logged),
                point,
            ),
            Change::new(manager, Method::PATCH, routes[1], 200)
                .of(corrected)
                .version(1)
                .body(correction)
                .event(actions[1], Kind::Changed, (ENTRY, corrected), point)
                .reason("数量记错"),
            post(routes[2], 200)
                .of(voided)
                .version(1)
                .body(json!({ "reason": "记错了一次" }))
                .event(actions[2], Kind::Changed, (ENTRY, voided), point)
                .reason("记错了一次"),
        ]);
    }
    changes
}
