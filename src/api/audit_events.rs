//! `/audit-events`, the timelines of single things, and the signed head of the chain.

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{
    IntoParams, ToSchema,
    openapi::schema::{ObjectBuilder, Schema, SchemaType, Type},
};

use super::{
    answer::{List, Plain},
    endpoint::{Endpoint, Heading, endpoint},
    extract::{Pages, PathId},
    page::{self, Filters, Listing},
    problem::Problem,
};
use crate::{
    app::{
        Paged, Want,
        audit_events::{self as app, Told},
    },
    auth::{Authorized, Permission, Tx, can},
    db::{Cost, audit_events::Filter},
    domain::{Day, Id, Instant, Text, audit_chain::Head, digest::hex},
    error::Result,
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "audit-events", id, summary };
    let get = Method::GET;
    vec![
        endpoint(
            get.clone(),
            "/api/v1/audit-events",
            heading("list_audit_events", "List what happened, newest first."),
            list,
        ),
        endpoint(
            get.clone(),
            "/api/v1/audit-events/head",
            heading("get_audit_head", "Draw the signed head of the chain of audit events."),
            head,
        ),
        endpoint(
            get.clone(),
            "/api/v1/service-points/{id}/timeline",
            heading("service_point_timeline", "List what happened to a service point, newest first."),
            of_point,
        ),
        endpoint(
            get.clone(),
            "/api/v1/households/{id}/timeline",
            heading("household_timeline", "List what happened to a household and its members, newest first."),
            of_household,
        ),
        endpoint(
            get.clone(),
            "/api/v1/assistance-records/{id}/timeline",
            heading("assistance_record_timeline", "List what happened to a record, newest first."),
            of_record,
        ),
        endpoint(
            get.clone(),
            "/api/v1/reports/{id}/timeline",
            heading("report_timeline", "List what happened to a monthly report, newest first."),
            of_report,
        ),
        endpoint(
            get,
            "/api/v1/accounts/{id}/timeline",
            heading("account_timeline", "List what happened to an account and its grants, newest first."),
            of_account,
        ),
    ]
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEvent)]
struct AuditEventAnswer {
    /// The event.
    id: Id,
    /// Its place in the chain; null for a moment, until it is sealed.
    seq: Option<i64>,
    /// When.
    at: Instant,
    /// Who acted: `account`, `operator` (a command on the server's own machine) or `nobody` (before a session stood).
    actor_kind: String,
    /// The account that acted.
    actor_id: Option<Id>,
    /// Its user name.
    actor_username: Option<String>,
    /// What was done: a code of the list `audit_action`.
    action: String,
    /// To what: a code of the list `audit_object`.
    object_type: String,
    /// To which one.
    object_id: Id,
    /// Its version afterwards.
    object_version: Option<i64>,
    /// The point that it belonged to.
    service_point_id: Option<Id>,
    /// The point's name.
    service_point_name: String,
    /// Why, where a reason is asked for.
    reason: Option<String>,
    /// The fields that changed. What is personal shows as `***`; a point out of scope too.
    changes: Vec<ChangeAnswer>,
    /// The SHA-256 of the whole content afterwards.
    content_hash: Option<String>,
    /// The request that did it.
    request_id: String,
    /// The address that it came from.
    address: Option<String>,
}

/// A field before and after.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FieldChange)]
struct ChangeAnswer {
    /// Which field.
    field: String,
    /// What it held.
    #[schema(schema_with = any_value)]
    before: Value,
    /// What it holds.
    #[schema(schema_with = any_value)]
    after: Value,
}

/// Whatever a field can hold.
fn any_value() -> Schema {
    let types = [Type::String, Type::Integer, Type::Boolean, Type::Array, Type::Object, Type::Null];
    ObjectBuilder::new().schema_type(SchemaType::from_iter(types)).build().into()
}

impl From<Told> for AuditEventAnswer {
    fn from(Told { shown, changes }: Told) -> Self {
        let event = shown.event;
        Self {
            id: event.id,
            seq: shown.seq,
            at: event.at,
            actor_kind: event.actor_kind,
            actor_id: event.actor_id,
            actor_username: shown.username,
            action: event.action,
            object_type: event.object_type,
            object_id: event.object_id,
            object_version: event.object_version,
            service_point_id: event.service_point_id,
            service_point_name: shown.service_point_name,
            reason: event.reason,
            changes: changes
                .into_iter()
                .map(|change| ChangeAnswer { field: change.field, before: change.before, after: change.after })
                .collect(),
            content_hash: event.content_hash.as_deref().map(hex),
            request_id: event.request_id,
            address: event.address,
        }
    }
}

