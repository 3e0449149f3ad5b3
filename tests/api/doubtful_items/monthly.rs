//! The rules about records and points, month by month.

use serde_json::{Value, json};
use terrace::domain::Id;

use super::{Desk, RECORDS};
use crate::on_both;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// A household that may have been given something since September.
async fn old_household(desk: &Desk) -> Id {
    desk.household("c1t1v1", json!({ "registered_on": "2026-09-01" })).await
}

/// So many records of one point on one day.
async fn records(desk: &Desk, giver: &str, household: Id, day: &str, fields: &[Value]) -> Vec<Id> {
    let mut made = Vec::new();
    for fields in fields {
        made.push(desk.record(giver, household, desk.day(day), fields.clone()).await);
    }
    made
}

on_both! {
    /// The same household, kind and day by two points: told of both records, in their month alone.
    async fn two_points_give_the_same_on_a_day(app: TestApp) {
        let desk = Desk::new(app).await;
        let [one, two] = [old_household(&desk).await, old_household(&desk).await];
        let day = desk.day("2026-10-20");
        let first = desk.record("c1t1v1", one, day, json!({})).await;
        desk.record("c1t1v1", one, day, json!({})).await;
        desk.record("c1t1v2", one, day, json!({ "kind": "logistics" })).await;
        desk.record("c1t1v2", one, desk.day("2026-10-21"), json!({})).await;
        desk.record("c1t1v2", two, day, json!({})).await;
        desk.same(desk.found("given_twice", "&month=2026-10").await, vec![]);
        let other = desk.record("c1", one, day, json!({})).await;
        let found = desk.found("given_twice", "&month=2026-10").await;
        assert_eq!(found.len(), 3, "both records of the village, and the county's");
        assert!(found.contains(&first) && found.contains(&other));
        desk.same(desk.found("given_twice", "&month=2026-11").await, vec![]);
        let path = format!("/api/v1/assistance-records/{other}/void");
        desk.app.post_to(&desk.manager, &path, 1, Some(&json!({ "reason": "模拟原因" }))).await.expect(200);
        desk.same(desk.found("given_twice", "&month=2026-10").await, vec![]);
    }

    /// Thirty days are in time, thirty-one are late.
    async fn a_record_is_logged_late(app: TestApp) {
        let desk = Desk::new(app).await;
        let household = old_household(&desk).await;
        let today = desk.app.today();
        let late = desk.record("c1t1v1", household, today.minus_days(31), json!({})).await;
        desk.record("c1t1v1", household, today.minus_days(30), json!({})).await;
        desk.same(desk.found("logged_late", "&month=2026-10").await, vec![late]);
        assert_eq!(desk.items("logged_late", "&month=2026-10").await[0]["value"], 31);
    }

    /// Five alike, and half of those with a note.
    async fn notes_are_copied(app: TestApp) {
        let desk = Desk::new(app).await;
        let household = old_household(&desk).await;
        let note = |n: usize, words: &str| vec![json!({ "note": words }); n];
        let mixed = |n: usize| -> Vec<Value> { (0..n).map(|n| json!({ "note": format!("模拟备注{n}") })).collect() };
        for (giver, alike, others) in [("c1t1v1", 5, 5), ("c1t1v2", 5, 6), ("c1t2v1", 4, 0)] {
            records(&desk, giver, household, "2026-11-10", &note(alike, "模拟雷同")).await;
            records(&desk, giver, household, "2026-11-11", &mixed(others)).await;
            records(&desk, giver, household, "2026-11-12", &vec![json!({}); 3]).await;
        }
        desk.same(desk.found("copied_notes", "").await, vec![desk.network.id("c1t1v1")]);
        assert_eq!(desk.items("copied_notes", "").await[0]["value"], 5);
    }

    /// Ten within an hour from nine in the evening on.
    async fn bursts_outside_working_hours(app: TestApp) {
        let mut desk = Desk::new(app).await;
        let household = old_household(&desk).await;
        desk.advance(9 * HOUR - 1);
        records(&desk, "c1t1v1", household, "2026-11-10", &vec![json!({}); 10]).await;
        desk.advance(1);
        records(&desk, "c1t1v2", household, "2026-11-10", &vec![json!({}); 10]).await;
        records(&desk, "c1t2v1", household, "2026-11-10", &vec![json!({}); 9]).await;
        desk.same(desk.found("outside_hours", "").await, vec![desk.network.id("c1t1v2")]);
        // By somebody else it is another burst.
        desk.manager = desk.app.actor(&[(terrace::domain::codes::Role::Manager, desk.network.id("b"))]);
        records(&desk, "c1t2v1", household, "2026-11-10", &[json!({})]).await;
        desk.same(desk.found("outside_hours", "").await, vec![desk.network.id("c1t1v2")]);
    }

    /// A village that gave nothing for thirty days, if it has been open that long and is at work.
    async fn a_point_is_silent(app: TestApp) {
        let mut desk = Desk::new(app).await;
        let household = old_household(&desk).await;
        let villages = ["c1t1v1", "c1t1v2", "c1t2v1", "c1t2v2", "c2t1v1", "c2t1v2", "c2t2v1", "c2t2v2"];
        let path = format!("/api/v1/service-points/{}/suspend", desk.network.id("c2t2v2"));
        desk.app.post_to(&desk.app.actor(&[(terrace::domain::codes::Role::Admin, desk.network.id("b"))]), &path, 1, None).await.expect(200);
        let first = desk.app.today();
        desk.record("c1t1v1", household, first, json!({})).await;
        desk.advance(DAY);
        desk.record("c1t1v2", household, first.plus_days(1), json!({})).await;
        desk.advance(28 * DAY);
        desk.same(desk.found("point_silent", "").await, vec![]);
        desk.advance(DAY);
        let silent = |names: &[&str]| names.iter().map(|name| desk.network.id(name)).collect::<Vec<_>>();
        let all = [&villages[..1], &villages[2..7]].concat();
        desk.same(desk.found("point_silent", "").await, silent(&all));
        desk.same(desk.found("point_silent", "&month=2026-11").await, vec![]);
    }

    /// Nine beside one, two, three and four is far, eight is not; among four nothing is.
    async fn a_count_is_far_from_its_siblings(app: TestApp) {
        let desk = Desk::new(app).await;
        let household = old_household(&desk).await;
        let mut villages = vec![desk.network.id("c1t1v1"), desk.network.id("c1t1v2")];
        let open = async |name: &str| {
            let body = json!({
                "parent_id": desk.network.id("c1t1"), "tier": "village", "name": name, "opened_on": "2026-11-01",
            });
            let admin = desk.app.actor(&[(terrace::domain::codes::Role::Admin, desk.network.id("b"))]);
            desk.app.post(&admin, "/api/v1/service-points", &body).await.expect(201).id()
        };
        for name in ["模拟三村", "模拟四村"] {
            villages.push(open(name).await);
        }
        let log = async |point: Id, n: usize| {
            for _ in 0..n {
                let body = json!({
                    "household_id": household, "service_point_id": point, "kind": "training",
                    "given_on": "2026-11-20", "quantity": 1,
                });
                desk.app.post(&desk.manager, RECORDS, &body).await.expect(201);
            }
        };
        for (village, n) in villages.iter().zip([1, 2, 3, 8]) {
            log(*village, n).await;
        }
        log(villages[3], 12).await;
        desk.same(desk.found("count_outlier", "").await, vec![]);
        let fifth = open("模拟五村").await;
        log(fifth, 4).await;
        desk.same(desk.found("count_outlier", "").await, vec![villages[3]]);
        desk.same(desk.found("count_outlier", "&month=2026-10").await, vec![]);
    }

    /// The same count three months long, of a village and of those above it; four are too few to tell.
    async fn counts_are_the_same_month_by_month(app: TestApp) {
        let desk = Desk::new(app).await;
        let household = old_household(&desk).await;
        for (giver, counts) in [("c1t1v1", [5, 5, 5]), ("c2t1v1", [4, 4, 4]), ("c2t2v1", [5, 5, 6])] {
            for (day, n) in ["2026-09-10", "2026-10-10", "2026-11-10"].into_iter().zip(counts) {
                records(&desk, giver, household, day, &vec![json!({}); n]).await;
            }
        }
        let right = ["c1t1v1", "c1t1", "c1"].map(|name| desk.network.id(name)).to_vec();
        desk.same(desk.found("same_counts", "").await, right);
        desk.same(desk.found("same_counts", "&month=2026-10").await, vec![]);
    }

    /// Five amounts, all of them whole hundreds; what was worth nothing is no amount.
    async fn all_amounts_are_round(app: TestApp) {
        let desk = Desk::new(app).await;
        let household = old_household(&desk).await;
        let worth = |amounts: &[i64]| amounts.iter().map(|fen| json!({ "amount_fen": fen })).collect::<Vec<_>>();
        for (giver, amounts) in [
            ("c1t1v1", vec![10_000, 20_000, 30_000, 1_000_000, 10_000, 0]),
            ("c1t1v2", vec![10_000, 20_000, 30_000, 1_000_000, 0]),
            ("c1t2v1", vec![10_000, 20_000, 30_000, 1_000_000, 10_001]),
        ] {
            records(&desk, giver, household, "2026-11-10", &worth(&amounts)).await;
        }
        desk.same(desk.found("round_amounts", "").await, vec![desk.network.id("c1t1v1")]);
    }
}
