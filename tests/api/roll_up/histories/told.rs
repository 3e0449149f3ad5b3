//! What the answers have told, and whether it is so: what was acknowledged is there once and as it was sent, in its order;
//! nothing else is.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use terrace::domain::{Day, Id};

use super::{
    super::recount::{Book, Household},
    kept::Ledgers,
    step::{Act, Change, Step, What},
};
use crate::support::Reply;

/// A record that was acknowledged, as it was sent and as it is.
#[derive(Clone, Debug)]
pub struct Kept {
    pub sent: Value,
    now: Value,
    pub creator: Id,
    voided: bool,
    version: i64,
}

/// A household: how it began, and what was changed, in that order.
#[derive(Clone, Debug)]
struct Life {
    began: (Day, Id, String),
    changes: Vec<Change>,
    erased: bool,
}

/// Everything that was acknowledged.
#[derive(Default)]
pub struct Told {
    pub records: BTreeMap<Id, Kept>,
    households: BTreeMap<Id, Life>,
    /// The household of each member, and since when the person has left.
    members: BTreeMap<Id, (Id, Option<Day>)>,
    wishes: BTreeMap<Id, &'static str>,
    /// The version of each point.
    points: BTreeMap<Id, i64>,
    /// What lies in the ledgers of trade and training, and what they stand on.
    pub ledgers: Ledgers,
}

impl Told {
    /// What was there when the history began.
    pub fn of(book: &Book) -> Self {
        let points = book.nodes.values().map(|node| (node.id, node.version)).collect();
        Self { points, ..Self::default() }
    }

    /// Learns from an answer what must be there.
    pub fn learn(&mut self, step: &Step, reply: &Reply, creator: Id) {
        let sent = step.body.clone().unwrap_or_default();
        match (&step.act, reply.status) {
            (Act::Log(id), 201) => {
                let kept = Kept { sent: sent.clone(), now: sent, creator, voided: false, version: 1 };
                assert!(self.records.insert(*id, kept).is_none(), "{id} was made twice");
            }
            (Act::Correct(id), 200) => {
                let kept = self.records.get_mut(id).unwrap();
                for (field, value) in sent.as_object().unwrap().iter().filter(|(field, _)| *field != "reason") {
                    kept.now[field] = value.clone();
                }
                kept.version += 1;
                assert_eq!(reply.json()["version"], kept.version);
            }
            (Act::Void(id), 200) => {
                let kept = self.records.get_mut(id).unwrap();
                kept.version += 1;
                assert!(!std::mem::replace(&mut kept.voided, true), "{id} was voided twice");
            }
            (Act::Register(id), 201) => {
                let day = sent["registered_on"].as_str().unwrap().parse().unwrap();
                let home = sent["service_point_id"].as_str().unwrap().parse().unwrap();
                let began = (day, home, sent["household_type"].as_str().unwrap().to_owned());
                self.households.insert(*id, Life { began, changes: Vec::new(), erased: false });
                for member in sent["members"].as_array().unwrap() {
                    self.members.insert(member["id"].as_str().unwrap().parse().unwrap(), (*id, None));
                }
            }
            (Act::Join(id, household), 201) => drop(self.members.insert(*id, (*household, None))),
            (Act::Leave(id, left_on), 200) => self.members.get_mut(id).unwrap().1 = Some(*left_on),
            (Act::Household(id, change) | Act::Answer(_, "accepted", Some((id, change))), 200) => {
                let life = self.households.get_mut(id).unwrap();
                life.changes.push(change.clone());
                if matches!(step.act, Act::Household(..)) {
                    assert_eq!(reply.json()["version"], life.version());
                }
            }
            (Act::Erase(id), 200) => {
                let life = self.households.get_mut(id).unwrap();
                life.changes.push(Change { from: life.began.0, what: What::Nothing });
                life.erased = true;
            }
            (Act::Ask(id), 201) => drop(self.wishes.insert(*id, "pending")),
            (Act::Open(id), 201) => drop(self.points.insert(*id, 1)),
            (Act::Point(id), 200) => *self.points.get_mut(id).unwrap() += 1,
            _ => self.ledgers.learn(step, reply, creator),
        }
        if let (Act::Answer(id, state, _), 200) = (&step.act, reply.status) {
            let before = self.wishes.insert(*id, state);
            assert_eq!(before, Some("pending"), "answered twice");
        }
    }

