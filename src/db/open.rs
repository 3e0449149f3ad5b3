//! [`Db`]: an open database, and where a job runs on it.

use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use diesel::{
    connection::{AnsiTransactionManager, TransactionManager as _},
    r2d2::Pool,
};
use tokio::sync::Semaphore;

use super::{
    Conn, DatabaseUrl,
    behind::Behind,
    connect::{Manager, Mode},
    group_writer::{COMMITS, GroupWriter, JOBS, begin_write, guarded},
    migrate,
    sealer::{self, Sealing},
};
use crate::{
    edge::Edge,
    error::{Conflict, Error, Result},
};

/// A write on PostgreSQL that met another transaction is begun again so often.
const ATTEMPTS: u32 = 5;

/// How much the program asks of the database at once.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections for reading.
    pub readers: u32,
    /// Connections for writing; SQLite always has one.
    pub writers: u32,
    /// Jobs that may wait; one more is answered 503.
    pub waiting: usize,
    /// How long a job waits for a connection before it is answered 503.
    pub patience: Duration,
    /// How long PostgreSQL may work on one statement.
    pub statement_timeout: Duration,
    /// For filling a database that is of no use before it is whole: a commit does not wait for the disk, and more memory is
    /// taken. See [`Db::make_durable`].
    pub bulk: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            readers: 8,
            writers: 16,
            waiting: 1024,
            patience: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
            bulk: false,
        }
    }
}

/// What a read will cost, which decides where it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// A few look-ups in an index: well under a millisecond on SQLite, where it runs on the calling worker.
    Quick,
    /// Anything else: runs aside.
    Slow,
}

/// An open database. Clones share it; the last one to go lets the writer finish.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    url: DatabaseUrl,
    patient: Manager,
    readers: Pool<Manager>,
    writer: Writer,
    slots: Arc<Semaphore>,
    edge: Arc<Edge>,
}

enum Writer {
    Grouped(GroupWriter),
    Pooled(Pool<Manager>, OnceLock<Behind>),
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Db").field(&self.0.url).finish()
    }
}

impl Db {
    /// Opens the database, creating a SQLite file that does not exist, and brings its tables up to date.
    ///
    /// # Errors
    /// When it cannot be reached, is no database, or was migrated by a newer program.
    pub fn open(url: &DatabaseUrl, limits: Limits, edge: Arc<Edge>) -> Result<Self> {
        let manager = |mode| Manager {
            url: url.clone(),
            mode,
            bulk: limits.bulk,
            statement_timeout: limits.statement_timeout,
            lock_timeout: limits.patience,
        };
        // A migration takes as long as it takes.
        let patient =
            Manager { statement_timeout: Duration::ZERO, lock_timeout: Duration::ZERO, ..manager(Mode::Write) };
        migrate::up(&mut patient.open().map_err(Error::internal)?)?;
        let pool = |mode, size| {
            Pool::builder()
                .max_size(size)
                .min_idle(Some(0))
                .connection_timeout(limits.patience)
                .test_on_check_out(matches!(url, DatabaseUrl::Postgres(_)))
                .build(manager(mode))
                .map_err(Error::internal)
        };
        let writer = match url {
            DatabaseUrl::Sqlite(_) => Writer::Grouped(GroupWriter::start(manager(Mode::Write), limits.waiting)?),
            DatabaseUrl::Postgres(_) => Writer::Pooled(pool(Mode::Write, limits.writers)?, OnceLock::new()),
        };
        Ok(Self(Arc::new(Inner {
            url: url.clone(),
            patient,
            readers: pool(Mode::Read, limits.readers)?,
            writer,
            slots: Arc::new(Semaphore::new(limits.waiting)),
            edge,
        })))
    }

    /// Does something in one transaction, on this thread, before requests come.
    ///
    /// # Errors
    /// The job's own.
    pub fn at_start<T>(&self, job: impl Fn(&mut Conn) -> Result<T>) -> Result<T> {
        transaction(&mut self.0.patient.open().map_err(Error::internal)?, &job)
    }

    /// Returns when everything that was committed is on the disk.
    ///
    /// # Errors
    /// The database's own.
    pub fn make_durable(&self) -> Result<()> {
        Manager { bulk: false, ..self.0.patient.clone() }.flush().map_err(Error::internal)
    }

