//! What happens in the simulated year, desk by desk: who registers whom, what is given, and what changes afterwards.
//!
//! The plan asks nobody and knows no database. It is made beside the writing, a little at a time.

use super::{
    DISTRICT, Size,
    assistance::{CORRECTIONS, Habit, VOIDINGS},
    calendar::Year,
    dice::{Dice, shared_out},
    network::Desk,
    people::People,
    reports::Reporting,
    sitting::{Act, By, Entry, Later, Page, Sitting},
};
use crate::{
    app::{
        assistance_records::{CorrectAssistance, LogAssistance},
        households::{ChangeStatus, ChangeType, RegisterHousehold, TransferHousehold},
        ledger::VoidEntry,
    },
    domain::{
        Day, Id, Instant, Text,
        codes::{HouseholdStatus, MONITORED},
    },
};

/// So many records are logged in a transaction, about: those of several townships. A page of the database that many of them
/// touch, and a cell, is then written once.
const RECORDS_AT_ONCE: usize = 20_000;
/// So many households are registered in a transaction, about.
const HOUSEHOLDS_AT_ONCE: usize = 4_000;

/// A household's way through the year.
struct Life {
    id: Id,
    head: Option<Id>,
    registered_at: Instant,
    registered_on: Day,
    /// The last day on which it is given something.
    until: Day,
    turn: Turn,
    weight: u64,
}

/// What changes for a household.
enum Turn {
    Nothing,
    Type(Day, ChangeType),
    End(Day, HouseholdStatus),
    /// To another village, by its place among the others of the township.
    Move(Day, usize),
}

/// Makes a plan of the year, and hands out what is to be done in its order, as long as somebody takes it.
pub struct Planner<'p> {
    year: &'p Year,
    seed: u64,
    people: People,
    hand_out: &'p mut dyn FnMut(Sitting) -> bool,
    going_on: bool,
}

impl<'p> Planner<'p> {
    /// A planner of a year.
    pub fn new(year: &'p Year, seed: u64, hand_out: &'p mut dyn FnMut(Sitting) -> bool) -> Self {
        Self { year, seed, people: People::default(), hand_out, going_on: true }
    }

    /// Plans the whole network.
    pub fn plan(&mut self, bureau: &Desk, size: Size) {
        let desks = every(bureau);
        let mut dice = Dice::of(self.seed, 0);
        let weights: Vec<u64> = desks.iter().map(|(tier, desk)| weight(*tier, desk, &mut dice)).collect();
        let mut households = shared_out(size.households, &weights);
        for (number, (_, desk)) in households.iter_mut().zip(&desks) {
            if shown(bureau).is_some_and(|shown| {
                shown.point == desk.point || shown.below.iter().any(|village| village.point == desk.point)
            }) {
                *number = (*number).max(SHOWN);
            }
        }
        let given: Vec<u64> =
            households.iter().zip(&desks).map(|(number, (_, desk))| *number as u64 * desk.county.records).collect();
        let records = shared_out(size.records, &given);
        let mut shares = households.into_iter().zip(records).enumerate();
        let mut share = || shares.next().map_or((0, (0, 0)), |share| share);
        let mut done = Done::default();
        self.desk(bureau, None, share(), &mut done);
        for county in &bureau.below {
            self.desk(county, None, share(), &mut done);
            for township in &county.below {
                self.desk(township, None, share(), &mut done);
                for village in &township.below {
                    self.desk(village, Some((county, township)), share(), &mut done);
                }
                if done.records() >= RECORDS_AT_ONCE {
                    self.finish(&mut done);
                }
            }
            self.finish(&mut done);
            self.transfers(county, std::mem::take(&mut done.moved));
        }
        // When everything that is reported is there: a month that is closed takes nothing more.
        Reporting::new(self.year, self.seed, bureau).plan(size.reported_months, &mut |sitting| self.hand_out(sitting));
    }

