//! When the database refuses: locks held by others, a full disk, a commit that fails, transactions that collide.

use std::{sync::Barrier, time::Duration};

use actix_web::test::init_service;
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use serde_json::{Value, json};
use terrace::{
    auth::Rules,
    config::{Config, KeySource, LogFormat},
    server::{House, app as serve},
};

use super::*;
use crate::support::KEY;

/// Longer than any of these can take unless something hangs: locks are waited for five seconds at most.
const BOUND: Duration = Duration::from_secs(60);

/// The answer, or a failed test when there is none.
async fn bounded<T>(asked: impl Future<Output = T>) -> T {
    tokio::time::timeout(BOUND, asked).await.expect("it hangs")
}

/// Queues a job that spoils its group between two that are good, until all three were of one group. Checks each time
/// that every answer tells the truth, and that the writer goes on.
async fn spoil(app: &TestApp, db: &Db, spoiler: impl Fn(&mut Conn) -> Result<()> + Clone + Send + 'static) {
    let next = ids(&mut app.conn()).last().map_or(1, |last| last / 10 + 1);
    for round in next..next + 50 {
        let held = Held::with(db, |_| Ok(())).await;
        let before = queue(db, move |conn| Ok(insert(conn, 10 * round)?));
        let spoiling = queue(db, spoiler.clone());
        let behind = queue(db, move |conn| Ok(insert(conn, 10 * round + 1)?));
        let held = bounded(held.let_go()).await;
        assert!(matches!(held, Ok(()) | Err(Error::Busy(_))), "{held:?}");
        let [before, spoiling, behind] = [bounded(before).await, bounded(spoiling).await, bounded(behind).await];
        assert!(matches!(spoiling, Err(Error::Busy(_))), "{spoiling:?}");
        let there = ids(&mut app.conn());
        for (outcome, id) in [(&before, 10 * round), (&behind, 10 * round + 1)] {
            assert!(matches!(outcome, Ok(()) | Err(Error::Busy(_))), "{outcome:?}");
            assert_eq!(outcome.is_ok(), there.contains(&id), "{outcome:?} {there:?}");
        }
        assert!(there.iter().all(|id| id % 10 < 3), "something of the spoiler stayed: {there:?}");
        // Nobody has to ask twice once the trouble is over.
        bounded(db.write(move |conn| Ok(insert(conn, 10 * round + 2)?))).await.unwrap();
        if before.is_err() && behind.is_err() {
            return;
        }
    }
    panic!("in no round did the three jobs share a group");
}

/// When a statement makes SQLite roll the whole transaction back, nobody of the group is told that it was written.
#[actix_web::test]
async fn a_group_that_sqlite_rolled_back_is_answered_busy_and_the_next_is_written() {
    let app = TestApp::start(Backend::Sqlite).await.unwrap();
    let db = open(&app, Limits::default());
    app.conn()
        .batch_execute(
            "CREATE TRIGGER spoil BEFORE INSERT ON scratch WHEN NEW.id < 0 \
             BEGIN SELECT RAISE(ROLLBACK, 'everything is taken back'); END",
        )
        .unwrap();
    spoil(&app, &db, |conn| {
        insert(conn, 9)?;
        Ok(insert(conn, -1)?)
    })
    .await;
    // Not even when the job itself goes on as if nothing had happened.
    spoil(&app, &db, |conn| {
        insert(conn, 8)?;
        drop(insert(conn, -1));
        Ok(())
    })
    .await;
}

/// When the commit fails, nobody of the group is told that it was written.
#[actix_web::test]
async fn a_group_whose_commit_fails_is_answered_busy_and_the_next_is_written() {
    let app = TestApp::start(Backend::Sqlite).await.unwrap();
    let db = open(&app, Limits::default());
    app.conn().batch_execute(DEFERRED).unwrap();
    spoil(&app, &db, |conn| {
        insert(conn, 9)?;
        Ok(conn.batch_execute("INSERT INTO orphans VALUES (1, 777)")?)
    })
    .await;
}

