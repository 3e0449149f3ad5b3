//! Due days and lock windows, who is late, who is told, and what the process itself comes to.

mod announcements;
mod chasing;
mod metrics;
mod timeliness;
mod windows;

use serde_json::{Value, json};
use terrace::domain::codes::Role;

use crate::{
    reports::{Desk, MONTH},
    support::{Reply, TestApp},
};

/// From the noon at which a desk begins, the third of the month, to its end.
pub const TO_MIDNIGHT: i64 = 12 * 3_600;
pub const DAY: i64 = 24 * 3_600;

/// A desk in a network whose villages are locked after this day of the next month.
pub async fn locked_desk(app: TestApp, lock_day: i64) -> Desk {
    let network = app.network().await;
    let admin = app.actor(&[(Role::Admin, network.id("b"))]);
    let rule = json!({ "tier": "village", "due_day": 3, "lock_day": lock_day, "valid_from": MONTH });
    app.post(&admin, "/api/v1/reporting-rules", &rule).await.expect(201);
    app.edge.advance(9 * DAY);
    let clerk = app.actor(&[(Role::Manager, network.id("b"))]);
    Desk { app, network, clerk }
}

/// How a point stands, with everything below it.
pub async fn timeliness(desk: &Desk, point: &str) -> Value {
    let reader = desk.who(Role::Auditor, "b");
    let path = format!("/api/v1/service-points/{}/timeliness?month={MONTH}", desk.id(point));
    desk.app.get(&reader, &path).await.expect(200).json()
}

/// Reminds, by somebody with this role at this point.
pub async fn chase(desk: &Desk, role: Role, at: &str, body: Value) -> Reply {
    let mut body = body;
    body["month"] = json!(MONTH);
    desk.app.post(&desk.who(role, at), "/api/v1/reports/chase", &body).await
}
