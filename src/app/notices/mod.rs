//! Notices: what the accounts of a point are told, and what they have read.
//!
//! A notice is for those who hold a grant at the point itself. An announcement is one row at the point that made it, and is for
//! everything that lies below that point when it is read: a point that is opened there or moved there later reads it as well.

mod announcements;
mod chasing;

pub use announcements::{Announce, Receipts, announce, get_announcement, list_announcements, readers, receipts};
pub use chasing::{Chase, Chased, chase};

use super::{Paged, Want, audit};
use crate::{
    auth::{Permission, Tx, can},
    db::{
        notices::{self, Filter, Notice},
        reports::Report,
    },
    domain::{Id, Instant, PointPath, codes::NoticeKind},
    error::Result,
};

/// Tells a point what became of its report, in the transaction in which that happened.
///
/// # Errors
/// The database's own.
pub(super) fn about_report<P: Permission>(
    tx: &mut Tx<'_, P>,
    kind: NoticeKind,
    report: &Report,
    reason: &str,
) -> Result<()> {
    let notice = Notice {
        id: tx.new_id(),
        service_point_id: report.service_point_id,
        kind,
        month: Some(report.month),
        chased_on: None,
        report_id: Some(report.id),
        title: None,
        body: Some(reason.to_owned()),
        created_by: tx.account_id()?,
        request_digest: None,
        created_at: tx.now(),
        policy_document_id: None,
    };
    notices::insert(tx.conn(), std::slice::from_ref(&notice))?;
    audit::created(tx, "notice.send", &notice)
}

/// The points for which the caller reads.
fn own_points(tx: &Tx<'_, can::ReadNotices>) -> Result<Vec<PointPath>> {
    Ok(tx.reach()?.areas().iter().map(|area| area.path.clone()).collect())
}

/// The same by their ids.
///
/// # Errors
/// The caller reads nowhere.
pub fn own_ids(tx: &Tx<'_, can::ReadNotices>) -> Result<Vec<Id>> {
    Ok(own_points(tx)?.iter().filter_map(PointPath::id).collect())
}

/// What the caller is told, the newest first, each with when the caller read it.
///
/// # Errors
/// The database's own.
pub fn list(
    tx: &mut Tx<'_, can::ReadNotices>,
    filter: Filter,
    want: &Want<(i64, Id)>,
) -> Result<Paged<(Notice, Option<Instant>)>> {
    let (points, account) = (own_points(tx)?, tx.account_id()?);
    let after = want.after.map(|(micros, id)| (Instant::from_unix_micros(micros), id));
    let rows = notices::page(tx.conn(), (account, &points), filter, after, want.fetch())?;
    Ok(want.page(rows, None))
}

/// How much of it the caller has not read.
///
/// # Errors
/// The database's own.
pub fn unread(tx: &mut Tx<'_, can::ReadNotices>) -> Result<i64> {
    let (points, account) = (own_points(tx)?, tx.account_id()?);
    Ok(notices::unread(tx.conn(), account, &points)?)
}

/// Notes that the caller has read a notice, for each of the points for which the caller reads it. Reading again changes nothing.
///
/// # Errors
/// It is not addressed to the caller.
pub fn read(tx: &mut Tx<'_, can::ReadNotices>, id: Id) -> Result<(Notice, Option<Instant>)> {
    // Whoever reads nowhere is told about the notice what everybody else is told.
    let (points, account, now) = (own_points(tx).unwrap_or_default(), tx.account_id()?, tx.now());
    let at = notices::find(tx.conn(), id)?.map(|placed| placed.path().clone());
    let notice = tx.find(id, |conn, id| notices::find_for(conn, id, &points))?;
    let is_addressee = |point: &&PointPath| match notice.kind {
        NoticeKind::Announcement => at.as_ref().is_some_and(|at| at.contains(point)),
        NoticeKind::Chase | NoticeKind::Return | NoticeKind::Reopen => at.as_ref() == Some(*point),
    };
    let mut is_new = false;
    for point in points.iter().filter(is_addressee).filter_map(PointPath::id) {
        is_new |= notices::mark_read(tx.conn(), account, id, point, now)?;
    }
    if is_new {
        audit::looked_at(tx, "notice.read", &notice, None)?;
    }
    let read_at = notices::read_by(tx.conn(), account, &[id])?.get(&id).copied();
    Ok((notice, read_at))
}
