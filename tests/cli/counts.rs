//! `terrace verify` and `terrace repair`, as whoever looks after a server runs them.

use diesel::{
    Connection as _, QueryableByName, RunQueryDsl as _, SqliteConnection,
    connection::SimpleConnection as _,
    sql_types::{Nullable, Text},
};
use serde_json::{Value, json};

use super::{Desk, finish, server::Server};

const TREE: &str = "code,name,parent_code,tier\n\
    999900000000,模拟市,,bureau\n999901000000,模拟县,999900000000,county\n\
    999901001000,模拟镇,999901000000,township\n999901001201,模拟村,999901001000,village\n";

/// A network of one village.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("tree.csv", TREE).succeeds(&["points", "import", "tree.csv"]);
    desk
}

pub fn conn(desk: &Desk, database: &str) -> SqliteConnection {
    let mut conn = SqliteConnection::establish(desk.path(database).to_str().unwrap()).unwrap();
    conn.batch_execute("PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON").unwrap();
    conn
}

fn tamper(desk: &Desk, statement: &str) {
    conn(desk, "terrace.db").batch_execute(statement).unwrap();
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(desk: &Desk, query: &str) -> Vec<String> {
    let rows: Vec<Line> = diesel::sql_query(query).load(&mut conn(desk, "terrace.db")).unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

/// Everything that counts, and everything that was told of.
fn state(desk: &Desk) -> Vec<String> {
    let cells =
        "SELECT hex(service_point_id) || ledger || period || kind || class || ' ' || n AS line FROM cells ORDER BY 1";
    let events = "SELECT hex(id) || action AS line FROM audit_events ORDER BY 1";
    [lines(desk, cells), lines(desk, events)].concat()
}

/// The exit code, the lines of standard output, and the last line of standard error.
fn run(desk: &Desk, arguments: &[&str]) -> (Option<i32>, Vec<String>, String) {
    let output = finish(desk.terrace(arguments).spawn().unwrap());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert!(stderr.lines().count() <= 1 && !stderr.contains("panicked"), "{stderr}");
    (output.status.code(), stdout.lines().map(str::to_owned).collect(), stderr.trim_end().to_owned())
}

const REPORTS: &str = "reports: 0 reports against their digests: 0 findings";
const CLEAN: &str = "recounted 0 households, 0 records, 0 stores, 0 other entries, 3 cells: 0 differences";

#[test]
fn numbers_that_are_right_are_said_to_be_in_one_line() {
    let desk = desk();
    let before = state(&desk);
    for arguments in [&["verify"][..], &["repair"], &["repair", "--apply"]] {
        let (code, stdout, stderr) = run(&desk, arguments);
        assert_eq!((code, stdout[0].as_str(), stderr.as_str()), (Some(0), CLEAN, ""), "{arguments:?} {stdout:?}");
    }
    // The four points, imported, and nobody else.
    let audit = "audit: 4 events in their chain, 4 rows against their last events: 0 findings";
    assert_eq!(run(&desk, &["verify"]).1, [CLEAN, audit, REPORTS]);
    assert_eq!(state(&desk), before, "looking changed something");
}

#[test]
fn an_empty_database_is_right() {
    let desk = Desk::new();
    let audit = "audit: 0 events in their chain, 0 rows against their last events: 0 findings";
    let lines = vec![CLEAN.replace("3 cells", "0 cells"), audit.to_owned(), REPORTS.to_owned()];
    assert_eq!(run(&desk, &["verify"]), (Some(0), lines, String::new()));
}

/// A number that is not what the rows say is named with its place, and only `--apply` mends it; that is told of.
#[test]
fn a_wrong_number_is_named_shown_and_mended() {
    let desk = desk();
    let right = state(&desk);
    tamper(
        &desk,
        "UPDATE cells SET n = n + 4 WHERE ledger = 'villages' AND service_point_id = \
         (SELECT id FROM service_points WHERE region_code = '999901000000')",
    );
    let county =
        lines(&desk, "SELECT lower(hex(id)) AS line FROM service_points WHERE region_code = '999901000000'").remove(0);
    let wrong = state(&desk);
    assert_ne!(wrong, right);

    let (code, stdout, stderr) = run(&desk, &["verify"]);
    assert_eq!((code, stdout.len()), (Some(1), 4), "{stdout:?}");
    let named = stdout[0].replace('-', "");
    for word in [county.as_str(), "villages", "class=committee", "holds 5/0/0", "should hold 1/0/0"] {
        assert!(named.contains(word), "{word} is not in {stdout:?}");
    }
    assert!(stdout[1].ends_with("3 cells: 1 differences"), "{stdout:?}");
    assert!(stderr.starts_with("terrace: ") && stderr.contains("terrace repair"), "{stderr}");
    assert_eq!(state(&desk), wrong, "looking changed something");

    let (code, shown, stderr) = run(&desk, &["repair"]);
    assert_eq!((code, &shown[..2], stderr.as_str()), (Some(0), &stdout[..2], ""));
    assert!(shown[2].contains("1 would be mended") && shown[2].contains("--apply"), "{shown:?}");
    assert_eq!(state(&desk), wrong, "it was only to be shown");

    let (code, mended, stderr) = run(&desk, &["repair", "--apply"]);
    assert_eq!((code, &mended[..2], mended[2].as_str(), stderr.as_str()), (Some(0), &stdout[..2], "1 mended", ""));
    assert_eq!(run(&desk, &["verify"]).1[0], CLEAN);
    let now = state(&desk);
    assert_eq!(now.len(), right.len() + 1, "one event was added: {now:?}");
    assert!(right.iter().all(|line| now.contains(line)), "it is not what it was: {now:?}");
    assert_event(&desk, &county);
}

/// Who mended which point's numbers, and what they were.
fn assert_event(desk: &Desk, county: &str) {
    #[derive(QueryableByName)]
    struct Event {
        #[diesel(sql_type = Text)]
        who: String,
        #[diesel(sql_type = Text)]
        what: String,
        #[diesel(sql_type = Nullable<Text>)]
        before: Option<String>,
        #[diesel(sql_type = Nullable<Text>)]
        after: Option<String>,
    }
    let query = "SELECT actor_kind || ' ' || request_id AS who, before, after, \
        object_type || ' ' || lower(hex(object_id)) || ' ' || lower(hex(service_point_id)) AS what \
        FROM audit_events WHERE action = 'statistics.repair'";
    let events: Vec<Event> = diesel::sql_query(query).load(&mut conn(desk, "terrace.db")).unwrap();
    let [event] = &*events else { panic!("{} events", events.len()) };
    assert_eq!(event.who, "operator command:repair");
    assert_eq!(event.what, format!("service_point {county} {county}"));
    let copy = |text: &Option<String>| serde_json::from_str::<Value>(text.as_deref().unwrap()).unwrap();
    for (copy, n) in [(copy(&event.before), 5), (copy(&event.after), 1)] {
        let [cell] = &**copy.as_array().unwrap() else { panic!("{copy}") };
        assert_eq!([&cell["ledger"], &cell["class"], &cell["n"]], [&json!("villages"), &json!("committee"), &json!(n)]);
    }
}

/// Of two rows that contradict each other a recount cannot tell which is right: it says so, mends the rest, and fails.
#[test]
fn what_a_recount_cannot_decide_about_is_left_and_said() {
    let desk = desk();
    tamper(&desk, "UPDATE cells SET n = 0 WHERE ledger = 'villages'");
    tamper(
        &desk,
        "UPDATE service_points SET path = substr(path, 1, 66) || substr(path, 34, 33) || substr(path, 100) \
         WHERE tier = 'village'",
    );
    let (code, stdout, _) = run(&desk, &["verify"]);
    assert_eq!((code, stdout.len()), (Some(1), 7), "{stdout:?}");
    let (code, stdout, stderr) = run(&desk, &["repair", "--apply"]);
    assert_eq!((code, stdout[5].as_str()), (Some(1), "3 mended"), "{stdout:?}");
    assert!(stderr.contains("1 of these are left"), "{stderr}");
    let (code, stdout, _) = run(&desk, &["verify"]);
    assert_eq!((code, stdout.len()), (Some(1), 4), "{stdout:?}");
    assert!(stdout[0].contains("path of the service point"), "{stdout:?}");
}

/// Both work beside a server, which goes on.
#[test]
fn a_server_at_work_is_not_in_the_way() {
    let desk = desk();
    let server = Server::start(&desk, &["serve"]);
    tamper(&desk, "UPDATE cells SET n = n + 1 WHERE ledger = 'villages'");
    assert_eq!(run(&desk, &["verify"]).0, Some(1));
    assert_eq!(run(&desk, &["repair", "--apply"]).0, Some(0));
    assert_eq!(run(&desk, &["verify"]).1[0], CLEAN);
    assert!(server.get("/readyz").starts_with("HTTP/1.1 200 "));
    assert_eq!(server.signal("TERM").status.code(), Some(0));
}

#[test]
fn they_take_nothing_that_they_do_not_know() {
    let desk = desk();
    desk.fails(&["verify", "--apply"], &["--apply"]);
    desk.fails(&["repair", "all"], &["all"]);
    desk.fails(&["--database", "sqlite:no/such/folder/terrace.db", "verify"], &["no/such/folder/terrace.db"]);
}
