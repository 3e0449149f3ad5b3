//! The queues that devices keep while there is no network, received item by item.
//!
//! A reply may be lost, so an item comes again; a phone is restarted in the middle, so items come in any order and from two tabs
//! at once. Each is carried out once all the same: its receipt is written in the transaction of the change, and what an item
//! depends on is named by the device and not guessed from the order.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Settled,
    assistance_records::{Assistance, CorrectAssistance, LogAssistance},
    households::{self, RegisterHousehold},
    idempotence::{Made, request_digest},
    ledger::{self, VoidEntry},
    settled,
};
use crate::{
    auth::{Authorized, Permission, Ready, Tx, can},
    db::receipts::{self, Receipt},
    domain::Id,
    error::{Conflict, Error, Fault, Result},
};

/// What an item does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Registers a household: `content` is the body of `POST /households` with its `id`.
    RegisterHousehold,
    /// Logs assistance: `content` is the body of `POST /assistance-records` with its `id`.
    LogAssistance,
    /// Corrects the record `object_id` in its `version`: `content` is the body of its `PATCH`.
    CorrectAssistance,
    /// Voids the record `object_id` in its `version`: `content` is the body of its `/void`.
    VoidAssistance,
}

/// One item of a device's queue.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The item's id, chosen by the device. The same item has the same content for ever.
    pub id: Id,
    /// What it does.
    pub act: Act,
    /// The items of the same account that must have been received before it.
    #[serde(default, skip_serializing)]
    #[validate(length(max = 50))]
    #[schema(required = false, max_items = 50)]
    pub after: Vec<Id>,
    /// What it changes; left out for what it makes.
    pub object_id: Option<Id>,
    /// The version that it changes; left out for what it makes.
    #[validate(range(min = 1))]
    #[schema(minimum = 1)]
    pub version: Option<i64>,
    /// What is to be done, as the act's own endpoint takes it.
    #[schema(value_type = Object)]
    pub content: Map<String, Value>,
}

/// Items of a device's queue.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The items, in any order.
    #[validate(length(min = 1, max = 50), nested)]
    #[schema(min_items = 1, max_items = 50)]
    pub items: Vec<Item>,
}

/// What an item's content says.
#[derive(Clone, Debug)]
pub enum Write {
    /// See [`Act`].
    Register(RegisterHousehold),
    /// See [`Act`].
    Log(LogAssistance),
    /// See [`Act`].
    Correct(CorrectAssistance),
    /// See [`Act`].
    Void(VoidEntry),
}

/// The order in which the items of a batch are carried out: what is to come before an item comes before it, otherwise as they
/// were sent. Items that wait for one another stay as they are; they are told so one by one.
pub fn in_order(items: &[Item]) -> Vec<usize> {
    let mut left: Vec<usize> = (0..items.len()).collect();
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waited_for: BTreeSet<Id> = left.iter().map(|at| items[*at].id).collect();
        let is_free = |at: &usize| items[*at].after.iter().all(|id| !waited_for.contains(id));
        let (free, rest): (Vec<usize>, Vec<usize>) = left.iter().partition(|at| is_free(at));
        if free.is_empty() {
            order.extend(left);
            break;
        }
        order.extend(free);
        left = rest;
    }
    order
}

