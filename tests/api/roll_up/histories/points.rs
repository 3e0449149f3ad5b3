//! Points: opened, planned, put to work, paused, closed, moved, given another region's code; and looks at their figures.

use actix_web::http::Method;
use rand::{Rng as _, seq::SliceRandom as _};
use serde_json::{Value, json};
use terrace::domain::Id;

use super::{
    super::recount::Node,
    ADMIN, AUDITOR, History, POINTS,
    step::{ALREADY_SO, Act, CODE_TAKEN, DONE, MADE, OPEN_CHILDREN, Outcome, POINT_ENDED, RECORDS_AFTER_CLOSE, Step},
};

/// So many points are enough to be counted.
const MOST_POINTS: usize = 28;

impl History<'_> {
    /// A point of any tier, villages more often.
    pub fn pick_point(&mut self) -> Id {
        let tier = self.pick(&["bureau", "county", "township", "village", "village"]);
        self.pick_node(&[tier]).id
    }

    /// The same, mostly at work.
    pub fn pick_home(&mut self) -> Id {
        let point = self.pick_point();
        match self.book.nodes[&point].status.as_str() {
            "active" => point,
            _ if self.rng.gen_bool(0.2) => point,
            _ => self.pick_point(),
        }
    }

    fn pick_node(&mut self, tiers: &[&str]) -> Node {
        let nodes: Vec<Node> =
            self.book.nodes.values().filter(|node| tiers.contains(&node.tier.as_str())).cloned().collect();
        self.pick(&nodes)
    }

    pub fn relocate(&mut self) -> Step {
        let point = self.pick_node(&["village", "township"]);
        let parent = self.pick_node(&[if point.tier == "village" { "township" } else { "county" }]);
        let right = if [&point, &parent].iter().any(|node| node.status == "closed") {
            POINT_ENDED
        } else if point.parent_id == Some(parent.id) {
            ALREADY_SO
        } else {
            DONE
        };
        let body = json!({ "parent_id": parent.id, "reason": "模拟调整" });
        self.of_point("move", &point, Some(body), right)
            .depends([parent.id])
            .adds_to([format!("below:{}", parent.id), "tree".to_owned()])
    }

    pub fn suspend(&mut self) -> Step {
        let point = self.pick_node(&["village", "village", "township"]);
        let right = match point.status.as_str() {
            "suspended" => ALREADY_SO,
            "closed" => POINT_ENDED,
            _ => DONE,
        };
        self.of_point("suspend", &point, None, right)
    }

    /// Mostly of one that is not at work.
    pub fn activate(&mut self) -> Step {
        let idle = |node: &&Node| ["planned", "suspended"].contains(&node.status.as_str());
        let idle: Vec<Node> = self.book.nodes.values().filter(idle).cloned().collect();
        let point = match idle.is_empty() || self.rng.gen_bool(0.2) {
            true => self.pick_node(&["village", "township"]),
            false => self.pick(&idle),
        };
        let right = match point.status.as_str() {
            "active" => ALREADY_SO,
            "closed" => POINT_ENDED,
            _ => DONE,
        };
        self.of_point("activate", &point, None, right)
    }

    pub fn close(&mut self) -> Step {
        let point = self.pick_node(&["village", "village", "township"]);
        let days = u64::try_from(self.app.today().days_since(point.opened_on)).unwrap_or(0);
        let last = self.book.records.values().filter(|record| record.service_point_id == point.id);
        let last = last.filter(|record| record.state == "active").map(|record| record.given_on).max();
        let entered = self.book.entries.values().filter(|entry| entry.service_point_id == point.id);
        let last = last.max(entered.filter(|entry| entry.state == "active").map(|entry| entry.on_day).max());
        // Often a day on which it can be.
        let day = match last {
            Some(last) if self.rng.gen_bool(0.6) => last.max(point.opened_on),
            _ => point.opened_on.plus_days(self.rng.gen_range(0..=days)),
        };
        let children: Vec<&Node> = self.book.nodes.values().filter(|node| node.parent_id == Some(point.id)).collect();
        let right = if day > self.app.today() {
            (422, "in_future")
        } else if point.status == "closed" {
            POINT_ENDED
        } else if children.iter().any(|child| child.status != "closed") {
            OPEN_CHILDREN
        } else if last.is_some_and(|last| last > day) {
            RECORDS_AFTER_CLOSE
        } else {
            DONE
        };
        let depends: Vec<Id> = children.iter().map(|child| child.id).collect();
        let watches = [point.id.to_string(), format!("below:{}", point.id)];
        let body = json!({ "closed_on": day, "reason": "模拟关闭" });
        self.of_point("close", &point, Some(body), right).depends(depends).watches(watches)
    }

    fn of_point(&self, verb: &'static str, point: &Node, body: Option<Value>, right: Outcome) -> Step {
        let path = format!("{POINTS}/{}/{verb}", point.id);
        let step = Step::new(verb, ADMIN, Act::Point(point.id), path, right).version(point.version);
        // A point that closes leaves its code to others.
        let code = point.region_code.iter().filter(|_| verb == "close").map(|code| format!("code:{code}"));
        let step = step.changes([point.id]).changes(code);
        match body {
            Some(body) => step.body(body),
            None => step,
        }
    }

    /// Another code, and with it another kind of village.
    pub fn change_code(&mut self) -> Step {
        let point = self.pick_node(&["village"]);
        let code = self.random_code();
        let right = if point.status == "closed" {
            POINT_ENDED
        } else {
            self.refusal_of_code(&code, Some(point.id)).unwrap_or(DONE)
        };
        let codes: Vec<String> = code.iter().chain(&point.region_code).map(|code| format!("code:{code}")).collect();
        let step = self.of_point("code", &point, Some(json!({ "region_code": code })), right).changes(codes);
        step.path(format!("{POINTS}/{}", point.id)).method(Method::PATCH)
    }

    /// A committee's, a community's or none.
    fn random_code(&mut self) -> Option<String> {
        let number = self.pick(&[1, 2, 101, 199, 200, 205, 301, 999]);
        self.rng.gen_bool(0.8).then(|| format!("999905001{number:03}"))
    }

    fn refusal_of_code(&self, code: &Option<String>, own: Option<Id>) -> Option<Outcome> {
        let taken = |node: &Node| node.region_code == *code && node.status != "closed" && Some(node.id) != own;
        (code.is_some() && self.book.nodes.values().any(taken)).then_some(CODE_TAKEN)
    }

    pub fn open(&mut self) -> Option<Step> {
        if self.book.nodes.len() >= MOST_POINTS {
            return None;
        }
        let parent = self.pick_node(&["bureau", "county", "township", "township"]);
        let tier = match parent.tier.as_str() {
            "bureau" => "county",
            "county" => "township",
            _ => "village",
        };
        let (id, planned, code) = (self.app.edge.new_id(), self.rng.gen_bool(0.3), self.random_code());
        let code = code.filter(|_| tier == "village");
        let opened_on = match planned && self.rng.gen_bool(0.5) {
            true => self.app.today().plus_days(self.rng.gen_range(1..60)),
            false => self.random_day(),
        };
        let body = json!({
            "id": id, "parent_id": parent.id, "tier": tier, "name": "模拟新点", "region_code": code,
            "opened_on": opened_on, "status": if planned { "planned" } else { "active" },
        });
        let ended = (parent.status == "closed").then_some(POINT_ENDED);
        let right = ended.or(self.refusal_of_code(&code, None)).unwrap_or(MADE);
        let step = Step::new("open", ADMIN, Act::Open(id), POINTS.to_owned(), right).body(body);
        let code = code.map(|code| format!("code:{code}"));
        Some(step.depends([parent.id]).changes([id]).changes(code).adds_to([format!("below:{}", parent.id)]))
    }

    pub fn look(&mut self) -> Step {
        let id = self.pick_node(&["bureau", "county", "township"]).id;
        let periods = self.book.periods(self.app.today());
        let period = &periods.choose(&mut self.rng).unwrap().text;
        let path = format!("{POINTS}/{id}/statistics?period={period}");
        Step::new("look", AUDITOR, Act::Look, path, DONE).method(Method::GET)
    }
}
