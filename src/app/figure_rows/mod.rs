//! The rows behind a figure: the records, households, villages or stores that it counts, each with what it adds. Their values add
//! up to the figure, and each is what the metric's definition makes of the row's own history.

mod ledgers;
mod registers;

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Paged, Want,
    input::Faults,
    roll_up::lifted_with,
    statistics::{REGISTRY, ledgers as ledgers_of, value},
    timeliness,
};
use crate::{
    auth::{Tx, can},
    db::{
        Conn,
        assistance_records::{self, Filter},
        figure_rows::{self, Counts},
        household_members,
        households::{self, Household, HouseholdSpan},
        presence::{self, Months},
        register_items, reports, service_points,
    },
    domain::{
        Day, Id, Month, Period,
        access::{Area, Reach},
        codes::{ChildState, RecordState},
        metrics::{
            ASSISTANCE, ASSISTED, Employment, HOUSEHOLD, LIFTED, Measure, Metric, PARTNERS, PAYMENTS, PERSONS,
            PERSONS_LIFTED, POLICIES, POLICIES_ISSUED, Process, REGISTERED, Running, SALES, SERVING, SITES, STORES,
            STORES_ACTIVE, STORES_OPENED, Source, TRAINED, VILLAGES,
        },
        policy::Extent,
        roll_up::{ANY, Subject},
    },
    error::{Error, Fault, Result},
};

/// What the ledger of wages is called here; no cell holds one.
const WAGES: &str = "wages";

/// So many candidates are looked at together.
const BATCH: i64 = 200;

/// Which part of a point's figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The whole subtree's.
    #[default]
    Total,
    /// What the point did itself.
    Own,
}

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Records of assistance.
    AssistanceRecord,
    /// Households.
    Household,
    /// Village points.
    ServicePoint,
    /// Monthly reports.
    Report,
    /// Entries of ledgers: sales, livestreams, training sessions, attendances, parcels, wages, benefits, payments.
    LedgerEntry,
    /// Stores.
    Store,
    /// Members of households.
    Member,
    /// Items of catalogues: partners, policy documents, opening balances.
    CatalogueItem,
    /// Items of registers: logistics sites.
    RegisterItem,
}

/// Which figure.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The metric. For a share, the rows are those that it counts; those that it is a part of are behind a metric of their own.
    pub metric: &'static Metric,
    /// Over what.
    pub period: Period,
    /// The figure of one kind of assistance.
    pub kind: Option<String>,
    /// The figure of one type of household, or kind of village.
    pub class: Option<String>,
}

impl Asked {
    /// A figure as it is asked for.
    ///
    /// # Errors
    /// The metric is unknown, or is not told by kind or by type.
    pub fn new(metric: &str, period: Period, kind: Option<String>, class: Option<String>) -> Result<Self> {
        let metric = Metric::by_code(metric)
            .ok_or_else(|| Error::Invalid(vec![Fault::new("metric", "unknown_code").with("list", REGISTRY)]))?;
        let mut faults = Faults::default();
        faults.unless(kind.is_none() || metric.has_kinds(), "kind", "not_divided");
        faults.unless(class.is_none() || metric.has_types(), "type", "not_divided");
        faults.finish()?;
        Ok(Self { metric, period, kind, class })
    }

    fn kind(&self) -> &str {
        self.kind.as_deref().unwrap_or(ANY)
    }

    /// The same figure; of what runs on from month to month, without what takes effect in months to come: an agreement that begins
    /// then, and a point, a store or a site whose last day is the last one of this month. Statistics leave it out as well.
    fn until_now(&self, today: Day) -> Self {
        let now = today.month();
        let runs_on = matches!(self.metric.source, Source::Standing(_) | Source::Portion(..) | Source::Cumulative(..));
        let lies_ahead = self.period.last_day().is_none_or(|last| last > now.last_day());
        Self { period: if runs_on && lies_ahead { Period::Month(now) } else { self.period }, ..self.clone() }
    }

    /// The days of the period, as far as there can be any.
    fn days(&self, today: Day) -> (Day, Day) {
        (self.period.first_day(), self.period.last_day().unwrap_or(today))
    }
}

/// A row behind a figure.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it is.
    pub counted: Counted,
    /// Which one.
    pub id: Id,
    /// Whether it lies within the caller's reach still: a household may have moved away since.
    pub is_seen: bool,
    /// The point that it counts at.
    pub service_point_id: Id,
    /// The kind by which it counts: a record's kind, an entry's channel or topic, or the id of its platform, product or campaign.
    pub kind: Option<String>,
    /// A household's type, a village's kind or a store's platform, as it counts.
    pub class: Option<String>,
    /// When a record was given or an entry made, a household registered, a village or a store opened; the first day of a report's
    /// month; the day from which on an opening balance counts.
    pub on: Option<Day>,
    /// What it adds.
    pub value: i64,
}

/// Where a page of rows ended.
pub type RowKey = (Option<Day>, Id);

