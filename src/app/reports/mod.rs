//! Monthly reports: sending them in, which closes the month, and deciding about what was sent in.

mod bulk;
mod content;
mod frozen;
mod queue;
mod verify;
mod view;
mod waivers;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub use bulk::{ApproveItem, ApproveMany, approve_many};
pub use content::{Draft, Part};
pub use queue::{Doubts, Entry as QueueEntry, Returned, queue};
pub use verify::digests;
pub use view::{Difference, How, View, differences, get, list, submissions, view};
pub use waivers::{WaiveReport, get_waiver, list_waivers, revoke_waiver, waive};

use frozen::Frozen;

use super::{
    audit, expect_version,
    households::Reason,
    idempotence::{Made, replay, request_digest},
    input::{Faults, holds_no_number},
    notices,
};
use crate::{
    auth::{Permission, Tx, can},
    db::{
        reports::{self, Report, Submission},
        service_points::{self, ServicePoint},
    },
    domain::{
        Id, Month, Text,
        codes::{NoticeKind, ReportDecision, ReportState},
        reports::{Facts, Refusal, Step, next},
    },
    error::{Conflict, Error, Result},
};

/// A month that is sent in for the first time.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitReport {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// Whose report.
    pub service_point_id: Id,
    /// For which month; it must have ended.
    pub month: Month,
    /// Says that nothing happened. It must be said when that is so, and only then.
    #[serde(default)]
    pub nil: bool,
    /// What else is to be said.
    #[validate(length(min = 1, max = 500), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<Text>,
}

/// A month that is sent in again.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitAgain {
    /// Says that nothing happened. It must be said when that is so, and only then.
    #[serde(default)]
    pub nil: bool,
    /// What else is to be said.
    #[validate(length(min = 1, max = 500), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<Text>,
}

/// What is approved.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveReport {
    /// The digest of the content that was looked at.
    #[validate(length(min = 64, max = 64), non_control_character)]
    #[schema(min_length = 64, max_length = 64)]
    pub digest: Text,
}

