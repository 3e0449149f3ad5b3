//! Sessions, attendances and persons, by their definitions.

use terrace::domain::{Day, Id};

use super::{Book, Fact, Period};

impl Book {
    pub fn facts_of_training(&self, period: &Period) -> Vec<Fact> {
        let mut facts = Vec::new();
        for session in self.entered("training_session").filter(|session| period.contains(session.on_day)) {
            facts.push(Fact::new("training_sessions", session.service_point_id, &session.kind, "", 1));
        }
        for attendance in self.entered("attendance") {
            // Where, when and about what was the session's.
            let session = &self.entries[&attendance.session_id.unwrap()];
            assert_eq!(session.state, "active", "attended, and taken back");
            if period.contains(session.on_day) {
                facts.push(Fact {
                    quantity: attendance.quantity,
                    ..Fact::new("attendances", session.service_point_id, &session.kind, "", 1)
                });
            }
        }
        for member in self.members.values() {
            let (days, household) = (self.trained_on(member.id), member.household_id);
            // Nobody was trained before there was a household.
            let Some(span) = self.on(household, period.last) else {
                assert!(days.iter().all(|day| period.last < *day), "{} was trained too early", member.id);
                continue;
            };
            let mut count = |ledger| {
                facts.push(Fact::new(ledger, span.service_point_id, "", &span.household_type, 1));
            };
            if days.iter().any(|day| *day <= period.last) {
                count("trained_ever");
            }
            let Some(first) = days.iter().filter(|day| period.contains(**day)).min() else { continue };
            count(if span.status == "active" { "trained" } else { "trained_ended" });
            count("trainees");
            let in_time = |opened_on: Day| *first <= opened_on && opened_on <= a_year_after(*first);
            let mut stores = self.stores.values().filter(|store| store.household_id == Some(household));
            if stores.any(|store| in_time(store.opened_on)) {
                count("converted");
            }
        }
        for (balance, value) in self.balances("persons_trained_cumulative") {
            let fact = |ledger| Fact::new(ledger, balance.service_point_id, "", "", value);
            let from = balance.starts_on.unwrap();
            facts.extend(period.contains(from).then(|| fact("trained_opening")));
            facts.extend((from <= period.last).then(|| fact("trained_opening_to_date")));
        }
        facts
    }

    /// The days on which somebody attended by name.
    pub fn trained_on(&self, member: Id) -> Vec<Day> {
        let attended = self.entered("attendance").filter(|attendance| attendance.member_id == Some(member));
        attended.map(|attendance| self.entries[&attendance.session_id.unwrap()].on_day).collect()
    }
}

/// The same day of the next year, or the one before where there is none.
fn a_year_after(day: Day) -> Day {
    let text = day.to_string();
    let year: i32 = text[..4].parse().unwrap();
    let same = format!("{}{}", year + 1, &text[4..]);
    same.parse().unwrap_or_else(|_| format!("{}-02-28", year + 1).parse().unwrap())
}
