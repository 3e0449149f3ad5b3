//! Audit events: inserted with the change that they tell of, never changed, never deleted.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, JoinOnDsl as _, NullableExpressionMethods as _, QueryDsl as _,
    RunQueryDsl as _,
    prelude::Queryable,
    sql_types::{BigInt, Binary, Nullable, Text, Timestamp},
};
use serde::Serialize;

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{accounts, audit_events, audit_seals, service_points},
    scope::within,
    types::Uid,
    upsert::{self, added},
};
use crate::domain::{
    Id, Instant,
    access::Reach,
    audit::hex_bytes,
    digest::{Digest, content_digest},
};

/// One thing that happened. Written as JSON it is what the chain seals.
#[derive(Clone, Debug, PartialEq, Queryable, Serialize)]
pub struct AuditEvent {
    /// The event.
    pub id: Id,
    /// When.
    pub at: Instant,
    /// `account`, `operator` or `nobody`.
    pub actor_kind: String,
    /// The account that acted.
    pub actor_id: Option<Id>,
    /// What was done, such as `household.register`.
    pub action: String,
    /// To what kind of object.
    pub object_type: String,
    /// To which one.
    pub object_id: Id,
    /// The object's version after the event.
    pub object_version: Option<i64>,
    /// The service point that the object belongs to.
    pub service_point_id: Option<Id>,
    /// Why, where a reason is asked for.
    pub reason: Option<String>,
    /// The fields before, personal ones masked, as JSON.
    pub before: Option<String>,
    /// The fields after, personal ones masked, as JSON; a create keeps the digest alone.
    pub after: Option<String>,
    /// The SHA-256 of the whole content after the change.
    #[serde(serialize_with = "hex_bytes")]
    pub content_hash: Option<Vec<u8>>,
    /// The request that did it.
    pub request_id: String,
    /// The address that it came from.
    pub address: Option<String>,
}

impl AuditEvent {
    /// The digest that the chain links.
    ///
    /// # Errors
    /// Never: every field can be written as JSON.
    pub fn digest(&self) -> serde_json::Result<Digest> {
        content_digest(self)
    }
}

/// Writes events.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, events: &[AuditEvent]) -> QueryResult<()> {
    upsert::add(conn, events)
}

added! {
    audit_events of AuditEvent {
        id: Uid,
        at: Timestamp,
        actor_kind: Text,
        actor_id: Nullable<Uid>,
        action: Text,
        object_type: Text,
        object_id: Uid,
        object_version: Nullable<BigInt>,
        service_point_id: Nullable<Uid>,
        reason: Nullable<Text>,
        before: Nullable<Text>,
        after: Nullable<Text>,
        content_hash: Nullable<Binary>,
        request_id: Text,
        address: Nullable<Text>,
    }
}

/// An event as it is shown: its place in the chain, the name of the account that acted, the name of the point.
#[derive(Clone, Debug, Queryable)]
pub struct Shown {
    /// The event.
    pub event: AuditEvent,
    /// Its place; none while it waits for one.
    pub seq: Option<i64>,
    /// The account's user name.
    pub username: Option<String>,
    /// The point's name.
    pub service_point_name: String,
}

/// What a list of events is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// This event.
    pub id: Option<Id>,
    /// Not before this moment.
    pub from: Option<Instant>,
    /// Before this moment.
    pub before: Option<Instant>,
    /// By this account.
    pub actor_id: Option<Id>,
    /// By `account`, `operator` or `nobody`.
    pub actor_kind: Option<String>,
    /// This action.
    pub action: Option<String>,
    /// Objects of this kind.
    pub object_type: Option<String>,
    /// These objects.
    pub objects: Option<Vec<Id>>,
}

/// Objects whose events tell of sign-ins and accounts, and of nobody who is served.
const OF_ACCOUNTS: [&str; 2] = ["account", "grant"];

/// One page of the events within reach, newest first. `whole` is where events of every kind are within reach; elsewhere in
/// `reach` it is those of accounts alone. The place in the list is the event's id, which grows with time.
///
/// # Errors
/// The database's own.
pub fn page(
    conn: &mut Conn,
    (reach, whole): (&Reach, &Reach),
    filter: &Filter,
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<Shown>> {
    use audit_events::dsl;
    let mut query = dsl::audit_events
        .inner_join(service_points::table.on(service_points::id.nullable().eq(dsl::service_point_id)))
        .left_join(audit_seals::table.on(audit_seals::event_id.eq(dsl::id)))
        .left_join(accounts::table.on(accounts::id.nullable().eq(dsl::actor_id)))
        .select((
            audit_events::all_columns,
            audit_seals::seq.nullable(),
            accounts::username.nullable(),
            service_points::name,
        ))
        .order(dsl::id.desc())
        .limit(limit)
        .into_boxed::<MultiBackend>();
    query = query.filter(within(reach));
    if reach != whole {
        query = query.filter(within(whole).or(dsl::object_type.eq_any(OF_ACCOUNTS)));
    }
    if let Some(id) = filter.id {
        query = query.filter(dsl::id.eq(id));
    }
    if let Some(from) = filter.from {
        query = query.filter(dsl::id.ge(Id::from_parts(from, [0; 10])));
    }
    if let Some(before) = filter.before {
        query = query.filter(dsl::id.lt(Id::from_parts(before, [0; 10])));
    }
    if let Some(id) = filter.actor_id {
        query = query.filter(dsl::actor_id.eq(id));
    }
    if let Some(kind) = &filter.actor_kind {
        query = query.filter(dsl::actor_kind.eq(kind.clone()));
    }
    if let Some(action) = &filter.action {
        query = query.filter(dsl::action.eq(action.clone()));
    }
    if let Some(object_type) = &filter.object_type {
        query = query.filter(dsl::object_type.eq(object_type.clone()));
    }
    if let Some(objects) = &filter.objects {
        query = query.filter(dsl::object_id.eq_any(objects.clone()));
    }
    if let Some(after) = after {
        query = query.filter(dsl::id.lt(after));
    }
    query.load(conn)
}

/// Events that have no place in the chain.
///
/// # Errors
/// The database's own.
pub fn without_seal(conn: &mut Conn) -> QueryResult<Vec<AuditEvent>> {
    audit_events::table
        .left_join(audit_seals::table.on(audit_seals::event_id.eq(audit_events::id)))
        .filter(audit_seals::seq.is_null())
        .select(audit_events::all_columns)
        .order(audit_events::id)
        .load(conn)
}
