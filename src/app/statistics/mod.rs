//! Statistics, read from the cells as the registry of metrics says: a point's total, what it did itself, and both by child,
//! by kind, by type and by month.

mod load;
mod statistic;

use std::collections::BTreeMap;

use load::{load, wanted};
pub use statistic::{Figure, Hidden, Statistic};

use super::{conversion::Conversion, employment::Employees, timeliness::Told};
use crate::{
    auth::{Tx, can},
    db::{
        Conn,
        cells::{self, Cell},
        service_points::{self, ServicePoint},
    },
    domain::{
        Day, Id, Month, Period,
        metrics::{METRICS, Measure, Metric, REFERENCES, Reference, Running, Source},
        policy::Action,
        reports::{Figures, Frozen},
        roll_up::{ANY, Amounts},
    },
    error::{Error, Fault, Result},
};

/// What the registry is called where it is asked for.
pub(super) const REGISTRY: &str = "metrics";

/// The statistics of a point, and its children in the order of `by_child`.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// The point.
    pub point: ServicePoint,
    /// Its children, ended ones too: what they did still counts.
    pub children: Vec<ServicePoint>,
    /// One for each metric.
    pub items: Vec<Statistic>,
    /// Whether the period still runs.
    pub runs: bool,
}

/// The statistics of a point in a period: these metrics, or all. Those about households and persons are left out for whoever
/// may not see them there.
///
/// # Errors
/// The point is not within reach; a metric is unknown.
pub fn of_point(
    tx: &mut Tx<'_, can::ReadStatistics>,
    id: Id,
    period: Period,
    metrics: Option<&[String]>,
    compare: bool,
) -> Result<Statistics> {
    let point = tx.find(id, service_points::find)?;
    let unknown = metrics.into_iter().flatten().any(|code| Metric::by_code(code).is_none());
    if unknown {
        return Err(Error::Invalid(vec![Fault::new("metrics", "unknown_code").with("list", REGISTRY)]));
    }
    let persons = tx.actor().reach(Action::ReadPersonStatistics).covers(&point.path);
    let asked = |metric: &&Metric| metrics.is_none_or(|codes| codes.iter().any(|code| code == metric.code));
    let children = service_points::children(tx.conn(), id)?;
    let today = tx.today();
    let metrics: Vec<&'static Metric> =
        METRICS.iter().filter(asked).filter(|metric| persons || !metric.personal).collect();
    let mut items = read(tx.conn(), (&point, &children), period, &metrics, today)?;
    if let Some((previous, year_before)) = period.previous().zip(period.year_before()).filter(|_| compare) {
        let previous = read(tx.conn(), (&point, &children), previous, &metrics, today)?;
        let year_before = read(tx.conn(), (&point, &children), year_before, &metrics, today)?;
        for (item, (one, other)) in items.iter_mut().zip(previous.iter().zip(&year_before)) {
            item.compared = Some((one.shown(), other.shown()));
        }
    }
    let runs = period.last_day().is_none_or(|last| last > today);
    Ok(Statistics { point, children, items, runs })
}

