//! The way every change takes: one writer that groups commits on SQLite, a transaction each on PostgreSQL. What the
//! two promise alike is tested on both; `trouble` is what happens when the database itself refuses.

mod trouble;

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
        mpsc,
    },
};

use diesel::{
    Connection as _, QueryDsl as _, QueryResult, RunQueryDsl as _,
    connection::SimpleConnection as _,
    dsl::sql,
    sql_types::{BigInt, Text},
};
use futures_util::{FutureExt as _, future::join_all};
use terrace::{
    db::{Conn, Cost, DatabaseUrl, Db, Limits},
    error::{Conflict, Error, Result},
};

use crate::{
    on_both,
    support::{Backend, TestApp},
};

diesel::table! {
    scratch (id) {
        id -> BigInt,
        n -> BigInt,
    }
}

/// A write that was asked for.
type Asked<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

/// The database of an app opened once more, with limits of the test's own, and a table to write to.
fn open(app: &TestApp, limits: Limits) -> Db {
    app.conn().batch_execute("CREATE TABLE scratch (id bigint PRIMARY KEY, n bigint NOT NULL)").unwrap();
    Db::open(&url_of(app), limits, Arc::clone(&app.edge)).unwrap()
}

fn url_of(app: &TestApp) -> DatabaseUrl {
    let mut conn = app.conn();
    let ask = |conn: &mut Conn, query: &str| sql::<Text>(query).get_result::<String>(conn).unwrap();
    if is_sqlite(app) {
        DatabaseUrl::Sqlite(ask(&mut conn, "SELECT file FROM pragma_database_list WHERE name = 'main'").into())
    } else {
        let name = ask(&mut conn, "SELECT current_database()::text");
        let admin = std::env::var("TERRACE_TEST_POSTGRES_URL").unwrap();
        let (base, query) = admin.split_once('?').unwrap_or((&admin, ""));
        let (server, _) = base.rsplit_once('/').unwrap();
        DatabaseUrl::Postgres(format!("{server}/{name}?{query}"))
    }
}

fn is_sqlite(app: &TestApp) -> bool {
    matches!(app.conn(), Conn::Sqlite(_))
}

fn insert(conn: &mut Conn, id: i64) -> QueryResult<()> {
    diesel::sql_query("INSERT INTO scratch VALUES ($1, 0)").bind::<BigInt, _>(id).execute(conn).map(drop)
}

fn ids(conn: &mut Conn) -> Vec<i64> {
    scratch::table.select(scratch::id).order(scratch::id).load(conn).unwrap()
}

/// Asks for a write and lets it get as far as it can without waiting: into the queue, or to its answer.
fn ask<T: Send + 'static>(
    db: &Db,
    job: impl Fn(&mut Conn) -> Result<T> + Send + 'static,
) -> (Asked<T>, Option<Result<T>>) {
    let db = db.clone();
    let mut asked: Asked<T> = Box::pin(async move { db.write(job).await });
    let answer = asked.as_mut().now_or_never();
    (asked, answer)
}

/// The same for a write that is expected to wait.
fn queue<T: Send + 'static>(db: &Db, job: impl Fn(&mut Conn) -> Result<T> + Send + 'static) -> Asked<T> {
    let (asked, answer) = ask(db, job);
    assert!(answer.is_none(), "it was answered before it could be queued");
    asked
}

/// A job that has begun and does not end before it is let go: on SQLite, everything behind it waits.
struct Held {
    let_go: mpsc::Sender<()>,
    done: Asked<()>,
}

impl Held {
    async fn with(db: &Db, work: impl Fn(&mut Conn) -> QueryResult<()> + Send + 'static) -> Self {
        let (let_go, wait) = mpsc::channel::<()>();
        let (begun, mut has_begun) = tokio::sync::mpsc::unbounded_channel();
        let done = queue(db, move |conn| {
            work(conn)?;
            begun.send(()).unwrap();
            // Goes on when the sender is dropped.
            assert!(wait.recv().is_err());
            Ok(())
        });
        has_begun.recv().await.unwrap();
        Self { let_go, done }
    }

