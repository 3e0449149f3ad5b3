//! SQLite's one writer: a thread that lets requests which wait together share one durable commit.
//!
//! Each job but the first runs in a savepoint of its own, so one that fails or panics takes back only what it did itself, and
//! each is answered only after the commit. With 32 callers that is more than twice the rate of a connection
//! each, and nobody starves (see docs/architecture.md).

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use diesel::connection::{AnsiTransactionManager, TransactionManager as _};
use tokio::sync::oneshot;

use super::{Conn, QueryResult, behind::Behind, checkpointer, connect::Manager};
use crate::error::{Error, Result};

/// At most so many jobs share a commit,
const GROUP_JOBS: usize = 64;
/// and none is begun when the group is older than this.
const GROUP_AGE: Duration = Duration::from_millis(20);

/// The way to the writer thread. Dropping it lets the thread finish what is queued and waits for that.
pub(super) struct GroupWriter {
    queue: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

/// How many jobs and commits there have been in this process.
pub(super) static JOBS: AtomicU64 = AtomicU64::new(0);
pub(super) static COMMITS: AtomicU64 = AtomicU64::new(0);

impl GroupWriter {
    /// Starts the thread on a connection of its own.
    pub fn start(manager: Manager, queue_length: usize) -> Result<Self> {
        let mut conn = manager.open().map_err(Error::internal)?;
        let (queue, jobs) = sync_channel(queue_length);
        // Whoever fills a database that is of no use before it is whole copies less when the log is long.
        let checkpointer = if manager.bulk { None } else { Some(checkpointer::start(manager.clone())?) };
        let run = move || {
            // Requests would wait for ever on a server without its writer; a supervisor can restart one that ended.
            if catch_unwind(AssertUnwindSafe(|| write_groups((&mut conn, &manager), &jobs, checkpointer.as_ref())))
                .is_err()
            {
                log::error!("the writer thread panicked outside a job; the server ends");
                std::process::exit(70);
            }
        };
        let thread = std::thread::Builder::new().name("writer".into()).spawn(run).map_err(Error::internal)?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Queues a job and waits until it is committed or taken back.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Conn) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Work { work, reply: Some(reply), outcome: None });
        match self.queue.as_ref().map(|queue| queue.try_send(job)) {
            Some(Ok(())) => answer.await.unwrap_or_else(|_| Err(Error::Busy("the writer ended".into()))),
            Some(Err(TrySendError::Full(_))) => Err(Error::Busy("the queue of writes is full".into())),
            Some(Err(TrySendError::Disconnected(_))) | None => Err(Error::Busy("the writer ended".into())),
        }
    }
}

impl Drop for GroupWriter {
    fn drop(&mut self) {
        self.queue = None;
        // The last holder may be a job that the thread itself has just answered; it then ends by itself.
        let own = std::thread::current().id();
        if let Some(thread) = self.thread.take().filter(|thread| thread.thread().id() != own)
            && thread.join().is_err()
        {
            log::error!("the writer thread panicked");
        }
    }
}

/// A job whose result type is hidden from the thread.
trait Job: Send {
    /// Whether nobody waits for the answer any more.
    fn abandoned(&self) -> bool;
    /// Runs the job and keeps its outcome; in a savepoint, unless it is the first thing in its transaction. Whether it did
    /// anything.
    ///
    /// # Errors
    /// When the savepoint itself failed, so that the whole group is lost.
    fn run(&mut self, conn: &mut Conn, first: bool) -> QueryResult<bool>;
    /// Answers: with the kept outcome, or with the group's failure.
    fn answer(&mut self, group_failure: Option<&Error>);
}

struct Work<T, F> {
    work: F,
    reply: Option<oneshot::Sender<Result<T>>>,
    outcome: Option<Result<T>>,
}

impl<T, F> Job for Work<T, F>
where
    T: Send,
    F: Fn(&mut Conn) -> Result<T> + Send,
{
    fn abandoned(&self) -> bool {
        self.reply.as_ref().is_none_or(oneshot::Sender::is_closed)
    }

    fn run(&mut self, conn: &mut Conn, first: bool) -> QueryResult<bool> {
        // A savepoint copies every page that changes within it, and each further statement pays for how long that copy is.
        if !first {
            Conn::begin_transaction(conn)?;
        }
        let outcome = guarded(conn, &self.work);
        let done = outcome.is_ok();
        self.outcome = Some(outcome);
        match (first, done) {
            (true, true) => {}
            (true, false) => {
                Conn::rollback_transaction(conn)?;
                begin_write(conn)?;
            }
            (false, true) => Conn::commit_transaction(conn)?,
            (false, false) => Conn::rollback_transaction(conn)?,
        }
        Ok(done)
    }

    fn answer(&mut self, group_failure: Option<&Error>) {
        let outcome = match (group_failure, self.outcome.take()) {
            (Some(failure), _) => Err(failure.clone()),
            (None, Some(outcome)) => outcome,
            (None, None) => Err(Error::Busy("the job was not run".into())),
        };
        if let Some(reply) = self.reply.take() {
            // Whoever asked may have left; the commit stands all the same.
            drop(reply.send(outcome));
        }
    }
}

/// Runs a job, turning a panic into an error so that it harms nobody else.
pub(super) fn guarded<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(|| work(conn))).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<&str>().map(ToString::to_string).or_else(|| panic.downcast_ref().cloned());
        Err(Error::Internal(format!("a job panicked: {}", words.unwrap_or_default())))
    })
}

/// Begins a transaction that may write. A deferred one would fail at its first write when another process has
/// written since.
pub(super) fn begin_write(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE"),
        pg @ Conn::Pg(_) => Conn::begin_transaction(pg),
    }
}

fn write_groups((conn, manager): (&mut Conn, &Manager), queue: &Receiver<Box<dyn Job>>, checkpointer: Option<&Behind>) {
    while let Ok(first) = queue.recv() {
        let mut group = Vec::new();
        let failure = write_group(conn, first, queue, &mut group).err().map(|error| Error::Busy(error.to_string()));
        if let Some(failure) = &failure {
            log::error!("a group of {} writes was taken back: {failure}", group.len());
            // Those who wait behind would meet the same trouble one after the other.
            group.extend(queue.try_iter());
        }
        group.iter_mut().for_each(|job| job.answer(failure.as_ref()));
        if let Some(checkpointer) = checkpointer {
            checkpointer.wake();
        }
        if failure.is_some() {
            match manager.open() {
                Ok(fresh) => *conn = fresh,
                Err(error) => log::error!("{error}"),
            }
        }
    }
}

fn write_group(
    conn: &mut Conn,
    first: Box<dyn Job>,
    queue: &Receiver<Box<dyn Job>>,
    group: &mut Vec<Box<dyn Job>>,
) -> QueryResult<()> {
    group.push(first);
    begin_write(conn)?;
    let begun = Instant::now();
    let (mut at, mut first) = (0, true);
    loop {
        if !group[at].abandoned() {
            first &= !group[at].run(conn, first)?;
        }
        at += 1;
        if at == GROUP_JOBS || begun.elapsed() >= GROUP_AGE {
            break;
        }
        match queue.try_recv() {
            Ok(next) => group.push(next),
            Err(_) => break,
        }
    }
    Conn::commit_transaction(conn)?;
    JOBS.fetch_add(at as u64, Ordering::Relaxed);
    COMMITS.fetch_add(1, Ordering::Relaxed);
    Ok(())
}
