//! Requests to transfer a household: asked for by the point that wants it, answered by somebody who may act at both homes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Paged, Settled, Want, audit, expect_version, households as app,
    idempotence::{Made, replay, request_digest},
    input::{Faults, holds_no_number},
    members::{find_registered, note_found},
    reach_within,
};
use crate::{
    auth::{Permission, Tx, can},
    db::{
        Conn,
        households::{self, Household},
        service_points,
        transfer_requests::{self, TransferRequest},
    },
    domain::{Day, Id, Text, codes::TransferState, identity::IdentityNumber, policy::Action},
    error::{Conflict, Error, Fault, Result},
};

/// A household that is wanted at another home: named by its id, or by the identity number of somebody who belongs to it.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestTransfer {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The household, if it can be seen. Either this or an identity number.
    pub household_id: Option<Id>,
    /// The identity number of one of its members.
    #[schema(min_length = 18, max_length = 18)]
    pub identity_number: Option<Text>,
    /// The home that is wanted for it.
    pub service_point_id: Id,
    /// Why.
    #[validate(length(min = 1, max = 200), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 200)]
    pub reason: Text,
}

/// A request is granted.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// The first day at the new home; today when nothing is said.
    pub effective_on: Option<Day>,
}

/// Asks for a household.
///
/// # Errors
/// The point or the household is unknown, nobody with that number is registered, the household is at home there, or the same
/// is asked for already.
pub fn request(tx: &mut Tx<'_, can::WriteHouseholds>, request: &RequestTransfer) -> Settled<Made<TransferRequest>> {
    tx.reach()?;
    let digest = request_digest(tx, request)?;
    if let Some(made) = replay(tx, request.id, &digest, transfer_requests::find)? {
        return Ok(Ok(made));
    }
    let home = |tx: &mut Tx<'_, can::WriteHouseholds>, find: fn(&mut Conn, Id) -> _| {
        tx.find(request.service_point_id, find).map_err(|error| error.at("/service_point_id"))
    };
    home(tx, service_points::find)?;
    if let Some(id) = request.household_id {
        tx.find_for(Action::ReadHouseholds, id, households::find).map_err(|error| error.at("/household_id"))?;
    }
    let mut faults = Faults::of(request);
    faults.id(request.id);
    let one = request.household_id.is_some() != request.identity_number.is_some();
    faults.unless(one, "/household_id", "household_or_identity");
    let number = request.identity_number.as_ref().map(|text| IdentityNumber::parse(text, tx.today()));
    if let Some(Err(code)) = &number {
        faults.push(Fault::new("/identity_number", code));
    }
    faults.finish()?;
    let household_id = match (request.household_id, number) {
        (Some(id), _) => id,
        (None, Some(Ok(number))) => match find_registered(tx, &number)? {
            Some(id) => id,
            None => return Ok(Err(Error::invalid("/identity_number", "not_registered"))),
        },
        (None, _) => return Err(Error::internal("a request without a household passed its checks")),
    };
    // The household is locked before the point, as by every other write.
    households::lock(tx.conn(), household_id)?;
    // Again, now that nobody else may ask for it: the same request may have come twice at the same moment.
    if let Some(made) = replay(tx, request.id, &digest, transfer_requests::find)? {
        return Ok(Ok(made));
    }
    if request.identity_number.is_some() {
        note_found(tx, household_id)?;
    }
    // Whatever is refused from here on must not take back what was noted.
    let home = home(tx, service_points::find_shared)?;
    let household = households::find(tx.conn(), household_id)?.ok_or(Error::NotFound)?.origin(Household::clone);
    let refused = if let Err(error) = app::refuse_inactive(&home).and_then(|()| app::refuse_ended(&household)) {
        Some(error)
    } else if household.service_point_id == home.id {
        Some(Conflict::AlreadySo.into())
    } else if transfer_requests::is_pending(tx.conn(), household_id, home.id)? {
        Some(Conflict::TransferPending.into())
    } else {
        None
    };
    if let Some(error) = refused {
        return Ok(Err(error));
    }
    let made = TransferRequest {
        id: request.id.unwrap_or_else(|| tx.new_id()),
        household_id,
        service_point_id: home.id,
        state: TransferState::Pending,
        reason: request.reason.to_string(),
        answer_reason: None,
        effective_on: None,
        answered_by: None,
        answered_at: None,
        version: 1,
        created_by: tx.account_id()?,
        request_digest: digest.to_vec(),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    transfer_requests::insert(tx.conn(), &made)?;
    audit::created(tx, "transfer_request.make", &made)?;
    Ok(Ok(Made::New(made)))
}

