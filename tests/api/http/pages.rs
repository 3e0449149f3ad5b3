//! What is not the API: health, readiness, metrics, the documentation, and the console's files.

use actix_web::http::Method;
use diesel::{RunQueryDsl as _, sql_query};
use terrace::db::Conn;

use super::{assert_problem, everyone};
use crate::{
    on_both,
    support::{Actor, household},
};

/// The values of an attribute in a page.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    html.match_indices(&start).filter_map(|(at, found)| html[at + found.len()..].split('"').next()).collect()
}

on_both! {
    /// The process is alive without a database that is up to date, but takes no traffic then.
    async fn readiness_asks_for_the_tables_and_health_does_not(app: TestApp) {
        let nobody = Actor::nobody();
        app.get(&nobody, "/readyz").await.expect(200);
        let forget = "DELETE FROM __diesel_schema_migrations \
            WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)";
        match &mut app.conn() {
            Conn::Sqlite(conn) => sql_query(forget).execute(conn),
            Conn::Pg(conn) => sql_query(forget).execute(conn),
        }
        .unwrap();
        let reply = app.get(&nobody, "/readyz").await;
        assert_eq!(reply.status, 503, "{}", reply.text());
        assert_eq!(app.get(&nobody, "/healthz").await.expect(200).text().trim(), "ok");
    }

    /// Metrics count by the route's template: an id or a search in a label would tell who is looked at, and a made-up
    /// address would make a series of its own.
    async fn metrics_hold_templates_and_no_ids(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let made = app.post(&actor, "/api/v1/households", &household(network.id("c1t1v1"))).await.expect(201).id();
        app.get(&actor, &format!("/api/v1/households/{made}")).await.expect(200);
        app.get(&actor, "/api/v1/service-points?q=confidential").await.expect(200);
        app.get(&actor, "/made-up-address").await.expect(404);
        app.get(&actor, "/docs/made-up-file").await.expect(404);
        app.get(&Actor::nobody(), "/api/v1/me").await.expect(401);
        let reply = app.get(&Actor::nobody(), "/metrics").await.expect(200);
        assert!(reply.header("content-type").unwrap().starts_with("text/plain"), "{:?}", reply.headers);
        let text = reply.text();
        for line in [
            r#"terrace_http_requests_total{method="GET",route="/api/v1/households/{id}",status="200"} 1"#,
            r#"terrace_http_requests_total{method="POST",route="/api/v1/households",status="201"} 1"#,
            r#"terrace_http_requests_total{method="GET",route="/api/v1/me",status="401"} 1"#,
        ] {
            assert!(text.contains(line), "{line} is not in:\n{text}");
        }
        for name in [
            "terrace_http_request_duration_seconds_bucket",
            "terrace_writer_jobs_total",
            "terrace_writer_commits_total",
        ] {
            assert!(text.contains(name), "{name}");
        }
        for private in [
            made.to_string(),
            made.simple(),
            network.id("b").to_string(),
            "confidential".into(),
            "made-up".into(),
            actor.token.clone().unwrap(),
            actor.account.unwrap().to_string(),
            "模拟".into(),
            "192.0.2.1".into(),
        ] {
            assert!(!text.contains(&private), "{private} is in the metrics");
        }
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let (series, value) = line.rsplit_once(' ').unwrap();
            assert!(series.starts_with("terrace_") && value.parse::<f64>().is_ok(), "{line}");
        }
    }

    /// The console's page holds nothing but links to files of this server, all of which are there; its script and its styles are
    /// files too, so nothing that is slipped into the page is carried out.
    async fn the_console_is_made_of_files_of_this_server(app: TestApp) {
        let nobody = Actor::nobody();
        let reply = app.get(&nobody, "/").await.expect(200);
        assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(reply.header("cache-control"), Some("no-cache"));
        assert!(!reply.header("content-security-policy").unwrap().contains("unsafe"), "{:?}", reply.headers);
        let html = reply.text();
        let lower = html.to_lowercase();
        for forbidden in ["<style", " style=", "javascript:", " onload=", " onclick=", "<iframe", "\"//", "://", "{{"] {
            assert!(!lower.contains(forbidden), "{forbidden} is in the page");
        }
        let scripts: Vec<&str> = lower.match_indices("<script").map(|(at, _)| &lower[at..]).collect();
        for script in &scripts {
            let (tag, rest) = script.split_once('>').unwrap();
            assert!(tag.contains(" src=") && rest.starts_with("</script>"), "a script in the page: {tag}");
        }
        assert!(!scripts.is_empty());
        let links: Vec<&str> = attributes(&html, "href").into_iter().chain(attributes(&html, "src")).collect();
        for link in links.iter().filter(|link| link.starts_with('/')) {
            app.get(&nobody, link).await.expect(200);
        }
        let worker = app.get(&nobody, "/sw.js").await.expect(200);
        assert_eq!(worker.header("cache-control"), Some("no-cache"));
        assert!(!worker.text().contains("{{"), "{}", worker.text());
        for link in worker.text().split('"').filter(|text| text.starts_with("/console/") && text.contains('.')) {
            app.get(&nobody, link).await.expect(200);
        }
    }

    /// A file never changes under its address, so it is kept for ever; under another digest it is not there.
    async fn files_of_the_console_are_kept_for_ever(app: TestApp) {
        let nobody = Actor::nobody();
        let html = app.get(&nobody, "/").await.expect(200).text();
        let script = attributes(&html, "src").into_iter().find(|link| link.ends_with("/main.js")).unwrap().to_owned();
        let plain = app.get(&nobody, &script).await.expect(200);
        assert_eq!(plain.header("content-type"), Some("text/javascript; charset=utf-8"));
        assert_eq!(plain.header("cache-control"), Some("public, max-age=31536000, immutable"));
        let tag = plain.header("etag").unwrap();
        app.request(&nobody, Method::GET, &script, None, &[("if-none-match", tag)]).await.expect(304);
        let small = app.request(&nobody, Method::GET, &script, None, &[("accept-encoding", "gzip, br")]).await.expect(200);
        assert_eq!(small.header("content-encoding"), Some("br"));
        assert!(small.body.len() < plain.body.len());
        let digest = script.split('/').nth(2).unwrap();
        app.get(&nobody, &script.replace(digest, "0123456789abcdef")).await.expect(404);
        app.get(&nobody, &script.replace("main.js", "../../Cargo.toml")).await.expect(404);
        app.get(&nobody, &script.replace("main.js", "")).await.expect(404);
    }

    /// The documentation comes whole from this server: a village has no other, and no other server learns of it.
    async fn the_documentation_is_served_without_a_foreign_host(app: TestApp) {
        let nobody = Actor::nobody();
        assert_eq!(app.get(&nobody, "/docs").await.expect(308).header("location"), Some("/docs/"));
        let page = app.get(&nobody, "/docs/").await.expect(200);
        assert!(page.header("content-type").unwrap().starts_with("text/html"), "{:?}", page.headers);
        let html = page.text();
        assert!(!html.contains("://") && !html.contains("=\"//"), "{html}");
        let mut files: Vec<&str> = attributes(&html, "href").into_iter().chain(attributes(&html, "src")).collect();
        files.dedup();
        assert!(
            files.iter().any(|file| file.ends_with(".js")) && files.iter().any(|file| file.ends_with(".css")),
            "{files:?}"
        );
        for file in files {
            let reply = app.get(&nobody, &format!("/docs/{}", file.trim_start_matches("./"))).await;
            assert_eq!(reply.status, 200, "{file}");
            let kind = reply.header("content-type").unwrap();
            let expected = match file.rsplit_once('.').unwrap().1 {
                "js" => "javascript",
                "css" => "css",
                _ => "image",
            };
            assert!(kind.contains(expected), "{file} is {kind}");
            if file.contains("initializer") {
                let text = reply.text();
                assert!(
                    text.contains("/openapi.yaml") && !text.contains("://") && !text.contains("petstore"),
                    "{text}"
                );
                assert!(text.contains("validatorUrl"), "the badge of a foreign server is not turned off: {text}");
            }
            if expected == "css" {
                let text = reply.text();
                assert!(!text.contains("@import") && !text.contains("url(http") && !text.contains("url(//"), "{file}");
            }
        }
        assert_problem(&app.get(&nobody, "/docs/no-such-file").await, 404, "route.unknown");
        for outside in ["/docs/../Cargo.toml", "/docs/..%2fCargo.toml", "/docs/%2e%2e/Cargo.toml", "/docs//etc/passwd"]
        {
            let reply = app.get(&nobody, outside).await;
            assert_problem(&reply, 404, "route.unknown");
        }
    }

    /// Whoever watches a server needs no account, and a broken token in the request is no reason to refuse.
    async fn pages_need_no_token(app: TestApp) {
        for path in ["/", "/icon.svg", "/openapi.yaml", "/docs/", "/healthz", "/readyz", "/metrics"] {
            app.get(&Actor::with_token("garbage"), path).await.expect(200);
        }
    }
}
