//! What is frozen when a month is sent in, and everything that keeps it from being sent in.

use super::content::{self, Draft};
use crate::{
    app::doubtful_items,
    auth::{Permission, Tx, can},
    db::{
        reports::{self, Child, Submission},
        service_points::ServicePoint,
    },
    domain::{Id, Month, Text, digest::canonical, reports::Figures},
    error::{Conflict, Error, Result},
};

/// What is frozen when a report is sent in.
pub(super) struct Frozen {
    pub submission: Submission,
    children: Vec<Child>,
    records: String,
}

impl Frozen {
    pub fn of(
        tx: &mut Tx<'_, can::SubmitReports>,
        point: &ServicePoint,
        (report_id, number): (Id, i64),
        month: Month,
        (nil, note): (bool, Option<&Text>),
    ) -> Result<Self> {
        let draft = content::draft(tx.conn(), point, month)?;
        require_ready(tx, point, month, &draft, nil)?;
        require_no_doubt(tx, point, month, note)?;
        let stored = |figures: &Figures| figures.stored().map_err(Error::internal);
        let children = draft.parts.iter().filter_map(|part| Some((part, part.state?)));
        let children = children
            .map(|(part, state)| {
                Ok(Child {
                    report_id,
                    number,
                    service_point_id: part.point.id,
                    code: part.code(),
                    name: part.point.name.clone(),
                    state,
                    digest: part.digest.clone(),
                    figures: part.figures.as_ref().map(stored).transpose()?,
                })
            })
            .collect::<Result<_>>()?;
        let records = serde_json::to_value(&draft.own.records).map_err(Error::internal)?;
        let submission = Submission {
            report_id,
            number,
            nil,
            note: note.map(ToString::to_string),
            figures: stored(&draft.figures)?,
            own_figures: stored(&draft.own.figures)?,
            own_digest: draft.own.digest.clone(),
            digest: draft.digest(point.id, month)?,
            submitted_by: tx.account_id()?,
            submitted_at: tx.now(),
            decision: None,
            decided_by: None,
            decided_at: None,
            reason: None,
        };
        Ok(Self { submission, children, records: canonical(&records) })
    }

    pub fn write<P: Permission>(&self, tx: &mut Tx<'_, P>) -> Result<()> {
        Ok(reports::freeze(tx.conn(), &self.submission, &self.children, &self.records)?)
    }
}

/// Everything that keeps a month from being sent in is asked here, under the locks that close it.
fn require_ready(
    tx: &mut Tx<'_, can::SubmitReports>,
    point: &ServicePoint,
    month: Month,
    draft: &Draft,
    nil: bool,
) -> Result<()> {
    let conflict = if month.last_day() >= tx.today() {
        Conflict::MonthRuns
    } else if !content::expects(point, month) {
        Conflict::ReportNotExpected
    } else if draft.is_missing_any() {
        Conflict::ReportsMissing
    } else if draft.is_nil() != nil {
        if nil { Conflict::NotNil } else { Conflict::NilNeeded }
    } else {
        return Ok(());
    };
    Err(conflict.into())
}

/// What the rules find wrong at the point itself is corrected first, and what they find doubtful is explained, item by item or by
/// a note.
fn require_no_doubt(
    tx: &mut Tx<'_, can::SubmitReports>,
    point: &ServicePoint,
    month: Month,
    note: Option<&Text>,
) -> Result<()> {
    let open = doubtful_items::open_for_report(tx, &point.path, month)?;
    match (open.errors, open.unexplained, note) {
        (0, 0, _) | (0, _, Some(_)) => Ok(()),
        (0, _, None) => Err(Conflict::NoteNeeded.into()),
        _ => Err(Conflict::ErrorsOpen.into()),
    }
}
