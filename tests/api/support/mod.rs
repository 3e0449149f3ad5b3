//! What every test stands on: an app on a fresh database, a small network, and people who may do things in it.

#![allow(clippy::allow_attributes, dead_code, reason = "not every test file uses everything")]

mod database;
pub mod livelihoods;
mod network;
mod people;
mod reports;
pub mod trade;

use std::{future::Future, pin::Pin, rc::Rc, sync::Arc, time::Duration};

use actix_http::Request;
use actix_web::{
    body::to_bytes,
    dev::Service as _,
    http::{Method, header::HeaderMap},
    test::{TestRequest, init_service},
};
use serde_json::Value;
use terrace::{
    auth::{Rules, tokens},
    config::{Config, KeySource, LogFormat},
    db::{Conn, Limits},
    domain::{Day, Id, Instant, codes::Role},
    edge::Edge,
    server::{House, app},
};

pub use database::Backend;
use database::Database;
pub use network::Network;
pub use people::{head, household, identity_number, member};
pub use reports::{OldVillage, QUIET_MONTH};

/// A key for tests.
pub const KEY: &str = "8f3a1c5e7d9b2046f1e8c3a5b7d90264e6f8a1c3b5d7092846fae1c3957b2d08";

/// Noon of 24 November 2026 in Shanghai.
pub fn noon() -> Instant {
    "2026-11-24T04:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().into()
}

/// Runs a test on both databases: `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: TestApp) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, clippy::allow_attributes, reason = "a test may need none of them")]
            use super::*;

            async fn run($app: $crate::support::TestApp) $body

            #[actix_web::test]
            async fn sqlite() {
                run($crate::support::TestApp::start($crate::support::Backend::Sqlite).await.expect("SQLite is always there")).await;
            }

            #[actix_web::test]
            async fn postgres() {
                if let Some(app) = $crate::support::TestApp::start($crate::support::Backend::Postgres).await {
                    run(app).await;
                }
            }
        }
    )+};
}

type Answering = Pin<Box<dyn Future<Output = Reply>>>;

/// The app on a database of its own.
pub struct TestApp {
    call: Rc<dyn Fn(Request) -> Answering>,
    /// What the app is made of.
    pub house: House,
    /// The clock, which stands still unless advanced, and the random numbers.
    pub edge: Arc<Edge>,
    database: Database,
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The `code` of a problem.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The faults of a problem as (pointer, code).
    pub fn faults(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let faults = self.json()["errors"].as_array().cloned().unwrap_or_default();
        faults.iter().map(|fault| (text(&fault["pointer"]), text(&fault["code"]))).collect()
    }

    /// The `id` of the body.
    pub fn id(&self) -> Id {
        self.json()["id"].as_str().unwrap_or_else(|| panic!("no id in {}", self.text())).parse().unwrap()
    }

    /// Fails the test unless the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

/// Someone who sends requests: with a token, or without.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The account.
    pub account: Option<Id>,
    /// The access token.
    pub token: Option<String>,
}

impl Actor {
    /// Someone who has not signed in.
    pub fn nobody() -> Self {
        Self { account: None, token: None }
    }

    /// Someone with this token.
    pub fn with_token(token: impl Into<String>) -> Self {
        Self { account: None, token: Some(token.into()) }
    }
}

