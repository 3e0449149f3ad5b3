//! What a report is made of: the records and households of a point in a month, and the points just below it.

use std::collections::BTreeMap;

use diesel::{BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _, dsl::count_star};

use crate::{
    db::{
        Conn, QueryResult,
        ledger_entries::{self, LedgerEntry},
        register_items::{self, RegisterItem},
        schema::{
            assistance_records, household_members, household_spans, households, service_point_parents, service_points,
        },
        service_points::{ParentSpan, ServicePoint},
        stores::{self, Store},
    },
    domain::{
        Day, Id, Month,
        codes::{HouseholdStatus, RecordState},
        reports::{EntryFacts, HouseholdFacts, ItemFacts, RecordFacts, StoreFacts},
    },
};

type RecordRow = (Id, Id, Option<Id>, String, Option<String>, Day, i64, Option<String>, Option<i64>, RecordState);

/// The records that a point gave in a month, voided ones too, by id.
///
/// # Errors
/// The database's own.
pub fn record_facts(conn: &mut Conn, point: Id, month: Month) -> QueryResult<Vec<RecordFacts>> {
    use assistance_records::dsl;
    let rows: Vec<RecordRow> = dsl::assistance_records
        .filter(dsl::service_point_id.eq(point))
        .filter(dsl::given_on.between(month.first_day(), month.last_day()))
        .order(dsl::id)
        .select((
            dsl::id,
            dsl::household_id,
            dsl::member_id,
            dsl::kind,
            dsl::subkind,
            dsl::given_on,
            dsl::quantity,
            dsl::unit,
            dsl::amount_fen,
            dsl::state,
        ))
        .load(conn)?;
    let facts =
        |(id, household_id, member_id, kind, subkind, given_on, quantity, unit, amount_fen, state): RecordRow| {
            RecordFacts { id, household_id, member_id, kind, subkind, given_on, quantity, unit, amount_fen, state }
        };
    Ok(rows.into_iter().map(facts).collect())
}

/// The entries of ledgers of a point in a month, voided ones too, by id.
///
/// # Errors
/// The database's own.
pub fn entry_facts(conn: &mut Conn, point: Id, month: Month) -> QueryResult<Vec<EntryFacts>> {
    let entries = ledger_entries::of_point(conn, point, (month.first_day(), month.last_day()))?;
    let facts = |entry: LedgerEntry| EntryFacts {
        id: entry.id,
        ledger: entry.ledger,
        days: entry.days(),
        whole_month: entry.whole_month,
        named: [
            entry.store_id,
            entry.platform_id,
            entry.product_id,
            entry.campaign_id,
            entry.partner_id,
            entry.session_id,
            entry.member_id,
        ],
        quantity: entry.quantity,
        amount_fen: entry.amount_fen,
        told: [entry.viewers, entry.minutes],
        state: entry.state,
        also: [entry.item_id, entry.project_id].into_iter().flatten().collect(),
        kind: entry.kind,
    };
    Ok(entries.into_iter().map(facts).collect())
}

/// The stores that were open at a point in a month, as of its end, by id.
///
/// # Errors
/// The database's own.
pub fn store_facts(conn: &mut Conn, point: Id, month: Month) -> QueryResult<Vec<StoreFacts>> {
    let last = month.last_day();
    let facts = |store: Store| StoreFacts {
        id: store.id,
        platform_id: store.platform_id,
        opened_on: store.opened_on,
        closed_on: store.closed_on.filter(|day| *day <= last),
    };
    Ok(stores::open_at(conn, point, (month.first_day(), last))?.into_iter().map(facts).collect())
}

/// What stood in registers at a point in a month, as of its end, by id: sites, coverages, infrastructure, memberships, links.
///
/// # Errors
/// The database's own.
pub fn item_facts(conn: &mut Conn, point: Id, month: Month) -> QueryResult<Vec<ItemFacts>> {
    let last = month.last_day();
    let facts = |item: RegisterItem| ItemFacts {
        id: item.id,
        register: item.register,
        kind: item.kind,
        named: [item.site_id, item.store_id, item.organisation_id, item.household_id, item.member_id],
        starts_on: item.starts_on,
        ends_on: item.ends_on.filter(|day| *day <= last),
    };
    Ok(register_items::standing(conn, point, (month.first_day(), last))?.into_iter().map(facts).collect())
}

/// The households that were at home at a point at a month's end.
///
/// # Errors
/// The database's own.
pub fn household_facts(conn: &mut Conn, point: Id, month: Month) -> QueryResult<Vec<HouseholdFacts>> {
    let last = month.last_day();
    let at_home = || {
        use household_spans::dsl;
        dsl::household_spans
            .filter(dsl::service_point_id.eq(point))
            .filter(dsl::valid_from.le(last))
            .filter(dsl::valid_to.is_null().or(dsl::valid_to.gt(last)))
    };
    let rows: Vec<(Id, String, HouseholdStatus, Day)> = at_home()
        .inner_join(households::table)
        .select((
            household_spans::household_id,
            household_spans::household_type,
            household_spans::status,
            households::registered_on,
        ))
        .load(conn)?;
    use household_members::dsl;
    let persons: Vec<(Id, i64)> = dsl::household_members
        .filter(dsl::household_id.eq_any(at_home().select(household_spans::household_id)))
        .filter(dsl::joined_on.le(last))
        .filter(dsl::left_on.is_null().or(dsl::left_on.gt(last)))
        .group_by(dsl::household_id)
        .select((dsl::household_id, count_star()))
        .load(conn)?;
    let persons: BTreeMap<Id, i64> = persons.into_iter().collect();
    let facts = |(id, household_type, status, registered_on)| {
        let active = status == HouseholdStatus::Active;
        let persons = if active { persons.get(&id).copied().unwrap_or_default() } else { 0 };
        HouseholdFacts { id, home: point, household_type, status, registered_on, persons }
    };
    Ok(rows.into_iter().map(facts).collect())
}

/// Every point that has ever hung just under this one, in the order of the tree.
///
/// # Errors
/// The database's own.
pub fn children_ever(conn: &mut Conn, parent: Id) -> QueryResult<Vec<ServicePoint>> {
    let ids = service_point_parents::table
        .filter(service_point_parents::parent_id.eq(parent))
        .select(service_point_parents::service_point_id);
    service_points::table.filter(service_points::id.eq_any(ids)).order(service_points::path).load(conn)
}

/// The dated parents of every point that has ever hung just under this one, in their order.
///
/// # Errors
/// The database's own.
pub fn parents_of(conn: &mut Conn, parent: Id) -> QueryResult<Vec<ParentSpan>> {
    let ids: Vec<Id> = service_point_parents::table
        .filter(service_point_parents::parent_id.eq(parent))
        .select(service_point_parents::service_point_id)
        .load(conn)?;
    service_point_parents::table
        .filter(service_point_parents::service_point_id.eq_any(ids))
        .order((service_point_parents::service_point_id, service_point_parents::valid_from))
        .load(conn)
}
