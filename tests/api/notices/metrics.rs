//! The metrics of the process against a second count over the rows.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use terrace::{
    db::reports,
    domain::{
        Id,
        codes::{ReportDecision, Role},
    },
};

use super::DAY;
use crate::{
    on_both,
    reports::{Desk, MONTH, act},
};

const CODES: [&str; 3] = ["reports_on_time_share", "reports_return_share", "reports_review_hours"];

/// The villages of the network, and the day on which a village's report is due.
const VILLAGES: [&str; 8] = ["c1t1v1", "c1t1v2", "c1t2v1", "c1t2v2", "c2t1v1", "c2t1v2", "c2t2v1", "c2t2v2"];
const DUE: &str = "2026-12-03";

/// What the rows of a village come to: on time and due, returned and decided, hours and decisions.
fn counted(desk: &Desk, point: Id) -> [(i64, i64); 3] {
    let mut conn = desk.app.conn();
    let Some(report) = reports::of_point(&mut conn, point, MONTH.parse().unwrap()).unwrap() else {
        return [(0, 1), (0, 0), (0, 0)];
    };
    let sent = reports::submissions(&mut conn, report.id).unwrap();
    let kept: Vec<_> = sent.iter().filter(|sent| sent.decision != Some(ReportDecision::Withdrawn)).collect();
    let on_time = kept.first().is_some_and(|first| first.submitted_at.day().to_string().as_str() <= DUE);
    let decided: Vec<_> = kept.iter().filter(|sent| sent.decision.is_some()).collect();
    let returned = decided.iter().filter(|sent| sent.decision == Some(ReportDecision::Returned)).count();
    let reviewed = decided.iter().filter(|sent| sent.decision != Some(ReportDecision::Reopened));
    let hours: Vec<i64> = reviewed
        .map(|sent| {
            let micros = sent.decided_at.unwrap().unix_micros() - sent.submitted_at.unix_micros();
            (micros as f64 / 3_600e6).round() as i64
        })
        .collect();
    let n = |count: usize| i64::try_from(count).unwrap();
    [(i64::from(on_time), 1), (n(returned), n(decided.len())), (hours.iter().sum(), n(hours.len()))]
}

fn sum(parts: impl Iterator<Item = (i64, i64)>) -> (i64, i64) {
    parts.fold((0, 0), |sum, more| (sum.0 + more.0, sum.1 + more.1))
}

async fn statistics(desk: &Desk, point: &str, period: &str) -> BTreeMap<String, Value> {
    let reader = desk.who(Role::Admin, "b");
    let path =
        format!("/api/v1/service-points/{}/statistics?period={period}&metrics={}", desk.id(point), CODES.join(","));
    let told = desk.app.get(&reader, &path).await.expect(200).json();
    let items = told["items"].as_array().unwrap();
    items.iter().map(|item| (item["metric"].as_str().unwrap().to_owned(), item.clone())).collect()
}

on_both! {
    /// After a month of returns, withdrawals, approvals and silence the metrics are what the rows come to, at every point.
    async fn metrics_of_the_process_are_what_the_rows_come_to(app: TestApp) {
        let desk = Desk::new(app).await;
        let mut sent = BTreeMap::new();
        for point in ["c1t1v1", "c1t1v2", "c1t2v1", "c2t1v1"] {
            sent.insert(point, desk.submit(point, true).await);
        }
        desk.app.edge.advance(5 * 3_600 + 1_799);
        act(&desk.app, &desk.who(Role::Worker, "c2t1v1"), &sent["c2t1v1"], "withdraw", Value::Null).await.expect(200);
        let back = act(&desk.app, &desk.who(Role::Reviewer, "c1t1"), &sent["c1t1v1"], "return", json!({ "reason": "模拟" })).await.expect(200).json();
        desk.approve(&sent["c1t1v2"], "c1t1").await;
        desk.app.edge.advance(DAY + 1);
        let again = act(&desk.app, &desk.who(Role::Worker, "c1t1v1"), &back, "submit", json!({ "nil": true })).await.expect(200).json();
        let late = desk.submit("c2t2v1", true).await;
        let approved = desk.approve(&sent["c1t2v1"], "c1t2").await;
        desk.app.edge.advance(7_000);
        act(&desk.app, &desk.who(Role::Reviewer, "c1t2"), &approved, "reopen", json!({ "reason": "模拟" })).await.expect(200);
        desk.approve(&again, "c1t1").await;
        act(&desk.app, &desk.who(Role::Reviewer, "c2t2"), &late, "return", json!({ "reason": "模拟" })).await.expect(200);

        let rows: BTreeMap<&str, [(i64, i64); 3]> = VILLAGES.iter().map(|point| (*point, counted(&desk, desk.id(point)))).collect();
        let all = |at: usize| sum(rows.values().map(|row| row[at]));
        assert_eq!([all(0), all(1), all(2)], [(3, 8), (2, 5), (5 + 5 + 2 + 2, 4)], "the history is not the one that was meant");
        for point in ["b", "c1", "c1t1", "c2t2", "c1t1v1"] {
            for period in [MONTH, "2026"] {
                let told = statistics(&desk, point, period).await;
                for (at, code) in CODES.iter().enumerate() {
                    let below = |top: &str| sum(rows.iter().filter(|(name, _)| top == "b" || name.starts_with(top)).map(|(_, row)| row[at]));
                    let (value, of) = below(point);
                    let item = &told[*code];
                    assert_eq!((&item["total"], &item["of"]), (&json!(value), &json!(of)), "{point} {period} {code}");
                    let quotient = |parts: i64| if of > 0 { json!((value * parts * 2 + of) / (2 * of)) } else { Value::Null };
                    let (rate, mean) = if at == 2 { (None, Some(quotient(100))) } else { (Some(quotient(10_000)), None) };
                    assert_eq!((item.get("rate_bp"), item.get("mean_hundredths")), (rate.as_ref(), mean.as_ref()), "{point} {code}");
                    let of_children: i64 = item["by_child"].as_array().unwrap().iter().map(|child| child["of"].as_i64().unwrap()).sum();
                    let children: i64 = item["by_child"].as_array().unwrap().iter().map(|child| child["value"].as_i64().unwrap()).sum();
                    assert_eq!((children + item["own"].as_i64().unwrap(), of_children + item["own_of"].as_i64().unwrap()), (value, of));
                    if period == "2026" {
                        let november = item["by_month"].as_array().unwrap().iter().find(|month| month["month"] == MONTH).unwrap();
                        assert_eq!((&november["value"], &november["of"]), (&json!(value), &json!(of)));
                    }
                }
            }
        }
    }

    /// Where nothing is expected a rate is null, and no report freezes what may change after it.
    async fn rates_of_nothing_are_null_and_nothing_of_it_is_frozen(app: TestApp) {
        let desk = Desk::new(app).await;
        let told = statistics(&desk, "c1t1v1", "2026-10").await;
        for code in CODES {
            let item = &told[code];
            assert_eq!((&item["total"], &item["of"]), (&json!(0), &json!(0)));
            assert!(item.get("rate_bp").or(item.get("mean_hundredths")).is_some_and(Value::is_null), "{item}");
        }
        let report = desk.submit("c1t1v1", true).await;
        let shown = desk.report(&report).await.to_string();
        assert!(shown.contains("assistance_count") && CODES.iter().all(|code| !shown.contains(code)));
    }
}
