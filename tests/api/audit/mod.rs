//! Audit events: every change writes exactly its own, in its own transaction, and nothing else writes any. `world` lists
//! the changes that the API can make; the tests go through all of them.

mod chain;
mod changes;
mod digests;
mod found;
mod kept;
mod numbers;
mod reading;
mod silence;
mod verifying;
pub mod world;

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    QueryDsl as _, Queryable, RunQueryDsl as _, connection::SimpleConnection as _, dsl::sql, sql_types::Text,
};
use terrace::{
    db::Conn,
    domain::{Id, Instant},
};

use crate::support::TestApp;

diesel::table! {
    use diesel::sql_types::*;
    use terrace::db::types::Uid;

    audit_events (id) {
        id -> Uid,
        at -> Timestamp,
        actor_kind -> Text,
        actor_id -> Nullable<Uid>,
        action -> Text,
        object_type -> Text,
        object_id -> Uid,
        object_version -> Nullable<BigInt>,
        service_point_id -> Nullable<Uid>,
        reason -> Nullable<Text>,
        before -> Nullable<Text>,
        after -> Nullable<Text>,
        content_hash -> Nullable<Binary>,
        request_id -> Text,
        address -> Nullable<Text>,
    }
}

/// One row of the table, read without the program's own code.
#[derive(Clone, Debug, PartialEq, Queryable)]
pub struct Event {
    id: Id,
    at: Instant,
    actor_kind: String,
    actor_id: Option<Id>,
    pub action: String,
    object_type: String,
    pub object_id: Id,
    object_version: Option<i64>,
    service_point_id: Option<Id>,
    reason: Option<String>,
    before: Option<String>,
    after: Option<String>,
    content_hash: Option<Vec<u8>>,
    request_id: String,
    address: Option<String>,
}

/// Every event, those of one transaction in their order.
pub fn events(conn: &mut Conn) -> Vec<Event> {
    audit_events::table.order((audit_events::at, audit_events::id)).load(conn).unwrap()
}

/// Tells the events that have come since it was last asked.
struct Watch {
    conn: Conn,
    seen: BTreeSet<Id>,
}

impl Watch {
    fn begin(app: &TestApp) -> Self {
        let mut conn = app.conn();
        let seen = events(&mut conn).iter().map(|event| event.id).collect();
        Self { conn, seen }
    }

    fn news(&mut self) -> Vec<Event> {
        let news: Vec<Event> =
            events(&mut self.conn).into_iter().filter(|event| !self.seen.contains(&event.id)).collect();
        self.seen.extend(news.iter().map(|event| event.id));
        news
    }
}

/// Every row of every table as text, without the counters of failed sign-ins, which are kept whatever becomes of the request
/// that they count, and without the places of events, which follow from the events, on PostgreSQL a moment later.
fn snapshot(conn: &mut Conn) -> BTreeMap<String, Vec<String>> {
    let texts = |conn: &mut Conn, query: &str| sql::<Text>(query).load::<String>(conn).unwrap();
    let sqlite = matches!(conn, Conn::Sqlite(_));
    let tables = texts(
        conn,
        if sqlite {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        } else {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'"
        },
    );
    let mut rows = |table: &String| {
        if !sqlite {
            return texts(conn, &format!("SELECT t::text FROM \"{table}\" t ORDER BY 1"));
        }
        let columns = texts(conn, &format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid"));
        let quoted: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
        texts(conn, &format!("SELECT {} FROM \"{table}\" ORDER BY 1", quoted.join(" || ',' || ")))
    };
    let others = ["throttles", "audit_seals", "audit_unsealed"];
    let tables: BTreeMap<_, _> = tables
        .iter()
        .filter(|table| !others.contains(&table.as_str()))
        .map(|table| (table.clone(), rows(table)))
        .collect();
    assert!(tables.len() > 10, "these cannot be all tables: {:?}", tables.keys());
    tables
}

/// Makes the database refuse events with this action, as a full disk or a broken index would.
fn refuse(conn: &mut Conn, action: &str) {
    let trigger = if matches!(conn, Conn::Sqlite(_)) {
        format!(
            "CREATE TRIGGER refuse_events BEFORE INSERT ON audit_events WHEN NEW.action = '{action}' \
             BEGIN SELECT RAISE(ABORT, 'refused on purpose'); END"
        )
    } else {
        format!(
            "CREATE FUNCTION refuse_events() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'refused on purpose'; END $$; \
             CREATE TRIGGER refuse_events BEFORE INSERT ON audit_events FOR EACH ROW \
             WHEN (NEW.action = '{action}') EXECUTE FUNCTION refuse_events()"
        )
    };
    conn.batch_execute(&trigger).unwrap();
}

fn refuse_no_more(conn: &mut Conn) {
    let sqlite = matches!(conn, Conn::Sqlite(_));
    conn.batch_execute(if sqlite { "DROP TRIGGER refuse_events" } else { "DROP FUNCTION refuse_events CASCADE" })
        .unwrap();
}
