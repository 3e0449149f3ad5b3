//! Catalogues: partners and their agreements, platforms, products, campaigns, opening balances, policy documents, projects,
//! indicators.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    TextExpressionMethods as _,
    prelude::{AsChangeset, Insertable, Queryable},
};
use serde::Serialize;

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{catalogue_items, service_points},
    scope::within,
};
use crate::domain::{
    CodeSet, Day, Id, Instant, PointPath,
    access::{Placed, Reach},
    audit::Audited,
    codes::Catalogue,
};

/// An item of a catalogue. Which of its fields mean something depends on the catalogue.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = catalogue_items, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct CatalogueItem {
    /// The item.
    pub id: Id,
    /// Of which catalogue.
    pub catalogue: Catalogue,
    /// The county or the bureau that keeps it.
    pub service_point_id: Id,
    /// What it is called.
    pub name: String,
    /// A code of the catalogue's own list; the metric of an opening balance, or that an indicator stands beside.
    pub kind: Option<String>,
    /// The partner of an agreement, or who runs a platform.
    pub parent_id: Option<Id>,
    /// The region code of the county that a product comes from.
    pub place_code: Option<String>,
    /// The first day of an agreement, a campaign or a project; the first day that an opening balance does not stand for; the day on
    /// which a policy document was issued, or of which an indicator tells.
    pub starts_on: Option<Day>,
    /// The last day.
    pub ends_on: Option<Day>,
    /// An opening balance; a project's budget in fen; an indicator, in units of its last decimal.
    pub value: Option<i64>,
    /// The geographical indication of a product; a code of the list `partner_reach`; the number of a policy document; the unit of an
    /// indicator.
    pub mark: Option<String>,
    /// Whatever else is to be known; how an indicator is counted.
    pub note: Option<String>,
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
    /// Who issued a policy document, or published an indicator.
    pub source: Option<String>,
    /// How many of an indicator's digits stand behind the point.
    pub decimals: Option<i64>,
    /// The digest of a policy document's file.
    pub file_digest: Option<String>,
    /// The ids of the villages that a project is for.
    pub villages: Option<CodeSet>,
}

impl CatalogueItem {
    /// Whether the day lies between its first and its last.
    pub fn holds_on(&self, day: Day) -> bool {
        self.starts_on.is_none_or(|from| from <= day) && self.ends_on.is_none_or(|last| day <= last)
    }

    /// Whether the days of both have one in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        let begins_before = |one: &Self, other: &Self| match (one.starts_on, other.ends_on) {
            (Some(from), Some(last)) => from <= last,
            _ => true,
        };
        begins_before(self, other) && begins_before(other, self)
    }
}

impl Audited for CatalogueItem {
    const TYPE: &'static str = "catalogue_item";
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

/// The item with this id, of whichever catalogue, placed at its point.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<CatalogueItem>>> {
    let row: Option<(CatalogueItem, PointPath)> = catalogue_items::table
        .inner_join(service_points::table)
        .filter(catalogue_items::id.eq(id))
        .select((catalogue_items::all_columns, service_points::path))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(item, path)| Placed::new(item, path)))
}

/// Locks an item.
///
/// # Errors
/// The database's own.
pub fn lock(conn: &mut Conn, id: Id) -> QueryResult<()> {
    lock_row!(catalogue_items, conn, id)
}

/// Shares an item: who edits it meanwhile waits.
///
/// # Errors
/// The database's own.
pub fn share(conn: &mut Conn, id: Id) -> QueryResult<()> {
    share_row!(catalogue_items, conn, id)
}

/// What a list of items is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Kept by this point.
    pub service_point_id: Option<Id>,
    /// Of this kind.
    pub kind: Option<String>,
    /// Of this partner.
    pub parent_id: Option<Id>,
    /// In force on this day.
    pub on: Option<Day>,
    /// Beginning on this day or later,
    pub from: Option<Day>,
    /// and on this one or before.
    pub to: Option<Day>,
    /// For this village.
    pub village_id: Option<Id>,
}

