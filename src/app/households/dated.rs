//! What holds of a household from a day on: its type, its state and its home.
//!
//! Dated rows only grow at their end: a change takes effect on the day of the last one or later, and on that very day it
//! takes its place. So a wrong change is mended by another one on its day.

use super::{ChangeStatus, ChangeType, TransferHousehold, check_category, locked, refuse_ended, save};
use crate::{
    app::{
        Settled, audit,
        closing::{self, Touched},
        input::Faults,
        members, roll_up,
        service_points::refuse_inactive,
    },
    auth::{Permission, Tx, can},
    db::{
        assistance_records,
        households::{self, Household, HouseholdSpan},
        ledger_entries,
        service_points::{self, ServicePoint},
    },
    domain::{
        Day, Id,
        codes::{HOUSEHOLD_TYPES, HouseholdStatus},
        roll_up::{Dated, follow},
    },
    error::{Conflict, Result},
};

/// Gives a household another type.
///
/// # Errors
/// It is not active, or is of that type; the day lies before its last dated change.
pub fn change_type(
    tx: &mut Tx<'_, can::WriteHouseholds>,
    id: Id,
    version: i64,
    request: &ChangeType,
) -> Result<Household> {
    let before = locked(tx, id, version)?;
    let (mut faults, spans) = (Faults::of(request), households::spans(tx.conn(), id)?);
    let from = effective(&mut faults, request.effective_on, &spans, tx.today());
    faults.code(&HOUSEHOLD_TYPES, &request.household_type, from, "/household_type");
    check_category(&mut faults, request.monitoring_category.as_ref(), &request.household_type, from);
    faults.finish()?;
    refuse_ended(&before)?;
    if before.household_type == *request.household_type {
        return Err(Conflict::AlreadySo.into());
    }
    let after = Household {
        household_type: request.household_type.to_string(),
        monitoring_category: request.monitoring_category.as_ref().map(ToString::to_string),
        ..before.clone()
    };
    dated(tx, "household.change_type", &before, after, spans, from, None)
}

/// Gives a household another state.
///
/// # Errors
/// It is in that state; the day lies before its last dated change, or records of that day or later count; one of its members
/// has been registered elsewhere meanwhile.
pub fn change_status(
    tx: &mut Tx<'_, can::WriteHouseholds>,
    id: Id,
    version: i64,
    request: &ChangeStatus,
) -> Settled<Household> {
    let before = locked(tx, id, version)?;
    let (mut faults, spans) = (Faults::of(request), households::spans(tx.conn(), id)?);
    let from = effective(&mut faults, request.effective_on, &spans, tx.today());
    faults.finish()?;
    if before.erased_on.is_some() {
        return Err(Conflict::HouseholdNotActive.into());
    }
    if before.status == request.status {
        return Err(Conflict::AlreadySo.into());
    }
    if request.status == HouseholdStatus::Active {
        let home = service_points::find_shared(tx.conn(), before.service_point_id)?;
        refuse_inactive(&tx.admit(home)?)?;
        if let Some(refused) = members::refuse_return(tx, id)? {
            return Ok(Err(refused));
        }
    } else if assistance_records::last_day_of_household(tx.conn(), id)?
        .max(ledger_entries::last_of_household(tx.conn(), id)?)
        .is_some_and(|last| last >= from)
    {
        return Err(Conflict::RecordsAfterEnd.into());
    }
    closing::require_homes_open(tx, &[before.service_point_id], Touched::From(from.month()))?;
    let after = Household { status: request.status, ..before.clone() };
    let tally = roll_up::tally_of(tx.conn(), &before)?;
    put_spans(tx, &after, spans, from)?;
    let mut after = save(tx, "household.change_status", &before, after, Some(&request.reason))?;
    members::set_present(tx, &after)?;
    members::derive(tx.conn(), &mut after)?;
    roll_up::settle(tx, &after, tally)?;
    Ok(Ok(after))
}

