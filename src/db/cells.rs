//! Cells: the totals that a statistic is read from, kept in the transaction of what they count.
//!
//! A village's, township's and county's cell holds the total of its subtree. The bureau's holds only what the
//! bureau did itself; its total is that and its counties'. So no write touches a row that all writes touch, and
//! the bureau is still read from ten rows (docs/architecture.md has the measurements).

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
    sql_types::{BigInt, Integer, Text},
};

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{cells, service_points},
    types::Uid,
    upsert::{self, added},
};
use crate::domain::{
    Id, PointPath,
    codes::Tier,
    roll_up::{Amounts, Tally},
};

/// The highest tier whose cells hold totals. On a database where hot rows cost more, lower it, and let a statistic sum
/// over as many levels as it then must.
const HIGHEST_TOTAL: Tier = Tier::County;

/// Whether the cell of a point of this tier holds its subtree's total; else only what the point did itself.
pub fn holds_total(tier: Tier) -> bool {
    tier >= HIGHEST_TOTAL
}

/// One total.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = cells, treat_none_as_default_value = false)]
pub struct Cell {
    /// Of which point.
    pub service_point_id: Id,
    /// Which ledger it belongs to, see [`crate::domain::metrics`].
    pub ledger: String,
    /// The period, see [`crate::domain::Period::key`].
    pub period: i32,
    /// The kind of assistance, or nothing.
    pub kind: String,
    /// A household's type, a village's kind, or nothing.
    pub class: String,
    /// How many.
    pub n: i64,
    /// The sum of their quantities.
    pub quantity: i64,
    /// The sum of their amounts in fen.
    pub amount_fen: i64,
}

impl Cell {
    /// What it holds.
    pub fn amounts(&self) -> Amounts {
        Amounts { n: self.n, quantity: self.quantity, amount_fen: self.amount_fen }
    }
}

/// The points whose cells change with something done at `path`: itself and every ancestor whose cell holds a
/// total, with their depths. All writers lock cells leaf first, so none waits for another in a circle.
pub fn counted_at(path: &PointPath) -> impl Iterator<Item = (usize, Id)> {
    let ids = path.ids();
    let own = ids.len().saturating_sub(1);
    let first_total = HIGHEST_TOTAL.depth() - 1;
    ids.into_iter().enumerate().rev().filter(move |(at, _)| *at == own || *at >= first_total)
}

/// A cell's key in the order in which cells are locked: leaf first, then as in the primary key.
type InOrder<'a> = (Reverse<usize>, Id, &'a str, i32, &'a str, &'a str);

/// Adds a tally to the cells of its points and of those above them. The last statement of a transaction, because the
/// counties' rows are the most wanted. `paths` knows every point of the tally.
///
/// # Errors
/// The database's own.
pub fn add(conn: &mut Conn, paths: &HashMap<Id, PointPath>, tally: &Tally) -> QueryResult<()> {
    let mut rows: BTreeMap<InOrder<'_>, Amounts> = BTreeMap::new();
    for (key, amounts) in tally.cells() {
        let path = paths.get(&key.point).ok_or_else(|| broken("the place of a point in the tree is not known"))?;
        for (depth, id) in counted_at(path) {
            let held = rows.entry((Reverse(depth), id, key.ledger, key.period, &key.kind, &key.class)).or_default();
            *held = held.plus(amounts).ok_or_else(|| broken("the amounts of one request are past i64"))?;
        }
    }
    let rows: Vec<Cell> = rows
        .into_iter()
        .filter(|(_, amounts)| !amounts.is_zero())
        .map(|((_, service_point_id, ledger, period, kind, class), amounts)| Cell {
            service_point_id,
            ledger: ledger.to_owned(),
            period,
            kind: kind.to_owned(),
            class: class.to_owned(),
            n: amounts.n,
            quantity: amounts.quantity,
            amount_fen: amounts.amount_fen,
        })
        .collect();
    upsert::add(conn, &rows)
}

/// What no request can bring about.
fn broken(words: &'static str) -> diesel::result::Error {
    diesel::result::Error::QueryBuilderError(words.into())
}

/// Takes a moved subtree's totals from the ancestors at `old_path` to those at `new_path`.
///
/// # Errors
/// The database's own.
pub fn carry(conn: &mut Conn, old_path: &PointPath, new_path: &PointPath) -> QueryResult<()> {
    let Some(id) = new_path.id() else { return Ok(()) };
    // In the order of the key, in which every mover locks.
    let own: Vec<Cell> = cells::table
        .filter(cells::service_point_id.eq(id))
        .order((cells::ledger, cells::period, cells::kind, cells::class))
        .load(conn)?;
    let (from, to): (Vec<_>, Vec<_>) = (counted_at(old_path).collect(), counted_at(new_path).collect());
    let losing = from.iter().filter(|ancestor| !to.contains(ancestor)).map(|ancestor| (*ancestor, -1));
    let gaining = to.iter().filter(|ancestor| !from.contains(ancestor)).map(|ancestor| (*ancestor, 1));
    let mut ancestors: Vec<((usize, Id), i64)> = losing.chain(gaining).collect();
    // Townships before counties: the order of every other writer.
    ancestors.sort_by_key(|((depth, ancestor), _)| (Reverse(*depth), *ancestor));
    for ((_, ancestor), sign) in ancestors {
        let rows: Vec<Cell> = own
            .iter()
            .map(|cell| Cell {
                service_point_id: ancestor,
                n: sign * cell.n,
                quantity: sign * cell.quantity,
                amount_fen: sign * cell.amount_fen,
                ..cell.clone()
            })
            .collect();
        upsert::add(conn, &rows)?;
    }
    Ok(())
}

