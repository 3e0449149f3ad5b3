//! Random histories by several people at once: records of any tier on days of fourteen months, right and wrong, sent once
//! and twice; voids; points opened, paused, moved and closed. After each batch every number is recounted, and every answer
//! is held against what is there.
//!
//! The seeds are fixed. What happens at the same moment may happen in any order, so where an answer depends on that, any
//! of the possible ones is right, and what must follow from it is checked.

mod batch;

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::{Value, json};
use terrace::domain::{Day, Id, codes::Role};

use self::batch::{Act, Point, Step};
use super::recount::{Book, assert_sums, kept_cells};
use crate::{
    on_both,
    support::{Actor, Network, Reply, TestApp},
};

const POINTS: &str = "/api/v1/service-points";
const RECORDS: &str = "/api/v1/assistance-records";
const KINDS: [&str; 4] = ["logistics", "training", "guidance", "convenience"];
const BATCHES: usize = 30;

/// Every period that something can fall into, and some that nothing does.
fn periods() -> Vec<String> {
    let months = (2025..=2026).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}")));
    let quarters = (2025..=2026).flat_map(|year| (1..=4).map(move |quarter| format!("{year}-Q{quarter}")));
    months.chain(quarters).chain(["2024", "2025", "2026", "2027", "all"].map(str::to_owned)).collect()
}

/// The first day of the history.
fn beginning() -> Day {
    "2025-10-01".parse().unwrap()
}

/// A record that was acknowledged, and by whom.
#[derive(Clone, Debug)]
struct Kept {
    body: Value,
    creator: Id,
    voided: bool,
}

struct History<'a> {
    app: &'a TestApp,
    rng: StdRng,
    network: Network,
    /// A worker and a manager of everything, a worker of one county, an administrator, an auditor.
    people: Vec<Actor>,
    households: Vec<Id>,
    kept: BTreeMap<Id, Kept>,
    points: Vec<Point>,
    /// How many answers of each kind there were.
    seen: BTreeMap<(&'static str, u16), usize>,
}

const WORKER: usize = 0;
const MANAGER: usize = 1;
const COUNTY_WORKER: usize = 2;
const ADMIN: usize = 3;
const AUDITOR: usize = 4;

impl<'a> History<'a> {
    async fn begin(app: &'a TestApp, seed: u64) -> Self {
        let network = app.network().await;
        let (rng, kept, seen) = (StdRng::seed_from_u64(seed), BTreeMap::new(), BTreeMap::new());
        let people = people(app, &network);
        let mut households = Vec::new();
        for home in ["c1t1v1", "c1t2v2", "c2t1v1", "c2t2", "c1", "b"] {
            let body = json!({
                "service_point_id": network.id(home), "head_name": "模拟户主", "address": "模拟地址",
                "household_type": "general", "registered_on": beginning(),
            });
            households.push(app.post(&people[WORKER], "/api/v1/households", &body).await.expect(201).id());
        }
        // Points old enough to be closed in the past.
        for township in ["c1t1", "c1t2", "c2t1", "c2t2"] {
            let body = json!({
                "parent_id": network.id(township), "tier": "village", "name": "模拟旧村", "opened_on": beginning(),
            });
            app.post(&people[ADMIN], POINTS, &body).await.expect(201);
        }
        Self { app, rng, network, people, households, kept, points: Vec::new(), seen }
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from.choose(&mut self.rng).unwrap().clone()
    }

    fn random_day(&mut self) -> Day {
        let days = u64::try_from(self.app.today().days_since(beginning())).unwrap();
        beginning().plus_days(self.rng.gen_range(0..=days))
    }

    async fn look_at_points(&mut self) {
        let rows = self.app.all_pages(&self.people[ADMIN], POINTS, 200).await;
        let text = |row: &Value, name: &str| row[name].as_str().map(str::to_owned);
        let point = |row: &Value| Point {
            id: text(row, "id").unwrap().parse().unwrap(),
            parent: text(row, "parent_id").map(|id| id.parse().unwrap()),
            tier: text(row, "tier").unwrap(),
            status: text(row, "status").unwrap(),
            opened_on: text(row, "opened_on").unwrap().parse().unwrap(),
            closed_on: text(row, "closed_on").map(|day| day.parse().unwrap()),
            version: row["version"].as_i64().unwrap(),
        };
        self.points = rows.iter().map(point).collect();
    }

    async fn send(&self, step: &Step) -> Reply {
        let actor = &self.people[step.actor];
        match &step.act {
            Act::Log { body, .. } => self.app.post(actor, RECORDS, body).await,
            Act::Void(id) => {
                let body = json!({ "reason": "模拟作废" });
                self.app.post_to(actor, &format!("{RECORDS}/{id}/void"), 1, Some(&body)).await
            }
            Act::Point(id, verb, version, body) => {
                self.app.post_to(actor, &format!("{POINTS}/{id}/{verb}"), *version, body.as_ref()).await
            }
            Act::Open(body) => self.app.post(actor, POINTS, body).await,
            Act::Look(id, period) => self.app.get(actor, &format!("{POINTS}/{id}/statistics?period={period}")).await,
        }
    }

    /// Learns from an answer what must be there.
    fn learn(&mut self, step: &Step, reply: &Reply) {
        assert!(step.allowed.contains(&reply.status), "{step:?}\n{} {}", reply.status, reply.text());
        let name = match &step.act {
            Act::Log { .. } => "log",
            Act::Void(_) => "void",
            Act::Point(_, verb, ..) => verb,
            Act::Open(_) => "open",
            Act::Look(..) => "look",
        };
        *self.seen.entry((name, reply.status)).or_default() += 1;
        match &step.act {
            Act::Log { id, body } if reply.status == 201 => {
                let creator = self.people[step.actor].account.unwrap();
                let kept = Kept { body: body.clone(), creator, voided: false };
                assert!(self.kept.insert(*id, kept).is_none(), "{id} was made twice");
            }
            Act::Void(id) if reply.status == 200 => {
                let kept = self.kept.get_mut(id).unwrap();
                assert!(!std::mem::replace(&mut kept.voided, true), "{id} was voided twice");
            }
            Act::Look(..) => assert_sums(&reply.json()),
            _ => {}
        }
    }

