//! Backups, keys and the chain of events, as whoever looks after a server handles them.

use std::{fs, time::Duration};

use diesel::{
    Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, connection::SimpleConnection as _,
    sql_types::Text,
};

use super::{Desk, counts::conn, finish, finish_within, server::Server};

const TREE: &str = "code,name,parent_code,tier\n\
    999900000000,模拟市,,bureau\n999901000000,模拟县,999900000000,county\n\
    999901001000,模拟镇,999901000000,township\n999901001201,模拟村,999901001000,village\n";
const PASSPHRASE: &str = "模拟的口令，足够长的一句话，放进保险柜";

/// A network of one village, with an administrator.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("tree.csv", TREE).succeeds(&["points", "import", "tree.csv"]);
    desk.succeeds(&["admin", "create", "--username", "admin"]);
    desk
}

fn with_passphrase(desk: &Desk, arguments: &[&str], passphrase: &str) -> std::process::Output {
    finish(desk.terrace(arguments).env("TERRACE_PASSPHRASE", passphrase).spawn().unwrap())
}

#[test]
fn a_backup_made_beside_a_server_is_restored_elsewhere() {
    let desk = desk();
    let server = Server::start(&desk, &["serve"]);
    let said = desk.succeeds(&["backup", "first.backup"]);
    assert!(said.starts_with("first.backup: "), "{said}");
    assert_eq!(server.signal("TERM").status.code(), Some(0));
    // What happens afterwards is not in it.
    desk.succeeds(&["admin", "create", "--username", "later"]);

    let restore = ["restore", "first.backup", "--database", "sqlite:second.db", "--key-file", "terrace.keys"];
    let said = desk.succeeds(&restore);
    assert!(said.contains(": 0 findings") && said.contains("second.db: as it was at "), "{said}");
    let there = ["--database", "sqlite:second.db", "--key-file", "terrace.keys"];
    assert!(desk.succeeds(&[&["verify"][..], &there].concat()).contains(": 0 findings"));
    assert_eq!(names(&desk, "terrace.db"), ["admin", "later"]);
    assert_eq!(names(&desk, "second.db"), ["admin"]);
    // It is in running order: it takes what the first one took.
    desk.succeeds(&[&["admin", "create", "--username", "later"][..], &there].concat());
    assert!(desk.succeeds(&[&["verify"][..], &there].concat()).contains(": 0 findings"));
    // Nothing that exists is written over, and nothing half made is left.
    desk.fails(&restore, &["second.db", "exists"]);
    desk.fails(&["backup", "first.backup"], &["first.backup", "exists"]);
    let left: Vec<String> = fs::read_dir(desk.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".partial") || name.contains(".copy"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    username: String,
}

fn names(desk: &Desk, database: &str) -> Vec<String> {
    let rows: Vec<Name> =
        diesel::sql_query("SELECT username FROM accounts ORDER BY 1").load(&mut conn(desk, database)).unwrap();
    rows.into_iter().map(|row| row.username).collect()
}

#[test]
fn a_backup_is_refused_with_the_wrong_keys_damaged_or_of_a_newer_program() {
    let desk = desk();
    desk.succeeds(&["backup", "good.backup"]);
    let restore =
        |file: &'static str, keys: &'static str| ["restore", file, "--database", "sqlite:new.db", "--key-file", keys];
    // No key is made for it.
    desk.fails(&restore("good.backup", "none.keys"), &["none.keys", "keys import"]);
    assert!(!desk.path("none.keys").exists());
    desk.succeeds(&["--database", "sqlite:other.db", "verify"]);
    desk.fails(&restore("good.backup", "other.keys"), &["belongs to the key", "kept apart"]);

    let good = fs::read(desk.path("good.backup")).unwrap();
    let mut damaged = good.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    desk.write("damaged.backup", &damaged).fails(&restore("damaged.backup", "terrace.keys"), &["damaged"]);
    desk.write("cut.backup", &good[..middle])
        .fails(&restore("cut.backup", "terrace.keys"), &["damaged or not complete"]);
    desk.write("no.backup", "nothing").fails(&restore("no.backup", "terrace.keys"), &["no backup"]);
    let line = good.iter().position(|byte| *byte == b'\n').unwrap();
    let label = String::from_utf8(good[..line].to_vec()).unwrap().replace("terrace-backup/1", "terrace-backup/2");
    let newer = [label.as_bytes(), &good[line..]].concat();
    desk.write("newer.backup", newer).fails(&restore("newer.backup", "terrace.keys"), &["newer program"]);
    assert!(!desk.path("new.db").exists());
    desk.fails(&["--database", "sqlite:missing.db", "backup", "x.backup"], &["missing.db"]);
}

#[test]
fn a_database_of_a_newer_program_is_not_restored() {
    let desk = desk();
    diesel::sql_query("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')")
        .execute(&mut conn(&desk, "terrace.db"))
        .unwrap();
    desk.fails(&["backup", "newer.backup"], &["newer program"]);
}

#[test]
fn keys_are_copied_behind_a_passphrase() {
    let desk = desk();
    let before = fs::read_to_string(desk.path("terrace.keys")).unwrap();
    desk.fails(&["keys", "export", "copy.json"], &["passphrase"]);
    let short = with_passphrase(&desk, &["keys", "export", "copy.json"], "short");
    assert!(!short.status.success() && !desk.path("copy.json").exists());
    assert!(with_passphrase(&desk, &["keys", "export", "copy.json"], PASSPHRASE).status.success());
    let copy = fs::read_to_string(desk.path("copy.json")).unwrap();
    assert!(!copy.contains(before.trim()), "a key lies open in the copy");

    // The key file is lost. Another one is not made in its place.
    fs::rename(desk.path("terrace.keys"), desk.path("lost")).unwrap();
    desk.fails(&["verify"], &["terrace.keys"]);
    assert!(!desk.path("terrace.keys").exists());
    let wrong = with_passphrase(&desk, &["keys", "import", "copy.json"], "another long sentence");
    assert!(!wrong.status.success() && String::from_utf8_lossy(&wrong.stderr).contains("passphrase"));
    assert!(with_passphrase(&desk, &["keys", "import", "copy.json"], PASSPHRASE).status.success());
    assert_eq!(fs::read_to_string(desk.path("terrace.keys")).unwrap(), before);
    assert!(desk.succeeds(&["verify"]).contains(": 0 findings"));
    // What is there is not written over.
    assert!(!with_passphrase(&desk, &["keys", "import", "copy.json"], PASSPHRASE).status.success());
}

#[test]
fn a_rotation_makes_a_key_and_goes_on_when_it_was_interrupted() {
    let desk = desk();
    let said = desk.succeeds(&["keys", "rotate"]);
    assert!(said.starts_with("key 2: 0 values"), "{said}");
    assert_eq!(fs::read_to_string(desk.path("terrace.keys")).unwrap().lines().count(), 2);
    assert!(desk.succeeds(&["keys", "rotate"]).starts_with("key 3: "));
    let out = finish(
        desk.terrace(&["keys", "rotate"])
            .env("TERRACE_KEY", "8f3a1c5e7d9b2046f1e8c3a5b7d90264e6f8a1c3b5d7092846fae1c3957b2d08")
            .spawn()
            .unwrap(),
    );
    assert!(String::from_utf8_lossy(&out.stderr).contains("TERRACE_KEY"));
}

#[test]
fn a_head_that_was_kept_tells_of_what_was_cut_off() {
    let desk = desk();
    let head = desk.succeeds(&["audit", "head"]);
    let export = desk.succeeds(&["audit", "export"]);
    desk.write("head.json", &head).write("events.jsonl", &export);
    let said = desk.succeeds(&["audit", "verify", "events.jsonl", "head.json"]);
    assert!(said.starts_with("6 events, 6 of them under the head"), "{said}");
    assert!(desk.succeeds(&["verify", "--head", "head.json"]).contains(": 0 findings"));

    // Away from the server, line by line.
    let verify = |name: &str, text: &str| {
        desk.write(name, text);
        let out = finish(desk.terrace(&["audit", "verify", name, "head.json"]).spawn().unwrap());
        (out.status.code(), String::from_utf8(out.stdout).unwrap())
    };
    let lines: Vec<&str> = export.lines().collect();
    let (code, said) = verify("changed.jsonl", &export.replace("模拟", "真"));
    assert_eq!(code, Some(0), "names are not in it: {said}");
    let (code, said) = verify("changed.jsonl", &export.replacen("service_point.import", "service_point.open", 1));
    assert!(code == Some(1) && said.starts_with("line ") && said.contains("not what was sealed"), "{said}");
    let (code, said) = verify("dropped.jsonl", &[&lines[..2], &lines[3..]].concat().join("\n"));
    assert!(code == Some(1) && said.contains("removed, added or moved"), "{said}");
    let (code, said) = verify("cut.jsonl", &lines[..4].join("\n"));
    assert!(code == Some(1) && said.contains("the end was cut off"), "{said}");
    desk.write("forged.json", head.replace("\"seq\":6", "\"seq\":5"));
    desk.fails(&["audit", "verify", "events.jsonl", "forged.json"], &["signature"]);
    desk.fails(&["audit", "verify", "events.jsonl", "head.json", "--public-key", "00"], &["another key"]);

    // And on the server, whatever was done to its database.
    conn(&desk, "terrace.db")
        .batch_execute(
            "DROP TRIGGER audit_events_no_delete; DROP TRIGGER audit_seals_no_delete; \
         DELETE FROM audit_events WHERE id = (SELECT event_id FROM audit_seals WHERE seq = 6); \
         DELETE FROM audit_seals WHERE seq = 6",
        )
        .unwrap();
    let out = finish(desk.terrace(&["verify", "--head", "head.json"]).spawn().unwrap());
    let said = String::from_utf8(out.stdout).unwrap();
    assert!(out.status.code() == Some(1) && said.contains("its end was cut off"), "{said}");
}

/// PostgreSQL is backed up by its own tools, as docs/operations.md says; what they restore is in running order.
#[test]
fn a_dump_of_postgresql_is_restored_elsewhere() {
    let Some(admin_url) = postgres_url() else { return };
    let (base, query) = admin_url.split_once('?').map_or((&*admin_url, ""), |(base, query)| (base, query));
    let server = base.rsplit_once('/').unwrap().0;
    let names = ["from", "to"].map(|name| format!("terrace_cli_{}_{name}", std::process::id()));
    let [from, to] = names.clone().map(|name| format!("{server}/{name}?{query}"));
    let mut admin = PgConnection::establish(&admin_url).unwrap();
    let mut ask = |sql: &str| admin.batch_execute(sql).unwrap();
    for name in &names {
        ask(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        ask(&format!("CREATE DATABASE {name}"));
    }
    let desk = Desk::new();
    desk.write("tree.csv", TREE).succeeds(&["--database", &from, "points", "import", "tree.csv"]);
    desk.succeeds(&["--database", &from, "admin", "create", "--username", "admin"]);
    desk.fails(&["--database", &from, "backup", "x.backup"], &["pg_dump"]);
    desk.fails(&["--database", &to, "restore", "x.backup"], &["pg_restore"]);

    let dump = desk.path("terrace.dump");
    let tool = |program: &str, arguments: &[&std::ffi::OsStr]| {
        let done = std::process::Command::new(program).args(arguments).output().unwrap();
        assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
    };
    let file = [std::ffi::OsStr::new("--file"), dump.as_os_str()];
    tool("pg_dump", &[&["--format=custom".as_ref()][..], &file, &[from.as_ref()]].concat());
    tool(
        "pg_restore",
        &["--exit-on-error".as_ref(), "--no-owner".as_ref(), "--dbname".as_ref(), to.as_ref(), dump.as_ref()],
    );
    let said = desk.succeeds(&["--database", &to, "verify"]);
    assert!(said.contains("audit: 6 events in their chain") && said.contains(": 0 findings"), "{said}");
    // It goes on where it was, triggers and all; and not with another key.
    desk.succeeds(&["--database", &to, "admin", "create", "--username", "later"]);
    assert!(desk.succeeds(&["--database", &to, "verify"]).contains(": 0 findings"));
    let mut restored = PgConnection::establish(&to).unwrap();
    assert!(restored.batch_execute("DELETE FROM audit_events").is_err());
    drop(restored);
    desk.succeeds(&["--database", "sqlite:other.db", "verify"]);
    desk.fails(&["--database", &to, "--key-file", "other.keys", "verify"], &["belongs to the key"]);
    for name in &names {
        ask(&format!("DROP DATABASE {name} WITH (FORCE)"));
    }
}

/// Where PostgreSQL is; none, and a word about it, when there is no server or no tool to test with.
fn postgres_url() -> Option<String> {
    let url = std::env::var("TERRACE_TEST_POSTGRES_URL").ok();
    let tools = ["pg_dump", "pg_restore"]
        .iter()
        .all(|tool| std::process::Command::new(tool).arg("--version").output().is_ok_and(|done| done.status.success()));
    let required = std::env::var("TERRACE_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
    assert!(!required || (url.is_some() && tools), "TERRACE_REQUIRE_POSTGRES=1, but no server or no pg_dump is there");
    if !tools || url.is_none() {
        eprintln!("skipped: set TERRACE_TEST_POSTGRES_URL, and have pg_dump, to run it");
    }
    url.filter(|_| tools)
}

/// Beside a server at work, every sealed value comes under the new key, and every row is still what its last event says.
#[test]
fn a_rotation_seals_everything_anew() {
    #[derive(QueryableByName)]
    struct Key {
        #[diesel(sql_type = Text)]
        key: String,
    }
    let desk = Desk::new();
    // Even a small year is some thousand service points and accounts.
    let made = finish_within(Duration::from_secs(300), desk.terrace(&["demo", "--small"]).spawn().unwrap());
    assert!(made.status.success(), "{made:?}");
    let server = Server::start(&desk, &["serve"]);
    let keys = |desk: &Desk| -> Vec<String> {
        let query = "SELECT DISTINCT hex(substr(sealed, 1, 1)) AS key FROM (\
            SELECT phone AS sealed FROM households UNION ALL SELECT phone FROM accounts UNION ALL \
            SELECT identity_number FROM household_members UNION ALL SELECT disability_certificate FROM household_members \
            UNION ALL SELECT phone FROM household_members UNION ALL SELECT contact_phone FROM service_points) \
            WHERE sealed IS NOT NULL ORDER BY 1";
        let rows: Vec<Key> = diesel::sql_query(query).load(&mut conn(desk, "terrace.db")).unwrap();
        rows.into_iter().map(|row| row.key).collect()
    };
    assert_eq!(keys(&desk), ["01"]);
    let said = desk.succeeds(&["keys", "rotate"]);
    let values: u64 = said.split_whitespace().nth(2).unwrap().parse().unwrap();
    assert!(said.starts_with("key 2: ") && values > 500, "{said}");
    assert_eq!(keys(&desk), ["02"]);
    assert!(desk.succeeds(&["verify"]).contains(": 0 findings"));
    // One that was interrupted is gone on with: no key is made for what is left.
    diesel::sql_query(
        "UPDATE households SET phone = CAST(X'01' || substr(phone, 2) AS BLOB) WHERE phone IS NOT NULL AND rowid % 7 = 0",
    )
    .execute(&mut conn(&desk, "terrace.db"))
    .unwrap();
    desk.fails(&["keys", "rotate"], &["cannot be opened"]);
    assert_eq!(fs::read_to_string(desk.path("terrace.keys")).unwrap().lines().count(), 2);
    assert_eq!(server.signal("TERM").status.code(), Some(0));
}
