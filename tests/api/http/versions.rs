//! Versions: `ETag` on items, `If-None-Match` on reading them, `If-Match` on changing them.

use std::collections::BTreeSet;

use actix_web::http::Method;
use diesel::{RunQueryDsl as _, sql_query};
use serde_json::{Value, json};
use terrace::domain::{Day, Id, codes::Role};
use utoipa::openapi::path::ParameterIn;

use super::{assert_problem, dump::dump, everyone, record};
use crate::{
    on_both,
    support::{Actor, Network, TestApp, household, livelihoods::Livelihoods, trade::Trade},
};

/// One row of each kind that has a version, each in version 1.
struct Rows {
    household: Id,
    record: Id,
    account: Id,
    grant: Id,
    point: Id,
    member: Id,
    request: Id,
    report: Id,
    waiver: Id,
    inspection: Id,
    item: Id,
    finding: Id,
    exception: Id,
    trade: Trade,
    livelihoods: Livelihoods,
    today: Day,
}

impl Rows {
    async fn make(app: &TestApp, network: &Network, actor: &Actor) -> Self {
        let home = network.id("c1t1v1");
        let household = app.post(actor, "/api/v1/households", &household(home)).await.expect(201);
        let members = app.get(actor, &format!("/api/v1/households/{}/members", household.id())).await.expect(200);
        let asked =
            json!({ "household_id": household.id(), "service_point_id": network.id("c1t2"), "reason": "模拟迁入" });
        let asked = app.post(actor, "/api/v1/transfer-requests", &asked).await.expect(201);
        let record = record(app, household.id(), home);
        let record = app.post(actor, "/api/v1/assistance-records", &record).await.expect(201);
        for made in [&household, &record, &asked] {
            assert_eq!(made.header("etag"), Some("\"1\""));
        }
        let leave = json!({ "service_point_id": network.id("c1"), "month": "2026-11", "until_day": "2026-12-31", "reason": "模拟" });
        let exception = app.post(actor, "/api/v1/period-exceptions", &leave).await.expect(201);
        assert_eq!(exception.header("etag"), Some("\"1\""));
        let (report, waiver) = month_of_the_bureau(app, network, actor).await;
        app.post(actor, "/api/v1/assistance-records", &super::record(app, household.id(), home)).await.expect(201);
        let [inspection, item, finding] = inspected(app, home, actor).await;
        let account = app.actor(&[(Role::Worker, home)]).account.unwrap();
        let grants = app.get(actor, &format!("/api/v1/grants?account_id={account}")).await.expect(200).json();
        let grant = grants["items"][0]["id"].as_str().unwrap().parse().unwrap();
        Self {
            household: household.id(),
            record: record.id(),
            account,
            grant,
            point: network.id("c2t2v2"),
            member: members.json()["items"][0]["id"].as_str().unwrap().parse().unwrap(),
            request: asked.id(),
            report,
            waiver,
            inspection,
            item,
            finding,
            exception: exception.id(),
            trade: Trade::enter(app, actor, network.id("b"), home).await,
            livelihoods: Livelihoods::enter(app, actor, network.id("b"), home).await,
            today: app.today(),
        }
    }

    fn items(&self) -> Vec<String> {
        let own = [
            format!("/api/v1/households/{}", self.household),
            format!("/api/v1/assistance-records/{}", self.record),
            format!("/api/v1/accounts/{}", self.account),
            format!("/api/v1/grants/{}", self.grant),
            format!("/api/v1/service-points/{}", self.point),
            format!("/api/v1/members/{}", self.member),
            format!("/api/v1/transfer-requests/{}", self.request),
            format!("/api/v1/reports/{}", self.report),
            format!("/api/v1/report-waivers/{}", self.waiver),
            format!("/api/v1/inspections/{}", self.inspection),
            format!("/api/v1/inspection-items/{}", self.item),
            format!("/api/v1/inspection-findings/{}", self.finding),
            format!("/api/v1/period-exceptions/{}", self.exception),
        ];
        let things = self.trade.things().into_iter().chain(self.livelihoods.things());
        own.into_iter().chain(things.map(|(list, id)| format!("{list}/{id}"))).collect()
    }

