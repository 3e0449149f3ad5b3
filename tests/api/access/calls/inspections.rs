//! Calls about inspections, what they drew and what they found.

use serde_json::json;

use super::{Case, End, Prepared, upon};
use crate::access::{
    oracle::Verdict::Allowed,
    table::{
        Act::{self, Change, Read},
        Target,
    },
    world::World,
};

/// What is allowed and changes something is done to an inspection of its own.
pub async fn inspections(world: &mut World, case: &Case<'_>, ready: &mut Prepared) {
    let (held, permission, place) = (ready.who.held.clone(), case.row.permission(), case.place);
    let judged = world.oracle(&held).at(permission, place);
    let fresh = |act: Act| judged == Allowed && matches!(act, Change(_));
    match case.row.target {
        Target::Inspection(act) => {
            let id = if fresh(act) { world.new_inspection(place).await } else { world.inspection(place).await };
            upon(ready, id, act, vec![judged]);
        }
        Target::Seeded(act) => {
            let id = if judged == Allowed { world.new_seeded(place).await } else { world.inspection(place).await };
            upon(ready, id, act, vec![judged]);
            ready.version = Some(2);
        }
        Target::Item(act) => {
            let drawn = if fresh(act) { world.new_item(place).await } else { world.item(place).await };
            upon(ready, drawn.item, act, vec![judged]);
        }
        Target::Finding(act) => {
            let (id, _) = if fresh(act) { world.new_finding(place).await } else { world.finding(place).await };
            upon(ready, id, act, vec![judged]);
        }
        _ => {
            let judged = match world.oracle(&held).anywhere(permission) {
                Allowed if case.row.ends("/inspections") => judged.at("/service_point_id"),
                Allowed => judged.at("/item_id"),
                denied => denied,
            };
            if case.row.ends("/inspections") {
                world.record(place, place).await;
                ready.body = Some(world.inspection_of(place, 1, &[]));
            } else {
                let drawn = if judged == Allowed { world.new_item(place).await } else { world.item(place).await };
                if judged == Allowed {
                    world.check(drawn.item).await;
                }
                ready.body = Some(json!({ "item_id": drawn.item, "reason": "模拟原因" }));
            }
            upon(ready, world.id(place), Read(""), vec![judged]);
            ready.end = End::Is(201);
        }
    }
}
