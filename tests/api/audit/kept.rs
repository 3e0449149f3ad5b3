//! What events hold of persons, and that they stay as they are.

use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::{world::build, *};
use crate::{on_both, support::household};

/// The text of every column of every event that a person could be read from.
fn told(events: &[Event]) -> String {
    let texts =
        |event: &Event| [event.before.clone(), event.after.clone(), event.reason.clone(), event.address.clone()];
    events.iter().flat_map(texts).flatten().collect::<Vec<_>>().join("\n")
}

on_both! {
    /// Names, addresses and numbers of the people served, and whom to ask for at a point, are masked in both copies, and
    /// nothing of a password is told; what was empty stays so, for that it was empty is no secret.
    async fn persons_are_masked(app: TestApp) {
        let network = app.network().await;
        let admin = app.actor(&[(Role::Admin, network.id("b"))]);
        let worker = app.actor(&[(Role::Worker, network.id("b"))]);
        let mut watch = Watch::begin(&app);
        let point = network.id("c1t1v1");

        let path = format!("/api/v1/service-points/{point}");
        let contact = json!({ "contact_name": "甄联系", "contact_phone": "13800001111" });
        app.patch(&admin, &path, 1, &contact).await.expect(200);
        app.patch(&admin, &path, 2, &json!({ "contact_name": "贾联系", "contact_phone": "13800002222" })).await.expect(200);

        let mut body = household(point);
        body["address"] = json!("秘密巷 1 号");
        let household = app.post(&worker, "/api/v1/households", &body).await.expect(201).id();
        let moved = json!({ "address": "秘密巷 2 号", "phone": "13800005555", "external_number": "秘密号 7" });
        app.patch(&worker, &format!("/api/v1/households/{household}"), 1, &moved).await.expect(200);

        let grant = json!({ "role": "worker", "service_point_id": point });
        let account = json!({ "username": "zhen.yuangong", "display_name": "模拟人员", "phone": "13800003333", "grant": grant });
        let opened = app.post(&admin, "/api/v1/accounts", &account).await.expect(201).json();
        let path = format!("/api/v1/accounts/{}", opened["account"]["id"].as_str().unwrap());
        app.patch(&admin, &path, 1, &json!({ "phone": "13800004444" })).await.expect(200);
        app.edge.advance(1);
        let reset = app.post_to(&admin, &format!("{path}/reset-password"), 2, None).await.expect(200).json();

        let events = watch.news();
        assert_eq!(events.len(), 9);
        let told = told(&events);
        for clear in ["联系", "户主", "秘密", "1380000", "5555", "argon2", "password_hash"] {
            assert!(!told.contains(clear), "{clear} in {told}");
        }
        for answer in [&opened, &reset] {
            assert!(!told.contains(answer["first_password"].as_str().unwrap()));
        }

        let copies = |action: &str| -> Vec<(Value, Value)> {
            let copy = |text: &Option<String>| serde_json::from_str(text.as_deref().unwrap()).unwrap();
            events.iter().filter(|e| e.action == action).map(|e| (copy(&e.before), copy(&e.after))).collect()
        };
        let points = copies("service_point.edit");
        for field in ["contact_name", "contact_phone"] {
            let pair = |(before, after): &(Value, Value)| (before[field].clone(), after[field].clone());
            let mut pairs: Vec<_> = points.iter().map(pair).collect();
            pairs.sort_by_key(|(before, _)| before.is_string());
            assert_eq!(pairs, [(Value::Null, json!("***")), (json!("***"), json!("***"))], "{field}");
        }
        for (before, after) in copies("household.edit") {
            assert_eq!((&before["address"], &after["address"]), (&json!("***"), &json!("***")));
            for field in ["phone", "phone_tail", "external_number"] {
                assert_eq!((&before[field], &after[field]), (&Value::Null, &json!("***")), "{field}");
            }
            assert_eq!((before.get("head_name"), after.get("persons")), (None, None), "they follow from the members");
        }
        for (before, after) in copies("account.edit") {
            assert_eq!((&before["phone"], &after["phone"]), (&json!("***"), &json!("***")));
        }
    }

    /// Of the people of a household, of what was noted down and of why something was asked for, both copies hold nothing;
    /// what only classifies stays readable.
    async fn members_notes_and_reasons_are_masked(app: TestApp) {
        let world = build(&app).await;
        let mut watch = Watch::begin(&app);
        for change in &world.changes {
            app.edge.advance(1);
            change.send(&app, "change").await.expect(change.status);
        }
        let mut met = BTreeSet::new();
        for event in watch.news() {
            let (personal, plain): (&[&str], &[&str]) = match event.object_type.as_str() {
                "household" => (
                    &["address", "phone", "phone_tail", "external_number", "income"],
                    &["household_type", "status", "risk_causes", "registered_on", "consent_on", "consent_form"],
                ),
                "household_member" => (
                    &[
                        "name", "birth_on", "identity_number", "health", "disability_category", "disability_grade",
                        "disability_certificate", "phone", "phone_tail", "leave_reason",
                    ],
                    &["relation", "sex", "ethnicity", "education", "labour_skill", "joined_on", "present"],
                ),
                "transfer_request" => (&["reason", "answer_reason"], &["state", "household_id"]),
                "assistance_record" => (&["note", "void_reason"], &["kind", "given_on", "quantity", "state"]),
                "ledger_entry" => (&["note", "void_reason"], &["ledger", "on_day", "quantity", "state"]),
                _ => continue,
            };
            for copy in [&event.before, &event.after].into_iter().flatten() {
                let copy: BTreeMap<String, Value> = serde_json::from_str(copy).unwrap();
                for field in personal {
                    let value = &copy[*field];
                    assert!(value.is_null() || *value == "***", "{} {field}: {value}", event.action);
                    if !value.is_null() {
                        met.insert(format!("{} {field}", event.object_type));
                    }
                }
                for field in plain {
                    assert!(!copy[*field].is_null() && copy[*field] != "***", "{} {field}", event.action);
                }
                // Nothing that is new in a row is told in clear because nobody thought of it.
                for secret in ["模拟地址", "模拟成员", "模拟新名", "模拟备注", "模拟补记", "模拟迁入", "HU-", "999999", "1390000"] {
                    assert!(copy.values().all(|value| !value.to_string().contains(secret)), "{} {secret}", event.action);
                }
            }
        }
        assert_eq!(met.len(), 5 + 10 + 2 + 2 + 2, "a field was never met: {met:?}");
    }

    /// The name of a person with an account is a person's name too.
    async fn the_names_of_those_who_work_here_are_masked(app: TestApp) {
        let network = app.network().await;
        let admin = app.actor(&[(Role::Admin, network.id("b"))]);
        let grant = json!({ "role": "worker", "service_point_id": network.id("c1") });
        let account = json!({ "username": "zhen.yuangong", "display_name": "甄员工", "grant": grant });
        let opened = app.post(&admin, "/api/v1/accounts", &account).await.expect(201).json();
        let path = format!("/api/v1/accounts/{}", opened["account"]["id"].as_str().unwrap());
        app.patch(&admin, &path, 1, &json!({ "display_name": "贾员工" })).await.expect(200);
        app.post_to(&admin, &format!("{path}/suspend"), 2, None).await.expect(200);
        let told = told(&events(&mut app.conn()));
        assert!(!told.contains("员工"), "{told}");
    }

    /// The database itself refuses to change or delete an event, in every way that its language has.
    async fn events_are_never_changed_or_deleted(app: TestApp) {
        app.network().await;
        let mut conn = app.conn();
        let before = events(&mut conn);
        let columns = "id, at, actor_kind, actor_id, action, object_type, object_id, service_point_id, before, after, \
            content_hash, request_id, address, reason";
        let forged = columns.replace("reason", "'forged'");
        let mut statements = vec![
            "UPDATE audit_events SET reason = 'forged'".to_owned(),
            "UPDATE audit_events SET id = id".to_owned(),
            "DELETE FROM audit_events".to_owned(),
            format!(
                "INSERT INTO audit_events ({columns}) SELECT {forged} FROM audit_events WHERE true \
                 ON CONFLICT (id) DO UPDATE SET reason = excluded.reason"
            ),
        ];
        if matches!(conn, Conn::Sqlite(_)) {
            statements.push("UPDATE OR REPLACE audit_events SET reason = 'forged'".to_owned());
            statements.push("UPDATE OR IGNORE audit_events SET reason = 'forged'".to_owned());
        } else {
            statements.push("TRUNCATE audit_events".to_owned());
            statements.push("TRUNCATE service_points CASCADE; TRUNCATE audit_events CASCADE".to_owned());
            statements.push(
                "MERGE INTO audit_events e USING service_points p ON e.object_id = p.id \
                 WHEN MATCHED THEN UPDATE SET reason = 'forged'"
                    .to_owned(),
            );
        }
        for statement in &statements {
            let refused = conn.batch_execute(statement).is_err();
            assert_eq!(events(&mut conn), before, "{statement}");
            assert!(refused, "{statement}");
        }
    }
}

/// SQLite can put a row in another's place without an update or a delete that a trigger sees.
#[actix_web::test]
async fn events_are_never_replaced() {
    let app = TestApp::start(crate::support::Backend::Sqlite).await.unwrap();
    app.network().await;
    let mut conn = app.conn();
    let before = events(&mut conn);
    let forged = "SELECT id, at, actor_kind, actor_id, action, object_type, object_id, service_point_id, 'forged', before, \
        after, content_hash, request_id, address FROM audit_events";
    for statement in ["INSERT OR REPLACE INTO", "REPLACE INTO"] {
        let refused = conn.batch_execute(&format!("{statement} audit_events {forged}")).is_err();
        assert_eq!(events(&mut conn), before, "{statement}");
        assert!(refused, "{statement}");
    }
}
