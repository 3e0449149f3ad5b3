//! How each endpoint is called, and what the oracle says to it: [`prepare`] makes what a call acts upon, so that nothing
//! but access can stop it, and [`Prepared::judge`] compares the answer with the oracle's.

use actix_web::http::Method;
use serde_json::{Value, json};
use terrace::domain::{Id, codes::AccountStatus};

use super::{
    oracle::{
        Held, Role,
        Verdict::{self, Allowed, ChangePassword, Denied, Hidden, HiddenAt, OwnAccount, RoleNotAllowed, SignIn},
        all_of,
    },
    table::{
        Act::{self, Change, Read},
        Row, Target,
    },
    world::{Person, Standing, World, assistance, household},
};
use crate::support::Reply;

/// One call: at which point, and whatever else it takes.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    pub row: &'a Row,
    /// The point that the call is about: a point itself, a home, the giver of a record, the keeper of an account.
    pub place: &'a str,
    /// The second point, where there is one: the new parent, the giver or the home, the place of a grant.
    pub other: &'a str,
    /// The role of a grant that is given or taken.
    pub role: Role,
    /// What else the account that is acted upon holds.
    pub theirs: Vec<Held>,
    /// Whether the caller acts upon the own account, grant or session.
    pub own: bool,
}

impl<'a> Case<'a> {
    /// A call at one point.
    pub fn at(row: &'a Row, place: &'a str) -> Self {
        Self { row, place, other: place, role: Role::Worker, theirs: Vec::new(), own: false }
    }
}

/// What an allowed call ends with.
#[derive(Clone, Copy, Debug)]
pub enum End {
    /// This status.
    Is(u16),
    /// The rules of the tree may refuse it (409, 422), access may not.
    PastAccess,
}

/// A request that is ready to be sent.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub who: Person,
    pub method: Method,
    pub path: String,
    pub body: Option<Value>,
    pub version: Option<i64>,
    /// Any of these answers is right.
    pub expected: Vec<Verdict>,
    /// The point and its new parent, if it moves.
    moves: Option<(String, String)>,
    end: End,
}

impl Prepared {
    /// Sends it.
    pub async fn send(&self, world: &World) -> Reply {
        let tag = self.version.map(|version| format!("\"{version}\""));
        let headers: Vec<(&str, &str)> = tag.iter().map(|tag| ("if-match", tag.as_str())).collect();
        world.app.request(&self.who.actor, self.method.clone(), &self.path, self.body.as_ref(), &headers).await
    }

    /// Sends it, and says what is wrong with the answer.
    pub async fn judged(&self, world: &mut World) -> Result<(), String> {
        let reply = self.send(world).await;
        if let Some((point, parent)) = self.moves.as_ref().filter(|_| reply.status == 200) {
            world.tree.hang(point, Some(parent));
        }
        self.judge(world, &reply)
    }

    /// What is wrong with an answer.
    pub fn judge(&self, world: &World, reply: &Reply) -> Result<(), String> {
        if !self.expected.iter().any(|verdict| agrees(*verdict, self.end, reply)) {
            let (status, text) = (reply.status, reply.text());
            return Err(format!("expected {:?} ({:?}), got {status} {text}", self.expected, self.end));
        }
        match world.leaks(&self.who.held, reply).as_slice() {
            [] => Ok(()),
            told => Err(format!("tells of {told:?} out of scope: {}", reply.text())),
        }
    }
}

fn agrees(verdict: Verdict, end: End, reply: &Reply) -> bool {
    let problem = |status, code: &str| reply.status == status && reply.code() == code;
    match (verdict, end) {
        (Allowed, End::Is(status)) => reply.status == status,
        (Allowed, End::PastAccess) => reply.status < 500 && ![401, 403, 404].contains(&reply.status),
        (SignIn, _) => problem(401, "auth.sign_in_required"),
        (ChangePassword, _) => problem(403, "auth.password_change_required"),
        (Denied(permission), _) => problem(403, "permission.denied") && reply.json()["permission"] == permission,
        (OwnAccount, _) => problem(403, "account.own"),
        (RoleNotAllowed, _) => problem(403, "grant.role_not_allowed"),
        (Hidden, _) => problem(404, "resource.not_found") && reply.faults().is_empty(),
        (HiddenAt(pointer), _) => {
            problem(404, "resource.not_found") && reply.faults() == [(pointer.to_owned(), "not_found".to_owned())]
        }
    }
}

