//! What is refused writes nothing, and what is asked twice is told once.

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::{
    api::endpoints,
    domain::{
        codes::Role,
        policy::{Action, Need},
    },
};

use super::{
    world::{Change, World, build},
    *,
};
use crate::{on_both, support::Actor};

/// Every way in which a change is refused before anything particular to it is looked at, with the status.
fn refusals(world: &World, outsider: &Actor, reviewer: &Actor, change: &Change, unknown: Id) -> Vec<(u16, Change)> {
    let need = endpoints()
        .iter()
        .find(|endpoint| endpoint.method == change.method && endpoint.path == change.route)
        .unwrap()
        .need;
    let mut refusals = Vec::new();
    if need != Need::Nothing {
        refusals.push((401, Change { actor: Actor::nobody(), ..change.clone() }));
        refusals.push((401, Change { actor: Actor::with_token("no.such.token"), ..change.clone() }));
    }
    if matches!(need, Need::Grant(_)) {
        // A reviewer decides findings and announces, and a worker does not; a reviewer reviews reports, of which this is not one.
        let reviewers = [Action::DecideFindings, Action::SendNotices].map(Need::Grant);
        let powerless = if reviewers.contains(&need) { &world.worker } else { reviewer };
        refusals.push((403, Change { actor: powerless.clone(), ..change.clone() }));
        // A queue is refused item by item.
        let outside = if change.route == "/api/v1/batches" { 200 } else { 404 };
        refusals.push((outside, Change { actor: outsider.clone(), ..change.clone() }));
        let wrong = if change.actor.account == world.admin.account { &world.worker } else { &world.admin };
        refusals.push((403, Change { actor: wrong.clone(), ..change.clone() }));
    }
    if change.id.is_some() {
        refusals.push((404, Change { id: Some(unknown), ..change.clone() }));
    }
    if change.version.is_some() {
        refusals.push((428, Change { version: None, ..change.clone() }));
        refusals.push((412, Change { version: Some(99), ..change.clone() }));
    }
    if let Some(body) = &change.body {
        let mut body = body.clone();
        body["unheard_of"] = json!(1);
        refusals.push((400, Change { body: Some(body), ..change.clone() }));
    }
    refusals
}

/// A change with some fields of its body replaced.
fn with(change: &Change, fields: Value) -> Change {
    let mut body = change.body.clone().unwrap();
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    Change { body: Some(body), ..change.clone() }
}

/// Refusals that depend on what is asked for: validation, conflicts, references.
fn particular_refusals(app: &TestApp, world: &World) -> Vec<(u16, Change)> {
    let find = |method: Method, route: &str| {
        world.changes.iter().find(|change| change.method == method && change.route == route).unwrap().clone()
    };
    let post = |route: &str| find(Method::POST, route);
    let on = |change: Change, id: Id, version: i64| Change { id: Some(id), version: Some(version), ..change };
    let at = |name: &str| world.network.id(name);
    let tomorrow = app.today().plus_days(1);
    let (open, edit) = (post("/api/v1/service-points"), find(Method::PATCH, "/api/v1/service-points/{id}"));
    let (close, relocate) = (post("/api/v1/service-points/{id}/close"), post("/api/v1/service-points/{id}/move"));
    let (account, grant) = (post("/api/v1/accounts"), post("/api/v1/grants"));
    let record = post("/api/v1/assistance-records");
    let (sign_in, password) = (post("/api/v1/auth/sign-in"), post("/api/v1/auth/password"));
    let taken = app.edge.new_id();
    vec![
        (422, with(&open, json!({ "name": "" }))),
        (422, with(&open, json!({ "tier": "county" }))),
        (404, with(&open, json!({ "parent_id": taken }))),
        (409, with(&open, json!({ "region_code": "999901001201" }))),
        (409, with(&open, json!({ "id": at("c2") }))),
        (422, with(&edit, json!({ "contact_phone": "nothing" }))),
        (409, with(&edit, json!({ "region_code": "999902001201" }))),
        (409, on(post("/api/v1/service-points/{id}/activate"), at("c2"), 1)),
        (409, on(close.clone(), at("c2"), 1)),
        (422, with(&close, json!({ "closed_on": tomorrow }))),
        (409, with(&relocate, json!({ "parent_id": at("c1t1") }))),
        (422, with(&relocate, json!({ "parent_id": at("c2") }))),
        (422, with(&account, json!({ "username": "1" }))),
        (409, with(&account, json!({ "username": "Lai.Ren" }))),
        (404, with(&account, json!({ "grant": { "role": "worker", "service_point_id": taken } }))),
        (403, with(&grant, json!({ "account_id": world.admin.account }))),
        (422, with(&grant, json!({ "valid_to": "2020-01-01" }))),
        (404, with(&grant, json!({ "account_id": taken }))),
        (403, on(post("/api/v1/accounts/{id}/suspend"), world.admin.account.unwrap(), 1)),
        (409, on(post("/api/v1/accounts/{id}/activate"), world.worker.account.unwrap(), 1)),
        (401, with(&sign_in, json!({ "password": "Not-the-right-1" }))),
        (401, with(&sign_in, json!({ "username": "nobody.here" }))),
        (401, with(&post("/api/v1/auth/refresh"), json!({ "refresh_token": "none" }))),
        (422, with(&password, json!({ "current_password": "Not-the-right-1" }))),
        (422, with(&password, json!({ "new_password": "short" }))),
        (422, with(&record, json!({ "given_on": tomorrow }))),
        (422, with(&record, json!({ "quantity": 0 }))),
        (422, with(&record, json!({ "member_id": taken }))),
        (422, with(&record, json!({ "note": "电话 13900000001" }))),
        (404, with(&record, json!({ "household_id": taken }))),
        (422, with(&post("/api/v1/assistance-records/{id}/void"), json!({ "reason": "" }))),
        (422, with(&find(Method::PATCH, "/api/v1/assistance-records/{id}"), json!({ "kind": "unheard_of" }))),
    ]
    .into_iter()
    .chain(refusals_about_people(app, world, &find))
    .chain(refusals_of_trade(app, &find))
    .collect()
}

