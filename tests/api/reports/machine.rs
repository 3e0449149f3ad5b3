//! The states of reports against a small model, through the API: in every state that is come to, everybody tries everything, and
//! then one of the things that may be done is done.

use rand::{SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::*;
use crate::on_both;

const SEED: u64 = 20_261_203;
const WALK: usize = 60;

/// A village and its township; the other village is not waited for.
const POINTS: [&str; 2] = ["c1t1v1", "c1t1"];
const STEPS: [&str; 5] = ["submit", "withdraw", "approve", "return", "reopen"];

/// A person: everything that is held.
struct Someone {
    held: Vec<(Role, &'static str)>,
    actor: Actor,
}

/// What the model knows of a report.
#[derive(Clone, Debug, Default, PartialEq)]
struct Held {
    report: Option<Value>,
    state: &'static str,
    submitter: Option<usize>,
}

impl Held {
    fn closed(&self) -> bool {
        matches!(self.state, "submitted" | "approved")
    }
}

fn above(point: &str) -> &str {
    &point[..point.len() - 2]
}

/// What the answer must be: 200, or a status and a code; and the state after it.
fn model(
    held: &[Held; 2],
    at: usize,
    who: usize,
    grants: &[(Role, &str)],
    step: &str,
) -> Result<&'static str, (u16, &'static str)> {
    let (point, own) = (POINTS[at], &held[at]);
    if !grants.iter().any(|(_, top)| point.starts_with(top) || *top == "b") {
        return Err((404, "resource.not_found"));
    }
    let sends = |role: &Role| matches!(role, Role::Worker | Role::Reviewer | Role::Manager);
    let reviews = |role: &Role| matches!(role, Role::Reviewer | Role::Manager);
    let may = grants.iter().any(|(role, top)| match step {
        "submit" | "withdraw" => sends(role) && *top == point,
        _ => reviews(role) && *top == above(point),
    });
    if !may {
        return Err((403, "permission.denied"));
    }
    let mine = own.submitter == Some(who);
    let parent_closed = at == 0 && held[1].closed();
    match (step, own.state) {
        ("submit", "submitted" | "approved") => Err((409, "report.submitted")),
        ("submit", _) if parent_closed => Err((409, "report.parent_submitted")),
        ("submit", _) if at == 1 && held[0].state != "approved" => Err((409, "report.children_missing")),
        ("submit", _) => Ok("submitted"),
        ("withdraw", "submitted") => Ok("open"),
        ("approve" | "return", "submitted") | ("approve", "approved") if mine => Err((403, "report.own")),
        ("approve", "submitted" | "approved") => Ok("approved"),
        ("return", "submitted") => Ok("returned"),
        ("reopen", "approved") if mine => Err((403, "report.own")),
        ("reopen", "approved") if parent_closed => Err((409, "report.parent_submitted")),
        ("reopen", "approved") => Ok("open"),
        ("reopen", _) => Err((409, "report.not_approved")),
        _ => Err((409, "report.not_submitted")),
    }
}

async fn take(desk: &Desk, actor: &Actor, at: usize, held: &Held, step: &str) -> Reply {
    let Some(report) = &held.report else {
        let body = json!({ "service_point_id": desk.id(POINTS[at]), "month": MONTH, "nil": true });
        return desk.app.post(actor, "/api/v1/reports", &body).await;
    };
    let body = match step {
        "submit" => json!({ "nil": true }),
        "approve" => json!({ "digest": report["digest"] }),
        "withdraw" => Value::Null,
        _ => json!({ "reason": "模拟原因" }),
    };
    act(&desk.app, actor, report, step, body).await
}

/// Both points have sent something in and taken it back, so that there is a report to do things to.
async fn begun(desk: &Desk) -> [Held; 2] {
    desk.waive("c1t1v2").await.expect(201);
    let mut village = desk.settle("c1t1v1", true).await;
    let mut township = desk.submit("c1t1", true).await;
    let taken = desk.who(Role::Worker, "c1t1");
    township = act(&desk.app, &taken, &township, "withdraw", Value::Null).await.expect(200).json();
    let reviewer = desk.who(Role::Reviewer, "c1t1");
    village = act(&desk.app, &reviewer, &village, "reopen", json!({ "reason": "模拟" })).await.expect(200).json();
    [village, township].map(|report| Held { report: Some(report), state: "open", submitter: None })
}

on_both! {
    /// Whatever anybody tries in whatever order, the program answers as the model does.
    async fn the_states_are_those_of_the_model(app: TestApp) {
        let desk = Desk::new(app).await;
        let mut held = begun(&desk).await;
        let people: Vec<Someone> = [
            vec![(Role::Worker, "c1t1v1")],
            vec![(Role::Worker, "c1t1v1"), (Role::Reviewer, "c1t1")],
            vec![(Role::Manager, "c1t1")],
            vec![(Role::Reviewer, "c1t1"), (Role::Manager, "c1")],
            vec![(Role::Reviewer, "c1")],
            vec![(Role::Auditor, "b")],
            vec![(Role::Admin, "b"), (Role::Manager, "b")],
            vec![(Role::Manager, "c2")],
        ]
        .into_iter()
        .map(|held| {
            let grants: Vec<(Role, Id)> = held.iter().map(|(role, point)| (*role, desk.id(point))).collect();
            Someone { actor: desk.app.actor(&grants), held }
        })
        .collect();
        let mut rng = StdRng::seed_from_u64(SEED);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..WALK {
            // Where it has been before, what is refused has been refused.
            let is_new = seen.insert((held[0].state, held[1].state));
            let mut open = Vec::new();
            for (who, someone) in people.iter().enumerate() {
                for at in 0..2 {
                    for step in STEPS {
                        let words = format!("{step} {} by {:?} in {:?}", POINTS[at], someone.held, (held[0].state, held[1].state));
                        match model(&held, at, who, &someone.held, step) {
                            Ok(_) => open.push((who, at, step)),
                            Err(_) if !is_new => {}
                            Err((status, code)) => {
                                let reply = take(&desk, &someone.actor, at, &held[at], step).await;
                                assert_eq!((reply.status, reply.code().as_str()), (status, code), "{words}");
                            }
                        }
                    }
                }
            }
            // Steps of which there are more by chance are taken no more often than others.
            let (at, step) = {
                let mut kinds: Vec<(usize, &str)> = open.iter().map(|(_, at, step)| (*at, *step)).collect();
                kinds.sort_unstable();
                kinds.dedup();
                *kinds.choose(&mut rng).unwrap()
            };
            let able: Vec<usize> = open.iter().filter(|(_, a, s)| (*a, *s) == (at, step)).map(|(who, ..)| *who).collect();
            let who = *able.choose(&mut rng).unwrap();
            let state = model(&held, at, who, &people[who].held, step).unwrap();
            let after = take(&desk, &people[who].actor, at, &held[at], step).await.expect(200).json();
            assert_eq!(after["state"], state, "{step} {}", POINTS[at]);
            if step == "submit" {
                held[at].submitter = Some(who);
            }
            (held[at].state, held[at].report) = (state, Some(after));
            for held in &held {
                let (report, now) = (held.report.as_ref().unwrap(), desk.report(held.report.as_ref().unwrap()).await);
                assert_eq!((&now["state"], &now["version"]), (&report["state"], &report["version"]));
            }
        }
        assert!(seen.len() >= 8, "the walk came to few states: {seen:?}");
    }
}
