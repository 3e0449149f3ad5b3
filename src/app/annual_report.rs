//! The annual report: every headline of a point and a year, computed from rows and opening balances when it is asked for, each
//! with its definition, its numerator and denominator, and the year before.

use std::collections::HashMap;

use super::statistics::{self, Figure, Statistic};
use crate::{
    auth::{Tx, can},
    db::{
        Conn,
        catalogue_items::{self, CatalogueItem},
        installation,
        service_points::{self, ServicePoint},
    },
    domain::{
        Day, Id, Period,
        access::{Area, Reach},
        codes::{CODE_LISTS, Catalogue},
        metrics::{
            ATTENDANCES, LIVESTREAMS, METRICS, Metric, Names, SALES, SALES_CAMPAIGNS, SALES_PLATFORMS, SALES_PRODUCTS,
            STORES_ACTIVE, Source, TRAINED, TRAINED_EVER, TRAINING_SESSIONS,
        },
        policy::{Action, Extent},
    },
    error::Result,
};

/// The metrics that the report states, in its order.
const HEADLINES: &[&str] = &[
    "stores",
    "stores_opened",
    "stores_active",
    "stores_active_share",
    "sales_amount",
    "sales_orders",
    "orders_per_day",
    "sales_cumulative",
    "platform_sales",
    "product_sales",
    "campaign_sales",
    "livestream_sessions",
    "livestream_sales",
    "partners",
    "training_sessions",
    "training_attendances",
    "persons_trained",
    "persons_trained_cumulative",
    "training_conversion_share",
    "logistics_sites",
    "villages_covered_share",
    "parcels",
    "villages_broadband_share",
    "villages_mobile_network_share",
    "villages_paved_road_share",
    "villages_three_phase_power_share",
    "members_disabled",
    "wage_mean",
    "wage_median",
    "households_lifted",
    "persons_lifted",
    "benefit_amount",
    "policy_documents",
    "policy_documents_issued",
    "project_payments",
    "project_paid_share",
    "households",
    "persons",
    "households_assisted",
    "households_assisted_share",
    "assistance_count",
    "villages",
    "villages_serving_share",
];

/// How the report divides a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// By kind: channel, platform, product, campaign, topic.
    Kind,
    /// By type: the platform of stores, the kind of partners.
    Type,
    /// By the points just below.
    Child,
    /// By month.
    Month,
}

/// The figures that the report divides, in its order.
const BREAKDOWNS: &[(&str, By)] = &[
    ("stores", By::Type),
    ("sales_amount", By::Kind),
    ("platform_sales", By::Kind),
    ("product_sales", By::Kind),
    ("campaign_sales", By::Kind),
    ("sales_amount", By::Month),
    ("partners", By::Type),
    ("training_sessions", By::Kind),
    ("training_attendances", By::Kind),
    ("logistics_sites", By::Type),
    ("parcels", By::Kind),
    ("members_disabled", By::Kind),
    ("benefit_amount", By::Kind),
    ("policy_documents", By::Type),
    ("project_payments", By::Kind),
    ("stores", By::Child),
    ("sales_amount", By::Child),
    ("training_attendances", By::Child),
    ("logistics_sites", By::Child),
    ("villages_covered_share", By::Child),
    ("villages_broadband_share", By::Child),
];

/// A figure of the report.
#[derive(Clone, Debug)]
pub struct Headline {
    /// Which metric.
    pub metric: &'static Metric,
    /// The figure of the year, or at its end; none when it is hidden, because it tells of few persons.
    pub figure: Option<Figure>,
    /// That of the year before; none where it is hidden or an opening balance stands for a part of that year.
    pub before: Option<Figure>,
    /// Where an opening balance stands for a part of this year: the first day that the figure tells of.
    pub rows_from: Option<Day>,
}

/// A part of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The code or id by which the parts are told apart.
    pub code: String,
    /// What it is called, in Chinese and in English.
    pub name: (String, String),
    /// The part.
    pub value: i64,
    /// For a share: what it is a part of.
    pub of: Option<i64>,
}

/// A figure, divided.
#[derive(Clone, Debug)]
pub struct Breakdown {
    /// Which metric.
    pub metric: &'static Metric,
    /// How.
    pub by: By,
    /// The parts, the largest first; children and months in their order.
    pub parts: Vec<Part>,
}