    pub fn check(&self, book: &Book, today: Day) {
        self.check_records(book);
        self.check_households(book, today);
        self.check_members(book);
        self.ledgers.check(book);
        let wishes = book.wishes.values().map(|wish| (wish.id, wish.state.as_str()));
        assert!(wishes.eq(self.wishes.iter().map(|(id, state)| (*id, *state))));
        let points = book.nodes.values().map(|node| (node.id, node.version));
        assert!(points.eq(self.points.iter().map(|(id, version)| (*id, *version))));
    }

    fn check_records(&self, book: &Book) {
        assert_eq!(book.records.keys().collect::<Vec<_>>(), self.records.keys().collect::<Vec<_>>());
        for (id, kept) in &self.records {
            let row = &book.records[id];
            let mut now = json!({ "amount_fen": null, "member_id": null });
            now.as_object_mut().unwrap().extend(kept.now.as_object().unwrap().clone());
            let lies = json!({
                "id": id, "household_id": row.household_id, "service_point_id": row.service_point_id, "kind": row.kind,
                "given_on": row.given_on, "quantity": row.quantity, "amount_fen": row.amount_fen, "member_id": row.member_id,
            });
            assert_eq!(lies, now);
            let state = if kept.voided { "voided" } else { "active" };
            assert_eq!((row.created_by, row.state.as_str()), (kept.creator, state));
            // The reason of one that was taken back goes when its household is erased.
            let erased = kept.voided && self.households[&row.household_id].erased;
            assert!(row.version == kept.version || (erased && row.version == kept.version + 1), "{row:?} {kept:?}");
        }
    }

    /// Each household is as its changes say, at the end and on every day since it was registered.
    fn check_households(&self, book: &Book, today: Day) {
        assert_eq!(book.households.keys().collect::<Vec<_>>(), self.households.keys().collect::<Vec<_>>());
        for (id, life) in &self.households {
            let row = &book.households[id];
            assert_eq!((row.registered_on, row.version), (life.began.0, life.version()), "{life:?}");
            assert_eq!(row.erased_on.is_some(), life.erased);
            assert_eq!(life.on(today), (row.service_point_id, row.household_type.as_str(), row.status.as_str()));
            let days = u64::try_from(today.days_since(row.registered_on)).unwrap();
            for day in (0..=days).map(|days| row.registered_on.plus_days(days)) {
                let span = book.on(*id, day).unwrap_or_else(|| panic!("nothing holds of {id} on {day}"));
                let holds = (span.service_point_id, span.household_type.as_str(), span.status.as_str());
                assert_eq!(holds, life.on(day), "{day} {life:?}");
            }
            let spans = &book.spans[id];
            assert_eq!((spans[0].valid_from, spans.last().unwrap().valid_to), (row.registered_on, None));
            for pair in spans.windows(2) {
                assert_eq!(pair[0].valid_to, Some(pair[1].valid_from));
                let same = pair[0].service_point_id == pair[1].service_point_id
                    && pair[0].household_type == pair[1].household_type
                    && pair[0].status == pair[1].status;
                assert!(!same, "two rows say the same: {pair:?}");
            }
        }
    }

    fn check_members(&self, book: &Book) {
        let lies = book.members.values().map(|member| (member.id, (member.household_id, member.left_on)));
        assert!(lies.eq(self.members.iter().map(|(id, told)| (*id, *told))));
        for Household { id, persons, status, erased_on, .. } in book.households.values() {
            let active = status == "active";
            assert!(book.members_of(*id).all(|member| member.present == (active && member.left_on.is_none())));
            assert_eq!(*persons, book.members_of(*id).filter(|member| member.present).count() as i64);
            let heads = book.members_of(*id).filter(|member| member.relation == "02" && member.left_on.is_none());
            assert_eq!(heads.count(), 1, "{id} {erased_on:?}");
        }
    }
}

impl Life {
    fn version(&self) -> i64 {
        1 + self.changes.len() as i64
    }

    /// Home, type and state on a day: each change holds from its day on, over what was said before.
    fn on(&self, day: Day) -> (Id, &str, &str) {
        let (mut home, mut class, mut status) = (self.began.1, self.began.2.as_str(), "active");
        for change in self.changes.iter().filter(|change| change.from <= day) {
            match &change.what {
                What::Home(id) => home = *id,
                What::Type(code) => class = code,
                What::Status(code) => status = code,
                What::Nothing => {}
            }
        }
        (home, class, status)
    }
}
