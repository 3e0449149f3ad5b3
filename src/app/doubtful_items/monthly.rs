//! What the rules about records and points find in a month.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::scan::{Batch, Facts, listed};
use crate::{
    auth::{Permission, Tx},
    db::doubtful_items::{self as db, Given, Place, Sibling},
    domain::{
        Day, Id, Instant, Month,
        codes::{PointStatus, Tier},
        doubtful::{Burst, Rule, bursts, commonest, is_outlier},
    },
    error::Result,
};

const OF_RECORDS: &[&str] = &["given_twice", "logged_late", "copied_notes", "outside_hours", "round_amounts"];

/// Looks at what the points of a batch gave in the month.
pub(super) fn look<P: Permission>(tx: &mut Tx<'_, P>, batch: &mut Batch<'_>) -> Result<()> {
    let window = (batch.month.first_day(), batch.until);
    if batch.any(OF_RECORDS) {
        let given = db::given(tx.conn(), &batch.ids, window)?;
        late(batch, &given);
        twice(tx, batch, &given, window)?;
        let mut by_point: BTreeMap<Id, Vec<&Given>> = BTreeMap::new();
        for record in &given {
            by_point.entry(record.service_point_id).or_default().push(record);
        }
        for (point, records) in by_point {
            copied(batch, point, &records);
            outside_hours(batch, point, &records);
            round(batch, point, &records);
        }
    }
    silent(tx, batch)?;
    counts(tx, batch)
}

/// What is told of a point in a month.
fn of_point(point: Id, value: usize, facts: String) -> Facts {
    Facts { subject_id: point, point, value: i64::try_from(value).ok(), elsewhere: Vec::new(), facts }
}

fn late(batch: &mut Batch<'_>, given: &[Given]) {
    let Some(rule) = batch.rule("logged_late") else { return };
    let most = rule.value("days", batch.until);
    for record in given {
        let days = record.created_at.day().days_since(record.given_on);
        if days > most {
            let (subject_id, point) = (record.id, record.service_point_id);
            let facts = record.given_on.to_string();
            batch.note(rule, Facts { subject_id, point, value: Some(days), elsewhere: Vec::new(), facts });
        }
    }
}

fn twice<P: Permission>(tx: &mut Tx<'_, P>, batch: &mut Batch<'_>, given: &[Given], window: (Day, Day)) -> Result<()> {
    let Some(rule) = batch.rule("given_twice") else { return Ok(()) };
    let households: BTreeSet<Id> = given.iter().map(|record| record.household_id).collect();
    let households: Vec<Id> = households.into_iter().collect();
    let mut givers: HashMap<(Id, String, Day), BTreeSet<Id>> = HashMap::new();
    for (household, kind, day, point) in db::elsewhere(tx.conn(), &households, window)? {
        givers.entry((household, kind, day)).or_default().insert(point);
    }
    for record in given {
        let occasion = (record.household_id, record.kind.clone(), record.given_on);
        let others = givers.get(&occasion).into_iter().flatten().copied();
        let elsewhere: Vec<Id> = others.filter(|point| *point != record.service_point_id).collect();
        if !elsewhere.is_empty() {
            let (household, kind, day) = occasion;
            let facts = format!("{household}/{kind}/{day}/{}", listed(elsewhere.iter().copied()));
            let value = i64::try_from(elsewhere.len() + 1).ok();
            let (subject_id, point) = (record.id, record.service_point_id);
            batch.note(rule, Facts { subject_id, point, value, elsewhere, facts });
        }
    }
    Ok(())
}

fn copied(batch: &mut Batch<'_>, point: Id, records: &[&Given]) {
    let Some(rule) = batch.rule("copied_notes") else { return };
    let notes = || records.iter().filter_map(|record| record.note.as_deref()).map(str::trim);
    let notes = || notes().filter(|note| !note.is_empty());
    let Some((note, n)) = commonest(notes()) else { return };
    let value = |parameter| usize::try_from(rule.value(parameter, batch.until)).unwrap_or_default();
    if n >= value("records") && n * 100 >= value("percent") * notes().count() {
        batch.note(rule, of_point(point, n, format!("{n}/{note}")));
    }
}

fn outside_hours(batch: &mut Batch<'_>, point: Id, records: &[&Given]) {
    let Some(rule) = batch.rule("outside_hours") else { return };
    let value = |parameter| rule.value(parameter, batch.until);
    let burst = Burst {
        records: usize::try_from(value("records")).unwrap_or_default(),
        minutes: value("minutes"),
        from_hour: value("from_hour"),
        to_hour: value("to_hour"),
    };
    let mut by_account: BTreeMap<Id, Vec<&Given>> = BTreeMap::new();
    for record in records {
        by_account.entry(record.created_by).or_default().push(record);
    }
    let mut found = Vec::new();
    for logged in by_account.values() {
        let at: Vec<Instant> = logged.iter().map(|record| record.created_at).collect();
        found.extend(bursts(&at, burst).into_iter().filter_map(|place| logged.get(place)).map(|record| record.id));
    }
    if !found.is_empty() {
        batch.note(rule, of_point(point, found.len(), listed(found)));
    }
}