/// The report.
#[derive(Clone, Debug)]
pub struct AnnualReport {
    /// Of which point.
    pub point: ServicePoint,
    /// Of which year.
    pub year: i32,
    /// The day of the figures: the last of the year, or today while it runs.
    pub as_of: Day,
    /// Whether everything here is simulated.
    pub is_simulated: bool,
    /// The figures.
    pub headlines: Vec<Headline>,
    /// The figures, divided.
    pub breakdowns: Vec<Breakdown>,
    /// Pairs of campaigns whose days overlap: their names.
    pub overlaps: Vec<(String, String)>,
    /// What others have published about the point up to then, to be shown beside the figures and never mixed with them, the
    /// earliest first.
    pub indicators: Vec<CatalogueItem>,
}

/// The report of a point within reach. What tells of persons is left out for whoever may not see that.
///
/// # Errors
/// The point is not within reach.
pub fn of_point(tx: &mut Tx<'_, can::ReadStatistics>, id: Id, year: i32) -> Result<AnnualReport> {
    let point = tx.find(id, service_points::find)?;
    let persons = tx.actor().reach(Action::ReadPersonStatistics).covers(&point.path);
    let today = tx.today();
    compose(tx.conn(), point, year, persons, today)
}

/// The report of the point with a region code, or of the root, with everything in it.
///
/// # Errors
/// The database's own.
pub(super) fn of_region(conn: &mut Conn, code: Option<&str>, year: i32, today: Day) -> Result<Option<AnnualReport>> {
    let point = match code {
        Some(code) => service_points::by_region_code(conn, code)?,
        None => service_points::root(conn)?,
    };
    point.map(|point| compose(conn, point, year, true, today)).transpose()
}

fn compose(conn: &mut Conn, point: ServicePoint, year: i32, persons: bool, today: Day) -> Result<AnnualReport> {
    let metrics: Vec<&'static Metric> =
        METRICS.iter().filter(|metric| HEADLINES.contains(&metric.code) && (persons || !metric.personal)).collect();
    let children = service_points::children(conn, point.id)?;
    let now = statistics::read(conn, (&point, &children), Period::Year(year), &metrics, today)?;
    let before = statistics::read(conn, (&point, &children), Period::Year(year - 1), &metrics, today)?;
    let begun = openings(conn, &point)?;
    let names = Catalogues::load(conn)?;
    let mut headlines = Vec::with_capacity(HEADLINES.len());
    for code in HEADLINES {
        let of = |found: &[Statistic]| found.iter().find(|item| item.metric.code == *code).map(Statistic::shown);
        let (Some(metric), Some(figure)) = (Metric::by_code(code), of(&now)) else { continue };
        // Of a year that an opening balance stands for in part, the rows tell only the rest: that is said, and not compared with.
        let begins = opening_of(metric).and_then(|opening| begun.get(opening)).copied();
        let is_within = |day: &Day, year: i32| day.month().key() > Period::Year(year).month_keys().0;
        let before = of(&before).flatten().filter(|_| !begins.is_some_and(|day| is_within(&day, year - 1)));
        let rows_from = begins.filter(|day| is_within(day, year) && !matches!(metric.source, Source::Cumulative(..)));
        headlines.push(Headline { metric, figure, before, rows_from });
    }
    let breakdowns = BREAKDOWNS
        .iter()
        .filter_map(|(code, by)| Some((now.iter().find(|item| item.metric.code == *code)?, *by)))
        .map(|(item, by)| Breakdown { metric: item.metric, by, parts: parts(item, by, &children, &names) })
        .filter(|breakdown| !breakdown.parts.is_empty())
        .collect();
    let last = Period::Year(year).last_day().unwrap_or(today);
    let is_simulated = installation::get(conn, installation::SIMULATED)?.is_some();
    let overlaps = names.overlaps(&now);
    let as_of = last.min(today);
    let indicators = indicators(conn, &point, as_of)?;
    Ok(AnnualReport { point, year, as_of, is_simulated, headlines, breakdowns, overlaps, indicators })
}

/// What others have published about a point itself up to a day.
fn indicators(conn: &mut Conn, point: &ServicePoint, until: Day) -> Result<Vec<CatalogueItem>> {
    let reach = Reach::new(vec![Area { path: point.path.clone(), extent: Extent::Own }]);
    let mut all = catalogue_items::all(conn, &reach, Catalogue::Indicator)?;
    all.retain(|indicator| indicator.starts_on.is_some_and(|as_of| as_of <= until));
    Ok(all)
}

/// The latest day that an opening balance of each metric does not stand for, of those that concern a point.
fn openings(conn: &mut Conn, point: &ServicePoint) -> Result<HashMap<String, Day>> {
    let reach = Reach::new(vec![Area { path: point.path.clone(), extent: Extent::Lineage }]);
    let mut latest: HashMap<String, Day> = HashMap::new();
    for balance in catalogue_items::all(conn, &reach, Catalogue::OpeningBalance)? {
        if let Some((metric, day)) = balance.kind.zip(balance.starts_on) {
            let held = latest.entry(metric).or_insert(day);
            *held = (*held).max(day);
        }
    }
    Ok(latest)
}

