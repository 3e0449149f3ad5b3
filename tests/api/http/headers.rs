//! What every answer carries, whatever it says: the language of its words, the request's id, and the headers that keep
//! browsers careful.

use std::{sync::Arc, time::Duration};

use actix_web::{
    dev::Service as _,
    http::Method,
    test::{TestRequest, init_service},
};
use serde_json::json;
use terrace::{
    auth::Rules,
    config::{Config, KeySource, LogFormat},
    db::{DatabaseUrl, Limits},
    domain::codes::Role,
    edge::Edge,
    server::{House, app},
};

use super::{assert_problem, dump, everyone, raw};
use crate::{
    on_both,
    support::{Actor, Network, Reply, TestApp, household, noon},
};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

/// One answer of each kind: pages, items, lists, nothing to say, and each class of refusal.
async fn one_of_each(app: &TestApp, network: &Network) -> Vec<(&'static str, Reply)> {
    let actor = everyone(app, network);
    let worker = app.actor(&[(Role::Worker, network.id("c1t1v1"))]);
    let nobody = Actor::nobody();
    let home = network.id("c1t1v1");
    let made = app.post(&actor, "/api/v1/households", &household(home)).await.expect(201);
    let path = format!("/api/v1/households/{}", made.id());
    let address = json!({ "address": "新址" });
    let patch = |version| app.patch(&actor, &path, version, &address);
    let large = vec![b' '; 300_000];
    vec![
        ("home", app.get(&nobody, "/").await.expect(200)),
        ("icon", app.get(&nobody, "/icon.svg").await.expect(200)),
        ("documentation", app.get(&nobody, "/docs/").await.expect(200)),
        ("redirect", app.get(&nobody, "/docs").await.expect(308)),
        ("description", app.get(&nobody, "/openapi.yaml").await.expect(200)),
        ("health", app.get(&nobody, "/healthz").await.expect(200)),
        ("readiness", app.get(&nobody, "/readyz").await.expect(200)),
        ("metrics", app.get(&nobody, "/metrics").await.expect(200)),
        ("item", app.get(&actor, &path).await.expect(200)),
        ("unchanged", app.request(&actor, Method::GET, &path, None, &[("if-none-match", "\"1\"")]).await.expect(304)),
        ("list", app.get(&actor, "/api/v1/households").await.expect(200)),
        ("missing version", app.request(&actor, Method::PATCH, &path, Some(&json!({})), &[]).await.expect(428)),
        ("stale version", patch(9).await.expect(412)),
        ("malformed", raw(app, &actor, &Method::POST, "/api/v1/households", JSON, "{").await.expect(400)),
        ("signed out", app.get(&nobody, "/api/v1/me").await.expect(401)),
        ("not allowed", app.post(&worker, "/api/v1/accounts", &json!({})).await.expect(403)),
        ("not found", app.get(&actor, &format!("/api/v1/grants/{}", made.id())).await.expect(404)),
        ("unknown route", app.get(&actor, "/nothing").await.expect(404)),
        ("wrong method", app.request(&actor, Method::DELETE, &path, None, &[]).await.expect(405)),
        ("conflict", {
            let grant = app.get(&actor, &format!("/api/v1/grants?account_id={}", worker.account.unwrap())).await.json();
            let id = grant["items"][0]["id"].as_str().unwrap().to_owned();
            app.post_to(&actor, &format!("/api/v1/grants/{id}/revoke"), 1, None).await.expect(200);
            app.post_to(&actor, &format!("/api/v1/grants/{id}/revoke"), 2, None).await.expect(409)
        }),
        ("too large", raw(app, &actor, &Method::POST, "/api/v1/households", JSON, large).await.expect(413)),
        ("no JSON", raw(app, &actor, &Method::POST, "/api/v1/households", &[], "{}").await.expect(415)),
        ("invalid", app.get(&actor, "/api/v1/households?limit=0").await.expect(422)),
        ("change", patch(1).await.expect(200)),
        ("creation", made),
        ("nothing to say", app.request(&actor, Method::POST, "/api/v1/auth/sign-out", None, &[]).await.expect(204)),
    ]
}

