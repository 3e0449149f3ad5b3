//! Rights count from the next request on: a token says who somebody is, never what they may do. And rights of several
//! grants add up, each at its own place.

use serde_json::json;

use super::{
    oracle::{Held, Role},
    world::{Person, World, assistance},
};
use crate::{on_both, support::household};

const DAY: i64 = 24 * 3600;

async fn status(world: &World, who: &Person, path: &str) -> u16 {
    world.app.get(&who.actor, &format!("/api/v1{path}")).await.status
}

async fn point_status(world: &World, who: &Person, point: &str) -> u16 {
    status(world, who, &format!("/service-points/{}", world.id(point))).await
}

on_both! {
    /// A grant that is revoked, and one that is given, with the same token before and after.
    async fn a_grant_comes_and_goes_with_the_next_request(app: TestApp) {
        let mut world = World::new(app).await;
        let who = world.person(&[Held::new(Role::Worker, "c1t1")]);
        let record = format!("/assistance-records/{}", world.record("c1t1v1", "c1t1v1").await);
        assert_eq!([point_status(&world, &who, "c1t1v1").await, status(&world, &who, &record).await], [200, 200]);
        world.app.post_to(&world.root.actor, &format!("/api/v1/grants/{}/revoke", who.grants[0]), 1, None).await.expect(200);
        assert_eq!([point_status(&world, &who, "c1t1v1").await, status(&world, &who, &record).await], [404, 404]);
        assert_eq!([status(&world, &who, "/service-points").await, status(&world, &who, "/metrics").await], [403, 403]);
        let body = json!({ "account_id": who.account, "role": "admin", "service_point_id": world.id("c1t1") });
        world.app.post(&world.root.actor, "/api/v1/grants", &body).await.expect(201);
        assert_eq!([point_status(&world, &who, "c1t1v1").await, status(&world, &who, &record).await], [200, 403]);
    }

    /// At midnight in Shanghai one grant ends and another begins, while the session goes on.
    async fn a_grant_ends_and_begins_at_midnight_in_shanghai(app: TestApp) {
        let mut world = World::new(app).await;
        world.app.edge.advance(DAY / 2 - 10);
        let ending = Held { to: Some(0), ..Held::new(Role::Worker, "c1") };
        let who = world.person(&[ending, Held { from: 1, ..Held::new(Role::Auditor, "c2") }]);
        assert_eq!([point_status(&world, &who, "c1").await, point_status(&world, &who, "c2").await], [200, 404]);
        world.app.edge.advance(20);
        assert_eq!([point_status(&world, &who, "c1").await, point_status(&world, &who, "c2").await], [404, 200]);
        let register = world.app.post(&who.actor, "/api/v1/households", &household(world.id("c1"))).await.expect(403);
        assert_eq!(register.json()["permission"], "households.write");
    }

    /// A suspended account is out at once, and a session that was ended by it does not come back with the account.
    async fn a_suspended_account_is_out_at_once(app: TestApp) {
        let mut world = World::new(app).await;
        let who = world.person(&[Held::new(Role::Worker, "c1")]);
        let account = format!("/api/v1/accounts/{}", who.account);
        assert_eq!(point_status(&world, &who, "c1").await, 200);
        world.app.post_to(&world.root.actor, &format!("{account}/suspend"), 1, None).await.expect(200);
        assert_eq!([point_status(&world, &who, "c1").await, status(&world, &who, "/me").await], [401, 401]);
        let again = world.signed_in_again(&who);
        assert_eq!(point_status(&world, &again, "c1").await, 401, "with a session made meanwhile");
        world.app.post_to(&world.root.actor, &format!("{account}/activate"), 2, None).await.expect(200);
        assert_eq!(point_status(&world, &who, "c1").await, 401, "the session was ended");
        let again = world.signed_in_again(&who);
        assert_eq!(point_status(&world, &again, "c1").await, 200);
    }

    /// A session that is ended, by itself or from another one, is ended for its token too; the other one stays.
    async fn an_ended_session_is_out_at_once(app: TestApp) {
        let mut world = World::new(app).await;
        let first = world.person(&[Held::new(Role::Worker, "c1")]);
        let [second, third] = [(); 2].map(|()| world.signed_in_again(&first));
        let revoke = format!("/api/v1/auth/sessions/{}/revoke", second.session);
        let other = world.clerk.clone();
        world.app.request(&other.actor, actix_web::http::Method::POST, &revoke, None, &[]).await.expect(404);
        assert_eq!(point_status(&world, &second, "c1").await, 200);
        world.app.request(&first.actor, actix_web::http::Method::POST, &revoke, None, &[]).await.expect(204);
        assert_eq!(point_status(&world, &second, "c1").await, 401);
        world.app.request(&first.actor, actix_web::http::Method::POST, "/api/v1/auth/sign-out", None, &[]).await.expect(204);
        assert_eq!([point_status(&world, &first, "c1").await, point_status(&world, &third, "c1").await], [401, 200]);
    }

    /// An access token lives fifteen minutes.
    async fn an_access_token_runs_out(app: TestApp) {
        let mut world = World::new(app).await;
        let who = world.person(&[Held::new(Role::Worker, "c1")]);
        world.app.edge.advance(15 * 60 - 1);
        assert_eq!(point_status(&world, &who, "c1").await, 200);
        world.app.edge.advance(2);
        assert_eq!(point_status(&world, &who, "c1").await, 401);
    }

    /// A township that moves to another county leaves the old one's scope and enters the new one's, with everything at
    /// home in it and everything given by it; whoever works there goes along, and learns of neither county.
    async fn a_moved_point_changes_sides_with_the_next_request(app: TestApp) {
        let mut world = World::new(app).await;
        world.app.edge.advance(2 * DAY);
        (world.root, world.clerk) = (world.signed_in_again(&world.root.clone()), world.signed_in_again(&world.clerk.clone()));
        let [old, new, own, both] = [vec!["c1"], vec!["c2"], vec!["c1t1"], vec!["c1", "c2"]].map(|points| {
            let held: Vec<Held> = points.iter().map(|point| Held::new(Role::Manager, point)).collect();
            world.person(&held)
        });
        let worker = world.person(&[Held::new(Role::Worker, "c1t1v2")]);
        let paths = [
            format!("/service-points/{}", world.id("c1t1")),
            format!("/service-points/{}/statistics?period=all", world.id("c1t1v1")),
            format!("/households/{}", world.household("c1t1v1").await),
            format!("/assistance-records/{}", world.record("c1t1v1", "c2").await),
            format!("/accounts/{}", worker.account),
            format!("/grants/{}", worker.grants[0]),
            format!("/households?service_point_id={}", world.id("c1t1v2")),
        ];
        let check = async |world: &World, expected: [u16; 4]| {
            for path in &paths {
                let mut seen = [0; 4];
                for (status_of, who) in seen.iter_mut().zip([&old, &new, &own, &both]) {
                    *status_of = status(world, who, path).await;
                }
                assert_eq!(seen, expected, "{path} by the managers of the old county, the new one, the point, both counties");
            }
        };
        check(&world, [200, 404, 200, 200]).await;
        let body = json!({ "parent_id": world.id("c2"), "reason": "模拟调整" });
        let path = format!("/api/v1/service-points/{}/move", world.id("c1t1"));
        // Both places are needed: neither county can push or pull alone.
        for who in [&old, &new] {
            world.app.post_to(&who.actor, &path, 1, Some(&body)).await.expect(404);
        }
        world.app.post_to(&own.actor, &path, 1, Some(&body)).await.expect(403);
        world.app.post_to(&both.actor, &path, 1, Some(&body)).await.expect(200);
        world.tree.hang("c1t1", Some("c2"));
        check(&world, [404, 200, 200, 200]).await;
        let path = format!("/api/v1/service-points/{}/history", world.id("c1t1"));
        let (c1, c2) = (world.id("c1").to_string(), world.id("c2").to_string());
        for (who, expected) in [
            (&new, [None, Some(c2.as_str())]),
            (&own, [None, None]),
            (&both, [Some(c1.as_str()), Some(c2.as_str())]),
        ] {
            let reply = world.app.get(&who.actor, &path).await.expect(200);
            let history = reply.json();
            let mut spans: Vec<_> = history["items"].as_array().unwrap().iter().collect();
            spans.sort_by_key(|span| span["valid_from"].as_str());
            let parents: Vec<_> = spans.iter().map(|span| span["parent_id"].as_str()).collect();
            assert_eq!(parents, expected, "{:?}", who.held);
            assert_eq!(world.leaks(&who.held, &reply), [""; 0]);
        }
    }

    /// What somebody made themselves and may no longer see is confirmed when the request is repeated, and no more.
    async fn a_repeated_request_tells_no_more_than_the_scope_of_now(app: TestApp) {
        let mut world = World::new(app).await;
        let who = world.person(&[Held::new(Role::Worker, "c1"), Held::new(Role::Worker, "c2")]);
        let id = world.app.edge.new_id();
        let mut body = household(world.id("c1t1"));
        body["id"] = json!(id);
        world.app.post(&who.actor, "/api/v1/households", &body).await.expect(201);
        let repeated = world.app.post(&who.actor, "/api/v1/households", &body).await.expect(200).json();
        assert_eq!(repeated["service_point_id"], world.id("c1t1").to_string());
        world.app.post_to(&world.root.actor, &format!("/api/v1/grants/{}/revoke", who.grants[0]), 1, None).await.expect(200);
        let repeated = world.app.post(&who.actor, "/api/v1/households", &body).await.expect(200).json();
        assert_eq!(repeated, json!({ "id": id, "state": "active" }));
        world.app.post_to(&world.root.actor, &format!("/api/v1/grants/{}/revoke", who.grants[1]), 1, None).await.expect(200);
        let refused = world.app.post(&who.actor, "/api/v1/households", &body).await.expect(403);
        assert_eq!(refused.json()["permission"], "households.write");
    }

    /// An administrator of a county who works in one of its townships sees households there, and nowhere else in the
    /// county: what is in scope by one grant is not allowed by another.
    async fn an_administrators_reach_does_not_carry_a_workers_rights(app: TestApp) {
        let mut world = World::new(app).await;
        let who = world.person(&[Held::new(Role::Admin, "c1"), Held::new(Role::Worker, "c1t1")]);
        let mut seen = Vec::new();
        for (point, expected) in [("c1t1", 200), ("c1t1v2", 200), ("c1", 403), ("c1t2v1", 403), ("c2t1", 404), ("b", 404)] {
            let id = world.household(point).await;
            assert_eq!(status(&world, &who, &format!("/households/{id}")).await, expected, "the household at {point}");
            if expected == 200 {
                seen.push(id.to_string());
            }
            let registered = world.app.post(&who.actor, "/api/v1/households", &household(world.id(point))).await;
            assert_eq!(registered.status, if expected == 200 { 201 } else { expected }, "registering at {point}");
            if registered.status == 201 {
                seen.push(registered.id().to_string());
            }
        }
        let listed = world.app.all_pages(&who.actor, "/api/v1/households", 3).await;
        let mut listed: Vec<String> = listed.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
        listed.sort_unstable();
        seen.sort_unstable();
        assert_eq!(listed, seen);
    }

    /// Logging needs the home and the giver: neither a worker's other township nor another role's reach stands in.
    async fn logging_needs_the_right_at_both_ends(app: TestApp) {
        let mut world = World::new(app).await;
        let who = world.person(&[Held::new(Role::Worker, "c1t1"), Held::new(Role::Reviewer, "c1"), Held::new(Role::Manager, "c2t1v1")]);
        for (home, giver, expected) in [
            ("c1t1v1", "c1t1", 201),
            ("c1t1v1", "c2t1v1", 201),
            ("c1t1v1", "c1t2", 403),
            ("c1t2v1", "c1t1", 403),
            ("c1t1v1", "c2t1", 404),
            ("c2t1", "c1t1", 404),
        ] {
            let body = assistance(world.household(home).await, world.id(giver), world.app.today());
            let reply = world.app.post(&who.actor, "/api/v1/assistance-records", &body).await;
            assert_eq!(reply.status, expected, "from {giver} to {home}: {}", reply.text());
        }
    }
}
