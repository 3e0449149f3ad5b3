//! Members of organisations: those with disabilities and what members earn, by the definitions, and what of it may be shown.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use terrace::domain::{Day, Id};

use super::{
    Book, Node, Period,
    statistics::{Recount, quotient},
};

/// What is told of members of organisations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Employment {
    Disabled,
    MeanWage,
    MedianWage,
}

/// Somebody who counts: where, who, in which role, and what was earned. Of wages no role is told.
#[derive(Clone, Debug)]
struct Worker {
    at: Id,
    person: Id,
    role: String,
    fen: i64,
    /// The month of a wage.
    month: Option<String>,
}

impl Book {
    /// Those with disabilities who belong to an organisation on a day, once for each membership, at the home of their household.
    fn disabled_on(&self, day: Day) -> Vec<Worker> {
        let mut found = Vec::new();
        for membership in self.register("membership").filter(|membership| membership.holds_on(day)) {
            let member = &self.members[&membership.member_id.unwrap()];
            let is_there = member.joined_on <= day && member.left_on.is_none_or(|left_on| day < left_on);
            let home = self.on(member.household_id, day).filter(|span| span.status == "active");
            let Some(home) = home.filter(|_| is_there && member.disability_category.is_some()) else { continue };
            let (at, role) = (home.service_point_id, membership.kind.clone());
            found.push(Worker { at, person: member.id, role, fen: 0, month: None });
        }
        found
    }

    /// The wages of the months of a period that have begun.
    fn wages_of(&self, period: &Period, today: Day) -> Vec<Worker> {
        let told = self.entered("wage").filter(|wage| period.contains(wage.on_day) && wage.on_day <= today);
        let worker = |wage: &super::Entry| Worker {
            at: wage.service_point_id,
            person: wage.member_id.unwrap(),
            role: String::new(),
            fen: wage.amount_fen,
            month: Some(wage.on_day.to_string()[..7].to_owned()),
        };
        told.map(worker).collect()
    }
}

/// The persons of each role, and all of them under none.
fn persons(workers: &[&Worker]) -> BTreeMap<String, BTreeSet<Id>> {
    let mut persons = BTreeMap::<String, BTreeSet<Id>>::new();
    for worker in workers {
        persons.entry(String::new()).or_default().insert(worker.person);
        persons.entry(worker.role.clone()).or_default().insert(worker.person);
    }
    persons
}

/// Whether they are from one to four, all together, or, where it is told by role, in one of the roles; or whether so few have more
/// roles than one that the roles would tell it, added up.
fn is_small(workers: &[&Worker], by_role: bool) -> bool {
    let persons = persons(workers);
    let small = |n: usize| (1..=4).contains(&n);
    let of_roles: usize = persons.iter().filter(|(role, _)| !role.is_empty()).map(|(_, of)| of.len()).sum();
    let all = persons.get("").map_or(0, BTreeSet::len);
    small(all) || (by_role && (persons.values().any(|of| small(of.len())) || small(of_roles.saturating_sub(all))))
}

/// A figure, and the number of what it is a sum over.
fn figure(employment: Employment, workers: &[&Worker]) -> (i64, Option<i64>) {
    let mut fen: Vec<i64> = workers.iter().map(|worker| worker.fen).collect();
    fen.sort_unstable();
    let (many, half) = (i64::try_from(fen.len()).unwrap(), fen.len() / 2);
    match employment {
        Employment::Disabled => (persons(workers).get("").map_or(0, BTreeSet::len).try_into().unwrap(), None),
        Employment::MeanWage => (fen.iter().sum(), Some(many)),
        Employment::MedianWage if fen.is_empty() => (0, None),
        Employment::MedianWage if fen.len() % 2 == 1 => (fen[half], None),
        // Half a fen goes upwards.
        Employment::MedianWage => ((fen[half - 1] + fen[half] + 1) / 2, None),
    }
}

