//! Lists show what the oracle says is visible, all of it and each row once, however the pages are cut.

use std::collections::BTreeSet;

use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::Value;
use terrace::domain::Id;

use super::{
    oracle::{Held, MATRIX, Role, Verdict},
    random::any_grants,
    world::{Person, Standing, World},
};
use crate::on_both;

const SEED: u64 = 3_405;
const READERS: usize = 14;

/// A list, the permission that it shows things by, and the parameter that narrows it to a subtree.
struct List {
    path: &'static str,
    permission: &'static str,
    within: Option<&'static str>,
    counts: bool,
    /// Every row that there is, with its point.
    rows: Vec<(Id, String)>,
}

/// Fills the world, and lists what is in it.
async fn filled(world: &mut World, rng: &mut StdRng, points: &[String]) -> Vec<List> {
    let (mut households, mut records) = (Vec::new(), Vec::new());
    for point in points {
        households.push((world.household(point).await, point.clone()));
        if rng.gen_bool(0.4) {
            households.push((world.new_household(point).await, point.clone()));
        }
        for _ in 0..2 {
            let home = points.choose(rng).unwrap();
            records.push((world.new_record(point, home).await, point.clone()));
        }
    }
    let tree = points.iter().map(|point| (world.id(point), point.clone())).collect();
    let list = |path, permission, within, counts, rows| List { path, permission, within, counts, rows };
    let (at, by) = (Some("service_point_id"), "households.read");
    vec![
        list("/api/v1/service-points", "service_points.read", None, true, tree),
        list("/api/v1/households", by, at, true, households),
        list("/api/v1/assistance-records", by, at, false, records),
        list("/api/v1/accounts", "accounts.manage", None, false, world.accounts.clone()),
        list("/api/v1/grants", "accounts.manage", None, false, world.grants.clone()),
    ]
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
        let there = |point: &str| top.is_none_or(|top| world.tree.covers(top, point));
        let rows = list.rows.iter().filter(|(_, point)| oracle.may(list.permission, point) && there(point));
        rows.map(|(id, _)| *id).collect()
    };
    let first = world.app.get(&who.actor, &format!("{}?limit={limit}", list.path)).await;
    if oracle.anywhere(list.permission) != Verdict::Allowed {
        assert_eq!(first.expect(403).json()["permission"], list.permission, "{} by {:?}", list.path, who.held);
        return;
    }
    assert_eq!(world.leaks(&who.held, &first), [""; 0], "{} by {:?}: {}", list.path, who.held, first.text());
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
        let lists = filled(&mut world, &mut rng, &points).await;
        for who in &readers {
            for list in &lists {
                compare(&world, who, list, &points, rng.gen_range(2..=3)).await;
            }
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
