//! Monthly reports, what was frozen each time they were sent in, and the children that were not waited for.

mod content;
mod timeliness;
mod waivers;

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};
use serde::Serialize;

pub use content::{children_ever, entry_facts, household_facts, item_facts, parents_of, record_facts, store_facts};
pub use timeliness::{Begun, Decided, Place, begun, decided, first_month, kept, places, waived};
pub use waivers::{
    Waiver, find as find_waiver, in_force as waivers_in_force, insert as insert_waiver, page as page_of_waivers,
    update as update_waiver,
};

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{report_children, report_records, report_submissions, reports, service_points},
    scope::within,
};
use crate::domain::{
    Id, Instant, Month, PointPath,
    access::{Placed, Reach},
    audit::Audited,
    codes::{ChildState, ReportDecision, ReportState},
};

/// The report of a point for a month.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Serialize)]
#[diesel(table_name = reports)]
pub struct Report {
    /// The report.
    pub id: Id,
    /// Whose.
    pub service_point_id: Id,
    /// For which month.
    #[diesel(column_name = period)]
    pub month: Month,
    /// Where it is.
    pub state: ReportState,
    /// The number of the last submission, from 1.
    pub submission: i64,
    /// The digest of that, in hexadecimal digits.
    pub digest: String,
    /// Counts the changes, from 1.
    pub version: i64,
    /// The account that sent it in first.
    pub created_by: Id,
    /// The digest of the request that did.
    #[serde(skip)]
    pub request_digest: Vec<u8>,
    /// When that was.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Audited for Report {
    const TYPE: &'static str = "report";
    const PERSONAL: &'static [&'static str] = &[];

    fn id(&self) -> Id {
        self.id
    }

    fn service_point_id(&self) -> Id {
        self.service_point_id
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// What was frozen when a report was sent in, and what became of it.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable)]
#[diesel(table_name = report_submissions, treat_none_as_default_value = false)]
pub struct Submission {
    /// Of which report.
    pub report_id: Id,
    /// Which one, from 1.
    pub number: i64,
    /// Whether it said that there was nothing to report.
    pub nil: bool,
    /// What else was said.
    pub note: Option<String>,
    /// The figures of the whole subtree, as JSON.
    pub figures: String,
    /// What the point itself adds to them, as JSON.
    pub own_figures: String,
    /// The digest of the records and households of the point itself.
    pub own_digest: String,
    /// The digest of all of it.
    pub digest: String,
    /// Who sent it in.
    pub submitted_by: Id,
    /// When.
    pub submitted_at: Instant,
    /// What became of it.
    pub decision: Option<ReportDecision>,
    /// Who decided.
    pub decided_by: Option<Id>,
    /// When.
    pub decided_at: Option<Instant>,
    /// Why.
    pub reason: Option<String>,
}

/// A point just below, as it was when a report was sent in.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable)]
#[diesel(table_name = report_children, treat_none_as_default_value = false)]
pub struct Child {
    /// In which report.
    pub report_id: Id,
    /// In which submission.
    pub number: i64,
    /// The point.
    pub service_point_id: Id,
    /// Its region code, or its id.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How it stood.
    pub state: ChildState,
    /// The digest of its report, or of what it still counted.
    pub digest: Option<String>,
    /// What it added to the figures, as JSON.
    pub figures: Option<String>,
}

/// The report with this id, placed at its point.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Report>>> {
    let row: Option<(Report, PointPath)> = reports::table
        .inner_join(service_points::table)
        .filter(reports::id.eq(id))
        .select((reports::all_columns, service_points::path))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(report, path)| Placed::new(report, path)))
}

/// The report of a point for a month.
///
/// # Errors
/// The database's own.
pub fn of_point(conn: &mut Conn, point: Id, month: Month) -> QueryResult<Option<Report>> {
    reports::table
        .filter(reports::service_point_id.eq(point))
        .filter(reports::period.eq(month))
        .get_result(conn)
        .optional()
}

/// The reports of these points for a month.
///
/// # Errors
/// The database's own.
pub fn of_points(conn: &mut Conn, points: &[Id], month: Month) -> QueryResult<Vec<Report>> {
    reports::table
        .filter(reports::service_point_id.eq_any(points.to_vec()))
        .filter(reports::period.eq(month))
        .load(conn)
}

/// So many points are asked about by one statement: a record's giver and home with all that is above them.
const ASKED_AT_ONCE: usize = 8;

/// The closed months of these points from one month to another, the first one first.
///
/// # Errors
/// The database's own.
pub fn closed(conn: &mut Conn, points: &[Id], from: Month, to: Option<Month>) -> QueryResult<Vec<(Id, Month)>> {
    use reports::dsl;
    let mut found = Vec::new();
    let to = to.map_or(i32::MAX, Month::key);
    for asked in points.chunks(ASKED_AT_ONCE) {
        // A statement of one shape, which stays prepared: this is on the way of every record.
        let at = |n: usize| dsl::service_point_id.eq(asked.get(n).copied().unwrap_or(asked[0]));
        let any = at(0).or(at(1)).or(at(2)).or(at(3)).or(at(4)).or(at(5)).or(at(6)).or(at(7));
        let query = dsl::reports
            .filter(any)
            .filter(dsl::period.ge(from.key()))
            .filter(dsl::period.le(to))
            .filter(dsl::state.eq(ReportState::Submitted).or(dsl::state.eq(ReportState::Approved)))
            .order(dsl::period)
            .select((dsl::service_point_id, dsl::period));
        let rows: Vec<(Id, Month)> = both!(&mut *conn, c => query.load(c))?;
        found.extend(rows);
    }
    Ok(found)
}

