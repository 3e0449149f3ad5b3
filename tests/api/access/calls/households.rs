//! Calls about households, their members and requests for them.

use serde_json::{Value, json};
use terrace::domain::Id;

use super::{Case, End, Prepared, upon};
use crate::access::{
    oracle::Verdict::{self, Allowed},
    table::{
        Act::{Change, Read},
        Target,
    },
    world::{World, spouse},
};

/// What is allowed and changes something is done to a household of its own.
pub async fn households(world: &mut World, case: &Case<'_>, ready: &mut Prepared) {
    let (held, place, other) = (ready.who.held.clone(), case.place, case.other);
    let judged = world.oracle(&held).at(case.row.permission(), place);
    let allowed = judged == Allowed;
    match case.row.target {
        Target::Household(act) => {
            let fresh = allowed && matches!(act, Change(_));
            let id = if fresh { world.new_household(place).await } else { world.household(place).await };
            upon(ready, id, act, vec![judged]);
        }
        Target::EndedHousehold(act) => {
            let id = if allowed { world.new_ended_household(place).await } else { world.household(place).await };
            upon(ready, id, act, vec![judged]);
            ready.version = Some(2);
        }
        Target::Head => {
            let (id, member) = household_and_member(world, place, allowed).await;
            upon(ready, id, Change(""), vec![judged]);
            ready.body = Some(json!({ "member_id": member, "former_relation": "10" }));
        }
        Target::Transfer => {
            let id = if allowed { world.new_household(place).await } else { world.household(place).await };
            // Neither can it be pushed out of the scope, nor pulled into it.
            let there = world.oracle(&held).at(case.row.permission(), other).at("/service_point_id");
            upon(ready, id, Change(""), vec![if allowed { there } else { judged }]);
            ready.body = Some(json!({ "service_point_id": world.id(other), "reason": "模拟原因" }));
            if place == other {
                ready.end = End::Is(409);
            }
        }
        Target::Member(act) => {
            let fresh = allowed && matches!(act, Change(_));
            let (_, member) = household_and_member(world, place, fresh).await;
            upon(ready, member, act, vec![judged]);
        }
        Target::NewMember => {
            let id = if allowed { world.new_household(place).await } else { world.household(place).await };
            upon(ready, id, Read(""), vec![judged]);
            (ready.body, ready.end) = (Some(spouse()), End::Is(201));
        }
        Target::Request(act) | Target::Answer(act) => {
            let judged = match case.row.target {
                // Where a household is at home now is not told to those who only asked for it.
                Target::Answer(_) if allowed => answering(world, case, ready),
                _ => judged,
            };
            let fresh = judged == Allowed && matches!(act, Change(_));
            let asked = if fresh { world.new_request(place, other).await } else { world.request(place, other).await };
            upon(ready, asked.id, act, vec![judged]);
            if case.row.ends("/accept") && place == other {
                ready.end = End::Is(409);
            }
            // Once it is granted, the household is at home at the place.
            let home = if case.row.ends("/accept") { place } else { other };
            ready.says = Some(("/household_id", telling(world, ready, home, asked.household)));
        }
        _ => unreachable!("not about a household"),
    }
}

async fn household_and_member(world: &mut World, place: &str, fresh: bool) -> (Id, Id) {
    if fresh {
        let id = world.new_household(place).await;
        (id, world.new_member(id).await)
    } else {
        (world.household(place).await, world.member(place).await)
    }
}

fn answering(world: &World, case: &Case<'_>, ready: &Prepared) -> Verdict {
    let permission = case.row.permission();
    world.oracle(&ready.who.held).at(permission, case.other).untold(permission)
}

/// What may be told of a household: itself to who may see it there, nothing where the home is out of scope. In between, where
/// its existence is no secret, either.
fn telling(world: &World, ready: &Prepared, home: &str, household: Id) -> Vec<Value> {
    match world.oracle(&ready.who.held).at("households.read", home) {
        Allowed => vec![json!(household)],
        Verdict::Hidden => vec![Value::Null],
        _ => vec![json!(household), Value::Null],
    }
}
