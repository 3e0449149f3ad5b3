//! Which households and villages may stand behind a figure. What each adds to it is [`crate::domain::roll_up`]'s business.

use diesel::{ExpressionMethods as _, JoinOnDsl as _, NullableExpressionMethods as _, QueryDsl as _, RunQueryDsl as _};

use super::{
    Conn, MultiBackend, QueryResult,
    presence::Sort,
    schema::{household_members, household_spans, households, presence, register_items, service_points},
    scope::within,
    service_points::ServicePoint,
};
use crate::domain::{
    Day, Id,
    access::Reach,
    codes::{RegisterKind, Tier},
};

/// What must be true of a household that counts at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts<'a> {
    /// Nothing.
    Always,
    /// It was registered on one of these days.
    Registered(Day, Day),
    /// It was given assistance of this kind, or of any (`""`), in the months with these keys.
    Reached(&'a str, (i32, i32)),
    /// A store or an organisation has ever lifted it.
    Lifted,
}

/// Households that were ever at home at a point within reach, in the order of their ids.
///
/// # Errors
/// The database's own.
pub fn households(
    conn: &mut Conn,
    reach: &Reach,
    counts: Counts<'_>,
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<Id>> {
    use household_spans::dsl;
    let mut query = household_spans::table
        .inner_join(service_points::table)
        .select(dsl::household_id)
        .distinct()
        .order(dsl::household_id)
        .limit(limit)
        .into_boxed::<MultiBackend>()
        .filter(within(reach));
    if let Some(after) = after {
        query = query.filter(dsl::household_id.gt(after));
    }
    match counts {
        Counts::Always => {}
        Counts::Registered(first, last) => {
            let registered =
                households::table.filter(households::registered_on.between(first, last)).select(households::id);
            query = query.filter(dsl::household_id.eq_any(registered));
        }
        Counts::Lifted => {
            let links = register_items::table.filter(register_items::register.eq(RegisterKind::BenefitLink));
            query = query.filter(dsl::household_id.nullable().eq_any(links.select(register_items::household_id)));
        }
        Counts::Reached(kind, (first, last)) => {
            let reached = presence::table
                .filter(presence::kind.eq(kind.to_owned()))
                .filter(presence::period.between(first, last))
                .filter(presence::n.gt(0))
                .select(presence::subject_id);
            query = query.filter(dsl::household_id.eq_any(reached));
        }
    }
    query.load(conn)
}

/// Village points within reach, in the order of their ids.
///
/// # Errors
/// The database's own.
pub fn villages(conn: &mut Conn, reach: &Reach, after: Option<Id>, limit: i64) -> QueryResult<Vec<ServicePoint>> {
    let mut query = service_points::table
        .filter(service_points::tier.eq(Tier::Village))
        .order(service_points::id)
        .limit(limit)
        .into_boxed::<MultiBackend>()
        .filter(within(reach));
    if let Some(after) = after {
        query = query.filter(service_points::id.gt(after));
    }
    query.load(conn)
}

/// The ids of the points within reach.
///
/// # Errors
/// The database's own.
pub fn points(conn: &mut Conn, reach: &Reach) -> QueryResult<Vec<Id>> {
    service_points::table.select(service_points::id).into_boxed::<MultiBackend>().filter(within(reach)).load(conn)
}

/// Persons who have ever been trained and whose household was ever at home at a point within reach, in the order of their ids, with
/// their households.
///
/// # Errors
/// The database's own.
pub fn trainees(conn: &mut Conn, reach: &Reach, after: Option<Id>, limit: i64) -> QueryResult<Vec<(Id, Id)>> {
    let trained = presence::table.filter(presence::kind.eq(Sort::Person.any())).filter(presence::n.gt(0));
    let mut query = household_members::table
        .inner_join(household_spans::table.on(household_spans::household_id.eq(household_members::household_id)))
        .inner_join(service_points::table.on(service_points::id.eq(household_spans::service_point_id)))
        .filter(household_members::id.eq_any(trained.select(presence::subject_id)))
        .select((household_members::id, household_members::household_id))
        .distinct()
        .order(household_members::id)
        .limit(limit)
        .into_boxed::<MultiBackend>()
        .filter(within(reach));
    if let Some(after) = after {
        query = query.filter(household_members::id.gt(after));
    }
    query.load(conn)
}