    async fn let_go(self) -> Result<()> {
        drop(self.let_go);
        self.done.await
    }
}

on_both! {
    /// One job is refused, one panics, one breaks a rule of the database: what they wrote is gone, what the jobs
    /// before, between and behind them wrote is there. On SQLite all of them are seen to share one commit: the last
    /// job does not yet see from outside what the first wrote.
    async fn a_failed_job_takes_back_what_it_did_and_nothing_else(app: TestApp) {
        let db = open(&app, Limits::default());
        let mut expected = Vec::new();
        let mut shared_a_commit = false;
        // The writer begins no further job when a group is some milliseconds old; a busy machine may need a few tries.
        for round in 1..=50 {
            let id = move |n: i64| round * 10 + n;
            let held = Held::with(&db, |_| Ok(())).await;
            let outside = std::sync::Mutex::new(app.conn());
            let jobs = vec![
                queue(&db, move |conn| Ok(insert(conn, id(1)).map(|()| true)?)),
                queue(&db, move |conn| {
                    insert(conn, id(2))?;
                    Err(Error::NotFound)
                }),
                queue(&db, move |conn| Ok(insert(conn, id(3)).map(|()| true)?)),
                queue(&db, move |conn| {
                    insert(conn, id(4))?;
                    panic!("on purpose");
                }),
                queue(&db, move |conn| {
                    insert(conn, id(5))?;
                    insert(conn, id(5))?;
                    Ok(true)
                }),
                queue(&db, move |conn| {
                    insert(conn, id(6))?;
                    Ok(!ids(&mut outside.lock().unwrap()).contains(&id(1)))
                }),
            ];
            held.let_go().await.unwrap();
            let outcomes = join_all(jobs).await;
            let unseen = outcomes[5].clone().unwrap();
            assert_eq!(outcomes[..5], [
                Ok(true),
                Err(Error::NotFound),
                Ok(true),
                Err(Error::Internal("a job panicked: on purpose".to_owned())),
                Err(Error::Conflict(Conflict::Simultaneous)),
            ]);
            expected.extend([id(1), id(3), id(6)]);
            assert_eq!(ids(&mut app.conn()), expected);
            if !is_sqlite(&app) {
                return;
            }
            shared_a_commit |= unseen;
            if shared_a_commit {
                break;
            }
        }
        assert!(shared_a_commit, "in no round did the jobs share a commit");
    }

    /// With one connection to write with, a job that panics again and again leaves it to the next one as it was.
    async fn a_panic_leaves_the_connection_usable(app: TestApp) {
        let db = open(&app, Limits { readers: 1, writers: 1, ..Limits::default() });
        for id in 1..=3 {
            let outcome: Result<()> = db.write(move |conn| { insert(conn, id)?; panic!("on purpose"); }).await;
            assert_eq!(outcome, Err(Error::Internal("a job panicked: on purpose".to_owned())));
            for cost in [Cost::Quick, Cost::Slow] {
                let outcome: Result<()> = db.read(cost, |_| panic!("on purpose")).await;
                assert_eq!(outcome, Err(Error::Internal("a job panicked: on purpose".to_owned())));
            }
        }
        db.write(|conn| Ok(insert(conn, 4)?)).await.unwrap();
        for cost in [Cost::Quick, Cost::Slow] {
            assert_eq!(db.read(cost, |conn| Ok(ids(conn))).await, Ok(vec![4]));
        }
    }

    /// A job that has begun when its caller leaves is finished: half of it would be worse than all of it.
    async fn a_job_that_has_begun_is_finished_although_its_caller_left(app: TestApp) {
        let db = open(&app, Limits { writers: 1, ..Limits::default() });
        let Held { let_go, done } = Held::with(&db, |conn| insert(conn, 1)).await;
        drop(done);
        drop(let_go);
        // There is one writer, so this one comes after it.
        db.write(|conn| Ok(insert(conn, 2)?)).await.unwrap();
        assert_eq!(ids(&mut app.conn()), [1, 2]);
    }

    /// When as many jobs wait as may, one more is refused in the same breath; those that were let in are done.
    async fn a_write_too_many_is_refused_at_once(app: TestApp) {
        const WAITING: usize = 3;
        let db = open(&app, Limits { writers: 1, waiting: WAITING, ..Limits::default() });
        let held = Held::with(&db, |_| Ok(())).await;
        let (mut let_in, mut refused) = (Vec::new(), None);
        while refused.is_none() && let_in.len() <= WAITING {
            let id = i64::try_from(let_in.len()).unwrap();
            let (asked, answer) = ask(&db, move |conn| Ok(insert(conn, id)?));
            match answer {
                None => let_in.push(asked),
                Some(answer) => refused = Some(answer),
            }
        }
        assert!(matches!(refused, Some(Err(Error::Busy(_)))), "{refused:?}");
        // The job that is running counts as waiting on PostgreSQL.
        assert_eq!(let_in.len(), if is_sqlite(&app) { WAITING } else { WAITING - 1 });
        held.let_go().await.unwrap();
        let expected: Vec<i64> = (0..).take(let_in.len()).collect();
        assert!(join_all(let_in).await.iter().all(Result::is_ok));
        assert_eq!(ids(&mut app.conn()), expected);
        db.write(|conn| Ok(insert(conn, 100)?)).await.unwrap();
    }

    /// What a job has written is seen by nobody else before it is answered, and by everybody after.
    async fn a_read_does_not_see_what_is_not_committed(app: TestApp) {
        let db = open(&app, Limits::default());
        let held = Held::with(&db, |conn| insert(conn, 1)).await;
        for cost in [Cost::Quick, Cost::Slow] {
            assert_eq!(db.read(cost, |conn| Ok(ids(conn))).await, Ok(vec![]));
        }
        held.let_go().await.unwrap();
        for cost in [Cost::Quick, Cost::Slow] {
            assert_eq!(db.read(cost, |conn| Ok(ids(conn))).await, Ok(vec![1]));
        }
    }

    /// All questions of one read are answered from one snapshot, whatever is committed between them.
    async fn a_read_sees_one_moment(app: TestApp) {
        let db = open(&app, Limits::default());
        let (go_on, wait) = mpsc::channel::<()>();
        let (begun, mut has_begun) = tokio::sync::mpsc::unbounded_channel();
        let reading = actix_web::rt::spawn({
            let db = db.clone();
            async move {
                db.read(Cost::Slow, move |conn| {
                    let before = ids(conn);
                    begun.send(()).unwrap();
                    assert!(wait.recv().is_err());
                    Ok((before, ids(conn)))
                }).await
            }
        });
        has_begun.recv().await.unwrap();
        db.write(|conn| Ok(insert(conn, 1)?)).await.unwrap();
        drop(go_on);
        assert_eq!(reading.await.unwrap(), Ok((vec![], vec![])));
        assert_eq!(db.read(Cost::Slow, |conn| Ok(ids(conn))).await, Ok(vec![1]));
    }

    /// A read that writes is refused by the database itself, and the connection is a reader's still.
    async fn a_reader_cannot_write(app: TestApp) {
        let db = open(&app, Limits { readers: 1, ..Limits::default() });
        for cost in [Cost::Quick, Cost::Slow] {
            for statement in ["INSERT INTO scratch VALUES (1, 0)", "DELETE FROM cells", "CREATE TABLE other (id bigint)"] {
                let outcome = db.read(cost, move |conn| Ok(conn.batch_execute(statement)?)).await;
                let refusal = outcome.expect_err(statement).to_string();
                assert!(refusal.contains("readonly") || refusal.contains("read-only"), "{refusal}");
            }
            assert_eq!(db.read(cost, |conn| Ok(ids(conn))).await, Ok(vec![]));
        }
    }
}

