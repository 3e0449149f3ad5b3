//! Counters of failed sign-ins, kept in the database because several servers may share it.

use diesel::{ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _, prelude::Queryable};

use super::{Conn, QueryResult, schema::throttles};
use crate::domain::Instant;

/// The failures under one key.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Throttle {
    /// A digest of the user name or the address.
    pub key: String,
    /// How many.
    pub failures: i64,
    /// The first of them.
    pub since: Instant,
    /// The last of them.
    pub last_at: Instant,
}

/// Counts one more failure and returns what there was before. The row stays locked until the transaction ends, so tries at
/// the same moment are counted one after the other. When the first failure is older than `since`, counting begins anew.
/// `last_at` stays as it was: see [`touch`].
///
/// # Errors
/// The database's own.
pub fn count(conn: &mut Conn, key: &str, since: Instant, now: Instant) -> QueryResult<Throttle> {
    diesel::delete(throttles::table.filter(throttles::key.eq(key)).filter(throttles::since.lt(since))).execute(conn)?;
    let first =
        (throttles::key.eq(key), throttles::failures.eq(1_i64), throttles::since.eq(now), throttles::last_at.eq(now));
    let after: Throttle = both!(conn, c => diesel::insert_into(throttles::table)
        .values(first)
        .on_conflict(throttles::key)
        .do_update()
        .set(throttles::failures.eq(throttles::failures + 1))
        .returning(throttles::all_columns)
        .get_result(c))?;
    Ok(Throttle { failures: after.failures - 1, ..after })
}

/// The failures under a key, if there are any.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, key: &str) -> QueryResult<Option<Throttle>> {
    throttles::table.find(key).get_result(conn).optional()
}

/// Notes that the last failure counted was now.
///
/// # Errors
/// The database's own.
pub fn touch(conn: &mut Conn, key: &str, now: Instant) -> QueryResult<()> {
    diesel::update(throttles::table.find(key)).set(throttles::last_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Forgets the failures under a key.
///
/// # Errors
/// The database's own.
pub fn forget(conn: &mut Conn, key: &str) -> QueryResult<()> {
    diesel::delete(throttles::table.find(key)).execute(conn)?;
    Ok(())
}

/// Forgets every key whose last failure is older than `before`, so that guessed names do not pile up.
///
/// # Errors
/// The database's own.
pub fn forget_old(conn: &mut Conn, before: Instant) -> QueryResult<()> {
    diesel::delete(throttles::table.filter(throttles::last_at.lt(before))).execute(conn)?;
    Ok(())
}

/// Takes one failure back.
///
/// # Errors
/// The database's own.
pub fn give_back(conn: &mut Conn, key: &str) -> QueryResult<()> {
    diesel::update(throttles::table.filter(throttles::key.eq(key)).filter(throttles::failures.gt(0)))
        .set(throttles::failures.eq(throttles::failures - 1))
        .execute(conn)?;
    Ok(())
}
