//! One way to log, correct and void the entries of every ledger, to keep what they said before, and to bring the figures up to
//! date in the same transaction.
//!
//! A [`Book`] is what a ledger has of its own: which rows an entry concerns, what must hold of it, and what it counts in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    audit, expect_version,
    idempotence::{Made, Origin, replay, request_digest},
    input::{Faults, holds_no_number},
};
use crate::{
    auth::{Tx, can},
    db::{
        Conn, QueryResult,
        households::{Household, HouseholdSpan},
        service_points::ServicePoint,
    },
    domain::{
        Day, Id, Instant, Text,
        access::Placed,
        audit::Audited,
        codes::{HouseholdStatus, PointStatus, RecordState},
        digest::Digest,
    },
    error::{Conflict, Error, Result},
};

/// An entry to be taken back.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidEntry {
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
}

/// The transaction of whoever logs.
pub type Logging<'a> = Tx<'a, can::LogAssistance>;

/// Who makes an entry, when, and from which request.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The id of the entry.
    pub id: Id,
    /// The account.
    pub by: Id,
    /// The digest of the request.
    pub digest: Digest,
    /// When.
    pub at: Instant,
}

/// An entry of a ledger.
pub trait Entry: Audited + Origin + Clone {
    /// What is told when it was taken back before.
    const VOIDED: Conflict;

    /// Whether it counts.
    fn counts(&self) -> RecordState;
    /// The same entry in its next version.
    #[must_use]
    fn next(self, at: Instant) -> Self;
    /// The same entry, taken back.
    #[must_use]
    fn voided(self, reason: &str) -> Self;
    /// Puts new entries in place.
    ///
    /// # Errors
    /// The database's own.
    fn insert(conn: &mut Conn, entries: &[Self]) -> QueryResult<()>;
    /// Writes an entry's fields, and keeps what they were before.
    ///
    /// # Errors
    /// The database's own.
    fn replace(&self, conn: &mut Conn, before: &Self, why: (&str, Id, Instant)) -> Result<()>;
}

