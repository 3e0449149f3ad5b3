//! Approving many reports at once: all of them, or none.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{decide, is_intact, lock, step};
use crate::{
    app::input::Faults,
    auth::{Tx, can},
    db::reports::{self, Report, Submission},
    domain::{
        Id, Text,
        codes::{ReportDecision, ReportState},
        reports::Step,
    },
    error::{Error, Fault, Result},
};

/// One of the reports that are approved.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveItem {
    /// The report.
    pub report_id: Id,
    /// The version that was looked at.
    pub version: i64,
    /// The digest of the content that was looked at.
    #[validate(length(min = 64, max = 64), non_control_character)]
    #[schema(min_length = 64, max_length = 64)]
    pub digest: Text,
}

/// Reports that are approved together.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveMany {
    /// The reports.
    #[validate(length(min = 1, max = 200), nested)]
    #[schema(min_items = 1, max_items = 200)]
    pub items: Vec<ApproveItem>,
}

/// Approves reports together. Nothing is written before all of them have been looked at.
///
/// # Errors
/// One of them is unknown; otherwise every fault of every one of them.
pub fn approve_many(tx: &mut Tx<'_, can::ReviewReports>, request: &ApproveMany) -> Result<Vec<Report>> {
    tx.reach()?;
    let mut points = Vec::new();
    for (at, item) in request.items.iter().enumerate() {
        let found = tx.find(item.report_id, reports::find);
        let report = found.map_err(|error| error.at(&format!("/items/{at}/report_id")))?;
        points.push((report.service_point_id, report.month));
    }
    Faults::of(request).finish()?;
    lock(tx, &points)?;
    let (mut faults, mut seen, mut looked_at) = (Faults::default(), BTreeSet::new(), Vec::new());
    for (at, item) in request.items.iter().enumerate() {
        let report = tx.find(item.report_id, reports::find)?;
        let submission = reports::submission(tx.conn(), report.id, report.submission)?;
        let outcome = look(tx, item, &report, &submission)?;
        let outcome = if seen.insert(report.id) { outcome } else { Err(("report_id", "duplicate")) };
        match outcome {
            Ok(state) => looked_at.push((report, submission, state)),
            Err((field, code)) => faults.push(Fault::new(format!("/items/{at}/{field}"), code)),
        }
    }
    faults.finish()?;
    let approve = |(report, submission, state): (Report, Submission, ReportState)| {
        if state == report.state {
            return Ok(report);
        }
        decide(tx, &report, submission, (state, ReportDecision::Approved), "report.approve", None)
    };
    looked_at.into_iter().map(approve).collect()
}

/// Where a report goes, or what is wrong with which field.
fn look(
    tx: &mut Tx<'_, can::ReviewReports>,
    item: &ApproveItem,
    report: &Report,
    submission: &Submission,
) -> Result<Result<ReportState, (&'static str, &'static str)>> {
    if report.version != item.version {
        return Ok(Err(("version", "stale")));
    }
    let state = match step(tx, report, submission, Step::Approve) {
        Ok(state) => state,
        Err(Error::OwnReport) => return Ok(Err(("report_id", "own_report"))),
        Err(Error::Conflict(_)) => return Ok(Err(("report_id", "not_submitted"))),
        Err(other) => return Err(other),
    };
    if *report.digest != *item.digest {
        return Ok(Err(("digest", "other_content")));
    }
    if state != report.state && !is_intact(tx, report, submission)? {
        return Ok(Err(("digest", "content_changed")));
    }
    Ok(Ok(state))
}
