//! Assistance records: logging, correcting and voiding them. The cells of every tier change in the same transaction, so a
//! statistic read afterwards is exact.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Paged, Want, audit, expect_version,
    idempotence::{Made, replay, request_digest},
    input::{Faults, holds_no_number, nullable, present},
    reach_within,
    roll_up::{self, Given, Places},
};
use crate::{
    auth::{Tx, can},
    db::{
        assistance_records::{self, AssistanceRecord, Filter, PageKey},
        household_members,
        households::{self, Household},
        record_versions::{self, RecordVersion},
        service_points::ServicePoint,
    },
    domain::{
        Day, Id, Text,
        access::Placed,
        codes::{
            ASSISTANCE_KINDS, ASSISTANCE_SUBKINDS, CONVENIENCE, HouseholdStatus, PointStatus, QUANTITY_UNITS,
            RecordState,
        },
        policy::Action,
    },
    error::{Conflict, Error, Result},
};

/// A list of records covers at most so many days.
pub const LONGEST_WINDOW_DAYS: i64 = 366;

/// Assistance to be logged.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogAssistance {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// To whom it was given.
    pub household_id: Id,
    /// To which of its members, if to one.
    pub member_id: Option<Id>,
    /// The point that gave it.
    pub service_point_id: Id,
    /// A code of the list `assistance_kind`.
    #[schema(example = "logistics")]
    pub kind: Text,
    /// A code of the list `assistance_subkind`, for convenience services.
    pub subkind: Option<Text>,
    /// The day it was given; not in the future, not before the household was registered.
    pub given_on: Day,
    /// How much.
    #[validate(range(min = 1, max = 1_000_000))]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub quantity: i64,
    /// Of what: a code of the list `quantity_unit`.
    pub unit: Option<Text>,
    /// What it was worth, in fen.
    #[validate(range(min = 0, max = 1_000_000_000_000_i64))]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub amount_fen: Option<i64>,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<Text>,
}

/// What a record should say instead: what is left out stays, `null` empties.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectAssistance {
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
    /// To which of the household's members, if to one.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Id>, required = false)]
    pub member_id: Option<Option<Id>>,
    /// A code of the list `assistance_kind`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false, example = "logistics")]
    pub kind: Option<Text>,
    /// A code of the list `assistance_subkind`, for convenience services.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, required = false)]
    pub subkind: Option<Option<Text>>,
    /// The day it was given.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Day, required = false)]
    pub given_on: Option<Day>,
    /// How much.
    #[serde(default, deserialize_with = "present")]
    #[validate(range(min = 1, max = 1_000_000))]
    #[schema(value_type = i64, required = false, minimum = 1, maximum = 1_000_000)]
    pub quantity: Option<i64>,
    /// Of what: a code of the list `quantity_unit`.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, required = false)]
    pub unit: Option<Option<Text>>,
    /// What it was worth, in fen.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(range(min = 0, max = 1_000_000_000_000_i64))]
    #[schema(value_type = Option<i64>, required = false, minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub amount_fen: Option<Option<i64>>,
    /// Whatever else is to be known; no identity or telephone numbers.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(length(min = 1, max = 500), custom(function = "holds_no_number"))]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 500)]
    pub note: Option<Option<Text>>,
}

/// A record to be taken back.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidAssistance {
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
}

