//! Guessing: slowed down by name and by address, without locking anybody out who has been here before.

use actix_web::test::TestRequest;
use serde_json::json;
use terrace::domain::codes::Role;

use super::{HERE, PASSWORD, SIGN_IN, Tokens, change, person, sign_in, try_from, try_sign_in};
use crate::{
    http::{assert_problem, without_request_id},
    on_both,
    support::{Reply, TestApp},
};

/// Seconds that the answer tells to wait.
#[track_caller]
fn wait(reply: &Reply) -> i64 {
    assert_problem(reply, 429, "request.too_many");
    let seconds = reply.header("retry-after").unwrap().parse().unwrap();
    assert!(reply.json()["detail"].as_str().unwrap().contains(&format!("{seconds}")), "{}", reply.text());
    seconds
}

async fn fail(app: &TestApp, username: &str, times: usize) {
    for _ in 0..times {
        assert_problem(&try_sign_in(app, username, "Wrong-guess-1").await, 401, "auth.wrong_credentials");
    }
}

on_both! {
    /// The answer never says whether the name exists.
    async fn a_wrong_password_and_an_unknown_name_are_answered_alike(app: TestApp) {
        let network = app.network().await;
        let known = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let wrong = try_sign_in(&app, &known.username, "Wrong-guess-1").await;
        assert_problem(&wrong, 401, "auth.wrong_credentials");
        for name in ["nobody", "", " ", "'; --", "worker\u{200b}", &"a".repeat(300), "工作人员"] {
            let unknown = try_sign_in(&app, name, "Wrong-guess-1").await;
            assert_eq!(unknown.status, 401, "{name}: {}", unknown.text());
            assert_eq!(without_request_id(&unknown), without_request_id(&wrong), "{name}");
            let names = |reply: &Reply| {
                let mut names: Vec<String> = reply.headers.keys().map(ToString::to_string).collect();
                names.sort();
                names
            };
            assert_eq!(names(&unknown), names(&wrong), "{name}");
        }
        // The name is trimmed and its case ignored, as at the opening of an account.
        assert_eq!(try_sign_in(&app, " WORKER ", PASSWORD).await.status, 200);
    }

    /// After five failures of a name the next tries wait 1, 2, 4 … at most 900 seconds, whether the name exists or not.
    async fn delays_of_a_name_double_to_a_quarter_of_an_hour(app: TestApp) {
        let network = app.network().await;
        person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        for name in ["worker", "nobody"] {
            fail(&app, name, 5).await;
            for delay in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
                assert_eq!(wait(&try_sign_in(&app, name, "Wrong-guess-1").await), delay, "{name}");
                // Not even the right password is looked at, and asking in vain makes nothing longer.
                assert_eq!(wait(&try_sign_in(&app, name, PASSWORD).await), delay, "{name}");
                app.edge.advance(delay - 1);
                assert_eq!(wait(&try_sign_in(&app, &name.to_uppercase(), PASSWORD).await), 1, "{name} after {delay}");
                app.edge.advance(1);
                fail(&app, name, 1).await;
            }
            app.edge.advance(900);
        }
    }

    /// The right password after the delay begins anew; other names were never held up.
    async fn the_right_password_resets_the_count(app: TestApp) {
        let network = app.network().await;
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let other = person(&app, "other", Role::Worker, network.id("c1t1v1")).await;
        fail(&app, "worker", 4).await;
        sign_in(&app, &worker).await;
        fail(&app, "worker", 5).await;
        assert_eq!(wait(&try_sign_in(&app, "worker", PASSWORD).await), 1);
        sign_in(&app, &other).await;
        app.edge.advance(1);
        fail(&app, "worker", 1).await;
        app.edge.advance(2);
        sign_in(&app, &worker).await;
        fail(&app, "worker", 5).await;
        assert_eq!(wait(&try_sign_in(&app, "worker", PASSWORD).await), 1);
    }

    /// Nobody can lock the administrator out by guessing: a device that signed in before is not held up.
    async fn a_known_device_is_not_held_up(app: TestApp) {
        let network = app.network().await;
        let admin = person(&app, "admin1", Role::Admin, network.id("b")).await;
        let other = person(&app, "other", Role::Worker, network.id("c1t1v1")).await;
        let device = sign_in(&app, &admin).await.device.expect("a sign-in hands out a device token");
        let foreign = sign_in(&app, &other).await.device.unwrap();
        fail(&app, "admin1", 5).await;
        let with = |device: &str| json!({ "username": "admin1", "password": PASSWORD, "device_token": device });
        let broken = format!("{}A", &device[..device.len() - 1]);
        for wrong in [foreign.as_str(), "", "garbage", &device[1..], &broken] {
            if wrong != device {
                assert_eq!(
                    wait(&try_from(&app, HERE, &with(wrong)).await),
                    1,
                    "{wrong} was taken for the device's token"
                );
            }
        }
        Tokens::of(&try_from(&app, HERE, &with(&device)).await);
        // It is no password, and a new password makes it worthless: the device may be why there is one.
        let guess = json!({ "username": "admin1", "password": "Wrong-guess-1", "device_token": device });
        assert_eq!(try_from(&app, HERE, &guess).await.status, 401);
        let tokens = Tokens::of(&try_from(&app, HERE, &with(&device)).await);
        app.edge.advance(1);
        change(&app, &tokens.actor(), PASSWORD, "korn blau 77 Wiese").await.expect(204);
        fail(&app, "admin1", 5).await;
        let later = json!({ "username": "admin1", "password": "korn blau 77 Wiese", "device_token": device });
        assert_eq!(wait(&try_from(&app, HERE, &later).await), 1);
    }

    /// Sixty failures from one address in a quarter of an hour, whatever the names and whatever the headers say; then
    /// nobody signs in from there until the window is over, and everybody from elsewhere.
    async fn an_address_has_sixty_failures_in_a_quarter_of_an_hour(app: TestApp) {
        let network = app.network().await;
        let worker = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let guesser = "198.51.100.7";
        let own = json!({ "username": worker.username, "password": PASSWORD });
        for n in 0..60 {
            let body = json!({ "username": format!("guess{n}"), "password": "Wrong-guess-1" });
            let forwarded = format!("203.0.113.{n}");
            let request = TestRequest::post().uri(SIGN_IN).set_json(&body);
            let request = request.insert_header(("x-forwarded-for", forwarded.as_str()));
            let reply = app.send(request.peer_addr(format!("{guesser}:{}", 2000 + n).parse().unwrap())).await;
            assert_eq!(reply.status, 401, "{n}: {}", reply.text());
            if n == 30 {
                app.edge.advance(60);
                // Others who sign in from there do not use the failures up.
                Tokens::of(&try_from(&app, guesser, &own).await);
            }
        }
        for body in
            [&own, &json!({ "username": "guess0", "password": "x" }), &json!({ "username": "new", "password": "x" })]
        {
            let seconds = wait(&try_from(&app, guesser, body).await);
            assert!((1..=900).contains(&seconds), "{seconds}");
        }
        Tokens::of(&try_from(&app, "198.51.100.8", &own).await);
        app.edge.advance(901);
        Tokens::of(&try_from(&app, guesser, &own).await);
    }
}
