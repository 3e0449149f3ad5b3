//! How a browser keeps its session, and the key of what a device keeps.

use actix_web::{http::Method, test::TestRequest};
use serde_json::{Value, json};
use terrace::{
    app::setup::{self, SignIn},
    domain::codes::{Role, Tier},
};

use crate::{
    http::assert_problem,
    on_both,
    sessions::{PASSWORD, person},
    support::{Actor, Reply, TestApp},
};

async fn enter(app: &TestApp, username: &str) -> Reply {
    let body = json!({ "username": username, "password": PASSWORD, "cookie": true });
    app.post(&Actor::nobody(), "/api/v1/auth/sign-in", &body).await.expect(200)
}

/// The token in the cookie that an answer sets.
fn kept(reply: &Reply) -> String {
    let cookie = reply.header("set-cookie").unwrap();
    for attribute in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/api/v1/auth"] {
        assert!(cookie.split("; ").any(|part| part == attribute), "{cookie}");
    }
    cookie.split(';').next().unwrap().strip_prefix("terrace_refresh=").unwrap().to_owned()
}

async fn renew(app: &TestApp, cookie: &str) -> Reply {
    let request = TestRequest::with_uri("/api/v1/auth/refresh").method(Method::POST);
    app.send(request.insert_header(("cookie", cookie)).set_json(json!({}))).await
}

fn actor(reply: &Reply) -> Actor {
    Actor::with_token(reply.json()["access_token"].as_str().unwrap())
}

async fn key(app: &TestApp, reply: &Reply) -> Value {
    let reply = app.request(&actor(reply), Method::POST, "/api/v1/auth/device-key", None, &[]).await.expect(200);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    reply.json()["key"].clone()
}

on_both! {
    /// The refresh token is in the cookie and nowhere else, is renewed there, and is gone after signing out.
    async fn a_browser_keeps_its_session_in_a_cookie(app: TestApp) {
        let network = app.network().await;
        person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let first = enter(&app, "worker").await;
        assert_eq!(first.json().get("refresh_token"), None);
        let second = renew(&app, &format!("other=1; terrace_refresh={}", kept(&first))).await.expect(200);
        assert_eq!(second.json().get("refresh_token"), None);
        assert_ne!(kept(&second), kept(&first));
        assert_problem(&renew(&app, "other=1").await, 401, "auth.sign_in_required");
        let ended = format!("terrace_refresh={}", kept(&second));
        let headers = [("cookie", ended.as_str())];
        let out = app.request(&actor(&second), Method::POST, "/api/v1/auth/sign-out", None, &headers).await.expect(204);
        assert_eq!(kept(&out), "");
        assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"));
        assert_problem(&renew(&app, &ended).await, 401, "auth.sign_in_required");
    }

    /// Whoever does not ask for a cookie gets none, as before.
    async fn other_clients_get_their_token(app: TestApp) {
        let network = app.network().await;
        person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let body = json!({ "username": "worker", "password": PASSWORD });
        let reply = app.post(&Actor::nobody(), "/api/v1/auth/sign-in", &body).await.expect(200);
        assert!(reply.header("set-cookie").is_none());
        let token = reply.json()["refresh_token"].clone();
        let reply = app.post(&Actor::nobody(), "/api/v1/auth/refresh", &json!({ "refresh_token": token })).await.expect(200);
        assert!(reply.header("set-cookie").is_none() && reply.json()["refresh_token"].is_string());
    }

    /// The key is the account's own, the same after each sign-in, also with another password.
    async fn the_key_of_a_device_is_its_accounts(app: TestApp) {
        let network = app.network().await;
        person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        person(&app, "other", Role::Worker, network.id("c1t1v1")).await;
        let (here, there, other) =
            (enter(&app, "worker").await, enter(&app, "worker").await, enter(&app, "other").await);
        let own = key(&app, &here).await;
        assert_eq!(own, key(&app, &there).await);
        assert_ne!(own, key(&app, &other).await);
        assert_eq!(own.as_str().unwrap().len(), 43);
        app.edge.advance(1);
        let change = json!({ "current_password": PASSWORD, "new_password": "Qinghe-7-langan" });
        app.post(&actor(&here), "/api/v1/auth/password", &change).await.expect(204);
        assert_eq!(own, key(&app, &here).await);
    }

    /// Only a simulation tells how to sign in to it.
    async fn a_simulation_alone_tells_how_to_sign_in(app: TestApp) {
        let asked = async || app.get(&Actor::nobody(), "/api/v1/demo").await.expect(200).json();
        assert_eq!(asked().await, json!({ "simulated": false, "sign_ins": [] }));
        let told = SignIn {
            tier: Tier::Village,
            role: Role::Worker,
            point: "模拟村".to_owned(),
            username: "village.1".to_owned(),
            password: "none-of-yours".to_owned(),
        };
        // Without the mark they stay untold, whatever lies there.
        setup::announce(&app.house.gate, std::slice::from_ref(&told)).await.unwrap();
        assert_eq!(asked().await, json!({ "simulated": false, "sign_ins": [] }));
        setup::mark_simulated(&app.house.gate, 1).await.unwrap();
        assert_eq!(asked().await, json!({ "simulated": true, "sign_ins": [told] }));
    }
}
