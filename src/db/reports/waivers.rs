//! Children whose reports are not waited for.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};
use serde::Serialize;

use crate::{
    db::{
        Conn, MultiBackend, QueryResult,
        schema::{report_waivers, service_points},
        scope::within,
    },
    domain::{
        Id, Instant, Month, PointPath,
        access::{Placed, Reach},
        audit::Audited,
    },
};

/// A child whose report for a month is not waited for. It belongs to the child.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Serialize)]
#[diesel(table_name = report_waivers, treat_none_as_default_value = false)]
pub struct Waiver {
    /// The waiver.
    pub id: Id,
    /// The child.
    pub service_point_id: Id,
    /// The point that goes without its report.
    pub parent_id: Id,
    /// For which month.
    #[diesel(column_name = period)]
    pub month: Month,
    /// Why.
    pub reason: String,
    /// When it was taken back.
    pub revoked_at: Option<Instant>,
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

impl Audited for Waiver {
    const TYPE: &'static str = "report_waiver";
    const PERSONAL: &'static [&'static str] = &["reason"];

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

/// The waiver with this id, placed at the child.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Waiver>>> {
    let row: Option<(Waiver, PointPath)> = report_waivers::table
        .inner_join(service_points::table)
        .filter(report_waivers::id.eq(id))
        .select((report_waivers::all_columns, service_points::path))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(waiver, path)| Placed::new(waiver, path)))
}

/// The waivers in force for these points and a month.
///
/// # Errors
/// The database's own.
pub fn in_force(conn: &mut Conn, points: &[Id], month: Month) -> QueryResult<Vec<Waiver>> {
    report_waivers::table
        .filter(report_waivers::service_point_id.eq_any(points.to_vec()))
        .filter(report_waivers::period.eq(month))
        .filter(report_waivers::revoked_at.is_null())
        .load(conn)
}

/// One page of the waivers of reached points, by id.
///
/// # Errors
/// The database's own.
pub fn page(
    conn: &mut Conn,
    reach: &Reach,
    month: Option<Month>,
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<Waiver>> {
    let mut query = report_waivers::table
        .inner_join(service_points::table)
        .select(report_waivers::all_columns)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .order(report_waivers::id)
        .limit(limit);
    if let Some(month) = month {
        query = query.filter(report_waivers::period.eq(month));
    }
    if let Some(after) = after {
        query = query.filter(report_waivers::id.gt(after));
    }
    query.load(conn)
}

/// Puts a new waiver in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, waiver: &Waiver) -> QueryResult<()> {
    diesel::insert_into(report_waivers::table).values(waiver).execute(conn)?;
    Ok(())
}

/// Writes that a waiver was taken back.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, waiver: &Waiver) -> QueryResult<()> {
    use report_waivers::dsl;
    diesel::update(report_waivers::table.find(waiver.id))
        .set((
            dsl::revoked_at.eq(waiver.revoked_at),
            dsl::version.eq(waiver.version),
            dsl::updated_at.eq(waiver.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}
