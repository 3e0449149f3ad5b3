//! One valid request for every way to change something through the API, each on rows of its own, with the events that it
//! must write.

mod inspections;
mod livelihoods;
mod months;
mod notices;
mod people;
mod trade;
mod work;

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::{
    db::sessions::{self, Session},
    domain::{Id, codes::Role},
};

use crate::support::{Actor, Network, Reply, TestApp};

/// What an event tells of its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It was made, or looked at: the digest of its content, and no copies.
    Made,
    /// It was changed: the digest, and masked copies of before and after.
    Changed,
    /// A session began or ended: the account's content is as it was.
    Session,
}

/// An event that a change must write.
#[derive(Clone, Debug)]
pub struct Expected {
    pub action: &'static str,
    pub kind: Kind,
    pub actor: Option<Id>,
    pub object_type: &'static str,
    /// None where the program chooses the id.
    pub object_id: Option<Id>,
    pub point: Id,
    pub reason: Option<&'static str>,
}

/// A request that changes something.
#[derive(Clone, Debug)]
pub struct Change {
    pub actor: Actor,
    pub method: Method,
    pub route: &'static str,
    pub id: Option<Id>,
    pub version: Option<i64>,
    pub body: Option<Value>,
    /// What is sent in the place of a body.
    pub file: Option<&'static [u8]>,
    pub status: u16,
    pub events: Vec<Expected>,
}

impl Change {
    fn new(actor: &Actor, method: Method, route: &'static str, status: u16) -> Self {
        Self {
            actor: actor.clone(),
            method,
            route,
            id: None,
            version: None,
            body: None,
            file: None,
            status,
            events: Vec::new(),
        }
    }

    fn of(self, id: Id) -> Self {
        Self { id: Some(id), ..self }
    }

    fn version(self, version: i64) -> Self {
        Self { version: Some(version), ..self }
    }

