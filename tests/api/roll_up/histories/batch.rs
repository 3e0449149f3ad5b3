//! What a batch is made of: who sends what, and what may be answered.

use std::collections::{BTreeMap, BTreeSet};

use rand::{Rng as _, seq::SliceRandom as _};
use serde_json::{Value, json};
use terrace::domain::{Day, Id};

use super::{ADMIN, AUDITOR, COUNTY_WORKER, History, KINDS, MANAGER, WORKER, periods};

/// Something to be sent, and what may be answered.
#[derive(Clone, Debug)]
pub struct Step {
    pub actor: usize,
    pub act: Act,
    pub allowed: Vec<u16>,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub enum Act {
    /// A record under an id of the client's choice.
    Log {
        id: Id,
        body: Value,
    },
    Void(Id),
    /// Anything done to a point: the last part of the path, the version, the body.
    Point(Id, &'static str, i64, Option<Value>),
    Open(Value),
    /// A look at the figures while they change.
    Look(Id, String),
}

/// A point as the API showed it before the batch.
#[derive(Clone, Debug)]
pub struct Point {
    pub id: Id,
    pub parent: Option<Id>,
    pub tier: String,
    pub status: String,
    pub opened_on: Day,
    pub closed_on: Option<Day>,
    pub version: i64,
}

impl History<'_> {
    /// A batch of requests that are under way together.
    pub fn batch(&mut self) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        let size = self.rng.gen_range(8..=16);
        while steps.len() < size {
            let step = match self.rng.gen_range(0..21) {
                0..=8 => self.log(),
                9 => self.wrong_log(),
                // The same at the same moment.
                10 => match steps.iter().find(|step| matches!(step.act, Act::Log { .. })) {
                    Some(step) => step.clone(),
                    None => continue,
                },
                // The same long after, whatever has become of it and of its point since.
                11 => match self.again() {
                    Some(step) => step,
                    None => continue,
                },
                12 => self.taken_id(&steps),
                13..=15 => self.void(),
                16..=17 => self.relocate(),
                18 => self.change_point(),
                19 => self.open(),
                _ => self.look(),
            };
            steps.push(step);
        }
        steps.shuffle(&mut self.rng);
        self.allow_races(&mut steps);
        steps
    }

    /// Someone's right record. What becomes of it depends on the point's life so far alone.
    fn log(&mut self) -> Step {
        let tier = self.pick(&["bureau", "county", "township", "village", "village"]);
        let points: Vec<Point> = self.points.iter().filter(|point| point.tier == tier).cloned().collect();
        let point = self.pick(&points);
        let households = self.households.clone();
        let (id, given_on) = (self.app.edge.new_id(), self.random_day());
        let body = json!({
            "id": id, "household_id": self.pick(&households), "service_point_id": point.id, "kind": self.pick(&KINDS),
            "given_on": given_on, "quantity": self.rng.gen_range(1..100),
        });
        let status = match point.status.as_str() {
            "active" => 201,
            "closed" if point.closed_on.is_some_and(|closed_on| given_on <= closed_on) => 201,
            _ => 409,
        };
        let actor = self.pick(&[WORKER, WORKER, MANAGER, MANAGER, COUNTY_WORKER]);
        // A worker of the county sees its own part alone, which is not followed here.
        let allowed = if actor == COUNTY_WORKER { vec![status, 404] } else { vec![status] };
        Step { actor, act: Act::Log { id, body }, allowed }
    }

    fn again(&mut self) -> Option<Step> {
        let ids: Vec<Id> = self.kept.keys().copied().collect();
        let id = *ids.choose(&mut self.rng)?;
        let kept = &self.kept[&id];
        let actor = self.people.iter().position(|person| person.account == Some(kept.creator))?;
        Some(Step { actor, act: Act::Log { id, body: kept.body.clone() }, allowed: vec![200] })
    }

    fn wrong_log(&mut self) -> Step {
        let mut step = self.log();
        let Act::Log { body, .. } = &mut step.act else { unreachable!() };
        let (field, value, status) = self.pick(&[
            ("kind", json!("unheard_of"), 422),
            ("given_on", json!("2025-09-30"), 422),
            ("given_on", json!(self.app.today().plus_days(1)), 422),
            ("quantity", json!(0), 422),
            ("quantity", json!("many"), 400),
            ("household_id", json!("01900000-0000-7000-8000-000000000000"), 404),
            ("service_point_id", json!("01900000-0000-7000-8000-000000000000"), 404),
        ]);
        body[field] = value;
        let allowed = if step.actor == COUNTY_WORKER { vec![status, 404] } else { vec![status] };
        Step { allowed, ..step }
    }

