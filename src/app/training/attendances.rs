//! Attendances: a registered person at a training session, or so many heads of whom nobody is named. An attendance counts at the
//! session's host; the person at the home of the household.

use super::{CorrectAttendance, LogAttendance};
use crate::{
    app::{
        closing::{self, Touched},
        entries::{blank, find_in, refuse_covered},
        input::{Faults, either_or},
        ledger::{Book, Logging, Stamp, must_be_active_on, takes_entries_of},
        roll_up::{self, Places},
    },
    db::{
        Conn, QueryResult,
        household_members::{self, Member},
        households::{self, Household},
        ledger_entries,
        ledger_entries::LedgerEntry,
        presence::{self, Sort},
        service_points::{self, ServicePoint},
    },
    domain::{
        Id, PointPath, Text,
        access::Placed,
        codes::{Ledger, RecordState},
    },
    error::{Conflict, Error, Result},
};

/// A training session, locked, and the person who attends, with the household.
pub struct Attendances {
    session: LedgerEntry,
    host: ServicePoint,
    person: Option<Person>,
}

struct Person {
    member: Member,
    household: Household,
    places: Places,
}

impl Attendances {
    fn at(tx: &mut Logging<'_>, session: LedgerEntry, person: Option<(Member, Household)>) -> Result<Self> {
        let (person, host) = match person {
            Some((member, household)) => {
                let places = Places::share(tx.conn(), &household, session.service_point_id)?;
                let host = places.point(session.service_point_id).cloned();
                (Some(Person { member, household, places }), host)
            }
            None => (None, service_points::for_count(tx.conn(), &[session.service_point_id], None)?.into_iter().next()),
        };
        let host = tx.admit(host.map(|point| Placed::new(point.clone(), point.path)))?;
        Ok(Self { session, host, person })
    }

    /// An attendance moves the figures of the host, and those of the person's home at the month's end.
    fn require_open(&self, tx: &mut Logging<'_>) -> Result<()> {
        let month = self.session.on_day.month();
        let home = self.person.as_ref().and_then(|person| person.places.home_in(month));
        let paths: Vec<&PointPath> = [Some(&self.host), home].into_iter().flatten().map(|point| &point.path).collect();
        closing::require_open(tx, &paths, Touched::Month(month))
    }
}

impl Book for Attendances {
    type Entry = LedgerEntry;
    type Request = LogAttendance;
    type Correction = CorrectAttendance;
    /// The session, and the person.
    type Place = (Id, Option<Id>);
    const ACTIONS: [&'static str; 3] = ["attendance.log", "attendance.correct", "attendance.void"];

    fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<LedgerEntry>>> {
        find_in(conn, id, Ledger::Attendance)
    }

    fn find_any(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<LedgerEntry>>> {
        ledger_entries::find(conn, id)
    }

    fn asked(request: &LogAttendance) -> Result<(Option<Id>, (Id, Option<Id>))> {
        if request.member_id.is_some() == request.heads.is_some() {
            return Err(either_or("/member_id"));
        }
        Ok((request.id, (request.session_id, request.member_id)))
    }

    fn open(tx: &mut Logging<'_>, (session, member): (Id, Option<Id>)) -> Result<Self> {
        let find = |conn: &mut Conn, id| find_in(conn, id, Ledger::TrainingSession);
        ledger_entries::lock(tx.conn(), session)?;
        let session = tx.find(session, find).map_err(|error| error.at("/session_id"))?;
        let person = match member {
            Some(member) => {
                let find = |tx: &mut Logging<'_>| {
                    tx.find(member, household_members::find).map_err(|error| error.at("/member_id"))
                };
                let household = find(tx)?.household_id;
                households::lock(tx.conn(), household)?;
                // Who left while this waited is gone now.
                let member = find(tx)?;
                let household = tx.find(member.household_id, households::find);
                Some((member, household.map_err(|error| error.at("/member_id"))?))
            }
            None => None,
        };
        Self::at(tx, session, person)
    }

    fn reopen(tx: &mut Logging<'_>, attendance: &LedgerEntry) -> Result<Self> {
        let session = attendance.session_id.ok_or_else(|| Error::internal("an attendance without a session"))?;
        ledger_entries::lock(tx.conn(), session)?;
        let session = ledger_entries::find(tx.conn(), session)?.ok_or(Error::NotFound)?.origin(LedgerEntry::clone);
        // An attendance belongs to the session's host: whoever may change it there need not reach the household.
        let person = match attendance.member_id {
            Some(member) => {
                let find = |tx: &mut Logging<'_>| -> Result<Member> {
                    Ok(household_members::find(tx.conn(), member)?.ok_or(Error::NotFound)?.origin(Member::clone))
                };
                let household = find(tx)?.household_id;
                households::lock(tx.conn(), household)?;
                let member = find(tx)?;
                let household = households::find(tx.conn(), member.household_id)?.ok_or(Error::NotFound)?;
                Some((member, household.origin(Household::clone)))
            }
            None => None,
        };
        Self::at(tx, session, person)
    }

