//! Leave for late entries: months that are locked, and yet open to a point and everything below it.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};
use serde::Serialize;

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{period_exceptions, service_points},
    scope::within,
};
use crate::domain::{
    Day, Id, Instant, Month, PointPath,
    access::{Placed, Reach},
    audit::Audited,
};

/// Leave for late entries.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Serialize)]
#[diesel(table_name = period_exceptions, treat_none_as_default_value = false)]
pub struct PeriodException {
    /// The leave.
    pub id: Id,
    /// For which point, and what is below it.
    pub service_point_id: Id,
    /// For which month.
    #[diesel(column_name = period)]
    pub month: Month,
    /// The last day on which entries are taken.
    pub until_day: Day,
    /// Why.
    pub reason: String,
    /// When it was taken back.
    pub revoked_at: Option<Instant>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// The account that gave it.
    pub created_by: Id,
    /// The digest of the request that did.
    #[serde(skip)]
    pub request_digest: Vec<u8>,
    /// When that was.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Audited for PeriodException {
    const TYPE: &'static str = "period_exception";
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

/// The leave with this id, placed at its point.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<PeriodException>>> {
    let row: Option<(PeriodException, PointPath)> = period_exceptions::table
        .inner_join(service_points::table)
        .filter(period_exceptions::id.eq(id))
        .select((period_exceptions::all_columns, service_points::path))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(exception, path)| Placed::new(exception, path)))
}

/// The same, locked.
///
/// # Errors
/// The database's own.
pub fn find_locked(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<PeriodException>>> {
    lock_row!(period_exceptions, conn, id)?;
    find(conn, id)
}

/// The points and months, from one month on, for which leave is in force on a day.
///
/// # Errors
/// The database's own.
pub fn in_force(conn: &mut Conn, points: &[Id], from: Month, on: Day) -> QueryResult<Vec<(Id, Month)>> {
    use period_exceptions::dsl;
    dsl::period_exceptions
        .filter(dsl::service_point_id.eq_any(points.to_vec()))
        .filter(dsl::period.ge(from))
        .filter(dsl::until_day.ge(on))
        .filter(dsl::revoked_at.is_null())
        .select((dsl::service_point_id, dsl::period))
        .load(conn)
}

/// One page of the leaves of reached points, by id.
///
/// # Errors
/// The database's own.
pub fn page(
    conn: &mut Conn,
    reach: &Reach,
    month: Option<Month>,
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<PeriodException>> {
    let mut query = period_exceptions::table
        .inner_join(service_points::table)
        .select(period_exceptions::all_columns)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .order(period_exceptions::id)
        .limit(limit);
    if let Some(month) = month {
        query = query.filter(period_exceptions::period.eq(month));
    }
    if let Some(after) = after {
        query = query.filter(period_exceptions::id.gt(after));
    }
    query.load(conn)
}

/// Puts a new leave in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, exception: &PeriodException) -> QueryResult<()> {
    diesel::insert_into(period_exceptions::table).values(exception).execute(conn)?;
    Ok(())
}

/// Writes that a leave was taken back.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, exception: &PeriodException) -> QueryResult<()> {
    use period_exceptions::dsl;
    diesel::update(period_exceptions::table.find(exception.id))
        .set((
            dsl::revoked_at.eq(exception.revoked_at),
            dsl::version.eq(exception.version),
            dsl::updated_at.eq(exception.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}
