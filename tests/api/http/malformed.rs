//! What bad input gets: a clear problem that names what is wrong, and nothing written.

use actix_web::http::Method;
use serde_json::json;
use terrace::{
    api::endpoint::Endpoint,
    domain::{
        Id,
        codes::Role,
        policy::{Need, extent},
    },
};

use super::{assert_problem, dump::dump, everyone, raw, record};
use crate::{
    on_both,
    support::{Actor, TestApp, household},
};

pub const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
pub const HOUSEHOLDS: &str = "/api/v1/households";
pub const RECORDS: &str = "/api/v1/assistance-records";
/// The longest body that is read.
const LIMIT: usize = 256 * 1024;

/// Fails unless a request is refused with the problem and the faults (pointer and code) that are expected, and without
/// a trace in the database.
pub struct Refusal<'a> {
    pub app: &'a TestApp,
    pub actor: &'a Actor,
}

impl Refusal<'_> {
    pub async fn body(&self, path: &str, body: impl Into<Vec<u8>>, fault: (&str, &str)) {
        self.of(&Method::POST, path, JSON, body, (400, "request.malformed"), &[fault]).await;
    }

    pub async fn query(&self, path: &str, fault: (&str, &str)) {
        self.of(&Method::GET, path, &[], "", (400, "request.malformed"), &[fault]).await;
    }

    pub async fn of(
        &self,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Vec<u8>>,
        (status, code): (u16, &str),
        faults: &[(&str, &str)],
    ) {
        let body = body.into();
        let start = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        let before = dump(self.app);
        let reply = raw(self.app, self.actor, method, path, headers, body).await;
        assert_eq!(reply.status, status, "{method} {path} {start}: {}", reply.text());
        assert_problem(&reply, status, code);
        let mut found = reply.faults();
        found.sort();
        let found: Vec<(&str, &str)> = found.iter().map(|(pointer, code)| (pointer.as_str(), code.as_str())).collect();
        assert_eq!(found, faults, "{method} {path} {start}");
        assert!(dump(self.app) == before, "{method} {path} {start} was refused and still wrote something");
    }
}

/// The endpoints that take a body, with an id put into their paths.
fn with_bodies() -> Vec<(Endpoint, String)> {
    // A file is taken as it is, whatever it is written in.
    let takes_body = |endpoint: &Endpoint| {
        let described = endpoint.described();
        let body = described.and_then(|described| described.operation.request_body);
        body.is_some_and(|body| body.content.contains_key("application/json"))
    };
    let rows: Vec<_> = terrace::api::endpoints()
        .into_iter()
        .filter(takes_body)
        .map(|endpoint| {
            let path = endpoint.path.replace("{id}", "0193a000-0000-7000-8000-00000000abcd");
            (endpoint, path)
        })
        .collect();
    assert!(rows.len() >= 10, "only {} endpoints take a body", rows.len());
    rows
}

