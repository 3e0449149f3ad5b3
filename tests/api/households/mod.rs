//! Households, their members and what they were given: what may be written of them, who finds out what, and how they
//! are found.

mod dated;
mod duplicates;
mod erase;
mod find;
mod members;
mod privacy;
mod record_lists;
mod records;
mod register;
mod requests;

use std::collections::BTreeMap;

use diesel::{
    ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _,
    dsl::sql,
    sql_types::{BigInt, Text},
};
use serde_json::{Value, json};
use terrace::{
    db::Conn,
    domain::{Id, digest::hex},
};

use crate::support::{Actor, Reply, TestApp, identity_number};

const HOUSEHOLDS: &str = "/api/v1/households";
const MEMBERS: &str = "/api/v1/members";
const RECORDS: &str = "/api/v1/assistance-records";
const REQUESTS: &str = "/api/v1/transfer-requests";

/// An id that nothing has.
const NOTHING: &str = "019ac0de-0000-7000-8000-00000000dead";

diesel::table! {
    use diesel::sql_types::*;
    use terrace::db::types::Uid;

    audit_events (id) {
        id -> Uid,
        actor_id -> Nullable<Uid>,
        action -> Text,
        object_id -> Uid,
        reason -> Nullable<Text>,
    }
}

/// The body with the value at this place (a JSON pointer, or a field's bare name).
fn with(mut body: Value, place: &str, value: Value) -> Value {
    let (parent, field) = place.rsplit_once('/').unwrap_or(("", place));
    let parent = body.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent}"));
    match parent {
        Value::Array(items) => items[field.parse::<usize>().unwrap()] = value,
        other => other[field] = value,
    }
    body
}

/// The body without this field of the object at this place.
fn without(mut body: Value, parent: &str, field: &str) -> Value {
    body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(field).unwrap();
    body
}

/// A monitored family of three with everything that can be said of it: a head with a number, a certificate and a
/// telephone, a wife with a number, and an infant without.
fn family(home: Id) -> Value {
    let (he, she) = (husband(), wife());
    json!({
        "service_point_id": home, "address": "模拟乡模拟村 3 号", "phone": "13900005678", "external_number": "MN-0001",
        "household_type": "monitored", "monitoring_category": "marginal", "risk_causes": ["illness", "schooling"],
        "registered_on": "2026-03-01",
        "income": {
            "year": 2025, "wages_fen": 2_400_000, "business_fen": 1_500_000, "property_fen": 30_000,
            "transfers_fen": 360_000, "business_expenses_fen": 420_000,
        },
        "consent": { "given_on": "2026-02-28", "how": "written" },
        "members": [
            {
                "name": "模拟张三", "relation": "02", "identity_number": he, "ethnicity": "01", "education": "primary",
                "health": ["chronic_illness", "disabled"], "labour_skill": "weak", "phone": "13900001234",
                "disability": { "category": "4", "grade": "2", "certificate": format!("{he}42") },
            },
            { "name": "模拟李四", "relation": "10", "identity_number": she },
            { "name": "模拟张小", "relation": "30", "no_identity_reason": "infant", "birth_on": "2026-01-15", "sex": "2" },
        ],
    })
}

/// The number of the head of [`family`].
fn husband() -> String {
    identity_number("19700228", 1)
}

/// The number of the other one with a number.
fn wife() -> String {
    identity_number("19720304", 2)
}

/// Registers a household and gives what was answered.
async fn register(app: &TestApp, actor: &Actor, body: &Value) -> Value {
    app.post(actor, HOUSEHOLDS, body).await.expect(201).json()
}

/// Where a household lives in the API.
fn at(household: &Value) -> String {
    format!("{HOUSEHOLDS}/{}", household["id"].as_str().unwrap())
}

/// The members of a household, everyone on one page.
async fn members(app: &TestApp, actor: &Actor, household: &Value) -> Vec<Value> {
    app.all_pages(actor, &format!("{}/members", at(household)), 200).await
}

/// Logs one service given to a household today and gives what was answered.
async fn log(app: &TestApp, actor: &Actor, household: &Value, giver: Id) -> Value {
    app.post(actor, RECORDS, &record(app, household, giver)).await.expect(201).json()
}

/// One training given to a household today.
fn record(app: &TestApp, household: &Value, giver: Id) -> Value {
    json!({
        "household_id": household["id"], "service_point_id": giver, "kind": "training", "given_on": app.today(),
        "quantity": 1,
    })
}

