//! What is asked about entries before something is decided.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, NullableExpressionMethods as _, OptionalExtension as _,
    QueryDsl as _, RunQueryDsl as _,
};

use super::LedgerEntry;
use crate::{
    db::{
        Conn, MultiBackend, QueryResult,
        schema::{household_members, ledger_entries, register_items},
    },
    domain::{
        Day, Id,
        codes::{Ledger, RecordState},
    },
};

/// What entries are entries of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A store.
    Store(Id),
    /// A logistics site, a membership or a benefit link.
    Item(Id),
    /// A project.
    Project(Id),
}

/// The counted entries of something.
fn counted_of(owner: Owner) -> ledger_entries::BoxedQuery<'static, MultiBackend> {
    use ledger_entries::dsl;
    let counted = dsl::ledger_entries.filter(dsl::state.eq(RecordState::Active)).into_boxed();
    match owner {
        Owner::Store(id) => counted.filter(dsl::store_id.eq(id)),
        Owner::Item(id) => counted.filter(dsl::item_id.eq(id)),
        Owner::Project(id) => counted.filter(dsl::project_id.eq(id)),
    }
}

/// Of the counted entries of something: the first day by which one of them ends, and the last on which one begins.
///
/// # Errors
/// The database's own.
pub fn first_end_and_last_begin(conn: &mut Conn, owner: Owner) -> QueryResult<Option<(Day, Day)>> {
    use ledger_entries::dsl;
    let mut first = |whole_month: bool| -> QueryResult<Option<Day>> {
        let query = counted_of(owner).filter(dsl::whole_month.eq(whole_month));
        query.order(dsl::on_day.asc()).select(dsl::on_day).first(&mut *conn).optional()
    };
    let of_days = first(false)?;
    let of_months = first(true)?.map(|day| day.month().last_day());
    let last: Option<Day> = counted_of(owner).order(dsl::on_day.desc()).select(dsl::on_day).first(conn).optional()?;
    Ok(of_days.into_iter().chain(of_months).min().zip(last))
}

/// Whether something has a counted entry of a kind and a day already, beside this one.
///
/// # Errors
/// The database's own.
pub fn is_logged(conn: &mut Conn, owner: Owner, (kind, day): (Option<&str>, Day), but: Id) -> QueryResult<bool> {
    use ledger_entries::dsl;
    let mut query = counted_of(owner).filter(dsl::on_day.eq(day)).filter(dsl::id.ne(but)).select(dsl::id);
    if let Some(kind) = kind {
        query = query.filter(dsl::kind.eq(kind.to_owned()));
    }
    Ok(query.first::<Id>(conn).optional()?.is_some())
}

/// What was paid for a project in all, in fen, beside one payment.
///
/// # Errors
/// The database's own.
pub fn paid(conn: &mut Conn, project: Id, but: Option<Id>) -> QueryResult<Vec<i64>> {
    use ledger_entries::dsl;
    let mut query = counted_of(Owner::Project(project)).select(dsl::amount_fen);
    if let Some(but) = but {
        query = query.filter(dsl::id.ne(but));
    }
    query.load(conn)
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

/// What entries tell of the members of a household: attendances, livestreams that they hosted, wages; and the benefits that the
/// household received; by day.
///
/// # Errors
/// The database's own.
pub fn of_household(conn: &mut Conn, household: Id) -> QueryResult<Vec<LedgerEntry>> {
    use ledger_entries::dsl;
    let members = household_members::table
        .filter(household_members::household_id.eq(household))
        .select(household_members::id.nullable());
    let links =
        register_items::table.filter(register_items::household_id.eq(household)).select(register_items::id.nullable());
    dsl::ledger_entries
        .filter(dsl::member_id.eq_any(members).or(dsl::item_id.eq_any(links)))
        .order((dsl::on_day, dsl::id))
        .load(conn)
}

/// The last day on which a member of a household attended something, or the household received a benefit, that still counts.
///
/// # Errors
/// The database's own.
pub fn last_of_household(conn: &mut Conn, household_id: Id) -> QueryResult<Option<Day>> {
    use ledger_entries::dsl;
    let members = household_members::table
        .filter(household_members::household_id.eq(household_id))
        .select(household_members::id.nullable());
    let links = register_items::table
        .filter(register_items::household_id.eq(household_id))
        .select(register_items::id.nullable());
    let attended = dsl::member_id.eq_any(members).and(dsl::ledger.eq(Ledger::Attendance));
    dsl::ledger_entries
        .filter(attended.or(dsl::item_id.eq_any(links)))
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
