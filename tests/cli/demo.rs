//! `terrace demo`: what it announces is there, it can be repeated, and whoever it names can sign in and sees what is theirs.

use std::collections::BTreeMap;

use diesel::{Connection as _, PgConnection, SqliteConnection};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use serde_json::{Value, json};
use terrace::{
    auth::{
        Keys,
        keys::Purpose,
        seal::{self, Place},
    },
    db::Conn,
    domain::{
        Id,
        digest::{hex, sha256},
    },
    edge::Edge,
};

use super::{
    Desk,
    counts::conn,
    place::{KEY, OnServer, number, rows, run, succeeds},
    server::Server,
};

/// The numbers of a line, in their order.
fn numbers(line: &str) -> Vec<i64> {
    line.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).map(|n| n.parse().unwrap()).collect()
}

/// What a simulated year must be, whichever database it lies in.
fn check(conn: &mut Conn, printed: &str, database: &[&str], desk: &Desk) {
    let lines: Vec<&str> = printed.lines().collect();
    assert!(lines[0].contains("模拟数据"), "{printed}");
    let announced = [lines[1], lines[2], lines[3], lines[4]].map(numbers);
    let mut count = |from: &str| number(conn, from);
    let there = [
        vec![count("service_points"), count("accounts"), count("households"), count("household_members")],
        vec![
            count("assistance_records"),
            count("assistance_records WHERE version > 1 AND state = 'active'"),
            count("assistance_records WHERE state = 'voided'"),
        ],
        vec![
            count("audit_events WHERE action = 'household.change_type'"),
            count("audit_events WHERE action = 'household.transfer'"),
            count("households WHERE status <> 'active'"),
        ],
        vec![count("reports")],
    ];
    assert_eq!(announced, there, "{printed}");
    assert_eq!(there[0][0], 3499);
    assert!((400..600).contains(&there[0][2]) && there[1][0] == 3_000, "{printed}");

    // The last month that is eleven days over is under way, in every state; two before it are closed, with all that happens on the way.
    let states = |conn: &mut Conn, which: &str| -> BTreeMap<String, i64> {
        let query = format!(
            "SELECT state AS text, count(*) AS n FROM reports WHERE period {which} \
             (SELECT max(period) FROM reports) GROUP BY state"
        );
        rows(conn, &query).into_iter().filter_map(|row| Some((row.text?, row.n))).collect()
    };
    let (closed, last) = (states(conn, "<"), states(conn, "="));
    assert_eq!(closed.keys().collect::<Vec<_>>(), ["approved"]);
    assert_eq!(last.keys().collect::<Vec<_>>(), ["approved", "returned", "submitted"]);
    let bureau = "reports r JOIN service_points p ON p.id = r.service_point_id WHERE p.tier = 'bureau'";
    assert_eq!(number(conn, bureau), 2);
    for decision in ["returned", "reopened", "approved"] {
        assert!(number(conn, &format!("report_submissions WHERE decision = '{decision}'")) > 0, "{decision}");
    }
    assert_eq!(number(conn, "report_waivers"), 8 * 3 + 2, "of counties, and of villages");
    // Nothing was entered for a closed month after it was closed.
    let late = "assistance_records r JOIN service_points p ON p.id = r.service_point_id JOIN reports s ON \
                s.service_point_id = p.id AND s.period = CAST(replace(substr(CAST(r.given_on AS TEXT), 1, 7), '-', '') AS INTEGER) \
                WHERE r.created_at > s.created_at";
    assert_eq!(number(conn, late), 0);

    let verified = run(desk, &[&["verify"][..], database].concat());
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    let again = run(desk, &[&["demo", "--small"][..], database].concat());
    let stderr = String::from_utf8(again.stderr).unwrap();
    assert_eq!((again.status.code(), stderr.lines().count()), (Some(1), 1), "{stderr}");
    assert!(stderr.contains("is not empty") && stderr.contains("--database"), "{stderr}");

    // Whoever sees a name or an address sees that it is none.
    for (column, table) in [
        ("name", "household_members"),
        ("head_name", "households"),
        ("address", "households"),
        ("display_name", "accounts"),
        ("note", "assistance_records"),
        ("void_reason", "assistance_records"),
    ] {
        let real = format!("{table} WHERE {column} IS NOT NULL AND {column} NOT LIKE '模拟%'");
        assert_eq!(number(conn, &real), 0, "{column} of {table}");
    }
    assert_eq!(number(conn, "service_points WHERE tier = 'bureau' AND name LIKE '%模拟数据%'"), 1);
    // Each bears its own day.
    assert_eq!(number(conn, "assistance_records WHERE created_at >= updated_at AND version > 1"), 0);
    let days = rows(conn, "SELECT NULL AS text, count(DISTINCT given_on) AS n FROM assistance_records");
    assert!(days[0].n > 250, "{} days", days[0].n);
    let by_worker = "assistance_records r JOIN grants g ON g.account_id = r.created_by \
                     AND g.service_point_id = r.service_point_id";
    assert_eq!(number(conn, by_worker), 3_000, "each point logs for itself");
}

