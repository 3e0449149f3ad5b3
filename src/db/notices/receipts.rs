//! Who has read an announcement.

use diesel::{BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _, prelude::Queryable};

use crate::{
    db::{
        Conn, MultiBackend, QueryResult,
        schema::{accounts, notice_reads, service_points},
        scope::within,
    },
    domain::{Id, Instant, PointPath, access::Reach, codes::PointStatus},
};

/// Somebody who has read an announcement for a point.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Reader {
    /// The point.
    pub service_point_id: Id,
    /// Its name.
    pub name: String,
    /// The account.
    pub account_id: Id,
    /// The person's name.
    pub display_name: String,
    /// When.
    pub read_at: Instant,
}

/// The paths of the points within reach that are at work or suspended, in the order of the tree.
///
/// # Errors
/// The database's own.
pub fn standing(conn: &mut Conn, reach: &Reach) -> QueryResult<Vec<PointPath>> {
    service_points::table
        .select(service_points::path)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .filter(service_points::status.eq(PointStatus::Active).or(service_points::status.eq(PointStatus::Suspended)))
        .order(service_points::path)
        .load(conn)
}

/// The paths of those of them at which somebody has read an announcement, in the order of the tree.
///
/// # Errors
/// The database's own.
pub fn read_at_points(conn: &mut Conn, notice: Id, reach: &Reach) -> QueryResult<Vec<PointPath>> {
    let read = notice_reads::table.filter(notice_reads::notice_id.eq(notice)).select(notice_reads::service_point_id);
    service_points::table
        .select(service_points::path)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .filter(service_points::status.eq(PointStatus::Active).or(service_points::status.eq(PointStatus::Suspended)))
        .filter(service_points::id.eq_any(read))
        .order(service_points::path)
        .load(conn)
}

/// One page of those who have read an announcement at points within reach, by point and account.
///
/// # Errors
/// The database's own.
pub fn readers(
    conn: &mut Conn,
    notice: Id,
    reach: &Reach,
    after: Option<(Id, Id)>,
    limit: i64,
) -> QueryResult<Vec<Reader>> {
    let mut query = notice_reads::table
        .inner_join(service_points::table)
        .inner_join(accounts::table)
        .select((
            notice_reads::service_point_id,
            service_points::name,
            notice_reads::account_id,
            accounts::display_name,
            notice_reads::read_at,
        ))
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .filter(notice_reads::notice_id.eq(notice))
        .order((notice_reads::service_point_id, notice_reads::account_id))
        .limit(limit);
    if let Some((point, account)) = after {
        query = query.filter(
            notice_reads::service_point_id
                .gt(point)
                .or(notice_reads::service_point_id.eq(point).and(notice_reads::account_id.gt(account))),
        );
    }
    query.load(conn)
}
