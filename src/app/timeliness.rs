//! How the points of a subtree stand with their reports, and the metrics of the process itself.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::statistics::{Figure, Statistic};
use crate::{
    auth::{Tx, can},
    db::{
        Conn, reporting_rules,
        reports::{self, Place},
        service_points::{self, ServicePoint},
    },
    domain::{
        Day, Id, Instant, Month, Period, PointPath,
        access::{Area, Reach},
        codes::{ReportDecision, ReportState, Timeliness},
        metrics::{Metric, Process},
        policy::Extent,
        reports::is_expected,
        timeliness::{Counts, Facts, Rules},
    },
    error::Result,
};

/// What there is to know about the reports of some points in some months.
#[derive(Debug)]
pub(super) struct Book {
    /// The points, in the order of the tree.
    pub places: Vec<Place>,
    rules: Rules,
    begun: HashMap<(Id, Month), (Id, ReportState, Option<Instant>)>,
    waived: HashSet<(Id, Month)>,
    today: Day,
}

impl Book {
    /// Reads it, in a few statements.
    ///
    /// # Errors
    /// The database's own.
    pub fn read(conn: &mut Conn, reach: &Reach, months: (Month, Month), today: Day) -> Result<Self> {
        let places = reports::places(conn, reach)?;
        let rules = reporting_rules::rules(conn)?;
        let waived = reports::waived(conn, reach, months)?.into_iter().collect();
        let mut kept: HashMap<Id, Instant> = HashMap::new();
        for (report, at) in reports::kept(conn, reach, months)? {
            kept.entry(report).or_insert(at);
        }
        let mut begun = HashMap::new();
        for row in reports::begun(conn, reach, months)? {
            // One that was sent in once and not taken back was sent in when it was made.
            let once = row.submission == 1 && row.state != ReportState::Open;
            let sent = if once { Some(row.created_at) } else { kept.get(&row.id).copied() };
            begun.insert((row.service_point_id, row.month), (row.id, row.state, sent));
        }
        Ok(Self { places, rules, begun, waived, today })
    }

    fn facts(&self, place: &Place, month: Month) -> Facts {
        let begun = self.begun.get(&(place.id, month));
        Facts {
            is_expected: is_expected(place.status, place.opened_on, place.closed_on, month),
            is_waived: self.waived.contains(&(place.id, month)),
            sent: begun.and_then(|(_, _, sent)| *sent).map(Instant::day),
            stands: begun.is_some_and(|(_, state, _)| state.closes()),
        }
    }

    fn due(&self, place: &Place, month: Month) -> Day {
        self.rules.of(place.tier, month).due(month)
    }

    fn class(&self, place: &Place, month: Month) -> Timeliness {
        self.facts(place, month).class(self.due(place, month), self.today)
    }

    /// Whether a point is to be reminded.
    pub fn is_outstanding(&self, place: &Place, month: Month) -> bool {
        self.facts(place, month).is_outstanding(self.due(place, month), self.today)
    }

    /// The report of a point, if it was begun.
    pub fn report(&self, point: Id, month: Month) -> Option<Id> {
        self.begun.get(&(point, month)).map(|(id, _, _)| *id)
    }
}

/// How a point stands, with everything below it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The point.
    pub point: ServicePoint,
    /// How it stands itself.
    pub own: Timeliness,
    /// The last day on which its own report is on time.
    pub due: Day,
    /// When its own report was sent in first, without what it took back.
    pub sent_at: Option<Instant>,
    /// It and everything below it.
    pub total: Counts,
}

/// How a subtree stands for a month: its top, and each child. `total = own + Σ children`.
#[derive(Clone, Debug)]
pub struct Timely {
    /// The top.
    pub top: Standing,
    /// Its children, in the order of the tree.
    pub children: Vec<Standing>,
}

