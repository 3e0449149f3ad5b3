//! The columns of sealed values, for whoever seals them anew.

use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _};

use super::{Conn, MultiBackend, QueryResult, schema};
use crate::domain::Id;

/// The values of the rows after an id in the order of their ids, at most so many.
pub type Batch = fn(&mut Conn, Option<Id>, i64) -> QueryResult<Vec<(Id, Option<Vec<u8>>)>>;

/// A column of sealed values.
pub struct SealedColumn {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// Its values.
    pub batch: Batch,
    /// Puts a value in the place of another, if that is still there; tells how often that was.
    pub replace: fn(&mut Conn, Id, &[u8], &[u8]) -> QueryResult<usize>,
}

macro_rules! column {
    ($table:ident, $column:ident) => {
        SealedColumn {
            table: stringify!($table),
            column: stringify!($column),
            batch: |conn, after, limit| {
                use schema::$table::dsl;
                let mut query = dsl::$table
                    .filter(dsl::$column.is_not_null())
                    .select((dsl::id, dsl::$column))
                    .order(dsl::id)
                    .limit(limit)
                    .into_boxed::<MultiBackend>();
                if let Some(after) = after {
                    query = query.filter(dsl::id.gt(after));
                }
                query.load(conn)
            },
            replace: |conn, id, old, new| {
                use schema::$table::dsl;
                diesel::update(dsl::$table.filter(dsl::id.eq(id)).filter(dsl::$column.eq(old)))
                    .set(dsl::$column.eq(new))
                    .execute(conn)
            },
        }
    };
}

/// Every one of them.
pub const SEALED_COLUMNS: [SealedColumn; 6] = [
    column!(service_points, contact_phone),
    column!(accounts, phone),
    column!(households, phone),
    column!(household_members, identity_number),
    column!(household_members, disability_certificate),
    column!(household_members, phone),
];
