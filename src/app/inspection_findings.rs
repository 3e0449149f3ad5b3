//! Findings: an auditor asks that a report go back, a reviewer or manager decides. What was decided is only kept here; the report
//! is returned by an act of its own.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Paged, Want, audit, expect_version,
    households::Reason,
    idempotence::{Made, replay, request_digest},
    input::{Faults, holds_no_number},
    reach_within,
};
use crate::{
    auth::{Tx, can},
    db::{
        inspection_findings::{self, Filter, Finding},
        inspection_items, inspections,
    },
    domain::{
        Id, Text,
        codes::{FindingState, InspectionItemState},
    },
    error::{Conflict, Result},
};

/// What is asked for.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeFinding {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The checked item. The report of the point that gave, of the month in which it was given, is to go back.
    pub item_id: Id,
    /// Why.
    #[validate(length(min = 1, max = 500), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub reason: Text,
}

/// Makes a finding.
///
/// # Errors
/// The item is unknown, unchecked or was confirmed; a finding about it waits or was accepted.
pub fn make(tx: &mut Tx<'_, can::DrawInspections>, request: &MakeFinding) -> Result<Made<Finding>> {
    tx.reach()?;
    let digest = request_digest(tx, request)?;
    if let Some(made) = replay(tx, request.id, &digest, inspection_findings::find)? {
        return Ok(made);
    }
    let item = |tx: &mut Tx<'_, can::DrawInspections>| {
        tx.find(request.item_id, inspection_items::find).map_err(|error| error.at("/item_id"))
    };
    let inspection_id = item(tx)?.inspection_id;
    inspections::lock(tx.conn(), inspection_id)?;
    // Again, now that nobody else may make one: the same request may have come twice at the same moment.
    if let Some(made) = replay(tx, request.id, &digest, inspection_findings::find)? {
        return Ok(made);
    }
    let item = item(tx)?;
    let mut faults = Faults::of(request);
    faults.id(request.id);
    faults.finish()?;
    if matches!(item.state, InspectionItemState::Open | InspectionItemState::Confirmed) {
        return Err(Conflict::NothingFound.into());
    }
    if inspection_findings::stands(tx.conn(), item.id)? {
        return Err(Conflict::FindingPending.into());
    }
    let finding = Finding {
        id: request.id.unwrap_or_else(|| tx.new_id()),
        inspection_id,
        item_id: item.id,
        service_point_id: item.service_point_id,
        period: item.given_on.month().key(),
        reason: request.reason.to_string(),
        state: FindingState::Open,
        decision_reason: None,
        decided_by: None,
        decided_at: None,
        version: 1,
        created_by: tx.account_id()?,
        request_digest: digest.to_vec(),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    inspection_findings::insert(tx.conn(), &finding)?;
    audit::created(tx, "inspection_finding.make", &finding)?;
    Ok(Made::New(finding))
}

/// One finding.
///
/// # Errors
/// There is none within reach.
pub fn get(tx: &mut Tx<'_, can::ReadInspections>, id: Id) -> Result<Finding> {
    tx.find(id, inspection_findings::find)
}

/// The findings about points within reach, in one subtree if asked.
///
/// # Errors
/// That subtree's top is not within reach.
pub fn list(
    tx: &mut Tx<'_, can::ReadInspections>,
    within: Option<Id>,
    filter: &Filter,
    want: &Want<Id>,
) -> Result<Paged<Finding>> {
    let reach = reach_within(tx, within)?;
    let rows = inspection_findings::page(tx.conn(), &reach, filter, want.after, want.fetch())?;
    Ok(want.page(rows, None))
}

/// Decides a finding: the report is to go back, or not.
///
/// # Errors
/// It was decided before, or is the caller's own.
pub fn decide(
    tx: &mut Tx<'_, can::DecideFindings>,
    id: Id,
    version: i64,
    (state, request): (FindingState, &Reason),
) -> Result<Finding> {
    inspection_findings::lock(tx.conn(), id)?;
    let before = tx.find(id, inspection_findings::find)?;
    expect_version(before.version, version)?;
    Faults::of(request).finish()?;
    if before.state != FindingState::Open {
        return Err(Conflict::FindingDecided.into());
    }
    let account = tx.account_id()?;
    if before.created_by == account {
        return Err(Conflict::FindingOwn.into());
    }
    let after = Finding {
        state,
        decision_reason: Some(request.reason.to_string()),
        decided_by: Some(account),
        decided_at: Some(tx.now()),
        version: before.version + 1,
        updated_at: tx.now(),
        ..before.clone()
    };
    inspection_findings::update(tx.conn(), &after)?;
    let action = match state {
        FindingState::Accepted => "inspection_finding.accept",
        FindingState::Dismissed | FindingState::Open => "inspection_finding.dismiss",
    };
    audit::changed(tx, action, &before, &after, Some(&request.reason))?;
    Ok(after)
}
