//! Random histories by several people at once: every operation that a number follows from, right and wrong, dated back over
//! fourteen months, while the clock goes on into the next month, quarter and year. After each batch every number is
//! recounted, and every answer is held against what is there.
//!
//! The seeds are fixed. What happens at the same moment may happen in any order, so where an answer depends on that, any
//! of the possible ones is right, and what must follow from it is checked.

mod acts;
mod behind;
mod catalogues;
mod households;
mod kept;
mod livelihoods;
mod points;
mod records;
mod registers;
mod step;
mod tampering;
mod told;
mod trade;
mod training;
mod wishes;

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::json;
use terrace::{
    db::Conn,
    domain::{Day, Id, codes::Role},
};

use self::{
    acts::ACTS,
    households::HOUSEHOLDS,
    step::{Act, Step, allow_races},
    tampering::{assert_clean, tamper, tamper_with_ledgers},
    told::Told,
};
use super::recount::{Book, assert_sums, kept_cells, kept_presence, uncounted};
use crate::{
    on_both,
    support::{Actor, Network, Reply, TestApp, head, household},
};

const POINTS: &str = "/api/v1/service-points";
const RECORDS: &str = "/api/v1/assistance-records";
const KINDS: [&str; 4] = ["logistics", "training", "guidance", "convenience"];
/// At least so many.
const BATCHES: usize = 20;
const DAY: i64 = 24 * 3600;

/// The first day of the history.
fn beginning() -> Day {
    "2025-10-01".parse().unwrap()
}

