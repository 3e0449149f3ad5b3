//! What answers tell of reports.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::answer::{Identified, Versioned},
    app::reports::{self as app, Difference, How, View},
    auth::{Permission, Tx},
    db::{
        reports::{self, Child, Report, Submission},
        service_points,
    },
    domain::{
        Id, Instant, Month,
        codes::{ChildState, ReportDecision, ReportState},
        reports::Figures,
    },
    error::{Error, Result},
};

/// The report of a point for a month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Report)]
pub struct ReportAnswer {
    /// The report.
    pub id: Id,
    /// Whose.
    pub service_point_id: Id,
    /// For which month.
    pub month: Month,
    /// Where it is.
    pub state: ReportState,
    /// The number of the last submission, from 1.
    pub submission: i64,
    /// The digest of what was sent in last: whoever approves it names it.
    pub digest: String,
    /// Whether it said that nothing happened.
    pub nil: bool,
    /// Whether the caller sent it in, and so does not decide about it.
    pub is_own: bool,
    /// When it was sent in last.
    pub submitted_at: Instant,
    /// When somebody decided about that.
    pub decided_at: Option<Instant>,
    /// Why it was returned or opened again.
    pub reason: Option<String>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was sent in first.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Versioned for ReportAnswer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Identified for ReportAnswer {
    fn id(&self) -> Id {
        self.id
    }
}

impl ReportAnswer {
    /// As this account sees it.
    pub fn of((report, sent): (Report, Submission), who: Option<Id>) -> Self {
        Self {
            id: report.id,
            service_point_id: report.service_point_id,
            month: report.month,
            state: report.state,
            submission: report.submission,
            digest: report.digest,
            nil: sent.nil,
            is_own: who == Some(sent.submitted_by),
            submitted_at: sent.submitted_at,
            decided_at: sent.decided_at,
            reason: sent.reason,
            version: report.version,
            created_at: report.created_at,
            updated_at: report.updated_at,
        }
    }
}

/// The answer of a change.
///
/// # Errors
/// The database's own.
pub fn changed<P: Permission>(tx: &mut Tx<'_, P>, report: Report) -> Result<ReportAnswer> {
    let submission = reports::submission(tx.conn(), report.id, report.submission)?;
    Ok(ReportAnswer::of((report, submission), tx.actor().account_id()))
}

/// A metric as it is frozen, or as it is now.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportFigure {
    /// The code of the metric.
    metric: String,
    /// How many, with everything below.
    value: i64,
    /// For a share: of how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    of: Option<i64>,
    /// By kind of assistance; kinds with nothing are left out.
    by_kind: Vec<ReportPart>,
    /// By type of household, or by kind of village; those with nothing are left out.
    by_type: Vec<ReportPart>,
}

/// A part of a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportPart {
    /// The code of the kind or type.
    code: String,
    /// Its figure.
    value: i64,
}

fn told(figures: &Figures) -> Vec<ReportFigure> {
    let parts = |parts: &std::collections::BTreeMap<String, i64>| {
        parts.iter().map(|(code, value)| ReportPart { code: code.clone(), value: *value }).collect()
    };
    let tell = |(metric, frozen): (&String, &crate::domain::reports::Frozen)| ReportFigure {
        metric: metric.clone(),
        value: frozen.value,
        of: frozen.of,
        by_kind: parts(&frozen.by_kind),
        by_type: parts(&frozen.by_type),
    };
    figures.0.iter().map(tell).collect()
}

fn read(figures: &str) -> Result<Vec<ReportFigure>> {
    let figures: Figures = serde_json::from_str(figures).map_err(Error::internal)?;
    Ok(told(&figures))
}

/// A point just below in a report.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportChild {
    /// The point; null where it has come to lie out of the caller's scope.
    service_point_id: Option<Id>,
    /// Its region code, or its id.
    code: String,
    /// Its name.
    name: String,
    /// How it stands; null while its report is waited for.
    state: Option<ChildState>,
    /// The digest of its report, or of what it counts without one.
    digest: Option<String>,
    /// What it adds to the figures; null for one that is left out.
    figures: Option<Vec<ReportFigure>>,
}

/// How many of the points below have reported. One that is left out is not among those who have.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reported {
    /// So many.
    reported: usize,
    /// Of so many that were expected.
    expected: usize,
}

impl Reported {
    fn of(children: &[ReportChild]) -> Self {
        let expected = children.iter().filter(|child| child.state != Some(ChildState::Absent));
        let reported = children.iter().filter(|child| child.state == Some(ChildState::Approved));
        Self { reported: reported.count(), expected: expected.count() }
    }
}

/// A report as it was sent in last.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FrozenReport)]
pub struct SubmissionAnswer {
    /// The report.
    #[serde(flatten)]
    report: ReportAnswer,
    /// What else was said.
    note: Option<String>,
    /// The digest of the records and households of the point itself.
    own_digest: String,
    /// How many of the points below have reported.
    of: Reported,
    /// The figures that were frozen.
    figures: Vec<ReportFigure>,
    /// The points below, by their codes.
    children: Vec<ReportChild>,
}

