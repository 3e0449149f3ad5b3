//! The rows behind the figures of points and reports.

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::List,
    endpoint::{Endpoint, Heading, endpoint},
    extract::{Pages, PathId},
    page::{self, Filters},
    problem::Problem,
};
use crate::{
    app::figure_rows::{self as app, Asked, Counted, Part, Row},
    auth::{Authorized, can},
    db::Cost,
    domain::{Day, Id, Period, Text},
    error::Result,
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let of_point = Heading {
        tag: "statistics",
        id: "list_statistics_rows",
        summary: "List the records, households or villages behind a figure of a point; their values add up to it.",
    };
    let of_report = Heading {
        tag: "reports",
        id: "list_report_rows",
        summary: "List the records, households or villages behind a figure of a report, without those of children that were waived.",
    };
    vec![
        endpoint(Method::GET, "/api/v1/service-points/{id}/statistics/rows", of_point, list_of_point),
        endpoint(Method::GET, "/api/v1/reports/{id}/rows", of_report, list_of_report),
    ]
}

/// Which figure of a point.
#[derive(Clone, Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct RowsFilters {
    /// The code of the metric. For a share, the rows are those that it counts.
    metric: Text,
    /// A month `2026-11`, a quarter `2026-Q4`, a year `2026`, or `all`.
    #[param(inline)]
    period: Period,
    /// What the point did itself, or the whole subtree.
    #[param(inline)]
    part: Option<Part>,
    /// The figure of this kind of assistance.
    kind: Option<Text>,
    /// The figure of this type of household, or kind of village.
    r#type: Option<Text>,
}

impl Filters for RowsFilters {
    const NAME: &'static str = "statistics-rows";
}

/// The rows of one point.
#[derive(Serialize)]
struct RowsOf(Id, RowsFilters);

impl Filters for RowsOf {
    const NAME: &'static str = "statistics-rows";
}

/// Which figure of a report.
#[derive(Clone, Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ReportRowsFilters {
    /// The code of the metric. For a share, the rows are those that it counts.
    metric: Text,
    /// The figure of this kind of assistance.
    kind: Option<Text>,
    /// The figure of this type of household, or kind of village.
    r#type: Option<Text>,
}

impl Filters for ReportRowsFilters {
    const NAME: &'static str = "report-rows";
}

/// The rows of one report.
#[derive(Serialize)]
struct RowsOfReport(Id, ReportRowsFilters);

impl Filters for RowsOfReport {
    const NAME: &'static str = "report-rows";
}

/// A row behind a figure.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FigureRow)]
struct RowAnswer {
    /// What it is.
    object_type: Counted,
    /// Which one; null for a household that has moved out of the caller's reach.
    id: Option<Id>,
    /// The point that it counts at.
    service_point_id: Id,
    /// The kind by which it counts: a record's kind, an entry's channel or topic, or the id of its platform, product or campaign.
    kind: Option<String>,
    /// A household's type or a village's kind, as it counts.
    r#type: Option<String>,
    /// The day on which a record was given, a household registered or a village opened; the first day of a report's month.
    on: Option<Day>,
    /// What it adds to the figure.
    value: i64,
}

impl From<Row> for RowAnswer {
    fn from(row: Row) -> Self {
        Self {
            object_type: row.counted,
            id: Some(row.id).filter(|_| row.is_seen),
            service_point_id: row.service_point_id,
            kind: row.kind,
            r#type: row.class,
            on: row.on,
            value: row.value,
        }
    }
}

fn text(text: &Option<Text>) -> Option<String> {
    text.as_ref().map(ToString::to_string)
}

async fn list_of_point(
    access: Authorized<can::ReadHouseholds>,
    id: PathId,
    pages: Pages<RowsFilters>,
) -> Result<List<RowAnswer>, Problem> {
    let page = access.read(Cost::Slow, (id, pages), |tx, (id, listing)| {
        let filters = &listing.filters;
        let asked = Asked::new(&filters.metric, filters.period, text(&filters.kind), text(&filters.r#type))?;
        let listing = &listing.with(RowsOf(*id, filters.clone()));
        let want = page::want(tx, listing)?;
        let found = app::of_point(tx, *id, filters.part.unwrap_or_default(), &asked, &want)?;
        page::list(tx, listing, found, |row| (row.on, row.id), |row| Ok(row.into()))
    });
    Ok(page.await?)
}

async fn list_of_report(
    access: Authorized<can::ReadHouseholds>,
    id: PathId,
    pages: Pages<ReportRowsFilters>,
) -> Result<List<RowAnswer>, Problem> {
    let page = access.read(Cost::Slow, (id, pages), |tx, (id, listing)| {
        let filters = &listing.filters;
        let asked =
            |month| Asked::new(&filters.metric, Period::Month(month), text(&filters.kind), text(&filters.r#type));
        let listing = &listing.with(RowsOfReport(*id, filters.clone()));
        let want = page::want(tx, listing)?;
        let found = app::of_report(tx, *id, asked, &want)?;
        page::list(tx, listing, found, |row| (row.on, row.id), |row| Ok(row.into()))
    });
    Ok(page.await?)
}