added! {
    cells of Cell { service_point_id: Uid, ledger: Text, period: Integer, kind: Text, class: Text }
        + { n: BigInt, quantity: BigInt, amount_fen: BigInt }
}

/// Puts cells in the place of those that there are, whatever these hold: for repairs, while nobody else writes.
///
/// # Errors
/// The database's own.
pub fn replace(conn: &mut Conn, rows: &[Cell]) -> QueryResult<()> {
    for row in rows {
        diesel::delete(
            cells::table
                .filter(cells::service_point_id.eq(row.service_point_id))
                .filter(cells::ledger.eq(&row.ledger))
                .filter(cells::period.eq(row.period))
                .filter(cells::kind.eq(&row.kind))
                .filter(cells::class.eq(&row.class)),
        )
        .execute(conn)?;
        diesel::insert_into(cells::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Which cells of a ledger.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The ledger.
    pub ledger: &'static str,
    /// An inclusive range of periods' keys.
    pub between: (i32, i32),
    /// One more period.
    pub also: Option<i32>,
}

/// The cells of a point and of its children: what a statistic is made of.
///
/// # Errors
/// The database's own.
pub fn of_point_and_children(conn: &mut Conn, id: Id, wanted: Wanted) -> QueryResult<Vec<Cell>> {
    let mut query = cells::table
        .inner_join(service_points::table)
        .filter(service_points::id.eq(id).or(service_points::parent_id.eq(id)))
        .filter(cells::ledger.eq(wanted.ledger))
        .select(cells::all_columns)
        .into_boxed::<MultiBackend>();
    let (first, last) = wanted.between;
    query = match wanted.also {
        Some(period) => query.filter(cells::period.between(first, last).or(cells::period.eq(period))),
        None => query.filter(cells::period.between(first, last)),
    };
    query.load(conn)
}

/// The cells of some points and ledgers, in a range of periods and in one more.
///
/// # Errors
/// The database's own.
pub fn of_points(
    conn: &mut Conn,
    points: &[Id],
    ledgers: &[&'static str],
    ((first, last), also): ((i32, i32), Option<i32>),
) -> QueryResult<Vec<Cell>> {
    let in_range = cells::period.between(first, last).or(cells::period.eq(also.unwrap_or(first)));
    cells::table
        .filter(cells::service_point_id.eq_any(points.to_vec()))
        .filter(cells::ledger.eq_any(ledgers.to_vec()))
        .filter(in_range)
        .load(conn)
}

/// The cells that the figures of a month are made of, of a point and of its children, in one look: those of the month, and
/// of these ledgers those of the months before it as well.
///
/// # Errors
/// The database's own.
pub fn of_month(conn: &mut Conn, id: Id, month: i32, stocks: &[&'static str]) -> QueryResult<Vec<Cell>> {
    let is_stock = cells::ledger.eq_any(stocks.to_vec());
    cells::table
        .inner_join(service_points::table)
        .filter(service_points::id.eq(id).or(service_points::parent_id.eq(id)))
        .filter(cells::period.eq(month).or(is_stock.and(cells::period.le(month))))
        .select(cells::all_columns)
        .load(conn)
}

/// Whether any of the cells of a ledger before a month holds something, of a point and of its children.
///
/// # Errors
/// The database's own.
pub fn holds_before(conn: &mut Conn, id: Id, ledger: &str, month: i32) -> QueryResult<bool> {
    let found: Option<Id> = cells::table
        .inner_join(service_points::table)
        .filter(service_points::id.eq(id).or(service_points::parent_id.eq(id)))
        .filter(cells::ledger.eq(ledger))
        .filter(cells::period.lt(month))
        .filter(cells::n.ne(0))
        .select(cells::service_point_id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// The cells of one point, for recounts.
///
/// # Errors
/// The database's own.
pub fn of_point(conn: &mut Conn, id: Id) -> QueryResult<Vec<Cell>> {
    cells::table.filter(cells::service_point_id.eq(id)).load(conn)
}

/// Keeps everybody else from writing what is counted, until the transaction ends; SQLite has one writer, who has begun.
///
/// # Errors
/// The database's own.
pub fn lock_everything(conn: &mut Conn) -> QueryResult<()> {
    if let Conn::Pg(pg) = conn {
        let lock = "LOCK TABLE service_points, households, household_spans, household_members, assistance_records, \
                    presence, cells, catalogue_items, stores, ledger_entries IN SHARE ROW EXCLUSIVE MODE";
        diesel::sql_query(lock).execute(pg)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bureau_keeps_its_own_and_everyone_else_a_total() {
        let id = |n| Id::from_bytes([n; 16]);
        let bureau = PointPath::root(id(1));
        let village = bureau.child(id(2)).child(id(3)).child(id(4));
        assert!(counted_at(&bureau).eq([(0, id(1))]));
        assert!(counted_at(&village).eq([(3, id(4)), (2, id(3)), (1, id(2))]));
    }
}
