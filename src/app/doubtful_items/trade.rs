//! What the rules about sales and stores find in a month.

use std::collections::HashMap;

use super::scan::{Batch, Facts, listed};
use crate::{
    auth::{Permission, Tx},
    db::{
        doubtful_items as db,
        ledger_entries::LedgerEntry,
        presence::{self, Sort},
        stores::Store,
    },
    domain::{Id, Month, codes::Ledger, roll_up::ANY},
    error::Result,
};

const OF_SALES: &[&str] = &["sale_logged_late", "sold_twice", "order_value_unusual"];

/// Looks at what was sold at the points of a batch in the month, and at their stores.
pub(super) fn look<P: Permission>(tx: &mut Tx<'_, P>, batch: &mut Batch<'_>) -> Result<()> {
    if batch.any(OF_SALES) {
        let sales = db::entries(tx.conn(), &batch.ids, &[Ledger::Sale], (batch.month.first_day(), batch.until))?;
        for sale in &sales {
            late(batch, sale);
            value(batch, sale);
        }
        twice(batch, &sales);
    }
    idle(tx, batch)
}

fn of_sale(sale: &LedgerEntry, value: Option<i64>, facts: String) -> Facts {
    Facts { subject_id: sale.id, point: sale.service_point_id, value, elsewhere: Vec::new(), facts }
}

fn late(batch: &mut Batch<'_>, sale: &LedgerEntry) {
    let Some(rule) = batch.rule("sale_logged_late") else { return };
    let (_, last) = sale.days();
    let days = sale.created_at.day().days_since(last);
    if days > rule.value("days", batch.until) {
        batch.note(rule, of_sale(sale, Some(days), sale.on_day.to_string()));
    }
}

fn value(batch: &mut Batch<'_>, sale: &LedgerEntry) {
    let Some(rule) = batch.rule("order_value_unusual") else { return };
    let Some(each) = sale.amount_fen.checked_div(sale.quantity) else { return };
    let limits = rule.value("low_fen", batch.until)..=rule.value("high_fen", batch.until);
    if !limits.contains(&each) {
        batch.note(rule, of_sale(sale, Some(each), format!("{}/{}", sale.amount_fen, sale.quantity)));
    }
}

fn twice(batch: &mut Batch<'_>, sales: &[LedgerEntry]) {
    let Some(rule) = batch.rule("sold_twice") else { return };
    // By seller, channel and product.
    type Alike<'a> = (Id, Option<Id>, &'a str, Option<Id>);
    let mut alike: HashMap<Alike<'_>, Vec<&LedgerEntry>> = HashMap::new();
    for sale in sales.iter().filter(|sale| sale.whole_month || sale.campaign_id.is_none()) {
        alike.entry((sale.service_point_id, sale.store_id, &sale.kind, sale.product_id)).or_default().push(sale);
    }
    for group in alike.into_values().filter(|group| group.len() > 1) {
        for sale in group.iter().filter(|sale| sale.whole_month) {
            let others = group.iter().map(|other| other.id).filter(|id| *id != sale.id);
            batch.note(rule, of_sale(sale, i64::try_from(group.len()).ok(), listed(others)));
        }
    }
}

fn idle<P: Permission>(tx: &mut Tx<'_, P>, batch: &mut Batch<'_>) -> Result<()> {
    let Some(rule) = batch.rule("store_idle") else { return Ok(()) };
    // Of a month that runs nobody knows yet what it brings.
    if batch.month.last_day() > batch.today {
        return Ok(());
    }
    let months = usize::try_from(rule.value("months", batch.until)).unwrap_or_default().max(1);
    let looked_at: Vec<Month> =
        std::iter::successors(Some(batch.month), |month| Some(month.previous())).take(months).collect();
    let first = looked_at.last().map_or(batch.until, |month| month.first_day());
    let stores: Vec<Store> = db::stores_open(tx.conn(), &batch.ids, (first, batch.month.last_day()))?;
    let ids: Vec<Id> = stores.iter().map(|store| store.id).collect();
    let sold = presence::of_each(tx.conn(), Sort::Store, &ids)?;
    for store in &stores {
        let present = sold.get(&store.id).and_then(|months| months.get(ANY));
        let in_month = |month: &Month| present.is_some_and(|months| months.get(month).is_some_and(|n| *n > 0));
        if !looked_at.iter().any(in_month) {
            let (subject_id, point, value) = (store.id, store.service_point_id, i64::try_from(months).ok());
            let last = present.and_then(|months| months.iter().rev().find(|(_, n)| **n > 0));
            let facts = last.map_or_else(|| store.opened_on.to_string(), |(month, _)| month.to_string());
            batch.note(rule, Facts { subject_id, point, value, elsewhere: Vec::new(), facts });
        }
    }
    Ok(())
}
