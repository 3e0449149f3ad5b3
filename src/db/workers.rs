//! Members of organisations with disabilities, and what members earned: the rows of figures that are counted when they are asked.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, JoinOnDsl as _, NullableExpressionMethods as _, QueryDsl as _,
    RunQueryDsl as _, prelude::Queryable,
};

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{household_members, household_spans, ledger_entries, register_items, service_points},
};
use crate::domain::{
    Day, Id, PointPath,
    codes::{HouseholdStatus, Ledger, RecordState, RegisterKind},
};

/// A member of an organisation with a disability.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Disabled {
    /// The person.
    pub member_id: Id,
    /// The home of the household.
    pub home: Id,
    /// Where it lies.
    pub path: PointPath,
    /// What the person does in the organisation.
    pub role: String,
}

/// The members of organisations on a day who have a disability, by their homes of that day; once for each membership, in the order of
/// their ids. Of the disability the register of members knows no days, so it is the present one.
///
/// # Errors
/// The database's own.
pub fn disabled(conn: &mut Conn, day: Day) -> QueryResult<Vec<Disabled>> {
    let (until, left) = (household_spans::valid_to, household_members::left_on);
    register_items::table
        .inner_join(household_members::table.on(register_items::member_id.eq(household_members::id.nullable())))
        .inner_join(household_spans::table.on(household_spans::household_id.eq(household_members::household_id)))
        .inner_join(service_points::table.on(service_points::id.eq(household_spans::service_point_id)))
        .filter(register_items::register.eq(RegisterKind::Membership))
        .filter(register_items::starts_on.le(day))
        .filter(register_items::ends_on.is_null().or(register_items::ends_on.ge(day)))
        .filter(household_members::disability_category.is_not_null())
        .filter(household_members::joined_on.le(day))
        .filter(left.is_null().or(left.gt(day)))
        .filter(household_spans::valid_from.le(day))
        .filter(until.is_null().or(until.gt(day)))
        .filter(household_spans::status.eq(HouseholdStatus::Active))
        .select((household_members::id, household_spans::service_point_id, service_points::path, register_items::kind))
        .into_boxed::<MultiBackend>()
        .order((household_members::id, register_items::id))
        .load(conn)
}

/// A month's wage.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Wage {
    /// The entry.
    pub entry_id: Id,
    /// The person.
    pub member_id: Option<Id>,
    /// The point that looks after the organisation.
    pub service_point_id: Id,
    /// Where it lies.
    pub path: PointPath,
    /// The first day of the month.
    pub on_day: Day,
    /// What was earned, in fen.
    pub amount_fen: i64,
}

/// The wages of months that begin on these days and that count, by id.
///
/// # Errors
/// The database's own.
pub fn wages(conn: &mut Conn, (first, last): (Day, Day)) -> QueryResult<Vec<Wage>> {
    ledger_entries::table
        .inner_join(service_points::table)
        .filter(ledger_entries::ledger.eq(Ledger::Wage))
        .filter(ledger_entries::state.eq(RecordState::Active))
        .filter(ledger_entries::on_day.between(first, last))
        .select((
            ledger_entries::id,
            ledger_entries::member_id,
            ledger_entries::service_point_id,
            service_points::path,
            ledger_entries::on_day,
            ledger_entries::amount_fen,
        ))
        .order(ledger_entries::id)
        .load(conn)
}
