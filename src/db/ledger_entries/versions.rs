//! What entries were before they were corrected or voided: inserted with the change, never changed.

use diesel::{
    ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};

use crate::{
    db::{Conn, QueryResult, schema::ledger_entry_versions},
    domain::{Id, Instant},
};

/// A version of an entry that has been replaced.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable)]
#[diesel(table_name = ledger_entry_versions)]
pub struct EntryVersion {
    /// Of which entry.
    pub entry_id: Id,
    /// Which version.
    pub version: i64,
    /// The entry as it was, as JSON.
    pub content: String,
    /// Why it was replaced.
    pub replaced_reason: String,
    /// By which account.
    pub replaced_by: Id,
    /// When.
    pub replaced_at: Instant,
}

/// The replaced versions of an entry, the first one first.
///
/// # Errors
/// The database's own.
pub fn versions(conn: &mut Conn, entry_id: Id) -> QueryResult<Vec<EntryVersion>> {
    ledger_entry_versions::table
        .filter(ledger_entry_versions::entry_id.eq(entry_id))
        .order(ledger_entry_versions::version)
        .load(conn)
}

/// Keeps a version.
///
/// # Errors
/// The database's own.
pub fn keep(conn: &mut Conn, version: &EntryVersion) -> QueryResult<()> {
    diesel::insert_into(ledger_entry_versions::table).values(version).execute(conn)?;
    Ok(())
}

/// Writes what is kept of a version: without the words about a person whose identity is erased.
///
/// # Errors
/// The database's own.
pub fn rewrite(conn: &mut Conn, version: &EntryVersion) -> QueryResult<()> {
    use ledger_entry_versions::dsl;
    diesel::update(dsl::ledger_entry_versions.find((version.entry_id, version.version)))
        .set((dsl::content.eq(&version.content), dsl::replaced_reason.eq(&version.replaced_reason)))
        .execute(conn)?;
    Ok(())
}
