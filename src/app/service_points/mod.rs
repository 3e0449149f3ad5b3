//! Service points: opening, editing, suspending, closing and moving them, and finding one's way among them.

mod requests;

pub use requests::{CloseServicePoint, EditServicePoint, MoveServicePoint, OpenServicePoint};

use super::{
    Paged, Want, audit,
    closing::{self, Touched},
    expect_version,
    idempotence::{Made, replay, request_digest},
    input::Faults,
    roll_up,
    sealed::Column,
};
use crate::{
    auth::{Permission, Tx, can},
    db::{
        assistance_records, cells, ledger_entries,
        service_points::{self, Filter, ParentSpan, ServicePoint},
    },
    domain::{Id, PointPath, Text, codes::PointStatus, policy::Action, region, search_keys},
    error::{Conflict, Error, Result},
};

const CONTACT_PHONE: Column = Column { table: "service_points", column: "contact_phone" };

/// Opens a point.
///
/// # Errors
/// The parent is unknown, has ended, or is not of the tier above; the region code is taken.
pub fn open(tx: &mut Tx<'_, can::ManagePoints>, request: &OpenServicePoint) -> Result<Made<ServicePoint>> {
    tx.reach()?;
    let digest = request_digest(tx, request)?;
    if let Some(made) = replay(tx, request.id, &digest, service_points::find)? {
        return Ok(made);
    }
    let id = request.id.unwrap_or_else(|| tx.new_id());
    let status = request.status;
    let opened_on = request.opened_on.unwrap_or(tx.today());

    let parent = tx
        .find_for(Action::ReadPoints, request.parent_id, service_points::find_shared)
        .map_err(|error| error.at("/parent_id"))?;
    let path = parent.path.child(id);
    tx.check(&path)?;
    let mut faults = Faults::of(request);
    faults.id(request.id);
    faults.unless(request.tier.parent() == Some(parent.tier), "/tier", "wrong_tier");
    faults.unless(matches!(status, PointStatus::Planned | PointStatus::Active), "/status", "not_a_first_status");
    faults.unless(status == PointStatus::Planned || opened_on <= tx.today(), "/opened_on", "in_future");
    faults.finish()?;
    refuse_ended(&parent)?;
    free_region_code(tx, request.region_code.as_deref(), id)?;
    if status != PointStatus::Planned {
        closing::require_open(tx, &[&path], Touched::From(opened_on.month()))?;
    }

    let text = |text: &Option<Text>| text.as_deref().map(str::to_owned);
    let point = ServicePoint {
        id,
        parent_id: Some(parent.id),
        path,
        tier: request.tier,
        region_code: text(&request.region_code),
        name: request.name.to_string(),
        status,
        opened_on,
        closed_on: None,
        address: text(&request.address),
        longitude_e6: request.longitude_e6,
        latitude_e6: request.latitude_e6,
        contact_name: text(&request.contact_name),
        contact_phone: CONTACT_PHONE.seal(tx, id, request.contact_phone.as_deref())?,
        version: 1,
        created_by: tx.actor().account_id(),
        request_digest: Some(digest.to_vec()),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    service_points::insert(tx.conn(), &point)?;
    audit::created(tx, "service_point.open", &point)?;
    roll_up::village(tx, None, &point)?;
    Ok(Made::New(point))
}

/// Changes a point's own fields.
///
/// # Errors
/// The point has ended, or the region code is taken.
pub fn edit(
    tx: &mut Tx<'_, can::ManagePoints>,
    id: Id,
    version: i64,
    request: &EditServicePoint,
) -> Result<ServicePoint> {
    let before = locked(tx, id, version)?;
    Faults::of(request).finish()?;
    refuse_ended(&before)?;
    let mut after = before.clone();
    let text = |text: &Option<Text>| text.as_deref().map(str::to_owned);
    if let Some(name) = &request.name {
        after.name = name.to_string();
    }
    if let Some(code) = &request.region_code {
        free_region_code(tx, code.as_deref(), id)?;
        after.region_code = text(code);
        let kind = |point: &ServicePoint| region::village_kind(point.tier, point.region_code.as_deref());
        if before.status != PointStatus::Planned && kind(&before) != kind(&after) {
            // A village counts as what it is from its first day on.
            closing::require_open(tx, &[&before.path], Touched::From(before.opened_on.month()))?;
        }
    }
    if let Some(address) = &request.address {
        after.address = text(address);
    }
    after.longitude_e6 = request.longitude_e6.unwrap_or(after.longitude_e6);
    after.latitude_e6 = request.latitude_e6.unwrap_or(after.latitude_e6);
    if let Some(name) = &request.contact_name {
        after.contact_name = text(name);
    }
    if let Some(phone) = &request.contact_phone {
        after.contact_phone = CONTACT_PHONE.seal(tx, id, phone.as_deref())?;
    }
    save(tx, "service_point.edit", &before, after, None)
}

/// Puts a point to work, after planning or a pause.
///
/// # Errors
/// The point has ended or is at work already.
pub fn activate(tx: &mut Tx<'_, can::ManagePoints>, id: Id, version: i64) -> Result<ServicePoint> {
    set_status(tx, id, version, PointStatus::Active, "service_point.activate")
}

/// Pauses a point: it takes no new households or records.
///
/// # Errors
/// The point has ended or is paused already.
pub fn suspend(tx: &mut Tx<'_, can::ManagePoints>, id: Id, version: i64) -> Result<ServicePoint> {
    set_status(tx, id, version, PointStatus::Suspended, "service_point.suspend")
}

/// Ends a point's life. Its history stays.
///
/// # Errors
/// It is the root, has ended already, has children that have not, or has records given later than the day.
pub fn close(
    tx: &mut Tx<'_, can::ManagePoints>,
    id: Id,
    version: i64,
    request: &CloseServicePoint,
) -> Result<ServicePoint> {
    let before = locked(tx, id, version)?;
    let closed_on = request.closed_on.unwrap_or(tx.today());
    let mut faults = Faults::of(request);
    faults.unless(closed_on <= tx.today(), "/closed_on", "in_future");
    faults.unless(closed_on >= before.opened_on, "/closed_on", "before_opening");
    faults.finish()?;
    refuse_ended(&before)?;
    // The root without children would be an empty network; it is never closed.
    if before.parent_id.is_none() || service_points::open_children(tx.conn(), id)? > 0 {
        return Err(Conflict::OpenChildren.into());
    }
    let last = assistance_records::last_day(tx.conn(), id)?.max(ledger_entries::last_day(tx.conn(), id)?);
    if last.is_some_and(|last| last > closed_on) {
        return Err(Conflict::RecordsAfterClose.into());
    }
    closing::require_open(tx, &[&before.path], Touched::From(closed_on.plus_days(1).month()))?;
    let after = ServicePoint { status: PointStatus::Closed, closed_on: Some(closed_on), ..before.clone() };
    save(tx, "service_point.close", &before, after, Some(&request.reason))
}

/// Hangs a point with everything below it under another parent, from today on. Its figures go with it.
///
/// # Errors
/// The new parent is unknown, has ended, is not of the tier above, or is the present one.
pub fn relocate(
    tx: &mut Tx<'_, can::ManagePoints>,
    id: Id,
    version: i64,
    request: &MoveServicePoint,
) -> Result<ServicePoint> {
    let before = locked(tx, id, version)?;
    let parent = tx
        .find_for(Action::ReadPoints, request.parent_id, service_points::find_shared)
        .map_err(|error| error.at("/parent_id"))?;
    let path = parent.path.child(id);
    tx.check(&path)?;
    let mut faults = Faults::of(request);
    faults.unless(before.tier.parent() == Some(parent.tier), "/parent_id", "wrong_tier");
    // Strict tiers rule a cycle out; asked all the same, because a cycle could not be undone.
    faults.unless(!before.path.contains(&parent.path), "/parent_id", "cycle");
    faults.finish()?;
    refuse_ended(&before)?;
    refuse_ended(&parent)?;
    if before.parent_id == Some(parent.id) {
        return Err(Conflict::AlreadySo.into());
    }
    service_points::lock_subtree(tx.conn(), &before.path)?;
    let (version, updated_at, today) = (before.version + 1, tx.now(), tx.today());
    let after = ServicePoint { parent_id: Some(parent.id), version, updated_at, ..before.clone() };
    service_points::move_subtree(tx.conn(), &after, &path, today)?;
    audit::changed(tx, "service_point.move", &before, &after, Some(&request.reason))?;
    cells::carry(tx.conn(), &before.path, &path)?;
    Ok(ServicePoint { path, ..after })
}

/// One point.
///
/// # Errors
/// There is none within reach.
pub fn get(tx: &mut Tx<'_, can::ReadPoints>, id: Id) -> Result<ServicePoint> {
    tx.find(id, service_points::find)
}

/// The points within reach that a filter leaves.
///
/// # Errors
/// The parent of the filter is not within reach.
pub fn list(tx: &mut Tx<'_, can::ReadPoints>, filter: &Filter, want: &Want<PointPath>) -> Result<Paged<ServicePoint>> {
    let reach = tx.reach()?;
    if let Some(parent_id) = filter.parent_id {
        get(tx, parent_id).map_err(|error| error.at("parent_id"))?;
    }
    let rows = service_points::page(tx.conn(), &reach, filter, want.after.as_ref(), want.fetch())?;
    let count = want.count.then(|| service_points::count(tx.conn(), &reach, filter)).transpose()?;
    Ok(want.page(rows, count))
}

/// The children of a point.
///
/// # Errors
/// The point is not within reach.
pub fn children(tx: &mut Tx<'_, can::ReadPoints>, id: Id, want: &Want<PointPath>) -> Result<Paged<ServicePoint>> {
    get(tx, id)?;
    list(tx, &Filter { parent_id: Some(id), ..Filter::default() }, want)
}

/// The points above, root first, as far as they are within reach.
///
/// # Errors
/// The point is not within reach.
pub fn ancestors(tx: &mut Tx<'_, can::ReadPoints>, id: Id) -> Result<Vec<ServicePoint>> {
    let point = get(tx, id)?;
    let reach = tx.reach()?;
    Ok(service_points::ancestors(tx.conn(), &reach, &point.path)?)
}

/// The spans of time that a point has hung under its parents, and which of these parents are within reach.
///
/// # Errors
/// The point is not within reach.
pub fn history(tx: &mut Tx<'_, can::ReadPoints>, id: Id) -> Result<Vec<(ParentSpan, Option<Id>)>> {
    get(tx, id)?;
    let reach = tx.reach()?;
    let spans = service_points::parents(tx.conn(), id)?;
    let parents: Vec<Id> = spans.iter().map(|span| span.parent_id).collect();
    let seen = service_points::reached(tx.conn(), &reach, &parents)?;
    Ok(spans
        .into_iter()
        .map(|span| {
            let parent = Some(span.parent_id).filter(|id| seen.contains(id));
            (span, parent)
        })
        .collect())
}

/// A point's contact number in clear, for whoever may see the point.
///
/// # Errors
/// It was changed behind the program's back, or the key is another.
pub fn contact_phone_of<P: Permission>(tx: &Tx<'_, P>, point: &ServicePoint) -> Result<Option<String>> {
    CONTACT_PHONE.open(tx, point.id, point.contact_phone.as_ref())
}

/// What is typed into a search, as it is compared.
pub fn search_prefix(q: &str) -> Option<String> {
    Some(search_keys::normalise_query(q)).filter(|prefix| !prefix.is_empty())
}

fn locked(tx: &mut Tx<'_, can::ManagePoints>, id: Id, version: i64) -> Result<ServicePoint> {
    let point = tx.find(id, service_points::find_locked)?;
    expect_version(point.version, version)?;
    Ok(point)
}

pub(super) fn refuse_ended(point: &ServicePoint) -> Result<()> {
    if point.status.ended() { Err(Conflict::PointEnded.into()) } else { Ok(()) }
}

fn free_region_code(tx: &mut Tx<'_, can::ManagePoints>, code: Option<&str>, id: Id) -> Result<()> {
    let Some(code) = code else { return Ok(()) };
    match service_points::by_region_code(tx.conn(), code)? {
        Some(other) if other.id != id => Err(Conflict::RegionCodeTaken.into()),
        _ => Ok(()),
    }
}

fn set_status(
    tx: &mut Tx<'_, can::ManagePoints>,
    id: Id,
    version: i64,
    status: PointStatus,
    action: &'static str,
) -> Result<ServicePoint> {
    let before = locked(tx, id, version)?;
    refuse_ended(&before)?;
    if before.status == status {
        return Err(Conflict::AlreadySo.into());
    }
    // A point that is put to work before the day it was planned for opens today.
    let opened_on = if status == PointStatus::Active { before.opened_on.min(tx.today()) } else { before.opened_on };
    if before.status == PointStatus::Planned {
        // Planned, it counted nowhere.
        closing::require_open(tx, &[&before.path], Touched::From(opened_on.month()))?;
    }
    let after = ServicePoint { status, opened_on, ..before.clone() };
    save(tx, action, &before, after, None)
}

/// Writes a changed point as its next version.
fn save(
    tx: &mut Tx<'_, can::ManagePoints>,
    action: &'static str,
    before: &ServicePoint,
    after: ServicePoint,
    reason: Option<&str>,
) -> Result<ServicePoint> {
    let after = ServicePoint { version: before.version + 1, updated_at: tx.now(), ..after };
    service_points::update(tx.conn(), &after)?;
    if (&after.name, &after.region_code) != (&before.name, &before.region_code) {
        service_points::index_again(tx.conn(), &after)?;
    }
    audit::changed(tx, action, before, &after, reason)?;
    roll_up::village(tx, Some(before), &after)?;
    Ok(after)
}

/// The households and records of a point that is at work.
///
/// # Errors
/// [`Conflict::PointNotActive`].
pub(super) fn refuse_inactive(point: &ServicePoint) -> Result<()> {
    if point.status == PointStatus::Active { Ok(()) } else { Err(Error::Conflict(Conflict::PointNotActive)) }
}
