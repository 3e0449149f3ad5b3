//! What clients do, and what each of them knows of it: the book that it keeps beside the server's.

use std::{collections::BTreeMap, fmt};

use serde_json::{Value, json};
use terrace::domain::{Day, Id};

use crate::http::Call;

/// Something that is sent until it is answered, and what has become of the book then.
#[derive(Debug)]
pub struct Act {
    /// The request. Without a version it makes something.
    pub call: Call,
    /// Where to look whether it happened.
    pub look: String,
    /// What follows for the book, once.
    pub effect: Effect,
}

/// An act whose answer nobody waits for any more.
pub type Doubt = Act;

/// A change of the book.
#[derive(Debug)]
pub enum Effect {
    /// A household with its first members.
    Register(Household),
    /// One more member of a household.
    Join(Id, Member),
    /// A record.
    Log(Record),
    /// A record says something else, or is voided.
    Say(Id, Value),
    /// A household is at home at this point from this day on.
    Move(Id, Id, Day),
    /// A request for a household.
    Ask(Request),
    /// A request is granted from this day on: the household moves.
    Accept(Id, Day),
}

/// A member: its id, and what the server is to say of it.
#[derive(Debug)]
pub struct Member(pub Id, pub Value);

/// A household as a client knows it.
#[derive(Debug)]
pub struct Household {
    /// Its id.
    pub id: Id,
    /// Its home.
    pub home: Id,
    /// The version: 1, and one more for each move.
    pub version: i64,
    /// The day of the last move, or of the registration.
    pub last_change: Day,
    /// What never changes.
    pub fixed: Value,
    /// Its members, the head first.
    pub members: Vec<Member>,
}

/// A record as a client knows it.
#[derive(Debug)]
pub struct Record {
    /// Its id.
    pub id: Id,
    /// To whom it was given.
    pub household: Id,
    /// By whom.
    pub giver: Id,
    /// To which member.
    pub member: Option<Id>,
    /// What each of its versions says.
    pub versions: Vec<Value>,
}

impl Record {
    /// What it says now.
    pub fn now(&self) -> &Value {
        self.versions.last().unwrap()
    }

    /// Whether it counts.
    pub fn counts(&self) -> bool {
        self.now()["state"] == "active"
    }

    /// What kind of assistance it was.
    pub fn kind(&self) -> &str {
        self.now()["kind"].as_str().unwrap()
    }

    /// The present version.
    pub fn version(&self) -> i64 {
        self.versions.len().try_into().unwrap()
    }
}

/// A request to transfer a household.
#[derive(Debug)]
pub struct Request {
    /// Its id.
    pub id: Id,
    /// The household.
    pub household: Id,
    /// The home that is wanted for it.
    pub to: Id,
    /// The first day there, once it was granted.
    pub granted: Option<Day>,
}

/// What was acknowledged, as far as it concerns what one client made; in the end, all of it.
#[derive(Debug, Default)]
pub struct Book {
    /// The households that it may move.
    pub households: BTreeMap<Id, Household>,
    /// The records.
    pub records: BTreeMap<Id, Record>,
    /// The requests.
    pub requests: BTreeMap<Id, Request>,
}

impl Book {
    /// Enters what an act did.
    pub fn enter(&mut self, effect: Effect) {
        match effect {
            Effect::Register(household) => {
                assert!(self.households.insert(household.id, household).is_none());
            }
            Effect::Join(household, member) => self.households.get_mut(&household).unwrap().members.push(member),
            Effect::Log(record) => assert!(self.records.insert(record.id, record).is_none()),
            Effect::Say(record, said) => self.records.get_mut(&record).unwrap().versions.push(said),
            Effect::Move(household, to, day) => self.move_household(household, to, day),
            Effect::Ask(request) => assert!(self.requests.insert(request.id, request).is_none()),
            Effect::Accept(request, day) => {
                let request = self.requests.get_mut(&request).unwrap();
                request.granted = Some(day);
                let (household, to) = (request.household, request.to);
                self.move_household(household, to, day);
            }
        }
    }

    fn move_household(&mut self, id: Id, home: Id, day: Day) {
        let household = self.households.get_mut(&id).unwrap();
        (household.home, household.last_change, household.version) = (home, day, household.version + 1);
    }

    /// Adds another client's book.
    pub fn add(&mut self, other: Self) {
        self.households.extend(other.households);
        self.records.extend(other.records);
        self.requests.extend(other.requests);
    }
}

