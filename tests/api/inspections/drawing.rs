//! Frames and draws.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{RunQueryDsl as _, sql_query};
use serde_json::{Value, json};
use terrace::{
    app::integrity,
    db::Conn,
    domain::{codes::Role, digest},
};

use super::{INSPECTIONS, ITEMS, Office, RECORDS, refused};
use crate::on_both;

fn changed_by_hand(conn: &mut Conn, sqlite: &str, postgres: &str) {
    match conn {
        Conn::Sqlite(conn) => assert!(sql_query(sqlite).execute(conn).unwrap() > 0),
        Conn::Pg(conn) => assert!(sql_query(postgres).execute(conn).unwrap() > 0),
    }
}

on_both! {
    /// First the frame, then the seed, then the draw; none of them twice, none of them after the end.
    async fn the_order_cannot_be_changed(app: TestApp) {
        let office = Office::open(app).await;
        office.many("c1t1v1", 5).await;
        let framed = office.frame(&office.body("b", "proportional", 3)).await;
        assert_eq!((&framed["state"], &framed["seed"], &framed["frame_size"]), (&json!("framed"), &json!(null), &json!(5)));
        refused(&office.step(&framed, "draw", None).await, 409, "inspection.out_of_order");
        office.app.edge.advance(60);
        let seeded = office.step(&framed, "seed", Some(json!({ "seed": "  模拟 " }))).await.expect(200).json();
        assert_eq!((&seeded["state"], &seeded["seed"]), (&json!("seeded"), &json!("模拟")));
        assert!(seeded["framed_at"].as_str() < seeded["seeded_at"].as_str());
        refused(&office.step(&seeded, "seed", Some(json!({ "seed": "另一个" }))).await, 409, "inspection.out_of_order");
        refused(&office.step(&framed, "draw", None).await, 412, "version.stale");
        let drawn = office.step(&seeded, "draw", None).await.expect(200).json();
        for step in ["draw", "seed"] {
            let body = (step == "seed").then(|| json!({}));
            refused(&office.step(&drawn, step, body).await, 409, "inspection.out_of_order");
        }
        assert_eq!(office.items(&drawn).await.len(), 3);
        let reason = Some(json!({ "reason": "模拟结束" }));
        let closed = office.step(&drawn, "close", reason.clone()).await.expect(200).json();
        for (step, body) in [("draw", None), ("seed", Some(json!({}))), ("close", reason)] {
            refused(&office.step(&closed, step, body).await, 409, "inspection.closed");
        }
        for field in ["frame_digest", "seed", "frame_size", "sample_size"] {
            assert_eq!(closed[field], if field == "seed" { seeded[field].clone() } else { framed[field].clone() });
        }
    }

    /// A seed that nobody brings is made here, and none is like another; where it is from is told of one that is brought.
    async fn a_seed_is_brought_or_made(app: TestApp) {
        let office = Office::open(app).await;
        office.many("c1", 2).await;
        let body = office.body("c1", "risk", 1);
        let mut seeds = BTreeSet::new();
        for _ in 0..2 {
            let framed = office.frame(&body).await;
            let seeded = office.step(&framed, "seed", Some(json!({}))).await.expect(200).json();
            let seed = seeded["seed"].as_str().unwrap().to_owned();
            assert!(seed.len() == 64 && seed.bytes().all(|byte| byte.is_ascii_hexdigit()), "{seed}");
            seeds.insert(seed);
        }
        assert_eq!(seeds.len(), 2);
        let framed = office.frame(&body).await;
        let reply = office.step(&framed, "seed", Some(json!({ "source": "模拟彩票" }))).await.expect(422);
        assert_eq!(reply.faults(), [("/source".to_owned(), "source_without_seed".to_owned())]);
        let reply = office.step(&framed, "seed", Some(json!({ "seed": "" }))).await.expect(422);
        assert_eq!(reply.faults(), [("/seed".to_owned(), "length".to_owned())]);
    }

    /// A frame has the counted records of the place, the period and the kinds, as they were; what becomes of them later
    /// changes neither it nor what is to be checked.
    async fn a_frame_has_what_counted_then(app: TestApp) {
        let office = Office::open(app).await;
        let plain = office.given("c1t1v1", json!({ "amount_fen": 12_345 })).await;
        let corrected = office.given("c1t1v2", json!({ "quantity": 9 })).await;
        let path = format!("{RECORDS}/{corrected}");
        office.app.patch(&office.worker, &path, 1, &json!({ "quantity": 3, "reason": "模拟" })).await.expect(200);
        let late = office.given("c1", json!({ "given_on": "2026-10-24", "amount_fen": 10_000 })).await;
        let voided = office.given("c1t1v1", json!({})).await;
        let reason = json!({ "reason": "模拟" });
        office.app.post_to(&office.worker, &format!("{RECORDS}/{voided}/void"), 1, Some(&reason)).await.expect(200);
        office.given("c1t1v1", json!({ "given_on": "2026-10-23" })).await;
        office.given("c1t1v1", json!({ "kind": "logistics" })).await;
        office.given("c2t1v1", json!({})).await;
        let mut body = office.body("c1", "risk", 3);
        body["period_from"] = json!("2026-10-24");
        body["kinds"] = json!(["training", "incubation"]);
        let framed = office.frame(&body).await;
        let text = office.frame_text(&framed).await;
        let county = office.network.id("c1");
        let mut lines = [
            format!("{county} {plain} 1 2\n"),
            format!("{county} {corrected} 2 2\n"),
            // 31 days late and round; the largest amount is the other one.
            format!("{county} {late} 1 3\n"),
        ];
        lines.sort_unstable();
        let lines = lines.concat();
        // Of two amounts the bound is the larger one, so that none is large.
        assert_eq!(text, lines.replace(&format!("{plain} 1 2"), &format!("{plain} 1 1")));
        assert_eq!(framed["frame_digest"], json!(digest::hex(&digest::sha256(text.as_bytes()))));

        office.app.patch(&office.worker, &path, 2, &json!({ "quantity": 7, "reason": "模拟" })).await.expect(200);
        office.app.post_to(&office.worker, &format!("{RECORDS}/{plain}/void"), 1, Some(&reason)).await.expect(200);
        assert_eq!(office.frame_text(&framed).await, text);
        let seeded = office.step(&framed, "seed", Some(json!({ "seed": "模拟" }))).await.expect(200).json();
        let drawn = office.step(&seeded, "draw", None).await.expect(200).json();
        let items = office.items(&drawn).await;
        assert_eq!(items.iter().map(|item| item["number"].as_i64().unwrap()).collect::<Vec<_>>(), [1, 2, 3]);
        let by_record: BTreeMap<&str, &Value> =
            items.iter().map(|item| (item["record_id"].as_str().unwrap(), item)).collect();
        let item = by_record[corrected.to_string().as_str()];
        assert_eq!((&item["record_version"], &item["recorded_quantity"]), (&json!(2), &json!(3)), "as the frame had it");
        assert_eq!(by_record[plain.to_string().as_str()]["recorded_amount_fen"], json!(12_345));
    }

    /// What cannot be framed, with every fault at once.
    async fn what_breaks_a_rule_is_not_framed(app: TestApp) {
        let office = Office::open(app).await;
        office.many("c1", 2).await;
        let faults = async |change: Value| {
            let mut body = office.body("c1", "equal", 1);
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            office.app.post(&office.auditor, INSPECTIONS, &body).await.expect(422).faults()
        };
        let fault = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(faults(json!({ "period_to": "2026-11-25" })).await, [fault("/period_to", "in_future")]);
        assert_eq!(faults(json!({ "period_to": "2026-10-31" })).await, [fault("/period_to", "before_period_from")]);
        assert_eq!(faults(json!({ "period_from": "2025-11-23" })).await, [fault("/period_to", "window_too_wide")]);
        assert_eq!(faults(json!({ "kinds": ["unheard_of"] })).await, [fault("/kinds", "unknown_code")]);
        assert_eq!(faults(json!({ "sample_size": 3 })).await, [fault("/sample_size", "larger_than_frame")]);
        assert_eq!(faults(json!({ "sample_size": 0, "name": "" })).await, [fault("/name", "length"), fault("/sample_size", "range")]);
        assert_eq!(faults(json!({ "name": "13900001234" })).await, [fault("/name", "personal_number")]);
        assert_eq!(faults(json!({ "kinds": ["logistics"] })).await, [fault("/service_point_id", "empty_frame")]);
        let list = office.app.get(&office.auditor, INSPECTIONS).await.expect(200).json();
        assert_eq!(list["items"], json!([]));
    }

    /// The same create makes one inspection, also when the records have changed in between.
    async fn a_frame_sent_again_is_the_same(app: TestApp) {
        let office = Office::open(app).await;
        office.many("c1", 2).await;
        let mut body = office.body("c1", "equal", 1);
        body["id"] = json!(office.app.edge.new_id());
        let framed = office.frame(&body).await;
        office.many("c1", 2).await;
        let again = office.app.post(&office.auditor, INSPECTIONS, &body).await.expect(200).json();
        assert_eq!(again, framed);
        body["sample_size"] = json!(2);
        refused(&office.app.post(&office.auditor, INSPECTIONS, &body).await, 409, "id.taken");
    }

    /// Of two who draw at once one does; the sample stands once.
    async fn a_sample_is_drawn_once(app: TestApp) {
        let office = Office::open(app).await;
        office.many("c1t1v1", 6).await;
        let framed = office.frame(&office.body("b", "equal", 4)).await;
        let seeded = office.step(&framed, "seed", Some(json!({}))).await.expect(200).json();
        let twice = [office.step(&seeded, "draw", None), office.step(&seeded, "draw", None)];
        let replies = futures_util::future::join_all(twice).await;
        let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
        assert_eq!(office.items(&seeded).await.len(), 4);
    }

    /// Each stratum has its share, and the shares are what the sample has.
    async fn strata_add_up(app: TestApp) {
        let office = Office::open(app).await;
        office.many("c1t1v1", 14).await;
        office.many("c2t2", 5).await;
        office.many("b", 1).await;
        for (method, shares) in [("proportional", Some([1, 6, 3])), ("equal", Some([1, 5, 4])), ("risk", None)] {
            let drawn = office.drawn(&office.body("b", method, 10), "模拟种子").await;
            let results = office.results(&drawn).await;
            let by_point: BTreeMap<&str, (&Value, i64)> = results["strata"].as_array().unwrap().iter().map(|stratum| {
                let result = &stratum["result"];
                (stratum["service_point_id"].as_str().unwrap(), (&result["frame_size"], result["sample_size"].as_i64().unwrap()))
            }).collect();
            let of = |point: &str| by_point[office.network.id(point).to_string().as_str()];
            assert_eq!((of("b").0, of("c1").0, of("c2").0), (&json!(1), &json!(14), &json!(5)));
            let drawn_of = ["b", "c1", "c2"].map(|point| of(point).1);
            assert_eq!(drawn_of.iter().sum::<i64>(), 10);
            if let Some(shares) = shares {
                let mut shares = shares;
                // Which stratum comes first decides a round of the equal draw.
                if method == "equal" && office.network.id("c2") < office.network.id("c1") {
                    shares = [1, 4, 5];
                }
                assert_eq!(drawn_of, shares, "{method}");
            }
            assert_eq!((&results["total"]["frame_size"], &results["total"]["sample_size"]), (&json!(20), &json!(10)));
            let items = office.items(&drawn).await;
            let records: BTreeSet<&str> = items.iter().map(|item| item["record_id"].as_str().unwrap()).collect();
            assert_eq!(records.len(), 10, "no record twice");
        }
    }

    /// An auditor frames nothing outside the own scope, and nobody else frames at all.
    async fn nobody_frames_what_is_not_theirs(app: TestApp) {
        let office = Office::open(app).await;
        office.many("c1t1v1", 3).await;
        office.many("c2t1v1", 3).await;
        let auditor = office.someone(Role::Auditor, "c1");
        for foreign in ["c2", "c2t1v1", "b"] {
            let reply = office.app.post(&auditor, INSPECTIONS, &office.body(foreign, "equal", 1)).await.expect(404);
            assert_eq!(reply.faults(), [("/service_point_id".to_owned(), "not_found".to_owned())]);
        }
        let own = office.app.post(&auditor, INSPECTIONS, &office.body("c1", "equal", 1)).await.expect(201).json();
        assert_eq!(own["frame_size"], json!(3));
        for role in [Role::Worker, Role::Reviewer, Role::Manager, Role::Admin] {
            let reply = office.app.post(&office.someone(role, "c1"), INSPECTIONS, &office.body("c1", "equal", 1)).await;
            refused(&reply, 403, "permission.denied");
        }
        // Of the bureau's inspection a county sees what was drawn in it, and not the rest.
        let drawn = office.drawn(&office.body("b", "equal", 4), "模拟").await;
        let path = format!("{INSPECTIONS}/{}", drawn["id"].as_str().unwrap());
        for end in ["", "/frame", "/results"] {
            office.app.get(&auditor, &format!("{path}{end}")).await.expect(404);
        }
        let seen = office.app.all_pages(&auditor, &format!("{ITEMS}?inspection_id={}", drawn["id"].as_str().unwrap()), 1).await;
        assert_eq!(seen.len(), 2);
        assert!(seen.iter().all(|item| item["service_point_id"] == json!(office.network.id("c1t1v1"))));
        // Below a county the stratum is the top itself: nothing above it is told.
        let below = office.someone(Role::Auditor, "c1t1");
        let framed = office.app.post(&below, INSPECTIONS, &office.body("c1t1", "equal", 1)).await.expect(201).json();
        let results = office.app.get(&below, &format!("{INSPECTIONS}/{}/results", framed["id"].as_str().unwrap())).await;
        assert!(!results.expect(200).text().contains(&office.network.id("c1").to_string()));
    }

    /// A worker sees nothing of an inspection, even in its own village.
    async fn a_worker_sees_nothing_of_it(app: TestApp) {
        let office = Office::open(app).await;
        office.many("c1t1v1", 2).await;
        let drawn = office.drawn(&office.body("c1t1v1", "equal", 1), "模拟").await;
        let item = office.items(&drawn).await[0]["id"].as_str().unwrap().to_owned();
        let worker = office.someone(Role::Worker, "c1t1v1");
        let id = drawn["id"].as_str().unwrap();
        for path in [INSPECTIONS.to_owned(), ITEMS.to_owned(), format!("{INSPECTIONS}/{id}"), format!("{INSPECTIONS}/{id}/frame"), format!("{ITEMS}/{item}")] {
            refused(&office.app.get(&worker, &path).await, 403, "permission.denied");
        }
    }

    /// Whoever alters a frame in the database, or a result, is found out: the one at the draw, the other by a look at all rows.
    async fn what_is_altered_by_hand_shows(app: TestApp) {
        let office = Office::open(app).await;
        office.many("c1t1v1", 3).await;
        let framed = office.frame(&office.body("b", "equal", 2)).await;
        let seeded = office.step(&framed, "seed", Some(json!({}))).await.expect(200).json();
        let mut conn = office.app.conn();
        changed_by_hand(
            &mut conn,
            "UPDATE inspection_frames SET lines = CAST(substr(lines, 1, length(lines) - 21) AS BLOB)",
            "UPDATE inspection_frames SET lines = substring(lines from 1 for length(lines) - 21)",
        );
        refused(&office.step(&seeded, "draw", None).await, 409, "inspection.frame_altered");
        assert_eq!(office.items(&seeded).await.len(), 0);

        let drawn = office.drawn(&office.body("b", "equal", 2), "模拟").await;
        let item = office.items(&drawn).await.remove(0);
        office.check(&item, &json!({ "state": "not_found", "note": "模拟" })).await.expect(200);
        let mut altered = || {
            // The people of these tests were put there by hand as well.
            let mut lines = integrity::rows(&mut conn).unwrap().lines;
            lines.retain(|line| line.starts_with("the inspection"));
            lines
        };
        assert_eq!(altered(), [""; 0]);
        let set = "UPDATE inspection_items SET state = 'confirmed' WHERE state = 'not_found'";
        changed_by_hand(&mut office.app.conn(), set, set);
        let found = altered();
        assert!(found.len() == 1 && found[0].contains(item["id"].as_str().unwrap()), "{found:?}");
    }
}
