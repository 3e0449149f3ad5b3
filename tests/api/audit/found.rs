//! Who looks for a person by an identity number is told of, found or not, even where the request itself is refused.

use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::{
    digests::digest_of_row,
    world::{World, build},
    *,
};
use crate::{
    http::assert_problem,
    on_both,
    support::{Actor, household, identity_number},
};

/// The household that is registered with its members, and the identity number of one of them.
async fn registered(app: &TestApp, world: &World) -> (Id, String) {
    let change = world.changes.iter().find(|change| change.route == "/api/v1/households").unwrap();
    let number = change.body.as_ref().unwrap()["members"][1]["identity_number"].as_str().unwrap().to_owned();
    (change.send(app, "registered").await.expect(201).id(), number)
}

fn with_member(home: Id, number: &str) -> Value {
    let mut body = household(home);
    let person = json!({ "name": "模拟重复", "relation": "10", "identity_number": number });
    body["members"].as_array_mut().unwrap().push(person);
    body
}

/// Everything but events and the counters, to see that nothing else was written.
fn rest(conn: &mut Conn) -> BTreeMap<String, Vec<String>> {
    let mut tables = snapshot(conn);
    tables.remove("audit_events");
    tables
}

on_both! {
    /// A person who is registered elsewhere: the refusal is told of on the household that was found, by whoever asked,
    /// and nothing else is written. It is told every time.
    async fn a_person_found_elsewhere_is_told_of(app: TestApp) {
        let world = build(&app).await;
        let (found, number) = registered(&app, &world).await;
        let asking = app.actor(&[(Role::Worker, world.network.id("c2t1"))]);
        let here = app.actor(&[(Role::Worker, world.network.id("c1t1"))]);
        let mut conn = app.conn();
        let (before, mut watch) = (rest(&mut conn), Watch::begin(&app));
        let home = world.network.id("c2t1");
        let own = app.post(&asking, "/api/v1/households", &household(home)).await.expect(201).id();
        let (own_rows, _) = (rest(&mut conn), watch.news());
        assert_ne!(before, own_rows);
        let person = json!({ "name": "模拟重复", "relation": "10", "identity_number": number.to_lowercase() });
        let members = format!("/api/v1/households/{own}/members");
        let named = json!({ "identity_number": number, "service_point_id": world.network.id("c1"), "reason": "模拟" });
        let at_home = json!({ "identity_number": number, "service_point_id": world.network.id("c1t1"), "reason": "模拟" });
        for (actor, path, body, status, code) in [
            (&asking, "/api/v1/households", with_member(home, &number), 409, "household.duplicate_identity"),
            (&asking, "/api/v1/households", with_member(home, &number), 409, "household.duplicate_identity"),
            (&asking, &members, person, 409, "household.duplicate_identity"),
            (&here, "/api/v1/transfer-requests", at_home, 409, "resource.already_so"),
            // Refused before anybody was looked for: there is nothing to tell.
            (&asking, "/api/v1/transfer-requests", named, 404, "resource.not_found"),
        ] {
            app.edge.advance(1);
            let reply = app.request(actor, actix_web::http::Method::POST, path, Some(&body), &[("x-request-id", "looked")]).await;
            assert_problem(&reply, status, code);
            assert!(!reply.text().contains(&number), "{}", reply.text());
            let news = watch.news();
            assert_eq!(rest(&mut conn), own_rows, "{path}");
            if status == 404 {
                assert_eq!(news, []);
                continue;
            }
            let [event] = &*news else { panic!("{news:?}") };
            assert_eq!((event.action.as_str(), event.object_type.as_str()), ("household.duplicate_found", "household"));
            assert_eq!((event.object_id, event.service_point_id), (found, Some(world.network.id("c1t1"))));
            assert_eq!((event.actor_id, event.request_id.as_str()), (actor.account, "looked"));
            assert_eq!((&event.before, &event.after, &event.reason), (&None, &None, &None));
            assert_eq!(event.content_hash.as_deref(), Some(&digest_of_row(&mut conn, "household", found)[..]));
        }
    }

    /// A number that nobody has is an answer too: it is told of on the account that asked.
    async fn a_person_not_found_is_told_of(app: TestApp) {
        let world = build(&app).await;
        let mut conn = app.conn();
        let (before, mut watch) = (rest(&mut conn), Watch::begin(&app));
        let number = identity_number("19810101", 1);
        let body = json!({ "identity_number": number, "service_point_id": world.network.id("c1"), "reason": "模拟" });
        let reply = app.post(&world.worker, "/api/v1/transfer-requests", &body).await;
        assert_problem(&reply, 422, "request.invalid");
        assert_eq!(reply.faults(), [("/identity_number".to_owned(), "not_registered".to_owned())]);
        let news = watch.news();
        let [event] = &*news else { panic!("{news:?}") };
        let account = world.worker.account;
        assert_eq!((event.action.as_str(), event.object_type.as_str()), ("identity.not_found", "account"));
        let office = Some(world.network.id("b"));
        assert_eq!((Some(event.object_id), event.actor_id, event.service_point_id), (account, account, office));
        assert_eq!((&event.before, &event.after, &event.content_hash), (&None, &None, &None));
        assert_eq!(rest(&mut conn), before);
    }

    /// When that cannot be told of, whoever asked learns nothing.
    async fn nothing_is_found_without_its_event(app: TestApp) {
        let world = build(&app).await;
        let (_, number) = registered(&app, &world).await;
        let mut conn = app.conn();
        let before = snapshot(&mut conn);
        let ask = async |actor: &Actor, number: &str| {
            let body = json!({ "identity_number": number, "service_point_id": world.network.id("c1"), "reason": "模拟" });
            app.post(actor, "/api/v1/transfer-requests", &body).await
        };
        for (action, number) in
            [("household.duplicate_found", &number), ("identity.not_found", &identity_number("19810101", 1))]
        {
            refuse(&mut conn, action);
            ask(&world.worker, number).await.expect(500);
            refuse_no_more(&mut conn);
            assert_eq!(snapshot(&mut conn), before);
        }
    }

    /// The thirty-first person who is found in a day is not told of any more, for the answer is that it was asked too
    /// often, whoever it was.
    async fn what_is_asked_too_often_is_not_answered(app: TestApp) {
        let world = build(&app).await;
        let (_, number) = registered(&app, &world).await;
        let asking = app.actor(&[(Role::Worker, world.network.id("c2t1"))]);
        let body = with_member(world.network.id("c2t1"), &number);
        let mut watch = Watch::begin(&app);
        for _ in 0..30 {
            app.edge.advance(1);
            app.post(&asking, "/api/v1/households", &body).await.expect(409);
        }
        assert_eq!(watch.news().len(), 30);
        let reply = app.post(&asking, "/api/v1/households", &body).await.expect(429);
        assert!(reply.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().unwrap() > 80_000), "{reply:?}");
        assert_eq!(watch.news(), []);
        // Somebody else is not held up by it.
        let other = app.actor(&[(Role::Worker, world.network.id("c2t1"))]);
        app.post(&other, "/api/v1/households", &body).await.expect(409);
    }
}
