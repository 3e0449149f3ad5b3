//! The scan: what the rules find at some points, computed anew from the rows whenever somebody asks.
//!
//! It goes through the points in the order of the tree, some at a time, so that a page of a list costs no more than the points
//! that it shows, and the memory needed is that of a few points.

use std::{collections::HashMap, ops::ControlFlow};

use super::{livelihoods, monthly, standing, standing::Telephones, trade};
use crate::{
    auth::{Keys, Permission, Tx, keys::Purpose},
    db::doubtful_items::{self as db, Place},
    domain::{Day, Id, Month, PointPath, access::Reach, digest::hex, doubtful::Rule},
    error::Result,
};

/// So many points are looked at together.
const BATCH: i64 = 64;

/// Something that a rule found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The rule.
    pub rule: &'static Rule,
    /// What it is about.
    pub subject_id: Id,
    /// The month, if the rule goes by months.
    pub month: Option<Month>,
    /// The point that it belongs to.
    pub service_point_id: Id,
    /// Where that is in the tree.
    pub path: PointPath,
    /// The number that was looked at, where there is one.
    pub value: Option<i64>,
    /// The other points that are concerned.
    pub elsewhere: Vec<Id>,
    /// A keyed hash of the facts: it changes when they do.
    pub fingerprint: String,
}

/// The place of an item in a list: the path of its point, its rule, its subject.
pub type Key = (PointPath, String, Id);

impl Found {
    /// Its place in a list.
    pub fn key(&self) -> Key {
        (self.path.clone(), self.rule.code.to_owned(), self.subject_id)
    }

    /// The month as explanations keep it.
    pub fn period(&self) -> i32 {
        self.month.map_or(0, Month::key)
    }
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Question {
    /// At which points.
    pub reach: Reach,
    /// In which month, by the rules that go by months.
    pub month: Month,
    /// By which rules.
    pub rules: Vec<&'static Rule>,
    /// From this point of the tree on.
    pub from: Option<PointPath>,
}

/// Looks for everything, in the order of the tree, and hands it over in parts until told to stop.
///
/// # Errors
/// The database's own; the visitor's.
pub fn scan<P: Permission>(
    tx: &mut Tx<'_, P>,
    question: &Question,
    mut visit: impl FnMut(&mut Tx<'_, P>, Vec<Found>) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let (mut from, mut with_it, mut telephones) = (question.from.clone(), true, Telephones::default());
    loop {
        let places = db::places(tx.conn(), &question.reach, from.as_ref(), with_it, BATCH)?;
        let Some(last) = places.last() else { return Ok(()) };
        (from, with_it) = (Some(last.path.clone()), false);
        let found = look(tx, question, &places, &mut telephones)?;
        if visit(tx, found)?.is_break() {
            return Ok(());
        }
    }
}

fn look<P: Permission>(
    tx: &mut Tx<'_, P>,
    question: &Question,
    places: &[Place],
    telephones: &mut Telephones,
) -> Result<Vec<Found>> {
    let today = tx.today();
    let mut batch = Batch {
        ids: places.iter().map(|place| place.id).collect(),
        places,
        by_id: places.iter().map(|place| (place.id, place)).collect(),
        rules: &question.rules,
        keys: tx.tools().keys.clone(),
        month: question.month,
        until: question.month.last_day().min(today),
        today,
        found: Vec::new(),
    };
    standing::look(tx, &mut batch, telephones)?;
    monthly::look(tx, &mut batch)?;
    trade::look(tx, &mut batch)?;
    livelihoods::look(tx, &mut batch)?;
    let mut found = batch.found;
    found.sort_unstable_by(|a, b| (&a.path, a.rule.code, a.subject_id).cmp(&(&b.path, b.rule.code, b.subject_id)));
    Ok(found)
}

/// Some points that are looked at together, and what was found there.
pub(super) struct Batch<'a> {
    /// Their ids.
    pub ids: Vec<Id>,
    /// The points.
    pub places: &'a [Place],
    by_id: HashMap<Id, &'a Place>,
    rules: &'a [&'static Rule],
    /// For fingerprints, and to open what is sealed.
    pub keys: Keys,
    /// The month.
    pub month: Month,
    /// Its last day, or today while it runs.
    pub until: Day,
    /// The day of the request.
    pub today: Day,
    found: Vec<Found>,
}

/// What is told of something that was found.
pub(super) struct Facts {
    /// What it is about.
    pub subject_id: Id,
    /// The point that it belongs to.
    pub point: Id,
    /// The number that was looked at.
    pub value: Option<i64>,
    /// The other points that are concerned.
    pub elsewhere: Vec<Id>,
    /// Whatever an explanation explains: when it changes, the item is open again.
    pub facts: String,
}

impl Batch<'_> {
    /// The rule with this code, if it is looked for.
    pub fn rule(&self, code: &str) -> Option<&'static Rule> {
        self.rules.iter().copied().find(|rule| rule.code == code)
    }

    /// Whether any of these rules is looked for.
    pub fn any(&self, codes: &[&str]) -> bool {
        self.rules.iter().any(|rule| codes.contains(&rule.code))
    }

    /// Notes what was found.
    pub fn note(&mut self, rule: &'static Rule, facts: Facts) {
        let Facts { subject_id, point, value, elsewhere, facts } = facts;
        let Some(place) = self.by_id.get(&point) else { return };
        let month = rule.is_monthly().then_some(self.month);
        let period = month.map_or(0, Month::key).to_be_bytes();
        let parts: [&[u8]; 5] =
            [b"doubtful_items", rule.code.as_bytes(), subject_id.as_bytes(), &period, facts.as_bytes()];
        let fingerprint = hex(&self.keys.mac(Purpose::Fingerprint, &parts)[..16]);
        let path = place.path.clone();
        self.found.push(Found {
            rule,
            subject_id,
            month,
            service_point_id: point,
            path,
            value,
            elsewhere,
            fingerprint,
        });
    }
}

/// Ids, sorted, as facts.
pub(super) fn listed(ids: impl IntoIterator<Item = Id>) -> String {
    let mut ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    ids.sort_unstable();
    ids.join(",")
}
