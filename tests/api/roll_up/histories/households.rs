//! Households: registered, edited, given another head, type, state or home, erased; members who join and leave.

use actix_web::http::Method;
use rand::{Rng as _, seq::SliceRandom as _};
use serde_json::{Value, json};
use terrace::domain::{Day, Id};

use super::{
    super::recount::{Household, Member},
    History, MANAGER, WORKER,
    step::{
        ALREADY_SO, Act, BEFORE_LAST_CHANGE, Change, DONE, DUPLICATE, HEAD_NEEDED, IN_FUTURE, MADE, NOT_ACTIVE,
        NOT_PRESENT, Outcome, POINT_NOT_ACTIVE, RECORDS_AFTER_END, STILL_ACTIVE, Step, What,
    },
};
use crate::support::identity_number;

pub const HOUSEHOLDS: &str = "/api/v1/households";
const TYPES: [&str; 3] = ["lifted", "monitored", "general"];
/// So many households are enough to be counted.
const MOST_HOUSEHOLDS: usize = 16;

impl History<'_> {
    /// Any household, active ones more often.
    pub fn pick_household(&mut self) -> Id {
        let active = self.rng.gen_bool(0.5);
        let households = self.book.households.values().filter(|household| !active || household.status == "active");
        let ids: Vec<Id> = households.map(|household| household.id).collect();
        match ids.choose(&mut self.rng) {
            Some(id) => *id,
            None => *self.book.households.keys().next().unwrap(),
        }
    }

    pub fn pick_member_of(&mut self, household: Id) -> Member {
        let members: Vec<Member> = self.book.members_of(household).cloned().collect();
        self.pick(&members)
    }

    /// Mostly somebody who is present and not the head, else anybody.
    fn pick_member(&mut self) -> Member {
        let can_go = |member: &&Member| member.present && member.relation != "02";
        let able: Vec<Member> = self.book.members.values().filter(can_go).cloned().collect();
        if able.is_empty() || self.rng.gen_bool(0.25) {
            let household = self.pick_household();
            self.pick_member_of(household)
        } else {
            self.pick(&able)
        }
    }

    /// Who is registered with this number.
    fn holder(&self, number: &str) -> Option<&Member> {
        let same = |member: &&Member| self.numbers.get(&member.id).is_some_and(|known| known == number);
        self.book.members.values().filter(|member| member.present).find(same)
    }

    pub fn number_keys(&self, household: Id) -> Vec<String> {
        let members = self.book.members_of(household);
        members.filter_map(|member| self.numbers.get(&member.id)).map(|number| format!("number:{number}")).collect()
    }

    /// Somebody new with a number, somebody without, or sometimes somebody who was registered before.
    fn person(&mut self, relation: &str) -> (Id, Value, Option<String>) {
        let id = self.app.edge.new_id();
        let mut person = json!({ "id": id, "name": "模拟某人", "relation": relation });
        if self.rng.gen_bool(0.2) {
            person["disability"] = json!({ "category": "4", "grade": "2" });
        }
        let known: Vec<String> = self.numbers.values().cloned().collect();
        let number = match self.rng.gen_range(0..8) {
            0..=3 => {
                self.born += 1;
                Some(identity_number(&format!("19{}0101", 40 + self.born % 50), 100 + self.born / 50))
            }
            4 if !known.is_empty() => Some(self.pick(&known)),
            _ => None,
        };
        match &number {
            Some(number) => person["identity_number"] = json!(number),
            None => person["no_identity_reason"] = json!("lost"),
        }
        if let Some(number) = &number {
            self.numbers.insert(id, number.clone());
        }
        (id, person, number)
    }

    pub fn register(&mut self) -> Step {
        let (mut home, id, registered_on) = (self.pick_home(), self.app.edge.new_id(), self.random_day());
        // When there are enough, only where it cannot be done.
        let idle: Vec<Id> =
            self.book.nodes.values().filter(|node| node.status != "active").map(|node| node.id).collect();
        if self.book.households.len() >= MOST_HOUSEHOLDS && !idle.is_empty() {
            home = self.pick(&idle);
        }
        let (mut members, mut numbers) = (Vec::new(), Vec::new());
        for relation in &["02", "10", "20", "30"][..self.rng.gen_range(1..=4)] {
            let (member, mut person, number) = self.person(relation);
            if number.as_ref().is_some_and(|number| numbers.contains(number)) {
                // Nobody is there twice.
                self.numbers.remove(&member);
                continue;
            }
            if self.rng.gen_bool(0.3) {
                person["joined_on"] = json!(self.random_day());
            }
            numbers.extend(number);
            members.push(person);
        }
        let body = json!({
            "id": id, "service_point_id": home, "address": "模拟地址", "household_type": self.pick(&TYPES),
            "registered_on": registered_on, "members": members,
        });
        let right = if self.book.nodes[&home].status != "active" {
            POINT_NOT_ACTIVE
        } else if numbers.iter().any(|number| self.holder(number).is_some()) {
            DUPLICATE
        } else {
            MADE
        };
        let numbers = numbers.into_iter().map(|number| format!("number:{number}"));
        let step = Step::new("register", WORKER, Act::Register(id), HOUSEHOLDS.to_owned(), right).body(body);
        step.depends([home]).changes([id]).changes(numbers)
    }

    pub fn join(&mut self) -> Step {
        let household = self.pick_household();
        let (id, mut person, number) = self.person("20");
        if self.rng.gen_bool(0.6) {
            person["joined_on"] = json!(self.random_day());
        }
        let right = if self.book.households[&household].status != "active" {
            NOT_ACTIVE
        } else if number.as_ref().is_some_and(|number| self.holder(number).is_some()) {
            DUPLICATE
        } else {
            MADE
        };
        let step =
            Step::new("join", WORKER, Act::Join(id, household), format!("{HOUSEHOLDS}/{household}/members"), right);
        let number = number.map(|number| format!("number:{number}"));
        step.body(person).depends([household]).changes([id]).changes(number)
    }

    pub fn leave(&mut self) -> Step {
        let member = self.pick_member();
        let household = member.household_id;
        let left_on = match self.rng.gen_bool(0.5) {
            true => self.random_day(),
            false => self.random_day().max(member.joined_on),
        };
        let right = if left_on < member.joined_on {
            (422, "before_joining")
        } else if !member.present {
            NOT_PRESENT
        } else if member.relation == "02" {
            HEAD_NEEDED
        } else {
            DONE
        };
        let path = format!("/api/v1/members/{}/leave", member.id);
        let step = Step::new("leave", WORKER, Act::Leave(member.id, left_on), path, right).version(member.version);
        let number = self.numbers.get(&member.id).map(|number| format!("number:{number}"));
        step.body(json!({ "left_on": left_on, "reason": "模拟离开" }))
            .depends([household])
            .changes([member.id])
            .changes(number)
    }

    pub fn change_head(&mut self) -> Step {
        let member = self.pick_member();
        let household = member.household_id;
        let right = if self.book.households[&household].status != "active" {
            NOT_ACTIVE
        } else if !member.present {
            NOT_PRESENT
        } else if member.relation == "02" {
            ALREADY_SO
        } else {
            DONE
        };
        let body = json!({ "member_id": member.id, "former_relation": "97" });
        let members: Vec<Id> = self.book.members_of(household).map(|member| member.id).collect();
        self.of_household("head", WORKER, household, What::Nothing, self.app.today(), right).body(body).changes(members)
    }

    pub fn edit(&mut self) -> Step {
        let household = self.pick_household();
        let right = if self.book.households[&household].status == "active" { DONE } else { NOT_ACTIVE };
        let step = self.of_household("edit", WORKER, household, What::Nothing, self.app.today(), right);
        let step = step.path(format!("{HOUSEHOLDS}/{household}")).method(Method::PATCH);
        step.body(json!({ "address": "模拟新址" }))
    }

    pub fn change_type(&mut self) -> Step {
        let id = self.pick_household();
        let (to, (from, wrong)) = (self.pick(&TYPES).to_owned(), self.effective(id));
        let household = &self.book.households[&id];
        let right = wrong.unwrap_or(match household {
            Household { status, .. } if status != "active" => NOT_ACTIVE,
            Household { household_type, .. } if *household_type == to => ALREADY_SO,
            _ => DONE,
        });
        let body = json!({ "household_type": to, "effective_on": from });
        self.of_household("type", WORKER, id, What::Type(to), from, right).body(body)
    }

    pub fn change_status(&mut self) -> Step {
        let id = self.pick_household();
        let household = self.book.households[&id].clone();
        let to = match household.status.as_str() {
            "active" => self.pick(&["moved_away", "dissolved"]),
            _ => self.pick(&["active", "active", "active", "moved_away", "dissolved"]),
        };
        let (from, wrong) = self.effective(id);
        let last = self.book.records.values().filter(|record| record.household_id == id && record.state == "active");
        let last = last.map(|record| record.given_on).max();
        let is_of = |member: Option<Id>| member.is_some_and(|member| self.book.members[&member].household_id == id);
        let attended = self.book.entered("attendance").filter(|attendance| is_of(attendance.member_id));
        let last = last.max(attended.map(|attendance| attendance.on_day).max());
        let received = self
            .book
            .entered("benefit")
            .filter(|benefit| benefit.item_id.is_some_and(|link| self.book.registered[&link].household_id == Some(id)));
        let last = last.max(received.map(|benefit| benefit.on_day).max());
        let elsewhere = self.book.members_of(id).filter(|member| member.left_on.is_none()).any(|member| {
            let holder = self.numbers.get(&member.id).and_then(|number| self.holder(number));
            household.erased_on.is_none() && holder.is_some_and(|holder| holder.household_id != id)
        });
        let right = wrong.unwrap_or(if household.erased_on.is_some() {
            NOT_ACTIVE
        } else if household.status == to {
            ALREADY_SO
        } else if to == "active" && self.book.nodes[&household.service_point_id].status != "active" {
            POINT_NOT_ACTIVE
        } else if to == "active" && elsewhere {
            DUPLICATE
        } else if to != "active" && last.is_some_and(|last| last >= from) {
            RECORDS_AFTER_END
        } else {
            DONE
        });
        let body = json!({ "status": to, "effective_on": from, "reason": "模拟变动" });
        let members: Vec<Id> = self.book.members_of(id).map(|member| member.id).collect();
        let numbers = self.number_keys(id);
        self.of_household("status", WORKER, id, What::Status(to.to_owned()), from, right)
            .body(body)
            .changes(members)
            .changes(numbers)
            .depends([household.service_point_id])
            .watches([id])
    }

    pub fn transfer(&mut self) -> Step {
        let (id, home) = (self.pick_household(), self.pick_home());
        let (from, wrong) = self.effective(id);
        let right = wrong.or(self.refusal_of_transfer(id, home)).unwrap_or(DONE);
        let body = json!({ "service_point_id": home, "effective_on": from, "reason": "模拟迁入" });
        self.of_household("transfer", MANAGER, id, What::Home(home), from, right).body(body).depends([home])
    }

    pub fn refusal_of_transfer(&self, household: Id, home: Id) -> Option<Outcome> {
        let household = &self.book.households[&household];
        if household.status != "active" {
            Some(NOT_ACTIVE)
        } else if household.service_point_id == home {
            Some(ALREADY_SO)
        } else {
            (self.book.nodes[&home].status != "active").then_some(POINT_NOT_ACTIVE)
        }
    }

    pub fn erase(&mut self) -> Step {
        let id = self.pick_household();
        let household = &self.book.households[&id];
        let right = if household.status == "active" {
            STILL_ACTIVE
        } else if household.erased_on.is_some() {
            ALREADY_SO
        } else {
            DONE
        };
        let members: Vec<Id> = self.book.members_of(id).map(|member| member.id).collect();
        // Reasons of records that were taken back go, and with them their versions.
        let records = self.book.records.values().filter(|record| record.household_id == id);
        let records: Vec<Id> = records.map(|record| record.id).collect();
        let step = self.of_household("erase", MANAGER, id, What::Nothing, self.app.today(), right);
        let step = step.act(Act::Erase(id)).body(json!({ "reason": "模拟注销" }));
        step.changes(members).changes(records)
    }

    /// A day for a dated change: mostly one that is allowed.
    pub fn effective(&mut self, household: Id) -> (Day, Option<Outcome>) {
        let (today, last) = (self.app.today(), self.book.spans[&household].last().unwrap().valid_from);
        match self.rng.gen_range(0..12) {
            0 => (today.plus_days(1), Some(IN_FUTURE)),
            1 => (last.minus_days(1), Some(BEFORE_LAST_CHANGE)),
            2 => (last, None),
            3..=6 => (today, None),
            _ => {
                let days = u64::try_from(today.days_since(last)).unwrap();
                // Rather late, so that there is room for more changes.
                (today.minus_days(self.rng.gen_range(0..=days.min(75))), None)
            }
        }
    }

    fn of_household(&self, name: &'static str, actor: usize, id: Id, what: What, from: Day, right: Outcome) -> Step {
        let act = Act::Household(id, Change { from, what });
        let step = Step::new(name, actor, act, format!("{HOUSEHOLDS}/{id}/{name}"), right);
        step.version(self.book.households[&id].version).changes([id])
    }
}
