//! The rules about parcels, wages, benefits and payments.

use serde_json::{Value, json};
use terrace::domain::Id;

use super::{Desk, EXPLANATIONS};
use crate::{
    on_both,
    support::{livelihoods as made, trade as things},
};

/// A site, a membership, a link and a project of long ago, in the village `c1t1v1` and its county.
struct Held {
    site: Id,
    membership: Id,
    link: Id,
    project: Id,
}

impl Held {
    async fn new(desk: &Desk) -> Self {
        let (village, county, since) = (desk.network.id("c1t1v1"), desk.network.id("c1"), desk.day("2026-01-01"));
        let household = desk.household("c1t1v1", json!({ "registered_on": "2026-01-01" })).await;
        let path = format!("/api/v1/households/{household}/members");
        let members = desk.app.get(&desk.manager, &path).await.expect(200).json();
        let member = members["items"][0]["id"].as_str().unwrap().parse().unwrap();
        let partner = enter(desk, "partners", things::partner(county)).await;
        let coop = enter(desk, "organisations", things::organisation(village)).await;
        let mut project = made::project(county);
        project["starts_on"] = json!("2026-01-01");
        Self {
            site: enter(desk, "logistics-sites", made::site(village, partner, since)).await,
            membership: enter(desk, "memberships", made::membership(village, coop, member, since)).await,
            link: enter(desk, "benefit-links", made::link(village, coop, household, since)).await,
            project: enter(desk, "projects", project).await,
        }
    }

    fn parcels(&self, month: &str, direction: &str, n: i64) -> Value {
        let mut body = made::parcels(self.site, month);
        (body["direction"], body["parcels"]) = (json!(direction), json!(n));
        body
    }

    fn wage(&self, month: &str, amount_fen: i64) -> Value {
        let mut body = made::wage(self.membership, month);
        body["amount_fen"] = json!(amount_fen);
        body
    }

    fn benefit(&self, desk: &Desk, on: &str, amount_fen: i64) -> Value {
        let mut body = made::benefit(self.link, desk.day(on));
        body["amount_fen"] = json!(amount_fen);
        body
    }
}

async fn enter(desk: &Desk, list: &str, body: Value) -> Id {
    desk.app.post(&desk.manager, &format!("/api/v1/{list}"), &body).await.expect(201).id()
}

async fn void(desk: &Desk, list: &str, id: Id, version: i64) {
    let path = format!("/api/v1/{list}/{id}/void");
    desk.app.post_to(&desk.manager, &path, version, Some(&json!({ "reason": "模拟原因" }))).await.expect(200);
}

