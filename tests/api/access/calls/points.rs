//! Calls about points, and lists that are narrowed to one.

use serde_json::json;

use super::{Case, End, Prepared, upon};
use crate::access::{
    oracle::{
        Held,
        Verdict::{Allowed, Denied},
    },
    table::{
        Act::{Change, Read},
        Target,
    },
    world::{Person, Standing, World},
};

pub fn list(world: &World, case: &Case<'_>, filter: Option<&'static str>, ready: &mut Prepared) {
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
pub async fn points(world: &mut World, case: &Case<'_>, ready: &mut Prepared) {
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
