//! Everything that a database holds, as text: to see that a refused request wrote nothing, and that no secret was kept.

use std::collections::BTreeMap;

use diesel::{QueryableByName, RunQueryDsl as _, sql_query, sql_types::Text};
use terrace::db::Conn;

use crate::support::TestApp;

/// Every row of every table as one line of text, by table. Bytes stand as hexadecimal digits.
pub type Dump = BTreeMap<String, Vec<String>>;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// What the app's database holds now, but for the places of audit events, which follow from the events a moment later.
pub fn dump(app: &TestApp) -> Dump {
    let mut conn = app.conn();
    let tables = lines(
        &mut conn,
        "SELECT name AS line FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
        "SELECT table_name::text AS line FROM information_schema.tables \
         WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
    );
    assert!(tables.iter().any(|table| table == "audit_events"), "the dump sees no tables: {tables:?}");
    let others = ["audit_seals", "audit_unsealed"];
    let tables = tables.into_iter().filter(|table| !others.contains(&table.as_str()));
    tables.map(|table| (table.clone(), rows(&mut conn, &table))).collect()
}

/// How many rows a table has.
pub fn count(app: &TestApp, table: &str) -> usize {
    rows(&mut app.conn(), table).len()
}

/// The rows of one table.
pub fn rows(conn: &mut Conn, table: &str) -> Vec<String> {
    let columns = match conn {
        Conn::Sqlite(_) => lines(conn, &format!("SELECT name AS line FROM pragma_table_info('{table}')"), ""),
        Conn::Pg(_) => Vec::new(),
    };
    let columns: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
    lines(
        conn,
        &format!("SELECT {} AS line FROM \"{table}\" ORDER BY 1", columns.join(" || '|' || ")),
        &format!("SELECT whole_row::text AS line FROM \"{table}\" AS whole_row ORDER BY 1"),
    )
}

fn lines(conn: &mut Conn, on_sqlite: &str, on_postgres: &str) -> Vec<String> {
    let found: Vec<Line> = match conn {
        Conn::Sqlite(conn) => sql_query(on_sqlite).load(conn),
        Conn::Pg(conn) => sql_query(on_postgres).load(conn),
    }
    .unwrap();
    found.into_iter().map(|found| found.line).collect()
}
