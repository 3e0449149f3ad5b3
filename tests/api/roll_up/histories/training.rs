//! Training sessions and who attended them, by name and by heads.

use actix_web::http::Method;
use rand::{Rng as _, seq::SliceRandom as _};
use serde_json::{Value, json};
use terrace::domain::{Day, Id};

use super::{
    super::recount::Entry,
    History,
    step::{
        ATTENDED, ATTENDS_ALREADY, Act, BEFORE_REGISTRATION, COVERS, ENTRY_VOIDED, MADE, NOT_ACTIVE, NOT_PRESENT,
        Outcome, Step,
    },
};

pub const SESSIONS: &str = "/api/v1/training-sessions";
pub const ATTENDANCES: &str = "/api/v1/attendances";
const TOPICS: [&str; 3] = ["store", "livestream", "brand"];
/// So many sessions are enough to be attended.
const MOST_SESSIONS: usize = 16;

impl History<'_> {
    /// Somebody who was trained and whose household opens a store soon after, which happens seldom by chance.
    pub async fn set_up_training(&mut self) {
        let home = self.network.id("c1t1v1");
        let household = self.book.households.values().find(|household| household.service_point_id == home).unwrap().id;
        let member = self.book.members_of(household).next().unwrap().id;
        let platforms = self.book.catalogue("platform").filter(|platform| platform.ends_on.is_none());
        let platform = platforms.min_by_key(|platform| platform.id).unwrap().id;
        let [session, attendance, store] = [(); 3].map(|()| self.app.edge.new_id());
        for (act, path, body) in [
            (
                Act::LogEntry(session),
                SESSIONS,
                json!({
                    "id": session, "service_point_id": home, "name": "模拟培训班", "topic": "store",
                    "starts_on": "2026-03-02",
                }),
            ),
            (
                Act::LogEntry(attendance),
                ATTENDANCES,
                json!({ "id": attendance, "session_id": session, "member_id": member }),
            ),
            (
                Act::Enter(store),
                super::trade::STORES,
                json!({
                    "id": store, "service_point_id": home, "platform_id": platform, "name": "模拟网店",
                    "household_id": household, "opened_on": "2026-03-30",
                }),
            ),
        ] {
            self.set_up(act, path, body).await;
        }
    }

    pub fn hold_session(&mut self) -> Option<Step> {
        if self.book.entered("training_session").count() >= MOST_SESSIONS {
            return None;
        }
        let (id, host, day) = (self.app.edge.new_id(), self.pick_home(), self.random_day());
        let ends_on = self.rng.gen_bool(0.4).then(|| day.plus_days(self.rng.gen_range(0..40)));
        let partner = self.pick_item("partner");
        let body = json!({
            "id": id, "service_point_id": host, "name": "模拟培训班", "topic": self.pick(&TOPICS), "starts_on": day,
            "ends_on": ends_on, "partner_id": partner,
        });
        let partners: Vec<Id> = partner.into_iter().collect();
        let refused = self.refusal_of_items(host, (day, day), &partners).or_else(|| self.refusal_of_giver(host, day));
        let (actor, right) = (self.logger(), refused.unwrap_or(MADE));
        let step = Step::new("session", actor, Act::LogEntry(id), SESSIONS.to_owned(), right).body(body);
        Some(step.depends([host]).depends(partners).changes([id]).watches(["tree"]).adds_to([host]))
    }

    /// Somebody by name, or so many heads.
    pub fn attend(&mut self) -> Option<Step> {
        // Mostly of one that counts.
        let state = if self.rng.gen_bool(0.9) { "active" } else { "voided" };
        let sessions = self.book.entries.values().filter(|row| row.ledger == "training_session" && row.state == state);
        let sessions: Vec<Id> = sessions.map(|row| row.id).collect();
        let session = self.book.entries[sessions.choose(&mut self.rng)?].clone();
        let id = self.app.edge.new_id();
        let mut body = json!({ "id": id, "session_id": session.id });
        let member = match self.rng.gen_bool(0.75) {
            true => {
                let household = self.pick_household();
                Some(self.pick_member_of(household).id)
            }
            false => None,
        };
        match member {
            Some(member) => body["member_id"] = json!(member),
            None => body["heads"] = json!(self.rng.gen_range(1..60)),
        }
        let right = self.refusal_of_attendance(&session, member, id).unwrap_or(MADE);
        let actor = self.logger();
        let step = Step::new("attend", actor, Act::LogEntry(id), ATTENDANCES.to_owned(), right).body(body);
        Some(self.at_session(step, &session, member).changes([id]))
    }

    fn refusal_of_attendance(&self, session: &Entry, member: Option<Id>, id: Id) -> Option<Outcome> {
        let day = session.on_day;
        let household = member.map(|member| self.book.members[&member].household_id);
        let household = household.map(|household| &self.book.households[&household]);
        if household.is_some_and(|household| day < household.registered_on) {
            return Some(BEFORE_REGISTRATION);
        }
        let mut others = self.book.entered("attendance").filter(|other| other.id != id);
        let again = |other: &Entry| other.session_id == Some(session.id) && other.member_id == member;
        if member.is_some() && others.any(again) {
            return Some(ATTENDS_ALREADY);
        }
        if session.state == "voided" {
            return Some(ENTRY_VOIDED);
        }
        let refused = self.refusal_of_giver(session.service_point_id, day);
        if refused.is_some() {
            return refused;
        }
        let (household, member) = (household?, &self.book.members[&member?]);
        let spans = self.book.spans[&household.id].iter();
        let mut standing = spans.filter(|span| span.valid_from <= day && span.valid_to.is_none_or(|to| day < to));
        if household.erased_on.is_some() || standing.next().is_none_or(|span| span.status != "active") {
            return Some(NOT_ACTIVE);
        }
        if day < member.joined_on || member.left_on.is_some_and(|left| left <= day) {
            return Some(NOT_PRESENT);
        }
        // Wherever the household has been at home, a balance may stand for the day.
        let mut homes = self.book.spans[&household.id].iter().map(|span| span.service_point_id);
        homes.any(|home| self.is_covered("persons_trained_cumulative", home, day)).then_some(COVERS)
    }

    /// What decides about an attendance, and what it adds to.
    fn at_session(&self, step: Step, session: &Entry, member: Option<Id>) -> Step {
        let step = step.depends([session.id, session.service_point_id]).adds_to([session.service_point_id]);
        let step = step.adds_to([format!("attendances:{}", session.id)]).watches(["tree", "balances"]);
        let household = member.map(|member| self.book.members[&member].household_id);
        let place = member.map(|member| format!("place:{}:{member}", session.id));
        step.depends(household).changes(place).adds_to(["trained"])
    }

    pub fn correct_training(&mut self, entry: &Entry) -> Step {
        match entry.ledger.as_str() {
            "training_session" => self.correct_session(entry),
            _ => self.correct_attendance(entry),
        }
    }

    /// Another topic, day or length. Topic and day stay once somebody has attended.
    fn correct_session(&mut self, session: &Entry) -> Step {
        let mut body = json!({ "reason": "模拟更正" });
        let (mut day, mut topic) = (session.on_day, session.kind.clone());
        match self.rng.gen_range(0..4) {
            0 => topic = self.pick(&TOPICS).to_owned(),
            1 => day = self.random_day(),
            2 => {
                (day, topic) = (self.random_day(), self.pick(&TOPICS).to_owned());
            }
            _ => body["minutes"] = json!(self.rng.gen_range(1..600)),
        }
        if day != session.on_day {
            (body["starts_on"], body["ends_on"]) = (json!(day), Value::Null);
        }
        if topic != session.kind {
            body["topic"] = json!(topic);
        }
        let moved = (day, &topic) != (session.on_day, &session.kind);
        let refused = if session.state == "voided" {
            Some(ENTRY_VOIDED)
        } else if moved && self.is_attended(session.id) {
            Some(ATTENDED)
        } else {
            self.refusal_of_giver(session.service_point_id, day)
        };
        let step = self.of_entry("correct entry", Act::CorrectEntry(session.id), session, refused);
        let step = step.method(Method::PATCH).body(body).depends([session.service_point_id]);
        step.watches([format!("attendances:{}", session.id)])
    }

    fn correct_attendance(&mut self, attendance: &Entry) -> Step {
        let session = self.book.entries[&attendance.session_id.unwrap()].clone();
        let mut body = json!({ "reason": "模拟更正", "minutes": self.rng.gen_range(1..600) });
        if attendance.member_id.is_none() {
            body["heads"] = json!(self.rng.gen_range(1..60));
        }
        let refused = match attendance.state.as_str() {
            "voided" => Some(ENTRY_VOIDED),
            _ => self.refusal_of_attendance(&session, attendance.member_id, attendance.id),
        };
        let step = self.of_entry("correct entry", Act::CorrectEntry(attendance.id), attendance, refused);
        self.at_session(step.method(Method::PATCH).body(body), &session, attendance.member_id)
    }

    fn is_attended(&self, session: Id) -> bool {
        self.book.entered("attendance").any(|attendance| attendance.session_id == Some(session))
    }

    /// An entry of any ledger says something else.
    pub fn correct_entry(&mut self) -> Option<Step> {
        let entry = self.pick_entry()?;
        Some(match entry.ledger.as_str() {
            "sale" | "livestream" => self.correct_trade(&entry),
            "training_session" | "attendance" => self.correct_training(&entry),
            _ => self.correct_livelihood(&entry),
        })
    }

    /// An entry of any ledger is taken back.
    pub fn void_entry(&mut self) -> Option<Step> {
        let entry = self.pick_entry()?;
        let is_session = entry.ledger == "training_session";
        let refused = if entry.state == "voided" {
            Some(ENTRY_VOIDED)
        } else {
            (is_session && self.is_attended(entry.id)).then_some(ATTENDED)
        };
        let step = self.of_entry("void entry", Act::VoidEntry(entry.id), &entry, refused);
        // What is gone leaves room: for a store's last day, for another session's day, for the same person again.
        let left = [
            entry.store_id.map(|store| format!("entries:{store}")),
            entry.session_id.map(|session| format!("attendances:{session}")),
        ];
        let place = entry.session_id.zip(entry.member_id).map(|(session, member)| format!("place:{session}:{member}"));
        let step = step.body(json!({ "reason": "模拟作废" })).changes(place).adds_to(left.into_iter().flatten());
        let step = self.leaves_room(step.adds_to(["sales", "trained"]), &entry);
        Some(if is_session { step.watches([format!("attendances:{}", entry.id)]) } else { step })
    }

    /// Any, those that count more often.
    fn pick_entry(&mut self) -> Option<Entry> {
        let state = if self.rng.gen_bool(0.9) { "active" } else { "voided" };
        let ledger = self.pick(&[
            "sale",
            "sale",
            "livestream",
            "training_session",
            "attendance",
            "attendance",
            "parcel",
            "wage",
            "benefit",
            "payment",
        ]);
        let entries = self.book.entries.values().filter(|entry| entry.state == state && entry.ledger == ledger);
        let ids: Vec<Id> = entries.map(|entry| entry.id).collect();
        ids.choose(&mut self.rng).map(|id| self.book.entries[id].clone())
    }

    /// Whether anybody had been trained by name and was at home at a point or below it in a month before a day.
    pub fn was_trained_before(&self, point: Id, as_of: Day) -> bool {
        let months = self.book.periods(self.app.today()).into_iter().filter(|period| period.is_month());
        months.filter(|month| month.last < as_of).any(|month| {
            let ever = self.book.facts_of_training(&month).into_iter().filter(|fact| fact.ledger == "trained_ever");
            ever.into_iter().any(|fact| self.book.upwards(fact.at).any(|node| node.id == point))
        })
    }
}
