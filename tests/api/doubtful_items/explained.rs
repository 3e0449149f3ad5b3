//! What closes an item, and what opens it again.

use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use super::{Desk, EXPLANATIONS, HOUSEHOLDS, ITEMS, income};
use crate::{
    on_both,
    support::{Reply, head},
};

/// The one item of a household by the rule about incomes, if there is one.
async fn item(desk: &Desk, household: Id) -> Option<Value> {
    desk.items("income_unusual", "").await.into_iter().find(|item| item["subject_id"] == json!(household))
}

fn said(item: &Value) -> Value {
    json!({ "rule": item["rule"], "subject_id": item["subject_id"], "fingerprint": item["fingerprint"], "note": "模拟说明" })
}

async fn earn(desk: &Desk, household: Id, version: i64, fen: i64) {
    let path = format!("{HOUSEHOLDS}/{household}");
    desk.app.patch(&desk.manager, &path, version, &json!({ "income": income(fen) })).await.expect(200);
}

async fn explain(desk: &Desk, body: &Value) -> Reply {
    desk.app.post(&desk.manager, EXPLANATIONS, body).await
}

on_both! {
    /// An explanation closes an item; other facts open it again; the old facts are explained still; a correction takes it away.
    async fn an_item_is_open_until_it_is_explained_or_corrected(app: TestApp) {
        let desk = Desk::new(app).await;
        let household = desk.household("c1t1v1", json!({ "income": income(100) })).await;
        let first = item(&desk, household).await.unwrap();
        assert_eq!((&first["state"], &first["explanation"], &first["value"]), (&json!("open"), &Value::Null, &json!(100)));
        let mut body = said(&first);
        body["id"] = json!(desk.app.edge.new_id());
        let made = explain(&desk, &body).await.expect(201);
        assert_eq!(made.header("etag"), Some("\"1\""));
        assert_eq!(explain(&desk, &body).await.expect(200).json(), made.json());
        assert_eq!(explain(&desk, &said(&first)).await.expect(409).code(), "resource.already_so");
        let closed = item(&desk, household).await.unwrap();
        assert_eq!((&closed["state"], &closed["explanation"]), (&json!("explained"), &made.json()));
        let path = format!("{EXPLANATIONS}/{}", made.id());
        assert_eq!(desk.app.get(&desk.manager, &path).await.expect(200).json(), made.json());

        earn(&desk, household, 1, 200).await;
        let again = item(&desk, household).await.unwrap();
        assert_eq!(again["state"], "open");
        assert_ne!(again["fingerprint"], first["fingerprint"]);
        assert_eq!(explain(&desk, &said(&first)).await.expect(409).code(), "doubtful_item.changed");
        earn(&desk, household, 2, 100).await;
        assert_eq!(item(&desk, household).await.unwrap()["state"], "explained");
        earn(&desk, household, 3, 1_000_000).await;
        assert_eq!(item(&desk, household).await, None);
        assert_eq!(explain(&desk, &said(&again)).await.expect(409).code(), "doubtful_item.changed");
    }

    /// With the people of a household goes what was said about it; the explanation stays what its last event says.
    async fn an_erased_household_leaves_no_note(app: TestApp) {
        let desk = Desk::new(app).await;
        let household = desk.household("c1t1v1", json!({ "income": income(100) })).await;
        let made = explain(&desk, &said(&item(&desk, household).await.unwrap())).await.expect(201).id();
        let path = format!("{HOUSEHOLDS}/{household}");
        let reason = json!({ "reason": "模拟原因" });
        let file = async || desk.app.post(&desk.manager, &format!("{path}/export"), &reason).await.expect(200).json();
        let told = &file().await["explanations"];
        assert_eq!((&told[0]["rule"], &told[0]["note"]), (&json!("income_unusual"), &json!("模拟说明")), "it is of the household's file");
        let happened = desk.app.all_pages(&desk.manager, &format!("{path}/timeline"), 50).await;
        assert!(happened.iter().any(|event| event["action"] == "doubtful_item.explain"), "and of its timeline: {happened:?}");
        let gone = json!({ "status": "dissolved", "reason": "模拟原因" });
        desk.app.post_to(&desk.manager, &format!("{path}/status"), 1, Some(&gone)).await.expect(200);
        desk.app.post_to(&desk.manager, &format!("{path}/erase"), 2, Some(&reason)).await.expect(200);
        assert_eq!(file().await["explanations"][0]["note"], "");
        let left = desk.app.get(&desk.manager, &format!("{EXPLANATIONS}/{made}")).await.expect(200).json();
        assert_eq!((&left["note"], &left["version"]), (&json!(""), &json!(2)));
        let rows = terrace::app::integrity::rows(&mut desk.app.conn()).unwrap();
        // The people of a test are put there without events.
        let wrong: Vec<&String> = rows.lines.iter().filter(|line| line.contains("household") || line.contains("doubtful")).collect();
        assert!(wrong.is_empty() && rows.looked_at > 2, "{wrong:?}");
    }

    /// Twenty at once make one explanation, whether they are the same request or not.
    async fn an_item_is_explained_once(app: TestApp) {
        let desk = Desk::new(app).await;
        let household = desk.household("c1t1v1", json!({ "income": income(100) })).await;
        let body = said(&item(&desk, household).await.unwrap());
        let replies = futures_util::future::join_all((0..20).map(|_| explain(&desk, &body))).await;
        let made = replies.iter().filter(|reply| reply.status == 201).count();
        assert_eq!(made, 1);
        for reply in replies.iter().filter(|reply| reply.status != 201) {
            assert_eq!(reply.status, 409, "{}", reply.text());
            assert!(["resource.already_so", "resource.simultaneous_change"].contains(&reply.code().as_str()));
        }
    }

    /// An item of a month is explained in its month, one of none without; errors are corrected; notes hold no numbers.
    async fn an_explanation_fits_its_item(app: TestApp) {
        let desk = Desk::new(app).await;
        let spouse = json!({ "name": "模拟配偶", "relation": "10", "no_identity_reason": "unknown" });
        desk.household("c1t1v1", json!({ "members": [head(), spouse, spouse] })).await;
        let error = desk.items("two_spouses", "").await.remove(0);
        assert_eq!(explain(&desk, &said(&error)).await.expect(422).faults(), [("/rule".to_owned(), "only_corrected".to_owned())]);
        let household = desk.household("c1t1v1", json!({ "income": income(100), "registered_on": "2026-10-01" })).await;
        let mut body = said(&item(&desk, household).await.unwrap());
        let fault = |pointer: &str, code: &str| vec![(pointer.to_owned(), code.to_owned())];
        let with = |body: &Value, field: &str, value: Value| {
            let mut body = body.clone();
            body[field] = value;
            body
        };
        for (field, value, code) in [
            ("month", json!("2026-11"), "month_of_rule"),
            ("note", json!("电话 13800001234"), "personal_number"),
            ("note", json!(" "), "length"),
        ] {
            let reply = explain(&desk, &with(&body, field, value)).await.expect(422);
            assert_eq!(reply.faults(), fault(&format!("/{field}"), code));
        }
        let unknown = explain(&desk, &with(&body, "rule", json!("unheard_of"))).await.expect(422);
        assert_eq!(unknown.faults(), fault("/rule", "unknown_code"));
        let strange = explain(&desk, &with(&body, "subject_id", json!(desk.app.edge.new_id()))).await.expect(404);
        assert_eq!(strange.faults(), fault("/subject_id", "not_found"));

        let record = desk.record("c1t1v1", household, desk.day("2026-10-10"), json!({})).await;
        let late = desk.items("logged_late", "&month=2026-10").await.remove(0);
        body = said(&late);
        assert_eq!(body["subject_id"], json!(record));
        assert_eq!(explain(&desk, &body).await.expect(422).faults(), fault("/month", "month_of_rule"));
        assert_eq!(explain(&desk, &with(&body, "month", json!("2026-12"))).await.expect(422).faults(), fault("/month", "in_future"));
        assert_eq!(explain(&desk, &with(&body, "month", json!("2026-11"))).await.expect(409).code(), "doubtful_item.changed");
        let made = explain(&desk, &with(&body, "month", json!("2026-10"))).await.expect(201).json();
        assert_eq!(made["month"], "2026-10");
        assert_eq!(desk.items("logged_late", "&month=2026-10&state=open").await, Vec::<Value>::new());
        assert_eq!(desk.items("logged_late", "&month=2026-10&state=explained").await.len(), 1);
    }

    /// The summary counts what the list shows, by child and rule; the list is the same in pages of any size, and narrowed.
    async fn the_summary_counts_what_the_list_shows(app: TestApp) {
        let desk = Desk::new(app).await;
        let spouse = json!({ "name": "模拟配偶", "relation": "10", "no_identity_reason": "unknown" });
        for home in ["c1", "c1t1", "c1t1v1", "c1t1v2", "c2t2v2"] {
            desk.household(home, json!({ "income": income(100), "members": [head(), spouse, spouse], "phone": "8210000" })).await;
        }
        let reader = desk.app.actor(&[(Role::Reviewer, desk.network.id("b"))]);
        let doubt = desk.items("income_unusual", "").await.remove(0);
        explain(&desk, &said(&doubt)).await.expect(201);
        let all = desk.app.all_pages(&reader, ITEMS, 200).await;
        for limit in [1, 2, 7] {
            assert_eq!(desk.app.all_pages(&reader, ITEMS, limit).await, all);
        }
        // Two spouses, an income, a malformed and a shared number of each.
        assert_eq!(all.len(), 20);
        let errors = desk.app.all_pages(&reader, &format!("{ITEMS}?severity=error"), 3).await;
        assert!(errors.len() == 5 && errors.iter().all(|item| item["rule"] == "two_spouses"));
        assert_eq!(desk.items("unheard_of", "").await, Vec::<Value>::new());
        let summary = async |name: &str| {
            let path = format!("/api/v1/service-points/{}/doubtful-summary", desk.network.id(name));
            desk.app.get(&reader, &path).await.expect(200).json()
        };
        let whole = summary("b").await;
        assert_eq!([&whole["open_errors"], &whole["open_doubtful"], &whole["explained"]], [5, 14, 1]);
        let county = summary("c1").await;
        assert_eq!([&county["open_errors"], &county["open_doubtful"], &county["explained"]], [4, 11, 1]);
        let parts = county["parts"].as_array().unwrap();
        let of = |name: &str| -> u64 {
            let id = json!(desk.network.id(name));
            let here = parts.iter().filter(|part| part["service_point_id"] == id);
            here.map(|part| part["open"].as_u64().unwrap() + part["explained"].as_u64().unwrap()).sum()
        };
        assert_eq!((of("c1"), of("c1t1"), parts.len()), (4, 12, 8));
        let future = desk.app.get(&reader, &format!("{ITEMS}?month=2026-12")).await.expect(422);
        assert_eq!(future.faults(), [("month".to_owned(), "in_future".to_owned())]);
    }
}
