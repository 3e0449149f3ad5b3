//! Notices to points, announcements to subtrees, and who has read them.

mod receipts;

use std::collections::BTreeMap;

use diesel::{
    BoolExpressionMethods as _, BoxableExpression, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _,
    RunQueryDsl as _,
    prelude::{Insertable, Queryable},
    sql_types::Bool,
};
use serde::Serialize;

pub use receipts::{Reader, read_at_points, readers, standing};

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{notice_reads, notices, service_points},
    scope::within,
};
use crate::domain::{
    Day, Id, Instant, Month, PointPath,
    access::{Placed, Reach},
    audit::Audited,
    codes::NoticeKind,
};

/// Something that a point is told. It is never changed.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Serialize)]
#[diesel(table_name = notices, treat_none_as_default_value = false)]
pub struct Notice {
    /// The notice.
    pub id: Id,
    /// Which point is told; an announcement is told to everything below it as well.
    pub service_point_id: Id,
    /// What it is about.
    pub kind: NoticeKind,
    /// About the report for which month.
    #[diesel(column_name = period)]
    pub month: Option<Month>,
    /// On which day the point was reminded.
    pub chased_on: Option<Day>,
    /// About which report.
    pub report_id: Option<Id>,
    /// What is announced.
    pub title: Option<String>,
    /// The text of an announcement, or the reason for a return.
    pub body: Option<String>,
    /// The account that sent it.
    pub created_by: Id,
    /// The digest of the request that made an announcement.
    #[serde(skip)]
    pub request_digest: Option<Vec<u8>>,
    /// When it was sent.
    pub created_at: Instant,
    /// Which policy document an announcement publishes.
    pub policy_document_id: Option<Id>,
}

impl Audited for Notice {
    const TYPE: &'static str = "notice";
    const PERSONAL: &'static [&'static str] = &[];

    fn id(&self) -> Id {
        self.id
    }

    fn service_point_id(&self) -> Id {
        self.service_point_id
    }

    fn version(&self) -> i64 {
        1
    }
}

/// What a list of one's notices is narrowed to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Read ones, or those that are not.
    pub unread: Option<bool>,
    /// One kind.
    pub kind: Option<NoticeKind>,
}

/// What is addressed to one of these points: to itself, or announced at it or above.
fn addressed(points: &[PointPath]) -> Box<dyn BoxableExpression<notices::table, MultiBackend, SqlType = Bool>> {
    let own: Vec<Id> = points.iter().filter_map(PointPath::id).collect();
    let mut above: Vec<Id> = points.iter().flat_map(PointPath::ids).collect();
    above.sort_unstable();
    above.dedup();
    let announced = NoticeKind::Announcement;
    Box::new(
        notices::service_point_id
            .eq_any(own)
            .and(notices::kind.ne(announced))
            .or(notices::service_point_id.eq_any(above).and(notices::kind.eq(announced))),
    )
}

/// One page of what is addressed to these points, the newest first, each with when the account read it.
///
/// # Errors
/// The database's own.
pub fn page(
    conn: &mut Conn,
    (account, points): (Id, &[PointPath]),
    filter: Filter,
    after: Option<(Instant, Id)>,
    limit: i64,
) -> QueryResult<Vec<(Notice, Option<Instant>)>> {
    let mut query = notices::table
        .into_boxed::<MultiBackend>()
        .filter(addressed(points))
        .order((notices::created_at.desc(), notices::id.desc()))
        .limit(limit);
    let read = notice_reads::table.filter(notice_reads::account_id.eq(account)).select(notice_reads::notice_id);
    query = match filter.unread {
        Some(true) => query.filter(notices::id.ne_all(read)),
        Some(false) => query.filter(notices::id.eq_any(read)),
        None => query,
    };
    if let Some(kind) = filter.kind {
        query = query.filter(notices::kind.eq(kind));
    }
    if let Some((at, id)) = after {
        query = query.filter(notices::created_at.lt(at).or(notices::created_at.eq(at).and(notices::id.lt(id))));
    }
    let rows: Vec<Notice> = query.load(conn)?;
    let ids: Vec<Id> = rows.iter().map(|notice| notice.id).collect();
    let read = read_by(conn, account, &ids)?;
    Ok(rows.into_iter().map(|notice| (read.get(&notice.id).copied(), notice)).map(|(at, row)| (row, at)).collect())
}

