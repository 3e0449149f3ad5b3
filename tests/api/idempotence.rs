//! A request that is sent again makes nothing again.

use futures_util::future::join_all;
use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use crate::{
    audit::events,
    on_both,
    support::{
        Reply, household, identity_number,
        livelihoods::{self, Livelihoods},
        member,
        trade::{self, Trade},
    },
};

/// A body with other fields.
fn with(mut body: Value, fields: &Value) -> Value {
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    body
}

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

    /// Everything of trade and training is made once too: what is sent again is answered with the row, and another thing under
    /// the same id is refused, in the next collection as well, where ids are shared.
    async fn things_of_trade_are_made_once(app: TestApp) {
        let network = app.network().await;
        let (bureau, village) = (network.id("b"), network.id("c1t1v1"));
        let [manager, other] = [(); 2].map(|()| app.actor(&[(Role::Manager, bureau)]));
        let today = app.today();
        let at = Trade::enter(&app, &manager, network.id("c1"), village).await;
        let also = Livelihoods::enter(&app, &manager, network.id("c1"), village).await;
        // A site reports each month once.
        let out = json!({ "direction": "out" });
        let mut conn = app.conn();
        let mut seen = Vec::new();
        for (path, mut body, changed) in [
            ("partners", trade::partner(bureau), json!({ "name": "模拟他名" })),
            ("agreements", trade::agreement(network.id("c1"), at.partner), json!({ "name": "模拟他名" })),
            ("platforms", trade::platform(bureau), json!({ "kind": "live" })),
            ("products", trade::product(bureau), json!({ "category": "tea" })),
            ("campaigns", trade::campaign(bureau), json!({ "ends_on": "2026-12-01" })),
            ("organisations", trade::organisation(village), json!({ "name": "模拟他名" })),
            ("stores", trade::store(village, at.platform, today), json!({ "name": "模拟他名" })),
            ("sales", trade::store_sale(at.store, today), json!({ "amount_fen": 101 })),
            ("livestreams", trade::livestream(at.store, today), json!({ "viewers": 1 })),
            ("training-sessions", trade::session(village, today), json!({ "topic": "brand" })),
            ("attendances", trade::attendance(at.session), json!({ "heads": 4 })),
            ("policy-documents", livelihoods::policy(bureau), json!({ "topic": "brand" })),
            ("projects", livelihoods::project(bureau), json!({ "budget_fen": 100_001 })),
            ("indicators", livelihoods::indicator(bureau), json!({ "value": 1 })),
            ("logistics-sites", livelihoods::site(village, also.partner, today), json!({ "kind": "warehouse" })),
            ("coverages", livelihoods::coverage(village, also.site, today), json!({ "ends_on": today })),
            ("village-infrastructure", livelihoods::infrastructure(village, today), json!({ "kind": "paved_road" })),
            (
                "memberships",
                livelihoods::membership(village, at.organisation, also.member, today),
                json!({ "role": "seller" }),
            ),
            (
                "benefit-links",
                livelihoods::link(village, at.organisation, also.household, today),
                json!({ "mode": "dividend" }),
            ),
            ("parcels", with(livelihoods::parcels(also.site, &today.month().to_string()), &out), json!({ "parcels": 11 })),
            ("benefits", livelihoods::benefit(also.link, today), json!({ "amount_fen": 11 })),
            ("project-payments", livelihoods::payment(also.project, today), json!({ "amount_fen": 11 })),
        ] {
            let path = format!("/api/v1/{path}");
            body["id"] = json!(app.edge.new_id());
            let before = events(&mut conn).len();
            let replies = join_all((0..5).map(|_| app.post(&manager, &path, &body))).await;
            let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
            statuses.sort_unstable();
            let told: Vec<String> = replies.iter().map(Reply::text).collect();
            assert_eq!(statuses, [200, 200, 200, 200, 201], "{path}: {told:?}");
            assert!(replies.iter().all(|reply| reply.json() == replies[0].json()), "{path}");
            assert_eq!(replies[0].json()["id"], body["id"], "{path}");
            let mut different = body.clone();
            different.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
            for reply in [app.post(&manager, &path, &different).await, app.post(&other, &path, &body).await] {
                assert_eq!(reply.expect(409).code(), "id.taken", "{path}");
            }
            assert_eq!(events(&mut conn).len() - before, 1, "{path}");
            seen.push((path, body));
        }
        // Items of all catalogues, of all registers, and entries of all ledgers, share their ids.
        for (one, next) in [(0, 2), (3, 4), (7, 8), (9, 7), (11, 12), (14, 15), (16, 17), (20, 21), (7, 21)] {
            let mut body = seen[next].1.clone();
            body["id"] = seen[one].1["id"].clone();
            let reply = app.post(&manager, &seen[next].0, &body).await;
            assert_eq!(reply.expect(409).code(), "id.taken", "{} after {}", seen[next].0, seen[one].0);
        }
    }

    /// A point has one opening balance of a figure, however often and by however many it is entered at once; and who sends the same
    /// again is not told that there is one already.
    async fn an_opening_balance_is_made_once(app: TestApp) {
        let network = app.network().await;
        let manager = app.actor(&[(Role::Manager, network.id("b"))]);
        let (mut body, partner) = (trade::balance(network.id("c1")), trade::partner(network.id("b")));
        body["id"] = json!(app.edge.new_id());
        let path = "/api/v1/opening-balances";
        let made = app.post(&manager, path, &body).await.expect(201).json();
        assert_eq!(app.post(&manager, path, &body).await.expect(200).json(), made);
        let mut other = body.clone();
        other["value"] = json!(101);
        assert_eq!(app.post(&manager, path, &other).await.expect(409).code(), "id.taken");
        for point in ["c2", "b"] {
            for metric in ["persons_trained_cumulative", "sales_cumulative"] {
                let mut at_once = trade::balance(network.id(point));
                (at_once["id"], at_once["metric"]) = (json!(app.edge.new_id()), json!(metric));
                // Others write at the same time, so that there are connections enough.
                join_all((0..8).map(|_| app.post(&manager, "/api/v1/partners", &partner))).await;
                let replies = join_all((0..8).map(|_| app.post(&manager, path, &at_once))).await;
                let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
                statuses.sort_unstable();
                let told: Vec<String> = replies.iter().map(Reply::text).collect();
                assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 201], "{told:?}");
            }
        }
    }
}
