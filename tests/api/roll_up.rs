//! What a number means: a few figures worked out by hand here; `histories` compares every number of random lives with a
//! recount that knows nothing of cells and paths, `trace` one database with the other.

mod histories;
mod recount;
mod trace;

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use crate::{
    on_both,
    support::{
        Actor, Network, TestApp, head, household,
        trade::{platform, store},
    },
};

const HOUSEHOLDS: &str = "/api/v1/households";
const RECORDS: &str = "/api/v1/assistance-records";
const POINTS: &str = "/api/v1/service-points";

/// The tests' small network, and who may do everything in it.
struct Bench<'a> {
    app: &'a TestApp,
    network: Network,
    manager: Actor,
    admin: Actor,
}

impl<'a> Bench<'a> {
    async fn new(app: &'a TestApp) -> Self {
        let network = app.network().await;
        let (manager, admin) =
            (app.actor(&[(Role::Manager, network.id("b"))]), app.actor(&[(Role::Admin, network.id("b"))]));
        Self { app, network, manager, admin }
    }

    /// A household of three, one of whom joined on 15 August and one of whom has left since 1 September.
    async fn household(&self, home: &str) -> Id {
        let mut body = household(self.network.id(home));
        let member = |relation: &str, joined_on: &str| json!({ "name": "模拟某人", "relation": relation, "no_identity_reason": "lost", "joined_on": joined_on });
        body["registered_on"] = json!("2026-01-05");
        body["members"] = json!([head(), member("10", "2026-01-05"), member("20", "2026-08-15")]);
        let id = self.app.post(&self.manager, HOUSEHOLDS, &body).await.expect(201).id();
        let members = self.app.get(&self.manager, &format!("{HOUSEHOLDS}/{id}/members")).await.expect(200).json();
        let spouse = members["items"].as_array().unwrap().iter().find(|member| member["relation"] == "10").unwrap();
        let path = format!("/api/v1/members/{}/leave", spouse["id"].as_str().unwrap());
        let body = json!({ "left_on": "2026-09-01", "reason": "模拟离开" });
        self.app.post_to(&self.manager, &path, 1, Some(&body)).await.expect(200);
        id
    }

    /// What was given on a day: a kind, and how many fen.
    async fn give(&self, household: Id, giver: &str, day: &str, kind: &str, fen: i64) {
        let body = json!({
            "household_id": household, "service_point_id": self.network.id(giver), "kind": kind, "given_on": day,
            "quantity": 2, "amount_fen": fen,
        });
        self.app.post(&self.manager, RECORDS, &body).await.expect(201);
    }

    async fn change(&self, household: Id, version: i64, act: &str, body: Value) {
        let path = format!("{HOUSEHOLDS}/{household}/{act}");
        self.app.post_to(&self.manager, &path, version, Some(&body)).await.expect(200);
    }

    async fn change_point(&self, point: &str, version: i64, act: &str, body: Value) {
        let path = format!("{POINTS}/{}/{act}", self.network.id(point));
        self.app.post_to(&self.admin, &path, version, Some(&body)).await.expect(200);
    }

    async fn item(&self, point: &str, period: &str, metric: &str) -> Value {
        let path = format!("{POINTS}/{}/statistics?period={period}&metrics={metric}", self.network.id(point));
        let answer = self.app.get(&self.manager, &path).await.expect(200).json();
        assert_eq!(answer["items"].as_array().unwrap().len(), 1);
        recount::assert_sums(&answer);
        answer["items"][0].clone()
    }

    /// Each row: a metric, a period, and its total at each of the points that head the table.
    async fn assert_table(&self, points: &[&str], rows: &[(&str, &str, &[i64])]) {
        for (metric, period, expected) in rows {
            let mut totals = Vec::new();
            for point in points {
                totals.push(self.item(point, period, metric).await["total"].as_i64().unwrap());
            }
            assert_eq!(totals, *expected, "{metric} {period} at {points:?}");
        }
    }
}