/// A reference that is checked only when the transaction is committed.
const DEFERRED: &str = "CREATE TABLE orphans (id bigint PRIMARY KEY, \
    parent bigint NOT NULL REFERENCES scratch (id) DEFERRABLE INITIALLY DEFERRED)";

/// On PostgreSQL a commit that fails is the failure of its own job alone, and its connection is used again.
#[actix_web::test]
async fn a_commit_that_postgres_refuses_is_an_error_and_nothing_is_written() {
    let Some(app) = TestApp::start(Backend::Postgres).await else { return };
    let db = open(&app, Limits { writers: 1, ..Limits::default() });
    app.conn().batch_execute(DEFERRED).unwrap();
    for _ in 0..2 {
        let outcome = db.write(|conn| {
            insert(conn, 1)?;
            Ok(conn.batch_execute("INSERT INTO orphans VALUES (1, 777)")?)
        });
        let outcome = bounded(outcome).await;
        assert!(matches!(outcome, Err(Error::Internal(_) | Error::Unknown(_))), "{outcome:?}");
        assert!(ids(&mut app.conn()).is_empty());
    }
    bounded(db.write(|conn| Ok(insert(conn, 2)?))).await.unwrap();
    assert_eq!(ids(&mut app.conn()), [2]);
}

/// A job that finds the disk full is answered 503; whoever is told otherwise has been written; and with room again
/// the writer goes on. The disk is a limit on the file's pages, set on the writer's own connection.
#[actix_web::test]
async fn a_full_disk_is_busy_until_there_is_room() {
    let app = TestApp::start(Backend::Sqlite).await.unwrap();
    let db = open(&app, Limits::default());
    db.write(|conn| Ok(insert(conn, 1)?)).await.unwrap();
    // The limit is never below what the file holds.
    db.write(|conn| Ok(sql::<BigInt>("PRAGMA max_page_count = 1").get_result::<i64>(conn).map(drop)?)).await.unwrap();
    let held = Held::with(&db, |_| Ok(())).await;
    let small = queue(&db, |conn| Ok(insert(conn, 2)?));
    let large = queue(&db, |conn| {
        insert(conn, 3)?;
        Ok(conn.batch_execute("CREATE TABLE large AS SELECT zeroblob(1000000) AS content")?)
    });
    bounded(held.let_go()).await.unwrap();
    let (small, large) = (bounded(small).await, bounded(large).await);
    assert!(matches!(large, Err(Error::Busy(_))), "{large:?}");
    assert!(matches!(small, Ok(()) | Err(Error::Busy(_))), "{small:?}");
    assert_eq!(ids(&mut app.conn()), if small.is_ok() { vec![1, 2] } else { vec![1] });

    db.write(|conn| Ok(sql::<BigInt>("PRAGMA max_page_count = 1000000").get_result::<i64>(conn).map(drop)?))
        .await
        .unwrap();
    db.write(|conn| Ok(conn.batch_execute("CREATE TABLE large AS SELECT zeroblob(1000000) AS content")?))
        .await
        .unwrap();
}

/// Another process that holds SQLite's one lock is waited for five seconds and no longer; with the lock free the
/// writer goes on.
#[actix_web::test]
async fn a_lock_held_by_another_process_is_busy_and_no_hang() {
    let app = TestApp::start(Backend::Sqlite).await.unwrap();
    let db = open(&app, Limits::default());
    let mut other = app.conn();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let waiting = [1, 2, 3].map(|id| queue(&db, move |conn| Ok(insert(conn, id)?)));
    for outcome in bounded(join_all(waiting)).await {
        assert!(matches!(outcome, Err(Error::Busy(_))), "{outcome:?}");
    }
    // Who only reads is not held up.
    assert_eq!(bounded(db.read(Cost::Quick, |conn| Ok(ids(conn)))).await, Ok(vec![]));
    other.batch_execute("ROLLBACK").unwrap();
    bounded(db.write(|conn| Ok(insert(conn, 4)?))).await.unwrap();
    assert_eq!(ids(&mut app.conn()), [4]);
}

