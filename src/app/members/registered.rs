//! People who are registered already, somewhere in the network.
//!
//! Who asks learns that, and the county, and nothing more unless the household lies within their own reach. An answer of this
//! kind is noted on the household that was found and counted against whoever asked: the transaction that does so stands,
//! although the request is refused.

use crate::{
    app::audit,
    auth::{Permission, Tx, keys::Purpose},
    db::{
        household_members,
        households::{self, Household},
        service_points, throttles,
    },
    domain::{Id, PointPath, access::Placed, digest::hex, identity::IdentityNumber, policy::Action},
    error::{Error, Result},
};

/// So many people who are registered elsewhere an account may come upon in a day.
const HITS: i64 = 30;
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// The keyed hash under which an identity number is found.
pub fn hash<P: Permission>(tx: &Tx<'_, P>, number: &IdentityNumber) -> Vec<u8> {
    tx.tools().keys.mac(Purpose::Identity, &[number.expose().as_bytes()]).to_vec()
}

/// What a caller who brings these identity numbers is refused with, if one of them is registered already, of somebody else
/// than `except` and elsewhere than in `own`, which the same request may have made at the same moment. The refusal has been
/// noted and counted; the transaction must stand.
///
/// # Errors
/// [`Error::TooMany`] after too many such refusals.
pub fn refuse_registered<P: Permission>(
    tx: &mut Tx<'_, P>,
    numbers: &[Option<IdentityNumber>],
    except: Option<Id>,
    own: Option<Id>,
) -> Result<Option<Error>> {
    let hashes: Vec<Vec<u8>> = numbers.iter().flatten().map(|number| hash(tx, number)).collect();
    refuse(tx, &hashes, except, own)
}

/// The same for the members of a household that is to be active again.
///
/// # Errors
/// As for [`refuse_registered`].
pub fn refuse_return<P: Permission>(tx: &mut Tx<'_, P>, household: Id) -> Result<Option<Error>> {
    let members = household_members::of_household(tx.conn(), household)?;
    let hashes: Vec<Vec<u8>> = members
        .into_iter()
        .filter(|member| member.left_on.is_none())
        .filter_map(|member| member.identity_hash)
        .collect();
    refuse(tx, &hashes, None, Some(household))
}

fn refuse<P: Permission>(
    tx: &mut Tx<'_, P>,
    hashes: &[Vec<u8>],
    except: Option<Id>,
    own: Option<Id>,
) -> Result<Option<Error>> {
    if hashes.is_empty() {
        return Ok(None);
    }
    refuse_spent(tx)?;
    let found = household_members::registered(tx.conn(), hashes)?;
    let hit = found.into_iter().find(|(member, household)| Some(*member) != except && Some(*household) != own);
    let Some((_, household)) = hit else { return Ok(None) };
    let (household, path) = noted(tx, household)?;
    let county = match path.ids().get(1) {
        Some(county) => service_points::name(tx.conn(), *county)?,
        None => None,
    };
    let may_read = tx.actor().reach(Action::ReadHouseholds).covers(&path);
    Ok(Some(Error::DuplicateIdentity { county, household_id: may_read.then(|| household.id.to_string()) }))
}

/// The household of the person with this number, if one is registered; if none is, that is noted, and the transaction must
/// stand. That one was found is for the caller to note, see [`note_found`].
///
/// # Errors
/// [`Error::TooMany`] after too many hits.
pub fn find_registered<P: Permission>(tx: &mut Tx<'_, P>, number: &IdentityNumber) -> Result<Option<Id>> {
    refuse_spent(tx)?;
    let hashes = [hash(tx, number)];
    let found = household_members::registered(tx.conn(), &hashes)?.first().map(|(_, household)| *household);
    if found.is_none() {
        audit::nobody_found(tx)?;
    }
    Ok(found)
}

/// Notes and counts that a household was found by an identity number: the transaction must stand.
///
/// # Errors
/// The database's own.
pub fn note_found<P: Permission>(tx: &mut Tx<'_, P>, household: Id) -> Result<()> {
    noted(tx, household).map(drop)
}

/// Refuses whoever has had too many hits, whatever is asked and before it is looked at: a refusal of hits alone would tell
/// them from misses.
fn refuse_spent<P: Permission>(tx: &mut Tx<'_, P>) -> Result<()> {
    let (key, now) = (key(tx)?, tx.now());
    let Some(hits) = throttles::find(tx.conn(), &key)? else { return Ok(()) };
    let wait = hits.since.plus_seconds(DAY_SECONDS).seconds_since(now);
    if hits.failures >= HITS && wait > 0 {
        return Err(Error::TooMany { retry_after: wait.unsigned_abs() });
    }
    Ok(())
}

fn key<P: Permission>(tx: &Tx<'_, P>) -> Result<String> {
    let account = tx.account_id()?;
    Ok(hex(&tx.tools().keys.mac(Purpose::Throttle, &[b"identity", account.as_bytes()])[..16]))
}

/// Counts a hit against the caller, and notes it on the household that was found.
fn noted<P: Permission>(tx: &mut Tx<'_, P>, household: Id) -> Result<(Household, PointPath)> {
    let (key, now) = (key(tx)?, tx.now());
    throttles::count(tx.conn(), &key, now.plus_seconds(-DAY_SECONDS), now)?;
    throttles::touch(tx.conn(), &key, now)?;
    let found = households::find(tx.conn(), household)?.ok_or(Error::NotFound)?;
    let path = Placed::path(&found).clone();
    // Not for the caller's eyes: for the event that tells the household's own side of it.
    let household = found.origin(Household::clone);
    audit::looked_at(tx, "household.duplicate_found", &household, None)?;
    Ok((household, path))
}
