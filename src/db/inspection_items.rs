//! What inspections have drawn.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    dsl::count_star,
    prelude::{Insertable, Queryable},
};
use serde::Serialize;

use super::{
    Conn, MultiBackend, QueryResult,
    assistance_records::AssistanceRecord,
    record_versions::RecordVersion,
    schema::{assistance_record_versions, assistance_records, inspection_items, service_points},
    scope::within,
};
use crate::domain::{
    Day, Id, Instant, PointPath,
    access::{Placed, Reach},
    audit::Audited,
    codes::InspectionItemState,
};

/// A drawn record. It belongs to the point that gave.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Serialize)]
#[diesel(table_name = inspection_items, treat_none_as_default_value = false)]
pub struct Item {
    /// The item.
    pub id: Id,
    /// Of which inspection.
    pub inspection_id: Id,
    /// Its place in the sample, from 1.
    pub number: i64,
    /// By which point the record was given.
    pub service_point_id: Id,
    /// The stratum that it was drawn from.
    pub stratum_id: Id,
    /// Its weight in the frame.
    pub weight: i64,
    /// The record.
    pub record_id: Id,
    /// Its version in the frame.
    pub record_version: i64,
    /// To whom it was given.
    pub household_id: Id,
    /// Of which kind, in that version.
    pub kind: String,
    /// On which day.
    pub given_on: Day,
    /// How much.
    pub recorded_quantity: i64,
    /// What it was worth, in fen.
    pub recorded_amount_fen: Option<i64>,
    /// What was found.
    pub state: InspectionItemState,
    /// How much was found, where it differs.
    pub found_quantity: Option<i64>,
    /// What it was found to be worth, where it differs.
    pub found_amount_fen: Option<i64>,
    /// What is to be known of the check.
    pub note: Option<String>,
    /// The account that noted the result.
    pub checked_by: Option<Id>,
    /// When.
    pub checked_at: Option<Instant>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was drawn.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Audited for Item {
    const TYPE: &'static str = "inspection_item";
    const PERSONAL: &'static [&'static str] = &["note"];

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

/// What a list of items is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// One inspection.
    pub inspection_id: Option<Id>,
    /// One state.
    pub state: Option<InspectionItemState>,
}

/// How many items of a stratum and weight are in a state.
pub type Count = (Id, i64, InspectionItemState, i64);

/// The item with this id, placed at the point that gave.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Item>>> {
    let row: Option<(Item, PointPath)> = inspection_items::table
        .inner_join(service_points::table)
        .filter(inspection_items::id.eq(id))
        .select((inspection_items::all_columns, service_points::path))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(item, path)| Placed::new(item, path)))
}

/// One page of the items whose records reached points gave, by inspection and number; `after` is the last one shown.
///
/// # Errors
/// The database's own.
pub fn page(conn: &mut Conn, reach: &Reach, filter: &Filter, after: Option<Id>, limit: i64) -> QueryResult<Vec<Item>> {
    use inspection_items::dsl;
    let mut query = inspection_items::table
        .inner_join(service_points::table)
        .select(inspection_items::all_columns)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        // Ids are made in the order of the numbers.
        .order(dsl::id)
        .limit(limit);
    if let Some(inspection_id) = filter.inspection_id {
        query = query.filter(dsl::inspection_id.eq(inspection_id));
    }
    if let Some(state) = filter.state {
        query = query.filter(dsl::state.eq(state));
    }
    if let Some(after) = after {
        query = query.filter(dsl::id.gt(after));
    }
    query.load(conn)
}

/// How many items of each stratum and weight are in each state.
///
/// # Errors
/// The database's own.
pub fn counts(conn: &mut Conn, inspection_id: Id) -> QueryResult<Vec<Count>> {
    use inspection_items::dsl;
    inspection_items::table
        .filter(dsl::inspection_id.eq(inspection_id))
        .group_by((dsl::stratum_id, dsl::weight, dsl::state))
        .select((dsl::stratum_id, dsl::weight, dsl::state, count_star()))
        .load(conn)
}

/// A record as one of its versions said, whatever it says now.
///
/// # Errors
/// The database's own; [`diesel::NotFound`] when there is no such version.
pub fn record_as_of(conn: &mut Conn, id: Id, version: i64) -> QueryResult<AssistanceRecord> {
    let record: AssistanceRecord = assistance_records::table.find(id).get_result(conn)?;
    if record.version == version {
        return Ok(record);
    }
    let old: RecordVersion = assistance_record_versions::table.find((id, version)).get_result(conn)?;
    Ok(AssistanceRecord {
        kind: old.kind,
        given_on: old.given_on,
        quantity: old.quantity,
        amount_fen: old.amount_fen,
        version,
        ..record
    })
}

/// Puts drawn items in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, items: &[Item]) -> QueryResult<()> {
    for items in items.chunks(500) {
        both!(conn, c => diesel::insert_into(inspection_items::table).values(items).execute(c))?;
    }
    Ok(())
}

/// Writes the result of an item.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, item: &Item) -> QueryResult<()> {
    use inspection_items::dsl;
    diesel::update(inspection_items::table.find(item.id))
        .set((
            dsl::state.eq(item.state),
            dsl::found_quantity.eq(item.found_quantity),
            dsl::found_amount_fen.eq(item.found_amount_fen),
            dsl::note.eq(&item.note),
            dsl::checked_by.eq(item.checked_by),
            dsl::checked_at.eq(item.checked_at),
            dsl::version.eq(item.version),
            dsl::updated_at.eq(item.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}
