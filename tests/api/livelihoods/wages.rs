//! What members of organisations earn, and what is told of it.

use serde_json::{Value, json};
use terrace::domain::{Id, codes::Role};

use super::{Land, TOWNSHIP, VILLAGE, unknown, until};
use crate::{
    on_both,
    support::{livelihoods as made, trade as things},
    trade::{fault, refused, with},
};

const MEAN: &str = "wage_mean";
const MEDIAN: &str = "wage_median";

/// A wage of a month.
fn wage(membership: Id, month: &str, amount_fen: i64) -> Value {
    with(made::wage(membership, month), json!({ "amount_fen": amount_fen }))
}

/// (sum, number, median), whatever is hidden being null.
async fn told(land: &Land, point: &str, period: &str) -> [Value; 3] {
    let (mean, median) = (land.figures(point, period, MEAN).await, land.figures(point, period, MEDIAN).await);
    let is_hidden = mean["total"].is_null();
    assert_eq!((median["total"].is_null(), mean["of"].is_null()), (is_hidden, is_hidden), "{mean} {median}");
    [mean["total"].clone(), mean["of"].clone(), median["total"].clone()]
}

fn shown(sum: i64, n: i64, median: i64) -> [Value; 3] {
    [json!(sum), json!(n), json!(median)]
}

const HIDDEN: [Value; 3] = [Value::Null, Value::Null, Value::Null];

