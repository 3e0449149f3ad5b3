//! A client: draws what to do, sends it until it is answered, and enters it in its book.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Condvar, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread::sleep,
    time::Duration,
};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};
use terrace::domain::{Day, Id};

use crate::{
    acts::{self, Act, Book, Doubt, Effect},
    http::Http,
    office::Office,
    people::identity_number,
};

/// How many days lie between the registrations and today: several months, and both sides of a quarter's end.
pub const DAYS: u64 = 100;

/// What the clients and the one who kills have in common.
#[derive(Default)]
pub struct Together {
    over: AtomicBool,
    acknowledged: Mutex<usize>,
    one_more: Condvar,
    lost: AtomicUsize,
    had_happened: AtomicUsize,
    refused: AtomicUsize,
}

/// What the clients have met so far.
#[derive(Clone, Copy)]
pub struct Tally {
    /// Acts that were answered, as a client wants it.
    pub acknowledged: usize,
    /// Acts whose first answer never came.
    pub lost: usize,
    had_happened: usize,
    refused: usize,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { acknowledged, lost, had_happened, refused } = self;
        write!(
            f,
            "{acknowledged} acknowledged, {lost} answers lost, of which {had_happened} had happened, {refused} told to come again"
        )
    }
}

impl Together {
    /// The counts.
    pub fn tally(&self) -> Tally {
        Tally {
            acknowledged: *self.acknowledged.lock().unwrap(),
            lost: self.lost.load(SeqCst),
            had_happened: self.had_happened.load(SeqCst),
            refused: self.refused.load(SeqCst),
        }
    }

    fn acknowledge(&self) {
        *self.acknowledged.lock().unwrap() += 1;
        self.one_more.notify_all();
    }

    /// Waits until so many acts are acknowledged, but not for long. Whether they are.
    pub fn wait_for(&self, acknowledged: usize, longest: Duration) -> bool {
        let now = self.acknowledged.lock().unwrap();
        let (now, _) = self.one_more.wait_timeout_while(now, longest, |now| *now < acknowledged).unwrap();
        *now >= acknowledged
    }

    /// No client begins anything or tries again from now on.
    pub fn end(&self) {
        self.over.store(true, SeqCst);
    }

    /// The same, when this is dropped.
    pub fn end_when_dropped(&self) -> impl Drop + use<'_> {
        struct End<'a>(&'a Together);
        impl Drop for End<'_> {
            fn drop(&mut self) {
                self.0.end();
            }
        }
        End(self)
    }

    fn is_over(&self) -> bool {
        self.over.load(SeqCst)
    }
}

/// One of several clients of the same account. The households that it registers are moved by nobody else, and nobody else
/// changes its records, so it knows what must be there; the points, and one household, are everybody's.
pub struct Client<'a> {
    number: usize,
    rng: StdRng,
    office: &'a Office,
    together: &'a Together,
    http: Http,
    people: u32,
    book: Book,
    next: Option<Act>,
}

impl<'a> Client<'a> {
    /// The client with this number. The first one may move the common household.
    pub fn new(number: usize, seed: u64, office: &'a Office, together: &'a Together) -> Self {
        let rng = StdRng::seed_from_u64(seed + 1 + number as u64);
        let mut book = Book::default();
        if number == 0 {
            book.enter(office.common_household().effect);
        }
        Self { number, rng, office, together, http: office.connect(), people: 0, book, next: None }
    }

    /// Works until it is over. What it knows then, and what it does not know.
    pub fn work(mut self) -> (Book, Option<Doubt>) {
        while !self.together.is_over() {
            let act = self.next.take().unwrap_or_else(|| self.draw());
            if !self.carry_out(&act) {
                return (self.book, Some(act));
            }
            if let Effect::Ask(request) = &act.effect {
                let from = self.book.households[&request.household].last_change;
                self.next = Some(acts::accept(request.id, self.day(from)));
            }
            self.book.enter(act.effect);
            self.together.acknowledge();
        }
        (self.book, None)
    }