fn round(batch: &mut Batch<'_>, point: Id, records: &[&Given]) {
    let Some(rule) = batch.rule("round_amounts") else { return };
    let value = |parameter| rule.value(parameter, batch.until);
    let amounts: Vec<(Id, i64)> = records
        .iter()
        .filter_map(|record| Some((record.id, record.amount_fen.filter(|amount| *amount > 0)?)))
        .collect();
    let unit = value("unit_fen").max(1);
    let enough = i64::try_from(amounts.len()).is_ok_and(|n| n >= value("records"));
    if enough && amounts.iter().all(|(_, amount)| amount % unit == 0) {
        let mut facts: Vec<String> = amounts.iter().map(|(id, amount)| format!("{id}={amount}")).collect();
        facts.sort_unstable();
        batch.note(rule, of_point(point, amounts.len(), facts.join(",")));
    }
}

fn silent<P: Permission>(tx: &mut Tx<'_, P>, batch: &mut Batch<'_>) -> Result<()> {
    let Some(rule) = batch.rule("point_silent") else { return Ok(()) };
    let until = batch.until;
    let days = rule.value("days", until);
    let at_work = |place: &&Place| {
        let ended = place.closed_on.is_some_and(|closed| closed <= until);
        let works = place.status == PointStatus::Active || place.status.ended();
        place.tier == Tier::Village && works && !ended && until.days_since(place.opened_on) >= days
    };
    let points: Vec<(Id, Day)> = batch.places.iter().filter(at_work).map(|place| (place.id, place.opened_on)).collect();
    let ids: Vec<Id> = points.iter().map(|(id, _)| *id).collect();
    let first = until.minus_days(days.unsigned_abs().saturating_sub(1));
    let gave: BTreeSet<Id> = db::gave_between(tx.conn(), &ids, (first, until))?.into_iter().collect();
    for (point, opened_on) in points.into_iter().filter(|(id, _)| !gave.contains(id)) {
        let last = db::last_day_before(tx.conn(), point, until)?;
        let facts = last.map_or_else(|| "never".to_owned(), |day| day.to_string());
        let value = Some(until.days_since(last.unwrap_or(opened_on)));
        batch.note(rule, Facts { subject_id: point, point, value, elsewhere: Vec::new(), facts });
    }
    Ok(())
}

/// Whether something is to be expected of a point in a month.
fn expected(child: &Sibling, month: Month) -> bool {
    let begun = child.status != PointStatus::Planned && child.opened_on <= month.last_day();
    begun && child.closed_on.is_none_or(|closed| closed >= month.first_day())
}

fn counts<P: Permission>(tx: &mut Tx<'_, P>, batch: &mut Batch<'_>) -> Result<()> {
    let (far, same) = (batch.rule("count_outlier"), batch.rule("same_counts"));
    let parents: BTreeSet<Id> = batch.places.iter().filter_map(|place| place.parent_id).collect();
    if parents.is_empty() || far.or(same).is_none() {
        return Ok(());
    }
    let parents: Vec<Id> = parents.into_iter().collect();
    let back = same.map_or(1, |rule| rule.value("months", batch.until)).max(1);
    let before = |month: &Month| Some(month.first_day().minus_days(1).month());
    let months: Vec<i32> = std::iter::successors(Some(batch.month), before)
        .map(Month::key)
        .take(usize::try_from(back).unwrap_or(1))
        .collect();
    let mut held: HashMap<(Id, i32), i64> = HashMap::new();
    for (point, period, n) in db::month_counts(tx.conn(), &parents, &months)? {
        let sum = held.entry((point, period)).or_default();
        *sum = sum.saturating_add(n);
    }
    let count = |point: Id, month: i32| held.get(&(point, month)).copied().unwrap_or_default();
    let (mut children, month) = (HashMap::<Id, Vec<Id>>::new(), batch.month);
    for child in db::siblings(tx.conn(), &parents)?.into_iter().filter(|child| expected(child, month)) {
        if let Some(parent) = child.parent_id {
            children.entry(parent).or_default().push(child.id);
        }
    }
    for place in batch.places {
        let siblings = place.parent_id.and_then(|parent| children.get(&parent)).map_or(&[][..], Vec::as_slice);
        if !siblings.contains(&place.id) {
            continue;
        }
        let own = count(place.id, month.key());
        let all: Vec<i64> = siblings.iter().map(|sibling| count(*sibling, month.key())).collect();
        let told = |batch: &mut Batch<'_>, rule: &'static Rule, facts: String| {
            let (subject_id, point) = (place.id, place.id);
            batch.note(rule, Facts { subject_id, point, value: Some(own), elsewhere: Vec::new(), facts });
        };
        if let Some(rule) = far {
            let value = |parameter| rule.value(parameter, batch.until);
            let enough = i64::try_from(all.len()).is_ok_and(|n| n >= value("points"));
            if enough && is_outlier(own, &all, value("score_hundredths")) {
                // Not what the others have: their records are no new fact about this point.
                told(batch, rule, own.to_string());
            }
        }
        if let Some(rule) = same {
            let alike = months.iter().all(|month| count(place.id, *month) == own);
            if alike && own >= rule.value("records", batch.until) {
                told(batch, rule, own.to_string());
            }
        }
    }
    Ok(())
}
