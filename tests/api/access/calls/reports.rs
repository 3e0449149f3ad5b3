//! Calls about monthly reports and waivers. Whether a report may be sent in, approved or opened again is a matter of its state, which
//! `reports` tests; here it is only asked whether access lets a call through.

use serde_json::json;

use super::{Case, End, Prepared, upon};
use crate::access::{
    oracle::Verdict::{self, Allowed},
    table::{Act::Read, Target},
    world::World,
};

pub fn reports(world: &mut World, case: &Case<'_>, ready: &mut Prepared) {
    let (held, permission, place) = (ready.who.held.clone(), case.row.permission(), case.place);
    let judged = world.oracle(&held).at(permission, place);
    // What is made is judged by the permission anywhere, and then by what the request refers to.
    let made = |world: &World, refers: Verdict| match world.oracle(&held).anywhere(permission) {
        Allowed => refers,
        nowhere => nowhere,
    };
    let point = world.id(place);
    let end = match case.row.target {
        Target::Report(act) => {
            upon(ready, world.report(place), act, vec![judged]);
            if matches!(act, Read(_)) { End::Is(200) } else { End::PastAccess }
        }
        Target::Waiver(act) => {
            upon(ready, world.waiver(place), act, vec![judged]);
            if matches!(act, Read(_)) { End::Is(200) } else { End::PastAccess }
        }
        Target::Reports => {
            let item = json!({ "report_id": world.report(place), "version": 1, "digest": "0".repeat(64) });
            ready.body = Some(json!({ "items": [item] }));
            ready.expected = vec![made(world, judged.at("/items/0/report_id"))];
            End::PastAccess
        }
        Target::NewReport => {
            ready.body = Some(json!({ "service_point_id": point, "month": "2026-10", "nil": true }));
            ready.expected = vec![made(world, judged.at("/service_point_id"))];
            End::PastAccess
        }
        _ => {
            ready.body = Some(json!({ "service_point_id": point, "month": "2026-10", "reason": "模拟原因" }));
            ready.expected = vec![made(world, judged.at("/service_point_id"))];
            End::PastAccess
        }
    };
    ready.end = end;
}