/// Logs assistance.
///
/// # Errors
/// The household, its member or the point is unknown, the household was not active on that day, or the point takes no records
/// for it.
pub fn log(tx: &mut Tx<'_, can::LogAssistance>, request: &LogAssistance) -> Result<Made<AssistanceRecord>> {
    tx.reach()?;
    let digest = request_digest(tx, request)?;
    if let Some(made) = replay(tx, request.id, &digest, assistance_records::find)? {
        return Ok(made);
    }
    households::lock(tx.conn(), request.household_id)?;
    let household = tx.find(request.household_id, households::find).map_err(|error| error.at("/household_id"))?;
    let places = Places::lock(tx.conn(), &household, request.service_point_id)?;
    let giver = places.point(request.service_point_id).map(|point| Placed::new(point.clone(), point.path.clone()));
    let giver = tx.admit(giver).map_err(|error| error.at("/service_point_id"))?;
    let text = |text: &Option<Text>| text.as_deref().map(str::to_owned);
    let record = AssistanceRecord {
        id: request.id.unwrap_or_else(|| tx.new_id()),
        household_id: household.id,
        member_id: request.member_id,
        service_point_id: giver.id,
        kind: request.kind.to_string(),
        subkind: text(&request.subkind),
        given_on: request.given_on,
        quantity: request.quantity,
        unit: text(&request.unit),
        amount_fen: request.amount_fen,
        note: text(&request.note),
        state: RecordState::Active,
        void_reason: None,
        version: 1,
        created_by: tx.account_id()?,
        request_digest: digest.to_vec(),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    let mut faults = Faults::of(request);
    faults.id(request.id);
    check(tx, faults, &record, &household, &places, &giver)?;
    assistance_records::insert(tx.conn(), &record)?;
    audit::created(tx, "assistance_record.log", &record)?;
    roll_up::record(tx.conn(), &places, household.id, &giver, (None, Some(given(&record))))?;
    Ok(Made::New(record))
}

/// Makes a record say something else. What it said is kept.
///
/// # Errors
/// It was taken back; as for [`log()`].
pub fn correct(
    tx: &mut Tx<'_, can::LogAssistance>,
    id: Id,
    version: i64,
    request: &CorrectAssistance,
) -> Result<AssistanceRecord> {
    let (before, household) = locked(tx, id, version)?;
    let (places, giver) = places(tx, &household, &before)?;
    let text = |field: &Option<Option<Text>>, kept: &Option<String>| match field {
        Some(text) => text.as_deref().map(str::to_owned),
        None => kept.clone(),
    };
    let after = AssistanceRecord {
        member_id: request.member_id.unwrap_or(before.member_id),
        kind: request.kind.as_ref().map_or_else(|| before.kind.clone(), ToString::to_string),
        subkind: text(&request.subkind, &before.subkind),
        given_on: request.given_on.unwrap_or(before.given_on),
        quantity: request.quantity.unwrap_or(before.quantity),
        unit: text(&request.unit, &before.unit),
        amount_fen: request.amount_fen.unwrap_or(before.amount_fen),
        note: text(&request.note, &before.note),
        version: before.version + 1,
        updated_at: tx.now(),
        ..before.clone()
    };
    if before.state == RecordState::Voided {
        Faults::of(request).finish()?;
        return Err(Conflict::RecordVoided.into());
    }
    check(tx, Faults::of(request), &after, &household, &places, &giver)?;
    replace(tx, "assistance_record.correct", &before, &after, &request.reason)?;
    roll_up::record(tx.conn(), &places, household.id, &giver, (Some(given(&before)), Some(given(&after))))?;
    Ok(after)
}

/// Takes a record back; it counts nowhere any more.
///
/// # Errors
/// It was taken back before.
pub fn void(
    tx: &mut Tx<'_, can::LogAssistance>,
    id: Id,
    version: i64,
    request: &VoidAssistance,
) -> Result<AssistanceRecord> {
    let (before, household) = locked(tx, id, version)?;
    Faults::of(request).finish()?;
    if before.state == RecordState::Voided {
        return Err(Conflict::RecordVoided.into());
    }
    let (places, giver) = places(tx, &household, &before)?;
    let after = AssistanceRecord {
        state: RecordState::Voided,
        void_reason: Some(request.reason.to_string()),
        version: before.version + 1,
        updated_at: tx.now(),
        ..before.clone()
    };
    replace(tx, "assistance_record.void", &before, &after, &request.reason)?;
    roll_up::record(tx.conn(), &places, household.id, &giver, (Some(given(&before)), None))?;
    Ok(after)
}

/// One record.
///
/// # Errors
/// There is none within reach.
pub fn get(tx: &mut Tx<'_, can::ReadHouseholds>, id: Id) -> Result<AssistanceRecord> {
    tx.find(id, assistance_records::find)
}

/// A record as it is, and what it was before, the first version first.
///
/// # Errors
/// There is none within reach.
pub fn versions(tx: &mut Tx<'_, can::ReadHouseholds>, id: Id) -> Result<(AssistanceRecord, Vec<RecordVersion>)> {
    let record = get(tx, id)?;
    Ok((record, record_versions::of_record(tx.conn(), id)?))
}

/// The records given by points within reach, of one subtree if asked, in a window of days, newest first.
///
/// # Errors
/// The subtree's top or the household is not within reach; the window is too wide.
pub fn list(
    tx: &mut Tx<'_, can::ReadHouseholds>,
    within: Option<Id>,
    filter: &Filter,
    want: &Want<PageKey>,
) -> Result<Paged<AssistanceRecord>> {
    let reach = reach_within(tx, within)?;
    if let Some(id) = filter.household_id {
        tx.find_for(Action::ReadHouseholds, id, households::find).map_err(|error| error.at("household_id"))?;
    }
    check_window(filter)?;
    let rows = assistance_records::page(tx.conn(), &reach, filter, want.after, want.fetch())?;
    Ok(want.page(rows, None))
}

/// The records given to a household within reach, whoever gave them, newest first; and whether each giver is in scope.
///
/// # Errors
/// There is no such household within reach; the window is too wide.
pub fn of_household(
    tx: &mut Tx<'_, can::ReadHouseholds>,
    id: Id,
    filter: &Filter,
    want: &Want<PageKey>,
) -> Result<Paged<(AssistanceRecord, bool)>> {
    tx.find(id, households::find)?;
    check_window(filter)?;
    let scope = tx.actor().scope();
    let rows = assistance_records::page_of_household(tx.conn(), filter, want.after, want.fetch())?;
    Ok(want.page(rows.into_iter().map(|(record, path)| (record, scope.covers(&path))).collect(), None))
}

fn check_window(filter: &Filter) -> Result<()> {
    let mut faults = Faults::default();
    faults.unless(filter.from <= filter.to, "to", "before_from");
    faults.unless(filter.to.days_since(filter.from) < LONGEST_WINDOW_DAYS, "from", "window_too_wide");
    faults.finish()
}

/// The record in the version that is to be changed, and its household, locked.
fn locked(tx: &mut Tx<'_, can::LogAssistance>, id: Id, version: i64) -> Result<(AssistanceRecord, Household)> {
    // The household is locked first by every write that concerns it; then the record is read again.
    let household_id = tx.find(id, assistance_records::find)?.household_id;
    households::lock(tx.conn(), household_id)?;
    let record = tx.find(id, assistance_records::find)?;
    expect_version(record.version, version)?;
    // A record belongs to its giver: whoever may change it there need not reach the household.
    let household = households::find(tx.conn(), household_id)?.ok_or(Error::NotFound)?;
    Ok((record, household.origin(Household::clone)))
}

fn places(
    tx: &mut Tx<'_, can::LogAssistance>,
    household: &Household,
    record: &AssistanceRecord,
) -> Result<(Places, ServicePoint)> {
    let places = Places::lock(tx.conn(), household, record.service_point_id)?;
    let giver = places.point(record.service_point_id).map(|point| Placed::new(point.clone(), point.path.clone()));
    Ok((places, tx.admit(giver)?))
}

/// What must hold of a record, beyond the request's own rules.
fn check(
    tx: &mut Tx<'_, can::LogAssistance>,
    mut faults: Faults,
    record: &AssistanceRecord,
    household: &Household,
    places: &Places,
    giver: &ServicePoint,
) -> Result<()> {
    let day = record.given_on;
    faults.code(&ASSISTANCE_KINDS, &record.kind, day, "/kind");
    if let Some(subkind) = &record.subkind {
        faults.code(&ASSISTANCE_SUBKINDS, subkind, day, "/subkind");
        faults.unless(record.kind == CONVENIENCE, "/subkind", "only_convenience");
    }
    if let Some(unit) = &record.unit {
        faults.code(&QUANTITY_UNITS, unit, day, "/unit");
    }
    faults.unless(day <= tx.today(), "/given_on", "in_future");
    faults.unless(day >= household.registered_on, "/given_on", "before_registration");
    if let Some(member) = record.member_id {
        let members = household_members::of_household(tx.conn(), household.id)?;
        let belongs = members.iter().any(|known| known.id == member);
        faults.unless(belongs, "/member_id", "not_of_household");
    }
    faults.finish()?;
    let standing = places.spans.iter().find(|span| span.holds_on(day));
    // What was erased takes no more words.
    if household.erased_on.is_some() || standing.is_none_or(|span| span.status != HouseholdStatus::Active) {
        return Err(Conflict::HouseholdNotActive.into());
    }
    takes_records_of(giver, day)
}

/// A point at work takes records; a closed one only for the days of its life.
fn takes_records_of(giver: &ServicePoint, day: Day) -> Result<()> {
    match (giver.status, giver.closed_on) {
        (PointStatus::Active, _) => Ok(()),
        (PointStatus::Closed, Some(closed_on)) if day <= closed_on => Ok(()),
        (PointStatus::Closed | PointStatus::Merged, _) => Err(Error::Conflict(Conflict::PointEnded)),
        (PointStatus::Planned | PointStatus::Suspended, _) => Err(Error::Conflict(Conflict::PointNotActive)),
    }
}

/// Puts another version in the place of the present one, which is kept.
fn replace(
    tx: &mut Tx<'_, can::LogAssistance>,
    action: &'static str,
    before: &AssistanceRecord,
    after: &AssistanceRecord,
    reason: &str,
) -> Result<()> {
    let version = RecordVersion::of(before, reason, tx.account_id()?, tx.now());
    record_versions::insert(tx.conn(), &version)?;
    assistance_records::update(tx.conn(), after)?;
    audit::changed(tx, action, before, after, Some(reason))
}

fn given(record: &AssistanceRecord) -> Given<'_> {
    let amount_fen = record.amount_fen.unwrap_or_default();
    Given { kind: &record.kind, on: record.given_on, quantity: record.quantity, amount_fen }
}
