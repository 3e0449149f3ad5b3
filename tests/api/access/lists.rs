//! Lists show what the oracle says is visible, all of it and each row once, however the pages are cut.

use std::collections::BTreeSet;

use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::Value;
use terrace::domain::Id;

use super::{
    calls::notices::exception,
    metrics::{IMPERSONAL, PERSONAL},
    oracle::{Held, MATRIX, Role, Verdict},
    random::any_grants,
    table::Thing,
    world::{Person, Standing, World},
};
use crate::{on_both, support::household};

const SEED: u64 = 3_405;
const READERS: usize = 14;

/// A list, the permission that it shows things by, and the parameter that narrows it to a subtree.
struct List {
    path: &'static str,
    permission: &'static str,
    within: Option<&'static str>,
    counts: bool,
    /// Whether it is narrowed to the point alone, not to its subtree.
    alone: bool,
    /// Every row that there is, with its point.
    rows: Vec<(Id, String)>,
}

/// What households are told with.
struct Ties {
    /// Every household, with its home.
    households: Vec<(Id, String)>,
    /// Every record, with its giver and the household.
    records: Vec<(Id, String, Id)>,
    /// Every request, with the household that it is for and that one's home.
    requests: Vec<(Id, Id, String)>,
}

/// Fills the world, and lists what is in it.
async fn filled(world: &mut World, rng: &mut StdRng, points: &[String]) -> (Vec<List>, Ties) {
    let (mut households, mut records, mut given) = (Vec::new(), Vec::new(), Vec::new());
    let (mut requests, mut asked) = (Vec::new(), Vec::new());
    for point in points {
        households.push((world.household(point).await, point.clone()));
        if rng.gen_bool(0.4) {
            households.push((world.new_household(point).await, point.clone()));
        }
        for _ in 0..2 {
            let home = points.choose(rng).unwrap();
            let id = world.new_record(point, home).await;
            records.push((id, point.clone()));
            given.push((id, point.clone(), world.household(home).await));
        }
        let homes: Vec<&String> = points.iter().filter(|home| *home != point).collect();
        for home in homes.choose_multiple(rng, 2) {
            let household = world.household(home).await;
            let id = world.ask_for(household, point).await;
            requests.push((id, point.clone()));
            asked.push((id, household, (*home).clone()));
        }
    }
    let (mut inspections, mut items, mut findings) = (Vec::new(), Vec::new(), Vec::new());
    for point in points {
        inspections.push((world.new_inspection(point).await, point.clone()));
        let (finding, drawn) = world.new_finding(point).await;
        findings.push((finding, point.clone()));
        for drawn in [drawn, world.new_item(point).await] {
            inspections.push((drawn.inspection, point.clone()));
            items.push((drawn.item, point.clone()));
            records.push((drawn.record, point.clone()));
            given.push((drawn.record, point.clone(), drawn.household));
        }
        // The record that the frame needs, which is made where there is none.
        let record = world.record(point, point).await;
        records.push((record, point.clone()));
        given.push((record, point.clone(), world.household(point).await));
    }
    let mut reports = Vec::new();
    let (mut waivers, mut exceptions) = (Vec::new(), Vec::new());
    for point in points {
        reports.push((world.report(point), point.clone()));
        waivers.push((world.waiver(point), point.clone()));
        let id = world.id(point);
        exceptions.push((exception(world, id), point.clone()));
    }
    let ties = Ties { households: households.clone(), records: given, requests: asked };
    let tree = points.iter().map(|point| (world.id(point), point.clone())).collect();
    let list = |path, permission, within, counts, rows| List { path, permission, within, counts, alone: false, rows };
    let (at, by) = (Some("service_point_id"), "households.read");
    let mut lists = vec![
        list("/api/v1/service-points", "service_points.read", None, true, tree),
        list("/api/v1/households", by, at, true, households),
        list("/api/v1/assistance-records", by, at, false, records),
        list("/api/v1/transfer-requests", by, at, false, requests),
        list("/api/v1/inspections", "inspections.read", at, false, inspections),
        list("/api/v1/inspection-items", "inspections.read", at, false, items),
        list("/api/v1/inspection-findings", "inspections.read", at, false, findings),
        list("/api/v1/reports", "reports.read", at, false, reports),
        list("/api/v1/report-waivers", "reports.read", at, false, waivers),
        list("/api/v1/period-exceptions", "reports.read", at, false, exceptions),
        list("/api/v1/accounts", "accounts.manage", None, false, world.accounts.clone()),
        list("/api/v1/grants", "accounts.manage", None, false, world.grants.clone()),
    ];
    for (thing, _) in Thing::ALL {
        for point in points {
            world.thing(thing, point).await;
            if !matches!(thing, Thing::Balance) && rng.gen_bool(0.3) {
                world.new_thing(thing, point).await;
            }
        }
    }
    // A livestream needs a store, a wage a membership: these were made on the way.
    for (thing, path) in Thing::ALL {
        let made = world.made_things.iter().filter(|(made, ..)| *made == thing);
        let rows = made.map(|(_, point, id, _)| (*id, point.clone())).collect();
        let permission = if thing.is_item() { "catalogues.read" } else { by };
        lists.push(List { alone: thing.is_item(), ..list(path, permission, at, false, rows) });
    }
    (lists, ties)
}

