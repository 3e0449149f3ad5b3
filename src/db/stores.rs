//! Online stores.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{AsChangeset, Insertable, Queryable},
    sql_types::{BigInt, Binary, Date, Nullable, Text, Timestamp},
};
use serde::Serialize;

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{service_points, stores},
    scope::within,
    types::Uid,
    upsert::{self, added},
};
use crate::domain::{
    Day, Id, Instant, PointPath,
    access::{Placed, Reach},
    audit::Audited,
    roll_up::{Dated, Standing},
};

/// A store. Without a household and an organisation it belongs to the service point itself.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = stores, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Store {
    /// The store.
    pub id: Id,
    /// The point that looks after it, and in whose figures it counts.
    pub service_point_id: Id,
    /// The platform that it is on.
    pub platform_id: Id,
    /// The household that it belongs to.
    pub household_id: Option<Id>,
    /// The organisation that it belongs to.
    pub organisation_id: Option<Id>,
    /// What it is called.
    pub name: String,
    /// Where it is found.
    pub link: Option<String>,
    /// Its first day.
    pub opened_on: Day,
    /// Its last day.
    pub closed_on: Option<Day>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// The account that entered it.
    pub created_by: Id,
    /// The digest of the request that did.
    #[serde(skip)]
    pub request_digest: Vec<u8>,
    /// When it was entered.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Store {
    /// Where it counts, and as what.
    pub fn spans(&self) -> Vec<Dated<Standing>> {
        let class = self.platform_id.to_string();
        let open = Standing { home: self.service_point_id, class, active: true };
        let end = self.closed_on.map(|last| last.plus_days(1));
        let closed = end.map(|from| Dated { from, to: None, value: Standing { active: false, ..open.clone() } });
        [Dated { from: self.opened_on, to: end, value: open }].into_iter().chain(closed).collect()
    }

    /// Whether it was open on one of these days.
    pub fn was_open(&self, (first, last): (Day, Day)) -> bool {
        self.opened_on <= last && self.closed_on.is_none_or(|closed| first <= closed)
    }
}

impl Audited for Store {
    const TYPE: &'static str = "store";
    const PERSONAL: &'static [&'static str] = &[];

    fn id(&self) -> Id {
        self.id
    }

    fn service_point_id(&self) -> Id {
        self.service_point_id
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// The store with this id, placed at its point.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Store>>> {
    let query = stores::table
        .inner_join(service_points::table)
        .filter(stores::id.eq(id))
        .select((stores::all_columns, service_points::path));
    let row: Option<(Store, PointPath)> = both!(conn, c => query.get_result(c).optional())?;
    Ok(row.map(|(store, path)| Placed::new(store, path)))
}

/// Locks a store: its entries are written one after the other.
///
/// # Errors
/// The database's own.
pub fn lock(conn: &mut Conn, id: Id) -> QueryResult<()> {
    lock_row!(stores, conn, id)
}

/// What a list of stores is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// On this platform.
    pub platform_id: Option<Id>,
    /// Of this household.
    pub household_id: Option<Id>,
    /// Of this organisation.
    pub organisation_id: Option<Id>,
    /// Open on this day.
    pub open_on: Option<Day>,
}

/// One page of the stores of reached points, by id.
///
/// # Errors
/// The database's own.
pub fn page(conn: &mut Conn, reach: &Reach, filter: &Filter, after: Option<Id>, limit: i64) -> QueryResult<Vec<Store>> {
    let mut query = stores::table
        .inner_join(service_points::table)
        .select(stores::all_columns)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .order(stores::id)
        .limit(limit);
    if let Some(platform) = filter.platform_id {
        query = query.filter(stores::platform_id.eq(platform));
    }
    if let Some(household) = filter.household_id {
        query = query.filter(stores::household_id.eq(household));
    }
    if let Some(organisation) = filter.organisation_id {
        query = query.filter(stores::organisation_id.eq(organisation));
    }
    if let Some(day) = filter.open_on {
        let not_closed = stores::closed_on.is_null().or(stores::closed_on.ge(day));
        query = query.filter(stores::opened_on.le(day)).filter(not_closed);
    }
    if let Some(after) = after {
        query = query.filter(stores::id.gt(after));
    }
    query.load(conn)
}

/// The stores that a household has had, the first one first.
///
/// # Errors
/// The database's own.
pub fn of_household(conn: &mut Conn, household_id: Id) -> QueryResult<Vec<Store>> {
    stores::table.filter(stores::household_id.eq(household_id)).order((stores::opened_on, stores::id)).load(conn)
}

/// The stores that were open at a point on one of these days, by id.
///
/// # Errors
/// The database's own.
pub fn open_at(conn: &mut Conn, point: Id, (first, last): (Day, Day)) -> QueryResult<Vec<Store>> {
    stores::table
        .filter(stores::service_point_id.eq(point))
        .filter(stores::opened_on.le(last))
        .filter(stores::closed_on.is_null().or(stores::closed_on.ge(first)))
        .order(stores::id)
        .load(conn)
}

/// Every store after an id, in the order of their ids, for recounts.
///
/// # Errors
/// The database's own.
pub fn after(conn: &mut Conn, after: Option<Id>, limit: i64) -> QueryResult<Vec<Store>> {
    let mut query = stores::table.order(stores::id).limit(limit).into_boxed();
    if let Some(after) = after {
        query = query.filter(stores::id.gt(after));
    }
    query.load(conn)
}

/// Puts new stores in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, rows: &[Store]) -> QueryResult<()> {
    upsert::add(conn, rows)
}

added! {
    stores of Store {
        id: Uid,
        service_point_id: Uid,
        platform_id: Uid,
        household_id: Nullable<Uid>,
        organisation_id: Nullable<Uid>,
        name: Text,
        link: Nullable<Text>,
        opened_on: Date,
        closed_on: Nullable<Date>,
        version: BigInt,
        created_by: Uid,
        request_digest: Binary,
        created_at: Timestamp,
        updated_at: Timestamp,
    }
}

/// Writes a store's fields.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, store: &Store) -> QueryResult<()> {
    diesel::update(stores::table.find(store.id)).set(store).execute(conn)?;
    Ok(())
}
