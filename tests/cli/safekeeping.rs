//! Backups, keys and the chain of events, as whoever looks after a server handles them.

use std::fs;

use diesel::{QueryableByName, RunQueryDsl as _, sql_types::Text};

use super::{Desk, counts::conn, finish, server::Server};

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
    diesel::connection::SimpleConnection::batch_execute(
        &mut conn(&desk, "terrace.db"),
        "DROP TRIGGER audit_events_no_delete; DROP TRIGGER audit_seals_no_delete; \
         DELETE FROM audit_events WHERE id = (SELECT event_id FROM audit_seals WHERE seq = 6); \
         DELETE FROM audit_seals WHERE seq = 6",
    )
    .unwrap();
    let out = finish(desk.terrace(&["verify", "--head", "head.json"]).spawn().unwrap());
    let said = String::from_utf8(out.stdout).unwrap();
    assert!(out.status.code() == Some(1) && said.contains("its end was cut off"), "{said}");
}
