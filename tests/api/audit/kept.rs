//! What events hold of persons, and that they stay as they are.

use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::*;
use crate::on_both;

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

        let household = json!({ "service_point_id": point, "head_name": "甄户主", "address": "秘密巷 1 号", "household_type": "general" });
        let household = app.post(&worker, "/api/v1/households", &household).await.expect(201).id();
        let moved = json!({ "head_name": "贾户主", "address": "秘密巷 2 号" });
        app.patch(&worker, &format!("/api/v1/households/{household}"), 1, &moved).await.expect(200);

        let grant = json!({ "role": "worker", "service_point_id": point });
        let account = json!({ "username": "zhen.yuangong", "display_name": "模拟人员", "phone": "13800003333", "grant": grant });
        let opened = app.post(&admin, "/api/v1/accounts", &account).await.expect(201).json();
        let path = format!("/api/v1/accounts/{}", opened["account"]["id"].as_str().unwrap());
        app.patch(&admin, &path, 1, &json!({ "phone": "13800004444" })).await.expect(200);
        app.edge.advance(1);
        let reset = app.post_to(&admin, &format!("{path}/reset-password"), 2, None).await.expect(200).json();

        let events = watch.news();
        assert_eq!(events.len(), 8);
        let told = told(&events);
        for clear in ["联系", "户主", "秘密巷", "1380000", "argon2", "password_hash"] {
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
            for field in ["head_name", "address"] {
                assert_eq!((&before[field], &after[field]), (&json!("***"), &json!("***")));
            }
        }
        for (before, after) in copies("account.edit") {
            assert_eq!((&before["phone"], &after["phone"]), (&json!("***"), &json!("***")));
        }
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
