//! What inspections have drawn: the list to go out with, and what was found.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Paged, Want, audit, expect_version,
    input::{Faults, holds_no_number},
    reach_within,
};
use crate::{
    auth::{Tx, can},
    db::{
        inspection_items::{self, Filter, Item},
        inspections,
    },
    domain::{
        Id, Text,
        codes::{InspectionItemState, InspectionState},
    },
    error::{Conflict, Result},
};

/// What was found about a drawn record.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteResult {
    /// What: anything but `open`.
    pub state: InspectionItemState,
    /// How much was given, where that differs. For `amount_differs`, this or the amount is needed.
    #[validate(range(min = 0, max = 1_000_000_000_000_i64))]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub found_quantity: Option<i64>,
    /// What it was worth in fen, where that differs.
    #[validate(range(min = 0, max = 1_000_000_000_000_i64))]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub found_amount_fen: Option<i64>,
    /// What is to be known of it; needed unless the record was confirmed.
    #[validate(length(min = 1, max = 500), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<Text>,
}

/// One item.
///
/// # Errors
/// There is none within reach.
pub fn get(tx: &mut Tx<'_, can::ReadInspections>, id: Id) -> Result<Item> {
    tx.find(id, inspection_items::find)
}

/// The items whose records were given within reach, in one subtree if asked.
///
/// # Errors
/// That subtree's top is not within reach.
pub fn list(
    tx: &mut Tx<'_, can::ReadInspections>,
    within: Option<Id>,
    filter: &Filter,
    want: &Want<Id>,
) -> Result<Paged<Item>> {
    let reach = reach_within(tx, within)?;
    let rows = inspection_items::page(tx.conn(), &reach, filter, want.after, want.fetch())?;
    Ok(want.page(rows, None))
}

/// Notes what was found. It may be noted anew until the inspection is closed; what was noted before stays in the audit events.
///
/// # Errors
/// The inspection is closed.
pub fn note(tx: &mut Tx<'_, can::DrawInspections>, id: Id, version: i64, request: &NoteResult) -> Result<Item> {
    let inspection_id = tx.find(id, inspection_items::find)?.inspection_id;
    inspections::lock(tx.conn(), inspection_id)?;
    let before = tx.find(id, inspection_items::find)?;
    expect_version(before.version, version)?;
    check(request, &before)?;
    if inspections::state(tx.conn(), inspection_id)? != InspectionState::Drawn {
        return Err(Conflict::InspectionClosed.into());
    }
    let after = Item {
        state: request.state,
        found_quantity: request.found_quantity,
        found_amount_fen: request.found_amount_fen,
        note: request.note.as_ref().map(ToString::to_string),
        checked_by: Some(tx.account_id()?),
        checked_at: Some(tx.now()),
        version: before.version + 1,
        updated_at: tx.now(),
        ..before.clone()
    };
    inspection_items::update(tx.conn(), &after)?;
    audit::changed(tx, "inspection_item.check", &before, &after, None)?;
    Ok(after)
}

fn check(request: &NoteResult, item: &Item) -> Result<()> {
    let mut faults = Faults::of(request);
    faults.unless(request.state != InspectionItemState::Open, "/state", "not_a_result");
    faults.unless(request.state == InspectionItemState::Confirmed || request.note.is_some(), "/note", "missing");
    if request.state == InspectionItemState::AmountDiffers {
        let found = (request.found_quantity, request.found_amount_fen);
        faults.unless(found != (None, None), "/found_quantity", "missing");
        let same = found.0.is_none_or(|quantity| quantity == item.recorded_quantity)
            && found.1.is_none_or(|amount| Some(amount) == item.recorded_amount_fen);
        faults.unless(found == (None, None) || !same, "/found_quantity", "same_as_recorded");
    } else {
        faults.unless(request.found_quantity.is_none(), "/found_quantity", "only_amount_differs");
        faults.unless(request.found_amount_fen.is_none(), "/found_amount_fen", "only_amount_differs");
    }
    faults.finish()
}
