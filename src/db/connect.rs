//! Where the database is, and how a connection to it is opened and looked after.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use diesel::{
    Connection as _, PgConnection, SqliteConnection,
    connection::{SimpleConnection as _, TransactionManager as _, TransactionManagerStatus},
    r2d2::{ManageConnection, R2D2Connection as _},
};

use super::Conn;
use crate::error::Error;

/// The database that the program works on.
///
/// `sqlite:FILE`, `sqlite://FILE` or a bare file name; `postgres://…` or `postgresql://…`. Any other scheme is
/// refused: falling through to SQLite would create an empty database under a mistyped name.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite(PathBuf),
    /// A libpq connection URI, which may hold a password.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (scheme, rest) = match text.split_once(':') {
            Some((scheme, rest))
                if scheme.len() > 1 && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+') =>
            {
                (scheme, rest)
            }
            _ => ("sqlite", text),
        };
        match scheme {
            "postgres" | "postgresql" => Ok(Self::Postgres(text.to_owned())),
            "sqlite" => match rest.strip_prefix("//").unwrap_or(rest) {
                "" => Err("the database URL names no file; write sqlite:FILE".to_owned()),
                ":memory:" => Err("an in-memory database would be lost; write sqlite:FILE".to_owned()),
                file => Ok(Self::Sqlite(file.into())),
            },
            other => Err(format!("unknown database scheme \"{other}\"; use sqlite:FILE or postgres://…")),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    /// Without the password, so that it may be logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => write!(f, "sqlite:{}", file.display()),
            Self::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
                let rest = rest.split('?').next().unwrap_or_default();
                write!(f, "{scheme}://{}", rest.rsplit_once('@').map_or(rest, |(_, host)| host))
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The log begins anew when it has so many pages of 4 KiB; see [`super::checkpointer`] for what is copied before.
const WAL_PAGES: u32 = 8 * 1024;
/// KiB of pages that a connection for reading keeps,
const READER_CACHE: u32 = 4 * 1024;
/// and the one for writing, which touches an index of everything with every record.
const WRITER_CACHE: u32 = 48 * 1024;
/// The same for filling a database: a commit's rows are spread over all of it.
const BULK_WAL_PAGES: u32 = 48 * 1024;
const BULK_WRITER_CACHE: u32 = 192 * 1024;

/// Whether a connection may change anything. The database itself refuses a write on a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Read,
    Write,
}

/// Opens connections for the pools and the writer.
#[derive(Clone, Debug)]
pub(super) struct Manager {
    pub url: DatabaseUrl,
    pub mode: Mode,
    /// Whether a database is filled that is of no use before it is whole.
    pub bulk: bool,
    pub statement_timeout: Duration,
    pub lock_timeout: Duration,
}

/// A connection could not be opened or has failed; the reason in words.
#[derive(Debug)]
pub(super) struct ConnectError(pub String);

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ConnectError {}