    fn hand_out(&mut self, sitting: Sitting) {
        self.going_on = self.going_on && (self.hand_out)(sitting);
    }

    /// A year at one desk.
    fn desk(
        &mut self,
        desk: &Desk,
        above: Option<(&Desk, &Desk)>,
        (stream, (households, records)): (usize, (usize, usize)),
        done: &mut Done,
    ) {
        if households == 0 || !self.going_on {
            return;
        }
        let mut dice = Dice::of(self.seed, stream as u64 + 1);
        let habit = Habit::of_desk(&mut dice);
        let villages = above.map_or(0, |(_, township)| township.below.len());
        let mut lives = Vec::with_capacity(households);
        for _ in 0..households {
            let (life, request) = self.life(desk, villages, &mut dice);
            done.registered.push(By(desk.worker, Act::Register(life.registered_at, Box::new(request))));
            lives.push(life);
        }
        let weights: Vec<u64> = lives.iter().map(|life| life.weight).collect();
        for (life, records) in lives.into_iter().zip(shared_out(records, &weights)) {
            let mut entries = self.entries(&life, (desk, habit), records, &mut dice);
            match (&life.turn, above) {
                (Turn::Move(day, to), Some((_, township))) => {
                    let later = entries.partition_point(|entry| entry.request.given_on < *day);
                    let later = entries.split_off(later);
                    let mut others = township.below.iter().filter(|village| village.point != desk.point);
                    let home = others.nth(*to).unwrap_or(township);
                    let at = self.year.moment(*day, &mut dice);
                    let request = TransferHousehold {
                        service_point_id: home.point,
                        effective_on: Some(*day),
                        reason: Text::new(dice.pick(MOVES)),
                    };
                    // Nobody logs at the new home what they could not know of yet.
                    let known = |entry: Entry| Entry { at: entry.at.max(at), later: None, ..entry };
                    let later = page(life.id, home, later.into_iter().map(known).collect());
                    done.moved.push(((at, life.id, request), later));
                }
                (Turn::Nothing, Some((county, township))) if dice.often(30) => {
                    let others = entries.split_off(entries.len() - entries.len() / 3);
                    done.pages.push(page(life.id, if dice.often(200) { county } else { township }, others));
                }
                (turn, _) => done.changes.extend(self.change(life.id, turn, &mut dice).map(|act| By(desk.worker, act))),
            }
            done.pages.push(page(life.id, desk, entries));
        }
    }

    /// Hands out what was gathered: first who is there, then what they were given, then what became of them.
    fn finish(&mut self, done: &mut Done) {
        for acts in in_parts(std::mem::take(&mut done.registered), HOUSEHOLDS_AT_ONCE, |_| 1) {
            self.hand_out(Sitting::Write(acts));
        }
        self.log(std::mem::take(&mut done.pages));
        if !done.changes.is_empty() {
            self.hand_out(Sitting::Write(std::mem::take(&mut done.changes)));
        }
    }

    fn log(&mut self, pages: Vec<By<Page>>) {
        let filled = pages.into_iter().filter(|By(_, page)| !page.entries.is_empty()).collect();
        for pages in in_parts(filled, RECORDS_AT_ONCE, |By(_, page)| page.entries.len()) {
            self.hand_out(Sitting::Log(pages));
        }
    }

    /// The transfers of a county, and what the new homes give.
    fn transfers(&mut self, county: &Desk, moved: Vec<Moved>) {
        if !moved.is_empty() {
            let (transfers, pages): (Vec<_>, Vec<_>) = moved.into_iter().unzip();
            let by = |transfer| By(county.worker, transfer);
            self.hand_out(Sitting::Transfer(transfers.into_iter().map(by).collect()));
            self.log(pages);
        }
    }