    fn made(&self, request: &LogAttendance, stamp: Stamp) -> LedgerEntry {
        LedgerEntry {
            kind: self.session.kind.clone(),
            session_id: Some(self.session.id),
            member_id: request.member_id,
            quantity: request.heads.unwrap_or(1),
            minutes: request.minutes,
            ..blank(Ledger::Attendance, self.host.id, self.session.on_day, stamp)
        }
    }

    fn corrected<'a>(before: &LedgerEntry, request: &'a CorrectAttendance) -> Result<(LedgerEntry, &'a Text)> {
        if before.member_id.is_some() && request.heads.is_some_and(|heads| heads != 1) {
            return Err(either_or("/heads"));
        }
        let after = LedgerEntry {
            quantity: request.heads.unwrap_or(before.quantity),
            minutes: request.minutes.unwrap_or(before.minutes),
            ..before.clone()
        };
        Ok((after, &request.reason))
    }

    fn check(
        &mut self,
        tx: &mut Logging<'_>,
        mut faults: Faults,
        attendance: &LedgerEntry,
        before: Option<&LedgerEntry>,
    ) -> Result<()> {
        let day = self.session.on_day;
        if let Some(person) = &self.person {
            faults.unless(day >= person.household.registered_on, "/member_id", "before_registration");
            let member = Some((person.member.id, attendance.id));
            let again = ledger_entries::is_attended(tx.conn(), self.session.id, member)?;
            faults.unless(!again, "/member_id", "attends_already");
        }
        faults.finish()?;
        if self.session.state == RecordState::Voided {
            return Err(Conflict::EntryVoided.into());
        }
        takes_entries_of(&self.host, day)?;
        if let Some(person) = &self.person {
            must_be_active_on(&person.household, &person.places.spans, day)?;
            let member = &person.member;
            if day < member.joined_on || member.left_on.is_some_and(|left| left <= day) {
                return Err(Conflict::MemberNotPresent.into());
            }
            let homes = person.places.spans.iter().filter_map(|span| person.places.point(span.service_point_id));
            let homes: Vec<Id> = homes.flat_map(|home| home.path.ids()).collect();
            if before.is_none() {
                refuse_covered(tx, &homes, "persons_trained_cumulative", day)?;
            }
        }
        self.require_open(tx)
    }

    fn release(&mut self, tx: &mut Logging<'_>, _attendance: &LedgerEntry, _voided: bool) -> Result<()> {
        self.require_open(tx)
    }

    fn count(&self, tx: &mut Logging<'_>, changes: &[(&LedgerEntry, i64)]) -> Result<()> {
        match &self.person {
            Some(person) => {
                let presence = presence::of(tx.conn(), Sort::Person, person.member.id)?;
                let trainee = roll_up::trainee_with(&person.places.spans, presence);
                roll_up::entries(tx, changes, Some((Sort::Person, person.member.id, trainee)), person.places.paths())
            }
            None => roll_up::entries(tx, changes, None, [(self.host.id, self.host.path.clone())]),
        }
    }
}
