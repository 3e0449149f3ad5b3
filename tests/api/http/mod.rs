//! The conventions that hold for every address: problem answers, headers, versions, cursors, and what bad input gets.

mod cursors;
pub mod dump;
mod headers;
mod malformed;
mod pages;
mod queries;
mod spec;
mod versions;

use actix_web::{http::Method, test::TestRequest, web::Bytes};
use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use crate::support::{Actor, Network, Reply, TestApp};

/// Someone who holds every role at the bureau, so that only the request itself can be at fault.
pub fn everyone(app: &TestApp, network: &Network) -> Actor {
    let grants: Vec<_> = Role::ALL.iter().map(|role| (*role, network.id("b"))).collect();
    app.actor(&grants)
}

/// Sends a body as bytes, with exactly these headers: for what no careful client would send.
pub async fn raw(
    app: &TestApp,
    actor: &Actor,
    method: &Method,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Reply {
    let mut request = TestRequest::with_uri(path).method(method.clone()).peer_addr("192.0.2.1:5000".parse().unwrap());
    if let Some(token) = &actor.token {
        request = request.insert_header(("authorization", format!("Bearer {token}")));
    }
    for (name, value) in headers {
        request = request.append_header((*name, *value));
    }
    app.send(request.set_payload(body)).await
}

/// One delivery of goods to the household by the point today.
pub fn record(app: &TestApp, household: Id, point: Id) -> Value {
    json!({
        "household_id": household, "service_point_id": point, "kind": "logistics", "given_on": app.today(), "quantity": 1
    })
}

/// Fails unless the answer is a whole problem with this status and code.
#[track_caller]
pub fn assert_problem(reply: &Reply, status: u16, code: &str) {
    assert_eq!(reply.status, status, "{}", reply.text());
    assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{}", reply.text());
    let body = reply.json();
    assert_eq!(body["code"], code, "{body}");
    assert_eq!(body["status"], status, "{body}");
    assert_eq!(body["type"], format!("urn:terrace:problem:{code}"), "{body}");
    for member in ["title", "detail"] {
        let words = body[member].as_str().unwrap_or_default();
        assert!(!words.is_empty() && !words.contains(['{', '}']), "{member} of {body}");
    }
    assert_eq!(body["request_id"].as_str(), reply.header("x-request-id"), "{body}");
    let known = [
        "type",
        "title",
        "status",
        "detail",
        "code",
        "errors",
        "current_version",
        "permission",
        "county",
        "household_id",
        "request_id",
    ];
    let members = body.as_object().unwrap();
    assert!(members.keys().all(|name| known.contains(&name.as_str())), "{body}");
    for fault in body["errors"].as_array().into_iter().flatten() {
        let message = fault["message"].as_str().unwrap_or_default();
        assert!(!message.is_empty() && !message.contains(['{', '}']), "{body}");
    }
}

/// A problem without its request's id, to compare two of them.
pub fn without_request_id(reply: &Reply) -> Value {
    let mut body = reply.json();
    body.as_object_mut().unwrap().remove("request_id");
    body
}
