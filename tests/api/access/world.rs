//! The world that the access tests act in: the network, the people in it, and what they act upon.

mod inspections;
mod months;
mod trade;

use std::collections::{BTreeMap, HashMap};

use chrono::Duration;
use serde_json::{Value, json};
use terrace::{
    db::{Conn, accounts, grants, sessions},
    domain::{
        Day, Id,
        codes::{self, AccountStatus},
    },
};

pub use inspections::Drawn;

use super::{
    oracle::{Held, Oracle, Role, Tree},
    table::Thing,
};
use crate::support::{Actor, Reply, TestApp, household};

/// Someone with an account, and what the oracle knows of them.
#[derive(Clone, Debug)]
pub struct Person {
    pub account: Id,
    pub username: String,
    pub session: Id,
    pub actor: Actor,
    /// The point that keeps the account.
    pub home: String,
    pub held: Vec<Held>,
    /// The ids of the grants, in the order of `held`.
    pub grants: Vec<Id>,
}

/// How an account is to be.
#[derive(Clone, Copy)]
pub struct Standing {
    pub status: AccountStatus,
    pub must_change_password: bool,
}

impl Default for Standing {
    fn default() -> Self {
        Self { status: AccountStatus::Active, must_change_password: false }
    }
}

pub struct World {
    pub app: TestApp,
    pub tree: Tree,
    ids: BTreeMap<String, Id>,
    pub conn: Conn,
    first_day: Day,
    made: usize,
    /// Administrator at the bureau.
    pub root: Person,
    /// Manager at the bureau, who can register and log everywhere.
    pub clerk: Person,
    /// Auditor at the bureau, who can inspect everywhere.
    pub inspector: Person,
    /// Every account, with the point that keeps it.
    pub accounts: Vec<(Id, String)>,
    /// Every grant, with its point.
    pub grants: Vec<(Id, String)>,
    households: HashMap<String, Id>,
    members: HashMap<String, Id>,
    requests: HashMap<(String, String), Asked>,
    records: HashMap<(String, String), Id>,
    reports: HashMap<String, Id>,
    waivers: HashMap<String, Id>,
    inspections: HashMap<String, Id>,
    items: HashMap<String, Drawn>,
    findings: HashMap<String, (Id, Drawn)>,
    doubts: HashMap<String, Value>,
    explanations: HashMap<String, Id>,
    things: HashMap<(Thing, String), Id>,
    /// Every thing that was made, with its point and what it was made of.
    pub made_things: Vec<(Thing, String, Id, Value)>,
}

/// A request for a household that somebody made.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub id: Id,
    pub household: Id,
}

impl World {
    pub async fn new(app: TestApp) -> Self {
        let network = app.network().await;
        let (mut tree, mut ids) = (Tree::default(), BTreeMap::new());
        for name in network.names() {
            // `c1t2v1` hangs under `c1t2`, and so on up to `b`.
            let above = &name[..name.len().saturating_sub(2)];
            let parent = if name == "b" { None } else { Some(if above.is_empty() { "b" } else { above }) };
            tree.hang(name, parent);
            ids.insert(name.to_owned(), network.id(name));
        }
        let (mut conn, first_day) = (app.conn(), app.today());
        let mut at_bureau = |role| {
            let held = [Held::new(role, "b")];
            insert_person(&app, &mut conn, &ids, first_day, "b", &held, Standing::default())
        };
        let (root, clerk) = (at_bureau(Role::Admin), at_bureau(Role::Manager));
        let inspector = at_bureau(Role::Auditor);
        let (households, members, requests, records) = Default::default();
        let (reports, waivers) = Default::default();
        let (inspections, items, findings) = Default::default();
        let (doubts, explanations, things, made_things) = Default::default();
        let (accounts, grants) = (Vec::new(), Vec::new());
        let noted = [root.clone(), clerk.clone(), inspector.clone()];
        let made = 0;
        let mut world = Self {
            app,
            tree,
            ids,
            conn,
            first_day,
            made,
            root,
            clerk,
            inspector,
            accounts,
            grants,
            households,
            members,
            requests,
            records,
            reports,
            waivers,
            inspections,
            items,
            findings,
            doubts,
            explanations,
            things,
            made_things,
        };
        noted.iter().for_each(|person| world.note(person));
        world
    }

    /// The id of a point.
    pub fn id(&self, point: &str) -> Id {
        self.ids[point]
    }

    /// A number that was not handed out before.
    pub fn number(&mut self) -> usize {
        self.made += 1;
        self.made
    }

