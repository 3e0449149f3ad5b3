//! The tables: the same in both databases and in `src/db/schema.rs`, the same after every way of migrating, and shut
//! where nothing may be changed.
//!
//! Diesel trusts `src/db/schema.rs` blindly, and two trees of migrations drift apart silently, so both are read back
//! from databases that the migrations made.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use diesel::{
    Connection as _, PgConnection, RunQueryDsl as _, SqliteConnection, connection::SimpleConnection as _,
    sql_types::Text,
};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use terrace::db::{Conn, migrate};

/// A database of one test.
struct Fresh {
    conn: Option<Conn>,
    keeper: Keeper,
}

enum Keeper {
    Folder(#[expect(dead_code, reason = "kept until the test is over")] tempfile::TempDir),
    Server { admin_url: String, name: String },
}

impl Fresh {
    /// An empty SQLite file.
    fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("terrace.db");
        let conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
        Self { conn: Some(Conn::Sqlite(conn)), keeper: Keeper::Folder(folder) }
    }

    /// An empty PostgreSQL database; none, and a word about it, when there is no server to test on.
    fn postgres(test: &str) -> Option<Self> {
        let Ok(admin_url) = std::env::var("TERRACE_TEST_POSTGRES_URL") else {
            let required = std::env::var("TERRACE_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
            assert!(!required, "TERRACE_REQUIRE_POSTGRES=1, but TERRACE_TEST_POSTGRES_URL is not set");
            eprintln!("skipped: set TERRACE_TEST_POSTGRES_URL to run it on PostgreSQL");
            return None;
        };
        let name = format!("terrace_schema_{}_{test}", std::process::id());
        let mut admin = PgConnection::establish(&admin_url).unwrap();
        // A run that was killed may have left one under the same number.
        admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).unwrap();
        admin.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        let (base, query) = admin_url.split_once('?').map_or((&*admin_url, ""), |(base, query)| (base, query));
        let server = base.rsplit_once('/').expect("the URL names a database").0;
        let conn = PgConnection::establish(&format!("{server}/{name}?{query}")).unwrap();
        Some(Self { conn: Some(Conn::Pg(conn)), keeper: Keeper::Server { admin_url, name } })
    }