    /// Seals the audit events that wait from now on, and those that an earlier program left, where they are not sealed as they
    /// are written.
    ///
    /// # Errors
    /// No thread can be had.
    pub fn begin_sealing(&self, sealing: Sealing) -> Result<()> {
        if let Writer::Pooled(_, sealer) = &self.0.writer {
            // What an earlier program left is sealed before anybody looks.
            self.at_start(|conn| Ok(sealing(conn)?))?;
            drop(sealer.set(sealer::start(self.0.patient.clone(), sealing)?));
        }
        Ok(())
    }

    /// Runs a read in one snapshot.
    ///
    /// # Errors
    /// The job's own; [`Error::Busy`] when no connection came free in time.
    pub async fn read<T, F>(&self, cost: Cost, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        // On the worker only when a connection is free at once: waiting for one would stop every other request.
        if cost == Cost::Quick
            && matches!(self.0.url, DatabaseUrl::Sqlite(_))
            && let Some(mut conn) = self.0.readers.try_get()
        {
            return snapshot(&mut conn, job);
        }
        let inner = Arc::clone(&self.0);
        self.aside(move || snapshot(&mut *take(&inner.readers)?, job)).await
    }

    /// Runs a write in one transaction and returns when it is durable. The job may run more than once, so it
    /// must have no effect but through the connection.
    ///
    /// # Errors
    /// The job's own, after everything it did was taken back; [`Error::Busy`] when the database has no room.
    pub async fn write<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T> + Send + 'static,
    {
        if let Writer::Grouped(writer) = &self.0.writer {
            return writer.write(job).await;
        }
        let inner = Arc::clone(&self.0);
        self.aside(move || {
            let Writer::Pooled(pool, sealer) = &inner.writer else { return Err(Error::internal("no pool of writers")) };
            let mut conn = take(pool)?;
            let mut attempt = 1;
            loop {
                match transaction(&mut conn, &job) {
                    Err(Error::Collision(_) | Error::Conflict(Conflict::Simultaneous)) if attempt < ATTEMPTS => {
                        // Two that collided would collide again if they waited equally long.
                        let [jitter] = inner.edge.random::<1>();
                        std::thread::sleep(Duration::from_micros(u64::from(attempt) * u64::from(jitter) * 40));
                        attempt += 1;
                    }
                    outcome => {
                        if outcome.is_ok()
                            && let Some(sealer) = sealer.get()
                        {
                            sealer.wake();
                        }
                        return outcome;
                    }
                }
            }
        })
        .await
    }

    /// Whether the database answers and its tables are up to date.
    ///
    /// # Errors
    /// Why not.
    pub async fn ready(&self) -> Result<()> {
        let inner = Arc::clone(&self.0);
        self.aside(move || match migrate::is_current(&mut *take(&inner.readers)?)? {
            true => Ok(()),
            false => Err(Error::Busy("migrations are pending".into())),
        })
        .await
    }

    /// Jobs done and commits made by the grouped writer of this process.
    pub fn writer_counts() -> (u64, u64) {
        use std::sync::atomic::Ordering::Relaxed;
        (JOBS.load(Relaxed), COMMITS.load(Relaxed))
    }

    /// Runs a blocking job on a thread for such, if there is room to wait for one.
    async fn aside<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T> + Send + 'static,
    {
        let slot = Arc::clone(&self.0.slots)
            .try_acquire_owned()
            .map_err(|_| Error::Busy("too many requests wait for the database".into()))?;
        let run = move || {
            let outcome = job();
            drop(slot);
            outcome
        };
        tokio::task::spawn_blocking(run).await.unwrap_or_else(|error| Err(Error::internal(error)))
    }
}

fn take(pool: &Pool<Manager>) -> Result<diesel::r2d2::PooledConnection<Manager>> {
    pool.get().map_err(|error| Error::Busy(error.to_string()))
}

fn snapshot<T>(conn: &mut Conn, job: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    match &mut *conn {
        Conn::Pg(pg) => {
            AnsiTransactionManager::begin_transaction_sql(pg, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        }
        sqlite @ Conn::Sqlite(_) => Conn::begin_transaction(sqlite)?,
    }
    let outcome = guarded(conn, job);
    Conn::rollback_transaction(conn)?;
    outcome
}

fn transaction<T>(conn: &mut Conn, job: &impl Fn(&mut Conn) -> Result<T>) -> Result<T> {
    begin_write(conn)?;
    match guarded(conn, job) {
        Ok(value) => {
            Conn::commit_transaction(conn).map_err(|error| match Error::from(error) {
                refused @ (Error::Collision(_) | Error::Conflict(_)) => refused,
                lost => Error::Unknown(lost.to_string()),
            })?;
            Ok(value)
        }
        Err(error) => {
            Conn::rollback_transaction(conn)?;
            Err(error)
        }
    }
}
