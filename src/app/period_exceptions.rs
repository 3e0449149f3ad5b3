//! Lock windows, and leave for late entries: a manager lets a child and everything below it enter something for a month that is
//! locked, until a day.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Paged, Want, audit, expect_version,
    idempotence::{Made, replay, request_digest},
    input::{Faults, holds_no_number},
    reach_within,
};
use crate::{
    auth::{Permission, Tx, can},
    db::{
        period_exceptions::{self, PeriodException},
        reporting_rules, service_points,
    },
    domain::{Day, Id, Month, PointPath, Text},
    error::{Conflict, Error, Result},
};

/// Leave for late entries.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptPeriod {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// For which point, and what is below it.
    pub service_point_id: Id,
    /// For which month.
    pub month: Month,
    /// The last day on which entries are taken.
    pub until_day: Day,
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
}

/// Whether entries for every month from one to another are still taken at these points; the months without an end reach to the
/// present one, which nothing locks yet.
///
/// # Errors
/// [`Error::PeriodLocked`] names the first month that is locked, and the point, if the caller may see it.
pub(super) fn require_unlocked<P: Permission>(
    tx: &mut Tx<'_, P>,
    paths: &[&PointPath],
    from: Month,
    to: Option<Month>,
) -> Result<()> {
    let today = tx.today();
    if from >= today.month() {
        return Ok(());
    }
    let rules = reporting_rules::rules(tx.conn())?;
    let Some(first) = rules.first_locked().map(|month| month.max(from)) else { return Ok(()) };
    let mut points: Vec<Id> = paths.iter().flat_map(|path| path.ids()).collect();
    points.sort_unstable();
    points.dedup();
    let excepted = period_exceptions::in_force(tx.conn(), &points, first, today)?;
    let months = std::iter::successors(Some(first), |month| Some(month.next()));
    for month in months.take_while(|month| *month < today.month() && to.is_none_or(|to| *month <= to)) {
        for path in paths {
            let last_day = rules.last_day(path.depth(), month).filter(|last| today > *last);
            let is_excepted = || path.ids().iter().any(|id| excepted.contains(&(*id, month)));
            let Some(last_day) = last_day.filter(|_| !is_excepted()) else { continue };
            let point = path.id().filter(|_| tx.actor().scope().covers(path)).map(|id| id.to_string());
            return Err(Error::PeriodLocked { point, month: month.to_string(), last_day: last_day.to_string() });
        }
    }
    Ok(())
}

/// Gives leave.
///
/// # Errors
/// The point is unknown, or no child of the caller's; the last day has passed; the month has not begun.
pub fn grant(tx: &mut Tx<'_, can::ExceptPeriods>, request: &ExceptPeriod) -> Result<Made<PeriodException>> {
    tx.reach()?;
    let digest = request_digest(tx, request)?;
    if let Some(made) = replay(tx, request.id, &digest, period_exceptions::find)? {
        return Ok(made);
    }
    let point = tx
        .find(request.service_point_id, service_points::find_shared)
        .map_err(|error| error.at("/service_point_id"))?;
    let mut faults = Faults::of(request);
    faults.id(request.id);
    faults.unless(request.month <= tx.today().month(), "/month", "in_future");
    faults.unless(request.until_day >= tx.today(), "/until_day", "in_past");
    faults.finish()?;
    let exception = PeriodException {
        id: request.id.unwrap_or_else(|| tx.new_id()),
        service_point_id: point.id,
        month: request.month,
        until_day: request.until_day,
        reason: request.reason.to_string(),
        revoked_at: None,
        version: 1,
        created_by: tx.account_id()?,
        request_digest: digest.to_vec(),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    period_exceptions::insert(tx.conn(), &exception)?;
    audit::created(tx, "period_exception.grant", &exception)?;
    Ok(Made::New(exception))
}

/// Takes leave back.
///
/// # Errors
/// It was taken back before.
pub fn revoke(tx: &mut Tx<'_, can::ExceptPeriods>, id: Id, version: i64) -> Result<PeriodException> {
    let before = tx.find(id, period_exceptions::find_locked)?;
    expect_version(before.version, version)?;
    if before.revoked_at.is_some() {
        return Err(Conflict::ExceptionRevoked.into());
    }
    let (version, now) = (before.version + 1, tx.now());
    let after = PeriodException { revoked_at: Some(now), version, updated_at: now, ..before.clone() };
    period_exceptions::update(tx.conn(), &after)?;
    audit::changed(tx, "period_exception.revoke", &before, &after, None)?;
    Ok(after)
}

/// One leave.
///
/// # Errors
/// There is none within reach.
pub fn get(tx: &mut Tx<'_, can::ReadReports>, id: Id) -> Result<PeriodException> {
    tx.find(id, period_exceptions::find)
}

/// The leaves of points within reach, of one subtree or month if asked.
///
/// # Errors
/// That subtree's top is not within reach.
pub fn list(
    tx: &mut Tx<'_, can::ReadReports>,
    within: Option<Id>,
    month: Option<Month>,
    want: &Want<Id>,
) -> Result<Paged<PeriodException>> {
    let reach = reach_within(tx, within)?;
    let rows = period_exceptions::page(tx.conn(), &reach, month, want.after, want.fetch())?;
    Ok(want.page(rows, None))
}
