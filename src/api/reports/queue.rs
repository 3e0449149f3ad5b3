//! `/service-points/{id}/review-queue`.

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{super::answer::Plain, answers::ReportAnswer};
use crate::{
    api::{
        endpoint::{Endpoint, Heading, endpoint},
        extract::{PathId, Query},
        problem::Problem,
    },
    app::reports::{self as app, Doubts, QueueEntry, Returned},
    auth::{Authorized, can},
    db::Cost,
    domain::{Id, Instant, Month, codes::ChildState, reports::Figures},
    error::Result,
};

/// The row of the table.
pub fn endpoint_of_queue() -> Endpoint {
    let heading = Heading {
        tag: "reports",
        id: "get_review_queue",
        summary: "Show the reports of the points below side by side, beside last month, with what changed since the last return.",
    };
    endpoint(Method::GET, "/api/v1/service-points/{id}/review-queue", heading, queue)
}

/// Which month.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct QueueQuery {
    /// The month, such as `2026-10`.
    #[param(inline)]
    month: Month,
}

/// What is to be reviewed.
#[derive(Debug, Serialize, ToSchema)]
struct ReviewQueue {
    /// The point above.
    service_point_id: Id,
    /// The month.
    month: Month,
    /// One for each point below, in the order of the tree.
    items: Vec<ReviewItem>,
}

/// A point below.
#[derive(Debug, Serialize, ToSchema)]
struct ReviewItem {
    /// The point.
    service_point_id: Id,
    /// Its region code, or its id.
    code: String,
    /// Its name.
    name: String,
    /// How it stands in the report of the point above; null while its report is waited for.
    state: Option<ChildState>,
    /// Its report as it was sent in last; null before that.
    report: Option<ReportAnswer>,
    /// What was said beside the figures.
    note: Option<String>,
    /// Its figures: frozen ones while its report waits for a decision or is approved, else those of this moment.
    figures: Vec<ReviewFigure>,
    /// What was sent back last, and what has changed since.
    returned: Option<ReviewReturned>,
    /// What the rules for doubtful items find at the point and below it; `/doubtful-items` lists them.
    doubtful: ReviewDoubts,
}

/// How much is doubtful.
#[derive(Debug, Serialize, ToSchema)]
struct ReviewDoubts {
    /// Errors that are not corrected.
    errors: u64,
    /// Doubtful items that nobody has explained.
    unexplained: u64,
    /// Those that were explained.
    explained: u64,
}

/// A figure beside what it is compared with.
#[derive(Debug, Serialize, ToSchema)]
struct ReviewFigure {
    /// The code of the metric.
    metric: String,
    /// How many.
    value: i64,
    /// For a share: of how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    of: Option<i64>,
    /// How many there were in the month before; null for a metric that was not frozen then.
    month_before: Option<i64>,
    /// How many there were when the report was sent back last; null when it never was.
    when_returned: Option<i64>,
    /// Where the records, households or villages behind the figure are listed.
    rows: String,
}

/// What was sent back, and what has changed since among the point's own records.
#[derive(Debug, Serialize, ToSchema)]
struct ReviewReturned {
    /// When it was sent back.
    at: Option<Instant>,
    /// Why.
    reason: Option<String>,
    /// Records that are new.
    added: usize,
    /// Records that say something else.
    changed: usize,
    /// Records that do not belong there any more.
    gone: usize,
}

async fn queue(
    access: Authorized<can::ReadReports>,
    id: PathId,
    query: Query<QueueQuery>,
) -> Result<Plain<ReviewQueue>, Problem> {
    let queue = access.read(Cost::Slow, (id, query), |tx, (id, QueueQuery { month })| {
        let (point, entries) = app::queue(tx, *id, *month)?;
        let who = tx.actor().account_id();
        let items = entries.into_iter().map(|entry| item(entry, *month, who)).collect();
        Ok(ReviewQueue { service_point_id: point.id, month: *month, items })
    });
    Ok(Plain(queue.await?))
}

fn item(entry: QueueEntry, month: Month, who: Option<Id>) -> ReviewItem {
    let QueueEntry { part, sent, figures, month_before, returned, doubts } = entry;
    let Doubts { errors, unexplained, explained } = doubts;
    let code = part.code();
    let closed = part.report.as_ref().filter(|report| report.state.closes());
    let rows = match closed {
        Some(report) => format!("/api/v1/reports/{}/rows?", report.id),
        None => format!("/api/v1/service-points/{}/statistics/rows?period={month}&", part.point.id),
    };
    ReviewItem {
        service_point_id: part.point.id,
        code,
        name: part.point.name,
        state: part.state,
        doubtful: ReviewDoubts { errors, unexplained, explained },
        note: sent.as_ref().and_then(|sent| sent.note.clone()),
        report: part.report.zip(sent).map(|row| ReportAnswer::of(row, who)),
        figures: compared(&figures, &month_before, returned.as_ref().map(|returned| &returned.figures), &rows),
        returned: returned.map(|Returned { submission, added, changed, gone, .. }| ReviewReturned {
            at: submission.decided_at,
            reason: submission.reason,
            added,
            changed,
            gone,
        }),
    }
}

fn compared(now: &Figures, month_before: &Figures, when_returned: Option<&Figures>, rows: &str) -> Vec<ReviewFigure> {
    let value = |figures: &Figures, metric: &str| figures.0.get(metric).map(|frozen| frozen.value);
    let figure = |(metric, frozen): (&String, &crate::domain::reports::Frozen)| ReviewFigure {
        metric: metric.clone(),
        value: frozen.value,
        of: frozen.of,
        month_before: value(month_before, metric),
        when_returned: when_returned.and_then(|figures| value(figures, metric)),
        rows: format!("{rows}metric={metric}"),
    };
    now.0.iter().map(figure).collect()
}
