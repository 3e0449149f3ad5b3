//! What each change writes.

use std::collections::BTreeMap;

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::{
    api::endpoints,
    app::{points_import, setup},
    db::{accounts, service_points},
};

use super::{
    digests::{digest_by_hand, digest_of_row},
    world::{Expected, Kind, build, sign_in},
    *,
};
use crate::{
    on_both,
    support::{Actor, Reply},
};

/// Compares an event with what it must be; true when the digest was also computed by hand.
fn check(app: &TestApp, event: &Event, expected: &Expected, request_id: &str, answer: Option<&Value>) -> bool {
    assert_eq!(event.action, expected.action);
    assert_eq!(event.actor_kind, if expected.actor.is_some() { "account" } else { "nobody" });
    assert_eq!(event.actor_id, expected.actor);
    assert_eq!(event.object_type, expected.object_type);
    if let Some(id) = expected.object_id {
        assert_eq!(event.object_id, id);
    }
    assert_eq!(event.service_point_id, Some(expected.point));
    assert_eq!(event.reason.as_deref(), expected.reason);
    assert_eq!(event.at, app.edge.now());
    assert_eq!(event.request_id, request_id);
    assert_eq!(event.address.as_deref(), Some("192.0.2.1"));

    let mut conn = app.conn();
    if expected.kind == Kind::Session {
        assert_eq!((&event.before, &event.after, &event.content_hash), (&None, &None, &None));
        return false;
    }
    let hash = event.content_hash.as_deref().unwrap();
    assert_eq!(hash, digest_of_row(&mut conn, &event.object_type, event.object_id));
    let answer = answer.filter(|answer| answer["id"] == json!(event.object_id));
    if let Some(answer) = answer {
        assert_eq!(hash, digest_by_hand(&mut conn, &event.object_type, answer), "{answer}");
    }
    if expected.kind == Kind::Made {
        assert_eq!((&event.before, &event.after), (&None, &None));
        return answer.is_some();
    }
    let copy = |text: &Option<String>| serde_json::from_str::<Value>(text.as_deref().unwrap()).unwrap();
    let (before, after) = (copy(&event.before), copy(&event.after));
    for copy in [&before, &after] {
        assert_eq!(copy["id"], json!(event.object_id));
    }
    assert_eq!(after["version"].as_i64(), before["version"].as_i64().map(|version| version + 1));
    assert_eq!(after["updated_at"], json!(app.edge.now()));
    assert_ne!(before["updated_at"], after["updated_at"]);
    answer.is_some()
}

/// The item of an answer, if it has one.
fn item(reply: &Reply) -> Option<Value> {
    let body: Value = serde_json::from_slice(&reply.body).ok()?;
    let inner = body.get("account").cloned();
    Some(inner.unwrap_or(body)).filter(|item| item.get("id").is_some())
}

