//! Going without the report of a child: with a reason, until the report of the point above has been sent in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{content, lock, parent_state};
use crate::{
    app::{
        Paged, Want, audit, expect_version,
        idempotence::{Made, replay, request_digest},
        input::{Faults, holds_no_number},
        reach_within,
    },
    auth::{Permission, Tx, can},
    db::{
        reports::{self, Waiver},
        service_points,
    },
    domain::{Id, Month, Text, codes::ReportState},
    error::{Conflict, Error, Result},
};

/// A child whose report is not waited for.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaiveReport {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The child.
    pub service_point_id: Id,
    /// For which month; it must have ended.
    pub month: Month,
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
}

/// Waives the report of a child.
///
/// # Errors
/// The child is unknown; the month has not ended, or nothing is expected; the report has been sent in, or that of the point
/// above; it is waived already.
pub fn waive(tx: &mut Tx<'_, can::WaiveReports>, request: &WaiveReport) -> Result<Made<Waiver>> {
    tx.reach()?;
    let digest = request_digest(tx, request)?;
    if let Some(made) = replay(tx, request.id, &digest, reports::find_waiver)? {
        return Ok(made);
    }
    let at = |error: Error| error.at("/service_point_id");
    tx.find(request.service_point_id, service_points::find).map_err(at)?;
    lock(tx, &[(request.service_point_id, request.month)])?;
    if let Some(made) = replay(tx, request.id, &digest, reports::find_waiver)? {
        return Ok(made);
    }
    let child = tx.find(request.service_point_id, service_points::find).map_err(at)?;
    let mut faults = Faults::of(request);
    faults.id(request.id);
    faults.finish()?;
    if request.month.last_day() >= tx.today() {
        return Err(Conflict::MonthRuns.into());
    }
    let parent_id = content::parent_at(tx.conn(), child.id, request.month)?;
    let Some(parent_id) = parent_id.filter(|_| content::expects(&child, request.month)) else {
        return Err(Conflict::ReportNotExpected.into());
    };
    let held = reports::of_point(tx.conn(), child.id, request.month)?;
    if held.is_some_and(|report| report.state.closes()) {
        return Err(Conflict::ReportSubmitted.into());
    }
    require_open_above(tx, child.id, request.month)?;
    if !reports::waivers_in_force(tx.conn(), &[child.id], request.month)?.is_empty() {
        return Err(Conflict::AlreadySo.into());
    }
    let waiver = Waiver {
        id: request.id.unwrap_or_else(|| tx.new_id()),
        service_point_id: child.id,
        parent_id,
        month: request.month,
        reason: request.reason.to_string(),
        revoked_at: None,
        version: 1,
        created_by: tx.account_id()?,
        request_digest: digest.to_vec(),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    reports::insert_waiver(tx.conn(), &waiver)?;
    audit::created(tx, "report_waiver.make", &waiver)?;
    Ok(Made::New(waiver))
}

/// Waits for the report of a child again.
///
/// # Errors
/// It was taken back before; the report of the point above has been sent in.
pub fn revoke_waiver(tx: &mut Tx<'_, can::WaiveReports>, id: Id, version: i64) -> Result<Waiver> {
    let found = tx.find(id, reports::find_waiver)?;
    lock(tx, &[(found.service_point_id, found.month)])?;
    let before = tx.find(id, reports::find_waiver)?;
    expect_version(before.version, version)?;
    if before.revoked_at.is_some() {
        return Err(Conflict::WaiverRevoked.into());
    }
    require_open_above(tx, before.service_point_id, before.month)?;
    let (version, now) = (before.version + 1, tx.now());
    let after = Waiver { revoked_at: Some(now), version, updated_at: now, ..before.clone() };
    reports::update_waiver(tx.conn(), &after)?;
    audit::changed(tx, "report_waiver.revoke", &before, &after, None)?;
    Ok(after)
}

/// One waiver.
///
/// # Errors
/// There is none within reach.
pub fn get_waiver(tx: &mut Tx<'_, can::ReadReports>, id: Id) -> Result<Waiver> {
    tx.find(id, reports::find_waiver)
}

/// The waivers of points within reach, of one subtree or month if asked.
///
/// # Errors
/// That subtree's top is not within reach.
pub fn list_waivers(
    tx: &mut Tx<'_, can::ReadReports>,
    within: Option<Id>,
    month: Option<Month>,
    want: &Want<Id>,
) -> Result<Paged<Waiver>> {
    let reach = reach_within(tx, within)?;
    let rows = reports::page_of_waivers(tx.conn(), &reach, month, want.after, want.fetch())?;
    Ok(want.page(rows, None))
}

fn require_open_above<P: Permission>(tx: &mut Tx<'_, P>, child: Id, month: Month) -> Result<()> {
    let closed = parent_state(tx, child, month)?.is_some_and(ReportState::closes);
    if closed { Err(Conflict::ParentSubmitted.into()) } else { Ok(()) }
}
