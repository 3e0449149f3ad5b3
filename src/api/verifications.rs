//! `/verifications`: whether everything is as the program left it, looked at while the server works.

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::{Created, Identified, Item, List, Versioned},
    endpoint::{Endpoint, Heading, endpoint},
    extract::{Body, Pages, PathId},
    page::{self, Filters},
    problem::Problem,
};
use crate::{
    app::{
        idempotence::Made,
        verifications::{self as app, BeginVerification, Outcome, Told},
    },
    auth::{Authorized, can},
    db::Cost,
    domain::{Id, Instant, codes::VerificationState},
};

const PATH: &str = "/api/v1/verifications";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "verifications", id, summary };
    vec![
        endpoint(
            Method::POST,
            PATH,
            heading("begin_verification", "Begin to look whether everything is as the program left it."),
            begin,
        ),
        endpoint(Method::GET, PATH, heading("list_verifications", "List verifications, newest first."), list),
        endpoint(
            Method::GET,
            "/api/v1/verifications/{id}",
            heading("get_verification", "Show a verification, and what it found."),
            get,
        ),
    ]
}

/// A verification: the audit events against their chain, every row against its last event, every number against the records, and
/// the monthly reports against their digests, in one snapshot.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Verification)]
struct VerificationAnswer {
    /// The verification; also the id of the audit event of its beginning.
    id: Id,
    /// How far it has come.
    state: VerificationState,
    /// When it was begun.
    begun_at: Instant,
    /// The account that asked for it.
    begun_by: Option<Id>,
    /// Its user name.
    begun_by_username: Option<String>,
    /// The place in the chain of the head that was given to compare with.
    head_seq: Option<i64>,
    /// When it ended.
    ended_at: Option<Instant>,
    /// How much is wrong altogether; 0 when everything is as the program left it, null without a result.
    findings: Option<u64>,
    /// What it found, part by part.
    outcome: Option<Outcome>,
    /// 1 while it runs, 2 from its end on.
    version: i64,
}

impl From<Told> for VerificationAnswer {
    fn from(told: Told) -> Self {
        let (begun_by, begun_by_username) = told.begun_by;
        Self {
            id: told.id,
            state: told.state,
            begun_at: told.begun_at,
            begun_by,
            begun_by_username,
            head_seq: told.head_seq,
            ended_at: told.ended_at,
            findings: told.outcome.as_ref().map(Outcome::findings),
            outcome: told.outcome,
            // One that is lost looks otherwise than while it ran.
            version: if told.state == VerificationState::Running { 1 } else { 2 },
        }
    }
}

impl Versioned for VerificationAnswer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Identified for VerificationAnswer {
    fn id(&self) -> Id {
        self.id
    }
}

/// The list cannot be narrowed.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct VerificationFilters {}

impl Filters for VerificationFilters {
    const NAME: &'static str = "verifications";
}

async fn begin(
    access: Authorized<can::SignHead>,
    body: Body<BeginVerification>,
) -> Result<Created<VerificationAnswer>, Problem> {
    Ok(Created(Made::New(app::begin(&access, body).await?.into()), PATH))
}

async fn list(
    access: Authorized<can::SignHead>,
    pages: Pages<VerificationFilters>,
) -> Result<List<VerificationAnswer>, Problem> {
    let running = access.tools().verification.holder();
    let page = access.read(Cost::Quick, pages, move |tx, listing| {
        let want = page::want(tx, listing)?;
        let found = app::list(tx, running, &want)?;
        page::list(tx, listing, found, |told| told.id, |told| Ok(told.into()))
    });
    Ok(page.await?)
}

async fn get(access: Authorized<can::SignHead>, id: PathId) -> Result<Item<VerificationAnswer>, Problem> {
    let running = access.tools().verification.holder();
    Ok(Item(access.read(Cost::Quick, id, move |tx, id| app::get(tx, running, *id)).await?.into()))
}
