//! `/service-points/{id}/statistics`: figures of a point, its own and by child and kind.

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::Plain,
    endpoint::{Endpoint, Heading, endpoint},
    extract::{PathId, Query},
    problem::Problem,
    reference::Label,
};
use crate::{
    app::statistics::{self as app, Figure, Hidden, Statistics},
    auth::{Authorized, can},
    db::{Cost, service_points::ServicePoint},
    domain::{Id, Month, Period, Text, metrics::Metric},
    error::Result,
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = Heading {
        tag: "statistics",
        id: "get_statistics",
        summary: "Show the figures of a point: total, own, by child, kind, type and month, exact at this moment.",
    };
    vec![endpoint(Method::GET, "/api/v1/service-points/{id}/statistics", heading, get)]
}

/// What the figures are counted over, and which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct StatisticsQuery {
    /// A month `2026-11`, a quarter `2026-Q4`, a year `2026`, or `all`.
    #[param(inline)]
    period: Period,
    /// Codes of metrics with commas between; all when nothing is said.
    #[param(max_length = 500)]
    metrics: Option<Text>,
    /// Whether to tell the totals of the period just before and of the same one of the year before: 环比, 同比.
    compare: Option<bool>,
}

/// The figures of a point.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Statistics)]
struct StatisticsAnswer {
    /// The point.
    service_point_id: Id,
    /// What they are counted over.
    period: Period,
    /// One for each metric.
    items: Vec<StatisticAnswer>,
}

/// One metric. `total` is `own` and all of `by_child`, but for a median. For a share, each figure stands beside what it is a part of.
/// What tells of 1 to 4 persons is hidden, and whatever would tell it by subtraction: it is null, or left out, and `hidden` says so.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Statistic)]
struct StatisticAnswer {
    /// The code of the metric.
    metric: &'static str,
    /// The point and everything below it; null when it is hidden.
    total: Option<i64>,
    /// For a share: what the total is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    of: Option<i64>,
    /// For a share: the total in hundredths of a percent of that, rounded; null when nothing was to be expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, required = false)]
    rate_bp: Option<Option<i64>>,
    /// For a mean: the total in hundredths of the unit, divided by the number of what it is a sum over, which stands in `of`; null
    /// when that is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, required = false)]
    mean_hundredths: Option<Option<i64>>,
    /// What the point did itself; null when it is hidden.
    own: Option<i64>,
    /// For a share: what the own figure is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    own_of: Option<i64>,
    /// Each point just below, with everything below that; none when they are hidden.
    by_child: Vec<ChildValue>,
    /// The total by kind of assistance; kinds with nothing are left out. Where a household may count under several kinds, they
    /// do not add up to the total.
    by_kind: Vec<KindValue>,
    /// The total by type of household, or by kind of village; those with nothing are left out.
    by_type: Vec<TypeValue>,
    /// The total in each month of a quarter or a year, up to the present one. The conversion of training, which takes twelve
    /// months, is not told month by month.
    by_month: Vec<MonthValue>,
    /// When it was asked: the total of the period just before (环比). Rows only, what an opening balance stands for is not in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    previous: Option<ComparedValue>,
    /// When it was asked: the total of the same period of the year before (同比).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    year_before: Option<ComparedValue>,
    /// What an authority has published, to be shown beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reference: Option<ReferenceAnswer>,
    /// Whether something of it is hidden.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    hidden: bool,
}

/// The figure of another period.
#[derive(Debug, Serialize, ToSchema)]
struct ComparedValue {
    /// Its figure; null when it is hidden.
    value: Option<i64>,
    /// For a share or a mean: what it is a part of or over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    of: Option<i64>,
    /// The change from it in hundredths of a percent, rounded; null for a share or a mean, when it was nothing, and while the
    /// period that is asked for still runs.
    change_bp: Option<i64>,
}

/// The figure of a point just below.
#[derive(Debug, Serialize, ToSchema)]
struct ChildValue {
    /// The point.
    service_point_id: Id,
    /// Its name.
    name: String,
    /// Its figure.
    value: i64,
    /// For a share: what it is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    of: Option<i64>,
}

/// The figure of a kind.
#[derive(Debug, Serialize, ToSchema)]
struct KindValue {
    /// The code of the kind.
    kind: String,
    /// Its figure.
    value: i64,
}

/// The figure of a type.
#[derive(Debug, Serialize, ToSchema)]
struct TypeValue {
    /// The code of the type.
    #[serde(rename = "type")]
    class: String,
    /// Its figure.
    value: i64,
}

/// The figure of a month.
#[derive(Debug, Serialize, ToSchema)]
struct MonthValue {
    /// The month.
    month: Month,
    /// Its figure.
    value: i64,
    /// For a share: what it is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    of: Option<i64>,
}

/// What an authority has published.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reference)]
struct ReferenceAnswer {
    /// The value.
    value: i64,
    /// The day from which it is shown.
    as_of: &'static str,
    /// Where it comes from.
    source: Label,
}

