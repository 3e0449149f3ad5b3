//! What changed at a point since a place in the chain of audit events.
//!
//! The chain is the one order of everything that was committed: a place in it is told only after all places before it. Moments are
//! no such order, because whoever commits late has an early one.

use std::collections::BTreeMap;

use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _};

use super::{
    Conn, QueryResult,
    assistance_records::AssistanceRecord,
    household_members::MemberAt,
    households::Household,
    schema::{assistance_records, audit_events, audit_seals, household_members, households},
};
use crate::domain::{Day, Id, audit::Audited as _};

/// What a changed object is, as events name it.
pub const HOUSEHOLD: &str = Household::TYPE;
/// See [`HOUSEHOLD`].
pub const MEMBER: &str = MemberAt::TYPE;
/// See [`HOUSEHOLD`].
pub const RECORD: &str = AssistanceRecord::TYPE;

/// The objects of a point that were changed after a place, the type and the id of each, with the places of the changes.
///
/// # Errors
/// The database's own.
pub fn after(conn: &mut Conn, point: Id, seq: i64, limit: i64) -> QueryResult<Vec<(i64, String, Id)>> {
    audit_events::table
        .inner_join(audit_seals::table)
        .filter(audit_events::service_point_id.eq(point))
        .filter(audit_events::object_type.eq_any([HOUSEHOLD, MEMBER, RECORD]))
        .filter(audit_seals::seq.gt(seq))
        .order(audit_seals::seq)
        .limit(limit)
        .select((audit_seals::seq, audit_events::object_type, audit_events::object_id))
        .load(conn)
}

/// The households of some members.
///
/// # Errors
/// The database's own.
pub fn households_of(conn: &mut Conn, members: &[Id]) -> QueryResult<Vec<Id>> {
    household_members::table
        .filter(household_members::id.eq_any(members.to_vec()))
        .select(household_members::household_id)
        .load(conn)
}

/// Some households, wherever their homes are.
///
/// # Errors
/// The database's own.
pub fn households(conn: &mut Conn, ids: &[Id]) -> QueryResult<Vec<Household>> {
    households::table.filter(households::id.eq_any(ids.to_vec())).load(conn)
}

/// Some records.
///
/// # Errors
/// The database's own.
pub fn records(conn: &mut Conn, ids: &[Id]) -> QueryResult<Vec<AssistanceRecord>> {
    assistance_records::table.filter(assistance_records::id.eq_any(ids.to_vec())).load(conn)
}

/// A page of the households whose home is a point, in the order of their ids.
///
/// # Errors
/// The database's own.
pub fn homes(conn: &mut Conn, point: Id, after: Option<Id>, limit: i64) -> QueryResult<Vec<Household>> {
    let mut query = households::table.filter(households::service_point_id.eq(point)).into_boxed();
    if let Some(after) = after {
        query = query.filter(households::id.gt(after));
    }
    query.order(households::id).limit(limit).load(conn)
}

/// A page of the records that a point gave since a day, the first one first.
///
/// # Errors
/// The database's own.
pub fn given(
    conn: &mut Conn,
    point: Id,
    from: Day,
    after: Option<(Day, Id)>,
    limit: i64,
) -> QueryResult<Vec<AssistanceRecord>> {
    use diesel::BoolExpressionMethods as _;
    let since = after.map_or(from, |(day, _)| day);
    let mut query = assistance_records::table
        .filter(assistance_records::service_point_id.eq(point))
        .filter(assistance_records::given_on.ge(since))
        .into_boxed();
    if let Some((day, id)) = after {
        query = query.filter(assistance_records::given_on.gt(day).or(assistance_records::id.gt(id)));
    }
    query.order((assistance_records::given_on, assistance_records::id)).limit(limit).load(conn)
}

/// The last four digits of the telephone numbers of the present members, by household.
///
/// # Errors
/// The database's own.
pub fn phone_tails(conn: &mut Conn, of: &[Id]) -> QueryResult<BTreeMap<Id, Vec<String>>> {
    let rows: Vec<(Id, Option<String>)> = household_members::table
        .filter(household_members::household_id.eq_any(of.to_vec()))
        .filter(household_members::present.eq(true))
        .filter(household_members::phone_tail.is_not_null())
        .order(household_members::id)
        .select((household_members::household_id, household_members::phone_tail))
        .load(conn)?;
    let mut tails: BTreeMap<Id, Vec<String>> = BTreeMap::new();
    for (household, tail) in rows {
        tails.entry(household).or_default().extend(tail);
    }
    Ok(tails)
}