    /// Every change of a version: the method, the path of the item, the rest of the path, the body.
    fn changes(&self, network: &Network) -> Vec<(Method, String, &'static str, Option<Value>)> {
        let items = self.items();
        let [
            household,
            record,
            account,
            grant,
            point,
            member,
            request,
            report,
            waiver,
            inspection,
            item,
            finding,
            exception,
            ..,
        ] = &items[..]
        else {
            panic!("one of each")
        };
        let reason = Some(json!({ "reason": "记错" }));
        let home = Some(json!({ "service_point_id": network.id("c2"), "reason": "易地搬迁" }));
        let head = Some(json!({ "member_id": self.member, "former_relation": "97" }));
        let parent = Some(json!({ "parent_id": network.id("c1t1"), "reason": "区划调整" }));
        let mut changes = vec![
            (Method::PATCH, household.clone(), "", Some(json!({ "address": "新址" }))),
            (Method::POST, household.clone(), "/type", Some(json!({ "household_type": "lifted" }))),
            (Method::POST, household.clone(), "/status", Some(json!({ "status": "dissolved", "reason": "模拟" }))),
            (Method::POST, household.clone(), "/transfer", home),
            (Method::POST, household.clone(), "/head", head),
            (Method::POST, household.clone(), "/erase", reason.clone()),
            (Method::PATCH, member.clone(), "", Some(json!({ "name": "改名" }))),
            (Method::POST, member.clone(), "/leave", reason.clone()),
            (Method::POST, request.clone(), "/accept", Some(json!({}))),
            (Method::POST, request.clone(), "/refuse", reason.clone()),
            (Method::POST, request.clone(), "/withdraw", None),
            (Method::POST, inspection.clone(), "/seed", Some(json!({}))),
            (Method::POST, inspection.clone(), "/draw", None),
            (Method::POST, inspection.clone(), "/close", reason.clone()),
            (Method::POST, item.clone(), "/result", Some(json!({ "state": "confirmed" }))),
            (Method::POST, finding.clone(), "/accept", reason.clone()),
            (Method::POST, finding.clone(), "/dismiss", reason.clone()),
            (Method::PATCH, record.clone(), "", Some(json!({ "reason": "记错", "quantity": 2 }))),
            (Method::POST, record.clone(), "/void", reason.clone()),
            (Method::PATCH, account.clone(), "", Some(json!({ "display_name": "改名" }))),
            (Method::POST, account.clone(), "/suspend", None),
            (Method::POST, account.clone(), "/activate", None),
            (Method::POST, account.clone(), "/reset-password", None),
            (Method::POST, grant.clone(), "/revoke", None),
            (Method::PATCH, point.clone(), "", Some(json!({ "name": "改名" }))),
            (Method::POST, point.clone(), "/suspend", None),
            (Method::POST, point.clone(), "/activate", None),
            (Method::POST, point.clone(), "/move", parent),
            (Method::POST, point.clone(), "/close", reason.clone()),
            (Method::POST, report.clone(), "/submit", Some(json!({ "nil": true, "note": "模拟说明" }))),
            (Method::POST, report.clone(), "/withdraw", None),
            (Method::POST, report.clone(), "/approve", Some(json!({ "digest": "0".repeat(64) }))),
            (Method::POST, report.clone(), "/return", reason.clone()),
            (Method::POST, report.clone(), "/reopen", reason),
            (Method::POST, waiver.clone(), "/revoke", None),
            (Method::POST, exception.clone(), "/revoke", None),
        ];
        changes.extend(self.trade.changes(self.today));
        changes.extend(self.livelihoods.changes(self.today));
        changes
    }
}

/// A month of the bureau that was sent in without its counties, and one of the waivers for that.
async fn month_of_the_bureau(app: &TestApp, network: &Network, actor: &Actor) -> (Id, Id) {
    let earlier = "UPDATE service_points SET opened_on = '2026-09-01' WHERE tier IN ('bureau', 'county')";
    sql_query(earlier).execute(&mut app.conn()).unwrap();
    let mut waivers = Vec::new();
    for county in ["c1", "c2"] {
        let body = json!({ "service_point_id": network.id(county), "month": "2026-10", "reason": "模拟" });
        waivers.push(app.post(actor, "/api/v1/report-waivers", &body).await.expect(201));
    }
    let body = json!({ "service_point_id": network.id("b"), "month": "2026-10", "nil": true, "note": "模拟说明" });
    let report = app.post(actor, "/api/v1/reports", &body).await.expect(201);
    for made in [&report, &waivers[0]] {
        assert_eq!(made.header("etag"), Some("\"1\""));
    }
    (report.id(), waivers[0].id())
}

