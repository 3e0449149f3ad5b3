//! What a household is from a day on: its type, its state and its home, and the history of them.

use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use super::{
    NOTHING, RECORDS, assert_faults, assert_not_found, assert_problem, at, cells, events, family, figure, log, record,
    register, rows, with,
};
use crate::{
    on_both,
    support::{Actor, Reply, TestApp, household},
};

/// A household that was registered on 1 January.
async fn settled(app: &TestApp, actor: &Actor, home: Id) -> Value {
    register(app, actor, &with(household(home), "registered_on", json!("2026-01-01"))).await
}

/// Asks for a dated change.
async fn change(app: &TestApp, actor: &Actor, household: &Value, act: &str, version: i64, body: Value) -> Reply {
    app.post_to(actor, &format!("{}/{act}", at(household)), version, Some(&body)).await
}

fn status(status: &str, on: &str) -> Value {
    json!({ "status": status, "effective_on": on, "reason": "模拟原因" })
}

fn kind(household_type: &str, on: &str) -> Value {
    json!({ "household_type": household_type, "effective_on": on })
}

fn transfer(home: Id, on: &str) -> Value {
    json!({ "service_point_id": home, "effective_on": on, "reason": "模拟搬迁" })
}

/// (home, type, state, first day, first day of the next) of each row of a history.
async fn history(app: &TestApp, actor: &Actor, household: &Value) -> Vec<Value> {
    let items = app.all_pages(actor, &format!("{}/history", at(household)), 200).await;
    let part = |item: &Value| {
        json!([item["service_point_id"], item["household_type"], item["status"], item["valid_from"], item["valid_to"]])
    };
    items.iter().map(part).collect()
}

