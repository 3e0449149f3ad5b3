//! Registers: logistics sites, the villages that they cover, what villages are equipped with, members of organisations, households
//! that are lifted. Each row stands from one day to another.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, NullableExpressionMethods as _, OptionalExtension as _,
    QueryDsl as _, RunQueryDsl as _,
    prelude::{AsChangeset, Queryable},
    sql_types::{BigInt, Binary, Date, Nullable, Text, Timestamp},
};
use serde::Serialize;

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{household_members, register_items, service_points},
    scope::within,
    types::Uid,
    upsert::{self, added},
};
use crate::domain::{
    Day, Id, Instant, PointPath,
    access::{Placed, Reach},
    audit::Audited,
    codes::RegisterKind,
    roll_up::{Dated, Standing, united},
};

/// An item of a register. Which of its fields mean something depends on the register.
#[derive(Clone, Debug, PartialEq, Queryable, AsChangeset, Serialize)]
#[diesel(table_name = register_items, treat_none_as_null = true)]
pub struct RegisterItem {
    /// The item.
    pub id: Id,
    /// Of which register.
    pub register: RegisterKind,
    /// The point in whose figures it counts: the village that is covered or equipped, else the one that looks after it.
    pub service_point_id: Id,
    /// A code of the register's own list; empty for a coverage.
    pub kind: String,
    /// What a site is called; where it is known from that a village is equipped.
    pub name: Option<String>,
    /// Who runs a site.
    pub partner_id: Option<Id>,
    /// The site that covers the village.
    pub site_id: Option<Id>,
    /// The store that lifts the household.
    pub store_id: Option<Id>,
    /// The organisation that the person belongs to, or that lifts the household.
    pub organisation_id: Option<Id>,
    /// The household that is lifted.
    pub household_id: Option<Id>,
    /// The person who belongs to the organisation.
    pub member_id: Option<Id>,
    /// Its first day.
    pub starts_on: Day,
    /// Its last day.
    pub ends_on: Option<Day>,
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

impl RegisterItem {
    /// Its first day, and the first one on which it is no more.
    pub fn days(&self) -> (Day, Option<Day>) {
        (self.starts_on, self.ends_on.map(|last| last.plus_days(1)))
    }

    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Day) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|last| day <= last)
    }

    /// Whether it holds on one of these days.
    pub fn overlaps(&self, (first, last): (Day, Day)) -> bool {
        self.starts_on <= last && self.ends_on.is_none_or(|end| first <= end)
    }

    /// Where it counts by itself, and as what.
    pub fn spans(&self) -> Vec<Dated<Standing>> {
        let standing = |active| Standing { home: self.service_point_id, class: self.kind.clone(), active };
        united(vec![self.days()], standing)
    }
}

impl Audited for RegisterItem {
    const TYPE: &'static str = "register_item";
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

/// The item with this id, of whichever register, placed at its point.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<RegisterItem>>> {
    let query = register_items::table
        .inner_join(service_points::table)
        .filter(register_items::id.eq(id))
        .select((register_items::all_columns, service_points::path));
    let row: Option<(RegisterItem, PointPath)> = both!(conn, c => query.get_result(c).optional())?;
    Ok(row.map(|(item, path)| Placed::new(item, path)))
}

/// Locks an item: what hangs at it is written one after the other.
///
/// # Errors
/// The database's own.
pub fn lock(conn: &mut Conn, id: Id) -> QueryResult<()> {
    lock_row!(register_items, conn, id)
}

/// Shares an item: who edits it meanwhile waits.
///
/// # Errors
/// The database's own.
pub fn share(conn: &mut Conn, id: Id) -> QueryResult<()> {
    share_row!(register_items, conn, id)
}

/// What a list of items is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this kind.
    pub kind: Option<String>,
    /// Run by this partner.
    pub partner_id: Option<Id>,
    /// At this site.
    pub site_id: Option<Id>,
    /// Of this store.
    pub store_id: Option<Id>,
    /// Of this organisation.
    pub organisation_id: Option<Id>,
    /// Of this household.
    pub household_id: Option<Id>,
    /// Of this person.
    pub member_id: Option<Id>,
    /// In force on this day.
    pub on: Option<Day>,
}

