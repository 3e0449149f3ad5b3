//! `/inspection-items`.

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::{Changed, Item, List, Versioned},
    endpoint::{Endpoint, Heading, endpoint},
    extract::{Body, IfMatch, Pages, PathId},
    page::{self, Filters},
    problem::Problem,
};
use crate::{
    app::inspection_items::{self as app, NoteResult},
    auth::{Authorized, can},
    db::{
        Cost,
        inspection_items::{self, Filter},
    },
    domain::{Day, Id, Instant, codes::InspectionItemState},
    error::Result,
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "inspections", id, summary };
    vec![
        endpoint(
            Method::GET,
            "/api/v1/inspection-items",
            heading("list_inspection_items", "List drawn records, in the order of the draw."),
            list,
        ),
        endpoint(
            Method::GET,
            "/api/v1/inspection-items/{id}",
            heading("get_inspection_item", "Show a drawn record and what was found."),
            get,
        ),
        endpoint(
            Method::POST,
            "/api/v1/inspection-items/{id}/result",
            heading("note_inspection_result", "Note what was found about a drawn record."),
            note,
        ),
    ]
}

/// A drawn record, as it stood in the frame, and what was found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InspectionItem)]
pub struct ItemAnswer {
    /// The item.
    pub id: Id,
    /// Of which inspection.
    pub inspection_id: Id,
    /// Its place in the sample, from 1.
    pub number: i64,
    /// By which point the record was given.
    pub service_point_id: Id,
    /// Its weight in the frame.
    pub weight: i64,
    /// The record.
    pub record_id: Id,
    /// Its version in the frame.
    pub record_version: i64,
    /// To whom it was given.
    pub household_id: Id,
    /// A code of the list `assistance_kind`.
    pub kind: String,
    /// On which day.
    pub given_on: Day,
    /// How much that version said.
    pub recorded_quantity: i64,
    /// What that version said it was worth, in fen.
    pub recorded_amount_fen: Option<i64>,
    /// What was found.
    pub state: InspectionItemState,
    /// How much was found, where it differs.
    pub found_quantity: Option<i64>,
    /// What it was found to be worth, where it differs.
    pub found_amount_fen: Option<i64>,
    /// What is to be known of the check.
    pub note: Option<String>,
    /// The account that noted the result.
    pub checked_by: Option<Id>,
    /// When.
    pub checked_at: Option<Instant>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was drawn.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl From<inspection_items::Item> for ItemAnswer {
    fn from(item: inspection_items::Item) -> Self {
        Self {
            id: item.id,
            inspection_id: item.inspection_id,
            number: item.number,
            service_point_id: item.service_point_id,
            weight: item.weight,
            record_id: item.record_id,
            record_version: item.record_version,
            household_id: item.household_id,
            kind: item.kind,
            given_on: item.given_on,
            recorded_quantity: item.recorded_quantity,
            recorded_amount_fen: item.recorded_amount_fen,
            state: item.state,
            found_quantity: item.found_quantity,
            found_amount_fen: item.found_amount_fen,
            note: item.note,
            checked_by: item.checked_by,
            checked_at: item.checked_at,
            version: item.version,
            created_at: item.created_at,
            updated_at: item.updated_at,
        }
    }
}

impl Versioned for ItemAnswer {
    fn version(&self) -> i64 {
        self.version
    }
}

/// What a list of drawn records is narrowed to.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ItemsFilters {
    /// Of this inspection only.
    inspection_id: Option<Id>,
    /// Given by points in the subtree of this one only.
    service_point_id: Option<Id>,
    /// This state only.
    #[param(inline)]
    state: Option<InspectionItemState>,
}

impl Filters for ItemsFilters {
    const NAME: &'static str = "inspection-items";
}

async fn list(
    access: Authorized<can::ReadInspections>,
    pages: Pages<ItemsFilters>,
) -> Result<List<ItemAnswer>, Problem> {
    let page = access.read(Cost::Slow, pages, |tx, listing| {
        let want = page::want(tx, listing)?;
        let filter = Filter { inspection_id: listing.filters.inspection_id, state: listing.filters.state };
        let found = app::list(tx, listing.filters.service_point_id, &filter, &want)?;
        page::list(tx, listing, found, |item| item.id, |item| Ok(item.into()))
    });
    Ok(page.await?)
}

async fn get(access: Authorized<can::ReadInspections>, id: PathId) -> Result<Item<ItemAnswer>, Problem> {
    Ok(Item(access.read(Cost::Quick, id, |tx, id| app::get(tx, *id)).await?.into()))
}

async fn note(
    access: Authorized<can::DrawInspections>,
    id: PathId,
    version: IfMatch,
    body: Body<NoteResult>,
) -> Result<Changed<ItemAnswer>, Problem> {
    let item = access.write((id, version, body), |tx, (id, version, request)| app::note(tx, *id, *version, request));
    Ok(Changed(item.await?.into()))
}