    /// What the oracle says about someone today.
    pub fn oracle<'a>(&'a self, held: &'a [Held]) -> Oracle<'a> {
        Oracle { tree: &self.tree, held, today: self.app.today().days_since(self.first_day) }
    }

    /// Someone with these grants, signed in. The first grant's point keeps the account.
    pub fn person(&mut self, held: &[Held]) -> Person {
        self.person_at(&held[0].point.clone(), held, Standing::default())
    }

    /// Someone whose account this point keeps. Made in the database: hashing a password for each would take longer
    /// than the tests.
    pub fn person_at(&mut self, home: &str, held: &[Held], standing: Standing) -> Person {
        let person = insert_person(&self.app, &mut self.conn, &self.ids, self.first_day, home, held, standing);
        self.note(&person);
        person
    }

    fn note(&mut self, person: &Person) {
        self.accounts.push((person.account, person.home.clone()));
        let points = person.held.iter().map(|held| held.point.clone());
        self.grants.extend(person.grants.iter().copied().zip(points));
    }

    /// Another session of the same person.
    pub fn signed_in_again(&mut self, person: &Person) -> Person {
        let (session, actor) = insert_session(&self.app, &mut self.conn, person.account);
        Person { session, actor, ..person.clone() }
    }

    /// A new point just below this one, without anything below itself.
    pub async fn new_point(&mut self, parent: &str, status: &str) -> String {
        let name = format!("n{}", self.number());
        let tier = ["county", "township", "village"][self.tree.depth(parent)];
        let body =
            json!({ "parent_id": self.id(parent), "tier": tier, "name": format!("模拟{name}"), "status": status });
        let id = self.app.post(&self.root.actor, "/api/v1/service-points", &body).await.expect(201).id();
        self.tree.hang(&name, Some(parent));
        self.ids.insert(name.clone(), id);
        name
    }

    /// A new household at home at a point.
    pub async fn new_household(&self, home: &str) -> Id {
        let body = household(self.id(home));
        self.app.post(&self.clerk.actor, "/api/v1/households", &body).await.expect(201).id()
    }

    /// The household at a point that no test changes.
    pub async fn household(&mut self, home: &str) -> Id {
        if let Some(id) = self.households.get(home) {
            return *id;
        }
        let id = self.new_household(home).await;
        self.households.insert(home.to_owned(), id);
        id
    }

    /// A household that was dissolved, in its second version.
    pub async fn new_ended_household(&self, home: &str) -> Id {
        let id = self.new_household(home).await;
        let body = json!({ "status": "dissolved", "reason": "模拟原因" });
        let path = format!("/api/v1/households/{id}/status");
        self.app.post_to(&self.clerk.actor, &path, 1, Some(&body)).await.expect(200);
        id
    }

    /// Somebody new in a household, who is not its head.
    pub async fn new_member(&self, household: Id) -> Id {
        let path = format!("/api/v1/households/{household}/members");
        self.app.post(&self.clerk.actor, &path, &spouse()).await.expect(201).id()
    }

    /// The member of the household at a home whom no test changes.
    pub async fn member(&mut self, home: &str) -> Id {
        if let Some(id) = self.members.get(home) {
            return *id;
        }
        let household = self.household(home).await;
        let id = self.new_member(household).await;
        self.members.insert(home.to_owned(), id);
        id
    }

    /// A new request to give a new household, which is at home at a point, another home. Who is at home there already can
    /// only be asked for while at home elsewhere.
    pub async fn new_request(&self, wanted: &str, home: &str) -> Asked {
        let first = match (wanted == home, home) {
            (false, _) => home,
            (true, "b") => "c1",
            (true, _) => "b",
        };
        let household = self.new_household(first).await;
        let id = self.ask_for(household, wanted).await;
        if first != home {
            let body = json!({ "service_point_id": self.id(home), "reason": "模拟原因" });
            let path = format!("/api/v1/households/{household}/transfer");
            self.app.post_to(&self.clerk.actor, &path, 1, Some(&body)).await.expect(200);
        }
        Asked { id, household }
    }

    /// Asks for a household.
    pub async fn ask_for(&self, household: Id, wanted: &str) -> Id {
        let body = wanted_at(household, self.id(wanted));
        self.app.post(&self.clerk.actor, "/api/v1/transfer-requests", &body).await.expect(201).id()
    }

    /// The request for a household at a home that no test answers.
    pub async fn request(&mut self, wanted: &str, home: &str) -> Asked {
        let key = (wanted.to_owned(), home.to_owned());
        if let Some(asked) = self.requests.get(&key) {
            return *asked;
        }
        let asked = self.new_request(wanted, home).await;
        self.requests.insert(key, asked);
        asked
    }

