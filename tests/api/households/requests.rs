//! Requests to take over a household: asked for by the new home, answered by who stands above both.

use futures_util::future::join_all;
use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use super::{
    HOUSEHOLDS, NOTHING, REQUESTS, assert_faults, assert_not_found, assert_problem, at, events, family, faults_of,
    figure, husband, log, register, rows, wife, with,
};
use crate::{
    on_both,
    support::{Actor, Reply, TestApp, household, identity_number, member},
};

fn by_number(home: Id, number: &str) -> Value {
    json!({ "service_point_id": home, "identity_number": number, "reason": "模拟婚嫁" })
}

fn by_id(home: Id, household: &Value) -> Value {
    json!({ "service_point_id": home, "household_id": household["id"], "reason": "模拟搬迁" })
}

async fn answer(app: &TestApp, actor: &Actor, request: &Value, act: &str, version: i64, body: Option<Value>) -> Reply {
    app.post_to(actor, &format!("{REQUESTS}/{}/{act}", request["id"].as_str().unwrap()), version, body.as_ref()).await
}

fn because() -> Option<Value> {
    Some(json!({ "reason": "模拟不同意" }))
}

on_both! {
    /// A village asks for a family of another county by a number, learns nothing of it, and gets it when the bureau agrees.
    async fn a_household_is_asked_for_by_number_and_granted(app: TestApp) {
        let network = app.network().await;
        let [old, new, bureau] = ["c1t1v1", "c2t1v1", "b"].map(|name| network.id(name));
        let (from, to, top) = (app.actor(&[(Role::Worker, old)]), app.actor(&[(Role::Worker, new)]), app.actor(&[(Role::Manager, bureau)]));
        let first = register(&app, &from, &family(old)).await;
        log(&app, &from, &first, old).await;
        let reply = app.post(&to, REQUESTS, &by_number(new, &wife())).await.expect(201);
        let request = reply.json();
        assert_eq!(request, json!({
            "id": request["id"], "household_id": null, "service_point_id": new, "state": "pending", "reason": "模拟婚嫁", "answer_reason": null,
            "effective_on": null, "answered_at": null, "version": 1, "created_at": request["created_at"], "updated_at": request["created_at"],
        }));
        assert!(!reply.text().contains(&wife()));
        app.get(&from, &format!("{REQUESTS}/{}", request["id"].as_str().unwrap())).await.expect(404);
        assert_eq!(app.get(&top, &format!("{REQUESTS}/{}", request["id"].as_str().unwrap())).await.expect(200).json()["household_id"], first["id"]);
        // Who stands above one of the two homes only cannot answer; nor can a worker, nor an auditor.
        for county in ["c1", "c2"] {
            let reply = answer(&app, &app.actor(&[(Role::Manager, network.id(county))]), &request, "accept", 1, Some(json!({}))).await;
            assert_eq!(reply.status, if county == "c1" { 404 } else { 403 }, "{county}");
        }
        for role in [Role::Worker, Role::Auditor, Role::Admin, Role::Reviewer] {
            let reply = answer(&app, &app.actor(&[(role, bureau)]), &request, "accept", 1, Some(json!({}))).await.expect(403);
            assert_eq!(reply.json()["permission"], "households.answer_transfer");
        }
        assert_eq!(app.get(&from, &at(&first)).await.json()["service_point_id"], json!(old));
        let accepted = answer(&app, &top, &request, "accept", 1, Some(json!({ "effective_on": "2026-11-10" }))).await.expect(200).json();
        assert_eq!((&accepted["state"], &accepted["effective_on"], &accepted["version"]), (&json!("accepted"), &json!("2026-11-10"), &json!(2)));
        assert!(accepted["answered_at"].is_string() && accepted["answer_reason"].is_null());
        let moved = app.get(&to, &at(&first)).await.expect(200).json();
        assert_eq!((&moved["service_point_id"], &moved["version"]), (&json!(new), &json!(2)));
        app.get(&from, &at(&first)).await.expect(404);
        let seen = app.get(&to, &format!("{REQUESTS}/{}", request["id"].as_str().unwrap())).await.expect(200).json();
        assert_eq!(seen["household_id"], first["id"]);
        for (metric, at_old, at_new) in [("households", 0, 1), ("persons", 0, 3), ("households_assisted", 0, 1), ("assistance_count", 1, 0)] {
            assert_eq!(figure(&app, &top, old, metric, "2026-11").await, at_old, "{metric}");
            assert_eq!(figure(&app, &top, new, metric, "2026-11").await, at_new, "{metric}");
        }
        assert_eq!(figure(&app, &top, old, "households", "2026-10").await, 1);
        assert_eq!(events(&app, "transfer_request.accept").len(), 1);
    }

    /// What a request must be, and that a refused one asks for nothing.
    async fn a_request_is_checked(app: TestApp) {
        let network = app.network().await;
        let [v1, v2, far] = ["c1t1v1", "c1t1v2", "c2t1v1"].map(|name| network.id(name));
        let worker = app.actor(&[(Role::Worker, network.id("c1t1"))]);
        let first = register(&app, &worker, &family(v1)).await;
        let other = app.actor(&[(Role::Worker, far)]);
        let hidden = register(&app, &other, &household(far)).await;
        for body in [by_id(v2, &hidden), by_id(v2, &json!({ "id": NOTHING }))] {
            assert_not_found(app.post(&worker, REQUESTS, &body).await, "/household_id");
        }
        for home in [json!(far), json!(NOTHING)] {
            assert_not_found(app.post(&worker, REQUESTS, &with(by_id(v2, &first), "service_point_id", home)).await, "/service_point_id");
        }
        for (number, code) in [("110105", "identity_length"), ("110105194912310021", "identity_checksum"), (&*identity_number("19600101", 9), "not_registered")] {
            assert_faults(app.post(&worker, REQUESTS, &by_number(v2, number)).await, &[("/identity_number", code)]);
        }
        for body in [with(by_id(v2, &first), "identity_number", json!(husband())), json!({ "service_point_id": v2, "reason": "模拟" })] {
            let told = faults_of(app.post(&worker, REQUESTS, &body).await);
            assert!(told.len() == 1 && told[0].1 == "household_or_identity", "{told:?}");
        }
        for reason in [json!(" "), json!("长".repeat(201))] {
            assert_faults(app.post(&worker, REQUESTS, &with(by_id(v2, &first), "reason", reason)).await, &[("/reason", "length")]);
        }
        let named = with(by_id(v2, &first), "reason", json!("电话13900001234"));
        assert_faults(app.post(&worker, REQUESTS, &named).await, &[("/reason", "personal_number")]);
        assert_problem(app.post(&worker, REQUESTS, &by_id(v1, &first)).await, 409, "resource.already_so");
        assert_problem(app.post(&worker, REQUESTS, &by_number(v1, &husband())).await, 409, "resource.already_so");
        assert_eq!(rows(&app)["transfer_requests"], 0);
        let reviewer = app.actor(&[(Role::Reviewer, network.id("c1t1"))]);
        assert_eq!(app.post(&reviewer, REQUESTS, &json!({})).await.expect(403).json()["permission"], "households.write");
        app.get(&app.actor(&[(Role::Admin, network.id("b"))]), REQUESTS).await.expect(403);
        // A number of somebody who has left, or whose household has ended, is registered no more.
        app.post_to(&worker, &format!("{}/status", at(&first)), 1, Some(&json!({ "status": "dissolved", "reason": "模拟" }))).await.expect(200);
        assert_faults(app.post(&worker, REQUESTS, &by_number(v2, &wife())).await, &[("/identity_number", "not_registered")]);
        assert_problem(app.post(&worker, REQUESTS, &by_id(v2, &first)).await, 409, "household.not_active");
    }

    /// One waits at a time for a household and a home; once it is withdrawn or refused another may be made.
    async fn a_request_waits_once(app: TestApp) {
        let network = app.network().await;
        let [v1, v2, c1] = ["c1t1v1", "c1t1v2", "c1"].map(|name| network.id(name));
        let (worker, manager) = (app.actor(&[(Role::Worker, network.id("c1t1"))]), app.actor(&[(Role::Manager, c1)]));
        let first = register(&app, &worker, &family(v1)).await;
        let body = with(by_id(v2, &first), "id", json!(app.edge.new_id()));
        let request = app.post(&worker, REQUESTS, &body).await.expect(201).json();
        assert_eq!(request["household_id"], first["id"]);
        assert_eq!(app.post(&worker, REQUESTS, &body).await.expect(200).json(), request);
        assert_problem(app.post(&worker, REQUESTS, &with(body.clone(), "reason", json!("别的"))).await, 409, "id.taken");
        for again in [by_id(v2, &first), by_number(v2, &wife()), by_number(v2, &husband())] {
            assert_problem(app.post(&worker, REQUESTS, &again).await, 409, "transfer_request.pending");
        }
        // Another home may ask for it meanwhile.
        let rival = app.post(&worker, REQUESTS, &by_id(network.id("c1t1"), &first)).await.expect(201).json();
        let reviewer = app.actor(&[(Role::Reviewer, c1)]);
        assert_eq!(answer(&app, &reviewer, &request, "withdraw", 1, None).await.expect(403).json()["permission"], "households.write");
        assert_problem(answer(&app, &worker, &request, "withdraw", 5, None).await, 412, "version.stale");
        let withdrawn = answer(&app, &worker, &request, "withdraw", 1, None).await.expect(200).json();
        assert_eq!((&withdrawn["state"], &withdrawn["version"]), (&json!("withdrawn"), &json!(2)));
        let second = app.post(&worker, REQUESTS, &by_number(v2, &wife())).await.expect(201).json();
        for reason in ["", "  "] {
            assert_faults(answer(&app, &manager, &second, "refuse", 1, Some(json!({ "reason": reason }))).await, &[("/reason", "length")]);
        }
        let refused = answer(&app, &manager, &second, "refuse", 1, because()).await.expect(200).json();
        assert_eq!((&refused["state"], &refused["answer_reason"], &refused["effective_on"]), (&json!("refused"), &json!("模拟不同意"), &Value::Null));
        for request in [&request, &second] {
            for (act, body) in [("accept", Some(json!({}))), ("refuse", because())] {
                assert_problem(answer(&app, &manager, request, act, 2, body).await, 409, "transfer_request.answered");
            }
            assert_problem(answer(&app, &worker, request, "withdraw", 2, None).await, 409, "transfer_request.answered");
        }
        assert_eq!(app.get(&worker, &at(&first)).await.json()["service_point_id"], json!(v1));
        answer(&app, &manager, &rival, "accept", 1, Some(json!({}))).await.expect(200);
        assert_problem(answer(&app, &manager, &rival, "accept", 2, Some(json!({}))).await, 409, "transfer_request.answered");
        assert_eq!(app.get(&worker, &at(&first)).await.json()["service_point_id"], json!(network.id("c1t1")));
        for (action, times) in [("transfer_request.make", 3), ("transfer_request.withdraw", 1), ("transfer_request.refuse", 1), ("transfer_request.accept", 1)] {
            assert_eq!(events(&app, action).len(), times, "{action}");
        }
    }

    /// Who asks by number learns that somebody is registered; thirty times a day, together with the hits of registering.
    async fn asking_by_number_has_a_limit(app: TestApp) {
        let network = app.network().await;
        let [old, new] = ["c1t1v1", "c2t1v1"].map(|name| network.id(name));
        let (from, to) = (app.actor(&[(Role::Worker, old)]), app.actor(&[(Role::Worker, new)]));
        let first = register(&app, &from, &family(old)).await;
        for turn in 0..29 {
            let request = app.post(&to, REQUESTS, &by_number(new, &wife())).await.expect(201).json();
            answer(&app, &to, &request, "withdraw", 1, None).await.expect(200);
            assert_eq!(events(&app, "household.duplicate_found").len(), turn + 1);
        }
        let twin = with(household(new), "/members/0", member("模拟", "02", &wife()));
        assert_problem(app.post(&to, HOUSEHOLDS, &twin).await, 409, "household.duplicate_identity");
        app.post(&to, REQUESTS, &by_number(new, &wife())).await.expect(429);
        assert_eq!((rows(&app)["transfer_requests"], events(&app, "household.duplicate_found").len()), (29, 30));
        // By its id, from where it can be seen, it is found without a hit.
        app.post(&app.actor(&[(Role::Worker, network.id("b"))]), REQUESTS, &by_id(new, &first)).await.expect(201);
        assert_eq!(events(&app, "household.duplicate_found").len(), 30);
    }

    /// An acceptance is a transfer and has to be possible as one.
    async fn an_acceptance_is_a_transfer(app: TestApp) {
        let network = app.network().await;
        let [v1, v2] = ["c1t1v1", "c1t1v2"].map(|name| network.id(name));
        let (admin, manager) = (app.actor(&[(Role::Admin, network.id("b"))]), app.actor(&[(Role::Manager, network.id("c1"))]));
        let first = register(&app, &manager, &family(v1)).await;
        let request = app.post(&manager, REQUESTS, &by_id(v2, &first)).await.expect(201).json();
        let on = |day: &str| Some(json!({ "effective_on": day }));
        assert_faults(answer(&app, &manager, &request, "accept", 1, on("2026-11-25")).await, &[("/effective_on", "in_future")]);
        assert_faults(answer(&app, &manager, &request, "accept", 1, on("2026-02-28")).await, &[("/effective_on", "before_last_change")]);
        let point = format!("/api/v1/service-points/{v2}");
        app.post_to(&admin, &format!("{point}/suspend"), 1, None).await.expect(200);
        assert_problem(answer(&app, &manager, &request, "accept", 1, Some(json!({}))).await, 409, "service_point.not_active");
        assert_problem(app.post(&manager, REQUESTS, &by_number(v2, &wife())).await, 409, "service_point.not_active");
        app.post_to(&admin, &format!("{point}/activate"), 2, None).await.expect(200);
        let transfer = json!({ "service_point_id": v2, "reason": "模拟搬迁" });
        app.post_to(&manager, &format!("{}/transfer", at(&first)), 1, Some(&transfer)).await.expect(200);
        assert_problem(answer(&app, &manager, &request, "accept", 1, Some(json!({}))).await, 409, "resource.already_so");
        app.post_to(&manager, &format!("{}/transfer", at(&first)), 2, Some(&with(transfer, "service_point_id", json!(v1)))).await.expect(200);
        app.post_to(&manager, &format!("{}/status", at(&first)), 3, Some(&json!({ "status": "moved_away", "reason": "模拟" }))).await.expect(200);
        assert_problem(answer(&app, &manager, &request, "accept", 1, Some(json!({}))).await, 409, "household.not_active");
        assert_eq!(app.get(&manager, REQUESTS).await.json()["items"][0]["state"], "pending");
        // It can still be refused.
        answer(&app, &manager, &request, "refuse", 1, because()).await.expect(200);
    }

    /// Of an acceptance, a refusal and a withdrawal at the same moment one counts.
    async fn a_request_is_answered_once(app: TestApp) {
        let network = app.network().await;
        let [v1, v2] = ["c1t1v1", "c1t1v2"].map(|name| network.id(name));
        let manager = app.actor(&[(Role::Manager, network.id("c1"))]);
        for _ in 0..5 {
            let household = register(&app, &manager, &household(v1)).await;
            let request = app.post(&manager, REQUESTS, &by_id(v2, &household)).await.expect(201).json();
            let acts = [("accept", Some(json!({}))), ("refuse", because()), ("withdraw", None)];
            let replies = join_all(acts.into_iter().map(|(act, body)| answer(&app, &manager, &request, act, 1, body))).await;
            let done: Vec<&Reply> = replies.iter().filter(|reply| reply.status == 200).collect();
            assert_eq!(done.len(), 1);
            assert!(replies.iter().all(|reply| [200, 409, 412].contains(&reply.status)));
            let state = done[0].json()["state"].clone();
            assert_eq!(app.get(&manager, &format!("{REQUESTS}/{}", request["id"].as_str().unwrap())).await.json()["state"], state);
            let home = app.get(&manager, &at(&household)).await.json()["service_point_id"].clone();
            assert_eq!(home, json!(if state == "accepted" { v2 } else { v1 }));
        }
    }

    /// Requests are listed by the wanted home, by state, and page by page.
    async fn requests_are_listed_by_wanted_home_and_state(app: TestApp) {
        let network = app.network().await;
        let [v1, v2, far] = ["c1t1v1", "c1t1v2", "c2t1v1"].map(|name| network.id(name));
        let top = app.actor(&[(Role::Manager, network.id("b"))]);
        let mut asked = Vec::new();
        for home in [v2, far, network.id("c1t2"), v2, far] {
            let household = register(&app, &top, &household(v1)).await;
            asked.push(app.post(&top, REQUESTS, &by_id(home, &household)).await.expect(201).json());
        }
        answer(&app, &top, &asked[0], "withdraw", 1, None).await.expect(200);
        let ids = async |actor: &Actor, query: &str| -> Vec<Value> {
            let mut ids: Vec<Value> = app.all_pages(actor, &format!("{REQUESTS}{query}"), 2).await.iter().map(|item| item["id"].clone()).collect();
            ids.sort_by_key(|id| asked.iter().position(|request| request["id"] == *id));
            ids
        };
        let of = |places: &[usize]| places.iter().map(|place| asked[*place]["id"].clone()).collect::<Vec<_>>();
        assert_eq!(ids(&top, "").await, of(&[0, 1, 2, 3, 4]));
        assert_eq!(ids(&top, "?state=pending").await, of(&[1, 2, 3, 4]));
        assert_eq!(ids(&top, "?state=withdrawn").await, of(&[0]));
        assert_eq!(ids(&top, &format!("?service_point_id={}", network.id("c1"))).await, of(&[0, 2, 3]));
        assert_eq!(ids(&top, &format!("?service_point_id={far}&state=pending")).await, of(&[1, 4]));
        let (worker, old) = (app.actor(&[(Role::Reviewer, far)]), app.actor(&[(Role::Worker, v1)]));
        assert_eq!(ids(&worker, "").await, of(&[1, 4]));
        assert_eq!(ids(&old, "").await, of(&[]));
        app.get(&top, &format!("{REQUESTS}?state=open")).await.expect(400);
        assert_not_found(app.get(&worker, &format!("{REQUESTS}?service_point_id={v1}")).await, "service_point_id");
    }
}
