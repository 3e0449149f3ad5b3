//! Logistics, organisations, households that are lifted, policies, projects and indicators: what may be entered, and what it does to
//! the figures.

mod closed;
mod indicators;
mod links;
mod lives;
mod logistics;
mod memberships;
mod policies;
mod projects;
mod races;
mod wages;

use std::ops::Deref;

use serde_json::{Value, json};
use terrace::domain::{Day, Id, codes::Role};

use crate::{
    support::{Actor, Reply, TestApp, household, livelihoods, trade as things},
    trade::{Shop, with},
};

/// The point that looks after the cooperative and the express station.
const TOWNSHIP: &str = "c1t1";
const VILLAGE: &str = "c1t1v1";

/// A network with a logistics partner of the bureau, and a cooperative of the township `c1t1`.
struct Land {
    shop: Shop,
    partner: Id,
    coop: Id,
}

impl Deref for Land {
    type Target = Shop;

    fn deref(&self) -> &Shop {
        &self.shop
    }
}

impl Land {
    /// On 24 November 2026, the day on which the network was opened.
    async fn new(app: TestApp) -> Self {
        Self::later(app, 0).await
    }

    /// So many days after that.
    async fn later(app: TestApp, days: i64) -> Self {
        let shop = Shop::later(app, days).await;
        let partner = shop.enter("partners", &things::partner(shop.id("b"))).await;
        let coop = shop.enter("organisations", &things::organisation(shop.id(TOWNSHIP))).await;
        Self { shop, partner, coop }
    }

    /// An express station of the township since 1 November.
    fn site(&self) -> Value {
        livelihoods::site(self.id(TOWNSHIP), self.partner, day("2026-11-01"))
    }

    fn coverage(&self, village: &str, site: Id, from: &str) -> Value {
        livelihoods::coverage(self.id(village), site, day(from))
    }

    fn infrastructure(&self, village: &str, from: &str) -> Value {
        livelihoods::infrastructure(self.id(village), day(from))
    }

    /// Somebody who makes things in the cooperative.
    fn membership(&self, member: Id, from: &str) -> Value {
        livelihoods::membership(self.id(TOWNSHIP), self.coop, member, day(from))
    }

    /// A household that the cooperative lifts.
    fn link(&self, household: Id, from: &str) -> Value {
        livelihoods::link(self.id(TOWNSHIP), self.coop, household, day(from))
    }

    /// The share of a point in a period: how many of how many.
    async fn share(&self, point: &str, period: &str, metric: &str) -> (i64, i64) {
        let figures = self.figures(point, period, metric).await;
        (figures["total"].as_i64().unwrap(), figures["of"].as_i64().unwrap())
    }

    /// Households of one at a home since 1 November, and their heads, with a disability if asked.
    async fn heads(&self, home: &str, n: usize, disabled: bool) -> Vec<(Id, Id)> {
        let mut heads = Vec::new();
        for _ in 0..n {
            let (mut body, ids) = (household(self.id(home)), (self.app.edge.new_id(), self.app.edge.new_id()));
            body["registered_on"] = json!("2026-11-01");
            (body["id"], body["members"][0]["id"]) = (json!(ids.0), json!(ids.1));
            if disabled {
                body["members"][0]["disability"] = json!({ "category": "4", "grade": "2" });
            }
            self.enter("households", &body).await;
            heads.push(ids);
        }
        heads
    }

    /// Something happens to a household.
    async fn household_act(&self, id: Id, act: &str, version: i64, body: Value) -> Reply {
        let path = format!("/api/v1/households/{id}/{act}");
        self.app.post_to(&self.clerk, &path, version, Some(&body)).await
    }

    /// Everybody of them belongs to the cooperative from a day on, in a role.
    async fn belong(&self, heads: &[(Id, Id)], role: &str, from: &str) -> Vec<Id> {
        let mut memberships = Vec::new();
        for (_, member) in heads {
            let body = with(self.membership(*member, from), json!({ "role": role }));
            memberships.push(self.enter("memberships", &body).await);
        }
        memberships
    }

    /// A village more, opened on a day.
    async fn open(&self, township: &str, on: &str) -> Id {
        let body = json!({ "parent_id": self.id(township), "tier": "village", "name": "模拟新村", "opened_on": on });
        self.app.post(&self.admin(), "/api/v1/service-points", &body).await.expect(201).id()
    }

    async fn close(&self, point: &str, on: &str) {
        let body = json!({ "closed_on": on, "reason": "模拟撤并" });
        let path = format!("/api/v1/service-points/{}/close", self.id(point));
        self.app.post_to(&self.admin(), &path, 1, Some(&body)).await.expect(200);
    }

    fn admin(&self) -> Actor {
        self.app.actor(&[(Role::Admin, self.id("b"))])
    }

    /// What is found by this filter.
    async fn count(&self, list: &str) -> usize {
        self.app.all_pages(&self.clerk, &format!("/api/v1/{list}"), 2).await.len()
    }

    /// The rows behind a figure, which add up to it, whoever may see each of them.
    async fn rows(&self, point: &str, period: &str, metric: &str) -> i64 {
        let path = format!("/api/v1/service-points/{}/statistics/rows?metric={metric}&period={period}", self.id(point));
        let rows = self.app.all_pages(&self.clerk, &path, 3).await;
        rows.iter().map(|row| row["value"].as_i64().unwrap()).sum()
    }

    /// Fails unless every cell is what a recount of the rows gives.
    #[track_caller]
    fn counted_right(&self) {
        let found = terrace::app::recount::recount(&mut self.app.conn()).unwrap();
        assert!(found.differences.is_empty(), "{:?}", found.differences);
    }
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A body that ends on a day.
fn until(body: &Value, on: &str) -> Value {
    with(body.clone(), json!({ "ends_on": on }))
}

/// Fails unless what a request names at a place is not there for whoever sent it.
#[track_caller]
fn unknown(reply: &Reply, pointer: &str) {
    assert_eq!(reply.status, 404, "{}", reply.text());
    assert_eq!(reply.faults(), [(pointer.to_owned(), "not_found".to_owned())]);
}
