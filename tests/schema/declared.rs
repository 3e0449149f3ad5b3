//! The tables as `src/db/schema.rs` declares them, and as the databases have them.

use super::*;

/// A column as all three ought to see it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Column {
    nullable: bool,
    kind: String,
}

/// Table, then column.
type Tables = BTreeMap<String, BTreeMap<String, Column>>;

fn tables_from(rows: Vec<String>) -> Tables {
    let mut tables = Tables::new();
    for row in rows {
        let [table, column, nullable, kind] = *row.split('|').collect::<Vec<_>>() else { panic!("{row}") };
        let column_is = Column { nullable: nullable == "YES", kind: kind.to_lowercase() };
        tables.entry(table.to_owned()).or_default().insert(column.to_owned(), column_is);
    }
    assert!(!tables.is_empty());
    tables
}

fn columns(conn: &mut Conn) -> Tables {
    let query = match conn {
        Conn::Sqlite(_) => {
            "SELECT m.name || '|' || c.name || '|' || CASE c.\"notnull\" WHEN 0 THEN 'YES' ELSE 'NO' END || '|' || c.type AS line \
             FROM sqlite_master m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name <> '__diesel_schema_migrations'"
        }
        Conn::Pg(_) => {
            "SELECT table_name || '|' || column_name || '|' || is_nullable || '|' || data_type AS line \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'"
        }
    };
    tables_from(lines(conn, query))
}

/// The `diesel::table!` blocks of `src/db/schema.rs`, read as text, with the type that each column has in `database`;
/// and the primary keys.
fn declared(database: &str) -> (Tables, BTreeMap<String, String>) {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/db/schema.rs")).unwrap();
    let (mut rows, mut keys) = (Vec::new(), BTreeMap::new());
    for block in text.split("diesel::table! {").skip(1) {
        let mut table = None;
        for line in block.lines().map(str::trim).take_while(|line| !line.starts_with("diesel::")) {
            if let Some((name, key)) = line.strip_suffix(") {").and_then(|line| line.split_once(" (")) {
                table = Some(name);
                keys.insert(name.to_owned(), key.to_owned());
            } else if let Some((column, kind)) = line.strip_suffix(',').and_then(|line| line.split_once(" -> ")) {
                let plain = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
                let kinds = match plain.unwrap_or(kind) {
                    "Uid" => ("blob", "uuid"),
                    "Binary" => ("blob", "bytea"),
                    "Text" => ("text", "text"),
                    "Date" => ("text", "date"),
                    "Timestamp" => ("text", "timestamp without time zone"),
                    "Bool" => ("integer", "boolean"),
                    "Integer" => ("integer", "integer"),
                    "BigInt" => ("integer", "bigint"),
                    other => panic!("tell this test what {other} is in both databases"),
                };
                let kind = if database == "sqlite" { kinds.0 } else { kinds.1 };
                let nullable = if plain.is_some() { "YES" } else { "NO" };
                rows.push(format!("{}|{column}|{nullable}|{kind}", table.expect("a table before its columns")));
            }
        }
    }
    (tables_from(rows), keys)
}

/// The indexes with names of their own: table, name, whether unique, whether partial, columns; and the primary keys.
fn indexes(conn: &mut Conn) -> (BTreeSet<String>, BTreeMap<String, String>) {
    const SQLITE_NAMED: &str = "SELECT m.name || '.' || i.name || CASE i.\"unique\" WHEN 1 THEN ' unique' ELSE '' END || \
         CASE i.partial WHEN 1 THEN ' partial' ELSE '' END || ' (' || \
         (SELECT group_concat(c.name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno) c) || ')' AS line \
         FROM sqlite_master m JOIN pragma_index_list(m.name) i WHERE m.type = 'table' AND i.origin = 'c'";
    const SQLITE_KEYS: &str = "SELECT m.name || '|' || (SELECT group_concat(c.name, ', ') FROM \
         (SELECT name FROM pragma_table_info(m.name) WHERE pk > 0 ORDER BY pk) c) AS line \
         FROM sqlite_master m WHERE m.type = 'table' AND m.name <> '__diesel_schema_migrations'";
    const POSTGRES_NAMED: &str = "SELECT t.relname || '.' || x.relname || CASE WHEN i.indisunique THEN ' unique' ELSE '' END || \
         CASE WHEN i.indpred IS NOT NULL THEN ' partial' ELSE '' END || ' (' || string_agg(a.attname, ', ' ORDER BY k.n) || ')' AS line \
         FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid \
         CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(attnum, n) \
         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum \
         WHERE t.relnamespace = 'public'::regnamespace AND t.relname <> '__diesel_schema_migrations' \
         AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u')) \
         GROUP BY t.relname, x.relname, i.indisunique, i.indpred";
    const POSTGRES_KEYS: &str = "SELECT t.relname || '|' || string_agg(a.attname, ', ' ORDER BY k.n) AS line \
         FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(attnum, n) \
         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE i.indisprimary \
         AND t.relnamespace = 'public'::regnamespace AND t.relname <> '__diesel_schema_migrations' GROUP BY t.relname";
    let (named, keys) = match conn {
        Conn::Sqlite(_) => (SQLITE_NAMED, SQLITE_KEYS),
        Conn::Pg(_) => (POSTGRES_NAMED, POSTGRES_KEYS),
    };
    let key = |line: String| {
        let (table, columns) = line.split_once('|').unwrap();
        (table.to_owned(), columns.to_owned())
    };
    (lines(conn, named).into_iter().collect(), lines(conn, keys).into_iter().map(key).collect())
}

on_both! {
    /// Diesel reads a column by the type that `src/db/schema.rs` gives it, and nothing compares the two but this. Both
    /// databases are compared with the one file, so they are equal to each other as well.
    fn every_table_is_declared_as_it_is(conn: &mut Conn) {
        migrate::up(conn).unwrap();
        let (expected, expected_keys) = declared(if matches!(conn, Conn::Sqlite(_)) { "sqlite" } else { "postgres" });
        let found = columns(conn);
        let names = |tables: &Tables| tables.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&found), names(&expected), "tables of the database, and of src/db/schema.rs");
        for (table, columns) in &found {
            assert_eq!(columns, &expected[table], "columns of {table} in the database, and in src/db/schema.rs");
        }
        assert_eq!(indexes(conn).1, expected_keys, "primary keys of the database, and of src/db/schema.rs");
    }
}

/// A query that is fast on one database and scans on the other would pass every other test.
#[test]
fn both_databases_have_the_same_indexes() {
    let (mut sqlite, Some(mut postgres)) = (Fresh::sqlite(), Fresh::postgres("indexes")) else { return };
    migrate::up(sqlite.conn()).unwrap();
    migrate::up(postgres.conn()).unwrap();
    let (left, right) = (indexes(sqlite.conn()).0, indexes(postgres.conn()).0);
    assert!(left.len() > 5, "the indexes of SQLite were not found: {left:?}");
    assert_eq!(left, right, "indexes of SQLite, and of PostgreSQL");
}
