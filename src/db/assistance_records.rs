//! Assistance records.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::Queryable,
    sql_types::{BigInt, Binary, Date, Nullable, Text, Timestamp},
};
use serde::Serialize;

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{assistance_records, service_points},
    scope::within,
    types::Uid,
    upsert::{self, added},
};
use crate::domain::{
    Day, Id, Instant, PointPath,
    access::{Placed, Reach},
    audit::Audited,
    codes::RecordState,
};

/// One service given to one household on one day by one point.
#[derive(Clone, Debug, PartialEq, Queryable, Serialize)]
pub struct AssistanceRecord {
    /// The record.
    pub id: Id,
    /// To whom.
    pub household_id: Id,
    /// To which of its members, if to one.
    pub member_id: Option<Id>,
    /// By which point.
    pub service_point_id: Id,
    /// A code of the list `assistance_kind`.
    pub kind: String,
    /// A code of the list `assistance_subkind`.
    pub subkind: Option<String>,
    /// On which day.
    pub given_on: Day,
    /// How much.
    pub quantity: i64,
    /// Of what: a code of the list `quantity_unit`.
    pub unit: Option<String>,
    /// What it was worth, in fen.
    pub amount_fen: Option<i64>,
    /// Whatever else is to be known.
    pub note: Option<String>,
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
    const PERSONAL: &'static [&'static str] = &["note", "void_reason"];

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
    /// One subkind.
    pub subkind: Option<String>,
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
    let query = assistance_records::table
        .inner_join(service_points::table)
        .filter(assistance_records::id.eq(id))
        .select((assistance_records::all_columns, service_points::path));
    let row: Option<(AssistanceRecord, PointPath)> = both!(conn, c => query.get_result(c).optional())?;
    Ok(row.map(|(record, path)| Placed::new(record, path)))
}

/// The condition of a filter, and the order, on a boxed query.
macro_rules! narrowed {
    ($query:expr, $filter:expr, $after:expr) => {{
        use assistance_records::dsl;
        let (mut query, filter): (_, &Filter) = ($query, $filter);
        let after: Option<PageKey> = $after;
        // One upper bound: of two, SQLite begins at the first that it meets, and passes everything above the page.
        let to = after.map_or(filter.to, |(day, _)| day.min(filter.to));
        query = query.filter(dsl::given_on.between(filter.from, to)).order((dsl::given_on.desc(), dsl::id.desc()));
        if let Some(household_id) = filter.household_id {
            query = query.filter(dsl::household_id.eq(household_id));
        }
        if let Some(kind) = &filter.kind {
            query = query.filter(dsl::kind.eq(kind.clone()));
        }
        if let Some(subkind) = &filter.subkind {
            query = query.filter(dsl::subkind.eq(subkind.clone()));
        }
        if let Some(state) = filter.state {
            query = query.filter(dsl::state.eq(state));
        }
        if let Some((day, id)) = after {
            query = query.filter(dsl::given_on.lt(day).or(dsl::id.lt(id)));
        }
        query
    }};
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
    let query = assistance_records::table
        .inner_join(service_points::table)
        .select(assistance_records::all_columns)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .limit(limit);
    narrowed!(query, filter, after).load(conn)
}

/// One page of the records given to the household of the filter, whoever gave them, with the givers' paths.
///
/// # Errors
/// The database's own.
pub fn page_of_household(
    conn: &mut Conn,
    filter: &Filter,
    after: Option<PageKey>,
    limit: i64,
) -> QueryResult<Vec<(AssistanceRecord, PointPath)>> {
    let query = assistance_records::table
        .inner_join(service_points::table)
        .select((assistance_records::all_columns, service_points::path))
        .into_boxed::<MultiBackend>()
        .limit(limit);
    narrowed!(query, filter, after).load(conn)
}

/// Every record of a household, the first one first.
///
/// # Errors
/// The database's own.
pub fn of_household(conn: &mut Conn, household_id: Id) -> QueryResult<Vec<AssistanceRecord>> {
    use assistance_records::dsl;
    assistance_records::table.filter(dsl::household_id.eq(household_id)).order((dsl::given_on, dsl::id)).load(conn)
}

/// The last day on which a household was given assistance that still counts.
///
/// # Errors
/// The database's own.
pub fn last_day_of_household(conn: &mut Conn, household_id: Id) -> QueryResult<Option<Day>> {
    use assistance_records::dsl;
    assistance_records::table
        .filter(dsl::household_id.eq(household_id))
        .filter(dsl::state.eq(RecordState::Active))
        .order(dsl::given_on.desc())
        .select(dsl::given_on)
        .first(conn)
        .optional()
}

/// A counted record, as recounts see it.
#[derive(Clone, Debug, PartialEq, Queryable)]
pub struct Counted {
    /// To whom.
    pub household_id: Id,
    /// By which point.
    pub service_point_id: Id,
    /// Of which kind.
    pub kind: String,
    /// On which day.
    pub given_on: Day,
    /// How much.
    pub quantity: i64,
    /// What it was worth, in fen.
    pub amount_fen: Option<i64>,
}

/// The counted records of the households after `after` up to `last`, for recounts.
///
/// # Errors
/// The database's own.
pub fn counted_between(conn: &mut Conn, after: Option<Id>, last: Id) -> QueryResult<Vec<Counted>> {
    use assistance_records::dsl;
    let mut query = assistance_records::table
        .filter(dsl::state.eq(RecordState::Active))
        .filter(dsl::household_id.le(last))
        .select((dsl::household_id, dsl::service_point_id, dsl::kind, dsl::given_on, dsl::quantity, dsl::amount_fen))
        .into_boxed::<MultiBackend>();
    if let Some(after) = after {
        query = query.filter(dsl::household_id.gt(after));
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

/// Puts new records in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, records: &[AssistanceRecord]) -> QueryResult<()> {
    upsert::add(conn, records)
}

added! {
    assistance_records of AssistanceRecord {
        id: Uid,
        household_id: Uid,
        member_id: Nullable<Uid>,
        service_point_id: Uid,
        kind: Text,
        subkind: Nullable<Text>,
        given_on: Date,
        quantity: BigInt,
        unit: Nullable<Text>,
        amount_fen: Nullable<BigInt>,
        note: Nullable<Text>,
        state: Text,
        void_reason: Nullable<Text>,
        version: BigInt,
        created_by: Uid,
        request_digest: Binary,
        created_at: Timestamp,
        updated_at: Timestamp,
    }
}

/// Writes a record's fields.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, record: &AssistanceRecord) -> QueryResult<()> {
    use assistance_records::dsl;
    diesel::update(assistance_records::table.find(record.id))
        .set((
            dsl::member_id.eq(record.member_id),
            dsl::kind.eq(&record.kind),
            dsl::subkind.eq(&record.subkind),
            dsl::given_on.eq(record.given_on),
            dsl::quantity.eq(record.quantity),
            dsl::unit.eq(&record.unit),
            dsl::amount_fen.eq(record.amount_fen),
            dsl::note.eq(&record.note),
            dsl::state.eq(record.state),
            dsl::void_reason.eq(&record.void_reason),
            dsl::version.eq(record.version),
            dsl::updated_at.eq(record.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}
