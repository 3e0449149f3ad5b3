//! Households: registering them, editing them, finding them. `dated` changes what holds from a day on, `privacy` is about
//! the numbers that name people.

mod dated;
mod privacy;
mod requests;

pub use dated::{change_status, change_type, transfer, transfer_to};
pub use privacy::{File, Shown, erase, export, show_identity};
pub use requests::{
    ChangeStatus, ChangeType, Consent, EditHousehold, Reason, RegisterHousehold, ShowIdentity, TransferHousehold,
};

use super::{
    Paged, Settled, Want, audit,
    closing::{self, Touched},
    expect_version,
    idempotence::{Made, replay, request_digest},
    input::Faults,
    members::{self, ChangeHead},
    reach_within, roll_up,
    sealed::Column,
};
use crate::{
    auth::{Permission, Tx, can},
    db::{
        households::{self, Filter, Household, HouseholdSpan, PageKey},
        service_points,
    },
    domain::{
        CodeSet, Day, Id, PointPath, Text,
        codes::{CONSENT_FORMS, HOUSEHOLD_TYPES, HouseholdStatus, MONITORED, MONITORING_CATEGORIES, RISK_CAUSES},
        identity::phone_tail,
    },
    error::Result,
};

pub(super) const PHONE: Column = Column { table: "households", column: "phone" };

pub(super) use super::{members::refuse_ended, service_points::refuse_inactive};

