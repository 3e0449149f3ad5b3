//! Households that a store or an organisation lifts, and what they received.

use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use super::{Land, TOWNSHIP, VILLAGE, day, unknown, until};
use crate::{
    on_both,
    support::{livelihoods as made, trade as things},
    trade::{fault, parts, refused, with},
};

const LIFTED: &str = "households_lifted";
const PERSONS: &str = "persons_lifted";

/// A store of the township instead of the cooperative.
fn by_store(body: Value, store: Id) -> Value {
    with(body, json!({ "organisation_id": null, "store_id": store }))
}

/// A benefit of so many fen.
fn benefit(link: Id, on: &str, amount_fen: i64) -> Value {
    with(made::benefit(link, day(on)), json!({ "amount_fen": amount_fen }))
}

/// Households and persons who are lifted at points at a period's end.
async fn lifted(land: &Land, period: &str, points: &[&str]) -> Vec<(i64, i64)> {
    let mut figures = Vec::new();
    for point in points {
        figures.push((land.total(point, period, LIFTED).await, land.total(point, period, PERSONS).await));
    }
    figures
}

on_both! {
    /// What was entered is answered and found; mode and days are written anew, who lifts whom stays.
    async fn a_link_is_kept(app: TestApp) {
        let land = Land::new(app).await;
        let ((household, _), store) = (land.household(VILLAGE).await, land.opened(TOWNSHIP).await);
        let body = land.link(household, "2026-11-10");
        let made = land.post("benefit-links", &body).await.expect(201).json();
        let mut right = with(body.clone(), json!({ "version": 1 }));
        for field in ["id", "store_id", "ends_on", "created_at", "updated_at"] {
            right[field] = made[field].clone();
        }
        assert_eq!((&made, &made["store_id"], &made["ends_on"]), (&right, &Value::Null, &Value::Null));
        let id = made["id"].as_str().unwrap().parse().unwrap();
        land.enter("benefit-links", &by_store(with(body.clone(), json!({ "mode": "agency_sales" })), store)).await;
        for (filter, n) in [
            (format!("organisation_id={}", land.coop), 1), (format!("store_id={store}"), 1), (format!("household_id={household}"), 2),
            ("mode=purchase".to_owned(), 1), ("on=2026-11-09".to_owned(), 0), ("on=2026-11-10".to_owned(), 2),
            (format!("service_point_id={}", land.id("c2")), 0),
        ] {
            assert_eq!(land.count(&format!("benefit-links?{filter}")).await, n, "{filter}");
        }
        let edited = land.put("benefit-links", id, 1, &with(body.clone(), json!({ "mode": "dividend" }))).await.expect(200).json();
        assert_eq!([&edited["mode"], &edited["version"]], [&json!("dividend"), &json!(2)]);
        let (other, _) = land.household(VILLAGE).await;
        fault(&land.put("benefit-links", id, 2, &with(body.clone(), json!({ "household_id": other }))).await, "/household_id", "fixed");
        let reply = land.put("benefit-links", id, 2, &by_store(body.clone(), store)).await.expect(422);
        assert!(reply.faults().iter().all(|(_, code)| code == "fixed"), "{}", reply.text());
        refused(&land.put("benefit-links", id, 1, &body).await, 412, "version.stale");
    }

    /// One lifts, who is there on all days of the link; the household is registered by then and known to whoever enters it.
    async fn what_a_link_says_is_checked(app: TestApp) {
        let land = Land::new(app).await;
        let ((household, [member, _]), store) = (land.household(VILLAGE).await, land.opened(TOWNSHIP).await);
        let body = land.link(household, "2026-11-10");
        let both = land.post("benefit-links", &with(body.clone(), json!({ "store_id": store }))).await;
        fault(&both, "/organisation_id", "either_or");
        fault(&land.post("benefit-links", &with(body.clone(), json!({ "organisation_id": null }))).await, "/store_id", "either_or");
        for (fields, pointer, code) in [
            (json!({ "mode": "magic" }), "/mode", "unknown_code"),
            (json!({ "starts_on": "2026-11-25" }), "/starts_on", "in_future"),
            (json!({ "ends_on": "2026-11-25" }), "/ends_on", "in_future"),
            (json!({ "ends_on": "2026-11-09" }), "/ends_on", "before_from"),
            (json!({ "starts_on": "2026-10-31" }), "/starts_on", "before_registration"),
            (json!({ "service_point_id": land.id(VILLAGE) }), "/service_point_id", "not_of_owner"),
        ] {
            fault(&land.post("benefit-links", &with(body.clone(), fields)).await, pointer, code);
        }
        for (field, id) in [("household_id", member), ("household_id", land.coop), ("organisation_id", store)] {
            unknown(&land.post("benefit-links", &with(body.clone(), json!({ field: id }))).await, &format!("/{field}"));
        }
        unknown(&land.post("benefit-links", &by_store(body.clone(), land.coop)).await, "/store_id");
        // Whoever does not reach the household lifts it not, but keeps a link that others entered.
        let theirs = land.enter("organisations", &things::organisation(land.id("c2t1"))).await;
        let away = made::link(land.id("c2t1"), theirs, household, day("2026-11-10"));
        let worker = land.app.actor(&[(Role::Worker, land.id("c2t1"))]);
        unknown(&land.app.post(&worker, "/api/v1/benefit-links", &away).await, "/household_id");
        let link = land.enter("benefit-links", &away).await;
        let (path, ended) = (format!("/api/v1/benefit-links/{link}"), until(&away, "2026-11-20"));
        let edit = land.app.request(&worker, actix_web::http::Method::PUT, &path, Some(&ended), &[("if-match", "\"1\"")]);
        assert_eq!(edit.await.expect(200).json()["ends_on"], "2026-11-20");
    }

    /// Links last no longer than who lifts, and benefits lie within their links.
    async fn who_lifts_lasts_around_links(app: TestApp) {
        let land = Land::new(app).await;
        let ((household, _), store) = (land.household(VILLAGE).await, land.opened(TOWNSHIP).await);
        let body = by_store(land.link(household, "2026-11-10"), store);
        let link = land.enter("benefit-links", &body).await;
        let days = |fields: Value| with(land.store(TOWNSHIP), fields);
        refused(&land.put("stores", store, 1, &days(json!({ "closed_on": "2026-11-20" }))).await, 409, "entries.outside");
        refused(&land.put("stores", store, 1, &days(json!({ "opened_on": "2026-11-11" }))).await, 409, "entries.outside");
        land.put("stores", store, 1, &days(json!({ "opened_on": "2026-11-10" }))).await.expect(200);
        let received = land.enter("benefits", &benefit(link, "2026-11-15", 100)).await;
        refused(&land.put("benefit-links", link, 1, &until(&body, "2026-11-14")).await, 409, "entries.outside");
        refused(&land.put("benefit-links", link, 1, &with(body.clone(), json!({ "starts_on": "2026-11-16" }))).await, 409, "entries.outside");
        land.put("benefit-links", link, 1, &until(&body, "2026-11-20")).await.expect(200);
        land.put("stores", store, 2, &days(json!({ "opened_on": "2026-11-10", "closed_on": "2026-11-20" }))).await.expect(200);
        fault(&land.put("benefit-links", link, 2, &body).await, "/ends_on", "not_in_force");
        fault(&land.put("benefit-links", link, 2, &until(&body, "2026-11-21")).await, "/ends_on", "not_in_force");
        fault(&land.put("benefit-links", link, 2, &with(until(&body, "2026-11-20"), json!({ "starts_on": "2026-11-09" }))).await, "/starts_on", "not_in_force");
        fault(&land.post("benefits", &benefit(link, "2026-11-21", 100)).await, "/on", "not_in_force");
        land.void("benefits", received, 1).await.expect(200);
        land.put("benefit-links", link, 2, &until(&body, "2026-11-14")).await.expect(200);
    }

    /// However many links it has, a household counts once, while any is in force at the period's end; and again after a gap.
    async fn a_household_is_lifted_once(app: TestApp) {
        let land = Land::later(app, 70).await;
        let ((household, _), store) = (land.household(VILLAGE).await, land.opened(TOWNSHIP).await);
        let (second, _) = land.household("c1t1v2").await;
        let first = land.link(household, "2026-11-10");
        let link = land.enter("benefit-links", &first).await;
        land.enter("benefit-links", &until(&by_store(land.link(household, "2026-11-20"), store), "2027-01-01")).await;
        // The same cooperative lifts it in another way too, and another household.
        land.enter("benefit-links", &until(&with(first.clone(), json!({ "mode": "land_rent" })), "2026-11-30")).await;
        land.enter("benefit-links", &land.link(second, "2026-12-01")).await;
        let points = ["b", "c1", TOWNSHIP, VILLAGE, "c1t1v2"];
        for (period, right) in [
            ("2026-10", [(0, 0), (0, 0), (0, 0), (0, 0), (0, 0)]),
            ("2026-11", [(1, 2), (1, 2), (1, 2), (1, 2), (0, 0)]),
            ("2026-12", [(2, 4), (2, 4), (2, 4), (1, 2), (1, 2)]),
            ("2026-Q4", [(2, 4), (2, 4), (2, 4), (1, 2), (1, 2)]),
            ("2026", [(2, 4), (2, 4), (2, 4), (1, 2), (1, 2)]),
            ("all", [(2, 4), (2, 4), (2, 4), (1, 2), (1, 2)]),
        ] {
            assert_eq!(lifted(&land, period, &points).await, right, "{period}");
        }
        assert_eq!([land.rows("b", "2026-12", LIFTED).await, land.rows("b", "2026-12", PERSONS).await], [2, 4]);
        // One ends: the store's still holds at the end of December, nothing in January.
        land.put("benefit-links", link, 1, &until(&first, "2026-12-05")).await.expect(200);
        for (period, right) in [("2026-12", (1, 2)), ("2027-01", (0, 0)), ("2027-02", (0, 0))] {
            assert_eq!(lifted(&land, period, &[VILLAGE]).await, [right], "{period}");
        }
        land.enter("benefit-links", &until(&land.link(household, "2027-01-20"), "2027-01-31")).await;
        for (period, right) in [("2026-12", (1, 2)), ("2027-01", (1, 2)), ("2027-02", (0, 0)), ("all", (0, 0))] {
            assert_eq!(lifted(&land, period, &[VILLAGE]).await, [right], "{period}");
        }
        land.counted_right();
    }

    /// Home, type, state and members are those of the period's end, whatever day the link is of.
    async fn a_household_changes_while_it_is_lifted(app: TestApp) {
        let land = Land::later(app, 130).await;
        let (household, [_, spouse]) = land.household(VILLAGE).await;
        land.enter("benefit-links", &land.link(household, "2026-11-10")).await;
        let joined = json!({ "name": "模拟子女", "relation": "30", "no_identity_reason": "unknown", "joined_on": "2026-12-10" });
        let path = format!("/api/v1/households/{household}/members");
        land.app.post(&land.clerk, &path, &joined).await.expect(201);
        let left = json!({ "left_on": "2027-01-15", "reason": "模拟离开" });
        land.app.post_to(&land.clerk, &format!("/api/v1/members/{spouse}/leave"), 1, Some(&left)).await.expect(200);
        let body = json!({ "household_type": "monitored", "monitoring_category": "unstable", "effective_on": "2027-01-10" });
        land.household_act(household, "type", 1, body).await.expect(200);
        let body = json!({ "service_point_id": land.id("c2t1v1"), "reason": "模拟搬迁", "effective_on": "2027-02-10" });
        land.household_act(household, "transfer", 2, body).await.expect(200);
        let body = json!({ "status": "dissolved", "effective_on": "2027-03-10", "reason": "模拟原因" });
        land.household_act(household, "status", 3, body).await.expect(200);
        for (period, right) in [
            ("2026-11", [(1, 2), (1, 2), (0, 0)]), ("2026-12", [(1, 3), (1, 3), (0, 0)]), ("2027-01", [(1, 2), (1, 2), (0, 0)]),
            ("2027-02", [(1, 2), (0, 0), (1, 2)]), ("2027-03", [(0, 0); 3]), ("2027-Q1", [(0, 0); 3]), ("2026", [(1, 3), (1, 3), (0, 0)]),
        ] {
            assert_eq!(lifted(&land, period, &["b", "c1", "c2"]).await, right, "{period}");
        }
        for (period, class) in [("2026-12", "general"), ("2027-01", "monitored"), ("2027-02", "monitored")] {
            let figures = land.figures("b", period, LIFTED).await;
            assert_eq!(parts(&figures, "by_type", "type"), [(class.to_owned(), 1)], "{period}");
        }
        // It comes back in April, still lifted, at its new home.
        let body = json!({ "status": "active", "effective_on": "2027-04-02", "reason": "模拟原因" });
        land.household_act(household, "status", 4, body).await.expect(200);
        assert_eq!(lifted(&land, "2027-04", &["b", "c1", "c2"]).await, [(1, 2), (0, 0), (1, 2)]);
        assert_eq!(lifted(&land, "2027-03", &["b"]).await, [(0, 0)]);
        land.counted_right();
    }

    /// Benefits count as they were recorded, on their day, at the point of who lifts and by its way; nothing is inferred from them.
    async fn benefits_are_counted_as_recorded(app: TestApp) {
        let land = Land::later(app, 70).await;
        let (household, _) = land.household("c2t1v1").await;
        let link = land.enter("benefit-links", &land.link(household, "2026-11-10")).await;
        let rent = land.enter("benefit-links", &with(land.link(household, "2026-11-10"), json!({ "mode": "land_rent" }))).await;
        let received = land.post("benefits", &benefit(link, "2026-11-10", 12_345)).await.expect(201).json();
        assert_eq!(
            [&received["link_id"], &received["on"], &received["mode"], &received["amount_fen"], &received["service_point_id"]],
            [&json!(link), &json!("2026-11-10"), &json!("purchase"), &json!(12_345), &json!(land.id(TOWNSHIP))]
        );
        let id = received["id"].as_str().unwrap().parse().unwrap();
        land.enter("benefits", &benefit(link, "2026-11-10", 5)).await;
        let later = land.enter("benefits", &benefit(rent, "2027-01-31", 1_000)).await;
        for (period, total) in [("2026-10", 0), ("2026-11", 12_350), ("2026-12", 0), ("2026", 12_350), ("2027-Q1", 1_000), ("all", 13_350)] {
            assert_eq!(land.branch(period, "benefit_amount").await, [total, total, total, 0], "{period}");
            assert_eq!(land.total("c2", period, "benefit_amount").await, 0, "{period}");
        }
        let ways = parts(&land.figures("b", "all", "benefit_amount").await, "by_kind", "kind");
        assert_eq!(ways, [("land_rent".to_owned(), 1_000), ("purchase".to_owned(), 12_350)]);
        for (fields, pointer, code) in [
            (json!({ "on": "2027-02-03" }), "/on", "in_future"), (json!({ "on": "2026-11-09" }), "/on", "not_in_force"),
            (json!({ "amount_fen": 0 }), "/amount_fen", "range"),
        ] {
            let reply = land.post("benefits", &with(benefit(link, "2026-11-10", 1), fields.clone())).await.expect(422);
            assert!(reply.faults().contains(&(pointer.to_owned(), code.to_owned())), "{fields}: {}", reply.text());
        }
        unknown(&land.post("benefits", &benefit(land.coop, "2026-11-10", 1)).await, "/link_id");
        land.correct("benefits", id, 1, json!({ "amount_fen": 45, "on": "2026-12-31" })).await.expect(200);
        fault(&land.correct("benefits", id, 2, json!({ "on": "2026-11-09" })).await, "/on", "not_in_force");
        land.void("benefits", later, 1).await.expect(200);
        for (period, total) in [("2026-11", 5), ("2026-12", 45), ("2027", 0), ("all", 50)] {
            assert_eq!(land.branch(period, "benefit_amount").await, [total, total, total, 0], "{period}");
        }
        assert_eq!(land.rows("b", "2026", "benefit_amount").await, 50);
        assert_eq!(land.count(&format!("benefits?from=2026-11-01&link_id={link}")).await, 2);
        assert_eq!(land.count("benefits?from=2026-11-01&mode=land_rent&state=voided").await, 1);
        let told = land.app.get(&land.clerk, &format!("/api/v1/households/{household}")).await.expect(200).json();
        assert_eq!(told["per_capita_income_fen"], Value::Null, "no income was recorded");
        land.counted_right();
    }

    /// The file of a household holds who lifts it, what it received, what its members belong to and earned; and nobody else's.
    async fn the_file_of_a_household_holds_it(app: TestApp) {
        let land = Land::new(app).await;
        let (household, [member, _]) = land.household(VILLAGE).await;
        let (other, [stranger, _]) = land.household(VILLAGE).await;
        let mut right = Vec::new();
        for (household, member, amount) in [(household, member, 700), (other, stranger, 900)] {
            let link = land.enter("benefit-links", &land.link(household, "2026-11-10")).await;
            let membership = land.enter("memberships", &land.membership(member, "2026-11-10")).await;
            let received = land.enter("benefits", &benefit(link, "2026-11-12", amount)).await;
            let wage = with(made::wage(membership, "2026-11"), json!({ "amount_fen": amount + 1 }));
            let wage = land.enter("wages", &wage).await;
            land.void("benefits", received, 1).await.expect(200);
            right.push(([link, membership], [received, wage]));
        }
        let ([link, membership], [received, wage]) = right[0];
        let path = format!("/api/v1/households/{household}/export");
        let file = land.app.post(&land.clerk, &path, &json!({ "reason": "本人申请" })).await.expect(200).json();
        let items = file["register_items"].as_array().unwrap();
        let item = |id: Id| items.iter().find(|item| item["id"] == json!(id)).unwrap().clone();
        assert_eq!(items.len(), 2);
        assert_eq!([&item(link)["register"], &item(link)["kind"], &item(link)["organisation_id"]], [&json!("benefit_link"), &json!("purchase"), &json!(land.coop)]);
        assert_eq!([&item(membership)["register"], &item(membership)["member_id"]], [&json!("membership"), &json!(member)]);
        let entries = file.as_object().unwrap().values().filter_map(Value::as_array).flatten();
        let entries: Vec<&Value> = entries.filter(|entry| entry["ledger"].is_string()).collect();
        assert_eq!(entries.len(), 2, "{file}");
        let entry = |id: Id| *entries.iter().find(|entry| entry["id"] == json!(id)).unwrap();
        assert_eq!([&entry(received)["amount_fen"], &entry(received)["state"], &entry(received)["on"]], [&json!(700), &json!("voided"), &json!("2026-11-12")]);
        assert_eq!([&entry(wage)["amount_fen"], &entry(wage)["member_id"]], [&json!(701), &json!(member)]);
        let text = file.to_string();
        assert!(!text.contains(&stranger.to_string()) && !text.contains(&other.to_string()));
    }
}