async fn get(
    access: Authorized<can::ReadStatistics>,
    id: PathId,
    query: Query<StatisticsQuery>,
) -> Result<Plain<StatisticsAnswer>, Problem> {
    // A few metrics are a few look-ups; all of them may take a few milliseconds.
    let is_quick = |query: &StatisticsQuery| {
        let process = |code: &str| Metric::by_code(code.trim()).is_some_and(|metric| !metric.is_frozen());
        query.metrics.as_ref().is_some_and(|codes| !codes.split(',').any(process))
    };
    let cost = if query.value().is_none_or(is_quick) { Cost::Quick } else { Cost::Slow };
    let figures = access.read(cost, (id, query), |tx, (id, query)| {
        let metrics: Option<Vec<String>> =
            query.metrics.as_ref().map(|list| list.split(',').map(|code| code.trim().to_owned()).collect());
        Ok(answer(
            app::of_point(tx, *id, query.period, metrics.as_deref(), query.compare.unwrap_or_default())?,
            query.period,
        ))
    });
    Ok(Plain(figures.await?))
}

fn answer(statistics: Statistics, period: Period) -> StatisticsAnswer {
    let Statistics { point, children, items, runs } = statistics;
    let items = items.into_iter().map(|item| {
        let total = item.shown();
        let of = total.and_then(|total| total.of);
        let own = Some(item.own).filter(|_| !item.hidden.parts);
        let child = |(child, Figure { value, of }): (&ServicePoint, Figure)| ChildValue {
            service_point_id: child.id,
            name: child.name.clone(),
            value,
            of,
        };
        let by_child = children.iter().zip(item.by_child).filter(|_| !item.hidden.parts).map(child);
        let by_kind = item.by_kind.into_iter().filter(|_| !item.hidden.kinds);
        StatisticAnswer {
            metric: item.metric.code,
            total: total.map(|total| total.value),
            of,
            rate_bp: of.filter(|_| item.metric.is_share()).map(|of| rate(item.total.value, of)),
            mean_hundredths: of.filter(|_| item.metric.is_mean()).map(|of| mean(item.total.value, of)),
            own: own.map(|own| own.value),
            own_of: own.and_then(|own| own.of),
            by_child: by_child.collect(),
            by_kind: by_kind.map(|(kind, value)| KindValue { kind, value }).collect(),
            by_type: item.by_type.into_iter().map(|(class, value)| TypeValue { class, value }).collect(),
            by_month: item
                .by_month
                .into_iter()
                .map(|(month, Figure { value, of })| MonthValue { month, value, of })
                .collect(),
            previous: item.compared.map(|(before, _)| compared(total, before, runs)),
            year_before: item.compared.map(|(_, before)| compared(total, before, runs)),
            reference: item.reference.map(|reference| ReferenceAnswer {
                value: reference.value,
                as_of: reference.as_of,
                source: reference.source.into(),
            }),
            hidden: item.hidden != Hidden::default(),
        }
    });
    StatisticsAnswer { service_point_id: point.id, period, items: items.collect() }
}

fn compared(now: Option<Figure>, before: Option<Figure>, runs: bool) -> ComparedValue {
    let both = now.zip(before).filter(|(now, _)| now.of.is_none() && !runs);
    let change_bp = both.and_then(|(now, before)| change(now.value, before.value));
    ComparedValue { value: before.map(|before| before.value), of: before.and_then(|before| before.of), change_bp }
}

/// By how much a figure changed, in hundredths of a percent of what it was, rounded; none when it was nothing.
pub(super) fn change(now: i64, before: i64) -> Option<i64> {
    let change = now.checked_sub(before)?;
    rate(change.abs(), before).map(|rate| rate * change.signum())
}

/// Hundredths of a percent, rounded to the nearest; none when there is nothing to be a part of.
pub(super) fn rate(value: i64, of: i64) -> Option<i64> {
    quotient(value, of, 10_000)
}

/// Hundredths, rounded to the nearest; none when it is over nothing.
pub(super) fn mean(value: i64, of: i64) -> Option<i64> {
    quotient(value, of, 100)
}

fn quotient(value: i64, of: i64, parts: i128) -> Option<i64> {
    let (value, of) = (i128::from(value), i128::from(of));
    if of > 0 { i64::try_from((value * parts * 2 + of) / (of * 2)).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::{change, mean, rate};

    #[test]
    fn a_change_is_told_of_what_was() {
        assert_eq!([change(1_370, 800), change(0, 800), change(5, 5)], [Some(7_125), Some(-10_000), Some(0)]);
        assert_eq!([change(5, 0), change(0, 0)], [None, None]);
    }

    #[test]
    fn a_rate_of_nothing_is_none() {
        assert_eq!(
            [rate(0, 0), rate(0, 3), rate(1, 3), rate(2, 3), rate(3, 3)],
            [None, Some(0), Some(3_333), Some(6_667), Some(10_000)]
        );
        assert_eq!([mean(0, 0), mean(0, 1), mean(7, 2), mean(10, 3)], [None, Some(0), Some(350), Some(333)]);
    }
}
