//! Erasing who a household was, and keeping that it was.

use diesel::{RunQueryDsl as _, dsl::sql, sql_types::BigInt};
use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use super::{
    HOUSEHOLDS, MEMBERS, RECORDS, assert_faults, assert_problem, at, cells, events, everything, family, figure,
    husband, is_kept, log, members, record, register, wife, with,
};
use crate::{
    on_both,
    support::{Actor, Network, TestApp, household, member},
};

/// A family with a record that was corrected, a member who left and another household beside it, dissolved.
async fn ended(app: &TestApp, worker: &Actor, home: Id) -> Value {
    let first = register(app, worker, &family(home)).await;
    register(app, worker, &household(home)).await;
    let noted = with(record(app, &first, home), "note", json!("模拟张三家的苹果"));
    let noted = with(noted, "given_on", json!("2026-11-20"));
    let given = app.post(worker, RECORDS, &noted).await.expect(201).json();
    let path = format!("{RECORDS}/{}", given["id"].as_str().unwrap());
    app.patch(worker, &path, 1, &json!({ "reason": "改注", "note": "模拟李四家的梨", "amount_fen": 500 }))
        .await
        .expect(200);
    let people = members(app, worker, &first).await;
    let infant = people.iter().find(|person| person["relation"] == "30").unwrap();
    let leave = json!({ "left_on": "2026-08-01", "reason": "送养" });
    app.post_to(worker, &format!("{MEMBERS}/{}/leave", infant["id"].as_str().unwrap()), 1, Some(&leave))
        .await
        .expect(200);
    let end = json!({ "status": "dissolved", "reason": "模拟销户", "effective_on": "2026-11-21" });
    app.post_to(worker, &format!("{}/status", at(&first)), 1, Some(&end)).await.expect(200).json()
}

/// Every figure of every point in every period that matters here.
async fn figures(app: &TestApp, network: &Network) -> Vec<Value> {
    let auditor = app.actor(&[(Role::Auditor, network.id("b"))]);
    let mut all = Vec::new();
    for name in ["b", "c1", "c1t1", "c1t1v1", "c2"] {
        for period in ["2026-03", "2026-07", "2026-08", "2026-11", "2026-Q4", "2026", "all"] {
            let path = format!("/api/v1/service-points/{}/statistics?period={period}", network.id(name));
            all.push(app.get(&auditor, &path).await.expect(200).json());
        }
    }
    all
}

