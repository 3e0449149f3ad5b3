//! Many rows in one statement that the connection keeps prepared: new ones, or numbers added to rows that may not be there yet
//! (`INSERT … ON CONFLICT … DO UPDATE`).
//!
//! diesel writes this for one row on SQLite, and prepares it anew each time on both databases, which costs several times
//! what carrying it out does.

use diesel::{
    PgConnection, RunQueryDsl, SqliteConnection,
    backend::Backend,
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    sqlite::Sqlite,
};

use super::{Conn, QueryResult};

/// One statement takes so many rows at most: each number of rows is a statement of its own that every connection keeps.
const ROWS_AT_ONCE: usize = 48;

/// A row that is put in place, or whose numbers are added to those of the row with the same key. See [`added!`].
pub(super) trait Added {
    /// From `INSERT INTO` to `VALUES`.
    const INTO: &'static str;
    /// From `ON CONFLICT` on; nothing for rows that cannot be there yet.
    const ADD: &'static str;
}

/// The values of a row as one of the databases takes them.
pub(super) trait Values<DB: Backend> {
    /// With commas between, in the order of the columns of [`Added::INTO`].
    fn values<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()>;
}

/// `table of Row { field: SqlType, … }` makes rows that [`add`] puts into a table whose columns are named as the fields are;
/// `… { key: SqlType, … } + { number: SqlType, … }` those whose numbers it adds to the row with the same key.
macro_rules! added {
    ($table:ident of $row:ty { $first:ident: $first_sql:ty $(, $column:ident: $sql:ty)* $(,)? }) => {
        $crate::db::upsert::added!(@row $table $row, "", $first: $first_sql $(, $column: $sql)*);
    };
    (
        $table:ident of $row:ty { $first:ident: $first_sql:ty $(, $column:ident: $sql:ty)* }
            + { $number:ident: $number_sql:ty $(, $more:ident: $more_sql:ty)* }
    ) => {
        $crate::db::upsert::added!(
            @row $table $row,
            concat!(
                " ON CONFLICT (", stringify!($first) $(, ", ", stringify!($column))*, ") DO UPDATE SET ",
                $crate::db::upsert::added!(@sum $table $number)
                $(, ", ", $crate::db::upsert::added!(@sum $table $more))*
            ),
            $first: $first_sql $(, $column: $sql)*, $number: $number_sql $(, $more: $more_sql)*
        );
    };
    (@sum $table:ident $number:ident) => {
        concat!(stringify!($number), " = ", stringify!($table), ".", stringify!($number), " + excluded.", stringify!($number))
    };
    (@row $table:ident $row:ty, $add:expr, $first:ident: $first_sql:ty $(, $column:ident: $sql:ty)*) => {
        impl $crate::db::upsert::Added for $row {
            const INTO: &'static str = concat!(
                "INSERT INTO ", stringify!($table), " (", stringify!($first) $(, ", ", stringify!($column))*, ") VALUES"
            );
            const ADD: &'static str = $add;
        }
        $crate::db::upsert::added!(@values diesel::pg::Pg, $row, $first: $first_sql $(, $column: $sql)*);
        $crate::db::upsert::added!(@values diesel::sqlite::Sqlite, $row, $first: $first_sql $(, $column: $sql)*);
    };
    (@values $database:ty, $row:ty, $first:ident: $first_sql:ty $(, $column:ident: $sql:ty)*) => {
        impl $crate::db::upsert::Values<$database> for $row {
            fn values<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, $database>,
            ) -> $crate::db::QueryResult<()> {
                out.push_bind_param::<$first_sql, _>(&self.$first)?;
                $(
                    out.push_sql(", ");
                    out.push_bind_param::<$sql, _>(&self.$column)?;
                )*
                Ok(())
            }
        }
    };
}
pub(super) use added;

/// Adds rows to those that there are. Every row of one call has another key. They are locked in their order.
///
/// # Errors
/// The database's own.
pub(super) fn add<R: Added + Values<Pg> + Values<Sqlite> + 'static>(conn: &mut Conn, rows: &[R]) -> QueryResult<()> {
    rows.chunks(ROWS_AT_ONCE).try_for_each(|rows| match rows {
        [row] => both!(conn, c => One(row).execute(c).map(drop)),
        rows => both!(conn, c => Many(rows).execute(c).map(drop)),
    })
}

/// One row: the text is always the same, so a connection finds the statement without it.
struct One<'r, R>(&'r R);

impl<R: 'static> QueryId for One<'_, R> {
    type QueryId = One<'static, R>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

/// The text depends on the number of rows, so it is the key under which a connection keeps the statement.
struct Many<'r, R>(&'r [R]);

impl<R> QueryId for Many<'_, R> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

fn write<'b, DB: Backend, R: Added + Values<DB>>(rows: &'b [R], mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
    out.push_sql(R::INTO);
    for (at, row) in rows.iter().enumerate() {
        out.push_sql(if at == 0 { " (" } else { ", (" });
        row.values(out.reborrow())?;
        out.push_sql(")");
    }
    out.push_sql(R::ADD);
    Ok(())
}

impl<DB: Backend, R: Added + Values<DB>> QueryFragment<DB> for One<'_, R> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        write(std::slice::from_ref(self.0), out)
    }
}

impl<DB: Backend, R: Added + Values<DB>> QueryFragment<DB> for Many<'_, R> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        write(self.0, out)
    }
}

impl<R> RunQueryDsl<PgConnection> for One<'_, R> {}
impl<R> RunQueryDsl<SqliteConnection> for One<'_, R> {}
impl<R> RunQueryDsl<PgConnection> for Many<'_, R> {}
impl<R> RunQueryDsl<SqliteConnection> for Many<'_, R> {}