impl Versioned for SubmissionAnswer {
    fn version(&self) -> i64 {
        self.report.version
    }
}

/// What was frozen last.
///
/// # Errors
/// It cannot be read.
pub fn submission<P: Permission>(
    tx: &mut Tx<'_, P>,
    (report, sent): (Report, Submission),
    children: &[Child],
) -> Result<SubmissionAnswer> {
    let seen = seen(tx, children.iter().map(|child| child.service_point_id).collect())?;
    let children = children
        .iter()
        .map(|child| {
            Ok(ReportChild {
                service_point_id: Some(child.service_point_id).filter(|id| seen.contains(id)),
                code: child.code.clone(),
                name: child.name.clone(),
                state: Some(child.state),
                digest: child.digest.clone(),
                figures: child.figures.as_deref().map(read).transpose()?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(SubmissionAnswer {
        note: sent.note.clone(),
        own_digest: sent.own_digest.clone(),
        of: Reported::of(&children),
        figures: read(&sent.figures)?,
        report: ReportAnswer::of((report, sent), tx.actor().account_id()),
        children,
    })
}

fn seen<P: Permission>(tx: &mut Tx<'_, P>, points: Vec<Id>) -> Result<BTreeSet<Id>> {
    let scope = tx.actor().scope();
    Ok(service_points::reached(tx.conn(), &scope, &points)?.into_iter().collect())
}

/// What was sent in once, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportSubmission)]
pub struct SentAnswer {
    /// Which submission, from 1.
    number: i64,
    /// Whether it said that nothing happened.
    nil: bool,
    /// What else was said.
    note: Option<String>,
    /// The digest of all of it.
    digest: String,
    /// When it was sent in.
    submitted_at: Instant,
    /// What became of it; null while it waits.
    decision: Option<ReportDecision>,
    /// When that was.
    decided_at: Option<Instant>,
    /// Why.
    reason: Option<String>,
    /// The figures that were frozen.
    figures: Vec<ReportFigure>,
}

impl SentAnswer {
    /// What it says.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn of(sent: Submission) -> Result<Self> {
        Ok(Self {
            figures: read(&sent.figures)?,
            number: sent.number,
            nil: sent.nil,
            note: sent.note,
            digest: sent.digest,
            submitted_at: sent.submitted_at,
            decision: sent.decision,
            decided_at: sent.decided_at,
            reason: sent.reason,
        })
    }
}

/// A record that is not what was sent in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportDifference)]
pub struct DifferenceAnswer {
    /// The record.
    record_id: Id,
    /// `added`, `changed`, `voided`, or `gone` to another month.
    change: &'static str,
}

impl From<Difference> for DifferenceAnswer {
    fn from(difference: Difference) -> Self {
        let change = match difference.how {
            How::Added => "added",
            How::Changed => "changed",
            How::Voided => "voided",
            How::Gone => "gone",
        };
        Self { record_id: difference.record_id, change }
    }
}

/// What is another now than what was sent in.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportDiffers {
    /// The records or households of the point itself.
    content: bool,
    /// The figures.
    figures: bool,
    /// The points below.
    children: bool,
}

/// A point's month: what was sent in last, beside what would be sent in now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportMonth)]
pub struct MonthAnswer {
    /// The point.
    service_point_id: Id,
    /// The month.
    month: Month,
    /// Whether a report is expected of the point.
    is_expected: bool,
    /// Whether it would have to be sent in as a nil report now.
    nil: bool,
    /// How many of the points below have reported.
    of: Reported,
    /// What was sent in last; null before that.
    report: Option<SubmissionAnswer>,
    /// What is another now; null before it was sent in.
    differs: Option<ReportDiffers>,
    /// The figures at this moment: frozen ones for children that are approved, without those that are left out.
    figures: Vec<ReportFigure>,
    /// The points below as they stand now.
    children: Vec<ReportChild>,
}

/// A month beside what was frozen of it.
///
/// # Errors
/// It cannot be read.
pub fn month_answer<P: Permission>(tx: &mut Tx<'_, P>, view: View, month: Month) -> Result<MonthAnswer> {
    let differs = view.differs()?;
    let app::View { point, is_expected, report, draft } = view;
    let seen = seen(tx, draft.parts.iter().map(|part| part.point.id).collect())?;
    let children: Vec<ReportChild> = draft
        .parts
        .iter()
        .map(|part| ReportChild {
            service_point_id: Some(part.point.id).filter(|id| seen.contains(id)),
            code: part.code(),
            name: part.point.name.clone(),
            state: part.state,
            digest: part.digest.clone(),
            figures: part.figures.as_ref().map(told),
        })
        .collect();
    let report = match report {
        Some((report, sent, children)) => Some(submission(tx, (report, sent), &children)?),
        None => None,
    };
    Ok(MonthAnswer {
        service_point_id: point.id,
        month,
        is_expected,
        nil: draft.is_nil(),
        of: Reported::of(&children),
        report,
        differs: differs.map(|(content, figures, children)| ReportDiffers { content, figures, children }),
        figures: told(&draft.figures),
        children,
    })
}