    fn life(&mut self, desk: &Desk, villages: usize, dice: &mut Dice) -> (Life, RegisterHousehold) {
        let year = self.year;
        let span = year.last.days_since(year.first).max(1);
        let after = match dice.weighed(&[62, 25, 13]) {
            0 => dice.among(0..=29),
            1 => dice.among(30..=90),
            _ => dice.among(91..=span),
        };
        let registered_on = year.first.plus_days(after.min(span).unsigned_abs());
        let late = if dice.often(40) { dice.among(1..=6) } else { 0 };
        let latest = year.deadline(registered_on, desk.reports);
        let registered_at = year.moment(registered_on.plus_days(late.unsigned_abs()).min(latest), dice);
        let id = Id::from_parts(registered_at, dice.bytes());
        let mut request = self.people.household(id, (desk.point, &desk.name), registered_on, dice);
        let head = dice.often(200).then(|| Id::from_parts(registered_at, dice.bytes()));
        if let Some(first) = request.members.first_mut() {
            first.id = head;
        }
        let turn = self.turn(registered_on, &request, villages, dice);
        let until = match &turn {
            Turn::End(day, _) => day.minus_days(1),
            _ => year.last,
        };
        let factor = match &*request.household_type {
            MONITORED => 170,
            "lifted" => 125,
            _ => 80,
        };
        // A few are given much, most a little.
        let weight = factor * (dice.among(10..=60) * dice.among(10..=60)).unsigned_abs();
        (Life { id, head, registered_at, registered_on, until, turn, weight }, request)
    }

    /// What changes for a household that has been there for two months, if anything does.
    fn turn(&self, registered_on: Day, request: &RegisterHousehold, villages: usize, dice: &mut Dice) -> Turn {
        let from = registered_on.plus_days(60);
        let room = self.year.last.days_since(from);
        if room < 1 {
            return Turn::Nothing;
        }
        let day = from.plus_days(dice.among(0..=room).unsigned_abs());
        match dice.weighed(&[971, 15, 6, 2, 6]) {
            1 => {
                let (household_type, category) = match &*request.household_type {
                    MONITORED => ("lifted", None),
                    "lifted" => (MONITORED, Some("unstable")),
                    _ => (MONITORED, Some(if dice.often(600) { "marginal" } else { "sudden_hardship" })),
                };
                let monitoring_category = category.map(Text::new);
                let household_type = Text::new(household_type);
                Turn::Type(day, ChangeType { household_type, monitoring_category, effective_on: Some(day) })
            }
            2 => Turn::End(day, HouseholdStatus::MovedAway),
            3 => Turn::End(day, HouseholdStatus::Dissolved),
            4 if villages > 1 => Turn::Move(day, dice.below(villages - 1)),
            _ => Turn::Nothing,
        }
    }

    fn change(&self, household: Id, turn: &Turn, dice: &mut Dice) -> Option<Act> {
        match turn {
            Turn::Type(day, change) => Some(Act::ChangeType(self.year.moment(*day, dice), household, change.clone())),
            Turn::End(day, status) => {
                let reason = if *status == HouseholdStatus::MovedAway {
                    "模拟：举家外迁"
                } else {
                    "模拟：户内无人"
                };
                let change = ChangeStatus { status: *status, effective_on: Some(*day), reason: Text::new(reason) };
                Some(Act::ChangeStatus(self.year.moment(*day, dice), household, change))
            }
            Turn::Move(..) | Turn::Nothing => None,
        }
    }

    /// What a household is given in the year, in the order of the days.
    fn entries(&self, life: &Life, (desk, habit): (&Desk, Habit), number: usize, dice: &mut Dice) -> Vec<Entry> {
        let habit = habit.of_household(dice);
        let entry = |_| {
            let day = self.year.day_between(life.registered_on, life.until, dice);
            let mut request = desk.county.give((life.id, desk.point), habit, day, dice);
            if matches!(&*request.kind, "training" | "guidance" | "incubation") {
                request.member_id = life.head;
            }
            let latest = self.year.deadline(day, desk.reports);
            let mut at = self.year.written_down(day, dice);
            if at.day() > latest {
                at = self.year.moment(latest, dice);
            }
            let at = at.max(life.registered_at.plus_seconds(dice.among(300..=3_000)));
            let later = self.later(at, latest, &request, dice);
            Entry { at, request, later }
        };
        let mut entries: Vec<Entry> = (0..number).map(entry).collect();
        entries.sort_by_key(|entry| (entry.request.given_on, entry.at));
        entries
    }