struct History<'a> {
    app: &'a TestApp,
    rng: StdRng,
    network: Network,
    /// A worker and a manager of everything, a worker of one county, an administrator, an auditor.
    people: Vec<Actor>,
    /// What there was before the batch.
    book: Book,
    told: Told,
    /// The identity numbers that were sent, by the member's id; how many there were.
    numbers: BTreeMap<Id, String>,
    born: u32,
    /// The metrics that were ever more than nothing.
    counted: BTreeSet<String>,
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
        let people = people(app, &network);
        // Points old enough to be closed in the past.
        for township in ["c1t1", "c1t2", "c2t1", "c2t2"] {
            let body = json!({
                "parent_id": network.id(township), "tier": "village", "name": "模拟旧村", "opened_on": beginning(),
            });
            app.post(&people[ADMIN], POINTS, &body).await.expect(201);
        }
        let book = Book::read(&mut app.conn());
        let told = Told::of(&book);
        let (rng, numbers, seen) = (StdRng::seed_from_u64(seed), BTreeMap::new(), BTreeMap::new());
        let counted = BTreeSet::new();
        let mut history = Self { app, rng, network, people, book, told, numbers, born: 0, counted, seen };
        // So many with a disability that a figure of them may be shown.
        for home in ["c1t1v1", "c1t2v2", "c2t1v1", "c2t2", "c2t1", "c1", "c2", "b"] {
            let disabled = match home {
                "c1t1v1" => 6,
                "c2t1v1" => 7,
                _ => 0,
            };
            let id = app.edge.new_id();
            let mut body = household(history.network.id(home));
            let mut members = vec![head()];
            members.extend((0..disabled).map(|_| {
                let disability = json!({ "category": "2", "grade": "3" });
                json!({ "name": "模拟某人", "relation": "20", "no_identity_reason": "lost", "disability": disability })
            }));
            members.iter_mut().for_each(|member| member["id"] = json!(app.edge.new_id()));
            (body["id"], body["registered_on"], body["members"]) = (json!(id), json!(beginning()), json!(members));
            let path = HOUSEHOLDS.to_owned();
            let step = Step::new("register", WORKER, Act::Register(id), path, step::MADE).body(body);
            let reply = history.send(&step).await.expect(201);
            history.learn(&step, &reply);
        }
        history.set_up_trade().await;
        history.book = Book::read(&mut app.conn());
        history.set_up_registers().await;
        history.set_up_training().await;
        history
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from.choose(&mut self.rng).unwrap().clone()
    }

    fn random_day(&mut self) -> Day {
        let days = u64::try_from(self.app.today().days_since(beginning())).unwrap();
        beginning().plus_days(self.rng.gen_range(0..=days))
    }

    async fn send(&self, step: &Step) -> Reply {
        let tag = step.version.map(|version| format!("\"{version}\""));
        let headers: Vec<(&str, &str)> = tag.iter().map(|tag| ("if-match", tag.as_str())).collect();
        let actor = &self.people[step.actor];
        self.app.request(actor, step.method.clone(), &step.path, step.body.as_ref(), &headers).await
    }

    /// A batch of requests that are under way together.
    fn batch(&mut self) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        let (size, missing) = (self.rng.gen_range(25..=35), self.missing());
        while steps.len() < size {
            // What has not happened yet is tried more often.
            let name = match missing.choose(&mut self.rng) {
                Some((name, _)) if self.rng.gen_bool(0.2) => name,
                _ => ACTS.choose_weighted(&mut self.rng, |(_, weight)| *weight).unwrap().0,
            };
            let step = self.make(name, &steps);
            steps.extend(step);
        }
        steps.shuffle(&mut self.rng);
        allow_races(&mut steps);
        steps
    }

    fn make(&mut self, name: &str, steps: &[Step]) -> Option<Step> {
        match name {
            "log" => Some(self.log()),
            "wrong log" => Some(self.wrong_log()),
            // The same at the same moment.
            "log twice" => steps.iter().find(|step| matches!(step.act, Act::Log(_))).cloned(),
            "log again" => self.again(),
            "taken id" => self.taken_id(steps),
            "correct" => self.correct(),
            "void" => self.void(),
            "register" => Some(self.register()),
            "join" => Some(self.join()),
            "leave" => Some(self.leave()),
            "head" => Some(self.change_head()),
            "type" => Some(self.change_type()),
            "status" => Some(self.change_status()),
            "transfer" => Some(self.transfer()),
            "ask" => Some(self.ask()),
            "accept" | "refuse" | "withdraw" => self.answer(name, steps),
            "edit" => Some(self.edit()),
            "erase" => Some(self.erase()),
            "move" => Some(self.relocate()),
            "close" => Some(self.close()),
            "suspend" => Some(self.suspend()),
            "activate" => Some(self.activate()),
            "open" => self.open(),
            "code" => Some(self.change_code()),
            "sale" => Some(self.sell()),
            "entry twice" => steps.iter().find(|step| matches!(step.act, Act::LogEntry(_))).cloned(),
            "livestream" => self.stream(),
            "session" => self.hold_session(),
            "attend" => self.attend(),
            "correct entry" => self.correct_entry(),
            "void entry" => self.void_entry(),
            "store" => self.open_store(),
            "rewrite store" => self.rewrite_store(),
            "item" => self.enter_item(),
            "rewrite item" => self.rewrite_item(),
            "register item" => self.enter_registered(),
            "rewrite register item" => self.rewrite_registered(),
            "document" => self.enter_document(),
            "rewrite document" => self.rewrite_document(),
            "livelihood" => self.log_livelihood(),
            _ => Some(self.look()),
        }
    }

    fn learn(&mut self, step: &Step, reply: &Reply) {
        assert!(step.allows(reply), "{step:?}\n{} {}", reply.status, reply.text());
        *self.seen.entry((step.name, reply.status)).or_default() += 1;
        self.told.learn(step, reply, self.people[step.actor].account.unwrap());
        if matches!(step.act, Act::Look) {
            assert_sums(&reply.json());
        }
    }

    /// Makes a batch and learns what became of it.
    async fn go_on(&mut self) {
        self.book = Book::read(&mut self.app.conn());
        let steps = self.batch();
        let replies = join_all(steps.iter().map(|step| self.send(step))).await;
        // Whoever made something is learned before whoever changed it or asked for it again; a transfer that was granted
        // names no version of the household, and so came after one that did.
        let rank = |(step, reply): &(&Step, &Reply)| match (&step.act, reply.status) {
            (_, 201) => 0,
            (Act::Answer(..), _) => 2,
            _ => 1,
        };
        let mut told: Vec<(&Step, &Reply)> = steps.iter().zip(&replies).collect();
        told.sort_by_key(rank);
        for (step, reply) in &told {
            self.learn(step, reply);
        }
        self.check_repetitions(&told);
    }

    /// A repetition is only answered as one when it is one: same content, same person. An id that is taken is refused to
    /// everybody else; who came before it was taken, in the same batch, may have been refused for another reason.
    fn check_repetitions(&self, told: &[(&Step, &Reply)]) {
        for (step, reply) in told {
            let Act::Log(id) = &step.act else { continue };
            let (body, sender) = (step.body.as_ref().unwrap(), self.people[step.actor].account);
            let same = self.told.records.get(id).map(|kept| kept.sent == *body && Some(kept.creator) == sender);
            let is_made = |(other, reply): &(&Step, &Reply)| {
                matches!(&other.act, Act::Log(made) if made == id) && reply.status == 201
            };
            let taken = reply.code() == "id.taken";
            match (reply.status, same) {
                (200 | 201, same) => assert_eq!(same, Some(true), "{step:?}"),
                (_, Some(same)) if taken => assert!(!same, "{step:?} {}", reply.text()),
                (_, Some(_)) => assert!(told.iter().any(is_made), "{step:?} {}", reply.text()),
                (_, None) => {}
            }
        }
    }

    /// Every cell, every presence row and some statistics are the recount's, and nothing is lost, doubled or invented.
    async fn check(&mut self, when: &str, all: bool) {
        let (mut conn, today) = (self.app.conn(), self.app.today());
        let book = Book::read(&mut conn);
        self.told.check(&book, today);
        assert_same(when, &kept_cells(&mut conn), &book.expected_cells(today));
        assert_same(when, &kept_presence(&mut conn), &book.expected_presence());
        let texts = book.periods(today).into_iter().map(|period| period.text).collect();
        let (points, periods): (Vec<Id>, Vec<String>) = match all {
            true => (book.nodes.keys().copied().collect(), texts),
            false => {
                let mut points: Vec<Id> = book.nodes.keys().copied().collect();
                points.shuffle(&mut self.rng);
                points.truncate(6);
                points.push(self.network.id("b"));
                (points, vec![self.pick(&texts), self.pick(&texts), self.pick(&["2026-Q4", "2026", "2027"]).to_owned()])
            }
        };
        let recount = book.recount(today, &periods);
        let looked_behind = self.pick(&points);
        for id in points {
            for period in &periods {
                let persons = self.rng.gen_bool(0.9);
                let actor = &self.people[if persons { AUDITOR } else { ADMIN }];
                let path = format!("{POINTS}/{id}/statistics?period={period}");
                let mut answer = self.app.get(actor, &path).await.expect(200).json();
                assert_sums(&answer);
                // What is told of monthly reports is counted again where reports are sent in.
                answer["items"].as_array_mut().unwrap().retain(|item| recount.knows(item));
                let expected = recount.expected(id, period, persons);
                for (item, right) in
                    answer["items"].as_array().unwrap().iter().zip(expected["items"].as_array().unwrap())
                {
                    assert_eq!(item, right, "{when}: {id} in {period}");
                }
                assert_eq!(answer, expected, "{when}");
                let items = answer["items"].as_array().unwrap().iter();
                // What is hidden is not told.
                let items = items.filter(|item| item["total"].as_i64().is_some_and(|total| total != 0));
                self.counted.extend(items.map(|item| item["metric"].as_str().unwrap().to_owned()));
                if id == looked_behind && (!all || self.rng.gen_bool(0.2)) {
                    behind::assert_rows(self.app, &self.people[AUDITOR], &book, &answer).await;
                }
            }
        }
    }
}

