//! Lists of households.

use diesel::{BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _};

use super::Household;
use crate::{
    db::{
        Conn, MultiBackend, QueryResult,
        schema::{household_member_keys, household_members, households, service_points},
        scope::{within, within_from},
    },
    domain::{Id, PointPath, access::Reach, codes::HouseholdStatus, search_keys},
};

/// What a list of households may be narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Members' names, pinyin or initials that begin so, already normalised.
    pub prefix: Option<String>,
    /// The last four digits of its telephone number, or of a member's.
    pub phone_tail: Option<String>,
    /// The number under which another system knows it.
    pub external_number: Option<String>,
    /// One type.
    pub household_type: Option<String>,
    /// One monitoring category.
    pub monitoring_category: Option<String>,
    /// With a member who has a disability of this category.
    pub disability: Option<String>,
    /// One state.
    pub status: Option<HouseholdStatus>,
}

/// Where a page of households ended: the path of the last one's home, and its id.
pub type PageKey = (PointPath, Id);

/// The condition of a filter on a boxed query.
macro_rules! narrowed {
    ($query:expr, $filter:expr) => {{
        let (mut query, filter): (_, &Filter) = ($query, $filter);
        if let Some(prefix) = &filter.prefix {
            let found = household_member_keys::table
                .filter(household_member_keys::key.ge(prefix.clone()))
                .filter(household_member_keys::key.lt(search_keys::prefix_end(prefix)))
                .select(household_member_keys::household_id);
            query = query.filter(households::id.eq_any(found));
        }
        if let Some(tail) = &filter.phone_tail {
            let members = household_members::table
                .filter(household_members::phone_tail.eq(tail.clone()))
                .filter(household_members::present.eq(true))
                .select(household_members::household_id);
            query = query.filter(households::phone_tail.eq(tail.clone()).or(households::id.eq_any(members)));
        }
        if let Some(category) = &filter.disability {
            let members = household_members::table
                .filter(household_members::disability_category.eq(category.clone()))
                .filter(household_members::present.eq(true))
                .select(household_members::household_id);
            query = query.filter(households::id.eq_any(members));
        }
        if let Some(number) = &filter.external_number {
            query = query.filter(households::external_number.eq(number.clone()));
        }
        if let Some(code) = &filter.household_type {
            query = query.filter(households::household_type.eq(code.clone()));
        }
        if let Some(code) = &filter.monitoring_category {
            query = query.filter(households::monitoring_category.eq(code.clone()));
        }
        if let Some(status) = filter.status {
            query = query.filter(households::status.eq(status));
        }
        query
    }};
}

/// One page of the households whose homes are reached, in the order of the tree and then by id.
///
/// # Errors
/// The database's own.
pub fn page(
    conn: &mut Conn,
    reach: &Reach,
    filter: &Filter,
    after: Option<&PageKey>,
    limit: i64,
) -> QueryResult<Vec<(Household, PointPath)>> {
    let query = households::table
        .inner_join(service_points::table)
        .select((households::all_columns, service_points::path))
        .into_boxed::<MultiBackend>()
        .filter(within_from(reach, after.map(|(path, _)| path)))
        .order((service_points::path, households::id))
        .limit(limit);
    let mut query = narrowed!(query, filter);
    if let Some((path, id)) = after {
        // As an OR and not as a row value: the index range then begins at the path (docs/architecture.md).
        query = query.filter(service_points::path.gt(path.clone()).or(households::id.gt(*id)));
    }
    query.load(conn)
}

/// How many households a list has in all.
///
/// # Errors
/// The database's own.
pub fn count(conn: &mut Conn, reach: &Reach, filter: &Filter) -> QueryResult<i64> {
    let query = households::table.inner_join(service_points::table).into_boxed::<MultiBackend>().filter(within(reach));
    narrowed!(query, filter).count().get_result(conn)
}
