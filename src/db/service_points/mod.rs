//! Service points, the history of their parents, and the keys by which they are found.

mod place;

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};
use serde::Serialize;

pub use place::{ParentSpan, lock_for_report, lock_subtree, move_subtree, parents, subtree};

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{service_point_keys, service_point_parents, service_points},
    scope::{Condition, within, within_from},
};
use crate::domain::{
    Day, Id, Instant, PointPath,
    access::{Placed, Reach},
    audit::{Audited, fingerprint},
    codes::{PointStatus, Tier},
    search_keys,
};

/// A node of the tree.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Serialize)]
#[diesel(table_name = service_points, treat_none_as_default_value = false)]
pub struct ServicePoint {
    /// The point.
    pub id: Id,
    /// The point above; the root has none.
    pub parent_id: Option<Id>,
    /// Where it hangs. Not part of the audited content: it follows from the parents.
    #[serde(skip)]
    pub path: PointPath,
    /// Its level.
    pub tier: Tier,
    /// The 12-digit region code.
    pub region_code: Option<String>,
    /// The name.
    pub name: String,
    /// Where it is in its life.
    pub status: PointStatus,
    /// The first day of its life.
    pub opened_on: Day,
    /// The last day of its life.
    pub closed_on: Option<Day>,
    /// Where it is found.
    pub address: Option<String>,
    /// Degrees east, times a million.
    pub longitude_e6: Option<i32>,
    /// Degrees north, times a million.
    pub latitude_e6: Option<i32>,
    /// Whom to ask for.
    pub contact_name: Option<String>,
    /// The contact's telephone number, sealed.
    #[serde(serialize_with = "fingerprint")]
    pub contact_phone: Option<Vec<u8>>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// The account that opened it; none for the operator of the machine.
    pub created_by: Option<Id>,
    /// The digest of the request that opened it.
    #[serde(skip)]
    pub request_digest: Option<Vec<u8>>,
    /// When it was opened in the system.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Audited for ServicePoint {
    const TYPE: &'static str = "service_point";
    const PERSONAL: &'static [&'static str] = &["contact_name", "contact_phone"];

    fn id(&self) -> Id {
        self.id
    }

    fn service_point_id(&self) -> Id {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// What a list of points may be narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The children of this point.
    pub parent_id: Option<Id>,
    /// Names, pinyin, initials or codes that begin so, already normalised.
    pub prefix: Option<String>,
    /// One tier.
    pub tier: Option<Tier>,
    /// One state.
    pub status: Option<PointStatus>,
}

fn placed(point: ServicePoint) -> Placed<ServicePoint> {
    let path = point.path.clone();
    Placed::new(point, path)
}

/// The point with this id.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<ServicePoint>>> {
    Ok(service_points::table.find(id).get_result::<ServicePoint>(conn).optional()?.map(placed))
}

/// Keeps a point from being moved, closed or changed until the transaction ends, on PostgreSQL; SQLite has one writer
/// and needs no lock. Share several in the order of their ids.
///
/// # Errors
/// The database's own.
pub fn share(conn: &mut Conn, id: Id) -> QueryResult<()> {
    share_row!(service_points, conn, id)
}