/// How the points of a subtree stand with their reports for a month.
///
/// # Errors
/// There is no such point within reach.
pub fn of_point(tx: &mut Tx<'_, can::ReadReports>, id: Id, month: Month) -> Result<Timely> {
    let (point, today) = (tx.find(id, service_points::find)?, tx.today());
    let children = service_points::children(tx.conn(), id)?;
    let book = Book::read(tx.conn(), &subtree(&point.path), (month, month), today)?;
    let groups = Groups::of(&point, &children);
    let mut own: Vec<Option<(Timeliness, Day, Option<Instant>)>> = vec![None; groups.len()];
    let mut totals = vec![Counts::default(); groups.len()];
    for place in &book.places {
        let Some(at) = groups.at(&place.path) else { continue };
        let class = book.class(place, month);
        totals[at].add(class);
        if place.path.depth() <= point.path.depth() + 1 {
            let sent = book.begun.get(&(place.id, month)).and_then(|(_, _, sent)| *sent);
            own[at] = Some((class, book.due(place, month), sent));
        }
    }
    let whole = totals.iter().fold(Counts::default(), |sum, more| sum.plus(more));
    let standing = |at: usize, point: ServicePoint, total: Counts| {
        own[at].map(|(own, due, sent_at)| Standing { point, own, due, sent_at, total })
    };
    let below = children.into_iter().enumerate().filter_map(|(at, child)| standing(at + 1, child, totals[at + 1]));
    let below = below.collect();
    let top = standing(0, point, whole).ok_or(crate::error::Error::NotFound)?;
    Ok(Timely { top, children: below })
}

fn subtree(top: &PointPath) -> Reach {
    Reach::new(vec![Area { path: top.clone(), extent: Extent::Subtree }])
}

/// Which part of a subtree a point belongs to: 0 is the top itself, the others are its children's subtrees in their order.
pub(super) struct Groups {
    top: PointPath,
    places: HashMap<Id, usize>,
}

impl Groups {
    pub fn of(point: &ServicePoint, children: &[ServicePoint]) -> Self {
        let places = children.iter().enumerate().map(|(at, child)| (child.id, at + 1)).collect();
        Self { top: point.path.clone(), places }
    }

    pub fn len(&self) -> usize {
        self.places.len() + 1
    }

    /// The part that a point belongs to; none outside of the subtree, so that nothing of other branches is counted here.
    pub fn at(&self, path: &PointPath) -> Option<usize> {
        if !self.top.contains(path) {
            return None;
        }
        match path.ids().get(self.top.depth()) {
            None => Some(0),
            Some(child) => self.places.get(child).copied(),
        }
    }
}

/// The months of a period, up to the present one. All time begins with the first month for which there is a report.
fn months(conn: &mut Conn, period: Period, today: Day) -> Result<Vec<Month>> {
    let past = |month: &Month| *month <= today.month();
    Ok(match period {
        Period::Month(month) => vec![month],
        Period::Quarter { .. } | Period::Year(_) => period.months().into_iter().filter(past).collect(),
        Period::All => {
            let first = reports::first_month(conn)?;
            std::iter::successors(first, |month| Some(month.next())).take_while(past).collect()
        }
    })
}

/// Whole hours, rounded to the nearest.
fn hours_between(from: Instant, to: Instant) -> i64 {
    (to.seconds_since(from) + 1_800) / 3_600
}

/// The reports behind a metric of the process, by month and id: the point, and what each adds.
///
/// # Errors
/// The database's own.
pub(super) fn reports_behind(
    conn: &mut Conn,
    reach: &Reach,
    (process, period): (Process, Period),
    today: Day,
) -> Result<BTreeMap<(Month, Id), (Id, i64)>> {
    let mut rows: BTreeMap<(Month, Id), (Id, i64)> = BTreeMap::new();
    let months = months(conn, period, today)?;
    let (Some(first), Some(last)) = (months.first().copied(), months.last().copied()) else { return Ok(rows) };
    let book = Book::read(conn, reach, (first, last), today)?;
    let mut add = |point: Id, month: Month, value: i64| {
        if let Some(report) = book.report(point, month) {
            rows.entry((month, report)).or_insert((point, 0)).1 += value;
        }
    };
    if process == Process::OnTime {
        for place in &book.places {
            let on_time = months.iter().filter(|month| book.class(place, **month) == Timeliness::OnTime);
            on_time.for_each(|month| add(place.id, *month, 1));
        }
        return Ok(rows);
    }
    for row in reports::decided(conn, reach, (first, last))? {
        let value = match (process, row.decision, row.decided_at) {
            (Process::Returned, decision, _) => i64::from(decision == Some(ReportDecision::Returned)),
            (_, Some(ReportDecision::Reopened), _) | (_, _, None) => 0,
            (_, _, Some(decided_at)) => hours_between(row.submitted_at, decided_at),
        };
        add(row.service_point_id, row.month, value);
    }
    rows.retain(|_, (_, value)| *value != 0);
    Ok(rows)
}