fn refusals_of_trade(app: &TestApp, find: &impl Fn(Method, &str) -> Change) -> Vec<(u16, Change)> {
    let post = |route: &str| find(Method::POST, route);
    let put = |route: &str| find(Method::PUT, route);
    let (store, sale, session) = (post("/api/v1/stores"), post("/api/v1/sales"), post("/api/v1/training-sessions"));
    let attendance = post("/api/v1/attendances");
    let (taken, tomorrow) = (app.edge.new_id(), app.today().plus_days(1));
    let void = post("/api/v1/training-sessions/{id}/void");
    vec![
        (422, with(&post("/api/v1/partners"), json!({ "kind": "unheard_of" }))),
        (422, with(&put("/api/v1/partners/{id}"), json!({ "name": "" }))),
        (404, with(&post("/api/v1/agreements"), json!({ "partner_id": taken }))),
        (422, with(&post("/api/v1/campaigns"), json!({ "ends_on": "2026-10-31" }))),
        (422, with(&post("/api/v1/opening-balances"), json!({ "as_of": "2026-11-02" }))),
        (422, with(&put("/api/v1/opening-balances/{id}"), json!({ "metric": "persons_trained_cumulative" }))),
        (422, with(&post("/api/v1/organisations"), json!({ "credit_code": "91350100M000100Y44" }))),
        (404, with(&store, json!({ "platform_id": taken }))),
        (422, with(&put("/api/v1/stores/{id}"), json!({ "platform_id": taken }))),
        (409, with(&put("/api/v1/stores/{id}"), json!({ "opened_on": "2026-11-01", "closed_on": "2026-11-23" }))),
        (422, with(&sale, json!({ "on": tomorrow }))),
        (422, with(&sale, json!({ "month": "2026-11" }))),
        (404, with(&sale, json!({ "store_id": taken }))),
        (404, with(&sale, json!({ "campaign_id": taken }))),
        (422, with(&post("/api/v1/livestreams"), json!({ "minutes": 0 }))),
        (422, with(&session, json!({ "topic": "unheard_of" }))),
        (422, with(&attendance, json!({ "member_id": taken }))),
        // Somebody has attended this one.
        (409, Change { id: find(Method::PATCH, "/api/v1/training-sessions/{id}").id, ..void }),
    ]
}

