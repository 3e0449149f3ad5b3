//! Audit events: inserted with the change that they tell of, never changed, never deleted.

use diesel::{RunQueryDsl as _, prelude::Insertable};

use super::{Conn, QueryResult, schema::audit_events};
use crate::domain::{Id, Instant};

/// One thing that happened.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = audit_events)]
pub struct AuditEvent {
    /// The event.
    pub id: Id,
    /// When.
    pub at: Instant,
    /// `account`, `operator` or `nobody`.
    pub actor_kind: &'static str,
    /// The account that acted.
    pub actor_id: Option<Id>,
    /// What was done, such as `household.register`.
    pub action: &'static str,
    /// To what kind of object.
    pub object_type: &'static str,
    /// To which one.
    pub object_id: Id,
    /// The service point that the object belongs to.
    pub service_point_id: Option<Id>,
    /// Why, where a reason is asked for.
    pub reason: Option<String>,
    /// The fields before, personal ones masked, as JSON.
    pub before: Option<String>,
    /// The fields after, personal ones masked, as JSON; a create keeps the digest alone.
    pub after: Option<String>,
    /// The SHA-256 of the whole content after the change.
    pub content_hash: Option<Vec<u8>>,
    /// The request that did it.
    pub request_id: String,
    /// The address that it came from.
    pub address: Option<String>,
}

/// Writes an event.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, event: &AuditEvent) -> QueryResult<()> {
    diesel::insert_into(audit_events::table).values(event).execute(conn)?;
    Ok(())
}