/// Some metrics of a point and of its children in a period.
///
/// # Errors
/// The database's own.
pub(super) fn read(
    conn: &mut Conn,
    (point, children): (&ServicePoint, &[ServicePoint]),
    period: Period,
    metrics: &[&'static Metric],
    today: Day,
) -> Result<Vec<Statistic>> {
    let ledgers = load(conn, (point, children), metrics, period, today.month())?;
    let reader = Reader { point, children, ledgers: &ledgers, today };
    let (mut told, mut conversion, mut employees) = (None, None, None);
    let mut items = Vec::with_capacity(metrics.len());
    for metric in metrics {
        match metric.source {
            Source::Converted => {
                if conversion.is_none() {
                    conversion = Some(Conversion::of(conn, point, period, today)?);
                }
                items.extend(conversion.as_ref().map(|conversion| conversion.statistic(metric, point, children)));
            }
            Source::Employment(employment) => {
                if employees.is_none() {
                    employees = Some(Employees::of(conn, period, today)?);
                }
                if let Some(employees) = &employees {
                    items.push(employees.statistic(metric, employment, (point, children))?);
                }
            }
            Source::Process(process) => {
                if told.is_none() {
                    told = Some(Told::of(conn, point, children, period, today)?);
                }
                items.extend(told.as_ref().map(|told| told.statistic(metric, process)));
            }
            _ => items.push(reader.read(metric, period)?),
        }
    }
    Ok(items)
}

/// What a month's report says of a point: of the point itself, and of its whole subtree.
///
/// # Errors
/// The database's own.
pub(super) fn of_month(conn: &mut Conn, point: &ServicePoint, month: Month) -> Result<(Figures, Figures)> {
    let children = service_points::children(conn, point.id)?;
    let frozen = || METRICS.iter().filter(|metric| metric.is_frozen());
    let stocks: Vec<&'static str> = frozen()
        .flat_map(|metric| match metric.source {
            Source::Standing(stock) => vec![stock.0],
            Source::Portion(Running(part, _), Running(whole, _)) => vec![part, whole],
            _ => Vec::new(),
        })
        .collect();
    let cells = cells::of_month(conn, point.id, month.key(), &stocks)?;
    let period = Period::Month(month);
    let mut ledgers: BTreeMap<&str, Vec<Cell>> = BTreeMap::new();
    for ledger in frozen().flat_map(|metric| wanted(metric.source, period)).map(|wanted| wanted.ledger) {
        ledgers.entry(ledger).or_insert_with(|| cells.iter().filter(|cell| cell.ledger == ledger).cloned().collect());
    }
    let reader = Reader { point, children: &children, ledgers: &ledgers, today: month.last_day() };
    let (mut own, mut whole) = (Figures::default(), Figures::default());
    for metric in frozen() {
        let (total, itself, _) = reader.figures(metric.source, period)?;
        let parts = |has: bool, by_class: bool, own: bool| match (has, own) {
            (false, _) => Ok(BTreeMap::new()),
            (true, false) => reader.parts(metric.source, period, by_class),
            (true, true) => reader.own_parts(metric.source, period, by_class),
        };
        for (figures, Figure { value, of }, own) in [(&mut own, itself, true), (&mut whole, total, false)] {
            let by_kind = parts(metric.has_kinds(), false, own)?;
            let by_type = parts(metric.has_types(), true, own)?;
            figures.0.insert(metric.code.to_owned(), Frozen { value, of, by_kind, by_type });
        }
    }
    Ok((own, whole))
}

/// The days of a period that have begun; none of all time, which has no first day.
fn days_begun(period: Period, today: Day) -> i64 {
    let (first, last) = (Month::from_key(period.month_keys().0).map(Month::first_day), period.last_day());
    first.zip(last).map_or(0, |(first, last)| (last.min(today).days_since(first) + 1).max(0))
}

/// Reads figures out of cells.
struct Reader<'a> {
    point: &'a ServicePoint,
    children: &'a [ServicePoint],
    ledgers: &'a BTreeMap<&'static str, Vec<Cell>>,
    today: Day,
}

/// Values by point, with their sum.
struct Sums {
    total: i64,
    own: i64,
    by_child: Vec<i64>,
}

