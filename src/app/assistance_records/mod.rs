//! Assistance records: the ledger of what was given to households. The cells of every tier change in the same transaction, so a
//! statistic read afterwards is exact.

mod requests;

pub use requests::{CorrectAssistance, LogAssistance};

use super::{
    Paged, Want,
    closing::{self, Touched},
    input::{Faults, said},
    ledger::{Book, Entry, Logging, Stamp, must_be_active_on, takes_entries_of},
    reach_within,
    roll_up::{self, Given, Places},
};
use crate::{
    auth::{Tx, can},
    db::{
        Conn, QueryResult,
        assistance_records::{self, AssistanceRecord, Filter, PageKey},
        household_members,
        households::{self, Household},
        record_versions::{self, RecordVersion},
        service_points::ServicePoint,
    },
    domain::{
        Day, Id, Instant, Month, PointPath, Text,
        access::Placed,
        codes::{ASSISTANCE_KINDS, ASSISTANCE_SUBKINDS, CONVENIENCE, QUANTITY_UNITS, RecordState},
        policy::Action,
    },
    error::{Conflict, Error, Result},
};

/// The assistance that a point gives to a household: both are locked.
pub struct Assistance {
    household: Household,
    places: Places,
    giver: ServicePoint,
    members: Option<Vec<Id>>,
    /// Months that are known to be open: the places are locked, so they stay so.
    open: Vec<Month>,
}

impl Entry for AssistanceRecord {
    const VOIDED: Conflict = Conflict::RecordVoided;

    fn counts(&self) -> RecordState {
        self.state
    }

    fn next(self, at: Instant) -> Self {
        Self { version: self.version + 1, updated_at: at, ..self }
    }

    fn voided(self, reason: &str) -> Self {
        Self { state: RecordState::Voided, void_reason: Some(reason.to_owned()), ..self }
    }

    fn insert(conn: &mut Conn, records: &[Self]) -> QueryResult<()> {
        assistance_records::insert(conn, records)
    }

    fn replace(&self, conn: &mut Conn, before: &Self, (reason, by, at): (&str, Id, Instant)) -> Result<()> {
        record_versions::insert(conn, &RecordVersion::of(before, reason, by, at))?;
        Ok(assistance_records::update(conn, self)?)
    }
}

impl Book for Assistance {
    type Entry = AssistanceRecord;
    type Request = LogAssistance;
    type Correction = CorrectAssistance;
    /// The household, and the point that gives.
    type Place = (Id, Id);
    const ACTIONS: [&'static str; 3] = ["assistance_record.log", "assistance_record.correct", "assistance_record.void"];

    fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<AssistanceRecord>>> {
        assistance_records::find(conn, id)
    }

    fn asked(request: &LogAssistance) -> Result<(Option<Id>, (Id, Id))> {
        Ok((request.id, (request.household_id, request.service_point_id)))
    }

    fn open(tx: &mut Logging<'_>, (household_id, giver_id): (Id, Id)) -> Result<Self> {
        households::lock(tx.conn(), household_id)?;
        let household = tx.find(household_id, households::find).map_err(|error| error.at("/household_id"))?;
        Self::at(tx, household, giver_id).map_err(|error| error.at("/service_point_id"))
    }

    fn reopen(tx: &mut Logging<'_>, record: &AssistanceRecord) -> Result<Self> {
        households::lock(tx.conn(), record.household_id)?;
        // A record belongs to its giver: whoever may change it there need not reach the household.
        let household = households::find(tx.conn(), record.household_id)?.ok_or(Error::NotFound)?;
        Self::at(tx, household.origin(Household::clone), record.service_point_id)
    }

    fn made(&self, request: &LogAssistance, stamp: Stamp) -> AssistanceRecord {
        let text = |text: &Option<Text>| text.as_deref().map(str::to_owned);
        AssistanceRecord {
            id: stamp.id,
            household_id: self.household.id,
            member_id: request.member_id,
            service_point_id: self.giver.id,
            kind: request.kind.to_string(),
            subkind: text(&request.subkind),
            given_on: request.given_on,
            quantity: request.quantity,
            unit: text(&request.unit),
            amount_fen: request.amount_fen,
            note: text(&request.note),
            state: RecordState::Active,
            void_reason: None,
            version: 1,
            created_by: stamp.by,
            request_digest: stamp.digest.to_vec(),
            created_at: stamp.at,
            updated_at: stamp.at,
        }
    }

    fn corrected<'a>(
        before: &AssistanceRecord,
        request: &'a CorrectAssistance,
    ) -> Result<(AssistanceRecord, &'a Text)> {
        let after = AssistanceRecord {
            member_id: request.member_id.unwrap_or(before.member_id),
            kind: request.kind.as_ref().map_or_else(|| before.kind.clone(), ToString::to_string),
            subkind: said(&request.subkind, &before.subkind),
            given_on: request.given_on.unwrap_or(before.given_on),
            quantity: request.quantity.unwrap_or(before.quantity),
            unit: said(&request.unit, &before.unit),
            amount_fen: request.amount_fen.unwrap_or(before.amount_fen),
            note: said(&request.note, &before.note),
            ..before.clone()
        };
        Ok((after, &request.reason))
    }