/// Registers a household with its members.
///
/// # Errors
/// The home is unknown or not at work; one of the people is registered already.
pub fn register(tx: &mut Tx<'_, can::WriteHouseholds>, request: &RegisterHousehold) -> Settled<Made<Household>> {
    tx.reach()?;
    let digest = request_digest(tx, request)?;
    if let Some(made) = replay(tx, request.id, &digest, households::find)? {
        return Ok(Ok(made));
    }
    let registered_on = request.registered_on.unwrap_or(tx.today());
    let home = tx
        .find(request.service_point_id, service_points::find_shared)
        .map_err(|error| error.at("/service_point_id"))?;
    let mut faults = Faults::of(request);
    faults.id(request.id);
    faults.unless(registered_on <= tx.today(), "/registered_on", "in_future");
    faults.code(&HOUSEHOLD_TYPES, &request.household_type, registered_on, "/household_type");
    check_category(&mut faults, request.monitoring_category.as_ref(), &request.household_type, registered_on);
    check_causes(&mut faults, &request.risk_causes, registered_on);
    if let Some(consent) = &request.consent {
        check_consent(&mut faults, consent, tx.today());
    }
    let checked = members::check_all(&mut faults, &request.members, registered_on, tx.today());
    faults.finish()?;
    refuse_inactive(&home)?;
    closing::require_open(tx, &[&home.path], Touched::From(registered_on.month()))?;
    let id = request.id.unwrap_or_else(|| tx.new_id());
    if let Some(refused) = members::refuse_registered(tx, &checked, None, Some(id))? {
        return Ok(Err(refused));
    }
    let text = |text: &Option<Text>| text.as_deref().map(str::to_owned);
    let mut household = Household {
        id,
        service_point_id: home.id,
        head_name: None,
        persons: 0,
        address: Some(request.address.to_string()),
        phone: PHONE.seal(tx, id, request.phone.as_deref())?,
        phone_tail: request.phone.as_deref().and_then(phone_tail),
        external_number: text(&request.external_number),
        household_type: request.household_type.to_string(),
        monitoring_category: text(&request.monitoring_category),
        risk_causes: request.risk_causes.clone(),
        status: HouseholdStatus::Active,
        registered_on,
        income: request.income,
        consent_on: request.consent.as_ref().map(|consent| consent.given_on),
        consent_form: request.consent.as_ref().map(|consent| consent.how.to_string()),
        erased_on: None,
        version: 1,
        created_by: tx.account_id()?,
        request_digest: digest.to_vec(),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    households::insert(tx.conn(), &household)?;
    let spans = dated::put_spans(tx, &household, Vec::new(), registered_on)?;
    audit::created(tx, "household.register", &household)?;
    let members = members::put_all(tx, &household, &request.members, &checked)?;
    members::derive_from(tx.conn(), &mut household, &members)?;
    roll_up::registered(tx, &household, &home, &spans, &members);
    Ok(Ok(Made::New(household)))
}

/// Changes a household's own fields.
///
/// # Errors
/// It is not active.
pub fn edit(tx: &mut Tx<'_, can::WriteHouseholds>, id: Id, version: i64, request: &EditHousehold) -> Result<Household> {
    let before = locked(tx, id, version)?;
    let mut faults = Faults::of(request);
    let today = tx.today();
    if let Some(category) = &request.monitoring_category {
        check_category(&mut faults, category.as_ref(), &before.household_type, today);
    }
    if let Some(causes) = &request.risk_causes {
        check_causes(&mut faults, causes, today);
    }
    if let Some(Some(income)) = &request.income {
        faults.nested(income, "/income");
    }
    if let Some(Some(consent)) = &request.consent {
        check_consent(&mut faults, consent, today);
    }
    faults.finish()?;
    refuse_ended(&before)?;
    let mut after = before.clone();
    let text = |text: &Option<Text>| text.as_deref().map(str::to_owned);
    if let Some(address) = &request.address {
        after.address = Some(address.to_string());
    }
    if let Some(phone) = &request.phone {
        after.phone = PHONE.seal(tx, id, phone.as_deref())?;
        after.phone_tail = phone.as_deref().and_then(phone_tail);
    }
    if let Some(number) = &request.external_number {
        after.external_number = text(number);
    }
    if let Some(category) = &request.monitoring_category {
        after.monitoring_category = text(category);
    }
    if let Some(causes) = &request.risk_causes {
        after.risk_causes = causes.clone();
    }
    if let Some(income) = request.income {
        after.income = income;
    }
    if let Some(consent) = &request.consent {
        after.consent_on = consent.as_ref().map(|consent| consent.given_on);
        after.consent_form = consent.as_ref().map(|consent| consent.how.to_string());
    }
    save(tx, "household.edit", &before, after, None)
}

/// Makes another member the head.
///
/// # Errors
/// It is not active, or that member is not present or is the head already.
pub fn change_head(
    tx: &mut Tx<'_, can::WriteHouseholds>,
    id: Id,
    version: i64,
    request: &ChangeHead,
) -> Result<Household> {
    let before = locked(tx, id, version)?;
    let mut faults = Faults::of(request);
    members::check_relation(&mut faults, &request.former_relation, tx.today(), "/former_relation");
    faults.finish()?;
    refuse_ended(&before)?;
    members::change_head(tx, &before, request)?;
    let mut after = save(tx, "household.change_head", &before, before.clone(), None)?;
    members::derive(tx.conn(), &mut after)?;
    Ok(after)
}

/// One household.
///
/// # Errors
/// There is none within reach.
pub fn get(tx: &mut Tx<'_, can::ReadHouseholds>, id: Id) -> Result<Household> {
    tx.find(id, households::find)
}

/// Its dated rows, the first one first, and whether each home is in scope.
///
/// # Errors
/// There is no such household within reach.
pub fn history(tx: &mut Tx<'_, can::ReadHouseholds>, id: Id) -> Result<Vec<(HouseholdSpan, Option<Id>)>> {
    get(tx, id)?;
    let spans = households::spans(tx.conn(), id)?;
    let homes: Vec<Id> = spans.iter().map(|span| span.service_point_id).collect();
    let scope = tx.actor().scope();
    let seen = service_points::reached(tx.conn(), &scope, &homes)?;
    let in_scope = |span: HouseholdSpan| {
        let home = Some(span.service_point_id).filter(|home| seen.contains(home));
        (span, home)
    };
    Ok(spans.into_iter().map(in_scope).collect())
}

/// The households whose homes are within reach, of one subtree if asked, that a filter leaves.
///
/// # Errors
/// That subtree's top is not within reach.
pub fn list(
    tx: &mut Tx<'_, can::ReadHouseholds>,
    within: Option<Id>,
    filter: &Filter,
    want: &Want<PageKey>,
) -> Result<Paged<(Household, PointPath)>> {
    let reach = reach_within(tx, within)?;
    let mut faults = Faults::default();
    let is_tail = |tail: &String| tail.len() == 4 && tail.bytes().all(|byte| byte.is_ascii_digit());
    faults.unless(filter.phone_tail.as_ref().is_none_or(is_tail), "phone_tail", "not_a_tail");
    faults.finish()?;
    let rows = households::page(tx.conn(), &reach, filter, want.after.as_ref(), want.fetch())?;
    let count = want.count.then(|| households::count(tx.conn(), &reach, filter)).transpose()?;
    Ok(want.page(rows, count))
}

/// A household's telephone number with its middle hidden.
///
/// # Errors
/// It was changed behind the program's back, or the key is another.
pub fn masked_phone<P: Permission>(tx: &Tx<'_, P>, household: &Household) -> Result<Option<String>> {
    PHONE.masked_phone(tx, household.id, household.phone.as_ref())
}

/// The household in the version that is to be changed, locked.
pub(super) fn locked<P: Permission>(tx: &mut Tx<'_, P>, id: Id, version: i64) -> Result<Household> {
    households::lock(tx.conn(), id)?;
    let household = tx.find(id, households::find)?;
    expect_version(household.version, version)?;
    Ok(household)
}

/// Writes a changed household as its next version.
pub(super) fn save<P: Permission>(
    tx: &mut Tx<'_, P>,
    action: &'static str,
    before: &Household,
    after: Household,
    reason: Option<&str>,
) -> Result<Household> {
    let after = Household { version: before.version + 1, updated_at: tx.now(), ..after };
    households::update(tx.conn(), &after)?;
    audit::changed(tx, action, before, &after, reason)?;
    Ok(after)
}

fn check_category(faults: &mut Faults, category: Option<&Text>, household_type: &str, on: Day) {
    let Some(category) = category else { return };
    faults.code(&MONITORING_CATEGORIES, category, on, "/monitoring_category");
    faults.unless(household_type == MONITORED, "/monitoring_category", "only_monitored");
}

fn check_causes(faults: &mut Faults, causes: &CodeSet, on: Day) {
    for cause in causes.iter() {
        faults.code(&RISK_CAUSES, cause, on, "/risk_causes");
    }
}

fn check_consent(faults: &mut Faults, consent: &Consent, today: Day) {
    faults.unless(consent.given_on <= today, "/consent/given_on", "in_future");
    faults.code(&CONSENT_FORMS, &consent.how, today, "/consent/how");
}
