//! The same requests, one after the other, on both databases: the answers are the same to the byte, headers and all, and
//! so are the events and the cells that they leave behind.
//!
//! Nothing is left out of the comparison but `/metrics`, which tells of the process and its clock. Ids, tokens, salts and
//! cursors are equal because the test's random numbers come in the same order on both, and so is the time.

mod looks;

use std::collections::BTreeSet;

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::{
    api::endpoints,
    domain::{Day, codes::Role},
};

use super::recount::{kept_cells, kept_presence};
use crate::{
    audit::{
        events,
        world::{Change, World, build},
    },
    support::{Actor, Backend, Reply, TestApp, identity_number},
};

/// A request and what came back, as text.
type Exchange = (String, String);

/// Sends requests and writes down everything.
struct Tape {
    app: TestApp,
    exchanges: Vec<Exchange>,
    routes: BTreeSet<(String, &'static str)>,
}

impl Tape {
    fn keep(&mut self, what: String, reply: &Reply) {
        let mut headers: Vec<String> = reply
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        headers.sort();
        self.exchanges.push((what, format!("{}\n{}\n\n{}", reply.status, headers.join("\n"), reply.text())));
    }

    /// Sends, with an id for the request that is its number.
    async fn send(
        &mut self,
        actor: &Actor,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let number = format!("request-{}", self.exchanges.len());
        let mut headers = headers.to_vec();
        headers.push(("x-request-id", &number));
        let reply = self.app.request(actor, method.clone(), path, body, &headers).await;
        self.keep(format!("{method} {path} {headers:?} {body:?}"), &reply);
        reply
    }

    async fn get(&mut self, actor: &Actor, path: &str) -> Reply {
        self.send(actor, Method::GET, path, None, &[]).await
    }

    /// A look at one of the paths of a route.
    async fn look(&mut self, actor: &Actor, route: &'static str, id: Option<&str>, query: &str) -> Reply {
        self.routes.insert(("GET".to_owned(), route));
        let path = route.replace("{id}", id.unwrap_or_default());
        self.get(actor, &format!("{path}{query}")).await
    }

    /// Every page of a list, some rows at a time.
    async fn pages(&mut self, actor: &Actor, route: &'static str, id: Option<&str>, query: &str) -> Vec<Value> {
        let (mut rows, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.look(actor, route, id, &format!("?limit=3{query}{cursor}")).await.expect(200).json();
            rows.extend(page["items"].as_array().unwrap().clone());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return rows,
            }
        }
    }
}

/// Everything that is sent.
async fn record(app: TestApp) -> Tape {
    let world = build(&app).await;
    let mut tape = Tape { app, exchanges: Vec::new(), routes: BTreeSet::new() };
    records(&mut tape, &world).await;
    changes(&mut tape, &world).await;
    tape.app.edge.advance(3 * 24 * 3600);
    looks(&mut tape, &world).await;
    tape
}

/// Records of every tier and many months, several of one day, and some refused.
async fn records(tape: &mut Tape, world: &World) {
    let household = household(tape, world).await;
    let names: Vec<String> = world.network.names().into_iter().map(str::to_owned).collect();
    for number in 0..40_usize {
        let kind = ["logistics", "training", "unheard_of"][number % 7 % 3];
        let body = json!({
            "id": tape.app.edge.new_id(), "household_id": household,
            "service_point_id": world.network.id(&names[number % names.len()]),
            "kind": kind,
            "given_on": "2025-10-05".parse::<Day>().unwrap().plus_days(7 * (number as u64 / 2)),
            "quantity": number % 5,
        });
        tape.send(&world.worker, Method::POST, "/api/v1/assistance-records", Some(&body), &[]).await;
    }
}

async fn household(tape: &mut Tape, world: &World) -> Value {
    let members = json!([
        { "name": "  e\u{301}模拟 ", "relation": "02", "identity_number": identity_number("19491231", 2) },
        { "name": "模拟成员", "relation": "20", "no_identity_reason": "infant", "birth_on": "2026-01-01", "joined_on": "2026-01-01" },
    ]);
    let body = json!({
        "service_point_id": world.network.id("c2t2v1"), "address": "模拟地址", "phone": "139 0000 1234", "members": members,
        "household_type": "lifted", "registered_on": "2025-10-01",
    });
    tape.send(&world.worker, Method::POST, "/api/v1/households", Some(&body), &[]).await.expect(201).json()["id"]
        .clone()
}

