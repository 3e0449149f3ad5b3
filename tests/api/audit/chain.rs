//! The chain of events and the contents of rows: whatever is changed past the program is named, and nothing else is.

use std::time::Duration;

use diesel::sql_types::{BigInt, Binary};
use serde_json::json;
use terrace::{
    app::{maintenance, verify::verify},
    domain::{
        audit_chain::{Head, ORIGIN, Reader, link},
        codes::Role,
        digest::{Digest, content_digest},
    },
};

use super::*;
use crate::{
    on_both,
    support::{Actor, Network, household},
};

/// What is wrong with the chain, and with the rows but those that tests put in place past the program.
async fn findings(app: &TestApp, head: Option<&Head>) -> (Vec<String>, Vec<String>) {
    let found = verify(&app.house.gate, head.cloned()).await.unwrap();
    assert_eq!(found.recount.differences.len(), 0);
    let put = |line: &String| line.starts_with("the account ") || line.starts_with("the grant ");
    (found.chain.lines, found.rows.lines.into_iter().filter(|line| !put(line)).collect())
}

/// Waits until everything has its place: on PostgreSQL that is a moment after the commit.
async fn sealed(app: &TestApp) {
    let mut conn = app.conn();
    for _ in 0..500 {
        if number(&mut conn, "SELECT count(*) FROM audit_unsealed") == 0 {
            return;
        }
        actix_web::rt::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("events wait for ever");
}

fn number(conn: &mut Conn, query: &str) -> i64 {
    sql::<BigInt>(query).get_result(conn).unwrap()
}

/// A database's administrator, whom no trigger stops.
fn unlock(conn: &mut Conn) {
    let statements = if matches!(conn, Conn::Sqlite(_)) {
        "DROP TRIGGER audit_events_no_update; DROP TRIGGER audit_events_no_replace; DROP TRIGGER audit_events_no_delete; \
         DROP TRIGGER audit_seals_no_update; DROP TRIGGER audit_seals_no_replace; DROP TRIGGER audit_seals_no_delete; \
         PRAGMA foreign_keys = OFF"
    } else {
        "ALTER TABLE audit_events DISABLE TRIGGER ALL; ALTER TABLE audit_seals DISABLE TRIGGER ALL; \
         SET session_replication_role = replica"
    };
    conn.batch_execute(statements).unwrap();
}

fn by_hand(conn: &mut Conn, statement: &str) {
    conn.batch_execute(statement).unwrap_or_else(|error| panic!("{error}: {statement}"));
}

/// The event at a place, as findings name it.
fn event_at(conn: &mut Conn, seq: i64) -> String {
    let id = format!("SELECT event_id FROM audit_seals WHERE seq = {seq}");
    let text = if matches!(conn, Conn::Sqlite(_)) {
        format!("SELECT lower(hex(event_id)) FROM audit_seals WHERE seq = {seq}")
    } else {
        format!("SELECT replace(({id})::text, '-', '')")
    };
    sql::<Text>(&text).get_result(conn).unwrap()
}

/// The one finding, without the hyphens of ids.
#[track_caller]
fn only(lines: &[String]) -> String {
    let [line] = lines else { panic!("not one finding: {lines:#?}") };
    line.replace('-', "")
}

struct Played {
    network: Network,
    worker: Actor,
    household: Id,
    record: Id,
}

/// A little history: a tree, a household with a record that was corrected.
async fn play(app: &TestApp) -> Played {
    let network = app.network().await;
    let worker = app.actor(&[(Role::Worker, network.id("c1t1v1"))]);
    let home = network.id("c1t1v1");
    let household = app.post(&worker, "/api/v1/households", &household(home)).await.expect(201).id();
    let body = json!({
        "household_id": household, "service_point_id": home, "kind": "logistics", "given_on": app.today(), "quantity": 3
    });
    let record = app.post(&worker, "/api/v1/assistance-records", &body).await.expect(201).id();
    let path = format!("/api/v1/assistance-records/{record}");
    app.patch(&worker, &path, 1, &json!({ "reason": "模拟原因", "quantity": 4 })).await.expect(200);
    sealed(app).await;
    Played { network, worker, household, record }
}

/// Something more that happens.
async fn go_on(app: &TestApp, played: &Played) {
    let home = played.network.id("c1t1v1");
    app.post(&played.worker, "/api/v1/households", &household(home)).await.expect(201);
    sealed(app).await;
}

on_both! {
    async fn what_the_program_wrote_is_clean_and_dense(app: TestApp) {
        let played = play(&app).await;
        assert_eq!(findings(&app, None).await, (vec![], vec![]));
        let mut conn = app.conn();
        let events = number(&mut conn, "SELECT count(*) FROM audit_events");
        assert!(events > 15);
        assert_eq!(number(&mut conn, "SELECT max(seq) FROM audit_seals"), events);
        let head = maintenance::head(&app.house.gate).await.unwrap();
        assert_eq!(head.seq, events);
        go_on(&app, &played).await;
        assert_eq!(findings(&app, Some(&head)).await, (vec![], vec![]));
        // A head that somebody else signed, or that was changed, is told of, not believed.
        let forged = Head { seq: head.seq + 100, ..head };
        assert!(only(&findings(&app, Some(&forged)).await.0).contains("not signed by this installation"));
    }

    async fn a_changed_event_is_named(app: TestApp) {
        let played = play(&app).await;
        let mut conn = app.conn();
        unlock(&mut conn);
        let event = event_at(&mut conn, 7);
        by_hand(&mut conn, "UPDATE audit_events SET request_id = 'another' WHERE id = (SELECT event_id FROM audit_seals WHERE seq = 7)");
        go_on(&app, &played).await;
        let (chain, rows) = findings(&app, None).await;
        assert_eq!((only(&chain), rows), (format!("the event {event} at place 7 was changed or moved"), vec![]));
    }

    async fn a_removed_event_is_named(app: TestApp) {
        let played = play(&app).await;
        let mut conn = app.conn();
        unlock(&mut conn);
        let event = event_at(&mut conn, 3);
        by_hand(&mut conn, "DELETE FROM audit_events WHERE id = (SELECT event_id FROM audit_seals WHERE seq = 3)");
        go_on(&app, &played).await;
        assert_eq!(only(&findings(&app, None).await.0), format!("the event {event} at place 3 was removed"));
        // With its place.
        by_hand(&mut conn, "DELETE FROM audit_seals WHERE seq = 3");
        let (chain, _) = findings(&app, None).await;
        assert_eq!(chain[0], "the places 3 to 3 of the chain were removed", "{chain:?}");
    }

    async fn an_event_that_was_slipped_in_is_named_and_never_sealed(app: TestApp) {
        let played = play(&app).await;
        let mut conn = app.conn();
        let (new, id) = match conn {
            Conn::Sqlite(_) => ("x'0190f3a0000070008000000000000001'", "0190f3a0000070008000000000000001"),
            Conn::Pg(_) => ("'0190f3a0-0000-7000-8000-000000000001'::uuid", "0190f3a0000070008000000000000001"),
        };
        let columns = "at, actor_kind, actor_id, action, object_type, object_id, object_version, service_point_id, reason, before, \
                       after, content_hash, request_id, address";
        let from = "FROM audit_events WHERE id = (SELECT event_id FROM audit_seals WHERE seq = 5)";
        by_hand(&mut conn, &format!("INSERT INTO audit_events (id, {columns}) SELECT {new}, {columns} {from}"));
        let expected = format!("the event {id} has no place in the chain: it was added or changed by hand");
        assert_eq!(only(&findings(&app, None).await.0), expected);
        // Nor does it help to let it wait like the others: that takes the key.
        by_hand(&mut conn, &format!("INSERT INTO audit_unsealed (event_id, digest, mac) SELECT {new}, digest, mac FROM audit_seals WHERE seq = 1"));
        app.post(&played.worker, "/api/v1/households", &household(played.network.id("c1t1v1"))).await.expect(201);
        actix_web::rt::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(only(&findings(&app, None).await.0), expected);
    }

    async fn swapped_events_are_named(app: TestApp) {
        let played = play(&app).await;
        let mut conn = app.conn();
        unlock(&mut conn);
        let [third, sixth] = [3, 6].map(|seq| event_at(&mut conn, seq));
        // Each takes the other's id, so that each stands at the other's place.
        let bytes = |conn: &mut Conn, seq: i64| -> Id {
            sql::<terrace::db::types::Uid>(&format!("SELECT event_id FROM audit_seals WHERE seq = {seq}")).get_result(conn).unwrap()
        };
        let (a, b, hold) = (bytes(&mut conn, 3), bytes(&mut conn, 6), app.edge.new_id());
        for (from, to) in [(a, hold), (b, a), (hold, b)] {
            diesel::update(audit_events::table.find(from)).set(diesel::ExpressionMethods::eq(audit_events::id, to)).execute(&mut conn).unwrap();
        }
        go_on(&app, &played).await;
        let chain: Vec<String> = findings(&app, None).await.0.iter().map(|line| line.replace('-', "")).collect();
        assert_eq!(chain, [
            format!("the event {third} at place 3 was changed or moved"),
            format!("the event {sixth} at place 6 was changed or moved"),
        ]);
    }

    async fn an_end_that_was_cut_off_shows_in_a_head_that_was_kept(app: TestApp) {
        let played = play(&app).await;
        // Somebody looks at the household's numbers; of such an event no row tells.
        let auditor = app.actor(&[(Role::Auditor, played.network.id("b"))]);
        let path = format!("/api/v1/households/{}/export", played.household);
        app.post(&auditor, &path, &json!({ "reason": "模拟核查" })).await.expect(200);
        sealed(&app).await;
        let head = maintenance::head(&app.house.gate).await.unwrap();
        let mut conn = app.conn();
        unlock(&mut conn);
        by_hand(&mut conn, &format!("DELETE FROM audit_events WHERE id = (SELECT event_id FROM audit_seals WHERE seq = {})", head.seq));
        by_hand(&mut conn, &format!("DELETE FROM audit_seals WHERE seq = {}", head.seq));
        assert_eq!(findings(&app, None).await, (vec![], vec![]), "nothing is left that could tell");
        let cut = only(&findings(&app, Some(&head)).await.0);
        assert!(cut.contains(&format!("has {} events, the chain has {}", head.seq, head.seq - 1)), "{cut}");
        // And when others have come in the place of what was cut off.
        go_on(&app, &played).await;
        assert!(findings(&app, Some(&head)).await.0[0].contains("not the one of the head"));
        assert_eq!(findings(&app, None).await, (vec![], vec![]));
    }

    async fn a_chain_that_was_linked_anew_without_the_key_is_named(app: TestApp) {
        play(&app).await;
        let mut conn = app.conn();
        unlock(&mut conn);
        by_hand(&mut conn, "UPDATE audit_events SET reason = 'another' WHERE id = (SELECT event_id FROM audit_seals WHERE seq = 12)");
        let ids: Vec<(i64, Id)> =
            sql::<(BigInt, terrace::db::types::Uid)>("SELECT seq, event_id FROM audit_seals ORDER BY seq").load(&mut conn).unwrap();
        let mut before: Digest = ORIGIN;
        for (seq, id) in &ids {
            let event = events(&mut conn).into_iter().find(|event| event.id == *id).unwrap();
            before = link(&before, &content_digest(&content(&event)).unwrap());
            diesel::sql_query("UPDATE audit_seals SET digest = $1 WHERE seq = $2")
                .bind::<Binary, _>(before.to_vec())
                .bind::<BigInt, _>(*seq)
                .execute(&mut conn)
                .unwrap();
        }
        let (chain, _) = findings(&app, None).await;
        let places = ids.len() - 11;
        assert_eq!(chain.len(), places, "everything from the twelfth place on: {chain:#?}");
        assert!(chain[0].starts_with("the place 12 of the chain"), "{}", chain[0]);
    }

    async fn a_row_that_was_changed_added_or_removed_is_named(app: TestApp) {
        let played = play(&app).await;
        let mut conn = app.conn();
        let simple = |id: Id| id.to_string().replace('-', "");
        let (household, record) = (simple(played.household), simple(played.record));
        let was = number(&mut conn, "SELECT quantity FROM assistance_records");
        by_hand(&mut conn, "UPDATE assistance_records SET quantity = 3, amount_fen = 1");
        let changed = format!("the assistance record {record} is not what its last event says (version 2): it was changed by hand");
        let found = verify(&app.house.gate, None).await.unwrap();
        assert!(found.rows.lines.iter().any(|line| line.replace('-', "") == changed), "{:?}", found.rows.lines);
        // Also when it says again what an earlier version said.
        by_hand(&mut conn, "UPDATE assistance_records SET quantity = 3, amount_fen = NULL, version = 1, updated_at = created_at");
        let found = verify(&app.house.gate, None).await.unwrap();
        assert!(found.rows.lines.iter().any(|line| line.replace('-', "") == changed), "{:?}", found.rows.lines);
        by_hand(&mut conn, &format!("UPDATE assistance_records SET quantity = {was}, version = 2"));

        // A sealed number that was sealed for this very place before, and is put back.
        by_hand(&mut conn, "UPDATE households SET address = '模拟别处'");
        let found = verify(&app.house.gate, None).await.unwrap().rows.lines;
        assert!(found.iter().any(|line| line.replace('-', "").contains(&household)), "{found:?}");

        unlock(&mut conn);
        by_hand(&mut conn, "DELETE FROM household_members");
        let found = verify(&app.house.gate, None).await.unwrap().rows.lines;
        assert!(found.iter().any(|line| line.starts_with("the household member ") && line.ends_with("was removed by hand")), "{found:?}");
        by_hand(&mut conn, "DELETE FROM audit_events WHERE object_type = 'assistance_record'");
        let found = verify(&app.house.gate, None).await.unwrap().rows.lines;
        let added = format!("the assistance record {record} has no event: it was added by hand");
        assert!(found.iter().any(|line| line.replace('-', "") == added), "{found:?}");
    }

    /// An export tells everything, and is checked by whoever has it and a head: no database, no key.
    async fn an_export_is_checked_against_a_head(app: TestApp) {
        play(&app).await;
        let head = maintenance::head(&app.house.gate).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.jsonl");
        let count = maintenance::export_events(&app.house.gate, std::fs::File::create(&path).unwrap()).await.unwrap();
        assert_eq!(count, head.seq);
        let text = std::fs::read_to_string(&path).unwrap();
        let check = |text: &str| {
            let mut reader = Reader::new(&head);
            (1..).zip(text.lines()).for_each(|(number, line)| reader.line(number, line));
            reader.finish().1
        };
        assert_eq!(check(&text), Vec::<String>::new());
        assert!(check(&text.replacen("household.register", "household.export", 1))[0].contains("not what was sealed"));
        let cut: Vec<&str> = text.lines().take(5).collect();
        assert!(check(&cut.join("\n"))[0].contains("cut off"));
    }
}

/// An event's content as the design says it: the fields that are there, as JSON.
fn content(event: &Event) -> serde_json::Value {
    json!({
        "id": event.id, "at": event.at, "actor_kind": event.actor_kind, "actor_id": event.actor_id, "action": event.action,
        "object_type": event.object_type, "object_id": event.object_id, "object_version": event.object_version,
        "service_point_id": event.service_point_id, "reason": event.reason, "before": event.before, "after": event.after,
        "content_hash": event.content_hash.as_deref().map(terrace::domain::digest::hex), "request_id": event.request_id,
        "address": event.address,
    })
}
