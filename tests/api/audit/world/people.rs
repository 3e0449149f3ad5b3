//! Changes of households and their members.

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::domain::Id;

use super::{Change, Kind};
use crate::support::{Actor, Network, TestApp, identity_number};

const HOUSEHOLDS: &str = "/api/v1/households";
const HOUSEHOLD: &str = "household";
const MEMBER: &str = "household_member";

/// A household of two: the ids of its head and of another member.
#[derive(Clone, Copy)]
pub struct Family {
    pub id: Id,
    pub head: Id,
    pub member: Id,
}

/// Makes households of which everything is known, each with people of its own.
pub struct Families<'a> {
    pub app: &'a TestApp,
    pub network: &'a Network,
    /// Worker everywhere.
    pub worker: &'a Actor,
    /// Manager everywhere.
    pub manager: &'a Actor,
    born: u32,
}

impl<'a> Families<'a> {
    pub fn new(app: &'a TestApp, network: &'a Network, worker: &'a Actor, manager: &'a Actor) -> Self {
        Self { app, network, worker, manager, born: 0 }
    }

    /// Where everybody is at home.
    pub fn home(&self) -> Id {
        self.network.id("c1t1")
    }

    /// The identity number of somebody new.
    pub fn number(&mut self) -> String {
        self.born += 1;
        identity_number("19700101", self.born)
    }

    /// A member who is this to the head, with everything that can be said of a person.
    pub fn person(&mut self, id: Id, relation: &str) -> Value {
        let number = self.number();
        json!({
            "id": id, "name": "模拟成员", "relation": relation, "identity_number": number, "ethnicity": "01",
            "education": "primary", "health": ["disabled", "chronic_illness"], "labour_skill": "weak",
            "disability": { "category": "4", "grade": "2", "certificate": format!("{number}42") },
            "phone": format!("1390000{:04}", self.born),
        })
    }

    /// A household that may be registered, with everything that can be said of one.
    pub fn fresh(&mut self) -> (Family, Value) {
        // Members are told of in the order of their ids.
        let mut ids = [self.app.edge.new_id(), self.app.edge.new_id()];
        ids.sort_unstable();
        let (id, [head, member]) = (self.app.edge.new_id(), ids);
        let members = [self.person(head, "02"), self.person(member, "10")];
        let income = json!({
            "year": 2025, "wages_fen": 2_400_000, "business_fen": 1_500_000, "property_fen": 30_000,
            "transfers_fen": 360_000, "business_expenses_fen": 420_000,
        });
        let body = json!({
            "id": id, "service_point_id": self.home(), "address": "模拟地址 1 号", "phone": "0939-8210000",
            "external_number": format!("HU-{}", self.born), "household_type": "general", "risk_causes": ["illness"],
            "registered_on": "2026-11-01", "income": income,
            "consent": { "given_on": "2026-10-31", "how": "written" }, "members": members,
        });
        (Family { id, head, member }, body)
    }

    /// One that is registered.
    pub async fn registered(&mut self) -> Family {
        let (family, body) = self.fresh();
        self.app.post(self.worker, HOUSEHOLDS, &body).await.expect(201);
        family
    }

    /// A record of assistance given to it.
    pub async fn record(&self, family: Family, note: Option<&str>) -> Id {
        let body = json!({
            "household_id": family.id, "member_id": family.member, "service_point_id": self.network.id("c1t2"),
            "kind": "training", "given_on": "2026-11-10", "quantity": 2, "note": note,
        });
        self.app.post(self.worker, "/api/v1/assistance-records", &body).await.expect(201).id()
    }

    /// One that has moved away, with two records that have notes, one of them voided.
    async fn ended(&mut self) -> (Family, [Id; 2]) {
        let family = self.registered().await;
        let mut records = [self.record(family, Some("模拟备注")).await, self.record(family, Some("模拟备注")).await];
        records.sort_unstable();
        let [_, voided] = records;
        let path = format!("/api/v1/assistance-records/{voided}/void");
        self.app.post_to(self.worker, &path, 1, Some(&json!({ "reason": "模拟作废" }))).await.expect(200);
        let path = format!("{HOUSEHOLDS}/{}/status", family.id);
        let away = json!({ "status": "moved_away", "reason": "模拟搬迁" });
        self.app.post_to(self.worker, &path, 1, Some(&away)).await.expect(200);
        (family, records)
    }
}

pub async fn changes(families: &mut Families<'_>) -> Vec<Change> {
    let mut changes = households(families).await;
    changes.extend(privacy(families).await);
    changes.extend(members(families).await);
    changes
}

