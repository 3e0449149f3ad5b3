//! Audit events of changes, written in the change's own transaction.

use serde_json::Value;

use crate::{
    auth::{Permission, Tx},
    db::audit_events::AuditEvent,
    domain::{Id, access::Who, audit::Audited, digest::content_digest},
    error::{Error, Result},
};

/// A row was made. Its content is kept as a digest only: the row itself is the copy.
///
/// # Errors
/// The database's own.
pub fn created<P: Permission, T: Audited>(tx: &mut Tx<'_, P>, action: &'static str, row: &T) -> Result<()> {
    write(tx, action, row, None, None, None)
}

/// A row was changed.
///
/// # Errors
/// The database's own.
pub fn changed<P: Permission, T: Audited>(
    tx: &mut Tx<'_, P>,
    action: &'static str,
    before: &T,
    after: &T,
    reason: Option<&str>,
) -> Result<()> {
    let copy = |row: &T| row.masked().map_err(Error::internal);
    write(tx, action, after, Some(copy(before)?), Some(copy(after)?), reason)
}

/// A row was looked at, in a way that leaves a trace; it is as it was.
///
/// # Errors
/// The database's own.
pub fn looked_at<P: Permission, T: Audited>(
    tx: &mut Tx<'_, P>,
    action: &'static str,
    row: &T,
    reason: Option<&str>,
) -> Result<()> {
    write(tx, action, row, None, None, reason)
}

/// A row has left a point for another one, which the event of the change belongs to: whoever follows the old point is told too.
///
/// # Errors
/// The database's own.
pub fn departed<P: Permission, T: Audited>(tx: &mut Tx<'_, P>, action: &'static str, row: &T, from: Id) -> Result<()> {
    let event = AuditEvent {
        object_version: Some(row.version()),
        content_hash: Some(content_digest(row).map_err(Error::internal)?.to_vec()),
        ..event(tx, action, (T::TYPE, row.id()), Some(from))
    };
    tx.tell(event);
    Ok(())
}

/// Somebody was looked for by an identity number, and nobody was found.
///
/// # Errors
/// The database's own.
pub fn nobody_found<P: Permission>(tx: &mut Tx<'_, P>) -> Result<()> {
    let account = tx.account_id()?;
    // It concerns nobody's point but that of whoever asked.
    let point = tx.actor().held.first().and_then(|held| held.path.id());
    let event = event(tx, "identity.not_found", ("account", account), point);
    tx.tell(event);
    Ok(())
}

/// What is kept of a point, a household or a village to be quick was brought to what a recount says; what it held before, and
/// what after.
///
/// # Errors
/// The database's own.
pub fn repaired<P: Permission>(
    tx: &mut Tx<'_, P>,
    object: (&'static str, Id),
    point: Id,
    before: &Value,
    after: &Value,
) -> Result<()> {
    let event = AuditEvent {
        before: Some(before.to_string()),
        after: Some(after.to_string()),
        ..event(tx, "statistics.repair", object, Some(point))
    };
    tx.tell(event);
    Ok(())
}

/// Something was done with the installation as a whole, or came of that. The event's id.
///
/// # Errors
/// The database's own.
pub fn installation<P: Permission>(
    tx: &mut Tx<'_, P>,
    action: &'static str,
    object: (&'static str, Id),
    root: Id,
    facts: &Value,
) -> Result<Id> {
    let event = AuditEvent { after: Some(facts.to_string()), ..event(tx, action, object, Some(root)) };
    let id = event.id;
    tx.tell(event);
    Ok(id)
}

/// A session of an account began or ended. `by_itself` when the account did it, although no session stands for it yet.
///
/// # Errors
/// The database's own.
pub fn session<P: Permission>(
    tx: &mut Tx<'_, P>,
    action: &'static str,
    (account_id, service_point_id): (Id, Id),
    by_itself: bool,
) -> Result<()> {
    let mut event = event(tx, action, ("account", account_id), Some(service_point_id));
    if by_itself {
        (event.actor_kind, event.actor_id) = ("account".to_owned(), Some(account_id));
    }
    tx.tell(event);
    Ok(())
}

fn write<P: Permission, T: Audited>(
    tx: &mut Tx<'_, P>,
    action: &'static str,
    row: &T,
    before: Option<Value>,
    after: Option<Value>,
    reason: Option<&str>,
) -> Result<()> {
    let event = AuditEvent {
        object_version: Some(row.version()),
        reason: reason.map(str::to_owned),
        before: before.map(|copy| copy.to_string()),
        after: after.map(|copy| copy.to_string()),
        content_hash: Some(content_digest(row).map_err(Error::internal)?.to_vec()),
        ..event(tx, action, (T::TYPE, row.id()), Some(row.service_point_id()))
    };
    tx.tell(event);
    Ok(())
}

fn event<P: Permission>(
    tx: &Tx<'_, P>,
    action: &'static str,
    (object_type, object_id): (&'static str, Id),
    service_point_id: Option<Id>,
) -> AuditEvent {
    let (actor_kind, actor_id) = match tx.actor().who {
        Who::Account { id, .. } => ("account", Some(id)),
        Who::Operator => ("operator", None),
        Who::Nobody => ("nobody", None),
    };
    AuditEvent {
        id: tx.new_id(),
        at: tx.now(),
        actor_kind: actor_kind.to_owned(),
        actor_id,
        action: action.to_owned(),
        object_type: object_type.to_owned(),
        object_id,
        object_version: None,
        service_point_id,
        reason: None,
        before: None,
        after: None,
        content_hash: None,
        request_id: tx.ctx().request_id.clone(),
        address: tx.ctx().address.clone(),
    }
}
