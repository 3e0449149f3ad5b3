//! Assistance records: logging, correcting and voiding them. The cells of every tier change in the same transaction, so a
//! statistic read afterwards is exact.

mod requests;

pub use requests::{CorrectAssistance, LogAssistance, VoidAssistance};

use super::{
    Paged, Want, audit,
    closing::{self, Touched},
    expect_version,
    idempotence::{Made, replay, request_digest},
    input::Faults,
    reach_within,
    roll_up::{self, Given, Places},
};
use crate::{
    auth::{Tx, can},
    db::{
        assistance_records::{self, AssistanceRecord, Filter, PageKey},
        household_members,
        households::{self, Household},
        record_versions::{self, RecordVersion},
        service_points::ServicePoint,
    },
    domain::{
        Day, Id, Month, PointPath, Text,
        access::Placed,
        codes::{
            ASSISTANCE_KINDS, ASSISTANCE_SUBKINDS, CONVENIENCE, HouseholdStatus, PointStatus, QUANTITY_UNITS,
            RecordState,
        },
        digest::Digest,
        policy::Action,
    },
    error::{Conflict, Error, Result},
};

/// A list of records covers at most so many days.
pub const LONGEST_WINDOW_DAYS: i64 = 366;

/// Logs assistance.
///
/// # Errors
/// The household, its member or the point is unknown, the household was not active on that day, or the point takes no records
/// for it.
pub fn log(tx: &mut Tx<'_, can::LogAssistance>, request: &LogAssistance) -> Result<Made<AssistanceRecord>> {
    tx.reach()?;
    let digest = request_digest(tx, request)?;
    if let Some(made) = replay(tx, request.id, &digest, assistance_records::find)? {
        return Ok(made);
    }
    let mut book = Logbook::open(tx, request.household_id, request.service_point_id)?;
    let record = book.log(tx, request, digest)?;
    book.close(tx)?;
    Ok(Made::New(record))
}

/// A household, locked, and a point that gives it assistance: many records are written as one is, but what they change in the
/// figures is reckoned once, when the book is closed.
pub struct Logbook {
    household: Household,
    places: Places,
    giver: ServicePoint,
    members: Option<Vec<Id>>,
    logged: Vec<AssistanceRecord>,
    /// Months that are known to be open: the places are locked, so they stay so.
    open: Vec<Month>,
}

impl Logbook {
    /// Locks the household, its places and the point that gives.
    ///
    /// # Errors
    /// One of them is unknown.
    pub fn open(tx: &mut Tx<'_, can::LogAssistance>, household_id: Id, giver_id: Id) -> Result<Self> {
        households::lock(tx.conn(), household_id)?;
        let household = tx.find(household_id, households::find).map_err(|error| error.at("/household_id"))?;
        let places = Places::lock(tx.conn(), &household, giver_id)?;
        let giver = places.point(giver_id).map(|point| Placed::new(point.clone(), point.path.clone()));
        let giver = tx.admit(giver).map_err(|error| error.at("/service_point_id"))?;
        Ok(Self { household, places, giver, members: None, logged: Vec::new(), open: Vec::new() })
    }

    /// Notes assistance that this point gave to this household. It is written when the book is closed.
    ///
    /// # Errors
    /// As for [`log()`].
    pub fn log(
        &mut self,
        tx: &mut Tx<'_, can::LogAssistance>,
        request: &LogAssistance,
        digest: Digest,
    ) -> Result<AssistanceRecord> {
        let text = |text: &Option<Text>| text.as_deref().map(str::to_owned);
        let record = AssistanceRecord {
            id: request.id.unwrap_or_else(|| tx.new_id()),
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
            created_by: tx.account_id()?,
            request_digest: digest.to_vec(),
            created_at: tx.now(),
            updated_at: tx.now(),
        };
        let mut faults = Faults::of(request);
        faults.id(request.id);
        self.check(tx, faults, &record)?;
        audit::created(tx, "assistance_record.log", &record)?;
        self.logged.push(record.clone());
        Ok(record)
    }

    /// Writes what was noted, and brings the figures up to date.
    ///
    /// # Errors
    /// The database's own.
    pub fn close(self, tx: &mut Tx<'_, can::LogAssistance>) -> Result<()> {
        assistance_records::insert(tx.conn(), &self.logged)?;
        let changes: Vec<(Given<'_>, i64)> = self.logged.iter().map(|record| (given(record), 1)).collect();
        self.count(tx, &changes)
    }

    fn count(&self, tx: &mut Tx<'_, can::LogAssistance>, changes: &[(Given<'_>, i64)]) -> Result<()> {
        roll_up::records(tx, &self.places, self.household.id, &self.giver, changes)
    }

    /// What must hold of a record, beyond the request's own rules.
    fn check(
        &mut self,
        tx: &mut Tx<'_, can::LogAssistance>,
        mut faults: Faults,
        record: &AssistanceRecord,
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
        let standing = self.places.spans.iter().find(|span| span.holds_on(day));
        // What was erased takes no more words.
        if household.erased_on.is_some() || standing.is_none_or(|span| span.status != HouseholdStatus::Active) {
            return Err(Conflict::HouseholdNotActive.into());
        }
        takes_records_of(&self.giver, day)?;
        self.require_open(tx, day)
    }

    /// A record moves the figures of its giver, and those of the home that its household has at the month's end.
    fn require_open(&mut self, tx: &mut Tx<'_, can::LogAssistance>, day: Day) -> Result<()> {
        let month = day.month();
        if self.open.contains(&month) {
            return Ok(());
        }
        let spans = &self.places.spans;
        let standing = spans.iter().rev().find(|span| span.valid_from <= month.last_day()).or(spans.first());
        let home = standing.and_then(|span| self.places.point(span.service_point_id));
        let paths: Vec<&PointPath> = [Some(&self.giver), home].into_iter().flatten().map(|point| &point.path).collect();
        closing::require_open(tx, &paths, Touched::Month(month))?;
        self.open.push(month);
        Ok(())
    }
}

