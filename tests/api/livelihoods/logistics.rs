//! Logistics sites, the villages that they cover, what villages are equipped with, and parcels.

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::{Land, TOWNSHIP, VILLAGE, day, unknown, until};
use crate::{
    on_both,
    support::{livelihoods as made, trade as things},
    trade::{fault, parts, refused, with},
};

const SHARE: &str = "villages_covered_share";
const BROADBAND: &str = "villages_broadband_share";

on_both! {
    /// What was entered is answered, found by its filters, and written anew as a whole; the point stays.
    async fn a_site_is_kept(app: TestApp) {
        let land = Land::new(app).await;
        let body = land.site();
        let site = land.post("logistics-sites", &body).await.expect(201).json();
        let mut right = with(body.clone(), json!({ "version": 1 }));
        for field in ["id", "closed_on", "created_at", "updated_at"] {
            right[field] = site[field].clone();
        }
        assert_eq!((&site, &site["closed_on"]), (&right, &Value::Null));
        let id = site["id"].as_str().unwrap().parse().unwrap();
        for (filter, n) in [
            ("kind=express_station".to_owned(), 1),
            ("kind=warehouse".to_owned(), 0),
            (format!("partner_id={}", land.partner), 1),
            (format!("service_point_id={}", land.id("c1")), 1),
            (format!("service_point_id={}", land.id("c2")), 0),
            ("on=2026-10-31".to_owned(), 0),
            ("on=2026-11-01".to_owned(), 1),
        ] {
            assert_eq!(land.count(&format!("logistics-sites?{filter}")).await, n, "{filter}");
        }
        let renamed = with(body.clone(), json!({ "name": "模拟新名", "kind": "warehouse" }));
        let edited = land.put("logistics-sites", id, 1, &renamed).await.expect(200).json();
        assert_eq!([&edited["name"], &edited["kind"], &edited["version"]], [&json!("模拟新名"), &json!("warehouse"), &json!(2)]);
        refused(&land.put("logistics-sites", id, 1, &renamed).await, 412, "version.stale");
        let moved = with(renamed, json!({ "service_point_id": land.id("c1") }));
        fault(&land.put("logistics-sites", id, 2, &moved).await, "/service_point_id", "fixed");
        assert_eq!(parts(&land.figures("b", "2026-11", "logistics_sites").await, "by_type", "type"), [("warehouse".to_owned(), 1)]);
        land.counted_right();
    }

    /// Days have come and are in order, the kind is known, and the operator is a logistics partner who is there.
    async fn what_a_site_says_is_checked(app: TestApp) {
        let land = Land::new(app).await;
        let other = with(things::partner(land.id("b")), json!({ "kind": "training" }));
        let other = land.enter("partners", &other).await;
        for (fields, pointer, code) in [
            (json!({ "kind": "airport" }), "/kind", "unknown_code"),
            (json!({ "opened_on": "2026-11-25" }), "/opened_on", "in_future"),
            (json!({ "closed_on": "2026-11-25" }), "/closed_on", "in_future"),
            (json!({ "closed_on": "2026-10-31" }), "/closed_on", "before_from"),
            (json!({ "name": "联系 13900001234" }), "/name", "personal_number"),
            (json!({ "partner_id": other }), "/partner_id", "not_logistics"),
        ] {
            fault(&land.post("logistics-sites", &with(land.site(), fields)).await, pointer, code);
        }
        unknown(&land.post("logistics-sites", &with(land.site(), json!({ "partner_id": land.product }))).await, "/partner_id");
        unknown(&land.post("logistics-sites", &with(land.site(), json!({ "service_point_id": land.app.edge.new_id() }))).await, "/service_point_id");
        // A county's partner runs nothing in another county.
        let theirs = land.enter("partners", &things::partner(land.id("c2"))).await;
        let reply = land.post("logistics-sites", &with(land.site(), json!({ "partner_id": theirs }))).await;
        assert!([404, 422].contains(&reply.status) && reply.faults()[0].0 == "/partner_id", "{}", reply.text());
    }

    /// Covered is a village that any site covers, however many do, of the villages that stand at the period's end.
    async fn covered_villages_are_counted_once_of_those_that_stand(app: TestApp) {
        let land = Land::later(app, 40).await;
        let first = land.enter("logistics-sites", &land.site()).await;
        let second = land.enter("logistics-sites", &with(land.site(), json!({ "kind": "sorting_centre" }))).await;
        let body = land.coverage(VILLAGE, first, "2026-11-25");
        let cover = land.enter("coverages", &body).await;
        assert_eq!(land.share("b", "2026-11", SHARE).await, (1, 8));
        let beside = land.coverage(VILLAGE, second, "2026-12-05");
        let other = land.enter("coverages", &beside).await;
        land.enter("coverages", &land.coverage("c2t1v1", second, "2026-12-05")).await;
        // A ninth village stands from December on.
        land.open(TOWNSHIP, "2026-12-10").await;
        for (point, period, right) in [
            ("b", "2026-10", (0, 0)), ("b", "2026-11", (1, 8)), ("b", "2026-12", (2, 9)), ("b", "2026-Q4", (2, 9)), ("b", "2026", (2, 9)),
            ("b", "all", (2, 9)), ("c1", "2026-12", (1, 5)), (TOWNSHIP, "2026-12", (1, 3)), (VILLAGE, "2026-12", (1, 1)),
            ("c2", "2026-11", (0, 4)), ("c2", "2026-12", (1, 4)), ("c1t2", "2026-12", (0, 2)),
        ] {
            assert_eq!(land.share(point, period, SHARE).await, right, "{point} {period}");
        }
        let figures = land.figures("b", "2026-11", SHARE).await;
        assert_eq!(figures["rate_bp"], 1_250);
        assert_eq!(land.rows("b", "2026-12", SHARE).await, 2);
        // The first ends within December: the second still covers. Then that ends too, and begins again.
        land.put("coverages", cover, 1, &until(&body, "2026-12-10")).await.expect(200);
        assert_eq!(land.share(VILLAGE, "2026-12", SHARE).await, (1, 1));
        land.put("coverages", other, 1, &until(&beside, "2026-12-20")).await.expect(200);
        for (period, right) in [("2026-11", (1, 1)), ("2026-12", (0, 1)), ("all", (0, 1))] {
            assert_eq!(land.share(VILLAGE, period, SHARE).await, right, "{period}");
        }
        land.enter("coverages", &land.coverage(VILLAGE, first, "2026-12-31")).await;
        for (period, right) in [("2026-11", (1, 1)), ("2026-12", (1, 1)), ("2027-01", (1, 1))] {
            assert_eq!(land.share(VILLAGE, period, SHARE).await, right, "{period}");
        }
        land.counted_right();
    }

    /// The last day of a site is the last one of its coverages; opened again it covers as before.
    async fn a_site_that_closes_covers_no_more(app: TestApp) {
        let land = Land::later(app, 40).await;
        let site = land.enter("logistics-sites", &land.site()).await;
        for village in [VILLAGE, "c1t1v2", "c2t1v1"] {
            land.enter("coverages", &land.coverage(village, site, "2026-11-24")).await;
        }
        let closed = |on: &str| with(land.site(), json!({ "closed_on": on }));
        land.put("logistics-sites", site, 1, &closed("2026-12-30")).await.expect(200);
        assert_eq!([land.share("b", "2026-11", SHARE).await, land.share("b", "2026-12", SHARE).await], [(3, 8), (0, 8)]);
        assert_eq!(land.branch("2026-12", "logistics_sites").await, [0; 4]);
        land.put("logistics-sites", site, 2, &closed("2026-12-31")).await.expect(200);
        assert_eq!([land.share("b", "2026-12", SHARE).await, land.share("b", "2027-01", SHARE).await], [(3, 8), (0, 8)]);
        assert_eq!(land.branch("2026-12", "logistics_sites").await, [1, 1, 1, 0]);
        assert_eq!(land.branch("2027-01", "logistics_sites").await, [0; 4]);
        // What is closed takes no village any more.
        fault(&land.post("coverages", &land.coverage("c1t2v1", site, "2027-01-01")).await, "/starts_on", "site_not_open");
        land.put("logistics-sites", site, 3, &land.site()).await.expect(200);
        assert_eq!(land.share("b", "2027-01", SHARE).await, (3, 8));
        // It was open later than was thought: the coverage begins with it.
        land.put("logistics-sites", site, 4, &with(land.site(), json!({ "opened_on": "2026-12-01" }))).await.expect(200);
        assert_eq!([land.share("b", "2026-11", SHARE).await, land.share("b", "2026-12", SHARE).await], [(0, 8), (3, 8)]);
        land.counted_right();
    }

    /// A village that closes is neither covered nor one of those that might be, from the day after on.
    async fn a_village_that_closes_leaves_both_sides(app: TestApp) {
        let land = Land::later(app, 40).await;
        let site = land.enter("logistics-sites", &land.site()).await;
        for village in [VILLAGE, "c2t1v1"] {
            land.enter("coverages", &land.coverage(village, site, "2026-11-24")).await;
            land.enter("village-infrastructure", &land.infrastructure(village, "2026-11-24")).await;
        }
        land.close(VILLAGE, "2026-12-15").await;
        for metric in [SHARE, BROADBAND] {
            for (point, period, right) in [
                ("b", "2026-11", (2, 8)), ("b", "2026-12", (1, 7)), ("c1", "2026-11", (1, 4)), ("c1", "2026-12", (0, 3)), (VILLAGE, "2026-12", (0, 0)),
            ] {
                assert_eq!(land.share(point, period, metric).await, right, "{metric} {point} {period}");
            }
            assert_eq!(land.rows("b", "2026-12", metric).await, 1, "{metric}");
        }
        refused(&land.post("coverages", &land.coverage(VILLAGE, site, "2026-12-01")).await, 409, "service_point.ended");
        refused(&land.post("village-infrastructure", &land.infrastructure(VILLAGE, "2026-12-01")).await, 409, "service_point.ended");
        land.counted_right();
    }

    /// A village takes what covers it to its new township and county.
    async fn a_village_moves_with_what_covers_it(app: TestApp) {
        let land = Land::new(app).await;
        let site = land.enter("logistics-sites", &land.site()).await;
        land.enter("coverages", &land.coverage(VILLAGE, site, "2026-11-24")).await;
        land.enter("village-infrastructure", &land.infrastructure(VILLAGE, "2026-11-24")).await;
        let path = format!("/api/v1/service-points/{}/move", land.id(VILLAGE));
        let body = json!({ "parent_id": land.id("c2t1"), "reason": "区划调整" });
        land.app.post_to(&land.admin(), &path, 1, Some(&body)).await.expect(200);
        for metric in [SHARE, BROADBAND] {
            for (point, right) in [("b", (1, 8)), ("c1", (0, 3)), ("c2", (1, 5)), ("c2t1", (1, 3))] {
                assert_eq!(land.share(point, "2026-11", metric).await, right, "{metric} {point}");
            }
        }
        assert_eq!(land.total("c1", "2026-11", "logistics_sites").await, 1, "the site stays");
        land.counted_right();
    }

    /// Only villages are covered and equipped; village, site and kind stay.
    async fn what_a_coverage_says_is_checked(app: TestApp) {
        let land = Land::new(app).await;
        let site = land.enter("logistics-sites", &land.site()).await;
        let other = land.enter("logistics-sites", &land.site()).await;
        let body = land.coverage(VILLAGE, site, "2026-11-10");
        fault(&land.post("coverages", &land.coverage(TOWNSHIP, site, "2026-11-10")).await, "/service_point_id", "not_a_village");
        for (fields, pointer, code) in [
            (json!({ "starts_on": "2026-11-25" }), "/starts_on", "in_future"),
            (json!({ "ends_on": "2026-11-25" }), "/ends_on", "in_future"),
            (json!({ "ends_on": "2026-11-09" }), "/ends_on", "before_from"),
            (json!({ "starts_on": "2026-10-01", "ends_on": "2026-10-31" }), "/starts_on", "site_not_open"),
        ] {
            fault(&land.post("coverages", &with(body.clone(), fields)).await, pointer, code);
        }
        let coverage = land.enter("coverages", &body).await;
        unknown(&land.post("coverages", &with(body.clone(), json!({ "site_id": coverage }))).await, "/site_id");
        fault(&land.put("coverages", coverage, 1, &with(body.clone(), json!({ "site_id": other }))).await, "/site_id", "fixed");
        let elsewhere = with(body.clone(), json!({ "service_point_id": land.id("c1t1v2") }));
        fault(&land.put("coverages", coverage, 1, &elsewhere).await, "/service_point_id", "fixed");
        let wire = land.infrastructure(VILLAGE, "2026-11-10");
        fault(&land.post("village-infrastructure", &land.infrastructure("c1", "2026-11-10")).await, "/service_point_id", "not_a_village");
        fault(&land.post("village-infrastructure", &with(wire.clone(), json!({ "kind": "harbour" }))).await, "/kind", "unknown_code");
        fault(&land.post("village-infrastructure", &with(wire.clone(), json!({ "starts_on": "2026-11-25" }))).await, "/starts_on", "in_future");
        let item = land.enter("village-infrastructure", &wire).await;
        fault(&land.put("village-infrastructure", item, 1, &with(wire.clone(), json!({ "kind": "paved_road" }))).await, "/kind", "fixed");
        let told = land.put("village-infrastructure", item, 1, &with(wire, json!({ "source": "模拟验收单" }))).await.expect(200).json();
        assert_eq!(told["source"], "模拟验收单");
        // Whoever looks after the village alone sees no site of the township, and covers nothing by it.
        let worker = land.app.actor(&[(Role::Worker, land.id("c1t1v2"))]);
        unknown(&land.app.post(&worker, "/api/v1/coverages", &land.coverage("c1t1v2", site, "2026-11-10")).await, "/site_id");
        let path = format!("/api/v1/coverages/{coverage}");
        assert_eq!(land.app.request(&worker, Method::GET, &path, None, &[]).await.status, 404);
    }

    /// Each kind of infrastructure is a figure of its own; one that ends and comes back counts on its days, and once.
    async fn villages_are_equipped(app: TestApp) {
        let land = Land::later(app, 40).await;
        let body = land.infrastructure(VILLAGE, "2026-11-24");
        let wire = land.enter("village-infrastructure", &body).await;
        land.enter("village-infrastructure", &with(body.clone(), json!({ "source": "模拟台账" }))).await;
        let kinds = ["mobile_network", "paved_road", "three_phase_power"];
        for (kind, village) in kinds.into_iter().zip([VILLAGE, "c1t1v2", "c2t1v1"]) {
            land.enter("village-infrastructure", &with(land.infrastructure(village, "2026-12-01"), json!({ "kind": kind }))).await;
        }
        assert_eq!(land.share("b", "2026-11", BROADBAND).await, (1, 8));
        for (kind, right) in kinds.into_iter().zip([(1, 4), (1, 4), (0, 4)]) {
            let metric = format!("villages_{kind}_share");
            assert_eq!(land.share("c1", "2026-12", &metric).await, right, "{kind}");
            assert_eq!(land.share("c1", "2026-11", &metric).await, (0, 4), "{kind}");
        }
        land.put("village-infrastructure", wire, 1, &until(&body, "2026-11-25")).await.expect(200);
        assert_eq!(land.share("b", "2026-12", BROADBAND).await, (1, 8), "the other tells of it too");
        assert_eq!(land.count("village-infrastructure?kind=broadband&on=2026-11-26").await, 1);
        assert_eq!(land.count(&format!("village-infrastructure?service_point_id={}", land.id("c1"))).await, 4);
        land.counted_right();
    }

    /// Parcels count in their month at the site's point, by direction, as they are corrected and taken back.
    async fn parcels_are_counted(app: TestApp) {
        let land = Land::later(app, 40).await;
        let site = land.enter("logistics-sites", &land.site()).await;
        let told = |month: &str, direction: &str, n: i64| with(made::parcels(site, month), json!({ "direction": direction, "parcels": n }));
        let november = land.post("parcels", &told("2026-11", "in", 100)).await.expect(201).json();
        assert_eq!(
            [&november["site_id"], &november["month"], &november["direction"], &november["parcels"], &november["state"]],
            [&json!(site), &json!("2026-11"), &json!("in"), &json!(100), &json!("active")]
        );
        let id = november["id"].as_str().unwrap().parse().unwrap();
        land.enter("parcels", &told("2026-11", "out", 7)).await;
        let december = land.enter("parcels", &told("2026-12", "in", 30)).await;
        land.enter("parcels", &told("2027-01", "out", 0)).await;
        for (period, total) in [("2026-10", 0), ("2026-11", 107), ("2026-12", 30), ("2026-Q4", 137), ("2026", 137), ("2027", 0), ("all", 137)] {
            assert_eq!(land.branch(period, "parcels").await, [total, total, total, 0], "{period}");
        }
        let ways = parts(&land.figures("b", "2026", "parcels").await, "by_kind", "kind");
        assert_eq!(ways, [("in".to_owned(), 130), ("out".to_owned(), 7)]);
        fault(&land.post("parcels", &told("2026-11", "in", 1)).await, "/month", "logged_already");
        fault(&land.correct("parcels", december, 1, json!({ "month": "2026-11" })).await, "/month", "logged_already");
        fault(&land.correct("parcels", id, 1, json!({ "direction": "out" })).await, "/month", "logged_already");
        land.correct("parcels", id, 1, json!({ "parcels": 90 })).await.expect(200);
        land.correct("parcels", december, 1, json!({ "direction": "out" })).await.expect(200);
        let ways = parts(&land.figures("b", "2026-Q4", "parcels").await, "by_kind", "kind");
        assert_eq!(ways, [("in".to_owned(), 90), ("out".to_owned(), 37)]);
        land.void("parcels", id, 2).await.expect(200);
        refused(&land.void("parcels", id, 3).await, 409, "ledger_entry.voided");
        assert_eq!(land.total("b", "2026-11", "parcels").await, 7);
        land.enter("parcels", &told("2026-11", "in", 3)).await;
        assert_eq!((land.total("b", "2026-11", "parcels").await, land.rows("b", "2026-11", "parcels").await), (10, 10));
        assert_eq!(land.count(&format!("parcels?site_id={site}&direction=in&from=2026-11-01")).await, 2);
        land.counted_right();
    }

    /// They are of a month that has begun, on some day of which the site was open, and a site keeps its days around them.
    async fn what_a_report_of_parcels_says_is_checked(app: TestApp) {
        let land = Land::new(app).await;
        let late = with(land.site(), json!({ "opened_on": "2026-11-20" }));
        let site = land.enter("logistics-sites", &late).await;
        for (month, fields, pointer, code) in [
            ("2026-12", json!({}), "/month", "in_future"),
            ("2026-10", json!({}), "/month", "not_in_force"),
            ("2026-11", json!({ "direction": "up" }), "/direction", "unknown_code"),
            ("2026-11", json!({ "parcels": -1 }), "/parcels", "range"),
        ] {
            fault(&land.post("parcels", &with(made::parcels(site, month), fields)).await, pointer, code);
        }
        unknown(&land.post("parcels", &made::parcels(land.coop, "2026-11")).await, "/site_id");
        let entry = land.enter("parcels", &made::parcels(site, "2026-11")).await;
        fault(&land.correct("parcels", entry, 1, json!({ "month": "2026-10" })).await, "/month", "not_in_force");
        // November was reported, so the site was open in it.
        let october = with(late.clone(), json!({ "opened_on": "2026-10-01", "closed_on": "2026-10-31" }));
        refused(&land.put("logistics-sites", site, 1, &october).await, 409, "entries.outside");
        let coverage = land.enter("coverages", &land.coverage(VILLAGE, site, "2026-11-21")).await;
        unknown(&land.post("parcels", &made::parcels(coverage, "2026-11")).await, "/site_id");
        let stranger = land.app.actor(&[(Role::Worker, land.id("c2t1"))]);
        unknown(&land.app.post(&stranger, "/api/v1/parcels", &made::parcels(site, "2026-11")).await, "/site_id");
        assert_eq!(day("2026-11-24"), land.app.today());
    }

    /// A planned village counts on neither side until it begins; what covers one that becomes another kind counts as that.
    async fn a_village_begins_and_changes_its_kind(app: TestApp) {
        let land = Land::new(app).await;
        let site = land.enter("logistics-sites", &land.site()).await;
        let admin = land.admin();
        let body = json!({
            "parent_id": land.id(TOWNSHIP), "tier": "village", "name": "模拟新村", "status": "planned", "region_code": "999901001003",
            "opened_on": land.app.today().plus_days(90),
        });
        let planned = land.app.post(&admin, "/api/v1/service-points", &body).await.expect(201).id();
        let (cover, wire) = (made::coverage(planned, site, day("2026-11-24")), made::infrastructure(planned, day("2026-11-24")));
        // Whether it may be said beforehand or not, it does not count.
        let entered = [land.post("coverages", &cover).await.status, land.post("village-infrastructure", &wire).await.status];
        for metric in [SHARE, BROADBAND] {
            assert_eq!(land.share("b", "2026-11", metric).await, (0, 8), "{metric}");
        }
        land.app.post_to(&admin, &format!("/api/v1/service-points/{planned}/activate"), 1, None).await.expect(200);
        for (list, body, status) in [("coverages", &cover, entered[0]), ("village-infrastructure", &wire, entered[1])] {
            if status != 201 {
                land.enter(list, body).await;
            }
        }
        for metric in [SHARE, BROADBAND] {
            assert_eq!(land.share("b", "2026-11", metric).await, (1, 9), "{metric}");
            assert_eq!(parts(&land.figures("b", "2026-11", metric).await, "by_type", "type"), [("community".to_owned(), 1)], "{metric}");
        }
        let other = json!({ "region_code": "999901001299" });
        land.app.patch(&admin, &format!("/api/v1/service-points/{planned}"), 2, &other).await.expect(200);
        for metric in [SHARE, BROADBAND] {
            assert_eq!(parts(&land.figures("b", "2026-11", metric).await, "by_type", "type"), [("committee".to_owned(), 1)], "{metric}");
        }
        land.counted_right();
    }

    /// What was covered on days before it stood counts from the day on which it stands.
    async fn a_coverage_may_be_older_than_its_village(app: TestApp) {
        let land = Land::later(app, 40).await;
        let site = land.enter("logistics-sites", &land.site()).await;
        let village = land.open(TOWNSHIP, "2026-12-10").await;
        land.enter("coverages", &made::coverage(village, site, day("2026-11-05"))).await;
        land.enter("village-infrastructure", &made::infrastructure(village, day("2026-11-05"))).await;
        for metric in [SHARE, BROADBAND] {
            assert_eq!([land.share("b", "2026-11", metric).await, land.share("b", "2026-12", metric).await], [(0, 8), (1, 9)], "{metric}");
        }
        land.counted_right();
    }
}
