//! What must hold of a member before it is written.

use super::{Disability, NewMember};
use crate::{
    app::{
        closing::{self, Touched},
        input::Faults,
    },
    auth::{Tx, can},
    db::households::{self, Household},
    domain::{
        CodeSet, Day, Id, Text,
        codes::{
            CodeList, DISABILITY_CATEGORIES, DISABILITY_GRADES, EDUCATION, ETHNICITIES, HEAD, HEALTH, LABOUR_SKILLS,
            NO_IDENTITY_REASONS, RELATIONS, SEXES,
        },
        identity::{IdentityNumber, certificate_fault},
    },
    error::Result,
};

/// Checks the members of a household that is to be registered on a day; the identity numbers that can be read, in the order
/// of the members.
pub fn check_all(
    faults: &mut Faults,
    members: &[NewMember],
    registered_on: Day,
    today: Day,
) -> Vec<Option<IdentityNumber>> {
    let heads = members.iter().filter(|member| *member.relation == *HEAD).count();
    faults.unless(heads == 1 || members.is_empty(), "/members", "one_head");
    let mut numbers: Vec<Option<IdentityNumber>> = Vec::with_capacity(members.len());
    for (at, member) in members.iter().enumerate() {
        let at = format!("/members/{at}");
        let number = check(faults, &at, member, registered_on, today);
        let again = number.is_some() && numbers.contains(&number);
        faults.unless(!again, &format!("{at}/identity_number"), "duplicate_in_request");
        let same_id = member.id.is_some() && members.iter().filter(|other| other.id == member.id).count() > 1;
        faults.unless(!same_id, &format!("{at}/id"), "duplicate");
        numbers.push(number);
    }
    numbers
}

/// Checks one member, beyond the request's own rules.
pub fn check(faults: &mut Faults, at: &str, member: &NewMember, joined_on: Day, today: Day) -> Option<IdentityNumber> {
    let place = |field: &str| format!("{at}/{field}");
    faults.unless(member.id.is_none_or(|id| !id.is_nil()), &place("id"), "nil_id");
    check_relation_at(faults, &member.relation, today, &place("relation"));
    optional(faults, &SEXES, member.sex.as_ref(), today, &place("sex"));
    optional(faults, &ETHNICITIES, member.ethnicity.as_ref(), today, &place("ethnicity"));
    optional(faults, &EDUCATION, member.education.as_ref(), today, &place("education"));
    optional(faults, &LABOUR_SKILLS, member.labour_skill.as_ref(), today, &place("labour_skill"));
    optional(faults, &NO_IDENTITY_REASONS, member.no_identity_reason.as_ref(), today, &place("no_identity_reason"));
    check_health(faults, &member.health, today, &place("health"));
    let number = member.identity_number.as_ref().and_then(|text| read(faults, text, today, &place("identity_number")));
    let one = member.identity_number.is_some() != member.no_identity_reason.is_some();
    faults.unless(one, &place("identity_number"), "identity_or_reason");
    if let Some(disability) = &member.disability {
        check_disability(faults, disability, number.as_ref(), today, &place("disability"));
    }
    faults.unless(member.joined_on.is_none_or(|day| day <= today), &place("joined_on"), "in_future");
    faults.unless(member.birth_on.is_none_or(|day| day <= today), &place("birth_on"), "in_future");
    let born = member.birth_on.or(number.as_ref().map(IdentityNumber::birth_on));
    let joined_on = member.joined_on.unwrap_or(joined_on);
    // Who is born into a household joins it on the day of birth.
    faults.unless(born.is_none_or(|born| born <= joined_on), &place("joined_on"), "before_birth");
    number
}

/// Reads an identity number, and notes what is wrong with it.
pub fn read(faults: &mut Faults, text: &Text, today: Day, pointer: &str) -> Option<IdentityNumber> {
    IdentityNumber::parse(text, today).map_err(|code| faults.unless(false, pointer, code)).ok()
}

/// A relation that is not the head's, for whom it is changed by an act of its own.
pub fn check_relation(faults: &mut Faults, relation: &Text, today: Day, pointer: &str) {
    check_relation_at(faults, relation, today, pointer);
    faults.unless(**relation != *HEAD, pointer, "head_relation");
}

fn check_relation_at(faults: &mut Faults, relation: &Text, today: Day, pointer: &str) {
    faults.code(&RELATIONS, relation, today, pointer);
}

/// A code that may be left out.
pub fn optional(faults: &mut Faults, list: &CodeList, code: Option<&Text>, today: Day, pointer: &str) {
    if let Some(code) = code {
        faults.code(list, code, today, pointer);
    }
}

pub fn check_health(faults: &mut Faults, health: &CodeSet, today: Day, pointer: &str) {
    for code in health.iter() {
        faults.code(&HEALTH, code, today, pointer);
    }
}

pub fn check_disability(
    faults: &mut Faults,
    disability: &Disability,
    number: Option<&IdentityNumber>,
    today: Day,
    at: &str,
) {
    faults.code(&DISABILITY_CATEGORIES, &disability.category, today, &format!("{at}/category"));
    faults.code(&DISABILITY_GRADES, &disability.grade, today, &format!("{at}/grade"));
    let number = number.map(IdentityNumber::expose);
    let fault = |certificate: &Text| certificate_fault(certificate, &disability.category, &disability.grade, number);
    if let Some(code) = disability.certificate.as_ref().and_then(fault) {
        faults.unless(false, &format!("{at}/certificate"), code);
    }
}

/// A member counts wherever the household is at home from a day on.
///
/// # Errors
/// One of the months from then on is closed there.
pub fn require_open(tx: &mut Tx<'_, can::WriteHouseholds>, household: &Household, from: Day) -> Result<()> {
    let spans = households::spans(tx.conn(), household.id)?;
    let later = spans.iter().filter(|span| span.valid_to.is_none_or(|to| to > from));
    let homes: Vec<Id> = later.map(|span| span.service_point_id).collect();
    closing::require_homes_open(tx, &homes, Touched::From(from.month()))
}
