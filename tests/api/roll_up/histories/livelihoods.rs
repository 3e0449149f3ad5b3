//! Policy documents and projects; what is logged of projects and of items of registers: payments, parcels, wages, benefits.

use actix_web::http::Method;
use rand::Rng as _;
use serde_json::{Value, json};
use terrace::domain::{Day, Id};

use super::{
    super::recount::{Entry, Registered},
    History, MANAGER,
    step::{
        Act, BEFORE_FROM, DONE, ENTRIES_OUTSIDE, ENTRY_VOIDED, FIXED, HAS_LEFT, LOGGED_ALREADY, MADE, NOT_ACTIVE,
        NOT_IN_FORCE, OVER_BUDGET, Outcome, PAID_MORE, Step,
    },
    trade::month_of,
};

const TOPICS: [&str; 3] = ["logistics", "training", "brand"];
const SOURCES: [&str; 3] = ["central", "county", "social"];
const DIRECTIONS: [&str; 2] = ["in", "out"];
/// So many documents and projects are enough to be counted.
const MOST_POLICIES: usize = 14;
const MOST_PROJECTS: usize = 8;

/// Where the entries of these ledgers are logged.
pub fn book_path(ledger: &str) -> &'static str {
    match ledger {
        "parcel" => "/api/v1/parcels",
        "wage" => "/api/v1/wages",
        "benefit" => "/api/v1/benefits",
        _ => "/api/v1/project-payments",
    }
}

/// The item or the project that an entry tells of.
fn owner_of(entry: &Entry) -> Id {
    entry.item_id.or(entry.project_id).unwrap()
}

/// What of an entry decides whether it may be so.
struct Asked<'a> {
    ledger: &'a str,
    owner: Id,
    kind: &'a str,
    days: (Day, Day),
    amount_fen: i64,
    /// The entry itself, if it is there.
    own: Option<Id>,
}