/// The point with this id, shared.
///
/// # Errors
/// The database's own.
pub fn find_shared(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<ServicePoint>>> {
    let query = service_points::table.find(id);
    // One statement: this is on the way of every record.
    let point = match conn {
        Conn::Pg(pg) => query.for_share().get_result::<ServicePoint>(pg),
        Conn::Sqlite(sqlite) => query.get_result(sqlite),
    };
    Ok(point.optional()?.map(placed))
}

/// The points that a statistic concerns, in the order of their ids, in which everybody locks several: `locked` so that
/// nobody else writes what it gives meanwhile, the others shared.
///
/// # Errors
/// The database's own.
pub fn for_count(conn: &mut Conn, ids: &[Id], locked: Option<Id>) -> QueryResult<Vec<ServicePoint>> {
    let mut ids: Vec<Id> = ids.iter().copied().chain(locked).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut points = Vec::with_capacity(ids.len());
    // One by one: on PostgreSQL for the order of the locks, on SQLite because a list would be prepared anew each time.
    for id in ids {
        let query = service_points::table.find(id);
        let point = match &mut *conn {
            Conn::Pg(pg) if locked == Some(id) => query.for_no_key_update().get_result::<ServicePoint>(pg),
            Conn::Pg(pg) => query.for_share().get_result::<ServicePoint>(pg),
            Conn::Sqlite(sqlite) => query.get_result::<ServicePoint>(sqlite),
        };
        points.extend(point.optional()?);
    }
    Ok(points)
}

/// Every point, in the order of the tree, for recounts.
///
/// # Errors
/// The database's own.
pub fn all(conn: &mut Conn) -> QueryResult<Vec<ServicePoint>> {
    service_points::table.order(service_points::path).load(conn)
}

/// The point with this id, locked for changing it: a write that reads it with [`find_shared`] waits.
///
/// # Errors
/// The database's own.
pub fn find_locked(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<ServicePoint>>> {
    lock_row!(service_points, conn, id)?;
    find(conn, id)
}

/// The name of a point.
///
/// # Errors
/// The database's own.
pub fn name(conn: &mut Conn, id: Id) -> QueryResult<Option<String>> {
    service_points::table.find(id).select(service_points::name).get_result(conn).optional()
}

/// The root, if the network has one yet.
///
/// # Errors
/// The database's own.
pub fn root(conn: &mut Conn) -> QueryResult<Option<ServicePoint>> {
    service_points::table.filter(service_points::tier.eq(Tier::Bureau)).get_result(conn).optional()
}

/// The point that has not ended and carries this region code.
///
/// # Errors
/// The database's own.
pub fn by_region_code(conn: &mut Conn, code: &str) -> QueryResult<Option<ServicePoint>> {
    service_points::table
        .filter(service_points::region_code.eq(code))
        .filter(IsOpen::new(service_points::status))
        .get_result(conn)
        .optional()
}

// The condition of the partial index, word for word: SQLite prepares a statement anew each time to see whether a bound value fits
// one.
diesel::postfix_operator!(IsOpen, " NOT IN ('closed', 'merged')");

/// Every point that has not ended and carries a region code, for imports.
///
/// # Errors
/// The database's own.
pub fn with_region_codes(conn: &mut Conn) -> QueryResult<Vec<ServicePoint>> {
    service_points::table
        .filter(service_points::region_code.is_not_null())
        .filter(service_points::status.ne_all([PointStatus::Closed, PointStatus::Merged]))
        .load(conn)
}

/// One page of the points that are reached, in the order of the tree; `after` is the path of the last one shown.
///
/// # Errors
/// The database's own.
pub fn page(
    conn: &mut Conn,
    reach: &Reach,
    filter: &Filter,
    after: Option<&PointPath>,
    limit: i64,
) -> QueryResult<Vec<ServicePoint>> {
    let mut query = narrowed(within_from(reach, after), filter).order(service_points::path).limit(limit);
    if let Some(after) = after {
        query = query.filter(service_points::path.gt(after.clone()));
    }
    query.load(conn)
}

/// How many points a list has in all.
///
/// # Errors
/// The database's own.
pub fn count(conn: &mut Conn, reach: &Reach, filter: &Filter) -> QueryResult<i64> {
    narrowed(within(reach), filter).count().get_result(conn)
}

fn narrowed(
    within: Condition<service_points::table>,
    filter: &Filter,
) -> service_points::BoxedQuery<'static, MultiBackend> {
    let mut query = service_points::table.into_boxed().filter(within);
    if let Some(parent_id) = filter.parent_id {
        query = query.filter(service_points::parent_id.eq(parent_id));
    }
    if let Some(tier) = filter.tier {
        query = query.filter(service_points::tier.eq(tier));
    }
    if let Some(status) = filter.status {
        query = query.filter(service_points::status.eq(status));
    }
    if let Some(prefix) = &filter.prefix {
        let found = service_point_keys::table
            .filter(service_point_keys::key.ge(prefix.clone()))
            .filter(service_point_keys::key.lt(search_keys::prefix_end(prefix)))
            .select(service_point_keys::service_point_id);
        query = query.filter(service_points::id.eq_any(found));
    }
    query
}

/// The points above, root first, that are reached.
///
/// # Errors
/// The database's own.
pub fn ancestors(conn: &mut Conn, reach: &Reach, path: &PointPath) -> QueryResult<Vec<ServicePoint>> {
    let mut ids = path.ids();
    ids.pop();
    service_points::table
        .into_boxed()
        .filter(within(reach))
        .filter(service_points::id.eq_any(ids))
        .order(service_points::path)
        .load(conn)
}

/// Every child of a point, in the order of the tree.
///
/// # Errors
/// The database's own.
pub fn children(conn: &mut Conn, id: Id) -> QueryResult<Vec<ServicePoint>> {
    service_points::table.filter(service_points::parent_id.eq(id)).order(service_points::path).load(conn)
}

/// How many children have not ended.
///
/// # Errors
/// The database's own.
pub fn open_children(conn: &mut Conn, id: Id) -> QueryResult<i64> {
    service_points::table
        .filter(service_points::parent_id.eq(id))
        .filter(service_points::status.ne_all([PointStatus::Closed, PointStatus::Merged]))
        .count()
        .get_result(conn)
}

/// Puts a new point, its search keys and its first parent in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, point: &ServicePoint) -> QueryResult<()> {
    diesel::insert_into(service_points::table).values(point).execute(conn)?;
    if let Some(parent_id) = point.parent_id {
        // A planned point hangs in the tree before the day on which it opens.
        let valid_from = point.opened_on.min(point.created_at.day());
        let span = ParentSpan { service_point_id: point.id, parent_id, valid_from, valid_to: None };
        diesel::insert_into(service_point_parents::table).values(&span).execute(conn)?;
    }
    index(conn, point)
}

