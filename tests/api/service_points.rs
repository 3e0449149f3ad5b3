//! Service points: what may be done with one, every refusal, and what happens when two people do it at once. Imports,
//! searches and the lists of the tree have files of their own.

mod import;
mod lists;

use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use crate::{
    on_both,
    support::{Actor, Network, Reply, TestApp, household},
    tree::rows,
};

const POINTS: &str = "/api/v1/service-points";

fn item(id: impl std::fmt::Display) -> String {
    format!("{POINTS}/{id}")
}

fn verb(id: impl std::fmt::Display, verb: &str) -> String {
    format!("{POINTS}/{id}/{verb}")
}

/// Moves a point that is at this version.
async fn relocate(app: &TestApp, actor: &Actor, id: Id, version: i64, parent: Id) -> Reply {
    app.post_to(actor, &verb(id, "move"), version, Some(&json!({"parent_id": parent, "reason": "模拟调整"}))).await
}

async fn close(app: &TestApp, actor: &Actor, id: Id, version: i64, on: Value) -> Reply {
    app.post_to(actor, &verb(id, "close"), version, Some(&json!({"closed_on": on, "reason": "模拟撤并"}))).await
}

fn admin(app: &TestApp, network: &Network) -> Actor {
    app.actor(&[(Role::Admin, network.id("b"))])
}

/// Fails unless the answer is this refusal with these faults.
#[track_caller]
fn refused(reply: &Reply, status: u16, code: &str, faults: &[(&str, &str)]) {
    assert_eq!((reply.status, reply.code().as_str()), (status, code), "{}", reply.text());
    let told = reply.faults();
    let told: Vec<(&str, &str)> = told.iter().map(|(pointer, code)| (pointer.as_str(), code.as_str())).collect();
    assert_eq!(told, faults, "{}", reply.text());
}

async fn register(app: &TestApp, worker: &Actor, point: Id) -> Id {
    app.post(worker, "/api/v1/households", &household(point)).await.expect(201).id()
}

async fn log(app: &TestApp, worker: &Actor, household: Id, point: Id, day: impl serde::Serialize) -> Reply {
    let body = json!({"household_id": household, "service_point_id": point, "kind": "logistics", "given_on": day, "quantity": 2});
    app.post(worker, "/api/v1/assistance-records", &body).await
}

/// How many records a point and everything below it has, and how many of these are its own.
async fn counted(app: &TestApp, actor: &Actor, point: Id) -> (i64, i64) {
    let reply = app.get(actor, &format!("{}?period=all", verb(point, "statistics"))).await.expect(200).json();
    (reply["items"][0]["total"].as_i64().unwrap(), reply["items"][0]["own"].as_i64().unwrap())
}

