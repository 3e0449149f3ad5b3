//! One way to enter something that stays and is edited as a whole: items of catalogues and registers, organisations, stores.

use serde::Serialize;
use validator::Validate;

use super::{
    audit, expect_version,
    idempotence::{Made, Origin, replay, request_digest},
    input::Faults,
    service_points::refuse_ended,
};
use crate::{
    auth::{Permission, Tx},
    db::{
        Conn, QueryResult,
        service_points::{self, ServicePoint},
    },
    domain::{Day, Id, Instant, Month, access::Placed, audit::Audited},
    error::Result,
};

/// What every such row keeps.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The row.
    pub id: Id,
    /// Counts the changes, from 1.
    pub version: i64,
    /// The account that entered it.
    pub created_by: Id,
    /// The digest of the request that did.
    pub request_digest: Vec<u8>,
    /// When it was entered.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

/// A row that is entered once and edited as a whole.
pub trait Row: Audited + Origin + Clone {
    /// What every such row keeps.
    fn kept(&self) -> Kept;
}

/// What is asked to enter a row, and to edit one: the whole of it.
pub trait Register: Validate + Serialize {
    /// What is entered.
    type Row: Row;
    /// The permission to enter and to edit.
    type Write: Permission;
    /// The actions of entering and editing, as events name them.
    const ACTIONS: [&'static str; 2];

    /// Whether a point that has ended still takes what began while it was there.
    const TAKES_LATE: bool = false;

    /// The id, if the client chooses it.
    fn id(&self) -> Option<Id>;
    /// The point that keeps it.
    fn service_point_id(&self) -> Id;
    /// The row with an id, if it is one that this request is for.
    ///
    /// # Errors
    /// The database's own.
    fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Self::Row>>>;
    /// The row with an id, of any request in whose table the ids are.
    ///
    /// # Errors
    /// The database's own.
    fn find_any(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Self::Row>>> {
        Self::find(conn, id)
    }
    /// The point that keeps a row, held still: shared with whoever else enters something there, unless one row decides about
    /// another.
    ///
    /// # Errors
    /// The database's own.
    fn hold(&self, conn: &mut Conn, point: Id) -> QueryResult<Option<Placed<ServicePoint>>> {
        service_points::find_shared(conn, point)
    }
    /// Locks a row.
    ///
    /// # Errors
    /// The database's own.
    fn lock(conn: &mut Conn, id: Id) -> QueryResult<()>;
    /// The row that the request makes; what is wrong with it is noted. `before` is what it was.
    ///
    /// # Errors
    /// What it refers to is unknown.
    fn row(
        &self,
        tx: &mut Tx<'_, Self::Write>,
        faults: &mut Faults,
        kept: Kept,
        before: Option<&Self::Row>,
    ) -> Result<Self::Row>;
    /// What must hold once nothing is wrong with the row by itself.
    ///
    /// # Errors
    /// What does not hold.
    fn check(
        _tx: &mut Tx<'_, Self::Write>,
        _point: &ServicePoint,
        _before: Option<&Self::Row>,
        _after: &Self::Row,
    ) -> Result<()> {
        Ok(())
    }
    /// Writes the row: in place of what it was, or as a new one.
    ///
    /// # Errors
    /// The database's own.
    fn write(conn: &mut Conn, before: Option<&Self::Row>, after: &Self::Row) -> QueryResult<()>;
    /// Brings the figures up to date.
    ///
    /// # Errors
    /// The database's own.
    fn count(
        _tx: &mut Tx<'_, Self::Write>,
        _point: &ServicePoint,
        _before: Option<&Self::Row>,
        _after: &Self::Row,
    ) -> Result<()> {
        Ok(())
    }
}

/// Enters a row.
///
/// # Errors
/// The point is unknown, or what is entered breaks a rule.
pub fn enter<R: Register>(tx: &mut Tx<'_, R::Write>, request: &R) -> Result<Made<R::Row>> {
    tx.reach()?;
    let digest = request_digest(tx, request)?;
    if let Some(made) = replay(tx, request.id(), &digest, R::find_any)? {
        return Ok(made);
    }
    let point = tx
        .find(request.service_point_id(), |conn, id| request.hold(conn, id))
        .map_err(|error| error.at("/service_point_id"))?;
    // Whoever waited for the point finds what was entered meanwhile.
    if let Some(made) = replay(tx, request.id(), &digest, R::find_any)? {
        return Ok(made);
    }
    if !R::TAKES_LATE {
        refuse_ended(&point)?;
    }
    let (id, now) = (request.id().unwrap_or_else(|| tx.new_id()), tx.now());
    let (created_by, request_digest) = (tx.account_id()?, digest.to_vec());
    let kept = Kept { id, version: 1, created_by, request_digest, created_at: now, updated_at: now };
    let mut faults = Faults::of(request);
    faults.id(request.id());
    put(tx, request, faults, kept, &point, None).map(Made::New)
}

/// Edits a row.
///
/// # Errors
/// It is unknown or has changed, or what it is to be breaks a rule.
pub fn edit<R: Register>(tx: &mut Tx<'_, R::Write>, id: Id, version: i64, request: &R) -> Result<R::Row> {
    R::lock(tx.conn(), id)?;
    let before = tx.find(id, R::find)?;
    expect_version(before.version(), version)?;
    let point = tx.find(before.service_point_id(), |conn, id| request.hold(conn, id))?;
    let mut faults = Faults::of(request);
    faults.unless(request.id().is_none_or(|asked| asked == id), "/id", "fixed");
    faults.unless(request.service_point_id() == point.id, "/service_point_id", "fixed");
    let kept = Kept { version: before.version() + 1, updated_at: tx.now(), ..before.kept() };
    put(tx, request, faults, kept, &point, Some(&before))
}

fn put<R: Register>(
    tx: &mut Tx<'_, R::Write>,
    request: &R,
    mut faults: Faults,
    kept: Kept,
    point: &ServicePoint,
    before: Option<&R::Row>,
) -> Result<R::Row> {
    let row = request.row(tx, &mut faults, kept, before)?;
    faults.finish()?;
    R::check(tx, point, before, &row)?;
    R::write(tx.conn(), before, &row)?;
    match before {
        None => audit::created(tx, R::ACTIONS[0], &row)?,
        Some(before) => audit::changed(tx, R::ACTIONS[1], before, &row, None)?,
    }
    R::count(tx, point, before, &row)?;
    Ok(row)
}

/// The first and the last day of something that stands.
pub type Days = (Day, Option<Day>);

/// Notes what is wrong with the days of something of which figures tell: they have come.
pub(super) fn check_days(faults: &mut Faults, (first, last): Days, today: Day, [from, to]: [&str; 2]) {
    faults.unless(first <= today, from, "in_future");
    faults.unless(last.is_none_or(|last| first <= last), to, "before_from");
    faults.unless(last.is_none_or(|last| last <= today), to, "in_future");
}

/// The first month whose figures a change of days moves.
pub(super) fn moved_from(before: Option<Days>, (first, last): Days) -> Option<Month> {
    let Some((first_before, last_before)) = before else { return Some(first.month()) };
    let begins = (first_before != first).then(|| first_before.min(first));
    let ends = (last_before != last).then(|| last_before.into_iter().chain(last).min()).flatten();
    begins.into_iter().chain(ends).min().map(Day::month)
}

/// Implements [`Row`] for a row whose fields have those names.
macro_rules! row {
    ($type:ty) => {
        impl $crate::app::registers::Row for $type {
            fn kept(&self) -> $crate::app::registers::Kept {
                $crate::app::registers::Kept {
                    id: self.id,
                    version: self.version,
                    created_by: self.created_by,
                    request_digest: self.request_digest.clone(),
                    created_at: self.created_at,
                    updated_at: self.updated_at,
                }
            }
        }
    };
}
pub(super) use row;
