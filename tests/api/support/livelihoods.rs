//! Things of logistics, organisations, policies and projects that may be entered, and one of each.

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::domain::{Day, Id};

use super::{Actor, TestApp, household, trade};

/// A logistics site of the point, run by a partner.
pub fn site(point: Id, partner: Id, opened_on: Day) -> Value {
    json!({
        "service_point_id": point, "kind": "express_station", "name": "模拟站点", "partner_id": partner,
        "opened_on": opened_on,
    })
}

/// A village that a site covers.
pub fn coverage(village: Id, site: Id, starts_on: Day) -> Value {
    json!({ "service_point_id": village, "site_id": site, "starts_on": starts_on })
}

/// Broadband in a village.
pub fn infrastructure(village: Id, starts_on: Day) -> Value {
    json!({ "service_point_id": village, "kind": "broadband", "starts_on": starts_on })
}

/// A person who makes things in an organisation of the point.
pub fn membership(point: Id, organisation: Id, member: Id, starts_on: Day) -> Value {
    json!({
        "service_point_id": point, "organisation_id": organisation, "member_id": member, "role": "maker",
        "starts_on": starts_on,
    })
}

/// A household that an organisation of the point lifts.
pub fn link(point: Id, organisation: Id, household: Id, starts_on: Day) -> Value {
    json!({
        "service_point_id": point, "organisation_id": organisation, "household_id": household, "mode": "purchase",
        "starts_on": starts_on,
    })
}

/// A policy document.
pub fn policy(point: Id) -> Value {
    json!({
        "service_point_id": point, "name": "模拟文件", "number": "模拟〔2020〕1号", "issuer": "模拟机关", "topic": "logistics",
        "issued_on": "2020-05-01",
    })
}

/// A project with a budget of 1,000 yuan.
pub fn project(point: Id) -> Value {
    json!({
        "service_point_id": point, "name": "模拟项目", "funding_source": "central", "budget_fen": 100_000,
        "starts_on": "2026-11-01",
    })
}

/// A figure that somebody else has published.
pub fn indicator(point: Id) -> Value {
    json!({
        "service_point_id": point, "name": "模拟指标", "value": 5_300, "decimals": 2, "unit": "%", "as_of": "2011-12-31",
        "source": "模拟来源", "definition": "模拟口径",
    })
}

/// The parcels of a site in a month.
pub fn parcels(site: Id, month: &str) -> Value {
    json!({ "site_id": site, "month": month, "direction": "in", "parcels": 10 })
}

/// What a member earned in a month.
pub fn wage(membership: Id, month: &str) -> Value {
    json!({ "membership_id": membership, "month": month, "amount_fen": 250_000 })
}

/// What a household received.
pub fn benefit(link: Id, on: Day) -> Value {
    json!({ "link_id": link, "on": on, "amount_fen": 5_000 })
}

/// What was paid for a project.
pub fn payment(project: Id, on: Day) -> Value {
    json!({ "project_id": project, "on": on, "amount_fen": 1_000 })
}

/// One thing of each kind, in its first version: catalogues at one point, the rest at a village.
#[derive(Clone, Copy, Debug)]
pub struct Livelihoods {
    pub keeper: Id,
    pub village: Id,
    pub household: Id,
    pub member: Id,
    pub organisation: Id,
    pub partner: Id,
    pub policy: Id,
    pub project: Id,
    pub indicator: Id,
    pub site: Id,
    pub coverage: Id,
    pub infrastructure: Id,
    pub membership: Id,
    pub link: Id,
    pub parcels: Id,
    pub wage: Id,
    pub benefit: Id,
    pub payment: Id,
}

impl Livelihoods {
    /// Enters everything.
    pub async fn enter(app: &TestApp, actor: &Actor, keeper: Id, village: Id) -> Self {
        let (today, month) = (app.today(), app.today().month().to_string());
        let enter = async |path: &str, body: Value| {
            let made = app.post(actor, &format!("/api/v1/{path}"), &body).await.expect(201);
            assert_eq!(made.header("etag"), Some("\"1\""), "{path}");
            made.id()
        };
        let household = enter("households", household(village)).await;
        let members = app.get(actor, &format!("/api/v1/households/{household}/members")).await.expect(200).json();
        let member = members["items"][0]["id"].as_str().unwrap().parse().unwrap();
        let organisation = enter("organisations", trade::organisation(village)).await;
        let partner = enter("partners", trade::partner(keeper)).await;
        let site = enter("logistics-sites", site(village, partner, today)).await;
        let membership = enter("memberships", membership(village, organisation, member, today)).await;
        let link = enter("benefit-links", link(village, organisation, household, today)).await;
        let project = enter("projects", project(keeper)).await;
        Self {
            keeper,
            village,
            household,
            member,
            organisation,
            partner,
            policy: enter("policy-documents", policy(keeper)).await,
            project,
            indicator: enter("indicators", indicator(keeper)).await,
            site,
            coverage: enter("coverages", coverage(village, site, today)).await,
            infrastructure: enter("village-infrastructure", infrastructure(village, today)).await,
            membership,
            link,
            parcels: enter("parcels", parcels(site, &month)).await,
            wage: enter("wages", wage(membership, &month)).await,
            benefit: enter("benefits", benefit(link, today)).await,
            payment: enter("project-payments", payment(project, today)).await,
        }
    }

    /// Every collection, with the thing in it.
    pub fn things(&self) -> [(&'static str, Id); 12] {
        [
            ("/api/v1/policy-documents", self.policy),
            ("/api/v1/projects", self.project),
            ("/api/v1/indicators", self.indicator),
            ("/api/v1/logistics-sites", self.site),
            ("/api/v1/coverages", self.coverage),
            ("/api/v1/village-infrastructure", self.infrastructure),
            ("/api/v1/memberships", self.membership),
            ("/api/v1/benefit-links", self.link),
            ("/api/v1/parcels", self.parcels),
            ("/api/v1/wages", self.wage),
            ("/api/v1/benefits", self.benefit),
            ("/api/v1/project-payments", self.payment),
        ]
    }

    /// What each thing that is written anew was entered as, in the order of [`Self::things`].
    pub fn wholes(&self, today: Day) -> [Value; 8] {
        let (keeper, village) = (self.keeper, self.village);
        [
            policy(keeper),
            project(keeper),
            indicator(keeper),
            site(village, self.partner, today),
            coverage(village, self.site, today),
            infrastructure(village, today),
            membership(village, self.organisation, self.member, today),
            link(village, self.organisation, self.household, today),
        ]
    }

    /// Every change of one of them: the method, the path of the item, the rest of the path, the body.
    pub fn changes(&self, today: Day) -> Vec<(Method, String, &'static str, Option<Value>)> {
        let wholes = self.wholes(today);
        let file = (Method::PUT, format!("/api/v1/policy-documents/{}", self.policy), "/file", None);
        let mut changes = vec![file];
        for (at, (list, id)) in self.things().into_iter().enumerate() {
            let item = format!("{list}/{id}");
            match wholes.get(at) {
                Some(body) => changes.push((Method::PUT, item, "", Some(body.clone()))),
                None => {
                    let field = if list == "/api/v1/parcels" { "parcels" } else { "amount_fen" };
                    changes.push((Method::PATCH, item.clone(), "", Some(json!({ "reason": "记错", field: 7 }))));
                    changes.push((Method::POST, item, "/void", Some(json!({ "reason": "记错" }))));
                }
            }
        }
        changes
    }
}