/// Sends a month in for the first time, and closes it.
///
/// # Errors
/// The point is unknown; the month has not ended, or is not expected of it, or reports from below are missing; there is a
/// report already, or that of the point above has been sent in.
pub fn submit(tx: &mut Tx<'_, can::SubmitReports>, request: &SubmitReport) -> Result<Made<Report>> {
    tx.reach()?;
    let digest = request_digest(tx, request)?;
    if let Some(made) = replay(tx, request.id, &digest, reports::find)? {
        return Ok(made);
    }
    let at = |error: Error| error.at("/service_point_id");
    tx.find(request.service_point_id, service_points::find).map_err(at)?;
    lock(tx, &[(request.service_point_id, request.month)])?;
    // Again, now that nobody else may send it in: the same request may have come twice at the same moment.
    if let Some(made) = replay(tx, request.id, &digest, reports::find)? {
        return Ok(made);
    }
    let point = tx.find(request.service_point_id, service_points::find).map_err(at)?;
    let mut faults = Faults::of(request);
    faults.id(request.id);
    faults.finish()?;
    if let Some(held) = reports::of_point(tx.conn(), point.id, request.month)? {
        let conflict = if held.state.closes() { Conflict::ReportSubmitted } else { Conflict::ReportBegun };
        return Err(conflict.into());
    }
    let id = request.id.unwrap_or_else(|| tx.new_id());
    let facts = Facts { is_submitter: false, parent: parent_state(tx, point.id, request.month)? };
    let state = next(ReportState::Open, Step::Submit, facts).map_err(refused)?;
    let frozen = Frozen::of(tx, &point, (id, 1), request.month, (request.nil, request.note.as_ref()))?;
    let report = Report {
        id,
        service_point_id: point.id,
        month: request.month,
        state,
        submission: 1,
        digest: frozen.submission.digest.clone(),
        version: 1,
        created_by: tx.account_id()?,
        request_digest: digest.to_vec(),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    reports::insert(tx.conn(), &report)?;
    frozen.write(tx)?;
    audit::created(tx, "report.submit", &report)?;
    Ok(Made::New(report))
}

/// Sends a month in again, after it was returned, taken back or opened again.
///
/// # Errors
/// It is sent in already; as for [`submit`].
pub fn submit_again(
    tx: &mut Tx<'_, can::SubmitReports>,
    id: Id,
    version: i64,
    request: &SubmitAgain,
) -> Result<Report> {
    let (before, _) = locked(tx, id, version)?;
    Faults::of(request).finish()?;
    let facts = Facts { is_submitter: false, parent: parent_state(tx, before.service_point_id, before.month)? };
    let state = next(before.state, Step::Submit, facts).map_err(refused)?;
    let point = tx.find(before.service_point_id, service_points::find)?;
    let number = before.submission + 1;
    let frozen = Frozen::of(tx, &point, (id, number), before.month, (request.nil, request.note.as_ref()))?;
    let digest = frozen.submission.digest.clone();
    frozen.write(tx)?;
    let after = Report { state, submission: number, digest, ..before.clone() };
    save(tx, "report.submit", &before, after, None)
}

/// Takes a report back before anybody has decided about it.
///
/// # Errors
/// It does not wait for a decision.
pub fn withdraw(tx: &mut Tx<'_, can::SubmitReports>, id: Id, version: i64) -> Result<Report> {
    let (before, submission) = locked(tx, id, version)?;
    let state = step(tx, &before, &submission, Step::Withdraw)?;
    decide(tx, &before, submission, (state, ReportDecision::Withdrawn), "report.withdraw", None)
}

/// Approves the content with this digest. Approving it again changes nothing.
///
/// # Errors
/// It does not wait for a decision; its content is another one, or its records are not those that were sent in; the caller
/// sent it in.
pub fn approve(tx: &mut Tx<'_, can::ReviewReports>, id: Id, version: i64, request: &ApproveReport) -> Result<Report> {
    let (before, submission) = locked(tx, id, version)?;
    Faults::of(request).finish()?;
    let state = step(tx, &before, &submission, Step::Approve)?;
    if *before.digest != *request.digest {
        return Err(Conflict::OtherContent.into());
    }
    if state == before.state {
        return Ok(before);
    }
    if !is_intact(tx, &before, &submission)? {
        return Err(Conflict::ContentChanged.into());
    }
    decide(tx, &before, submission, (state, ReportDecision::Approved), "report.approve", None)
}

/// Sends a report back.
///
/// # Errors
/// It does not wait for a decision; the caller sent it in.
pub fn send_back(tx: &mut Tx<'_, can::ReviewReports>, id: Id, version: i64, request: &Reason) -> Result<Report> {
    let (before, submission) = locked(tx, id, version)?;
    Faults::of(request).finish()?;
    let state = step(tx, &before, &submission, Step::Return)?;
    let after =
        decide(tx, &before, submission, (state, ReportDecision::Returned), "report.return", Some(&request.reason))?;
    notices::about_report(tx, NoticeKind::Return, &after, &request.reason)?;
    Ok(after)
}

/// Opens an approved report again.
///
/// # Errors
/// It is not approved; the caller sent it in; the report of the point above has been sent in.
pub fn reopen(tx: &mut Tx<'_, can::ReopenReports>, id: Id, version: i64, request: &Reason) -> Result<Report> {
    let (before, submission) = locked(tx, id, version)?;
    Faults::of(request).finish()?;
    let state = step(tx, &before, &submission, Step::Reopen)?;
    let after =
        decide(tx, &before, submission, (state, ReportDecision::Reopened), "report.reopen", Some(&request.reason))?;
    notices::about_report(tx, NoticeKind::Reopen, &after, &request.reason)?;
    Ok(after)
}

/// Locks the points of these reports, those that they count without a report of their own, and shares the points above them.
fn lock<P: Permission>(tx: &mut Tx<'_, P>, reports: &[(Id, Month)]) -> Result<()> {
    let (mut locked, mut shared) = (Vec::new(), Vec::new());
    for (point, month) in reports {
        locked.push(*point);
        shared.extend(content::parent_at(tx.conn(), *point, *month)?);
        for child in content::children_at(tx.conn(), *point, *month)? {
            if !content::expects(&child, *month) {
                locked.extend(service_points::subtree(tx.conn(), &child.path)?.iter().map(|point| point.id));
            }
        }
    }
    Ok(service_points::lock_for_report(tx.conn(), &locked, &shared)?)
}

/// A report in the version that is to be changed, with what was sent in last, locked.
fn locked<P: Permission>(tx: &mut Tx<'_, P>, id: Id, version: i64) -> Result<(Report, Submission)> {
    let found = tx.find(id, reports::find)?;
    lock(tx, &[(found.service_point_id, found.month)])?;
    let report = tx.find(id, reports::find)?;
    expect_version(report.version, version)?;
    let submission = reports::submission(tx.conn(), id, report.submission)?;
    Ok((report, submission))
}

/// Where the report of the point above is for a month; none at the root.
fn parent_state<P: Permission>(tx: &mut Tx<'_, P>, point: Id, month: Month) -> Result<Option<ReportState>> {
    let Some(parent) = content::parent_at(tx.conn(), point, month)? else { return Ok(None) };
    let report = reports::of_point(tx.conn(), parent, month)?;
    Ok(Some(report.map_or(ReportState::Open, |report| report.state)))
}

fn step<P: Permission>(tx: &mut Tx<'_, P>, report: &Report, sent: &Submission, step: Step) -> Result<ReportState> {
    let is_submitter = tx.actor().account_id() == Some(sent.submitted_by);
    let parent = parent_state(tx, report.service_point_id, report.month)?;
    next(report.state, step, Facts { is_submitter, parent }).map_err(refused)
}

fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Submitted => Conflict::ReportSubmitted.into(),
        Refusal::NotSubmitted => Conflict::ReportNotSubmitted.into(),
        Refusal::NotApproved => Conflict::ReportNotApproved.into(),
        Refusal::ParentSubmitted => Conflict::ParentSubmitted.into(),
        Refusal::OwnReport => Error::OwnReport,
    }
}

