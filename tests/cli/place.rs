//! The program run on a database of one test, with a key of its own, and a look into the tables around it.

use std::{process::Output, time::Duration};

use diesel::{
    Connection as _, PgConnection, QueryableByName, RunQueryDsl as _,
    connection::SimpleConnection as _,
    sql_types::{BigInt, Nullable, Text},
};
use terrace::{db::Conn, domain::digest::hex, edge::Edge};

use super::{Desk, finish_within};

/// A key for tests.
pub const KEY: &str = "8f3a1c5e7d9b2046f1e8c3a5b7d90264e6f8a1c3b5d7092846fae1c3957b2d08";
/// Even a small year is some thousand service points and accounts.
const PATIENCE: Duration = Duration::from_secs(300);

/// Runs the program with that key.
pub fn run(desk: &Desk, arguments: &[&str]) -> Output {
    let mut command = desk.terrace(arguments);
    command.env("TERRACE_KEY", KEY);
    finish_within(PATIENCE, command.spawn().unwrap())
}

/// Runs it and returns what it printed.
pub fn succeeds(desk: &Desk, arguments: &[&str]) -> String {
    let output = run(desk, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A text and a number.
#[derive(QueryableByName)]
pub struct Row {
    #[diesel(sql_type = Nullable<Text>)]
    pub text: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub n: i64,
}

/// What a query finds.
pub fn rows(conn: &mut Conn, query: &str) -> Vec<Row> {
    diesel::sql_query(query).load(conn).unwrap()
}

/// How many rows there are.
pub fn number(conn: &mut Conn, from: &str) -> i64 {
    rows(conn, &format!("SELECT NULL AS text, count(*) AS n FROM {from}")).remove(0).n
}

/// A database on a server, removed with its test.
pub struct OnServer {
    server: String,
    name: String,
    /// Where it is.
    pub url: String,
}

impl OnServer {
    /// None, and a word about it, when there is no server to test on.
    pub fn find() -> Option<Self> {
        if let Ok(server) = std::env::var("TERRACE_TEST_POSTGRES_URL") {
            return Some(Self::make(server));
        }
        let required = std::env::var("TERRACE_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
        assert!(!required, "TERRACE_REQUIRE_POSTGRES=1, but TERRACE_TEST_POSTGRES_URL is not set");
        eprintln!("skipped: set TERRACE_TEST_POSTGRES_URL to run it on PostgreSQL");
        None
    }

    fn make(server: String) -> Self {
        let name = format!("terrace_test_demo_{}", hex(&Edge::system().random::<8>()));
        PgConnection::establish(&server).unwrap().batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        let url = format!("{base}/{name}");
        Self { server, name, url }
    }
}

impl Drop for OnServer {
    fn drop(&mut self) {
        if let Ok(mut conn) = PgConnection::establish(&self.server) {
            drop(conn.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)));
        }
    }
}
