//! Files, each once, by the digest of its content.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};

use super::{Conn, QueryResult, schema::files};
use crate::domain::Instant;

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = files)]
pub struct File {
    /// The SHA-256 of the content, in hexadecimal.
    pub digest: String,
    /// Its media type, as its content shows.
    pub media_type: String,
    /// The content.
    pub content: Vec<u8>,
    /// When it was first brought.
    pub created_at: Instant,
}

/// The file with this digest.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, digest: &str) -> QueryResult<Option<File>> {
    files::table.find(digest).get_result(conn).optional()
}

/// The media type of the file with this digest.
///
/// # Errors
/// The database's own.
pub fn media_type(conn: &mut Conn, digest: &str) -> QueryResult<Option<String>> {
    files::table.find(digest).select(files::media_type).get_result(conn).optional()
}

/// The digests of all files, in their order.
///
/// # Errors
/// The database's own.
pub fn digests(conn: &mut Conn) -> QueryResult<Vec<String>> {
    files::table.order(files::digest.asc()).select(files::digest).load(conn)
}

/// Puts a file in place, if it is not there yet.
///
/// # Errors
/// The database's own.
pub fn keep(conn: &mut Conn, file: &File) -> QueryResult<()> {
    both!(conn, c => diesel::insert_into(files::table).values(file).on_conflict_do_nothing().execute(c))?;
    Ok(())
}
