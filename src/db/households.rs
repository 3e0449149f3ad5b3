//! Households.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};
use serde::Serialize;

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{households, service_points},
    scope::within,
};
use crate::domain::{
    Day, Id, Instant, PointPath,
    access::{Placed, Reach},
    audit::Audited,
    codes::HouseholdStatus,
};

/// A household and its home.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Serialize)]
#[diesel(table_name = households)]
pub struct Household {
    /// The household.
    pub id: Id,
    /// Its home.
    pub service_point_id: Id,
    /// The name of its head.
    pub head_name: String,
    /// Where it lives.
    pub address: String,
    /// A code of the list `household_type`.
    pub household_type: String,
    /// Whether it is still served.
    pub status: HouseholdStatus,
    /// The day of its registration.
    pub registered_on: Day,
    /// Counts the changes, from 1.
    pub version: i64,
    /// The account that registered it.
    pub created_by: Id,
    /// The digest of the request that registered it.
    #[serde(skip)]
    pub request_digest: Vec<u8>,
    /// When it was registered.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Audited for Household {
    const TYPE: &'static str = "household";
    const PERSONAL: &'static [&'static str] = &["head_name", "address"];

    fn id(&self) -> Id {
        self.id
    }

    fn service_point_id(&self) -> Id {
        self.service_point_id
    }
}

/// The household with this id, placed at its home.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Household>>> {
    let row: Option<(Household, PointPath)> = households::table
        .inner_join(service_points::table)
        .filter(households::id.eq(id))
        .select((households::all_columns, service_points::path))
        .first(conn)
        .optional()?;
    Ok(row.map(|(household, path)| Placed::new(household, path)))
}

/// Locks a household: the first lock of every write that concerns it.
///
/// # Errors
/// The database's own.
pub fn lock(conn: &mut Conn, id: Id) -> QueryResult<()> {
    lock_row!(households, conn, id)
}

/// Where a page of households ended: the path of the last one's home, and its id.
pub type PageKey = (PointPath, Id);

/// One page of the households whose homes are reached, in the order of the tree and then by id.
///
/// # Errors
/// The database's own.
pub fn page(
    conn: &mut Conn,
    reach: &Reach,
    after: Option<&PageKey>,
    limit: i64,
) -> QueryResult<Vec<(Household, PointPath)>> {
    let mut query = households::table
        .inner_join(service_points::table)
        .select((households::all_columns, service_points::path))
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .order((service_points::path, households::id))
        .limit(limit);
    if let Some((path, id)) = after {
        // As an OR and not as a row value: the index range then begins at the path (docs/architecture.md).
        query = query
            .filter(service_points::path.ge(path.clone()))
            .filter(service_points::path.gt(path.clone()).or(households::id.gt(*id)));
    }
    query.load(conn)
}

/// How many households have reached homes.
///
/// # Errors
/// The database's own.
pub fn count(conn: &mut Conn, reach: &Reach) -> QueryResult<i64> {
    households::table.inner_join(service_points::table).filter(within(reach)).count().get_result(conn)
}

/// Puts a new household in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, household: &Household) -> QueryResult<()> {
    diesel::insert_into(households::table).values(household).execute(conn)?;
    Ok(())
}

/// Writes a household's fields.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, household: &Household) -> QueryResult<()> {
    diesel::update(households::table.find(household.id))
        .set((
            households::head_name.eq(&household.head_name),
            households::address.eq(&household.address),
            households::household_type.eq(&household.household_type),
            households::version.eq(household.version),
            households::updated_at.eq(household.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}
