//! A request of a batch: who sends what, what the rules make of it as things stand, and what else may become of it when
//! something that it depends on is changed at the same moment.

use std::collections::BTreeSet;

use actix_web::http::Method;
use serde_json::Value;
use terrace::domain::{Day, Id};

use crate::support::Reply;

/// A status, and the code of the problem or of one of its faults; none for what is done.
pub type Outcome = (u16, &'static str);

pub const MADE: Outcome = (201, "");
pub const DONE: Outcome = (200, "");
pub const STALE: Outcome = (412, "version.stale");
pub const TAKEN: Outcome = (409, "id.taken");
pub const NOT_FOUND: Outcome = (404, "resource.not_found");
pub const ALREADY_SO: Outcome = (409, "resource.already_so");
pub const SIMULTANEOUS: Outcome = (409, "resource.simultaneous_change");
pub const VOIDED: Outcome = (409, "assistance_record.voided");
pub const ENTRY_VOIDED: Outcome = (409, "ledger_entry.voided");
pub const NOT_ACTIVE: Outcome = (409, "household.not_active");
pub const STILL_ACTIVE: Outcome = (409, "household.active");
pub const DUPLICATE: Outcome = (409, "household.duplicate_identity");
pub const RECORDS_AFTER_END: Outcome = (409, "household.records_after_end");
pub const BEFORE_LAST_CHANGE: Outcome = (422, "before_last_change");
pub const IN_FUTURE: Outcome = (422, "in_future");
pub const HEAD_NEEDED: Outcome = (409, "household.head_needed");
pub const NOT_PRESENT: Outcome = (409, "household_member.not_present");
pub const PENDING: Outcome = (409, "transfer_request.pending");
pub const ANSWERED: Outcome = (409, "transfer_request.answered");
pub const NOT_REGISTERED: Outcome = (422, "not_registered");
pub const POINT_NOT_ACTIVE: Outcome = (409, "service_point.not_active");
pub const POINT_ENDED: Outcome = (409, "service_point.ended");
pub const OPEN_CHILDREN: Outcome = (409, "service_point.open_children");
pub const RECORDS_AFTER_CLOSE: Outcome = (409, "service_point.records_after_close");
pub const COVERS: Outcome = (409, "opening_balance.covers");
pub const ENTRIES_OUTSIDE: Outcome = (409, "entries.outside");
pub const ATTENDED: Outcome = (409, "training_session.attended");
pub const NOT_OPEN: Outcome = (422, "store_not_open");
pub const NOT_IN_FORCE: Outcome = (422, "not_in_force");
pub const NOT_KEPT_ABOVE: Outcome = (422, "not_kept_above");
pub const ATTENDS_ALREADY: Outcome = (422, "attends_already");
pub const BEFORE_REGISTRATION: Outcome = (422, "before_registration");
pub const BEFORE_FROM: Outcome = (422, "before_from");
pub const FIXED: Outcome = (422, "fixed");
pub const OWN_STORE: Outcome = (422, "own_store");
pub const NOT_LOGISTICS: Outcome = (422, "not_logistics");
pub const SITE_NOT_OPEN: Outcome = (422, "site_not_open");
pub const HAS_LEFT: Outcome = (422, "not_present");
pub const BELONGS_ALREADY: Outcome = (422, "belongs_already");
pub const LOGGED_ALREADY: Outcome = (422, "logged_already");
pub const OVER_BUDGET: Outcome = (422, "over_budget");
pub const PAID_MORE: Outcome = (422, "paid_more");
pub const CODE_TAKEN: Outcome = (409, "service_point.region_code_taken");

/// What an acknowledgement means.
#[derive(Clone, Debug)]
pub enum Act {
    Log(Id),
    Correct(Id),
    Void(Id),
    Register(Id),
    /// Somebody joins a household.
    Join(Id, Id),
    Leave(Id, Day),
    /// A household's next version.
    Household(Id, Change),
    Erase(Id),
    /// Asked for a household.
    Ask(Id),
    /// An answer to that, the state after it; the household's change if it is granted.
    Answer(Id, &'static str, Option<(Id, Change)>),
    Open(Id),
    /// A point's next version.
    Point(Id),
    /// An entry of a ledger: logged, corrected, voided.
    LogEntry(Id),
    CorrectEntry(Id),
    VoidEntry(Id),
    /// Something that is kept as a whole: entered, written anew.
    Enter(Id),
    Rewrite(Id),
    /// A look at the figures while they change.
    Look,
}

/// What holds of a household from a day on.
#[derive(Clone, Debug)]
pub struct Change {
    pub from: Day,
    pub what: What,
}

#[derive(Clone, Debug)]
pub enum What {
    Home(Id),
    Type(String),
    Status(String),
    /// A new version in which nothing that counts is new.
    Nothing,
}

#[derive(Clone, Debug)]
pub struct Step {
    pub name: &'static str,
    pub actor: usize,
    pub method: Method,
    pub path: String,
    pub version: Option<i64>,
    pub body: Option<Value>,
    pub act: Act,
    /// What the rules make of it as things stand; more than one where the actor's part of the tree decides.
    pub allowed: Vec<Outcome>,
    /// What decides about it; what it changes; what it adds something to; where it asks whether something was added.
    depends: Vec<String>,
    changes: Vec<String>,
    adds_to: Vec<String>,
    watches: Vec<String>,
}

impl Step {
    pub fn new(name: &'static str, actor: usize, act: Act, path: String, right: Outcome) -> Self {
        let empty = Vec::new;
        Self {
            name,
            actor,
            method: Method::POST,
            path,
            version: None,
            body: None,
            act,
            allowed: vec![right],
            depends: empty(),
            changes: empty(),
            adds_to: empty(),
            watches: empty(),
        }
    }

    pub fn method(self, method: Method) -> Self {
        Self { method, ..self }
    }

    pub fn path(self, path: String) -> Self {
        Self { path, ..self }
    }

    pub fn act(self, act: Act) -> Self {
        Self { act, ..self }
    }

    pub fn right(self, right: Outcome) -> Self {
        Self { allowed: vec![right], ..self }
    }

    pub fn version(self, version: i64) -> Self {
        Self { version: Some(version), ..self }
    }

    pub fn body(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    pub fn depends(mut self, on: impl IntoIterator<Item = impl ToString>) -> Self {
        self.depends.extend(on.into_iter().map(|key| key.to_string()));
        self
    }

    pub fn changes(mut self, what: impl IntoIterator<Item = impl ToString>) -> Self {
        self.changes.extend(what.into_iter().map(|key| key.to_string()));
        self
    }

    pub fn adds_to(mut self, what: impl IntoIterator<Item = impl ToString>) -> Self {
        self.adds_to.extend(what.into_iter().map(|key| key.to_string()));
        self
    }

    pub fn watches(mut self, what: impl IntoIterator<Item = impl ToString>) -> Self {
        self.watches.extend(what.into_iter().map(|key| key.to_string()));
        self
    }

    pub fn allows(&self, reply: &Reply) -> bool {
        let told = |code: &str| match reply.status {
            200 | 201 => code.is_empty(),
            422 => reply.faults().iter().any(|(_, fault)| fault == code),
            _ => reply.code() == code,
        };
        self.allowed.iter().any(|(status, code)| *status == reply.status && told(code))
    }

    /// Whether the order in which it and another are done may decide what becomes of it.
    fn is_crossed_by(&self, other: &Self) -> bool {
        let own: BTreeSet<&String> = self.depends.iter().chain(&self.changes).chain(&self.watches).collect();
        other.changes.iter().any(|key| own.contains(key)) || other.adds_to.iter().any(|key| self.watches.contains(key))
    }
}

/// Widens what may be answered where the order of the batch decides.
pub fn allow_races(steps: &mut [Step]) {
    let crossed: Vec<bool> = (0..steps.len())
        .map(|at| {
            let others = steps.iter().enumerate().filter(|(other, _)| *other != at);
            others.into_iter().any(|(_, other)| steps[at].is_crossed_by(other))
        })
        .collect();
    for (step, _) in steps.iter_mut().zip(crossed).filter(|(_, crossed)| *crossed) {
        step.allowed.extend(races(step.name));
    }
}

/// Everything that may become of a request that is right in itself.
fn races(name: &str) -> &'static [Outcome] {
    match name {
        "log" => &[MADE, DONE, TAKEN, NOT_ACTIVE, POINT_NOT_ACTIVE, POINT_ENDED, SIMULTANEOUS],
        "correct" => &[DONE, STALE, NOT_ACTIVE, POINT_NOT_ACTIVE, POINT_ENDED],
        "void" => &[DONE, STALE],
        "register" => &[MADE, POINT_NOT_ACTIVE, DUPLICATE, SIMULTANEOUS],
        "join" => &[MADE, NOT_ACTIVE, DUPLICATE, SIMULTANEOUS],
        "leave" => &[DONE, STALE, NOT_PRESENT],
        "head" => &[DONE, STALE, NOT_ACTIVE, NOT_PRESENT],
        "type" | "edit" => &[DONE, STALE],
        "status" => &[DONE, STALE, RECORDS_AFTER_END, POINT_NOT_ACTIVE, DUPLICATE, SIMULTANEOUS],
        "transfer" => &[DONE, STALE, POINT_NOT_ACTIVE],
        "erase" => &[DONE, STALE],
        "ask" => &[MADE, NOT_ACTIVE, ALREADY_SO, PENDING, POINT_NOT_ACTIVE, NOT_REGISTERED, SIMULTANEOUS],
        "accept" => &[DONE, STALE, ANSWERED, NOT_ACTIVE, ALREADY_SO, BEFORE_LAST_CHANGE, POINT_NOT_ACTIVE],
        "refuse" | "withdraw" => &[DONE, STALE, ANSWERED],
        "open" => &[MADE, POINT_ENDED, CODE_TAKEN],
        "code" => &[DONE, STALE, CODE_TAKEN],
        "close" => &[DONE, STALE, OPEN_CHILDREN, RECORDS_AFTER_CLOSE],
        "activate" | "suspend" => &[DONE, STALE],
        "move" => &[DONE, STALE, POINT_ENDED],
        "sale" | "livestream" | "session" | "attend" => &[
            MADE,
            DONE,
            POINT_NOT_ACTIVE,
            POINT_ENDED,
            SIMULTANEOUS,
            COVERS,
            NOT_OPEN,
            NOT_IN_FORCE,
            NOT_KEPT_ABOVE,
            ENTRY_VOIDED,
            NOT_PRESENT,
            // The day may be the session's, which is moved.
            BEFORE_REGISTRATION,
            ATTENDS_ALREADY,
            NOT_ACTIVE,
        ],
        "correct entry" => &[
            DONE,
            STALE,
            ENTRY_VOIDED,
            NOT_PRESENT,
            POINT_NOT_ACTIVE,
            POINT_ENDED,
            COVERS,
            NOT_OPEN,
            NOT_IN_FORCE,
            NOT_KEPT_ABOVE,
            ATTENDED,
            NOT_ACTIVE,
            LOGGED_ALREADY,
            OVER_BUDGET,
            HAS_LEFT,
        ],
        "void entry" => &[DONE, STALE, ATTENDED],
        "store" => &[MADE, NOT_IN_FORCE, NOT_KEPT_ABOVE, POINT_NOT_ACTIVE, POINT_ENDED],
        "rewrite store" => &[DONE, STALE, ENTRIES_OUTSIDE],
        "item" => &[MADE, COVERS, ALREADY_SO],
        "rewrite item" => &[DONE, STALE, COVERS, ENTRIES_OUTSIDE],
        "register item" => &[
            MADE,
            POINT_ENDED,
            POINT_NOT_ACTIVE,
            NOT_KEPT_ABOVE,
            NOT_LOGISTICS,
            SITE_NOT_OPEN,
            HAS_LEFT,
            BELONGS_ALREADY,
            NOT_IN_FORCE,
            OWN_STORE,
        ],
        "rewrite register item" => {
            &[DONE, STALE, ENTRIES_OUTSIDE, SITE_NOT_OPEN, BELONGS_ALREADY, NOT_IN_FORCE, OWN_STORE]
        }
        "livelihood" => &[
            MADE,
            DONE,
            POINT_NOT_ACTIVE,
            POINT_ENDED,
            SIMULTANEOUS,
            NOT_IN_FORCE,
            LOGGED_ALREADY,
            OVER_BUDGET,
            NOT_ACTIVE,
            HAS_LEFT,
        ],
        "rewrite document" => &[DONE, STALE, ENTRIES_OUTSIDE, PAID_MORE, FIXED],
        _ => &[],
    }
}
