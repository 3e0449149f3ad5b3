//! Members of households: adding, editing, leaving, and who the head is.
//!
//! Every change locks the household first, and ends by bringing what follows from the members up to date: the household's
//! head and persons, and the cells.

mod checks;
mod registered;
mod requests;

pub use checks::{check_all, check_relation};
pub use registered::{find_registered, hash, note_found, refuse_registered, refuse_return};
pub use requests::{ChangeHead, Disability, EditMember, Leave, NewMember};

use super::{
    Settled, audit, expect_version,
    idempotence::{Made, replay, request_digest},
    input::Faults,
    roll_up,
    sealed::Column,
};
use crate::{
    auth::{Permission, Tx, can},
    db::{
        Conn,
        household_members::{self, Member, MemberAt},
        households::{self, Household},
    },
    domain::{
        Day, Id, Text,
        codes::{EDUCATION, ETHNICITIES, HEAD, HouseholdStatus, LABOUR_SKILLS, NO_IDENTITY_REASONS, SEXES},
        digest::Digest,
        identity::{IdentityNumber, phone_tail},
    },
    error::{Conflict, Error, Result},
};

pub(super) const IDENTITY: Column = Column { table: "household_members", column: "identity_number" };
pub(super) const CERTIFICATE: Column = Column { table: "household_members", column: "disability_certificate" };
pub(super) const PHONE: Column = Column { table: "household_members", column: "phone" };

/// What is told of a person's sex when nothing is known: "unknown" of GB/T 2261.1.
const SEX_UNKNOWN: &str = "0";

/// Adds a member to a household.
///
/// # Errors
/// The household is not active; the person is registered already.
pub fn add(tx: &mut Tx<'_, can::WriteHouseholds>, household_id: Id, request: &NewMember) -> Settled<Made<Member>> {
    if let Err(nowhere) = tx.reach() {
        // The household is named by the path: out of scope it is not there, whatever the caller may do elsewhere.
        return Err(tx.find(household_id, households::find).err().unwrap_or(nowhere));
    }
    let digest = request_digest(tx, &(household_id, request))?;
    // Locked before that, or the same request at the same moment would find the person registered already.
    households::lock(tx.conn(), household_id)?;
    if let Some(made) = replay(tx, request.id, &digest, household_members::find)? {
        return Ok(Ok(made));
    }
    let mut household = tx.find(household_id, households::find)?;
    let mut faults = Faults::of(request);
    let number = checks::check(&mut faults, "", request, tx.today(), tx.today());
    faults.unless(*request.relation != *HEAD, "/relation", "head_relation");
    faults.finish()?;
    refuse_ended(&household)?;
    let checked = [number];
    if let Some(refused) = refuse_registered(tx, &checked, None, None)? {
        return Ok(Err(refused));
    }
    let [number] = checked;
    let joined_on = tx.today();
    checks::require_open(tx, &household, request.joined_on.unwrap_or(joined_on))?;
    let before = roll_up::tally_of(tx.conn(), &household)?;
    let member = put(tx, &household, request, number.as_ref(), joined_on, Some(digest))?;
    derive(tx.conn(), &mut household)?;
    roll_up::settle(tx, &household, before)?;
    Ok(Ok(Made::New(member)))
}

/// Puts the members of a new household in place and returns them; `checked` are their identity numbers.
pub(super) fn put_all(
    tx: &mut Tx<'_, can::WriteHouseholds>,
    household: &Household,
    members: &[NewMember],
    checked: &[Option<IdentityNumber>],
) -> Result<Vec<Member>> {
    let put = |(member, number): (&NewMember, &Option<IdentityNumber>)| {
        put(tx, household, member, number.as_ref(), household.registered_on, None)
    };
    members.iter().zip(checked).map(put).collect()
}