/// Every identity number, opened with the key, is one that is never issued.
fn identities_are_invented(conn: &mut Conn) {
    let sealed = rows(
        conn,
        "SELECT lower(hex(id)) || ' ' || lower(hex(identity_number)) AS text, 0 AS n FROM household_members \
         WHERE identity_number IS NOT NULL",
    );
    let keys = Keys::from_secret(KEY).unwrap();
    let bytes = |hex: &str| -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    };
    for row in &sealed {
        let (id, sealed) = row.text.as_deref().unwrap().split_once(' ').unwrap();
        let row: Id = id.parse().unwrap();
        let place = Place { table: "household_members", column: "identity_number", row };
        let number = seal::open(&keys, place, &bytes(sealed)).unwrap();
        assert!(number.starts_with("999999") && number.len() == 18, "{number}");
    }
    assert!(sealed.len() > 1_000);
}

#[test]
fn a_small_year_is_what_it_says_and_can_be_looked_at_from_every_tier() {
    let desk = Desk::new();
    let printed = succeeds(&desk, &["demo", "--small"]);
    let mut conn = Conn::Sqlite(conn(&desk, "terrace.db"));
    check(&mut conn, &printed, &[], &desk);
    identities_are_invented(&mut conn);

    let server = Server::start_with(&desk, &["serve"], &[("TERRACE_KEY", KEY)]);
    let mut tiers = BTreeMap::new();
    for line in printed.lines().filter(|line| line.starts_with("  ")) {
        let [tier, role, username, password, _] = line.split_whitespace().collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let credentials = json!({"username": username, "password": password});
        let (status, session) = server.call("POST", "/api/v1/auth/sign-in", None, Some(&credentials));
        assert_eq!(status, 200, "{username}: {session}");
        assert_ne!(session["must_change_password"], Value::Bool(true), "{username}");
        let token = session["access_token"].as_str().unwrap();
        let (status, list) = server.call("GET", "/api/v1/households?limit=1&count=true", Some(token), None);
        if role == "admin" {
            assert_eq!(status, 403, "{list}");
            continue;
        }
        assert_eq!(status, 200, "{username}: {list}");
        let within = format!(
            "households h JOIN service_points p ON p.id = h.service_point_id JOIN service_points top \
             ON p.path LIKE top.path || '%' JOIN grants g ON g.service_point_id = top.id \
             JOIN accounts a ON a.id = g.account_id WHERE a.username = '{username}'"
        );
        let there = number(&mut conn, &within);
        assert_eq!(list["count"], json!(there), "{username}: {list}");
        assert!(there >= 3, "{username} sees hardly anything");
        tiers.insert(tier.to_owned(), there);
    }
    a_frame_can_be_drawn_again(&desk, &server, &printed);
    assert_eq!(tiers.keys().map(String::as_str).collect::<Vec<_>>(), ["bureau", "county", "township", "village"]);
    assert!(tiers["bureau"] > tiers["county"] && tiers["county"] > tiers["township"], "{tiers:?}");
    assert!(tiers["township"] > tiers["village"], "{tiers:?}");
    assert_eq!(server.signal("TERM").status.code(), Some(0));
}

