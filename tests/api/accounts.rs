//! Accounts and grants: what may be written of them, and what is hidden.

use diesel::{QueryDsl as _, RunQueryDsl as _};
use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use crate::on_both;

const ACCOUNTS: &str = "/api/v1/accounts";
const GRANTS: &str = "/api/v1/grants";

diesel::table! {
    accounts (username) {
        username -> Text,
        phone -> Nullable<Binary>,
    }
}

fn account(username: &str, point: Id) -> Value {
    json!({ "username": username, "display_name": "模拟人员", "grant": { "role": "worker", "service_point_id": point } })
}

on_both! {
    /// A user name is compared without regard to case, and must be one.
    async fn a_user_name_is_one_and_only_one(app: TestApp) {
        let network = app.network().await;
        let admin = app.actor(&[(Role::Admin, network.id("b"))]);
        let point = network.id("c1t1v1");
        let opened = app.post(&admin, ACCOUNTS, &account(" Li.Moni ", point)).await.expect(201).json();
        assert_eq!(opened["account"]["username"], "li.moni");
        assert_eq!(app.post(&admin, ACCOUNTS, &account("LI.MONI", point)).await.expect(409).code(), "account.username_taken");
        for bad in ["ab", "1abc", "李模拟", "a b c", &"a".repeat(33)] {
            let reply = app.post(&admin, ACCOUNTS, &account(bad, point)).await.expect(422);
            assert_eq!(reply.faults(), [("/username".to_owned(), "username".to_owned())], "{bad}");
        }
    }

    /// A telephone number is shown with its middle hidden and lies sealed in the database.
    async fn a_telephone_number_is_masked_and_sealed(app: TestApp) {
        let network = app.network().await;
        let admin = app.actor(&[(Role::Admin, network.id("b"))]);
        let mut body = account("li.moni", network.id("c1t1v1"));
        body["phone"] = json!("13800001234");
        let opened = app.post(&admin, ACCOUNTS, &body).await.expect(201);
        assert_eq!(opened.json()["account"]["phone_masked"], "138****1234");
        assert!(!opened.text().contains("13800001234"));
        let sealed: Option<Vec<u8>> = accounts::table.find("li.moni").select(accounts::phone).first(&mut app.conn()).unwrap();
        assert!(!sealed.unwrap().windows(4).any(|part| part == b"1234"), "the number lies in clear");
    }

    /// An account is edited, suspended and activated by version, and its holder is out at once.
    async fn an_account_is_suspended_and_activated(app: TestApp) {
        let network = app.network().await;
        let admin = app.actor(&[(Role::Admin, network.id("b"))]);
        let worker = app.actor(&[(Role::Worker, network.id("c1t1v1"))]);
        let path = format!("{ACCOUNTS}/{}", worker.account.unwrap());
        let edited = app.patch(&admin, &path, 1, &json!({ "display_name": "模拟新名" })).await.expect(200).json();
        assert_eq!((&edited["display_name"], &edited["version"]), (&json!("模拟新名"), &json!(2)));
        app.post_to(&admin, &format!("{path}/suspend"), 2, None).await.expect(200);
        app.get(&worker, "/api/v1/me").await.expect(401);
        assert_eq!(app.post_to(&admin, &format!("{path}/suspend"), 3, None).await.expect(409).code(), "resource.already_so");
        app.post_to(&admin, &format!("{path}/activate"), 3, None).await.expect(200);
        // The sessions that were ended stay so.
        app.get(&worker, "/api/v1/me").await.expect(401);
    }

    /// A grant has days that make sense and is taken back once.
    async fn a_grant_has_days_and_an_end(app: TestApp) {
        let network = app.network().await;
        let admin = app.actor(&[(Role::Admin, network.id("b"))]);
        let worker = app.actor(&[(Role::Worker, network.id("c1t1v1"))]);
        let give = |from: &str, to: &str| {
            json!({ "account_id": worker.account.unwrap(), "role": "worker", "service_point_id": network.id("c2t1v1"), "valid_from": from, "valid_to": to })
        };
        let backwards = app.post(&admin, GRANTS, &give("2026-12-02", "2026-12-01")).await.expect(422);
        assert_eq!(backwards.faults(), [("/valid_to".to_owned(), "before_valid_from".to_owned())]);
        let over = app.post(&admin, GRANTS, &give("2026-11-01", "2026-11-23")).await.expect(422);
        assert_eq!(over.faults(), [("/valid_to".to_owned(), "in_past".to_owned())]);
        let grant = app.post(&admin, GRANTS, &give("2026-11-24", "2026-11-24")).await.expect(201).id();
        app.get(&worker, &format!("/api/v1/service-points/{}", network.id("c2t1v1"))).await.expect(200);
        let path = format!("{GRANTS}/{grant}/revoke");
        app.post_to(&admin, &path, 1, None).await.expect(200);
        app.get(&worker, &format!("/api/v1/service-points/{}", network.id("c2t1v1"))).await.expect(404);
        assert_eq!(app.post_to(&admin, &path, 2, None).await.expect(409).code(), "grant.revoked");
        let all = app.all_pages(&admin, &format!("{GRANTS}?account_id={}", worker.account.unwrap()), 1).await;
        assert_eq!(all.len(), 2);
    }
}