on_both! {
    /// Each change writes exactly its events: who, what, to what, where, why, when, in which request, from where, and the
    /// digest of what the row holds afterwards. No way to change something is left out of this test.
    async fn every_change_writes_exactly_its_events(app: TestApp) {
        let world = build(&app).await;
        let mut watch = Watch::begin(&app);
        let mut by_hand = BTreeSet::new();
        for (number, change) in world.changes.iter().enumerate() {
            app.edge.advance(1);
            let request_id = format!("change-{number}");
            let reply = change.send(&app, &request_id).await.expect(change.status);
            let news = watch.news();
            let actions = |events: &mut dyn Iterator<Item = String>| events.collect::<Vec<_>>();
            assert_eq!(
                actions(&mut news.iter().map(|event| event.action.clone())),
                actions(&mut change.events.iter().map(|event| event.action.to_owned())),
                "{} {}", change.method, change.route,
            );
            for (event, expected) in news.iter().zip(&change.events) {
                if check(&app, event, expected, &request_id, item(&reply).as_ref()) {
                    by_hand.insert(expected.object_type);
                }
            }
        }
        let types = [
"account", "assistance_record", "grant", "household", "household_member", "report", "report_waiver", "service_point", "transfer_request", "inspection", "inspection_finding", "inspection_item", "doubtful_explanation", "notice", "period_exception", "reporting_rule", "catalogue_item", "organisation", "store", "register_item", "ledger_entry",
        ];
        assert_eq!(by_hand, BTreeSet::from(types));
        let tested: BTreeSet<(String, &str)> =
            world.changes.iter().map(|change| (change.method.to_string(), change.route)).collect();
        let there: BTreeSet<(String, &str)> = endpoints()
            .iter()
            .filter(|endpoint| endpoint.method != Method::GET)
            .map(|endpoint| (endpoint.method.to_string(), endpoint.path))
            // Its second event comes in its own time: see `verifying`.
            .filter(|(_, path)| *path != "/api/v1/verifications")
            .collect();
        assert_eq!(tested, there);
    }

    /// An edit that shows what was before and after shows exactly the fields that changed as different.
    async fn copies_differ_in_what_was_changed(app: TestApp) {
        let world = build(&app).await;
        let mut watch = Watch::begin(&app);
        let changed = |action: &str| -> &'static [&'static str] {
            match action {
                "service_point.edit" => &["name", "longitude_e6"],
                "service_point.suspend" | "service_point.activate" | "account.suspend" | "account.activate" => &["status"],
                "service_point.close" => &["status", "closed_on"],
                "service_point.move" => &["parent_id"],
                // What an account lets edit is personal; see `kept`.
                "account.edit" => &[],
                "account.reset_password" | "account.change_password" => &["must_change_password"],
                "grant.revoke" | "period_exception.revoke" => &["revoked_at"],
                "household.edit" => &["risk_causes"],
                "household.change_type" => &["household_type", "monitoring_category"],
                "household.change_status" => &["status"],
                "household.transfer" => &["service_point_id"],
                // Who the head is follows from the members.
                "household.change_head" => &[],
                "household.erase" => &["address", "phone", "phone_tail", "external_number", "income", "erased_on"],
                "household_member.follow" => &["present"],
                "household_member.edit" => &["relation"],
                "household_member.leave" => &["present", "left_on", "leave_reason"],
                "household_member.erase" => &["name", "identity_number", "disability_certificate", "phone", "phone_tail"],
                "transfer_request.accept" => &["state", "effective_on", "answered_by", "answered_at"],
                "transfer_request.refuse" => &["state", "answer_reason", "answered_by", "answered_at"],
                "transfer_request.withdraw" => &["state", "answered_by", "answered_at"],
                "inspection.seed" => &["state", "seed", "seed_source", "seeded_at"],
                "inspection.draw" => &["state", "drawn_at"],
                "inspection.close" => &["state", "closed_at", "close_reason"],
                "inspection_item.check" => &["state", "found_amount_fen", "note", "checked_by", "checked_at"],
                "inspection_finding.accept" | "inspection_finding.dismiss" => {
                    &["state", "decision_reason", "decided_by", "decided_at"]
                }
                "assistance_record.correct" => &["quantity", "note"],
                "assistance_record.void" => &["state", "void_reason"],
                "assistance_record.erase" => &["note"],
                "report.submit" => &["state", "submission"],
                "report.withdraw" | "report.approve" | "report.return" | "report.reopen" => &["state"],
                "report_waiver.revoke" => &["revoked_at"],
                "partner.edit" => &["name", "mark"],
                "agreement.edit" | "campaign.edit" => &["ends_on"],
                "platform.edit" => &["kind"],
                "product.edit" => &["place_code", "mark"],
                "opening_balance.edit" => &["value"],
                "organisation.edit" => &["credit_code"],
                "store.edit" => &["link"],
                "sale.correct" => &["quantity", "amount_fen"],
                "livestream.correct" => &["viewers"],
                "training_session.correct" => &["minutes"],
                "attendance.correct" => &["quantity"],
                "sale.void" | "livestream.void" | "training_session.void" | "attendance.void" | "parcel.void" | "wage.void"
                | "benefit.void" | "payment.void" => &["state", "void_reason"],
                "policy_document.edit" | "coverage.edit" => &["ends_on"],
                "policy_document.file" => &["file_digest"],
                "project.edit" | "indicator.edit" => &["value"],
                "logistics_site.edit" | "membership.edit" | "benefit_link.edit" => &["kind"],
                "infrastructure.edit" => &["name"],
                "parcel.correct" => &["quantity"],
                "wage.correct" | "benefit.correct" | "payment.correct" => &["amount_fen"],
                other => panic!("nothing is known of {other}"),
            }
        };
        for change in &world.changes {
            app.edge.advance(1);
            change.send(&app, "change").await.expect(change.status);
            for event in watch.news() {
                let (Some(before), Some(after)) = (&event.before, &event.after) else { continue };
                let fields = |text: &str| serde_json::from_str::<BTreeMap<String, Value>>(text).unwrap();
                let (before, after) = (fields(before), fields(after));
                assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
                let mut different: BTreeSet<&str> =
                    before.keys().filter(|name| before[*name] != after[*name]).map(String::as_str).collect();
                different.remove("display_name");
                let mut expected: BTreeSet<&str> = changed(&event.action).iter().copied().collect();
                expected.extend(["version", "updated_at"]);
                assert_eq!(different, expected, "{}", event.action);
            }
        }
    }

    /// What the operator of the machine does on the command line is told as the operator's, with the command in place of
    /// a request.
    async fn commands_write_events_of_the_operator(app: TestApp) {
        let network = app.network().await;
        let imported = events(&mut app.conn());
        assert_eq!(imported.len(), network.names().len());
        app.edge.advance(1);
        let mut watch = Watch::begin(&app);

        let csv = "code,name,parent_code,tier\n999900000000,模拟新市,,bureau\n999901000000,模拟c1,999900000000,county\n\
                   999903000000,模拟新县,999900000000,county\n";
        points_import::import(&app.house.gate, csv.as_bytes(), true).await.unwrap();
        assert_eq!(watch.news(), [], "it was to be tried only");
        points_import::import(&app.house.gate, csv.as_bytes(), false).await.unwrap();
        let imported = watch.news();
        let opened = service_points::by_region_code(&mut app.conn(), "999903000000").unwrap().unwrap().id;
        setup::create_admin(&app.house.gate, "guanli", "模拟管理员").await.unwrap();
        let admin = accounts::by_username(&mut app.conn(), "guanli").unwrap().unwrap();
        let made = watch.news();

        let told = |events: &[Event]| -> Vec<(String, Id, Option<Id>, bool)> {
            events.iter().map(|e| (e.action.clone(), e.object_id, e.service_point_id, e.after.is_some())).collect()
        };
        let root = network.id("b");
        let expected = [(root, true), (opened, false)].map(|(id, is_change)| ("service_point.import".to_owned(), id, Some(id), is_change));
        assert_eq!(told(&imported), expected);
        assert_eq!(made.iter().map(|e| e.action.as_str()).collect::<Vec<_>>(), ["account.open", "grant.give"]);
        assert_eq!(told(&made)[0], ("account.open".to_owned(), admin.id, Some(root), false));
        assert_eq!(made[1].service_point_id, Some(root));
        for event in imported.iter().chain(&made) {
            assert_eq!((event.actor_kind.as_str(), event.actor_id, event.address.as_deref()), ("operator", None, None));
            let command = if event.action == "service_point.import" { "command:points import" } else { "command:admin create" };
            assert_eq!(event.request_id, command);
            let digest = digest_of_row(&mut app.conn(), &event.object_type, event.object_id);
            assert_eq!(event.content_hash.as_deref(), Some(&digest[..]));
        }
    }

    /// A refresh token that comes back after its successor has been used for a while is in two hands: the session is ended
    /// and told of, although the request is refused. Nobody acted: who sent it is not known.
    async fn a_reused_token_is_told_of(app: TestApp) {
        let world = build(&app).await;
        let mut watch = Watch::begin(&app);
        let change = world.changes.iter().find(|change| change.route == "/api/v1/auth/sign-in").unwrap();
        let tokens = change.send(&app, "in").await.expect(200).json();
        let account = watch.news()[0].object_id;
        let refresh = async |token: &Value, request_id: &str| {
            let body = json!({ "refresh_token": token });
            let headers = [("x-request-id", request_id)];
            app.request(&Actor::nobody(), Method::POST, "/api/v1/auth/refresh", Some(&body), &headers).await
        };
        app.edge.advance(30);
        let next = refresh(&tokens["refresh_token"], "renewed").await.expect(200).json();
        app.edge.advance(30);
        // The reply may have been lost: this is no theft yet.
        refresh(&tokens["refresh_token"], "again").await.expect(200);
        assert_eq!(watch.news(), []);
        app.edge.advance(600);
        refresh(&tokens["refresh_token"], "reused").await.expect(401);
        let news = watch.news();
        assert_eq!(news.len(), 1);
        let expected = Expected {
            action: "session.token_reused",
            kind: Kind::Session,
            actor: None,
            object_type: "account",
            object_id: Some(account),
            point: world.network.id("c1"),
            reason: None,
        };
        assert!(!check(&app, &news[0], &expected, "reused", None));
        refresh(&next["refresh_token"], "ended").await.expect(401);
        refresh(&tokens["refresh_token"], "ended").await.expect(401);
        assert_eq!(watch.news(), [], "a session ends once");
    }

    /// When its event cannot be written, a change does not happen, whatever else it would have written by then; when it
    /// can again, the same request goes through.
    async fn a_change_without_its_event_does_not_happen(app: TestApp) {
        let world = build(&app).await;
        let mut conn = app.conn();
        for change in &world.changes {
            app.edge.advance(1);
            // The last of several events: what came before it must go too.
            if let Some(last) = change.events.last() {
                let before = snapshot(&mut conn);
                refuse(&mut conn, last.action);
                let reply = change.send(&app, "refused").await;
                refuse_no_more(&mut conn);
                // A queue is told item by item; one that meets such trouble is to be sent again.
                let failed = match change.route {
                    "/api/v1/batches" => reply.json()["items"][0]["problem"]["code"] == "server.failed",
                    _ => reply.status == 500,
                };
                assert!(failed, "{} {}", change.route, reply.text());
                assert!(!reply.text().contains("refused on purpose"), "the cause is not the caller's business");
                assert_eq!(snapshot(&mut conn), before, "{} {}", change.method, change.route);
            }
            change.send(&app, "accepted").await.expect(change.status);
        }
        sign_in(&app, "lai.ren", "wrong").await.expect(401);
    }

    /// The same for a reused token, whose event tells of an end that must then not have happened, and for an import.
    async fn an_end_or_an_import_without_its_event_does_not_happen(app: TestApp) {
        let world = build(&app).await;
        let mut conn = app.conn();
        let change = world.changes.iter().find(|change| change.route == "/api/v1/auth/refresh").unwrap();
        change.send(&app, "first").await.expect(200);
        app.edge.advance(600);
        let before = snapshot(&mut conn);
        refuse(&mut conn, "session.token_reused");
        change.send(&app, "reused").await.expect(500);
        refuse_no_more(&mut conn);
        assert_eq!(snapshot(&mut conn), before);
        change.send(&app, "reused").await.expect(401);
        assert_ne!(snapshot(&mut conn), before);

        let csv = "code,name,parent_code,tier\n999900000000,模拟新市,,bureau\n999903000000,模拟新县,999900000000,county\n";
        let before = snapshot(&mut conn);
        refuse(&mut conn, "service_point.import");
        points_import::import(&app.house.gate, csv.as_bytes(), false).await.unwrap_err();
        refuse_no_more(&mut conn);
        assert_eq!(snapshot(&mut conn), before);
        points_import::import(&app.house.gate, csv.as_bytes(), false).await.unwrap();
    }
}
