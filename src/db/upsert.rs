//! Many rows in one statement that the connection keeps prepared: new ones, or numbers added to rows that may not be there yet
//! (`INSERT … ON CONFLICT … DO UPDATE`).
//!
//! diesel writes this for one row on SQLite, and prepares it anew each time on both databases, which costs several times
//! what carrying it out does.

use diesel::{
    RunQueryDsl,
    query_builder::{AstPass, QueryFragment, QueryId},
};

use super::{Conn, MultiBackend, QueryResult};

/// One statement takes so many rows at most: each number of rows is a statement of its own that every connection keeps.
const ROWS_AT_ONCE: usize = 48;

/// A row that is put in place, or whose numbers are added to those of the row with the same key.
pub(super) trait Added {
    /// From `INSERT INTO` to `VALUES`.
    const INTO: &'static str;
    /// From `ON CONFLICT` on; nothing for rows that cannot be there yet.
    const ADD: &'static str;

    /// The values, with commas between, in the order of the columns of [`Self::INTO`].
    fn values<'b>(&'b self, out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()>;
}

/// Writes values as `values` must, with commas between.
macro_rules! bind {
    ($out:ident, $($sql:ty => $value:expr),+ $(,)?) => {{
        let mut comma = "";
        $(
            $out.push_sql(std::mem::replace(&mut comma, ", "));
            $out.push_bind_param::<$sql, _>($value)?;
        )+
        let _ = comma;
        Ok(())
    }};
}
pub(super) use bind;

/// Adds rows to those that there are. Every row of one call has another key. They are locked in their order.
///
/// # Errors
/// The database's own.
pub(super) fn add<R: Added>(conn: &mut Conn, rows: &[R]) -> QueryResult<()> {
    rows.chunks(ROWS_AT_ONCE).try_for_each(|rows| Upsert(rows).execute(conn).map(drop))
}

struct Upsert<'r, R>(&'r [R]);

impl<R: Added> QueryFragment<MultiBackend> for Upsert<'_, R> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql(R::INTO);
        for (at, row) in self.0.iter().enumerate() {
            out.push_sql(if at == 0 { " (" } else { ", (" });
            row.values(out.reborrow())?;
            out.push_sql(")");
        }
        out.push_sql(R::ADD);
        Ok(())
    }
}

/// The text depends on the number of rows, so it is the key under which a connection keeps the statement.
impl<R> QueryId for Upsert<'_, R> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<R> RunQueryDsl<Conn> for Upsert<'_, R> {}