on_both! {
    /// A body that cannot be read is refused with the place and the kind of its first fault.
    async fn a_body_that_cannot_be_read_is_refused_by_its_first_fault(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let refused = Refusal { app: &app, actor: &actor };
        let home = network.id("c1t1v1");
        for broken in ["", "{", "{\"address\":", "{}x", "{'a':1}", "\u{feff}{}", "nul", "{\"a\":01}", "[1,]"] {
            refused.body(HOUSEHOLDS, broken, ("", "invalid_json")).await;
        }
        for other in ["[]", "null", "\"text\"", "7", "true"] {
            refused.body(HOUSEHOLDS, other, ("", "wrong_type")).await;
        }
        for (field, value) in [
            ("address", json!(5)),
            ("external_number", json!(["a"])),
            ("risk_causes", json!("illness")),
            ("members", json!({})),
            ("registered_on", json!("2026-02-30")),
            ("registered_on", json!("2026-13-01")),
            ("registered_on", json!("2026-2-3")),
            ("registered_on", json!(20_261_101)),
            ("service_point_id", json!("no uuid")),
            ("service_point_id", json!(null)),
            ("id", json!(17)),
        ] {
            let mut body = household(home);
            body[field] = value;
            refused.body(HOUSEHOLDS, body.to_string(), (&format!("/{field}"), "wrong_type")).await;
        }
        let mut unknown = household(home);
        unknown["colour~/"] = json!("red");
        refused.body(HOUSEHOLDS, unknown.to_string(), ("/colour~0~1", "unknown_field")).await;
        let mut missing = household(home);
        missing.as_object_mut().unwrap().remove("address");
        refused.body(HOUSEHOLDS, missing.to_string(), ("/address", "missing")).await;
        let mut nested = household(home);
        nested["members"][0]["joined_on"] = json!("2026-02-30");
        refused.body(HOUSEHOLDS, nested.to_string(), ("/members/0/joined_on", "wrong_type")).await;
        nested["members"] = json!([{ "name": "模拟户主", "relation": "02", "colour": "red" }]);
        refused.body(HOUSEHOLDS, nested.to_string(), ("/members/0/colour", "unknown_field")).await;
        nested["members"] = json!([{ "name": "模拟户主" }]);
        refused.body(HOUSEHOLDS, nested.to_string(), ("/members/0/relation", "missing")).await;
        nested["income"] = json!({ "year": 2025 });
        nested["members"] = household(home)["members"].clone();
        refused.body(HOUSEHOLDS, nested.to_string(), ("/income/wages_fen", "missing")).await;
        let grant = json!({ "role": "emperor", "service_point_id": home });
        let nested = json!({ "username": "li.fang", "display_name": "模拟", "grant": grant });
        refused.body("/api/v1/accounts", nested.to_string(), ("/grant/role", "wrong_type")).await;
    }

    /// Numbers that do not fit, and text that no column can hold, are refused where they stand.
    async fn numbers_and_text_beyond_what_columns_hold_are_refused(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let refused = Refusal { app: &app, actor: &actor };
        let home = network.id("c1t1v1");
        let made = app.post(&actor, HOUSEHOLDS, &household(home)).await.expect(201).id();
        let of = |quantity: &str| {
            record(&app, made, home).to_string().replace("\"quantity\":1", &format!("\"quantity\":{quantity}"))
        };
        assert!(of("7").contains("\"quantity\":7"), "{}", of("7"));
        for number in
            ["9223372036854775808", "-9223372036854775809", "18446744073709551616", "1.5", "\"3\"", "true", "null"]
        {
            refused.body(RECORDS, of(number), ("/quantity", "wrong_type")).await;
        }
        for number in ["1e400", "-1e400", "1e18000000000000000000", "NaN", "Infinity", "0x10", "+1"] {
            refused.body(RECORDS, of(number), ("", "invalid_json")).await;
        }
        for amount in ["9223372036854775808", "0.5", "\"3\""] {
            let body = of(&format!("1,\"amount_fen\":{amount}"));
            refused.body(RECORDS, body, ("/amount_fen", "wrong_type")).await;
        }
        let text = |address: &str| {
            let body = household(home).to_string();
            body.replace("\"模拟地址 1 号\"", address)
        };
        refused.body(HOUSEHOLDS, text(r#""a\u0000b""#), ("/address", "nul")).await;
        refused.body(HOUSEHOLDS, text("\"a\0b\""), ("", "invalid_json")).await;
        refused.body(HOUSEHOLDS, text(r#""\ud800""#), ("", "invalid_json")).await;
        refused.body(HOUSEHOLDS, text(r#""a","x\u0000":1"#), ("/x", "nul")).await;
        let invalid = text("\"?\"").into_bytes().into_iter().map(|byte| if byte == b'?' { 0xff } else { byte });
        refused.body(HOUSEHOLDS, invalid.collect::<Vec<u8>>(), ("", "invalid_utf8")).await;
        refused.body(HOUSEHOLDS, "[".repeat(100_000), ("", "invalid_json")).await;
        refused.body(HOUSEHOLDS, "{\"a\":".repeat(20_000), ("", "invalid_json")).await;
    }

    /// A body of exactly 256 KiB is read, one byte more is not.
    async fn a_body_has_at_most_256_kibibytes(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let padded = |length: usize| {
            let body = household(network.id("c1t1v1")).to_string();
            format!("{body}{}", " ".repeat(length - body.len()))
        };
        raw(&app, &actor, &Method::POST, HOUSEHOLDS, JSON, padded(LIMIT)).await.expect(201);
        let refused = Refusal { app: &app, actor: &actor };
        refused.of(&Method::POST, HOUSEHOLDS, JSON, padded(LIMIT + 1), (413, "request.too_large"), &[]).await;
        let reply = raw(&app, &actor, &Method::POST, HOUSEHOLDS, JSON, padded(4 * LIMIT)).await;
        assert_problem(&reply, 413, "request.too_large");
        assert!(reply.json()["detail"].as_str().unwrap().contains("262144"), "{}", reply.text());
    }

    /// JSON is told by its content type and comes uncompressed; what may hide a large body behind a small one is not
    /// read.
    async fn a_body_that_is_not_plain_json_is_refused(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let body = household(network.id("c1t1v1")).to_string();
        let refused = Refusal { app: &app, actor: &actor };
        for headers in [
            &[][..],
            &[("content-type", "text/plain")],
            &[("content-type", "text/json")],
            &[("content-type", "application/x-www-form-urlencoded")],
            &[("content-type", "multipart/form-data; boundary=x")],
            &[("content-type", "nonsense")],
            &[("content-type", "application/json"), ("content-encoding", "gzip")],
            &[("content-type", "application/json"), ("content-encoding", "br")],
            &[("content-type", "application/json"), ("content-encoding", "deflate")],
        ] {
            refused.of(&Method::POST, HOUSEHOLDS, headers, body.clone(), (415, "request.not_json"), &[]).await;
        }
        // An empty object, really compressed.
        let packed = b"\x1f\x8b\x08\0\0\0\0\0\x02\x03\xab\xae\x05\0\x43\xbf\xa6\xa3\x02\0\0\0".to_vec();
        let gzip = [("content-type", "application/json"), ("content-encoding", "gzip")];
        refused.of(&Method::POST, HOUSEHOLDS, &gzip, packed, (415, "request.not_json"), &[]).await;
        let charset = [("content-type", "application/json; charset=utf-8")];
        raw(&app, &actor, &Method::POST, HOUSEHOLDS, &charset, body.clone()).await.expect(201);
        let identity = [("content-type", "application/json"), ("content-encoding", "identity")];
        raw(&app, &actor, &Method::POST, HOUSEHOLDS, &identity, body).await.expect(201);
    }

    /// A person who corrects a form is told everything that is wrong with it in one answer.
    async fn every_broken_rule_is_named_at_once(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let refused = Refusal { app: &app, actor: &actor };
        let invalid = (422, "request.invalid");
        let members = json!([
            { "name": "  ", "relation": "02", "identity_number": "999999197001010000" },
            { "name": "模拟成员", "relation": "02", "phone": "none", "joined_on": "2026-11-25" },
        ]);
        let body = json!({ "service_point_id": network.id("c1t1v1"), "address": "址".repeat(201), "household_type": "rich",
            "registered_on": "2026-11-25", "members": members });
        refused
            .of(
                &Method::POST,
                HOUSEHOLDS,
                JSON,
                body.to_string(),
                invalid,
                &[
                    ("/address", "length"),
                    ("/household_type", "unknown_code"),
                    ("/members", "one_head"),
                    ("/members/0/identity_number", "identity_checksum"),
                    ("/members/0/name", "length"),
                    ("/members/1/identity_number", "identity_or_reason"),
                    ("/members/1/joined_on", "in_future"),
                    ("/members/1/phone", "phone"),
                    ("/registered_on", "in_future"),
                ],
            )
            .await;
        let made = app.post(&actor, HOUSEHOLDS, &household(network.id("c1t1v1"))).await.expect(201).id();
        let mut body = record(&app, made, network.id("c1t1v1"));
        (body["kind"], body["given_on"], body["quantity"]) = (json!("gift"), json!("2026-11-25"), json!(0));
        refused
            .of(
                &Method::POST,
                RECORDS,
                JSON,
                body.to_string(),
                invalid,
                &[("/given_on", "in_future"), ("/kind", "unknown_code"), ("/quantity", "range")],
            )
            .await;
    }

    /// Every endpoint that takes a body reads it in the same way; none has a reader of its own.
    async fn every_endpoint_with_a_body_refuses_the_same_bodies(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let refused = Refusal { app: &app, actor: &actor };
        let headers = |kind| [("content-type", kind), ("if-match", "\"1\"")];
        for (endpoint, path) in with_bodies() {
            let json = headers("application/json");
            let malformed = (400, "request.malformed");
            refused.of(&endpoint.method, &path, &json, "{", malformed, &[("", "invalid_json")]).await;
            refused.of(&endpoint.method, &path, &json, b"\"\xff\"".to_vec(), malformed, &[("", "invalid_utf8")]).await;
            refused
                .of(
                    &endpoint.method,
                    &path,
                    &json,
                    "{\"no_such_field\":1}",
                    malformed,
                    &[("/no_such_field", "unknown_field")],
                )
                .await;
            refused.of(&endpoint.method, &path, &json, vec![b' '; LIMIT + 1], (413, "request.too_large"), &[]).await;
            refused.of(&endpoint.method, &path, &headers("text/plain"), "{}", (415, "request.not_json"), &[]).await;
        }
    }

    /// Who has not signed in learns nothing about how a request would have been read; who may not do it, only that.
    async fn who_is_asked_before_what(app: TestApp) {
        let network = app.network().await;
        // Who may read everything and change hardly anything; an auditor may be shown whole numbers and files, and draws.
        let [reviewer, auditor] = [Role::Reviewer, Role::Auditor].map(|role| app.actor(&[(role, network.id("b"))]));
        let before = dump(&app);
        for (endpoint, path) in with_bodies() {
            for body in ["{", "{\"no_such_field\":1}"] {
                for path in [&path, &path.replace("0193a000-0000-7000-8000-00000000abcd", "no-id")] {
                    let nobody = raw(&app, &Actor::nobody(), &endpoint.method, path, JSON, body).await;
                    let stranger = raw(&app, &Actor::with_token("a.b.c"), &endpoint.method, path, JSON, body).await;
                    let reviews = matches!(endpoint.need, Need::Grant(action) if extent(Role::Reviewer, action).is_some());
                    let reader = if reviews { &auditor } else { &reviewer };
                    let reader = raw(&app, reader, &endpoint.method, path, JSON, body).await;
                    match endpoint.need {
                        Need::Nothing => assert_problem(&nobody, 400, "request.malformed"),
                        Need::Session => {
                            assert_problem(&nobody, 401, "auth.sign_in_required");
                            assert_problem(&stranger, 401, "auth.sign_in_required");
                        }
                        Need::Grant(action) => {
                            assert_problem(&nobody, 401, "auth.sign_in_required");
                            assert_problem(&stranger, 401, "auth.sign_in_required");
                            assert_problem(&reader, 403, "permission.denied");
                            assert_eq!(reader.json()["permission"], action.code(), "{}", reader.text());
                        }
                    }
                }
            }
            let text =
                raw(&app, &Actor::nobody(), &endpoint.method, &path, &[("content-type", "text/plain")], "x").await;
            let expected = if endpoint.need == Need::Nothing { 415 } else { 401 };
            assert_eq!(text.status, expected, "{} {path}", endpoint.method);
        }
        assert!(dump(&app) == before, "a refused request wrote something");
    }

    /// An id in capitals or without hyphens is the same id; it is read, not compared as text.
    async fn an_id_is_read_in_any_spelling(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let id: Id = network.id("c1");
        for spelling in [id.to_string().to_uppercase(), id.simple()] {
            let reply = app.get(&actor, &format!("/api/v1/service-points/{spelling}")).await.expect(200);
            assert_eq!(reply.id(), id);
        }
    }
}
