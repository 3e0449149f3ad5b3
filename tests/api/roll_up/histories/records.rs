//! Records: logged right and wrong, once and twice; corrected; taken back.

use actix_web::http::Method;
use rand::{Rng as _, seq::SliceRandom as _};
use serde_json::{Value, json};
use terrace::domain::{Day, Id};

use super::{
    COUNTY_WORKER, History, KINDS, MANAGER, RECORDS, WORKER,
    step::{
        Act, DONE, MADE, NOT_ACTIVE, NOT_FOUND, Outcome, POINT_ENDED, POINT_NOT_ACTIVE, STALE, Step, TAKEN, VOIDED,
    },
};

impl History<'_> {
    /// Somebody's record. What becomes of it depends on the lives of its household and its point.
    pub fn log(&mut self) -> Step {
        let point = self.pick_point();
        let household = self.pick_household();
        let (id, given_on) = (self.app.edge.new_id(), self.random_day());
        let mut body = json!({
            "id": id, "household_id": household, "service_point_id": point, "kind": self.pick(&KINDS),
            "given_on": given_on, "quantity": self.rng.gen_range(1..100),
        });
        if self.rng.gen_bool(0.5) {
            body["amount_fen"] = json!(self.rng.gen_range(0..1_000_000));
        }
        if self.rng.gen_bool(0.2) {
            body["member_id"] = json!(self.pick_member_of(household).id);
        }
        self.logging(id, body)
    }

    /// The request of a record that has not been there.
    fn logging(&mut self, id: Id, body: Value) -> Step {
        let at = |field: &str| -> Id { body[field].as_str().unwrap().parse().unwrap() };
        let (household, point) = (at("household_id"), at("service_point_id"));
        let given_on: Day = body["given_on"].as_str().unwrap().parse().unwrap();
        let refused = self.refusal_of_day(household, given_on).or(self.refusal_of_giver(point, given_on));
        let actor = self.pick(&[WORKER, WORKER, WORKER, MANAGER, MANAGER, MANAGER, COUNTY_WORKER]);
        let step = Step::new("log", actor, Act::Log(id), RECORDS.to_owned(), refused.unwrap_or(MADE));
        scoped(step.body(body).depends([household, point]).changes([id]).adds_to([household, point]))
    }

    fn refusal_of_day(&self, household: Id, day: Day) -> Option<Outcome> {
        let row = &self.book.households[&household];
        if day < row.registered_on {
            return Some((422, "before_registration"));
        }
        // What was erased takes nothing more, of any day.
        let active = self.book.on(household, day).is_some_and(|span| span.status == "active");
        (!active || row.erased_on.is_some()).then_some(NOT_ACTIVE)
    }

    pub fn refusal_of_giver(&self, point: Id, day: Day) -> Option<Outcome> {
        let point = &self.book.nodes[&point];
        match (point.status.as_str(), point.closed_on) {
            ("active", _) => None,
            ("closed", Some(closed_on)) if day <= closed_on => None,
            ("closed", _) => Some(POINT_ENDED),
            _ => Some(POINT_NOT_ACTIVE),
        }
    }

    pub fn wrong_log(&mut self) -> Step {
        let mut step = self.log();
        let body = step.body.as_mut().unwrap();
        let household: Id = body["household_id"].as_str().unwrap().parse().unwrap();
        let stranger = self.book.members.values().find(|member| member.household_id != household).unwrap().id;
        let nobody = json!("01900000-0000-7000-8000-000000000000");
        let (field, value, refused) = [
            ("kind", json!("unheard_of"), (422, "unknown_code")),
            ("given_on", json!("2025-09-30"), (422, "before_registration")),
            ("given_on", json!(self.app.today().plus_days(1)), (422, "in_future")),
            ("quantity", json!(0), (422, "range")),
            ("amount_fen", json!(-1), (422, "range")),
            ("quantity", json!("many"), (400, "request.malformed")),
            ("member_id", json!(stranger), (422, "not_of_household")),
            ("household_id", nobody.clone(), NOT_FOUND),
            ("service_point_id", nobody, NOT_FOUND),
        ]
        .choose(&mut self.rng)
        .unwrap()
        .clone();
        body[field] = value;
        scoped(step.right(refused))
    }

    /// The same long after, whatever has become of it, of its household and its point since.
    pub fn again(&mut self) -> Option<Step> {
        let ids: Vec<Id> = self.told.records.keys().copied().collect();
        let id = *ids.choose(&mut self.rng)?;
        let kept = &self.told.records[&id];
        let actor = self.people.iter().position(|person| person.account == Some(kept.creator))?;
        Some(Step::new("log", actor, Act::Log(id), RECORDS.to_owned(), DONE).body(kept.sent.clone()).depends([id]))
    }

    /// Other content, or another person, under an id that is taken, or is being taken at this moment.
    pub fn taken_id(&mut self, steps: &[Step]) -> Option<Step> {
        let mut ids: Vec<Id> = self.told.records.keys().copied().collect();
        ids.extend(steps.iter().filter_map(|step| match &step.act {
            Act::Log(id) => Some(*id),
            _ => None,
        }));
        let id = *ids.choose(&mut self.rng)?;
        let mut step = self.log();
        step.body.as_mut().unwrap()["id"] = json!(id);
        step = step.act(Act::Log(id)).changes([id]);
        // One that is being taken may be refused itself; then this one is judged for what it is.
        match self.told.records.contains_key(&id) {
            true => step = step.right(TAKEN),
            false => step.allowed.push(TAKEN),
        }
        Some(scoped(step))
    }

    /// Another kind, day, quantity, amount or member.
    pub fn correct(&mut self) -> Option<Step> {
        let id =
            self.pick_record("voided").filter(|_| self.rng.gen_bool(0.15)).or_else(|| self.pick_record("active"))?;
        let record = self.book.records[&id].clone();
        let mut body = json!({ "reason": "模拟更正" });
        let mut given_on = record.given_on;
        for _ in 0..self.rng.gen_range(0..=3) {
            match self.rng.gen_range(0..5) {
                0 => body["kind"] = json!(self.pick(&KINDS)),
                1 => given_on = self.random_day(),
                2 => body["quantity"] = json!(self.rng.gen_range(1..100)),
                3 => {
                    body["amount_fen"] = self.pick(&[json!(null), json!(0), json!(123_456)]);
                }
                _ => body["member_id"] = json!(self.pick_member_of(record.household_id).id),
            }
        }
        if given_on != record.given_on {
            body["given_on"] = json!(given_on);
        }
        let refused = if record.state == "voided" {
            Some(VOIDED)
        } else {
            self.refusal_of_day(record.household_id, given_on)
                .or(self.refusal_of_giver(record.service_point_id, given_on))
        };
        let (household, point) = (record.household_id, record.service_point_id);
        let step = self.of_record("correct", Act::Correct(id), id, refused).method(Method::PATCH).body(body);
        Some(step.path(format!("{RECORDS}/{id}")).depends([household, point]))
    }

    pub fn void(&mut self) -> Option<Step> {
        let id =
            self.pick_record("voided").filter(|_| self.rng.gen_bool(0.2)).or_else(|| self.pick_record("active"))?;
        let refused = (self.book.records[&id].state == "voided").then_some(VOIDED);
        Some(self.of_record("void", Act::Void(id), id, refused).body(json!({ "reason": "模拟作废" })))
    }

    fn of_record(&mut self, name: &'static str, act: Act, id: Id, refused: Option<Outcome>) -> Step {
        let record = self.book.records[&id].clone();
        let stale = self.rng.gen_bool(0.08);
        let (version, right) =
            if stale { (record.version + 100, STALE) } else { (record.version, refused.unwrap_or(DONE)) };
        let actor = self.pick(&[WORKER, WORKER, WORKER, MANAGER, MANAGER, MANAGER, COUNTY_WORKER]);
        let step = Step::new(name, actor, act, format!("{RECORDS}/{id}/{name}"), right).version(version);
        scoped(step.changes([id]).adds_to([record.household_id, record.service_point_id]))
    }

    fn pick_record(&mut self, state: &str) -> Option<Id> {
        let ids: Vec<Id> =
            self.book.records.values().filter(|record| record.state == state).map(|record| record.id).collect();
        ids.choose(&mut self.rng).copied()
    }
}

/// A worker of one county sees its own part alone, which is not followed here.
fn scoped(mut step: Step) -> Step {
    if step.actor == COUNTY_WORKER {
        step.allowed.push(NOT_FOUND);
    }
    step
}
