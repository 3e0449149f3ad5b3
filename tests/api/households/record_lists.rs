//! Lists of records: by who gave, and by who received.

use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::{RECORDS, assert_faults, assert_not_found, at, family, log, record, register, with};
use crate::{
    on_both,
    support::{Actor, TestApp, household},
};

/// The notes of what a list holds, which the tests use as names, in the list's order.
async fn notes(app: &TestApp, actor: &Actor, path: &str) -> Vec<String> {
    let rows = app.all_pages(actor, path, 2).await;
    rows.iter().map(|row| row["note"].as_str().unwrap().to_owned()).collect()
}

/// A record under a name of its own, of this kind on this day.
fn named(app: &TestApp, household: &Value, giver: terrace::domain::Id, note: &str, kind: &str, day: &str) -> Value {
    let (kind, subkind) = kind.split_once('/').map_or((kind, Value::Null), |(kind, subkind)| (kind, json!(subkind)));
    let mut body = record(app, household, giver);
    for (field, value) in [("note", json!(note)), ("kind", json!(kind)), ("subkind", subkind), ("given_on", json!(day))]
    {
        body[field] = value;
    }
    body
}

on_both! {
    /// Newest first, this month's unless asked otherwise, by household, giver, kind, subkind and state.
    async fn records_are_listed_newest_first_and_by_each_filter(app: TestApp) {
        let network = app.network().await;
        let [v1, v2, t1] = ["c1t1v1", "c1t1v2", "c1t1"].map(|name| network.id(name));
        let worker = app.actor(&[(Role::Worker, network.id("c1"))]);
        let first = register(&app, &worker, &family(v1)).await;
        let second = register(&app, &worker, &with(household(v2), "registered_on", json!("2026-01-01"))).await;
        for (household, giver, note, kind, day) in [
            (&first, v1, "a", "training", "2026-11-01"), (&first, t1, "b", "convenience/buy", "2026-11-24"), (&second, v2, "c", "training", "2026-11-10"),
            (&first, v1, "d", "convenience/pay", "2026-10-31"), (&second, t1, "e", "convenience/buy", "2026-10-01"), (&first, v2, "f", "logistics", "2026-11-11"),
        ] {
            app.post(&worker, RECORDS, &named(&app, household, giver, note, kind, day)).await.expect(201);
        }
        let void = app.all_pages(&worker, RECORDS, 200).await.into_iter().find(|row| row["note"] == "a").unwrap();
        app.post_to(&worker, &format!("{RECORDS}/{}/void", void["id"].as_str().unwrap()), 1, Some(&json!({ "reason": "误记" }))).await.expect(200);
        let year = "from=2026-01-01&to=2026-11-24";
        for (query, expected) in [
            (String::new(), &["b", "f", "c", "a"][..]), (year.to_owned(), &["b", "f", "c", "a", "d", "e"]), ("from=2026-10-31&to=2026-11-01".to_owned(), &["a", "d"]),
            ("to=2026-10-31".to_owned(), &["d", "e"]), ("from=2026-11-10".to_owned(), &["b", "f", "c"]),
            (format!("{year}&household_id={}", second["id"].as_str().unwrap()), &["c", "e"]), (format!("{year}&service_point_id={t1}"), &["b", "f", "c", "a", "d", "e"]),
            (format!("{year}&service_point_id={v1}"), &["a", "d"]), (format!("{year}&kind=training"), &["c", "a"]), (format!("{year}&kind=convenience&subkind=buy"), &["b", "e"]),
            (format!("{year}&subkind=pay"), &["d"]), (format!("{year}&subkind=send"), &[]), (format!("{year}&kind=magic"), &[]),
            (format!("{year}&state=voided"), &["a"]), (format!("{year}&state=active&service_point_id={v1}"), &["d"]),
            (format!("{year}&household_id={}&subkind=buy&state=active&service_point_id={t1}", first["id"].as_str().unwrap()), &["b"]),
        ] {
            assert_eq!(notes(&app, &worker, &format!("{RECORDS}?{query}")).await, expected, "{query}");
        }
        app.get(&worker, &format!("{RECORDS}?state=lost")).await.expect(400);
        app.get(&worker, &format!("{RECORDS}?from=2025-11-24&to=2026-11-24")).await.expect(200);
        for (query, pointer, code) in [("from=2025-11-23&to=2026-11-24", "from", "window_too_wide"), ("from=2026-11-02&to=2026-11-01", "to", "before_from")] {
            assert_faults(app.get(&worker, &format!("{RECORDS}?{query}")).await, &[(pointer, code)]);
        }
    }

    /// A household's own list holds what anybody gave it; who gave is told only within the caller's scope.
    async fn a_household_knows_everything_that_it_was_given(app: TestApp) {
        let network = app.network().await;
        let [v1, v2, t1, top] = ["c1t1v1", "c1t1v2", "c1t1", "b"].map(|name| network.id(name));
        let (village, manager) = (app.actor(&[(Role::Worker, v1)]), app.actor(&[(Role::Manager, top)]));
        let first = register(&app, &village, &with(household(v1), "registered_on", json!("2024-01-01"))).await;
        for (giver, note, kind, day) in [
            (v1, "own", "training", "2026-11-20"), (t1, "station", "logistics", "2026-11-22"), (v2, "neighbour", "training", "2026-09-01"),
            (top, "bureau", "training", "2025-11-24"), (v1, "old", "training", "2025-11-23"),
        ] {
            app.post(&manager, RECORDS, &named(&app, &first, giver, note, kind, day)).await.expect(201);
        }
        let list = format!("{}/records", at(&first));
        for (query, expected) in [
            ("", &["station", "own", "neighbour", "bureau"][..]), ("?kind=training", &["own", "neighbour", "bureau"]), ("?from=2026-11-01", &["station", "own"]),
            ("?to=2025-11-23", &["old"]), ("?from=2026-09-01&to=2026-11-20", &["own", "neighbour"]), ("?state=voided", &[]),
        ] {
            assert_eq!(notes(&app, &village, &format!("{list}{query}")).await, expected, "{query}");
            assert_eq!(notes(&app, &manager, &format!("{list}{query}")).await, expected, "{query}");
        }
        let rows = app.all_pages(&village, &list, 3).await;
        let givers: Vec<&Value> = rows.iter().map(|row| &row["service_point_id"]).collect();
        assert_eq!(givers, [&Value::Null, &json!(v1), &Value::Null, &Value::Null]);
        let seen: Vec<Value> = app.all_pages(&manager, &list, 3).await.iter().map(|row| row["service_point_id"].clone()).collect();
        assert_eq!(seen, [json!(t1), json!(v1), json!(v2), json!(top)]);
        let text = app.get(&village, &list).await.text();
        for hidden in [t1, v2, top] {
            assert!(!text.contains(&hidden.to_string()), "{text}");
        }
        // What another point gave belongs to that point: by itself it is not there, and cannot be changed.
        let station = rows[0]["id"].as_str().unwrap();
        for path in [format!("{RECORDS}/{station}"), format!("{RECORDS}/{station}/versions")] {
            app.get(&village, &path).await.expect(404);
        }
        app.post_to(&village, &format!("{RECORDS}/{station}/void"), 1, Some(&json!({ "reason": "误记" }))).await.expect(404);
        app.patch(&village, &format!("{RECORDS}/{station}"), 1, &json!({ "reason": "误记" })).await.expect(404);
        assert_eq!(notes(&app, &village, &format!("{RECORDS}?household_id={}", first["id"].as_str().unwrap())).await, ["own"]);
        assert_faults(app.get(&village, &format!("{list}?from=2025-11-23&to=2026-11-24")).await, &[("from", "window_too_wide")]);
        app.get(&app.actor(&[(Role::Worker, v2)]), &list).await.expect(404);
        app.get(&app.actor(&[(Role::Admin, top)]), &list).await.expect(403);
    }

    /// Lists keep to the scope: what was given elsewhere is not in them, and points and households elsewhere are not found.
    async fn lists_keep_to_the_scope(app: TestApp) {
        let network = app.network().await;
        let [v1, v2, far] = ["c1t1v1", "c1t1v2", "c2t1v1"].map(|name| network.id(name));
        let manager = app.actor(&[(Role::Manager, network.id("b"))]);
        let mut households = Vec::new();
        for home in [v1, v2, far] {
            let household = register(&app, &manager, &household(home)).await;
            log(&app, &manager, &household, home).await;
            households.push(household);
        }
        for (point, expected) in [("b", 3), ("c1", 2), ("c1t1v1", 1), ("c2t2", 0)] {
            let reader = app.actor(&[(Role::Reviewer, network.id(point))]);
            assert_eq!(app.all_pages(&reader, RECORDS, 1).await.len(), expected, "{point}");
        }
        let worker = app.actor(&[(Role::Worker, network.id("c1t1")), (Role::Worker, v1)]);
        assert_eq!(app.all_pages(&worker, RECORDS, 1).await.len(), 2);
        assert_not_found(app.get(&worker, &format!("{RECORDS}?service_point_id={far}")).await, "service_point_id");
        assert_not_found(app.get(&worker, &format!("{RECORDS}?household_id={}", households[2]["id"].as_str().unwrap())).await, "household_id");
        app.get(&app.actor(&[(Role::Admin, network.id("b"))]), RECORDS).await.expect(403);
    }
}
