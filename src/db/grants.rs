//! Grants: one role at one service point, with dates.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};
use serde::Serialize;

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{grants, service_points},
    scope::within,
};
use crate::domain::{
    Day, Id, Instant, PointPath,
    access::{Held, Placed, Reach},
    audit::Audited,
    codes::Role,
};

/// A role at a service point.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Serialize)]
#[diesel(table_name = grants, treat_none_as_default_value = false)]
pub struct Grant {
    /// The grant.
    pub id: Id,
    /// Whose.
    pub account_id: Id,
    /// What it lets do.
    pub role: Role,
    /// Where: this point's subtree.
    pub service_point_id: Id,
    /// The first day.
    pub valid_from: Day,
    /// The last day; none for an open end.
    pub valid_to: Option<Day>,
    /// When it was taken back.
    pub revoked_at: Option<Instant>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// The account that gave it; none for the operator of the machine.
    pub created_by: Option<Id>,
    /// The digest of the request that gave it.
    #[serde(skip)]
    pub request_digest: Option<Vec<u8>>,
    /// When it was given.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Audited for Grant {
    const TYPE: &'static str = "grant";
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

/// The grants of an account that are in force on a day, with the paths that they reach from, in the order of the tree: a
/// later look is compared with this one.
///
/// # Errors
/// The database's own.
pub fn in_force(conn: &mut Conn, account_id: Id, on: Day) -> QueryResult<Vec<Held>> {
    let query = grants::table
        .inner_join(service_points::table)
        .filter(grants::account_id.eq(account_id))
        .filter(grants::revoked_at.is_null())
        .filter(grants::valid_from.le(on))
        .filter(grants::valid_to.is_null().or(grants::valid_to.ge(on)))
        .order((service_points::path, grants::id))
        .select((grants::role, service_points::path));
    let rows: Vec<(Role, PointPath)> = both!(conn, c => query.load(c))?;
    Ok(rows.into_iter().map(|(role, path)| Held { role, path }).collect())
}

/// Every grant of an account that is in force or still to come, with its path.
///
/// # Errors
/// The database's own.
pub fn not_ended(conn: &mut Conn, account_id: Id, on: Day) -> QueryResult<Vec<(Role, PointPath)>> {
    grants::table
        .inner_join(service_points::table)
        .filter(grants::account_id.eq(account_id))
        .filter(grants::revoked_at.is_null())
        .filter(grants::valid_to.is_null().or(grants::valid_to.ge(on)))
        .select((grants::role, service_points::path))
        .load(conn)
}

/// The ids of every grant that an account was given.
///
/// # Errors
/// The database's own.
pub fn ids_of_account(conn: &mut Conn, account_id: Id) -> QueryResult<Vec<Id>> {
    grants::table.filter(grants::account_id.eq(account_id)).select(grants::id).load(conn)
}

/// The grant with this id, placed at its service point.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Grant>>> {
    let row: Option<(Grant, PointPath)> = grants::table
        .inner_join(service_points::table)
        .filter(grants::id.eq(id))
        .select((grants::all_columns, service_points::path))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(grant, path)| Placed::new(grant, path)))
}

/// The grant with this id, locked.
///
/// # Errors
/// The database's own.
pub fn find_locked(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Grant>>> {
    lock_row!(grants, conn, id)?;
    find(conn, id)
}

/// One page of the grants at reached points, by id; `after` is the last id shown.
///
/// # Errors
/// The database's own.
pub fn page(
    conn: &mut Conn,
    reach: &Reach,
    account_id: Option<Id>,
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<Grant>> {
    let mut query = grants::table
        .inner_join(service_points::table)
        .select(grants::all_columns)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .order(grants::id)
        .limit(limit);
    if let Some(account_id) = account_id {
        query = query.filter(grants::account_id.eq(account_id));
    }
    if let Some(after) = after {
        query = query.filter(grants::id.gt(after));
    }
    query.load(conn)
}

/// Puts a new grant in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, grant: &Grant) -> QueryResult<()> {
    diesel::insert_into(grants::table).values(grant).execute(conn)?;
    Ok(())
}

/// Writes that a grant was taken back.
///
/// # Errors
/// The database's own.
pub fn revoke(conn: &mut Conn, grant: &Grant) -> QueryResult<()> {
    diesel::update(grants::table.find(grant.id))
        .set((
            grants::revoked_at.eq(grant.revoked_at),
            grants::version.eq(grant.version),
            grants::updated_at.eq(grant.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}
