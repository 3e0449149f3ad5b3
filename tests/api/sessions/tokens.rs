//! Access tokens: what they are good for, how long, and what is none.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use terrace::{
    auth::keys::{Keys, Purpose},
    domain::{Id, codes::Role},
};

use super::{PASSWORD, Tokens, me, person, sign_in, try_sign_in};
use crate::{
    http::{assert_problem, raw},
    on_both,
    support::{Actor, TestApp},
};

/// A token with these claims, signed by this key.
fn signed(algorithm: Algorithm, key: &[u8], claims: &Value) -> String {
    jsonwebtoken::encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(key)).unwrap()
}

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

async fn assert_refused(app: &TestApp, what: &str, token: &str) {
    let reply = app.get(&Actor::with_token(token), "/api/v1/me").await;
    assert_eq!(reply.status, 401, "{what} was taken: {}", reply.text());
    assert_problem(&reply, 401, "auth.sign_in_required");
    assert_eq!(reply.header("www-authenticate"), Some("Bearer"), "{what}");
}

on_both! {
    /// An access token lives for a quarter of an hour and says so.
    async fn an_access_token_lives_for_a_quarter_of_an_hour(app: TestApp) {
        let network = app.network().await;
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let reply = try_sign_in(&app, "worker", PASSWORD).await.expect(200);
        assert_eq!(reply.json()["expires_in"], 900);
        assert_eq!(reply.json()["token_type"], "Bearer");
        assert!(reply.header("cache-control").unwrap().contains("no-store"), "{:?}", reply.headers);
        let tokens = Tokens::of(&reply);
        app.edge.advance(15 * 60 - 1);
        assert_eq!(me(&app, &tokens).await, 200);
        app.edge.advance(2);
        assert_refused(&app, "an expired token", &tokens.access).await;
        // It says who is asking and nothing of what they may do, which is looked up with every request.
        let said = claims(&tokens.access);
        assert_eq!(said["sub"], worker.id.to_string());
        assert!(
            said.as_object().unwrap().keys().all(|name| ["sub", "sid", "iat", "exp"].contains(&name.as_str())),
            "{said}"
        );
    }

    /// A token of another key, of no key, for somebody else or for another time opens nothing.
    async fn forged_tokens_are_refused(app: TestApp) {
        let network = app.network().await;
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let admin = person(&app, "admin1", Role::Admin, network.id("b")).await;
        let (token, foreign) = (sign_in(&app, &worker).await.access, sign_in(&app, &admin).await.access);
        let keys = &app.house.gate.tools().keys;
        let (own_key, good) = (keys.key(Purpose::Token), claims(&token));
        let with = |name: &str, value: Value| {
            let mut claims = good.clone();
            claims[name] = value;
            claims
        };
        let without = |name: &str| {
            let mut claims = good.clone();
            claims.as_object_mut().unwrap().remove(name);
            claims
        };
        assert_eq!(
            app.get(&Actor::with_token(signed(Algorithm::HS256, own_key, &good)), "/api/v1/me").await.status,
            200
        );

        let other = Keys::from_secret("03c1f58a927be46d0f1e2d3c4b5a69788796a5b4c3d2e1f00918273645546372").unwrap();
        assert_refused(&app, "another installation's key", &signed(Algorithm::HS256, other.key(Purpose::Token), &good))
            .await;
        for purpose in [Purpose::Cursor, Purpose::Refresh, Purpose::Device, Purpose::Audit] {
            assert_refused(&app, "the key of another purpose", &signed(Algorithm::HS256, keys.key(purpose), &good))
                .await;
        }
        for key in [&b""[..], b"secret", &[0; 32]] {
            assert_refused(&app, "a guessed key", &signed(Algorithm::HS256, key, &good)).await;
        }
        for algorithm in [Algorithm::HS384, Algorithm::HS512] {
            assert_refused(&app, "another algorithm", &signed(algorithm, own_key, &good)).await;
        }
        let parts: Vec<&str> = token.split('.').collect();
        for name in ["none", "None", "NONE", "nOnE", ""] {
            let header = URL_SAFE_NO_PAD.encode(json!({ "alg": name, "typ": "JWT" }).to_string());
            for signature in ["", parts[2]] {
                assert_refused(&app, "no algorithm", &format!("{header}.{}.{signature}", parts[1])).await;
            }
        }

        let now = app.edge.now().unix_seconds();
        let unknown: Id = app.edge.new_id();
        let (admin_account, admin_session) = (claims(&foreign)["sub"].clone(), claims(&foreign)["sid"].clone());
        for (what, claims) in [
            ("an account with another's session", with("sid", admin_session)),
            ("a session with another's account", with("sub", admin_account)),
            ("a session that never was", with("sid", json!(unknown))),
            ("an account that never was", with("sub", json!(unknown))),
            ("a token that has ended", with("exp", json!(now - 1))),
            ("a token that ends now", with("exp", json!(now))),
            ("a token of tomorrow", with("iat", json!(now + 86_400))),
            ("no end", without("exp")),
            ("no account", without("sub")),
            ("no session", without("sid")),
            ("a session that is no id", with("sid", json!("' OR 1=1 --"))),
            ("an end that is no number", with("exp", json!("never"))),
        ] {
            assert_refused(&app, what, &signed(Algorithm::HS256, own_key, &claims)).await;
        }
    }

    /// A token changed at any place, cut or patched together is refused.
    async fn changed_tokens_are_refused(app: TestApp) {
        let network = app.network().await;
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let admin = person(&app, "admin1", Role::Admin, network.id("b")).await;
        let (token, foreign) = (sign_in(&app, &worker).await.access, sign_in(&app, &admin).await.access);
        for at in 0..token.len() {
            let other = if &token[at..=at] == "A" { "B" } else { "A" };
            let mut changed = token.clone();
            changed.replace_range(at..=at, other);
            assert_refused(&app, "a changed token", &changed).await;
        }
        let (own, other): (Vec<&str>, Vec<&str>) = (token.split('.').collect(), foreign.split('.').collect());
        for patched in [
            format!("{}.{}.{}", own[0], other[1], own[2]),
            format!("{}.{}.{}", own[0], own[1], other[2]),
            format!("{}.{}", own[0], own[1]),
            format!("{}.{}.", own[0], own[1]),
            format!("{token}."),
            format!("{token}x"),
            format!("{token}.{token}"),
            "..".to_owned(),
            "a.b.c".to_owned(),
            "garbage".to_owned(),
            "x".repeat(5000),
        ] {
            assert_refused(&app, "a patched token", &patched).await;
        }
    }

    /// The header is a bearer's; the word's case does not matter, another scheme does.
    async fn only_a_bearer_token_is_read(app: TestApp) {
        let network = app.network().await;
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let tokens = sign_in(&app, &worker).await;
        for (header, status) in [
            (format!("Bearer {}", tokens.access), 200),
            (format!("bearer {}", tokens.access), 200),
            (tokens.access.clone(), 401),
            (format!("Basic {}", tokens.access), 401),
            (format!("Bearer{}", tokens.access), 401),
            ("Bearer".to_owned(), 401),
            ("Bearer ".to_owned(), 401),
            (format!("Bearer {}", tokens.refresh), 401),
            (format!("Bearer {}", tokens.device.clone().unwrap()), 401),
        ] {
            let reply = raw(
                &app,
                &Actor::nobody(),
                &actix_web::http::Method::GET,
                "/api/v1/me",
                &[("authorization", &header)],
                "",
            )
            .await;
            assert_eq!(reply.status, status, "{header}");
        }
        for path in [
            format!("/api/v1/me?access_token={}", tokens.access),
            format!("/api/v1/service-points?access_token={}", tokens.access),
        ] {
            assert_eq!(app.get(&Actor::nobody(), &path).await.status, 401, "a token in a URL ends in logs");
        }
    }
}
