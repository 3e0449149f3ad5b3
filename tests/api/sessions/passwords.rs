//! The rules for a password that a person chooses.

use terrace::domain::codes::Role;

use super::{PASSWORD, change, me, person, renew, sign_in, try_sign_in};
use crate::{
    http::{assert_problem, dump::dump},
    on_both,
    support::Actor,
};

on_both! {
    /// Each rule has a code of its own, all broken ones are told at once, and a refused change changes nothing.
    async fn each_broken_rule_is_told(app: TestApp) {
        let network = app.network().await;
        let person = person(&app, "wangxiaoming", Role::Worker, network.id("c1t1v1")).await;
        let actor = sign_in(&app, &person).await.actor();
        let before = dump(&app);
        for (password, broken) in [
            ("aB3-xkqvt", &["too_short"][..]),
            ("山B3a田水木火土", &["too_short"]),
            ("kqvtzmwpxbf7", &["too_few_classes"]),
            ("Password2024!", &["common"]),
            ("Qwer1234!@#$", &["common"]),
            ("x9-WangXiaoMing-q7", &["contains_username"]),
            (&format!("{}z", "xY4-".repeat(32)), &["too_long"]),
            ("", &["too_few_classes", "too_short"]),
            ("abc", &["too_few_classes", "too_short"]),
        ] {
            let reply = change(&app, &actor, PASSWORD, password).await;
            assert_problem(&reply, 422, "request.invalid");
            let mut faults = reply.faults();
            faults.sort();
            let expected: Vec<_> = broken.iter().map(|code| ("/new_password".to_owned(), (*code).to_owned())).collect();
            for fault in &expected {
                assert!(faults.contains(fault), "{password:?} misses {fault:?}: {faults:?}");
            }
            let known_too = |(_, code): &(String, String)| code == "common" && password.len() < 4;
            assert!(
                faults.iter().all(|fault| expected.contains(fault) || known_too(fault)),
                "{password:?}: {faults:?}"
            );
            assert!(!reply.text().contains(password) || password.len() < 4, "the answer repeats the password");
        }
        assert!(dump(&app) == before, "a refused change of the password wrote something");
        assert_eq!(try_sign_in(&app, &person.username, PASSWORD).await.status, 200);
    }

    /// Whoever finds an open session cannot take the account over: the present password is asked again.
    async fn the_present_password_is_asked(app: TestApp) {
        let network = app.network().await;
        let person = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let actor = sign_in(&app, &person).await.actor();
        let reply = change(&app, &actor, "Xj7-cloud-barn", "korn blau 77 Wiese").await;
        assert_problem(&reply, 422, "request.invalid");
        assert_eq!(reply.faults(), [("/current_password".to_owned(), "wrong_password".to_owned())]);
        assert_eq!(try_sign_in(&app, "worker", "korn blau 77 Wiese").await.status, 401);
        assert_eq!(try_sign_in(&app, "worker", PASSWORD).await.status, 200);
        assert_problem(
            &change(&app, &Actor::nobody(), PASSWORD, "korn blau 77 Wiese").await,
            401,
            "auth.sign_in_required",
        );
    }

    /// The last five passwords are not used again; an older one may be.
    async fn the_last_five_are_not_used_again(app: TestApp) {
        let network = app.network().await;
        let person = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let actor = sign_in(&app, &person).await.actor();
        let passwords: Vec<String> = (1..=7).map(|n| format!("korn blau {n} Wiese")).collect();
        let mut current = PASSWORD;
        for next in &passwords {
            app.edge.advance(1);
            change(&app, &actor, current, next).await.expect(204);
            current = next;
        }
        for lately in &passwords[2..] {
            let reply = change(&app, &actor, current, lately).await;
            assert_problem(&reply, 422, "request.invalid");
            assert_eq!(reply.faults(), [("/new_password".to_owned(), "used_lately".to_owned())], "{lately}");
        }
        // Passwords are kept by the instant of their change, and this clock stands still.
        app.edge.advance(1);
        change(&app, &actor, current, &passwords[0]).await.expect(204);
    }

    /// Whoever holds a stolen access token is no better off at guessing: wrong present passwords hold the session up like
    /// failed sign-ins, and only the session, so that guessing keeps nobody from a sign-in.
    async fn guessing_at_the_present_password_is_held_up(app: TestApp) {
        let network = app.network().await;
        let person = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let (stolen, own) = (sign_in(&app, &person).await.actor(), sign_in(&app, &person).await.actor());
        for n in 0..5 {
            let reply = change(&app, &stolen, &format!("Wrong-guess-{n}"), "korn blau 77 Wiese").await;
            assert_problem(&reply, 422, "request.invalid");
        }
        for delay in [1, 2, 4] {
            let reply = change(&app, &stolen, PASSWORD, "korn blau 77 Wiese").await;
            assert_problem(&reply, 429, "request.too_many");
            assert_eq!(reply.header("retry-after"), Some(delay.to_string().as_str()));
            app.edge.advance(delay);
            assert_eq!(change(&app, &stolen, "Wrong-guess-9", "korn blau 77 Wiese").await.status, 422);
        }
        assert_eq!(try_sign_in(&app, "worker", PASSWORD).await.status, 200);
        change(&app, &own, PASSWORD, "korn blau 77 Wiese").await.expect(204);
    }

    /// A change of the password ends every other session: one of them may be why it was changed.
    async fn a_change_ends_the_other_sessions(app: TestApp) {
        let network = app.network().await;
        let own = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let other = person(&app, "other", Role::Worker, network.id("c1t1v1")).await;
        let (here, there, others) = (sign_in(&app, &own).await, sign_in(&app, &own).await, sign_in(&app, &other).await);
        change(&app, &here.actor(), PASSWORD, "korn blau 77 Wiese").await.expect(204);
        assert_eq!(me(&app, &there).await, 401);
        assert_problem(&renew(&app, &there.refresh).await, 401, "auth.sign_in_required");
        assert_eq!(me(&app, &here).await, 200);
        assert_eq!(renew(&app, &here.refresh).await.status, 200);
        assert_eq!(me(&app, &others).await, 200);
        assert_eq!(try_sign_in(&app, "worker", PASSWORD).await.status, 401);
        assert_eq!(try_sign_in(&app, "worker", "korn blau 77 Wiese").await.status, 200);
    }

    /// A password is taken as it is typed: no trimming, no folding of case.
    async fn a_password_is_taken_as_it_is_typed(app: TestApp) {
        let network = app.network().await;
        let person = person(&app, "worker", Role::Worker, network.id("c1t1v1")).await;
        let actor = sign_in(&app, &person).await.actor();
        change(&app, &actor, PASSWORD, "  korn blau 77 Wiese ").await.expect(204);
        for (typed, status) in
            [("korn blau 77 Wiese", 401), ("  KORN blau 77 Wiese ", 401), ("  korn blau 77 Wiese ", 200)]
        {
            assert_eq!(try_sign_in(&app, "worker", typed).await.status, status, "{typed:?}");
        }
    }
}
