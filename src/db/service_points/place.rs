//! Where a point hangs: moving a subtree, and the dated history of parents.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
    sql_types::{Integer, Text},
};
use serde::Serialize;

use super::ServicePoint;
use crate::{
    db::{
        Conn, QueryResult,
        schema::{service_point_parents, service_points},
    },
    domain::{Day, Id, PointPath},
};

/// A parent that a point had for some time.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, Serialize)]
#[diesel(table_name = service_point_parents, treat_none_as_default_value = false)]
pub struct ParentSpan {
    /// The child.
    pub service_point_id: Id,
    /// The parent.
    pub parent_id: Id,
    /// The first day under this parent.
    pub valid_from: Day,
    /// The first day under the next one.
    pub valid_to: Option<Day>,
}

/// Locks every point of a subtree against writes that read one of them, on PostgreSQL. In the order of their
/// ids, in which everybody locks several.
///
/// # Errors
/// The database's own.
pub fn lock_subtree(conn: &mut Conn, top: &PointPath) -> QueryResult<()> {
    if let Conn::Pg(pg) = conn {
        service_points::table
            .filter(
                service_points::path
                    .ge(top)
                    .and(service_points::path.lt(PointPath::from_stored(top.descendants_end()))),
            )
            .order(service_points::id)
            .select(service_points::id)
            .for_no_key_update()
            .load::<Id>(pg)?;
    }
    Ok(())
}

/// Hangs a point with all its descendants under another parent: the point's row, every path, and the dated history.
///
/// # Errors
/// The database's own.
pub fn move_subtree(conn: &mut Conn, point: &ServicePoint, new_path: &PointPath, on: Day) -> QueryResult<()> {
    diesel::update(service_points::table.find(point.id))
        .set((
            service_points::parent_id.eq(point.parent_id),
            service_points::version.eq(point.version),
            service_points::updated_at.eq(point.updated_at),
        ))
        .execute(conn)?;
    let old = point.path.as_str();
    diesel::sql_query("UPDATE service_points SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4")
        .bind::<Text, _>(new_path.as_str())
        .bind::<Integer, _>(i32::try_from(old.len() + 1).unwrap_or(i32::MAX))
        .bind::<Text, _>(old)
        .bind::<Text, _>(point.path.descendants_end())
        .execute(conn)?;
    let Some(parent_id) = point.parent_id else { return Ok(()) };
    use service_point_parents::dsl;
    let current =
        || dsl::service_point_parents.filter(dsl::service_point_id.eq(point.id)).filter(dsl::valid_to.is_null());
    // A second move on one day replaces the first: a parent held for no whole day leaves no span.
    diesel::delete(current().filter(dsl::valid_from.ge(on))).execute(conn)?;
    diesel::update(current()).set(dsl::valid_to.eq(on)).execute(conn)?;
    let span = ParentSpan { service_point_id: point.id, parent_id, valid_from: on, valid_to: None };
    diesel::insert_into(service_point_parents::table).values(&span).execute(conn)?;
    Ok(())
}

/// Every parent that a point has had, the first one first.
///
/// # Errors
/// The database's own.
pub fn parents(conn: &mut Conn, id: Id) -> QueryResult<Vec<ParentSpan>> {
    service_point_parents::table
        .filter(service_point_parents::service_point_id.eq(id))
        .order(service_point_parents::valid_from)
        .load(conn)
}

/// Locks points for whoever sends in or decides about their reports, in the order of their ids: the ones against everybody who
/// writes what they count, the others against being decided about themselves.
///
/// # Errors
/// The database's own.
pub fn lock_for_report(conn: &mut Conn, locked: &[Id], shared: &[Id]) -> QueryResult<()> {
    let Conn::Pg(pg) = conn else { return Ok(()) };
    let mut ids: Vec<Id> = locked.iter().chain(shared).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let query = service_points::table.find(id).select(service_points::id);
        if locked.contains(&id) {
            query.for_no_key_update().get_result::<Id>(pg).optional()?;
        } else {
            query.for_share().get_result::<Id>(pg).optional()?;
        }
    }
    Ok(())
}

/// Every point of a subtree, in the order of their ids.
///
/// # Errors
/// The database's own.
pub fn subtree(conn: &mut Conn, top: &PointPath) -> QueryResult<Vec<ServicePoint>> {
    service_points::table
        .filter(service_points::path.ge(top.clone()))
        .filter(service_points::path.lt(PointPath::from_stored(top.descendants_end())))
        .order(service_points::id)
        .load(conn)
}
