//! The first administrator, and the one-time passwords that must be changed before anything else.

use actix_web::http::Method;
use serde_json::json;
use terrace::{
    api::endpoints,
    app::setup::create_admin,
    domain::{codes::Role, policy::Need},
};

use super::{PASSWORD, Tokens, change, me, person, renew, sign_in, try_sign_in};
use crate::{
    http::{
        assert_problem,
        dump::{count, dump},
    },
    on_both,
};

on_both! {
    /// Nobody can sign in to an empty system; a command makes the first administrator, whose password works once.
    async fn the_first_administrator_comes_from_a_command_and_changes_the_password_first(app: TestApp) {
        for (name, password) in [("admin", "admin"), ("root", "root"), ("administrator", "password"), ("admin", "")] {
            assert_ne!(try_sign_in(&app, name, password).await.status, 200, "{name} {password}");
        }
        assert_eq!(count(&app, "accounts"), 0);
        let first = create_admin(&app.house.gate, " Li.Fang ", "李芳").await.unwrap();
        assert_eq!(first.username.to_lowercase(), "li.fang");
        let reply = try_sign_in(&app, "LI.FANG", &first.first_password).await;
        assert_eq!(reply.json()["must_change_password"], true, "{}", reply.text());
        let tokens = Tokens::of(&reply);
        let own = app.get(&tokens.actor(), "/api/v1/me").await.expect(200).json();
        assert_eq!(own["account"]["must_change_password"], true);
        assert_eq!(own["grants"][0]["role"], "admin");

        let refused = app.get(&tokens.actor(), "/api/v1/service-points").await;
        assert_problem(&refused, 403, "auth.password_change_required");
        let reply = renew(&app, &tokens.refresh).await;
        assert_eq!(reply.json()["must_change_password"], true, "a renewal is no change: {}", reply.text());
        let tokens = Tokens::of(&reply);
        assert_problem(&app.get(&tokens.actor(), "/api/v1/accounts").await, 403, "auth.password_change_required");

        app.edge.advance(1);
        change(&app, &tokens.actor(), &first.first_password, PASSWORD).await.expect(204);
        app.get(&tokens.actor(), "/api/v1/service-points").await.expect(200);
        assert_eq!(try_sign_in(&app, "li.fang", &first.first_password).await.status, 401);
        let reply = try_sign_in(&app, "li.fang", PASSWORD).await.expect(200);
        assert_eq!(reply.json()["must_change_password"], false);
        app.get(&Tokens::of(&reply).actor(), "/api/v1/accounts").await.expect(200);
    }

    /// Until the password is changed, every endpoint that needs a permission refuses, and none of the own ones does.
    async fn a_first_password_opens_nothing_but_the_own(app: TestApp) {
        let first = create_admin(&app.house.gate, "li.fang", "李芳").await.unwrap();
        let tokens = Tokens::of(&try_sign_in(&app, "li.fang", &first.first_password).await);
        let before = dump(&app);
        let actor = tokens.actor();
        for endpoint in endpoints() {
            let path = endpoint.path.replace("{id}", "0193a000-0000-7000-8000-00000000abcd");
            let send = || app.request(&actor, endpoint.method.clone(), &path, None, &[]);
            match endpoint.need {
                Need::Grant(_) => assert_problem(&send().await, 403, "auth.password_change_required"),
                Need::Session if endpoint.method == Method::GET => drop(send().await.expect(200)),
                Need::Nothing | Need::Session => {}
            }
        }
        assert!(dump(&app) == before, "somebody with a first password wrote something");
        app.request(&tokens.actor(), Method::POST, "/api/v1/auth/sign-out", None, &[]).await.expect(204);
    }

    /// A password that was reset is a first password again: sessions end at once, and a change is due.
    async fn a_reset_signs_out_and_forces_a_change(app: TestApp) {
        let network = app.network().await;
        let admin = app.actor(&[(Role::Admin, network.id("b"))]);
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let (phone, desk) = (sign_in(&app, &worker).await, sign_in(&app, &worker).await);
        let path = format!("/api/v1/accounts/{}/reset-password", worker.id);
        let version =
            app.get(&admin, &format!("/api/v1/accounts/{}", worker.id)).await.expect(200).json()["version"].as_i64();
        let reset = app.post_to(&admin, &path, version.unwrap(), None).await.expect(200);
        let first = reset.json()["first_password"].as_str().unwrap().to_owned();
        assert_eq!(reset.json()["account"]["must_change_password"], true);
        for tokens in [&phone, &desk] {
            assert_eq!(me(&app, tokens).await, 401);
            assert_eq!(renew(&app, &tokens.refresh).await.status, 401);
        }
        assert_eq!(try_sign_in(&app, &worker.username, PASSWORD).await.status, 401);
        let reply = try_sign_in(&app, &worker.username, &first).await.expect(200);
        assert_eq!(reply.json()["must_change_password"], true);
        let tokens = Tokens::of(&reply);
        assert_problem(&app.get(&tokens.actor(), "/api/v1/households").await, 403, "auth.password_change_required");
        app.edge.advance(1);
        change(&app, &tokens.actor(), &first, "korn blau 77 Wiese").await.expect(204);
        app.get(&tokens.actor(), "/api/v1/households").await.expect(200);
    }

    /// The password that is shown with an account meets the rules itself and is another one each time.
    async fn one_time_passwords_are_strong_and_differ(app: TestApp) {
        let network = app.network().await;
        let admin = app.actor(&[(Role::Admin, network.id("b"))]);
        let mut seen = Vec::new();
        for name in ["first", "second"] {
            let grant = json!({ "role": "worker", "service_point_id": network.id("c1t1v1") });
            let body = json!({ "username": name, "display_name": "模拟人员", "grant": grant });
            let made = app.post(&admin, "/api/v1/accounts", &body).await.expect(201).json();
            let shown = made["first_password"].as_str().unwrap().to_owned();
            assert!(terrace::domain::password::weaknesses(&shown, name).is_empty(), "{shown}");
            seen.push(shown);
            app.edge.advance(1);
            let path = format!("/api/v1/accounts/{}/reset-password", made["account"]["id"].as_str().unwrap());
            let reset = app.post_to(&admin, &path, 1, None).await.expect(200).json();
            seen.push(reset["first_password"].as_str().unwrap().to_owned());
        }
        let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
        assert_eq!(distinct.len(), seen.len(), "a one-time password came twice");
    }
}