on_both! {
    /// Type, state and home change on their days; each makes a version, an event and a row of history.
    async fn changes_take_effect_on_their_days(app: TestApp) {
        let network = app.network().await;
        let [v1, v2, c1] = ["c1t1v1", "c1t1v2", "c1"].map(|name| network.id(name));
        let manager = app.actor(&[(Role::Manager, network.id("b"))]);
        let first = settled(&app, &manager, v1).await;
        let body = json!({ "household_type": "monitored", "monitoring_category": "unstable", "effective_on": "2026-03-01" });
        let typed = change(&app, &manager, &first, "type", 1, body).await.expect(200).json();
        assert_eq!((&typed["household_type"], &typed["monitoring_category"], &typed["version"]), (&json!("monitored"), &json!("unstable"), &json!(2)));
        let moved = change(&app, &manager, &first, "transfer", 2, transfer(v2, "2026-05-10")).await.expect(200).json();
        assert_eq!((&moved["service_point_id"], &moved["version"]), (&json!(v2), &json!(3)));
        // Without a day it is today.
        let away = change(&app, &manager, &first, "status", 3, json!({ "status": "moved_away", "reason": "外出" })).await.expect(200).json();
        assert_eq!((&away["status"], &away["version"]), (&json!("moved_away"), &json!(4)));
        assert_eq!(history(&app, &manager, &first).await, [
            json!([v1, "general", "active", "2026-01-01", "2026-03-01"]),
            json!([v1, "monitored", "active", "2026-03-01", "2026-05-10"]),
            json!([v2, "monitored", "active", "2026-05-10", "2026-11-24"]),
            json!([v2, "monitored", "moved_away", "2026-11-24", null]),
        ]);
        for (point, period, households) in [
            (v1, "2025-12", 0), (v1, "2026-01", 1), (v1, "2026-04", 1), (v1, "2026-05", 0), (v2, "2026-04", 0), (v2, "2026-05", 1),
            (v2, "2026-10", 1), (v2, "2026-11", 0), (c1, "2026-Q1", 1), (c1, "2026-Q2", 1), (c1, "2026", 0), (c1, "all", 0),
        ] {
            for metric in ["households", "persons"] {
                assert_eq!(figure(&app, &manager, point, metric, period).await, households, "{metric} {period} {point}");
            }
        }
        for action in ["household.change_type", "household.transfer", "household.change_status"] {
            assert_eq!(events(&app, action).len(), 1, "{action}");
        }
    }

    /// A change on the day of the last one takes its place, and rows that then say the same become one.
    async fn a_change_on_the_same_day_replaces_the_last(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let first = settled(&app, &worker, home).await;
        change(&app, &worker, &first, "type", 1, kind("lifted", "2026-06-01")).await.expect(200);
        change(&app, &worker, &first, "type", 2, kind("monitored", "2026-06-01")).await.expect(200);
        assert_eq!(history(&app, &worker, &first).await, [
            json!([home, "general", "active", "2026-01-01", "2026-06-01"]), json!([home, "monitored", "active", "2026-06-01", null]),
        ]);
        change(&app, &worker, &first, "status", 3, status("dissolved", "2026-06-01")).await.expect(200);
        assert_eq!(history(&app, &worker, &first).await[1], json!([home, "monitored", "dissolved", "2026-06-01", null]));
        change(&app, &worker, &first, "status", 4, status("active", "2026-06-01")).await.expect(200);
        change(&app, &worker, &first, "type", 5, kind("general", "2026-06-01")).await.expect(200);
        assert_eq!(history(&app, &worker, &first).await, [json!([home, "general", "active", "2026-01-01", null])]);
        // Nothing of it is left in the figures, and an earlier day is possible again.
        for (metric, period) in [("households", "2026-05"), ("households", "2026-06"), ("persons", "2026-06"), ("households", "all")] {
            assert_eq!(figure(&app, &worker, home, metric, period).await, 1, "{metric} {period}");
        }
        change(&app, &worker, &first, "type", 6, kind("lifted", "2026-05-01")).await.expect(200);
        // On the day of registration the first row itself is replaced.
        let second = settled(&app, &worker, home).await;
        change(&app, &worker, &second, "type", 1, kind("lifted", "2026-01-01")).await.expect(200);
        assert_eq!(history(&app, &worker, &second).await, [json!([home, "lifted", "active", "2026-01-01", null])]);
    }

    /// Who goes and comes back is counted for the days in between no more than it was there.
    async fn a_household_goes_and_comes_back(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let first = register(&app, &worker, &family(home)).await;
        let away = change(&app, &worker, &first, "status", 1, status("moved_away", "2026-05-31")).await.expect(200).json();
        assert_eq!((&away["persons"], &away["per_capita_income_fen"], &away["head_name"]), (&json!(0), &Value::Null, &json!("模拟张三")));
        change(&app, &worker, &first, "status", 2, status("dissolved", "2026-06-30")).await.expect(200);
        let back = change(&app, &worker, &first, "status", 3, status("active", "2026-08-01")).await.expect(200).json();
        assert_eq!((&back["status"], &back["persons"]), (&json!("active"), &json!(3)));
        let states: Vec<Value> = history(&app, &worker, &first).await.iter().map(|row| row[2].clone()).collect();
        assert_eq!(states, ["active", "moved_away", "dissolved", "active"]);
        for (period, households) in [("2026-04", 1), ("2026-05", 0), ("2026-06", 0), ("2026-07", 0), ("2026-08", 1), ("2026-11", 1)] {
            assert_eq!(figure(&app, &worker, home, "households", period).await, households, "{period}");
            assert_eq!(figure(&app, &worker, home, "persons", period).await, 3 * households, "{period}");
        }
    }

    /// Days lie between the last change and today, and a change changes something.
    async fn days_and_values_of_changes_are_checked(app: TestApp) {
        let network = app.network().await;
        let [v1, v2] = ["c1t1v1", "c1t1v2"].map(|name| network.id(name));
        let manager = app.actor(&[(Role::Manager, network.id("c1"))]);
        let first = settled(&app, &manager, v1).await;
        let before = (rows(&app), cells(&app));
        let bodies = |on: &str| [("type", kind("lifted", on)), ("status", status("dissolved", on)), ("transfer", transfer(v2, on))];
        for (act, body) in bodies(&app.today().plus_days(1).to_string()) {
            assert_faults(change(&app, &manager, &first, act, 1, body).await, &[("/effective_on", "in_future")]);
        }
        for (act, body) in bodies("2025-12-31") {
            assert_faults(change(&app, &manager, &first, act, 1, body).await, &[("/effective_on", "before_last_change")]);
        }
        for body in [kind("poor", "2026-02-01"), kind("", "2026-02-01")] {
            assert_faults(change(&app, &manager, &first, "type", 1, body).await, &[("/household_type", "unknown_code")]);
        }
        let category = |kind: &str, category: &str| json!({ "household_type": kind, "monitoring_category": category });
        assert_faults(change(&app, &manager, &first, "type", 1, category("lifted", "unstable")).await, &[("/monitoring_category", "only_monitored")]);
        assert_faults(change(&app, &manager, &first, "type", 1, category("monitored", "x")).await, &[("/monitoring_category", "unknown_code")]);
        for (act, body) in [("status", status("dissolved", "2027-01-01")), ("transfer", transfer(v2, "2027-01-01"))] {
            let body = with(body, "reason", json!(" "));
            assert_faults(change(&app, &manager, &first, act, 1, body).await, &[("/effective_on", "in_future"), ("/reason", "length")]);
        }
        for (act, body) in bodies("2026-02-01").into_iter().skip(1) {
            let body = with(body, "reason", json!("见身份证 11010519491231002X"));
            assert_faults(change(&app, &manager, &first, act, 1, body).await, &[("/reason", "personal_number")]);
        }
        change(&app, &manager, &first, "status", 1, status("asleep", "2026-02-01")).await.expect(400);
        for (act, body) in [("type", kind("general", "2026-02-01")), ("status", status("active", "2026-02-01")), ("transfer", transfer(v1, "2026-02-01"))] {
            assert_problem(change(&app, &manager, &first, act, 1, body).await, 409, "resource.already_so");
        }
        for (act, body) in bodies("2026-02-01") {
            assert_eq!(change(&app, &manager, &first, act, 9, body.clone()).await.expect(412).json()["current_version"], 1);
            app.post(&manager, &format!("{}/{act}", at(&first)), &body).await.expect(428);
        }
        assert_eq!((rows(&app), cells(&app)), before);
        change(&app, &manager, &first, "type", 1, kind("lifted", "2026-02-01")).await.expect(200);
        for (act, body) in bodies("2026-01-31").into_iter().skip(1) {
            assert_faults(change(&app, &manager, &first, act, 2, body).await, &[("/effective_on", "before_last_change")]);
        }
    }

    /// A household that has ended changes neither type nor home nor anything else, until it comes back.
    async fn an_ended_household_does_not_change(app: TestApp) {
        let network = app.network().await;
        let [v1, v2] = ["c1t1v1", "c1t1v2"].map(|name| network.id(name));
        let manager = app.actor(&[(Role::Manager, network.id("c1"))]);
        let first = settled(&app, &manager, v1).await;
        change(&app, &manager, &first, "status", 1, status("moved_away", "2026-10-01")).await.expect(200);
        assert_problem(change(&app, &manager, &first, "type", 2, kind("lifted", "2026-11-01")).await, 409, "household.not_active");
        assert_problem(change(&app, &manager, &first, "transfer", 2, transfer(v2, "2026-11-01")).await, 409, "household.not_active");
        assert_problem(app.patch(&manager, &at(&first), 2, &json!({ "address": "别处" })).await, 409, "household.not_active");
        change(&app, &manager, &first, "status", 2, status("active", "2026-11-01")).await.expect(200);
        change(&app, &manager, &first, "transfer", 3, transfer(v2, "2026-11-02")).await.expect(200);
    }

    /// A household does not end before what it was given, unless that was taken back.
    async fn an_end_does_not_lie_before_assistance(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let first = settled(&app, &worker, home).await;
        let given = with(record(&app, &first, home), "given_on", json!("2026-08-15"));
        let given = app.post(&worker, RECORDS, &given).await.expect(201).json();
        for on in ["2026-08-01", "2026-08-15"] {
            assert_problem(change(&app, &worker, &first, "status", 1, status("dissolved", on)).await, 409, "household.records_after_end");
        }
        change(&app, &worker, &first, "status", 1, status("dissolved", "2026-08-16")).await.expect(200);
        change(&app, &worker, &first, "status", 2, status("active", "2026-08-16")).await.expect(200);
        app.post_to(&worker, &format!("{}/{}/void", RECORDS, given["id"].as_str().unwrap()), 1, Some(&json!({ "reason": "误记" }))).await.expect(200);
        change(&app, &worker, &first, "status", 3, status("dissolved", "2026-08-01")).await.expect(200);
    }

    /// A monitoring category goes with the type and not without it.
    async fn a_category_goes_with_the_type(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let first = register(&app, &worker, &family(home)).await;
        let lifted = change(&app, &worker, &first, "type", 1, kind("lifted", "2026-04-01")).await.expect(200).json();
        assert_eq!((&lifted["household_type"], &lifted["monitoring_category"]), (&json!("lifted"), &Value::Null));
        assert_faults(app.patch(&worker, &at(&first), 2, &json!({ "monitoring_category": "unstable" })).await, &[("/monitoring_category", "only_monitored")]);
    }

    /// A transfer needs both homes within the manager's reach and a new home at work.
    async fn a_transfer_goes_to_a_home_at_work_within_reach(app: TestApp) {
        let network = app.network().await;
        let [v1, v2, far] = ["c1t1v1", "c1t1v2", "c2t1v1"].map(|name| network.id(name));
        let (admin, manager) = (app.actor(&[(Role::Admin, network.id("b"))]), app.actor(&[(Role::Manager, network.id("c1t1"))]));
        let first = settled(&app, &manager, v1).await;
        let to = |home: Id| transfer(home, "2026-11-01");
        for home in [far, network.id("c1"), NOTHING.parse().unwrap()] {
            assert_not_found(change(&app, &manager, &first, "transfer", 1, to(home)).await, "/service_point_id");
        }
        for actor in [
            app.actor(&[(Role::Worker, network.id("c1"))]),
            app.actor(&[(Role::Manager, v1), (Role::Worker, v2)]),
            app.actor(&[(Role::Worker, v1), (Role::Manager, v2)]),
        ] {
            assert_eq!(change(&app, &actor, &first, "transfer", 1, to(v2)).await.expect(403).json()["permission"], "households.transfer");
        }
        let point = format!("/api/v1/service-points/{v2}");
        app.post_to(&admin, &format!("{point}/suspend"), 1, None).await.expect(200);
        assert_problem(change(&app, &manager, &first, "transfer", 1, to(v2)).await, 409, "service_point.not_active");
        app.post_to(&admin, &format!("{point}/close"), 2, Some(&json!({ "reason": "模拟关闭" }))).await.expect(200);
        assert_problem(change(&app, &manager, &first, "transfer", 1, to(v2)).await, 409, "service_point.not_active");
        assert_eq!(history(&app, &manager, &first).await.len(), 1);
        let apart = app.actor(&[(Role::Manager, v1), (Role::Manager, far)]);
        change(&app, &apart, &first, "transfer", 1, to(far)).await.expect(200);
        app.get(&manager, &at(&first)).await.expect(404);
    }

    /// The new home sees the household and not where it came from; what the old one gave stays there.
    async fn after_a_transfer_each_sees_its_own(app: TestApp) {
        let network = app.network().await;
        let [v1, v2] = ["c1t1v1", "c1t1v2"].map(|name| network.id(name));
        let (manager, old, new) = (app.actor(&[(Role::Manager, network.id("b"))]), app.actor(&[(Role::Worker, v1)]), app.actor(&[(Role::Worker, v2)]));
        let first = settled(&app, &manager, v1).await;
        let given = log(&app, &old, &first, v1).await;
        change(&app, &manager, &first, "transfer", 1, json!({ "service_point_id": v2, "reason": "模拟搬迁" })).await.expect(200);
        app.get(&old, &at(&first)).await.expect(404);
        assert_eq!(app.get(&old, &format!("{}/{}", RECORDS, given["id"].as_str().unwrap())).await.expect(200).json()["service_point_id"], json!(v1));
        assert_eq!(history(&app, &new, &first).await, [
            json!([null, "general", "active", "2026-01-01", "2026-11-24"]), json!([v2, "general", "active", "2026-11-24", null]),
        ]);
        // In the running month it counts where it is now; it was assisted there, though another gave.
        for (point, metric, expected) in [
            (v1, "assistance_count", 1), (v2, "assistance_count", 0), (v1, "households_assisted", 0), (v2, "households_assisted", 1), (v1, "households", 0),
        ] {
            assert_eq!(figure(&app, &manager, point, metric, "2026-11").await, expected, "{metric}");
        }
    }

    /// What may be edited without a day, what stays, and what null empties.
    async fn an_edit_changes_only_what_it_names(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let first = register(&app, &worker, &family(home)).await;
        let edit = json!({ "address": "模拟新址", "phone": "13900004321", "risk_causes": ["disaster"], "monitoring_category": "unstable" });
        let edited = app.patch(&worker, &at(&first), 1, &edit).await.expect(200).json();
        let mut expected = first.clone();
        for (field, value) in [
            ("address", json!("模拟新址")), ("phone_masked", json!("139****4321")), ("risk_causes", json!(["disaster"])), ("monitoring_category", json!("unstable")),
            ("version", json!(2)), ("updated_at", edited["updated_at"].clone()),
        ] {
            expected[field] = value;
        }
        assert_eq!(edited, expected);
        let empty = json!({ "phone": null, "external_number": null, "monitoring_category": null, "income": null, "consent": null, "risk_causes": [] });
        let emptied = app.patch(&worker, &at(&first), 2, &empty).await.expect(200).json();
        for field in ["phone_masked", "external_number", "monitoring_category", "income", "per_capita_income_fen", "consent"] {
            assert_eq!(emptied[field], Value::Null, "{field}");
        }
        assert_eq!((&emptied["risk_causes"], &emptied["address"]), (&json!([]), &json!("模拟新址")));
        for wrong in [json!({ "address": null }), json!({ "household_type": "general" }), json!({ "members": [] }), json!({ "status": "dissolved" }), json!({ "head_name": "模拟" })] {
            app.patch(&worker, &at(&first), 3, &wrong).await.expect(400);
        }
        let wrong = json!({ "address": "", "phone": "1", "external_number": "", "monitoring_category": "x", "consent": { "given_on": "2027-01-01", "how": "x" } });
        assert_faults(app.patch(&worker, &at(&first), 3, &wrong).await, &[
            ("/address", "length"), ("/phone", "phone"), ("/external_number", "length"), ("/monitoring_category", "unknown_code"),
            ("/consent/given_on", "in_future"), ("/consent/how", "unknown_code"),
        ]);
        assert_eq!(app.get(&worker, &at(&first)).await.json(), emptied);
    }
}