/// Carries an item out, unless that was done before; the receipt is the same each time.
///
/// # Errors
/// [`Conflict::DependencyMissing`] when an item before it has not arrived; [`Conflict::IdTaken`] when it was received with other
/// content; otherwise what the act's own endpoint refuses.
pub async fn receive(access: &Authorized<can::LogAssistance>, item: &Item, write: Write) -> Result<Receipt> {
    let input = Ready(object_of(item, &write).map(|object| (item.clone(), object, write.clone())));
    if let Write::Register(_) = write {
        let access = access.under::<can::WriteHouseholds>();
        let registering = access.write(input, |tx, (item, object, write)| {
            once(tx, item, *object, |tx| match write {
                Write::Register(request) => {
                    let made = households::register(tx, request)?;
                    settled(made, |_: Made<_>| Ok(()))
                }
                _ => Err(Error::internal("an act that registers nothing")),
            })
        });
        return registering.await?;
    }
    let logging = access.write(input, |tx, (item, (object, made), write)| {
        once(tx, item, (*object, *made), |tx| {
            match write {
                Write::Log(request) => ledger::log::<Assistance>(tx, request).map(drop)?,
                Write::Correct(request) => ledger::correct::<Assistance>(tx, *object, made - 1, request).map(drop)?,
                Write::Void(request) => ledger::void::<Assistance>(tx, *object, made - 1, request).map(drop)?,
                Write::Register(_) => return Err(Error::internal("an act that logs nothing")),
            }
            Ok(Ok(()))
        })
    });
    logging.await?
}

/// What an item makes or changes, and the version that it makes of it.
fn object_of(item: &Item, write: &Write) -> Result<(Id, i64)> {
    let missing = |pointer: &str| Error::Malformed(Fault::new(pointer, "missing"));
    let chosen = |id: Option<Id>| Ok((id.ok_or_else(|| missing("/id"))?, 1));
    match write {
        Write::Register(request) => chosen(request.id),
        Write::Log(request) => chosen(request.id),
        Write::Correct(_) | Write::Void(_) => {
            let object = item.object_id.ok_or_else(|| missing("/object_id"))?;
            let version = item.version.ok_or_else(|| missing("/version"))?;
            Ok((object, version.saturating_add(1)))
        }
    }
}

fn once<P: Permission>(
    tx: &mut Tx<'_, P>,
    item: &Item,
    (object_id, object_version): (Id, i64),
    act: impl FnOnce(&mut Tx<'_, P>) -> Settled<()>,
) -> Settled<Receipt> {
    tx.reach()?;
    let account_id = tx.account_id()?;
    let request_digest = request_digest(tx, item)?.to_vec();
    if let Some(receipt) = receipts::find(tx.conn(), account_id, item.id)? {
        return if receipt.request_digest == request_digest { Ok(Ok(receipt)) } else { Err(Conflict::IdTaken.into()) };
    }
    let before: BTreeSet<Id> = item.after.iter().copied().collect();
    let before: Vec<Id> = before.into_iter().collect();
    if receipts::received(tx.conn(), account_id, &before)?.len() < before.len() {
        return Err(Conflict::DependencyMissing.into());
    }
    let receipt = Receipt { account_id, id: item.id, request_digest, object_id, object_version, received_at: tx.now() };
    // Before the act: whoever sends the same item at the same moment waits here, and is then answered with this receipt instead
    // of with a version that has become stale.
    receipts::insert(tx.conn(), &receipt)?;
    let outcome = act(tx)?;
    if outcome.is_err() {
        // The transaction stands, because the refusal left a trace.
        receipts::take_back(tx.conn(), account_id, item.id)?;
    }
    Ok(outcome.map(|()| receipt))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: u8, after: &[u8]) -> Item {
        let id_of = |n: u8| Id::from_bytes([n; 16]);
        Item {
            id: id_of(id),
            act: Act::LogAssistance,
            after: after.iter().copied().map(id_of).collect(),
            object_id: None,
            version: None,
            content: Map::new(),
        }
    }

    #[test]
    fn what_is_waited_for_comes_first_and_a_circle_stops_nobody() {
        assert_eq!(in_order(&[item(1, &[]), item(2, &[])]), [0, 1]);
        assert_eq!(in_order(&[item(3, &[2]), item(2, &[1]), item(1, &[9]), item(4, &[])]), [2, 3, 1, 0]);
        assert_eq!(in_order(&[item(1, &[2]), item(2, &[1]), item(3, &[])]), [2, 0, 1]);
        assert_eq!(in_order(&[item(1, &[1])]), [0]);
    }
}
