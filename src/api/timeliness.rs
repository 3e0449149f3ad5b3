//! `/service-points/{id}/timeliness`: how the points of a subtree stand with their reports for a month.

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::Plain,
    endpoint::{Endpoint, Heading, endpoint},
    extract::{PathId, Query},
    problem::Problem,
    statistics::rate,
};
use crate::{
    app::timeliness::{self as app, Standing, Timely},
    auth::{Authorized, can},
    db::Cost,
    domain::{Day, Id, Instant, Month, codes::Timeliness, timeliness::Counts},
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = Heading {
        tag: "reports",
        id: "get_timeliness",
        summary: "Show how a point and everything below it stand with their reports for a month, and the same by child.",
    };
    vec![endpoint(Method::GET, "/api/v1/service-points/{id}/timeliness", heading, get)]
}

/// Which month.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct TimelinessQuery {
    /// The month, such as `2026-10`.
    #[param(inline)]
    month: Month,
}

/// How the points of a subtree stand. The first submission that the point did not take back decides: it is on time if it was sent
/// in by the end of the due day; a later return, reopening or new submission does not change that.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SubtreeTimeliness)]
struct TimelinessAnswer {
    /// The month.
    month: Month,
    /// The point, with everything below it.
    #[serde(flatten)]
    point: PointTimeliness,
    /// Each point just below, with everything below that. `counts` are those of all of them and of the point itself.
    by_child: Vec<PointTimeliness>,
}

/// How a point stands, with everything below it.
#[derive(Debug, Serialize, ToSchema)]
struct PointTimeliness {
    /// The point.
    service_point_id: Id,
    /// Its name.
    name: String,
    /// How the point itself stands.
    own: Timeliness,
    /// The last day on which its own report is on time.
    due_on: Day,
    /// When its own report was sent in first, without what it took back.
    sent_at: Option<Instant>,
    /// How many points of the subtree stand how.
    counts: TimelinessCounts,
    /// How many reports are expected: neither waived nor not expected.
    expected: i64,
    /// How many of those have been sent in.
    sent: i64,
    /// That, in hundredths of a percent of those expected, rounded; null when nothing is expected.
    completeness_bp: Option<i64>,
    /// Those on time, in hundredths of a percent of those sent in or due, rounded; null when there are none.
    on_time_bp: Option<i64>,
}

/// How many points stand how. Every point is counted once.
#[derive(Debug, Serialize, ToSchema)]
struct TimelinessCounts {
    /// Sent in by the end of the due day.
    on_time: i64,
    /// Sent in later.
    late: i64,
    /// Due, and not sent in.
    missing: i64,
    /// Not due yet, and not sent in.
    not_due: i64,
    /// Not there in that month.
    not_expected: i64,
    /// Not waited for.
    waived: i64,
}

impl From<Standing> for PointTimeliness {
    fn from(standing: Standing) -> Self {
        let Standing { point, own, due, sent_at, total } = standing;
        Self {
            service_point_id: point.id,
            name: point.name,
            own,
            due_on: due,
            sent_at,
            counts: TimelinessCounts::of(&total),
            expected: total.expected(),
            sent: total.sent(),
            completeness_bp: rate(total.sent(), total.expected()),
            on_time_bp: rate(total.of(Timeliness::OnTime), total.due()),
        }
    }
}

impl TimelinessCounts {
    fn of(counts: &Counts) -> Self {
        Self {
            on_time: counts.of(Timeliness::OnTime),
            late: counts.of(Timeliness::Late),
            missing: counts.of(Timeliness::Missing),
            not_due: counts.of(Timeliness::NotDue),
            not_expected: counts.of(Timeliness::NotExpected),
            waived: counts.of(Timeliness::Waived),
        }
    }
}

async fn get(
    access: Authorized<can::ReadReports>,
    id: PathId,
    query: Query<TimelinessQuery>,
) -> Result<Plain<TimelinessAnswer>, Problem> {
    let timely = access.read(Cost::Slow, (id, query), |tx, (id, query)| {
        let Timely { top, children } = app::of_point(tx, *id, query.month)?;
        let by_child = children.into_iter().map(PointTimeliness::from).collect();
        Ok(TimelinessAnswer { month: query.month, point: top.into(), by_child })
    });
    Ok(Plain(timely.await?))
}
