//! Every number of every tier, compared with a recount that knows nothing of cells and paths.

mod histories;
mod recount;
mod trace;

use std::collections::BTreeMap;

use diesel::{QueryDsl as _, RunQueryDsl as _};
use futures_util::future::join_all;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::{Value, json};
use terrace::{
    db::{Conn, cells},
    domain::{Day, Id, Period, codes::Role},
};

use crate::{
    on_both,
    support::{Actor, Network, Reply, TestApp},
};

diesel::table! {
    #[sql_name = "service_points"]
    points (name) {
        name -> Text,
        tier -> Text,
        path -> Text,
    }
}

/// Writers that send at the same moment.
const WRITERS: usize = 12;
const ROUNDS: usize = 12;

/// What the test knows of a record that the server has acknowledged.
#[derive(Clone, Debug)]
struct Record {
    id: Id,
    giver: Id,
    kind: String,
    given_on: Day,
    quantity: i64,
    voided: bool,
}

/// What the test knows of the network: each point's parent and tier (1 for the bureau).
struct Model {
    parents: BTreeMap<Id, Option<Id>>,
    depths: BTreeMap<Id, usize>,
    records: Vec<Record>,
}

impl Model {
    /// Whether `top` is `id` or above it, by following parents.
    fn is_under(&self, id: Id, top: Id) -> bool {
        std::iter::successors(Some(id), |at| self.parents[at]).any(|at| at == top)
    }

    /// (count, quantity) of what these points gave in a period.
    fn sum(&self, period: Period, kind: Option<&str>, gave: impl Fn(Id) -> bool) -> (i64, i64) {
        let counted = self.records.iter().filter(|record| {
            !record.voided
                && period.contains(record.given_on)
                && kind.is_none_or(|kind| kind == record.kind)
                && gave(record.giver)
        });
        counted.fold((0, 0), |(n, quantity), record| (n + 1, quantity + record.quantity))
    }

    fn of_depth(&self, depth: usize) -> Vec<Id> {
        self.depths.iter().filter(|(_, at)| **at == depth).map(|(id, _)| *id).collect()
    }
}

/// A request of a history, and what it means to the model once it is acknowledged.
enum Step {
    Log(Record, Value),
    Void(Id),
    Move(Id, Id, i64),
}

const KINDS: [&str; 3] = ["logistics", "training", "guidance"];

on_both! {
    /// Random records of every tier over two years, voids, and moves of villages and townships, by twelve writers at
    /// once; after each round every cell and every statistic equals the recount.
    async fn every_number_equals_a_recount(app: TestApp) {
        let network = app.network().await;
        let manager = app.actor(&[(Role::Manager, network.id("b"))]);
        let mut rng = StdRng::seed_from_u64(20_261_124);
        let mut model = model_of(&network);
        let households = register(&app, &manager, &network).await;
        for round in 0..ROUNDS {
            let steps: Vec<Step> = steps(&app, &manager, &model, &households, &mut rng).await;
            let replies = join_all(steps.iter().map(|step| send(&app, &manager, step))).await;
            // What was done before what was refused for it, whichever was sent first.
            let mut told: Vec<(Step, Reply)> = steps.into_iter().zip(replies).collect();
            told.sort_by_key(|(_, reply)| reply.status);
            for (step, reply) in told {
                apply(&mut model, step, &reply);
            }
            compare_cells(&app, &model, round);
            compare_statistics(&app, &manager, &model, round).await;
        }
        assert!(model.records.iter().any(|record| record.voided) && model.records.len() > 60, "the history was too thin");
    }
}

fn model_of(network: &Network) -> Model {
    let mut parents = BTreeMap::new();
    let mut depths = BTreeMap::new();
    for name in network.names() {
        let (depth, parent) = match name.len() {
            1 => (1, None),
            2 => (2, Some("b")),
            length => (length / 2 + 1, Some(&name[..length - 2])),
        };
        parents.insert(network.id(name), parent.map(|parent| network.id(parent)));
        depths.insert(network.id(name), depth);
    }
    Model { parents, depths, records: Vec::new() }
}

async fn register(app: &TestApp, manager: &Actor, network: &Network) -> Vec<Id> {
    let mut households = Vec::new();
    for home in ["c1t1v1", "c2t2v2", "c1t2", "c2", "b"] {
        let body = json!({
            "service_point_id": network.id(home), "head_name": "模拟户主", "address": "模拟地址",
            "household_type": "monitored", "registered_on": "2024-01-01",
        });
        households.push(app.post(manager, "/api/v1/households", &body).await.expect(201).id());
    }
    households
}

async fn steps(app: &TestApp, manager: &Actor, model: &Model, households: &[Id], rng: &mut StdRng) -> Vec<Step> {
    let everyone: Vec<Id> = model.parents.keys().copied().collect();
    let mut steps = Vec::new();
    while steps.len() < WRITERS {
        match rng.gen_range(0..10) {
            0..=6 => {
                let record = Record {
                    id: app.edge.new_id(),
                    giver: *everyone.choose(rng).unwrap(),
                    kind: (*KINDS.choose(rng).unwrap()).to_owned(),
                    given_on: "2025-01-01".parse::<Day>().unwrap().plus_days(rng.gen_range(0..690)),
                    quantity: rng.gen_range(1..50),
                    voided: false,
                };
                let body = json!({
                    "id": record.id, "household_id": households.choose(rng).unwrap(), "service_point_id": record.giver,
                    "kind": record.kind, "given_on": record.given_on, "quantity": record.quantity,
                });
                steps.push(Step::Log(record, body));
            }
            7 | 8 if !model.records.is_empty() => {
                // A record voided before, or twice in one round, is refused the second time.
                steps.push(Step::Void(model.records.choose(rng).unwrap().id));
            }
            _ => {
                let depth = rng.gen_range(3..=4);
                let moved = *model.of_depth(depth).choose(rng).unwrap();
                let to = *model.of_depth(depth - 1).choose(rng).unwrap();
                let path = format!("/api/v1/service-points/{moved}");
                let version = app.get(manager, &path).await.expect(200).json()["version"].as_i64().unwrap();
                steps.push(Step::Move(moved, to, version));
            }
        }
    }
    steps
}

