//! What frames are made of, and the packed lines of those that were made.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{assistance_records, inspection_frames, service_points},
    scope::within,
};
use crate::domain::{Day, Id, Instant, PointPath, access::Reach, codes::RecordState};

/// A counted record, as a frame sees it.
#[derive(Clone, Debug, PartialEq, Queryable)]
pub struct Candidate {
    /// The record.
    pub id: Id,
    /// By which point.
    pub service_point_id: Id,
    /// On which day it was given.
    pub given_on: Day,
    /// What it was worth, in fen.
    pub amount_fen: Option<i64>,
    /// Its version.
    pub version: i64,
    /// When it was logged.
    pub created_at: Instant,
}

/// The counted records that reached points gave in a window of days, of some kinds or, when none are named, of all.
///
/// # Errors
/// The database's own.
pub fn candidates(
    conn: &mut Conn,
    reach: &Reach,
    (from, to): (Day, Day),
    kinds: &[String],
) -> QueryResult<Vec<Candidate>> {
    use assistance_records::dsl;
    let mut query = assistance_records::table
        .inner_join(service_points::table)
        .select((dsl::id, dsl::service_point_id, dsl::given_on, dsl::amount_fen, dsl::version, dsl::created_at))
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .filter(dsl::given_on.between(from, to))
        .filter(dsl::state.eq(RecordState::Active));
    if !kinds.is_empty() {
        query = query.filter(dsl::kind.eq_any(kinds.to_vec()));
    }
    query.load(conn)
}

/// A point and those below it: their ids and paths.
///
/// # Errors
/// The database's own.
pub fn points(conn: &mut Conn, top: &PointPath) -> QueryResult<Vec<(Id, PointPath)>> {
    service_points::table
        .filter(
            service_points::path.ge(top).and(service_points::path.lt(PointPath::from_stored(top.descendants_end()))),
        )
        .select((service_points::id, service_points::path))
        .load(conn)
}

/// A packed part of a frame.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = inspection_frames)]
pub struct FramePart {
    /// Of which inspection.
    pub inspection_id: Id,
    /// Which one, from 1.
    pub part: i64,
    /// The lines, as [`crate::domain::sampling`] packs them.
    pub lines: Vec<u8>,
}

/// Puts the parts of a frame in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, parts: &[FramePart]) -> QueryResult<()> {
    for part in parts {
        diesel::insert_into(inspection_frames::table).values(part).execute(conn)?;
    }
    Ok(())
}

/// One part of a frame.
///
/// # Errors
/// The database's own.
pub fn part(conn: &mut Conn, inspection_id: Id, part: i64) -> QueryResult<Option<Vec<u8>>> {
    inspection_frames::table.find((inspection_id, part)).select(inspection_frames::lines).get_result(conn).optional()
}

/// Every part of a frame in their order.
///
/// # Errors
/// The database's own.
pub fn parts(conn: &mut Conn, inspection_id: Id) -> QueryResult<Vec<Vec<u8>>> {
    inspection_frames::table
        .filter(inspection_frames::inspection_id.eq(inspection_id))
        .order(inspection_frames::part)
        .select(inspection_frames::lines)
        .load(conn)
}
