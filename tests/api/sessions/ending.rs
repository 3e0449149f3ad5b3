//! Sessions that end before their time: by signing out, by revoking, by suspending the account.

use actix_web::http::Method;
use terrace::domain::codes::Role;

use super::{HERE, PASSWORD, Tokens, me, person, renew, sign_in, try_from, try_sign_in};
use crate::{
    http::{assert_problem, without_request_id},
    on_both,
    support::{Reply, TestApp},
};

async fn sessions(app: &TestApp, tokens: &Tokens) -> Vec<serde_json::Value> {
    let list = app.get(&tokens.actor(), "/api/v1/auth/sessions").await.expect(200).json();
    assert_eq!(list["next_cursor"], serde_json::Value::Null);
    list["items"].as_array().unwrap().clone()
}

async fn revoke(app: &TestApp, tokens: &Tokens, id: &str) -> Reply {
    let path = format!("/api/v1/auth/sessions/{id}/revoke");
    app.request(&tokens.actor(), Method::POST, &path, None, &[]).await
}

on_both! {
    /// Signing out counts from the next request on, for the access token too.
    async fn signing_out_counts_at_once(app: TestApp) {
        let network = app.network().await;
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let (here, there) = (sign_in(&app, &worker).await, sign_in(&app, &worker).await);
        app.request(&here.actor(), Method::POST, "/api/v1/auth/sign-out", None, &[]).await.expect(204);
        assert_problem(&app.get(&here.actor(), "/api/v1/me").await, 401, "auth.sign_in_required");
        assert_problem(&renew(&app, &here.refresh).await, 401, "auth.sign_in_required");
        let again = app.request(&here.actor(), Method::POST, "/api/v1/auth/sign-out", None, &[]).await;
        assert_problem(&again, 401, "auth.sign_in_required");
        assert_eq!(me(&app, &there).await, 200);
    }

    /// A person sees the own sessions, the newest first, and which of them is this one.
    async fn own_sessions_are_listed(app: TestApp) {
        let network = app.network().await;
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let other = person(&app, "other", Role::Worker, network.id("c1t1v1")).await;
        sign_in(&app, &other).await;
        let old = sign_in(&app, &worker).await;
        app.edge.advance(60);
        let body = serde_json::json!({ "username": "worker", "password": PASSWORD });
        let new = Tokens::of(&try_from(&app, "203.0.113.9", &body).await);
        let list = sessions(&app, &old).await;
        assert_eq!(list.len(), 2, "{list:?}");
        assert_eq!((list[0]["current"].as_bool(), list[1]["current"].as_bool()), (Some(false), Some(true)));
        assert_eq!((list[0]["address"].as_str(), list[1]["address"].as_str()), (Some("203.0.113.9"), Some(HERE)));
        assert_eq!(list[0]["created_at"], app.edge.now().to_string());
        let mirrored = sessions(&app, &new).await;
        assert_eq!((&mirrored[0]["id"], &mirrored[1]["id"]), (&list[0]["id"], &list[1]["id"]));
        assert_eq!(mirrored[0]["current"], true);
        app.request(&new.actor(), Method::POST, "/api/v1/auth/sign-out", None, &[]).await.expect(204);
        assert_eq!(sessions(&app, &old).await.len(), 1, "an ended session is still listed");
    }

    /// A session that was left open elsewhere can be ended from here; nobody else's can, or be told from one that never
    /// was.
    async fn own_sessions_are_revoked_and_nobody_elses(app: TestApp) {
        let network = app.network().await;
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let admin = person(&app, "admin1", Role::Admin, network.id("b")).await;
        let (here, there, foreign) =
            (sign_in(&app, &worker).await, sign_in(&app, &worker).await, sign_in(&app, &admin).await);
        let id_of = async |tokens: &Tokens, current: bool| {
            let list = sessions(&app, tokens).await;
            let found = list.iter().find(|session| session["current"] == current).unwrap();
            found["id"].as_str().unwrap().to_owned()
        };
        let elsewhere = id_of(&here, false).await;
        // Not even an administrator ends a session that way: there are suspending and resetting for that.
        for tokens in [&foreign, &here] {
            let (asked, unknown) = (
                if tokens.access == here.access { id_of(&foreign, true).await } else { elsewhere.clone() },
                app.edge.new_id(),
            );
            let refused = revoke(&app, tokens, &asked).await;
            assert_problem(&refused, 404, "resource.not_found");
            let missing = revoke(&app, tokens, &unknown.to_string()).await;
            assert_eq!(without_request_id(&refused), without_request_id(&missing));
        }
        assert_eq!((me(&app, &there).await, me(&app, &foreign).await), (200, 200));
        revoke(&app, &here, &elsewhere).await.expect(204);
        assert_eq!((me(&app, &there).await, me(&app, &here).await), (401, 200));
        assert_problem(&renew(&app, &there.refresh).await, 401, "auth.sign_in_required");
        let own = id_of(&here, true).await;
        revoke(&app, &here, &own).await.expect(204);
        assert_eq!(me(&app, &here).await, 401);
        assert_problem(&revoke(&app, &foreign, "no-id").await, 400, "request.malformed");
    }

    /// A suspended account is out with its next request, and its password is answered like a wrong one.
    async fn a_suspended_account_is_out_at_once(app: TestApp) {
        let network = app.network().await;
        let admin = app.actor(&[(Role::Admin, network.id("b"))]);
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let tokens = sign_in(&app, &worker).await;
        let path = format!("/api/v1/accounts/{}", worker.id);
        let version = async || app.get(&admin, &path).await.expect(200).json()["version"].as_i64().unwrap();
        app.post_to(&admin, &format!("{path}/suspend"), version().await, None).await.expect(200);
        assert_problem(&app.get(&tokens.actor(), "/api/v1/me").await, 401, "auth.sign_in_required");
        assert_problem(&app.get(&tokens.actor(), "/api/v1/households").await, 401, "auth.sign_in_required");
        assert_problem(&renew(&app, &tokens.refresh).await, 401, "auth.sign_in_required");
        let refused = try_sign_in(&app, "worker", PASSWORD).await;
        let wrong = try_sign_in(&app, "nobody", PASSWORD).await;
        assert_problem(&refused, 401, "auth.wrong_credentials");
        assert_eq!(without_request_id(&refused), without_request_id(&wrong));
        let device = serde_json::json!({ "username": "worker", "password": PASSWORD, "device_token": tokens.device });
        assert_eq!(try_from(&app, HERE, &device).await.status, 401, "a device token opened a suspended account");

        app.post_to(&admin, &format!("{path}/activate"), version().await, None).await.expect(200);
        assert_eq!(
            (me(&app, &tokens).await, renew(&app, &tokens.refresh).await.status),
            (401, 401),
            "an ended session came back"
        );
        assert_eq!(me(&app, &sign_in(&app, &worker).await).await, 200);
    }

    /// The account shows when it was last used.
    async fn a_sign_in_is_noted_at_the_account(app: TestApp) {
        let network = app.network().await;
        let admin = app.actor(&[(Role::Admin, network.id("b"))]);
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let path = format!("/api/v1/accounts/{}", worker.id);
        assert_eq!(app.get(&admin, &path).await.json()["last_sign_in_at"], serde_json::Value::Null);
        app.edge.advance(5);
        try_sign_in(&app, "worker", "Wrong-guess-1").await.expect(401);
        assert_eq!(app.get(&admin, &path).await.json()["last_sign_in_at"], serde_json::Value::Null);
        sign_in(&app, &worker).await;
        assert_eq!(app.get(&admin, &path).await.json()["last_sign_in_at"], app.edge.now().to_string());
    }
}
