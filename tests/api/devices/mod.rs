//! Devices that work while there is no network: what they are told, and what they send later.

mod changes;
mod entry;
mod queue;

use serde_json::{Value, json};
use terrace::domain::Id;

use crate::support::{Actor, Reply, TestApp};

const BATCHES: &str = "/api/v1/batches";

/// An item of a queue, with an id of its own.
fn item(app: &TestApp, act: &str, after: &[&Value], content: Value) -> Value {
    let after: Vec<&Value> = after.iter().map(|item| &item["id"]).collect();
    json!({ "id": app.edge.new_id(), "act": act, "after": after, "content": content })
}

/// The same for an item that changes a record in a version.
fn change(app: &TestApp, act: &str, after: &[&Value], record: &Value, version: i64, content: Value) -> Value {
    let mut item = item(app, act, after, content);
    item["object_id"] = record["content"]["id"].clone();
    item["version"] = json!(version);
    item
}

/// A record to be logged today.
fn record(app: &TestApp, household: &Value, point: Id) -> Value {
    json!({
        "id": app.edge.new_id(), "household_id": household, "service_point_id": point, "kind": "logistics",
        "given_on": app.today(), "quantity": 1,
    })
}

async fn send(app: &TestApp, actor: &Actor, items: &[&Value]) -> Reply {
    app.post(actor, BATCHES, &json!({ "items": items })).await
}

/// What became of each item.
fn outcomes(reply: &Reply) -> Vec<String> {
    let items = reply.json()["items"].as_array().unwrap().clone();
    items
        .iter()
        .map(|item| match item["problem"]["code"].as_str() {
            Some(code) => format!("{} {code}", item["outcome"].as_str().unwrap()),
            None => item["outcome"].as_str().unwrap().to_owned(),
        })
        .collect()
}
