//! Inspections: a frame whose digest is kept first, then a seed, then the sample that follows from both. None of the three can
//! be done again or out of its turn.

mod frame;
mod results;

pub use frame::{FrameInspection, Snapshot, frame, part, prepare};
pub use results::{Results, StratumResult, results};

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Paged, Want, audit, expect_version,
    households::Reason,
    input::{Faults, holds_no_number},
    reach_within,
};
use crate::{
    auth::{Tx, can},
    db::{
        inspection_frames,
        inspection_items::{self, Item},
        inspections::{self, Inspection},
    },
    domain::{
        Id, Text,
        codes::{InspectionItemState, InspectionState},
        digest::hex,
        sampling::{self, Frame, Line},
    },
    error::{Conflict, Error, Result},
};

/// What the draw begins with, from outside or made here.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveSeed {
    /// The seed, such as the numbers of a public lottery that was drawn after the frame was made; when nothing is said, one is
    /// made of 32 random bytes.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub seed: Option<Text>,
    /// Where it is from.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub source: Option<Text>,
}

/// One inspection.
///
/// # Errors
/// There is none within reach.
pub fn get(tx: &mut Tx<'_, can::ReadInspections>, id: Id) -> Result<Inspection> {
    tx.find(id, inspections::find)
}

/// The inspections whose tops are within reach, of one subtree if asked.
///
/// # Errors
/// That subtree's top is not within reach.
pub fn list(
    tx: &mut Tx<'_, can::ReadInspections>,
    within: Option<Id>,
    state: Option<InspectionState>,
    want: &Want<Id>,
) -> Result<Paged<Inspection>> {
    let reach = reach_within(tx, within)?;
    let rows = inspections::page(tx.conn(), &reach, state, want.after, want.fetch())?;
    Ok(want.page(rows, None))
}

/// Gives the seed.
///
/// # Errors
/// There is one already.
pub fn give_seed(
    tx: &mut Tx<'_, can::DrawInspections>,
    id: Id,
    version: i64,
    request: &GiveSeed,
) -> Result<Inspection> {
    let before = open(tx, id, version)?;
    let mut faults = Faults::of(request);
    faults.unless(request.seed.is_some() || request.source.is_none(), "/source", "source_without_seed");
    faults.finish()?;
    expect_state(&before, InspectionState::Framed)?;
    let made = || hex(&tx.tools().edge.random::<32>());
    let after = Inspection {
        seed: Some(request.seed.as_ref().map_or_else(made, ToString::to_string)),
        seed_source: request.source.as_ref().map(ToString::to_string),
        seeded_at: Some(tx.now()),
        state: InspectionState::Seeded,
        ..next(tx, &before)
    };
    inspections::update(tx.conn(), &after)?;
    audit::changed(tx, "inspection.seed", &before, &after, None)?;
    Ok(after)
}

/// What the frame that was kept and the seed come to, read in a snapshot, so that nobody who writes waits for the pass.
///
/// # Errors
/// It has no seed yet, or was drawn; the frame is not the one whose digest was kept.
pub fn sample(tx: &mut Tx<'_, can::DrawInspections>, id: Id, version: i64) -> Result<Vec<Line>> {
    let inspection = tx.find(id, inspections::find)?;
    expect_version(inspection.version, version)?;
    expect_state(&inspection, InspectionState::Seeded)?;
    let frame = kept(tx, &inspection)?;
    let seed = inspection.seed.as_deref().ok_or(Conflict::InspectionOrder)?;
    let size = usize::try_from(inspection.sample_size).map_err(Error::internal)?;
    Ok(sampling::draw(&frame, inspection.method, size, seed))
}

/// The frame that was kept, if it is the one whose digest was.
fn kept(tx: &mut Tx<'_, can::DrawInspections>, inspection: &Inspection) -> Result<Frame> {
    let parts = inspection_frames::parts(tx.conn(), inspection.id)?;
    let frame = Frame::of_parts(parts.iter().map(Vec::as_slice)).ok_or(Conflict::FrameAltered)?;
    if hex(frame.digest()) == inspection.frame_digest { Ok(frame) } else { Err(Conflict::FrameAltered.into()) }
}

