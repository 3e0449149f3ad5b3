//! A person is registered once in the network, and whoever tries twice learns as little as will do.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};
use terrace::{
    db::sessions,
    domain::{Id, codes::Role},
};

use super::{
    HOUSEHOLDS, MEMBERS, Reply, assert_problem, at, cells, events, everything, family, figure, husband, is_kept,
    members, register, rows, wife, with,
};
use crate::{
    on_both,
    support::{Actor, TestApp, household, identity_number, member},
};

/// A household of a head with this number alone.
fn lone(home: Id, number: &str) -> Value {
    with(household(home), "/members/0", member("模拟另一人", "02", number))
}

/// The same person, signed in again.
fn again(app: &TestApp, actor: &Actor) -> Actor {
    let (now, id, account) = (app.edge.now(), app.edge.new_id(), actor.account.unwrap());
    let session = sessions::Session {
        id,
        account_id: account,
        created_at: now,
        refreshed_at: now,
        expires_at: now.plus_seconds(12 * 3600),
        ended_at: None,
        device: "test".to_owned(),
        address: None,
    };
    sessions::insert(&mut app.conn(), &session).unwrap();
    Actor { account: Some(account), token: Some(app.token(account, id)) }
}

/// What a hit tells beside the words that every problem has.
fn told(reply: Reply) -> (Value, Value) {
    let body = reply.expect(409).json();
    assert_eq!(body["code"], "household.duplicate_identity");
    let mut fields: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    fields.retain(|field| !["type", "title", "status", "detail", "code", "request_id", "errors"].contains(field));
    assert!(fields.iter().all(|field| ["county", "household_id"].contains(field)), "{fields:?}");
    (body["county"].clone(), body["household_id"].clone())
}