/// One page of a catalogue, by id.
///
/// # Errors
/// The database's own.
pub fn page(
    conn: &mut Conn,
    reach: &Reach,
    (catalogue, filter): (Catalogue, &Filter),
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<CatalogueItem>> {
    use catalogue_items::dsl;
    let mut query = catalogue_items::table
        .inner_join(service_points::table)
        .select(catalogue_items::all_columns)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .filter(dsl::catalogue.eq(catalogue))
        .order(dsl::id)
        .limit(limit);
    if let Some(point) = filter.service_point_id {
        query = query.filter(dsl::service_point_id.eq(point));
    }
    if let Some(kind) = filter.kind.clone() {
        query = query.filter(dsl::kind.eq(kind));
    }
    if let Some(parent) = filter.parent_id {
        query = query.filter(dsl::parent_id.eq(parent));
    }
    if let Some(day) = filter.on {
        query = query
            .filter(dsl::starts_on.is_null().or(dsl::starts_on.le(day)))
            .filter(dsl::ends_on.is_null().or(dsl::ends_on.ge(day)));
    }
    if let Some(from) = filter.from {
        query = query.filter(dsl::starts_on.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(dsl::starts_on.le(to));
    }
    if let Some(village) = filter.village_id {
        // Few projects name few villages each.
        query = query.filter(dsl::villages.like(format!("%{village}%")));
    }
    if let Some(after) = after {
        query = query.filter(dsl::id.gt(after));
    }
    query.load(conn)
}

/// Every item of a catalogue within reach, the one with the earliest first day first. Catalogues are short.
///
/// # Errors
/// The database's own.
pub fn all(conn: &mut Conn, reach: &Reach, catalogue: Catalogue) -> QueryResult<Vec<CatalogueItem>> {
    use catalogue_items::dsl;
    catalogue_items::table
        .inner_join(service_points::table)
        .select(catalogue_items::all_columns)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .filter(dsl::catalogue.eq(catalogue))
        .order((dsl::starts_on, dsl::id))
        .load(conn)
}

/// The items of a catalogue that hang at another item, the first one first.
///
/// # Errors
/// The database's own.
pub fn below(conn: &mut Conn, catalogue: Catalogue, parent: Id) -> QueryResult<Vec<CatalogueItem>> {
    use catalogue_items::dsl;
    catalogue_items::table
        .filter(dsl::parent_id.eq(parent))
        .filter(dsl::catalogue.eq(catalogue))
        .order((dsl::starts_on, dsl::id))
        .load(conn)
}

/// Every item of a catalogue anywhere, for recounts.
///
/// # Errors
/// The database's own.
pub fn everywhere(conn: &mut Conn, catalogue: Catalogue) -> QueryResult<Vec<CatalogueItem>> {
    catalogue_items::table.filter(catalogue_items::catalogue.eq(catalogue)).order(catalogue_items::id).load(conn)
}

/// The first day that the opening balance of a metric at one of these points does not stand for, if there is one after a day.
///
/// # Errors
/// The database's own.
pub fn opening_after(conn: &mut Conn, points: &[Id], metric: &str, day: Day) -> QueryResult<Option<Day>> {
    use catalogue_items::dsl;
    // Four at a time, which is a path: a list would be prepared anew each time, and this is on the way of every sale.
    for points in points.chunks(4) {
        let Some(last) = points.last() else { continue };
        let at = |at: usize| points.get(at).unwrap_or(last);
        let is_point = dsl::service_point_id
            .eq(at(0))
            .or(dsl::service_point_id.eq(at(1)))
            .or(dsl::service_point_id.eq(at(2)))
            .or(dsl::service_point_id.eq(at(3)));
        let query = catalogue_items::table
            .filter(is_point)
            .filter(dsl::kind.eq(metric))
            .filter(dsl::catalogue.eq(Catalogue::OpeningBalance))
            .filter(dsl::starts_on.gt(day))
            .select(dsl::starts_on);
        let found: Option<Option<Day>> = both!(conn, c => query.first(c).optional())?;
        if let Some(day) = found.flatten() {
            return Ok(Some(day));
        }
    }
    Ok(None)
}

/// Whether a metric of a point has an opening balance.
///
/// # Errors
/// The database's own.
pub fn has_opening(conn: &mut Conn, point: Id, metric: &str) -> QueryResult<bool> {
    use catalogue_items::dsl;
    let query = catalogue_items::table
        .filter(dsl::service_point_id.eq(point))
        .filter(dsl::kind.eq(metric))
        .filter(dsl::catalogue.eq(Catalogue::OpeningBalance))
        .select(dsl::id);
    Ok(query.first::<Id>(conn).optional()?.is_some())
}

/// Puts a new item in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, item: &CatalogueItem) -> QueryResult<()> {
    diesel::insert_into(catalogue_items::table).values(item).execute(conn)?;
    Ok(())
}

/// Writes an item's fields.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, item: &CatalogueItem) -> QueryResult<()> {
    diesel::update(catalogue_items::table.find(item.id)).set(item).execute(conn)?;
    Ok(())
}
