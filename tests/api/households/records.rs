//! Assistance: what may be logged, corrected and taken back.

use diesel::{RunQueryDsl as _, connection::SimpleConnection as _, dsl::sql, sql_types::BigInt};
use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::{
    MEMBERS, NOTHING, RECORDS, assert_faults, assert_not_found, assert_problem, at, cells, events, family, figure,
    husband, log, members, record, register, rows, with,
};
use crate::{
    on_both,
    support::{TestApp, household},
};

fn path(record: &Value) -> String {
    format!("{RECORDS}/{}", record["id"].as_str().unwrap())
}

/// What the list of a record's versions says, without the moments.
async fn versions(app: &TestApp, actor: &crate::support::Actor, record: &Value) -> Vec<Value> {
    let mut items = app.all_pages(actor, &format!("{}/versions", path(record)), 200).await;
    for item in &mut items {
        assert!(item.as_object_mut().unwrap().remove("changed_at").unwrap().is_string());
    }
    items
}

on_both! {
    /// Everything that was said of a service is answered, and counts at once.
    async fn what_is_logged_is_answered(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let first = register(&app, &worker, &family(home)).await;
        let person = members(&app, &worker, &first).await[0]["id"].clone();
        let body = json!({
            "id": app.edge.new_id(), "household_id": first["id"], "member_id": person, "service_point_id": home, "kind": "convenience", "subkind": "sell",
            "given_on": "2026-03-01", "quantity": 1_000_000, "unit": "kilogram", "amount_fen": 1_000_000_000_000_i64, "note": "代卖苹果, 13900 斤",
        });
        let reply = app.post(&worker, RECORDS, &body).await.expect(201);
        let answer = reply.json();
        assert_eq!(reply.header("location"), Some(path(&answer).as_str()));
        let mut expected = body.clone();
        for (field, value) in [
            ("state", json!("active")), ("void_reason", Value::Null), ("logged_by", json!(worker.account)), ("version", json!(1)),
            ("created_at", answer["created_at"].clone()), ("updated_at", answer["created_at"].clone()),
        ] {
            expected[field] = value;
        }
        assert_eq!(answer, expected);
        assert_eq!(app.get(&worker, &path(&answer)).await.expect(200).json(), expected);
        assert_eq!(app.post(&worker, RECORDS, &body).await.expect(200).json(), expected);
        assert_problem(app.post(&worker, RECORDS, &with(body, "unit", json!("piece"))).await, 409, "id.taken");
        let plain = log(&app, &worker, &first, home).await;
        for field in ["member_id", "subkind", "unit", "amount_fen", "note"] {
            assert_eq!(plain[field], Value::Null, "{field}");
        }
        for (metric, period, expected) in [
            ("assistance_count", "all", 2), ("assistance_quantity", "2026-03", 1_000_000), ("assistance_amount", "2026", 1_000_000_000_000), ("households_assisted", "2026", 1),
        ] {
            assert_eq!(figure(&app, &worker, home, metric, period).await, expected, "{metric}");
        }
        assert_eq!(events(&app, "assistance_record.log").len(), 2);
    }

    /// What a record must be, each rule by itself and all together; and nothing is written.
    async fn a_record_is_checked(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let first = register(&app, &worker, &family(home)).await;
        let good = record(&app, &first, home);
        let before = (rows(&app), cells(&app));
        for (field, value, code) in [
            ("kind", json!("magic"), "unknown_code"), ("subkind", json!("buy"), "only_convenience"), ("unit", json!("barrel"), "unknown_code"),
            ("quantity", json!(0), "range"), ("quantity", json!(-1), "range"), ("quantity", json!(1_000_001), "range"), ("quantity", json!(i64::MAX), "range"),
            ("amount_fen", json!(-1), "range"), ("amount_fen", json!(1_000_000_000_001_i64), "range"), ("amount_fen", json!(i64::MIN), "range"),
            ("given_on", json!(app.today().plus_days(1)), "in_future"), ("given_on", json!("2026-02-28"), "before_registration"),
            ("note", json!(" "), "length"), ("note", json!("长".repeat(501)), "length"),
            ("note", json!(format!("身份证 {}", husband())), "personal_number"), ("note", json!("电话139-0000-1234"), "personal_number"),
            ("note", json!(format!("证号{}42", husband())), "personal_number"),
        ] {
            assert_faults(app.post(&worker, RECORDS, &with(good.clone(), field, value)).await, &[(&format!("/{field}"), code)]);
        }
        let convenience = with(with(good.clone(), "kind", json!("convenience")), "subkind", json!("borrow"));
        assert_faults(app.post(&worker, RECORDS, &convenience).await, &[("/subkind", "unknown_code")]);
        let mut wrong = good.clone();
        for (field, value) in [("kind", json!("magic")), ("quantity", json!(0)), ("amount_fen", json!(-5)), ("note", json!("13900001234")), ("given_on", json!("2026-12-01")), ("unit", json!("x"))] {
            wrong[field] = value;
        }
        assert_faults(app.post(&worker, RECORDS, &wrong).await, &[
            ("/kind", "unknown_code"), ("/quantity", "range"), ("/amount_fen", "range"), ("/note", "personal_number"), ("/given_on", "in_future"), ("/unit", "unknown_code"),
        ]);
        assert_eq!((rows(&app), cells(&app)), before);
        for (field, value) in [("quantity", json!(1_000_000)), ("amount_fen", json!(0)), ("note", json!("长".repeat(500))), ("kind", json!("convenience"))] {
            app.post(&worker, RECORDS, &with(good.clone(), field, value)).await.expect(201);
        }
    }

    /// References: the household, the giver and the member have to exist for the caller and belong together.
    async fn the_household_the_giver_and_the_member_belong_together(app: TestApp) {
        let network = app.network().await;
        let [v1, v2, far, c1] = ["c1t1v1", "c1t1v2", "c2t1v1", "c1"].map(|name| network.id(name));
        let (worker, other) = (app.actor(&[(Role::Worker, c1)]), app.actor(&[(Role::Worker, far)]));
        let (first, second) = (register(&app, &worker, &family(v1)).await, register(&app, &worker, &household(v2)).await);
        let hidden = register(&app, &other, &household(far)).await;
        let before = (rows(&app), cells(&app));
        let good = record(&app, &first, v1);
        for wrong in [&hidden["id"], &json!(NOTHING)] {
            assert_not_found(app.post(&worker, RECORDS, &with(good.clone(), "household_id", wrong.clone())).await, "/household_id");
        }
        for wrong in [json!(far), json!(NOTHING), json!(network.id("b"))] {
            assert_not_found(app.post(&worker, RECORDS, &with(good.clone(), "service_point_id", wrong)).await, "/service_point_id");
        }
        // A member of another household is told apart neither from one out of sight nor from nobody.
        let of = async |actor, household| members(&app, actor, household).await[0]["id"].clone();
        for wrong in [of(&worker, &second).await, of(&other, &hidden).await, json!(NOTHING)] {
            assert_faults(app.post(&worker, RECORDS, &with(good.clone(), "member_id", wrong)).await, &[("/member_id", "not_of_household")]);
        }
        let (village, reviewer) = (app.actor(&[(Role::Worker, v2)]), app.actor(&[(Role::Reviewer, c1)]));
        assert_not_found(app.post(&village, RECORDS, &with(good.clone(), "service_point_id", json!(v2))).await, "/household_id");
        assert_eq!(app.post(&reviewer, RECORDS, &good).await.expect(403).json()["permission"], "assistance.log");
        let mixed = app.actor(&[(Role::Reviewer, v1), (Role::Worker, v2)]);
        assert_eq!(app.post(&mixed, RECORDS, &good).await.expect(403).json()["permission"], "assistance.log");
        assert_eq!((rows(&app), cells(&app)), before);
        // Each level gives to any household below it.
        let top = app.actor(&[(Role::Worker, network.id("b"))]);
        for giver in ["c1t1v1", "c1t1", "c1", "b"] {
            log(&app, &top, &first, network.id(giver)).await;
        }
    }

    /// A closed point has given what it gave until its last day; a suspended one gives nothing now.
    async fn a_point_gives_while_it_is_open(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let (worker, admin) = (app.actor(&[(Role::Worker, network.id("c1t1"))]), app.actor(&[(Role::Admin, network.id("b"))]));
        let first = register(&app, &worker, &with(family(network.id("c1t1v2")), "registered_on", json!("2026-03-01"))).await;
        let (point, good) = (format!("/api/v1/service-points/{home}"), record(&app, &first, home));
        app.post_to(&admin, &format!("{point}/suspend"), 1, None).await.expect(200);
        assert_problem(app.post(&worker, RECORDS, &good).await, 409, "service_point.not_active");
        app.post_to(&admin, &format!("{point}/activate"), 2, None).await.expect(200);
        app.post_to(&admin, &format!("{point}/close"), 3, Some(&json!({ "reason": "模拟关闭", "closed_on": "2026-11-24" }))).await.expect(200);
        app.post(&worker, RECORDS, &good).await.expect(201);
        app.edge.advance(24 * 3600);
        let worker = app.actor(&[(Role::Worker, network.id("c1t1"))]);
        let late = with(good.clone(), "given_on", json!(app.today()));
        assert_problem(app.post(&worker, RECORDS, &late).await, 409, "service_point.ended");
        let given = app.post(&worker, RECORDS, &good).await.expect(201).json();
        let moved = app.patch(&worker, &path(&given), 1, &json!({ "reason": "改日", "given_on": app.today() })).await;
        assert_problem(moved, 409, "service_point.ended");
        assert_eq!(figure(&app, &worker, home, "assistance_count", "all").await, 2);
    }

    /// A household is given something on the days on which it is there.
    async fn a_household_receives_while_it_is_there(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let first = register(&app, &worker, &family(home)).await;
        let status = async |version: i64, status: &str, on: &str| {
            let body = json!({ "status": status, "effective_on": on, "reason": "模拟" });
            app.post_to(&worker, &format!("{}/status", at(&first)), version, Some(&body)).await.expect(200)
        };
        status(1, "moved_away", "2026-06-01").await;
        status(2, "active", "2026-09-01").await;
        for (day, code) in [("2026-05-31", 201), ("2026-06-01", 409), ("2026-08-31", 409), ("2026-09-01", 201)] {
            let reply = app.post(&worker, RECORDS, &with(record(&app, &first, home), "given_on", json!(day))).await.expect(code);
            assert!(code == 201 || reply.code() == "household.not_active", "{day}");
        }
        status(3, "dissolved", "2026-10-01").await;
        // What is entered late, for a day on which it was there, is still taken; and so are corrections.
        let given = app.post(&worker, RECORDS, &with(record(&app, &first, home), "given_on", json!("2026-09-30"))).await.expect(201).json();
        assert_problem(app.patch(&worker, &path(&given), 1, &json!({ "reason": "改日", "given_on": "2026-10-01" })).await, 409, "household.not_active");
        app.patch(&worker, &path(&given), 1, &json!({ "reason": "改日", "given_on": "2026-09-29" })).await.expect(200);
    }

    /// A correction changes what it names, keeps what was said, and moves the figures.
    async fn a_correction_keeps_what_was_said(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let (worker, manager) = (app.actor(&[(Role::Worker, home)]), app.actor(&[(Role::Manager, network.id("c1"))]));
        let first = register(&app, &worker, &family(home)).await;
        let person = members(&app, &worker, &first).await[0]["id"].clone();
        let mut body = record(&app, &first, home);
        for (field, value) in [("kind", json!("convenience")), ("subkind", json!("buy")), ("note", json!("化肥")), ("amount_fen", json!(300)), ("unit", json!("piece")), ("member_id", person.clone())] {
            body[field] = value;
        }
        let given = app.post(&worker, RECORDS, &body).await.expect(201).json();
        let correction = json!({ "reason": "记错类别", "kind": "training", "subkind": null, "given_on": "2026-10-01", "quantity": 5, "amount_fen": null, "note": null, "unit": null, "member_id": null });
        let corrected = app.patch(&manager, &path(&given), 1, &correction).await.expect(200).json();
        let mut expected = given.clone();
        for (field, value) in correction.as_object().unwrap() {
            expected[field] = value.clone();
        }
        expected.as_object_mut().unwrap().remove("reason");
        for (field, value) in [("version", json!(2)), ("updated_at", corrected["updated_at"].clone())] {
            expected[field] = value;
        }
        assert_eq!(corrected, expected);
        app.patch(&worker, &path(&given), 2, &json!({ "reason": "补注", "note": "讲座" })).await.expect(200);
        app.post_to(&worker, &format!("{}/void", path(&given)), 3, Some(&json!({ "reason": "重复登记" }))).await.expect(200);
        let version = |n: i64, note: Value, state: &str, reason: Value, by: &crate::support::Actor| json!({
            "version": n, "kind": "training", "subkind": null, "member_id": null, "given_on": "2026-10-01", "quantity": 5, "unit": null, "amount_fen": null,
            "note": note, "state": state, "reason": reason, "changed_by": by.account,
        });
        assert_eq!(versions(&app, &worker, &given).await, [
            json!({
                "version": 1, "kind": "convenience", "subkind": "buy", "member_id": person, "given_on": "2026-11-24", "quantity": 1, "unit": "piece",
                "amount_fen": 300, "note": "化肥", "state": "active", "reason": null, "changed_by": worker.account,
            }),
            version(2, Value::Null, "active", json!("记错类别"), &manager),
            version(3, json!("讲座"), "active", json!("补注"), &worker),
            version(4, json!("讲座"), "voided", json!("重复登记"), &worker),
        ]);
        for period in ["2026-10", "2026-11", "all"] {
            for metric in ["assistance_count", "assistance_quantity", "assistance_amount", "households_assisted"] {
                assert_eq!(figure(&app, &worker, home, metric, period).await, 0, "{metric} {period}");
            }
        }
        assert_eq!((events(&app, "assistance_record.correct").len(), events(&app, "assistance_record.void").len()), (2, 1));
        assert_eq!(versions(&app, &worker, &log(&app, &worker, &first, home).await).await.len(), 1);
    }

    /// A correction obeys the rules of a record, has a reason, and leaves a voided one alone.
    async fn a_correction_is_checked(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let (first, second) = (register(&app, &worker, &family(home)).await, register(&app, &worker, &household(home)).await);
        let stranger = members(&app, &worker, &second).await[0]["id"].clone();
        let given = app.post(&worker, RECORDS, &with(with(record(&app, &first, home), "kind", json!("convenience")), "subkind", json!("pay"))).await.expect(201).json();
        let before = (rows(&app), cells(&app));
        for (change, fault) in [
            (json!({ "kind": "training" }), ("/subkind", "only_convenience")), (json!({ "kind": "magic", "subkind": null }), ("/kind", "unknown_code")),
            (json!({ "quantity": 0 }), ("/quantity", "range")), (json!({ "amount_fen": -1 }), ("/amount_fen", "range")),
            (json!({ "given_on": "2026-11-25" }), ("/given_on", "in_future")), (json!({ "given_on": "2026-02-28" }), ("/given_on", "before_registration")),
            (json!({ "note": "13900001234" }), ("/note", "personal_number")), (json!({ "unit": "x" }), ("/unit", "unknown_code")),
            (json!({ "subkind": "x" }), ("/subkind", "unknown_code")), (json!({ "member_id": stranger }), ("/member_id", "not_of_household")), (json!({ "member_id": NOTHING }), ("/member_id", "not_of_household")),
            (json!({ "reason": " " }), ("/reason", "length")), (json!({ "reason": "长".repeat(201) }), ("/reason", "length")),
        ] {
            let change = if change.get("reason").is_some() { change } else { with(change, "reason", json!("更正")) };
            assert_faults(app.patch(&worker, &path(&given), 1, &change).await, &[fault]);
        }
        for malformed in [json!({ "quantity": 2 }), json!({ "reason": "更正", "quantity": null }), json!({ "reason": "更正", "given_on": null }), json!({ "reason": "更正", "service_point_id": home })] {
            app.patch(&worker, &path(&given), 1, &malformed).await.expect(400);
        }
        assert_problem(app.patch(&worker, &path(&given), 2, &json!({ "reason": "更正" })).await, 412, "version.stale");
        assert_eq!((rows(&app), cells(&app)), before);
        let reviewer = app.actor(&[(Role::Reviewer, home)]);
        app.patch(&reviewer, &path(&given), 1, &json!({ "reason": "更正" })).await.expect(403);
        for reason in [" ".to_owned(), "长".repeat(201)] {
            assert_faults(app.post_to(&worker, &format!("{}/void", path(&given)), 1, Some(&json!({ "reason": reason }))).await, &[("/reason", "length")]);
        }
        let voided = app.post_to(&worker, &format!("{}/void", path(&given)), 1, Some(&json!({ "reason": "记错" }))).await.expect(200).json();
        assert_eq!((&voided["state"], &voided["void_reason"], &voided["version"]), (&json!("voided"), &json!("记错"), &json!(2)));
        assert_problem(app.patch(&worker, &path(&given), 2, &json!({ "reason": "更正", "quantity": 2 })).await, 409, "assistance_record.voided");
        assert_problem(app.post_to(&worker, &format!("{}/void", path(&given)), 2, Some(&json!({ "reason": "再记错" }))).await, 409, "assistance_record.voided");
    }

    /// A member who has left may still be named for what was given before.
    async fn a_member_who_left_received_before(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let first = register(&app, &worker, &family(home)).await;
        let she = members(&app, &worker, &first).await.into_iter().find(|person| person["relation"] == "10").unwrap()["id"].clone();
        let leave = json!({ "left_on": "2026-06-01", "reason": "模拟离开" });
        app.post_to(&worker, &format!("{MEMBERS}/{}/leave", she.as_str().unwrap()), 1, Some(&leave)).await.expect(200);
        let body = with(with(record(&app, &first, home), "member_id", she), "given_on", json!("2026-05-31"));
        app.post(&worker, RECORDS, &body).await.expect(201);
    }

    /// A sum that no longer fits is refused, and nothing of the record is written.
    async fn a_sum_has_a_limit(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let first = register(&app, &worker, &family(home)).await;
        let priced = |fen: i64| with(record(&app, &first, home), "amount_fen", json!(fen));
        let given = app.post(&worker, RECORDS, &priced(1)).await.expect(201).json();
        for column in ["amount_fen", "quantity"] {
            let kept: i64 = sql::<BigInt>(&format!("SELECT min({column}) FROM cells WHERE ledger = 'assistance'")).get_result(&mut app.conn()).unwrap();
            // At the county alone: the village and the township would take it.
            let county = "ledger = 'assistance' AND service_point_id = (SELECT id FROM service_points WHERE name = '模拟c1')";
            app.conn().batch_execute(&format!("UPDATE cells SET {column} = {} WHERE {county}", i64::MAX)).unwrap();
            let before = (rows(&app), cells(&app), events(&app, "assistance_record.log").len());
            assert_problem(app.post(&worker, RECORDS, &priced(1)).await, 409, "statistics.sum_too_large");
            let more = json!({ "reason": "更正", "amount_fen": 2, "quantity": 2 });
            assert_problem(app.patch(&worker, &path(&given), 1, &more).await, 409, "statistics.sum_too_large");
            assert_eq!((rows(&app), cells(&app), events(&app, "assistance_record.log").len()), before);
            assert!(events(&app, "assistance_record.correct").is_empty());
            app.conn().batch_execute(&format!("UPDATE cells SET {column} = {kept} WHERE {county}")).unwrap();
        }
        app.post(&worker, RECORDS, &priced(1)).await.expect(201);
        assert_eq!(figure(&app, &worker, home, "assistance_amount", "all").await, 2);
    }
}