impl Recount<'_> {
    /// What must be told of a point, and what must not.
    pub(super) fn employment(&self, code: &str, employment: Employment, point: &Node, period: &Period) -> Value {
        let workers = match employment {
            Employment::Disabled => self.book.disabled_on(period.last.min(self.today)),
            _ => self.book.wages_of(period, self.today),
        };
        let told = |total: Option<i64>| total.map_or(Value::Null, Value::from);
        let (total, own) = (self.below(&workers, point.id), own(&workers, point.id));
        // Each month of wages by itself: the one that may not be told would be what is left of the others.
        let mut months = BTreeMap::<Option<String>, Vec<Worker>>::new();
        for worker in &workers {
            months.entry(worker.month.clone()).or_default().push(worker.clone());
        }
        let total_shown = months.values().all(|workers| self.shows(workers, point, false));
        let parts_shown = months.values().all(|workers| self.shows_parts(workers, point, false));
        let roles_shown = months.values().all(|workers| self.shows(workers, point, true));
        let (value, of) = figure(employment, &total);
        let mut item = json!({
            "metric": code, "total": told(Some(value).filter(|_| total_shown)), "own": null, "by_child": [],
            "by_kind": [], "by_type": [], "by_month": [],
        });
        if let Some(of) = of.filter(|_| total_shown) {
            (item["of"], item["mean_hundredths"]) = (json!(of), json!(quotient(value, of, 100)));
        }
        if parts_shown {
            let (value, of) = figure(employment, &own);
            item["own"] = json!(value);
            of.into_iter().for_each(|of| item["own_of"] = json!(of));
            let child = |child: &Node| {
                let (value, of) = figure(employment, &self.below(&workers, child.id));
                let mut told = json!({ "service_point_id": child.id, "name": child.name, "value": value });
                of.into_iter().for_each(|of| told["of"] = json!(of));
                told
            };
            item["by_child"] = self.children(point).map(child).collect();
        }
        if roles_shown && employment == Employment::Disabled {
            let roles = persons(&total).into_iter().filter(|(role, _)| !role.is_empty());
            item["by_kind"] = roles.map(|(role, persons)| json!({ "kind": role, "value": persons.len() })).collect();
        }
        if !(total_shown && parts_shown && roles_shown) {
            item["hidden"] = json!(true);
        }
        item
    }

    fn children(&self, point: &Node) -> impl Iterator<Item = &Node> {
        self.book.nodes.values().filter(move |node| node.parent_id == Some(point.id))
    }

    fn below<'w>(&self, workers: &'w [Worker], top: Id) -> Vec<&'w Worker> {
        workers.iter().filter(|worker| self.above[&worker.at].contains(&top)).collect()
    }

    /// The whole network is shown unless it is few; every other point as one of the parts of the point above it.
    fn shows(&self, workers: &[Worker], point: &Node, by_role: bool) -> bool {
        match point.parent_id {
            None => !is_small(&self.below(workers, point.id), by_role),
            Some(parent) => self.shows_parts(workers, &self.book.nodes[&parent], by_role),
        }
    }

    /// The parts of a point are shown if it is itself, and none of them is few.
    fn shows_parts(&self, workers: &[Worker], point: &Node, by_role: bool) -> bool {
        let few = |part: &[&Worker]| is_small(part, by_role);
        self.shows(workers, point, by_role)
            && !few(&own(workers, point.id))
            && !self.children(point).any(|child| few(&self.below(workers, child.id)))
    }
}

fn own(workers: &[Worker], point: Id) -> Vec<&Worker> {
    workers.iter().filter(|worker| worker.at == point).collect()
}

/// What must hold of what is shown, whatever the numbers: nobody is told of few, and parts make the whole where they are told.
pub fn assert_shown(item: &Value) {
    let values = |parts: &str| -> Vec<i64> {
        item[parts].as_array().unwrap().iter().map(|part| part["value"].as_i64().unwrap()).collect()
    };
    let (total, own, children) = (item["total"].as_i64(), item["own"].as_i64(), values("by_child"));
    assert!(item["hidden"] == true || (total.is_some() && own.is_some()), "{item}");
    if item["metric"] == "members_disabled" {
        let shown = total.into_iter().chain(own).chain(children.clone()).chain(values("by_kind"));
        assert!(shown.into_iter().all(|persons| !(1..=4).contains(&persons)), "{item}");
    }
    if let (Some(total), Some(own), false) = (total, own, item["metric"] == "wage_median") {
        assert_eq!(total, own + children.iter().sum::<i64>(), "{item}");
    }
    assert_eq!(item.get("mean_hundredths").is_some(), item["metric"] == "wage_mean" && total.is_some(), "{item}");
    assert!(own.is_none() || total.is_some(), "{item}");
}