fn add_one(conn: &mut Conn, id: i64) -> QueryResult<()> {
    diesel::sql_query("UPDATE scratch SET n = n + 1 WHERE id = $1").bind::<BigInt, _>(id).execute(conn).map(drop)
}

/// Two jobs that lock two rows in opposite orders stand in each other's way; PostgreSQL ends one of them, it is begun
/// again, and both are written once.
#[actix_web::test]
async fn a_deadlock_is_tried_again_and_both_are_written() {
    let Some(app) = TestApp::start(Backend::Postgres).await else { return };
    let db = open(&app, Limits::default());
    app.conn().batch_execute("INSERT INTO scratch VALUES (1, 0), (2, 0)").unwrap();
    let (both_hold_one, begun) = (Arc::new(Barrier::new(2)), Arc::new(AtomicU32::new(0)));
    let crossing = |first: i64, second: i64| {
        let (both_hold_one, begun, own) = (Arc::clone(&both_hold_one), Arc::clone(&begun), AtomicU32::new(0));
        queue(&db, move |conn| {
            begun.fetch_add(1, SeqCst);
            add_one(conn, first)?;
            if own.fetch_add(1, SeqCst) == 0 {
                both_hold_one.wait();
            }
            Ok(add_one(conn, second)?)
        })
    };
    let outcomes = bounded(join_all([crossing(1, 2), crossing(2, 1)])).await;
    assert_eq!(outcomes, [Ok(()), Ok(())]);
    assert!(begun.load(SeqCst) >= 3, "there was no deadlock to try again after");
    let sums: Vec<i64> = scratch::table.select(scratch::n).order(scratch::id).load(&mut app.conn()).unwrap();
    assert_eq!(sums, [2, 2]);
}

/// A job that collides every time is begun five times, nothing of it stays, and its connection is used again.
#[actix_web::test]
async fn a_job_that_always_collides_is_given_up_after_five_attempts() {
    let Some(app) = TestApp::start(Backend::Postgres).await else { return };
    let db = open(&app, Limits { writers: 1, ..Limits::default() });
    let begun = Arc::new(AtomicU32::new(0));
    let outcome = {
        let begun = Arc::clone(&begun);
        db.write(move |conn| {
            begun.fetch_add(1, SeqCst);
            insert(conn, 1)?;
            Ok(conn.batch_execute("DO $$ BEGIN RAISE EXCEPTION 'collided' USING ERRCODE = '40001'; END $$")?)
        })
    };
    let outcome = bounded(outcome).await;
    assert!(matches!(outcome, Err(Error::Collision(_))), "{outcome:?}");
    assert_eq!(begun.load(SeqCst), 5);
    bounded(db.write(|conn| Ok(insert(conn, 2)?))).await.unwrap();
    assert_eq!(ids(&mut app.conn()), [2]);
}

/// A write that waits for another session's lock longer than it may is answered 503, not kept: longer than a statement
/// may take, or longer than anything waits for its turn.
#[actix_web::test]
async fn a_lock_held_on_postgres_is_busy_when_patience_ends() {
    let Some(app) = TestApp::start(Backend::Postgres).await else { return };
    drop(open(&app, Limits::default()));
    let mut other = app.conn();
    other.batch_execute("INSERT INTO scratch VALUES (1, 0)").unwrap();
    let one = Limits { writers: 1, ..Limits::default() };
    let impatient = Limits { patience: Duration::from_secs(2), ..one };
    for limits in [Limits { statement_timeout: Duration::from_millis(500), ..one }, impatient] {
        let db = Db::open(&url_of(&app), limits, Arc::clone(&app.edge)).unwrap();
        other.batch_execute("BEGIN; UPDATE scratch SET n = 1").unwrap();
        let outcome = bounded(db.write(|conn| Ok(add_one(conn, 1)?))).await;
        assert!(matches!(outcome, Err(Error::Busy(_))), "{outcome:?}");
        other.batch_execute("ROLLBACK").unwrap();
        bounded(db.write(|conn| Ok(add_one(conn, 1)?))).await.unwrap();
    }
}