/// An inspection that has its frame; an item that nobody has checked, and a finding about another one.
async fn inspected(app: &TestApp, top: Id, actor: &Actor) -> [Id; 3] {
    let body = json!({
        "service_point_id": top, "name": "模拟抽查", "period_from": app.today(), "period_to": app.today(),
        "method": "proportional", "sample_size": 2,
    });
    let frame = async || app.post(actor, "/api/v1/inspections", &body).await.expect(201).id();
    let (framed, drawn) = (frame().await, frame().await);
    let path = format!("/api/v1/inspections/{drawn}");
    app.post_to(actor, &format!("{path}/seed"), 1, Some(&json!({}))).await.expect(200);
    app.post_to(actor, &format!("{path}/draw"), 2, None).await.expect(200);
    let items = app.get(actor, &format!("/api/v1/inspection-items?inspection_id={drawn}")).await.expect(200).json();
    let item = |at: usize| -> Id { items["items"][at]["id"].as_str().unwrap().parse().unwrap() };
    let result = json!({ "state": "not_found", "note": "模拟" });
    let path = format!("/api/v1/inspection-items/{}/result", item(1));
    app.post_to(actor, &path, 1, Some(&result)).await.expect(200);
    let finding = json!({ "item_id": item(1), "reason": "模拟" });
    let finding = app.post(actor, "/api/v1/inspection-findings", &finding).await.expect(201).id();
    [framed, item(0), finding]
}

