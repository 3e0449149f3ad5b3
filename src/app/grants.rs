//! Grants: giving a role at a service point, and taking it back.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Paged, Want, accounts, audit, expect_version,
    idempotence::{Made, replay, request_digest},
    input::Faults,
};
use crate::{
    auth::{Tx, can},
    db::{self, grants::Grant},
    domain::{Day, Id, codes::Role, digest::Digest},
    error::{Conflict, Error, Result},
};

/// A role at a service point, with dates.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveRole {
    /// What it lets do.
    pub role: Role,
    /// Where: this point's subtree.
    pub service_point_id: Id,
    /// The first day; today when nothing is said.
    pub valid_from: Option<Day>,
    /// The last day; an open end when nothing is said.
    pub valid_to: Option<Day>,
}

/// A grant to be given to an account.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Give {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// To whom.
    pub account_id: Id,
    /// What it lets do.
    pub role: Role,
    /// Where: this point's subtree.
    pub service_point_id: Id,
    /// The first day; today when nothing is said.
    pub valid_from: Option<Day>,
    /// The last day; an open end when nothing is said.
    pub valid_to: Option<Day>,
}

/// Gives a role.
///
/// # Errors
/// The account or the point is unknown, the account is the caller's own, or the caller may not give that role there.
pub fn give(tx: &mut Tx<'_, can::ManageAccounts>, request: &Give) -> Result<Made<Grant>> {
    tx.reach()?;
    let digest = request_digest(tx, request)?;
    if let Some(made) = replay(tx, request.id, &digest, db::grants::find)? {
        return Ok(made);
    }
    let Give { role, service_point_id, valid_from, valid_to, .. } = *request;
    let given = GiveRole { role, service_point_id, valid_from, valid_to };
    accounts::get(tx, request.account_id).map_err(|error| error.at("/account_id"))?;
    refuse_own(tx, request.account_id)?;
    db::service_points::share(tx.conn(), given.service_point_id)?;
    check_given(tx, &given)?;
    let mut faults = Faults::default();
    faults.id(request.id);
    check_days(&mut faults, &given, tx.today(), "");
    faults.finish()?;
    put(tx, request.id, request.account_id, &given, Some(digest)).map(Made::New)
}

/// Takes a grant back, from the next request on.
///
/// # Errors
/// There is none within reach, it is the caller's own, the caller could not give it, or it was taken back before.
pub fn revoke(tx: &mut Tx<'_, can::ManageAccounts>, id: Id, version: i64) -> Result<Grant> {
    let found = db::grants::find_locked(tx.conn(), id)?;
    let path = found.as_ref().map(|placed| placed.path().clone());
    let before = tx.admit(found)?;
    refuse_own(tx, before.account_id)?;
    if !path.is_some_and(|path| tx.actor().may_grant(before.role, &path)) {
        return Err(Error::RoleNotGrantable);
    }
    expect_version(before.version, version)?;
    if before.revoked_at.is_some() {
        return Err(Conflict::GrantRevoked.into());
    }
    let (now, version) = (tx.now(), before.version + 1);
    let after = Grant { revoked_at: Some(now), version, updated_at: now, ..before.clone() };
    db::grants::revoke(tx.conn(), &after)?;
    audit::changed(tx, "grant.revoke", &before, &after, None)?;
    Ok(after)
}

/// One grant.
///
/// # Errors
/// There is none within reach.
pub fn get(tx: &mut Tx<'_, can::ManageAccounts>, id: Id) -> Result<Grant> {
    tx.find(id, db::grants::find)
}

/// The grants at points within reach.
///
/// # Errors
/// The database's own.
pub fn list(tx: &mut Tx<'_, can::ManageAccounts>, account_id: Option<Id>, want: &Want<Id>) -> Result<Paged<Grant>> {
    let reach = tx.reach()?;
    let rows = db::grants::page(tx.conn(), &reach, account_id, want.after, want.fetch())?;
    Ok(want.page(rows, None))
}

/// Whether the caller may give this role at this point.
pub(super) fn check_given(tx: &mut Tx<'_, can::ManageAccounts>, given: &GiveRole) -> Result<()> {
    let point = accounts::point_for(tx, given.service_point_id).map_err(|error| error.at("/service_point_id"))?;
    if !tx.actor().may_grant(given.role, &point.path) {
        return Err(Error::RoleNotGrantable);
    }
    if point.status.ended() { Err(Conflict::PointEnded.into()) } else { Ok(()) }
}

pub(super) fn check_days(faults: &mut Faults, given: &GiveRole, today: Day, prefix: &str) {
    let from = given.valid_from.unwrap_or(today);
    let at = format!("{prefix}/valid_to");
    faults.unless(given.valid_to.is_none_or(|to| to >= from), &at, "before_valid_from");
    faults.unless(given.valid_to.is_none_or(|to| to >= today), &at, "in_past");
}

/// Puts a checked grant in place.
pub(super) fn put(
    tx: &mut Tx<'_, can::ManageAccounts>,
    id: Option<Id>,
    account_id: Id,
    given: &GiveRole,
    digest: Option<Digest>,
) -> Result<Grant> {
    let grant = Grant {
        id: id.unwrap_or_else(|| tx.new_id()),
        account_id,
        role: given.role,
        service_point_id: given.service_point_id,
        valid_from: given.valid_from.unwrap_or(tx.today()),
        valid_to: given.valid_to,
        revoked_at: None,
        version: 1,
        created_by: tx.actor().account_id(),
        request_digest: digest.map(|digest| digest.to_vec()),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    db::grants::insert(tx.conn(), &grant)?;
    audit::created(tx, "grant.give", &grant)?;
    Ok(grant)
}

fn refuse_own(tx: &Tx<'_, can::ManageAccounts>, account_id: Id) -> Result<()> {
    if tx.actor().account_id() == Some(account_id) { Err(Error::OwnAccount) } else { Ok(()) }
}