    fn body(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    /// By the request's actor, without a reason.
    fn event(
        mut self,
        action: &'static str,
        kind: Kind,
        object: (&'static str, impl Into<Option<Id>>),
        point: Id,
    ) -> Self {
        let (object_type, object_id) = (object.0, object.1.into());
        let actor = self.actor.account;
        self.events.push(Expected { action, kind, actor, object_type, object_id, point, reason: None });
        self
    }

    fn reason(mut self, reason: &'static str) -> Self {
        self.events.last_mut().unwrap().reason = Some(reason);
        self
    }

    fn by(mut self, actor: Id) -> Self {
        self.events.last_mut().unwrap().actor = Some(actor);
        self
    }

    /// Sends it under an id of its own.
    pub async fn send(&self, app: &TestApp, request_id: &str) -> Reply {
        let path = match self.id {
            Some(id) => self.route.replace("{id}", &id.to_string()),
            None => self.route.to_owned(),
        };
        let version = self.version.map(|version| format!("\"{version}\""));
        let mut headers = vec![("x-request-id", request_id)];
        headers.extend(version.as_deref().map(|version| ("if-match", version)));
        if let Some(file) = self.file {
            return app.upload(&self.actor, &path, file, &headers).await;
        }
        app.request(&self.actor, self.method.clone(), &path, self.body.as_ref(), &headers).await
    }
}

/// A network with people in it, and everything that they can change.
pub struct World {
    pub network: Network,
    /// Administrator of everything.
    pub admin: Actor,
    /// Worker everywhere.
    pub worker: Actor,
    /// Manager of everything.
    pub manager: Actor,
    pub changes: Vec<Change>,
}

/// Opens an account through the API and signs in to it; its id, its tokens and its first password.
async fn signed_in(app: &TestApp, admin: &Actor, username: &str, point: Id) -> (Actor, Value, String) {
    let body = json!({ "username": username, "display_name": "模拟人员", "grant": { "role": "worker", "service_point_id": point } });
    let opened = app.post(admin, "/api/v1/accounts", &body).await.expect(201).json();
    let password = opened["first_password"].as_str().unwrap().to_owned();
    let tokens = sign_in(app, username, &password).await.expect(200).json();
    let actor = Actor {
        account: Some(opened["account"]["id"].as_str().unwrap().parse().unwrap()),
        token: Some(tokens["access_token"].as_str().unwrap().to_owned()),
    };
    (actor, tokens, password)
}

/// Signs in.
pub async fn sign_in(app: &TestApp, username: &str, password: &str) -> Reply {
    let body = json!({ "username": username, "password": password });
    app.post(&Actor::nobody(), "/api/v1/auth/sign-in", &body).await
}

/// Makes everything.
pub async fn build(app: &TestApp) -> World {
    let network = app.network().await;
    let admin = app.actor(&[(Role::Admin, network.id("b"))]);
    let worker = app.actor(&[(Role::Worker, network.id("b"))]);
    let manager = app.actor(&[(Role::Manager, network.id("b"))]);
    let mut changes = points(app, &network, &admin).await;
    changes.extend(accounts(app, &network, &admin).await);
    changes.extend(own(app, &network, &admin).await);
    let mut families = people::Families::new(app, &network, &worker, &manager);
    changes.extend(people::changes(&mut families).await);
    changes.extend(work::changes(&mut families).await);
    changes.extend(months::changes(app, &network).await);
    changes.extend(inspections::changes(&mut families).await);
    changes.extend(trade::changes(&mut families).await);
    changes.extend(livelihoods::changes(&mut families).await);
    changes.extend(notices::changes(app, &network, (&admin, &manager)).await);
    World { network, admin, worker, manager, changes }
}

async fn points(app: &TestApp, network: &Network, admin: &Actor) -> Vec<Change> {
    const ALL: &str = "/api/v1/service-points";
    const TYPE: &str = "service_point";
    let post = |route, status| Change::new(admin, Method::POST, route, status);
    let edited = network.id("c1t1v1");
    let suspended = network.id("c1t1v2");
    let activated = network.id("c1t2v1");
    app.post_to(admin, &format!("{ALL}/{activated}/suspend"), 1, None).await.expect(200);
    let closed = network.id("c1t2v2");
    let village = |id: Id| json!({ "id": id, "parent_id": network.id("c1t1"), "tier": "village", "name": "模拟村" });
    let [opened, moved] = [app.edge.new_id(), app.edge.new_id()];
    app.post(admin, ALL, &village(moved)).await.expect(201);
    vec![
        post(ALL, 201).body(village(opened)).event("service_point.open", Kind::Made, (TYPE, opened), opened),
        Change::new(admin, Method::PATCH, "/api/v1/service-points/{id}", 200)
            .of(edited)
            .version(1)
            .body(json!({ "name": "模拟新名", "longitude_e6": 105_000_000 }))
            .event("service_point.edit", Kind::Changed, (TYPE, edited), edited),
        post("/api/v1/service-points/{id}/suspend", 200).of(suspended).version(1).event(
            "service_point.suspend",
            Kind::Changed,
            (TYPE, suspended),
            suspended,
        ),
        post("/api/v1/service-points/{id}/activate", 200).of(activated).version(2).event(
            "service_point.activate",
            Kind::Changed,
            (TYPE, activated),
            activated,
        ),
        post("/api/v1/service-points/{id}/close", 200)
            .of(closed)
            .version(1)
            .body(json!({ "reason": "并入邻村" }))
            .event("service_point.close", Kind::Changed, (TYPE, closed), closed)
            .reason("并入邻村"),
        post("/api/v1/service-points/{id}/move", 200)
            .of(moved)
            .version(1)
            .body(json!({ "parent_id": network.id("c1t2"), "reason": "乡镇调整" }))
            .event("service_point.move", Kind::Changed, (TYPE, moved), moved)
            .reason("乡镇调整"),
    ]
}

async fn accounts(app: &TestApp, network: &Network, admin: &Actor) -> Vec<Change> {
    let home = network.id("c1");
    let account = || app.actor(&[(Role::Worker, home)]).account.unwrap();
    let [edited, suspended, activated, reset] = [account(), account(), account(), account()];
    app.post_to(admin, &format!("/api/v1/accounts/{activated}/suspend"), 1, None).await.expect(200);
    let give =
        |id: Id, point: Id| json!({ "id": id, "account_id": edited, "role": "reviewer", "service_point_id": point });
    let [opened, given, revoked] = [app.edge.new_id(), app.edge.new_id(), app.edge.new_id()];
    app.post(admin, "/api/v1/grants", &give(revoked, network.id("c1t2"))).await.expect(201);
    let post = |route, status| Change::new(admin, Method::POST, route, status);
    let change =
        |route, id, action| post(route, 200).of(id).version(1).event(action, Kind::Changed, ("account", id), home);
    let first_grant = json!({ "role": "worker", "service_point_id": home });
    vec![
        post("/api/v1/accounts", 201)
            .body(json!({ "id": opened, "username": "moni.renyuan", "display_name": "模拟人员", "grant": first_grant }))
            .event("account.open", Kind::Made, ("account", opened), home)
            .event("grant.give", Kind::Made, ("grant", None), home),
        Change::new(admin, Method::PATCH, "/api/v1/accounts/{id}", 200)
            .of(edited)
            .version(1)
            .body(json!({ "display_name": "模拟新人" }))
            .event("account.edit", Kind::Changed, ("account", edited), home),
        change("/api/v1/accounts/{id}/suspend", suspended, "account.suspend"),
        change("/api/v1/accounts/{id}/activate", activated, "account.activate").version(2),
        change("/api/v1/accounts/{id}/reset-password", reset, "account.reset_password"),
        post("/api/v1/grants", 201).body(give(given, network.id("c1t1"))).event(
            "grant.give",
            Kind::Made,
            ("grant", given),
            network.id("c1t1"),
        ),
        post("/api/v1/grants/{id}/revoke", 200).of(revoked).version(1).event(
            "grant.revoke",
            Kind::Changed,
            ("grant", revoked),
            network.id("c1t2"),
        ),
    ]
}

async fn own(app: &TestApp, network: &Network, admin: &Actor) -> Vec<Change> {
    let home = network.id("c1");
    let (someone, tokens, password) = signed_in(app, admin, "lai.ren", home).await;
    let (changing, _, first_password) = signed_in(app, admin, "huan.mima", home).await;
    let leaving = app.actor(&[(Role::Worker, home)]);
    let revoking = app.actor(&[(Role::Worker, home)]);
    let other_session = app.edge.new_id();
    let session = Session {
        id: other_session,
        account_id: revoking.account.unwrap(),
        created_at: app.edge.now(),
        refreshed_at: app.edge.now(),
        expires_at: app.edge.now().plus_seconds(3600),
        ended_at: None,
        device: "test".to_owned(),
        address: None,
    };
    sessions::insert(&mut app.conn(), &session).unwrap();
    let nobody = Actor::nobody();
    let post = |actor: &Actor, route, status| Change::new(actor, Method::POST, route, status);
    vec![
        post(&nobody, "/api/v1/auth/sign-in", 200)
            .body(json!({ "username": "lai.ren", "password": password }))
            .event("session.begin", Kind::Session, ("account", someone.account), home)
            .by(someone.account.unwrap()),
        // Renewing a token is no event: it happens every quarter of an hour and changes nobody's rights.
        post(&nobody, "/api/v1/auth/refresh", 200).body(json!({ "refresh_token": tokens["refresh_token"] })),
        // What a device's key is made of is no secret of the account's that could be told to others.
        post(&changing, "/api/v1/auth/device-key", 200),
        post(&leaving, "/api/v1/auth/sign-out", 204).event(
            "session.end",
            Kind::Session,
            ("account", leaving.account),
            home,
        ),
        post(&revoking, "/api/v1/auth/sessions/{id}/revoke", 204).of(other_session).event(
            "session.end",
            Kind::Session,
            ("account", revoking.account),
            home,
        ),
        post(&changing, "/api/v1/auth/password", 204)
            .body(json!({ "current_password": first_password, "new_password": "Qinghe-7-langan" }))
            .event("account.change_password", Kind::Changed, ("account", changing.account), home),
    ]
}