on_both! {
    /// Names, numbers, telephones, address and notes are gone from everywhere; every figure stays as it was.
    async fn who_it_was_is_gone_and_the_counts_stay(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let (worker, manager) = (app.actor(&[(Role::Worker, home)]), app.actor(&[(Role::Manager, home)]));
        let first = ended(&app, &worker, home).await;
        let (counted, kept) = (figures(&app, &network).await, cells(&app));
        let erased = app.post_to(&manager, &format!("{}/erase", at(&first)), 2, Some(&json!({ "reason": "保存期满" }))).await.expect(200).json();
        for field in ["head_name", "address", "phone_masked", "external_number"] {
            assert_eq!(erased[field], Value::Null, "{field}");
        }
        assert_eq!((&erased["erased_on"], &erased["status"], &erased["version"]), (&json!(app.today()), &json!("dissolved"), &json!(3)));
        assert_eq!((&erased["household_type"], &erased["registered_on"]), (&json!("monitored"), &json!("2026-03-01")));
        assert_eq!(app.get(&worker, &at(&first)).await.expect(200).json(), erased);
        let people = members(&app, &worker, &first).await;
        assert_eq!(people.len(), 3);
        for person in &people {
            for field in ["name", "identity_masked", "phone_masked"] {
                assert_eq!(person[field], Value::Null, "{field}");
            }
            assert!(person["disability"].is_null() || person["disability"]["certificate_masked"].is_null());
            assert_eq!(person["joined_on"], "2026-03-01");
        }
        let records = app.all_pages(&worker, &format!("{}/records", at(&first)), 10).await;
        assert_eq!((records.len(), &records[0]["note"], &records[0]["amount_fen"]), (1, &Value::Null, &json!(500)));
        let path = format!("{RECORDS}/{}/versions", records[0]["id"].as_str().unwrap());
        let versions = app.get(&worker, &path).await.expect(200).json();
        assert!(versions["items"].as_array().unwrap().iter().all(|version| version["note"].is_null()), "{versions}");
        assert_eq!((figures(&app, &network).await, cells(&app)), (counted, kept));
        for query in ["q=mnzs", "q=mnls", "q=mnzx", "phone_tail=5678", "phone_tail=1234", "external_number=MN-0001", "disability=4"] {
            assert_eq!(app.get(&worker, &format!("{HOUSEHOLDS}?{query}")).await.expect(200).json()["items"], json!([]), "{query}");
        }
        let all = everything(&app);
        for gone in ["张三", "李四", "张小", "zhangsan", "mnzs", "3 号", "MN-0001", "苹果", "的梨", &husband(), &wife(), "13900005678", "13900001234"] {
            assert!(!is_kept(&all, gone), "{gone} is still there");
        }
        let left = "SELECT count(*) FROM household_members WHERE identity_hash IS NOT NULL OR identity_number IS NOT NULL OR phone IS NOT NULL \
                    OR phone_tail IS NOT NULL OR disability_certificate IS NOT NULL";
        assert_eq!(sql::<BigInt>(left).get_result::<i64>(&mut app.conn()).unwrap(), 0);
        let noted = events(&app, "household.erase");
        assert_eq!((noted.len(), noted[0].0, noted[0].2.as_deref()), (1, manager.account, Some("保存期满")));
        let shown = app.post(&manager, &format!("{}/identity", at(&first)), &json!({ "reason": "核对" })).await;
        assert!(!shown.text().contains("999999") && !shown.text().contains("模拟"), "{}", shown.text());
        let file = app.post(&manager, &format!("{}/export", at(&first)), &json!({ "reason": "核对" })).await.expect(200).text();
        assert!(!file.contains("模拟张三") && !file.contains("999999") && !file.contains("苹果"), "{file}");
    }

    /// Only one that has ended is erased, by a manager, with a reason, once.
    async fn only_an_ended_household_is_erased_and_once(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let (worker, manager) = (app.actor(&[(Role::Worker, home)]), app.actor(&[(Role::Manager, network.id("c1"))]));
        let first = register(&app, &worker, &family(home)).await;
        let erase = format!("{}/erase", at(&first));
        let reason = json!({ "reason": "保存期满" });
        assert_problem(app.post_to(&manager, &erase, 1, Some(&reason)).await, 409, "household.active");
        let away = json!({ "status": "moved_away", "reason": "模拟迁出" });
        app.post_to(&worker, &format!("{}/status", at(&first)), 1, Some(&away)).await.expect(200);
        for role in [Role::Worker, Role::Reviewer, Role::Auditor, Role::Admin] {
            let reply = app.post_to(&app.actor(&[(role, network.id("b"))]), &erase, 2, Some(&reason)).await.expect(403);
            assert_eq!(reply.json()["permission"], "households.erase");
        }
        for (reason, code) in [(" ", "length"), ("电话 139 0000 1234", "personal_number")] {
            assert_faults(app.post_to(&manager, &erase, 2, Some(&json!({ "reason": reason }))).await, &[("/reason", code)]);
        }
        app.post(&manager, &erase, &reason).await.expect(428);
        app.post_to(&manager, &erase, 1, Some(&reason)).await.expect(412);
        assert_eq!(app.get(&worker, &at(&first)).await.json()["head_name"], "模拟张三");
        app.post_to(&manager, &erase, 2, Some(&reason)).await.expect(200);
        assert_problem(app.post_to(&manager, &erase, 3, Some(&reason)).await, 409, "resource.already_so");
        assert_eq!(events(&app, "household.erase").len(), 1);
    }

    /// Nothing brings it back: neither a new state, nor an edit, nor a member. Its people may come anew.
    async fn an_erased_household_stays_erased(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let (worker, manager) = (app.actor(&[(Role::Worker, home)]), app.actor(&[(Role::Manager, home)]));
        let first = ended(&app, &worker, home).await;
        app.post_to(&manager, &format!("{}/erase", at(&first)), 2, Some(&json!({ "reason": "保存期满" }))).await.expect(200);
        let back = json!({ "status": "active", "reason": "恢复" });
        let reply = app.post_to(&worker, &format!("{}/status", at(&first)), 3, Some(&back)).await;
        assert_eq!(reply.status, 409, "{}", reply.text());
        assert_eq!(app.patch(&worker, &at(&first), 3, &json!({ "address": "别处" })).await.status, 409);
        assert_eq!(app.post(&worker, &format!("{}/members", at(&first)), &member("模拟", "20", &wife())).await.status, 409);
        let person = members(&app, &worker, &first).await.remove(0);
        let path = format!("{MEMBERS}/{}", person["id"].as_str().unwrap());
        assert_eq!(app.patch(&worker, &path, person["version"].as_i64().unwrap(), &json!({ "name": "模拟张三" })).await.status, 409);
        register(&app, &worker, &family(home)).await;
        // A record of before may still be taken back, and the count follows.
        let records = app.all_pages(&worker, &format!("{}/records", at(&first)), 10).await;
        let (id, version) = (records[0]["id"].as_str().unwrap(), records[0]["version"].as_i64().unwrap());
        app.post_to(&worker, &format!("{RECORDS}/{id}/void"), version, Some(&json!({ "reason": "误记" }))).await.expect(200);
        assert_eq!(figure(&app, &manager, home, "households_assisted", "all").await, 0);
        log(&app, &worker, &register(&app, &worker, &household(home)).await, home).await;
    }
}
