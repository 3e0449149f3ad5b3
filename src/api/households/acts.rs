//! `/households/{id}/…`: what holds from a day on, and who the head is.

use actix_web::http::Method;
use serde::Serialize;
use utoipa::ToSchema;

use super::{HouseholdAnswer, answer};
use crate::{
    api::{
        answer::{Changed, List},
        endpoint::{Endpoint, Heading, endpoint},
        extract::{Body, IfMatch, PathId},
        problem::Problem,
    },
    app::{
        households::{self as app, ChangeStatus, ChangeType, TransferHousehold},
        members::ChangeHead,
        settled,
    },
    auth::{Authorized, can},
    db::{Cost, households::HouseholdSpan},
    domain::{Day, Id, codes::HouseholdStatus},
    error::Result,
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "households", id, summary };
    vec![
        endpoint(
            Method::GET,
            "/api/v1/households/{id}/history",
            heading("list_household_history", "List where a household was at home, of which type and in which state."),
            history,
        ),
        endpoint(
            Method::POST,
            "/api/v1/households/{id}/type",
            heading("change_household_type", "Give a household another type, from a day on."),
            change_type,
        ),
        endpoint(
            Method::POST,
            "/api/v1/households/{id}/status",
            heading("change_household_status", "Let a household move away, dissolve or return, from a day on."),
            change_status,
        ),
        endpoint(
            Method::POST,
            "/api/v1/households/{id}/transfer",
            heading("transfer_household", "Give a household another home, from a day on."),
            transfer,
        ),
        endpoint(
            Method::POST,
            "/api/v1/households/{id}/head",
            heading("change_head", "Make another member the head."),
            change_head,
        ),
    ]
}

/// Where a household was at home, of which type and in which state, from a day on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HouseholdSpan)]
pub(super) struct SpanAnswer {
    /// Its home; null where it lies outside the caller's scope.
    service_point_id: Option<Id>,
    /// A code of the list `household_type`.
    household_type: String,
    /// Its state.
    status: HouseholdStatus,
    /// The first day.
    valid_from: Day,
    /// The first day of what holds next; null for what holds now.
    valid_to: Option<Day>,
}

pub(super) fn span(span: HouseholdSpan, home: Option<Id>) -> SpanAnswer {
    SpanAnswer {
        service_point_id: home,
        household_type: span.household_type,
        status: span.status,
        valid_from: span.valid_from,
        valid_to: span.valid_to,
    }
}

async fn history(access: Authorized<can::ReadHouseholds>, id: PathId) -> Result<List<SpanAnswer>, Problem> {
    let page = access.read(Cost::Quick, id, |tx, id| {
        let items = app::history(tx, *id)?.into_iter().map(|(row, home)| span(row, home)).collect();
        Ok(List { items, next_cursor: None, count: None })
    });
    Ok(page.await?)
}

async fn change_type(
    access: Authorized<can::WriteHouseholds>,
    id: PathId,
    version: IfMatch,
    body: Body<ChangeType>,
) -> Result<Changed<HouseholdAnswer>, Problem> {
    let household = access.write((id, version, body), |tx, (id, version, request)| {
        let household = app::change_type(tx, *id, *version, request)?;
        answer(tx, household)
    });
    Ok(Changed(household.await?))
}

async fn change_status(
    access: Authorized<can::WriteHouseholds>,
    id: PathId,
    version: IfMatch,
    body: Body<ChangeStatus>,
) -> Result<Changed<HouseholdAnswer>, Problem> {
    let household = access.write((id, version, body), |tx, (id, version, request)| {
        settled(app::change_status(tx, *id, *version, request)?, |household| answer(tx, household))
    });
    Ok(Changed(household.await??))
}

async fn transfer(
    access: Authorized<can::TransferHouseholds>,
    id: PathId,
    version: IfMatch,
    body: Body<TransferHousehold>,
) -> Result<Changed<HouseholdAnswer>, Problem> {
    let household = access.write((id, version, body), |tx, (id, version, request)| {
        let household = app::transfer(tx, *id, *version, request)?;
        answer(tx, household)
    });
    Ok(Changed(household.await?))
}

async fn change_head(
    access: Authorized<can::WriteHouseholds>,
    id: PathId,
    version: IfMatch,
    body: Body<ChangeHead>,
) -> Result<Changed<HouseholdAnswer>, Problem> {
    let household = access.write((id, version, body), |tx, (id, version, request)| {
        let household = app::change_head(tx, *id, *version, request)?;
        answer(tx, household)
    });
    Ok(Changed(household.await?))
}
