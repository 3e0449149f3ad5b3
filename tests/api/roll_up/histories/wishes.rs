//! Requests to transfer a household: made by its id or somebody's number, granted, refused and withdrawn.

use rand::{Rng as _, seq::SliceRandom as _};
use serde_json::json;
use terrace::domain::Id;

use super::{
    super::recount::Wish,
    History, MANAGER, WORKER,
    step::{
        ALREADY_SO, ANSWERED, Act, Change, DONE, MADE, NOT_ACTIVE, NOT_REGISTERED, PENDING, POINT_NOT_ACTIVE, Step,
        What,
    },
};

const WISHES: &str = "/api/v1/transfer-requests";

impl History<'_> {
    pub fn ask(&mut self) -> Step {
        let (household, home, id) = (self.pick_household(), self.pick_home(), self.app.edge.new_id());
        let row = &self.book.households[&household];
        let known = self.book.members_of(household).find(|member| self.numbers.contains_key(&member.id));
        let known =
            known.filter(|_| row.erased_on.is_none()).map(|member| (member.present, self.numbers[&member.id].clone()));
        let number = known.filter(|_| self.rng.gen_bool(0.3));
        let (pending, active, here) = {
            let same = |wish: &&Wish| wish.household_id == household && wish.service_point_id == home;
            let pending = self.book.wishes.values().filter(same).any(|wish| wish.state == "pending");
            (pending, row.status == "active", row.service_point_id == home)
        };
        let mut body = json!({ "id": id, "service_point_id": home, "reason": "模拟申请" });
        match &number {
            Some((_, number)) => body["identity_number"] = json!(number),
            None => body["household_id"] = json!(household),
        }
        // Somebody who has left, or whose household has ended, may be registered elsewhere: that one is not followed here.
        let elsewhere = number.as_ref().is_some_and(|(present, _)| !present);
        let right = if elsewhere {
            NOT_REGISTERED
        } else if self.book.nodes[&home].status != "active" {
            POINT_NOT_ACTIVE
        } else if !active {
            NOT_ACTIVE
        } else if here {
            ALREADY_SO
        } else if pending {
            PENDING
        } else {
            MADE
        };
        let mut step = Step::new("ask", WORKER, Act::Ask(id), WISHES.to_owned(), right).body(body);
        if elsewhere {
            step.allowed.extend([MADE, POINT_NOT_ACTIVE, ALREADY_SO, PENDING]);
        }
        let number = number.map(|(_, number)| format!("number:{number}"));
        step.depends([household, home]).depends(number).changes([id.to_string(), format!("wish:{household}:{home}")])
    }

    pub fn answer(&mut self, name: &str, steps: &[Step]) -> Option<Step> {
        let pending: Vec<&Wish> = self.book.wishes.values().filter(|wish| wish.state == "pending").collect();
        let any: Vec<&Wish> = self.book.wishes.values().collect();
        let from = if self.rng.gen_bool(0.7) { pending } else { any };
        let wish = (*from.choose(&mut self.rng)?).clone();
        let (id, household, home) = (wish.id, wish.household_id, wish.service_point_id);
        let settled = (wish.state != "pending").then_some(ANSWERED);
        let (name, actor) = match name {
            "accept" => ("accept", MANAGER),
            "refuse" => ("refuse", MANAGER),
            _ => ("withdraw", WORKER),
        };
        // Two at once leave no trace of which came first.
        let granted = |step: &Step| matches!(&step.act, Act::Answer(_, _, Some((other, _))) if *other == household);
        if name == "accept" && steps.iter().any(granted) {
            return None;
        }
        let (from, wrong) = self.effective(household);
        let (state, change, right) = match name {
            "accept" => {
                let change = Change { from, what: What::Home(home) };
                let refused = settled.or(wrong).or(self.refusal_of_transfer(household, home));
                ("accepted", Some((household, change)), refused.unwrap_or(DONE))
            }
            "refuse" => ("refused", None, settled.unwrap_or(DONE)),
            _ => ("withdrawn", None, settled.unwrap_or(DONE)),
        };
        let body = match name {
            "accept" => Some(json!({ "effective_on": from })),
            "refuse" => Some(json!({ "reason": "模拟不同意" })),
            _ => None,
        };
        let changed: Option<Id> = change.as_ref().map(|(household, _)| *household);
        let step = Step::new(name, actor, Act::Answer(id, state, change), format!("{WISHES}/{id}/{name}"), right);
        let step =
            step.version(wish.version).depends([home]).changes([id.to_string(), format!("wish:{household}:{home}")]);
        let step = step.changes(changed);
        Some(match body {
            Some(body) => step.body(body),
            None => step,
        })
    }
}
