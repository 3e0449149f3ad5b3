//! Statistics, read from the cells: a point's total, what it did itself, and both by child and by kind.

use std::collections::BTreeMap;

use crate::{
    auth::{Tx, can},
    db::{
        cells::{self, Cell},
        service_points::{self, ServicePoint},
    },
    domain::{
        Id, Period,
        metrics::{METRICS, Measure, Metric},
    },
    error::{Error, Result},
};

/// One metric of one point in one period. `total = own + Σ by_child = Σ by_kind`.
#[derive(Clone, Debug)]
pub struct Statistic {
    /// Which metric.
    pub metric: &'static Metric,
    /// The whole subtree.
    pub total: i64,
    /// The point itself.
    pub own: i64,
    /// Each child's subtree, in the order of the tree.
    pub by_child: Vec<i64>,
    /// The whole subtree by kind; kinds with nothing are left out.
    pub by_kind: BTreeMap<String, i64>,
}

/// The statistics of a point, and its children in the order of `by_child`.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// The point.
    pub point: ServicePoint,
    /// Its children, ended ones too: what they did still counts.
    pub children: Vec<ServicePoint>,
    /// One for each metric.
    pub items: Vec<Statistic>,
}

/// The statistics of a point in a period.
///
/// # Errors
/// The point is not within reach.
pub fn of_point(tx: &mut Tx<'_, can::ReadStatistics>, id: Id, period: Period) -> Result<Statistics> {
    let point = tx.find(id, service_points::find)?;
    let children = service_points::children(tx.conn(), id)?;
    let mut items = Vec::with_capacity(METRICS.len());
    let mut ledgers: BTreeMap<&str, Vec<Cell>> = BTreeMap::new();
    for metric in METRICS {
        if !ledgers.contains_key(metric.ledger) {
            let rows = cells::of_point_and_children(tx.conn(), id, metric.ledger, period.month_keys())?;
            ledgers.insert(metric.ledger, rows);
        }
        items.push(statistic(metric, &point, &children, &ledgers[metric.ledger])?);
    }
    Ok(Statistics { point, children, items })
}

fn statistic(
    metric: &'static Metric,
    point: &ServicePoint,
    children: &[ServicePoint],
    rows: &[Cell],
) -> Result<Statistic> {
    let value = |cell: &Cell| match metric.measure {
        Measure::Count => cell.n,
        Measure::Quantity => cell.quantity,
    };
    let add = |sum: i64, more: i64| sum.checked_add(more).ok_or_else(|| Error::internal("a statistic is past i64"));
    let mut by_point: BTreeMap<Id, i64> = BTreeMap::new();
    let mut by_kind: BTreeMap<String, i64> = BTreeMap::new();
    let holds_total = cells::holds_total(point.tier);
    for cell in rows {
        let sum = by_point.entry(cell.service_point_id).or_default();
        *sum = add(*sum, value(cell))?;
        // The bureau's cell holds its own alone, so that its kinds are summed over its children as well.
        if cell.service_point_id == point.id || !holds_total {
            let sum = by_kind.entry(cell.kind.clone()).or_default();
            *sum = add(*sum, value(cell))?;
        }
    }
    let at = |id: Id| by_point.get(&id).copied().unwrap_or_default();
    let by_child: Vec<i64> = children.iter().map(|child| at(child.id)).collect();
    let children_total = by_child.iter().try_fold(0, |sum, more| add(sum, *more))?;
    let cell = at(point.id);
    let (total, own) = if holds_total { (cell, cell - children_total) } else { (add(cell, children_total)?, cell) };
    by_kind.retain(|_, sum| *sum != 0);
    Ok(Statistic { metric, total, own, by_child, by_kind })
}