    fn conn(&mut self) -> &mut Conn {
        self.conn.as_mut().expect("open until the test is over")
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        self.conn = None;
        if let Keeper::Server { admin_url, name } = &self.keeper
            && let Ok(mut admin) = PgConnection::establish(admin_url)
        {
            drop(admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        }
    }
}

/// Writes a test for both databases.
macro_rules! on_both {
    ($($(#[$meta:meta])* fn $name:ident($conn:ident: &mut Conn) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            fn run($conn: &mut Conn) $body

            #[test]
            fn sqlite() {
                run(Fresh::sqlite().conn());
            }

            #[test]
            fn postgres() {
                if let Some(mut fresh) = Fresh::postgres(stringify!($name)) {
                    run(fresh.conn());
                }
            }
        }
    )+};
}

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Every line that a query finds; the query's one column is named `line`.
fn lines(conn: &mut Conn, query: &str) -> Vec<String> {
    let rows: Vec<Line> = match conn {
        Conn::Sqlite(sqlite) => diesel::sql_query(query).load(sqlite).unwrap(),
        Conn::Pg(pg) => diesel::sql_query(query).load(pg).unwrap(),
    };
    rows.into_iter().map(|row| row.line).collect()
}

fn execute(conn: &mut Conn, statement: &str) -> Result<(), String> {
    match conn {
        Conn::Sqlite(sqlite) => sqlite.batch_execute(statement),
        Conn::Pg(pg) => pg.batch_execute(statement),
    }
    .map_err(|error| error.to_string())
}

/// Everything that migrations make, a line for each thing, but not the list of migrations itself.
fn dump(conn: &mut Conn) -> Vec<String> {
    const SQLITE: &[&str] =
        &["SELECT type || ' ' || name || ' on ' || tbl_name || ': ' || coalesce(sql, '') AS line FROM sqlite_master \
         WHERE tbl_name <> '__diesel_schema_migrations' ORDER BY type, name"];
    const POSTGRES: &[&str] = &[
        // A column that was dropped leaves a gap in the numbers of those after it.
        "SELECT format('column %s.%s %s %s %s default %s collation %s', table_name, \
         row_number() OVER (PARTITION BY table_name ORDER BY ordinal_position), column_name, data_type, is_nullable, \
         column_default, collation_name) AS line FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations' ORDER BY table_name, ordinal_position",
        "SELECT format('index %s', indexdef) AS line FROM pg_indexes \
         WHERE schemaname = 'public' AND tablename <> '__diesel_schema_migrations' ORDER BY indexname",
        "SELECT format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid)) AS line \
         FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
         AND conrelid <> to_regclass('__diesel_schema_migrations') ORDER BY conrelid::regclass::text, conname",
        "SELECT format('trigger %s', pg_get_triggerdef(oid)) AS line FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
        "SELECT format('function %s', pg_get_functiondef(oid)) AS line FROM pg_proc \
         WHERE pronamespace = 'public'::regnamespace ORDER BY proname",
        "SELECT format('relation %s %s', relkind, relname) AS line FROM pg_class WHERE relnamespace = 'public'::regnamespace \
         AND relname NOT LIKE '\\_\\_diesel%' ORDER BY relname",
        "SELECT format('type %s', typname) AS line FROM pg_type WHERE typnamespace = 'public'::regnamespace \
         AND typname NOT LIKE '%diesel\\_schema\\_migrations' ORDER BY typname",
    ];
    let queries = if matches!(conn, Conn::Sqlite(_)) { SQLITE } else { POSTGRES };
    queries.iter().flat_map(|query| lines(conn, query)).collect()
}

/// What one dump has and the other has not; a whole dump would hide the one line that differs.
fn difference(before: &[String], after: &[String]) -> String {
    let (before, after): (BTreeSet<_>, BTreeSet<_>) = (before.iter().collect(), after.iter().collect());
    let mut text = String::new();
    before.difference(&after).for_each(|line| writeln!(text, "- {line}").unwrap());
    after.difference(&before).for_each(|line| writeln!(text, "+ {line}").unwrap());
    text
}

#[track_caller]
fn same(before: &[String], after: &[String], when: &str) {
    assert!(
        before == after,
        "{when} the schema is another one; mend down.sql or up.sql:\n{}",
        difference(before, after)
    );
}

on_both! {
    /// A migration that cannot be taken back, or leaves something behind, is found when it is written.
    fn migrations_go_up_down_and_up_to_the_same_schema(conn: &mut Conn) {
        migrate::up(conn).unwrap();
        let first = dump(conn);
        assert!(first.iter().any(|line| line.contains("service_points_one_root")), "the dump sees nothing: {first:#?}");
        assert!(migrate::is_current(conn).unwrap());
        migrate::down(conn).unwrap();
        same(&[], &dump(conn), "after all is taken back,");
        assert!(!migrate::is_current(conn).unwrap());
        migrate::up(conn).unwrap();
        same(&first, &dump(conn), "after up, down and up,");
        // The program does this at every start.
        migrate::up(conn).unwrap();
        same(&first, &dump(conn), "after a second start");
    }

    /// Each migration takes back what it did itself. Taking back all at once would not tell which one left something
    /// for a later one to clean up.
    fn each_migration_takes_back_what_it_did(conn: &mut Conn) {
        fn step<DB: diesel::backend::Backend>(
            conn: &mut impl MigrationHarness<DB>, files: FileBasedMigrations, up: bool,
        ) -> String {
            if up { conn.run_next_migration(files) } else { conn.revert_last_migration(files) }.unwrap().to_string()
        }
        let take = |conn: &mut Conn, up: bool| match conn {
            Conn::Sqlite(sqlite) => step(sqlite, FileBasedMigrations::from_path(tree("sqlite")).unwrap(), up),
            Conn::Pg(pg) => step(pg, FileBasedMigrations::from_path(tree("postgres")).unwrap(), up),
        };
        for folder in folders("sqlite") {
            let before = dump(conn);
            let version = take(conn, true);
            assert!(folder.starts_with(&version), "{folder} is not the next one, but {version}");
            let after = dump(conn);
            take(conn, false);
            same(&before, &dump(conn), &format!("after {folder} is taken back,"));
            take(conn, true);
            same(&after, &dump(conn), &format!("after {folder} is applied again,"));
        }
        assert!(migrate::is_current(conn).unwrap(), "the program holds other migrations than the folders");
    }

    /// An old program on a new database would write rows that the new one does not understand.
    fn a_database_of_a_newer_program_is_refused(conn: &mut Conn) {
        migrate::up(conn).unwrap();
        let before = dump(conn);
        execute(conn, "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')").unwrap();
        let refusal = migrate::up(conn).unwrap_err().to_string();
        assert!(refusal.contains("newer program") && refusal.contains("9999"), "{refusal}");
        same(&before, &dump(conn), "after the refusal");
        execute(conn, "DELETE FROM __diesel_schema_migrations WHERE version = '9999'").unwrap();
        migrate::up(conn).unwrap();
    }

    /// The first programs kept households in other tables, under numbers that are not used again. Nothing of them was
    /// released, and nothing of them is guessed at.
    fn a_database_of_the_first_programs_is_refused(conn: &mut Conn) {
        migrate::up(conn).unwrap();
        let before = dump(conn);
        for old in ["0004", "0005"] {
            execute(conn, &format!("INSERT INTO __diesel_schema_migrations (version) VALUES ('{old}')")).unwrap();
            let refusal = migrate::up(conn).unwrap_err().to_string();
            assert!(refusal.contains("before the first release") && refusal.contains(old), "{refusal}");
            assert!(!refusal.contains("newer"), "{refusal}");
            same(&before, &dump(conn), "after the refusal");
            execute(conn, &format!("DELETE FROM __diesel_schema_migrations WHERE version = '{old}'")).unwrap();
        }
        migrate::up(conn).unwrap();
    }

    /// What happened stays written, whoever asks: also an upsert that would write over it.
    fn audit_events_are_never_changed_or_deleted(conn: &mut Conn) {
        migrate::up(conn).unwrap();
        let id = match conn {
            Conn::Sqlite(_) => "x'0190f3a0000070008000000000000001'",
            Conn::Pg(_) => "'0190f3a0-0000-7000-8000-000000000001'",
        };
        let row = |action: &str| format!(
            "INTO audit_events (id, at, actor_kind, action, object_type, object_id, request_id) \
             VALUES ({id}, '2026-11-24 04:00:00', 'operator', '{action}', 'service_point', {id}, 'test')"
        );
        execute(conn, &format!("INSERT {}", row("first"))).unwrap();
        let mut attempts = vec![
            "UPDATE audit_events SET action = 'second'".to_owned(),
            "UPDATE audit_events SET after = NULL WHERE action = 'first'".to_owned(),
            "DELETE FROM audit_events".to_owned(),
            format!("INSERT {} ON CONFLICT (id) DO UPDATE SET action = 'second'", row("second")),
        ];
        match conn {
            Conn::Sqlite(_) => attempts.push(format!("INSERT OR REPLACE {}", row("second"))),
            Conn::Pg(_) => attempts.extend(["TRUNCATE audit_events".to_owned(), "TRUNCATE service_points, audit_events CASCADE".to_owned()]),
        }
        for attempt in attempts {
            let outcome = execute(conn, &attempt);
            let left = lines(conn, "SELECT action AS line FROM audit_events");
            assert_eq!(left, ["first"], "the event was changed by: {attempt}");
            let refusal = outcome.expect_err(&attempt);
            assert!(refusal.contains("never"), "{attempt} is refused, but by accident: {refusal}");
        }
    }
}

#[path = "schema/declared.rs"]
mod declared;

/// Lists are in the order of their bytes on SQLite; a server's own collation would page them in another.
#[test]
fn text_on_postgresql_is_in_the_order_of_its_bytes() {
    let Some(mut fresh) = Fresh::postgres("collation") else { return };
    migrate::up(fresh.conn()).unwrap();
    let others = lines(
        fresh.conn(),
        "SELECT table_name || '.' || column_name AS line FROM information_schema.columns WHERE table_schema = 'public' \
         AND table_name <> '__diesel_schema_migrations' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'",
    );
    assert_eq!(others, Vec::<String>::new(), "write COLLATE \"C\" in their migration");
}

fn tree(database: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(database)
}

fn folders(database: &str) -> Vec<String> {
    let entries = fs::read_dir(tree(database)).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A migration of one database alone would leave the other without the change.
#[test]
fn both_trees_have_the_same_migrations() {
    let names = folders("sqlite");
    assert_eq!(names, folders("postgres"), "migrations/sqlite, and migrations/postgres");
    assert!(!names.is_empty());
    for database in ["sqlite", "postgres"] {
        for name in &names {
            for file in ["up.sql", "down.sql"] {
                let text = fs::read_to_string(tree(database).join(name).join(file)).unwrap_or_default();
                assert!(!text.trim().is_empty(), "migrations/{database}/{name}/{file} is missing or empty");
            }
        }
    }
}
