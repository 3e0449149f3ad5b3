//! `/transfer-requests`.

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::{Changed, Created, Identified, Item, List, Versioned},
    endpoint::{Endpoint, Heading, endpoint},
    extract::{Body, IfMatch, Pages, PathId},
    page::{self, Filters},
    problem::Problem,
};
use crate::{
    app::{
        Paged,
        households::Reason,
        settled,
        transfer_requests::{self as app, Accept, RequestTransfer},
    },
    auth::{Authorized, Permission, Tx, can},
    db::{Cost, transfer_requests::TransferRequest},
    domain::{Day, Id, Instant, codes::TransferState},
    error::Result,
};

const PATH: &str = "/api/v1/transfer-requests";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "transfer-requests", id, summary };
    vec![
        endpoint(Method::GET, PATH, heading("list_transfer_requests", "List requests to transfer households."), list),
        endpoint(
            Method::POST,
            PATH,
            heading("request_transfer", "Ask for a household that is at home elsewhere."),
            request,
        ),
        endpoint(
            Method::GET,
            "/api/v1/transfer-requests/{id}",
            heading("get_transfer_request", "Show a request."),
            get,
        ),
        endpoint(
            Method::POST,
            "/api/v1/transfer-requests/{id}/accept",
            heading("accept_transfer", "Grant a request: the household is transferred."),
            accept,
        ),
        endpoint(
            Method::POST,
            "/api/v1/transfer-requests/{id}/refuse",
            heading("refuse_transfer", "Refuse a request."),
            refuse,
        ),
        endpoint(
            Method::POST,
            "/api/v1/transfer-requests/{id}/withdraw",
            heading("withdraw_transfer_request", "Take a request back."),
            withdraw,
        ),
    ]
}

/// A request to transfer a household.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TransferRequest)]
pub struct TransferRequestAnswer {
    /// The request.
    pub id: Id,
    /// The household; null where the caller may not see it.
    pub household_id: Option<Id>,
    /// The home that is wanted for it.
    pub service_point_id: Id,
    /// Whether it was answered, and how.
    pub state: TransferState,
    /// Why it is asked for.
    pub reason: String,
    /// Why it was refused.
    pub answer_reason: Option<String>,
    /// From which day on it was granted.
    pub effective_on: Option<Day>,
    /// When it was answered or withdrawn.
    pub answered_at: Option<Instant>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Versioned for TransferRequestAnswer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Identified for TransferRequestAnswer {
    fn id(&self) -> Id {
        self.id
    }
}

fn answer<P: Permission>(tx: &mut Tx<'_, P>, request: TransferRequest) -> Result<TransferRequestAnswer> {
    Ok(TransferRequestAnswer {
        household_id: app::visible_household(tx, &request)?,
        id: request.id,
        service_point_id: request.service_point_id,
        state: request.state,
        reason: request.reason,
        answer_reason: request.answer_reason,
        effective_on: request.effective_on,
        answered_at: request.answered_at,
        version: request.version,
        created_at: request.created_at,
        updated_at: request.updated_at,
    })
}

/// What a list of requests is narrowed to.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct TransferRequestsFilters {
    /// Wanted homes in the subtree of this point only.
    service_point_id: Option<Id>,
    /// This state only.
    #[param(inline)]
    state: Option<TransferState>,
}

impl Filters for TransferRequestsFilters {
    const NAME: &'static str = "transfer-requests";
}

async fn list(
    access: Authorized<can::ReadHouseholds>,
    pages: Pages<TransferRequestsFilters>,
) -> Result<List<TransferRequestAnswer>, Problem> {
    let page = access.read(Cost::Slow, pages, |tx, listing| {
        let want = page::want(tx, listing)?;
        let found = app::list(tx, listing.filters.service_point_id, listing.filters.state, &want)?;
        let Paged { items, more, count } = found;
        let items = items
            .into_iter()
            .map(|request| Ok((request.id, answer(tx, request)?)))
            .collect::<Result<Vec<(Id, TransferRequestAnswer)>>>()?;
        page::list(tx, listing, Paged { items, more, count }, |(id, _)| *id, |(_, request)| Ok(request))
    });
    Ok(page.await?)
}

async fn request(
    access: Authorized<can::WriteHouseholds>,
    body: Body<RequestTransfer>,
) -> Result<Created<TransferRequestAnswer>, Problem> {
    let made = access
        .write(body, |tx, asked| settled(app::request(tx, asked)?, |made| made.map(|request| answer(tx, request))));
    Ok(Created(made.await??, PATH))
}

async fn get(access: Authorized<can::ReadHouseholds>, id: PathId) -> Result<Item<TransferRequestAnswer>, Problem> {
    let request = access.read(Cost::Quick, id, |tx, id| {
        let request = app::get(tx, *id)?;
        answer(tx, request)
    });
    Ok(Item(request.await?))
}

async fn accept(
    access: Authorized<can::AnswerTransfers>,
    id: PathId,
    version: IfMatch,
    body: Body<Accept>,
) -> Result<Changed<TransferRequestAnswer>, Problem> {
    let request = access.write((id, version, body), |tx, (id, version, asked)| {
        let request = app::accept(tx, *id, *version, asked)?;
        answer(tx, request)
    });
    Ok(Changed(request.await?))
}

async fn refuse(
    access: Authorized<can::AnswerTransfers>,
    id: PathId,
    version: IfMatch,
    body: Body<Reason>,
) -> Result<Changed<TransferRequestAnswer>, Problem> {
    let request = access.write((id, version, body), |tx, (id, version, asked)| {
        let request = app::refuse(tx, *id, *version, asked)?;
        answer(tx, request)
    });
    Ok(Changed(request.await?))
}

async fn withdraw(
    access: Authorized<can::WriteHouseholds>,
    id: PathId,
    version: IfMatch,
) -> Result<Changed<TransferRequestAnswer>, Problem> {
    let request = access.write((id, version), |tx, (id, version)| {
        let request = app::withdraw(tx, *id, *version)?;
        answer(tx, request)
    });
    Ok(Changed(request.await?))
}