/// How the program signs somebody in whom the demo announced.
fn sign_in(server: &Server, printed: &str, who: &str) -> String {
    let line = printed.lines().find(|line| line.starts_with("  ") && line.contains(who)).unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    let credentials = json!({"username": words[2], "password": words[3]});
    let (status, session) = server.call("POST", "/api/v1/auth/sign-in", None, Some(&credentials));
    assert_eq!(status, 200, "{session}");
    session["access_token"].as_str().unwrap().to_owned()
}

/// The migrations up to the one before reports, the same on both databases.
const BEFORE_REPORTS: usize = 7;

#[test]
fn a_year_from_before_there_were_reports_is_brought_up_to_date() {
    let desk = Desk::new();
    let printed = succeeds(&desk, &["demo", "--small", "--months", "0"]);
    let file = desk.path("terrace.db");
    let mut old = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    go_back(&mut old, "sqlite");
    drop(old);
    reports_as_usual(&desk, &printed, &[]);
}

#[test]
fn the_same_on_postgresql() {
    let Some(place) = OnServer::find() else { return };
    let desk = Desk::new();
    let database = ["--database", &place.url];
    let printed = succeeds(&desk, &[&["demo", "--small", "--months", "0"][..], &database].concat());
    go_back(&mut PgConnection::establish(&place.url).unwrap(), "postgres");
    reports_as_usual(&desk, &printed, &database);
}

fn go_back<C: MigrationHarness<B>, B: diesel::backend::Backend>(conn: &mut C, database: &str) {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(database);
    let files = FileBasedMigrations::from_path(root).unwrap();
    let newest = (0..BEFORE_REPORTS).map(|_| conn.revert_last_migration(files.clone()).unwrap().to_string());
    assert_eq!(newest.last().as_deref(), Some("0010"));
}

/// The server brings the tables up to date, and a village sends in its month.
fn reports_as_usual(desk: &Desk, printed: &str, database: &[&str]) {
    let server = Server::start_with(desk, &[database, &["serve"]].concat(), &[("TERRACE_KEY", KEY)]);
    let worker = sign_in(&server, printed, "village.");
    let (_, points) = server.call("GET", "/api/v1/service-points?limit=1", Some(&worker), None);
    let month = Edge::system().now().day().month().first_day().minus_days(1).month();
    let report = |nil: bool| {
        let request = json!({"service_point_id": points["items"][0]["id"], "month": month, "nil": nil, "note": "模拟"});
        server.call("POST", "/api/v1/reports", Some(&worker), Some(&request))
    };
    let (status, report) = match report(false) {
        (409, problem) if problem["code"] == "report.nil_needed" => report(true),
        answer => answer,
    };
    assert_eq!((status, &report["state"]), (201, &json!("submitted")), "{report}");
    assert_eq!(server.signal("TERM").status.code(), Some(0));
    succeeds(desk, &[&["verify"][..], database].concat());
}