/// Makes what a call acts upon, and asks the oracle. What an allowed call would use up is made afresh.
pub async fn prepare(world: &mut World, who: &Person, case: &Case<'_>) -> Prepared {
    let (row, place) = (case.row, case.place);
    let mut ready = Prepared {
        who: who.clone(),
        method: row.method.parse().unwrap(),
        path: row.path.to_owned(),
        body: None,
        version: None,
        expected: vec![Allowed],
        moves: None,
        end: End::Is(if row.method == "POST" { 201 } else { 200 }),
    };
    match row.target {
        // An empty request is refused for its body, by whoever it is sent: no password is tried.
        Target::Entrance => (ready.body, ready.end) = (Some(json!({})), End::Is(400)),
        Target::Me(status) => {
            ready.end = End::Is(status);
            ready.body = (status == 400).then(|| json!({}));
            // Signing out ends the session, which others may still need.
            ready.who = world.signed_in_again(who);
        }
        Target::Session => {
            let whose = if case.own { who.clone() } else { world.clerk.clone() };
            let session = world.signed_in_again(&whose).session;
            ready.path = row.path.replace("{id}", &session.to_string());
            ready.end = End::Is(204);
            ready.expected = vec![if case.own { Allowed } else { Hidden }];
        }
        Target::Words => ready.expected = vec![world.oracle(&who.held).anywhere(row.permission())],
        Target::List(filter) => list(world, case, filter, &mut ready),
        Target::Point(_) | Target::Move => points(world, case, &mut ready).await,
        Target::Household(act) => {
            let judged = world.oracle(&who.held).at(row.permission(), place);
            let fresh = judged == Allowed && matches!(act, Change(_));
            let id = if fresh { world.new_household(place).await } else { world.household(place).await };
            upon(&mut ready, id, act, vec![judged]);
        }
        Target::Record(act) => {
            let judged = world.oracle(&who.held).at(row.permission(), place);
            let fresh = judged == Allowed && matches!(act, Change(_));
            let id =
                if fresh { world.new_record(place, case.other).await } else { world.record(place, case.other).await };
            upon(&mut ready, id, act, vec![judged]);
        }
        Target::Account(act) => {
            let standing = Standing {
                status: if row.ends("/activate") { AccountStatus::Suspended } else { AccountStatus::Active },
                ..Standing::default()
            };
            let whose = if case.own { who.clone() } else { world.person_at(place, &case.theirs, standing) };
            let judged = match world.oracle(&who.held).at(row.permission(), &whose.home) {
                Allowed if matches!(act, Read(_)) => Allowed,
                Allowed if case.own => OwnAccount,
                // Whoever changes an account could act with all that it holds.
                Allowed => world.oracle(&who.held).manages(&whose.held),
                judged => judged,
            };
            if row.ends("/reset-password") {
                // No account has two passwords of one instant.
                world.app.edge.advance(1);
            }
            upon(&mut ready, whose.account, act, vec![judged]);
        }
        Target::Grant(act) => {
            let held = [&[Held::new(case.role, place)], case.theirs.as_slice()].concat();
            let whose = if case.own { who.clone() } else { world.person(&held) };
            let Held { role, point, .. } = &whose.held[0];
            let judged = match world.oracle(&who.held).at(row.permission(), point) {
                Allowed if matches!(act, Read(_)) => Allowed,
                Allowed if case.own => OwnAccount,
                // A grant is given and taken by itself, whatever else the account holds elsewhere.
                Allowed => world.oracle(&who.held).gives(*role, point),
                judged => judged,
            };
            upon(&mut ready, whose.grants[0], act, vec![judged]);
        }
        Target::NewPoint | Target::NewHousehold | Target::NewRecord | Target::NewAccount | Target::NewGrant => {
            create(world, case, &mut ready).await;
        }
    }
    ready
}

/// Points a request at an item, at its first version.
fn upon(ready: &mut Prepared, id: Id, act: Act, expected: Vec<Verdict>) {
    ready.path = ready.path.replace("{id}", &id.to_string());
    ready.expected = expected;
    ready.end = End::Is(200);
    match act {
        Read(query) => ready.path.push_str(query),
        Change(body) => {
            ready.version = Some(1);
            ready.body = (!body.is_empty()).then(|| serde_json::from_str(body).unwrap());
        }
    }
}

fn list(world: &World, case: &Case<'_>, filter: Option<&'static str>, ready: &mut Prepared) {
    let (oracle, permission) = (world.oracle(&ready.who.held), case.row.permission());
    ready.expected = match (oracle.anywhere(permission), filter) {
        (Allowed, Some(filter)) => {
            ready.path = format!("{}?{filter}={}", ready.path, world.id(case.place));
            match oracle.at(permission, case.place).at(filter) {
                // Parts of a subtree may be allowed where its top is not: `lists` says what is to be seen then.
                Denied(permission) => vec![Denied(permission), Allowed],
                judged => vec![judged],
            }
        }
        (judged, _) => vec![judged],
    };
}