impl Manager {
    pub fn open(&self) -> Result<Conn, ConnectError> {
        let words = |error: &dyn fmt::Display| ConnectError(format!("cannot open {}: {error}", self.url));
        match &self.url {
            DatabaseUrl::Sqlite(file) => {
                let name = file.to_str().ok_or_else(|| words(&"the file name is not UTF-8"))?;
                if file.is_dir() {
                    return Err(words(&"it is a folder"));
                }
                make_private(file).map_err(|error| words(&error))?;
                let mut conn = SqliteConnection::establish(name).map_err(|error| words(&error))?;
                // FULL: an acknowledged write survives a loss of power. secure_delete: what was erased does not linger in
                // the file. temp_store: the journals of savepoints stay in memory. The negative cache size is in KiB.
                let (cache, wal_pages, synchronous) = match (self.mode, self.bulk) {
                    (Mode::Read, _) => (READER_CACHE, WAL_PAGES, "FULL"),
                    (Mode::Write, false) => (WRITER_CACHE, WAL_PAGES, "FULL"),
                    (Mode::Write, true) => (BULK_WRITER_CACHE, BULK_WAL_PAGES, "OFF"),
                };
                conn.batch_execute(&format!(
                    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; \
                     PRAGMA secure_delete = FAST; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; \
                     PRAGMA cache_size = -{cache}; PRAGMA wal_autocheckpoint = {wal_pages}; \
                     PRAGMA trusted_schema = OFF;",
                ))
                .map_err(|error| words(&error))?;
                if self.mode == Mode::Read {
                    conn.batch_execute("PRAGMA query_only = ON").map_err(|error| words(&error))?;
                }
                Ok(Conn::Sqlite(conn))
            }
            DatabaseUrl::Postgres(url) => {
                let mut conn = PgConnection::establish(url)
                    .map_err(|error| words(&error.to_string().lines().next().unwrap_or_default()))?;
                // Some faults are told apart by their words (see `From` in this module's parent). Only a superuser may
                // ask for English ones; elsewhere the words are the server's own.
                drop(conn.batch_execute("SET lc_messages = 'C'"));
                let read_only = self.mode == Mode::Read;
                let waits = if self.bulk { "off" } else { "on" };
                conn.batch_execute(&format!(
                    "SET TIME ZONE 'UTC'; SET statement_timeout = {}; SET lock_timeout = {}; \
                     SET idle_in_transaction_session_timeout = {}; SET default_transaction_read_only = {read_only}; \
                     SET synchronous_commit = {waits};",
                    self.statement_timeout.as_millis(),
                    self.lock_timeout.as_millis(),
                    2 * self.statement_timeout.as_millis(),
                ))
                .map_err(|error| words(&error))?;
                Ok(Conn::Pg(conn))
            }
        }
    }
}

impl Manager {
    /// The connection that a thread holds for itself; a new one if it holds none.
    pub fn held<'c>(&self, held: &'c mut Option<Conn>) -> Result<&'c mut Conn, Error> {
        match held {
            Some(conn) => Ok(conn),
            none => Ok(none.insert(self.open().map_err(Error::internal)?)),
        }
    }

    /// Brings to the disk what was committed without waiting for it.
    pub fn flush(&self) -> Result<(), ConnectError> {
        let flush = match self.url {
            DatabaseUrl::Sqlite(_) => "PRAGMA wal_checkpoint(TRUNCATE)",
            // Whatever was committed before a commit that waits is on the disk with it.
            DatabaseUrl::Postgres(_) => "UPDATE installation SET value = value",
        };
        self.open()?.batch_execute(flush).map_err(|error| ConnectError(error.to_string()))
    }
}

/// Makes a database file that only its owner may read, if there is none; SQLite gives its companions the same mode.
fn make_private(file: &Path) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = ConnectError;

    fn connect(&self) -> Result<Conn, ConnectError> {
        self.open()
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), ConnectError> {
        conn.ping().map_err(|error| ConnectError(error.to_string()))
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        // A connection that comes back in a transaction was dropped in the middle of one.
        let idle = matches!(
            Conn::transaction_manager_status_mut(conn),
            TransactionManagerStatus::Valid(status) if status.transaction_depth().is_none()
        );
        !idle || conn.is_broken()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_decides_and_an_unknown_one_is_refused() {
        assert_eq!("terrace.db".parse(), Ok(DatabaseUrl::Sqlite("terrace.db".into())));
        assert_eq!("sqlite:///tmp/t.db".parse(), Ok(DatabaseUrl::Sqlite("/tmp/t.db".into())));
        assert_eq!("sqlite:t.db".parse(), Ok(DatabaseUrl::Sqlite("t.db".into())));
        assert!(matches!("postgresql://h/d".parse(), Ok(DatabaseUrl::Postgres(_))));
        for url in ["mysql://h/d", "http://h", "sqlite:", "sqlite::memory:", "postgre://h/d"] {
            assert!(url.parse::<DatabaseUrl>().is_err(), "{url}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        let url: DatabaseUrl = "postgres://user:secret@db.example/terrace?password=secret".parse().unwrap();
        assert_eq!(format!("{url} {url:?}"), "postgres://db.example/terrace postgres://db.example/terrace");
    }
}