/// What a ledger has of its own. An open book holds the locks of what its entries concern.
pub trait Book: Sized {
    /// What an entry is.
    type Entry: Entry;
    /// What is asked to log one.
    type Request: Validate + Serialize;
    /// What is asked to correct one.
    type Correction: Validate;
    /// What the entries of one open book have in common.
    type Place;
    /// The actions of logging, correcting and voiding, as events name them.
    const ACTIONS: [&'static str; 3];

    /// The entry of this ledger with an id, and of any ledger that ids are shared with.
    ///
    /// # Errors
    /// The database's own.
    fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Self::Entry>>>;
    /// The entry with an id, of any ledger in whose table the ids are.
    ///
    /// # Errors
    /// The database's own.
    fn find_any(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Self::Entry>>> {
        Self::find(conn, id)
    }
    /// The id that the client chose, and what the entry concerns.
    ///
    /// # Errors
    /// The request does not say.
    fn asked(request: &Self::Request) -> Result<(Option<Id>, Self::Place)>;
    /// Locks what entries concern.
    ///
    /// # Errors
    /// It is unknown, or the caller may not log there.
    fn open(tx: &mut Logging<'_>, place: Self::Place) -> Result<Self>;
    /// The same for an entry that is there.
    ///
    /// # Errors
    /// The caller may not change it.
    fn reopen(tx: &mut Logging<'_>, entry: &Self::Entry) -> Result<Self>;
    /// The entry that a request makes.
    fn made(&self, request: &Self::Request, stamp: Stamp) -> Self::Entry;
    /// What an entry says when it is corrected, and why.
    ///
    /// # Errors
    /// The correction contradicts itself.
    fn corrected<'a>(before: &Self::Entry, correction: &'a Self::Correction) -> Result<(Self::Entry, &'a Text)>;
    /// What must hold of an entry that is to count, beyond the request's own rules; `before` is what it said.
    ///
    /// # Errors
    /// What does not hold.
    fn check(
        &mut self,
        tx: &mut Logging<'_>,
        faults: Faults,
        entry: &Self::Entry,
        before: Option<&Self::Entry>,
    ) -> Result<()>;
    /// What must hold of an entry that is to count no more: its month is open, nothing hangs on it.
    ///
    /// # Errors
    /// What does not hold.
    fn release(&mut self, tx: &mut Logging<'_>, entry: &Self::Entry, voided: bool) -> Result<()>;
    /// Brings the figures up to date: entries that count from now on (1), or no more (-1).
    ///
    /// # Errors
    /// The database's own.
    fn count(&self, tx: &mut Logging<'_>, changes: &[(&Self::Entry, i64)]) -> Result<()>;
}

/// An open book, and what was logged in it: many entries are written as one is, but what they change in the figures is reckoned
/// once, when the book is closed.
pub struct Logbook<B: Book> {
    book: B,
    logged: Vec<B::Entry>,
}

impl<B: Book> Logbook<B> {
    /// Locks what the entries concern.
    ///
    /// # Errors
    /// It is unknown, or the caller may not log there.
    pub fn open(tx: &mut Logging<'_>, place: B::Place) -> Result<Self> {
        Ok(Self { book: B::open(tx, place)?, logged: Vec::new() })
    }

    /// Notes an entry. It is written when the book is closed.
    ///
    /// # Errors
    /// As for [`log()`].
    pub fn log(&mut self, tx: &mut Logging<'_>, request: &B::Request, digest: Digest) -> Result<B::Entry> {
        let (id, _) = B::asked(request)?;
        let stamp = Stamp { id: id.unwrap_or_else(|| tx.new_id()), by: tx.account_id()?, digest, at: tx.now() };
        let entry = self.book.made(request, stamp);
        let mut faults = Faults::of(request);
        faults.id(id);
        self.book.check(tx, faults, &entry, None)?;
        audit::created(tx, B::ACTIONS[0], &entry)?;
        self.logged.push(entry.clone());
        Ok(entry)
    }

    /// Writes what was noted, and brings the figures up to date.
    ///
    /// # Errors
    /// The database's own.
    pub fn close(self, tx: &mut Logging<'_>) -> Result<()> {
        B::Entry::insert(tx.conn(), &self.logged)?;
        let changes: Vec<(&B::Entry, i64)> = self.logged.iter().map(|entry| (entry, 1)).collect();
        self.book.count(tx, &changes)
    }
}

/// Logs an entry.
///
/// # Errors
/// What it refers to is unknown, what it says does not hold, or its month is closed.
pub fn log<B: Book>(tx: &mut Logging<'_>, request: &B::Request) -> Result<Made<B::Entry>> {
    tx.reach()?;
    let digest = request_digest(tx, request)?;
    let (id, place) = B::asked(request)?;
    if let Some(made) = replay(tx, id, &digest, B::find_any)? {
        return Ok(made);
    }
    let mut book = Logbook::<B>::open(tx, place)?;
    let entry = book.log(tx, request, digest)?;
    book.close(tx)?;
    Ok(Made::New(entry))
}

/// Makes an entry say something else. What it said is kept.
///
/// # Errors
/// It was taken back; as for [`log()`].
pub fn correct<B: Book>(tx: &mut Logging<'_>, id: Id, version: i64, correction: &B::Correction) -> Result<B::Entry> {
    let (before, mut book) = locked::<B>(tx, id, version)?;
    if before.counts() == RecordState::Voided {
        Faults::of(correction).finish()?;
        return Err(B::Entry::VOIDED.into());
    }
    let (after, reason) = B::corrected(&before, correction)?;
    let after = after.next(tx.now());
    book.check(tx, Faults::of(correction), &after, Some(&before))?;
    book.release(tx, &before, false)?;
    replace(tx, B::ACTIONS[1], &before, &after, reason)?;
    book.count(tx, &[(&before, -1), (&after, 1)])?;
    Ok(after)
}

/// Takes an entry back; it counts nowhere any more.
///
/// # Errors
/// It was taken back before, or its month is closed.
pub fn void<B: Book>(tx: &mut Logging<'_>, id: Id, version: i64, request: &VoidEntry) -> Result<B::Entry> {
    let (before, mut book) = locked::<B>(tx, id, version)?;
    Faults::of(request).finish()?;
    if before.counts() == RecordState::Voided {
        return Err(B::Entry::VOIDED.into());
    }
    book.release(tx, &before, true)?;
    let after = before.clone().voided(&request.reason).next(tx.now());
    replace(tx, B::ACTIONS[2], &before, &after, &request.reason)?;
    book.count(tx, &[(&before, -1)])?;
    Ok(after)
}

/// The entry in the version that is to be changed, and its book, open. What an entry concerns is locked first by every write
/// that concerns it; then the entry is read again.
fn locked<B: Book>(tx: &mut Logging<'_>, id: Id, version: i64) -> Result<(B::Entry, B)> {
    let entry = tx.find(id, B::find)?;
    let book = B::reopen(tx, &entry)?;
    let entry = tx.find(id, B::find)?;
    expect_version(entry.version(), version)?;
    Ok((entry, book))
}

/// Puts another version in the place of the present one, which is kept.
fn replace<E: Entry>(tx: &mut Logging<'_>, action: &'static str, before: &E, after: &E, reason: &str) -> Result<()> {
    let (by, at) = (tx.account_id()?, tx.now());
    after.replace(tx.conn(), before, (reason, by, at))?;
    audit::changed(tx, action, before, after, Some(reason))
}

/// A household on the register takes entries; what was erased takes no more words.
///
/// # Errors
/// It is not active on that day, or was erased.
pub fn must_be_active_on(household: &Household, spans: &[HouseholdSpan], day: Day) -> Result<()> {
    let is_active = spans.iter().any(|span| span.holds_on(day) && span.status == HouseholdStatus::Active);
    if household.erased_on.is_none() && is_active { Ok(()) } else { Err(Conflict::HouseholdNotActive.into()) }
}

/// A point at work takes entries; a closed one only for the days of its life.
///
/// # Errors
/// It has ended, or is not at work.
pub fn takes_entries_of(point: &ServicePoint, day: Day) -> Result<()> {
    match (point.status, point.closed_on) {
        (PointStatus::Active, _) => Ok(()),
        (PointStatus::Closed, Some(closed_on)) if day <= closed_on => Ok(()),
        (PointStatus::Closed | PointStatus::Merged, _) => Err(Error::Conflict(Conflict::PointEnded)),
        (PointStatus::Planned | PointStatus::Suspended, _) => Err(Error::Conflict(Conflict::PointNotActive)),
    }
}
