//! SQLite's checkpointer: a thread that copies the log of what was committed into the database file beside the writer.
//!
//! SQLite would have the writer do it, in a commit that then takes tens of milliseconds, while everybody waits. Of the log
//! that is full the writer still copies the rest, which is little by then, so that it can begin it anew.

use diesel::connection::SimpleConnection as _;

use super::{Conn, behind::Behind, connect::Manager};
use crate::error::Result;

/// Starts the thread.
pub(super) fn start(manager: Manager) -> Result<Behind> {
    let mut conn = None;
    Behind::start("checkpointer", None, move || {
        if let Err(error) = copy(&mut conn, &manager) {
            log::error!("the log of the database could not be copied into its file, and grows: {error}");
            conn = None;
        }
    })
}

/// Copies what no reader still needs as it was. Neither writers nor readers wait for it, nor it for them.
fn copy(held: &mut Option<Conn>, manager: &Manager) -> Result<()> {
    Ok(manager.held(held)?.batch_execute("PRAGMA wal_checkpoint(PASSIVE)")?)
}
