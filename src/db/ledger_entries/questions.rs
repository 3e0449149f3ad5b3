//! What is asked about entries before something is decided.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, NullableExpressionMethods as _, OptionalExtension as _,
    QueryDsl as _, RunQueryDsl as _,
};

use super::LedgerEntry;
use crate::{
    db::{
        Conn, MultiBackend, QueryResult,
        schema::{household_members, ledger_entries},
    },
    domain::{
        Day, Id,
        codes::{Ledger, RecordState},
    },
};

/// Of the counted entries of a store: the first day by which one of them ends, and the last on which one begins.
///
/// # Errors
/// The database's own.
pub fn first_end_and_last_begin(conn: &mut Conn, store_id: Id) -> QueryResult<Option<(Day, Day)>> {
    use ledger_entries::dsl;
    let of_store = || dsl::ledger_entries.filter(dsl::store_id.eq(store_id)).filter(dsl::state.eq(RecordState::Active));
    let mut first = |whole_month: bool| -> QueryResult<Option<Day>> {
        let query = of_store().filter(dsl::whole_month.eq(whole_month)).order(dsl::on_day.asc()).select(dsl::on_day);
        query.first(&mut *conn).optional()
    };
    let of_days = first(false)?;
    let of_months = first(true)?.map(|day| day.month().last_day());
    let last: Option<Day> = of_store().order(dsl::on_day.desc()).select(dsl::on_day).first(conn).optional()?;
    Ok(of_days.into_iter().chain(of_months).min().zip(last))
}

/// The last day of which a point has an entry that counts.
///
/// # Errors
/// The database's own.
pub fn last_day(conn: &mut Conn, service_point_id: Id) -> QueryResult<Option<Day>> {
    use ledger_entries::dsl;
    dsl::ledger_entries
        .filter(dsl::service_point_id.eq(service_point_id))
        .filter(dsl::state.eq(RecordState::Active))
        .order(dsl::on_day.desc())
        .select(dsl::on_day)
        .first(conn)
        .optional()
}

/// The attendances of some persons and the livestreams that they hosted, by day.
///
/// # Errors
/// The database's own.
pub fn of_members(conn: &mut Conn, members: &[Id]) -> QueryResult<Vec<LedgerEntry>> {
    use ledger_entries::dsl;
    dsl::ledger_entries.filter(dsl::member_id.eq_any(members.to_vec())).order((dsl::on_day, dsl::id)).load(conn)
}

/// The last day on which a member of a household attended something that still counts.
///
/// # Errors
/// The database's own.
pub fn last_attendance(conn: &mut Conn, household_id: Id) -> QueryResult<Option<Day>> {
    use ledger_entries::dsl;
    let members = household_members::table
        .filter(household_members::household_id.eq(household_id))
        .select(household_members::id.nullable());
    dsl::ledger_entries
        .filter(dsl::member_id.eq_any(members))
        .filter(dsl::ledger.eq(Ledger::Attendance))
        .filter(dsl::state.eq(RecordState::Active))
        .order(dsl::on_day.desc())
        .select(dsl::on_day)
        .first(conn)
        .optional()
}

/// Whether a counted sale of a campaign lies outside of these days.
///
/// # Errors
/// The database's own.
pub fn is_sold_outside(conn: &mut Conn, campaign_id: Id, (first, last): (Day, Day)) -> QueryResult<bool> {
    use ledger_entries::dsl;
    // A whole month lies within when its last day does.
    let whole = if last == last.month().last_day() { last } else { last.month().first_day().minus_days(1) };
    let outside = dsl::on_day.lt(first).or(dsl::on_day.gt(last));
    let query = dsl::ledger_entries
        .filter(dsl::campaign_id.eq(campaign_id))
        .filter(dsl::state.eq(RecordState::Active))
        .filter(outside.or(dsl::whole_month.eq(true).and(dsl::on_day.gt(whole))))
        .select(dsl::id);
    Ok(query.first::<Id>(conn).optional()?.is_some())
}

/// Whether a counted attendance names a training session; and, if asked, this very person.
///
/// # Errors
/// The database's own.
pub fn is_attended(conn: &mut Conn, session_id: Id, member: Option<(Id, Id)>) -> QueryResult<bool> {
    use ledger_entries::dsl;
    let mut query = dsl::ledger_entries
        .filter(dsl::session_id.eq(session_id))
        .filter(dsl::state.eq(RecordState::Active))
        .select(dsl::id)
        .into_boxed::<MultiBackend>();
    if let Some((member, but)) = member {
        query = query.filter(dsl::member_id.eq(member)).filter(dsl::id.ne(but));
    }
    Ok(query.first::<Id>(conn).optional()?.is_some())
}
