//! What may be asked of the tree, what each request must answer, and what it does: the model of the random lives.

use rand::{Rng as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::json;
use terrace::domain::Day;

use super::rows::{Points, Row, TIERS};
use crate::support::{Actor, Reply, TestApp};

/// Where the points live.
pub const POINTS: &str = "/api/v1/service-points";

/// A request and the words for it.
#[derive(Clone, Debug)]
pub enum Step {
    Open { parent: String, tier: &'static str, code: Option<String>, status: &'static str, opened_on: Day },
    Close { id: String, closed_on: Day },
    Move { id: String, parent: String },
    Status { id: String, verb: &'static str },
    Edit { id: String, name: String, code: Option<String> },
}

/// What a request is answered: done, or refused with a status, a code, and faults.
pub type Expected = Result<(), Refusal>;

/// A status, a code, and faults as (pointer, code).
type Refusal = (u16, &'static str, Vec<(String, String)>);

fn refused(status: u16, code: &'static str) -> Expected {
    Err((status, code, Vec::new()))
}

fn faults(found: &[(bool, &str, &str)]) -> Expected {
    let wrong = found.iter().filter(|(wrong, ..)| *wrong);
    let list: Vec<_> = wrong.map(|(_, pointer, code)| ((*pointer).to_owned(), (*code).to_owned())).collect();
    if list.is_empty() { Ok(()) } else { Err((422, "request.invalid", list)) }
}

/// A day so many days from another.
fn day_from(day: Day, days: i64) -> Day {
    Day::new(day.date() + chrono::TimeDelta::days(days)).unwrap()
}

impl Step {
    /// A step that makes sense about as often as not.
    pub fn random(rng: &mut StdRng, points: &Points, today: Day) -> Self {
        let any = |rng: &mut StdRng, wanted: &dyn Fn(&Row) -> bool| {
            let all: Vec<&Row> = points.values().collect();
            let fit: Vec<&Row> = all.iter().copied().filter(|row| wanted(row)).collect();
            // One in thirty is a point that nobody knows.
            let chosen = if rng.gen_bool(0.7) { fit.choose(rng).or_else(|| all.choose(rng)) } else { all.choose(rng) };
            if rng.gen_ratio(1, 30) {
                "0190f3a0000070008000000000000000".to_owned()
            } else {
                chosen.unwrap().id.clone()
            }
        };
        let depth = |id: &str| points.get(id).map_or(1, Row::depth);
        // Few codes, so that they are taken and set free again.
        let code = |rng: &mut StdRng| rng.gen_bool(0.6).then(|| format!("9999990010{:02}", rng.gen_range(0..20)));
        match rng.gen_range(0..100) {
            0..=34 => {
                let parent = any(rng, &|row| !row.ended() && row.tier != "village");
                let tier = if rng.gen_bool(0.85) { (depth(&parent) + 1).min(3) } else { rng.gen_range(0..4) };
                let status = *["active", "active", "active", "planned", "planned", "suspended"].choose(rng).unwrap();
                let opened_on = day_from(today, *[0, 0, 0, -40, -1, 30].choose(rng).unwrap());
                Self::Open { parent, tier: TIERS[tier], code: code(rng), status, opened_on }
            }
            35..=59 => {
                let id = any(rng, &|row| !row.ended() && row.depth() > 1);
                let (above, now) = (depth(&id).saturating_sub(1), points.get(&id).and_then(|row| row.parent.clone()));
                let parent = any(rng, &|row| !row.ended() && row.depth() == above && Some(&row.id) != now.as_ref());
                Self::Move { id, parent }
            }
            60..=76 => {
                let open_below =
                    |id: &String| points.values().any(|row| row.parent.as_ref() == Some(id) && !row.ended());
                let childless = rng.gen_bool(0.75);
                let id = any(rng, &|row| !row.ended() && childless != open_below(&row.id));
                Self::Close { id, closed_on: day_from(today, *[0, 0, 0, 0, 0, -1, -30, 1].choose(rng).unwrap()) }
            }
            77..=88 => {
                Self::Status { id: any(rng, &|row| !row.ended()), verb: ["suspend", "activate"].choose(rng).unwrap() }
            }
            _ => {
                let id = any(rng, &|row| !row.ended());
                Self::Edit { id, name: format!("模拟新名{}", rng.gen_range(0..1000)), code: code(rng) }
            }
        }
    }

    /// The point that the step changes.
    pub fn target(&self) -> Option<&str> {
        match self {
            Self::Open { .. } => None,
            Self::Close { id, .. } | Self::Move { id, .. } | Self::Status { id, .. } | Self::Edit { id, .. } => {
                Some(id)
            }
        }
    }

    /// What the API must answer, in the order in which it looks.
    pub fn expected(&self, points: &Points, version: i64, today: Day) -> Expected {
        let known = |id: &str, pointer: Option<&str>| {
            let faults = pointer.map(|pointer| (pointer.to_owned(), "not_found".to_owned())).into_iter().collect();
            points.get(id).ok_or((404, "resource.not_found", faults))
        };
        let living = |row: &Row| if row.ended() { refused(409, "service_point.ended") } else { Ok(()) };
        let free = |code: &Option<String>, own: &str| {
            let taken = |row: &Row| row.id != own && !row.ended() && code.is_some() && row.code == *code;
            if points.values().any(taken) { refused(409, "service_point.region_code_taken") } else { Ok(()) }
        };
        if let Some(id) = self.target()
            && known(id, None)?.version != version
        {
            return refused(412, "version.stale");
        }
        match self {
            Self::Open { parent, tier, code, status, opened_on } => {
                let parent = known(parent, Some("/parent_id"))?;
                faults(&[
                    (TIERS.get(parent.depth() + 1) != Some(tier), "/tier", "wrong_tier"),
                    (*status == "suspended", "/status", "not_a_first_status"),
                    (*status != "planned" && *opened_on > today, "/opened_on", "in_future"),
                ])?;
                living(parent)?;
                free(code, "")
            }
            Self::Close { id, closed_on } => {
                let row = &points[id];
                faults(&[
                    (*closed_on > today, "/closed_on", "in_future"),
                    (*closed_on < row.opened(), "/closed_on", "before_opening"),
                ])?;
                living(row)?;
                let open_below = points.values().any(|row| row.parent.as_ref() == Some(id) && !row.ended());
                if row.parent.is_none() || open_below { refused(409, "service_point.open_children") } else { Ok(()) }
            }
            Self::Move { id, parent } => {
                let (row, parent) = (&points[id], known(parent, Some("/parent_id"))?);
                faults(&[
                    (row.depth() != parent.depth() + 1, "/parent_id", "wrong_tier"),
                    (parent.path.contains(id), "/parent_id", "cycle"),
                ])?;
                living(row)?;
                living(parent)?;
                if row.parent.as_ref() == Some(&parent.id) { refused(409, "resource.already_so") } else { Ok(()) }
            }
            Self::Status { id, verb } => {
                living(&points[id])?;
                let already = points[id].status == if *verb == "suspend" { "suspended" } else { "active" };
                if already { refused(409, "resource.already_so") } else { Ok(()) }
            }
            Self::Edit { id, code, .. } => living(&points[id]).and_then(|()| free(code, id)),
        }
    }

    pub async fn send(&self, app: &TestApp, actor: &Actor, version: i64) -> Reply {
        match self {
            Self::Open { parent, tier, code, status, opened_on } => {
                let body = json!({"parent_id": parent, "tier": tier, "name": "模拟点", "region_code": code, "status": status, "opened_on": opened_on});
                app.post(actor, POINTS, &body).await
            }
            Self::Close { id, closed_on } => {
                let body = json!({"closed_on": closed_on, "reason": "模拟"});
                app.post_to(actor, &format!("{POINTS}/{id}/close"), version, Some(&body)).await
            }
            Self::Move { id, parent } => {
                let body = json!({"parent_id": parent, "reason": "模拟"});
                app.post_to(actor, &format!("{POINTS}/{id}/move"), version, Some(&body)).await
            }
            Self::Status { id, verb } => app.post_to(actor, &format!("{POINTS}/{id}/{verb}"), version, None).await,
            Self::Edit { id, name, code } => {
                app.patch(actor, &format!("{POINTS}/{id}"), version, &json!({"name": name, "region_code": code})).await
            }
        }
    }

    /// What the step does to the model. Paths follow from the parents; `check` looks after them.
    pub fn apply(&self, points: &mut Points, made: &str, today: Day) {
        if let Self::Open { parent, tier, code, status, opened_on } = self {
            let (tier, status) = ((*tier).to_owned(), (*status).to_owned());
            let (parent, name) = (Some(parent.clone()), "模拟点".to_owned());
            let row = Row {
                id: made.to_owned(),
                parent,
                path: String::new(),
                tier,
                code: code.clone(),
                name,
                status,
                opened_on: opened_on.to_string(),
                closed_on: None,
                version: 0,
            };
            points.insert(made.to_owned(), row);
        }
        let row = points.get_mut(made).unwrap();
        row.version += 1;
        match self {
            Self::Open { .. } => {}
            Self::Close { closed_on, .. } => {
                (row.status, row.closed_on) = ("closed".to_owned(), Some(closed_on.to_string()))
            }
            Self::Move { parent, .. } => row.parent = Some(parent.clone()),
            Self::Status { verb: "suspend", .. } => row.status = "suspended".to_owned(),
            Self::Status { .. } => {
                (row.status, row.opened_on) = ("active".to_owned(), row.opened().min(today).to_string())
            }
            Self::Edit { name, code, .. } => (row.name, row.code) = (name.clone(), code.clone()),
        }
    }
}
