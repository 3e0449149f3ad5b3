//! Numbers changed behind the program's back: its own check names each, and its repair mends them and leaves a trace.

use diesel::{QueryDsl as _, RunQueryDsl as _, dsl::count_star, prelude::*};
use terrace::{
    app::verify::{repair, verify},
    domain::Id,
};

use super::super::recount::{
    Book, kept_cells, kept_presence, spoil_cell, spoil_entry, spoil_item, spoil_persons, spoil_presence,
    spoil_registered, spoil_store,
};
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

/// The ledgers whose cells follow from the new tables.
const LEDGERS: [&str; 28] = [
    "sales",
    "sales_platforms",
    "sales_products",
    "sales_campaigns",
    "sales_opening",
    "livestreams",
    "stores",
    "stores_opened",
    "stores_active",
    "partners",
    "training_sessions",
    "attendances",
    "trained",
    "trained_ever",
    "logistics_sites",
    "villages_covered",
    "parcels",
    "villages_broadband",
    "villages_mobile_network",
    "villages_paved_road",
    "villages_three_phase_power",
    "households_lifted",
    "persons_lifted",
    "benefits",
    "policy_documents",
    "policy_documents_issued",
    "project_payments",
    "project_budgets",
];

/// The same for the ledgers of trade and training: a cell of each, and each of the rows that cells follow from.
pub async fn tamper_with_ledgers(app: &TestApp) {
    let mut conn = app.conn();
    let (cells, presence, book) = (kept_cells(&mut conn), kept_presence(&mut conn), Book::read(&mut conn));
    let mut expected = Vec::new();
    for reached in [
        presence.keys().find(|key| book.stores.contains_key(&key.0)).unwrap(),
        presence.keys().find(|key| book.members.contains_key(&key.0)).unwrap(),
    ] {
        spoil_presence(&mut conn, reached);
        expected.push(format!("presence of {} in {} kind={}:", reached.0, reached.2, reached.1));
    }
    for ledger in LEDGERS {
        // A balance may be one of nothing, all livestreams may have been taken back, and some villages may have nothing.
        let Some(key) = cells.keys().rfind(|key| key.1 == ledger) else { continue };
        spoil_cell(&mut conn, key);
        expected.push(format!("cell of {}, {} {} kind={} class={}:", key.0, key.1, key.2, key.3, key.4));
    }
    assert!(expected.len() + 6 >= LEDGERS.len() + 2, "hardly anything is left to tamper with: {expected:#?}");
    expected.sort();
    let found = verify(&app.house.gate, None).await.unwrap();
    let mut lines: Vec<String> = found.recount.differences.iter().map(|one| one.line()).collect();
    lines.sort();
    assert_eq!(lines.len(), expected.len(), "{lines:#?}");
    for (line, start) in lines.iter().zip(&expected) {
        assert!(line.starts_with(start.as_str()), "{line}, not {start}");
    }
    repair(&app.house.gate).await.unwrap();
    assert_clean(app).await;
    assert_eq!((kept_cells(&mut conn), kept_presence(&mut conn)), (cells, presence));
    tamper_with_rows(app).await;
}

/// A row that was changed by hand is named, and so is every cell that does not follow from it any more; put right again, nothing
/// is. Which side is wrong only a person can say, so nothing is repaired here.
async fn tamper_with_rows(app: &TestApp) {
    let mut conn = app.conn();
    let book = Book::read(&mut conn);
    for ledger in ["sale", "livestream", "training_session", "attendance", "parcel"] {
        let Some(entry) = book.entered(ledger).last() else { continue };
        spoil_entry(&mut conn, entry.id, 1);
        // Its own point's cell, and those above whose cells hold totals.
        let above = book.upwards(entry.service_point_id).filter(|node| node.tier != "bureau").count();
        assert_found(app, "ledger entry", entry.id, above.max(1)).await;
        spoil_entry(&mut conn, entry.id, -1);
        assert_clean(app).await;
    }
    let store = book.stores.values().next().unwrap();
    let earlier = "2024-02-29".parse().unwrap();
    spoil_store(&mut conn, store.id, earlier);
    assert_found(app, "store", store.id, 1).await;
    spoil_store(&mut conn, store.id, store.opened_on);
    assert_clean(app).await;
    for register in ["logistics_site", "benefit_link"] {
        // Of a site there is a cell of the month in which it opens; of a link, only if it makes a difference to its household.
        let Some(item) = book.register(register).next() else { continue };
        spoil_registered(&mut conn, item.id, earlier);
        assert_found(app, "register item", item.id, usize::from(register == "logistics_site")).await;
        spoil_registered(&mut conn, item.id, item.starts_on);
        assert_clean(app).await;
    }
    let balance = book.catalogue("opening_balance").next().unwrap();
    spoil_item(&mut conn, balance.id, 5);
    assert_found(app, "catalogue item", balance.id, 1).await;
    spoil_item(&mut conn, balance.id, -5);
    assert_clean(app).await;
}

/// The row is named, and at least so many cells are.
async fn assert_found(app: &TestApp, kind: &str, id: Id, cells: usize) {
    let found = verify(&app.house.gate, None).await.unwrap();
    let changed = format!("the {kind} {id} is not what its last event says");
    assert!(found.rows.lines.iter().any(|line| line.starts_with(&changed)), "{:#?}", found.rows.lines);
    let named: Vec<String> = found.recount.differences.iter().map(|one| one.line()).collect();
    assert!(named.iter().all(|line| line.starts_with("cell of ")), "{named:#?}");
    assert!(named.len() >= cells, "{kind}: {named:#?}");
}
