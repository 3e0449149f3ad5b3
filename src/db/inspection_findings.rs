//! What auditors ask for after an inspection.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};
use serde::Serialize;

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{inspection_findings, service_points},
    scope::within,
};
use crate::domain::{
    Id, Instant, PointPath,
    access::{Placed, Reach},
    audit::Audited,
    codes::FindingState,
};

/// A finding: that the report of a point and month go back. It belongs to that point.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Serialize)]
#[diesel(table_name = inspection_findings, treat_none_as_default_value = false)]
pub struct Finding {
    /// The finding.
    pub id: Id,
    /// Of which inspection.
    pub inspection_id: Id,
    /// What it was found in.
    pub item_id: Id,
    /// The point whose report is to go back.
    pub service_point_id: Id,
    /// The month of that report, as year × 100 + month.
    pub period: i32,
    /// Why.
    pub reason: String,
    /// Whether it was decided, and how.
    pub state: FindingState,
    /// Why it was decided so.
    pub decision_reason: Option<String>,
    /// The account that decided.
    pub decided_by: Option<Id>,
    /// When.
    pub decided_at: Option<Instant>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// The account that made it.
    pub created_by: Id,
    /// The digest of the request that made it.
    #[serde(skip)]
    pub request_digest: Vec<u8>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Audited for Finding {
    const TYPE: &'static str = "inspection_finding";
    const PERSONAL: &'static [&'static str] = &["reason", "decision_reason"];

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

/// What a list of findings is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// One inspection.
    pub inspection_id: Option<Id>,
    /// One state.
    pub state: Option<FindingState>,
}

/// The finding with this id.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Finding>>> {
    let row: Option<(Finding, PointPath)> = inspection_findings::table
        .inner_join(service_points::table)
        .filter(inspection_findings::id.eq(id))
        .select((inspection_findings::all_columns, service_points::path))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(finding, path)| Placed::new(finding, path)))
}

/// Locks a finding.
///
/// # Errors
/// The database's own.
pub fn lock(conn: &mut Conn, id: Id) -> QueryResult<()> {
    lock_row!(inspection_findings, conn, id)
}

/// Whether a finding about an item waits for its decision or was accepted.
///
/// # Errors
/// The database's own.
pub fn stands(conn: &mut Conn, item_id: Id) -> QueryResult<bool> {
    use inspection_findings::dsl;
    let found: Option<Id> = inspection_findings::table
        .filter(dsl::item_id.eq(item_id))
        .filter(dsl::state.ne(FindingState::Dismissed))
        .select(dsl::id)
        .get_result(conn)
        .optional()?;
    Ok(found.is_some())
}

/// One page of the findings about reached points, the first made first; `after` is the last id shown.
///
/// # Errors
/// The database's own.
pub fn page(
    conn: &mut Conn,
    reach: &Reach,
    filter: &Filter,
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<Finding>> {
    use inspection_findings::dsl;
    let mut query = inspection_findings::table
        .inner_join(service_points::table)
        .select(inspection_findings::all_columns)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .order(dsl::id)
        .limit(limit);
    if let Some(inspection_id) = filter.inspection_id {
        query = query.filter(dsl::inspection_id.eq(inspection_id));
    }
    if let Some(state) = filter.state {
        query = query.filter(dsl::state.eq(state));
    }
    if let Some(after) = after {
        query = query.filter(dsl::id.gt(after));
    }
    query.load(conn)
}

/// Puts a new finding in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, finding: &Finding) -> QueryResult<()> {
    diesel::insert_into(inspection_findings::table).values(finding).execute(conn)?;
    Ok(())
}

/// Writes the decision about a finding.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, finding: &Finding) -> QueryResult<()> {
    use inspection_findings::dsl;
    diesel::update(inspection_findings::table.find(finding.id))
        .set((
            dsl::state.eq(finding.state),
            dsl::decision_reason.eq(&finding.decision_reason),
            dsl::decided_by.eq(finding.decided_by),
            dsl::decided_at.eq(finding.decided_at),
            dsl::version.eq(finding.version),
            dsl::updated_at.eq(finding.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}