impl History<'_> {
    pub fn enter_document(&mut self) -> Option<Step> {
        let (id, point) = (self.app.edge.new_id(), self.pick_upper());
        let (mut body, path) = if self.rng.gen_bool(0.5) {
            if self.book.catalogue("policy_document").count() >= MOST_POLICIES {
                return None;
            }
            let body = json!({
                "service_point_id": point, "number": "模拟〔2020〕1号", "issuer": "模拟机关",
                "topic": self.pick(&TOPICS),
            });
            (body, "/api/v1/policy-documents")
        } else {
            if self.book.catalogue("project").count() >= MOST_PROJECTS {
                return None;
            }
            let body = json!({
                "service_point_id": point, "funding_source": self.pick(&SOURCES),
                "budget_fen": self.rng.gen_range(1..2_000_000),
            });
            (body, "/api/v1/projects")
        };
        (body["id"], body["name"]) = (json!(id), json!("模拟名录"));
        self.say_days_of_document(&mut body);
        let right = if ends_before(&body) { BEFORE_FROM } else { MADE };
        Some(Step::new("document", MANAGER, Act::Enter(id), path.to_owned(), right).body(body).changes([id]))
    }

    /// A document is issued in the past; a project may begin in a month to come. Both may end then.
    fn say_days_of_document(&mut self, body: &mut Value) {
        let mut first = self.random_day();
        if body.get("topic").is_none() {
            first = first.plus_days(self.rng.gen_range(0..30));
        }
        let last = self.rng.gen_bool(0.6).then(|| first.plus_days(self.rng.gen_range(0..200)));
        let last = if self.rng.gen_bool(0.05) { Some(first.minus_days(1)) } else { last };
        let called = first_called(body);
        body[called] = json!(first);
        body["ends_on"] = json!(last);
    }

    /// Other days, another topic, budget or source.
    pub fn rewrite_document(&mut self) -> Option<Step> {
        let catalogue = self.pick(&["policy_document", "project"]);
        let id = self.pick_item(catalogue)?;
        let item = self.book.items[&id].clone();
        let mut body = self.told.ledgers.wholes[&id].0.clone();
        if self.rng.gen_bool(0.6) {
            self.say_days_of_document(&mut body);
        }
        let payments: Vec<&Entry> = self.payments_of(id).collect();
        let (paid, first) = (
            payments.iter().map(|payment| payment.amount_fen).sum(),
            payments.iter().map(|payment| payment.on_day).min(),
        );
        let (mut right, path) = match catalogue {
            "project" => {
                // Mostly the one that it has.
                let source = match item.kind.as_deref().filter(|_| self.rng.gen_bool(0.7)) {
                    Some(kind) => SOURCES.into_iter().find(|source| *source == kind).unwrap(),
                    None => self.pick(&SOURCES),
                };
                body["funding_source"] = json!(source);
                if self.rng.gen_bool(0.5) {
                    // Often a budget that is not used up.
                    let least = if self.rng.gen_bool(0.7) { std::cmp::max(paid, 1) } else { 1 };
                    body["budget_fen"] = json!(self.rng.gen_range(least..least + 2_000_000));
                }
                let starts_on: Day = body["starts_on"].as_str().unwrap().parse().unwrap();
                let right = if body["budget_fen"].as_i64().unwrap() < paid {
                    PAID_MORE
                } else if paid > 0 && Some(source) != item.kind.as_deref() {
                    FIXED
                } else if first.is_some_and(|first| first < starts_on) {
                    ENTRIES_OUTSIDE
                } else {
                    DONE
                };
                (right, format!("/api/v1/projects/{id}"))
            }
            _ => {
                body["topic"] = json!(self.pick(&TOPICS));
                (DONE, format!("/api/v1/policy-documents/{id}"))
            }
        };
        if ends_before(&body) {
            right = BEFORE_FROM;
        }
        let step = Step::new("rewrite document", MANAGER, Act::Rewrite(id), path, right).method(Method::PUT).body(body);
        Some(step.version(item.version).changes([id]).watches([format!("entries:{id}")]))
    }

    fn payments_of(&self, project: Id) -> impl Iterator<Item = &Entry> {
        self.book.entered("payment").filter(move |payment| payment.project_id == Some(project))
    }

    /// Parcels of a site, a member's wage, what a household received, what was paid.
    pub fn log_livelihood(&mut self) -> Option<Step> {
        let ledger = self.pick(&["parcel", "parcel", "wage", "wage", "wage", "benefit", "benefit", "payment"]);
        let id = self.app.edge.new_id();
        let mut body = json!({ "id": id });
        let (register, called) = match ledger {
            "parcel" => ("logistics_site", "site_id"),
            "wage" => ("membership", "membership_id"),
            "benefit" => ("benefit_link", "link_id"),
            _ => ("", "project_id"),
        };
        let (owner, day) = match ledger {
            "payment" => {
                let project = self.pick_item("project")?;
                let first = self.book.items[&project].starts_on.unwrap().min(self.app.today());
                let valid = self.day_between(first, self.app.today());
                (project, if self.rng.gen_bool(0.9) { valid } else { self.random_day() })
            }
            _ => {
                let item = self.pick_registered(register)?;
                (item.id, self.day_of_registered(&item))
            }
        };
        body[called] = json!(owner);
        let (mut kind, days) = ("", self.say_day(&mut body, ledger, day));
        let amount_fen = self.some_amount(owner);
        if ledger == "parcel" {
            kind = self.pick(&DIRECTIONS);
            (body["direction"], body["parcels"]) = (json!(kind), json!(self.rng.gen_range(0..5_000)));
        } else {
            body["amount_fen"] = json!(amount_fen);
        }
        let asked = Asked { ledger, owner, kind, days, amount_fen, own: None };
        let right = self.refusal_of_livelihood(&asked).unwrap_or(MADE);
        let path = book_path(ledger).to_owned();
        let step = Step::new("livelihood", self.logger(), Act::LogEntry(id), path, right).body(body).changes([id]);
        Some(self.at_owner(step, &asked))
    }

    /// Mostly a day on which it holds.
    fn day_of_registered(&mut self, item: &Registered) -> Day {
        match self.rng.gen_bool(0.9) {
            true => self.day_between(item.starts_on, item.ends_on.unwrap_or(self.app.today())),
            false => self.random_day(),
        }
    }

    /// Parcels and wages are of a month, the rest of a day: the days that are meant.
    fn say_day(&self, body: &mut Value, ledger: &str, day: Day) -> (Day, Day) {
        if ["parcel", "wage"].contains(&ledger) {
            let month = month_of(day);
            body["month"] = json!(month.text);
            return (month.first, month.last);
        }
        body["on"] = json!(day);
        (day, day)
    }

    /// Mostly a part of the budget, if it is one of a project.
    fn some_amount(&mut self, owner: Id) -> i64 {
        let budget = self.book.items.get(&owner).and_then(|project| project.value);
        let most = budget.filter(|_| self.rng.gen_bool(0.8)).map_or(300_000, |budget| budget / 4);
        self.rng.gen_range(1..=most.max(1))
    }

    fn refusal_of_livelihood(&self, asked: &Asked<'_>) -> Option<Outcome> {
        let (first, last) = asked.days;
        let others = self.book.entered(asked.ledger).filter(|entry| Some(entry.id) != asked.own);
        let mut others = others.filter(|entry| owner_of(entry) == asked.owner);
        let (point, wrong) = match self.book.registered.get(&asked.owner) {
            Some(item) => {
                let holds = item.starts_on <= last && item.ends_on.is_none_or(|end| first <= end);
                let is_month = asked.ledger != "benefit";
                let again =
                    |other: &Entry| other.on_day == first && (other.kind == asked.kind || asked.kind.is_empty());
                let again = (is_month && others.any(again)).then_some(LOGGED_ALREADY);
                (item.service_point_id, if holds { again } else { Some(NOT_IN_FORCE) })
            }
            None => {
                let project = &self.book.items[&asked.owner];
                let paid: i64 = others.map(|other| other.amount_fen).sum();
                let wrong = if first < project.starts_on.unwrap() {
                    Some(NOT_IN_FORCE)
                } else {
                    (project.value.unwrap() < paid + asked.amount_fen).then_some(OVER_BUDGET)
                };
                (project.service_point_id, wrong)
            }
        };
        let person = self.book.registered.get(&asked.owner).and_then(|item| item.member_id);
        let left = person.and_then(|member| self.book.members[&member].left_on);
        let has_left = (asked.ledger == "wage" && left.is_some_and(|left| left <= first)).then_some(HAS_LEFT);
        let household = self.book.registered.get(&asked.owner).and_then(|item| item.household_id);
        let receiver = household.filter(|_| asked.ledger == "benefit");
        let wrong = wrong.or(has_left).or_else(|| self.refusal_of_giver(point, first));
        wrong.or_else(|| receiver.and_then(|household| self.refusal_of_receiver(household, first)))
    }

    /// Nobody receives anything who is not on the register that day, or who was erased.
    fn refusal_of_receiver(&self, household: Id, day: Day) -> Option<Outcome> {
        let active = self.book.on(household, day).is_some_and(|span| span.status == "active");
        (!active || self.book.households[&household].erased_on.is_some()).then_some(NOT_ACTIVE)
    }

    /// What decides about such an entry, and what it adds to.
    fn at_owner(&self, step: Step, asked: &Asked<'_>) -> Step {
        let (item, project) = (self.book.registered.get(&asked.owner), self.book.items.get(&asked.owner));
        let point = item.map(|item| item.service_point_id).or(project.map(|project| project.service_point_id));
        let entries = format!("entries:{}", asked.owner);
        // Each month there is one; of a budget, every payment takes a part.
        let watched = project.map(|_| entries.clone());
        let place = item.map(|_| place(asked.owner, asked.days.0));
        let household = item.and_then(|item| item.household_id);
        let member = item.and_then(|item| item.member_id);
        let step = step.depends(household).depends(member).adds_to(household);
        step.depends([asked.owner]).depends(point).adds_to(point).adds_to([entries]).watches(watched).changes(place)
    }

    /// Another month or day, another amount, another direction.
    pub fn correct_livelihood(&mut self, entry: &Entry) -> Step {
        let ledger = entry.ledger.as_str();
        let mut body = json!({ "reason": "模拟更正" });
        let last = if entry.whole_month { month_of(entry.on_day).last } else { entry.on_day };
        let (mut days, mut kind, mut amount_fen) = ((entry.on_day, last), entry.kind.clone(), entry.amount_fen);
        let owner = owner_of(entry);
        if self.rng.gen_bool(0.5) {
            let day = match self.book.registered.get(&owner).cloned() {
                Some(item) => self.day_of_registered(&item),
                None => self.random_day(),
            };
            days = self.say_day(&mut body, ledger, day);
        }
        if self.rng.gen_bool(0.6) {
            match ledger {
                "parcel" => {
                    kind = self.pick(&DIRECTIONS).to_owned();
                    (body["direction"], body["parcels"]) = (json!(kind), json!(self.rng.gen_range(0..5_000)));
                }
                _ => {
                    amount_fen = self.some_amount(owner);
                    body["amount_fen"] = json!(amount_fen);
                }
            }
        }
        // Of a wage there is one in each month, whatever the role.
        let kind = if ledger == "parcel" { kind.as_str() } else { "" };
        let asked = Asked { ledger, owner, kind, days, amount_fen, own: Some(entry.id) };
        let refused = match entry.state.as_str() {
            "voided" => Some(ENTRY_VOIDED),
            _ => self.refusal_of_livelihood(&asked),
        };
        let step = self.of_entry("correct entry", Act::CorrectEntry(entry.id), entry, refused);
        let step = self.at_owner(step.method(Method::PATCH).body(body), &asked);
        self.leaves_room(step, entry)
    }

    /// What an entry leaves that is taken back or moved, and whose identity is erased with it.
    pub fn leaves_room(&self, step: Step, entry: &Entry) -> Step {
        let item = entry.item_id.map(|id| &self.book.registered[&id]);
        let household = item.and_then(|item| item.household_id);
        let household = household.or(entry.member_id.map(|member| self.book.members[&member].household_id));
        let entries = entry.item_id.or(entry.project_id).map(|owner| format!("entries:{owner}"));
        let place = entry.item_id.map(|id| place(id, entry.on_day));
        step.depends(household).adds_to(entries).changes(place)
    }
}

/// The place of an entry in a month, of any direction.
fn place(owner: Id, day: Day) -> String {
    format!("place:{owner}:{}", month_of(day).text)
}

fn first_called(body: &Value) -> &'static str {
    if body.get("topic").is_some() { "issued_on" } else { "starts_on" }
}

fn ends_before(body: &Value) -> bool {
    let day = |field: &str| body[field].as_str().map(|day| day.parse::<Day>().unwrap());
    day("ends_on").zip(day(first_called(body))).is_some_and(|(last, first)| last < first)
}
