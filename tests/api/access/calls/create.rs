//! Calls that make something, and name where.

use serde_json::json;

use super::{Case, End, Prepared};
use crate::{
    access::{
        oracle::{
            Role,
            Verdict::{self, Allowed, OwnAccount},
            all_of,
        },
        table::Target,
        world::{Person, Standing, World, assistance, wanted_at},
    },
    support::household,
};

/// What is made is judged by the permission anywhere, and then by what the request refers to.
pub async fn create(world: &mut World, case: &Case<'_>, ready: &mut Prepared) {
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
        Target::NewRequest => {
            let oracle = world.oracle(&who.held);
            refers = vec![
                oracle.at(permission, place).at("/service_point_id"),
                oracle.at("households.read", other).at("/household_id"),
            ];
            let allowed = all_of(refers.clone()) == [Allowed] && oracle.anywhere(permission) == Allowed;
            // Asked for twice, it would be refused.
            let id = if allowed { world.new_household(other).await } else { world.household(other).await };
            ready.body = Some(wanted_at(id, world.id(place)));
            ready.says = Some(("/household_id", vec![json!(id)]));
            if place == other {
                ready.end = End::Is(409);
            }
        }
        Target::NewRecord => {
            ready.body = Some(assistance(world.household(place).await, world.id(other), world.app.today()));
            let oracle = world.oracle(&who.held);
            refers = vec![
                oracle.at(permission, place).at("/household_id"),
                oracle.at(permission, other).at("/service_point_id"),
            ];
        }
        Target::NewBatch => {
            let mut record = assistance(world.household(place).await, world.id(other), world.app.today());
            record["id"] = json!(world.app.edge.new_id());
            let item = json!({ "id": world.app.edge.new_id(), "act": "log_assistance", "content": record });
            ready.body = Some(json!({ "items": [item] }));
            ready.end = End::Is(200);
            let oracle = world.oracle(&who.held);
            let judged = all_of(vec![oracle.at(permission, place), oracle.at(permission, other)]);
            let outcome = if judged == [Allowed] { "done" } else { "refused" };
            ready.says = Some(("/items/0/outcome", vec![json!(outcome)]));
            refers = vec![Allowed];
        }
        Target::NewAccount => {
            let username = format!("new{}", world.number());
            let grant = json!({ "role": case.role.code(), "service_point_id": world.id(place) });
            ready.body = Some(json!({ "username": username, "display_name": "模拟新人", "grant": grant }));
            refers = vec![giving(world, &who, case.role, place).at("/grant/service_point_id")];
        }
        Target::NewExplanation => {
            let judged = world.oracle(&who.held).at(permission, place);
            // Explained twice, it would be refused.
            let doubt = if judged == Allowed { world.new_doubt(place).await } else { world.doubt(place).await };
            ready.body = Some(doubt);
            refers = vec![judged.at("/subject_id")];
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