    /// A repetition is only answered as one when it is one: same content, same person. And where several wanted one id,
    /// somebody got it unless all were refused for another reason.
    fn check_repetitions(&self, steps: &[Step], replies: &[Reply]) {
        for (step, reply) in steps.iter().zip(replies) {
            let Act::Log { id, body } = &step.act else { continue };
            let same = self
                .kept
                .get(id)
                .map(|kept| kept.body == *body && Some(kept.creator) == self.people[step.actor].account);
            match (reply.status, same) {
                (200 | 201, same) => assert_eq!(same, Some(true), "{step:?}"),
                (409, Some(same)) => assert!(!same && reply.code() == "id.taken", "{step:?} {}", reply.text()),
                (_, Some(true)) => panic!("{step:?} {}", reply.text()),
                (_, _) => {}
            }
        }
    }

    /// (c) What was acknowledged is there once, as it was sent; nothing else is.
    fn check_records(&self, book: &Book) {
        assert_eq!(book.records.keys().collect::<Vec<_>>(), self.kept.keys().collect::<Vec<_>>());
        for (id, kept) in &self.kept {
            let row = &book.records[id];
            let sent = json!({
                "id": id, "household_id": row.household_id, "service_point_id": row.giver, "kind": row.kind,
                "given_on": row.given_on, "quantity": row.quantity,
            });
            assert_eq!(sent, kept.body);
            assert_eq!(
                (row.created_by, row.state.as_str()),
                (kept.creator, if kept.voided { "voided" } else { "active" })
            );
        }
    }

    async fn check_statistics(&self, book: &Book, periods: &[String]) {
        for id in book.nodes.keys() {
            for period in periods {
                let path = format!("{POINTS}/{id}/statistics?period={period}");
                let answer = self.app.get(&self.people[AUDITOR], &path).await.expect(200).json();
                assert_sums(&answer);
                assert_eq!(answer, book.expected_statistics(*id, period));
            }
        }
    }
}

fn people(app: &TestApp, network: &Network) -> Vec<Actor> {
    let at = |role: Role, name: &str| app.actor(&[(role, network.id(name))]);
    let places =
        [(Role::Worker, "b"), (Role::Manager, "b"), (Role::Worker, "c1"), (Role::Admin, "b"), (Role::Auditor, "b")];
    places.into_iter().map(|(role, name)| at(role, name)).collect()
}

async fn live(app: &TestApp, seed: u64) {
    let mut history = History::begin(app, seed).await;
    for batch in 0..BATCHES {
        if batch == BATCHES * 2 / 3 {
            // Into the next month. Sessions do not last that long, and the next people are not those who made the records.
            app.edge.advance(8 * 24 * 3600);
            history.people = people(app, &history.network);
        }
        history.look_at_points().await;
        let steps = history.batch();
        let replies = join_all(steps.iter().map(|step| history.send(step))).await;
        // Whoever made a record is learned before whoever voided it or asked for it again.
        let (made, rest): (Vec<_>, Vec<_>) = steps
            .iter()
            .zip(&replies)
            .partition(|(step, reply)| matches!(step.act, Act::Log { .. }) && reply.status == 201);
        for (step, reply) in made.into_iter().chain(rest) {
            history.learn(step, reply);
        }
        history.check_repetitions(&steps, &replies);

        let mut conn = app.conn();
        let book = Book::read(&mut conn);
        history.check_records(&book);
        let (kept, expected) = (kept_cells(&mut conn), book.expected_cells());
        let keys: BTreeSet<_> = kept.keys().chain(expected.keys()).collect();
        let wrong: Vec<_> = keys.into_iter().filter(|key| kept.get(key) != expected.get(key)).collect();
        let show = |key: &_| format!("{key:?}: {:?} for {:?}", kept.get(key), expected.get(key));
        let wrong: Vec<String> = wrong.into_iter().map(show).collect();
        assert!(wrong.is_empty(), "seed {seed}, batch {batch}:\n{}", wrong.join("\n"));
        let all = periods();
        let some: Vec<String> = if batch + 1 == BATCHES {
            all
        } else {
            let month = history.random_day().to_string()[..7].to_owned();
            let quarter = history.pick(&["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]).to_owned();
            vec![month, quarter, "2026".to_owned(), "all".to_owned()]
        };
        history.check_statistics(&book, &some).await;
    }
    // A history in which nothing happened would prove nothing.
    for what in [
        ("log", 201),
        ("log", 200),
        ("log", 409),
        ("log", 422),
        ("void", 200),
        ("void", 412),
        ("move", 200),
        ("open", 201),
    ] {
        assert!(history.seen.contains_key(&what), "no {what:?} in {:?}", history.seen);
    }
    let givers: BTreeSet<String> = {
        let book = Book::read(&mut app.conn());
        book.records.values().map(|record| book.nodes[&record.giver].tier.clone()).collect()
    };
    assert_eq!(givers.len(), 4, "every tier gives: {givers:?}");
}

on_both! {
    /// After each batch every cell and every statistic equals the recount, and no record is lost, doubled or invented.
    async fn every_number_is_the_recount_at_every_moment(app: TestApp) {
        live(&app, 20_261_124).await;
    }

    /// The same for another life.
    async fn every_number_is_the_recount_in_another_life(app: TestApp) {
        live(&app, 7).await;
    }
}
