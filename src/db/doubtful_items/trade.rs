//! What the rules about stores and entries of ledgers look at.

use diesel::{BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _};

use super::CHUNK;
use crate::{
    db::{
        Conn, QueryResult,
        ledger_entries::LedgerEntry,
        schema::{ledger_entries, stores},
        stores::Store,
    },
    domain::{
        Day, Id,
        codes::{Ledger, RecordState},
    },
};

/// The counted entries of some ledgers of some points on some days.
///
/// # Errors
/// The database's own.
pub fn entries(
    conn: &mut Conn,
    points: &[Id],
    ledgers: &[Ledger],
    (first, last): (Day, Day),
) -> QueryResult<Vec<LedgerEntry>> {
    use ledger_entries::dsl;
    let mut found = Vec::new();
    for points in points.chunks(CHUNK) {
        let rows: Vec<LedgerEntry> = dsl::ledger_entries
            .filter(dsl::service_point_id.eq_any(points.to_vec()))
            .filter(dsl::ledger.eq_any(ledgers.to_vec()))
            .filter(dsl::on_day.between(first, last))
            .filter(dsl::state.eq(RecordState::Active))
            .order(dsl::id)
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The stores of some points that were open from one day to another.
///
/// # Errors
/// The database's own.
pub fn stores_open(conn: &mut Conn, points: &[Id], (first, last): (Day, Day)) -> QueryResult<Vec<Store>> {
    let mut found = Vec::new();
    for points in points.chunks(CHUNK) {
        let rows: Vec<Store> = stores::table
            .filter(stores::service_point_id.eq_any(points.to_vec()))
            .filter(stores::opened_on.le(first))
            .filter(stores::closed_on.is_null().or(stores::closed_on.ge(last)))
            .order(stores::id)
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}
