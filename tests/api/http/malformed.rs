//! What bad input gets: a clear problem that names what is wrong, and nothing written.

use actix_web::http::Method;
use serde_json::json;
use terrace::{
    api::endpoint::Endpoint,
    domain::{Id, codes::Role, policy::Need},
};

use super::{assert_problem, dump::dump, everyone, household, raw, record};
use crate::{
    on_both,
    support::{Actor, TestApp},
};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const HOUSEHOLDS: &str = "/api/v1/households";
const RECORDS: &str = "/api/v1/assistance-records";
/// The longest body that is read.
const LIMIT: usize = 256 * 1024;

/// Fails unless a request is refused with the problem and the faults (pointer and code) that are expected, and without
/// a trace in the database.
struct Refusal<'a> {
    app: &'a TestApp,
    actor: &'a Actor,
}

impl Refusal<'_> {
    async fn body(&self, path: &str, body: impl Into<Vec<u8>>, fault: (&str, &str)) {
        self.of(&Method::POST, path, JSON, body, (400, "request.malformed"), &[fault]).await;
    }

    async fn query(&self, path: &str, fault: (&str, &str)) {
        self.of(&Method::GET, path, &[], "", (400, "request.malformed"), &[fault]).await;
    }

    async fn of(
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
    let takes_body = |endpoint: &Endpoint| {
        endpoint.operation.as_ref().is_some_and(|described| described.operation.request_body.is_some())
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
        for broken in ["", "{", "{\"head_name\":", "{}x", "{'a':1}", "\u{feff}{}", "nul", "{\"a\":01}", "[1,]"] {
            refused.body(HOUSEHOLDS, broken, ("", "invalid_json")).await;
        }
        for other in ["[]", "null", "\"text\"", "7", "true"] {
            refused.body(HOUSEHOLDS, other, ("", "wrong_type")).await;
        }
        for (field, value) in [
            ("head_name", json!(5)),
            ("address", json!(["a"])),
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
        let text = |name: &str| {
            format!(r#"{{"service_point_id":"{home}","head_name":{name},"address":"a","household_type":"general"}}"#)
        };
        refused.body(HOUSEHOLDS, text(r#""a\u0000b""#), ("/head_name", "nul")).await;
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

    /// Parameters are read as strictly as bodies.
    async fn a_query_that_cannot_be_read_is_refused_by_the_parameters_name(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let refused = Refusal { app: &app, actor: &actor };
        for (query, fault) in [
            ("colour=red", ("colour", "unknown_field")),
            ("limit=5&limit=5", ("limit", "duplicate")),
            ("limit=5&%6cimit=6", ("limit", "duplicate")),
            ("limit=many", ("limit", "wrong_type")),
            ("limit=", ("limit", "wrong_type")),
            ("limit=9223372036854775808", ("limit", "wrong_type")),
            ("limit=1e400", ("limit", "wrong_type")),
            ("service_point_id=x", ("service_point_id", "wrong_type")),
            ("count=maybe", ("count", "wrong_type")),
            ("cursor=a%00b", ("cursor", "nul")),
            ("a%00=b", ("a", "nul")),
            ("cursor=%ff", ("cursor", "invalid_utf8")),
        ] {
            refused.query(&format!("{HOUSEHOLDS}?{query}"), fault).await;
        }
        for (query, name) in [
            ("from=2026-02-30", "from"),
            ("to=tomorrow", "to"),
            ("state=Active", "state"),
            ("household_id=1", "household_id"),
        ] {
            refused.query(&format!("{RECORDS}?{query}"), (name, "wrong_type")).await;
        }
        refused.query("/api/v1/service-points?q=%00", ("q", "nul")).await;
        refused.query("/api/v1/service-points?q=%c3%28", ("q", "invalid_utf8")).await;
        let point = network.id("b");
        refused.query(&format!("/api/v1/service-points/{point}/statistics"), ("period", "missing")).await;
        refused
            .query(&format!("/api/v1/service-points/{point}/statistics?period=2026-13"), ("period", "wrong_type"))
            .await;
    }

    /// A page has 1 to 200 rows, in every list.
    async fn a_page_has_one_to_two_hundred_rows(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let children = format!("/api/v1/service-points/{}/children", network.id("b"));
        let refused = Refusal { app: &app, actor: &actor };
        for list in [HOUSEHOLDS, RECORDS, "/api/v1/service-points", "/api/v1/accounts", "/api/v1/grants", &children] {
            for limit in ["0", "201", "-1", "9223372036854775807", "-9223372036854775808"] {
                let path = format!("{list}?limit={limit}");
                refused.of(&Method::GET, &path, &[], "", (422, "request.invalid"), &[("limit", "range")]).await;
            }
            for limit in ["1", "200"] {
                app.get(&actor, &format!("{list}?limit={limit}")).await.expect(200);
            }
        }
    }

    /// What is no address, no id, or no method of an address, is told apart.
    async fn addresses_ids_and_methods_that_do_not_exist_are_told_apart(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let refused = Refusal { app: &app, actor: &actor };
        for id in ["7", "xyz", "0193a000-0000-7000-8000-00000000abc", "%00", "%ff", "..%2f", "';--"] {
            for path in [
                format!("{HOUSEHOLDS}/{id}"),
                format!("{RECORDS}/{id}"),
                format!("/api/v1/accounts/{id}"),
                format!("/api/v1/grants/{id}"),
                format!("/api/v1/service-points/{id}/children"),
            ] {
                refused.query(&path, ("id", "invalid_id")).await;
            }
        }
        for path in [
            "/nothing",
            "/api",
            "/api/v1",
            "/api/v2/households",
            "/api/v1/household",
            "/api/v1/households/7/nothing",
            "/.env",
        ] {
            for method in [Method::GET, Method::POST, Method::DELETE] {
                refused.of(&method, path, JSON, "{}", (404, "route.unknown"), &[]).await;
            }
        }
        let id = network.id("b");
        for (path, allowed) in [
            (HOUSEHOLDS.to_owned(), vec!["GET", "POST"]),
            (format!("{HOUSEHOLDS}/{id}"), vec!["GET", "PATCH"]),
            (format!("/api/v1/service-points/{id}/move"), vec!["POST"]),
            ("/api/v1/auth/sign-in".to_owned(), vec!["POST"]),
            ("/healthz".to_owned(), vec!["GET"]),
        ] {
            for method in [Method::PUT, Method::DELETE, Method::TRACE, Method::from_bytes(b"BREW").unwrap()] {
                refused.of(&method, &path, JSON, "{}", (405, "route.wrong_method"), &[]).await;
                let reply = raw(&app, &actor, &method, &path, JSON, "{}").await;
                let mut names: Vec<&str> =
                    reply.header("allow").unwrap().split(", ").filter(|name| *name != "HEAD").collect();
                names.sort_unstable();
                assert_eq!(names, allowed, "{method} {path}");
            }
        }
    }

    /// A person who corrects a form is told everything that is wrong with it in one answer.
    async fn every_broken_rule_is_named_at_once(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let refused = Refusal { app: &app, actor: &actor };
        let invalid = (422, "request.invalid");
        let body = json!({ "service_point_id": network.id("c1t1v1"), "head_name": "  ", "address": "址".repeat(201),
            "household_type": "rich", "registered_on": "2026-11-25" });
        refused
            .of(
                &Method::POST,
                HOUSEHOLDS,
                JSON,
                body.to_string(),
                invalid,
                &[
                    ("/address", "length"),
                    ("/head_name", "length"),
                    ("/household_type", "unknown_code"),
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
        let auditor = app.actor(&[(Role::Auditor, network.id("b"))]);
        let before = dump(&app);
        for (endpoint, path) in with_bodies() {
            for body in ["{", "{\"no_such_field\":1}"] {
                for path in [&path, &path.replace("0193a000-0000-7000-8000-00000000abcd", "no-id")] {
                    let nobody = raw(&app, &Actor::nobody(), &endpoint.method, path, JSON, body).await;
                    let stranger = raw(&app, &Actor::with_token("a.b.c"), &endpoint.method, path, JSON, body).await;
                    let reader = raw(&app, &auditor, &endpoint.method, path, JSON, body).await;
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
