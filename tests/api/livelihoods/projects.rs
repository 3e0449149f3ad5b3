//! Projects, their villages, and what is paid for them.

use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use super::{Land, TOWNSHIP, VILLAGE, day, unknown};
use crate::{
    on_both,
    support::livelihoods as made,
    trade::{fault, parts, refused, with},
};

const PAID: &str = "project_payments";
const SHARE: &str = "project_paid_share";

/// A payment of so many fen.
fn payment(project: Id, on: &str, amount_fen: i64) -> Value {
    with(made::payment(project, day(on)), json!({ "amount_fen": amount_fen }))
}

on_both! {
    /// What was entered is answered, found and written anew as a whole; its villages lie below its point, and each sees its own.
    async fn a_project_is_kept(app: TestApp) {
        let land = Land::new(app).await;
        let villages = json!([land.id(VILLAGE), land.id("c2t1v1")]);
        let body = with(made::project(land.id("b")), json!({ "village_ids": villages }));
        let project = land.post("projects", &body).await.expect(201).json();
        let mut right = with(body.clone(), json!({ "version": 1, "paid_fen": 0 }));
        for field in ["id", "ends_on", "note", "created_at", "updated_at", "village_ids"] {
            right[field] = project[field].clone();
        }
        assert_eq!(project, right);
        assert_eq!(project["village_ids"].as_array().unwrap().len(), 2);
        let id: Id = project["id"].as_str().unwrap().parse().unwrap();
        for (filter, n) in [
            ("kind=central".to_owned(), 1), ("kind=county".to_owned(), 0), (format!("village_id={}", land.id(VILLAGE)), 1),
            (format!("village_id={}", land.id("c1t1v2")), 0), (format!("service_point_id={}", land.id("c1")), 0), ("on=2026-10-31".to_owned(), 0),
            ("on=2026-11-01".to_owned(), 1),
        ] {
            assert_eq!(land.count(&format!("projects?{filter}")).await, n, "{filter}");
        }
        let worker = land.app.actor(&[(Role::Worker, land.id(VILLAGE))]);
        let seen = land.app.get(&worker, &format!("/api/v1/projects/{id}")).await.expect(200).json();
        assert_eq!(seen["village_ids"], json!([land.id(VILLAGE)]), "no more than it may see");
        for (place, pointer, code) in [(TOWNSHIP, "/village_ids/0", "not_a_village"), ("c2t1v1", "/village_ids/0", "not_below")] {
            let theirs = with(made::project(land.id("c1")), json!({ "village_ids": [land.id(place)] }));
            fault(&land.post("projects", &theirs).await, pointer, code);
        }
        unknown(&land.post("projects", &with(body.clone(), json!({ "village_ids": [land.id(VILLAGE), land.coop] }))).await, "/village_ids/1");
        let edited = with(body, json!({ "village_ids": [], "note": "模拟备注", "funding_source": "cooperation", "budget_fen": 5 }));
        let edited = land.put("projects", id, 1, &edited).await.expect(200).json();
        assert_eq!(
            [&edited["village_ids"], &edited["note"], &edited["funding_source"], &edited["budget_fen"], &edited["version"]],
            [&json!([]), &json!("模拟备注"), &json!("cooperation"), &json!(5), &json!(2)]
        );
        land.counted_right();
    }

    /// Counties and the bureau keep projects; days are in order, sources known, budgets some money.
    async fn what_a_project_says_is_checked(app: TestApp) {
        let land = Land::new(app).await;
        let body = made::project(land.id("c1"));
        for (fields, pointer, code) in [
            (json!({ "funding_source": "lottery" }), "/funding_source", "unknown_code"),
            (json!({ "ends_on": "2026-10-31" }), "/ends_on", "before_from"),
            (json!({ "budget_fen": 0 }), "/budget_fen", "range"),
            (json!({ "note": "联系 13900001234" }), "/note", "personal_number"),
        ] {
            fault(&land.post("projects", &with(body.clone(), fields)).await, pointer, code);
        }
        let reply = land.post("projects", &made::project(land.id(VILLAGE))).await;
        assert!((400..500).contains(&reply.status), "a village keeps no projects: {}", reply.text());
        let worker = land.app.actor(&[(Role::Worker, land.id("c1"))]);
        assert_eq!(land.app.post(&worker, "/api/v1/projects", &body).await.status, 403);
        let stranger = land.app.actor(&[(Role::Manager, land.id("c2"))]);
        unknown(&land.app.post(&stranger, "/api/v1/projects", &body).await, "/service_point_id");
    }

    /// Payments count on their day, at the project's point and by its source; beside the budgets that have begun by then.
    async fn payments_are_counted(app: TestApp) {
        let land = Land::later(app, 70).await;
        let project = land.enter("projects", &made::project(land.id("c1"))).await;
        let later = with(made::project(land.id("c1")), json!({ "funding_source": "county", "budget_fen": 50_000, "starts_on": "2027-01-15" }));
        let later = land.enter("projects", &later).await;
        land.enter("projects", &with(made::project(land.id("b")), json!({ "starts_on": "2028-01-01" }))).await;
        let first = land.post("project-payments", &with(payment(project, "2026-11-01", 30_000), json!({ "note": "模拟首期" }))).await.expect(201).json();
        assert_eq!([&first["project_id"], &first["amount_fen"], &first["on"], &first["note"]], [&json!(project), &json!(30_000), &json!("2026-11-01"), &json!("模拟首期")]);
        let second = land.enter("project-payments", &payment(project, "2026-12-31", 20_000)).await;
        land.enter("project-payments", &payment(later, "2027-01-20", 10_000)).await;
        for (period, paid, share) in [
            ("2026-10", 0, (0, 0)), ("2026-11", 30_000, (30_000, 100_000)), ("2026-12", 20_000, (50_000, 100_000)), ("2026", 50_000, (50_000, 100_000)),
            ("2027-01", 10_000, (60_000, 150_000)), ("2027-Q1", 10_000, (60_000, 150_000)),
        ] {
            assert_eq!(land.branch(period, PAID).await, [paid, paid, 0, 0], "{period}");
            assert_eq!(land.share("c1", period, SHARE).await, share, "{period}");
            assert_eq!(land.share("b", period, SHARE).await, share, "{period}");
        }
        assert_eq!(land.figures("c1", "2026-12", SHARE).await["rate_bp"], 5_000);
        let sources = parts(&land.figures("b", "all", PAID).await, "by_kind", "kind");
        assert_eq!(sources, [("central".to_owned(), 50_000), ("county".to_owned(), 10_000)]);
        assert_eq!(land.get("projects", project).await["paid_fen"], 50_000);
        land.correct("project-payments", second, 1, json!({ "amount_fen": 70_000, "on": "2027-01-31" })).await.expect(200);
        assert_eq!((land.total("c1", "2026", PAID).await, land.share("c1", "2027-01", SHARE).await), (30_000, (110_000, 150_000)));
        land.void("project-payments", second, 2).await.expect(200);
        assert_eq!((land.get("projects", project).await["paid_fen"].clone(), land.total("b", "all", PAID).await), (json!(30_000), 40_000));
        assert_eq!(land.rows("b", "all", PAID).await, 40_000);
        assert_eq!(land.count(&format!("project-payments?from=2026-11-01&project_id={project}")).await, 2);
        land.counted_right();
    }

    /// No more is paid than the budget, to the fen; the budget is not put below what is paid, nor the beginning after it.
    async fn no_more_is_paid_than_the_budget(app: TestApp) {
        let land = Land::new(app).await;
        let body = made::project(land.id("c1"));
        let project = land.enter("projects", &body).await;
        let first = land.enter("project-payments", &payment(project, "2026-11-10", 60_000)).await;
        fault(&land.post("project-payments", &payment(project, "2026-11-10", 40_001)).await, "/amount_fen", "over_budget");
        let second = land.enter("project-payments", &payment(project, "2026-11-20", 40_000)).await;
        fault(&land.post("project-payments", &payment(project, "2026-11-10", 1)).await, "/amount_fen", "over_budget");
        fault(&land.correct("project-payments", second, 1, json!({ "amount_fen": 40_001 })).await, "/amount_fen", "over_budget");
        for (fields, pointer, code) in [(json!({ "on": "2026-11-25" }), "/on", "in_future"), (json!({ "on": "2026-10-31" }), "/on", "not_in_force")] {
            fault(&land.correct("project-payments", second, 1, fields).await, pointer, code);
        }
        let budget = |fen: i64| with(body.clone(), json!({ "budget_fen": fen }));
        fault(&land.put("projects", project, 1, &budget(99_999)).await, "/budget_fen", "paid_more");
        land.correct("project-payments", second, 1, json!({ "amount_fen": 30_000 })).await.expect(200);
        land.put("projects", project, 1, &budget(90_000)).await.expect(200);
        fault(&land.correct("project-payments", second, 2, json!({ "amount_fen": 30_001 })).await, "/amount_fen", "over_budget");
        land.void("project-payments", first, 1).await.expect(200);
        land.put("projects", project, 2, &budget(30_000)).await.expect(200);
        refused(&land.put("projects", project, 3, &with(budget(30_000), json!({ "starts_on": "2026-11-21" }))).await, 409, "entries.outside");
        land.put("projects", project, 3, &with(budget(30_000), json!({ "starts_on": "2026-11-20" }))).await.expect(200);
        unknown(&land.post("project-payments", &payment(land.product, "2026-11-10", 1)).await, "/project_id");
        assert_eq!(land.share("c1", "2026-11", SHARE).await, (30_000, 30_000));
        land.counted_right();
    }
}
