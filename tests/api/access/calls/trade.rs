//! Calls about catalogues, organisations, stores, and the ledgers of trade and training.

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
                ready.body = Some(world.asked(thing, place).await);
            }
        }
        Target::NewTrade(thing) => {
            ready.body = Some(world.asked(thing, place).await);
            let place = match thing {
                Thing::Livestream => "/store_id",
                Thing::Attendance => "/session_id",
                _ => "/service_point_id",
            };
            ready.expected = match world.oracle(&ready.who.held).anywhere(permission) {
                Allowed => vec![judged.at(place)],
                nowhere => vec![nowhere],
            };
            if thing == Thing::Balance {
                // A point has one of each figure.
                ready.end = End::PastAccess;
            }
        }
        _ => unreachable!("{} {} is about something else", case.row.method, case.row.path),
    }
}