    fn later(&self, at: Instant, latest: Day, request: &LogAssistance, dice: &mut Dice) -> Option<(Instant, Later)> {
        let what = dice.weighed(&[985, 8, 7]);
        let day = at.day().plus_days(dice.among(1..=20).unsigned_abs());
        if what == 0 || day > latest {
            return None;
        }
        let quantity = (request.quantity + 1).min(1_000_000);
        let amount_fen = request.amount_fen.map(|fen| Some(fen / request.quantity.max(1) * quantity));
        let later = match what {
            1 => Later::Correct(CorrectAssistance {
                reason: Text::new(dice.pick(CORRECTIONS)),
                member_id: None,
                kind: None,
                subkind: None,
                given_on: None,
                quantity: Some(quantity),
                unit: None,
                amount_fen,
                note: None,
            }),
            _ => Later::Void(VoidEntry { reason: Text::new(dice.pick(VOIDINGS)) }),
        };
        Some((self.year.moment(day, dice), later))
    }
}

/// A transfer, and what the new home's worker logs after it.
type Moved = ((Instant, Id, TransferHousehold), By<Page>);

/// What was planned and not handed out yet.
#[derive(Default)]
struct Done {
    registered: Vec<By<Act>>,
    pages: Vec<By<Page>>,
    changes: Vec<By<Act>>,
    moved: Vec<Moved>,
}

impl Done {
    fn records(&self) -> usize {
        self.pages.iter().map(|By(_, page)| page.entries.len()).sum()
    }
}

/// What a desk gives to a household.
fn page(household: Id, giver: &Desk, mut entries: Vec<Entry>) -> By<Page> {
    entries.iter_mut().for_each(|entry| entry.request.service_point_id = giver.point);
    By(giver.worker, Page { household, giver: giver.point, entries })
}

/// Parts of at least so much, but for the last one.
fn in_parts<T>(things: Vec<T>, much: usize, how_much: impl Fn(&T) -> usize) -> Vec<Vec<T>> {
    let (mut parts, mut part, mut held) = (Vec::new(), Vec::new(), 0);
    for thing in things {
        held += how_much(&thing);
        part.push(thing);
        if held >= much {
            parts.push(std::mem::take(&mut part));
            held = 0;
        }
    }
    parts.extend(Some(part).filter(|part| !part.is_empty()));
    parts
}

/// Why a household is transferred, in a simulated year.
const MOVES: &[&str] = &["模拟：易地搬迁", "模拟：婚嫁迁居", "模拟：投靠子女"];

/// So many households at least belong to each point that people sign in at to look around.
const SHOWN: usize = 3;

/// The township whose officer is told how to sign in: the first one of the district.
fn shown(bureau: &Desk) -> Option<&Desk> {
    bureau.below.iter().find(|county| county.county.code == DISTRICT)?.below.first()
}

/// Every desk with its depth, each before those below it.
fn every(top: &Desk) -> Vec<(usize, &Desk)> {
    fn walk<'d>(depth: usize, desk: &'d Desk, found: &mut Vec<(usize, &'d Desk)>) {
        found.push((depth, desk));
        desk.below.iter().for_each(|below| walk(depth + 1, below, found));
    }
    let mut found = Vec::new();
    walk(0, top, &mut found);
    found
}

/// How many of the households are at home at a desk: nearly all in villages.
fn weight(depth: usize, desk: &Desk, dice: &mut Dice) -> u64 {
    match depth {
        0 | 1 => 8_000,
        2 => 3_000,
        _ => desk.county.households * dice.among(55..=145).unsigned_abs(),
    }
}