/// The rows behind a figure of a point.
///
/// # Errors
/// There is no such point within reach.
pub fn of_point(
    tx: &mut Tx<'_, can::ReadHouseholds>,
    id: Id,
    part: Part,
    asked: &Asked,
    want: &Want<RowKey>,
) -> Result<Paged<Row>> {
    let path = tx.find(id, service_points::find)?.path;
    let extent = match part {
        Part::Total => Extent::Subtree,
        Part::Own => Extent::Own,
    };
    rows(tx, &Reach::new(vec![Area { path, extent }]), asked, want)
}

/// The rows behind a figure of a report: without those of the children that were waived.
///
/// # Errors
/// There is no such report within reach.
pub fn of_report(
    tx: &mut Tx<'_, can::ReadHouseholds>,
    id: Id,
    asked: impl FnOnce(Month) -> Result<Asked>,
    want: &Want<RowKey>,
) -> Result<Paged<Row>> {
    let report = tx.find(id, reports::find)?;
    let path = tx.find(report.service_point_id, service_points::find)?.path;
    let mut areas = vec![Area { path, extent: Extent::Own }];
    for child in reports::children(tx.conn(), id, report.submission)? {
        let point =
            service_points::find(tx.conn(), child.service_point_id)?.filter(|_| child.state != ChildState::Waived);
        areas.extend(point.map(|point| Area { path: point.path().clone(), extent: Extent::Subtree }));
    }
    rows(tx, &Reach::new(areas), &asked(report.month)?, want)
}

fn rows(tx: &mut Tx<'_, can::ReadHouseholds>, reach: &Reach, asked: &Asked, want: &Want<RowKey>) -> Result<Paged<Row>> {
    let asked = &asked.until_now(tx.today());
    match asked.metric.source {
        Source::Activity(ASSISTANCE, measure) => records(tx, reach, asked, measure, want),
        Source::Activity(ledger, measure) | Source::PerDay(ledger, measure) => {
            ledgers::entries(tx, reach, asked, (ledger, measure, None), want)
        }
        Source::Cumulative(SALES, measure, _) => {
            let metric = Some(asked.metric.code);
            ledgers::entries(tx, reach, asked, (SALES, measure, metric), want)
        }
        Source::Process(process) => reports_of(tx, reach, asked, process, want),
        Source::Converted => ledgers::converted(tx, reach, asked, want),
        Source::Distinct(TRAINED) | Source::Cumulative(..) => ledgers::trainees(tx, reach, asked, want),
        Source::Standing(PARTNERS) => ledgers::partners(tx, reach, asked, want),
        Source::Standing(POLICIES) | Source::Distinct(POLICIES_ISSUED) => registers::policies(tx, reach, asked, want),
        Source::Standing(SITES) => registers::sites(tx, reach, asked, want),
        Source::Portion(Running(PAYMENTS, measure), _) => {
            ledgers::entries(tx, reach, asked, (PAYMENTS, measure, None), want)
        }
        Source::Portion(..) => registers::equipped_villages(tx, reach, asked, want),
        Source::Employment(Employment::Disabled) => registers::disabled(tx, reach, asked, want),
        Source::Employment(_) => ledgers::entries(tx, reach, asked, (WAGES, Measure::Amount, None), want),
        Source::Standing(STORES)
        | Source::Distinct(STORES_OPENED | STORES_ACTIVE)
        | Source::Share(STORES_ACTIVE, _) => ledgers::stores(tx, reach, asked, want),
        Source::Standing(VILLAGES) | Source::Distinct(SERVING) | Source::Share(SERVING, _) => {
            registers::villages(tx, reach, asked, want)
        }
        Source::Standing(_) | Source::Distinct(_) | Source::Share(..) => households(tx, reach, asked, want),
    }
}

fn records(
    tx: &mut Tx<'_, can::ReadHouseholds>,
    reach: &Reach,
    asked: &Asked,
    measure: Measure,
    want: &Want<RowKey>,
) -> Result<Paged<Row>> {
    let (from, to) = asked.days(tx.today());
    let (household_id, subkind, state) = (None, None, Some(RecordState::Active));
    let filter = Filter { from, to, household_id, kind: asked.kind.clone(), subkind, state };
    let after = want.after.and_then(|(day, id)| Some((day?, id)));
    let found = assistance_records::page(tx.conn(), reach, &filter, after, want.fetch())?;
    let row = |record: assistance_records::AssistanceRecord| Row {
        counted: Counted::AssistanceRecord,
        id: record.id,
        is_seen: true,
        service_point_id: record.service_point_id,
        class: None,
        on: Some(record.given_on),
        value: match measure {
            Measure::Count => 1,
            Measure::Quantity => record.quantity,
            Measure::Amount => record.amount_fen.unwrap_or_default(),
        },
        kind: Some(record.kind),
    };
    Ok(want.page(found.into_iter().map(row).collect(), None))
}

