//! `/batches`: the queues that devices keep while there is no network.

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload, http::Method, http::header};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::Plain,
    endpoint::{Argument, Description, Endpoint, Heading, endpoint},
    extract::{self, Body, Meta},
    problem::{Problem, ProblemBody},
    words::Language,
};
use crate::{
    app::{
        batches::{self as app, Act, Batch, Item, Write},
        input::Faults,
    },
    auth::{Authorized, can},
    db::{Cost, receipts::Receipt},
    domain::{Id, Instant, digest::hex},
    error::{Conflict, Error, Result},
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = Heading {
        tag: "batches",
        id: "receive_batch",
        summary: "Receive items of a device's queue, each on its own and once, however often and in whatever order it is sent.",
    };
    vec![endpoint(Method::POST, "/api/v1/batches", heading, receive)]
}

/// What became of the items.
#[derive(Debug, Serialize, ToSchema)]
struct ReceivedBatch {
    /// One for each item, in the order in which they were sent.
    items: Vec<ReceivedItem>,
}

/// What became of an item.
#[derive(Debug, Serialize, ToSchema)]
struct ReceivedItem {
    /// The item.
    id: Id,
    /// What became of it.
    outcome: Outcome,
    /// That it was received; null otherwise.
    receipt: Option<ReceiptAnswer>,
    /// Why it was not; null otherwise.
    problem: Option<ProblemBody>,
}

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// It was carried out, now or before.
    Done,
    /// Not yet: something before it has not arrived, or the server had no room. To be sent again later, as it is.
    Waiting,
    /// It cannot be carried out as it is; nothing was written.
    Refused,
}

/// That an item was received.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Receipt)]
struct ReceiptAnswer {
    /// A short code to be read out on the telephone.
    #[schema(example = "7C1E-92A4")]
    code: String,
    /// What it made or changed.
    object_id: Id,
    /// The version that it made.
    object_version: i64,
    /// When it was received first.
    received_at: Instant,
}

impl From<Receipt> for ReceiptAnswer {
    fn from(receipt: Receipt) -> Self {
        let Receipt { request_digest, object_id, object_version, received_at, .. } = receipt;
        let code = hex(request_digest.get(..4).unwrap_or_default()).to_uppercase();
        let (first, second) = code.split_at(code.len() / 2);
        Self { code: format!("{first}-{second}"), object_id, object_version, received_at }
    }
}

/// Who reads the words of an answer.
struct Reader {
    language: Language,
    request_id: String,
}

impl FromRequest for Reader {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let tag = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let meta = request.extensions().get::<Meta>().map(|meta| meta.request_id.clone());
        std::future::ready(Ok(Self { language: Language::preferred(tag), request_id: meta.unwrap_or_default() }))
    }
}

impl Argument for Reader {
    fn describe(_: &mut Description) {}
}

impl Reader {
    fn told(&self, id: Id, outcome: Result<Receipt>) -> ReceivedItem {
        match outcome {
            Ok(receipt) => ReceivedItem { id, outcome: Outcome::Done, receipt: Some(receipt.into()), problem: None },
            Err(error) => {
                let outcome = if is_passing(&error) { Outcome::Waiting } else { Outcome::Refused };
                let problem = Problem::from(error);
                if problem.is_ours() {
                    log::error!(request_id = self.request_id.as_str(); "an item of a batch was not received: {problem}");
                }
                let problem = problem.body(self.language, &self.request_id);
                ReceivedItem { id, outcome, receipt: None, problem: Some(problem) }
            }
        }
    }
}

/// Whether the same item may well go through later.
fn is_passing(error: &Error) -> bool {
    matches!(
        error,
        Error::SignInRequired
            | Error::PasswordChangeRequired
            | Error::TooMany { .. }
            | Error::Busy(_)
            | Error::Unknown(_)
            | Error::Collision(_)
            | Error::Internal(_)
            | Error::Conflict(Conflict::DependencyMissing | Conflict::Simultaneous)
    )
}

fn read(item: &Item) -> Result<Write> {
    let content = item.content.clone().into();
    Ok(match item.act {
        Act::RegisterHousehold => Write::Register(extract::read(content)?),
        Act::LogAssistance => Write::Log(extract::read(content)?),
        Act::CorrectAssistance => Write::Correct(extract::read(content)?),
        Act::VoidAssistance => Write::Void(extract::read(content)?),
    })
}

async fn receive(
    access: Authorized<can::LogAssistance>,
    reader: Reader,
    body: Body<Batch>,
) -> Result<Plain<ReceivedBatch>, Problem> {
    let batch = access.read(Cost::Quick, body, |tx, batch: &Batch| {
        tx.reach()?;
        Faults::of(batch).finish()?;
        Ok(batch.clone())
    });
    let batch = batch.await?;
    let mut received: Vec<(usize, ReceivedItem)> = Vec::with_capacity(batch.items.len());
    for at in app::in_order(&batch.items) {
        let item = &batch.items[at];
        let outcome = match read(item) {
            Ok(write) => app::receive(&access, item, write).await,
            Err(error) => Err(error),
        };
        received.push((at, reader.told(item.id, outcome)));
    }
    received.sort_by_key(|(at, _)| *at);
    Ok(Plain(ReceivedBatch { items: received.into_iter().map(|(_, item)| item).collect() }))
}