on_both! {
    /// What goes in comes out again, and a change touches what it names alone.
    async fn a_point_is_opened_shown_and_edited(app: TestApp) {
        let network = app.network().await;
        let admin = admin(&app, &network);
        let body = json!({
            "parent_id": network.id("c1t1"), "tier": "village", "name": " 模拟村 ", "region_code": "999901001003", "address": "模拟路 3 号",
            "longitude_e6": 104_921_000, "latitude_e6": -33_400_000, "contact_name": "模拟联系人", "contact_phone": "139 0000 0000",
        });
        let opened = app.post(&admin, POINTS, &body).await.expect(201);
        let (id, shown) = (opened.id(), opened.json());
        assert_eq!(opened.header("location"), Some(&*item(id)));
        assert_eq!(opened.header("etag"), Some("\"1\""));
        for (field, value) in body.as_object().unwrap() {
            let expected = if field == "name" { json!("模拟村") } else { value.clone() };
            assert_eq!(shown[field], expected, "{field}");
        }
        let today = app.today().to_string();
        assert_eq!(json!([shown["status"], shown["opened_on"], shown["closed_on"], shown["village_kind"]]), json!(["active", today, null, "community"]));
        assert_eq!(app.get(&admin, &item(id)).await.expect(200).json(), shown, "it is shown as it was opened");

        let change = json!({"name": "模拟新村", "region_code": "999901001203", "address": null});
        let edited = app.patch(&admin, &item(id), 1, &change).await.expect(200);
        assert_eq!(edited.header("etag"), Some("\"2\""));
        let mut expected = shown.clone();
        for (field, value) in [("name", json!("模拟新村")), ("region_code", json!("999901001203")), ("address", Value::Null), ("version", json!(2)), ("village_kind", json!("committee"))] {
            expected[field] = value;
        }
        assert_eq!(edited.json(), expected);
        assert_eq!(app.get(&admin, &item(id)).await.expect(200).json(), expected);
    }

    /// The kind of a village follows from the last three digits of its code, and only a village has one.
    async fn a_village_is_a_community_or_a_committee_by_its_code(app: TestApp) {
        let network = app.network().await;
        let admin = admin(&app, &network);
        let cases = [("999901001001", "community"), ("999901001199", "community"), ("999901001200", "committee"), ("999901001999", "committee"), ("999901009000", "")];
        for (code, kind) in cases {
            let body = json!({"parent_id": network.id("c1t1"), "tier": "village", "name": "模拟村", "region_code": code});
            let shown = app.post(&admin, POINTS, &body).await.expect(201).json();
            assert_eq!(shown["village_kind"], if kind.is_empty() { Value::Null } else { json!(kind) }, "{code}");
        }
        let without = app.post(&admin, POINTS, &json!({"parent_id": network.id("c1t1"), "tier": "village", "name": "模拟村"})).await;
        assert_eq!(without.expect(201).json()["village_kind"], Value::Null);
        assert_eq!(app.get(&admin, &item(network.id("c1t1"))).await.json()["village_kind"], Value::Null);
    }

    /// Each way of opening a point wrongly has its own answer, and leaves nothing behind.
    async fn a_point_that_cannot_be_opened_is_refused(app: TestApp) {
        let network = app.network().await;
        let admin = admin(&app, &network);
        close(&app, &admin, network.id("c2t2v2"), 1, Value::Null).await.expect(200);
        close(&app, &admin, network.id("c2t2v1"), 1, Value::Null).await.expect(200);
        close(&app, &admin, network.id("c2t2"), 1, Value::Null).await.expect(200);
        let before = rows::read(&mut app.conn()).0;
        let open = async |change: Value| {
            let mut body = json!({"parent_id": network.id("c1t1"), "tier": "village", "name": "模拟村"});
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            app.post(&admin, POINTS, &body).await
        };
        for tier in ["bureau", "county", "township"] {
            refused(&open(json!({"tier": tier})).await, 422, "request.invalid", &[("/tier", "wrong_tier")]);
        }
        refused(&open(json!({"parent_id": network.id("c1t1v1")})).await, 422, "request.invalid", &[("/tier", "wrong_tier")]);
        refused(&open(json!({"parent_id": network.id("c2t2")})).await, 409, "service_point.ended", &[]);
        refused(&open(json!({"parent_id": app.edge.new_id()})).await, 404, "resource.not_found", &[("/parent_id", "not_found")]);
        refused(&open(json!({"region_code": "999901001201"})).await, 409, "service_point.region_code_taken", &[]);
        refused(&open(json!({"status": "suspended"})).await, 422, "request.invalid", &[("/status", "not_a_first_status")]);
        refused(&open(json!({"status": "closed"})).await, 422, "request.invalid", &[("/status", "not_a_first_status")]);
        refused(&open(json!({"opened_on": app.today().plus_days(1)})).await, 422, "request.invalid", &[("/opened_on", "in_future")]);
        refused(&open(json!({"id": "00000000-0000-0000-0000-000000000000"})).await, 422, "request.invalid", &[("/id", "nil_id")]);
        refused(&open(json!({"extra": 1})).await, 400, "request.malformed", &[("/extra", "unknown_field")]);
        refused(&open(json!({"name": "a\0b"})).await, 400, "request.malformed", &[("/name", "nul")]);
        refused(&open(json!({"opened_on": "2026-02-30"})).await, 400, "request.malformed", &[("/opened_on", "wrong_type")]);
        refused(&open(json!({"longitude_e6": 1_i64 << 40})).await, 400, "request.malformed", &[("/longitude_e6", "wrong_type")]);
        let everything = open(json!({
            "name": " ", "region_code": "99990100120", "address": "x".repeat(201), "longitude_e6": 180_000_001, "latitude_e6": -90_000_001,
            "contact_name": "", "contact_phone": "none", "tier": "county", "status": "merged", "opened_on": "2999-12-31",
        }));
        refused(&everything.await, 422, "request.invalid", &[
            ("/address", "length"), ("/contact_name", "length"), ("/contact_phone", "phone"), ("/latitude_e6", "range"), ("/longitude_e6", "range"),
            ("/name", "length"), ("/region_code", "region_code"), ("/tier", "wrong_tier"), ("/status", "not_a_first_status"), ("/opened_on", "in_future"),
        ]);
        assert_eq!(rows::read(&mut app.conn()).0, before, "a refusal wrote something");
        // The code of a point that has ended is free again.
        open(json!({"region_code": "999902002201"})).await.expect(201);
    }

    /// Nobody changes what they have not seen: every change names its version, and a refused one changes nothing.
    async fn a_change_names_the_version_that_it_changes(app: TestApp) {
        let network = app.network().await;
        let (admin, id) = (admin(&app, &network), network.id("c1t1v1"));
        app.patch(&admin, &item(id), 1, &json!({"address": "模拟地址"})).await.expect(200);
        let (reason, edit) = (json!({"reason": "模拟"}), json!({"name": "模拟"}));
        let destination = json!({"parent_id": network.id("c1t2"), "reason": "模拟"});
        let changes = [("", Some(&edit)), ("/move", Some(&destination)), ("/close", Some(&reason)), ("/suspend", None), ("/activate", None)];
        for (suffix, body) in changes {
            let path = format!("{}{suffix}", item(id));
            let method = if suffix.is_empty() { actix_web::http::Method::PATCH } else { actix_web::http::Method::POST };
            let send = async |headers: &[(&str, &str)]| app.request(&admin, method.clone(), &path, body, headers).await;
            refused(&send(&[]).await, 428, "version.required", &[]);
            refused(&send(&[("if-match", "*")]).await, 428, "version.required", &[]);
            for tag in ["2", "\"x\"", "\"2\", \"3\""] {
                assert_eq!(send(&[("if-match", tag)]).await.status, 400, "{suffix} {tag}");
            }
            for stale in ["\"1\"", "\"3\"", "\"-1\"", "W/\"1\""] {
                let reply = send(&[("if-match", stale)]).await;
                refused(&reply, 412, "version.stale", &[]);
                assert_eq!(reply.json()["current_version"], 2, "{suffix} {stale}");
            }
            let nobody = format!("{}{suffix}", item(app.edge.new_id()));
            let reply = app.request(&admin, method.clone(), &nobody, body, &[("if-match", "\"1\"")]).await;
            refused(&reply, 404, "resource.not_found", &[]);
        }
        let shown = app.get(&admin, &item(id)).await.expect(200).json();
        assert_eq!(json!([shown["version"], shown["status"]]), json!([2, "active"]));
    }

    /// A pause keeps new work away and ends by being put to work again; a plan opens when it begins.
    async fn a_point_is_paused_and_put_to_work(app: TestApp) {
        let network = app.network().await;
        let (admin, id) = (admin(&app, &network), network.id("c1t1v1"));
        let worker = app.actor(&[(Role::Worker, network.id("c1"))]);
        let household = register(&app, &worker, id).await;
        refused(&app.post_to(&admin, &verb(id, "activate"), 1, None).await, 409, "resource.already_so", &[]);
        assert_eq!(app.post_to(&admin, &verb(id, "suspend"), 1, None).await.expect(200).json()["status"], "suspended");
        refused(&app.post_to(&admin, &verb(id, "suspend"), 2, None).await, 409, "resource.already_so", &[]);
        refused(&log(&app, &worker, household, id, app.today()).await, 409, "service_point.not_active", &[]);
        app.post_to(&admin, &verb(id, "activate"), 2, None).await.expect(200);
        log(&app, &worker, household, id, app.today()).await.expect(201);

        let body = json!({"parent_id": network.id("c1t1"), "tier": "village", "name": "模拟村", "status": "planned", "opened_on": app.today().plus_days(90)});
        let planned = app.post(&admin, POINTS, &body).await.expect(201).id();
        refused(&log(&app, &worker, household, planned, app.today()).await, 409, "service_point.not_active", &[]);
        let begun = app.post_to(&admin, &verb(planned, "activate"), 1, None).await.expect(200).json();
        assert_eq!(json!([begun["status"], begun["opened_on"]]), json!(["active", app.today()]));
        log(&app, &worker, household, planned, app.today()).await.expect(201);
    }

    /// A closed point keeps what it did, takes records of its lifetime only, and changes no more.
    async fn a_point_closes_once_and_keeps_its_history(app: TestApp) {
        let network = app.network().await;
        let (id, first_day) = (network.id("c1t1v1"), app.today());
        let household = register(&app, &app.actor(&[(Role::Worker, network.id("b"))]), id).await;
        app.edge.advance(5 * 86_400);
        let (admin, worker) = (admin(&app, &network), app.actor(&[(Role::Worker, network.id("b"))]));
        let record = log(&app, &worker, household, id, app.today()).await.expect(201).id();
        let tomorrow = app.today().plus_days(1);
        refused(&close(&app, &admin, id, 1, json!(tomorrow)).await, 422, "request.invalid", &[("/closed_on", "in_future")]);
        refused(&close(&app, &admin, id, 1, json!("2026-11-23")).await, 422, "request.invalid", &[("/closed_on", "before_opening")]);
        refused(&app.post_to(&admin, &verb(id, "close"), 1, Some(&json!({"reason": " "}))).await, 422, "request.invalid", &[("/reason", "length")]);
        for above in ["c1t1", "c1", "b"] {
            refused(&close(&app, &admin, network.id(above), 1, Value::Null).await, 409, "service_point.open_children", &[]);
        }
        refused(&close(&app, &admin, id, 1, json!(first_day.plus_days(4))).await, 409, "service_point.records_after_close", &[]);
        // A record that was taken back does not hold the point open.
        app.post_to(&worker, &format!("/api/v1/assistance-records/{record}/void"), 1, Some(&json!({"reason": "模拟"}))).await.expect(200);
        log(&app, &worker, household, id, first_day.plus_days(3)).await.expect(201);
        let closed = close(&app, &admin, id, 1, json!(first_day.plus_days(4))).await.expect(200).json();
        assert_eq!(json!([closed["status"], closed["closed_on"], closed["version"]]), json!(["closed", first_day.plus_days(4), 2]));

        log(&app, &worker, household, id, first_day.plus_days(4)).await.expect(201);
        refused(&log(&app, &worker, household, id, first_day.plus_days(5)).await, 409, "service_point.ended", &[]);
        refused(&close(&app, &admin, id, 2, Value::Null).await, 409, "service_point.ended", &[]);
        refused(&relocate(&app, &admin, id, 2, network.id("c1t2")).await, 409, "service_point.ended", &[]);
        refused(&app.patch(&admin, &item(id), 2, &json!({"name": "模拟"})).await, 409, "service_point.ended", &[]);
        for act in ["suspend", "activate"] {
            refused(&app.post_to(&admin, &verb(id, act), 2, None).await, 409, "service_point.ended", &[]);
        }
        assert_eq!(counted(&app, &worker, id).await, (2, 2));
        assert_eq!(counted(&app, &worker, network.id("b")).await, (2, 0));
        assert_eq!(app.get(&worker, &verb(id, "history")).await.expect(200).json()["items"].as_array().unwrap().len(), 1);
    }

    /// Each way of moving a point wrongly has its own answer; a right one takes everything below it along, with its
    /// figures.
    async fn a_point_moves_with_all_it_has_or_not_at_all(app: TestApp) {
        let network = app.network().await;
        let (admin, auditor) = (admin(&app, &network), app.actor(&[(Role::Auditor, network.id("b"))]));
        let worker = app.actor(&[(Role::Worker, network.id("b"))]);
        let household = register(&app, &worker, network.id("c1t1v1")).await;
        for point in ["c1t1v1", "c1t1v1", "c1t1", "c1", "b"] {
            log(&app, &worker, household, network.id(point), app.today()).await.expect(201);
        }
        for village in ["c2t2v1", "c2t2v2", "c2t2"] {
            close(&app, &admin, network.id(village), 1, Value::Null).await.expect(200);
        }
        let before = rows::read(&mut app.conn()).0;
        let to = async |point: &str, parent: &str| relocate(&app, &admin, network.id(point), 1, network.id(parent)).await;
        refused(&to("c1t1v1", "c1t1").await, 409, "resource.already_so", &[]);
        for parent in ["c2", "b", "c1t1v2"] {
            refused(&to("c1t1v1", parent).await, 422, "request.invalid", &[("/parent_id", "wrong_tier")]);
        }
        let cycle = &[("/parent_id", "wrong_tier"), ("/parent_id", "cycle")];
        for (point, parent) in [("c1", "c1t1"), ("c1", "c1"), ("c1", "c1t1v1"), ("b", "c1"), ("b", "b")] {
            refused(&to(point, parent).await, 422, "request.invalid", cycle);
        }
        refused(&to("c1t1v1", "c2t2").await, 409, "service_point.ended", &[]);
        refused(&relocate(&app, &admin, network.id("c1t1"), 1, app.edge.new_id()).await, 404, "resource.not_found", &[("/parent_id", "not_found")]);
        // A manager sees nothing of the other county, and stands in the own one without moving it.
        let manager = app.actor(&[(Role::Manager, network.id("c1"))]);
        refused(&relocate(&app, &manager, network.id("c1t1"), 1, network.id("c2")).await, 404, "resource.not_found", &[("/parent_id", "not_found")]);
        refused(&relocate(&app, &manager, network.id("c2t1v1"), 1, network.id("c1t1")).await, 404, "resource.not_found", &[]);
        refused(&relocate(&app, &manager, network.id("c1"), 1, network.id("b")).await, 403, "permission.denied", &[]);
        assert_eq!(rows::read(&mut app.conn()).0, before, "a refusal wrote something");

        let figures = async || {
            let mut all = Vec::new();
            for point in ["b", "c1", "c2", "c1t1", "c1t1v1"] {
                all.push(counted(&app, &auditor, network.id(point)).await);
            }
            all
        };
        assert_eq!(figures().await, [(5, 1), (4, 1), (0, 0), (3, 1), (2, 2)]);
        let moved = to("c1t1", "c2").await.expect(200);
        assert_eq!(json!([moved.json()["parent_id"], moved.json()["version"]]), json!([network.id("c2"), 2]));
        assert_eq!(figures().await, [(5, 1), (1, 1), (3, 0), (3, 1), (2, 2)]);
        rows::check(&mut app.conn(), "after the move");
        relocate(&app, &manager, network.id("c1t2v1"), 1, network.id("c1t1")).await.expect(404);
        relocate(&app, &admin, network.id("c1t1"), 2, network.id("c1")).await.expect(200);
        assert_eq!(figures().await, [(5, 1), (4, 1), (0, 0), (3, 1), (2, 2)]);
        relocate(&app, &manager, network.id("c1t1v1"), 1, network.id("c1t2")).await.expect(200);
        assert_eq!(figures().await, [(5, 1), (4, 1), (0, 0), (1, 1), (2, 2)]);
        let history = app.get(&admin, &verb(network.id("c1t1v1"), "history")).await.expect(200).json();
        assert_eq!(history["items"], json!([{"parent_id": network.id("c1t2"), "valid_from": app.today(), "valid_to": null}]));
    }

    /// Of two who move one point at the same moment, one learns that the other was quicker.
    async fn one_of_two_moves_wins(app: TestApp) {
        let network = app.network().await;
        let (admin, id) = (admin(&app, &network), network.id("c1t1v1"));
        let places = ["c1t1", "c1t2", "c2t1", "c2t2"].map(|name| network.id(name));
        for round in 0..12_usize {
            let version = i64::try_from(round).unwrap() + 1;
            let here = app.get(&admin, &item(id)).await.expect(200).json()["parent_id"].as_str().unwrap().parse::<Id>().unwrap();
            let elsewhere: Vec<Id> = places.iter().copied().filter(|place| *place != here).collect();
            let (one, other) = (elsewhere[round % 3], elsewhere[(round + 1) % 3]);
            let (first, second) = join(relocate(&app, &admin, id, version, one), relocate(&app, &admin, id, version, other)).await;
            let (won, lost, place) = if first.status == 200 { (first, second, one) } else { (second, first, other) };
            assert_eq!(won.expect(200).json()["parent_id"], json!(place), "round {round}");
            refused(&lost, 412, "version.stale", &[]);
            assert_eq!(lost.json()["current_version"], version + 1, "round {round}");
            rows::check(&mut app.conn(), &format!("round {round}"));
        }
    }

    /// A region code is given once, however many ask for it at the same moment.
    async fn a_region_code_is_given_once(app: TestApp) {
        let network = app.network().await;
        let admin = admin(&app, &network);
        let body = json!({"parent_id": network.id("c1t1"), "tier": "village", "name": "模拟村", "region_code": "999901001299"});
        let replies = join_all((0..20).map(|_| app.post(&admin, POINTS, &body))).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
        for reply in replies.iter().filter(|reply| reply.status != 201) {
            refused(reply, 409, "service_point.region_code_taken", &[]);
        }
        rows::check(&mut app.conn(), "after twenty at once");
    }

    /// Townships and villages wander while records are logged in them, and at the end every figure is what a recount
    /// of the records along the present tree gives.
    async fn figures_are_exact_while_points_move(app: TestApp) {
        let network = app.network().await;
        let (admin, worker) = (admin(&app, &network), app.actor(&[(Role::Worker, network.id("b"))]));
        let household = register(&app, &worker, network.id("c1t1v1")).await;
        let wander = async |point: &str, places: [&str; 2]| {
            for round in 0..8_usize {
                let version = i64::try_from(round).unwrap() + 1;
                relocate(&app, &admin, network.id(point), version, network.id(places[round % 2])).await.expect(200);
            }
        };
        let givers = ["c1t1v1", "c1t1", "c1t2v1", "c2t1v2", "c1", "c1t1v2"];
        let logging = (0..48).map(async |at| {
            log(&app, &worker, household, network.id(givers[at % givers.len()]), app.today()).await.expect(201);
        });
        let township = wander("c1t1", ["c2", "c1"]);
        let village = wander("c1t2v1", ["c1t1", "c1t2"]);
        let other = wander("c2t1v2", ["c1t1", "c2t1"]);
        join(join_all(logging), join(township, join(village, other))).await;
        rows::check(&mut app.conn(), "after the moves");
        let (points, _) = rows::read(&mut app.conn());
        for name in network.names() {
            let id = network.id(name).simple();
            let given = |below: &dyn Fn(&str) -> bool| givers.iter().filter(|giver| below(&network.id(giver).simple())).count() * 8;
            let total = given(&|giver| points[giver].path.contains(&id));
            let own = given(&|giver| giver == id);
            let expected = (i64::try_from(total).unwrap(), i64::try_from(own).unwrap());
            assert_eq!(counted(&app, &worker, network.id(name)).await, expected, "{name}");
        }
    }
}