/// Every change that there is: by nobody, in a wrong version, with an unknown field, rightly, and once more.
async fn changes(tape: &mut Tape, world: &World) {
    for change in &world.changes {
        tape.app.edge.advance(1);
        tape.routes.insert((change.method.to_string(), change.route));
        let mut wrong_body = change.body.clone();
        if let Some(body) = &mut wrong_body {
            body["unheard_of"] = json!(1);
        }
        let nobody = Change { actor: Actor::nobody(), ..change.clone() };
        let stale = Change { version: change.version.map(|_| 99), body: wrong_body, ..change.clone() };
        // Without anything to be wrong about, it would be right.
        let can_be_wrong = change.version.is_some() || change.body.is_some();
        let stale = if can_be_wrong { stale } else { nobody.clone() };
        for (name, change) in [("nobody", &nobody), ("stale", &stale), ("right", change), ("again", change)] {
            let number = format!("request-{}", tape.exchanges.len());
            let reply = change.send(&tape.app, &number).await;
            assert!(name != "right" || reply.status == change.status, "{} {}", change.route, reply.text());
            tape.keep(format!("{name} {} {} {:?}", change.method, change.route, change.body), &reply);
        }
    }
}

/// Every look that there is.
async fn looks(tape: &mut Tape, world: &World) {
    let bureau = world.network.id("b");
    let admin = tape.app.actor(&[(Role::Admin, bureau)]);
    let auditor =
        tape.app.actor(&[(Role::Auditor, world.network.id("c1")), (Role::Reviewer, world.network.id("c2t2"))]);
    let all = tape.app.actor(&[(Role::Manager, bureau)]);
    for reader in [&admin, &auditor, &all, &Actor::nobody()] {
        for route in [
            "/api/v1/me",
            "/api/v1/auth/sessions",
            "/api/v1/metrics",
            "/api/v1/code-lists",
            "/api/v1/doubtful-rules",
            "/api/v1/demo",
        ] {
            tape.look(reader, route, None, "").await;
        }
    }
    for route in ["/", "/sw.js", "/manifest.webmanifest", "/icon.svg", "/openapi.yaml", "/healthz", "/readyz"] {
        tape.look(&Actor::nobody(), route, None, "").await;
    }
    let page = tape.get(&Actor::nobody(), "/").await.text();
    let script = page.split('"').find(|link| link.ends_with("/main.js")).unwrap().to_owned();
    tape.routes.insert(("GET".to_owned(), "/console/{digest}/{file:.*}"));
    tape.get(&Actor::nobody(), &script).await.expect(200);
    for reader in [&admin, &auditor, &all] {
        const POINTS: &str = "/api/v1/service-points";
        for query in ["", "&tier=village", "&status=closed", "&q=moni", "&q=%E6%A8%A1", "&q=9999010", "&count=true"] {
            tape.pages(reader, POINTS, None, query).await;
        }
        for name in ["b", "c1", "c1t1", "c1t1v1", "c2t2"] {
            let id = world.network.id(name).to_string();
            let item = tape.look(reader, "/api/v1/service-points/{id}", Some(&id), "").await;
            if let Some(tag) = item.header("etag").map(str::to_owned) {
                tape.send(reader, Method::GET, &format!("{POINTS}/{id}"), None, &[("if-none-match", &tag)])
                    .await
                    .expect(304);
            }
            for route in ["/api/v1/service-points/{id}/ancestors", "/api/v1/service-points/{id}/history"] {
                tape.look(reader, route, Some(&id), "").await;
            }
            tape.look(reader, "/api/v1/service-points/{id}/children", Some(&id), "?limit=1").await;
            tape.look(reader, "/api/v1/changes", None, &format!("?service_point_id={id}")).await;
            for period in
                ["2025-10", "2025-Q4", "2026", "all", "2026-13", "2026&metrics=persons,villages", "2026&metrics=no"]
            {
                tape.look(reader, "/api/v1/service-points/{id}/statistics", Some(&id), &format!("?period={period}"))
                    .await;
            }
            for route in ["/api/v1/service-points/{id}/annual-report", "/api/v1/service-points/{id}/annual-report/page"]
            {
                tape.look(reader, route, Some(&id), "?year=2026").await;
            }
        }
    }
    for (reader, list, item) in [
        (&admin, "/api/v1/accounts", "/api/v1/accounts/{id}"),
        (&admin, "/api/v1/grants", "/api/v1/grants/{id}"),
        (&auditor, "/api/v1/households", "/api/v1/households/{id}"),
        (&all, "/api/v1/assistance-records", "/api/v1/assistance-records/{id}"),
        (&all, "/api/v1/transfer-requests", "/api/v1/transfer-requests/{id}"),
        (&all, "/api/v1/inspections", "/api/v1/inspections/{id}"),
        (&all, "/api/v1/inspection-items", "/api/v1/inspection-items/{id}"),
        (&all, "/api/v1/inspection-findings", "/api/v1/inspection-findings/{id}"),
    ] {
        let window = if list.ends_with("records") { "&from=2025-12-01&to=2026-11-26" } else { "" };
        let rows = tape.pages(reader, list, None, window).await;
        assert!(rows.len() > 2, "{list} has too little to compare");
        for row in rows {
            tape.look(reader, item, row["id"].as_str(), "").await.expect(200);
        }
        for (query, language) in [("?cursor=bad", "en"), ("?limit=0", "zh-CN"), ("?unheard_of=1", "fr, en;q=0.5")] {
            tape.send(reader, Method::GET, &format!("{list}{query}"), None, &[("accept-language", language)]).await;
        }
        tape.look(reader, item, Some("01900000-0000-7000-8000-000000000000"), "").await.expect(404);
        tape.look(reader, item, Some("no-id"), "").await.expect(400);
        tape.send(reader, Method::DELETE, list, None, &[]).await.expect(405);
    }
    looks::trade(tape, &[&admin, &auditor, &all]).await;
    looks::months(tape, &auditor, &all).await;
    looks::notices(tape, &auditor, &all).await;
    tape.get(&admin, "/api/v1/nowhere").await.expect(404);
    looks::people(tape, &auditor, &all).await;
    looks::doubtful(tape, world, &[&admin, &auditor, &all]).await;
    looks::audit(tape, world).await;
}

