//! The review queue: the reports of the points below side by side, with what a reviewer compares them with.

use std::collections::BTreeSet;

use super::content::{self, Part};
use crate::{
    app::{doubtful_items, statistics},
    auth::{Tx, can},
    db::{
        Conn,
        reports::{self, Report, Submission},
        service_points::{self, ServicePoint},
    },
    domain::{
        Id, Month,
        codes::{ReportDecision, Severity},
        reports::{Figures, RecordDigests},
    },
    error::{Error, Result},
};

/// One point below.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The point, and how it stands in the report of the point above.
    pub part: Part,
    /// What it sent in last, if it has a report.
    pub sent: Option<Submission>,
    /// Its figures: frozen ones while the report is with somebody who decides or is approved, else those of this moment.
    pub figures: Figures,
    /// The same for the month before.
    pub month_before: Figures,
    /// What was sent back last, if anything was.
    pub returned: Option<Returned>,
    /// What the rules for doubtful items find in its subtree.
    pub doubts: Doubts,
}

/// How much is doubtful in a subtree.
#[derive(Clone, Copy, Debug, Default)]
pub struct Doubts {
    /// Errors that are not corrected.
    pub errors: u64,
    /// Doubtful items that nobody has explained.
    pub unexplained: u64,
    /// Those that were explained.
    pub explained: u64,
}

/// What was sent back, and what has changed since.
#[derive(Clone, Debug)]
pub struct Returned {
    /// What had been sent in.
    pub submission: Submission,
    /// Its figures.
    pub figures: Figures,
    /// Records of the point itself that are new since,
    pub added: usize,
    /// that say something else,
    pub changed: usize,
    /// or that do not belong there any more.
    pub gone: usize,
}

/// The reports of the points below a point for a month, in the order of the tree.
///
/// # Errors
/// There is no such point within reach.
pub fn queue(tx: &mut Tx<'_, can::ReadReports>, point: Id, month: Month) -> Result<(ServicePoint, Vec<Entry>)> {
    let point = tx.find(point, service_points::find)?;
    let scope = tx.actor().scope();
    // One that hung here in that month may lie out of the caller's scope now.
    let parts = content::draft(tx.conn(), &point, month)?.parts.into_iter();
    let parts = parts.filter(|part| scope.covers(&part.point.path));
    let mut entries = parts.map(|part| entry(tx.conn(), part, month)).collect::<Result<Vec<_>>>()?;
    for (child, rule, counts) in doubtful_items::summary_of(tx, &point, month)?.parts {
        let Some(entry) = entries.iter_mut().find(|entry| entry.part.point.id == child) else { continue };
        match rule.severity {
            Severity::Error => entry.doubts.errors += counts.open,
            Severity::Doubtful => entry.doubts.unexplained += counts.open,
        }
        entry.doubts.explained += counts.explained;
    }
    Ok((point, entries))
}

fn entry(conn: &mut Conn, part: Part, month: Month) -> Result<Entry> {
    let sent = match &part.report {
        Some(report) => Some(reports::submission(conn, report.id, report.submission)?),
        None => None,
    };
    let returned = match &part.report {
        Some(report) => returned(conn, report, &part.point)?,
        None => None,
    };
    let figures = figures(conn, &part.point, month, part.report.as_ref())?;
    let before = month.previous();
    let report_before = reports::of_point(conn, part.point.id, before)?;
    let month_before = self::figures(conn, &part.point, before, report_before.as_ref())?;
    Ok(Entry { part, sent, figures, month_before, returned, doubts: Doubts::default() })
}

/// What a point has sent in, or what it would say now.
fn figures(conn: &mut Conn, point: &ServicePoint, month: Month, report: Option<&Report>) -> Result<Figures> {
    match report.filter(|report| report.state.closes()) {
        Some(report) => content::read(&reports::submission(conn, report.id, report.submission)?.figures),
        None => Ok(statistics::of_month(conn, point, month)?.1),
    }
}

fn returned(conn: &mut Conn, report: &Report, point: &ServicePoint) -> Result<Option<Returned>> {
    let sent = reports::submissions(conn, report.id)?;
    let Some(submission) = sent.into_iter().rfind(|sent| sent.decision == Some(ReportDecision::Returned)) else {
        return Ok(None);
    };
    let then = records(conn, report.id, submission.number)?;
    let now = if report.state.closes() {
        records(conn, report.id, report.submission)?
    } else {
        content::own(conn, point, report.month)?.records
    };
    let (mut added, mut changed, mut gone) = (0, 0, 0);
    for id in then.keys().chain(now.keys()).collect::<BTreeSet<_>>() {
        match (then.get(id), now.get(id)) {
            (Some(then), Some(now)) => changed += usize::from(then != now),
            (Some(_), None) => gone += 1,
            (None, _) => added += 1,
        }
    }
    Ok(Some(Returned { figures: content::read(&submission.figures)?, submission, added, changed, gone }))
}

fn records(conn: &mut Conn, report: Id, number: i64) -> Result<RecordDigests> {
    let text = reports::records(conn, report, number)?;
    text.map_or_else(|| Ok(RecordDigests::new()), |text| serde_json::from_str(&text).map_err(Error::internal))
}
