//! Assistance records: logging and voiding them. The cells of every tier change in the same transaction, so a
//! statistic read afterwards is exact.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Paged, Want, audit, expect_version,
    idempotence::{Made, replay, request_digest},
    input::Faults,
};
use crate::{
    auth::{Tx, can},
    db::{
        assistance_records::{self, AssistanceRecord, Filter, PageKey},
        cells::{self, Delta},
        households,
        service_points::{self, ServicePoint},
    },
    domain::{
        Day, Id, PointPath, Text,
        codes::{ASSISTANCE_KINDS, HouseholdStatus, PointStatus, RecordState},
        metrics,
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
    /// The point that gave it.
    pub service_point_id: Id,
    /// A code of the list `assistance_kind`.
    #[schema(example = "logistics")]
    pub kind: Text,
    /// The day it was given; not in the future, not before the household was registered.
    pub given_on: Day,
    /// How much, in the kind's unit.
    #[validate(range(min = 1, max = 1_000_000))]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub quantity: i64,
}

/// A record to be taken back.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidAssistance {
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character)]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
}

/// Logs assistance.
///
/// # Errors
/// The household or the point is unknown, the household is not active, or the point takes no records for that day.
pub fn log(tx: &mut Tx<'_, can::LogAssistance>, request: &LogAssistance) -> Result<Made<AssistanceRecord>> {
    tx.reach()?;
    let digest = request_digest(tx, request)?;
    if let Some(made) = replay(tx, request.id, &digest, assistance_records::find)? {
        return Ok(made);
    }
    households::lock(tx.conn(), request.household_id)?;
    let household = tx.find(request.household_id, households::find).map_err(|error| error.at("/household_id"))?;
    let giver = lock_points(tx, request.service_point_id, household.service_point_id)?;

    let mut faults = Faults::of(request);
    faults.id(request.id);
    faults.code(&ASSISTANCE_KINDS, &request.kind, request.given_on, "/kind");
    faults.unless(request.given_on <= tx.today(), "/given_on", "in_future");
    faults.unless(request.given_on >= household.registered_on, "/given_on", "before_registration");
    faults.finish()?;
    if household.status != HouseholdStatus::Active {
        return Err(Conflict::HouseholdNotActive.into());
    }
    takes_records_of(&giver, request.given_on)?;
    let record = AssistanceRecord {
        id: request.id.unwrap_or_else(|| tx.new_id()),
        household_id: household.id,
        service_point_id: giver.id,
        kind: request.kind.to_string(),
        given_on: request.given_on,
        quantity: request.quantity,
        state: RecordState::Active,
        void_reason: None,
        version: 1,
        created_by: tx.account_id()?,
        request_digest: digest.to_vec(),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    assistance_records::insert(tx.conn(), &record)?;
    audit::created(tx, "assistance_record.log", &record)?;
    count(tx, &record, &giver.path, 1)?;
    Ok(Made::New(record))
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
    // The household is locked first by every write that concerns it; then the record is read again.
    let household_id = tx.find(id, assistance_records::find)?.household_id;
    households::lock(tx.conn(), household_id)?;
    let before = tx.find(id, assistance_records::find)?;
    expect_version(before.version, version)?;
    Faults::of(request).finish()?;
    if before.state == RecordState::Voided {
        return Err(Conflict::RecordVoided.into());
    }
    let giver = tx.find(before.service_point_id, service_points::find_shared)?;
    let after = AssistanceRecord {
        state: RecordState::Voided,
        void_reason: Some(request.reason.to_string()),
        version: before.version + 1,
        updated_at: tx.now(),
        ..before.clone()
    };
    assistance_records::update(tx.conn(), &after)?;
    audit::changed(tx, "assistance_record.void", &before, &after, Some(&request.reason))?;
    count(tx, &after, &giver.path, -1)?;
    Ok(after)
}

/// One record.
///
/// # Errors
/// There is none within reach.
pub fn get(tx: &mut Tx<'_, can::ReadHouseholds>, id: Id) -> Result<AssistanceRecord> {
    tx.find(id, assistance_records::find)
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
    let mut reach = tx.reach()?;
    if let Some(top) = within {
        let top = tx
            .find_for(Action::ReadHouseholds, top, service_points::find)
            .map_err(|error| error.at("service_point_id"))?;
        reach = reach.narrowed_to(&top.path);
    }
    if let Some(id) = filter.household_id {
        tx.find_for(Action::ReadHouseholds, id, households::find).map_err(|error| error.at("household_id"))?;
    }
    let mut faults = Faults::default();
    faults.unless(filter.from <= filter.to, "to", "before_from");
    faults.unless(filter.to.days_since(filter.from) < LONGEST_WINDOW_DAYS, "from", "window_too_wide");
    faults.finish()?;
    let rows = assistance_records::page(tx.conn(), &reach, filter, want.after, want.fetch())?;
    Ok(want.page(rows, None))
}

/// Locks the giver and the home against moves, in the order of their ids as every writer does, and returns the giver.
fn lock_points(tx: &mut Tx<'_, can::LogAssistance>, giver: Id, home: Id) -> Result<ServicePoint> {
    let first = service_points::find_shared(tx.conn(), giver.min(home))?;
    let second = if giver == home { None } else { service_points::find_shared(tx.conn(), giver.max(home))? };
    let found = if giver <= home { first } else { second };
    tx.admit(found).map_err(|error| error.at("/service_point_id"))
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

fn count(tx: &mut Tx<'_, can::LogAssistance>, record: &AssistanceRecord, path: &PointPath, sign: i64) -> Result<()> {
    let delta = Delta {
        ledger: metrics::ASSISTANCE,
        kind: &record.kind,
        on: record.given_on,
        n: sign,
        quantity: sign * record.quantity,
    };
    Ok(cells::add(tx.conn(), path, &delta)?)
}
