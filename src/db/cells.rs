//! Cells: the totals that a statistic is read from, kept in the transaction of the record that they count.
//!
//! A village's, township's and county's cell holds the total of its subtree. The bureau's holds only what the
//! bureau did itself; its total is that and its counties'. So no write touches a row that all writes touch, and
//! the bureau is still read from ten rows (docs/architecture.md has the measurements).

use diesel::{
    ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
    upsert::excluded,
};

use super::{
    Conn, QueryResult,
    schema::{cells, service_points},
};
use crate::domain::{Day, Id, PointPath, codes::Tier};

/// The highest tier whose cells hold totals. On a database where hot rows cost more, lower it, and let a statistic sum
/// over as many levels as it then must.
const HIGHEST_TOTAL: Tier = Tier::County;

/// Whether the cell of a point of this tier holds its subtree's total; else only what the point did itself.
pub fn holds_total(tier: Tier) -> bool {
    tier >= HIGHEST_TOTAL
}

/// One total.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = cells)]
pub struct Cell {
    /// Of which point.
    pub service_point_id: Id,
    /// Which records it counts.
    pub ledger: String,
    /// The month, see [`crate::domain::Month::key`].
    pub period: i32,
    /// Which kind of them.
    pub kind: String,
    /// How many.
    pub n: i64,
    /// The sum of their quantities.
    pub quantity: i64,
}

/// What a record adds to the cells; negative when it stops counting.
#[derive(Clone, Debug)]
pub struct Delta<'a> {
    /// Which ledger.
    pub ledger: &'a str,
    /// Which kind.
    pub kind: &'a str,
    /// The day that it counts on.
    pub on: Day,
    /// How many records.
    pub n: i64,
    /// How much.
    pub quantity: i64,
}

/// The points whose cells change with something done at `path`: itself and every ancestor whose cell holds a
/// total, leaf first. All writers lock cells in this order, so none waits for another in a circle.
fn counted_at(path: &PointPath) -> Vec<Id> {
    let ids = path.ids();
    let own = ids.len().saturating_sub(1);
    let first_total = HIGHEST_TOTAL.depth() - 1;
    (0..ids.len()).rev().filter(|at| *at == own || *at >= first_total).map(|at| ids[at]).collect()
}

/// Adds what was done at `path` to its cells. The last statement of a transaction, because the counties' rows are
/// the most wanted.
///
/// # Errors
/// The database's own.
pub fn add(conn: &mut Conn, path: &PointPath, delta: &Delta<'_>) -> QueryResult<()> {
    let rows: Vec<Cell> = counted_at(path)
        .into_iter()
        .map(|service_point_id| Cell {
            service_point_id,
            ledger: delta.ledger.to_owned(),
            period: delta.on.month().key(),
            kind: delta.kind.to_owned(),
            n: delta.n,
            quantity: delta.quantity,
        })
        .collect();
    upsert(conn, &rows)
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
        .order((cells::ledger, cells::period, cells::kind))
        .load(conn)?;
    let (from, to) = (counted_at(old_path), counted_at(new_path));
    let losing = from.iter().filter(|ancestor| !to.contains(ancestor)).map(|ancestor| (*ancestor, -1));
    let gaining = to.iter().filter(|ancestor| !from.contains(ancestor)).map(|ancestor| (*ancestor, 1));
    let mut ancestors: Vec<(Id, i64)> = losing.chain(gaining).collect();
    // Townships before counties: the order of every other writer. Both lists are leaf first already.
    let depth = |ancestor: &Id| {
        [&old_path.ids(), &new_path.ids()].iter().find_map(|ids| ids.iter().position(|at| at == ancestor))
    };
    ancestors.sort_by_key(|(ancestor, _)| (std::cmp::Reverse(depth(ancestor)), *ancestor));
    for (ancestor, sign) in ancestors {
        let rows: Vec<Cell> = own
            .iter()
            .map(|cell| Cell {
                service_point_id: ancestor,
                n: sign * cell.n,
                quantity: sign * cell.quantity,
                ..cell.clone()
            })
            .collect();
        upsert(conn, &rows)?;
    }
    Ok(())
}

fn upsert(conn: &mut Conn, rows: &[Cell]) -> QueryResult<()> {
    /// The statement for one row or many.
    macro_rules! statement {
        ($values:expr) => {
            diesel::insert_into(cells::table)
                .values($values)
                .on_conflict((cells::service_point_id, cells::ledger, cells::period, cells::kind))
                .do_update()
                .set((
                    cells::n.eq(cells::n + excluded(cells::n)),
                    cells::quantity.eq(cells::quantity + excluded(cells::quantity)),
                ))
        };
    }
    match conn {
        // One round trip for all.
        Conn::Pg(pg) if !rows.is_empty() => statement!(rows).execute(pg).map(drop),
        Conn::Pg(_) => Ok(()),
        // diesel has no upsert of several rows for SQLite, and there is no round trip to save.
        Conn::Sqlite(sqlite) => rows.iter().try_for_each(|row| statement!(row).execute(sqlite).map(drop)),
    }
}

/// The cells of a point and of its children, by month and kind: what a statistic is made of. `months` is an inclusive range of [`crate::domain::Month::key`]s.
///
/// # Errors
/// The database's own.
pub fn of_point_and_children(conn: &mut Conn, id: Id, ledger: &str, months: (i32, i32)) -> QueryResult<Vec<Cell>> {
    use diesel::BoolExpressionMethods as _;
    cells::table
        .inner_join(service_points::table)
        .filter(service_points::id.eq(id).or(service_points::parent_id.eq(id)))
        .filter(cells::ledger.eq(ledger))
        .filter(cells::period.between(months.0, months.1))
        .select(cells::all_columns)
        .load(conn)
}

/// Every cell with something in it, in a fixed order, for recounts.
///
/// # Errors
/// The database's own.
pub fn all(conn: &mut Conn) -> QueryResult<Vec<Cell>> {
    use diesel::BoolExpressionMethods as _;
    cells::table
        .filter(cells::n.ne(0).or(cells::quantity.ne(0)))
        .order((cells::service_point_id, cells::ledger, cells::period, cells::kind))
        .load(conn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bureau_keeps_its_own_and_everyone_else_a_total() {
        let id = |n| Id::from_bytes([n; 16]);
        let bureau = PointPath::root(id(1));
        let village = bureau.child(id(2)).child(id(3)).child(id(4));
        assert_eq!(counted_at(&bureau), [id(1)]);
        assert_eq!(counted_at(&village), [id(4), id(3), id(2)]);
    }
}
