//! What names people, and where they are registered: shown whole to the few who may, and of what lies out of scope told no
//! more than the county.

use serde_json::{Value, json};
use terrace::domain::Id;

use super::{
    oracle::{Held, Role},
    world::{Person, World, assistance, spouse, wanted_at},
};
use crate::{
    on_both,
    support::{Reply, head, household, identity_number, member},
};

const NAME: &str = "模拟保密户主";
const ADDRESS: &str = "模拟保密地址";
const PHONE: &str = "13900004321";

/// A household whose head has a number.
async fn registered(world: &World, home: &str, number: &str) -> Id {
    let mut body = household(world.id(home));
    body["address"] = ADDRESS.into();
    body["phone"] = PHONE.into();
    body["registered_on"] = json!(world.app.today().minus_days(3));
    body["members"] = json!([member(NAME, "02", number)]);
    world.app.post(&world.clerk.actor, "/api/v1/households", &body).await.expect(201).id()
}

/// Nothing in an answer leads to the household: neither its words and numbers nor its ids.
fn keeps(world: &World, reply: &Reply, household: Id, home: &str) {
    let (text, id, at) = (reply.text(), household.to_string(), world.id(home).to_string());
    let village = format!("模拟{home}");
    for secret in [NAME, ADDRESS, PHONE, &PHONE[7..], &id, &at, &village] {
        assert!(!text.contains(secret), "{secret} is told: {text}");
    }
}

