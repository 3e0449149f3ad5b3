//! The databases: the only place that knows diesel.
//!
//! One connection type stands for SQLite and PostgreSQL, and nearly every query is written once for both. What
//! the two do not share goes through `both!`. There is one file of plain query functions per group of tables;
//! they return rows and leave every decision to the use cases above.
//!
//! A row that is found by its key is taken with `get_result`, not `first`: SQLite prepares a statement anew whenever a value is
//! bound to its LIMIT, and that takes several times as long as the look-up.
//!
//! [`Db`] is the way in: [`Db::read`] and [`Db::write`] take a job and run it where it does least harm.

/// Writes a statement once for both databases where the common connection type cannot: row locks, batch inserts. The
/// expression is compiled for each.
///
/// What is asked on the way of every record goes through it too: the common connection type writes the text of a statement
/// twice each time, though it is prepared, and that takes longer than a look-up.
macro_rules! both {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::db::Conn::Pg($c) => $body,
            $crate::db::Conn::Sqlite($c) => $body,
        }
    };
}

/// Locks a row of a table against changes until the transaction ends, on PostgreSQL; SQLite has one writer and needs
/// no lock. A row that is read after its lock is what it will be when the transaction commits.
macro_rules! lock_row {
    ($table:ident, $conn:expr, $id:expr) => {
        match $conn {
            $crate::db::Conn::Pg(pg) => {
                let row = $table::table.find($id).select($table::id).for_no_key_update();
                row.get_result::<$crate::domain::Id>(pg).optional().map(drop)
            }
            $crate::db::Conn::Sqlite(_) => Ok(()),
        }
    };
}

/// Shares a row by its id until the transaction ends, on PostgreSQL: who changes it meanwhile waits. SQLite has one writer.
macro_rules! share_row {
    ($table:ident, $conn:expr, $id:expr) => {
        match $conn {
            $crate::db::Conn::Pg(pg) => {
                let row = $table::table.find($id).select($table::id).for_share();
                row.get_result::<$crate::domain::Id>(pg).optional().map(drop)
            }
            $crate::db::Conn::Sqlite(_) => Ok(()),
        }
    };
}

pub mod accounts;
pub mod assistance_records;
pub mod audit_events;
pub mod audit_seals;
pub mod backup;
mod behind;
pub mod catalogue_items;
pub mod cells;
pub mod changes;
mod checkpointer;
mod connect;
mod connection;
pub mod contents;
pub mod doubtful_items;
pub mod figure_rows;
pub mod files;
pub mod grants;
mod group_writer;
pub mod household_members;
pub mod households;
pub mod inspection_findings;
pub mod inspection_frames;
pub mod inspection_items;
pub mod inspections;
pub mod installation;
pub mod ledger_entries;
pub mod migrate;
pub mod notices;
mod open;
pub mod organisations;
pub mod period_exceptions;
pub mod presence;
pub mod receipts;
pub mod record_versions;
pub mod register_items;
pub mod reporting_rules;
pub mod reports;
mod schema;
pub mod scope;
pub mod sealed;
mod sealer;
pub mod service_points;
pub mod sessions;
pub mod stores;
pub mod throttles;
pub mod trainees;
pub mod transfer_requests;
pub mod types;
mod upsert;
pub mod workers;

pub use connect::DatabaseUrl;
pub use connection::{Conn, MultiBackend};
pub use open::{Cost, Db, Limits};
pub use sealer::Sealing;

/// The result of a query.
pub type QueryResult<T> = Result<T, diesel::result::Error>;

impl From<diesel::result::Error> for crate::error::Error {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind as Kind, Error as Diesel};

        use crate::error::Conflict;
        let cause = error.to_string();
        match error {
            Diesel::NotFound => Self::NotFound,
            Diesel::DatabaseError(Kind::UniqueViolation, _) => Self::Conflict(Conflict::Simultaneous),
            Diesel::DatabaseError(Kind::SerializationFailure, _) => Self::Collision(cause),
            Diesel::DatabaseError(Kind::ClosedConnection, _) | Diesel::BrokenTransactionManager => Self::Busy(cause),
            Diesel::DatabaseError(Kind::ReadOnlyTransaction | Kind::UnableToSendCommand, _) => Self::Busy(cause),
            // diesel hands over the server's words but not its code: PostgreSQL's 40P01, 55P03 and 57014, SQLite's
            // SQLITE_BUSY and SQLITE_FULL.
            Diesel::DatabaseError(Kind::Unknown, _) if has_any(&cause, &["deadlock", "死锁"]) => {
                Self::Collision(cause)
            }
            Diesel::DatabaseError(Kind::Unknown, _) if has_any(&cause, NO_ROOM) => Self::Busy(cause),
            Diesel::DatabaseError(_, _) if has_any(&cause, TOO_LARGE) => Self::Conflict(Conflict::SumTooLarge),
            _ => Self::Internal(cause),
        }
    }
}

/// Words of a database that has no room or no time for a request now.
const NO_ROOM: &[&str] = &[
    "locked",
    "disk is full",
    "No space left on device",
    "disk I/O error",
    "statement timeout",
    "lock timeout",
    "terminating connection",
    "语句执行超时",
    "锁超时",
];

/// Words of a database whose sum has passed i64: PostgreSQL's 22003, and SQLite's, which falls back to a fraction that a
/// strict table refuses.
const TOO_LARGE: &[&str] = &["bigint out of range", "bigint 超出范围", "cannot store REAL value in INTEGER column"];

fn has_any(cause: &str, words: &[&str]) -> bool {
    words.iter().any(|word| cause.contains(word))
}
