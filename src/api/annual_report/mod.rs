//! `/service-points/{id}/annual-report`: every headline of a year, as data and as a page to print.

pub mod page;

use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody, http::Method};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, PartialSchema as _, ToSchema};

use super::{
    answer::Plain,
    catalogues::IndicatorAnswer,
    endpoint::{Answer, Description, Endpoint, Heading, endpoint},
    extract::{PathId, Query},
    problem::Problem,
    reference::Label,
    statistics::{change, mean, rate},
};
use crate::{
    app::annual_report::{self as app, AnnualReport, By},
    auth::{Authorized, can},
    db::Cost,
    domain::{Day, Id, Period},
    error::{Error, Fault, Result},
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "annual-report", id, summary };
    vec![
        endpoint(
            Method::GET,
            "/api/v1/service-points/{id}/annual-report",
            heading("get_annual_report", "Show every headline of a point and a year, exact at this moment."),
            get,
        ),
        endpoint(
            Method::GET,
            "/api/v1/service-points/{id}/annual-report/page",
            heading("print_annual_report", "Show the same as a page to print, in Chinese."),
            print,
        ),
    ]
}

/// Which year.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct AnnualReportQuery {
    /// The calendar year.
    #[param(minimum = 1900, maximum = 9999)]
    year: i32,
}

impl AnnualReportQuery {
    fn checked(&self) -> Result<i32> {
        if (1900..=9999).contains(&self.year) {
            Ok(self.year)
        } else {
            Err(Error::Invalid(vec![Fault::new("year", "range").with("min", 1900).with("max", 9999)]))
        }
    }
}

/// Every headline of a point and a year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnnualReport)]
pub struct AnnualReportAnswer {
    /// The point.
    service_point_id: Id,
    /// What it is called.
    name: String,
    /// The year.
    year: i32,
    /// The day of the figures: the last of the year, or today while it runs.
    as_of: Day,
    /// Whether everything here is simulated (模拟数据).
    simulated: bool,
    /// The figures.
    headlines: Vec<HeadlineAnswer>,
    /// The figures, divided.
    breakdowns: Vec<BreakdownAnswer>,
    /// Campaigns whose days overlap: each sale counts in one of them at most, and their sales are parts of all sales.
    overlapping_campaigns: Vec<Overlap>,
    /// What others have published about the point up to that day. It stands beside the figures, and is never mixed with them.
    external_indicators: Vec<IndicatorAnswer>,
}

/// A figure with its definition, and the way to the records behind it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Headline)]
struct HeadlineAnswer {
    /// The code of the metric.
    metric: &'static str,
    /// Its name.
    name: Label,
    /// Its unit.
    unit: Label,
    /// How it is counted (口径).
    definition: Label,
    /// The figure of the year, or at its end; for a share or a mean the numerator. Null when it is hidden: what tells of 1 to 4 persons
    /// is not shown, nor whatever would tell it by subtraction.
    value: Option<i64>,
    /// For a share or a mean: the denominator.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    of: Option<i64>,
    /// For a share: hundredths of a percent, rounded; null when nothing was to be expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, required = false)]
    rate_bp: Option<Option<i64>>,
    /// For a mean: hundredths of the unit; null when it is over nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, required = false)]
    mean_hundredths: Option<Option<i64>>,
    /// The figure of the year before; null where it is hidden or an opening balance stands for a part of that year.
    year_before: Option<i64>,
    /// For a share or a mean: its denominator.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    year_before_of: Option<i64>,
    /// The change on the year before in hundredths of a percent; null when there was nothing, and while the year runs.
    change_bp: Option<i64>,
    /// The first day that the figure tells of, where an opening balance stands for the part of the year before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    rows_from: Option<Day>,
    /// The metric that counts all of what it counts, and more: the two are never to be added.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    part_of: Option<&'static str>,
    /// Where the records behind it are listed.
    rows: String,
}

/// A figure, divided.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Breakdown)]
struct BreakdownAnswer {
    /// The code of the metric.
    metric: &'static str,
    /// How it is divided.
    by: &'static str,
    /// Its parts.
    parts: Vec<PartAnswer>,
}

/// A part of a figure.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FigurePart)]
struct PartAnswer {
    /// A code of a list, an id, or a month.
    code: String,
    /// What it is called in Chinese.
    zh: String,
    /// What it is called in English.
    en: String,
    /// The part.
    value: i64,
    /// For a share: what it is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    of: Option<i64>,
    /// Where the records behind it are listed.
    rows: String,
}

