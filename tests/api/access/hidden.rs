//! What is out of scope answers as what does not exist: the same status, headers and body, whatever is asked and however
//! badly. One difference would be enough to find out what is there.

use std::collections::HashMap;

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::domain::Id;

use super::{
    calls::{Case, prepare},
    oracle::{Held, ROLES, Role},
    table::{Target, Thing, table},
    world::{Person, Standing, World, assistance, spouse, wanted_at},
};
use crate::{
    on_both,
    support::{Reply, household},
};

/// An answer without what is different each time.
fn told(reply: &Reply) -> (u16, Vec<(String, String)>, Value) {
    let mut headers: Vec<(String, String)> = reply
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .filter(|(name, _)| name != "x-request-id")
        .collect();
    headers.sort_unstable();
    let mut body = reply.json();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("request_id");
    }
    (reply.status, headers, body)
}

/// Ways to ask for an item: rightly, from a stale version or none, with another body or none, in English.
#[expect(clippy::type_complexity, reason = "a body and its headers, used in one place")]
fn ways(body: Option<&Value>) -> Vec<(Option<Value>, Vec<(&'static str, &'static str)>)> {
    let (right, wrong) = (body.cloned(), Some(json!({ "nothing": 1 })));
    let mut ways = Vec::new();
    for headers in [
        vec![("if-match", "\"1\"")],
        vec![("if-match", "\"77\"")],
        vec![("if-match", "nonsense")],
        vec![("if-none-match", "\"1\"")],
        vec![("if-match", "\"1\""), ("accept-language", "en")],
        vec![],
    ] {
        ways.extend([right.clone(), wrong.clone(), None].map(|body| (body, headers.clone())));
    }
    ways
}

