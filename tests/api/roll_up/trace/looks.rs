//! What the tape looks at, after all that was changed: each part of the API, through the eyes of several people.

use serde_json::Value;
use terrace::domain::{codes::Role, metrics::METRICS};

use super::Tape;
use crate::{audit::world::World, support::Actor};

/// A collection, the path of its items, and that of what each has said.
type Collection = (&'static str, &'static str, Option<&'static str>);

macro_rules! kept {
    ($($name:literal)+) => {
        &[$((concat!("/api/v1/", $name), concat!("/api/v1/", $name, "/{id}"), None)),+]
    };
}

macro_rules! logged {
    ($($name:literal)+) => {
        &[$((
            concat!("/api/v1/", $name),
            concat!("/api/v1/", $name, "/{id}"),
            Some(concat!("/api/v1/", $name, "/{id}/versions")),
        )),+]
    };
}

/// Catalogues and registers.
const KEPT: &[Collection] = kept![
    "partners" "agreements" "platforms" "products" "campaigns"
    "opening-balances" "policy-documents" "projects" "indicators" "organisations"
    "stores" "logistics-sites" "coverages" "village-infrastructure" "memberships"
    "benefit-links"
];
/// Ledgers.
const LOGGED: &[Collection] = logged![
    "sales" "livestreams" "training-sessions" "attendances"
    "parcels" "wages" "benefits" "project-payments"
];

/// Catalogues, registers and ledgers.
pub async fn trade(tape: &mut Tape, readers: &[&Actor; 3]) {
    for (list, item, versions) in KEPT.iter().chain(LOGGED) {
        tape.look(readers[0], list, None, "").await.expect(403);
        for reader in &readers[1..] {
            let rows = tape.pages(reader, list, None, "").await;
            assert!(rows.len() > 1, "{list} has too little to compare");
            for row in &rows {
                for route in [Some(*item), *versions].into_iter().flatten() {
                    tape.look(reader, route, row["id"].as_str(), "").await.expect(200);
                }
                if *list == "/api/v1/policy-documents" {
                    let status = if row["file"].is_null() { 404 } else { 200 };
                    let route = "/api/v1/policy-documents/{id}/file";
                    tape.look(reader, route, row["id"].as_str(), "").await.expect(status);
                }
            }
        }
    }
}

/// Monthly reports and waivers.
pub async fn months(tape: &mut Tape, some: &Actor, all: &Actor) {
    for reader in [some, all] {
        let reports = tape.pages(reader, "/api/v1/reports", None, "").await;
        assert!(reports.len() > 2, "too few reports to compare");
        for report in &reports {
            for route in
                ["/api/v1/reports/{id}", "/api/v1/reports/{id}/submissions", "/api/v1/reports/{id}/differences"]
            {
                tape.look(reader, route, report["id"].as_str(), "").await.expect(200);
            }
            let point = report["service_point_id"].as_str();
            for route in ["/api/v1/service-points/{id}/report", "/api/v1/service-points/{id}/review-queue"] {
                tape.look(reader, route, point, "?month=2026-10").await.expect(200);
            }
            for metric in METRICS {
                let query = format!("&metric={}", metric.code);
                tape.pages(reader, "/api/v1/reports/{id}/rows", report["id"].as_str(), &query).await;
                let query = format!("{query}&period=2026");
                tape.pages(reader, "/api/v1/service-points/{id}/statistics/rows", point, &query).await;
            }
        }
        for waiver in tape.pages(reader, "/api/v1/report-waivers", None, "&month=2026-10").await {
            tape.look(reader, "/api/v1/report-waivers/{id}", waiver["id"].as_str(), "").await.expect(200);
        }
        for query in ["&state=approved", "&month=2026-10", "&month=2026-09"] {
            tape.pages(reader, "/api/v1/reports", None, query).await;
        }
    }
}

/// What the rules find in two months, and what was said about it.
pub async fn doubtful(tape: &mut Tape, world: &World, readers: &[&Actor; 3]) {
    for month in ["2026-10", "2026-11"] {
        for name in ["b", "c1", "c2t2", "c2t2v2"] {
            for reader in readers {
                let (id, query) = (world.network.id(name).to_string(), format!("?month={month}"));
                tape.look(reader, "/api/v1/service-points/{id}/doubtful-summary", Some(&id), &query).await;
            }
        }
        tape.look(readers[0], "/api/v1/doubtful-items", None, "").await.expect(403);
        for reader in &readers[1..] {
            let rows = tape.pages(reader, "/api/v1/doubtful-items", None, &format!("&month={month}")).await;
            assert!(rows.len() > 2, "too little is doubtful to compare");
            for row in rows.iter().filter(|row| row["state"] == "explained") {
                let id = row["explanation"]["id"].as_str();
                tape.look(reader, "/api/v1/doubtful-explanations/{id}", id, "").await.expect(200);
            }
        }
    }
}

/// Due days, leave for late entries, notices and announcements.
pub async fn notices(tape: &mut Tape, some: &Actor, all: &Actor) {
    let county = tape.app.get(all, "/api/v1/service-points?tier=county").await.expect(200).json();
    let county = county["items"][0]["id"].as_str().unwrap().to_owned();
    for reader in [some, all] {
        tape.look(reader, "/api/v1/notices/unread", None, "").await.expect(200);
        tape.pages(reader, "/api/v1/notices", None, "&unread=true").await;
        let rules = tape.look(reader, "/api/v1/reporting-rules", None, "").await.expect(200).json();
        for rule in rules["items"].as_array().unwrap().iter().filter(|rule| !rule["id"].is_null()) {
            tape.look(reader, "/api/v1/reporting-rules/{id}", rule["id"].as_str(), "").await.expect(200);
        }
        for leave in tape.pages(reader, "/api/v1/period-exceptions", None, "").await {
            tape.look(reader, "/api/v1/period-exceptions/{id}", leave["id"].as_str(), "").await.expect(200);
        }
        for month in ["2026-09", "2026-10", "2026-12"] {
            let query = format!("?month={month}");
            tape.look(reader, "/api/v1/service-points/{id}/timeliness", Some(&county), &query).await;
        }
        for announcement in tape.pages(reader, "/api/v1/announcements", None, "").await {
            for route in [
                "/api/v1/announcements/{id}",
                "/api/v1/announcements/{id}/receipts",
                "/api/v1/announcements/{id}/readers",
            ] {
                tape.look(reader, route, announcement["id"].as_str(), "").await.expect(200);
            }
        }
    }
}

/// Events and timelines. Places in the chain are left out: events of one moment stand in the order of their commits on SQLite,
/// in that of their ids on PostgreSQL.
pub async fn audit(tape: &mut Tape, world: &World) {
    let manager = tape.app.actor(&[(Role::Manager, world.network.id("b"))]);
    let auditor = tape.app.actor(&[(Role::Auditor, world.network.id("c1"))]);
    let point = world.network.id("c1t1v1").to_string();
    let account = world.worker.account.map(|id| id.to_string());
    let first = |rows: Vec<Value>| rows[0]["id"].as_str().map(str::to_owned);
    let household = first(tape.pages(&manager, "/api/v1/households", None, "").await);
    let window = "&from=2025-12-01&to=2026-11-26";
    let record = first(tape.pages(&manager, "/api/v1/assistance-records", None, window).await);
    let report = first(tape.pages(&manager, "/api/v1/reports", None, "").await);
    for reader in [&manager, &auditor] {
        for (route, id) in [
            ("/api/v1/audit-events", None),
            ("/api/v1/audit-events/head", None),
            ("/api/v1/service-points/{id}/timeline", Some(&point)),
            ("/api/v1/households/{id}/timeline", household.as_ref()),
            ("/api/v1/assistance-records/{id}/timeline", record.as_ref()),
            ("/api/v1/reports/{id}/timeline", report.as_ref()),
            ("/api/v1/accounts/{id}/timeline", account.as_ref()),
        ] {
            tape.routes.insert(("GET".to_owned(), route));
            let path = route.replace("{id}", id.map_or("", |id| id));
            let mut reply = tape.app.get(reader, &path).await;
            if reply.status == 200 {
                let mut told = reply.json();
                for left_out in ["seq", "digest", "signature"] {
                    told.as_object_mut().unwrap().remove(left_out);
                }
                for event in told["items"].as_array_mut().into_iter().flatten() {
                    event.as_object_mut().unwrap().remove("seq");
                }
                reply.body = serde_json::to_vec(&told).unwrap();
            }
            tape.keep(format!("GET {path}"), &reply);
        }
    }
}

/// What belongs to households and records, and searches for them; by who sees all of it, and by who sees a part.
pub async fn people(tape: &mut Tape, some: &Actor, all: &Actor) {
    for query in [
        "&q=moni",
        "&q=%E6%A8%A1%E6%8B%9F",
        "&q=e%CC%81",
        "&phone_tail=1234",
        "&external_number=HU-1",
        "&household_type=monitored",
        "&monitoring_category=marginal",
        "&disability=4",
        "&status=moved_away",
        "&count=true",
    ] {
        for reader in [some, all] {
            tape.pages(reader, "/api/v1/households", None, query).await;
        }
    }
    for household in tape.pages(all, "/api/v1/households", None, "").await {
        for reader in [some, all] {
            let id = household["id"].as_str();
            for route in ["/api/v1/households/{id}/history", "/api/v1/households/{id}/members"] {
                tape.look(reader, route, id, "").await;
            }
            tape.look(reader, "/api/v1/households/{id}/records", id, "?limit=3").await;
        }
        let path = format!("/api/v1/households/{}/members", household["id"].as_str().unwrap());
        for member in tape.get(all, &path).await.expect(200).json()["items"].as_array().unwrap() {
            tape.look(some, "/api/v1/members/{id}", member["id"].as_str(), "").await;
            tape.look(all, "/api/v1/members/{id}", member["id"].as_str(), "").await.expect(200);
        }
    }
    for record in tape.pages(all, "/api/v1/assistance-records", None, "&from=2025-12-01&to=2026-11-26").await {
        tape.look(all, "/api/v1/assistance-records/{id}/versions", record["id"].as_str(), "").await.expect(200);
    }
    for inspection in tape.pages(all, "/api/v1/inspections", None, "").await {
        for reader in [some, all] {
            let id = inspection["id"].as_str();
            tape.look(reader, "/api/v1/inspections/{id}/frame", id, "?part=1").await;
            tape.look(reader, "/api/v1/inspections/{id}/frame", id, "?part=2").await.expect(404);
            tape.look(reader, "/api/v1/inspections/{id}/results", id, "").await;
        }
    }
    for query in ["&state=pending", "&state=accepted"] {
        tape.pages(some, "/api/v1/transfer-requests", None, query).await;
    }
}
