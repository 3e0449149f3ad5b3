//! Verifications that are asked for over the network: one at a time, in the background, by whoever may sign the head of the whole
//! chain. That one was begun and what it found are audit events, so that the list of them is as hard to change as what they
//! looked at.

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{
    Paged, Want, audit,
    integrity::Findings,
    recount::Difference,
    verify::{self, Verification},
};
use crate::{
    auth::{Authorized, Input, Ready, Tx, can},
    db::{
        audit_events::{self, Filter, Shown},
        service_points,
    },
    domain::{Id, Instant, audit_chain::Head, codes::VerificationState, policy::Action},
    error::{Conflict, Error, Result},
};

const BEGIN: &str = "verification.begin";
const END: &str = "verification.end";
/// So many lines of each part are kept, the others are counted: `terrace verify` tells more of them.
const KEPT: usize = 50;

/// A verification that is to be begun.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginVerification {
    /// A head that was drawn and kept elsewhere, if the chain is to be compared with one.
    pub head: Option<Head>,
}

/// What was looked at in one part, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = VerificationPart)]
pub struct Part {
    /// How many things were looked at.
    pub looked_at: u64,
    /// How much is wrong.
    pub findings: u64,
    /// What is wrong, a line each; the first ones of many.
    pub lines: Vec<String>,
}

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = VerificationOutcome)]
pub struct Outcome {
    /// The audit events and their chain.
    pub chain: Part,
    /// The rows and their last events.
    pub rows: Part,
    /// The numbers and the records.
    pub numbers: Part,
    /// The monthly reports and their digests.
    pub reports: Part,
}

/// One verification.
#[derive(Clone, Debug)]
pub struct Told {
    /// Which one.
    pub id: Id,
    /// When it was begun.
    pub begun_at: Instant,
    /// The account that asked for it, and its user name.
    pub begun_by: (Option<Id>, Option<String>),
    /// The place in the chain of the head that was given to compare with.
    pub head_seq: Option<i64>,
    /// How far it has come.
    pub state: VerificationState,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// What it found.
    pub outcome: Option<Outcome>,
}

#[derive(Deserialize)]
struct Begun {
    head_seq: Option<i64>,
}

#[derive(Deserialize)]
struct Ended {
    outcome: Option<Outcome>,
}

/// Begins a verification, which goes on after this has returned.
///
/// # Errors
/// [`Error::NotAllowed`] for whoever does not audit the whole network; [`Conflict::VerificationRuns`] while this process is at one.
pub async fn begin(access: &Authorized<can::SignHead>, request: impl Input<Value = BeginVerification>) -> Result<Told> {
    let (begun, head, turn) = access
        .write(request, move |tx, BeginVerification { head }| {
            let root = root(tx)?;
            let head_seq = head.as_ref().map(|head| head.seq);
            let id = audit::installation(tx, BEGIN, ("installation", root), root, &json!({ "head_seq": head_seq }))?;
            // Before anybody can see that it was begun: without a turn it would look lost. The turn goes with what is taken back.
            let turn = tx.tools().verification.take(id).ok_or(Conflict::VerificationRuns)?;
            let begun_by = (tx.actor().account_id(), None);
            let state = VerificationState::Running;
            let told = Told { id, begun_at: tx.now(), begun_by, head_seq, state, ended_at: None, outcome: None };
            Ok((told, head.clone(), turn))
        })
        .await?;
    let (access, id) = (access.clone(), begun.id);
    // Whoever asked may leave. The turn is over when the end is written.
    tokio::spawn(async move {
        let outcome = verify::by(&access, head).await.map(Outcome::from);
        if let Err(error) = &outcome {
            log::error!("the verification {id} could not be carried out: {error}");
        }
        if let Err(error) = end(&access, id, outcome.ok()).await {
            log::error!("the end of the verification {id} could not be noted: {error}");
        }
        drop(turn);
    });
    Ok(begun)
}

/// Notes what was found, or that nothing could be.
async fn end(access: &Authorized<can::SignHead>, id: Id, outcome: Option<Outcome>) -> Result<()> {
    // The session of whoever asked may have ended meanwhile.
    let server = access.server::<can::Maintain>("verify");
    let facts = Ready(Ok(json!({ "outcome": outcome })));
    let note = move |tx: &mut Tx<'_, can::Maintain>, facts: &serde_json::Value| match service_points::root(tx.conn())? {
        Some(root) => audit::installation(tx, END, ("verification", id), root.id, facts).map(drop),
        None => Ok(()),
    };
    server.write(facts, note).await
}