    fn check(
        &mut self,
        tx: &mut Logging<'_>,
        mut faults: Faults,
        record: &AssistanceRecord,
        _before: Option<&AssistanceRecord>,
    ) -> Result<()> {
        let (day, household) = (record.given_on, &self.household);
        faults.code(&ASSISTANCE_KINDS, &record.kind, day, "/kind");
        if let Some(subkind) = &record.subkind {
            faults.code(&ASSISTANCE_SUBKINDS, subkind, day, "/subkind");
            faults.unless(record.kind == CONVENIENCE, "/subkind", "only_convenience");
        }
        if let Some(unit) = &record.unit {
            faults.code(&QUANTITY_UNITS, unit, day, "/unit");
        }
        faults.unless(day <= tx.today(), "/given_on", "in_future");
        faults.unless(day >= household.registered_on, "/given_on", "before_registration");
        if let Some(member) = record.member_id {
            if self.members.is_none() {
                let members = household_members::of_household(tx.conn(), household.id)?;
                self.members = Some(members.iter().map(|member| member.id).collect());
            }
            let belongs = self.members.as_ref().is_some_and(|members| members.contains(&member));
            faults.unless(belongs, "/member_id", "not_of_household");
        }
        faults.finish()?;
        must_be_active_on(household, &self.places.spans, day)?;
        takes_entries_of(&self.giver, day)?;
        self.require_open(tx, day)
    }

    fn release(&mut self, tx: &mut Logging<'_>, record: &AssistanceRecord, _voided: bool) -> Result<()> {
        self.require_open(tx, record.given_on)
    }

    fn count(&self, tx: &mut Logging<'_>, changes: &[(&AssistanceRecord, i64)]) -> Result<()> {
        let changes: Vec<(Given<'_>, i64)> = changes.iter().map(|(record, sign)| (given(record), *sign)).collect();
        roll_up::records(tx, &self.places, self.household.id, &self.giver, &changes)
    }
}

impl Assistance {
    fn at(tx: &mut Logging<'_>, household: Household, giver_id: Id) -> Result<Self> {
        let places = Places::lock(tx.conn(), &household, giver_id)?;
        let giver = places.point(giver_id).map(|point| Placed::new(point.clone(), point.path.clone()));
        let giver = tx.admit(giver)?;
        Ok(Self { household, places, giver, members: None, open: Vec::new() })
    }

    /// A record moves the figures of its giver, and those of the home that its household has at the month's end.
    fn require_open(&mut self, tx: &mut Logging<'_>, day: Day) -> Result<()> {
        let month = day.month();
        if self.open.contains(&month) {
            return Ok(());
        }
        let home = self.places.home_in(month);
        let paths: Vec<&PointPath> = [Some(&self.giver), home].into_iter().flatten().map(|point| &point.path).collect();
        closing::require_open(tx, &paths, Touched::Month(month))?;
        self.open.push(month);
        Ok(())
    }
}

/// One record.
///
/// # Errors
/// There is none within reach.
pub fn get(tx: &mut Tx<'_, can::ReadHouseholds>, id: Id) -> Result<AssistanceRecord> {
    tx.find(id, assistance_records::find)
}

/// A record as it is, and what it was before, the first version first.
///
/// # Errors
/// There is none within reach.
pub fn versions(tx: &mut Tx<'_, can::ReadHouseholds>, id: Id) -> Result<(AssistanceRecord, Vec<RecordVersion>)> {
    let record = get(tx, id)?;
    Ok((record, record_versions::of_record(tx.conn(), id)?))
}

/// The records given by points within reach, of one subtree if asked, in a window of days, newest first.
///
/// # Errors
/// The subtree's top or the household is not within reach; the window is too wide.
pub fn list(
    tx: &mut Tx<'_, can::ReadHouseholds>,
    within: Option<Id>,
    filter: &Filter,
    want: &Want<PageKey>,
) -> Result<Paged<AssistanceRecord>> {
    let reach = reach_within(tx, within)?;
    if let Some(id) = filter.household_id {
        tx.find_for(Action::ReadHouseholds, id, households::find).map_err(|error| error.at("household_id"))?;
    }
    check_window(filter)?;
    let rows = assistance_records::page(tx.conn(), &reach, filter, want.after, want.fetch())?;
    Ok(want.page(rows, None))
}

/// The records given to a household within reach, whoever gave them, newest first; and whether each giver is in scope.
///
/// # Errors
/// There is no such household within reach; the window is too wide.
pub fn of_household(
    tx: &mut Tx<'_, can::ReadHouseholds>,
    id: Id,
    filter: &Filter,
    want: &Want<PageKey>,
) -> Result<Paged<(AssistanceRecord, bool)>> {
    tx.find(id, households::find)?;
    check_window(filter)?;
    let scope = tx.actor().scope();
    let rows = assistance_records::page_of_household(tx.conn(), filter, want.after, want.fetch())?;
    Ok(want.page(rows.into_iter().map(|(record, path)| (record, scope.covers(&path))).collect(), None))
}

fn check_window(filter: &Filter) -> Result<()> {
    let mut faults = Faults::default();
    faults.window(filter.from, filter.to);
    faults.finish()
}

fn given(record: &AssistanceRecord) -> Given<'_> {
    let amount_fen = record.amount_fen.unwrap_or_default();
    Given { kind: &record.kind, on: record.given_on, quantity: record.quantity, amount_fen }
}
