//! Assistance records.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};
use serde::Serialize;

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{assistance_records, service_points},
    scope::within,
};
use crate::domain::{
    Day, Id, Instant, PointPath,
    access::{Placed, Reach},
    audit::Audited,
    codes::RecordState,
};

/// One service given to one household on one day by one point.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Serialize)]
#[diesel(table_name = assistance_records)]
pub struct AssistanceRecord {
    /// The record.
    pub id: Id,
    /// To whom.
    pub household_id: Id,
    /// By which point.
    pub service_point_id: Id,
    /// A code of the list `assistance_kind`.
    pub kind: String,
    /// On which day.
    pub given_on: Day,
    /// How much, in the kind's unit.
    pub quantity: i64,
    /// Whether it counts.
    pub state: RecordState,
    /// Why it was voided.
    pub void_reason: Option<String>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// The account that logged it.
    pub created_by: Id,
    /// The digest of the request that logged it.
    #[serde(skip)]
    pub request_digest: Vec<u8>,
    /// When it was logged.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Audited for AssistanceRecord {
    const TYPE: &'static str = "assistance_record";
    const PERSONAL: &'static [&'static str] = &["void_reason"];

    fn id(&self) -> Id {
        self.id
    }

    fn service_point_id(&self) -> Id {
        self.service_point_id
    }
}

/// What a list of records is narrowed to; the window of days always.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// One household.
    pub household_id: Option<Id>,
    /// One kind.
    pub kind: Option<String>,
    /// One state.
    pub state: Option<RecordState>,
}

/// Where a page of records ended.
pub type PageKey = (Day, Id);

/// The record with this id, placed at the point that gave the assistance.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<AssistanceRecord>>> {
    let row: Option<(AssistanceRecord, PointPath)> = assistance_records::table
        .inner_join(service_points::table)
        .filter(assistance_records::id.eq(id))
        .select((assistance_records::all_columns, service_points::path))
        .first(conn)
        .optional()?;
    Ok(row.map(|(record, path)| Placed::new(record, path)))
}

/// One page of the records given by reached points, newest first.
///
/// # Errors
/// The database's own.
pub fn page(
    conn: &mut Conn,
    reach: &Reach,
    filter: &Filter,
    after: Option<PageKey>,
    limit: i64,
) -> QueryResult<Vec<AssistanceRecord>> {
    use assistance_records::dsl;
    let mut query = assistance_records::table
        .inner_join(service_points::table)
        .select(assistance_records::all_columns)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .filter(dsl::given_on.between(filter.from, filter.to))
        .order((dsl::given_on.desc(), dsl::id.desc()))
        .limit(limit);
    if let Some(household_id) = filter.household_id {
        query = query.filter(dsl::household_id.eq(household_id));
    }
    if let Some(kind) = &filter.kind {
        query = query.filter(dsl::kind.eq(kind.clone()));
    }
    if let Some(state) = filter.state {
        query = query.filter(dsl::state.eq(state));
    }
    if let Some((day, id)) = after {
        query = query.filter(dsl::given_on.le(day)).filter(dsl::given_on.lt(day).or(dsl::id.lt(id)));
    }
    query.load(conn)
}

/// The last day on which a point gave assistance that still counts.
///
/// # Errors
/// The database's own.
pub fn last_day(conn: &mut Conn, service_point_id: Id) -> QueryResult<Option<Day>> {
    use assistance_records::dsl;
    assistance_records::table
        .filter(dsl::service_point_id.eq(service_point_id))
        .filter(dsl::state.eq(RecordState::Active))
        .order(dsl::given_on.desc())
        .select(dsl::given_on)
        .first(conn)
        .optional()
}

/// Puts a new record in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, record: &AssistanceRecord) -> QueryResult<()> {
    diesel::insert_into(assistance_records::table).values(record).execute(conn)?;
    Ok(())
}

/// Writes a record's state.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, record: &AssistanceRecord) -> QueryResult<()> {
    diesel::update(assistance_records::table.find(record.id))
        .set((
            assistance_records::state.eq(record.state),
            assistance_records::void_reason.eq(&record.void_reason),
            assistance_records::version.eq(record.version),
            assistance_records::updated_at.eq(record.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}
