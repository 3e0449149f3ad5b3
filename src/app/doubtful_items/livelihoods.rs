//! What the rules about parcels, wages, benefits and payments find in a month.

use std::collections::BTreeMap;

use super::scan::{Batch, Facts, listed};
use crate::{
    auth::{Permission, Tx},
    db::{doubtful_items as db, ledger_entries::LedgerEntry},
    domain::{Id, Month, codes::Ledger},
    error::Result,
};

const LEDGERS: &[Ledger] = &[Ledger::Parcels, Ledger::Wage, Ledger::Benefit, Ledger::Payment];
const RULES: &[&str] = &["entry_logged_late", "parcels_repeated", "wage_unusual", "benefit_unusual"];

/// Looks at what was entered at the points of a batch for the month.
pub(super) fn look<P: Permission>(tx: &mut Tx<'_, P>, batch: &mut Batch<'_>) -> Result<()> {
    if !batch.any(RULES) {
        return Ok(());
    }
    let months = batch.rule("parcels_repeated").map_or(1, |rule| rule.value("months", batch.until));
    let months = usize::try_from(months).unwrap_or(1).max(1);
    let looked_at: Vec<Month> =
        std::iter::successors(Some(batch.month), |month| Some(month.previous())).take(months).collect();
    let first = looked_at.last().map_or(batch.month, |month| *month).first_day();
    let entries = db::entries(tx.conn(), &batch.ids, LEDGERS, (first, batch.until))?;
    repeated(batch, &entries, &looked_at);
    let month = batch.month;
    let of_month: Vec<&LedgerEntry> = entries.iter().filter(|entry| entry.on_day.month() == month).collect();
    for entry in &of_month {
        late(batch, entry);
        wage(batch, entry);
    }
    benefits(batch, &of_month);
    Ok(())
}

fn of_entry(entry: &LedgerEntry, value: Option<i64>, facts: String) -> Facts {
    Facts { subject_id: entry.id, point: entry.service_point_id, value, elsewhere: Vec::new(), facts }
}

fn late(batch: &mut Batch<'_>, entry: &LedgerEntry) {
    let Some(rule) = batch.rule("entry_logged_late") else { return };
    let (_, last) = entry.days();
    let days = entry.created_at.day().days_since(last);
    if days > rule.value("days", batch.until) {
        batch.note(rule, of_entry(entry, Some(days), entry.on_day.to_string()));
    }
}

fn wage(batch: &mut Batch<'_>, entry: &LedgerEntry) {
    let Some(rule) = batch.rule("wage_unusual").filter(|_| entry.ledger == Ledger::Wage) else { return };
    let limits = rule.value("low_fen", batch.until)..=rule.value("high_fen", batch.until);
    if !limits.contains(&entry.amount_fen) {
        batch.note(rule, of_entry(entry, Some(entry.amount_fen), entry.amount_fen.to_string()));
    }
}

fn benefits(batch: &mut Batch<'_>, entries: &[&LedgerEntry]) {
    let Some(rule) = batch.rule("benefit_unusual") else { return };
    let mut links: BTreeMap<Option<Id>, Vec<&LedgerEntry>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.ledger == Ledger::Benefit) {
        links.entry(entry.item_id).or_default().push(entry);
    }
    for mut entries in links.into_values() {
        entries.sort_unstable_by_key(|entry| (entry.on_day, entry.id));
        let sum = entries.iter().fold(0_i64, |sum, entry| sum.saturating_add(entry.amount_fen));
        if let Some(last) = entries.last().filter(|_| sum > rule.value("high_fen", batch.until)) {
            let facts = format!("{sum}:{}", listed(entries.iter().map(|entry| entry.id)));
            batch.note(rule, of_entry(last, Some(sum), facts));
        }
    }
}

fn repeated(batch: &mut Batch<'_>, entries: &[LedgerEntry], months: &[Month]) {
    let Some(rule) = batch.rule("parcels_repeated") else { return };
    // By site, direction and month.
    let mut told: BTreeMap<(Option<Id>, &str), BTreeMap<Month, &LedgerEntry>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.ledger == Ledger::Parcels) {
        told.entry((entry.item_id, &entry.kind)).or_default().insert(entry.on_day.month(), entry);
    }
    for by_month in told.into_values() {
        let Some(entry) = by_month.get(&batch.month).filter(|entry| entry.quantity > 0) else { continue };
        let is_same = |month: &Month| by_month.get(month).is_some_and(|other| other.quantity == entry.quantity);
        if months.len() > 1 && months.iter().all(is_same) {
            batch.note(rule, of_entry(entry, Some(entry.quantity), format!("{}x{}", entry.quantity, months.len())));
        }
    }
}