fn ids(items: &[Value]) -> Vec<String> {
    let mut ids: Vec<String> = items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
    ids.sort_unstable();
    ids
}

/// Compares a list with what is to be seen: sorted and not deduplicated, so that a row shown twice is a difference.
async fn shows(world: &World, who: &Person, path: &str, limit: usize, expected: &[Id]) {
    let mut expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
    expected.sort_unstable();
    let shown = ids(&world.app.all_pages(&who.actor, path, limit).await);
    assert_eq!(shown, expected, "{path} in pages of {limit} by {:?}", who.held);
}

async fn compare(world: &World, who: &Person, list: &List, points: &[String], limit: usize) {
    let oracle = world.oracle(&who.held);
    let visible = |top: Option<&str>| -> Vec<Id> {
        let inside = |top: &str, point: &str| if list.alone { top == point } else { world.tree.covers(top, point) };
        let there = |point: &str| top.is_none_or(|top| inside(top, point));
        let rows = list.rows.iter().filter(|(_, point)| oracle.may(list.permission, point) && there(point));
        rows.map(|(id, _)| *id).collect()
    };
    let first = world.app.get(&who.actor, &format!("{}?limit={limit}", list.path)).await;
    if oracle.anywhere(list.permission) != Verdict::Allowed {
        assert_eq!(first.expect(403).json()["permission"], list.permission, "{} by {:?}", list.path, who.held);
        return;
    }
    let told = if list.alone { world.leaks_of_items(&who.held, &first) } else { world.leaks(&who.held, &first) };
    assert_eq!(told, [""; 0], "{} by {:?}: {}", list.path, who.held, first.text());
    shows(world, who, list.path, limit, &visible(None)).await;
    if list.counts {
        let page = world.app.get(&who.actor, &format!("{}?count=true&limit=1", list.path)).await.expect(200);
        assert_eq!(page.json()["count"], visible(None).len(), "{} by {:?}", list.path, who.held);
    }
    let Some(within) = list.within else { return };
    for point in points {
        let path = format!("{}?{within}={}", list.path, world.id(point));
        let reply = world.app.get(&who.actor, &path).await;
        match oracle.at(list.permission, point) {
            Verdict::Hidden => assert_eq!(reply.expect(404).faults(), [(within.to_owned(), "not_found".to_owned())]),
            // The top of a subtree of which a part is allowed: the part, or a refusal, but nothing more.
            Verdict::Denied(permission) if reply.status == 403 => assert_eq!(reply.json()["permission"], permission),
            _ => shows(world, who, &path, limit, &visible(Some(point))).await,
        }
    }
}

/// What is told with a household: all its records, but of their givers only those in scope; and with a request for one the
/// household, if it may be seen.
async fn tied(world: &World, who: &Person, ties: &Ties) {
    let oracle = world.oracle(&who.held);
    let may_see = |home: &str| oracle.may("households.read", home);
    for (id, _) in ties.households.iter().filter(|(_, home)| may_see(home)) {
        let path = format!("/api/v1/households/{id}");
        let told: BTreeSet<(String, Option<String>)> =
            pairs(&world.app.all_pages(&who.actor, &format!("{path}/records"), 2).await, "service_point_id");
        let right =
            ties.records.iter().filter(|(.., to)| to == id).map(|(record, giver, _)| {
                (record.to_string(), oracle.sees(giver).then(|| world.id(giver).to_string()))
            });
        assert_eq!(told, right.collect(), "the records of {id} by {:?}", who.held);
        for end in ["", "/members", "/history", "/records"] {
            let reply = world.app.get(&who.actor, &format!("{path}{end}")).await.expect(200);
            assert_eq!(world.leaks(&who.held, &reply), [""; 0], "{path}{end} by {:?}: {}", who.held, reply.text());
        }
    }
    if oracle.anywhere("households.read") != Verdict::Allowed {
        return;
    }
    let told = pairs(&world.app.all_pages(&who.actor, "/api/v1/transfer-requests", 3).await, "household_id");
    for (id, household) in told {
        let (_, right, home) = ties.requests.iter().find(|(request, ..)| request.to_string() == id).unwrap();
        let right = may_see(home).then(|| right.to_string());
        // One that is in scope and may not be read there is no secret: told or not, both is right.
        let either = oracle.sees(home) && !may_see(home);
        assert!(household == right || either, "request {id} tells of {household:?} to {:?}", who.held);
    }
}

