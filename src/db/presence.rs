//! Presence: in which months a subject was reached by how many counted records. A household is present under every kind
//! that it was given and under any kind (`''`), a village point that gives under any kind alone.
//!
//! Written under the subject's lock only, so that what was read of it still holds.

use std::collections::BTreeMap;

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _,
    prelude::Queryable,
    query_builder::AstPass,
    sql_types::{BigInt, Integer, Text},
};

use super::{
    Conn, MultiBackend, QueryResult,
    schema::presence,
    types::Uid,
    upsert::{self, Added, bind},
};
use crate::domain::{Id, Month};

/// So many counted records of a kind in a month.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Presence {
    /// The household, or the village point.
    pub subject_id: Id,
    /// The kind of assistance, or nothing for any.
    pub kind: String,
    /// The month, see [`Month::key`].
    pub period: i32,
    /// How many.
    pub n: i64,
}

/// Months by kind.
pub type Months = BTreeMap<String, BTreeMap<Month, i64>>;

/// Where a subject was present; under these kinds alone, when some are named.
///
/// # Errors
/// The database's own.
pub fn of(conn: &mut Conn, subject: Id, only: Option<[&str; 3]>) -> QueryResult<Months> {
    use presence::dsl;
    let rows = dsl::presence.filter(dsl::subject_id.eq(subject));
    // Not as a list: that would be prepared anew each time, and this is on the way of every record.
    let rows: Vec<Presence> = match only {
        Some([one, two, three]) => {
            let rows = rows.filter(dsl::kind.eq(one).or(dsl::kind.eq(two)).or(dsl::kind.eq(three)));
            both!(conn, c => rows.load(c))?
        }
        None => both!(conn, c => rows.load(c))?,
    };
    let mut months = Months::new();
    for row in rows {
        if let Some(month) = Month::from_key(row.period) {
            months.entry(row.kind).or_default().insert(month, row.n);
        }
    }
    Ok(months)
}

/// The rows that say something of one subject.
///
/// # Errors
/// The database's own.
pub fn rows(conn: &mut Conn, subject: Id) -> QueryResult<Vec<Presence>> {
    presence::table.filter(presence::subject_id.eq(subject)).filter(presence::n.ne(0)).load(conn)
}

/// Every row that says something of subjects after `after` up to `last`, in order, for recounts.
///
/// # Errors
/// The database's own.
pub fn between(conn: &mut Conn, after: Option<Id>, last: Option<Id>) -> QueryResult<Vec<Presence>> {
    let mut query = presence::table.filter(presence::n.ne(0)).into_boxed();
    if let Some(after) = after {
        query = query.filter(presence::subject_id.gt(after));
    }
    if let Some(last) = last {
        query = query.filter(presence::subject_id.le(last));
    }
    query.order((presence::subject_id, presence::kind, presence::period)).load(conn)
}

impl Added for Presence {
    const INTO: &'static str = "INSERT INTO presence (subject_id, kind, period, n) VALUES";
    const ADD: &'static str = " ON CONFLICT (subject_id, kind, period) DO UPDATE SET n = presence.n + excluded.n";

    fn values<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        bind!(out, Uid => &self.subject_id, Text => &self.kind, Integer => &self.period, BigInt => &self.n)
    }
}

/// Adds to the rows that there are. Every row of one call is another one.
///
/// # Errors
/// The database's own.
pub fn add(conn: &mut Conn, rows: &[Presence]) -> QueryResult<()> {
    upsert::add(conn, rows)
}
