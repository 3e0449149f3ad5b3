//! Numbers changed behind the program's back: its own check names each, and its repair mends them and leaves a trace.

use diesel::{QueryDsl as _, RunQueryDsl as _, dsl::count_star, prelude::*};
use terrace::app::verify::{repair, verify};

use super::super::recount::{Book, kept_cells, kept_presence, spoil_cell, spoil_persons, spoil_presence};
use crate::support::TestApp;

diesel::table! {
    use diesel::sql_types::*;
    use terrace::db::types::Uid;

    audit_events (id) {
        id -> Uid,
        actor_kind -> Text,
        action -> Text,
        object_id -> Uid,
    }
}

/// What the program says of itself.
pub async fn assert_clean(app: &TestApp) {
    let found = verify(&app.house.gate, None).await.unwrap();
    let numbers = found.recount.differences.iter().map(|one| one.line());
    // The people of a test are put in place past the program, without an event.
    let put = |line: &String| line.starts_with("the account ") || line.starts_with("the grant ");
    let rows = found.rows.lines.into_iter().filter(|line| !put(line));
    let lines: Vec<String> = numbers.chain(found.chain.lines).chain(rows).collect();
    assert!(lines.is_empty(), "{lines:#?}");
}

pub async fn tamper(app: &TestApp) {
    let mut conn = app.conn();
    let (cells, presence, book) = (kept_cells(&mut conn), kept_presence(&mut conn), Book::read(&mut conn));
    let household = book.households.values().max_by_key(|household| household.persons).unwrap().clone();
    let cell = cells.keys().rfind(|(_, ledger, ..)| ledger == "assistance").unwrap().clone();
    let reached = presence.keys().next().unwrap().clone();
    spoil_cell(&mut conn, &cell);
    spoil_presence(&mut conn, &reached);
    spoil_persons(&mut conn, household.id);

    let expected = [
        format!("cell of {}, {} {} kind={}", cell.0, cell.1, cell.2, cell.3),
        format!("household {}", household.id),
        format!("presence of {} in {} kind={}", reached.0, reached.2, reached.1),
    ];
    let named = |found: Vec<String>| {
        let mut found = found;
        found.sort();
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (line, start) in found.iter().zip(&expected) {
            assert!(line.starts_with(start.as_str()), "{line}, not {start}");
        }
    };
    let lines = |found: &[terrace::app::recount::Difference]| found.iter().map(|one| one.line()).collect();
    named(lines(&verify(&app.house.gate, None).await.unwrap().recount.differences));
    // To look is not to mend.
    named(lines(&verify(&app.house.gate, None).await.unwrap().recount.differences));
    let mut events = |object| -> i64 {
        audit_events::table
            .filter(audit_events::object_id.eq(object))
            .filter(audit_events::action.eq("statistics.repair"))
            .filter(audit_events::actor_kind.eq("operator"))
            .select(count_star())
            .first(&mut conn)
            .unwrap()
    };
    assert_eq!((events(cell.0), events(reached.0), events(household.id)), (0, 0, 0));
    named(lines(&repair(&app.house.gate).await.unwrap().differences));
    assert_clean(app).await;
    for object in [cell.0, reached.0, household.id] {
        assert_eq!(events(object), if reached.0 == household.id && object == reached.0 { 2 } else { 1 }, "{object}");
    }
    assert_eq!(repair(&app.house.gate).await.unwrap().differences.len(), 0);
    assert_eq!((kept_cells(&mut conn), kept_presence(&mut conn)), (cells, presence));
    assert_eq!(Book::read(&mut conn).households, book.households);
}