fn pairs(items: &[Value], field: &str) -> BTreeSet<(String, Option<String>)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    items.iter().map(|item| (text(&item["id"]).unwrap(), text(&item[field]))).collect()
}

/// What is told of a point's neighbours: all of it inside the scope, nothing outside.
async fn neighbours(world: &World, who: &Person, point: &str) {
    let oracle = world.oracle(&who.held);
    let seen = |names: Vec<&str>| -> Vec<String> {
        names.into_iter().filter(|name| oracle.sees(name)).map(|name| world.id(name).to_string()).collect()
    };
    let get = async |end: &str| {
        let reply =
            world.app.get(&who.actor, &format!("/api/v1/service-points/{}{end}", world.id(point))).await.expect(200);
        assert_eq!(world.leaks(&who.held, &reply), [""; 0], "{point}{end} by {:?}: {}", who.held, reply.text());
        reply.json()
    };
    let parents = world.tree.parent(point).into_iter().collect();
    let parent = seen(parents).first().cloned();
    assert_eq!(get("").await["parent_id"].as_str(), parent.as_deref(), "{point} by {:?}", who.held);
    let above: Vec<Value> = get("/ancestors").await["items"].as_array().unwrap().clone();
    let above: Vec<&str> = above.iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!(above, seen(world.tree.ancestors(point)), "above {point}, root first, by {:?}", who.held);
    let history = get("/history").await;
    let spans: Vec<Option<&str>> =
        history["items"].as_array().unwrap().iter().map(|span| span["parent_id"].as_str()).collect();
    let once = if point == "b" { vec![] } else { vec![parent.as_deref()] };
    assert_eq!(spans, once, "parents of {point} by {:?}", who.held);
    let below = world.tree.names().filter(|name| world.tree.parent(name) == Some(point)).map(|name| world.id(name));
    let below: Vec<Id> = below.collect();
    shows(world, who, &format!("/api/v1/service-points/{}/children", world.id(point)), 2, &below).await;
    shows(world, who, &format!("/api/v1/service-points?parent_id={}", world.id(point)), 2, &below).await;
    let figures = get("/statistics?period=all").await;
    let metrics: BTreeSet<&str> =
        figures["items"].as_array().unwrap().iter().map(|item| item["metric"].as_str().unwrap()).collect();
    let persons = oracle.may("statistics.persons", point);
    let right = PERSONAL.iter().filter(|_| persons).chain(IMPERSONAL).copied().collect();
    assert_eq!(metrics, right, "{point} by {:?}", who.held);
    let children: BTreeSet<&str> = figures["items"][0]["by_child"]
        .as_array()
        .unwrap()
        .iter()
        .map(|child| child["service_point_id"].as_str().unwrap())
        .collect();
    assert_eq!(
        children,
        below.iter().map(ToString::to_string).collect::<Vec<_>>().iter().map(String::as_str).collect()
    );
}

