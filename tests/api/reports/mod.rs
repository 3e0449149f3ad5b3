//! Monthly reports: what is frozen, who decides, and the months that are closed by it.

mod closing;
mod content;
mod flow;
mod machine;
mod review;
mod verify;

use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use crate::support::{Actor, Network, Reply, TestApp, household};

/// The month that can be sent in: the network was opened in its last days.
pub const MONTH: &str = "2026-11";

/// A network on the third day after its first month, and who sends in and reviews there.
pub struct Desk {
    pub app: TestApp,
    pub network: Network,
    /// Manager at the bureau: registers and logs everywhere.
    pub clerk: Actor,
}

impl Desk {
    pub async fn new(app: TestApp) -> Self {
        let network = app.network().await;
        app.edge.advance(9 * 24 * 3600);
        let clerk = app.actor(&[(Role::Manager, network.id("b"))]);
        Self { app, network, clerk }
    }

    pub fn id(&self, point: &str) -> Id {
        self.network.id(point)
    }

    /// Somebody with this role at this point.
    pub fn who(&self, role: Role, point: &str) -> Actor {
        self.app.actor(&[(role, self.id(point))])
    }

    /// A household at home at a point since the month that can be sent in.
    pub async fn household(&self, home: &str) -> Id {
        let mut body = household(self.id(home));
        body["registered_on"] = json!("2026-11-24");
        self.app.post(&self.clerk, "/api/v1/households", &body).await.expect(201).id()
    }

    /// A record of that month.
    pub async fn record(&self, household: Id, giver: &str) -> Id {
        let body = record(household, self.id(giver), "2026-11-25");
        self.app.post(&self.clerk, "/api/v1/assistance-records", &body).await.expect(201).id()
    }

    /// Sends the month of a point in, by somebody there, whatever comes of it.
    pub async fn try_submit(&self, point: &str, nil: bool) -> Reply {
        let who = self.who(Role::Worker, point);
        let body = json!({ "service_point_id": self.id(point), "month": MONTH, "nil": nil });
        self.app.post(&who, "/api/v1/reports", &body).await
    }

    /// The same, and it is taken.
    pub async fn submit(&self, point: &str, nil: bool) -> Value {
        self.try_submit(point, nil).await.expect(201).json()
    }

    /// Approves what was sent in, by a reviewer who is not the one who sent it.
    pub async fn approve(&self, report: &Value, above: &str) -> Value {
        let who = self.who(Role::Reviewer, above);
        act(&self.app, &who, report, "approve", json!({ "digest": report["digest"] })).await.expect(200).json()
    }

    /// Sends a month in and has it approved.
    pub async fn settle(&self, point: &str, nil: bool) -> Value {
        let above = &point[..point.len().saturating_sub(2)];
        let report = self.submit(point, nil).await;
        self.approve(&report, if above.is_empty() { "b" } else { above }).await
    }

    /// Goes without the report of a point.
    pub async fn waive(&self, point: &str) -> Reply {
        let above = &point[..point.len().saturating_sub(2)];
        let who = self.who(Role::Manager, if above.is_empty() { "b" } else { above });
        let body = json!({ "service_point_id": self.id(point), "month": MONTH, "reason": "模拟停电" });
        self.app.post(&who, "/api/v1/report-waivers", &body).await
    }

    /// The month of a point as the clerk sees it.
    pub async fn month(&self, point: &str) -> Value {
        let path = format!("/api/v1/service-points/{}/report?month={MONTH}", self.id(point));
        self.app.get(&self.clerk, &path).await.expect(200).json()
    }

    /// A report as it is now.
    pub async fn report(&self, report: &Value) -> Value {
        self.app.get(&self.clerk, &format!("/api/v1/reports/{}", text(&report["id"]))).await.expect(200).json()
    }
}

/// A record that may be logged.
pub fn record(household: Id, giver: Id, day: &str) -> Value {
    json!({ "household_id": household, "service_point_id": giver, "kind": "training", "given_on": day, "quantity": 3, "amount_fen": 500 })
}

/// Does something to the version of a report that is at hand.
pub async fn act(app: &TestApp, who: &Actor, report: &Value, what: &str, body: Value) -> Reply {
    let path = format!("/api/v1/reports/{}/{what}", text(&report["id"]));
    app.post_to(who, &path, report["version"].as_i64().unwrap(), Some(&body).filter(|body| !body.is_null())).await
}

/// A text of an answer.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// The value of a metric among figures.
pub fn figure(figures: &Value, metric: &str) -> i64 {
    let figures = figures.as_array().unwrap();
    figures.iter().find(|figure| figure["metric"] == metric).unwrap()["value"].as_i64().unwrap()
}

/// Fails unless a request was refused so.
#[track_caller]
pub fn refused(reply: &Reply, status: u16, code: &str) {
    assert_eq!((reply.status, reply.code().as_str()), (status, code), "{}", reply.text());
}