fn put(
    tx: &mut Tx<'_, can::WriteHouseholds>,
    household: &Household,
    request: &NewMember,
    number: Option<&IdentityNumber>,
    joined_on: Day,
    digest: Option<Digest>,
) -> Result<Member> {
    let id = request.id.unwrap_or_else(|| tx.new_id());
    if request.id.is_some() && household_members::find(tx.conn(), id)?.is_some() {
        return Err(Conflict::IdTaken.into());
    }
    let text = |text: &Option<Text>| text.as_deref().map(str::to_owned);
    let disability = request.disability.as_ref();
    let sex = text(&request.sex).or_else(|| number.map(|number| number.sex().to_owned()));
    let member = Member {
        id,
        household_id: household.id,
        name: Some(request.name.to_string()),
        relation: request.relation.to_string(),
        sex: sex.unwrap_or_else(|| SEX_UNKNOWN.to_owned()),
        birth_on: request.birth_on.or(number.map(IdentityNumber::birth_on)),
        identity_number: IDENTITY.seal(tx, id, number.map(IdentityNumber::expose))?,
        identity_hash: number.map(|number| hash(tx, number)),
        no_identity_reason: text(&request.no_identity_reason),
        ethnicity: text(&request.ethnicity),
        education: text(&request.education),
        health: request.health.clone(),
        labour_skill: text(&request.labour_skill),
        disability_category: disability.map(|disability| disability.category.to_string()),
        disability_grade: disability.map(|disability| disability.grade.to_string()),
        disability_certificate: sealed_certificate(tx, id, disability)?,
        phone: PHONE.seal(tx, id, request.phone.as_deref())?,
        phone_tail: request.phone.as_deref().and_then(phone_tail),
        present: true,
        joined_on: request.joined_on.unwrap_or(joined_on),
        left_on: None,
        leave_reason: None,
        version: 1,
        created_by: tx.account_id()?,
        request_digest: digest.map(|digest| digest.to_vec()),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    household_members::insert(tx.conn(), &member)?;
    audit::created(tx, "household_member.add", &MemberAt { member: &member, home: household.service_point_id })?;
    Ok(member)
}

/// Changes a member's fields.
///
/// # Errors
/// The person has left or the household has ended; a new identity number is registered already.
pub fn edit(tx: &mut Tx<'_, can::WriteHouseholds>, id: Id, version: i64, request: &EditMember) -> Settled<Member> {
    let (mut household, before) = locked(tx, id, version)?;
    let (mut faults, today) = (Faults::of(request), tx.today());
    match &request.relation {
        Some(_) if before.is_head() => faults.unless(false, "/relation", "head_relation"),
        Some(relation) => check_relation(&mut faults, relation, today, "/relation"),
        None => {}
    }
    let given = |field: &Option<Option<Text>>| field.clone().flatten();
    for (list, code, pointer) in [
        (&SEXES, request.sex.clone(), "/sex"),
        (&ETHNICITIES, given(&request.ethnicity), "/ethnicity"),
        (&EDUCATION, given(&request.education), "/education"),
        (&LABOUR_SKILLS, given(&request.labour_skill), "/labour_skill"),
        (&NO_IDENTITY_REASONS, given(&request.no_identity_reason), "/no_identity_reason"),
    ] {
        checks::optional(&mut faults, list, code.as_ref(), today, pointer);
    }
    if let Some(health) = &request.health {
        checks::check_health(&mut faults, health, today, "/health");
    }
    let number =
        given(&request.identity_number).and_then(|text| checks::read(&mut faults, &text, today, "/identity_number"));
    let born = request.birth_on.flatten().or(number.as_ref().map(IdentityNumber::birth_on));
    faults.unless(born.is_none_or(|day| day <= before.joined_on), "/birth_on", "after_joining");
    if let Some(Some(disability)) = &request.disability {
        let kept = match &request.identity_number {
            None => IDENTITY.open(tx, id, before.identity_number.as_ref())?,
            Some(_) => None,
        };
        let kept = kept.and_then(|clear| IdentityNumber::parse(&clear, today).ok());
        checks::check_disability(&mut faults, disability, number.as_ref().or(kept.as_ref()), today, "/disability");
    }
    if let (Some(number), None) = (&number, &request.disability) {
        // A certificate holds the identity number: one that is kept must fit the new one.
        let certificate = CERTIFICATE.open(tx, id, before.disability_certificate.as_ref())?;
        let fits = certificate.is_none_or(|kept| kept.starts_with(number.expose()));
        faults.unless(fits, "/identity_number", "certificate_identity");
    }
    let numbered = request.identity_number.as_ref().map_or(before.identity_number.is_some(), Option::is_some);
    let reason = match &request.no_identity_reason {
        Some(reason) => reason.as_ref().map(ToString::to_string),
        // A number makes the reason for none void.
        None if given(&request.identity_number).is_some() => None,
        None => before.no_identity_reason.clone(),
    };
    // Who was erased has neither, and is refused for not being there.
    faults.unless(numbered != reason.is_some() || !before.present, "/identity_number", "identity_or_reason");
    faults.finish()?;
    if !before.present {
        return Err(Conflict::MemberNotPresent.into());
    }
    let checked = [number];
    if let Some(refused) = refuse_registered(tx, &checked, Some(id), None)? {
        return Ok(Err(refused));
    }
    let [number] = checked;
    let mut after = edited(tx, &before, request, number.as_ref())?;
    after.no_identity_reason = reason;
    let after = save(tx, "household_member.edit", &household, &before, after, None)?;
    derive(tx.conn(), &mut household)?;
    Ok(Ok(after))
}

fn edited(
    tx: &Tx<'_, can::WriteHouseholds>,
    before: &Member,
    request: &EditMember,
    number: Option<&IdentityNumber>,
) -> Result<Member> {
    let (mut after, id) = (before.clone(), before.id);
    let text = |field: &Option<Option<Text>>, kept: &Option<String>| match field {
        Some(text) => text.as_deref().map(str::to_owned),
        None => kept.clone(),
    };
    after.name = request.name.as_ref().map(ToString::to_string).or(after.name);
    after.relation = request.relation.as_ref().map_or(after.relation, ToString::to_string);
    after.ethnicity = text(&request.ethnicity, &before.ethnicity);
    after.education = text(&request.education, &before.education);
    after.labour_skill = text(&request.labour_skill, &before.labour_skill);
    after.health = request.health.clone().unwrap_or(after.health);
    after.birth_on = request.birth_on.unwrap_or(after.birth_on);
    if request.identity_number.is_some() {
        after.identity_number = IDENTITY.seal(tx, id, number.map(IdentityNumber::expose))?;
        after.identity_hash = number.map(|number| hash(tx, number));
    }
    if let Some(number) = number {
        after.birth_on = request.birth_on.flatten().or(Some(number.birth_on()));
        after.sex = number.sex().to_owned();
    }
    after.sex = request.sex.as_ref().map_or(after.sex, ToString::to_string);
    if let Some(disability) = &request.disability {
        after.disability_category = disability.as_ref().map(|disability| disability.category.to_string());
        after.disability_grade = disability.as_ref().map(|disability| disability.grade.to_string());
        after.disability_certificate = sealed_certificate(tx, id, disability.as_ref())?;
    }
    if let Some(phone) = &request.phone {
        after.phone = PHONE.seal(tx, id, phone.as_deref())?;
        after.phone_tail = phone.as_deref().and_then(phone_tail);
    }
    Ok(after)
}

/// Lets somebody leave a household.
///
/// # Errors
/// The person is the head, or has left before.
pub fn leave(tx: &mut Tx<'_, can::WriteHouseholds>, id: Id, version: i64, request: &Leave) -> Result<Member> {
    let (mut household, before) = locked(tx, id, version)?;
    let left_on = request.left_on.unwrap_or(tx.today());
    let mut faults = Faults::of(request);
    faults.unless(left_on <= tx.today(), "/left_on", "in_future");
    faults.unless(left_on >= before.joined_on, "/left_on", "before_joining");
    faults.finish()?;
    if !before.present {
        return Err(Conflict::MemberNotPresent.into());
    }
    if before.is_head() {
        return Err(Conflict::HeadNeeded.into());
    }
    checks::require_open(tx, &household, left_on)?;
    let tally = roll_up::tally_of(tx.conn(), &household)?;
    let reason = Some(request.reason.to_string());
    let after = Member { present: false, left_on: Some(left_on), leave_reason: reason, ..before.clone() };
    let after = save(tx, "household_member.leave", &household, &before, after, Some(&request.reason))?;
    derive(tx.conn(), &mut household)?;
    roll_up::settle(tx, &household, tally)?;
    Ok(after)
}

/// Makes another member the head; the household is locked.
pub(super) fn change_head(
    tx: &mut Tx<'_, can::WriteHouseholds>,
    household: &Household,
    request: &ChangeHead,
) -> Result<()> {
    let members = household_members::of_household(tx.conn(), household.id)?;
    let next = members.iter().find(|member| member.id == request.member_id);
    let next = next.ok_or_else(|| Error::NotFoundAt("/member_id".to_owned()))?;
    if !next.present {
        return Err(Conflict::MemberNotPresent.into());
    }
    if next.is_head() {
        return Err(Conflict::AlreadySo.into());
    }
    // The one so far first: no household has two.
    if let Some(former) = members.iter().find(|member| member.is_head()) {
        let after = Member { relation: request.former_relation.to_string(), ..former.clone() };
        save(tx, "household_member.edit", household, former, after, None)?;
    }
    save(tx, "household_member.edit", household, next, Member { relation: HEAD.to_owned(), ..next.clone() }, None)?;
    Ok(())
}

/// Makes the members present whom the household's state lets be so. A person who is counted is one who is present.
pub(super) fn set_present<P: Permission>(tx: &mut Tx<'_, P>, household: &Household) -> Result<()> {
    let active = household.status == HouseholdStatus::Active && household.erased_on.is_none();
    for before in household_members::of_household(tx.conn(), household.id)? {
        let present = active && before.left_on.is_none();
        if before.present != present {
            let after = Member { present, ..before.clone() };
            save(tx, "household_member.follow", household, &before, after, None)?;
        }
    }
    Ok(())
}

/// A household that has ended takes no changes.
///
/// # Errors
/// [`Conflict::HouseholdNotActive`].
pub(super) fn refuse_ended(household: &Household) -> Result<()> {
    if household.status == HouseholdStatus::Active { Ok(()) } else { Err(Conflict::HouseholdNotActive.into()) }
}

/// Brings what follows from the members up to date: the head's name and the number of persons.
pub(super) fn derive(conn: &mut Conn, household: &mut Household) -> Result<()> {
    let members = household_members::of_household(conn, household.id)?;
    derive_from(conn, household, &members)
}

/// The same from its members, in the order of their ids.
pub(super) fn derive_from(conn: &mut Conn, household: &mut Household, members: &[Member]) -> Result<()> {
    let head = members.iter().rfind(|member| member.relation == HEAD && member.left_on.is_none());
    household.head_name = head.and_then(|head| head.name.clone());
    household.persons = i64::try_from(members.iter().filter(|member| member.present).count()).unwrap_or(i64::MAX);
    Ok(households::update_derived(conn, household.id, household.head_name.as_deref(), household.persons)?)
}

/// One member.
///
/// # Errors
/// There is none within reach.
pub fn get(tx: &mut Tx<'_, can::ReadHouseholds>, id: Id) -> Result<Member> {
    tx.find(id, household_members::find)
}

/// Every member that a household has had.
///
/// # Errors
/// There is no such household within reach.
pub fn of_household(tx: &mut Tx<'_, can::ReadHouseholds>, household_id: Id) -> Result<Vec<Member>> {
    tx.find(household_id, households::find)?;
    Ok(household_members::of_household(tx.conn(), household_id)?)
}

/// The numbers of a member with their middles hidden: identity number, disability certificate, telephone.
///
/// # Errors
/// One was changed behind the program's back, or the key is another.
pub fn masked<P: Permission>(tx: &Tx<'_, P>, member: &Member) -> Result<[Option<String>; 3]> {
    Ok([
        IDENTITY.masked_identity(tx, member.id, member.identity_number.as_ref())?,
        CERTIFICATE.masked_identity(tx, member.id, member.disability_certificate.as_ref())?,
        PHONE.masked_phone(tx, member.id, member.phone.as_ref())?,
    ])
}

/// The member in the version that is to be changed, and the household, locked.
fn locked(tx: &mut Tx<'_, can::WriteHouseholds>, id: Id, version: i64) -> Result<(Household, Member)> {
    // The household is locked first by every write that concerns it; then the member is read again.
    let household_id = tx.find(id, household_members::find)?.household_id;
    households::lock(tx.conn(), household_id)?;
    let member = tx.find(id, household_members::find)?;
    expect_version(member.version, version)?;
    Ok((tx.find(household_id, households::find)?, member))
}

/// Writes a changed member as its next version.
pub(super) fn save<P: Permission>(
    tx: &mut Tx<'_, P>,
    action: &'static str,
    household: &Household,
    before: &Member,
    after: Member,
    reason: Option<&str>,
) -> Result<Member> {
    let after = Member { version: before.version + 1, updated_at: tx.now(), ..after };
    household_members::update(tx.conn(), &after)?;
    let home = household.service_point_id;
    audit::changed(tx, action, &MemberAt { member: before, home }, &MemberAt { member: &after, home }, reason)?;
    Ok(after)
}

fn sealed_certificate<P: Permission>(
    tx: &Tx<'_, P>,
    id: Id,
    disability: Option<&Disability>,
) -> Result<Option<Vec<u8>>> {
    let certificate = disability.and_then(|disability| disability.certificate.as_deref()).map(str::to_ascii_uppercase);
    CERTIFICATE.seal(tx, id, certificate.as_deref())
}
