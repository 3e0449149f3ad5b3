//! What is sealed, masked, shown whole with a reason, and handed out in a file.

use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::{
    HOUSEHOLDS, MEMBERS, NOTHING, RECORDS, REQUESTS, assert_faults, assert_not_found, at, events, everything, family,
    husband, is_kept, log, members, record, register, wife, with,
};
use crate::{
    on_both,
    support::{household, identity_number, member},
};

on_both! {
    /// After everything that can be done with numbers the database, its events and the answers hold none in clear.
    async fn no_number_lies_or_is_told_in_clear(app: TestApp) {
        let network = app.network().await;
        let [v1, far, top] = ["c1t1v1", "c2t1v1", "b"].map(|name| network.id(name));
        let (worker, other, manager) = (app.actor(&[(Role::Worker, v1)]), app.actor(&[(Role::Worker, far)]), app.actor(&[(Role::Manager, top)]));
        let mut told = String::new();
        let body = with(family(v1), "id", json!(app.edge.new_id()));
        let reply = app.post(&worker, HOUSEHOLDS, &body).await.expect(201);
        let first = reply.json();
        told += &reply.text();
        let reissued = format!("{}1101", wife());
        let people = members(&app, &worker, &first).await;
        let she = format!("{MEMBERS}/{}", people.iter().find(|person| person["relation"] == "10").unwrap()["id"].as_str().unwrap());
        let edit = json!({ "phone": "13900007777", "disability": { "category": "1", "grade": "1", "certificate": reissued } });
        told += &app.patch(&worker, &she, 1, &edit).await.expect(200).text();
        told += &app.patch(&worker, &at(&first), 1, &json!({ "phone": "13900008888" })).await.expect(200).text();
        let sister = identity_number("19750607", 4);
        told += &app.post(&worker, &format!("{}/members", at(&first)), &with(member("模拟姐", "75", &sister), "phone", json!("13900006666"))).await.expect(201).text();
        told += &app.post(&other, HOUSEHOLDS, &with(household(far), "/members/0", member("模拟", "02", &husband()))).await.expect(409).text();
        told += &app.post(&other, HOUSEHOLDS, &with(household(far), "/members/0", member("模拟", "02", "110105194912310021"))).await.expect(422).text();
        told += &app.post(&other, REQUESTS, &json!({ "service_point_id": far, "identity_number": husband(), "reason": "模拟" })).await.expect(201).text();
        app.post(&manager, &format!("{}/identity", at(&first)), &json!({ "reason": "核对" })).await.expect(200);
        app.post(&manager, &format!("{}/export", at(&first)), &json!({ "reason": "本人申请" })).await.expect(200);
        for path in [HOUSEHOLDS.to_owned(), at(&first), format!("{}/members", at(&first)), she, REQUESTS.to_owned(), format!("{HOUSEHOLDS}?phone_tail=8888&limit=1")] {
            told += &app.get(&manager, &path).await.expect(200).text();
        }
        let kept = everything(&app);
        for number in [&husband(), &wife(), &sister, "110105194912310021", "13900005678", "13900001234", "13900007777", "13900008888", "13900006666"] {
            assert!(!is_kept(&kept, number), "{number} lies in clear");
            assert!(!told.contains(number), "{number} was told");
        }
        // The middles of the numbers: eight digits of birth and the sequence.
        for number in [husband(), wife(), sister] {
            assert!(!is_kept(&kept, &number[6..17]) && !told.contains(&number[6..17]), "{number}");
        }
        for name in ["household.show_identity", "household.export"] {
            assert_eq!(events(&app, name).len(), 1);
        }
    }

    /// Numbers are shown whole to who may, with a reason, and that is noted.
    async fn numbers_are_shown_whole_with_a_reason(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let first = register(&app, &worker, &family(home)).await;
        let path = format!("{}/identity", at(&first));
        let reply = app.post(&worker, &path, &json!({ "reason": "  核对\u{8eab}份 " })).await.expect(200);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let shown = reply.json();
        assert_eq!(shown["phone"], "13900005678");
        let people = members(&app, &worker, &first).await;
        let id = |relation: &str| people.iter().find(|person| person["relation"] == relation).unwrap()["id"].clone();
        let of = |relation: &str| shown["members"].as_array().unwrap().iter().find(|person| person["member_id"] == id(relation)).unwrap().clone();
        assert_eq!(shown["members"].as_array().unwrap().len(), 3);
        assert_eq!(of("02"), json!({
            "member_id": id("02"), "name": "模拟张三", "identity_number": husband(), "phone": "13900001234", "disability_certificate": format!("{}42", husband()),
        }));
        assert_eq!(of("10"), json!({ "member_id": id("10"), "name": "模拟李四", "identity_number": wife(), "phone": null, "disability_certificate": null }));
        assert_eq!(of("30")["identity_number"], Value::Null);
        let one = app.post(&worker, &path, &json!({ "reason": "核对", "member_id": id("10") })).await.expect(200).json();
        assert_eq!(one["members"], json!([of("10")]));
        let noted = events(&app, "household.show_identity");
        assert_eq!(noted.len(), 2);
        assert_eq!(noted[1], (worker.account, first["id"].as_str().unwrap().parse().unwrap(), Some("核对身份".to_owned())));
        assert_eq!(app.get(&worker, &at(&first)).await.json()["version"], 1);

        for reason in [json!(""), json!("  "), json!("长".repeat(201))] {
            assert_faults(app.post(&worker, &path, &json!({ "reason": reason })).await, &[("/reason", "length")]);
        }
        app.post(&worker, &path, &json!({})).await.expect(400);
        assert_not_found(app.post(&worker, &path, &json!({ "reason": "核对", "member_id": NOTHING })).await, "/member_id");
        let second = register(&app, &worker, &household(home)).await;
        let stranger = &members(&app, &worker, &second).await[0]["id"];
        assert_not_found(app.post(&worker, &path, &json!({ "reason": "核对", "member_id": stranger })).await, "/member_id");
        assert_faults(app.post(&worker, &path, &json!({ "reason": format!("核对{}", wife()) })).await, &[("/reason", "personal_number")]);
        assert_eq!(events(&app, "household.show_identity").len(), 2);
    }

    /// A worker sees whole numbers at the own point alone; reviewers and administrators never.
    async fn whole_numbers_and_files_are_for_some_only(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let first = register(&app, &app.actor(&[(Role::Worker, home)]), &family(home)).await;
        let reason = json!({ "reason": "核对" });
        for (role, point, identity, export) in [
            (Role::Worker, "c1t1v1", 200, 403), (Role::Worker, "c1t1", 403, 403), (Role::Worker, "b", 403, 403), (Role::Reviewer, "c1t1v1", 403, 403),
            (Role::Reviewer, "b", 403, 403), (Role::Manager, "c1t1v1", 200, 200), (Role::Manager, "c1", 200, 200), (Role::Auditor, "b", 200, 200),
            (Role::Admin, "b", 403, 403), (Role::Manager, "c2", 404, 404),
        ] {
            let actor = app.actor(&[(role, network.id(point))]);
            assert_eq!(app.post(&actor, &format!("{}/identity", at(&first)), &reason).await.status, identity, "{role:?} {point}");
            assert_eq!(app.post(&actor, &format!("{}/export", at(&first)), &reason).await.status, export, "{role:?} {point}");
        }
        assert_eq!((events(&app, "household.show_identity").len(), events(&app, "household.export").len()), (4, 3));
    }

    /// The file of a household holds everything: who has left, what was voided, and every version of every record.
    async fn a_file_holds_everything(app: TestApp) {
        let network = app.network().await;
        let [v1, v2, top] = ["c1t1v1", "c1t1v2", "b"].map(|name| network.id(name));
        let (worker, manager) = (app.actor(&[(Role::Worker, v1)]), app.actor(&[(Role::Manager, top)]));
        let first = register(&app, &worker, &family(v1)).await;
        let people = members(&app, &worker, &first).await;
        let she = people.iter().find(|person| person["relation"] == "10").unwrap();
        app.post_to(&worker, &format!("{MEMBERS}/{}/leave", she["id"].as_str().unwrap()), 1, Some(&json!({ "reason": "模拟离开" }))).await.expect(200);
        let noted = with(record(&app, &first, v1), "note", json!("模拟首注"));
        let given = app.post(&worker, RECORDS, &noted).await.expect(201).json();
        let path = format!("{RECORDS}/{}", given["id"].as_str().unwrap());
        app.patch(&worker, &path, 1, &json!({ "reason": "改注", "note": "模拟再注" })).await.expect(200);
        app.post_to(&worker, &format!("{path}/void"), 2, Some(&json!({ "reason": "误记" }))).await.expect(200);
        log(&app, &manager, &first, top).await;
        let early = with(record(&app, &first, v1), "given_on", json!("2026-03-01"));
        app.post(&worker, RECORDS, &early).await.expect(201);
        app.post_to(&manager, &format!("{}/transfer", at(&first)), 1, Some(&json!({ "service_point_id": v2, "reason": "模拟搬迁" }))).await.expect(200);

        assert_faults(app.post(&manager, &format!("{}/export", at(&first)), &json!({ "reason": "" })).await, &[("/reason", "length")]);
        let reply = app.post(&manager, &format!("{}/export", at(&first)), &json!({ "reason": "本人申请" })).await.expect(200);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let file = reply.json();
        assert_eq!(file["household"], app.get(&manager, &at(&first)).await.json());
        assert_eq!(file["history"], app.get(&manager, &format!("{}/history", at(&first))).await.json()["items"]);
        assert_eq!(file["history"].as_array().unwrap().len(), 2);
        assert_eq!(json!(members(&app, &manager, &first).await), file["members"]);
        assert_eq!(file["members"].as_array().unwrap().len(), 3);
        assert_eq!(file["identity"]["phone"], "13900005678");
        let numbers: Vec<&Value> = file["identity"]["members"].as_array().unwrap().iter().map(|person| &person["identity_number"]).collect();
        assert!(numbers.contains(&&json!(husband())) && numbers.contains(&&json!(wife())), "{numbers:?}");
        let records = file["records"].as_array().unwrap();
        assert_eq!(records.len(), 3);
        let voided = records.iter().find(|record| record["record"]["id"] == given["id"]).unwrap();
        assert_eq!(voided["record"]["state"], "voided");
        let notes: Vec<&Value> = voided["versions"].as_array().unwrap().iter().map(|version| &version["note"]).collect();
        assert_eq!(notes, ["模拟首注", "模拟再注", "模拟再注"]);
        let noted = events(&app, "household.export");
        assert_eq!(noted.len(), 1);
        assert_eq!((noted[0].0, noted[0].2.as_deref()), (manager.account, Some("本人申请")));
    }
}
