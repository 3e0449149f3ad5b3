//! PostgreSQL's sealer: a thread that gives audit events their places in the chain soon after they are committed.
//!
//! Many writers commit at once there, and a place for each in its own transaction would make them wait for each other. SQLite's
//! writer gives them their places as it writes them.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use super::{
    Conn, QueryResult,
    connect::Manager,
    group_writer::{begin_write, guarded},
};
use crate::error::{Error, Result};

/// Seals what waits, in the transaction that is open, and tells how many events that were.
pub type Sealing = Arc<dyn Fn(&mut Conn) -> QueryResult<usize> + Send + Sync>;

/// Events that are committed within so long are sealed together.
const GATHER: Duration = Duration::from_millis(50);
/// After trouble, and for what another program that ended left behind.
const LATER: Duration = Duration::from_secs(2);

/// The way to the thread. Dropping it seals what is left and waits for that.
pub(super) struct Sealer {
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sealer {
    /// Starts the thread.
    pub fn start(manager: Manager, sealing: Sealing) -> Result<Self> {
        let (wake, woken) = sync_channel(1);
        let run = move || seal_for_ever(&manager, &sealing, &woken);
        let thread = std::thread::Builder::new().name("sealer".into()).spawn(run).map_err(Error::internal)?;
        Ok(Self { wake: Some(wake), thread: Some(thread) })
    }

    /// Says that there is something to seal.
    pub fn wake(&self) {
        // A full channel wakes it just as well.
        if let Some(wake) = &self.wake {
            let _ = wake.try_send(());
        }
    }
}

impl Drop for Sealer {
    fn drop(&mut self) {
        self.wake = None;
        let own = std::thread::current().id();
        if let Some(thread) = self.thread.take().filter(|thread| thread.thread().id() != own)
            && thread.join().is_err()
        {
            log::error!("the sealer thread panicked");
        }
    }
}

fn seal_for_ever(manager: &Manager, sealing: &Sealing, woken: &Receiver<()>) {
    let mut conn = None;
    loop {
        let outcome = seal_all(&mut conn, manager, sealing);
        if let Err(error) = &outcome {
            log::error!("audit events could not be sealed, and wait: {error}");
            conn = None;
        }
        match woken.recv_timeout(LATER) {
            Ok(()) => std::thread::sleep(GATHER),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    if let Err(error) = seal_all(&mut conn, manager, sealing) {
        log::error!("audit events are left to be sealed at the next start: {error}");
    }
}

fn seal_all(held: &mut Option<Conn>, manager: &Manager, sealing: &Sealing) -> Result<()> {
    if held.is_none() {
        *held = Some(manager.open().map_err(Error::internal)?);
    }
    let Some(conn) = held else { return Ok(()) };
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