/// Draws: the sample, which [`sample`] found for this version of the inspection, becomes its items.
///
/// # Errors
/// It has no seed yet, was drawn, or has changed since.
pub fn draw(tx: &mut Tx<'_, can::DrawInspections>, id: Id, version: i64, sample: &[Line]) -> Result<Inspection> {
    let before = open(tx, id, version)?;
    expect_state(&before, InspectionState::Seeded)?;
    let mut items = Vec::with_capacity(sample.len());
    for (number, line) in (1..).zip(sample) {
        items.push(item(tx, &before, number, line)?);
    }
    inspection_items::insert(tx.conn(), &items)?;
    for (stratum, drawn) in sampling::counts(sample) {
        inspections::note_drawn(tx.conn(), id, stratum, drawn)?;
    }
    let after = Inspection { drawn_at: Some(tx.now()), state: InspectionState::Drawn, ..next(tx, &before) };
    inspections::update(tx.conn(), &after)?;
    audit::changed(tx, "inspection.draw", &before, &after, None)?;
    for item in &items {
        audit::created(tx, "inspection_item.draw", item)?;
    }
    Ok(after)
}

fn item(tx: &mut Tx<'_, can::DrawInspections>, inspection: &Inspection, number: i64, line: &Line) -> Result<Item> {
    let version = i64::from(line.version);
    let record = inspection_items::record_as_of(tx.conn(), line.record, version)?;
    let (id, now) = (tx.new_id(), tx.now());
    Ok(Item {
        id,
        inspection_id: inspection.id,
        number,
        service_point_id: record.service_point_id,
        stratum_id: line.stratum,
        weight: i64::from(line.weight),
        record_id: record.id,
        record_version: version,
        household_id: record.household_id,
        kind: record.kind,
        given_on: record.given_on,
        recorded_quantity: record.quantity,
        recorded_amount_fen: record.amount_fen,
        state: InspectionItemState::Open,
        found_quantity: None,
        found_amount_fen: None,
        note: None,
        checked_by: None,
        checked_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    })
}

/// Closes an inspection, finished or not: nothing is drawn or checked any more. Findings about it are still made and decided.
///
/// # Errors
/// It is closed already.
pub fn close(tx: &mut Tx<'_, can::DrawInspections>, id: Id, version: i64, request: &Reason) -> Result<Inspection> {
    let before = open(tx, id, version)?;
    Faults::of(request).finish()?;
    if before.state == InspectionState::Closed {
        return Err(Conflict::InspectionClosed.into());
    }
    let after = Inspection {
        closed_at: Some(tx.now()),
        close_reason: Some(request.reason.to_string()),
        state: InspectionState::Closed,
        ..next(tx, &before)
    };
    inspections::update(tx.conn(), &after)?;
    audit::changed(tx, "inspection.close", &before, &after, Some(&request.reason))?;
    Ok(after)
}

fn open(tx: &mut Tx<'_, can::DrawInspections>, id: Id, version: i64) -> Result<Inspection> {
    inspections::lock(tx.conn(), id)?;
    let inspection = tx.find(id, inspections::find)?;
    expect_version(inspection.version, version)?;
    Ok(inspection)
}

fn next(tx: &Tx<'_, can::DrawInspections>, before: &Inspection) -> Inspection {
    Inspection { version: before.version + 1, updated_at: tx.now(), ..before.clone() }
}

fn expect_state(inspection: &Inspection, expected: InspectionState) -> Result<()> {
    match inspection.state {
        state if state == expected => Ok(()),
        InspectionState::Closed => Err(Conflict::InspectionClosed.into()),
        _ => Err(Conflict::InspectionOrder.into()),
    }
}