/// A sum, and the number of what it is a sum over.
type Part = (i64, i64);

/// What is told of the reports of a subtree in a period.
pub(super) struct Told {
    by_month: bool,
    /// The months, and in each of them, for each part of the subtree: on time, returned, hours.
    months: Vec<(Month, Vec<[Part; 3]>)>,
    groups: usize,
}

impl Told {
    /// Reads it. All time begins with the first month for which there is a report.
    ///
    /// # Errors
    /// The database's own.
    pub fn of(
        conn: &mut Conn,
        point: &ServicePoint,
        children: &[ServicePoint],
        period: Period,
        today: Day,
    ) -> Result<Self> {
        let groups = Groups::of(point, children);
        let months = months(conn, period, today)?;
        let by_month = matches!(period, Period::Quarter { .. } | Period::Year(_));
        let (Some(first), Some(last)) = (months.first().copied(), months.last().copied()) else {
            return Ok(Self { by_month, months: Vec::new(), groups: groups.len() });
        };
        let reach = subtree(&point.path);
        let book = Book::read(conn, &reach, (first, last), today)?;
        let places: Vec<(&Place, usize)> =
            book.places.iter().filter_map(|place| Some((place, groups.at(&place.path)?))).collect();
        let at: HashMap<Id, usize> = places.iter().map(|(place, at)| (place.id, *at)).collect();
        let mut told: Vec<(Month, Vec<[Part; 3]>)> =
            months.into_iter().map(|month| (month, vec![[(0, 0); 3]; groups.len()])).collect();
        for (month, parts) in &mut told {
            for (place, at) in &places {
                let mut counts = Counts::default();
                counts.add(book.class(place, *month));
                let on_time = &mut parts[*at][Process::OnTime as usize];
                *on_time = (on_time.0 + counts.of(Timeliness::OnTime), on_time.1 + counts.due());
            }
        }
        for row in reports::decided(conn, &reach, (first, last))? {
            let parts = told.iter_mut().find(|(month, _)| *month == row.month).map(|(_, parts)| parts);
            let (Some(parts), Some(at)) = (parts, at.get(&row.service_point_id)) else { continue };
            let returned = &mut parts[*at][Process::Returned as usize];
            *returned = (returned.0 + i64::from(row.decision == Some(ReportDecision::Returned)), returned.1 + 1);
            // When one that was opened again had been approved is not kept beside it.
            let decided_at = row.decided_at.filter(|_| row.decision != Some(ReportDecision::Reopened));
            if let Some(decided_at) = decided_at {
                let hours = &mut parts[*at][Process::ReviewHours as usize];
                *hours = (hours.0 + hours_between(row.submitted_at, decided_at), hours.1 + 1);
            }
        }
        Ok(Self { by_month, months: told, groups: groups.len() })
    }

    /// One metric of it.
    pub fn statistic(&self, metric: &'static Metric, process: Process) -> Statistic {
        let part = |parts: &[[Part; 3]], at: usize| parts[at][process as usize];
        let figure = |parts: &mut dyn Iterator<Item = Part>| {
            let (value, of) = parts.fold((0, 0), |sum, more| (sum.0 + more.0, sum.1 + more.1));
            Figure { value, of: Some(of) }
        };
        let group = |at: usize| figure(&mut self.months.iter().map(|(_, parts)| part(parts, at)));
        let whole = |parts: &[[Part; 3]]| figure(&mut (0..self.groups).map(|at| part(parts, at)));
        let all = self.months.iter().flat_map(|(_, parts)| (0..self.groups).map(move |at| part(parts, at)));
        let total = figure(&mut all.into_iter());
        let by_month = self.months.iter().filter(|_| self.by_month).map(|(month, parts)| (*month, whole(parts)));
        Statistic {
            total,
            own: group(0),
            by_child: (1..self.groups).map(group).collect(),
            by_month: by_month.collect(),
            ..Statistic::of(metric)
        }
    }
}