/// Behind TLS a browser is told to stay with it, on errors too: the first visit may be to an address that is gone.
#[actix_web::test]
async fn browsers_are_told_to_stay_with_tls() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config {
        database: DatabaseUrl::Sqlite(folder.path().join("terrace.db")),
        limits: Limits::default(),
        listen: String::new(),
        key: KeySource::Given("8f3a1c5e7d9b2046f1e8c3a5b7d90264e6f8a1c3b5d7092846fae1c3957b2d08".to_owned()),
        workers: None,
        request_timeout: Duration::from_secs(30),
        rules: Rules { idle_seconds: 1800, session_seconds: 43200 },
        trusted_proxies: Vec::new(),
        behind_tls: true,
        log_format: LogFormat::Text,
    };
    let house = House::open(&config, Arc::new(Edge::reproducible(noon(), 1))).unwrap();
    let service = init_service(app(&house)).await;
    for (path, status) in [("/", 200), ("/healthz", 200), ("/nothing", 404), ("/api/v1/me", 401)] {
        let response = match service.call(TestRequest::with_uri(path).to_request()).await {
            Ok(response) => response.into_parts().1.map_into_boxed_body(),
            Err(error) => error.error_response(),
        };
        assert_eq!(response.status().as_u16(), status, "{path}");
        let stay = response.headers().get("strict-transport-security").unwrap_or_else(|| panic!("{path}"));
        assert!(stay.to_str().unwrap().starts_with("max-age="), "{path}: {stay:?}");
    }
}