/// Gives a household another home.
///
/// # Errors
/// It is not active, or is at home there; the new home is unknown or not at work; the day lies before its last dated change.
pub fn transfer(
    tx: &mut Tx<'_, can::TransferHouseholds>,
    id: Id,
    version: i64,
    request: &TransferHousehold,
) -> Result<Household> {
    let before = locked(tx, id, version)?;
    let home = tx
        .find(request.service_point_id, service_points::find_shared)
        .map_err(|error| error.at("/service_point_id"))?;
    let faults = Faults::of(request);
    transfer_to(tx, before, &home, faults, request.effective_on, &request.reason)
}

/// The same, once it is settled that the caller may do it. The household is locked, the new home shared.
///
/// # Errors
/// As for [`transfer`].
pub fn transfer_to<P: Permission>(
    tx: &mut Tx<'_, P>,
    before: Household,
    home: &ServicePoint,
    mut faults: Faults,
    effective_on: Option<Day>,
    reason: &str,
) -> Result<Household> {
    let spans = households::spans(tx.conn(), before.id)?;
    let from = effective(&mut faults, effective_on, &spans, tx.today());
    faults.finish()?;
    refuse_ended(&before)?;
    if before.service_point_id == home.id {
        return Err(Conflict::AlreadySo.into());
    }
    refuse_inactive(home)?;
    let after = Household { service_point_id: home.id, ..before.clone() };
    dated(tx, "household.transfer", &before, after, spans, from, Some(reason))
}

/// Writes a change that holds from a day on, with everything that is counted by it.
fn dated<P: Permission>(
    tx: &mut Tx<'_, P>,
    action: &'static str,
    before: &Household,
    after: Household,
    spans: Vec<HouseholdSpan>,
    from: Day,
    reason: Option<&str>,
) -> Result<Household> {
    closing::require_homes_open(tx, &[before.service_point_id, after.service_point_id], Touched::From(from.month()))?;
    let tally = roll_up::tally_of(tx.conn(), before)?;
    put_spans(tx, &after, spans, from)?;
    let after = save(tx, action, before, after, reason)?;
    if before.service_point_id != after.service_point_id {
        audit::departed(tx, "household.depart", &after, before.service_point_id)?;
    }
    roll_up::settle(tx, &after, tally)?;
    Ok(after)
}

/// The day from which a change holds, checked against those before it.
fn effective(faults: &mut Faults, asked: Option<Day>, spans: &[HouseholdSpan], today: Day) -> Day {
    let from = asked.unwrap_or(today);
    faults.unless(from <= today, "/effective_on", "in_future");
    faults.unless(spans.last().is_none_or(|last| last.valid_from <= from), "/effective_on", "before_last_change");
    from
}

/// Makes the household's present home, type and state hold from a day on; from its registration, when there are no rows yet.
/// Its dated rows then.
pub(super) fn put_spans<P: Permission>(
    tx: &mut Tx<'_, P>,
    household: &Household,
    spans: Vec<HouseholdSpan>,
    from: Day,
) -> Result<Vec<HouseholdSpan>> {
    let value = |span: &HouseholdSpan| (span.service_point_id, span.household_type.clone(), span.status);
    let mut rows: Vec<_> =
        spans.iter().map(|span| Dated { from: span.valid_from, to: span.valid_to, value: value(span) }).collect();
    follow(&mut rows, from, (household.service_point_id, household.household_type.clone(), household.status));
    let rows: Vec<HouseholdSpan> = rows
        .into_iter()
        .map(|Dated { from, to, value: (service_point_id, household_type, status) }| HouseholdSpan {
            household_id: household.id,
            valid_from: from,
            valid_to: to,
            service_point_id,
            household_type,
            status,
        })
        .collect();
    let kept = rows.iter().zip(&spans).take_while(|(row, span)| row == span).count();
    // What begins before the first difference stays.
    let changed = rows.iter().chain(&spans).filter(|row| !rows[..kept].contains(row)).map(|row| row.valid_from).min();
    households::replace_spans(tx.conn(), household.id, changed.unwrap_or(from), &rows)?;
    Ok(rows)
}
