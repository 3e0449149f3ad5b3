//! The numbers that name people: showing them whole, handing over a household's file, and erasing them.

use super::{Household, PHONE, Reason, ShowIdentity, locked, save};
use crate::{
    app::{
        audit, doubtful_items, entries,
        input::Faults,
        members::{self, CERTIFICATE, IDENTITY},
    },
    auth::{Permission, Tx, can},
    db::{
        assistance_records::{self, AssistanceRecord},
        doubtful_items::{self as explanations, Explanation},
        household_members::{self, Member},
        households::{self, HouseholdSpan},
        ledger_entries::{self, LedgerEntry},
        record_versions::{self, RecordVersion},
        register_items::{self, RegisterItem},
        stores::{self, Store},
    },
    domain::{Id, codes::HouseholdStatus},
    error::{Conflict, Error, Result},
};

/// A member's numbers in clear.
#[derive(Clone, Debug)]
pub struct Numbers {
    /// The member.
    pub member: Member,
    /// The identity number.
    pub identity_number: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The number of the disability certificate.
    pub disability_certificate: Option<String>,
}

/// A household's numbers in clear.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The household's telephone number.
    pub phone: Option<String>,
    /// Those of its members.
    pub members: Vec<Numbers>,
}

/// Everything that is kept of a household, in clear.
#[derive(Clone, Debug)]
pub struct File {
    /// The household.
    pub household: Household,
    /// Its numbers.
    pub shown: Shown,
    /// Its dated rows.
    pub spans: Vec<HouseholdSpan>,
    /// What it was given.
    pub records: Vec<AssistanceRecord>,
    /// What these records were before.
    pub versions: Vec<RecordVersion>,
    /// What was said about doubtful items of any of it.
    pub explanations: Vec<Explanation>,
    /// The stores that belong to it, or did.
    pub stores: Vec<Store>,
    /// The attendances of its members, the livestreams that they hosted, their wages, and what the household received from who lifts
    /// it.
    pub entries: Vec<LedgerEntry>,
    /// Who lifts it, and which organisations its members belong to.
    pub items: Vec<RegisterItem>,
}

/// Shows the numbers of a household whole, of one member or all, and notes who saw them and why.
///
/// # Errors
/// The member is unknown there.
pub fn show_identity(tx: &mut Tx<'_, can::ShowIdentity>, id: Id, request: &ShowIdentity) -> Result<Shown> {
    let household = tx.find(id, households::find)?;
    let mut members = household_members::of_household(tx.conn(), id)?;
    if let Some(only) = request.member_id {
        members.retain(|member| member.id == only);
        if members.is_empty() {
            return Err(Error::NotFoundAt("/member_id".to_owned()));
        }
    }
    Faults::of(request).finish()?;
    audit::looked_at(tx, "household.show_identity", &household, Some(&request.reason))?;
    shown(tx, &household, members)
}

/// Hands over the whole file of a household, and notes who asked for it and why.
///
/// # Errors
/// There is none within reach.
pub fn export(tx: &mut Tx<'_, can::ExportHouseholds>, id: Id, request: &Reason) -> Result<File> {
    let household = tx.find(id, households::find)?;
    Faults::of(request).finish()?;
    audit::looked_at(tx, "household.export", &household, Some(&request.reason))?;
    let members = household_members::of_household(tx.conn(), id)?;
    let records = assistance_records::of_household(tx.conn(), id)?;
    let within = members.iter().map(|member| member.id).chain(records.iter().map(|record| record.id));
    let subjects: Vec<Id> = std::iter::once(id).chain(within).collect();
    Ok(File {
        shown: shown(tx, &household, members)?,
        spans: households::spans(tx.conn(), id)?,
        records,
        explanations: explanations::of_subjects(tx.conn(), &subjects)?,
        stores: stores::of_household(tx.conn(), id)?,
        entries: ledger_entries::of_household(tx.conn(), id)?,
        items: register_items::about_household(tx.conn(), id)?,
        versions: record_versions::of_household(tx.conn(), id)?,
        household,
    })
}

/// Erases what identifies the people of a household that has ended: names, numbers, addresses, notes. What counts stays:
/// homes, types and states with their days, who joined and left when, what was given.
///
/// # Errors
/// It is active, or was erased before.
pub fn erase(tx: &mut Tx<'_, can::EraseHouseholds>, id: Id, version: i64, request: &Reason) -> Result<Household> {
    let before = locked(tx, id, version)?;
    Faults::of(request).finish()?;
    if before.status == HouseholdStatus::Active {
        return Err(Conflict::HouseholdActive.into());
    }
    if before.erased_on.is_some() {
        return Err(Conflict::AlreadySo.into());
    }
    let after = Household {
        address: None,
        phone: None,
        phone_tail: None,
        external_number: None,
        income: None,
        erased_on: Some(tx.today()),
        ..before.clone()
    };
    let mut after = save(tx, "household.erase", &before, after, Some(&request.reason))?;
    let mut subjects = vec![id];
    for member in household_members::of_household(tx.conn(), id)? {
        subjects.push(member.id);
        members::save(tx, "household_member.erase", &after, &member, erased(member.clone()), None)?;
    }
    members::derive(tx.conn(), &mut after)?;
    for record in assistance_records::of_household(tx.conn(), id)? {
        subjects.push(record.id);
        if record.note.is_none() && record.void_reason.is_none() {
            continue;
        }
        let void_reason = record.void_reason.as_ref().map(|_| String::new());
        let erased = AssistanceRecord {
            note: None,
            void_reason,
            version: record.version + 1,
            updated_at: tx.now(),
            ..record.clone()
        };
        assistance_records::update(tx.conn(), &erased)?;
        audit::changed(tx, "assistance_record.erase", &record, &erased, None)?;
    }
    record_versions::erase_notes(tx.conn(), id)?;
    entries::erase(tx, id)?;
    doubtful_items::erase(tx, &subjects)?;
    Ok(after)
}

/// A member without what identifies the person. A year of birth stays, as a first of January: counts by age need no more.
fn erased(member: Member) -> Member {
    let year = member.birth_on.and_then(|day| day.to_string().get(..4).map(|year| format!("{year}-01-01")));
    Member {
        name: None,
        birth_on: year.and_then(|day| day.parse().ok()),
        identity_number: None,
        identity_hash: None,
        disability_certificate: None,
        phone: None,
        phone_tail: None,
        leave_reason: member.leave_reason.as_ref().map(|_| String::new()),
        ..member
    }
}

fn shown<P: Permission>(tx: &Tx<'_, P>, household: &Household, members: Vec<Member>) -> Result<Shown> {
    let numbers = |member: Member| -> Result<Numbers> {
        Ok(Numbers {
            identity_number: IDENTITY.open(tx, member.id, member.identity_number.as_ref())?,
            phone: members::PHONE.open(tx, member.id, member.phone.as_ref())?,
            disability_certificate: CERTIFICATE.open(tx, member.id, member.disability_certificate.as_ref())?,
            member,
        })
    };
    Ok(Shown {
        phone: PHONE.open(tx, household.id, household.phone.as_ref())?,
        members: members.into_iter().map(numbers).collect::<Result<_>>()?,
    })
}