on_both! {
    /// No answer may be sniffed, framed, or run a script that did not come as a file from this server.
    async fn every_answer_keeps_browsers_careful(app: TestApp) {
        let network = app.network().await;
        for (what, reply) in one_of_each(&app, &network).await {
            assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{what}");
            assert_eq!(reply.header("x-frame-options"), Some("DENY"), "{what}");
            assert_eq!(reply.header("referrer-policy"), Some("no-referrer"), "{what}");
            let policy = reply.header("content-security-policy").unwrap_or_else(|| panic!("{what} has no policy"));
            let directive =
                |name: &str| policy.split(';').map(str::trim).find_map(|part| part.strip_prefix(name)).map(str::trim);
            assert_eq!(directive("default-src"), Some("'none'"), "{what}");
            assert_eq!(directive("script-src"), Some("'self'"), "{what}");
            assert_eq!(directive("frame-ancestors"), Some("'none'"), "{what}");
            assert_eq!(directive("base-uri"), Some("'none'"), "{what}");
            assert!(
                !policy.contains("http") && !policy.contains('*') && !policy.contains("unsafe-eval"),
                "{what}: {policy}"
            );
            assert_eq!(reply.headers.get_all("content-security-policy").count(), 1, "{what}");
            // Over plain HTTP a browser ignores it; behind TLS it is another setting.
            assert_eq!(reply.header("strict-transport-security"), None, "{what}");
            assert_eq!(reply.header("set-cookie"), None, "{what}");
            assert_eq!(reply.header("access-control-allow-origin"), None, "{what}");
            assert!(reply.header("x-request-id").is_some_and(|id| !id.is_empty()), "{what}");
        }
    }

    /// What belongs to one reader is asked for again before it is shown again, and what was written, refused or handed
    /// out once is kept nowhere.
    async fn answers_of_the_api_are_kept_by_no_cache(app: TestApp) {
        let network = app.network().await;
        for (what, reply) in one_of_each(&app, &network).await {
            let kept = reply.header("cache-control");
            match what {
                "home" | "icon" | "documentation" | "redirect" | "description" | "health" | "readiness"
                | "metrics" => {}
                "unchanged" | "nothing to say" => assert!(reply.body.is_empty(), "{what}"),
                "item" | "list" => assert_eq!(kept, Some("private, no-cache"), "{what}"),
                _ => assert_eq!(kept, Some("no-store"), "{what}"),
            }
        }
    }

    /// A refusal is told in Chinese unless the reader prefers English; the code is the same in both.
    async fn problems_speak_the_readers_language(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let home = network.id("c1t1v1");
        let nobody = json!([{ "name": "", "relation": "02", "no_identity_reason": "unknown" }]);
        let bad = json!({ "service_point_id": home, "address": "", "household_type": "rich", "members": nobody });
        for (accept, tag) in [
            (None, "zh-CN"),
            (Some("zh-CN,zh;q=0.9,en;q=0.8"), "zh-CN"),
            (Some("fr"), "zh-CN"),
            (Some("*"), "zh-CN"),
            (Some("en;q=0"), "zh-CN"),
            (Some("fr;q=x,,;"), "zh-CN"),
            (Some("en"), "en"),
            (Some("en-GB,en;q=0.9,zh;q=0.1"), "en"),
        ] {
            let headers: Vec<(&str, &str)> = accept.iter().map(|value| ("accept-language", *value)).collect();
            let invalid = app.request(&actor, Method::POST, "/api/v1/households", Some(&bad), &headers).await;
            assert_problem(&invalid, 422, "request.invalid");
            let unknown = app.request(&actor, Method::GET, "/nothing", None, &headers).await;
            assert_problem(&unknown, 404, "route.unknown");
            for reply in [&invalid, &unknown] {
                assert_eq!(reply.header("content-language"), Some(tag), "{accept:?}");
                let body = reply.json();
                let faults = body["errors"].as_array().cloned().unwrap_or_default();
                let messages = faults.iter().map(|fault| &fault["message"]);
                for words in messages.chain([&body["title"], &body["detail"]]) {
                    assert_eq!(is_chinese(words.as_str().unwrap()), tag == "zh-CN", "{accept:?}: {words}");
                }
            }
            assert_eq!(invalid.json()["errors"].as_array().unwrap().len(), 3, "{}", invalid.text());
        }
    }

    /// A caller's id for a request goes through all logs and into the audit event, if it can do no harm there.
    async fn a_harmless_request_id_is_taken_and_any_other_replaced(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let long = "a".repeat(65);
        for (given, taken) in [
            ("abc-123_4.5", true),
            (&long[..64], true),
            (&long, false),
            ("", false),
            ("a b", false),
            ("a\"b", false),
            ("<script>", false),
            ("a/../b", false),
            ("%00", false),
            ("a;b", false),
            ("{x}", false),
        ] {
            let reply = app.request(&actor, Method::GET, "/api/v1/nothing", None, &[("x-request-id", given)]).await;
            assert_problem(&reply, 404, "route.unknown");
            let id = reply.header("x-request-id").unwrap();
            assert_eq!(id == given, taken, "{given} became {id}");
            assert!(
                (8..=64).contains(&id.len())
                    && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)),
                "{id}"
            );
        }
        let reply = app
            .request(
                &actor,
                Method::POST,
                "/api/v1/households",
                Some(&household(network.id("c1"))),
                &[("x-request-id", "from-the-phone-7")],
            )
            .await
            .expect(201);
        assert_eq!(reply.header("x-request-id"), Some("from-the-phone-7"));
        let events = dump::rows(&mut app.conn(), "audit_events");
        // One for the household and one for its head.
        assert_eq!(events.iter().filter(|event| event.contains("from-the-phone-7")).count(), 2, "{events:?}");
        let (one, other) = (app.get(&actor, "/").await, app.get(&actor, "/").await);
        assert_ne!(one.header("x-request-id"), other.header("x-request-id"));
    }

    /// Long answers are compressed for who can read that, and for nobody else.
    async fn long_answers_are_compressed_on_request(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        for path in ["/api/v1/service-points", "/openapi.yaml"] {
            let plain = app.get(&actor, path).await.expect(200);
            assert_eq!(plain.header("content-encoding"), None);
            let packed = app.request(&actor, Method::GET, path, None, &[("accept-encoding", "gzip")]).await.expect(200);
            assert_eq!(packed.header("content-encoding"), Some("gzip"));
            assert_eq!(packed.body[..2], [0x1f, 0x8b], "{path}");
            assert!(packed.body.len() < plain.body.len(), "{path}");
        }
    }
}