on_both! {
    /// A household that is given things in two months of a quarter is one in each month, one in the quarter, one in the year.
    async fn a_household_counts_once_in_every_period(app: TestApp) {
        let bench = Bench::new(&app).await;
        let household = bench.household("c1t1v1").await;
        for (day, kind, fen) in [("2026-07-03", "logistics", 100), ("2026-07-31", "logistics", 20), ("2026-08-01", "training", 3)] {
            bench.give(household, "c1t1v1", day, kind, fen).await;
        }
        bench.give(household, "c1", "2026-11-02", "training", 4000).await;
        bench.assert_table(&["c1t1v1", "c1t1v2", "c1t1", "c1", "c2", "b"], &[
            ("households_assisted", "2026-06", &[0, 0, 0, 0, 0, 0]),
            ("households_assisted", "2026-07", &[1, 0, 1, 1, 0, 1]),
            ("households_assisted", "2026-08", &[1, 0, 1, 1, 0, 1]),
            ("households_assisted", "2026-09", &[0, 0, 0, 0, 0, 0]),
            ("households_assisted", "2026-Q3", &[1, 0, 1, 1, 0, 1]),
            ("households_assisted", "2026", &[1, 0, 1, 1, 0, 1]),
            ("households_assisted", "all", &[1, 0, 1, 1, 0, 1]),
            ("assistance_count", "2026-Q3", &[3, 0, 3, 3, 0, 3]),
            ("assistance_count", "2026", &[3, 0, 3, 4, 0, 4]),
            ("assistance_quantity", "2026-07", &[4, 0, 4, 4, 0, 4]),
            ("assistance_amount", "2026-Q3", &[123, 0, 123, 123, 0, 123]),
            ("assistance_amount", "all", &[123, 0, 123, 4123, 0, 4123]),
            ("villages_serving", "2026-07", &[1, 0, 1, 1, 0, 1]),
            ("villages_serving", "2026-Q3", &[1, 0, 1, 1, 0, 1]),
            // The county gave, no village.
            ("villages_serving", "2026-11", &[0, 0, 0, 0, 0, 0]),
            ("villages_serving", "2026-Q4", &[0, 0, 0, 0, 0, 0]),
            ("persons", "2025-12", &[0, 0, 0, 0, 0, 0]),
            ("persons", "2026-01", &[2, 0, 2, 2, 0, 2]),
            ("persons", "2026-08", &[3, 0, 3, 3, 0, 3]),
            ("persons", "2026-09", &[2, 0, 2, 2, 0, 2]),
            ("households_registered", "2026-01", &[1, 0, 1, 1, 0, 1]),
            ("households_registered", "2026-02", &[0, 0, 0, 0, 0, 0]),
            ("households_registered", "2026", &[1, 0, 1, 1, 0, 1]),
        ]).await;
        let quarter = bench.item("c1", "2026-Q3", "households_assisted").await;
        assert_eq!(quarter["by_kind"], json!([{ "kind": "logistics", "value": 1 }, { "kind": "training", "value": 1 }]));
        assert_eq!(quarter["by_month"], json!([
            { "month": "2026-07", "value": 1 }, { "month": "2026-08", "value": 1 }, { "month": "2026-09", "value": 0 },
        ]));
        let share = bench.item("b", "2026-Q3", "households_assisted_share").await;
        assert_eq!((&share["total"], &share["of"], &share["own_of"], &share["rate_bp"]), (&json!(1), &json!(1), &json!(0), &json!(10_000)));
        // A rate with nothing expected is none.
        let share = bench.item("c2", "2026-Q3", "households_assisted_share").await;
        assert_eq!((&share["total"], &share["of"], &share["rate_bp"]), (&json!(0), &json!(0), &json!(null)));
    }

    /// Moved to another county in the third month: what ended before stays with the old home, what contains the day or
    /// follows it goes with the new one. What points gave stays theirs.
    async fn a_household_counts_at_its_home_at_the_periods_end(app: TestApp) {
        let bench = Bench::new(&app).await;
        let household = bench.household("c1t1v1").await;
        bench.give(household, "c1t1v1", "2026-07-03", "logistics", 0).await;
        bench.give(household, "c1t1v1", "2026-08-03", "logistics", 0).await;
        bench.change(household, 1, "transfer", json!({ "service_point_id": bench.network.id("c2t2v1"), "effective_on": "2026-09-10", "reason": "模拟搬迁" })).await;
        bench.assert_table(&["c1t1v1", "c1", "c2t2v1", "c2", "b"], &[
            ("households_assisted", "2026-07", &[1, 1, 0, 0, 1]),
            ("households_assisted", "2026-08", &[1, 1, 0, 0, 1]),
            ("households_assisted", "2026-09", &[0, 0, 0, 0, 0]),
            ("households_assisted", "2026-Q3", &[0, 0, 1, 1, 1]),
            ("households_assisted", "2026", &[0, 0, 1, 1, 1]),
            ("households_assisted", "all", &[0, 0, 1, 1, 1]),
            ("households", "2026-08", &[1, 1, 0, 0, 1]),
            ("households", "2026-Q2", &[1, 1, 0, 0, 1]),
            ("households", "2026-09", &[0, 0, 1, 1, 1]),
            ("households", "2026", &[0, 0, 1, 1, 1]),
            ("persons", "2026-08", &[3, 3, 0, 0, 3]),
            ("persons", "2026-09", &[0, 0, 2, 2, 2]),
            ("households_registered", "2026-01", &[1, 1, 0, 0, 1]),
            ("households_registered", "2026-Q1", &[1, 1, 0, 0, 1]),
            ("households_registered", "2026", &[0, 0, 1, 1, 1]),
            ("households_assisted_share", "2026-Q3", &[0, 0, 1, 1, 1]),
            ("assistance_count", "2026-Q3", &[2, 2, 0, 0, 2]),
            ("assistance_count", "all", &[2, 2, 0, 0, 2]),
        ]).await;
        // A record that is dated back into a month before the move counts with the old home there, with the new one in the quarter.
        bench.give(household, "b", "2026-09-09", "training", 0).await;
        bench.assert_table(&["c1t1v1", "c1", "c2t2v1", "c2", "b"], &[
            ("households_assisted", "2026-09", &[0, 0, 1, 1, 1]),
            ("households_assisted", "2026-Q3", &[0, 0, 1, 1, 1]),
        ]).await;
    }

    /// The same for its type, and for its end.
    async fn a_household_counts_with_its_type_and_state_at_the_periods_end(app: TestApp) {
        let bench = Bench::new(&app).await;
        let household = bench.household("c1t1v1").await;
        for day in ["2026-04-30", "2026-05-01", "2026-10-08"] {
            bench.give(household, "c1t1v1", day, "logistics", 0).await;
        }
        bench.change(household, 1, "type", json!({ "household_type": "lifted", "effective_on": "2026-06-30" })).await;
        bench.change(household, 2, "status", json!({ "status": "dissolved", "effective_on": "2026-10-09", "reason": "模拟销户" })).await;
        let by_type = async |metric: &str, period: &str| bench.item("c1", period, metric).await["by_type"].clone();
        for (metric, period, class) in [
            ("households_assisted", "2026-04", "general"),
            ("households_assisted", "2026-05", "general"),
            ("households_assisted", "2026-Q2", "lifted"),
            ("households_assisted", "2026", "lifted"),
            ("households_assisted", "2026-10", "lifted"),
            ("households_registered", "2026-01", "general"),
            ("households_registered", "all", "lifted"),
            ("households", "2026-05", "general"),
            ("households", "2026-06", "lifted"),
        ] {
            assert_eq!(by_type(metric, period).await, json!([{ "type": class, "value": 1 }]), "{metric} {period}");
        }
        assert_eq!(by_type("persons", "2026-03").await, json!([{ "type": "general", "value": 2 }]));
        assert_eq!(by_type("persons", "2026-10").await, json!([]));
        // It was assisted, and is no more among those that can be.
        for (period, of) in [("2026-Q2", 1), ("2026-09", 1), ("2026-10", 0), ("2026-Q4", 0), ("2026", 0), ("all", 0)] {
            let share = bench.item("c1", period, "households_assisted_share").await;
            let part = if period == "2026-Q2" { 1 } else { 0 };
            assert_eq!((&share["total"], &share["of"]), (&json!(part), &json!(of)), "{period}");
        }
        bench.change(household, 3, "status", json!({ "status": "active", "effective_on": "2026-11-01", "reason": "模拟返回" })).await;
        bench.assert_table(&["c1t1v1", "c1"], &[
            ("households", "2026-10", &[0, 0]),
            ("households", "2026-11", &[1, 1]),
            ("households_assisted_share", "2026-10", &[0, 0]),
            ("households_assisted_share", "2026-Q4", &[1, 1]),
        ]).await;
    }

    /// A moved township takes its figures along, of all time.
    async fn a_township_takes_its_figures_along(app: TestApp) {
        let bench = Bench::new(&app).await;
        let (here, there) = (bench.household("c1t1v1").await, bench.household("c2").await);
        bench.give(here, "c1t1v2", "2026-07-03", "logistics", 70).await;
        bench.give(there, "c1t1", "2026-10-03", "logistics", 1).await;
        let points = ["c1t1v1", "c1t1v2", "c1t1", "c1", "c2", "b"];
        bench.assert_table(&points, &[
            ("assistance_amount", "all", &[0, 70, 71, 71, 0, 71]),
            ("households", "2026-07", &[1, 0, 1, 1, 1, 2]),
            ("households_assisted", "2026", &[1, 0, 1, 1, 1, 2]),
            ("villages", "2026", &[1, 1, 2, 4, 4, 8]),
        ]).await;
        bench.change_point("c1t1", 1, "move", json!({ "parent_id": bench.network.id("c2"), "reason": "模拟调整" })).await;
        bench.assert_table(&points, &[
            ("assistance_amount", "all", &[0, 70, 71, 0, 71, 71]),
            ("assistance_amount", "2026-07", &[0, 70, 70, 0, 70, 70]),
            ("households", "2026-07", &[1, 0, 1, 0, 2, 2]),
            ("persons", "2026", &[2, 0, 2, 0, 4, 4]),
            ("households_assisted", "2026", &[1, 0, 1, 0, 2, 2]),
            ("households_registered", "2026-Q1", &[1, 0, 1, 0, 2, 2]),
            ("villages_serving", "2026-Q3", &[0, 1, 1, 0, 1, 1]),
            ("villages", "2026", &[1, 1, 2, 2, 6, 8]),
        ]).await;
        recount_is_right(&app);
    }

    /// A village stands on its last day; planned, it does not stand; the official number stands beside its own bureau's.
    async fn villages_stand_from_their_first_day_to_their_last(app: TestApp) {
        let bench = Bench::new(&app).await;
        let village = |name: &str, code: &str, opened_on: &str, status: &str| json!({
            "parent_id": bench.network.id("c1t1"), "tier": "village", "name": name, "region_code": code,
            "opened_on": opened_on, "status": status,
        });
        let mut ids = Vec::new();
        for (code, opened_on, status) in [
            ("999905001001", "2025-12-31", "active"),
            ("999905001200", "2026-01-01", "active"),
            ("999905001201", "2026-02-01", "planned"),
        ] {
            ids.push(app.post(&bench.admin, POINTS, &village("模拟村", code, opened_on, status)).await.expect(201).id());
        }
        for (id, day) in [(ids[0], "2026-01-31"), (ids[1], "2026-03-30")] {
            let body = json!({ "closed_on": day, "reason": "模拟关闭" });
            app.post_to(&bench.admin, &format!("{POINTS}/{id}/close"), 1, Some(&body)).await.expect(200);
        }
        let kinds = |communities: i64, committees: i64| {
            let all = [("committee", committees), ("community", communities)];
            let told = all.into_iter().filter(|(_, value)| *value != 0);
            Value::from(told.map(|(class, value)| json!({ "type": class, "value": value })).collect::<Vec<_>>())
        };
        for (period, communities, committees) in [
            ("2025-11", 0, 0), ("2025-12", 1, 0), ("2026-01", 1, 1), ("2026-02", 0, 1), ("2026-03", 0, 0), ("2026-10", 0, 0),
            // The network's own eight were opened today.
            ("2026-11", 0, 8), ("2026", 0, 8), ("all", 0, 8),
        ] {
            let item = bench.item("b", period, "villages").await;
            assert_eq!((&item["total"], &item["by_type"]), (&json!(communities + committees), &kinds(communities, committees)), "{period}");
            assert_eq!(item.get("reference"), None);
        }
        let bureau = format!("{POINTS}/{}", bench.network.id("b"));
        app.patch(&bench.admin, &bureau, 1, &json!({ "region_code": "621200000000" })).await.expect(200);
        for (period, reference) in [("2026", json!(3201)), ("2023-01", json!(3201)), ("2022", json!(null)), ("2022-12", json!(null))] {
            assert_eq!(bench.item("b", period, "villages").await["reference"]["value"], reference, "{period}");
        }
        assert_eq!(bench.item("c1", "2026", "villages").await.get("reference"), None);
        recount_is_right(&app);
    }

    /// On a month's last day a village and a store are closed whose last day that is: they end with the next month, which no figure
    /// looks into yet, so that they stand in every one that contains today, and behind it.
    async fn what_ends_with_the_month_stands_until_then(app: TestApp) {
        let bench = Bench::new(&app).await;
        app.edge.advance(6 * 24 * 3600);
        let bench = Bench { manager: app.actor(&[(Role::Manager, bench.network.id("b"))]), admin: app.actor(&[(Role::Admin, bench.network.id("b"))]), ..bench };
        let (last, village) = (app.today(), bench.network.id("c1t1v1"));
        assert_ne!(last.month(), last.plus_days(1).month());
        let platform = app.post(&bench.manager, "/api/v1/platforms", &platform(bench.network.id("c1"))).await.expect(201).id();
        let mut store = store(village, platform, last);
        let id = app.post(&bench.manager, "/api/v1/stores", &store).await.expect(201).id();
        store["closed_on"] = json!(last);
        app.request(&bench.manager, Method::PUT, &format!("/api/v1/stores/{id}"), Some(&store), &[("if-match", "\"1\"")]).await.expect(200);
        bench.change_point("c1t1v1", 1, "close", json!({ "closed_on": last, "reason": "模拟关闭" })).await;
        for (metric, standing) in [("villages", [1, 2]), ("stores", [1, 1])] {
            for period in ["2026-11", "2026-12", "2026-Q4", "2026", "2027", "all"] {
                for (point, standing) in ["c1t1v1", "c1t1"].into_iter().zip(standing) {
                    assert_eq!(bench.item(point, period, metric).await["total"], standing, "{metric} {period} {point}");
                    let rows = format!("{POINTS}/{}/statistics/rows?metric={metric}&period={period}", bench.network.id(point));
                    assert_eq!(app.all_pages(&bench.manager, &rows, 5).await.len(), standing, "{metric} {period} {point}");
                }
            }
        }
        recount_is_right(&app);
    }
}

/// The cells are what the recount says.
fn recount_is_right(app: &TestApp) {
    let mut conn = app.conn();
    let expected = recount::Book::read(&mut conn).expected_cells(app.today());
    assert_eq!(recount::kept_cells(&mut conn), expected);
}