/// What a list of reports is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// One month.
    pub month: Option<Month>,
    /// One state.
    pub state: Option<ReportState>,
    /// Those of this point's children.
    pub parent_id: Option<Id>,
}

/// One page of the reports of reached points, by id.
///
/// # Errors
/// The database's own.
pub fn page(
    conn: &mut Conn,
    reach: &Reach,
    filter: &Filter,
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<Report>> {
    let mut query = reports::table
        .inner_join(service_points::table)
        .select(reports::all_columns)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .order(reports::id)
        .limit(limit);
    if let Some(month) = filter.month {
        query = query.filter(reports::period.eq(month));
    }
    if let Some(state) = filter.state {
        query = query.filter(reports::state.eq(state));
    }
    if let Some(parent_id) = filter.parent_id {
        query = query.filter(service_points::parent_id.eq(parent_id));
    }
    if let Some(after) = after {
        query = query.filter(reports::id.gt(after));
    }
    query.load(conn)
}

/// The reports that stand, after an id in the order of ids, for whoever goes through all of them.
///
/// # Errors
/// The database's own.
pub fn standing(conn: &mut Conn, after: Option<Id>, limit: i64) -> QueryResult<Vec<Report>> {
    let mut query = reports::table
        .filter(reports::state.eq(ReportState::Submitted).or(reports::state.eq(ReportState::Approved)))
        .order(reports::id)
        .limit(limit)
        .into_boxed::<MultiBackend>();
    if let Some(after) = after {
        query = query.filter(reports::id.gt(after));
    }
    query.load(conn)
}

/// Puts a new report in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, report: &Report) -> QueryResult<()> {
    diesel::insert_into(reports::table).values(report).execute(conn)?;
    Ok(())
}

/// Writes where a report is.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, report: &Report) -> QueryResult<()> {
    use reports::dsl;
    diesel::update(reports::table.find(report.id))
        .set((
            dsl::state.eq(report.state),
            dsl::submission.eq(report.submission),
            dsl::digest.eq(&report.digest),
            dsl::version.eq(report.version),
            dsl::updated_at.eq(report.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Freezes what was sent in: figures, children, and the digests of the records.
///
/// # Errors
/// The database's own.
pub fn freeze(conn: &mut Conn, submission: &Submission, children: &[Child], records: &str) -> QueryResult<()> {
    diesel::insert_into(report_submissions::table).values(submission).execute(conn)?;
    for child in children {
        diesel::insert_into(report_children::table).values(child).execute(conn)?;
    }
    diesel::insert_into(report_records::table)
        .values((
            report_records::report_id.eq(submission.report_id),
            report_records::number.eq(submission.number),
            report_records::records.eq(records),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes what became of a submission.
///
/// # Errors
/// The database's own.
pub fn decide(conn: &mut Conn, submission: &Submission) -> QueryResult<()> {
    use report_submissions::dsl;
    diesel::update(report_submissions::table.find((submission.report_id, submission.number)))
        .set((
            dsl::decision.eq(submission.decision),
            dsl::decided_by.eq(submission.decided_by),
            dsl::decided_at.eq(submission.decided_at),
            dsl::reason.eq(&submission.reason),
        ))
        .execute(conn)?;
    Ok(())
}

/// One submission of a report.
///
/// # Errors
/// The database's own.
pub fn submission(conn: &mut Conn, report_id: Id, number: i64) -> QueryResult<Submission> {
    report_submissions::table.find((report_id, number)).get_result(conn)
}

/// Every submission of a report, the first one first.
///
/// # Errors
/// The database's own.
pub fn submissions(conn: &mut Conn, report_id: Id) -> QueryResult<Vec<Submission>> {
    use report_submissions::dsl;
    dsl::report_submissions.filter(dsl::report_id.eq(report_id)).order(dsl::number).load(conn)
}

/// The points just below in a submission, by their codes.
///
/// # Errors
/// The database's own.
pub fn children(conn: &mut Conn, report_id: Id, number: i64) -> QueryResult<Vec<Child>> {
    use report_children::dsl;
    dsl::report_children
        .filter(dsl::report_id.eq(report_id))
        .filter(dsl::number.eq(number))
        .order((dsl::code, dsl::service_point_id))
        .load(conn)
}

/// The digests of the records of a submission, as JSON.
///
/// # Errors
/// The database's own.
pub fn records(conn: &mut Conn, report_id: Id, number: i64) -> QueryResult<Option<String>> {
    report_records::table.find((report_id, number)).select(report_records::records).get_result(conn).optional()
}