impl fmt::Display for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let households = self.households.values();
        let members: usize = households.clone().map(|household| household.members.len()).sum();
        let moves: i64 = households.map(|household| household.version - 1).sum();
        let granted = self.requests.values().filter(|request| request.granted.is_some()).count();
        let changes: usize = self.records.values().map(|record| record.versions.len() - 1).sum();
        let voided = self.records.values().filter(|record| !record.counts()).count();
        write!(
            f,
            "{} households with {members} members and {moves} moves, {granted} of them asked for; {} records, {} of them \
             voided, with {} corrections",
            self.households.len(),
            self.records.len(),
            voided,
            changes - voided
        )
    }
}

/// Registers a household of these people: what is sent for each, the head first.
pub fn register(id: Id, home: Id, on: Day, people: Vec<Value>) -> Act {
    let mut body = json!({
        "id": id, "address": format!("模拟地址 {id}"), "household_type": "general", "registered_on": on,
    });
    let mut fixed = body.clone();
    fixed["head_name"] = people[0]["name"].clone();
    fixed["status"] = "active".into();
    body["service_point_id"] = json!(home);
    body["members"] = people.clone().into();
    let members = people.into_iter().map(|person| member(id, on, person)).collect();
    let household = Household { id, home, version: 1, last_change: on, fixed, members };
    Act {
        call: Call::post("/households", body),
        look: format!("/households/{id}"),
        effect: Effect::Register(household),
    }
}

/// Adds somebody to a household.
pub fn join(household: Id, on: Day, mut person: Value) -> Act {
    person["joined_on"] = json!(on);
    let member = member(household, on, person.clone());
    Act {
        call: Call::post(format!("/households/{household}/members"), person),
        look: format!("/members/{}", member.0),
        effect: Effect::Join(household, member),
    }
}

/// What the server is to say of somebody who was sent to it.
fn member(household: Id, on: Day, mut person: Value) -> Member {
    let masked = person["identity_number"].as_str().map(|number| format!("{}********{}", &number[..6], &number[14..]));
    person.as_object_mut().unwrap().remove("identity_number");
    person["household_id"] = json!(household);
    person["identity_masked"] = json!(masked);
    person["joined_on"] = json!(on);
    person["left_on"] = Value::Null;
    person["version"] = json!(1);
    Member(crate::office::id(&person["id"]), person)
}

/// Logs a record that says this.
pub fn log(id: Id, household: Id, member: Option<Id>, giver: Id, said: &Value) -> Act {
    let mut body = said.clone();
    body["id"] = json!(id);
    body["household_id"] = json!(household);
    body["member_id"] = json!(member);
    body["service_point_id"] = json!(giver);
    let record = Record { id, household, giver, member, versions: vec![version(said, "active", None)] };
    Act {
        call: Call::post("/assistance-records", body),
        look: format!("/assistance-records/{id}"),
        effect: Effect::Log(record),
    }
}

/// Lets a record say this instead.
pub fn correct(record: &Record, said: &Value, reason: &str) -> Act {
    let mut body = said.clone();
    body["reason"] = reason.into();
    let path = format!("/assistance-records/{}", record.id);
    let call = Call { method: "PATCH", version: Some(record.version()), ..Call::post(&path, body) };
    Act { call, look: path, effect: Effect::Say(record.id, version(said, "active", Some(reason))) }
}

/// Takes a record back.
pub fn void(record: &Record, reason: &str) -> Act {
    let path = format!("/assistance-records/{}", record.id);
    let call = Call::post(format!("{path}/void"), json!({ "reason": reason }));
    let call = Call { version: Some(record.version()), ..call };
    Act { call, look: path, effect: Effect::Say(record.id, version(record.now(), "voided", Some(reason))) }
}

fn version(said: &Value, state: &str, reason: Option<&str>) -> Value {
    let mut version = said.clone();
    version["state"] = state.into();
    version["reason"] = json!(reason);
    version
}

/// Moves a household.
pub fn transfer(household: &Household, to: Id, on: Day) -> Act {
    let path = format!("/households/{}", household.id);
    let body = json!({ "service_point_id": to, "effective_on": on, "reason": "模拟：搬迁" });
    let call = Call { version: Some(household.version), ..Call::post(format!("{path}/transfer"), body) };
    Act { call, look: path, effect: Effect::Move(household.id, to, on) }
}

/// Asks for a household.
pub fn ask(id: Id, household: Id, to: Id) -> Act {
    let body = json!({ "id": id, "household_id": household, "service_point_id": to, "reason": "模拟：请求转入" });
    let request = Request { id, household, to, granted: None };
    Act {
        call: Call::post("/transfer-requests", body),
        look: format!("/transfer-requests/{id}"),
        effect: Effect::Ask(request),
    }
}

/// Grants a request.
pub fn accept(request: Id, on: Day) -> Act {
    let path = format!("/transfer-requests/{request}");
    let call = Call::post(format!("{path}/accept"), json!({ "effective_on": on }));
    Act { call: Call { version: Some(1), ..call }, look: path, effect: Effect::Accept(request, on) }
}
