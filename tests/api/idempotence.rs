//! A request that is sent again makes nothing again.

use futures_util::future::join_all;
use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use crate::{
    audit::events,
    on_both,
    support::{household, identity_number, member},
};

on_both! {
    /// Fifty phones that send the same record at the same moment make one row, one event and one count.
    async fn fifty_identical_creates_make_one_row(app: TestApp) {
        let network = app.network().await;
        let village = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, village)]);
        let county = app.actor(&[(Role::Worker, network.id("c1"))]);
        let mut family = household(village);
        family["id"] = json!(app.edge.new_id());
        // Whoever is registered by the first of them is not found by the others.
        let numbered = member("模拟配偶", "10", &identity_number("19990101", 2));
        family["members"].as_array_mut().unwrap().push(numbered);
        let person = json!({
            "id": app.edge.new_id(), "name": "模拟成员", "relation": "20", "identity_number": identity_number("20010101", 1),
        });
        let members = format!("/api/v1/households/{}/members", family["id"].as_str().unwrap());
        let wanted = json!({
            "id": app.edge.new_id(), "identity_number": person["identity_number"], "service_point_id": network.id("c1"),
            "reason": "模拟迁入",
        });
        let record = json!({
            "id": app.edge.new_id(), "household_id": family["id"], "service_point_id": village,
            "kind": "training", "given_on": app.today(), "quantity": 2,
        });
        let mut conn = app.conn();
        let before = events(&mut conn).len();
        for (actor, path, body) in [
            (&worker, "/api/v1/households", &family),
            (&worker, &members, &person),
            (&worker, "/api/v1/assistance-records", &record),
            (&county, "/api/v1/transfer-requests", &wanted),
        ] {
            let replies = join_all((0..50).map(|_| app.post(actor, path, body))).await;
            let made = replies.iter().filter(|reply| reply.status == 201).count();
            let again = replies.iter().filter(|reply| reply.status == 200).count();
            assert_eq!((made, again), (1, 49), "{path}");
            assert!(replies.iter().all(|reply| reply.json() == replies[0].json()), "{path}");
        }
        // The household and its two members, another member, the record; the household was found once, and asked for.
        assert_eq!(events(&mut conn).len() - before, 3 + 1 + 1 + 2);
        let metrics = "assistance_count,assistance_quantity,households,persons,households_assisted";
        let path = format!("/api/v1/service-points/{village}/statistics?period=all&metrics={metrics}");
        let figures = app.get(&worker, &path).await.expect(200).json();
        let totals: Vec<_> = figures["items"].as_array().unwrap().iter().map(|item| item["total"].clone()).collect();
        assert_eq!(totals, [1, 2, 1, 3, 1]);
    }

    /// An id is used once: other content, or the same content from somebody else, learns only that it is taken.
    async fn an_id_is_not_used_for_two_things(app: TestApp) {
        let network = app.network().await;
        let village = network.id("c1t1v1");
        let [worker, other] = [(); 2].map(|()| app.actor(&[(Role::Worker, village)]));
        let body = |address: &str| -> Value {
            let mut body = household(village);
            (body["id"], body["address"]) = (json!("019ac0de-0000-7000-8000-000000000001"), json!(address));
            body
        };
        app.post(&worker, "/api/v1/households", &body("e\u{301} 1 号")).await.expect(201);
        app.post(&worker, "/api/v1/households", &body("  \u{e9} 1 号 ")).await.expect(200);
        for reply in [app.post(&worker, "/api/v1/households", &body("2 号")).await, app.post(&other, "/api/v1/households", &body("e\u{301} 1 号")).await] {
            assert_eq!(reply.expect(409).code(), "id.taken");
        }
    }

    /// A member's id is used once as well: not for somebody else, not in another household, not in one that is registered
    /// with its members.
    async fn a_members_id_is_not_used_for_two_people(app: TestApp) {
        let network = app.network().await;
        let village = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, village)]);
        let households = [(); 2].map(|()| household(village));
        let [first, second] = {
            let mut made = Vec::new();
            for body in &households {
                made.push(app.post(&worker, "/api/v1/households", body).await.expect(201).id());
            }
            <[_; 2]>::try_from(made).unwrap()
        };
        let members = |household: Id| format!("/api/v1/households/{household}/members");
        let person = json!({ "id": app.edge.new_id(), "name": "模拟成员", "relation": "20", "no_identity_reason": "infant" });
        app.post(&worker, &members(first), &person).await.expect(201);
        app.post(&worker, &members(first), &person).await.expect(200);
        let mut other = person.clone();
        other["name"] = json!("模拟他人");
        let mut family = household(village);
        family["members"].as_array_mut().unwrap().push(person.clone());
        for (path, body) in [(members(first), &other), (members(second), &person), ("/api/v1/households".to_owned(), &family)] {
            assert_eq!(app.post(&worker, &path, body).await.expect(409).code(), "id.taken", "{path}");
        }
    }

    /// A repetition after the row has changed is answered with the row as it is now; where it has moved out of scope,
    /// with its id and state alone.
    async fn a_repetition_tells_what_has_become_of_the_row(app: TestApp) {
        let network = app.network().await;
        let (village, admin) = (network.id("c1t1v1"), app.actor(&[(Role::Admin, network.id("b"))]));
        let manager = app.actor(&[(Role::Manager, network.id("c1"))]);
        let mut body = household(village);
        body["id"] = json!(app.edge.new_id());
        let path = format!("/api/v1/households/{}", app.post(&manager, "/api/v1/households", &body).await.expect(201).id());
        app.patch(&manager, &path, 1, &json!({"address": "2 号"})).await.expect(200);
        let again = app.post(&manager, "/api/v1/households", &body).await.expect(200).json();
        assert_eq!((&again["address"], &again["version"]), (&json!("2 号"), &json!(2)));
        let to = json!({"parent_id": network.id("c2t1"), "reason": "区划调整"});
        app.post_to(&admin, &format!("/api/v1/service-points/{village}/move"), 1, Some(&to)).await.expect(200);
        let elsewhere = app.post(&manager, "/api/v1/households", &body).await.expect(200).json();
        assert_eq!(elsewhere, json!({ "id": body["id"], "state": "active" }));
    }
}
