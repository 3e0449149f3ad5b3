//! External indicators stand beside what the system counts, and are never mixed with it.

use serde_json::{Value, json};

use super::{Land, VILLAGE, unknown};
use crate::{
    on_both,
    support::livelihoods as made,
    trade::{fault, with},
};

/// The annual report of a point.
async fn report(land: &Land, point: &str, year: i32) -> Value {
    let path = format!("/api/v1/service-points/{}/annual-report?year={year}", land.id(point));
    land.app.get(&land.clerk, &path).await.expect(200).json()
}

on_both! {
    /// What was entered is answered and written anew; a day to come and half a definition are refused.
    async fn an_indicator_is_kept(app: TestApp) {
        let land = Land::new(app).await;
        let body = made::indicator(land.id("c1"));
        let indicator = land.post("indicators", &body).await.expect(201).json();
        let mut right = with(body.clone(), json!({ "version": 1 }));
        for field in ["id", "created_at", "updated_at"] {
            right[field] = indicator[field].clone();
        }
        assert_eq!(indicator, right);
        let id = indicator["id"].as_str().unwrap().parse().unwrap();
        for (fields, pointer, code) in [
            (json!({ "as_of": "2026-11-25" }), "/as_of", "in_future"), (json!({ "source": "" }), "/source", "length"),
            (json!({ "definition": "" }), "/definition", "length"), (json!({ "decimals": 7 }), "/decimals", "range"),
        ] {
            fault(&land.post("indicators", &with(body.clone(), fields)).await, pointer, code);
        }
        for missing in ["source", "as_of", "definition", "unit"] {
            assert_eq!(land.post("indicators", &with(body.clone(), json!({ missing: null }))).await.status, 400, "{missing}");
        }
        let edited = land.put("indicators", id, 1, &with(body.clone(), json!({ "value": -7, "decimals": 0 }))).await.expect(200).json();
        assert_eq!([&edited["value"], &edited["decimals"], &edited["version"]], [&json!(-7), &json!(0), &json!(2)]);
        fault(&land.put("indicators", id, 2, &with(body.clone(), json!({ "service_point_id": land.id("b") }))).await, "/service_point_id", "fixed");
        unknown(&land.post("indicators", &with(body, json!({ "service_point_id": land.coop }))).await, "/service_point_id");
        assert_eq!([land.count("indicators?from=2011-12-31&to=2011-12-31").await, land.count("indicators?from=2012-01-01").await], [1, 0]);
    }

    /// It moves no figure of any point in any period, and no headline of any report, whatever its value and day.
    async fn an_indicator_is_in_no_figure(app: TestApp) {
        let land = Land::new(app).await;
        land.household(VILLAGE).await;
        let figures = async || {
            let mut all = Vec::new();
            for point in ["b", "c1", VILLAGE] {
                for period in ["2026-11", "2026-Q4", "2026", "all"] {
                    let path = format!("/api/v1/service-points/{}/statistics?period={period}", land.id(point));
                    all.push(land.app.get(&land.clerk, &path).await.expect(200).json()["items"].clone());
                }
                let report = report(&land, point, 2026).await;
                all.extend([report["headlines"].clone(), report["breakdowns"].clone()]);
            }
            all
        };
        let before = figures().await;
        for point in ["b", "c1"] {
            let body = with(made::indicator(land.id(point)), json!({ "as_of": "2026-11-24", "value": 987_654_321, "decimals": 0 }));
            land.enter("indicators", &body).await;
        }
        assert_eq!(figures().await, before);
        land.counted_right();
    }

    /// The report of a year shows what was published about its own point up to its end, with source, day and definition.
    async fn an_indicator_stands_beside_the_report(app: TestApp) {
        let land = Land::new(app).await;
        for (point, as_of, name) in [("c1", "2026-01-31", "模拟甲"), ("c1", "2011-12-31", "模拟<乙>"), ("c1", "2025-12-31", "模拟丙"), ("c2", "2026-01-31", "模拟丁"), ("b", "2026-01-31", "模拟戊")] {
            let body = with(made::indicator(land.id(point)), json!({ "as_of": as_of, "name": name }));
            land.enter("indicators", &body).await;
        }
        for (point, year, right) in [
            ("c1", 2026, vec!["模拟<乙>", "模拟丙", "模拟甲"]), ("c1", 2025, vec!["模拟<乙>", "模拟丙"]), ("c1", 2010, vec![]),
            ("b", 2026, vec!["模拟戊"]), (VILLAGE, 2026, vec![]),
        ] {
            let report = report(&land, point, year).await;
            let shown = report["external_indicators"].as_array().unwrap();
            let names: Vec<&str> = shown.iter().map(|indicator| indicator["name"].as_str().unwrap()).collect();
            assert_eq!(names, right, "{point} {year}");
            let whole = shown.iter().all(|indicator| ["value", "decimals", "unit", "as_of", "source", "definition"].iter().all(|field| !indicator[field].is_null()));
            assert!(whole, "{report}");
        }
        let path = format!("/api/v1/service-points/{}/annual-report/page?year=2026", land.id("c1"));
        let page = land.app.get(&land.clerk, &path).await.expect(200).text();
        assert!(page.contains("53.00 %") && page.contains("模拟来源") && page.contains("模拟口径") && page.contains("2011-12-31"), "{page}");
        assert!(page.contains("模拟&lt;乙&gt;") && !page.contains("<乙>") && !page.contains("模拟丁"), "{page}");
    }
}