on_both! {
    /// Within the caller's reach the other household is named; outside only its county; at the bureau not even that.
    async fn a_hit_tells_only_what_the_caller_may_know(app: TestApp) {
        let network = app.network().await;
        let (near, far, top) = (network.id("c1t1v1"), network.id("c2t1v1"), network.id("b"));
        let bureau = app.actor(&[(Role::Manager, top)]);
        let (station, village) = (app.actor(&[(Role::Worker, network.id("c1t1"))]), app.actor(&[(Role::Worker, far)]));
        let first = register(&app, &bureau, &family(near)).await;
        let kept = rows(&app);
        let reply = app.post(&station, HOUSEHOLDS, &lone(network.id("c1t1v2"), &wife())).await;
        assert_eq!(told(reply), (json!("模拟c1"), first["id"].clone()));
        let reply = app.post(&village, HOUSEHOLDS, &lone(far, &husband())).await;
        let text = reply.text();
        assert_eq!(told(reply), (json!("模拟c1"), Value::Null));
        for hidden in [first["id"].as_str().unwrap(), &near.to_string(), "张三", "李四", "3 号", "999999", "MN-0001", "c1t1"] {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }
        // Who sees that a household is there but may not read households is not told either.
        let half = app.actor(&[(Role::Worker, far), (Role::Admin, top)]);
        assert_eq!(told(app.post(&half, HOUSEHOLDS, &lone(far, &husband())).await), (json!("模拟c1"), Value::Null));
        assert_eq!(rows(&app), kept);
        let found = events(&app, "household.duplicate_found");
        let id = first["id"].as_str().unwrap().parse().unwrap();
        let by = |actor: &Actor| (actor.account, id);
        // They bear one moment, so their order is nobody's.
        let noted: BTreeSet<_> = found.iter().map(|event| (event.0, event.1)).collect();
        assert_eq!((found.len(), noted), (3, BTreeSet::from([by(&station), by(&village), by(&half)])));
        assert!(!is_kept(&everything(&app), &husband()));

        register(&app, &bureau, &lone(top, &identity_number("19600101", 1))).await;
        let reply = app.post(&village, HOUSEHOLDS, &lone(far, &identity_number("19600101", 1))).await;
        assert!(reply.json().get("county").is_none(), "{}", reply.text());
        assert_eq!(told(reply), (Value::Null, Value::Null));
    }

    /// Adding a member and changing a member's number are hits as well.
    async fn every_way_in_is_guarded(app: TestApp) {
        let network = app.network().await;
        let (near, far) = (network.id("c1t1v1"), network.id("c2t1v1"));
        let (one, other) = (app.actor(&[(Role::Worker, near)]), app.actor(&[(Role::Worker, far)]));
        register(&app, &one, &family(near)).await;
        let second = register(&app, &other, &lone(far, &identity_number("19600101", 1))).await;
        let added = app.post(&other, &format!("{}/members", at(&second)), &member("模拟妻", "10", &wife())).await;
        assert_eq!(told(added), (json!("模拟c1"), Value::Null));
        let his = members(&app, &other, &second).await[0]["id"].as_str().unwrap().to_owned();
        let changed = app.patch(&other, &format!("{MEMBERS}/{his}"), 1, &json!({ "identity_number": husband() })).await;
        assert_eq!(told(changed), (json!("模拟c1"), Value::Null));
        // Into the own household a number cannot come twice either.
        let own = app.post(&other, &format!("{}/members", at(&second)), &member("模拟双", "10", &identity_number("19600101", 1))).await;
        assert_eq!(told(own).1, second["id"]);
        // The own number is no hit.
        app.patch(&other, &format!("{MEMBERS}/{his}"), 1, &json!({ "identity_number": identity_number("19600101", 1) })).await.expect(200);
        assert_eq!((rows(&app)["household_members"], events(&app, "household.duplicate_found").len()), (4, 3));
    }

    /// After thirty hits of one account on one day the next is refused before it tells anything; registering goes on.
    async fn thirty_hits_a_day_are_enough(app: TestApp) {
        let network = app.network().await;
        let (near, far) = (network.id("c1t1v1"), network.id("c2t1v1"));
        let (one, other) = (app.actor(&[(Role::Worker, near)]), app.actor(&[(Role::Worker, far)]));
        register(&app, &one, &family(near)).await;
        for hit in 0..30 {
            let number = if hit % 2 == 0 { wife() } else { husband() };
            let reply = app.post(&other, HOUSEHOLDS, &lone(far, &number)).await;
            assert_eq!(told(reply).0, "模拟c1", "{hit}");
        }
        let reply = app.post(&other, HOUSEHOLDS, &lone(far, &wife())).await.expect(429);
        assert!(reply.header("retry-after").unwrap().parse::<i64>().unwrap() > 0);
        assert_eq!(reply.code(), "request.too_many");
        assert!(!reply.text().contains("模拟c1"));
        assert_eq!(events(&app, "household.duplicate_found").len(), 30);
        let household = register(&app, &other, &household(far)).await;
        app.post(&other, &format!("{}/members", at(&household)), &member("模拟妻", "10", &wife())).await.expect(429);
        // Another account has its own thirty, and so has the next day.
        let third = app.actor(&[(Role::Worker, far)]);
        told(app.post(&third, HOUSEHOLDS, &lone(far, &wife())).await);
        app.edge.advance(24 * 3600 + 1);
        told(app.post(&again(&app, &other), HOUSEHOLDS, &lone(far, &wife())).await);
    }

    /// Who has left, and whose household has ended, may be registered anew.
    async fn who_has_gone_is_registered_anew(app: TestApp) {
        let network = app.network().await;
        let (near, far) = (network.id("c1t1v1"), network.id("c2t1v1"));
        let (one, other) = (app.actor(&[(Role::Worker, near)]), app.actor(&[(Role::Worker, far)]));
        let first = register(&app, &one, &family(near)).await;
        let she = members(&app, &one, &first).await.into_iter().find(|person| person["relation"] == "10").unwrap();
        let leave = json!({ "reason": "改嫁" });
        app.post_to(&one, &format!("{MEMBERS}/{}/leave", she["id"].as_str().unwrap()), 1, Some(&leave)).await.expect(200);
        register(&app, &other, &lone(far, &wife())).await;
        let gone = json!({ "status": "dissolved", "reason": "模拟销户" });
        app.post_to(&one, &format!("{}/status", at(&first)), 1, Some(&gone)).await.expect(200);
        let second = register(&app, &other, &lone(far, &husband())).await;
        assert!(events(&app, "household.duplicate_found").is_empty());
        // So it cannot come back while he is registered elsewhere, and can once he is not.
        let back = json!({ "status": "active", "reason": "恢复" });
        let before = (rows(&app), cells(&app));
        let reply = app.post_to(&one, &format!("{}/status", at(&first)), 2, Some(&back)).await;
        assert_eq!(told(reply), (json!("模拟c2"), Value::Null));
        assert_eq!((rows(&app), cells(&app)), before);
        assert_eq!(app.get(&one, &at(&first)).await.json()["status"], "dissolved");
        app.post_to(&other, &format!("{}/status", at(&second)), 1, Some(&gone)).await.expect(200);
        let returned = app.post_to(&one, &format!("{}/status", at(&first)), 2, Some(&back)).await.expect(200).json();
        assert_eq!((&returned["status"], &returned["persons"]), (&json!("active"), &json!(2)));
    }

    /// A household that comes back and a registration elsewhere of one of its people at the same moment: one succeeds.
    async fn a_return_and_a_registration_do_not_both_succeed(app: TestApp) {
        let network = app.network().await;
        let (near, far) = (network.id("c1t1v1"), network.id("c2t1v1"));
        let (one, other) = (app.actor(&[(Role::Worker, near)]), app.actor(&[(Role::Worker, far)]));
        for turn in 0..6 {
            let number = identity_number("19600101", turn);
            let first = register(&app, &one, &lone(near, &number)).await;
            let status = async |version: i64, status: &str| {
                let body = json!({ "status": status, "reason": "模拟" });
                app.post_to(&one, &format!("{}/status", at(&first)), version, Some(&body)).await
            };
            status(1, "moved_away").await.expect(200);
            let anew = lone(far, &number);
            let (back, made) = futures_util::future::join(status(2, "active"), app.post(&other, HOUSEHOLDS, &anew)).await;
            let refused = match (back.status, made.status) {
                (200, 409) => made,
                (409, 201) => back,
                both => panic!("{both:?}"),
            };
            assert_problem(refused, 409, "household.duplicate_identity");
        }
        let bureau = app.actor(&[(Role::Auditor, network.id("b"))]);
        assert_eq!(figure(&app, &bureau, network.id("b"), "persons", "all").await, 6);
    }

    /// Of those who register the same person in two villages at the same moment exactly one succeeds.
    async fn of_simultaneous_registrations_one_succeeds(app: TestApp) {
        let network = app.network().await;
        let homes = [network.id("c1t1v1"), network.id("c2t1v1")];
        let workers = homes.map(|home| app.actor(&[(Role::Worker, home)]));
        let bodies = homes.map(family);
        let sent = (0..20).map(|turn| app.post(&workers[turn % 2], HOUSEHOLDS, &bodies[turn % 2]));
        let (made, refused): (Vec<_>, Vec<_>) = join_all(sent).await.into_iter().partition(|reply| reply.status == 201);
        assert_eq!((made.len(), refused.len()), (1, 19));
        for reply in refused {
            assert_problem(reply, 409, "household.duplicate_identity");
        }
        let counted = rows(&app);
        assert_eq!((counted["households"], counted["household_members"], counted["household_spans"]), (1, 3, 1));
        let bureau = app.actor(&[(Role::Auditor, network.id("b"))]);
        assert_eq!(figure(&app, &bureau, network.id("b"), "persons", "all").await, 3);
    }
}