    /// Other content, or another person, under an id that is taken, or is being taken at this moment.
    fn taken_id(&mut self, steps: &[Step]) -> Step {
        let mut step = self.log();
        let mut ids: Vec<Id> = self.kept.keys().copied().collect();
        ids.extend(steps.iter().filter_map(|step| match &step.act {
            Act::Log { id, .. } => Some(*id),
            _ => None,
        }));
        if let (Some(taken), Act::Log { id, body }) = (ids.choose(&mut self.rng), &mut step.act) {
            *id = *taken;
            body["id"] = json!(taken);
        }
        step
    }

    fn void(&mut self) -> Step {
        let ids: Vec<Id> = self.kept.keys().copied().collect();
        let Some(id) = ids.choose(&mut self.rng).copied() else { return self.look() };
        let actor = self.pick(&[WORKER, WORKER, MANAGER, MANAGER, COUNTY_WORKER]);
        let gone = self.kept[&id].voided;
        let allowed = if gone { vec![412] } else { vec![200] };
        Step {
            actor,
            act: Act::Void(id),
            allowed: if actor == COUNTY_WORKER { vec![allowed[0], 404] } else { allowed },
        }
    }

    fn relocate(&mut self) -> Step {
        let movable: Vec<Point> = self
            .points
            .iter()
            .filter(|point| ["village", "township"].contains(&point.tier.as_str()))
            .cloned()
            .collect();
        let point = self.pick(&movable);
        let above = if point.tier == "village" { "township" } else { "county" };
        let parents: Vec<Point> = self.points.iter().filter(|parent| parent.tier == above).cloned().collect();
        let parent = self.pick(&parents);
        let ended = [&point.status, &parent.status].into_iter().any(|status| status == "closed");
        let status = if ended || point.parent == Some(parent.id) { 409 } else { 200 };
        let body = json!({ "parent_id": parent.id, "reason": "模拟调整" });
        Step { actor: ADMIN, act: Act::Point(point.id, "move", point.version, Some(body)), allowed: vec![status] }
    }

    fn change_point(&mut self) -> Step {
        let below_county: Vec<Point> = self
            .points
            .iter()
            .filter(|point| ["village", "township"].contains(&point.tier.as_str()))
            .cloned()
            .collect();
        let point = self.pick(&below_county);
        let (verb, body) = match self.rng.gen_range(0..4) {
            0 => {
                let days = u64::try_from(self.app.today().days_since(point.opened_on)).unwrap();
                let day = point.opened_on.plus_days(self.rng.gen_range(0..=days));
                ("close", Some(json!({ "closed_on": day, "reason": "模拟关闭" })))
            }
            1 => ("suspend", None),
            _ => ("activate", None),
        };
        // Records after the day, children, or the same state again may be in the way.
        Step { actor: ADMIN, act: Act::Point(point.id, verb, point.version, body), allowed: vec![200, 409] }
    }

    fn open(&mut self) -> Step {
        let parents: Vec<Point> = self.points.iter().filter(|point| point.tier != "village").cloned().collect();
        let parent = self.pick(&parents);
        let tier = match parent.tier.as_str() {
            "bureau" => "county",
            "county" => "township",
            _ => "village",
        };
        let body = json!({
            "id": self.app.edge.new_id(), "parent_id": parent.id, "tier": tier, "name": "模拟新点",
            "opened_on": self.random_day(),
        });
        let status = if parent.status == "closed" { 409 } else { 201 };
        Step { actor: ADMIN, act: Act::Open(body), allowed: vec![status] }
    }

    fn look(&mut self) -> Step {
        let tops: Vec<Id> = self.points.iter().filter(|point| point.tier != "village").map(|point| point.id).collect();
        let (id, period) = (self.pick(&tops), self.pick(&periods()));
        Step { actor: AUDITOR, act: Act::Look(id, period), allowed: vec![200] }
    }

    /// Widens what may be answered where the order of the batch decides.
    fn allow_races(&self, steps: &mut [Step]) {
        let touched: BTreeSet<Id> = steps
            .iter()
            .filter_map(|step| match &step.act {
                Act::Point(id, ..) => Some(*id),
                _ => None,
            })
            .collect();
        let refers = |body: &Value, field: &str| touched.iter().any(|id| body[field] == json!(id));
        let mut ids: BTreeMap<Id, usize> = BTreeMap::new();
        for step in steps.iter() {
            if let Act::Log { id, .. } | Act::Void(id) | Act::Point(id, ..) = &step.act {
                *ids.entry(*id).or_default() += 1;
            }
        }
        for step in steps {
            let more: &[u16] = match &step.act {
                // A repeated one is the same or a conflict.
                Act::Log { id, .. } if ids[id] > 1 || self.kept.contains_key(id) => &[200, 201, 409],
                Act::Log { body, .. } if refers(body, "service_point_id") => &[201, 409],
                Act::Void(id) if ids[id] > 1 => &[200, 412],
                // Its parent may be closed, or the point itself moved or closed, before its turn comes.
                Act::Point(..) => &[200, 409, 412],
                Act::Open(body) if refers(body, "parent_id") => &[201, 409],
                _ => &[],
            };
            step.allowed.extend(more);
        }
    }
}