fn fields(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

async fn post(world: &World, who: &Person, path: &str, body: &Value) -> Reply {
    world.app.post(&who.actor, &format!("/api/v1{path}"), body).await
}

/// Acts upon something in its first version.
async fn act(world: &World, who: &Person, path: &str, body: &Value) -> Reply {
    world.app.post_to(&who.actor, &format!("/api/v1{path}"), 1, Some(body)).await
}

async fn get(world: &World, who: &Person, path: &str) -> Reply {
    world.app.get(&who.actor, &format!("/api/v1{path}")).await
}

on_both! {
    /// A worker of a township is shown the numbers of those at home at the township itself, and not of those in its villages;
    /// what else somebody holds there makes no difference unless it is that right.
    async fn a_worker_is_shown_numbers_of_the_own_point_alone(app: TestApp) {
        let mut world = World::new(app).await;
        let number = |n| identity_number("19800101", n);
        let town = registered(&world, "c1t1", &number(1)).await;
        let village = registered(&world, "c1t1v1", &number(2)).await;
        let above = registered(&world, "c1", &number(3)).await;
        for (held, expected) in [
            (vec![(Role::Worker, "c1t1")], [200, 403, 404]),
            (vec![(Role::Worker, "c1t1v1")], [404, 200, 404]),
            (vec![(Role::Worker, "c1t1v1"), (Role::Reviewer, "c1")], [403, 200, 403]),
            (vec![(Role::Worker, "c1t1"), (Role::Worker, "c1t1v1"), (Role::Admin, "b")], [200, 200, 403]),
            (vec![(Role::Manager, "c1t1"), (Role::Worker, "c1")], [200, 200, 200]),
            (vec![(Role::Auditor, "c1"), (Role::Worker, "c1t1")], [200, 200, 200]),
            (vec![(Role::Reviewer, "b"), (Role::Admin, "b")], [403, 403, 403]),
        ] {
            let held: Vec<Held> = held.into_iter().map(|(role, point)| Held::new(role, point)).collect();
            let who = world.person(&held);
            for (at, (id, status)) in [town, village, above].into_iter().zip(expected).enumerate() {
                let number = number(u32::try_from(at).unwrap() + 1);
                let reply = post(&world, &who, &format!("/households/{id}/identity"), &json!({ "reason": "模拟核对" })).await;
                assert_eq!(reply.status, status, "{id} by {held:?}: {}", reply.text());
                assert_eq!(reply.text().contains(&number), status == 200, "{}", reply.text());
                if status == 403 {
                    assert_eq!(reply.json()["permission"], "households.show_identity");
                }
                // Everywhere else numbers are masked, whoever asks.
                for end in ["", "/members", "/history", "/records"] {
                    let reply = get(&world, &who, &format!("/households/{id}{end}")).await;
                    assert!(!reply.text().contains(&number[6..14]) && !reply.text().contains(PHONE), "{}", reply.text());
                }
            }
        }
    }

    /// Whoever brings an identity number that is registered elsewhere learns the county, and the household only where it may
    /// be read.
    async fn a_person_who_is_registered_elsewhere_is_told_by_the_county_alone(app: TestApp) {
        let mut world = World::new(app).await;
        let (number, at_bureau) = (identity_number("19750203", 7), identity_number("19750203", 8));
        let there = registered(&world, "c2t1v1", &number).await;
        let top = registered(&world, "b", &at_bureau).await;
        let grants = |more: &[(Role, &str)]| -> Vec<Held> {
            [(Role::Worker, "c1t1")].iter().chain(more).map(|(role, point)| Held::new(*role, point)).collect()
        };
        for (more, told) in [
            (vec![], false),
            (vec![(Role::Admin, "c2")], false),
            (vec![(Role::Worker, "c2t2")], false),
            (vec![(Role::Worker, "c2t1v2")], false),
            (vec![(Role::Reviewer, "c2t1")], true),
            (vec![(Role::Auditor, "b")], true),
        ] {
            let who = world.person(&grants(&more));
            let mut body = household(world.id("c1t1v1"));
            let own = post(&world, &who, "/households", &body).await.expect(201).id();
            let person = post(&world, &who, &format!("/households/{own}/members"), &spouse()).await.expect(201).id();
            for (number, county, id) in [(&number, Some("模拟c2"), there), (&at_bureau, None, top)] {
                body["members"] = json!([head(), member("模拟重复", "20", number)]);
                let patch = json!({ "identity_number": number });
                let answers = [
                    post(&world, &who, "/households", &body).await,
                    post(&world, &who, &format!("/households/{own}/members"), &member("模拟重复", "20", number)).await,
                    world.app.patch(&who.actor, &format!("/api/v1/members/{person}"), 1, &patch).await,
                ];
                for reply in answers {
                    let told = if id == top { more.contains(&(Role::Auditor, "b")) } else { told };
                    let problem = reply.json();
                    assert_eq!((reply.status, reply.code().as_str()), (409, "household.duplicate_identity"), "{}", reply.text());
                    assert_eq!(problem["county"].as_str(), county, "{}", reply.text());
                    assert_eq!(problem["household_id"].as_str(), told.then(|| id.to_string()).as_deref(), "with {more:?}: {}", reply.text());
                    if !told {
                        keeps(&world, &reply, id, if id == top { "b" } else { "c2t1v1" });
                        let known = ["code", "county", "detail", "request_id", "status", "title", "type"];
                        assert!(fields(&problem).iter().all(|field| known.contains(field)), "{}", reply.text());
                    }
                }
            }
        }
    }

    /// Whoever asks for a household by a number never learns which one it is, nor where it is at home, until it comes. Only
    /// who may act at both homes can let it come.
    async fn a_household_is_asked_for_without_being_told(app: TestApp) {
        let mut world = World::new(app).await;
        let (number, home) = (identity_number("19660606", 2), "c2t1v1");
        let id = registered(&world, home, &number).await;
        let given = assistance(id, world.id(home), world.app.today().minus_days(1));
        let record = post(&world, &world.clerk, "/assistance-records", &given).await.expect(201).id();
        let [who, old] = [Held::new(Role::Worker, "c1t1v1"), Held::new(Role::Worker, home)].map(|held| world.person(&[held]));
        let mut body = json!({ "identity_number": number, "service_point_id": world.id("c1t1v1"), "reason": "模拟搬迁" });
        let first = post(&world, &who, "/transfer-requests", &body).await.expect(201);
        let withdrawn = world.app.post_to(&who.actor, &format!("/api/v1/transfer-requests/{}/withdraw", first.id()), 1, None).await.expect(200);
        let request = world.app.edge.new_id();
        body["id"] = json!(request);
        let path = format!("/transfer-requests/{request}");
        for reply in [
            withdrawn,
            post(&world, &who, "/transfer-requests", &body).await.expect(201),
            post(&world, &who, "/transfer-requests", &body).await.expect(200),
            first,
            get(&world, &who, &path).await.expect(200),
        ] {
            assert_eq!(reply.json()["household_id"], Value::Null, "{}", reply.text());
            keeps(&world, &reply, id, home);
        }
        keeps(&world, &get(&world, &who, "/transfer-requests").await.expect(200), id, home);
        let again = json!({ "identity_number": number, "service_point_id": world.id("c1t1v1"), "reason": "模拟再问" });
        let again = post(&world, &who, "/transfer-requests", &again).await.expect(409);
        assert_eq!(again.code(), "transfer_request.pending");
        keeps(&world, &again, id, home);
        // By its id it does not exist for who may not see it.
        let by_id = post(&world, &who, "/transfer-requests", &wanted_at(id, world.id("c1t1v1"))).await.expect(404);
        assert_eq!(by_id.faults(), [("/household_id".to_owned(), "not_found".to_owned())]);

        for (held, expected) in [
            (vec![(Role::Manager, "c2")], 404),
            (vec![(Role::Worker, "c1"), (Role::Manager, "c2")], 403),
            (vec![(Role::Manager, "c1")], 403),
            (vec![(Role::Manager, "c1"), (Role::Worker, "c2")], 403),
            (vec![(Role::Manager, "c1"), (Role::Manager, "c2t1v2")], 403),
            (vec![(Role::Manager, "c1t1v1"), (Role::Manager, "c2t1"), (Role::Reviewer, "b")], 200),
        ] {
            let held: Vec<Held> = held.into_iter().map(|(role, point)| Held::new(role, point)).collect();
            let answering = world.person(&held);
            if expected != 200 {
                let refused = act(&world, &answering, &format!("{path}/refuse"), &json!({ "reason": "模拟不允" })).await;
                assert_eq!(refused.status, expected, "by {held:?}: {}", refused.text());
            }
            let reply = act(&world, &answering, &format!("{path}/accept"), &json!({})).await;
            assert_eq!(reply.status, expected, "by {held:?}: {}", reply.text());
            match expected {
                200 => assert_eq!(reply.json()["household_id"], id.to_string()),
                _ => keeps(&world, &reply, id, home),
            }
            if expected == 403 {
                assert_eq!(reply.json()["permission"], "households.answer_transfer");
            }
        }

        // It has come: the new home sees it, with what was before but not where; the old one sees it no more, but for what it
        // gave itself.
        let file = format!("/households/{id}");
        assert_eq!([get(&world, &who, &file).await.status, get(&world, &old, &file).await.status], [200, 404]);
        assert_eq!(get(&world, &who, &path).await.expect(200).json()["household_id"], id.to_string());
        let history = get(&world, &who, &format!("{file}/history")).await.expect(200);
        let homes: Vec<Value> = history.json()["items"].as_array().unwrap().iter().map(|span| span["service_point_id"].clone()).collect();
        assert_eq!(homes, [Value::Null, json!(world.id("c1t1v1"))]);
        let records = get(&world, &who, &format!("{file}/records")).await.expect(200);
        assert_eq!((records.json()["items"][0]["id"].clone(), records.json()["items"][0]["service_point_id"].clone()), (json!(record), Value::Null));
        let auditor = world.person(&[Held::new(Role::Auditor, "c1")]);
        let exported = post(&world, &auditor, &format!("{file}/export"), &json!({ "reason": "模拟查阅" })).await.expect(200);
        assert_eq!(exported.json()["records"][0]["record"]["service_point_id"], Value::Null);
        for (reply, whose) in [(&history, &who), (&records, &who), (&exported, &auditor)] {
            assert_eq!(world.leaks(&whose.held, reply), [""; 0], "{}", reply.text());
        }
        let record = format!("/assistance-records/{record}");
        assert_eq!([get(&world, &who, &record).await.status, get(&world, &old, &record).await.status], [404, 200]);
        act(&world, &old, &format!("{record}/void"), &json!({ "reason": "模拟误记" })).await.expect(200);
    }

    /// A household that moves while it is asked for: where it is at home now decides who may answer and who is told.
    async fn a_request_goes_by_the_home_of_now(app: TestApp) {
        let mut world = World::new(app).await;
        let (id, manager) = (world.new_household("c1t2v1").await, world.person(&[Held::new(Role::Manager, "c1")]));
        let request = post(&world, &manager, "/transfer-requests", &wanted_at(id, world.id("c1t1"))).await.expect(201);
        assert_eq!(request.json()["household_id"], id.to_string());
        let away = json!({ "service_point_id": world.id("c2t1"), "reason": "模拟搬迁" });
        act(&world, &manager, &format!("/households/{id}/transfer"), &away).await.expect(404);
        act(&world, &world.clerk, &format!("/households/{id}/transfer"), &away).await.expect(200);
        let path = format!("/transfer-requests/{}", request.id());
        assert_eq!(get(&world, &manager, &path).await.expect(200).json()["household_id"], Value::Null);
        for (end, body) in [("accept", json!({})), ("refuse", json!({ "reason": "模拟原因" }))] {
            let denied = act(&world, &manager, &format!("{path}/{end}"), &body).await.expect(403);
            assert_eq!(denied.json()["permission"], "households.answer_transfer");
        }
        let both = world.person(&[Held::new(Role::Manager, "c1t1"), Held::new(Role::Manager, "c2")]);
        act(&world, &both, &format!("{path}/accept"), &json!({})).await.expect(200);
        assert_eq!(get(&world, &manager, &path).await.expect(200).json()["household_id"], id.to_string());
    }

    /// Figures of households and persons are left out for an administrator, asked for or not; a worker's grant brings them
    /// back where it lies, and not above.
    async fn an_administrator_sees_no_figures_of_persons(app: TestApp) {
        let mut world = World::new(app).await;
        world.household("c1t1v1").await;
        let admin = world.person(&[Held::new(Role::Admin, "b"), Held::new(Role::Worker, "c1t1")]);
        let asked = "metrics=households,assistance_count,persons,households_assisted_share";
        for (point, persons) in [("c1t1", true), ("c1t1v1", true), ("c1", false), ("c1t2", false), ("b", false)] {
            for period in ["2026-11", "2026-Q4", "2026", "all"] {
                let path = format!("/service-points/{}/statistics?period={period}&{asked}", world.id(point));
                let figures = get(&world, &admin, &path).await.expect(200).json();
                let metrics: Vec<&str> = figures["items"].as_array().unwrap().iter().map(|item| item["metric"].as_str().unwrap()).collect();
                assert!(metrics.contains(&"assistance_count"), "{figures}");
                assert_eq!(metrics.len(), if persons { 4 } else { 1 }, "at {point}: {figures}");
                let path = format!("/service-points/{}/statistics?period={period}&metrics=households", world.id(point));
                let figures = get(&world, &admin, &path).await.expect(200).json();
                assert_eq!(figures["items"].as_array().unwrap().len(), usize::from(persons), "at {point}: {figures}");
            }
        }
    }
}
