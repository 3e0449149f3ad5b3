//! What is true of the whole installation, by name.

use diesel::{ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _};

use super::{Conn, QueryResult, schema::installation};

/// The fingerprint of the key that personal fields are sealed with and events are sealed by.
pub const KEY_FINGERPRINT: &str = "key_fingerprint";
/// The seed of the simulated data that a demo put here; real data has none.
pub const SIMULATED: &str = "simulated";
/// How to sign in to the simulated data, as JSON; real data has none.
pub const SIGN_INS: &str = "sign_ins";

/// What is kept under a name.
///
/// # Errors
/// The database's own.
pub fn get(conn: &mut Conn, name: &str) -> QueryResult<Option<String>> {
    installation::table.find(name).select(installation::value).first(conn).optional()
}

/// Keeps a value under a name that has none yet, and tells what is kept then.
///
/// # Errors
/// The database's own.
pub fn claim(conn: &mut Conn, name: &str, value: &str) -> QueryResult<String> {
    let row = (installation::name.eq(name), installation::value.eq(value));
    both!(&mut *conn, c => diesel::insert_into(installation::table).values(row).on_conflict_do_nothing().execute(c))?;
    installation::table.find(name).select(installation::value).first(conn)
}