on_both! {
    /// Nobody overwrites what they have not read: each change names the version that it changes, and only that one.
    async fn every_change_names_the_version_that_it_changes(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let rows = Rows::make(&app, &network, &actor).await;
        let before = dump(&app);
        for (method, item, rest, body) in rows.changes(&network) {
            let path = format!("{item}{rest}");
            let send = async |versions: &[&str]| {
                let headers: Vec<(&str, &str)> = versions.iter().map(|version| ("if-match", *version)).collect();
                app.request(&actor, method.clone(), &path, body.as_ref(), &headers).await
            };
            for versions in [&[][..], &["*"]] {
                assert_problem(&send(versions).await, 428, "version.required");
            }
            for garbage in [
                "1",
                "\"\"",
                "\"a\"",
                "\"1",
                "1\"",
                "\"1.0\"",
                "\"0x1\"",
                "\"1\", \"2\"",
                "\"9223372036854775808\"",
                "",
                "null",
            ] {
                let reply = send(&[garbage]).await;
                assert_eq!(reply.status, 400, "{path} took If-Match: {garbage}: {}", reply.text());
                assert_problem(&reply, 400, "request.malformed");
                assert_eq!(reply.faults()[0].0, "If-Match", "{garbage}");
            }
            for stale in ["\"2\"", "\"0\"", "\"-1\"", "\"9223372036854775807\""] {
                let reply = send(&[stale]).await;
                assert_eq!(reply.status, 412, "{path} took If-Match: {stale}: {}", reply.text());
                assert_problem(&reply, 412, "version.stale");
                assert_eq!(reply.json()["current_version"], 1, "{}", reply.text());
            }
        }
        assert!(dump(&app) == before, "a refused change wrote something");
    }

    /// The list of changes above is all of them: it is compared with the table of endpoints.
    async fn no_change_goes_without_a_version(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let rows = Rows::make(&app, &network, &actor).await;
        let tried = rows.changes(&network).into_iter().map(|(method, item, rest, _)| {
            let (list, _) = item.rsplit_once('/').unwrap();
            format!("{method} {list}/{{id}}{rest}")
        });
        let guarded = terrace::api::endpoints().into_iter().filter(|endpoint| {
            endpoint.described().and_then(|described| described.operation.parameters).is_some_and(
                |parameters| {
                    parameters
                        .iter()
                        .any(|parameter| parameter.name == "If-Match" && parameter.parameter_in == ParameterIn::Header)
                },
            )
        });
        let guarded: BTreeSet<String> =
            guarded.map(|endpoint| format!("{} {}", endpoint.method, endpoint.path)).collect();
        assert_eq!(tried.collect::<BTreeSet<_>>(), guarded);
        // Whatever changes a row at an address of its own is guarded; the own sessions have no version to name, and to add
        // a member, to look at a household or to have read a notice changes none.
        let unguarded = ["members", "identity", "export"].map(|part| format!("/api/v1/households/{{id}}/{part}"));
        let changing = terrace::api::endpoints().into_iter().filter(|endpoint| {
            endpoint.method != Method::GET
                && endpoint.path.contains("{id}")
                && !unguarded.iter().any(|path| path == endpoint.path)
                && !endpoint.path.starts_with("/api/v1/auth/")
                && endpoint.path != "/api/v1/notices/{id}/read"
        });
        assert_eq!(
            changing.map(|endpoint| format!("{} {}", endpoint.method, endpoint.path)).collect::<BTreeSet<_>>(),
            guarded
        );
    }

    /// Of two people who change the same version one wins, and the other is told which version there is now.
    async fn the_second_of_two_changes_is_told_the_version_now(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let rows = Rows::make(&app, &network, &actor).await;
        let path = &rows.items()[0];
        // A proxy that compresses makes the tag weak on its way; the version is the same.
        let weak = [("if-match", "W/\"1\"")];
        let body = json!({ "address": "甲址" });
        let first = app.request(&actor, Method::PATCH, path, Some(&body), &weak).await.expect(200);
        assert_eq!(first.header("etag"), Some("\"2\""));
        assert_eq!(first.json()["version"], 2);
        let before = dump(&app);
        let second = app.patch(&actor, path, 1, &json!({ "address": "乙址" })).await;
        assert_problem(&second, 412, "version.stale");
        assert_eq!(second.json()["current_version"], 2);
        assert!(dump(&app) == before);
        assert_eq!(app.get(&actor, path).await.json()["address"], "甲址");

        let (account, bodies) = (&rows.items()[2], [json!({ "display_name": "甲" }), json!({ "display_name": "乙" })]);
        let replies =
            futures_util::future::join_all(bodies.iter().map(|body| app.patch(&actor, account, 1, body))).await;
        let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
    }

    /// Who has the present version already is not sent it again; whoever has another one is.
    async fn a_known_version_is_not_sent_again(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let rows = Rows::make(&app, &network, &actor).await;
        for path in rows.items() {
            let full = app.get(&actor, &path).await.expect(200);
            assert_eq!(full.header("etag"), Some("\"1\""), "{path}");
            assert_eq!(full.json()["version"], 1, "{path}");
            for known in ["\"1\"", "W/\"1\"", "\"0\", \"1\"", "\"x\",\"1\""] {
                let reply = app.request(&actor, Method::GET, &path, None, &[("if-none-match", known)]).await;
                assert_eq!(reply.status, 304, "{path} {known}");
                assert!(reply.body.is_empty(), "{path} {known}");
                assert_eq!(reply.header("etag"), Some("\"1\""), "{path} {known}");
            }
            for other in ["\"2\"", "\"11\"", "1", "\"\"", "garbage"] {
                let reply =
                    app.request(&actor, Method::GET, &path, None, &[("if-none-match", other)]).await.expect(200);
                assert_eq!(reply.body, full.body, "{path} {other}");
            }
        }
        let path = &rows.items()[0];
        app.patch(&actor, path, 1, &json!({ "address": "新址" })).await.expect(200);
        let after = app.request(&actor, Method::GET, path, None, &[("if-none-match", "\"1\"")]).await.expect(200);
        assert_eq!(after.header("etag"), Some("\"2\""));
        assert_eq!(after.json()["address"], "新址");
    }

    /// A version known from elsewhere opens nothing: scope and permission are asked first.
    async fn a_known_version_opens_nothing(app: TestApp) {
        let network = app.network().await;
        let actor = everyone(&app, &network);
        let rows = Rows::make(&app, &network, &actor).await;
        let stranger = app.actor(&[(Role::Manager, network.id("c2t1"))]);
        // Catalogues of the bureau are for everybody.
        let items = [
            "partners",
            "agreements",
            "platforms",
            "products",
            "campaigns",
            "opening-balances",
            "policy-documents",
            "projects",
            "indicators",
        ];
        for path in rows.items().iter().filter(|path| !items.contains(&path.split('/').nth(3).unwrap())) {
            for asking in [&stranger, &Actor::nobody()] {
                let status = app.request(asking, Method::GET, path, None, &[("if-none-match", "\"1\"")]).await.status;
                assert!([401, 404].contains(&status), "{path}: {status}");
            }
        }
    }
}