/// A job that waits in SQLite's queue when its caller leaves is not run: nobody would learn what it did. The jobs
/// before and behind it are.
#[actix_web::test]
async fn a_job_whose_caller_left_before_it_began_is_skipped() {
    let app = TestApp::start(Backend::Sqlite).await.unwrap();
    let db = open(&app, Limits::default());
    let held = Held::with(&db, |_| Ok(())).await;
    let runs = Arc::new(AtomicU32::new(0));
    let counted = |id: i64| {
        let runs = Arc::clone(&runs);
        queue(&db, move |conn| {
            runs.fetch_add(1, SeqCst);
            Ok(insert(conn, id)?)
        })
    };
    let [first, left, last] = [1, 2, 3].map(counted);
    drop(left);
    held.let_go().await.unwrap();
    first.await.unwrap();
    last.await.unwrap();
    assert_eq!(ids(&mut app.conn()), [1, 3]);
    assert_eq!(runs.load(SeqCst), 2);
}

/// A group is committed whole: while a later job of it runs, an earlier one is neither answered nor seen.
#[actix_web::test]
async fn nothing_of_a_group_is_seen_before_all_of_it_is_committed() {
    let app = TestApp::start(Backend::Sqlite).await.unwrap();
    let db = open(&app, Limits::default());
    // The two are of one group unless the machine stood still between them.
    for round in 0..50 {
        let before = ids(&mut app.conn());
        let Held { let_go: let_first_go, done: first } = Held::with(&db, |_| Ok(())).await;
        let mut early = queue(&db, move |conn| Ok(insert(conn, 2 * round)?));
        let (let_go, wait) = mpsc::channel::<()>();
        let (begun, mut has_begun) = tokio::sync::mpsc::unbounded_channel();
        let late = queue(&db, move |conn| {
            begun.send(()).unwrap();
            assert!(wait.recv().is_err());
            Ok(insert(conn, 2 * round + 1)?)
        });
        drop(let_first_go);
        has_begun.recv().await.unwrap();
        if early.as_mut().now_or_never().is_some() {
            drop(let_go);
            first.await.unwrap();
            late.await.unwrap();
            continue;
        }
        assert_eq!(db.read(Cost::Quick, |conn| Ok(ids(conn))).await.unwrap(), before);
        assert_eq!(ids(&mut app.conn()), before);
        drop(let_go);
        first.await.unwrap();
        early.await.unwrap();
        late.await.unwrap();
        assert_eq!(ids(&mut app.conn()).len(), before.len() + 2);
        return;
    }
    panic!("in no round did the two jobs share a group");
}

/// Whether a row is in the file itself, without the log that lies beside it.
fn is_in_the_file(app: &TestApp, id: i64) -> bool {
    let DatabaseUrl::Sqlite(file) = url_of(app) else { panic!("only SQLite has a file") };
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    std::fs::copy(file, &copy).unwrap();
    let mut alone = diesel::SqliteConnection::establish(copy.to_str().unwrap()).unwrap();
    // What is copied while pages are written is no database, and is looked at again.
    let found = scratch::table.find(id).count().get_result::<i64>(&mut alone);
    matches!(found, Ok(1))
}

/// What is committed finds its way from SQLite's log into the file although the log is short and everybody stays connected.
#[actix_web::test]
async fn the_log_is_copied_into_the_file_beside_the_writer() {
    let app = TestApp::start(Backend::Sqlite).await.unwrap();
    let db = open(&app, Limits::default());
    for id in 0..3 {
        db.write(move |conn| Ok(insert(conn, id)?)).await.unwrap();
        let mut looks = 0;
        while !is_in_the_file(&app, id) {
            looks += 1;
            assert!(looks < 1_000, "row {id} stays in the log");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
}