/// Whether the records and households of the point are still those that were sent in.
fn is_intact<P: Permission>(tx: &mut Tx<'_, P>, report: &Report, sent: &Submission) -> Result<bool> {
    let point = any_point(tx, report.service_point_id)?;
    let own = content::own(tx.conn(), &point, report.month)?;
    let frozen = content::read(&sent.own_figures)?;
    Ok(own.digest == sent.own_digest && own.figures.known_to(&frozen) == frozen)
}

/// Writes what became of a submission, and where the report is now.
fn decide<P: Permission>(
    tx: &mut Tx<'_, P>,
    before: &Report,
    submission: Submission,
    (state, decision): (ReportState, ReportDecision),
    action: &'static str,
    reason: Option<&str>,
) -> Result<Report> {
    let submission = Submission {
        decision: Some(decision),
        decided_by: Some(tx.account_id()?),
        decided_at: Some(tx.now()),
        reason: reason.map(str::to_owned),
        ..submission
    };
    reports::decide(tx.conn(), &submission)?;
    save(tx, action, before, Report { state, ..before.clone() }, reason)
}

/// Writes a changed report as its next version.
fn save<P: Permission>(
    tx: &mut Tx<'_, P>,
    action: &'static str,
    before: &Report,
    after: Report,
    reason: Option<&str>,
) -> Result<Report> {
    let after = Report { version: before.version + 1, updated_at: tx.now(), ..after };
    reports::update(tx.conn(), &after)?;
    audit::changed(tx, action, before, &after, reason)?;
    Ok(after)
}

/// A point, whoever asks.
fn any_point<P: Permission>(tx: &mut Tx<'_, P>, id: Id) -> Result<ServicePoint> {
    Ok(service_points::find(tx.conn(), id)?.ok_or(Error::NotFound)?.origin(ServicePoint::clone))
}