/// What a list of events is narrowed to.
#[derive(Clone, Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct EventsFilters {
    /// The first day; the first of the last day's month when nothing is said.
    from: Option<Day>,
    /// The last day; today when nothing is said. At most 366 days together.
    to: Option<Day>,
    /// At points in the subtree of this one only.
    service_point_id: Option<Id>,
    /// By this account only.
    actor_id: Option<Id>,
    /// A code of the list `audit_action`.
    action: Option<Text>,
    /// A code of the list `audit_object`.
    object_type: Option<Text>,
    /// To this object only.
    object_id: Option<Id>,
}

impl Filters for EventsFilters {
    const NAME: &'static str = "audit-events";
}

/// A timeline cannot be narrowed.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct TimelineFilters {}

impl Filters for TimelineFilters {
    const NAME: &'static str = "timeline";
}

/// The list that a cursor of one timeline belongs to.
#[derive(Serialize)]
struct TimelineOf(Id);

impl Filters for TimelineOf {
    const NAME: &'static str = TimelineFilters::NAME;
}

async fn list(
    access: Authorized<can::ReadAudit>,
    pages: Pages<EventsFilters>,
) -> Result<List<AuditEventAnswer>, Problem> {
    let page = access.read(Cost::Slow, pages, |tx, listing| {
        // The defaults belong to the cursor too: tomorrow they would be others.
        let asked = &listing.filters;
        let to = asked.to.unwrap_or(tx.today());
        let from = asked.from.unwrap_or(to.month().first_day());
        let listing = &listing.with(EventsFilters { from: Some(from), to: Some(to), ..asked.clone() });
        let filter = Filter {
            actor_id: asked.actor_id,
            action: asked.action.as_ref().map(ToString::to_string),
            object_type: asked.object_type.as_ref().map(ToString::to_string),
            objects: asked.object_id.map(|id| vec![id]),
            ..Filter::default()
        };
        let want = page::want(tx, listing)?;
        let found = app::list(tx, asked.service_point_id, (from, to), filter, &want)?;
        page::list(tx, listing, found, |told| told.shown.event.id, |told| Ok(told.into()))
    });
    Ok(page.await?)
}

async fn head(access: Authorized<can::SignHead>) -> Result<Plain<Head>, Problem> {
    let head = access.read(Cost::Quick, (), |tx, ()| app::head(tx));
    Ok(Plain(head.await?))
}

async fn of_point(
    access: Authorized<can::ReadWholeAudit>,
    id: PathId,
    pages: Pages<TimelineFilters>,
) -> Result<List<AuditEventAnswer>, Problem> {
    timeline(access, id, pages, app::of_point).await
}

async fn of_household(
    access: Authorized<can::ReadWholeAudit>,
    id: PathId,
    pages: Pages<TimelineFilters>,
) -> Result<List<AuditEventAnswer>, Problem> {
    timeline(access, id, pages, app::of_household).await
}

async fn of_record(
    access: Authorized<can::ReadWholeAudit>,
    id: PathId,
    pages: Pages<TimelineFilters>,
) -> Result<List<AuditEventAnswer>, Problem> {
    timeline(access, id, pages, app::of_record).await
}

async fn of_report(
    access: Authorized<can::ReadWholeAudit>,
    id: PathId,
    pages: Pages<TimelineFilters>,
) -> Result<List<AuditEventAnswer>, Problem> {
    timeline(access, id, pages, app::of_report).await
}

async fn of_account(
    access: Authorized<can::ReadAudit>,
    id: PathId,
    pages: Pages<TimelineFilters>,
) -> Result<List<AuditEventAnswer>, Problem> {
    timeline(access, id, pages, app::of_account).await
}

/// The events of one thing, as a use case finds them.
type Find<P> = fn(&mut Tx<'_, P>, Id, &Want<Id>) -> Result<Paged<Told>>;

async fn timeline<P: Permission>(
    access: Authorized<P>,
    id: PathId,
    pages: Pages<TimelineFilters>,
    find: Find<P>,
) -> Result<List<AuditEventAnswer>, Problem> {
    let page = access.read(Cost::Slow, (id, pages), move |tx, (id, listing): &(Id, Listing<TimelineFilters>)| {
        let listing = &listing.with(TimelineOf(*id));
        let want = page::want(tx, listing)?;
        let found = find(tx, *id, &want)?;
        page::list(tx, listing, found, |told| told.shown.event.id, |told| Ok(told.into()))
    });
    Ok(page.await?)
}