async fn send(app: &TestApp, manager: &Actor, step: &Step) -> Reply {
    match step {
        Step::Log(_, body) => app.post(manager, "/api/v1/assistance-records", body).await,
        Step::Void(id) => {
            let path = format!("/api/v1/assistance-records/{id}/void");
            app.post_to(manager, &path, 1, Some(&json!({"reason": "模拟作废"}))).await
        }
        Step::Move(id, to, version) => {
            let path = format!("/api/v1/service-points/{id}/move");
            app.post_to(manager, &path, *version, Some(&json!({"parent_id": to, "reason": "模拟调整"}))).await
        }
    }
}

/// What an answer means: acknowledged, or refused for a reason that a race explains.
fn apply(model: &mut Model, step: Step, reply: &Reply) {
    match step {
        Step::Log(record, _) => {
            assert_eq!(reply.status, 201, "{}", reply.text());
            model.records.push(record);
        }
        Step::Void(id) => {
            let record = model.records.iter_mut().find(|record| record.id == id).unwrap();
            match reply.status {
                200 => assert!(!std::mem::replace(&mut record.voided, true), "voided twice"),
                _ => assert!(record.voided && reply.code() == "version.stale", "{}", reply.text()),
            }
        }
        Step::Move(id, to, _) => match reply.status {
            200 => drop(model.parents.insert(id, Some(to))),
            _ => assert!(["resource.already_so", "version.stale"].contains(&reply.code().as_str()), "{}", reply.text()),
        },
    }
}

/// Every cell, none missing and none too many. The bureau's holds its own alone.
fn compare_cells(app: &TestApp, model: &Model, round: usize) {
    type Key = (Id, i32, String);
    let mut expected: BTreeMap<Key, (i64, i64)> = BTreeMap::new();
    for record in model.records.iter().filter(|record| !record.voided) {
        for (point, depth) in &model.depths {
            if (*depth > 1 && model.is_under(record.giver, *point)) || record.giver == *point {
                let cell = expected.entry((*point, record.given_on.month().key(), record.kind.clone())).or_default();
                *cell = (cell.0 + 1, cell.1 + record.quantity);
            }
        }
    }
    let mut conn = app.conn();
    let kept: BTreeMap<Key, (i64, i64)> = cells::all(&mut conn)
        .unwrap()
        .into_iter()
        .map(|cell| ((cell.service_point_id, cell.period, cell.kind), (cell.n, cell.quantity)))
        .collect();
    assert_eq!(kept, expected, "round {round}");
    paths_are_parents(&mut conn, model, round);
}

/// The paths that the roll-up follows say the same as the parents that the model knows.
fn paths_are_parents(conn: &mut Conn, model: &Model, round: usize) {
    let paths: Vec<String> = points::table.select(points::path).load(conn).unwrap();
    for path in paths {
        let ids: Vec<Id> = path.split('/').skip(1).map(|hex| hex.parse().unwrap()).collect();
        let mut up: Vec<Id> = std::iter::successors(ids.last().copied(), |at| model.parents[at]).collect();
        up.reverse();
        assert_eq!(ids, up, "round {round}");
    }
}

/// Total, own, by child and by kind of every point, over a month, a quarter, a year and all time.
async fn compare_statistics(app: &TestApp, manager: &Actor, model: &Model, round: usize) {
    for point in model.parents.keys().copied() {
        for text in ["2026-11", "2026-Q3", "2025", "all"] {
            let period: Period = text.parse().unwrap();
            let path = format!("/api/v1/service-points/{point}/statistics?period={text}");
            let reply = app.get(manager, &path).await.expect(200).json();
            let total = model.sum(period, None, |giver| model.is_under(giver, point));
            let own = model.sum(period, None, |giver| giver == point);
            for (at, pick) in [(0, 0), (1, 1)] {
                let item = &reply["items"][at];
                let value = |(n, quantity): (i64, i64)| if pick == 0 { n } else { quantity };
                assert_eq!(
                    (&item["total"], &item["own"]),
                    (&json!(value(total)), &json!(value(own))),
                    "round {round} {text}"
                );
                let children = item["by_child"].as_array().unwrap();
                let known = model.parents.values().filter(|parent| **parent == Some(point)).count();
                assert_eq!(children.len(), known, "round {round}");
                for child in children {
                    let id: Id = child["service_point_id"].as_str().unwrap().parse().unwrap();
                    let expected = model.sum(period, None, |giver| model.is_under(giver, id));
                    assert_eq!(child["value"], json!(value(expected)), "round {round} {text}");
                }
                let by_kind: BTreeMap<String, i64> = item["by_kind"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|kind| (kind["kind"].as_str().unwrap().to_owned(), kind["value"].as_i64().unwrap()))
                    .collect();
                let expected: BTreeMap<String, i64> = KINDS
                    .iter()
                    .map(|kind| {
                        ((*kind).to_owned(), value(model.sum(period, Some(kind), |giver| model.is_under(giver, point))))
                    })
                    .filter(|(_, sum)| *sum != 0)
                    .collect();
                assert_eq!(by_kind, expected, "round {round} {text}");
            }
        }
    }
}
