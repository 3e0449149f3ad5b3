//! Whether training leads to stores: of the persons trained in a period, those whose household opened a store within twelve
//! months after. Counted from the rows when it is asked.

use std::collections::HashMap;

use super::{
    statistics::{Figure, Statistic},
    timeliness::Groups,
};
use crate::{
    db::{
        Conn,
        service_points::ServicePoint,
        trainees::{self, Trainee},
    },
    domain::{
        Day, Id, Period,
        access::{Area, Reach},
        metrics::Metric,
        policy::Extent,
    },
    error::Result,
};

/// The persons trained in a period within reach, each with whether the household opened a store in time.
///
/// # Errors
/// The database's own.
pub(super) fn persons(conn: &mut Conn, reach: &Reach, period: Period, today: Day) -> Result<Vec<(Trainee, bool)>> {
    let last = period.last_day().unwrap_or(today);
    let trained = trainees::of(conn, reach, (period.first_day(), last), last)?;
    let begin = trained.iter().map(|trainee| trainee.first_day).min();
    let Some(begin) = begin else { return Ok(Vec::new()) };
    let mut opened: HashMap<Id, Vec<Day>> = HashMap::new();
    for (household, day) in trainees::stores_opened(conn, (begin, last.plus_year()))? {
        if let Some(household) = household {
            opened.entry(household).or_default().push(day);
        }
    }
    let in_time = |trainee: &Trainee| {
        let year = trainee.first_day..=trainee.first_day.plus_year();
        opened.get(&trainee.household_id).into_iter().flatten().any(|day| year.contains(day))
    };
    let judged = |trainee: Trainee| {
        let in_time = in_time(&trainee);
        (trainee, in_time)
    };
    Ok(trained.into_iter().map(judged).collect())
}

/// The figures of a point and its children.
pub(super) struct Conversion {
    persons: Vec<(Trainee, bool)>,
}

impl Conversion {
    /// Counts them.
    ///
    /// # Errors
    /// The database's own.
    pub fn of(conn: &mut Conn, point: &ServicePoint, period: Period, today: Day) -> Result<Self> {
        let reach = Reach::new(vec![Area { path: point.path.clone(), extent: Extent::Subtree }]);
        Ok(Self { persons: persons(conn, &reach, period, today)? })
    }

    /// As a metric of them.
    pub fn statistic(&self, metric: &'static Metric, point: &ServicePoint, children: &[ServicePoint]) -> Statistic {
        let groups = Groups::of(point, children);
        let mut figures = vec![Figure { value: 0, of: Some(0) }; groups.len()];
        for (trainee, in_time) in &self.persons {
            if let Some(figure) = groups.at(&trainee.path).and_then(|at| figures.get_mut(at)) {
                figure.value += i64::from(*in_time);
                figure.of = figure.of.map(|of| of + 1);
            }
        }
        let sum = |of: fn(&Figure) -> i64| figures.iter().map(of).sum();
        let total = Figure { value: sum(|figure| figure.value), of: Some(sum(|figure| figure.of.unwrap_or_default())) };
        Statistic {
            total,
            own: figures.first().copied().unwrap_or_default(),
            by_child: figures.get(1..).unwrap_or_default().to_vec(),
            ..Statistic::of(metric)
        }
    }
}
