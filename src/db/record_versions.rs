//! What assistance records were before they were corrected or voided: inserted with the change, never changed.

use diesel::{
    ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};

use super::{
    Conn, QueryResult,
    assistance_records::AssistanceRecord,
    schema::{assistance_record_versions, assistance_records},
};
use crate::domain::{Day, Id, Instant, codes::RecordState};

/// A version of a record that has been replaced.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable)]
#[diesel(table_name = assistance_record_versions, treat_none_as_default_value = false)]
pub struct RecordVersion {
    /// Of which record.
    pub record_id: Id,
    /// Which version.
    pub version: i64,
    /// See [`AssistanceRecord`].
    pub member_id: Option<Id>,
    /// See [`AssistanceRecord`].
    pub kind: String,
    /// See [`AssistanceRecord`].
    pub subkind: Option<String>,
    /// See [`AssistanceRecord`].
    pub given_on: Day,
    /// See [`AssistanceRecord`].
    pub quantity: i64,
    /// See [`AssistanceRecord`].
    pub unit: Option<String>,
    /// See [`AssistanceRecord`].
    pub amount_fen: Option<i64>,
    /// See [`AssistanceRecord`].
    pub note: Option<String>,
    /// See [`AssistanceRecord`].
    pub state: RecordState,
    /// Why it was replaced.
    pub replaced_reason: String,
    /// By which account.
    pub replaced_by: Id,
    /// When.
    pub replaced_at: Instant,
}

impl RecordVersion {
    /// The version that a record is at, about to be replaced.
    pub fn of(record: &AssistanceRecord, reason: &str, by: Id, at: Instant) -> Self {
        Self {
            record_id: record.id,
            version: record.version,
            member_id: record.member_id,
            kind: record.kind.clone(),
            subkind: record.subkind.clone(),
            given_on: record.given_on,
            quantity: record.quantity,
            unit: record.unit.clone(),
            amount_fen: record.amount_fen,
            note: record.note.clone(),
            state: record.state,
            replaced_reason: reason.to_owned(),
            replaced_by: by,
            replaced_at: at,
        }
    }
}

/// The replaced versions of a record, the first one first.
///
/// # Errors
/// The database's own.
pub fn of_record(conn: &mut Conn, record_id: Id) -> QueryResult<Vec<RecordVersion>> {
    assistance_record_versions::table
        .filter(assistance_record_versions::record_id.eq(record_id))
        .order(assistance_record_versions::version)
        .load(conn)
}

/// The replaced versions of all records of a household.
///
/// # Errors
/// The database's own.
pub fn of_household(conn: &mut Conn, household_id: Id) -> QueryResult<Vec<RecordVersion>> {
    let records = assistance_records::table
        .filter(assistance_records::household_id.eq(household_id))
        .select(assistance_records::id);
    assistance_record_versions::table
        .filter(assistance_record_versions::record_id.eq_any(records))
        .order((assistance_record_versions::record_id, assistance_record_versions::version))
        .load(conn)
}

/// Keeps a version.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, version: &RecordVersion) -> QueryResult<()> {
    diesel::insert_into(assistance_record_versions::table).values(version).execute(conn)?;
    Ok(())
}

/// Takes the notes out of the replaced versions of a household's records, when its identities are erased.
///
/// # Errors
/// The database's own.
pub fn erase_notes(conn: &mut Conn, household_id: Id) -> QueryResult<()> {
    let records = assistance_records::table
        .filter(assistance_records::household_id.eq(household_id))
        .select(assistance_records::id);
    diesel::update(assistance_record_versions::table.filter(assistance_record_versions::record_id.eq_any(records)))
        .set((assistance_record_versions::note.eq(None::<String>), assistance_record_versions::replaced_reason.eq("")))
        .execute(conn)?;
    Ok(())
}
