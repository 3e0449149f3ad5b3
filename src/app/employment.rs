//! What is told of the members of organisations: those with disabilities, and what members earn. It is counted from the rows when it
//! is asked, and what tells of few persons is hidden.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    statistics::{Figure, Hidden, Statistic},
    timeliness::Groups,
};
use crate::{
    db::{
        Conn,
        service_points::ServicePoint,
        workers::{self, Disabled, Wage},
    },
    domain::{
        Day, Id, Month, Period,
        metrics::{Employment, Metric},
        small_cells::{Detail, SmallCells},
    },
    error::{Error, Result},
};

/// The day on which it is looked who belongs to an organisation.
pub(super) fn day_of(period: Period, today: Day) -> Day {
    period.last_day().map_or(today, |last| last.min(today))
}

/// The days on which months begin whose wages are told.
pub(super) fn months_of(period: Period, today: Day) -> (Day, Day) {
    (period.first_day(), period.last_day().map_or(today, |last| last.min(today)))
}

/// The whole network's rows of a period: what is hidden at a point depends on what stands beside it.
pub(super) struct Employees {
    disabled: Vec<Disabled>,
    wages: Vec<Wage>,
    disabled_cells: SmallCells,
    /// Month by month: a period is told when each of its months is, or else the month that is not would be what is left of the others.
    wage_cells: BTreeMap<Month, SmallCells>,
}

impl Employees {
    /// Reads them.
    ///
    /// # Errors
    /// The database's own.
    pub fn of(conn: &mut Conn, period: Period, today: Day) -> Result<Self> {
        let disabled = workers::disabled(conn, day_of(period, today))?;
        let wages = workers::wages(conn, months_of(period, today))?;
        let (mut disabled_cells, mut wage_cells) = (SmallCells::default(), BTreeMap::<Month, SmallCells>::new());
        for row in &disabled {
            disabled_cells.enter(&row.path.ids(), row.member_id, Some(&row.role));
        }
        for wage in &wages {
            let cells = wage_cells.entry(wage.on_day.month()).or_default();
            cells.enter(&wage.path.ids(), wage.member_id.unwrap_or(wage.entry_id), None);
        }
        Ok(Self { disabled, wages, disabled_cells, wage_cells })
    }

    /// One metric of a point and its children.
    ///
    /// # Errors
    /// A sum is past i64.
    pub fn statistic(
        &self,
        metric: &'static Metric,
        employment: Employment,
        (point, children): (&ServicePoint, &[ServicePoint]),
    ) -> Result<Statistic> {
        let groups = Groups::of(point, children);
        let mut by_kind = BTreeMap::new();
        let (figures, total, cells) = match employment {
            Employment::Disabled => {
                let (mut persons, mut roles) = (vec![BTreeSet::new(); groups.len()], BTreeMap::new());
                for row in &self.disabled {
                    let Some(at) = groups.at(&row.path) else { continue };
                    persons.get_mut(at).into_iter().for_each(|persons: &mut BTreeSet<Id>| {
                        persons.insert(row.member_id);
                    });
                    roles.entry(row.role.clone()).or_insert_with(BTreeSet::new).insert(row.member_id);
                }
                by_kind.extend(roles.into_iter().map(|(role, persons)| (role, count(&persons))));
                let figures: Vec<Figure> =
                    persons.iter().map(|persons| Figure { value: count(persons), of: None }).collect();
                let value = figures.iter().map(|figure| figure.value).sum();
                (figures, Figure { value, of: None }, vec![&self.disabled_cells])
            }
            Employment::MeanWage | Employment::MedianWage => {
                let mut amounts: Vec<Vec<i64>> = vec![Vec::new(); groups.len()];
                for wage in &self.wages {
                    let at = groups.at(&wage.path).and_then(|at| amounts.get_mut(at));
                    at.into_iter().for_each(|amounts| amounts.push(wage.amount_fen));
                }
                let all: Vec<i64> = amounts.iter().flatten().copied().collect();
                let figure = |amounts: &[i64]| told(employment, amounts);
                let figures = amounts.iter().map(|amounts| figure(amounts)).collect::<Result<Vec<Figure>>>()?;
                (figures, figure(&all)?, self.wage_cells.values().collect())
            }
        };
        let way = point.path.ids();
        let hidden = Hidden {
            total: !cells.iter().all(|cells| cells.shows(&way, Detail::Whole)),
            parts: !cells.iter().all(|cells| cells.shows_parts(&way, Detail::Whole)),
            kinds: !cells.iter().all(|cells| cells.shows(&way, Detail::Kinds)),
        };
        Ok(Statistic {
            total,
            own: figures.first().copied().unwrap_or_default(),
            by_child: figures.get(1..).unwrap_or_default().to_vec(),
            by_kind,
            hidden,
            ..Statistic::of(metric)
        })
    }
}

fn count(persons: &BTreeSet<Id>) -> i64 {
    i64::try_from(persons.len()).unwrap_or(i64::MAX)
}

/// What some wages come to: their sum beside their number, or the one in the middle.
fn told(employment: Employment, amounts: &[i64]) -> Result<Figure> {
    if employment == Employment::MedianWage {
        return Ok(Figure { value: median(amounts), of: None });
    }
    let sum = amounts.iter().try_fold(0_i64, |sum, more| sum.checked_add(*more));
    let value = sum.ok_or_else(|| Error::internal("a sum of wages is past i64"))?;
    Ok(Figure { value, of: i64::try_from(amounts.len()).ok() })
}

/// The one in the middle, or the mean of the two, rounded to the nearest; 0 of none.
fn median(amounts: &[i64]) -> i64 {
    let mut amounts = amounts.to_vec();
    amounts.sort_unstable();
    let middle = amounts.len() / 2;
    match (amounts.get(middle), amounts.len() % 2) {
        (Some(one), 1) => *one,
        (Some(other), _) => {
            let one = amounts.get(middle.wrapping_sub(1)).copied().unwrap_or_default();
            one + (other - one + 1) / 2
        }
        (None, _) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_is_the_one_in_the_middle() {
        assert_eq!([median(&[]), median(&[7]), median(&[9, 1, 5])], [0, 7, 5]);
        assert_eq!([median(&[1, 2]), median(&[4, 10, 2, 8]), median(&[3, 3])], [2, 6, 3]);
    }
}
