//! Looking at reports: what was frozen, what is there now, and the records that make the difference.

use std::collections::BTreeMap;

use super::{Draft, any_point, content};
use crate::{
    app::{Paged, Want, reach_within},
    auth::{Tx, can},
    db::{
        assistance_records, ledger_entries,
        reports::{self, Child, Filter, Report, Submission},
        service_points::{self, ServicePoint},
    },
    domain::{Id, Month, codes::RecordState, reports::RecordDigests},
    error::{Error, Result},
};

/// A report as it was sent in last, beside what it would say now.
#[derive(Clone, Debug)]
pub struct View {
    /// The point.
    pub point: ServicePoint,
    /// Whether a report is expected of it for that month.
    pub is_expected: bool,
    /// The report, what was frozen, and the children in it; none before it was sent in.
    pub report: Option<(Report, Submission, Vec<Child>)>,
    /// What it would say now.
    pub draft: Draft,
}

impl View {
    /// Whether the records and households, the figures, and the children are others now than those that were frozen.
    ///
    /// # Errors
    /// What was frozen cannot be read.
    pub fn differs(&self) -> Result<Option<(bool, bool, bool)>> {
        let Some((_, sent, children)) = &self.report else { return Ok(None) };
        let then: BTreeMap<_, _> =
            children.iter().map(|child| (child.service_point_id, (Some(child.state), child.digest.clone()))).collect();
        let now: BTreeMap<_, _> =
            self.draft.parts.iter().map(|part| (part.point.id, (part.state, part.digest.clone()))).collect();
        let figures = content::read(&sent.figures)?;
        Ok(Some((
            self.draft.own.digest != sent.own_digest,
            self.draft.figures.known_to(&figures) != figures,
            then != now,
        )))
    }
}

/// How a record differs from what was sent in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It was not there.
    Added,
    /// It says something else now.
    Changed,
    /// It has been voided since.
    Voided,
    /// It is not of that month or point any more.
    Gone,
}

/// A record that makes a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The record.
    pub record_id: Id,
    /// How.
    pub how: How,
}

/// One report with what was frozen last, and the children in it.
///
/// # Errors
/// There is none within reach.
pub fn get(tx: &mut Tx<'_, can::ReadReports>, id: Id) -> Result<(Report, Submission, Vec<Child>)> {
    let report = tx.find(id, reports::find)?;
    let submission = reports::submission(tx.conn(), id, report.submission)?;
    let children = reports::children(tx.conn(), id, report.submission)?;
    Ok((report, submission, children))
}

/// Every submission of a report, the first one first.
///
/// # Errors
/// There is none within reach.
pub fn submissions(tx: &mut Tx<'_, can::ReadReports>, id: Id) -> Result<Vec<Submission>> {
    tx.find(id, reports::find)?;
    Ok(reports::submissions(tx.conn(), id)?)
}

/// The reports within reach, of one subtree if asked, with what was frozen last.
///
/// # Errors
/// A point of the filter is not within reach.
pub fn list(
    tx: &mut Tx<'_, can::ReadReports>,
    within: Option<Id>,
    filter: &Filter,
    want: &Want<Id>,
) -> Result<Paged<(Report, Submission)>> {
    let reach = reach_within(tx, within)?;
    if let Some(parent) = filter.parent_id {
        tx.find(parent, service_points::find).map_err(|error| error.at("parent_id"))?;
    }
    let rows = reports::page(tx.conn(), &reach, filter, want.after, want.fetch())?;
    let rows = rows
        .into_iter()
        .map(|report| {
            let submission = reports::submission(tx.conn(), report.id, report.submission)?;
            Ok((report, submission))
        })
        .collect::<Result<_>>()?;
    Ok(want.page(rows, None))
}

/// The report of a point for a month as it was sent in last, beside what it would say now.
///
/// # Errors
/// There is no such point within reach.
pub fn view(tx: &mut Tx<'_, can::ReadReports>, point: Id, month: Month) -> Result<View> {
    let point = tx.find(point, service_points::find)?;
    let report = match reports::of_point(tx.conn(), point.id, month)? {
        Some(report) => Some(get(tx, report.id)?),
        None => None,
    };
    let draft = content::draft(tx.conn(), &point, month)?;
    Ok(View { is_expected: content::expects(&point, month), point, report, draft })
}

/// The records and entries of the point itself that are not what was sent in last, by their ids.
///
/// # Errors
/// There is no such report within reach.
pub fn differences(tx: &mut Tx<'_, can::ReadReports>, id: Id, want: &Want<Id>) -> Result<Paged<Difference>> {
    let report = tx.find(id, reports::find)?;
    let point = any_point(tx, report.service_point_id)?;
    let then = reports::records(tx.conn(), id, report.submission)?.unwrap_or_else(|| "{}".to_owned());
    let then: RecordDigests = serde_json::from_str(&then).map_err(Error::internal)?;
    let now = content::own(tx.conn(), &point, report.month)?.records;
    let mut found = Vec::new();
    let ids: std::collections::BTreeSet<Id> = then.keys().chain(now.keys()).copied().collect();
    for record_id in ids.into_iter().filter(|id| want.after.is_none_or(|after| *id > after)) {
        let how = match (then.get(&record_id), now.get(&record_id)) {
            (Some(then), Some(now)) if then == now => continue,
            (Some(_), None) => How::Gone,
            (None, _) => How::Added,
            (Some(_), Some(_)) => {
                let record = assistance_records::find(tx.conn(), record_id)?;
                let state = match record {
                    Some(record) => Some(record.origin(|row| row.state)),
                    None => ledger_entries::find(tx.conn(), record_id)?.map(|entry| entry.origin(|row| row.state)),
                };
                if state == Some(RecordState::Voided) { How::Voided } else { How::Changed }
            }
        };
        found.push(Difference { record_id, how });
        if found.len() as i64 >= want.fetch() {
            break;
        }
    }
    Ok(want.page(found, None))
}