    /// Sends an act until it is answered. False when it is over before that.
    fn carry_out(&mut self, act: &Act) -> bool {
        // Whether it may have happened without our knowing.
        let (mut lost, mut unclear) = (false, false);
        loop {
            match self.http.send(&act.call) {
                Err(_) => {
                    if !std::mem::replace(&mut lost, true) {
                        self.together.lost.fetch_add(1, SeqCst);
                    }
                    unclear = true;
                }
                Ok(reply) => match (act.call.version, reply.status) {
                    (None, 201) | (Some(_), 200) => return true,
                    // It was made by the request whose answer was lost; or changed by that one, and not twice.
                    (None, 200) if unclear => return self.had_happened(),
                    (Some(version), 412) if unclear && reply.body["current_version"] == version + 1 => {
                        return self.had_happened();
                    }
                    (_, 503) => {
                        self.together.refused.fetch_add(1, SeqCst);
                        unclear = true;
                    }
                    (_, status) => panic!("client {}: {act:?} was answered {status}: {}", self.number, reply.body),
                },
            }
            if self.together.is_over() {
                return false;
            }
            sleep(Duration::from_millis(5));
        }
    }

    fn had_happened(&self) -> bool {
        self.together.had_happened.fetch_add(1, SeqCst);
        true
    }

    /// What to do next.
    fn draw(&mut self) -> Act {
        let dice = self.rng.gen_range(0..100);
        let Some(household) = pick(&mut self.rng, &self.book.households, |_| true) else { return self.register() };
        let (home, last_change) = {
            let household = &self.book.households[&household];
            (household.home, household.last_change)
        };
        let record = pick(&mut self.rng, &self.book.records, acts::Record::counts);
        match (dice, record) {
            (0..15, _) => self.register(),
            (15..25, _) => {
                let (day, person) = (self.day(self.first_day()), self.person("20"));
                acts::join(household, day, person)
            }
            (25..37, Some(record)) => {
                let said = self.said();
                acts::correct(&self.book.records[&record], &said, "模拟：更正")
            }
            (37..45, Some(record)) => acts::void(&self.book.records[&record], "模拟：作废"),
            (45..55, _) => {
                let (to, day) = (self.village_but(home), self.day(last_change));
                acts::transfer(&self.book.households[&household], to, day)
            }
            (55..60, _) => acts::ask(self.id(), household, self.village_but(home)),
            (60..70, _) => self.log(self.office.common, None),
            _ => {
                let member = self.book.households[&household].members[0].0;
                let member = self.rng.gen_bool(0.5).then_some(member);
                self.log(household, member)
            }
        }
    }

    fn register(&mut self) -> Act {
        let (id, home) = (self.id(), self.village_but(self.office.bureau));
        let mut people = vec![self.person("02")];
        people.extend((0..self.rng.gen_range(0..3)).map(|_| self.person("30")));
        acts::register(id, home, self.first_day(), people)
    }

    fn log(&mut self, household: Id, member: Option<Id>) -> Act {
        let (id, giver, said) = (self.id(), self.village_but(self.office.bureau), self.said());
        acts::log(id, household, member, giver, &said)
    }

    fn said(&mut self) -> Value {
        let kind = ["guidance", "logistics", "training"][self.rng.gen_range(0..3)];
        json!({
            "kind": kind, "given_on": self.day(self.first_day()), "quantity": self.rng.gen_range(1..50),
            "amount_fen": self.rng.gen_bool(0.7).then(|| self.rng.gen_range(0..100_000)),
        })
    }

    /// Somebody whom no other client knows.
    fn person(&mut self, relation: &str) -> Value {
        self.people += 1;
        let born = format!("{}0101", 1960 + self.number);
        json!({
            "id": self.id(), "name": format!("模拟{}号{}", self.number, self.people), "relation": relation,
            "identity_number": identity_number(&born, self.people),
        })
    }

    fn id(&mut self) -> Id {
        Id::from_bytes(self.rng.r#gen())
    }

    fn first_day(&self) -> Day {
        self.office.today.minus_days(DAYS)
    }

    /// A day from this one to today.
    fn day(&mut self, first: Day) -> Day {
        let days = self.office.today.days_since(first);
        first.plus_days(self.rng.gen_range(0..=days.try_into().unwrap()))
    }

    /// A village other than this point.
    fn village_but(&mut self, point: Id) -> Id {
        let others: Vec<Id> = self.office.villages.iter().copied().filter(|village| *village != point).collect();
        others[self.rng.gen_range(0..others.len())]
    }
}

/// One of those that fit.
fn pick<T>(rng: &mut StdRng, among: &BTreeMap<Id, T>, fits: impl Fn(&T) -> bool) -> Option<Id> {
    let fit: Vec<Id> = among.iter().filter(|(_, one)| fits(one)).map(|(id, _)| *id).collect();
    (!fit.is_empty()).then(|| fit[rng.gen_range(0..fit.len())])
}
