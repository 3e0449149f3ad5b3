//! What bad parameters get, and addresses, ids and methods that do not exist.

use actix_web::http::Method;

use super::{
    everyone,
    malformed::{HOUSEHOLDS, JSON, RECORDS, Refusal},
    raw,
};
use crate::{on_both, support::household};

on_both! {
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
            ("status=Active", ("status", "wrong_type")),
            ("disability=1&disability=2", ("disability", "duplicate")),
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
        refused.query("/api/v1/transfer-requests?state=open", ("state", "wrong_type")).await;
        refused.query("/api/v1/transfer-requests?from=2026-01-01", ("from", "unknown_field")).await;
        for list in ["sales", "livestreams", "training-sessions", "attendances"] {
            for (query, fault) in [
                ("from=2026-02-30", ("from", "wrong_type")),
                ("to=tomorrow", ("to", "wrong_type")),
                ("state=Active", ("state", "wrong_type")),
                ("service_point_id=1", ("service_point_id", "wrong_type")),
                ("colour=red", ("colour", "unknown_field")),
            ] {
                refused.query(&format!("/api/v1/{list}?{query}"), fault).await;
            }
            for (query, fault) in [
                ("from=2025-01-01&to=2026-11-24", ("from", "window_too_wide")),
                ("from=2026-11-25", ("to", "before_from")),
            ] {
                let path = format!("/api/v1/{list}?{query}");
                refused.of(&Method::GET, &path, &[], "", (422, "request.invalid"), &[fault]).await;
            }
        }
        for list in ["partners", "agreements", "platforms", "products", "campaigns", "opening-balances"] {
            refused.query(&format!("/api/v1/{list}?on=2026-02-30"), ("on", "wrong_type")).await;
            refused.query(&format!("/api/v1/{list}?partner_id=1"), ("partner_id", "wrong_type")).await;
            refused.query(&format!("/api/v1/{list}?state=active"), ("state", "unknown_field")).await;
        }
        refused.query("/api/v1/stores?open_on=today", ("open_on", "wrong_type")).await;
        refused.query("/api/v1/organisations?platform_id=1", ("platform_id", "unknown_field")).await;
        refused.query("/api/v1/service-points?q=%00", ("q", "nul")).await;
        refused.query("/api/v1/service-points?q=%c3%28", ("q", "invalid_utf8")).await;
        let point = network.id("b");
        refused.query(&format!("/api/v1/service-points/{point}/statistics"), ("period", "missing")).await;
        refused
            .query(&format!("/api/v1/service-points/{point}/statistics?period=2026-13"), ("period", "wrong_type"))
            .await;
        let made = app.post(&actor, HOUSEHOLDS, &household(network.id("c1t1v1"))).await.expect(201).id();
        refused.query(&format!("{HOUSEHOLDS}/{made}/records?from=2026-02-30"), ("from", "wrong_type")).await;
        refused.query(&format!("{HOUSEHOLDS}/{made}/records?subkind=buy"), ("subkind", "unknown_field")).await;
        for (path, name, code) in [
            (format!("/api/v1/service-points/{point}/statistics?period=2026&metrics=rainfall"), "metrics", "unknown_code"),
            (format!("{HOUSEHOLDS}?phone_tail=123"), "phone_tail", "not_a_tail"),
            (format!("{RECORDS}?from=2025-01-01&to=2026-11-24"), "from", "window_too_wide"),
            (format!("{HOUSEHOLDS}/{made}/records?from=2026-11-25"), "to", "before_from"),
        ] {
            refused.of(&Method::GET, &path, &[], "", (422, "request.invalid"), &[(name, code)]).await;
        }
    }

    /// A page has 1 to 200 rows, in every list.
    async fn a_page_has_one_to_two_hundred_rows(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let children = format!("/api/v1/service-points/{}/children", network.id("b"));
        let made = app.post(&actor, HOUSEHOLDS, &household(network.id("c1t1v1"))).await.expect(201).id();
        let records = format!("{HOUSEHOLDS}/{made}/records");
        let refused = Refusal { app: &app, actor: &actor };
        let plain = [
            "/api/v1/service-points",
            "/api/v1/accounts",
            "/api/v1/grants",
            "/api/v1/transfer-requests",
            "/api/v1/partners",
            "/api/v1/agreements",
            "/api/v1/platforms",
            "/api/v1/products",
            "/api/v1/campaigns",
            "/api/v1/opening-balances",
            "/api/v1/organisations",
            "/api/v1/stores",
            "/api/v1/sales",
            "/api/v1/livestreams",
            "/api/v1/training-sessions",
            "/api/v1/attendances",
        ];
        for list in plain.into_iter().chain([HOUSEHOLDS, RECORDS, &children, &records]) {
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
                format!("{RECORDS}/{id}/versions"),
                format!("/api/v1/members/{id}"),
                format!("/api/v1/transfer-requests/{id}"),
                format!("{HOUSEHOLDS}/{id}/history"),
                format!("/api/v1/accounts/{id}"),
                format!("/api/v1/grants/{id}"),
                format!("/api/v1/partners/{id}"),
                format!("/api/v1/stores/{id}"),
                format!("/api/v1/sales/{id}/versions"),
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
            (format!("{HOUSEHOLDS}/{id}/members"), vec!["GET", "POST"]),
            (format!("{HOUSEHOLDS}/{id}/export"), vec!["POST"]),
            (format!("/api/v1/transfer-requests/{id}/accept"), vec!["POST"]),
            (format!("/api/v1/service-points/{id}/move"), vec!["POST"]),
            ("/api/v1/auth/sign-in".to_owned(), vec!["POST"]),
            ("/api/v1/sales".to_owned(), vec!["GET", "POST"]),
            (format!("/api/v1/sales/{id}"), vec!["GET", "PATCH"]),
            (format!("/api/v1/attendances/{id}/void"), vec!["POST"]),
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
}
