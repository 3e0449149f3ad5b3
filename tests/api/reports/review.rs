//! Deciding about what was sent in.

use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::*;
use crate::on_both;

on_both! {
    /// An approval names the content that was looked at; a second one changes nothing; nobody approves what they sent in.
    async fn an_approval_is_of_one_content_by_somebody_else(app: TestApp) {
        let desk = Desk::new(app).await;
        // Holds everything, at the village and above it.
        let both = desk.app.actor(&[(Role::Worker, desk.id("c1t1v1")), (Role::Manager, desk.id("c1t1"))]);
        let reviewer = desk.who(Role::Reviewer, "c1t1");
        let body = json!({ "service_point_id": desk.id("c1t1v1"), "month": MONTH, "nil": true });
        let sent = desk.app.post(&both, "/api/v1/reports", &body).await.expect(201).json();
        assert_eq!(sent["is_own"], true);
        let right = json!({ "digest": sent["digest"] });
        for (what, body) in [("approve", &right), ("return", &json!({ "reason": "模拟" }))] {
            refused(&act(&desk.app, &both, &sent, what, body.clone()).await, 403, "report.own");
        }
        let other = json!({ "digest": "0".repeat(64) });
        refused(&act(&desk.app, &reviewer, &sent, "approve", other).await, 409, "report.other_content");
        act(&desk.app, &reviewer, &sent, "approve", json!({ "digest": "ab" })).await.expect(422);
        let approved = act(&desk.app, &reviewer, &sent, "approve", right.clone()).await.expect(200).json();
        assert_eq!((&approved["state"], &approved["version"]), (&json!("approved"), &json!(2)));
        let again = act(&desk.app, &reviewer, &approved, "approve", right.clone()).await.expect(200).json();
        assert_eq!(again, approved);
        refused(&act(&desk.app, &reviewer, &sent, "approve", right).await, 412, "version.stale");
        refused(&act(&desk.app, &reviewer, &approved, "return", json!({ "reason": "模拟" })).await, 409, "report.not_submitted");
        refused(&act(&desk.app, &both, &approved, "reopen", json!({ "reason": "模拟" })).await, 403, "report.own");
    }

    /// Of reviewers who decide at the same moment one wins, and only one decision is kept.
    async fn of_two_reviewers_one_wins(app: TestApp) {
        let desk = Desk::new(app).await;
        let sent = desk.submit("c1t1v1", true).await;
        let reviewers: Vec<Actor> = (0..4).map(|_| desk.who(Role::Reviewer, "c1t1")).collect();
        let decide = reviewers.iter().enumerate().map(|(at, who)| {
            let approve = ("approve", json!({ "digest": sent["digest"] }));
            let (what, body) = if at % 2 == 0 { approve } else { ("return", json!({ "reason": "模拟" })) };
            act(&desk.app, who, &sent, what, body)
        });
        let mut statuses: Vec<u16> =
            futures_util::future::join_all(decide).await.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses[0], 200, "{statuses:?}");
        assert!(statuses[1..].iter().all(|status| [409, 412].contains(status)), "{statuses:?}");
        assert_eq!(desk.report(&sent).await["version"], 2);
    }

    /// Many are approved at once: all of them, or, when anything is wrong with one, none, and every fault is told.
    async fn many_are_approved_at_once_or_none(app: TestApp) {
        let desk = Desk::new(app).await;
        let reviewer = desk.who(Role::Reviewer, "c1t1");
        let [one, two] = [desk.submit("c1t1v1", true).await, desk.submit("c1t1v2", true).await];
        let item = |report: &Value| json!({ "report_id": report["id"], "version": report["version"], "digest": report["digest"] });
        let many = async |items: &[Value]| desk.app.post(&reviewer, "/api/v1/reports/approve", &json!({ "items": items })).await;
        let (mut stale, mut other) = (item(&one), item(&two));
        stale["version"] = json!(7);
        other["digest"] = json!("f".repeat(64));
        let reply = many(&[stale, other, item(&one), item(&one)]).await.expect(422);
        let faults = [("/items/0/version", "stale"), ("/items/1/digest", "other_content"), ("/items/2/report_id", "duplicate"), ("/items/3/report_id", "duplicate")];
        assert_eq!(reply.faults(), faults.map(|(at, code)| (at.to_owned(), code.to_owned())));
        for report in [&one, &two] {
            assert_eq!(desk.report(report).await["state"], "submitted", "nothing was written");
        }
        let foreign = desk.submit("c2t1v1", true).await;
        let reply = many(&[item(&one), item(&foreign)]).await.expect(404);
        assert_eq!(reply.faults(), [("/items/1/report_id".to_owned(), "not_found".to_owned())]);
        many(&[]).await.expect(422);
        let approved = many(&[item(&two), item(&one)]).await.expect(200).json();
        let states: Vec<&Value> = approved["items"].as_array().unwrap().iter().map(|report| &report["state"]).collect();
        assert_eq!(states, ["approved", "approved"]);
        assert_eq!(approved["items"][0]["id"], two["id"]);
    }

    /// A return has a reason, which the village reads; it corrects, sends in again, and every submission is kept.
    async fn what_is_returned_is_corrected_and_sent_in_again(app: TestApp) {
        let desk = Desk::new(app).await;
        let household = desk.household("c1t1v1").await;
        let [kept, corrected, voided] = [
            desk.record(household, "c1t1v1").await, desk.record(household, "c1t1v1").await, desk.record(household, "c1t1v1").await,
        ];
        let sent = desk.submit("c1t1v1", false).await;
        let reviewer = desk.who(Role::Reviewer, "c1t1");
        act(&desk.app, &reviewer, &sent, "return", json!({})).await.expect(400);
        act(&desk.app, &reviewer, &sent, "return", json!({ "reason": "" })).await.expect(422);
        let returned = act(&desk.app, &reviewer, &sent, "return", json!({ "reason": "金额与凭证不符" })).await.expect(200).json();
        assert_eq!((&returned["state"], &returned["reason"]), (&json!("returned"), &json!("金额与凭证不符")));

        let patch = json!({ "amount_fen": 900, "reason": "记错" });
        desk.app.patch(&desk.clerk, &format!("/api/v1/assistance-records/{corrected}"), 1, &patch).await.expect(200);
        let path = format!("/api/v1/assistance-records/{voided}/void");
        desk.app.post_to(&desk.clerk, &path, 1, Some(&json!({ "reason": "记错" }))).await.expect(200);
        let added = desk.record(household, "c1t1v1").await;
        let month = desk.month("c1t1v1").await;
        assert_eq!(month["differs"], json!({ "content": true, "figures": true, "children": false }));
        assert_eq!(figure(&month["report"]["figures"], "assistance_amount"), 1_500);
        assert_eq!(figure(&month["figures"], "assistance_amount"), 1_900);
        let path = format!("/api/v1/reports/{}/differences", text(&sent["id"]));
        let mut told: Vec<(String, String)> = desk.app.all_pages(&desk.clerk, &path, 1).await.iter()
            .map(|row| (text(&row["record_id"]).to_owned(), text(&row["change"]).to_owned())).collect();
        let mut expected = [(corrected, "changed"), (voided, "voided"), (added, "added")]
            .map(|(id, change)| (id.to_string(), change.to_owned())).to_vec();
        told.sort();
        expected.sort();
        assert_eq!(told, expected, "and not {kept}");

        let worker = desk.who(Role::Worker, "c1t1v1");
        let again = act(&desk.app, &worker, &returned, "submit", json!({ "note": "已更正" })).await.expect(200).json();
        assert_ne!(again["digest"], sent["digest"]);
        refused(&act(&desk.app, &reviewer, &again, "approve", json!({ "digest": sent["digest"] })).await, 409, "report.other_content");
        act(&desk.app, &reviewer, &again, "approve", json!({ "digest": again["digest"] })).await.expect(200);
        let path = format!("/api/v1/reports/{}/submissions", text(&sent["id"]));
        let kept = desk.app.get(&desk.clerk, &path).await.expect(200).json();
        let decisions: Vec<&Value> = kept["items"].as_array().unwrap().iter().map(|sent| &sent["decision"]).collect();
        assert_eq!(decisions, ["returned", "approved"]);
        assert_eq!(kept["items"][0]["digest"], sent["digest"]);
    }

    /// A child's report is opened again only while that of the point above is open; the bureau's by a manager of the bureau.
    async fn a_report_is_opened_again_from_the_top(app: TestApp) {
        let desk = Desk::new(app).await;
        for point in ["c1t1v2", "c1t2", "c2"] {
            desk.waive(point).await.expect(201);
        }
        let village = desk.settle("c1t1v1", true).await;
        let township = desk.settle("c1t1", true).await;
        desk.settle("c1", true).await;
        let bureau = desk.settle("b", true).await;
        let why = || json!({ "reason": "模拟复核" });
        let above = desk.who(Role::Reviewer, "c1t1");
        refused(&act(&desk.app, &above, &village, "reopen", why()).await, 409, "report.parent_submitted");
        let county = desk.who(Role::Reviewer, "c1");
        refused(&act(&desk.app, &county, &township, "reopen", why()).await, 409, "report.parent_submitted");
        refused(&act(&desk.app, &desk.who(Role::Reviewer, "b"), &bureau, "reopen", why()).await, 403, "permission.denied");
        let opened = act(&desk.app, &desk.clerk, &bureau, "reopen", why()).await.expect(200).json();
        assert_eq!((&opened["state"], &opened["reason"]), (&json!("open"), &json!("模拟复核")));
        let held = desk.month("c1").await["report"].clone();
        act(&desk.app, &desk.clerk, &held, "reopen", why()).await.expect(200);
        act(&desk.app, &county, &township, "reopen", why()).await.expect(200);
        act(&desk.app, &above, &village, "reopen", why()).await.expect(200);
        let household = desk.household("c1t1v1").await;
        desk.record(household, "c1t1v1").await;
    }
}
