//! PostgreSQL's sealer: a thread that gives audit events their places in the chain soon after they are committed.
//!
//! Many writers commit at once there, and a place for each in its own transaction would make them wait for each other. SQLite's
//! writer gives them their places as it writes them.

use std::{sync::Arc, time::Duration};

use super::{
    Conn, QueryResult,
    behind::Behind,
    connect::Manager,
    group_writer::{begin_write, guarded},
};
use crate::error::Result;

/// Seals what waits, in the transaction that is open, and tells how many events that were.
pub type Sealing = Arc<dyn Fn(&mut Conn) -> QueryResult<usize> + Send + Sync>;

/// After trouble, and for what another program that ended left behind.
const LATER: Duration = Duration::from_secs(2);

/// Starts the thread.
pub(super) fn start(manager: Manager, sealing: Sealing) -> Result<Behind> {
    let mut conn = None;
    Behind::start("sealer", Some(LATER), move || {
        if let Err(error) = seal_all(&mut conn, &manager, &sealing) {
            log::error!("audit events could not be sealed, and wait: {error}");
            conn = None;
        }
    })
}

fn seal_all(held: &mut Option<Conn>, manager: &Manager, sealing: &Sealing) -> Result<()> {
    let conn = manager.held(held)?;
    loop {
        use diesel::connection::TransactionManager as _;
        begin_write(conn)?;
        let sealed = guarded(conn, |conn| Ok(sealing(conn)?));
        match sealed {
            Ok(sealed) => {
                Conn::commit_transaction(conn)?;
                if sealed == 0 {
                    return Ok(());
                }
            }
            Err(error) => {
                Conn::rollback_transaction(conn)?;
                return Err(error);
            }
        }
    }
}
