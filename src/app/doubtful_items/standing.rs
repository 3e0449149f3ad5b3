//! What the rules about households and their members find in the register as it stands now.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::scan::{Batch, Facts, listed};
use crate::{
    app::{households::PHONE, members, sealed::Column},
    auth::{Permission, Tx, keys::Purpose},
    db::doubtful_items::{self as db, HouseholdFacts, MemberFacts},
    domain::{
        Day, Id,
        codes::HEAD,
        doubtful::{Rule, phone_digits},
        identity::IdentityNumber,
    },
    error::Result,
};

/// The relation of a spouse (GB/T 4761).
const SPOUSE: &str = "10";
/// The code of who is healthy.
const HEALTHY: &str = "healthy";
/// The code of who does not work.
const NO_WORKER: &str = "none";

const OF_MEMBERS: &[&str] =
    &["identity_invalid", "identity_duplicate", "head_not_one", "two_spouses", "idle_of_working_age"];
const OF_HOUSEHOLDS: &[&str] = &["head_not_one", "two_spouses", "income_unusual"];
const OF_PHONES: &[&str] = &["phone_malformed", "phone_shared"];

/// Who holds which telephone number, as far as a scan has asked: each ending is read and opened once.
#[derive(Default)]
pub(super) struct Telephones {
    /// The endings that were asked for.
    tails: BTreeSet<String>,
    /// The households that hold a number of one of them, with their homes.
    holders: HashMap<String, BTreeMap<Id, Id>>,
}

/// Looks at the households of a batch.
pub(super) fn look<P: Permission>(tx: &mut Tx<'_, P>, batch: &mut Batch<'_>, held: &mut Telephones) -> Result<()> {
    let phones = batch.any(OF_PHONES);
    let (mut households, mut members) = (Vec::new(), Vec::new());
    if phones || batch.any(OF_HOUSEHOLDS) {
        households = db::households(tx.conn(), &batch.ids)?;
    }
    if phones || batch.any(OF_MEMBERS) {
        members = db::members(tx.conn(), &batch.ids)?;
    }
    let mut together: HashMap<Id, Vec<&MemberFacts>> = HashMap::new();
    for member in &members {
        together.entry(member.household_id).or_default().push(member);
        identity(tx, batch, member)?;
        idle(batch, member);
    }
    for household in &households {
        let members = together.get(&household.id).map_or(&[][..], Vec::as_slice);
        family(batch, household, members);
        income(batch, household);
    }
    if phones {
        telephones(tx, batch, (&households, &members), held)?;
    }
    if let Some(rule) = batch.rule("never_assisted") {
        let before = batch.today.minus_days(rule.value("days", batch.today).unsigned_abs());
        for (subject_id, point, registered_on) in db::never_assisted(tx.conn(), &batch.ids, before)? {
            let value = Some(batch.today.days_since(registered_on));
            let facts = registered_on.to_string();
            batch.note(rule, Facts { subject_id, point, value, elsewhere: Vec::new(), facts });
        }
    }
    Ok(())
}

fn identity<P: Permission>(tx: &mut Tx<'_, P>, batch: &mut Batch<'_>, member: &MemberFacts) -> Result<()> {
    if member.identity_number.is_none() || !batch.any(&["identity_invalid", "identity_duplicate"]) {
        return Ok(());
    }
    let clear = members::IDENTITY.open(tx, member.id, member.identity_number.as_ref()).ok().flatten();
    let read = clear.as_deref().map(|clear| IdentityNumber::parse(clear, batch.today));
    let mut elsewhere = Vec::new();
    if let Some(Ok(number)) = &read {
        let hash = batch.keys.mac(Purpose::Identity, &[number.expose().as_bytes()]);
        if member.identity_hash.as_deref() == Some(&hash[..]) {
            // No two who are present are found by one hash: the database's index sees to it.
            return Ok(());
        }
        elsewhere = db::registered_twice(tx.conn(), &hash, member.id)?;
    }
    let rule = batch.rule(if elsewhere.is_empty() { "identity_invalid" } else { "identity_duplicate" });
    if let Some(rule) = rule {
        let facts = format!("{}/{}", clear.unwrap_or_default(), listed(elsewhere.iter().copied()));
        let (subject_id, point) = (member.id, member.service_point_id);
        batch.note(rule, Facts { subject_id, point, value: None, elsewhere, facts });
    }
    Ok(())
}

fn idle(batch: &mut Batch<'_>, member: &MemberFacts) {
    let (Some(rule), Some(born)) = (batch.rule("idle_of_working_age"), member.birth_on) else { return };
    let healthy = member.health.iter().eq([HEALTHY]);
    let Some(age) = age(born, batch.today) else { return };
    let of_age = (rule.value("age_from", batch.today)..=rule.value("age_to", batch.today)).contains(&age);
    if healthy && of_age && member.labour_skill.as_deref() == Some(NO_WORKER) {
        // Not the age itself: a birthday is no new fact.
        let facts = born.to_string();
        let (subject_id, point) = (member.id, member.service_point_id);
        batch.note(rule, Facts { subject_id, point, value: Some(age), elsewhere: Vec::new(), facts });
    }
}

/// Whole years of life on a day.
fn age(born: Day, on: Day) -> Option<i64> {
    on.date().years_since(born.date()).map(i64::from)
}

