//! How households are found.

use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::{HOUSEHOLDS, MEMBERS, assert_faults, assert_not_found, at, family, members, register, wife, with};
use crate::{
    on_both,
    support::{Actor, TestApp, household, identity_number, member},
};

/// The external numbers of what a query finds, which the tests use as names, sorted.
async fn found(app: &TestApp, actor: &Actor, query: &str) -> Vec<String> {
    let rows = app.all_pages(actor, &format!("{HOUSEHOLDS}?{query}"), 2).await;
    let mut names: Vec<String> = rows.iter().map(|row| row["external_number"].as_str().unwrap().to_owned()).collect();
    let count = app.get(actor, &format!("{HOUSEHOLDS}?{query}&count=true&limit=1")).await.expect(200).json();
    assert_eq!(count["count"], names.len(), "{query}");
    names.sort();
    names
}

/// A household under a name of its own, whose head has this name.
fn named(home: terrace::domain::Id, number: &str, head: &str) -> Value {
    with(with(household(home), "external_number", json!(number)), "/members/0/name", json!(head))
}

on_both! {
    /// The beginning of any present member's name, of its pinyin in any reading, of its initials; never a middle.
    async fn by_the_names_of_members(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        for body in [family(home), named(home, "B", "模拟章三"), named(home, "C", "模拟单雄"), named(home, "D", "模具王")] {
            register(&app, &worker, &body).await;
        }
        for (query, expected) in [
            ("模拟张三", &["MN-0001"][..]), ("模拟张", &["MN-0001"]), ("模拟", &["B", "C", "MN-0001"]), ("模", &["B", "C", "D", "MN-0001"]),
            ("moni", &["B", "C", "MN-0001"]), ("MoNi Zhang", &["B", "MN-0001"]), ("monizhangsan", &["B", "MN-0001"]), ("munizhangsan", &["B", "MN-0001"]),
            ("mnzs", &["B", "MN-0001"]), ("MNZ", &["B", "MN-0001"]), ("mnls", &["MN-0001"]), ("模拟李四", &["MN-0001"]), ("mnzx", &["MN-0001"]),
            ("monishan", &["C"]), ("monidan", &["C"]), ("mnsx", &["C"]), ("mndx", &["C"]),
            ("张三", &[]), ("zhangsan", &[]), ("ni", &[]), ("%", &[]), ("模_", &[]), ("模拟张三丰", &[]),
        ] {
            assert_eq!(found(&app, &worker, &format!("q={}", encoded(query))).await, expected, "{query}");
        }
        assert_eq!(found(&app, &worker, "q=").await.len(), 4);
    }

    /// A household is one row however many of its members are found; who left, or was renamed, is not found.
    async fn only_by_who_is_there_and_under_the_present_name(app: TestApp) {
        let network = app.network().await;
        let home = network.id("c1t1v1");
        let worker = app.actor(&[(Role::Worker, home)]);
        let first = register(&app, &worker, &family(home)).await;
        assert_eq!(found(&app, &worker, "q=mn").await, ["MN-0001"]);
        let people = members(&app, &worker, &first).await;
        let of = |relation: &str| format!("{MEMBERS}/{}", people.iter().find(|person| person["relation"] == relation).unwrap()["id"].as_str().unwrap());
        app.patch(&worker, &of("02"), 1, &json!({ "name": "模拟赵六", "phone": "13900001111" })).await.expect(200);
        for (query, expected) in [("q=mnzl", 1), ("q=mnzs", 0), ("phone_tail=1111", 1), ("phone_tail=1234", 0), ("q=mnls", 1)] {
            assert_eq!(found(&app, &worker, query).await.len(), expected, "{query}");
        }
        app.patch(&worker, &of("10"), 1, &json!({ "phone": "13900002222", "disability": { "category": "1", "grade": "1" } })).await.expect(200);
        assert_eq!(found(&app, &worker, "phone_tail=2222&disability=1&q=mnls").await, ["MN-0001"]);
        app.post_to(&worker, &format!("{}/leave", of("10")), 2, Some(&json!({ "reason": "模拟离开" }))).await.expect(200);
        for query in ["q=mnls", "phone_tail=2222", "disability=1"] {
            assert_eq!(found(&app, &worker, query).await, [""; 0], "{query}");
        }
        app.post(&worker, &format!("{}/members", at(&first)), &member("模拟李四", "10", &wife())).await.expect(201);
        assert_eq!(found(&app, &worker, "q=mnls").await, ["MN-0001"]);
        app.patch(&worker, &at(&first), 1, &json!({ "phone": "13900003333", "external_number": "N2" })).await.expect(200);
        for (query, expected) in [("phone_tail=3333", 1), ("phone_tail=5678", 0), ("external_number=N2", 1), ("external_number=MN-0001", 0)] {
            assert_eq!(found(&app, &worker, query).await.len(), expected, "{query}");
        }
    }

    /// By telephone, number, type, category, disability, state and home, and by several of them together.
    async fn by_each_filter_and_by_all_together(app: TestApp) {
        let network = app.network().await;
        let [v1, v2, far] = ["c1t1v1", "c1t1v2", "c2t1v1"].map(|name| network.id(name));
        let manager = app.actor(&[(Role::Manager, network.id("b"))]);
        register(&app, &manager, &family(v1)).await;
        let mut other = named(v2, "B", "模拟甲");
        for (field, value) in [("phone", json!("0939-821 1234")), ("household_type", json!("monitored")), ("monitoring_category", json!("unstable"))] {
            other[field] = value;
        }
        other["members"][0]["disability"] = json!({ "category": "2", "grade": "4" });
        register(&app, &manager, &other).await;
        register(&app, &manager, &with(named(far, "C", "模拟乙"), "household_type", json!("lifted"))).await;
        let gone = register(&app, &manager, &named(far, "D", "模拟丙")).await;
        app.post_to(&manager, &format!("{}/status", at(&gone)), 1, Some(&json!({ "status": "moved_away", "reason": "模拟" }))).await.expect(200);
        let (c1, c2t1) = (format!("service_point_id={}", network.id("c1")), format!("service_point_id={}", network.id("c2t1")));
        for (query, expected) in [
            ("phone_tail=5678", &["MN-0001"][..]), ("phone_tail=1234", &["B", "MN-0001"]), ("phone_tail=9999", &[]),
            ("external_number=B", &["B"]), ("external_number=b", &[]), ("external_number=MN", &[]),
            ("household_type=monitored", &["B", "MN-0001"]), ("household_type=lifted", &["C"]),
            ("monitoring_category=unstable", &["B"]), ("monitoring_category=sudden_hardship", &[]),
            ("disability=4", &["MN-0001"]), ("disability=2", &["B"]), ("disability=7", &[]),
            ("status=active", &["B", "C", "MN-0001"]), ("status=moved_away", &["D"]), ("status=dissolved", &[]),
            (&c1, &["B", "MN-0001"]), (&c2t1, &["C", "D"]), ("q=mn&household_type=general", &[]),
            ("q=mnj&phone_tail=1234&external_number=B&household_type=monitored&monitoring_category=unstable&disability=2&status=active", &["B"]),
            ("phone_tail=1234&disability=4", &["MN-0001"]), ("household_type=monitored&disability=1", &[]),
        ] {
            assert_eq!(found(&app, &manager, query).await, expected, "{query}");
        }
        // The people of a household that has ended are present nowhere.
        assert_eq!(found(&app, &manager, "status=moved_away&q=mn").await, [""; 0]);
        assert_eq!(found(&app, &app.actor(&[(Role::Worker, v2)]), "phone_tail=1234").await, ["B"]);
        assert_eq!(found(&app, &app.actor(&[(Role::Worker, far)]), "q=mn&status=active").await, ["C"]);
        for (query, pointer, code) in [("phone_tail=123", "phone_tail", "not_a_tail"), ("phone_tail=12345", "phone_tail", "not_a_tail"), ("phone_tail=12a4", "phone_tail", "not_a_tail")] {
            assert_faults(app.get(&manager, &format!("{HOUSEHOLDS}?{query}")).await, &[(pointer, code)]);
        }
        app.get(&manager, &format!("{HOUSEHOLDS}?status=asleep")).await.expect(400);
        assert_eq!(found(&app, &manager, "household_type=poor").await, [""; 0]);
    }

    /// Pages hold each household once, whatever the filter, and cursors belong to their filters.
    async fn pages_hold_each_household_once(app: TestApp) {
        let network = app.network().await;
        let manager = app.actor(&[(Role::Manager, network.id("b"))]);
        let mut made = Vec::new();
        for turn in 0..11_u32 {
            let home = network.id(["c1t1v1", "c1t1", "c2t2v2"][turn as usize % 3]);
            let mut body = named(home, &format!("{turn:02}"), "模拟张三");
            body["members"].as_array_mut().unwrap().push(member("模拟张四", "20", &identity_number("20100101", turn)));
            body["members"][1]["phone"] = json!("13900001234");
            body["members"][1]["disability"] = json!({ "category": "3", "grade": "3" });
            body["phone"] = json!("13900001234");
            register(&app, &manager, &body).await;
            made.push(format!("{turn:02}"));
        }
        for query in ["q=mnz", "phone_tail=1234", "disability=3", "household_type=general", "q=moni&phone_tail=1234&disability=3", "status=active&q=模拟"] {
            let query = query.replace("模拟", &encoded("模拟"));
            assert_eq!(found(&app, &manager, &query).await, made, "{query}");
            let all = app.get(&manager, &format!("{HOUSEHOLDS}?{query}")).await.json()["items"].clone();
            assert_eq!(json!(app.all_pages(&manager, &format!("{HOUSEHOLDS}?{query}"), 3).await), all, "{query}");
        }
        let page = app.get(&manager, &format!("{HOUSEHOLDS}?q=mnz&limit=2")).await.json();
        let cursor = page["next_cursor"].as_str().unwrap();
        assert!(!cursor.contains("mnz"));
        app.get(&manager, &format!("{HOUSEHOLDS}?q=mn&limit=2&cursor={cursor}")).await.expect(400);
        app.get(&manager, &format!("{HOUSEHOLDS}?q=mnz&disability=3&cursor={cursor}")).await.expect(400);
        // Two grants, one inside the other, show each household once.
        let twice = app.actor(&[(Role::Worker, network.id("c1t1")), (Role::Reviewer, network.id("c1t1v1"))]);
        assert_eq!(found(&app, &twice, "q=mnz").await.len(), 8);
        assert_not_found(app.get(&twice, &format!("{HOUSEHOLDS}?service_point_id={}", network.id("c2"))).await, "service_point_id");
        app.get(&app.actor(&[(Role::Admin, network.id("b"))]), HOUSEHOLDS).await.expect(403);
    }
}

/// A value as it stands in a query.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
