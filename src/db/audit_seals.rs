//! Seals: the places of audit events in their chain, and the events that wait for one.
//!
//! What a seal is made of is [`crate::auth::chain`]'s business; here it lies. Seals are inserted by one writer at a time.

use diesel::{
    ExpressionMethods as _, JoinOnDsl as _, NullableExpressionMethods as _, OptionalExtension as _, QueryDsl as _,
    RunQueryDsl as _,
    prelude::Queryable,
    sql_types::{BigInt, Binary},
};

use super::{
    Conn, QueryResult,
    audit_events::AuditEvent,
    schema::{audit_events, audit_seals, audit_unsealed},
    types::Uid,
    upsert::{self, added},
};
use crate::domain::Id;

/// Two programs that seal the same PostgreSQL database take turns by it. Any number.
const POSTGRES_LOCK: i64 = 0x0074_6572_7365_616c;

/// An event's place in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Seal {
    /// The place, from 1, without gaps.
    pub seq: i64,
    /// The event.
    pub event_id: Id,
    /// The chain's digest here.
    pub digest: Vec<u8>,
    /// Shows that the installation's key was at hand.
    pub mac: Vec<u8>,
}

/// An event that waits for its place.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Unsealed {
    /// The event.
    pub event_id: Id,
    /// Its digest.
    pub digest: Vec<u8>,
    /// Shows that the program put it here.
    pub mac: Vec<u8>,
}

/// Keeps others from sealing until the transaction ends; SQLite has one writer.
///
/// # Errors
/// The database's own.
pub fn lock(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Pg(pg) => {
            diesel::sql_query(format!("SELECT pg_advisory_xact_lock({POSTGRES_LOCK})")).execute(pg).map(drop)
        }
        Conn::Sqlite(_) => Ok(()),
    }
}

/// Whether writers take turns, so that each can give its events their places itself.
pub fn in_turn(conn: &Conn) -> bool {
    matches!(conn, Conn::Sqlite(_))
}

/// The last seal.
///
/// # Errors
/// The database's own.
pub fn last(conn: &mut Conn) -> QueryResult<Option<Seal>> {
    audit_seals::table.order(audit_seals::seq.desc()).first(conn).optional()
}

/// Events that wait, in the order of their ids.
///
/// # Errors
/// The database's own.
pub fn waiting(conn: &mut Conn, limit: i64) -> QueryResult<Vec<Unsealed>> {
    audit_unsealed::table.order(audit_unsealed::event_id).limit(limit).load(conn)
}

/// How many wait.
///
/// # Errors
/// The database's own.
pub fn count_waiting(conn: &mut Conn) -> QueryResult<i64> {
    audit_unsealed::table.count().get_result(conn)
}

/// What waits although there is no such event.
///
/// # Errors
/// The database's own.
pub fn waiting_for_nothing(conn: &mut Conn) -> QueryResult<Vec<Id>> {
    audit_unsealed::table
        .left_join(audit_events::table.on(audit_events::id.eq(audit_unsealed::event_id)))
        .filter(audit_events::id.is_null())
        .select(audit_unsealed::event_id)
        .load(conn)
}

/// Gives events their places.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, seals: &[Seal]) -> QueryResult<()> {
    upsert::add(conn, seals)
}

/// Puts events where they wait for their places.
///
/// # Errors
/// The database's own.
pub fn wait(conn: &mut Conn, waiting: &[Unsealed]) -> QueryResult<()> {
    upsert::add(conn, waiting)
}

/// Takes away events that have their places.
///
/// # Errors
/// The database's own.
pub fn wait_no_more(conn: &mut Conn, ids: &[Id]) -> QueryResult<()> {
    let done = audit_unsealed::table.filter(audit_unsealed::event_id.eq_any(ids.to_vec()));
    both!(conn, c => diesel::delete(done).execute(c).map(drop))
}

added! { audit_seals of Seal { seq: BigInt, event_id: Uid, digest: Binary, mac: Binary } }

added! { audit_unsealed of Unsealed { event_id: Uid, digest: Binary, mac: Binary } }

/// Seals after a place, in their order, with their events: for whoever goes through the chain.
///
/// # Errors
/// The database's own.
pub fn after(conn: &mut Conn, seq: i64, limit: i64) -> QueryResult<Vec<(Seal, Option<AuditEvent>)>> {
    audit_seals::table
        .left_join(audit_events::table)
        .filter(audit_seals::seq.gt(seq))
        .order(audit_seals::seq)
        .limit(limit)
        .select((audit_seals::all_columns, audit_events::all_columns.nullable()))
        .load(conn)
}