fn family(batch: &mut Batch<'_>, household: &HouseholdFacts, members: &[&MemberFacts]) {
    let of = |relation: &str| -> Vec<Id> {
        members.iter().filter(|member| member.relation == relation).map(|member| member.id).collect()
    };
    let (heads, spouses) = (of(HEAD), of(SPOUSE));
    let (head_rule, spouse_rule) = (batch.rule("head_not_one"), batch.rule("two_spouses"));
    let mut told = |rule: Option<&'static Rule>, who: Vec<Id>| {
        if let Some(rule) = rule {
            let value = i64::try_from(who.len()).ok();
            let (subject_id, point, facts) = (household.id, household.service_point_id, listed(who));
            batch.note(rule, Facts { subject_id, point, value, elsewhere: Vec::new(), facts });
        }
    };
    if heads.len() != 1 {
        told(head_rule, heads);
    }
    if spouses.len() > 1 {
        told(spouse_rule, spouses);
    }
}

fn income(batch: &mut Batch<'_>, household: &HouseholdFacts) {
    let Some(rule) = batch.rule("income_unusual") else { return };
    let each = household.income.and_then(|income| income.per_capita_fen(household.persons));
    let (low, high) = (rule.value("low_fen", batch.today), rule.value("high_fen", batch.today));
    if let Some(each) = each.filter(|each| *each <= low || *each > high) {
        let (subject_id, point) = (household.id, household.service_point_id);
        batch
            .note(rule, Facts { subject_id, point, value: Some(each), elsewhere: Vec::new(), facts: each.to_string() });
    }
}

/// The digits of a sealed number; none when it cannot be opened.
fn digits<P: Permission>(tx: &Tx<'_, P>, column: Column, row: Id, sealed: &Vec<u8>) -> Option<String> {
    column.open(tx, row, Some(sealed)).ok().flatten().map(|clear| phone_digits(&clear))
}

/// Numbers of one household, each with whether it can be opened.
type Numbers = BTreeSet<Option<String>>;

fn telephones<P: Permission>(
    tx: &mut Tx<'_, P>,
    batch: &mut Batch<'_>,
    (households, members): (&[HouseholdFacts], &[MemberFacts]),
    held: &mut Telephones,
) -> Result<()> {
    // Opened once, by the row that holds them.
    let mut opened: HashMap<Id, Option<String>> = HashMap::new();
    let mut numbers: HashMap<Id, Numbers> = HashMap::new();
    let mut tails: BTreeSet<String> = BTreeSet::new();
    let own = households.iter().map(|row| (PHONE, row.id, row.id, &row.phone, &row.phone_tail));
    let theirs = members.iter().map(|row| (members::PHONE, row.id, row.household_id, &row.phone, &row.phone_tail));
    for (column, row, household, phone, tail) in own.chain(theirs) {
        let Some(phone) = phone else { continue };
        let clear = digits(tx, column, row, phone);
        numbers.entry(household).or_default().insert(clear.clone());
        opened.insert(row, clear);
        tails.extend(tail.clone());
    }
    if let Some(rule) = batch.rule("phone_malformed") {
        let length = rule.value("digits", batch.today).unsigned_abs();
        for household in households {
            let wrong: Vec<&str> = numbers
                .get(&household.id)
                .into_iter()
                .flatten()
                .map(|number| number.as_deref().unwrap_or_default())
                .filter(|number| number.len() as u64 != length)
                .collect();
            if !wrong.is_empty() {
                let value = i64::try_from(wrong.len()).ok();
                let (subject_id, point, facts) = (household.id, household.service_point_id, wrong.join(","));
                batch.note(rule, Facts { subject_id, point, value, elsewhere: Vec::new(), facts });
            }
        }
    }
    let Some(rule) = batch.rule("phone_shared") else { return Ok(()) };
    let tails: Vec<String> = tails.difference(&held.tails).cloned().collect();
    for holder in db::phones_with(tx.conn(), &tails)? {
        let (column, row) = match holder.member_id {
            Some(member) => (members::PHONE, member),
            None => (PHONE, holder.household_id),
        };
        let clear = match opened.get(&row) {
            Some(clear) => clear.clone(),
            None => digits(tx, column, row, &holder.phone),
        };
        if let Some(clear) = clear {
            held.holders.entry(clear).or_default().insert(holder.household_id, holder.service_point_id);
        }
    }
    held.tails.extend(tails);
    let least = rule.value("households", batch.today).unsigned_abs();
    for household in households {
        shared(batch, rule, household, numbers.get(&household.id), &held.holders, least);
    }
    Ok(())
}

fn shared(
    batch: &mut Batch<'_>,
    rule: &'static Rule,
    household: &HouseholdFacts,
    numbers: Option<&Numbers>,
    holders: &HashMap<String, BTreeMap<Id, Id>>,
    least: u64,
) {
    let (mut others, mut facts, mut most) = (BTreeMap::new(), String::new(), 0);
    for number in numbers.into_iter().flatten().flatten() {
        let Some(here) = holders.get(number).filter(|here| here.len() as u64 >= least.max(2)) else { continue };
        most = most.max(here.len());
        others.extend(here.iter().filter(|(id, _)| **id != household.id));
        facts.push_str(&format!("{number}:{};", listed(here.keys().copied())));
    }
    if most > 0 {
        let elsewhere: BTreeSet<Id> = others.into_values().copied().collect();
        let (subject_id, point, value) = (household.id, household.service_point_id, i64::try_from(most).ok());
        batch.note(rule, Facts { subject_id, point, value, elsewhere: elsewhere.into_iter().collect(), facts });
    }
}