/// A connection that the server ended costs the job on it and no other; the next one gets a new connection. Lost in the
/// middle of the job, it is certain that nothing was written; lost before the commit was answered, nobody knows, and
/// the answer says so.
#[actix_web::test]
async fn a_connection_that_postgres_ended_costs_one_job_and_is_replaced() {
    let Some(app) = TestApp::start(Backend::Postgres).await else { return };
    let db = open(&app, Limits { readers: 1, writers: 1, ..Limits::default() });
    let end_all = || {
        let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        app.conn().batch_execute(others).unwrap();
    };
    for id in [1, 2] {
        let held = Held::with(&db, move |conn| insert(conn, id)).await;
        end_all();
        let outcome = bounded(held.let_go()).await;
        assert!(matches!(outcome, Err(Error::Unknown(_))), "{outcome:?}");
    }
    assert_eq!(bounded(db.read(Cost::Quick, |conn| Ok(ids(conn)))).await, Ok(vec![]));
    end_all();
    bounded(db.write(|conn| Ok(insert(conn, 3)?))).await.unwrap();
    assert_eq!(bounded(db.read(Cost::Quick, |conn| Ok(ids(conn)))).await, Ok(vec![3]));
    let outcome: Result<()> = {
        let ended = db.write(|conn| {
            insert(conn, 4)?;
            Ok(conn.batch_execute("SELECT pg_terminate_backend(pg_backend_pid())")?)
        });
        bounded(ended).await
    };
    assert!(matches!(outcome, Err(Error::Busy(_))), "{outcome:?}");
    bounded(db.write(|conn| Ok(insert(conn, 5)?))).await.unwrap();
    assert_eq!(ids(&mut app.conn()), [3, 5]);
}

on_both! {
    /// Through HTTP a full queue is 503 with a time to come again, as a problem; whoever was let in is answered as
    /// soon as the database is free. Signing in is the change that needs nothing before it.
    async fn a_full_queue_is_told_with_a_time_to_come_again(app: TestApp) {
        let config = Config {
            database: url_of(&app),
            limits: Limits { readers: 2, writers: 2, waiting: 1, ..Limits::default() },
            listen: String::new(),
            key: KeySource::Given(KEY.to_owned()),
            workers: None,
            request_timeout: BOUND,
            rules: Rules { idle_seconds: 1800, session_seconds: 3600 },
            trusted_proxies: Vec::new(),
            behind_tls: false,
            log_format: LogFormat::Text,
        };
        let house = House::open(&config, Arc::clone(&app.edge)).unwrap();
        let service = init_service(serve(&house)).await;
        let mut other = app.conn();
        other.batch_execute(if is_sqlite(&app) { "BEGIN IMMEDIATE" } else { "BEGIN; LOCK TABLE throttles" }).unwrap();

        let sign_in = || {
            let body = json!({ "username": "nobody", "password": "none of this is right" });
            let request = actix_web::test::TestRequest::post().uri("/api/v1/auth/sign-in").set_json(body);
            actix_web::test::call_service(&service, request.to_request())
        };
        let mut answers: FuturesUnordered<_> = (0..4).map(|_| sign_in()).collect();
        let refused = bounded(answers.next()).await.unwrap();
        assert_eq!(refused.status().as_u16(), 503);
        let seconds: u32 = refused.headers().get("retry-after").unwrap().to_str().unwrap().parse().unwrap();
        assert!((1..=60).contains(&seconds));
        assert_eq!(refused.headers().get("content-type").unwrap(), "application/problem+json");
        let body: Value = actix_web::test::read_body_json(refused).await;
        assert_eq!(body["code"], "server.busy");

        other.batch_execute("ROLLBACK").unwrap();
        let mut statuses = Vec::new();
        while let Some(answer) = bounded(answers.next()).await {
            statuses.push(answer.status().as_u16());
        }
        assert!(statuses.contains(&401), "nobody was let in: {statuses:?}");
        assert!(statuses.iter().all(|status| [401, 503].contains(status)), "{statuses:?}");
        assert_eq!(bounded(sign_in()).await.status().as_u16(), 401);
    }
}