/// One page of a register at reached points, by id.
///
/// # Errors
/// The database's own.
pub fn page(
    conn: &mut Conn,
    reach: &Reach,
    (register, filter): (RegisterKind, &Filter),
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<RegisterItem>> {
    use register_items::dsl;
    let mut query = register_items::table
        .inner_join(service_points::table)
        .select(register_items::all_columns)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .filter(dsl::register.eq(register))
        .order(dsl::id)
        .limit(limit);
    if let Some(kind) = filter.kind.clone() {
        query = query.filter(dsl::kind.eq(kind));
    }
    if let Some(partner) = filter.partner_id {
        query = query.filter(dsl::partner_id.eq(partner));
    }
    if let Some(site) = filter.site_id {
        query = query.filter(dsl::site_id.eq(site));
    }
    if let Some(store) = filter.store_id {
        query = query.filter(dsl::store_id.eq(store));
    }
    if let Some(organisation) = filter.organisation_id {
        query = query.filter(dsl::organisation_id.eq(organisation));
    }
    if let Some(household) = filter.household_id {
        query = query.filter(dsl::household_id.eq(household));
    }
    if let Some(member) = filter.member_id {
        query = query.filter(dsl::member_id.eq(member));
    }
    if let Some(day) = filter.on {
        query = query.filter(dsl::starts_on.le(day)).filter(dsl::ends_on.is_null().or(dsl::ends_on.ge(day)));
    }
    if let Some(after) = after {
        query = query.filter(dsl::id.gt(after));
    }
    query.load(conn)
}

/// The items of a register at a point, by id.
///
/// # Errors
/// The database's own.
pub fn at_point(conn: &mut Conn, register: RegisterKind, point: Id) -> QueryResult<Vec<RegisterItem>> {
    use register_items::dsl;
    let query =
        dsl::register_items.filter(dsl::service_point_id.eq(point)).filter(dsl::register.eq(register)).order(dsl::id);
    both!(conn, c => query.load(c))
}

/// Everything that stood in registers at a point on one of these days, by id.
///
/// # Errors
/// The database's own.
pub fn standing(conn: &mut Conn, point: Id, (first, last): (Day, Day)) -> QueryResult<Vec<RegisterItem>> {
    use register_items::dsl;
    dsl::register_items
        .filter(dsl::service_point_id.eq(point))
        .filter(dsl::starts_on.le(last))
        .filter(dsl::ends_on.is_null().or(dsl::ends_on.ge(first)))
        .order(dsl::id)
        .load(conn)
}

/// The coverages of a site, by id.
///
/// # Errors
/// The database's own.
pub fn of_site(conn: &mut Conn, site: Id) -> QueryResult<Vec<RegisterItem>> {
    use register_items::dsl;
    dsl::register_items.filter(dsl::site_id.eq(site)).order(dsl::id).load(conn)
}

/// The links by which a household is lifted, by id.
///
/// # Errors
/// The database's own.
pub fn of_household(conn: &mut Conn, household: Id) -> QueryResult<Vec<RegisterItem>> {
    use register_items::dsl;
    let query = dsl::register_items.filter(dsl::household_id.eq(household)).order(dsl::id);
    both!(conn, c => query.load(c))
}

/// What a household and its members stand in registers with: the links by which it is lifted, memberships; by id.
///
/// # Errors
/// The database's own.
pub fn about_household(conn: &mut Conn, household: Id) -> QueryResult<Vec<RegisterItem>> {
    use register_items::dsl;
    let members = household_members::table
        .filter(household_members::household_id.eq(household))
        .select(household_members::id.nullable());
    dsl::register_items
        .filter(dsl::household_id.eq(household).or(dsl::member_id.eq_any(members)))
        .order(dsl::id)
        .load(conn)
}

/// The memberships of a person in an organisation.
///
/// # Errors
/// The database's own.
pub fn memberships(conn: &mut Conn, organisation: Id, member: Id) -> QueryResult<Vec<RegisterItem>> {
    use register_items::dsl;
    dsl::register_items
        .filter(dsl::member_id.eq(member))
        .filter(dsl::organisation_id.eq(organisation))
        .order(dsl::id)
        .load(conn)
}

/// Whether something that a store or an organisation stands in a register with begins before its first day, or lasts longer than its
/// last one.
///
/// # Errors
/// The database's own.
pub fn lies_outside(conn: &mut Conn, owner: Id, (first, last): (Option<Day>, Option<Day>)) -> QueryResult<bool> {
    use register_items::dsl;
    let of_owner =
        || dsl::register_items.filter(dsl::store_id.eq(owner).or(dsl::organisation_id.eq(owner))).select(dsl::id);
    if let Some(first) = first
        && of_owner().filter(dsl::starts_on.lt(first)).first::<Id>(conn).optional()?.is_some()
    {
        return Ok(true);
    }
    let Some(last) = last else { return Ok(false) };
    let query = of_owner().filter(dsl::ends_on.is_null().or(dsl::ends_on.gt(last)));
    Ok(query.first::<Id>(conn).optional()?.is_some())
}

/// The items of a register after an id, in the order of their ids, for recounts.
///
/// # Errors
/// The database's own.
pub fn after(conn: &mut Conn, register: RegisterKind, after: Option<Id>, limit: i64) -> QueryResult<Vec<RegisterItem>> {
    use register_items::dsl;
    let mut query =
        dsl::register_items.filter(dsl::register.eq(register)).order(dsl::id).limit(limit).into_boxed::<MultiBackend>();
    if let Some(after) = after {
        query = query.filter(dsl::id.gt(after));
    }
    query.load(conn)
}

/// Puts a new item in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, item: &RegisterItem) -> QueryResult<()> {
    upsert::add(conn, std::slice::from_ref(item))
}

added! {
    register_items of RegisterItem {
        id: Uid,
        register: Text,
        service_point_id: Uid,
        kind: Text,
        name: Nullable<Text>,
        partner_id: Nullable<Uid>,
        site_id: Nullable<Uid>,
        store_id: Nullable<Uid>,
        organisation_id: Nullable<Uid>,
        household_id: Nullable<Uid>,
        member_id: Nullable<Uid>,
        starts_on: Date,
        ends_on: Nullable<Date>,
        version: BigInt,
        created_by: Uid,
        request_digest: Binary,
        created_at: Timestamp,
        updated_at: Timestamp,
    }
}

/// Writes an item's fields.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, item: &RegisterItem) -> QueryResult<()> {
    diesel::update(register_items::table.find(item.id)).set(item).execute(conn)?;
    Ok(())
}
