//! Verifications that are asked for over the network.

use std::time::Duration;

use serde_json::{Value, json};
use terrace::{
    app::audit,
    auth::can,
    domain::{audit_chain::Head, codes::Role},
};

use super::*;
use crate::{
    http::assert_problem,
    on_both,
    support::{Actor, Network, household},
};

const PATH: &str = "/api/v1/verifications";

/// Begins one and waits for its end.
async fn verified(app: &TestApp, auditor: &Actor, body: &Value) -> Value {
    let made = app.post(auditor, PATH, body).await.expect(201);
    let path = made.header("location").unwrap().to_owned();
    assert_eq!(path, format!("{PATH}/{}", made.id()));
    let begun = made.json();
    assert_eq!(
        (&begun["state"], &begun["outcome"], &begun["findings"]),
        (&json!("running"), &Value::Null, &Value::Null)
    );
    loop {
        let told = app.get(auditor, &path).await.expect(200).json();
        if told["state"] != "running" {
            assert_eq!(told["begun_at"], begun["begun_at"]);
            return told;
        }
        actix_web::rt::time::sleep(Duration::from_millis(5)).await;
    }
}

/// What was found in each part. Tests put accounts and grants past the program, which is found as well, and not counted here.
fn findings(told: &Value) -> [usize; 4] {
    ["chain", "rows", "numbers", "reports"].map(|part| {
        let part = &told["outcome"][part];
        let lines: Vec<&str> = part["lines"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
        assert_eq!(part["findings"], lines.len(), "all are told");
        let by_test = |line: &&&str| ["the account ", "the grant "].iter().any(|beginning| line.starts_with(beginning));
        lines.len() - lines.iter().filter(by_test).count()
    })
}

/// A network with a household and a record, and who audits all of it.
async fn filled(app: &TestApp) -> (Network, Actor) {
    let network = app.network().await;
    let worker = app.actor(&[(Role::Worker, network.id("c1t1v1"))]);
    let home = network.id("c1t1v1");
    let household = app.post(&worker, "/api/v1/households", &household(home)).await.expect(201).id();
    let record = json!({ "household_id": household, "service_point_id": home, "kind": "training", "given_on": app.today(), "quantity": 1 });
    app.post(&worker, "/api/v1/assistance-records", &record).await.expect(201);
    let auditor = app.actor(&[(Role::Auditor, network.id("b"))]);
    (network, auditor)
}

on_both! {
    /// It looks at everything, finds nothing, and is told of afterwards: by itself, in the list, and in the audit log.
    async fn what_is_in_order_is_found_to_be(app: TestApp) {
        let (_, auditor) = filled(&app).await;
        let head = app.get(&auditor, "/api/v1/audit-events/head").await.expect(200).json();
        let told = verified(&app, &auditor, &json!({ "head": head })).await;
        assert_eq!((&told["state"], findings(&told)), (&json!("finished"), [0; 4]));
        assert_eq!((&told["head_seq"], &told["begun_by"]), (&head["seq"], &json!(auditor.account)));
        let sealed = told["outcome"]["chain"]["looked_at"].as_i64().unwrap();
        assert!(sealed >= head["seq"].as_i64().unwrap(), "{told}");
        for part in ["rows", "numbers"] {
            assert!(told["outcome"][part]["looked_at"].as_i64().unwrap() > 5, "{told}");
        }
        // Of two at the same instant neither is the newer one.
        app.edge.advance(1);
        let second = verified(&app, &auditor, &json!({})).await;
        assert_eq!((&second["state"], &second["head_seq"]), (&json!("finished"), &Value::Null));
        assert_eq!(app.all_pages(&auditor, PATH, 1).await, [second.clone(), told.clone()]);

        let log = app.all_pages(&auditor, "/api/v1/audit-events?action=verification.end", 5).await;
        let ended: Vec<&Value> = log.iter().map(|event| &event["object_id"]).collect();
        assert_eq!(ended, [&second["id"], &told["id"]]);
        assert_eq!(log[0]["actor_kind"], "operator");
        let log = app.all_pages(&auditor, "/api/v1/audit-events?action=verification.begin", 5).await;
        let begun: Vec<&Value> = log.iter().map(|event| &event["id"]).collect();
        assert_eq!((begun, &log[0]["actor_id"]), (vec![&second["id"], &told["id"]], &json!(auditor.account)));
    }

    /// A household renamed, a number raised and a head that this chain never had are each found in their part, by name.
    async fn what_was_changed_by_hand_is_named(app: TestApp) {
        let (network, auditor) = filled(&app).await;
        let mut head: Head = serde_json::from_value(app.get(&auditor, "/api/v1/audit-events/head").await.expect(200).json()).unwrap();
        head.seq += 1;
        app.conn()
            .batch_execute(
                "UPDATE service_points SET name = '模拟改名' WHERE region_code = '999901001201'; \
                 UPDATE cells SET n = n + 1 WHERE ledger = 'households' AND kind = '' AND n > 0;",
            )
            .unwrap();
        let told = verified(&app, &auditor, &json!({ "head": head })).await;
        let [chain, rows, numbers, reports] = findings(&told);
        assert_eq!((chain, rows, reports), (1, 1, 0), "{told}");
        assert!(numbers > 0);
        let told_of = ["chain", "rows", "numbers"].map(|part| told["outcome"][part]["findings"].as_i64().unwrap());
        assert_eq!(told["findings"], told_of.iter().sum::<i64>());
        let line = |part: &str| told["outcome"][part]["lines"][0].as_str().unwrap().to_owned();
        assert!(line("chain").contains("head"), "{told}");
        assert!(line("rows").contains(&network.id("c1t1v1").to_string()), "{told}");
        assert!(line("numbers").contains("should hold"), "{told}");
    }

    /// One at a time; whoever does not audit the whole network begins none and sees none.
    async fn there_is_one_at_a_time_for_auditors_of_everything(app: TestApp) {
        let (network, auditor) = filled(&app).await;
        let turn = app.house.gate.tools().verification.take(app.edge.new_id()).unwrap();
        assert_problem(&app.post(&auditor, PATH, &json!({})).await, 409, "verification.running");
        for other in [(Role::Auditor, "c1"), (Role::Manager, "b"), (Role::Admin, "b")] {
            let other = app.actor(&[(other.0, network.id(other.1))]);
            let refused = app.post(&other, PATH, &json!({})).await;
            assert_problem(&refused, 403, "permission.denied");
            assert_eq!(refused.json()["permission"], "audit.sign_head");
            assert_problem(&app.get(&other, PATH).await, 403, "permission.denied");
        }
        drop(turn);
        let told = verified(&app, &auditor, &json!({})).await;
        assert_eq!(told["state"], "finished");
        let path = format!("{PATH}/{}", told["id"].as_str().unwrap());
        let other = app.actor(&[(Role::Auditor, network.id("c1"))]);
        assert_problem(&app.get(&other, &path).await, 404, "resource.not_found");
        assert_problem(&app.get(&auditor, &format!("{PATH}/{}", app.edge.new_id())).await, 404, "resource.not_found");
        // What is refused for its words takes no turn.
        assert_problem(&app.post(&auditor, PATH, &json!({ "head": { "seq": 1 } })).await, 400, "request.malformed");
        assert_eq!(verified(&app, &auditor, &json!({})).await["state"], "finished");
    }

    /// One whose server was stopped has no result, and says so.
    async fn one_without_an_end_is_lost(app: TestApp) {
        let (network, auditor) = filled(&app).await;
        let root = network.id("b");
        let begin = move |tx: &mut terrace::auth::Tx<'_, can::Maintain>, (): &()| {
            audit::installation(tx, "verification.begin", ("installation", root), root, &json!({ "head_seq": null }))
        };
        let id = app.house.gate.operator::<can::Maintain>("verify").write((), begin).await.unwrap();
        let told = app.get(&auditor, &format!("{PATH}/{id}")).await.expect(200).json();
        assert_eq!((&told["state"], &told["ended_at"], &told["outcome"]), (&json!("lost"), &Value::Null, &Value::Null));
    }
}