/// The first difference of two tapes, with the request that it is the answer to.
fn compare(here: &[Exchange], there: &[Exchange]) {
    for ((request, here), (same, there)) in here.iter().zip(there) {
        assert_eq!(request, same);
        assert_eq!(here, there, "{request}");
    }
    assert_eq!(here.len(), there.len());
}

/// One trace of requests is answered alike by both databases.
#[actix_web::test]
async fn one_trace_gives_the_same_bytes_on_both() {
    let Some(postgres) = TestApp::start(Backend::Postgres).await else { return };
    let sqlite = TestApp::start(Backend::Sqlite).await.unwrap();
    let (sqlite, postgres) = (record(sqlite).await, record(postgres).await);
    assert!(sqlite.exchanges.len() > 400, "the trace has {} requests only", sqlite.exchanges.len());
    compare(&sqlite.exchanges, &postgres.exchanges);

    let (mut here, mut there) = (sqlite.app.conn(), postgres.app.conn());
    assert_eq!(events(&mut here), events(&mut there));
    assert_eq!(kept_cells(&mut here), kept_cells(&mut there));
    assert_eq!(kept_presence(&mut here), kept_presence(&mut there));
    // A verification tells how many events have their place in the chain, which on PostgreSQL they get a moment later.
    let untold = ["/metrics", "/docs", "/docs/{file:.*}", "/api/v1/verifications", "/api/v1/verifications/{id}"];
    let routes = endpoints().into_iter().map(|endpoint| (endpoint.method.to_string(), endpoint.path));
    assert_eq!(sqlite.routes, routes.filter(|(_, path)| !untold.contains(path)).collect());
}