/// A change of a point uses it up. So one that is allowed is made of a twin: a new point with the same parent, by a
/// person who holds there what the caller holds here. The bureau has no twin; it is changed from a version that it
/// never had, which stops a request only after access has let it through.
async fn points(world: &mut World, case: &Case<'_>, ready: &mut Prepared) {
    let (permission, who) = (case.row.permission(), ready.who.clone());
    let judge = |world: &World, who: &Person, place: &str| {
        let oracle = world.oracle(&who.held);
        match (case.row.target, oracle.at(permission, place)) {
            (Target::Move, Allowed) => vec![oracle.below(permission, case.other).at("/parent_id")],
            (_, judged) => vec![judged],
        }
    };
    let mut place = case.place.to_owned();
    let change = !matches!(case.row.target, Target::Point(Read(_)));
    if change && place != "b" && judge(world, &who, &place) == [Allowed] {
        let parent = world.tree.parent(&place).unwrap().to_owned();
        let twin = world.new_point(&parent, if case.row.ends("/activate") { "planned" } else { "active" }).await;
        let moved = |point: &str| if point == place { twin.clone() } else { point.to_owned() };
        let held: Vec<Held> =
            who.held.iter().map(|grant| Held { point: moved(&grant.point), ..grant.clone() }).collect();
        ready.who = world.person_at(&moved(&who.home), &held, Standing::default());
        place = twin;
    }
    let expected = judge(world, &ready.who, &place);
    let (id, root) = (world.id(&place), place == "b");
    match case.row.target {
        Target::Point(act) => upon(ready, id, act, expected),
        _ => {
            upon(ready, id, Change(""), expected);
            ready.body = Some(json!({ "parent_id": world.id(case.other), "reason": "模拟原因" }));
            ready.moves = Some((place.clone(), case.other.to_owned()));
            let fits = world.tree.depth(case.other) + 1 == world.tree.depth(&place);
            let new = world.tree.parent(&place) != Some(case.other);
            ready.end = if fits && new { End::Is(200) } else { End::PastAccess };
        }
    }
    if change && root {
        (ready.version, ready.end) = (Some(99), End::Is(412));
    }
}

/// What is made is judged by the permission anywhere, and then by what the request refers to.
async fn create(world: &mut World, case: &Case<'_>, ready: &mut Prepared) {
    let (who, permission) = (ready.who.clone(), case.row.permission());
    let (place, other) = (case.place, case.other);
    let refers: Vec<Verdict>;
    match case.row.target {
        Target::NewPoint => {
            let tier = *["county", "township", "village"].get(world.tree.depth(place)).unwrap_or(&"village");
            ready.body = Some(json!({ "parent_id": world.id(place), "tier": tier, "name": "模拟新点" }));
            // Nothing stands below a village.
            ready.end = End::Is(if world.tree.depth(place) == 3 { 422 } else { 201 });
            refers = vec![world.oracle(&who.held).below(permission, place).at("/parent_id")];
        }
        Target::NewHousehold => {
            ready.body = Some(household(world.id(place)));
            refers = vec![world.oracle(&who.held).at(permission, place).at("/service_point_id")];
        }
        Target::NewRecord => {
            ready.body = Some(assistance(world.household(place).await, world.id(other), world.app.today()));
            let oracle = world.oracle(&who.held);
            refers = vec![
                oracle.at(permission, place).at("/household_id"),
                oracle.at(permission, other).at("/service_point_id"),
            ];
        }
        Target::NewAccount => {
            let username = format!("new{}", world.number());
            let grant = json!({ "role": case.role.code(), "service_point_id": world.id(place) });
            ready.body = Some(json!({ "username": username, "display_name": "模拟新人", "grant": grant }));
            refers = vec![giving(world, &who, case.role, place).at("/grant/service_point_id")];
        }
        _ => {
            let whose = if case.own { who.clone() } else { world.person_at(place, &case.theirs, Standing::default()) };
            ready.body = Some(json!({
                "account_id": whose.account, "role": case.role.code(), "service_point_id": world.id(other),
            }));
            let account = match world.oracle(&who.held).at(permission, &whose.home) {
                Allowed if case.own => OwnAccount,
                judged => judged.at("/account_id"),
            };
            refers = vec![account, giving(world, &who, case.role, other).at("/service_point_id")];
        }
    }
    ready.expected = match world.oracle(&who.held).anywhere(permission) {
        Allowed => all_of(refers),
        judged => vec![judged],
    };
}

fn giving(world: &World, who: &Person, role: Role, place: &str) -> Verdict {
    let oracle = world.oracle(&who.held);
    match oracle.at("accounts.manage", place) {
        Allowed => oracle.gives(role, place),
        judged => judged,
    }
}

/// What is wrong, all of it at once: one mistake in the policy shows as a pattern.
#[derive(Default)]
pub struct Findings {
    calls: usize,
    wrong: Vec<String>,
}

impl Findings {
    /// Notes how a call went.
    pub fn add(&mut self, words: &str, row: &Row, outcome: Result<(), String>) {
        self.calls += 1;
        if let Err(fault) = outcome {
            self.wrong.push(format!("{words}: {} {}: {fault}", row.method, row.path));
        }
    }

    /// Fails the test unless every call went well.
    #[track_caller]
    pub fn none(self) {
        let shown: Vec<&str> = self.wrong.iter().take(40).map(String::as_str).collect();
        assert!(shown.is_empty(), "{} of {} calls are wrong:\n{}", self.wrong.len(), self.calls, shown.join("\n"));
    }
}