/// Makes a record say something else. What it said is kept.
///
/// # Errors
/// It was taken back; as for [`log()`].
pub fn correct(
    tx: &mut Tx<'_, can::LogAssistance>,
    id: Id,
    version: i64,
    request: &CorrectAssistance,
) -> Result<AssistanceRecord> {
    let (before, mut book) = locked(tx, id, version)?;
    let text = |field: &Option<Option<Text>>, kept: &Option<String>| match field {
        Some(text) => text.as_deref().map(str::to_owned),
        None => kept.clone(),
    };
    let after = AssistanceRecord {
        member_id: request.member_id.unwrap_or(before.member_id),
        kind: request.kind.as_ref().map_or_else(|| before.kind.clone(), ToString::to_string),
        subkind: text(&request.subkind, &before.subkind),
        given_on: request.given_on.unwrap_or(before.given_on),
        quantity: request.quantity.unwrap_or(before.quantity),
        unit: text(&request.unit, &before.unit),
        amount_fen: request.amount_fen.unwrap_or(before.amount_fen),
        note: text(&request.note, &before.note),
        version: before.version + 1,
        updated_at: tx.now(),
        ..before.clone()
    };
    if before.state == RecordState::Voided {
        Faults::of(request).finish()?;
        return Err(Conflict::RecordVoided.into());
    }
    book.check(tx, Faults::of(request), &after)?;
    book.require_open(tx, before.given_on)?;
    replace(tx, "assistance_record.correct", &before, &after, &request.reason)?;
    book.count(tx, &[(given(&before), -1), (given(&after), 1)])?;
    Ok(after)
}

/// Takes a record back; it counts nowhere any more.
///
/// # Errors
/// It was taken back before.
pub fn void(
    tx: &mut Tx<'_, can::LogAssistance>,
    id: Id,
    version: i64,
    request: &VoidAssistance,
) -> Result<AssistanceRecord> {
    let (before, mut book) = locked(tx, id, version)?;
    Faults::of(request).finish()?;
    if before.state == RecordState::Voided {
        return Err(Conflict::RecordVoided.into());
    }
    book.require_open(tx, before.given_on)?;
    let after = AssistanceRecord {
        state: RecordState::Voided,
        void_reason: Some(request.reason.to_string()),
        version: before.version + 1,
        updated_at: tx.now(),
        ..before.clone()
    };
    replace(tx, "assistance_record.void", &before, &after, &request.reason)?;
    book.count(tx, &[(given(&before), -1)])?;
    Ok(after)
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
    faults.unless(filter.from <= filter.to, "to", "before_from");
    faults.unless(filter.to.days_since(filter.from) < LONGEST_WINDOW_DAYS, "from", "window_too_wide");
    faults.finish()
}

/// The record in the version that is to be changed, and its household and giver, locked.
fn locked(tx: &mut Tx<'_, can::LogAssistance>, id: Id, version: i64) -> Result<(AssistanceRecord, Logbook)> {
    // The household is locked first by every write that concerns it; then the record is read again.
    let household_id = tx.find(id, assistance_records::find)?.household_id;
    households::lock(tx.conn(), household_id)?;
    let record = tx.find(id, assistance_records::find)?;
    expect_version(record.version, version)?;
    // A record belongs to its giver: whoever may change it there need not reach the household.
    let household = households::find(tx.conn(), household_id)?.ok_or(Error::NotFound)?.origin(Household::clone);
    let places = Places::lock(tx.conn(), &household, record.service_point_id)?;
    let giver = places.point(record.service_point_id).map(|point| Placed::new(point.clone(), point.path.clone()));
    let giver = tx.admit(giver)?;
    Ok((record, Logbook { household, places, giver, members: None, logged: Vec::new(), open: Vec::new() }))
}

/// A point at work takes records; a closed one only for the days of its life.
fn takes_records_of(giver: &ServicePoint, day: Day) -> Result<()> {
    match (giver.status, giver.closed_on) {
        (PointStatus::Active, _) => Ok(()),
        (PointStatus::Closed, Some(closed_on)) if day <= closed_on => Ok(()),
        (PointStatus::Closed | PointStatus::Merged, _) => Err(Error::Conflict(Conflict::PointEnded)),
        (PointStatus::Planned | PointStatus::Suspended, _) => Err(Error::Conflict(Conflict::PointNotActive)),
    }
}

/// Puts another version in the place of the present one, which is kept.
fn replace(
    tx: &mut Tx<'_, can::LogAssistance>,
    action: &'static str,
    before: &AssistanceRecord,
    after: &AssistanceRecord,
    reason: &str,
) -> Result<()> {
    let version = RecordVersion::of(before, reason, tx.account_id()?, tx.now());
    record_versions::insert(tx.conn(), &version)?;
    assistance_records::update(tx.conn(), after)?;
    audit::changed(tx, action, before, after, Some(reason))
}

fn given(record: &AssistanceRecord) -> Given<'_> {
    let amount_fen = record.amount_fen.unwrap_or_default();
    Given { kind: &record.kind, on: record.given_on, quantity: record.quantity, amount_fen }
}
