//! A fresh database for each test: a migrated SQLite file copied, or a PostgreSQL database from a template.

use std::{path::PathBuf, sync::OnceLock};

use diesel::{Connection as _, PgConnection, RunQueryDsl as _, SqliteConnection, connection::SimpleConnection as _};
use terrace::{
    db::{Conn, DatabaseUrl, migrate},
    domain::digest::{hex, sha256},
};

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// A database that goes when the test is over.
pub struct Database {
    pub url: DatabaseUrl,
    keeper: Keeper,
}

enum Keeper {
    Folder(#[expect(dead_code, reason = "kept until the test is over")] tempfile::TempDir),
    Server { admin_url: String, name: String },
}

impl Database {
    /// A migrated, empty database. None, and a word about it, when there is no PostgreSQL to test on.
    pub fn fresh(backend: Backend) -> Option<Self> {
        match backend {
            Backend::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("terrace.db");
                std::fs::copy(sqlite_template(), &file).unwrap();
                Some(Self { url: DatabaseUrl::Sqlite(file), keeper: Keeper::Folder(folder) })
            }
            Backend::Postgres => {
                let Ok(admin_url) = std::env::var("TERRACE_TEST_POSTGRES_URL") else {
                    let required = std::env::var("TERRACE_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
                    assert!(!required, "TERRACE_REQUIRE_POSTGRES=1, but TERRACE_TEST_POSTGRES_URL is not set");
                    eprintln!("skipped: set TERRACE_TEST_POSTGRES_URL to run it on PostgreSQL");
                    return None;
                };
                let name = format!("terrace_test_{}", random());
                let mut admin = PgConnection::establish(&admin_url)
                    .unwrap_or_else(|error| panic!("TERRACE_TEST_POSTGRES_URL: {error}"));
                let template = postgres_template(&admin_url, &mut admin);
                admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).unwrap();
                let url = DatabaseUrl::Postgres(with_database(&admin_url, &name));
                Some(Self { url, keeper: Keeper::Server { admin_url, name } })
            }
        }
    }

    /// A connection of its own.
    pub fn connect(&self) -> Conn {
        match &self.url {
            DatabaseUrl::Sqlite(file) => {
                let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
                conn.batch_execute("PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON").unwrap();
                Conn::Sqlite(conn)
            }
            DatabaseUrl::Postgres(url) => Conn::Pg(PgConnection::establish(url).unwrap()),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Keeper::Server { admin_url, name } = &self.keeper
            && let Ok(mut admin) = PgConnection::establish(admin_url)
        {
            drop(admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        }
    }
}

fn random() -> String {
    let folder = tempfile::tempdir().unwrap();
    hex(&sha256(folder.path().to_str().unwrap().as_bytes()))[..16].to_owned()
}

fn sqlite_template() -> PathBuf {
    static TEMPLATE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("template.db");
        migrate::up(&mut Conn::Sqlite(SqliteConnection::establish(file.to_str().unwrap()).unwrap())).unwrap();
        folder
    });
    folder.path().join("template.db")
}

/// One template for each state of the migrations, shared by every run.
fn postgres_template(admin_url: &str, admin: &mut PgConnection) -> String {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    let make = || {
        let mut migrations = Vec::new();
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
        let mut folders: Vec<_> = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
        folders.sort();
        for folder in folders {
            migrations.extend(std::fs::read(folder.join("up.sql")).unwrap());
        }
        let name = format!("terrace_template_{}", &hex(&sha256(&migrations))[..16]);
        // Other test processes make the same template at the same moment.
        admin.batch_execute("SELECT pg_advisory_lock(20261124)").unwrap();
        #[derive(diesel::QueryableByName)]
        struct Found {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            n: i64,
        }
        let query = format!("SELECT count(*) AS n FROM pg_database WHERE datname = '{name}'");
        let found: Found = diesel::sql_query(query).get_result(admin).unwrap();
        if found.n == 0 {
            let half = format!("{name}_half");
            admin.batch_execute(&format!("DROP DATABASE IF EXISTS {half}")).unwrap();
            admin.batch_execute(&format!("CREATE DATABASE {half}")).unwrap();
            migrate::up(&mut Conn::Pg(PgConnection::establish(&with_database(admin_url, &half)).unwrap())).unwrap();
            admin.batch_execute(&format!("ALTER DATABASE {half} RENAME TO {name}")).unwrap();
        }
        admin.batch_execute("SELECT pg_advisory_unlock(20261124)").unwrap();
        name
    };
    TEMPLATE.get_or_init(make).clone()
}

fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url.split_once('?').map_or((url, String::new()), |(base, query)| (base, format!("?{query}")));
    let (server, _) = base.rsplit_once('/').expect("the URL names a database");
    format!("{server}/{name}{query}")
}
