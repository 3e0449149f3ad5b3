//! Calls about catalogues, registers, organisations, stores, and ledgers.

use super::{Case, End, Prepared, upon};
use crate::access::{
    oracle::Verdict::Allowed,
    table::{Act::Change, Target, Thing},
    world::World,
};

/// What is allowed and changes something is done to what is there in its present version, but what is taken back is made for it.
pub async fn trade(world: &mut World, case: &Case<'_>, ready: &mut Prepared) {
    let (permission, place) = (case.row.permission(), case.place);
    let judged = world.oracle(&ready.who.held).at(permission, place);
    match case.row.target {
        Target::Trade(thing, act) => {
            let fresh = judged == Allowed && case.row.ends("/void");
            let id = if fresh { world.new_thing(thing, place).await } else { world.thing(thing, place).await };
            upon(ready, id, act, vec![judged]);
            if matches!(act, Change(_)) {
                ready.version = Some(world.version(thing, id).await);
            }
            if case.row.method == "PUT" {
                ready.body = Some(world.whole(id));
            }
            if (thing.is_of_villages() && !place.contains('v')) || case.row.path.ends_with("/file") {
                // Neither may a village's thing be elsewhere, nor a description be the file.
                ready.end = if matches!(act, Change(_)) { End::PastAccess } else { ready.end };
            }
        }
        Target::NewTrade(thing) => {
            ready.body = Some(world.asked(thing, place).await);
            let pointer = match thing {
                Thing::Livestream => "/store_id",
                Thing::Attendance => "/session_id",
                Thing::Parcels => "/site_id",
                Thing::Wage => "/membership_id",
                Thing::Benefit => "/link_id",
                Thing::Payment => "/project_id",
                _ => "/service_point_id",
            };
            ready.expected = match world.oracle(&ready.who.held).anywhere(permission) {
                Allowed => vec![judged.at(pointer)],
                nowhere => vec![nowhere],
            };
            if thing == Thing::Balance || (thing.is_of_villages() && !place.contains('v')) {
                // A point has one of each figure, and what is a village's is nowhere else.
                ready.end = End::PastAccess;
            }
        }
        _ => unreachable!("{} {} is about something else", case.row.method, case.row.path),
    }
}