on_both! {
    /// The mean, its number and the median of the months of a period, at the organisation's point, as wages are corrected and voided.
    async fn wages_are_told(app: TestApp) {
        let land = Land::later(app, 40).await;
        let members = land.belong(&land.heads(VILLAGE, 6, false).await, "maker", "2026-11-24").await;
        let mut wages = Vec::new();
        for (membership, amount) in members.iter().zip([300_000, 100_000, 600_000, 200_000, 400_000]) {
            wages.push(land.enter("wages", &wage(*membership, "2026-11", amount)).await);
        }
        for point in ["b", "c1", TOWNSHIP] {
            assert_eq!(told(&land, point, "2026-11").await, shown(1_600_000, 5, 300_000), "{point}");
        }
        let mean = land.figures("b", "2026-11", MEAN).await;
        assert_eq!([&mean["mean_hundredths"], &mean["rate_bp"]], [&json!(32_000_000), &Value::Null]);
        for point in [VILLAGE, "c2"] {
            assert_eq!(told(&land, point, "2026-11").await, shown(0, 0, 0), "{point}");
        }
        assert_eq!(told(&land, "b", "2026-12").await, shown(0, 0, 0));
        // Of six the middle lies between two, rounded to a fen.
        let sixth = land.enter("wages", &wage(members[5], "2026-11", 250_001)).await;
        assert_eq!(told(&land, "b", "2026-11").await, shown(1_850_001, 6, 275_001));
        for (membership, amount) in members.iter().zip([1, 2, 3, 4, 5]) {
            land.enter("wages", &wage(*membership, "2026-12", amount)).await;
        }
        assert_eq!(told(&land, "b", "2026-12").await, shown(15, 5, 3));
        for period in ["2026-Q4", "2026", "all"] {
            assert_eq!(told(&land, "b", period).await, shown(1_850_016, 11, 100_000), "{period}");
        }
        assert_eq!(land.rows("b", "2026-11", MEAN).await, 1_850_001);
        land.correct("wages", sixth, 1, json!({ "amount_fen": 250_000 })).await.expect(200);
        assert_eq!(told(&land, "b", "2026-11").await, shown(1_850_000, 6, 275_000));
        land.void("wages", sixth, 2).await.expect(200);
        refused(&land.correct("wages", sixth, 3, json!({ "amount_fen": 1 })).await, 409, "ledger_entry.voided");
        assert_eq!(told(&land, "b", "2026-11").await, shown(1_600_000, 5, 300_000));
        land.counted_right();
    }

    /// A wage is of a month that has begun, in which the person belonged to the organisation, and of each month there is one.
    async fn what_a_wage_says_is_checked(app: TestApp) {
        let land = Land::later(app, 40).await;
        let (household, [member, _]) = land.household(VILLAGE).await;
        let body = until(&land.membership(member, "2026-11-30"), "2026-12-01");
        let membership = land.enter("memberships", &body).await;
        for (month, fields, pointer, code) in [
            ("2027-02", json!({}), "/month", "in_future"),
            ("2026-10", json!({}), "/month", "not_in_force"),
            ("2027-01", json!({}), "/month", "not_in_force"),
            ("2026-11", json!({ "amount_fen": 0 }), "/amount_fen", "range"),
            ("2026-11", json!({ "amount_fen": 100_000_001 }), "/amount_fen", "range"),
        ] {
            let reply = land.post("wages", &with(made::wage(membership, month), fields)).await;
            assert_eq!(reply.status, 422, "{}", reply.text());
            assert!(reply.faults().contains(&(pointer.to_owned(), code.to_owned())), "{}", reply.text());
        }
        let november = land.post("wages", &wage(membership, "2026-11", 5)).await.expect(201).json();
        assert_eq!(
            [&november["membership_id"], &november["member_id"], &november["role"], &november["month"], &november["amount_fen"]],
            [&json!(membership), &json!(member), &json!("maker"), &json!("2026-11"), &json!(5)]
        );
        assert_eq!(november["service_point_id"], json!(land.id(TOWNSHIP)));
        fault(&land.post("wages", &wage(membership, "2026-11", 6)).await, "/month", "logged_already");
        let december = land.enter("wages", &wage(membership, "2026-12", 5)).await;
        fault(&land.correct("wages", december, 1, json!({ "month": "2026-11" })).await, "/month", "logged_already");
        fault(&land.correct("wages", december, 1, json!({ "month": "2026-10" })).await, "/month", "not_in_force");
        for stranger in [land.coop, household, member] {
            unknown(&land.post("wages", &made::wage(stranger, "2026-11")).await, "/membership_id");
        }
        // A membership keeps the months around its wages; once one is taken back, it need not, and the month is free.
        refused(&land.put("memberships", membership, 1, &until(&body, "2026-11-30")).await, 409, "entries.outside");
        land.void("wages", december, 1).await.expect(200);
        land.put("memberships", membership, 1, &until(&body, "2026-11-30")).await.expect(200);
        let late = with(land.membership(member, "2026-12-05"), json!({ "role": "seller" }));
        let again = land.enter("memberships", &late).await;
        land.enter("wages", &wage(again, "2026-12", 7)).await;
        for (filter, n) in [
            (format!("membership_id={membership}"), 2), (format!("member_id={member}"), 3), ("role=seller".to_owned(), 1),
            (format!("service_point_id={}", land.id("c2")), 0),
        ] {
            assert_eq!(land.count(&format!("wages?from=2026-11-01&{filter}")).await, n, "{filter}");
        }
        let worker = land.app.actor(&[(Role::Worker, land.id(VILLAGE))]);
        let path = format!("/api/v1/wages/{december}");
        assert_eq!(land.app.get(&worker, &path).await.status, 404, "the organisation is the township's");
    }

    /// Of fewer than five persons nothing is told, however many months they earned; nor by what is left of others.
    async fn wages_of_few_are_hidden(app: TestApp) {
        let land = Land::later(app, 40).await;
        let members = land.belong(&land.heads(VILLAGE, 5, false).await, "maker", "2026-11-24").await;
        for membership in &members[..4] {
            for month in ["2026-11", "2026-12", "2027-01"] {
                land.enter("wages", &wage(*membership, month, 100)).await;
            }
        }
        for (point, period) in [("b", "2026-11"), ("c1", "2026-12"), (TOWNSHIP, "2026-Q4"), ("b", "all")] {
            assert_eq!(told(&land, point, period).await, HIDDEN, "{point} {period}");
        }
        land.enter("wages", &wage(members[4], "2026-11", 100)).await;
        assert_eq!(told(&land, "b", "2026-11").await, shown(500, 5, 100));
        // Two of another organisation in the same county: the county may be told, none of its parts.
        let second = land.enter("organisations", &things::organisation(land.id("c1t2"))).await;
        for (_, member) in land.heads(VILLAGE, 2, false).await {
            let body = made::membership(land.id("c1t2"), second, member, "2026-11-24".parse().unwrap());
            let membership = land.enter("memberships", &body).await;
            land.enter("wages", &wage(membership, "2026-11", 1_000)).await;
        }
        for point in ["b", "c1"] {
            assert_eq!(told(&land, point, "2026-11").await, shown(2_500, 7, 100), "{point}");
        }
        let county = land.figures("c1", "2026-11", MEAN).await;
        assert_eq!([&county["own"], &county["own_of"], &county["by_child"], &county["hidden"]], [&Value::Null, &Value::Null, &json!([]), &json!(true)]);
        for point in [TOWNSHIP, "c1t2"] {
            assert_eq!(told(&land, point, "2026-11").await, HIDDEN, "{point}");
        }
    }

    /// A quarter less its months that are told leaves no wage of few: what the one person earned in December is in no figure.
    async fn no_month_of_few_is_left_of_a_longer_period(app: TestApp) {
        let land = Land::later(app, 40).await;
        let members = land.belong(&land.heads(VILLAGE, 5, false).await, "maker", "2026-11-24").await;
        for membership in &members {
            land.enter("wages", &wage(*membership, "2026-11", 100)).await;
        }
        for period in ["2026-11", "2026-Q4", "2026", "all"] {
            assert_eq!(told(&land, "b", period).await, shown(500, 5, 100), "{period}");
        }
        land.enter("wages", &wage(members[0], "2026-12", 7)).await;
        assert_eq!(told(&land, "b", "2026-11").await, shown(500, 5, 100));
        for period in ["2026-12", "2026-Q4", "2026", "all"] {
            assert_eq!(told(&land, "b", period).await, HIDDEN, "{period}");
        }
        assert_eq!(told(&land, "b", "2027-01").await, shown(0, 0, 0));
        for membership in &members[1..] {
            land.enter("wages", &wage(*membership, "2026-12", 7)).await;
        }
        assert_eq!(told(&land, "b", "2026-12").await, shown(35, 5, 7));
        assert_eq!(told(&land, "b", "2026-Q4").await, shown(535, 10, 54));
    }

    /// The sum of a county's parts, and the figures of a year, are never added from medians.
    async fn a_median_is_of_all_wages_together(app: TestApp) {
        let land = Land::later(app, 40).await;
        let second = land.enter("organisations", &things::organisation(land.id("c2"))).await;
        let here = land.belong(&land.heads(VILLAGE, 5, false).await, "maker", "2026-11-24").await;
        for (at, membership) in here.iter().enumerate() {
            land.enter("wages", &wage(*membership, "2026-11", 100 + i64::try_from(at).unwrap())).await;
        }
        for (at, (_, member)) in land.heads("c2t1v1", 6, false).await.into_iter().enumerate() {
            let body = made::membership(land.id("c2"), second, member, "2026-11-24".parse().unwrap());
            let membership = land.enter("memberships", &body).await;
            land.enter("wages", &wage(membership, "2026-11", 900 + i64::try_from(at).unwrap())).await;
        }
        for (point, right) in [("b", shown(5_925, 11, 900)), ("c1", shown(510, 5, 102)), ("c2", shown(5_415, 6, 903))] {
            assert_eq!(told(&land, point, "2026-11").await, right, "{point}");
        }
        let bureau = land.figures("b", "2026-11", MEDIAN).await;
        assert_eq!(crate::trade::parts(&bureau, "by_child", "name"), [("模拟c1".to_owned(), 102), ("模拟c2".to_owned(), 903)]);
    }

    /// The annual report says of all of it what the statistics say, the rows behind it add up, and its page says what is hidden.
    async fn it_is_in_the_annual_report(app: TestApp) {
        let land = Land::later(app, 40).await;
        let heads = land.heads(VILLAGE, 6, true).await;
        let members = land.belong(&heads, "maker", "2026-11-24").await;
        for (membership, amount) in members[..5].iter().zip([300_000, 100_000, 600_000, 200_000, 400_000]) {
            land.enter("wages", &wage(*membership, "2026-11", amount)).await;
        }
        let second = land.enter("organisations", &things::organisation(land.id("c2"))).await;
        for (_, member) in land.heads("c2t1v1", 2, true).await {
            let body = made::membership(land.id("c2"), second, member, "2026-11-24".parse().unwrap());
            land.enter("memberships", &body).await;
        }
        let site = land.enter("logistics-sites", &land.site()).await;
        land.enter("coverages", &land.coverage(VILLAGE, site, "2026-11-24")).await;
        land.enter("parcels", &made::parcels(site, "2026-12")).await;
        let link = land.enter("benefit-links", &land.link(heads[0].0, "2026-11-10")).await;
        land.enter("benefits", &made::benefit(link, "2026-11-12".parse().unwrap())).await;
        let project = land.enter("projects", &made::project(land.id("c1"))).await;
        land.enter("project-payments", &made::payment(project, "2026-11-20".parse().unwrap())).await;
        land.enter("policy-documents", &made::policy(land.id("b"))).await;
        for point in ["b", "c1", TOWNSHIP, VILLAGE, "c2"] {
            let path = format!("/api/v1/service-points/{}/annual-report?year=2026", land.id(point));
            let report = land.app.get(&land.clerk, &path).await.expect(200).json();
            for headline in report["headlines"].as_array().unwrap() {
                let metric = headline["metric"].as_str().unwrap();
                let figures = land.figures(point, "2026", metric).await;
                assert_eq!([&headline["value"], &headline["of"]], [&figures["total"], figures.get("of").unwrap_or(&Value::Null)], "{point} {headline}");
                if let Some(value) = headline["value"].as_i64().filter(|_| metric != MEDIAN) {
                    let rows = land.app.all_pages(&land.clerk, headline["rows"].as_str().unwrap(), 3).await;
                    let sum: i64 = rows.iter().map(|row| row["value"].as_i64().unwrap()).sum();
                    assert_eq!(sum, value, "{point} {headline}");
                }
            }
            for breakdown in report["breakdowns"].as_array().unwrap() {
                for part in breakdown["parts"].as_array().unwrap() {
                    let rows = land.app.all_pages(&land.clerk, part["rows"].as_str().unwrap(), 3).await;
                    let sum: i64 = rows.iter().map(|row| row["value"].as_i64().unwrap()).sum();
                    assert_eq!(sum, part["value"].as_i64().unwrap(), "{point} {} {part}", breakdown["metric"]);
                }
            }
            let path = format!("/api/v1/service-points/{}/annual-report/page?year=2026", land.id(point));
            let page = land.app.get(&land.clerk, &path).await.expect(200).text();
            assert_eq!(page.contains("以免推知"), point != "b", "{point}: the other county has two");
            assert_eq!(page.contains("（5 条）"), ["b", "c1", TOWNSHIP].contains(&point), "{point}");
        }
    }
}