/// Grants a request: the household is transferred.
///
/// # Errors
/// It was answered before; the caller may not act at the household's present home; as for a transfer.
pub fn accept(
    tx: &mut Tx<'_, can::AnswerTransfers>,
    id: Id,
    version: i64,
    request: &Accept,
) -> Result<TransferRequest> {
    let (before, household) = answerable(tx, id, version)?;
    let home = tx.find(before.service_point_id, service_points::find_shared)?;
    let effective_on = request.effective_on.unwrap_or(tx.today());
    let faults = Faults::of(request);
    let after = answer(tx, &before, TransferState::Accepted, Some(effective_on), None)?;
    app::transfer_to(tx, household, &home, faults, Some(effective_on), &before.reason)?;
    Ok(after)
}

/// Refuses a request.
///
/// # Errors
/// It was answered before; the caller may not act at the household's present home.
pub fn refuse(
    tx: &mut Tx<'_, can::AnswerTransfers>,
    id: Id,
    version: i64,
    request: &app::Reason,
) -> Result<TransferRequest> {
    let (before, _) = answerable(tx, id, version)?;
    Faults::of(request).finish()?;
    answer(tx, &before, TransferState::Refused, None, Some(&request.reason))
}

/// Takes a request back.
///
/// # Errors
/// It was answered before.
pub fn withdraw(tx: &mut Tx<'_, can::WriteHouseholds>, id: Id, version: i64) -> Result<TransferRequest> {
    let household_id = tx.find(id, transfer_requests::find)?.household_id;
    households::lock(tx.conn(), household_id)?;
    let before = pending(tx, id, version)?;
    answer(tx, &before, TransferState::Withdrawn, None, None)
}

/// One request.
///
/// # Errors
/// There is none within reach.
pub fn get(tx: &mut Tx<'_, can::ReadHouseholds>, id: Id) -> Result<TransferRequest> {
    tx.find(id, transfer_requests::find)
}

/// The requests whose wanted homes are within reach, of one subtree if asked.
///
/// # Errors
/// That subtree's top is not within reach.
pub fn list(
    tx: &mut Tx<'_, can::ReadHouseholds>,
    within: Option<Id>,
    state: Option<TransferState>,
    want: &Want<Id>,
) -> Result<Paged<TransferRequest>> {
    let reach = reach_within(tx, within)?;
    let rows = transfer_requests::page(tx.conn(), &reach, state, want.after, want.fetch())?;
    Ok(want.page(rows, None))
}

/// The household of a request, if the caller may see it.
///
/// # Errors
/// The database's own.
pub fn visible_household<P: Permission>(tx: &mut Tx<'_, P>, request: &TransferRequest) -> Result<Option<Id>> {
    let found = households::find(tx.conn(), request.household_id)?;
    let reach = tx.actor().reach(Action::ReadHouseholds);
    Ok(found.filter(|placed| reach.covers(placed.path())).map(|_| request.household_id))
}

/// The request and its household, locked, if the caller may answer for both homes. Where the household is at home now is not
/// told: what is missing there is a permission, whether or not it lies in scope.
fn answerable(tx: &mut Tx<'_, can::AnswerTransfers>, id: Id, version: i64) -> Result<(TransferRequest, Household)> {
    let household_id = tx.find(id, transfer_requests::find)?.household_id;
    households::lock(tx.conn(), household_id)?;
    let found = households::find(tx.conn(), household_id)?;
    let denied = Error::NotAllowed(Action::AnswerTransfers.code());
    let household = tx.admit(found).map_err(|error| if error == Error::NotFound { denied } else { error })?;
    Ok((pending(tx, id, version)?, household))
}

fn pending<P: Permission>(tx: &mut Tx<'_, P>, id: Id, version: i64) -> Result<TransferRequest> {
    let request = tx.find(id, transfer_requests::find)?;
    expect_version(request.version, version)?;
    if request.state == TransferState::Pending { Ok(request) } else { Err(Conflict::TransferAnswered.into()) }
}

fn answer<P: Permission>(
    tx: &mut Tx<'_, P>,
    before: &TransferRequest,
    state: TransferState,
    effective_on: Option<Day>,
    reason: Option<&str>,
) -> Result<TransferRequest> {
    let after = TransferRequest {
        state,
        answer_reason: reason.map(str::to_owned),
        effective_on,
        answered_by: Some(tx.account_id()?),
        answered_at: Some(tx.now()),
        version: before.version + 1,
        updated_at: tx.now(),
        ..before.clone()
    };
    transfer_requests::update(tx.conn(), &after)?;
    let action = match state {
        TransferState::Accepted => "transfer_request.accept",
        TransferState::Refused => "transfer_request.refuse",
        TransferState::Withdrawn | TransferState::Pending => "transfer_request.withdraw",
    };
    audit::changed(tx, action, before, &after, reason)?;
    Ok(after)
}