fn refusals_about_people(app: &TestApp, world: &World, find: &impl Fn(Method, &str) -> Change) -> Vec<(u16, Change)> {
    let post = |route: &str| find(Method::POST, route);
    let (household, request) = (post("/api/v1/households"), post("/api/v1/transfer-requests"));
    let (member, edit) = (post("/api/v1/households/{id}/members"), find(Method::PATCH, "/api/v1/members/{id}"));
    let (typed, status) = (post("/api/v1/households/{id}/type"), post("/api/v1/households/{id}/status"));
    let (transfer, head) = (post("/api/v1/households/{id}/transfer"), post("/api/v1/households/{id}/head"));
    let (identity, erase) = (post("/api/v1/households/{id}/identity"), post("/api/v1/households/{id}/erase"));
    let accept = post("/api/v1/transfer-requests/{id}/accept");
    let (home, taken) = (world.network.id("c1t1"), app.edge.new_id());
    let tomorrow = app.today().plus_days(1);
    let heads = |first: &str, second: &str| {
        let mut members = household.body.as_ref().unwrap()["members"].clone();
        (members[0]["relation"], members[1]["relation"]) = (json!(first), json!(second));
        with(&household, json!({ "members": members }))
    };
    let one_head: Id = serde_json::from_value(identity.body.as_ref().unwrap()["member_id"].clone()).unwrap();
    vec![
        (422, with(&household, json!({ "household_type": "unheard_of" }))),
        (422, with(&household, json!({ "members": [] }))),
        (422, heads("02", "02")),
        (422, heads("20", "10")),
        (409, with(&household, json!({ "id": request.body.as_ref().unwrap()["household_id"] }))),
        (422, with(&find(Method::PATCH, "/api/v1/households/{id}"), json!({ "phone": "nothing" }))),
        (409, with(&typed, json!({ "household_type": "general", "monitoring_category": null }))),
        (422, with(&typed, json!({ "effective_on": tomorrow }))),
        (409, with(&status, json!({ "status": "active" }))),
        (422, with(&status, json!({ "effective_on": "2026-10-31" }))),
        (409, with(&transfer, json!({ "service_point_id": home }))),
        (404, with(&transfer, json!({ "service_point_id": taken }))),
        (404, with(&head, json!({ "member_id": taken }))),
        (422, with(&head, json!({ "former_relation": "02" }))),
        (404, with(&identity, json!({ "member_id": taken }))),
        (422, with(&identity, json!({ "reason": "身份证 11010519491231002X" }))),
        (409, Change { id: identity.id, version: Some(1), ..erase }),
        (422, with(&member, json!({ "relation": "02" }))),
        (422, with(&member, json!({ "identity_number": "999999197001010000" }))),
        (422, with(&edit, json!({ "no_identity_reason": "lost" }))),
        (409, Change { id: Some(one_head), ..post("/api/v1/members/{id}/leave") }),
        (404, with(&request, json!({ "household_id": taken }))),
        (422, with(&request, json!({ "identity_number": "999999197001010000" }))),
        (409, with(&request, json!({ "service_point_id": home }))),
        (422, with(&accept, json!({ "effective_on": tomorrow }))),
    ]
}

on_both! {
    /// Whoever is refused, for whatever reason, has changed nothing and is not told of.
    async fn what_is_refused_writes_nothing(app: TestApp) {
        let world = build(&app).await;
        let outsider = app.actor(&[Role::Admin, Role::Worker, Role::Manager, Role::Auditor].map(|role| (role, world.network.id("c2"))));
        let reviewer = app.actor(&[(Role::Reviewer, world.network.id("b"))]);
        let unknown = app.edge.new_id();
        let mut conn = app.conn();
        let before = snapshot(&mut conn);
        let general = world.changes.iter().flat_map(|change| refusals(&world, &outsider, &reviewer, change, unknown));
        let all: Vec<(u16, Change)> = general.chain(particular_refusals(&app, &world)).collect();
        assert!(all.len() > 100, "only {} refusals", all.len());
        for (status, change) in all {
            let reply = change.send(&app, "refused").await;
            let what = format!("{change:?}\n{}", reply.text());
            assert_eq!(reply.status, status, "{what}");
            assert_eq!(snapshot(&mut conn), before, "{what}");
        }
        // None of it was in the way of what was asked properly.
        for change in &world.changes {
            app.edge.advance(1);
            change.send(&app, "accepted").await.expect(change.status);
        }
    }

    /// A list is no object, even one without elements where no field must be there.
    async fn a_list_in_place_of_an_object_changes_nothing(app: TestApp) {
        let world = build(&app).await;
        let mut conn = app.conn();
        let before = snapshot(&mut conn);
        for change in world.changes.iter().filter(|change| change.body.is_some()) {
            let values = change.body.as_ref().unwrap().as_object().unwrap().values().cloned().collect();
            for list in [Value::Array(values), json!([])] {
                let reply = Change { body: Some(list), ..change.clone() }.send(&app, "list").await;
                assert_eq!(reply.status, 400, "{} {} {}", change.method, change.route, reply.text());
                assert_eq!(snapshot(&mut conn), before, "{} {}", change.method, change.route);
            }
        }
    }

    /// The same request once more makes nothing new and is not told of again: a create is answered with what it made, and
    /// a change names a version that is no more.
    async fn what_is_asked_twice_is_told_once(app: TestApp) {
        let world = build(&app).await;
        // Signing in again is another session, renewing is no event at all, and looking again is told again.
        let always = ["/api/v1/auth/sign-in", "/api/v1/auth/refresh"];
        let looks = ["/api/v1/households/{id}/identity", "/api/v1/households/{id}/export"];
        let harmless =
            ["/api/v1/reports/chase", "/api/v1/notices/{id}/read", "/api/v1/auth/device-key", "/api/v1/batches"];
        let again = |change: &&Change| !always.contains(&change.route) && !looks.contains(&change.route);
        let mut conn = app.conn();
        for change in world.changes.iter().filter(again) {
            app.edge.advance(1);
            change.send(&app, "once").await.expect(change.status);
            let after = snapshot(&mut conn);
            let reply = change.send(&app, "twice").await;
            let repeated = if change.status == 201 || harmless.contains(&change.route) {
                reply.status == 200
            } else {
                (400..500).contains(&reply.status)
            };
            assert!(repeated, "{} {} {} {}", change.method, change.route, reply.status, reply.text());
            assert_eq!(snapshot(&mut conn), after, "{} {}", change.method, change.route);
        }
    }
}