on_both! {
    /// Random people, with grants that overlap, lie apart, have ended or have not begun.
    async fn lists_show_exactly_what_is_visible(app: TestApp) {
        let mut world = World::new(app).await;
        let mut rng = StdRng::seed_from_u64(SEED);
        let points: Vec<String> = world.tree.names().map(str::to_owned).collect();
        let mut readers = Vec::new();
        for _ in 0..READERS {
            let held = any_grants(&mut rng, &points);
            readers.push(world.person_at(&held[0].point.clone(), &held, Standing::default()));
        }
        // The same rows by two roles and three ways, and a part of what another role may not see at all.
        let many = [(Role::Worker, "c1"), (Role::Auditor, "c1"), (Role::Manager, "c1t1"), (Role::Worker, "c1t1v2")];
        let part = [(Role::Admin, "b"), (Role::Worker, "c1t1"), (Role::Reviewer, "c2t2v1")];
        for grants in [&many[..], &part[..]] {
            let held: Vec<Held> = grants.iter().map(|(role, point)| Held::new(*role, point)).collect();
            readers.push(world.person(&held));
        }
        let (lists, ties) = filled(&mut world, &mut rng, &points).await;
        for who in &readers {
            for list in &lists {
                compare(&world, who, list, &points, rng.gen_range(2..=3)).await;
            }
            tied(&world, who, &ties).await;
            for point in points.iter().filter(|point| world.oracle(&who.held).sees(point)) {
                neighbours(&world, who, point).await;
            }
        }
    }

    /// What is searched for is found in scope and nowhere else: by the beginning of a name or a code, or by a user name.
    async fn searching_finds_nothing_out_of_scope(app: TestApp) {
        let mut world = World::new(app).await;
        let who = world.person(&[Held::new(Role::Manager, "c1"), Held::new(Role::Worker, "c2t1")]);
        let [here, there] = ["c1t1", "c2t1"].map(|point| world.person(&[Held::new(Role::Worker, point)]));
        let tops = |names: &[&str]| -> Vec<Id> {
            world.tree.names().filter(|name| names.iter().any(|top| world.tree.covers(top, name))).map(|name| world.id(name)).collect()
        };
        for (q, expected) in [
            ("模拟", tops(&["c1", "c2t1"])),
            ("模拟c1t1", tops(&["c1t1"])),
            ("模拟c2t2", vec![]),
            ("99990", tops(&["c1", "c2t1"])),
            ("999902002", vec![]),
        ] {
            shows(&world, &who, &format!("/api/v1/service-points?q={q}").replace("模拟", "%E6%A8%A1%E6%8B%9F"), 3, &expected).await;
        }
        shows(&world, &who, &format!("/api/v1/accounts?username={}", here.username), 2, &[here.account]).await;
        shows(&world, &who, &format!("/api/v1/accounts?username={}", there.username), 2, &[]).await;
        shows(&world, &who, &format!("/api/v1/grants?account_id={}", here.account), 2, &here.grants).await;
    }

    /// Households are found by whatever names them in scope, and nowhere else.
    async fn searching_finds_no_household_out_of_scope(app: TestApp) {
        let mut world = World::new(app).await;
        let who = world.person(&[Held::new(Role::Worker, "c1"), Held::new(Role::Admin, "c2t1")]);
        let mut made = Vec::new();
        for home in ["c1t1v1", "c2t1v1", "c2t2v1"] {
            let mut body = household(world.id(home));
            body["phone"] = "13900001234".into();
            body["external_number"] = "模拟-1".into();
            body["members"][0]["phone"] = "13900005678".into();
            body["members"][0]["disability"] = serde_json::json!({ "category": "4", "grade": "2" });
            made.push(world.app.post(&world.clerk.actor, "/api/v1/households", &body).await.expect(201).id());
        }
        for filter in [
            "q=mnhz",
            "q=monihuzhu",
            "phone_tail=1234",
            "phone_tail=5678",
            "external_number=%E6%A8%A1%E6%8B%9F-1",
            "disability=4",
            "household_type=general",
            "status=active",
        ] {
            shows(&world, &who, &format!("/api/v1/households?{filter}"), 2, &made[..1]).await;
            let page = world.app.get(&who.actor, &format!("/api/v1/households?{filter}&count=true")).await.expect(200);
            assert_eq!(page.json()["count"], 1, "{filter}");
        }
    }

    /// What I am told that I may do is what I may do.
    async fn who_i_am_says_what_i_may_do(app: TestApp) {
        let mut world = World::new(app).await;
        let mut rng = StdRng::seed_from_u64(SEED + 1);
        let points: Vec<String> = world.tree.names().map(str::to_owned).collect();
        for _ in 0..READERS {
            let held = any_grants(&mut rng, &points);
            let who = world.person_at(&held[0].point.clone(), &held, Standing::default());
            let me = world.app.get(&who.actor, "/api/v1/me").await.expect(200).json();
            let oracle = world.oracle(&held);
            let mut told = BTreeSet::new();
            for permission in me["permissions"].as_array().unwrap() {
                told.insert(permission["permission"].as_str().unwrap());
            }
            let permissions = MATRIX.iter().map(|(permission, _)| *permission);
            let right: BTreeSet<&str> = permissions.filter(|permission| oracle.anywhere(permission) == Verdict::Allowed).collect();
            assert_eq!(told, right, "{held:?}");
            let mut grants: Vec<(String, String)> = me["grants"].as_array().unwrap().iter().map(|grant| {
                (grant["role"].as_str().unwrap().to_owned(), grant["service_point_id"].as_str().unwrap().to_owned())
            }).collect();
            grants.sort_unstable();
            let mut right: Vec<(String, String)> = oracle.in_force().map(|grant| (grant.role.code().to_owned(), world.id(&grant.point).to_string())).collect();
            right.sort_unstable();
            assert_eq!(grants, right, "{held:?}");
        }
    }
}
