//! When reports of a subtree came in, and what became of what was sent in: a few statements, however many points there are.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _, dsl::min, prelude::Queryable,
};

use crate::{
    db::{
        Conn, MultiBackend, QueryResult,
        schema::{report_submissions, report_waivers, reports, service_points},
        scope::within,
    },
    domain::{
        Day, Id, Instant, Month, PointPath,
        access::Reach,
        codes::{PointStatus, ReportDecision, ReportState, Tier},
    },
};

/// What is needed of a point.
#[derive(Clone, Debug, Queryable)]
pub struct Place {
    /// The point.
    pub id: Id,
    /// Where it hangs.
    pub path: PointPath,
    /// Its level.
    pub tier: Tier,
    /// Where it is in its life.
    pub status: PointStatus,
    /// The first day of its life.
    pub opened_on: Day,
    /// The last day of its life.
    pub closed_on: Option<Day>,
}

/// A report that was begun.
#[derive(Clone, Debug, Queryable)]
pub struct Begun {
    /// The report.
    pub id: Id,
    /// Whose.
    pub service_point_id: Id,
    /// For which month.
    pub month: Month,
    /// Where it is.
    pub state: ReportState,
    /// How often it was sent in.
    pub submission: i64,
    /// When it was sent in first.
    pub created_at: Instant,
}

/// A submission that was decided about.
#[derive(Clone, Debug, Queryable)]
pub struct Decided {
    /// Whose.
    pub service_point_id: Id,
    /// For which month.
    pub month: Month,
    /// When it was sent in.
    pub submitted_at: Instant,
    /// When it was decided about last.
    pub decided_at: Option<Instant>,
    /// What became of it.
    pub decision: Option<ReportDecision>,
}

/// The points within reach, in the order of the tree.
///
/// # Errors
/// The database's own.
pub fn places(conn: &mut Conn, reach: &Reach) -> QueryResult<Vec<Place>> {
    use service_points::dsl;
    dsl::service_points
        .select((dsl::id, dsl::path, dsl::tier, dsl::status, dsl::opened_on, dsl::closed_on))
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .order(dsl::path)
        .load(conn)
}

/// The reports of points within reach from one month to another.
///
/// # Errors
/// The database's own.
pub fn begun(conn: &mut Conn, reach: &Reach, (from, to): (Month, Month)) -> QueryResult<Vec<Begun>> {
    reports::table
        .inner_join(service_points::table)
        .select((
            reports::id,
            reports::service_point_id,
            reports::period,
            reports::state,
            reports::submission,
            reports::created_at,
        ))
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .filter(reports::period.between(from, to))
        .load(conn)
}

/// When those of them that were sent in more than once, or are open again, were sent in and not taken back, the first time first.
///
/// # Errors
/// The database's own.
pub fn kept(conn: &mut Conn, reach: &Reach, (from, to): (Month, Month)) -> QueryResult<Vec<(Id, Instant)>> {
    report_submissions::table
        .inner_join(reports::table.inner_join(service_points::table))
        .select((report_submissions::report_id, report_submissions::submitted_at))
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .filter(reports::period.between(from, to))
        .filter(reports::submission.gt(1).or(reports::state.eq(ReportState::Open)))
        .filter(report_submissions::decision.is_null().or(report_submissions::decision.ne(ReportDecision::Withdrawn)))
        .order((report_submissions::report_id, report_submissions::number))
        .load(conn)
}

/// The points within reach, and the months, that are not waited for.
///
/// # Errors
/// The database's own.
pub fn waived(conn: &mut Conn, reach: &Reach, (from, to): (Month, Month)) -> QueryResult<Vec<(Id, Month)>> {
    report_waivers::table
        .inner_join(service_points::table)
        .select((report_waivers::service_point_id, report_waivers::period))
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .filter(report_waivers::period.between(from, to))
        .filter(report_waivers::revoked_at.is_null())
        .load(conn)
}

/// The submissions of points within reach that were decided about by a reviewer.
///
/// # Errors
/// The database's own.
pub fn decided(conn: &mut Conn, reach: &Reach, (from, to): (Month, Month)) -> QueryResult<Vec<Decided>> {
    report_submissions::table
        .inner_join(reports::table.inner_join(service_points::table))
        .select((
            reports::service_point_id,
            reports::period,
            report_submissions::submitted_at,
            report_submissions::decided_at,
            report_submissions::decision,
        ))
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .filter(reports::period.between(from, to))
        .filter(report_submissions::decision.ne(ReportDecision::Withdrawn))
        .load(conn)
}

/// The first month for which there is a report at all.
///
/// # Errors
/// The database's own.
pub fn first_month(conn: &mut Conn) -> QueryResult<Option<Month>> {
    let key: Option<i32> = reports::table.select(min(reports::period)).get_result(conn)?;
    Ok(key.and_then(Month::from_key))
}