fn reports_of(
    tx: &mut Tx<'_, can::ReadHouseholds>,
    reach: &Reach,
    asked: &Asked,
    process: Process,
    want: &Want<RowKey>,
) -> Result<Paged<Row>> {
    let today = tx.today();
    let after = want.after.and_then(|(day, id)| Some((day?.month(), id)));
    let found = timeliness::reports_behind(tx.conn(), reach, (process, asked.period), today)?;
    let rows = found.into_iter().filter(|(key, _)| after.is_none_or(|after| *key > after));
    let row = |((month, id), (service_point_id, value)): ((Month, Id), (Id, i64))| Row {
        counted: Counted::Report,
        id,
        is_seen: true,
        service_point_id,
        kind: None,
        class: None,
        on: Some(month.first_day()),
        value,
    };
    let rows = rows.map(row).take(usize::try_from(want.fetch()).unwrap_or_default());
    Ok(want.page(rows.collect(), None))
}

fn households(
    tx: &mut Tx<'_, can::ReadHouseholds>,
    reach: &Reach,
    asked: &Asked,
    want: &Want<RowKey>,
) -> Result<Paged<Row>> {
    let (first, last) = asked.days(tx.today());
    let counts = match asked.metric.source {
        Source::Distinct(REGISTERED) => Counts::Registered(first, last),
        Source::Distinct(ASSISTED) | Source::Share(ASSISTED, _) => {
            Counts::Reached(asked.kind(), asked.period.month_keys())
        }
        Source::Standing(LIFTED | PERSONS_LIFTED) => Counts::Lifted,
        _ => Counts::Always,
    };
    let points: HashSet<Id> = figure_rows::points(tx.conn(), reach)?.into_iter().collect();
    let (seen, mut found) = (tx.reach()?, Vec::new());
    gather(want, &mut found, |after| {
        let ids = figure_rows::households(tx.conn(), reach, counts, after, BATCH)?;
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(placed) = households::find(tx.conn(), id)? else { continue };
            let household = placed.origin(Household::clone);
            let subject = subject(tx.conn(), &household, asked)?;
            let row = added(&subject, asked, &points).map(|(service_point_id, class, value)| Row {
                counted: Counted::Household,
                id,
                is_seen: seen.covers(placed.path()),
                service_point_id,
                kind: None,
                class: Some(class),
                on: Some(household.registered_on),
                value,
            });
            rows.push((id, row));
        }
        Ok(rows)
    })?;
    Ok(want.page(found, None))
}

/// Looks at candidates, in the order of their ids, until there are rows enough.
fn gather(
    want: &Want<RowKey>,
    found: &mut Vec<Row>,
    mut batch: impl FnMut(Option<Id>) -> Result<Vec<(Id, Option<Row>)>>,
) -> Result<()> {
    let mut after = want.after.map(|(_, id)| id);
    loop {
        let candidates = batch(after)?;
        let Some((last, _)) = candidates.last() else { return Ok(()) };
        after = Some(*last);
        found.extend(candidates.into_iter().filter_map(|(_, row)| row));
        if found.len() as i64 >= want.fetch() {
            return Ok(());
        }
    }
}

/// A household, as far as the figure needs it.
fn subject(conn: &mut Conn, household: &Household, asked: &Asked) -> Result<Subject> {
    let spans = households::spans(conn, household.id)?;
    let persons = match asked.metric.source {
        Source::Standing(PERSONS | PERSONS_LIFTED) => household_members::of_household(conn, household.id)?,
        _ => Vec::new(),
    };
    if let Source::Standing(LIFTED | PERSONS_LIFTED) = asked.metric.source {
        return Ok(lifted_with(&spans, &persons, &register_items::of_household(conn, household.id)?));
    }
    let presence = match asked.metric.source {
        Source::Distinct(ASSISTED) | Source::Share(ASSISTED, _) => {
            presence::of_household(conn, household.id, Some([asked.kind(); 3]))?
        }
        _ => Months::new(),
    };
    Ok(Subject {
        ledgers: &HOUSEHOLD,
        spans: spans.iter().map(HouseholdSpan::counted).collect(),
        enrolled_on: Some(household.registered_on),
        persons: persons.iter().map(|member| (member.joined_on, member.left_on)).collect(),
        presence,
    })
}

/// What a subject adds to the figure at one of the points, as what; it counts at one point at most.
fn added(subject: &Subject, asked: &Asked, points: &HashSet<Id>) -> Option<(Id, String, i64)> {
    let source = asked.metric.source;
    let mut sums: BTreeMap<(Id, String), i64> = BTreeMap::new();
    for (key, amounts) in subject.tally().cells() {
        let is_wanted = ledgers_of(source).contains(&Some(key.ledger))
            && points.contains(&key.point)
            && key.kind == asked.kind()
            && asked.class.as_ref().is_none_or(|class| *class == key.class);
        if let Some(value) = value(source, asked.period, key.period, amounts).filter(|_| is_wanted) {
            *sums.entry((key.point, key.class.clone())).or_default() += value;
        }
    }
    sums.into_iter().find(|(_, value)| *value != 0).map(|((point, class), value)| (point, class, value))
}