/// How much of what is addressed to these points the account has not read.
///
/// # Errors
/// The database's own.
pub fn unread(conn: &mut Conn, account: Id, points: &[PointPath]) -> QueryResult<i64> {
    let read = notice_reads::table.filter(notice_reads::account_id.eq(account)).select(notice_reads::notice_id);
    notices::table
        .into_boxed::<MultiBackend>()
        .filter(addressed(points))
        .filter(notices::id.ne_all(read))
        .count()
        .get_result(conn)
}

/// When an account first read these notices, where it has.
///
/// # Errors
/// The database's own.
pub fn read_by(conn: &mut Conn, account: Id, ids: &[Id]) -> QueryResult<BTreeMap<Id, Instant>> {
    let rows: Vec<(Id, Instant)> = notice_reads::table
        .filter(notice_reads::account_id.eq(account))
        .filter(notice_reads::notice_id.eq_any(ids.to_vec()))
        .order(notice_reads::read_at.desc())
        .select((notice_reads::notice_id, notice_reads::read_at))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The notice with this id, placed at its point.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Notice>>> {
    let row: Option<(Notice, PointPath)> = notices::table
        .inner_join(service_points::table)
        .filter(notices::id.eq(id))
        .select((notices::all_columns, service_points::path))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(notice, path)| Placed::new(notice, path)))
}

/// The announcement with this id, placed at its point; nothing for another notice.
///
/// # Errors
/// The database's own.
pub fn find_announcement(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Notice>>> {
    Ok(find(conn, id)?.filter(|placed| placed.origin(|notice| notice.kind) == NoticeKind::Announcement))
}

/// The notice with this id, for whoever reads at these points: an announcement from above is placed at the first of them that lies
/// below it, because it is addressed to that one.
///
/// # Errors
/// The database's own.
pub fn find_for(conn: &mut Conn, id: Id, points: &[PointPath]) -> QueryResult<Option<Placed<Notice>>> {
    let Some(placed) = find(conn, id)? else { return Ok(None) };
    let notice = placed.origin(Notice::clone);
    let addressee = points.iter().find(|point| placed.path().contains(point));
    match addressee.filter(|_| notice.kind == NoticeKind::Announcement) {
        Some(point) => Ok(Some(Placed::new(notice, point.clone()))),
        None => Ok(Some(placed)),
    }
}

/// One page of the announcements of reached points, of one policy document if asked, by id.
///
/// # Errors
/// The database's own.
pub fn announcements(
    conn: &mut Conn,
    reach: &Reach,
    policy_document: Option<Id>,
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<Notice>> {
    let mut query = notices::table
        .inner_join(service_points::table)
        .select(notices::all_columns)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .filter(notices::kind.eq(NoticeKind::Announcement))
        .order(notices::id)
        .limit(limit);
    if let Some(document) = policy_document {
        query = query.filter(notices::policy_document_id.eq(document));
    }
    if let Some(after) = after {
        query = query.filter(notices::id.gt(after));
    }
    query.load(conn)
}

/// The points within reach that have been reminded of a month's report on a day.
///
/// # Errors
/// The database's own.
pub fn chased(conn: &mut Conn, reach: &Reach, month: Month, on: Day) -> QueryResult<Vec<Id>> {
    notices::table
        .inner_join(service_points::table)
        .select(notices::service_point_id)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .filter(notices::kind.eq(NoticeKind::Chase))
        .filter(notices::period.eq(month))
        .filter(notices::chased_on.eq(on))
        .load(conn)
}

/// So many rows go into one statement.
const ROWS_AT_ONCE: usize = 100;

/// Puts new notices in place; how many were not there.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, rows: &[Notice]) -> QueryResult<usize> {
    let mut new = 0;
    for rows in rows.chunks(ROWS_AT_ONCE) {
        new += both!(&mut *conn, c => diesel::insert_into(notices::table).values(rows).on_conflict_do_nothing().execute(c))?;
    }
    Ok(new)
}

/// Notes that an account has read a notice for a point; whether that is new.
///
/// # Errors
/// The database's own.
pub fn mark_read(conn: &mut Conn, account: Id, notice: Id, point: Id, at: Instant) -> QueryResult<bool> {
    let row = (
        notice_reads::account_id.eq(account),
        notice_reads::notice_id.eq(notice),
        notice_reads::service_point_id.eq(point),
        notice_reads::read_at.eq(at),
    );
    let new =
        both!(conn, c => diesel::insert_into(notice_reads::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(new > 0)
}
