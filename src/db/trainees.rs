//! Persons who were trained, and the stores that their households opened.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, JoinOnDsl as _, NullableExpressionMethods as _, QueryDsl as _,
    RunQueryDsl as _, prelude::Queryable,
};

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{household_members, household_spans, ledger_entries, service_points, stores},
    scope::within,
};
use crate::domain::{
    Day, Id, PointPath,
    access::Reach,
    codes::{Ledger, RecordState},
};

/// A person who was trained.
#[derive(Clone, Debug, PartialEq, Queryable)]
pub struct Trainee {
    /// The person.
    pub member_id: Id,
    /// The household.
    pub household_id: Id,
    /// The home of the household.
    pub home: Id,
    /// Where it lies.
    pub path: PointPath,
    /// The type of the household.
    pub household_type: String,
    /// The first day of training in the period.
    pub first_day: Day,
}

/// The persons who attended on some days and whose household is at home within reach on another, each once, in the order of their
/// ids.
///
/// # Errors
/// The database's own.
pub fn of(conn: &mut Conn, reach: &Reach, (first, last): (Day, Day), at_home: Day) -> QueryResult<Vec<Trainee>> {
    let until = household_spans::valid_to;
    let mut rows: Vec<Trainee> = ledger_entries::table
        .inner_join(household_members::table.on(ledger_entries::member_id.eq(household_members::id.nullable())))
        .inner_join(household_spans::table.on(household_spans::household_id.eq(household_members::household_id)))
        .inner_join(service_points::table.on(service_points::id.eq(household_spans::service_point_id)))
        .filter(ledger_entries::ledger.eq(Ledger::Attendance))
        .filter(ledger_entries::state.eq(RecordState::Active))
        .filter(ledger_entries::on_day.between(first, last))
        .filter(household_spans::valid_from.le(at_home))
        .filter(until.is_null().or(until.gt(at_home)))
        .select((
            household_members::id,
            household_members::household_id,
            household_spans::service_point_id,
            service_points::path,
            household_spans::household_type,
            ledger_entries::on_day,
        ))
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .order((household_members::id, ledger_entries::on_day))
        .load(conn)?;
    // Of several days of a person the first one counts.
    rows.dedup_by_key(|trainee| trainee.member_id);
    Ok(rows)
}

/// The households that opened a store on some days, and the days.
///
/// # Errors
/// The database's own.
pub fn stores_opened(conn: &mut Conn, (first, last): (Day, Day)) -> QueryResult<Vec<(Option<Id>, Day)>> {
    stores::table
        .filter(stores::household_id.is_not_null())
        .filter(stores::opened_on.between(first, last))
        .select((stores::household_id, stores::opened_on))
        .load(conn)
}