on_both! {
    /// Every endpoint of an item, by every role, in every way. When reports are due, everybody may know.
    async fn an_item_out_of_scope_is_answered_as_one_that_does_not_exist(app: TestApp) {
        let mut world = World::new(app).await;
        let mut people: Vec<Person> = ROLES.iter().map(|role| world.person(&[Held::new(*role, "c1")])).collect();
        people.push(world.person_at("c1", &[], Standing::default()));
        let mut compared = 0;
        for row in table().iter().filter(|row| row.path.contains("{id}") && !matches!(row.target, Target::Rule)) {
            let case = Case { theirs: vec![Held::new(Role::Worker, "c2")], ..Case::at(row, "c2") };
            let ready = prepare(&mut world, &people[0], &case).await;
            let before = row.path.find("{id}").unwrap();
            let missing = world.app.edge.new_id().to_string();
            let path = [&ready.path[..before], &missing, &ready.path[before + missing.len()..]].concat();
            for who in &people {
                let right = ready.version.map(|_| ("if-match", "\"1\""));
                let right: Vec<(&str, &str)> = right.into_iter().collect();
                let plain = world.app.request(&who.actor, ready.method.clone(), &ready.path, ready.body.as_ref(), &right).await;
                assert_eq!(plain.status, 404, "{} {} by {:?}: {}", row.method, row.path, who.held, plain.text());
                for (body, headers) in ways(ready.body.as_ref()) {
                    let ask = |path| world.app.request(&who.actor, ready.method.clone(), path, body.as_ref(), &headers);
                    let (hidden, nothing) = (told(&ask(&ready.path).await), told(&ask(&path).await));
                    assert_eq!(hidden, nothing, "{} {} by {:?} with {headers:?} {body:?}", row.method, row.path, who.held);
                    compared += 1;
                }
            }
        }
        assert!(compared > 1_000, "only {compared}");
    }

    /// Every place where a request names something else: in the body of what is made, in a move, in the filter of a list.
    async fn a_reference_out_of_scope_is_answered_as_one_to_nothing(app: TestApp) {
        let mut world = World::new(app).await;
        let who = world.person(&[Held::new(Role::Manager, "c1"), Held::new(Role::Admin, "c1")]);
        let [mine, theirs] = ["c1t1", "c2t1"].map(|point| world.person(&[Held::new(Role::Worker, point)]).account);
        let (home, strange_home) = (world.household("c1t1v1").await, world.household("c2t1v1").await);
        let (point, strange_point, today) = (world.id("c1t1"), world.id("c2t1"), world.app.today());
        let opened = |at: Id| json!({ "username": "somebody", "display_name": "模拟人员", "grant": { "role": "worker", "service_point_id": at } });
        let given = |to: Id, at: Id| json!({ "account_id": to, "role": "worker", "service_point_id": at });
        let moved = format!("/service-points/{}/move", world.id("c1t2v1"));
        let transferred = format!("/households/{home}/transfer");
        for (path, body, strange) in [
            ("/service-points", json!({ "parent_id": strange_point, "tier": "village", "name": "模拟新点" }), strange_point),
            (moved.as_str(), json!({ "parent_id": strange_point, "reason": "模拟原因" }), strange_point),
            ("/households", household(strange_point), strange_point),
            (transferred.as_str(), json!({ "service_point_id": strange_point, "reason": "模拟原因" }), strange_point),
            ("/transfer-requests", wanted_at(strange_home, point), strange_home),
            ("/transfer-requests", wanted_at(home, strange_point), strange_point),
            ("/assistance-records", assistance(strange_home, point, today), strange_home),
            ("/assistance-records", assistance(home, strange_point, today), strange_point),
            ("/accounts", opened(strange_point), strange_point),
            ("/grants", given(theirs, point), theirs),
            ("/grants", given(mine, strange_point), strange_point),
        ] {
            let missing = body.to_string().replace(&strange.to_string(), &world.app.edge.new_id().to_string());
            let missing: Value = serde_json::from_str(&missing).unwrap();
            assert_ne!(body, missing);
            let path = format!("/api/v1{path}");
            let ask = |body| world.app.request(&who.actor, Method::POST, &path, Some(body), &[("if-match", "\"1\"")]);
            let (hidden, nothing) = (ask(&body).await, ask(&missing).await);
            assert_eq!(hidden.status, 404, "{path} {body}: {}", hidden.text());
            // Not the record nor the account that the missing one would have been for, but the reference itself.
            let [(pointer, code)] = &hidden.faults()[..] else { panic!("{path}: {}", hidden.text()) };
            assert_eq!(body.pointer(pointer).and_then(Value::as_str), Some(strange.to_string().as_str()), "{path} {pointer}");
            assert_eq!(code, "not_found");
            assert_eq!(told(&hidden), told(&nothing), "{path} {body}");
        }
        for (path, strange) in [
            ("/service-points?parent_id=", strange_point),
            ("/households?service_point_id=", strange_point),
            ("/transfer-requests?service_point_id=", strange_point),
            ("/assistance-records?service_point_id=", strange_point),
            ("/assistance-records?household_id=", strange_home),
            ("/grants?account_id=", theirs),
        ] {
            let ask = async |id: Id| told(&world.app.get(&who.actor, &format!("/api/v1{path}{id}")).await);
            assert_eq!(ask(strange).await, ask(world.app.edge.new_id()).await, "{path}");
        }
    }

    /// The same of what is named when something of trade or training is entered.
    async fn a_thing_of_trade_out_of_scope_is_answered_as_nothing(app: TestApp) {
        let mut world = World::new(app).await;
        let who = world.person(&[Held::new(Role::Manager, "c1")]);
        let mut strange = HashMap::new();
        for (thing, _) in Thing::ALL {
            strange.insert(thing, world.thing(thing, "c2").await);
        }
        let (home, member) = (world.household("c2t1v1").await, world.member("c2t1v1").await);
        let (mut compared, point) = (0, json!(world.id("c2")));
        for (thing, _) in Thing::ALL {
            for (field, named) in [
                ("service_point_id", point.clone()),
                ("partner_id", json!(strange[&Thing::Partner])),
                ("platform_id", json!(strange[&Thing::Platform])),
                ("household_id", json!(home)),
                ("organisation_id", json!(strange[&Thing::Organisation])),
                ("store_id", json!(strange[&Thing::Store])),
                ("product_id", json!(strange[&Thing::Product])),
                ("campaign_id", json!(strange[&Thing::Campaign])),
                ("session_id", json!(strange[&Thing::Session])),
                ("site_id", json!(strange[&Thing::Site])),
                ("membership_id", json!(strange[&Thing::Membership])),
                ("link_id", json!(strange[&Thing::Link])),
                ("project_id", json!(strange[&Thing::Project])),
                ("member_id", json!(member)),
                ("host_member_id", json!(member)),
            ] {
                let mut body = world.asked(thing, "c1").await;
                match (thing, field) {
                    (Thing::Sale, "store_id") => drop(body.as_object_mut().unwrap().remove("service_point_id")),
                    (Thing::Link, "store_id") => drop(body.as_object_mut().unwrap().remove("organisation_id")),
                    (Thing::Attendance, "member_id") => drop(body.as_object_mut().unwrap().remove("heads")),
                    _ => {}
                }
                body[field] = named;
                let reply = world.app.post(&who.actor, thing.path(), &body).await;
                if reply.faults() == [(format!("/{field}"), "unknown_field".to_owned())] {
                    continue;
                }
                let right = [(format!("/{field}"), "not_found".to_owned())];
                assert_eq!((reply.status, reply.faults()), (404, right.to_vec()), "{body}: {}", reply.text());
                body[field] = json!(world.app.edge.new_id());
                let nothing = world.app.post(&who.actor, thing.path(), &body).await;
                assert_eq!(told(&reply), told(&nothing), "{body}");
                compared += 1;
            }
        }
        assert_eq!(compared, 43);
        for (list, filter, named) in [
            (Thing::Store, "household_id", home),
            (Thing::Store, "service_point_id", world.id("c2")),
            (Thing::Sale, "service_point_id", world.id("c2")),
            (Thing::Partner, "service_point_id", world.id("c2")),
        ] {
            let ask = async |id: Id| told(&world.app.get(&who.actor, &format!("{}?{filter}={id}", list.path())).await);
            let hidden = ask(named).await;
            assert_eq!(hidden.0, 404, "{filter}");
            assert_eq!(hidden, ask(world.app.edge.new_id()).await, "{filter}");
        }
        // What only narrows a list shows nothing for what is out of scope, as for what is not there.
        for (list, filter, named) in [
            (Thing::Store, "platform_id", Thing::Platform),
            (Thing::Store, "organisation_id", Thing::Organisation),
            (Thing::Sale, "store_id", Thing::Store),
            (Thing::Sale, "campaign_id", Thing::Campaign),
            (Thing::Attendance, "session_id", Thing::Session),
            (Thing::Agreement, "partner_id", Thing::Partner),
        ] {
            let ask = async |id: Id| told(&world.app.get(&who.actor, &format!("{}?{filter}={id}", list.path())).await);
            let hidden = ask(strange[&named]).await;
            assert_eq!((hidden.0, &hidden.2["items"]), (200, &json!([])), "{filter}");
            assert_eq!(hidden, ask(world.app.edge.new_id()).await, "{filter}");
        }
    }

    /// A member of a household out of scope is answered as one that does not exist, and as one of the next household: only
    /// those of the household itself are known there.
    async fn a_member_of_another_household_is_answered_as_one_that_does_not_exist(app: TestApp) {
        let mut world = World::new(app).await;
        let who = world.person(&[Held::new(Role::Manager, "c1")]);
        let (home, next, strange) = (world.household("c1t1v1").await, world.member("c1t1v2").await, world.member("c2t1v1").await);
        let (point, today) = (world.id("c1t1"), world.app.today());
        let mut given = assistance(home, point, today);
        given["member_id"] = json!(strange);
        let record = format!("/assistance-records/{}", world.record("c1t1", "c1t1v1").await);
        for (method, path, body) in [
            (Method::POST, format!("/households/{home}/head"), json!({ "member_id": strange, "former_relation": "10" })),
            (Method::POST, format!("/households/{home}/identity"), json!({ "member_id": strange, "reason": "模拟原因" })),
            (Method::POST, "/assistance-records".to_owned(), given),
            (Method::PATCH, record, json!({ "member_id": strange, "reason": "模拟原因" })),
        ] {
            let path = format!("/api/v1{path}");
            let mut answers = Vec::new();
            for member in [world.app.edge.new_id(), strange, next] {
                let mut body = body.clone();
                body["member_id"] = json!(member);
                let reply = world.app.request(&who.actor, method.clone(), &path, Some(&body), &[("if-match", "\"1\"")]).await;
                assert!([404, 422].contains(&reply.status), "{path} {body}: {}", reply.text());
                assert_eq!(reply.faults().len(), 1, "{path} {body}: {}", reply.text());
                assert_eq!(reply.faults()[0].0, "/member_id", "{path} {body}");
                answers.push(told(&reply));
            }
            assert!(answers.iter().all(|answer| *answer == answers[0]), "{path}: {answers:?}");
        }
    }

    /// What is added to a household out of scope is not there either, whatever it is and whoever adds it.
    async fn a_member_is_added_to_nothing_out_of_scope(app: TestApp) {
        let mut world = World::new(app).await;
        let strange = world.household("c2t1v1").await;
        for role in ROLES {
            let who = world.person(&[Held::new(role, "c1")]);
            let mut body = spouse();
            body["id"] = json!(world.app.edge.new_id());
            let [hidden, nothing] = [strange, world.app.edge.new_id()].map(|id| format!("/api/v1/households/{id}/members"));
            let (hidden, nothing) = (world.app.post(&who.actor, &hidden, &body).await, world.app.post(&who.actor, &nothing, &body).await);
            assert_eq!(hidden.status, 404, "by {:?}: {}", who.held, hidden.text());
            assert_eq!(told(&hidden), told(&nothing), "by {:?}", who.held);
        }
    }
}