fn assert_same<K: Ord + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(
    when: &str,
    kept: &BTreeMap<K, V>,
    expected: &BTreeMap<K, V>,
) {
    let keys: BTreeSet<&K> = kept.keys().chain(expected.keys()).collect();
    let wrong: Vec<&K> = keys.into_iter().filter(|key| kept.get(key) != expected.get(key)).collect();
    let show = |key: &&K| format!("{key:?}: {:?} for {:?}", kept.get(key), expected.get(key));
    let wrong: Vec<String> = wrong.iter().map(show).collect();
    assert!(wrong.is_empty(), "{when}:\n{}", wrong.join("\n"));
}

fn people(app: &TestApp, network: &Network) -> Vec<Actor> {
    let at = |role: Role, name: &str| app.actor(&[(role, network.id(name))]);
    let places =
        [(Role::Worker, "b"), (Role::Manager, "b"), (Role::Worker, "c1"), (Role::Admin, "b"), (Role::Auditor, "b")];
    places.into_iter().map(|(role, name)| at(role, name)).collect()
}

async fn live(app: &TestApp, seed: u64) {
    let mut history = History::begin(app, seed).await;
    let mut batch = 0;
    // On beyond the end, until everything has happened and was counted. That is asked where the seed alone decides: SQLite carries out
    // what is sent together in its order; on PostgreSQL each run is another history, and chance may leave something out of it.
    let is_the_seeds = matches!(app.conn(), Conn::Sqlite(_));
    while batch < BATCHES || is_the_seeds && !(history.missing().is_empty() && uncounted(&history.counted).is_empty()) {
        let missing = (history.missing(), uncounted(&history.counted));
        assert!(batch < 3 * BATCHES, "no {missing:?} in {:?}", history.seen);
        // To the last day of the month, into the next month, into the next quarter and year.
        for (at, days) in [(BATCHES / 3, 6), (BATCHES / 2, 1), (BATCHES * 3 / 4, 31)] {
            if batch == at {
                // Sessions do not last that long, and the next people are not those who made the records.
                app.edge.advance(days * DAY);
                history.people = people(app, &history.network);
            }
        }
        history.go_on().await;
        history.check(&format!("seed {seed}, batch {batch}"), false).await;
        batch += 1;
    }
    history.check(&format!("seed {seed}, at the end"), true).await;
    assert_clean(app).await;
    tamper(app).await;
    tamper_with_ledgers(app).await;
    let book = Book::read(&mut app.conn());
    let tiers = |ids: &mut dyn Iterator<Item = Id>| ids.map(|id| book.nodes[&id].tier.clone()).collect::<BTreeSet<_>>();
    assert_eq!(tiers(&mut book.records.values().map(|record| record.service_point_id)).len(), 4, "every tier gives");
    let homes = book.spans.values().flatten().map(|span| span.service_point_id);
    assert_eq!(tiers(&mut homes.into_iter()).len(), 4, "every tier is a home");
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
