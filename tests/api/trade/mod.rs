//! Trade and training: what may be entered of catalogues, stores, sales and training sessions, and what it does to the figures.

mod balances;
mod campaigns;
mod closed;
mod organisations;
mod partners;
mod sales;
mod stores;
mod training;
mod transfers;

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use crate::support::{Actor, Network, Reply, TestApp, household, trade};

/// A county, a township and a village of it, and the bureau.
const LINEAGE: [&str; 4] = ["b", "c1", "c1t1", "c1t1v1"];

/// A network in which trade goes on, with a platform, a product and a campaign of November 2026 that the bureau keeps.
pub struct Shop {
    pub app: TestApp,
    pub network: Network,
    /// Manager at the bureau.
    pub clerk: Actor,
    pub platform: Id,
    pub product: Id,
    pub campaign: Id,
}

impl Shop {
    pub async fn new(app: TestApp) -> Self {
        Self::later(app, 0).await
    }

    /// So many days after the network was opened on 24 November 2026.
    pub async fn later(app: TestApp, days: i64) -> Self {
        let network = app.network().await;
        app.edge.advance(days * 24 * 3600);
        let (bureau, nothing) = (network.id("b"), app.edge.new_id());
        let clerk = app.actor(&[(Role::Manager, bureau)]);
        let mut shop = Self { app, network, clerk, platform: nothing, product: nothing, campaign: nothing };
        shop.platform = shop.enter("platforms", &trade::platform(bureau)).await;
        shop.product = shop.enter("products", &trade::product(bureau)).await;
        shop.campaign = shop.enter("campaigns", &trade::campaign(bureau)).await;
        shop
    }

    pub fn id(&self, point: &str) -> Id {
        self.network.id(point)
    }

    /// Sends what makes something, whatever comes of it.
    pub async fn post(&self, collection: &str, body: &Value) -> Reply {
        self.app.post(&self.clerk, &format!("/api/v1/{collection}"), body).await
    }

    /// The same, and it is taken.
    pub async fn enter(&self, collection: &str, body: &Value) -> Id {
        self.post(collection, body).await.expect(201).id()
    }

    /// What something is now.
    pub async fn get(&self, collection: &str, id: Id) -> Value {
        self.app.get(&self.clerk, &format!("/api/v1/{collection}/{id}")).await.expect(200).json()
    }

    /// Writes something anew, whatever comes of it.
    pub async fn put(&self, collection: &str, id: Id, version: i64, body: &Value) -> Reply {
        let tag = format!("\"{version}\"");
        let path = format!("/api/v1/{collection}/{id}");
        self.app.request(&self.clerk, Method::PUT, &path, Some(body), &[("if-match", &tag)]).await
    }

    /// Corrects an entry, whatever comes of it: null empties a field.
    pub async fn correct(&self, collection: &str, id: Id, version: i64, mut fields: Value) -> Reply {
        fields["reason"] = json!("模拟更正");
        self.app.patch(&self.clerk, &format!("/api/v1/{collection}/{id}"), version, &fields).await
    }

    /// Takes an entry back, whatever comes of it.
    pub async fn void(&self, collection: &str, id: Id, version: i64) -> Reply {
        let path = format!("/api/v1/{collection}/{id}/void");
        self.app.post_to(&self.clerk, &path, version, Some(&json!({ "reason": "模拟作废" }))).await
    }

    /// What a store of the point itself is like, open since 1 November.
    pub fn store(&self, point: &str) -> Value {
        trade::store(self.id(point), self.platform, "2026-11-01".parse().unwrap())
    }

    /// A store that sells.
    pub async fn opened(&self, point: &str) -> Id {
        self.enter("stores", &self.store(point)).await
    }

    /// What a store sold online on a day.
    pub fn sale(&self, store: Id, day: &str, amount_fen: i64) -> Value {
        with(trade::store_sale(store, day.parse().unwrap()), json!({ "amount_fen": amount_fen }))
    }

    /// A household of two at a home since 1 November: its id, and those of its members.
    pub async fn household(&self, home: &str) -> (Id, [Id; 2]) {
        let mut body = household(self.id(home));
        let (id, ids) = (self.app.edge.new_id(), [self.app.edge.new_id(), self.app.edge.new_id()]);
        (body["id"], body["registered_on"]) = (json!(id), json!("2026-11-01"));
        let members = body["members"].as_array_mut().unwrap();
        members.push(json!({ "name": "模拟配偶", "relation": "10", "no_identity_reason": "unknown" }));
        for (member, id) in members.iter_mut().zip(ids) {
            member["id"] = json!(id);
        }
        self.enter("households", &body).await;
        (id, ids)
    }

    /// A metric of a point in a period.
    pub async fn figures(&self, point: &str, period: &str, metric: &str) -> Value {
        let path = format!("/api/v1/service-points/{}/statistics?period={period}&metrics={metric}", self.id(point));
        let figures = self.app.get(&self.clerk, &path).await.expect(200).json();
        figures["items"][0].clone()
    }

    pub async fn total(&self, point: &str, period: &str, metric: &str) -> i64 {
        self.figures(point, period, metric).await["total"].as_i64().unwrap()
    }

    /// The totals of a metric, in a period, along the branch of the village that most things happen in, the bureau first.
    pub async fn branch(&self, period: &str, metric: &str) -> [i64; 4] {
        let mut totals = [0; 4];
        for (total, point) in totals.iter_mut().zip(LINEAGE) {
            *total = self.total(point, period, metric).await;
        }
        totals
    }
}

/// A body with some fields more, or others; a field that is to be null is left out.
pub fn with(mut body: Value, fields: Value) -> Value {
    let held = body.as_object_mut().unwrap();
    held.extend(fields.as_object().unwrap().clone());
    held.retain(|_, value| !value.is_null());
    body
}

/// The parts of a figure as pairs of a name and a value.
pub fn parts(figure: &Value, by: &str, name: &str) -> Vec<(String, i64)> {
    let parts = figure[by].as_array().unwrap().iter();
    parts.map(|part| (part[name].as_str().unwrap().to_owned(), part["value"].as_i64().unwrap())).collect()
}

/// Fails unless a request was refused with this code.
#[track_caller]
pub fn refused(reply: &Reply, status: u16, code: &str) {
    assert_eq!((reply.status, reply.code().as_str()), (status, code), "{}", reply.text());
}

/// Fails unless a request was found wrong at one place.
#[track_caller]
pub fn fault(reply: &Reply, pointer: &str, code: &str) {
    assert_eq!(reply.status, 422, "{}", reply.text());
    assert_eq!(reply.faults(), [(pointer.to_owned(), code.to_owned())], "{}", reply.text());
}
