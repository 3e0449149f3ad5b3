//! `/service-points/{id}/statistics`: figures of a point, its own and by child and kind.

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::Plain,
    endpoint::{Endpoint, Heading, endpoint},
    extract::{PathId, Query},
    problem::Problem,
};
use crate::{
    app::statistics::{self as app, Statistics},
    auth::{Authorized, can},
    db::Cost,
    domain::{Id, Period},
    error::Result,
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = Heading {
        tag: "statistics",
        id: "get_statistics",
        summary: "Show the figures of a point: total, own, by child and by kind, exact at this moment.",
    };
    vec![endpoint(Method::GET, "/api/v1/service-points/{id}/statistics", heading, get)]
}

/// What the figures are counted over.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct StatisticsQuery {
    /// A month `2026-11`, a quarter `2026-Q4`, a year `2026`, or `all`.
    #[param(inline)]
    period: Period,
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

/// One metric. `total` is `own` and all of `by_child`, and it is all of `by_kind`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Statistic)]
struct StatisticAnswer {
    /// The code of the metric.
    metric: &'static str,
    /// The point and everything below it.
    total: i64,
    /// What the point did itself.
    own: i64,
    /// Each point just below, with everything below that.
    by_child: Vec<ChildValue>,
    /// The total by kind; kinds with nothing are left out.
    by_kind: Vec<KindValue>,
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
}

/// The figure of a kind.
#[derive(Debug, Serialize, ToSchema)]
struct KindValue {
    /// The code of the kind.
    kind: String,
    /// Its figure.
    value: i64,
}

async fn get(
    access: Authorized<can::ReadStatistics>,
    id: PathId,
    query: Query<StatisticsQuery>,
) -> Result<Plain<StatisticsAnswer>, Problem> {
    let figures = access.read(Cost::Quick, (id, query), |tx, (id, query)| {
        Ok(answer(app::of_point(tx, *id, query.period)?, query.period))
    });
    Ok(Plain(figures.await?))
}

fn answer(statistics: Statistics, period: Period) -> StatisticsAnswer {
    let Statistics { point, children, items } = statistics;
    let items = items.into_iter().map(|item| StatisticAnswer {
        metric: item.metric.code,
        total: item.total,
        own: item.own,
        by_child: children
            .iter()
            .zip(item.by_child)
            .map(|(child, value)| ChildValue { service_point_id: child.id, name: child.name.clone(), value })
            .collect(),
        by_kind: item.by_kind.into_iter().map(|(kind, value)| KindValue { kind, value }).collect(),
    });
    StatisticsAnswer { service_point_id: point.id, period, items: items.collect() }
}
