//! Which cells statistics are read from.

use std::collections::BTreeMap;

use crate::{
    db::{
        Conn,
        cells::{self, Cell, Wanted},
        service_points::ServicePoint,
    },
    domain::{
        Id, Month, Period,
        metrics::{Metric, Running, Source, Stock},
    },
    error::Result,
};

/// So few ledgers are read one by one, by statements that stay prepared; more are read together.
const FEW: usize = 4;

/// The cells that some metrics are read from, of a point and of its children: each ledger once, as far as any of them needs it.
pub(super) fn load(
    conn: &mut Conn,
    (point, children): (&ServicePoint, &[ServicePoint]),
    metrics: &[&'static Metric],
    period: Period,
    now: Month,
) -> Result<BTreeMap<&'static str, Vec<Cell>>> {
    let mut wants: BTreeMap<&'static str, Wanted> = BTreeMap::new();
    for want in metrics.iter().flat_map(|metric| wanted(metric.source, period)) {
        let held = wants.entry(want.ledger).or_insert(want);
        held.between = (held.between.0.min(want.between.0), held.between.1.max(want.between.1));
        held.also = held.also.or(want.also);
        // What takes effect in a month to come, as an agreement may, does not stand yet.
        held.between.1 = held.between.1.min(now.key());
    }
    if wants.len() <= FEW {
        let load = |(ledger, want)| Ok((ledger, cells::of_point_and_children(conn, point.id, want)?));
        return wants.into_iter().map(load).collect();
    }
    let ids: Vec<Id> = std::iter::once(point.id).chain(children.iter().map(|child| child.id)).collect();
    // Ledgers by the periods that are wanted of them.
    type Periods = ((i32, i32), Option<i32>);
    let mut groups: BTreeMap<Periods, Vec<&'static str>> = BTreeMap::new();
    for (ledger, want) in &wants {
        groups.entry((want.between, want.also)).or_default().push(ledger);
    }
    let mut ledgers: BTreeMap<&'static str, Vec<Cell>> = wants.keys().map(|ledger| (*ledger, Vec::new())).collect();
    for ((between, also), names) in groups {
        for cell in cells::of_points(conn, &ids, &names, (between, also))? {
            if let Some(held) = ledgers.get_mut(cell.ledger.as_str()) {
                held.push(cell);
            }
        }
    }
    Ok(ledgers)
}

/// The cells that a metric is read from.
pub(super) fn wanted(source: Source, period: Period) -> Vec<Wanted> {
    let months = period.month_keys();
    let stock = |stock: Stock| Wanted { ledger: stock.0, between: (Month::FIRST.key(), months.1), also: None };
    let distinct = |ledger| {
        // The months of a quarter or a year are told one by one.
        let between = if period == Period::All { (0, 0) } else { months };
        Wanted { ledger, between, also: Some(period.key()) }
    };
    match source {
        Source::Activity(ledger, _) | Source::PerDay(ledger, _) => {
            vec![Wanted { ledger, between: months, also: None }]
        }
        Source::Cumulative(ledger, _, opening) => vec![stock(Stock(ledger)), stock(Stock(opening))],
        Source::Standing(ledger) => vec![stock(ledger)],
        Source::Distinct(reached) => vec![distinct(reached.standing), distinct(reached.ended)],
        // The same ledgers that the metrics beside it read.
        Source::Share(reached, ledger) => vec![distinct(reached.standing), stock(ledger)],
        Source::Portion(Running(part, _), Running(whole, _)) => vec![stock(Stock(part)), stock(Stock(whole))],
        Source::Employment(_) | Source::Converted | Source::Process(_) => Vec::new(),
    }
}
