//! Renewing tokens: each refresh token is used once, a lost answer may be asked for again, and a stolen token shows.

use serde_json::json;
use terrace::domain::codes::Role;

use super::{Tokens, me, person, renew, sign_in};
use crate::{
    http::{assert_problem, raw},
    on_both,
    support::{Actor, TestApp},
};

/// Fails unless nothing of the session is good for anything.
async fn assert_revoked(app: &TestApp, all: &[&Tokens]) {
    for tokens in all {
        assert_problem(&app.get(&tokens.actor(), "/api/v1/me").await, 401, "auth.sign_in_required");
        assert_problem(&renew(app, &tokens.refresh).await, 401, "auth.sign_in_required");
    }
}

on_both! {
    /// A renewal gives new tokens; asked again within a minute, it gives the same refresh token, because the first answer
    /// may have been lost on a village's line.
    async fn a_lost_answer_may_be_asked_for_again_within_a_minute(app: TestApp) {
        let network = app.network().await;
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let first = sign_in(&app, &worker).await;
        let second = Tokens::of(&renew(&app, &first.refresh).await);
        assert_ne!(second.refresh, first.refresh);
        for seconds in [0, 30, 29] {
            app.edge.advance(seconds);
            let again = Tokens::of(&renew(&app, &first.refresh).await);
            assert_eq!(again.refresh, second.refresh);
            assert_eq!(me(&app, &again).await, 200);
        }
        assert_eq!(me(&app, &second).await, 200);
        let third = Tokens::of(&renew(&app, &second.refresh).await);
        assert_ne!(third.refresh, second.refresh);
        assert_eq!(me(&app, &third).await, 200);
    }

    /// After the minute the replaced token has been copied by somebody: the session ends for both of them.
    async fn a_replaced_token_after_a_minute_ends_the_session(app: TestApp) {
        let network = app.network().await;
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let (first, elsewhere) = (sign_in(&app, &worker).await, sign_in(&app, &worker).await);
        let second = Tokens::of(&renew(&app, &first.refresh).await);
        app.edge.advance(61);
        assert_problem(&renew(&app, &first.refresh).await, 401, "auth.sign_in_required");
        assert_revoked(&app, &[&first, &second]).await;
        assert_eq!(me(&app, &elsewhere).await, 200, "another session of the account was ended");
    }

    /// A token older than the one just replaced cannot come from a lost answer, however young it is.
    async fn a_token_before_the_replaced_one_ends_the_session(app: TestApp) {
        let network = app.network().await;
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let first = sign_in(&app, &worker).await;
        let second = Tokens::of(&renew(&app, &first.refresh).await);
        let third = Tokens::of(&renew(&app, &second.refresh).await);
        app.edge.advance(1);
        assert_eq!(me(&app, &third).await, 200);
        assert_problem(&renew(&app, &first.refresh).await, 401, "auth.sign_in_required");
        assert_revoked(&app, &[&first, &second, &third]).await;
    }

    /// Two windows that renew at the same moment get the same successor and both stay signed in.
    async fn simultaneous_renewals_give_one_successor(app: TestApp) {
        let network = app.network().await;
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let first = sign_in(&app, &worker).await;
        let replies = futures_util::future::join_all((0..8).map(|_| renew(&app, &first.refresh))).await;
        let all: Vec<Tokens> = replies.iter().map(Tokens::of).collect();
        for tokens in &all {
            assert_eq!(tokens.refresh, all[0].refresh);
            assert_eq!(me(&app, tokens).await, 200);
        }
        Tokens::of(&renew(&app, &all[0].refresh).await);
    }

    /// A session that is not used for half an hour ends; one that is used does not.
    async fn an_idle_session_ends_after_half_an_hour(app: TestApp) {
        let network = app.network().await;
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let mut tokens = sign_in(&app, &worker).await;
        for _ in 0..3 {
            app.edge.advance(30 * 60 - 1);
            tokens = Tokens::of(&renew(&app, &tokens.refresh).await);
        }
        app.edge.advance(30 * 60 + 1);
        assert_revoked(&app, &[&tokens]).await;
    }

    /// However busy, a session ends twelve hours after the sign-in, and its youngest access token with it.
    async fn a_session_ends_after_twelve_hours_in_any_case(app: TestApp) {
        let network = app.network().await;
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let mut tokens = sign_in(&app, &worker).await;
        for _ in 0..24 {
            app.edge.advance(29 * 60);
            tokens = Tokens::of(&renew(&app, &tokens.refresh).await);
        }
        app.edge.advance(12 * 3600 - 24 * 29 * 60 - 1);
        tokens = Tokens::of(&renew(&app, &tokens.refresh).await);
        assert_eq!(me(&app, &tokens).await, 200);
        app.edge.advance(2);
        assert_revoked(&app, &[&tokens]).await;
    }

    /// What is no refresh token is refused like one that has ended.
    async fn what_is_no_refresh_token_is_refused(app: TestApp) {
        let network = app.network().await;
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let tokens = sign_in(&app, &worker).await;
        let device = tokens.device.clone().unwrap();
        let changed = format!("{}x", tokens.refresh);
        let long = "a".repeat(10_000);
        for wrong in [
            "",
            "garbage",
            &tokens.access,
            &device,
            &changed,
            &tokens.refresh[1..],
            &tokens.refresh.to_uppercase(),
            &long,
        ] {
            let reply = renew(&app, wrong).await;
            assert_problem(&reply, 401, "auth.sign_in_required");
        }
        // Left out, it is the one in the cookie, and there is none.
        for (status, code, body) in [
            (401, "auth.sign_in_required", json!({})),
            (401, "auth.sign_in_required", json!({ "refresh_token": null })),
            (400, "request.malformed", json!({ "refresh_token": 7 })),
        ] {
            let headers = [("content-type", "application/json")];
            let reply = raw(
                &app,
                &Actor::nobody(),
                &actix_web::http::Method::POST,
                "/api/v1/auth/refresh",
                &headers,
                body.to_string(),
            )
            .await;
            assert_problem(&reply, status, code);
        }
        // None of that was a use of the good one.
        Tokens::of(&renew(&app, &tokens.refresh).await);
    }
}