/// Two campaigns.
#[derive(Debug, Serialize, ToSchema)]
struct Overlap {
    /// The one that begins first.
    one: String,
    /// The other.
    other: String,
}

impl From<AnnualReport> for AnnualReportAnswer {
    fn from(report: AnnualReport) -> Self {
        let (id, year) = (report.point.id, report.year);
        let rows = |point: &str, metric: &str, period: &str, rest: &str| {
            format!("/api/v1/service-points/{point}/statistics/rows?metric={metric}&period={period}{rest}")
        };
        // A year that runs is not compared with a whole one.
        let is_over = Period::Year(year).last_day() == Some(report.as_of);
        let (own, whole) = (id.to_string(), year.to_string());
        let headlines = report.headlines.iter().map(|headline| {
            let (metric, figure) = (headline.metric, headline.figure);
            let of = |is: bool| figure.and_then(|figure| Some((figure.value, figure.of?))).filter(|_| is);
            let before = headline.before;
            HeadlineAnswer {
                metric: metric.code,
                name: (metric.zh, metric.en).into(),
                unit: metric.unit.into(),
                definition: metric.definition.into(),
                value: figure.map(|figure| figure.value),
                of: figure.and_then(|figure| figure.of),
                rate_bp: of(metric.is_share()).map(|(value, of)| rate(value, of)),
                mean_hundredths: of(metric.is_mean()).map(|(value, of)| mean(value, of)),
                year_before: before.map(|before| before.value),
                year_before_of: before.and_then(|before| before.of),
                change_bp: figure
                    .zip(before)
                    .filter(|(figure, _)| figure.of.is_none() && is_over)
                    .and_then(|(figure, before)| change(figure.value, before.value)),
                rows_from: headline.rows_from,
                part_of: metric.part_of,
                rows: rows(&own, metric.code, &whole, ""),
            }
        });
        let breakdowns = report.breakdowns.iter().map(|breakdown| {
            let code = breakdown.metric.code;
            let parts = breakdown.parts.iter().map(|part| PartAnswer {
                rows: match breakdown.by {
                    By::Kind => rows(&own, code, &whole, &format!("&kind={}", part.code)),
                    By::Type => rows(&own, code, &whole, &format!("&type={}", part.code)),
                    By::Child => rows(&part.code, code, &whole, ""),
                    By::Month => rows(&own, code, &part.code, ""),
                },
                code: part.code.clone(),
                zh: part.name.0.clone(),
                en: part.name.1.clone(),
                value: part.value,
                of: part.of,
            });
            let by = match breakdown.by {
                By::Kind => "kind",
                By::Type => "type",
                By::Child => "child",
                By::Month => "month",
            };
            BreakdownAnswer { metric: code, by, parts: parts.collect() }
        });
        Self {
            service_point_id: id,
            name: report.point.name.clone(),
            year,
            as_of: report.as_of,
            simulated: report.is_simulated,
            headlines: headlines.collect(),
            breakdowns: breakdowns.collect(),
            external_indicators: report.indicators.into_iter().map(Into::into).collect(),
            overlapping_campaigns: report.overlaps.into_iter().map(|(one, other)| Overlap { one, other }).collect(),
        }
    }
}

/// A page of HTML that stands alone: it loads nothing, and its only style is its own.
#[derive(Debug)]
struct Html(String);

impl Responder for Html {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header(("cache-control", "private, no-cache"))
            .insert_header(("content-security-policy", page::CSP))
            .body(self.0)
    }
}

impl Answer for Html {
    fn describe(description: &mut Description) {
        description.answer(200, "The page.", Some(("text/html", String::schema())));
    }
}

async fn get(
    access: Authorized<can::ReadStatistics>,
    id: PathId,
    query: Query<AnnualReportQuery>,
) -> Result<Plain<AnnualReportAnswer>, Problem> {
    let report = access.read(Cost::Slow, (id, query), |tx, (id, query)| app::of_point(tx, *id, query.checked()?));
    Ok(Plain(report.await?.into()))
}

async fn print(
    access: Authorized<can::ReadStatistics>,
    id: PathId,
    query: Query<AnnualReportQuery>,
) -> Result<Html, Problem> {
    let report = access.read(Cost::Slow, (id, query), |tx, (id, query)| app::of_point(tx, *id, query.checked()?));
    Ok(Html(page::html(&report.await?)))
}