/// The faults that a refusal tells, sorted.
#[track_caller]
fn faults_of(reply: Reply) -> Vec<(String, String)> {
    let mut told = reply.expect(422).faults();
    told.sort();
    told
}

/// Exactly these faults, in whatever order.
#[track_caller]
fn assert_faults(reply: Reply, expected: &[(&str, &str)]) {
    let text = reply.text();
    let mut expected: Vec<_> = expected.iter().map(|(at, code)| ((*at).to_owned(), (*code).to_owned())).collect();
    expected.sort();
    assert_eq!(faults_of(reply), expected, "{text}");
}

/// A problem with this status and code.
#[track_caller]
fn assert_problem(reply: Reply, status: u16, code: &str) {
    let text = reply.text();
    assert_eq!(reply.expect(status).code(), code, "{text}");
}

/// A reference to something that does not exist for the caller.
#[track_caller]
fn assert_not_found(reply: Reply, pointer: &str) {
    assert_eq!(reply.expect(404).faults(), [(pointer.to_owned(), "not_found".to_owned())]);
}

/// How many rows each table of households and assistance has; events, cells and limits of tries are not among them.
fn rows(app: &TestApp) -> BTreeMap<&'static str, i64> {
    let mut conn = app.conn();
    let mut count = |table| sql::<BigInt>(&format!("SELECT count(*) FROM {table}")).get_result(&mut conn).unwrap();
    [
        "households",
        "household_members",
        "household_member_keys",
        "household_spans",
        "transfer_requests",
        "assistance_records",
        "assistance_record_versions",
    ]
    .into_iter()
    .map(|table| (table, count(table)))
    .collect()
}

/// Every figure that the cells hold, by their keys; those of nothing are left out.
fn cells(app: &TestApp) -> Vec<String> {
    let sqlite = matches!(app.conn(), Conn::Sqlite(_));
    let point = if sqlite { "hex(service_point_id)" } else { "service_point_id::text" };
    let parts = format!(
        "SELECT {point} || ' ' || ledger || ' ' || period || ' ' || kind || ' ' || class || ' ' || n || ' ' || quantity \
         || ' ' || amount_fen FROM cells WHERE n <> 0 OR quantity <> 0 OR amount_fen <> 0 ORDER BY 1"
    );
    sql::<Text>(&parts).load(&mut app.conn()).unwrap()
}

/// Who did this to what and why, for each event with this action, in the order of the reasons.
fn events(app: &TestApp, action: &str) -> Vec<(Option<Id>, Id, Option<String>)> {
    use audit_events as e;
    let columns = (e::actor_id, e::object_id, e::reason);
    let mut found: Vec<(Option<Id>, Id, Option<String>)> =
        e::table.filter(e::action.eq(action)).select(columns).load(&mut app.conn()).unwrap();
    found.sort_by(|a, b| a.2.cmp(&b.2));
    found
}

/// Everything that the database holds as one text in small letters; bytes stand as hexadecimal digits.
fn everything(app: &TestApp) -> String {
    let conn = &mut app.conn();
    let sqlite = matches!(conn, Conn::Sqlite(_));
    let texts = |conn: &mut Conn, query: &str| sql::<Text>(query).load::<String>(conn).unwrap();
    let tables = if sqlite {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    } else {
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'"
    };
    let mut all = String::new();
    for table in texts(conn, tables) {
        let rows = if sqlite {
            let columns = texts(conn, &format!("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')"));
            format!("SELECT {} FROM \"{table}\"", columns.join(" || ',' || "))
        } else {
            format!("SELECT t::text FROM \"{table}\" t")
        };
        all.extend(texts(conn, &rows));
    }
    assert!(all.contains("household"), "this cannot be everything");
    all.to_lowercase()
}

/// Whether the database holds this text anywhere, also as mere bytes.
fn is_kept(everything: &str, text: &str) -> bool {
    everything.contains(&text.to_lowercase()) || everything.contains(&hex(text.as_bytes()))
}

/// The figure of a metric over the whole subtree of a point.
async fn figure(app: &TestApp, actor: &Actor, point: Id, metric: &str, period: &str) -> i64 {
    let path = format!("/api/v1/service-points/{point}/statistics?period={period}&metrics={metric}");
    let statistics = app.get(actor, &path).await.expect(200).json();
    statistics["items"][0]["total"].as_i64().unwrap()
}