on_both! {
    /// Sixty days after the day, or after the month's end, are in time; what is voided is not told of.
    async fn an_entry_is_logged_late(app: TestApp) {
        let desk = Desk::new(app).await;
        let (held, today) = (Held::new(&desk).await, desk.app.today());
        let mut late = Vec::new();
        for direction in ["in", "out"] {
            late.push(enter(&desk, "parcels", held.parcels("2026-08", direction, 10)).await);
            enter(&desk, "parcels", held.parcels("2026-09", direction, 10)).await;
        }
        late.push(enter(&desk, "wages", held.wage("2026-08", 250_000)).await);
        enter(&desk, "wages", held.wage("2026-09", 250_000)).await;
        desk.same(desk.found("entry_logged_late", "&month=2026-08").await, late);
        desk.same(desk.found("entry_logged_late", "&month=2026-09").await, vec![]);
        let mut late = Vec::new();
        for days in [61, 60] {
            let on = today.minus_days(days);
            let benefit = enter(&desk, "benefits", made::benefit(held.link, on)).await;
            let payment = enter(&desk, "project-payments", made::payment(held.project, on)).await;
            if days == 61 {
                late.extend([benefit, payment]);
            }
        }
        desk.same(desk.found("entry_logged_late", "&month=2026-09").await, late.clone());
        let items = desk.items("entry_logged_late", "&month=2026-09").await;
        assert!(items.iter().all(|item| item["value"] == 61), "{items:?}");
        void(&desk, "benefits", late[0], 1).await;
        desk.same(desk.found("entry_logged_late", "&month=2026-09").await, vec![late[1]]);
    }

    /// Three months the same in one direction; nothing thrice, two months, and a month between them that differs are in order.
    async fn parcels_are_repeated(app: TestApp) {
        let desk = Desk::new(app).await;
        let held = Held::new(&desk).await;
        let mut ids = Vec::new();
        for month in ["2026-07", "2026-08", "2026-09", "2026-10"] {
            enter(&desk, "parcels", held.parcels(month, "out", 0)).await;
            ids.push(enter(&desk, "parcels", held.parcels(month, "in", if month == "2026-07" { 99 } else { 100 })).await);
        }
        desk.same(desk.found("parcels_repeated", "&month=2026-09").await, vec![]);
        desk.same(desk.found("parcels_repeated", "&month=2026-10").await, vec![ids[3]]);
        assert_eq!(desk.items("parcels_repeated", "&month=2026-10").await[0]["value"], 100);
        // Another site reports the same: that is another site.
        let partner = enter(&desk, "partners", things::partner(desk.network.id("c1"))).await;
        let site = enter(&desk, "logistics-sites", made::site(desk.network.id("c1t1v1"), partner, desk.day("2026-01-01"))).await;
        let mut other = held.parcels("2026-10", "in", 100);
        other["site_id"] = json!(site);
        enter(&desk, "parcels", other).await;
        desk.same(desk.found("parcels_repeated", "&month=2026-10").await, vec![ids[3]]);
        let fix = json!({ "reason": "模拟更正", "parcels": 101 });
        desk.app.patch(&desk.manager, &format!("/api/v1/parcels/{}", ids[2]), 1, &fix).await.expect(200);
        desk.same(desk.found("parcels_repeated", "&month=2026-10").await, vec![]);
        // With the seventh month as well four are the same, and the ninth is told of.
        for (id, n) in [(ids[0], 100), (ids[2], 100)] {
            let version = if n == 100 && id == ids[2] { 2 } else { 1 };
            let fix = json!({ "reason": "模拟更正", "parcels": n });
            desk.app.patch(&desk.manager, &format!("/api/v1/parcels/{id}"), version, &fix).await.expect(200);
        }
        desk.same(desk.found("parcels_repeated", "&month=2026-09").await, vec![ids[2]]);
        desk.same(desk.found("parcels_repeated", "&month=2026-10").await, vec![ids[3]]);
        void(&desk, "parcels", ids[1], 1).await;
        desk.same(desk.found("parcels_repeated", "&month=2026-10").await, vec![]);
        desk.same(desk.found("parcels_repeated", "&month=2026-09").await, vec![]);
    }

    /// From 200 yuan to 20,000 a wage is as it should be. What was said of one holds until it is another.
    async fn a_wage_is_unusual(app: TestApp) {
        let desk = Desk::new(app).await;
        let held = Held::new(&desk).await;
        let mut ids = Vec::new();
        for (month, amount) in [("2026-07", 19_999), ("2026-08", 20_000), ("2026-09", 2_000_000), ("2026-10", 2_000_001)] {
            ids.push(enter(&desk, "wages", held.wage(month, amount)).await);
        }
        for (month, right) in [("2026-07", vec![ids[0]]), ("2026-08", vec![]), ("2026-09", vec![]), ("2026-10", vec![ids[3]])] {
            desk.same(desk.found("wage_unusual", &format!("&month={month}")).await, right);
        }
        let item = desk.items("wage_unusual", "&month=2026-10").await.remove(0);
        assert_eq!([&item["value"], &item["state"]], [&json!(2_000_001), &json!("open")]);
        let said = json!({ "rule": "wage_unusual", "subject_id": ids[3], "month": "2026-10", "note": "模拟：年终奖金", "fingerprint": item["fingerprint"] });
        desk.app.post(&desk.manager, EXPLANATIONS, &said).await.expect(201);
        assert_eq!(desk.items("wage_unusual", "&month=2026-10").await[0]["state"], "explained");
        let fix = |amount: i64| json!({ "reason": "模拟更正", "amount_fen": amount });
        let path = format!("/api/v1/wages/{}", ids[3]);
        desk.app.patch(&desk.manager, &path, 1, &fix(3_000_000)).await.expect(200);
        assert_eq!(desk.items("wage_unusual", "&month=2026-10").await[0]["state"], "open");
        desk.app.patch(&desk.manager, &path, 2, &fix(250_000)).await.expect(200);
        desk.same(desk.found("wage_unusual", "&month=2026-10").await, vec![]);
        void(&desk, "wages", ids[0], 1).await;
        desk.same(desk.found("wage_unusual", "&month=2026-07").await, vec![]);
    }

    /// Above 20,000 yuan of one link in one month, however many entries; the last of them is told of.
    async fn benefits_are_unusual(app: TestApp) {
        let desk = Desk::new(app).await;
        let held = Held::new(&desk).await;
        let first = enter(&desk, "benefits", held.benefit(&desk, "2026-10-20", 1_500_000)).await;
        enter(&desk, "benefits", held.benefit(&desk, "2026-10-02", 500_000)).await;
        enter(&desk, "benefits", held.benefit(&desk, "2026-11-01", 1)).await;
        desk.same(desk.found("benefit_unusual", "&month=2026-10").await, vec![]);
        let more = enter(&desk, "benefits", held.benefit(&desk, "2026-10-03", 1)).await;
        desk.same(desk.found("benefit_unusual", "&month=2026-10").await, vec![first]);
        assert_eq!(desk.items("benefit_unusual", "&month=2026-10").await[0]["value"], 2_000_001);
        desk.same(desk.found("benefit_unusual", "&month=2026-11").await, vec![]);
        let last = enter(&desk, "benefits", held.benefit(&desk, "2026-10-31", 1)).await;
        desk.same(desk.found("benefit_unusual", "&month=2026-10").await, vec![last]);
        void(&desk, "benefits", last, 1).await;
        desk.same(desk.found("benefit_unusual", "&month=2026-10").await, vec![first]);
        void(&desk, "benefits", more, 1).await;
        desk.same(desk.found("benefit_unusual", "&month=2026-10").await, vec![]);
    }
}