/// The cumulative metric whose opening balance stands for the time before a metric's rows.
fn opening_of(metric: &Metric) -> Option<&'static str> {
    match metric.source {
        Source::Activity(SALES | SALES_PLATFORMS | SALES_PRODUCTS | SALES_CAMPAIGNS | LIVESTREAMS, _)
        | Source::PerDay(SALES, _)
        | Source::Cumulative(SALES, ..)
        | Source::Distinct(STORES_ACTIVE)
        | Source::Share(STORES_ACTIVE, _) => Some("sales_cumulative"),
        Source::Activity(TRAINING_SESSIONS | ATTENDANCES, _) | Source::Distinct(TRAINED) | Source::Converted => {
            Some("persons_trained_cumulative")
        }
        Source::Cumulative(ledger, ..) if ledger == TRAINED_EVER.0 => Some("persons_trained_cumulative"),
        _ => None,
    }
}

fn parts(item: &Statistic, by: By, children: &[ServicePoint], names: &Catalogues) -> Vec<Part> {
    let named = |of: Option<Names>, values: &std::collections::BTreeMap<String, i64>| {
        let part = |(code, value): (&String, &i64)| Part {
            code: code.clone(),
            name: names.name(of, code),
            value: *value,
            of: None,
        };
        let mut parts: Vec<Part> = values.iter().map(part).collect();
        parts.sort_by_key(|part| std::cmp::Reverse(part.value));
        parts
    };
    let same = |name: &str| (name.to_owned(), name.to_owned());
    match by {
        By::Kind if item.hidden.kinds => Vec::new(),
        By::Child if item.hidden.parts => Vec::new(),
        By::Kind => named(item.metric.kinds, &item.by_kind),
        By::Type => named(item.metric.types, &item.by_type),
        By::Child => {
            let shown = children.iter().zip(&item.by_child);
            let shown = shown.filter(|(_, figure)| figure.value != 0 || figure.of.is_some_and(|of| of != 0));
            let part = |(child, figure): (&ServicePoint, &Figure)| Part {
                code: child.id.to_string(),
                name: same(&child.name),
                value: figure.value,
                of: figure.of,
            };
            shown.map(part).collect()
        }
        By::Month => {
            let month = |(month, figure): &(crate::domain::Month, Figure)| Part {
                code: month.to_string(),
                name: same(&month.to_string()),
                value: figure.value,
                of: figure.of,
            };
            item.by_month.iter().map(month).collect()
        }
    }
}

/// The names of what figures are divided by.
struct Catalogues(HashMap<String, CatalogueItem>);

impl Catalogues {
    fn load(conn: &mut Conn) -> Result<Self> {
        let mut items = HashMap::new();
        for catalogue in [Catalogue::Platform, Catalogue::Product, Catalogue::Campaign] {
            let all = catalogue_items::everywhere(conn, catalogue)?;
            items.extend(all.into_iter().map(|item| (item.id.to_string(), item)));
        }
        Ok(Self(items))
    }

    fn name(&self, of: Option<Names>, code: &str) -> (String, String) {
        let entry = match of {
            Some(Names::List(list)) => CODE_LISTS
                .iter()
                .find(|known| known.code == list)
                .and_then(|list| list.entries.iter().find(|entry| entry.code == code))
                .map(|entry| (entry.zh.to_owned(), entry.en.to_owned())),
            Some(Names::Items(_)) => self.0.get(code).map(|item| (item.name.clone(), item.name.clone())),
            None => None,
        };
        entry.unwrap_or_else(|| (code.to_owned(), code.to_owned()))
    }

    /// The campaigns with sales whose days overlap, two and two.
    fn overlaps(&self, statistics: &[Statistic]) -> Vec<(String, String)> {
        let sold = statistics.iter().find(|item| item.metric.code == "campaign_sales");
        let mut campaigns: Vec<&CatalogueItem> =
            sold.into_iter().flat_map(|item| item.by_kind.keys()).filter_map(|id| self.0.get(id)).collect();
        campaigns.sort_by_key(|campaign| (campaign.starts_on, campaign.id));
        let mut found = Vec::new();
        for (at, one) in campaigns.iter().enumerate() {
            let others = campaigns.iter().skip(at + 1).filter(|other| one.overlaps(other));
            found.extend(others.map(|other| (one.name.clone(), other.name.clone())));
        }
        found
    }
}
