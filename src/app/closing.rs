//! Closed months: a write with an effective day is taken only while that month is open for every point whose figures it moves.
//!
//! The same holds for the day after which nothing is entered for a month, whether there is a report or not: see
//! [`period_exceptions`].
//!
//! A month is closed at a point by the report that was sent in, the point's own or that of a point above it. On PostgreSQL a
//! submission locks the point's row against everybody who shares it, and a writer shares or locks the rows of the points where
//! the change happens *before* it asks here. So of the two one waits for the other: either the writer's rows are there when the
//! figures are frozen, or the writer's statement, which begins after the lock was given, sees the report. Of the points above,
//! no row is locked: the report of a parent is sent in only when that of each child is approved, or without the child, or,
//! where none is expected of the child, with the child's row locked as well.

use super::period_exceptions;
use crate::{
    auth::{Permission, Tx},
    db::{reports, service_points},
    domain::{Id, Month, PointPath},
    error::{Error, Result},
};

/// Which months' figures a change moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touched {
    /// This month's: something was given.
    Month(Month),
    /// This month's and those of every later one: something stands from then on.
    From(Month),
}

/// Whether every month that is touched is open for these points, whose rows the caller has locked or shared, and for all above.
///
/// # Errors
/// [`Error::PeriodClosed`] names the first month that is not, and the point, if the caller may see it; [`Error::PeriodLocked`]
/// the first one that is locked.
pub fn require_open<P: Permission>(tx: &mut Tx<'_, P>, paths: &[&PointPath], touched: Touched) -> Result<()> {
    let mut points: Vec<Id> = paths.iter().flat_map(|path| path.ids()).collect();
    points.sort_unstable();
    points.dedup();
    let (from, to) = match touched {
        Touched::Month(month) => (month, Some(month)),
        Touched::From(month) => (month, None),
    };
    let mut closed = reports::closed(tx.conn(), &points, from, to)?;
    closed.sort_by_key(|(_, month)| *month);
    let Some((_, month)) = closed.first().copied() else {
        return period_exceptions::require_unlocked(tx, paths, from, to);
    };
    let scope = tx.actor().scope();
    let is_seen = |id: Id| paths.iter().filter_map(|path| up_to(path, id)).any(|path| scope.covers(&path));
    let point = closed.iter().filter(|(_, other)| *other == month).map(|(id, _)| *id).find(|id| is_seen(*id));
    Err(Error::PeriodClosed { point: point.map(|id| id.to_string()), month: month.to_string() })
}

/// The same for the homes of a household, which are shared first.
///
/// # Errors
/// As for [`require_open`].
pub fn require_homes_open<P: Permission>(tx: &mut Tx<'_, P>, homes: &[Id], touched: Touched) -> Result<()> {
    let points = service_points::for_count(tx.conn(), homes, None)?;
    let paths: Vec<&PointPath> = points.iter().map(|point| &point.path).collect();
    require_open(tx, &paths, touched)
}

/// The path of the point with this id on the way to another, if it lies there.
fn up_to(path: &PointPath, id: Id) -> Option<PointPath> {
    std::iter::successors(Some(path.clone()), PointPath::parent).find(|path| path.id() == Some(id))
}
