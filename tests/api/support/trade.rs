//! Things of trade and training that may be entered, and one of each.

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::domain::{Day, Id};

use super::{Actor, TestApp};

/// A partner of a county or the bureau.
pub fn partner(point: Id) -> Value {
    json!({ "service_point_id": point, "name": "模拟单位", "kind": "logistics", "reach": "local" })
}

/// An agreement with a partner of the same point, without an end.
pub fn agreement(point: Id, partner: Id) -> Value {
    json!({ "service_point_id": point, "partner_id": partner, "name": "模拟协议", "starts_on": "2026-11-01" })
}

/// A platform.
pub fn platform(point: Id) -> Value {
    json!({ "service_point_id": point, "name": "模拟平台", "kind": "shelf" })
}

/// A product.
pub fn product(point: Id) -> Value {
    json!({ "service_point_id": point, "name": "模拟产品", "category": "honey" })
}

/// A campaign of November 2026.
pub fn campaign(point: Id) -> Value {
    json!({ "service_point_id": point, "name": "模拟活动", "starts_on": "2026-11-01", "ends_on": "2026-11-30" })
}

/// What was sold before November 2026.
pub fn balance(point: Id) -> Value {
    json!({
        "service_point_id": point, "metric": "sales_cumulative", "as_of": "2026-11-01", "value": 100,
        "source": "模拟台账",
    })
}

/// A cooperative.
pub fn organisation(point: Id) -> Value {
    json!({ "service_point_id": point, "kind": "cooperative", "name": "模拟合作社" })
}

/// A store of the point itself.
pub fn store(point: Id, platform: Id, opened_on: Day) -> Value {
    json!({ "service_point_id": point, "platform_id": platform, "name": "模拟网店", "opened_on": opened_on })
}

/// What a point sold itself on a day.
pub fn sale(point: Id, on: Day) -> Value {
    json!({ "service_point_id": point, "on": on, "channel": "offline", "orders": 1, "amount_fen": 100 })
}

/// What a store sold on a day.
pub fn store_sale(store: Id, on: Day) -> Value {
    json!({ "store_id": store, "on": on, "channel": "online", "orders": 1, "amount_fen": 100 })
}

/// A livestream of a store.
pub fn livestream(store: Id, on: Day) -> Value {
    json!({ "store_id": store, "on": on, "orders": 1, "amount_fen": 100 })
}

/// A training session.
pub fn session(host: Id, starts_on: Day) -> Value {
    json!({ "service_point_id": host, "name": "模拟培训", "topic": "store", "starts_on": starts_on })
}

/// Three who attended, of whom nobody is named.
pub fn attendance(session: Id) -> Value {
    json!({ "session_id": session, "heads": 3 })
}

/// One thing of each kind, in its first version: catalogues at one point, the rest at another.
#[derive(Clone, Copy, Debug)]
pub struct Trade {
    pub keeper: Id,
    pub point: Id,
    pub partner: Id,
    pub agreement: Id,
    pub platform: Id,
    pub product: Id,
    pub campaign: Id,
    pub balance: Id,
    pub organisation: Id,
    pub store: Id,
    pub sale: Id,
    pub livestream: Id,
    pub session: Id,
    pub attendance: Id,
}

impl Trade {
    /// Enters everything.
    pub async fn enter(app: &TestApp, actor: &Actor, keeper: Id, point: Id) -> Self {
        let today = app.today();
        let enter = async |path: &str, body: Value| {
            let made = app.post(actor, &format!("/api/v1/{path}"), &body).await.expect(201);
            assert_eq!(made.header("etag"), Some("\"1\""), "{path}");
            made.id()
        };
        let partner = enter("partners", partner(keeper)).await;
        let platform = enter("platforms", platform(keeper)).await;
        let store = enter("stores", store(point, platform, today)).await;
        let session = enter("training-sessions", session(point, today)).await;
        Self {
            keeper,
            point,
            partner,
            agreement: enter("agreements", agreement(keeper, partner)).await,
            platform,
            product: enter("products", product(keeper)).await,
            campaign: enter("campaigns", campaign(keeper)).await,
            balance: enter("opening-balances", balance(keeper)).await,
            organisation: enter("organisations", organisation(point)).await,
            store,
            sale: enter("sales", store_sale(store, today)).await,
            livestream: enter("livestreams", livestream(store, today)).await,
            session,
            attendance: enter("attendances", attendance(session)).await,
        }
    }

    /// Every collection, with the thing in it.
    pub fn things(&self) -> [(&'static str, Id); 12] {
        [
            ("/api/v1/partners", self.partner),
            ("/api/v1/agreements", self.agreement),
            ("/api/v1/platforms", self.platform),
            ("/api/v1/products", self.product),
            ("/api/v1/campaigns", self.campaign),
            ("/api/v1/opening-balances", self.balance),
            ("/api/v1/organisations", self.organisation),
            ("/api/v1/stores", self.store),
            ("/api/v1/sales", self.sale),
            ("/api/v1/livestreams", self.livestream),
            ("/api/v1/training-sessions", self.session),
            ("/api/v1/attendances", self.attendance),
        ]
    }

    /// Every change of one of them: the method, the path of the item, the rest of the path, the body.
    pub fn changes(&self, today: Day) -> Vec<(Method, String, &'static str, Option<Value>)> {
        let (keeper, point) = (self.keeper, self.point);
        let whole = [
            partner(keeper),
            agreement(keeper, self.partner),
            platform(keeper),
            product(keeper),
            campaign(keeper),
            balance(keeper),
            organisation(point),
            store(point, self.platform, today),
        ];
        let mut changes = Vec::new();
        for (at, (list, id)) in self.things().into_iter().enumerate() {
            let item = format!("{list}/{id}");
            match whole.get(at) {
                Some(body) => changes.push((Method::PUT, item, "", Some(body.clone()))),
                None => {
                    let correction = Some(json!({ "reason": "记错", "minutes": 60 }));
                    let sale = Some(json!({ "reason": "记错", "orders": 2 }));
                    let correction = if list == "/api/v1/sales" { sale } else { correction };
                    changes.push((Method::PATCH, item.clone(), "", correction));
                    changes.push((Method::POST, item, "/void", Some(json!({ "reason": "记错" }))));
                }
            }
        }
        changes
    }
}