/// Whoever has the printed frame and the seed draws the same sample, without the program.
fn a_frame_can_be_drawn_again(desk: &Desk, server: &Server, printed: &str) {
    let auditor = sign_in(server, printed, "auditor");
    let ask = |method: &str, path: &str, body: Option<&Value>| {
        let (status, answer) = server.call(method, path, Some(&auditor), body);
        assert!((200..300).contains(&status), "{method} {path}: {answer}");
        answer
    };
    let bureau = &ask("GET", "/api/v1/service-points?limit=1", None)["items"][0]["id"];
    let month = Edge::system().now().day().month().first_day().minus_days(1).month();
    let (from, to) = (month.first_day(), month.last_day());
    let inspection = json!({"service_point_id": bureau, "name": "模拟抽查", "period_from": from, "period_to": to,
        "kinds": [], "method": "proportional", "sample_size": 20});
    let framed = ask("POST", "/api/v1/inspections", Some(&inspection));
    let id = framed["id"].as_str().unwrap();
    let frame = succeeds(desk, &["inspection", "frame", id]);
    assert_eq!(framed["frame_digest"], hex(&sha256(frame.as_bytes())));
    let path = format!("/api/v1/inspections/{id}");
    let seed = json!({"seed": "模拟种子"});
    let (status, seeded) = server.call_upon(&format!("{path}/seed"), &auditor, &framed["version"], Some(&seed));
    assert_eq!(status, 200, "{seeded}");
    let (status, drawn) = server.call_upon(&format!("{path}/draw"), &auditor, &seeded["version"], None);
    assert_eq!(status, 200, "{drawn}");
    let items =
        ask("GET", &format!("/api/v1/inspection-items?limit=100&service_point_id={}", bureau.as_str().unwrap()), None);
    let mut sample: Vec<(i64, &str)> = items["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["number"].as_i64().unwrap(), item["record_id"].as_str().unwrap()))
        .collect();
    sample.sort_unstable();
    let sample: Vec<&str> = sample.into_iter().map(|(_, record)| record).collect();
    assert_eq!(sample.len(), 20, "{items}");
    desk.write("frame.txt", &frame);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/inspection-draw.py");
    let drawn = std::process::Command::new("python3")
        .arg(script)
        .arg(desk.path("frame.txt"))
        .args(["模拟种子", "proportional", "20"])
        .output();
    // Who only builds and tests needs no Python.
    if let Ok(drawn) = drawn {
        let lines = String::from_utf8(drawn.stdout).unwrap();
        assert_eq!(lines.split_whitespace().collect::<Vec<_>>(), sample, "{}", String::from_utf8_lossy(&drawn.stderr));
    }
}

/// Everything but passwords and what is sealed under a nonce of its own.
fn digest(desk: &Desk) -> BTreeMap<&'static str, String> {
    let mut conn = Conn::Sqlite(conn(desk, "terrace.db"));
    let mut digest = |table, columns: &str| {
        let query = format!("SELECT {columns} AS text, 0 AS n FROM {table} ORDER BY 1");
        let lines: Vec<String> = rows(&mut conn, &query).into_iter().filter_map(|row| row.text).collect();
        assert!(lines.len() > 300, "{table}");
        let keys = Keys::from_secret(KEY).unwrap();
        (table, hex(&keys.mac(Purpose::Request, &[lines.join("\n").as_bytes()])))
    };
    BTreeMap::from([
        digest("service_points", "hex(id) || name || path || opened_on || created_at"),
        digest("accounts", "hex(id) || username || display_name || created_at"),
        digest(
            "households",
            "hex(id) || hex(service_point_id) || ifnull(head_name, '') || persons || address || household_type || \
             risk_causes || status || registered_on || hex(created_by) || hex(request_digest) || created_at || updated_at",
        ),
        digest(
            "household_members",
            "hex(id) || hex(household_id) || name || relation || birth_on || hex(identity_hash) || health || joined_on",
        ),
        digest(
            "assistance_records",
            "hex(id) || hex(household_id) || hex(service_point_id) || kind || given_on || quantity || \
             ifnull(amount_fen, '') || state || version || hex(created_by) || created_at || updated_at",
        ),
        digest("cells", "hex(service_point_id) || ledger || period || kind || class || n || quantity || amount_fen"),
    ])
}

#[test]
fn the_same_seed_gives_the_same_rows_and_another_one_others() {
    let digests = ["7", "7", "8"].map(|seed| {
        let desk = Desk::new();
        succeeds(&desk, &["demo", "--small", "--seed", seed]);
        digest(&desk)
    });
    assert_eq!(digests[0], digests[1]);
    for table in ["households", "assistance_records"] {
        assert_ne!(digests[0][table], digests[2][table]);
    }
}

#[test]
fn a_small_year_is_the_same_thing_on_postgresql() {
    let Some(place) = OnServer::find() else { return };
    let desk = Desk::new();
    let printed = succeeds(&desk, &["demo", "--small", "--database", &place.url]);
    let mut conn = Conn::Pg(PgConnection::establish(&place.url).unwrap());
    check(&mut conn, &printed, &["--database", &place.url], &desk);
}

#[test]
fn sizes_that_cannot_be_are_refused() {
    let desk = Desk::new();
    desk.fails(&["demo", "--scale", "0"], &["--scale", "0"]);
    desk.fails(&["demo", "--scale", "7"], &["--scale", "7"]);
    desk.fails(&["demo", "--small", "--scale", "2"], &["--small", "--scale"]);
    desk.fails(&["demo", "--seed", "one"], &["--seed", "one"]);
    desk.fails(&["demo", "--months", "13"], &["--months", "13"]);
    assert!(!desk.path("terrace.db").exists());
}
