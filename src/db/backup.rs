//! Copies of a SQLite database as a whole.

use std::{path::Path, time::Duration};

use diesel::{RunQueryDsl as _, SqliteConnection, connection::Connection as _, sql_types::Text};

use super::{
    Conn, DatabaseUrl,
    connect::{Manager, Mode},
};
use crate::error::{Error, Result};

#[derive(diesel::QueryableByName)]
struct Verdict {
    #[diesel(sql_type = Text)]
    verdict: String,
}

/// Writes everything that is committed into a new file, in one snapshot, while others go on reading and writing.
///
/// # Errors
/// The database is PostgreSQL's, which has tools of its own; or the file cannot be written.
pub fn copy_into(url: &DatabaseUrl, target: &Path) -> Result<()> {
    let DatabaseUrl::Sqlite(file) = url else {
        return Err(Error::internal(
            "PostgreSQL is backed up by its own tools: pg_dump --format=custom --file FILE DATABASE (see docs/operations.md)",
        ));
    };
    if !file.exists() {
        return Err(Error::internal(format!("there is no database {}", file.display())));
    }
    let name = target.to_str().ok_or_else(|| Error::internal("the file name is not UTF-8"))?;
    let manager = Manager {
        url: url.clone(),
        mode: Mode::Write,
        bulk: false,
        statement_timeout: Duration::ZERO,
        lock_timeout: Duration::ZERO,
    };
    let mut conn = manager.open().map_err(Error::internal)?;
    if let Conn::Sqlite(sqlite) = &mut conn {
        diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(name).execute(sqlite)?;
    }
    Ok(())
}

/// Whether a file is a SQLite database whose pages hang together.
///
/// # Errors
/// What is wrong with it.
pub fn check(file: &Path) -> Result<()> {
    let damaged = |words: &dyn std::fmt::Display| Error::internal(format!("the database is damaged: {words}"));
    let name = file.to_str().ok_or_else(|| Error::internal("the file name is not UTF-8"))?;
    let mut conn = SqliteConnection::establish(name).map_err(|error| damaged(&error))?;
    let query = "SELECT quick_check AS verdict FROM pragma_quick_check";
    let verdicts: Vec<Verdict> = diesel::sql_query(query).load(&mut conn).map_err(|error| damaged(&error))?;
    match verdicts.first() {
        Some(first) if first.verdict != "ok" => Err(damaged(&first.verdict)),
        _ => Ok(()),
    }
}

/// Brings what SQLite has laid beside a database that nobody has open into the file itself, so that it can be renamed.
///
/// # Errors
/// The database's own.
pub fn fold_log(file: &Path) -> Result<()> {
    use diesel::connection::SimpleConnection as _;
    let name = file.to_str().ok_or_else(|| Error::internal("the file name is not UTF-8"))?;
    let mut conn = SqliteConnection::establish(name).map_err(Error::internal)?;
    // A connection that is just being closed is waited for.
    Ok(conn.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA wal_checkpoint(TRUNCATE)")?)
}