/// One page of the verifications, newest first. `running` is the one that this process was at before the transaction began: one that
/// ends meanwhile is either still that, or its end is seen.
///
/// # Errors
/// As for [`begin`].
pub fn list(tx: &mut Tx<'_, can::SignHead>, running: Option<Id>, want: &Want<Id>) -> Result<Paged<Told>> {
    let root = root(tx)?;
    let rows = begun(tx, root, Filter::default(), want.after, want.fetch())?;
    let Paged { items, more, count } = want.page(rows, None);
    Ok(Paged { items: told(tx, running, items)?, more, count })
}

/// One verification; `running` as for [`list`]. It lies at the root of the network.
///
/// # Errors
/// There is none, or its place is out of scope; [`Error::NotAllowed`].
pub fn get(tx: &mut Tx<'_, can::SignHead>, running: Option<Id>, id: Id) -> Result<Told> {
    let root = service_points::root(tx.conn())?.ok_or(Error::NotFound)?;
    tx.check(&root.path)?;
    let root = root.id;
    let rows = begun(tx, root, Filter { id: Some(id), ..Filter::default() }, None, 1)?;
    told(tx, running, rows)?.pop().ok_or(Error::NotFound)
}

/// The root of the network, where the caller must be allowed to sign: findings name things of all points, and looking at everything
/// is work.
fn root(tx: &mut Tx<'_, can::SignHead>) -> Result<Id> {
    let reach = tx.reach()?;
    match service_points::root(tx.conn())? {
        Some(root) if reach.covers(&root.path) => Ok(root.id),
        _ => Err(Error::NotAllowed(Action::SignHead.code())),
    }
}

fn begun(
    tx: &mut Tx<'_, can::SignHead>,
    root: Id,
    filter: Filter,
    after: Option<Id>,
    limit: i64,
) -> Result<Vec<Shown>> {
    let filter = Filter { action: Some(BEGIN.to_owned()), objects: Some(vec![root]), ..filter };
    let reach = tx.reach()?;
    Ok(audit_events::page(tx.conn(), (&reach, &reach), &filter, after, limit)?)
}

/// Verifications with their ends.
fn told(tx: &mut Tx<'_, can::SignHead>, running: Option<Id>, begun: Vec<Shown>) -> Result<Vec<Told>> {
    let (reach, limit) = (tx.reach()?, begun.len() as i64);
    let ids = begun.iter().map(|shown| shown.event.id).collect();
    let filter = Filter { action: Some(END.to_owned()), objects: Some(ids), ..Filter::default() };
    let ends = audit_events::page(tx.conn(), (&reach, &reach), &filter, None, limit)?;
    let one = |Shown { event, username, .. }: Shown| {
        let Begun { head_seq } = facts(event.after.as_deref())?;
        let end = ends.iter().find(|end| end.event.object_id == event.id);
        let outcome =
            end.map(|end| facts::<Ended>(end.event.after.as_deref())).transpose()?.and_then(|end| end.outcome);
        Ok(Told {
            id: event.id,
            begun_at: event.at,
            begun_by: (event.actor_id, username),
            head_seq,
            state: match (end, &outcome) {
                (Some(_), Some(_)) => VerificationState::Finished,
                (Some(_), None) => VerificationState::Failed,
                (None, _) if running == Some(event.id) => VerificationState::Running,
                (None, _) => VerificationState::Lost,
            },
            ended_at: end.map(|end| end.event.at),
            outcome,
        })
    };
    begun.into_iter().map(one).collect()
}

fn facts<T: for<'a> Deserialize<'a>>(after: Option<&str>) -> Result<T> {
    serde_json::from_str(after.unwrap_or("null")).map_err(Error::internal)
}

impl From<Verification> for Outcome {
    fn from(found: Verification) -> Self {
        let Verification { chain, rows, recount, reports } = found;
        let lines = recount.differences.iter().take(KEPT).map(Difference::line).collect();
        let findings = recount.differences.len() as u64;
        let numbers = Part { looked_at: recount.cells, findings, lines };
        Self { chain: chain.into(), rows: rows.into(), numbers, reports: reports.into() }
    }
}

impl From<Findings> for Part {
    fn from(found: Findings) -> Self {
        let findings = found.count();
        let Findings { looked_at, mut lines, .. } = found;
        lines.truncate(KEPT);
        Self { looked_at, findings, lines }
    }
}

impl Outcome {
    /// How much is wrong altogether.
    pub fn findings(&self) -> u64 {
        [&self.chain, &self.rows, &self.numbers, &self.reports].iter().map(|part| part.findings).sum()
    }
}