impl TestApp {
    /// An app on a fresh database; none when the database is not there and need not be.
    pub async fn start(backend: Backend) -> Option<Self> {
        let database = Database::fresh(backend)?;
        let edge = Arc::new(Edge::reproducible(noon(), 42));
        let config = Config {
            database: database.url.clone(),
            limits: Limits { readers: 4, writers: 8, ..Limits::default() },
            listen: String::new(),
            key: KeySource::Given(KEY.to_owned()),
            workers: None,
            request_timeout: Duration::from_secs(30),
            rules: Rules { idle_seconds: 30 * 60, session_seconds: 12 * 3600 },
            trusted_proxies: Vec::new(),
            behind_tls: false,
            log_format: LogFormat::Text,
        };
        let house = House::open(&config, Arc::clone(&edge)).unwrap();
        let service = Rc::new(init_service(app(&house)).await);
        let call = move |request: Request| -> Answering {
            let service = Rc::clone(&service);
            Box::pin(async move {
                let response = match service.call(request).await {
                    Ok(response) => response.into_parts().1.map_into_boxed_body(),
                    Err(error) => error.error_response(),
                };
                Reply {
                    status: response.status().as_u16(),
                    headers: response.headers().clone(),
                    body: to_bytes(response.into_body()).await.unwrap().to_vec(),
                }
            })
        };
        Some(Self { call: Rc::new(call), house, edge, database })
    }

    /// A connection around the app, for looking and tampering.
    pub fn conn(&self) -> Conn {
        self.database.connect()
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: TestRequest) -> Reply {
        (self.call)(request.to_request()).await
    }

    /// Sends a request.
    pub async fn request(
        &self,
        actor: &Actor,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let mut request = TestRequest::with_uri(path).method(method).peer_addr("192.0.2.1:5000".parse().unwrap());
        if let Some(token) = &actor.token {
            request = request.insert_header(("authorization", format!("Bearer {token}")));
        }
        if let Some(body) = body {
            request = request.set_json(body);
        }
        for (name, value) in headers {
            request = request.append_header((*name, *value));
        }
        (self.call)(request.to_request()).await
    }

    /// PUT of a file.
    pub async fn upload(&self, actor: &Actor, path: &str, file: &[u8], headers: &[(&str, &str)]) -> Reply {
        let mut request = TestRequest::with_uri(path).method(Method::PUT).set_payload(file.to_vec());
        if let Some(token) = &actor.token {
            request = request.insert_header(("authorization", format!("Bearer {token}")));
        }
        for (name, value) in headers {
            request = request.append_header((*name, *value));
        }
        (self.call)(request.peer_addr("192.0.2.1:5000".parse().unwrap()).to_request()).await
    }

    /// GET.
    pub async fn get(&self, actor: &Actor, path: &str) -> Reply {
        self.request(actor, Method::GET, path, None, &[]).await
    }

    /// POST with a body.
    pub async fn post(&self, actor: &Actor, path: &str, body: &Value) -> Reply {
        self.request(actor, Method::POST, path, Some(body), &[]).await
    }

    /// POST to change a version.
    pub async fn post_to(&self, actor: &Actor, path: &str, version: i64, body: Option<&Value>) -> Reply {
        self.request(actor, Method::POST, path, body, &[("if-match", &format!("\"{version}\""))]).await
    }

    /// PATCH a version.
    pub async fn patch(&self, actor: &Actor, path: &str, version: i64, body: &Value) -> Reply {
        self.request(actor, Method::PATCH, path, Some(body), &[("if-match", &format!("\"{version}\""))]).await
    }

    /// Every page of a list.
    pub async fn all_pages(&self, actor: &Actor, path: &str, limit: usize) -> Vec<Value> {
        let (mut items, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let joint = if path.contains('?') { '&' } else { '?' };
            let after = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let page = self.get(actor, &format!("{path}{joint}limit={limit}{after}")).await.expect(200).json();
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return items,
            }
        }
    }

    /// Today in Shanghai.
    pub fn today(&self) -> Day {
        self.edge.now().day()
    }

    /// Someone with these grants at these points, signed in. The account is kept by the first point. Made in the
    /// database, because hashing a password for each person of each test would take longer than the tests.
    pub fn actor(&self, grants: &[(Role, Id)]) -> Actor {
        network::insert_actor(self, grants)
    }

    /// A token for a session.
    pub fn token(&self, account: Id, session: Id) -> String {
        tokens::access(&self.house.gate.tools().keys, account, session, self.edge.now()).unwrap()
    }

    /// A bureau, two counties, two townships in each, two villages in each of those.
    pub async fn network(&self) -> Network {
        Network::import(self).await
    }
}