    /// A new record of what a point gave to the household at a home.
    pub async fn new_record(&mut self, giver: &str, home: &str) -> Id {
        let body = assistance(self.household(home).await, self.id(giver), self.app.today());
        self.app.post(&self.clerk.actor, "/api/v1/assistance-records", &body).await.expect(201).id()
    }

    /// The record from a point to a home that no test changes.
    pub async fn record(&mut self, giver: &str, home: &str) -> Id {
        let key = (giver.to_owned(), home.to_owned());
        if let Some(id) = self.records.get(&key) {
            return *id;
        }
        let id = self.new_record(giver, home).await;
        self.records.insert(key, id);
        id
    }

    /// The points of whose existence an answer tells though they are out of scope: by their ids, or by their names. That
    /// something concerns another county may be told, by its name alone.
    pub fn leaks(&self, held: &[Held], reply: &Reply) -> Vec<&str> {
        let oracle = self.oracle(held);
        self.tells(reply).filter(|name| !oracle.sees(name)).collect()
    }

    /// The same of an answer about catalogues, which says which of the points above keeps an item.
    pub fn leaks_of_items(&self, held: &[Held], reply: &Reply) -> Vec<&str> {
        let oracle = self.oracle(held);
        let known = |name: &str| oracle.sees(name) || oracle.may("catalogues.read", name);
        self.tells(reply).filter(|name| !known(name)).collect()
    }

    fn tells(&self, reply: &Reply) -> impl Iterator<Item = &str> {
        let text = reply.text().replace("\"county\":\"模拟", "\"county\":\"");
        self.tree
            .names()
            .filter(move |name| text.contains(&self.id(name).to_string()) || text.contains(&format!("\"模拟{name}\"")))
    }
}

/// Somebody who may be added to a household.
pub fn spouse() -> Value {
    json!({ "name": "模拟配偶", "relation": "10", "no_identity_reason": "unknown" })
}

/// A request for a household.
pub fn wanted_at(household: Id, wanted: Id) -> Value {
    json!({ "household_id": household, "service_point_id": wanted, "reason": "模拟原因" })
}

/// Assistance that may be logged.
pub fn assistance(household: Id, giver: Id, given_on: Day) -> Value {
    json!({ "household_id": household, "service_point_id": giver, "kind": "training", "given_on": given_on, "quantity": 1 })
}

fn insert_session(app: &TestApp, conn: &mut Conn, account_id: Id) -> (Id, Actor) {
    let (now, id) = (app.edge.now(), app.edge.new_id());
    let session = sessions::Session {
        id,
        account_id,
        created_at: now,
        refreshed_at: now,
        expires_at: now.plus_seconds(12 * 3600),
        ended_at: None,
        device: "test".to_owned(),
        address: None,
    };
    sessions::insert(conn, &session).unwrap();
    (id, Actor { account: Some(account_id), token: Some(app.token(account_id, id)) })
}

fn insert_person(
    app: &TestApp,
    conn: &mut Conn,
    points: &BTreeMap<String, Id>,
    first_day: Day,
    home: &str,
    held: &[Held],
    standing: Standing,
) -> Person {
    let (now, id) = (app.edge.now(), app.edge.new_id());
    let username = format!("u{}", &id.simple()[2..]);
    let account = accounts::Account {
        id,
        service_point_id: points[home],
        username: username.clone(),
        display_name: "模拟人员".to_owned(),
        phone: None,
        password_hash: "none".to_owned(),
        must_change_password: standing.must_change_password,
        status: standing.status,
        last_sign_in_at: None,
        version: 1,
        created_by: None,
        request_digest: None,
        created_at: now,
        updated_at: now,
    };
    accounts::insert(conn, &account).unwrap();
    let day = |offset: i64| Day::new(first_day.date() + Duration::days(offset)).unwrap();
    let mut grants = Vec::new();
    for grant in held {
        let row = grants::Grant {
            id: app.edge.new_id(),
            account_id: id,
            role: codes::Role::from_code(grant.role.code()).unwrap(),
            service_point_id: points[&grant.point],
            valid_from: day(grant.from),
            valid_to: grant.to.map(day),
            revoked_at: grant.revoked.then_some(now),
            version: 1,
            created_by: None,
            request_digest: None,
            created_at: now,
            updated_at: now,
        };
        grants::insert(conn, &row).unwrap();
        grants.push(row.id);
    }
    let (session, actor) = insert_session(app, conn, id);
    Person { account: id, username, session, actor, home: home.to_owned(), held: held.to_vec(), grants }
}