async fn households(families: &mut Families<'_>) -> Vec<Change> {
    let (home, elsewhere) = (families.home(), families.network.id("c2t1"));
    let (new, body) = families.fresh();
    let edited = families.registered().await.id;
    let typed = families.registered().await.id;
    let leaving = families.registered().await;
    let transferred = families.registered().await.id;
    let headed = families.registered().await;
    let (worker, manager) = (families.worker, families.manager);
    let post = |actor, route, status| Change::new(actor, Method::POST, route, status);
    vec![
        post(worker, HOUSEHOLDS, 201)
            .body(body)
            .event("household.register", Kind::Made, (HOUSEHOLD, new.id), home)
            .event("household_member.add", Kind::Made, (MEMBER, new.head), home)
            .event("household_member.add", Kind::Made, (MEMBER, new.member), home),
        Change::new(worker, Method::PATCH, "/api/v1/households/{id}", 200)
            .of(edited)
            .version(1)
            .body(json!({ "address": "模拟地址 2 号", "risk_causes": ["schooling", "illness"] }))
            .event("household.edit", Kind::Changed, (HOUSEHOLD, edited), home),
        post(worker, "/api/v1/households/{id}/type", 200)
            .of(typed)
            .version(1)
            .body(json!({ "household_type": "monitored", "monitoring_category": "marginal" }))
            .event("household.change_type", Kind::Changed, (HOUSEHOLD, typed), home),
        post(worker, "/api/v1/households/{id}/status", 200)
            .of(leaving.id)
            .version(1)
            .body(json!({ "status": "dissolved", "reason": "全户迁出" }))
            .event("household.change_status", Kind::Changed, (HOUSEHOLD, leaving.id), home)
            .reason("全户迁出")
            .event("household_member.follow", Kind::Changed, (MEMBER, leaving.head), home)
            .event("household_member.follow", Kind::Changed, (MEMBER, leaving.member), home),
        post(manager, "/api/v1/households/{id}/transfer", 200)
            .of(transferred)
            .version(1)
            .body(json!({ "service_point_id": elsewhere, "reason": "易地搬迁" }))
            .event("household.transfer", Kind::Changed, (HOUSEHOLD, transferred), elsewhere)
            .reason("易地搬迁")
            .event("household.depart", Kind::Made, (HOUSEHOLD, transferred), home),
        post(worker, "/api/v1/households/{id}/head", 200)
            .of(headed.id)
            .version(1)
            .body(json!({ "member_id": headed.member, "former_relation": "10" }))
            .event("household_member.edit", Kind::Changed, (MEMBER, headed.head), home)
            .event("household_member.edit", Kind::Changed, (MEMBER, headed.member), home)
            .event("household.change_head", Kind::Changed, (HOUSEHOLD, headed.id), home),
    ]
}

async fn privacy(families: &mut Families<'_>) -> Vec<Change> {
    let (home, giver) = (families.home(), families.network.id("c1t2"));
    let shown = families.registered().await;
    let exported = families.registered().await;
    families.record(exported, Some("模拟备注")).await;
    let (erased, [noted, voided]) = families.ended().await;
    let post = |route| Change::new(families.manager, Method::POST, route, 200);
    vec![
        post("/api/v1/households/{id}/identity")
            .of(shown.id)
            .body(json!({ "member_id": shown.head, "reason": "核对身份" }))
            .event("household.show_identity", Kind::Made, (HOUSEHOLD, shown.id), home)
            .reason("核对身份"),
        post("/api/v1/households/{id}/export")
            .of(exported.id)
            .body(json!({ "reason": "本人申请" }))
            .event("household.export", Kind::Made, (HOUSEHOLD, exported.id), home)
            .reason("本人申请"),
        post("/api/v1/households/{id}/erase")
            .of(erased.id)
            .version(2)
            .body(json!({ "reason": "保存期满" }))
            .event("household.erase", Kind::Changed, (HOUSEHOLD, erased.id), home)
            .reason("保存期满")
            .event("household_member.erase", Kind::Changed, (MEMBER, erased.head), home)
            .event("household_member.erase", Kind::Changed, (MEMBER, erased.member), home)
            .event("assistance_record.erase", Kind::Changed, ("assistance_record", noted), giver)
            .event("assistance_record.erase", Kind::Changed, ("assistance_record", voided), giver),
    ]
}

async fn members(families: &mut Families<'_>) -> Vec<Change> {
    let home = families.home();
    let added = families.app.edge.new_id();
    let person = families.person(added, "20");
    let [joined, edited, left] =
        [families.registered().await.id, families.registered().await.member, families.registered().await.member];
    let worker = families.worker;
    vec![
        Change::new(worker, Method::POST, "/api/v1/households/{id}/members", 201).of(joined).body(person).event(
            "household_member.add",
            Kind::Made,
            (MEMBER, added),
            home,
        ),
        Change::new(worker, Method::PATCH, "/api/v1/members/{id}", 200)
            .of(edited)
            .version(1)
            .body(json!({ "name": "模拟新名", "relation": "97", "phone": "13900009999" }))
            .event("household_member.edit", Kind::Changed, (MEMBER, edited), home),
        Change::new(worker, Method::POST, "/api/v1/members/{id}/leave", 200)
            .of(left)
            .version(1)
            .body(json!({ "reason": "外出成家" }))
            .event("household_member.leave", Kind::Changed, (MEMBER, left), home)
            .reason("外出成家"),
    ]
}
