//! `terrace verify` and `terrace repair`: looking for whatever is not what the program put there, and for numbers that are not
//! what the records say; mending the numbers.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};

use super::{
    audit,
    integrity::{self, Findings},
    recount::{Difference, Key, Recount, recount},
    reports,
};
use crate::{
    auth::{Authorized, Gate, Permission, Tx, can},
    db::{
        Cost,
        cells::{self, Cell},
        household_members, households,
        presence::{self, Presence, Sort},
        service_points, stores,
    },
    domain::{Id, audit_chain::Head, roll_up::Amounts},
    error::Result,
};

/// What a verification found.
#[derive(Clone, Debug)]
pub struct Verification {
    /// The audit events and their chain.
    pub chain: Findings,
    /// The rows and their last events.
    pub rows: Findings,
    /// The numbers and the records.
    pub recount: Recount,
    /// The monthly reports and their digests.
    pub reports: Findings,
}

impl Verification {
    /// How much is wrong.
    pub fn count(&self) -> u64 {
        self.chain.count() + self.rows.count() + self.reports.count() + self.recount.differences.len() as u64
    }
}

/// Looks at everything, in one snapshot, beside a server at work; also whether the chain still holds a head that was kept.
///
/// # Errors
/// The database's own.
pub async fn verify(gate: &Arc<Gate>, kept: Option<Head>) -> Result<Verification> {
    by(&gate.operator::<can::Maintain>("verify"), kept).await
}

/// The same for somebody who may ask for it.
///
/// # Errors
/// The database's own.
pub async fn by<P: Permission>(access: &Authorized<P>, kept: Option<Head>) -> Result<Verification> {
    access
        .read(Cost::Slow, (), move |tx, ()| {
            let (keys, now) = (tx.tools().keys.clone(), tx.tools().edge.now());
            Ok(Verification {
                chain: integrity::chain(tx.conn(), &keys, now, kept.as_ref())?,
                rows: integrity::rows(tx.conn())?,
                recount: recount(tx.conn())?,
                reports: reports::digests(tx.conn())?,
            })
        })
        .await
}

/// Counts everything again, in one snapshot, beside a server at work.
///
/// # Errors
/// The database's own.
pub async fn look(gate: &Arc<Gate>) -> Result<Recount> {
    gate.operator::<can::Maintain>("repair").read(Cost::Slow, (), |tx, ()| recount(tx.conn())).await
}

/// Counts everything again and brings what is kept to it, while nobody else writes; what was held before and what after is
/// audited at each point and household. What a recount cannot decide about stays.
///
/// # Errors
/// The database's own; nothing was changed then.
pub async fn repair(gate: &Arc<Gate>) -> Result<Recount> {
    gate.operator::<can::Maintain>("repair")
        .write((), |tx, ()| {
            cells::lock_everything(tx.conn())?;
            let found = recount(tx.conn())?;
            mend(tx, &found)?;
            Ok(found)
        })
        .await
}

fn mend(tx: &mut Tx<'_, can::Maintain>, found: &Recount) -> Result<()> {
    let mut by_point: BTreeMap<Id, Vec<(&Key, Amounts, Amounts)>> = BTreeMap::new();
    for difference in &found.differences {
        match difference {
            Difference::Cell(point, key, held, right) => by_point.entry(*point).or_default().push((key, *held, *right)),
            Difference::Presence(right, held) => {
                presence::add(tx.conn(), &[Presence { n: right.n.saturating_sub(*held), ..right.clone() }])?;
                let told = |n: i64| json!({ "presence": right.period, "kind": right.kind, "n": n });
                note(tx, (Sort::of(&right.kind), right.subject_id), &told(*held), &told(right.n))?;
            }
            Difference::Derived(id, head_name, persons) => {
                let held = households::find(tx.conn(), *id)?.map(|placed| placed.origin(|row| row.persons));
                households::update_derived(tx.conn(), *id, head_name.as_deref(), *persons)?;
                note(tx, (Sort::Household, *id), &json!({ "persons": held }), &json!({ "persons": persons }))?;
            }
            Difference::Other(_) => {}
        }
    }
    for (point, wrong) in by_point {
        let rows: Vec<Cell> = wrong.iter().map(|(key, _, right)| cell(point, key, *right)).collect();
        cells::replace(tx.conn(), &rows)?;
        let before: Vec<Value> = wrong.iter().map(|(key, held, _)| told(key, *held)).collect();
        let after: Vec<Value> = wrong.iter().map(|(key, _, right)| told(key, *right)).collect();
        audit::repaired(tx, ("service_point", point), point, &Value::from(before), &Value::from(after))?;
    }
    Ok(())
}

/// Notes what was mended of a household, a store, a person or a village.
fn note(tx: &mut Tx<'_, can::Maintain>, (sort, subject): (Sort, Id), before: &Value, after: &Value) -> Result<()> {
    let conn = tx.conn();
    let (kind, point) = match sort {
        Sort::Household => ("household", households::find(conn, subject)?.and_then(|placed| placed.path().id())),
        Sort::Village => ("service_point", Some(subject)),
        Sort::Store => ("store", stores::find(conn, subject)?.and_then(|placed| placed.path().id())),
        Sort::Person => {
            ("household_member", household_members::find(conn, subject)?.and_then(|placed| placed.path().id()))
        }
    };
    // What is told of nothing that there is belongs to the whole.
    let point = match point {
        Some(point) => point,
        None => service_points::root(tx.conn())?.map_or(subject, |root| root.id),
    };
    audit::repaired(tx, (kind, subject), point, before, after)
}

/// A cell that holds this.
fn cell(point: Id, key: &Key, amounts: Amounts) -> Cell {
    let (ledger, period, kind, class) = key.clone();
    let Amounts { n, quantity, amount_fen } = amounts;
    Cell { service_point_id: point, ledger, period, kind, class, n, quantity, amount_fen }
}

fn told((ledger, period, kind, class): &Key, held: Amounts) -> Value {
    let Amounts { n, quantity, amount_fen } = held;
    json!({ "ledger": ledger, "period": period, "kind": kind, "class": class, "n": n, "quantity": quantity, "amount_fen": amount_fen })
}

impl Difference {
    /// One line about it.
    pub fn line(&self) -> String {
        let amounts = |held: &Amounts| format!("{}/{}/{}", held.n, held.quantity, held.amount_fen);
        match self {
            Self::Cell(point, (ledger, period, kind, class), held, right) => format!(
                "cell of {point}, {ledger} {period} kind={kind} class={class}: holds {} (count/quantity/fen), should hold {}",
                amounts(held),
                amounts(right)
            ),
            Self::Presence(right, held) => format!(
                "presence of {} in {} kind={}: holds {held}, should hold {}",
                right.subject_id, right.period, right.kind, right.n
            ),
            Self::Derived(id, _, persons) => {
                format!(
                    "household {id}: its head's name or its number of persons is not that of its members, who are {persons}"
                )
            }
            Self::Other(words) => words.clone(),
        }
    }

    /// Whether a repair mends it.
    pub fn is_mended(&self) -> bool {
        !matches!(self, Self::Other(_))
    }
}
