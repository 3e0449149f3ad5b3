//! Receipts: what was received of the queues that devices keep.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};

use super::{Conn, QueryResult, schema::receipts};
use crate::domain::{Id, Instant};

/// That an item of an account's queue was received.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = receipts)]
pub struct Receipt {
    /// Whose queue.
    pub account_id: Id,
    /// The item.
    pub id: Id,
    /// The digest of what it said.
    pub request_digest: Vec<u8>,
    /// What it made or changed.
    pub object_id: Id,
    /// The version that it made.
    pub object_version: i64,
    /// When.
    pub received_at: Instant,
}

/// The receipt of an item.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, account_id: Id, id: Id) -> QueryResult<Option<Receipt>> {
    receipts::table.find((account_id, id)).first(conn).optional()
}

/// Those of some items of an account that were received.
///
/// # Errors
/// The database's own.
pub fn received(conn: &mut Conn, account_id: Id, ids: &[Id]) -> QueryResult<Vec<Id>> {
    receipts::table
        .filter(receipts::account_id.eq(account_id))
        .filter(receipts::id.eq_any(ids.to_vec()))
        .select(receipts::id)
        .load(conn)
}

/// Keeps a receipt.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, receipt: &Receipt) -> QueryResult<()> {
    diesel::insert_into(receipts::table).values(receipt).execute(conn)?;
    Ok(())
}

/// Takes a receipt back that was written in this transaction.
///
/// # Errors
/// The database's own.
pub fn take_back(conn: &mut Conn, account_id: Id, id: Id) -> QueryResult<()> {
    let own = receipts::table.find((account_id, id));
    both!(conn, c => diesel::delete(own).execute(c).map(drop))
}