/// Writes a point's own fields; its place in the tree changes by [`move_subtree`] alone.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, point: &ServicePoint) -> QueryResult<()> {
    use service_points::dsl;
    diesel::update(service_points::table.find(point.id))
        .set((
            dsl::region_code.eq(&point.region_code),
            dsl::name.eq(&point.name),
            dsl::status.eq(point.status),
            dsl::opened_on.eq(point.opened_on),
            dsl::closed_on.eq(point.closed_on),
            dsl::address.eq(&point.address),
            dsl::longitude_e6.eq(point.longitude_e6),
            dsl::latitude_e6.eq(point.latitude_e6),
            dsl::contact_name.eq(&point.contact_name),
            dsl::contact_phone.eq(&point.contact_phone),
            dsl::version.eq(point.version),
            dsl::updated_at.eq(point.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Makes a point be found under its present name and code.
///
/// # Errors
/// The database's own.
pub fn index_again(conn: &mut Conn, point: &ServicePoint) -> QueryResult<()> {
    let keys = service_point_keys::table.filter(service_point_keys::service_point_id.eq(point.id));
    diesel::delete(keys).execute(conn)?;
    index(conn, point)
}

fn index(conn: &mut Conn, point: &ServicePoint) -> QueryResult<()> {
    let mut keys = search_keys::search_keys(&point.name);
    keys.extend(point.region_code.clone());
    let rows: Vec<_> = keys
        .iter()
        .map(|key| (service_point_keys::key.eq(key), service_point_keys::service_point_id.eq(point.id)))
        .collect();
    both!(conn, c => diesel::insert_into(service_point_keys::table).values(&rows).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Those of the points that are reached.
///
/// # Errors
/// The database's own.
pub fn reached(conn: &mut Conn, reach: &Reach, ids: &[Id]) -> QueryResult<Vec<Id>> {
    service_points::table
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .filter(service_points::id.eq_any(ids.to_vec()))
        .select(service_points::id)
        .load(conn)
}