impl Reader<'_> {
    fn read(&self, metric: &'static Metric, period: Period) -> Result<Statistic> {
        let (total, own, by_child) = self.figures(metric.source, period)?;
        let months = match period {
            Period::Month(_) => Vec::new(),
            Period::Quarter { .. } | Period::Year(_) | Period::All => period.months(),
        };
        let by_month = months
            .into_iter()
            .filter(|month| *month <= self.today.month())
            .map(|month| Ok((month, self.figures(metric.source, Period::Month(month))?.0)))
            .collect::<Result<_>>()?;
        let shown = |reference: &&Reference| {
            let region = self.point.region_code.as_deref() == Some(reference.region_code);
            let begun = period.last_day().is_none_or(|last| last.to_string().as_str() >= reference.as_of);
            reference.metric == metric.code && region && begun
        };
        Ok(Statistic {
            total,
            own,
            by_child,
            by_kind: if metric.has_kinds() { self.parts(metric.source, period, false)? } else { BTreeMap::new() },
            by_type: if metric.has_types() { self.parts(metric.source, period, true)? } else { BTreeMap::new() },
            by_month,
            reference: REFERENCES.iter().find(shown),
            ..Statistic::of(metric)
        })
    }

    fn figures(&self, source: Source, period: Period) -> Result<(Figure, Figure, Vec<Figure>)> {
        let sums = self.sums(source, period)?;
        let of = match source {
            Source::Share(_, stock) => Some(self.running(Running(stock.0, Measure::Count), period)?),
            Source::Portion(_, whole) => Some(self.running(whole, period)?),
            // The days are the same for all.
            Source::PerDay(..) => {
                let days = days_begun(period, self.today);
                Some(Sums { total: days, own: days, by_child: vec![days; self.children.len()] })
            }
            Source::Activity(..)
            | Source::Cumulative(..)
            | Source::Standing(_)
            | Source::Distinct(_)
            | Source::Employment(_)
            | Source::Converted
            | Source::Process(_) => None,
        };
        let figure = |value, of: Option<i64>| Figure { value, of };
        let by_child = sums
            .by_child
            .iter()
            .enumerate()
            .map(|(at, value)| figure(*value, of.as_ref().and_then(|of| of.by_child.get(at).copied())))
            .collect();
        let (total, own) = (of.as_ref().map(|of| of.total), of.as_ref().map(|of| of.own));
        Ok((figure(sums.total, total), figure(sums.own, own), by_child))
    }

    /// The running sums of a ledger up to the end of a period.
    fn running(&self, running: Running, period: Period) -> Result<Sums> {
        self.sums(Source::Portion(running, running), period)
    }

    /// The values of a source in a period, of the point and its children.
    fn sums(&self, source: Source, period: Period) -> Result<Sums> {
        let mut by_point: BTreeMap<Id, i64> = BTreeMap::new();
        for cell in self.cells(source) {
            let value = value(source, period, cell.period, cell.amounts());
            if let Some(value) = value.filter(|_| !is_part(source, cell)) {
                let sum = by_point.entry(cell.service_point_id).or_default();
                *sum = add(*sum, value)?;
            }
        }
        let at = |id: Id| by_point.get(&id).copied().unwrap_or_default();
        let by_child: Vec<i64> = self.children.iter().map(|child| at(child.id)).collect();
        let below = by_child.iter().try_fold(0, |sum, more| add(sum, *more))?;
        let cell = at(self.point.id);
        let (total, own) =
            if cells::holds_total(self.point.tier) { (cell, cell - below) } else { (add(cell, below)?, cell) };
        Ok(Sums { total, own, by_child })
    }

    /// The values of a source in a period by class or by kind, of the whole subtree.
    fn parts(&self, source: Source, period: Period, by_class: bool) -> Result<BTreeMap<String, i64>> {
        // The bureau's cell holds its own alone, so that its parts are summed over its children as well.
        let below = if cells::holds_total(self.point.tier) { 0 } else { 1 };
        self.weighed(source, period, by_class, below)
    }

    /// The same of the point itself.
    fn own_parts(&self, source: Source, period: Period, by_class: bool) -> Result<BTreeMap<String, i64>> {
        let below = if cells::holds_total(self.point.tier) { -1 } else { 0 };
        self.weighed(source, period, by_class, below)
    }

    /// The parts of the point's cells, and so many times those of its children's.
    fn weighed(&self, source: Source, period: Period, by_class: bool, below: i64) -> Result<BTreeMap<String, i64>> {
        let mut parts: BTreeMap<String, i64> = BTreeMap::new();
        for cell in self.cells(source) {
            let weight = if cell.service_point_id == self.point.id { 1 } else { below };
            let wanted = weight != 0 && (by_class != is_part(source, cell) || matches!(source, Source::Activity(..)));
            if let Some(value) = value(source, period, cell.period, cell.amounts()).filter(|_| wanted) {
                let part = if by_class { &cell.class } else { &cell.kind };
                let sum = parts.entry(part.clone()).or_default();
                *sum = add(*sum, weight * value)?;
            }
        }
        parts.retain(|_, sum| *sum != 0);
        Ok(parts)
    }

    fn cells(&self, source: Source) -> impl Iterator<Item = &Cell> {
        ledgers(source).into_iter().flatten().filter_map(|ledger| self.ledgers.get(ledger)).flatten()
    }
}

/// Whether a cell counts again, under one kind, what another one counts under any: kinds of distinct counts are no parts of a
/// whole.
fn is_part(source: Source, cell: &Cell) -> bool {
    matches!(source, Source::Distinct(_) | Source::Share(..)) && cell.kind != ANY
}

/// The ledgers that a source's value is read from; for a share, what it counts.
pub(super) fn ledgers(source: Source) -> [Option<&'static str>; 2] {
    match source {
        Source::Activity(ledger, _) | Source::PerDay(ledger, _) => [Some(ledger), None],
        Source::Cumulative(ledger, _, opening) => [Some(ledger), Some(opening)],
        Source::Standing(stock) => [Some(stock.0), None],
        Source::Distinct(reached) => [Some(reached.standing), Some(reached.ended)],
        Source::Share(reached, _) => [Some(reached.standing), None],
        Source::Portion(Running(ledger, _), _) => [Some(ledger), None],
        Source::Employment(_) | Source::Converted | Source::Process(_) => [None, None],
    }
}

/// What a cell of a period's key adds to a source's value in a period, if anything.
pub(super) fn value(source: Source, period: Period, key: i32, amounts: Amounts) -> Option<i64> {
    let (first, last) = period.month_keys();
    let measured = |measure| match measure {
        Measure::Count => amounts.n,
        Measure::Quantity => amounts.quantity,
        Measure::Amount => amounts.amount_fen,
    };
    match source {
        Source::Activity(_, measure) | Source::PerDay(_, measure) => {
            (first..=last).contains(&key).then(|| measured(measure))
        }
        Source::Cumulative(_, measure, _) => (key <= last).then(|| measured(measure)),
        Source::Standing(_) => (key <= last).then_some(amounts.n),
        Source::Portion(Running(_, measure), _) => (key <= last).then(|| measured(measure)),
        Source::Distinct(_) | Source::Share(..) => (key == period.key()).then_some(amounts.n),
        Source::Employment(_) | Source::Converted | Source::Process(_) => None,
    }
}

fn add(sum: i64, more: i64) -> Result<i64> {
    sum.checked_add(more).ok_or_else(|| Error::internal("a statistic is past i64"))
}
