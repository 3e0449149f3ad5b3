//! What must never be written down: passwords and tokens, in any table, in any answer.

use actix_web::http::Method;
use serde_json::json;
use terrace::{app::setup::create_admin, domain::digest::hex};

use super::{HERE, Tokens, change, renew, try_from, try_sign_in};
use crate::{http::dump::dump, on_both};

const ADMIN_PASSWORD: &str = "korn blau 77 Wiese";
const WORKER_PASSWORD: &str = "Drei-Ziegen-41-im-Hof";
const WRONG: &str = "Falsch-Geraten-93";
const IN_THE_WRONG_BOX: &str = "Ins-Falsche-Beet-58";
const REFUSED: &str = "zukurz-5A";
const PHONE: &str = "13987654321";

on_both! {
    /// Every way in which a secret passes through the server is taken once; then the whole database is searched for it,
    /// in letters and in bytes, and so is every answer that shows accounts or sessions.
    async fn no_table_and_no_answer_holds_a_secret(app: TestApp) {
        let mut secrets: Vec<String> =
            [ADMIN_PASSWORD, WORKER_PASSWORD, WRONG, IN_THE_WRONG_BOX, REFUSED, PHONE].map(str::to_owned).to_vec();
        let mut keep = |tokens: &Tokens| {
            secrets.extend([tokens.access.clone(), tokens.refresh.clone()]);
            secrets.extend(tokens.access.split('.').skip(1).map(str::to_owned));
            secrets.extend(tokens.device.clone());
        };

        let first = create_admin(&app.house.gate, "li.fang", "李芳").await.unwrap();
        try_sign_in(&app, "li.fang", WRONG).await.expect(401);
        try_sign_in(&app, IN_THE_WRONG_BOX, "li.fang").await.expect(401);
        app.edge.advance(1);
        let tokens = Tokens::of(&try_sign_in(&app, "li.fang", &first.first_password).await);
        keep(&tokens);
        change(&app, &tokens.actor(), &first.first_password, REFUSED).await.expect(422);
        change(&app, &tokens.actor(), WRONG, ADMIN_PASSWORD).await.expect(422);
        change(&app, &tokens.actor(), &first.first_password, ADMIN_PASSWORD).await.expect(204);
        let tokens = Tokens::of(&renew(&app, &tokens.refresh).await);
        keep(&tokens);
        let admin = tokens.actor();
        let body = json!({ "username": "li.fang", "password": ADMIN_PASSWORD, "device_token": tokens.device });
        keep(&Tokens::of(&try_from(&app, HERE, &body).await));
        try_sign_in(&app, "li.fang", WRONG).await.expect(401);

        let bureau = app.get(&admin, "/api/v1/service-points").await.expect(200).json()["items"][0]["id"].clone();
        let grant = json!({ "role": "worker", "service_point_id": bureau });
        let body = json!({ "username": "worker", "display_name": "模拟", "phone": PHONE, "grant": grant });
        let opened = app.post(&admin, "/api/v1/accounts", &body).await.expect(201).json();
        let account = opened["account"]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/accounts/{account}");
        app.patch(&admin, &path, 1, &json!({ "display_name": "模拟人员" })).await.expect(200);
        app.edge.advance(1);
        let reset = app.post_to(&admin, &format!("{path}/reset-password"), 2, None).await.expect(200).json();
        let shown = |body: &serde_json::Value| body["first_password"].as_str().unwrap().to_owned();
        let worker = Tokens::of(&try_sign_in(&app, "worker", &shown(&reset)).await);
        keep(&worker);
        app.edge.advance(1);
        change(&app, &worker.actor(), &shown(&reset), WORKER_PASSWORD).await.expect(204);
        let answers = [
            app.get(&admin, "/api/v1/accounts").await.expect(200),
            app.get(&admin, &path).await.expect(200),
            app.get(&worker.actor(), "/api/v1/me").await.expect(200),
            app.get(&worker.actor(), "/api/v1/auth/sessions").await.expect(200),
            app.get(&admin, &format!("/api/v1/grants?account_id={account}")).await.expect(200),
        ];
        app.request(&worker.actor(), Method::POST, "/api/v1/auth/sign-out", None, &[]).await.expect(204);
        secrets.extend([first.first_password, shown(&opened), shown(&reset)]);

        let written: Vec<(String, String)> = dump(&app)
            .into_iter()
            .flat_map(|(table, rows)| rows.into_iter().map(move |row| (table.clone(), row)))
            .chain(answers.iter().map(|answer| ("an answer".to_owned(), answer.text())))
            .collect();
        assert!(
            written.iter().any(|(table, row)| table == "audit_events" && row.contains("account")),
            "nothing is searched"
        );
        assert!(written.iter().any(|(_, row)| row.contains("li.fang")), "the dump does not show what is there");
        for (place, row) in &written {
            for secret in &secrets {
                assert!(!row.to_lowercase().contains(&secret.to_lowercase()), "{secret} is in {place}: {row}");
                assert!(
                    !row.to_lowercase().contains(&hex(secret.as_bytes())),
                    "{secret} is in {place} as bytes: {row}"
                );
            }
        }
        for (place, row) in written.iter().filter(|(place, _)| place == "audit_events" || place == "an answer") {
            assert!(!row.contains("$argon2"), "{place} holds a hash: {row}");
        }
        for (_, row) in written.iter().filter(|(place, _)| place == "accounts" || place == "past_passwords") {
            assert!(row.contains("$argon2id$"), "not argon2id: {row}");
        }
        let hashes: std::collections::BTreeSet<&str> = written
            .iter()
            .filter(|(place, _)| place == "accounts")
            .filter_map(|(_, row)| row.split("$argon2id$").nth(1))
            .collect();
        assert_eq!(hashes.len(), 2, "{hashes:?}");
    }
}
