//! Reading events: who sees which, by what they are narrowed, and what a timeline tells.

use serde_json::{Value, json};
use terrace::domain::{
    audit_chain::Head,
    codes::{AUDIT_ACTIONS, AUDIT_OBJECTS, Role},
};

use super::{world::build, *};
use crate::{
    on_both,
    support::{Actor, household},
};

async fn list(app: &TestApp, reader: &Actor, query: &str) -> Vec<Value> {
    app.all_pages(reader, &format!("/api/v1/audit-events?{query}"), 7).await
}

fn words(events: &[Value], field: &str) -> BTreeSet<String> {
    events.iter().map(|event| event[field].as_str().unwrap_or_default().to_owned()).collect()
}

on_both! {
    /// Every event there is, once, newest first; each of an action and an object that the code lists explain.
    async fn an_auditor_of_the_bureau_reads_everything(app: TestApp) {
        let world = build(&app).await;
        let auditor = app.actor(&[(Role::Auditor, world.network.id("b"))]);
        let told = list(&app, &auditor, "").await;
        let mut known: Vec<Id> = events(&mut app.conn()).iter().map(|event| event.id).collect();
        known.sort_unstable_by(|a, b| b.cmp(a));
        let ids: Vec<Id> = told.iter().map(|event| event["id"].as_str().unwrap().parse().unwrap()).collect();
        assert_eq!(ids, known);
        assert!(known.len() > 30);
        for (field, list) in [("action", AUDIT_ACTIONS), ("object_type", AUDIT_OBJECTS)] {
            for code in words(&told, field) {
                assert!(list.entries.iter().any(|entry| entry.code == code), "{code} is not in {}", list.code);
            }
        }
        let text = serde_json::to_string(&told).unwrap();
        assert!(!text.contains("模拟地址"), "an address is told");
    }

    async fn scope_and_role_decide_what_is_read(app: TestApp) {
        let world = build(&app).await;
        let at = |name: &str| world.network.id(name);
        let everything = list(&app, &app.actor(&[(Role::Auditor, at("b"))]), "").await;

        // The manager of a township: what happened at its points, and nothing else.
        let manager = app.actor(&[(Role::Manager, at("c1t1"))]);
        let points = app.all_pages(&manager, "/api/v1/service-points", 200).await;
        let inside = words(&points, "id");
        assert!(inside.contains(&at("c1t1v1").to_string()) && !inside.contains(&at("c1t2").to_string()));
        let seen = list(&app, &manager, "").await;
        let expected: Vec<&Value> =
            everything.iter().filter(|event| inside.contains(event["service_point_id"].as_str().unwrap())).collect();
        assert!(!expected.is_empty() && expected.len() < everything.len());
        assert_eq!(words(&seen, "id"), expected.iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect());

        // An administrator: sign-ins and accounts alone, wherever.
        let admin = app.actor(&[(Role::Admin, at("b"))]);
        let seen = list(&app, &admin, "").await;
        assert_eq!(words(&seen, "object_type"), ["account", "grant"].map(str::to_owned).into());
        let of_accounts = everything.iter().filter(|event| ["account", "grant"].contains(&event["object_type"].as_str().unwrap()));
        assert_eq!(seen.len(), of_accounts.count());
        // Both: each where it reaches.
        let both = app.actor(&[(Role::Admin, at("b")), (Role::Manager, at("c1t1"))]);
        let union: BTreeSet<String> =
            words(&seen, "id").union(&words(&list(&app, &manager, "").await, "id")).cloned().collect();
        assert_eq!(words(&list(&app, &both, "").await, "id"), union);

        for (role, status) in [(Role::Worker, 403), (Role::Reviewer, 403)] {
            app.get(&app.actor(&[(role, at("b"))]), "/api/v1/audit-events").await.expect(status);
        }
    }

    async fn lists_are_narrowed_by_point_actor_kind_time_and_object(app: TestApp) {
        let world = build(&app).await;
        let auditor = app.actor(&[(Role::Auditor, world.network.id("b"))]);
        let home = world.network.id("c1t2v2");
        let registered = app.post(&world.worker, "/api/v1/households", &household(home)).await.expect(201).id();
        let worker = world.worker.account.unwrap();
        let all = list(&app, &auditor, "").await;
        let count = |field: &str, value: &str| all.iter().filter(|event| event[field] == value).count();

        let of_actor = list(&app, &auditor, &format!("actor_id={worker}")).await;
        assert_eq!(of_actor.len(), count("actor_id", &worker.to_string()));
        assert!(of_actor.len() > 3 && of_actor.iter().all(|event| event["actor_username"].is_string()));
        let registrations = list(&app, &auditor, "action=household.register").await;
        assert_eq!(registrations.len(), count("action", "household.register"));
        let members = list(&app, &auditor, "object_type=household_member").await;
        assert_eq!(members.len(), count("object_type", "household_member"));
        let one = list(&app, &auditor, &format!("object_id={registered}")).await;
        assert_eq!((one.len(), &one[0]["action"]), (1, &json!("household.register")));
        let at_home = list(&app, &auditor, &format!("service_point_id={home}")).await;
        assert!(at_home.iter().all(|event| event["service_point_id"] == home.to_string()) && at_home.len() >= 2);

        let (today, yesterday) = (app.today(), app.today().minus_days(1));
        assert_eq!(list(&app, &auditor, &format!("from={yesterday}&to={yesterday}")).await, Vec::<Value>::new());
        assert_eq!(list(&app, &auditor, &format!("from={today}&to={today}")).await.len(), all.len());
        for (query, pointer, code) in [
            (format!("from={today}&to={yesterday}"), "to", "before_from"),
            ("from=2020-01-01&to=2026-01-01".to_owned(), "from", "window_too_wide"),
            ("action=household.shout".to_owned(), "action", "unknown_code"),
        ] {
            let reply = app.get(&auditor, &format!("/api/v1/audit-events?{query}")).await.expect(422);
            assert_eq!(reply.faults(), [(pointer.to_owned(), code.to_owned())], "{query}");
        }
    }

    /// A timeline tells what became of one thing, with what was there before and after, and why it was looked at.
    async fn a_household_s_life_is_told(app: TestApp) {
        let network = app.network().await;
        let worker = app.actor(&[(Role::Worker, network.id("c1"))]);
        let manager = app.actor(&[(Role::Manager, network.id("c1"))]);
        let home = network.id("c1t1v1");
        let id = app.post(&worker, "/api/v1/households", &household(home)).await.expect(201).id();
        let path = format!("/api/v1/households/{id}");
        app.edge.advance(1);
        let edit = json!({ "external_number": "SIM-7", "consent": { "given_on": app.today(), "how": "written" } });
        app.patch(&worker, &path, 1, &edit).await.expect(200);
        app.edge.advance(1);
        let to = network.id("c1t2v1");
        app.post_to(&manager, &format!("{path}/transfer"), 2, Some(&json!({ "service_point_id": to, "reason": "模拟搬家" }))).await.expect(200);
        app.edge.advance(1);
        app.post(&manager, &format!("{path}/export"), &json!({ "reason": "模拟核查" })).await.expect(200);

        let told = app.all_pages(&manager, &format!("{path}/timeline"), 2).await;
        let actions: Vec<&str> = told.iter().map(|event| event["action"].as_str().unwrap()).collect();
        assert_eq!(actions[0], "household.export");
        assert_eq!(actions.iter().filter(|action| **action == "household_member.add").count(), 1);
        assert_eq!(told[0]["reason"], "模拟核查");
        let find = |action: &str| told.iter().find(|event| event["action"] == action).unwrap();
        let moved = find("household.transfer");
        let homes = json!([{ "field": "service_point_id", "before": home, "after": to }]);
        assert_eq!((&moved["changes"], &moved["reason"]), (&homes, &json!("模拟搬家")));
        let edited = &find("household.edit")["changes"];
        assert_eq!(edited, &json!([
            { "field": "consent_form", "before": null, "after": "written" },
            { "field": "consent_on", "before": null, "after": app.today() },
            { "field": "external_number", "before": null, "after": "***" },
        ]));
        assert_eq!(find("household.register")["changes"], json!([]));

        // Who answers for the new home alone sees what happened there, and not where the household came from.
        let newcomer = app.actor(&[(Role::Manager, to)]);
        let told = app.all_pages(&newcomer, &format!("{path}/timeline"), 50).await;
        let actions: Vec<&str> = told.iter().map(|event| event["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["household.export", "household.transfer"]);
        assert_eq!(told[1]["changes"], json!([{ "field": "service_point_id", "before": "***", "after": to }]));
        app.get(&app.actor(&[(Role::Manager, network.id("c2"))]), &format!("{path}/timeline")).await.expect(404);
    }

    async fn records_points_and_accounts_have_timelines_too(app: TestApp) {
        let world = build(&app).await;
        let auditor = app.actor(&[(Role::Auditor, world.network.id("b"))]);
        let all = list(&app, &auditor, "").await;
        for (kind, path) in [
            ("assistance_record", "assistance-records"),
            ("service_point", "service-points"),
            ("account", "accounts"),
        ] {
            let event = all.iter().find(|event| event["object_type"] == kind && event["object_version"] == 1).unwrap();
            let id = event["object_id"].as_str().unwrap();
            let told = app.all_pages(&auditor, &format!("/api/v1/{path}/{id}/timeline"), 3).await;
            let own = all.iter().filter(|event| event["object_id"] == id).count();
            assert!(told.len() >= own && own > 0, "{kind}");
            assert_eq!(told.iter().filter(|event| event["object_id"] == id).count(), own, "{kind}");
        }
    }

    async fn an_auditor_draws_a_signed_head(app: TestApp) {
        let world = build(&app).await;
        let auditor = app.actor(&[(Role::Auditor, world.network.id("c1"))]);
        let head: Head = serde_json::from_value(app.get(&auditor, "/api/v1/audit-events/head").await.expect(200).json()).unwrap();
        assert!(head.seq > 0 && terrace::auth::keys::is_signed(&head.public_key, &head.signed(), &head.signature));
        let manager = app.actor(&[(Role::Manager, world.network.id("b"))]);
        let refused = app.get(&manager, "/api/v1/audit-events/head").await.expect(403);
        assert_eq!(refused.json()["permission"], "audit.sign_head");
    }
}
