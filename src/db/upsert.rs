//! Adding numbers to rows that may not be there yet: `INSERT … ON CONFLICT … DO UPDATE`, many rows in one statement that the
//! connection keeps prepared.
//!
//! diesel writes this for one row on SQLite, and prepares it anew each time on both databases, which costs several times
//! what carrying it out does.

use diesel::{
    PgConnection, RunQueryDsl, SqliteConnection,
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{BigInt, Integer, Text},
    sqlite::Sqlite,
};

use super::{Conn, QueryResult, types::Uid};
use crate::domain::Id;

/// One statement takes so many rows at most: each number of rows is a statement of its own that every connection keeps.
const ROWS_AT_ONCE: usize = 48;

/// A row whose numbers are added to those of the row with the same key.
pub(super) trait Added {
    /// From `INSERT INTO` to `VALUES`.
    const INTO: &'static str;
    /// From `ON CONFLICT` on; nothing for rows that cannot be there yet.
    const ADD: &'static str;

    /// The values, in the order of the columns of [`Self::INTO`].
    fn values(&self) -> impl Iterator<Item = Value<'_>>;
}

/// A value of a row.
pub(super) enum Value<'r> {
    Id(&'r Id),
    Text(&'r str),
    Integer(&'r i32),
    BigInt(&'r i64),
}

/// Adds rows to those that there are. Every row of one call has another key. They are locked in their order.
///
/// # Errors
/// The database's own.
pub(super) fn add<R: Added>(conn: &mut Conn, rows: &[R]) -> QueryResult<()> {
    rows.chunks(ROWS_AT_ONCE).try_for_each(|rows| both!(&mut *conn, c => Upsert(rows).execute(c)).map(drop))
}

struct Upsert<'r, R>(&'r [R]);

/// The text depends on the number of rows, so it is the key under which a connection keeps the statement.
impl<R> QueryId for Upsert<'_, R> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

macro_rules! upsert_for {
    ($($backend:ty, $conn:ty);+) => {$(
        impl<R: Added> QueryFragment<$backend> for Upsert<'_, R> {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $backend>) -> QueryResult<()> {
                out.push_sql(R::INTO);
                for (at, row) in self.0.iter().enumerate() {
                    out.push_sql(if at == 0 { " (" } else { "), (" });
                    for (at, value) in row.values().enumerate() {
                        if at > 0 {
                            out.push_sql(", ");
                        }
                        match value {
                            Value::Id(id) => out.push_bind_param::<Uid, _>(id)?,
                            Value::Text(text) => out.push_bind_param::<Text, _>(text)?,
                            Value::Integer(number) => out.push_bind_param::<Integer, _>(number)?,
                            Value::BigInt(number) => out.push_bind_param::<BigInt, _>(number)?,
                        }
                    }
                }
                out.push_sql(") ");
                out.push_sql(R::ADD);
                Ok(())
            }
        }

        impl<R> RunQueryDsl<$conn> for Upsert<'_, R> {}
    )+};
}
upsert_for!(Pg, PgConnection; Sqlite, SqliteConnection);
