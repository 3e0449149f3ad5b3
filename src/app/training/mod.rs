//! Training: sessions, and who attended them. Sessions, attendances and persons are three different figures.

mod attendances;
mod requests;

pub use attendances::Attendances;
pub use requests::{CorrectAttendance, CorrectTrainingSession, LogAttendance, LogTrainingSession};

use super::{
    closing::{self, Touched},
    entries::{blank, find_in, named},
    input::{Faults, said},
    ledger::{Book, Logging, Stamp, takes_entries_of},
    roll_up,
};
use crate::{
    db::{
        Conn, QueryResult, ledger_entries,
        ledger_entries::LedgerEntry,
        service_points::{self, ServicePoint},
    },
    domain::{
        Id, Text,
        access::Placed,
        codes::{Catalogue, Ledger, TRAINING_TOPICS},
    },
    error::{Conflict, Result},
};

/// The training sessions that a point hosts.
pub struct Sessions {
    host: ServicePoint,
}

impl Book for Sessions {
    type Entry = LedgerEntry;
    type Request = LogTrainingSession;
    type Correction = CorrectTrainingSession;
    /// The host.
    type Place = Id;
    const ACTIONS: [&'static str; 3] = ["training_session.log", "training_session.correct", "training_session.void"];

    fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<LedgerEntry>>> {
        find_in(conn, id, Ledger::TrainingSession)
    }

    fn find_any(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<LedgerEntry>>> {
        ledger_entries::find(conn, id)
    }

    fn asked(request: &LogTrainingSession) -> Result<(Option<Id>, Id)> {
        Ok((request.id, request.service_point_id))
    }

    fn open(tx: &mut Logging<'_>, host: Id) -> Result<Self> {
        let host = tx.find(host, service_points::find_shared).map_err(|error| error.at("/service_point_id"))?;
        Ok(Self { host })
    }

    fn reopen(tx: &mut Logging<'_>, session: &LedgerEntry) -> Result<Self> {
        // Whoever logs an attendance holds the same lock.
        ledger_entries::lock(tx.conn(), session.id)?;
        Ok(Self { host: tx.find(session.service_point_id, service_points::find_shared)? })
    }

    fn made(&self, request: &LogTrainingSession, stamp: Stamp) -> LedgerEntry {
        LedgerEntry {
            ends_on: request.ends_on,
            kind: request.topic.to_string(),
            name: Some(request.name.to_string()),
            partner_id: request.partner_id,
            minutes: request.minutes,
            note: request.note.as_deref().map(str::to_owned),
            ..blank(Ledger::TrainingSession, self.host.id, request.starts_on, stamp)
        }
    }

    fn corrected<'a>(before: &LedgerEntry, request: &'a CorrectTrainingSession) -> Result<(LedgerEntry, &'a Text)> {
        let after = LedgerEntry {
            on_day: request.starts_on.unwrap_or(before.on_day),
            ends_on: request.ends_on.unwrap_or(before.ends_on),
            kind: request.topic.as_ref().map_or_else(|| before.kind.clone(), ToString::to_string),
            name: request.name.as_ref().map(ToString::to_string).or_else(|| before.name.clone()),
            partner_id: request.partner_id.unwrap_or(before.partner_id),
            minutes: request.minutes.unwrap_or(before.minutes),
            note: said(&request.note, &before.note),
            ..before.clone()
        };
        Ok((after, &request.reason))
    }

    fn check(
        &mut self,
        tx: &mut Logging<'_>,
        mut faults: Faults,
        session: &LedgerEntry,
        before: Option<&LedgerEntry>,
    ) -> Result<()> {
        faults.code(&TRAINING_TOPICS, &session.kind, session.on_day, "/topic");
        faults.unless(session.on_day <= tx.today(), "/starts_on", "in_future");
        faults.unless(session.ends_on.is_none_or(|last| last >= session.on_day), "/ends_on", "before_from");
        let partner = session.partner_id.filter(|_| before.is_none_or(|was| was.partner_id != session.partner_id));
        if let Some(partner) = partner {
            let day = (&self.host.path, (session.on_day, session.on_day));
            named(tx, &mut faults, (Catalogue::Partner, partner), day, "/partner_id")?;
        }
        faults.finish()?;
        // Attendances count on the session's day and under its topic.
        let moved = before.is_some_and(|was| (was.on_day, &was.kind) != (session.on_day, &session.kind));
        if moved && ledger_entries::is_attended(tx.conn(), session.id, None)? {
            return Err(Conflict::SessionAttended.into());
        }
        takes_entries_of(&self.host, session.on_day)?;
        closing::require_open(tx, &[&self.host.path], Touched::Month(session.on_day.month()))
    }

    fn release(&mut self, tx: &mut Logging<'_>, session: &LedgerEntry, voided: bool) -> Result<()> {
        if voided && ledger_entries::is_attended(tx.conn(), session.id, None)? {
            return Err(Conflict::SessionAttended.into());
        }
        closing::require_open(tx, &[&self.host.path], Touched::Month(session.on_day.month()))
    }

    fn count(&self, tx: &mut Logging<'_>, changes: &[(&LedgerEntry, i64)]) -> Result<()> {
        roll_up::entries(tx, changes, None, [(self.host.id, self.host.path.clone())])
    }
}
