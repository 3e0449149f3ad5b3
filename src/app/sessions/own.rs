//! What everybody may do with the own account.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    checked, counted,
    throttle::{self, Subject},
};
use crate::{
    app::audit,
    auth::{Authorized, Input, Tx, can, keys::Purpose},
    db::{self, Cost, accounts::Account, sessions::Session},
    domain::{
        Id, Secret,
        access::{Area, Held, Who},
        codes::AccountStatus,
        digest::Digest,
        password,
        policy::Action,
    },
    error::{Error, Fault, Result},
};

/// A new password is none of the last so many.
const REMEMBERED: i64 = 5;

/// A change of the own password.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password so far.
    #[schema(max_length = 200, format = Password)]
    pub current_password: Secret,
    /// The password from now on: at least 10 characters from 3 of 4 classes, not a common one, none of the last 5.
    #[schema(min_length = 10, max_length = 128, format = Password)]
    pub new_password: Secret,
}

/// Who I am and what I may do.
#[derive(Clone, Debug)]
pub struct Me {
    /// My account.
    pub account: Account,
    /// Whether the point that keeps it lies within my scope.
    pub keeper_in_scope: bool,
    /// My grants in force.
    pub held: Vec<Held>,
    /// What they let me do, and where.
    pub permissions: Vec<(Action, Vec<Area>)>,
}

/// Who the caller is.
///
/// # Errors
/// The database's own.
pub fn me(tx: &mut Tx<'_, can::ActForSelf>) -> Result<Me> {
    let id = tx.account_id()?;
    let account = db::accounts::own(tx.conn(), id)?;
    let keeper = db::service_points::find(tx.conn(), account.service_point_id)?;
    let actor = tx.actor();
    let keeper_in_scope = keeper.is_some_and(|point| actor.scope().covers(point.path()));
    let permissions = Action::ALL
        .iter()
        .map(|action| (*action, actor.reach(*action).areas().to_vec()))
        .filter(|(_, areas)| !areas.is_empty())
        .collect();
    Ok(Me { account, keeper_in_scope, held: actor.held.clone(), permissions })
}

/// The key under which a device keeps what it has of the own account: the same each time, whatever becomes of the password, and
/// known to nobody who is not signed in as this account.
///
/// # Errors
/// No session.
pub fn device_key(tx: &mut Tx<'_, can::ActForSelf>) -> Result<Digest> {
    let id = tx.account_id()?;
    Ok(tx.tools().keys.mac(Purpose::Outbox, &[id.as_bytes()]))
}

/// Ends the present session.
///
/// # Errors
/// The database's own.
pub fn sign_out(tx: &mut Tx<'_, can::ActForSelf>) -> Result<()> {
    let Who::Account { session, .. } = tx.actor().who else { return Err(Error::SignInRequired) };
    revoke(tx, session)
}

/// The own sessions that have not ended, the newest first, and which of them is this one.
///
/// # Errors
/// The database's own.
pub fn list(tx: &mut Tx<'_, can::ActForSelf>) -> Result<Vec<(Session, bool)>> {
    let Who::Account { id, session: own } = tx.actor().who else { return Err(Error::SignInRequired) };
    let now = tx.now();
    let open = db::sessions::open(tx.conn(), id, now)?;
    Ok(open
        .into_iter()
        .map(|session| {
            let current = session.id == own;
            (session, current)
        })
        .collect())
}

/// Ends one of the own sessions.
///
/// # Errors
/// There is no such session.
pub fn revoke(tx: &mut Tx<'_, can::ActForSelf>, session: Id) -> Result<()> {
    let (account_id, now) = (tx.account_id()?, tx.now());
    if !db::sessions::end(tx.conn(), account_id, session, now)? {
        return Err(Error::NotFound);
    }
    let account = db::accounts::own(tx.conn(), account_id)?;
    audit::session(tx, "session.end", (account_id, account.service_point_id), true)
}

/// Changes the own password and ends the other sessions.
///
/// # Errors
/// The present password is wrong, or the new one is weak or was used lately.
pub async fn change_password(
    access: &Authorized<can::ActForSelf>,
    request: impl Input<Value = ChangePassword>,
) -> Result<()> {
    let passwords = &access.tools().passwords;
    let (request, session, account, last) = access
        .read(Cost::Quick, request, |tx, request| {
            let Who::Account { id, session } = tx.actor().who else { return Err(Error::SignInRequired) };
            let last = db::accounts::last_passwords(tx.conn(), id, REMEMBERED)?;
            Ok((request.clone(), session, db::accounts::own(tx.conn(), id)?, last))
        })
        .await?;
    let faults: Vec<Fault> = password::weaknesses(request.new_password.expose(), &account.username)
        .into_iter()
        .map(|weakness| Fault::new("/new_password", weakness.code()))
        .collect();
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    // A stolen access token is no way to guess at the password either. By session, so that whoever guesses at the name
    // does not keep its owner from changing the password.
    let subject = Subject::Session(session);
    counted(access, &subject, true).await?;
    if !checked(access, &subject, request.current_password, Some(account.password_hash.clone())).await? {
        return Err(Error::invalid("/current_password", "wrong_password"));
    }
    // It was no guess, whatever becomes of the new one.
    access.write((), move |tx, ()| throttle::forget(tx, &subject)).await?;
    for hash in last {
        if passwords.verify(request.new_password.clone(), Some(hash)).await? {
            return Err(Error::invalid("/new_password", "used_lately"));
        }
    }
    let hash = passwords.hash(request.new_password, access.tools().edge.random()).await?;
    access.write((), move |tx, ()| set_password(tx, &account, &hash)).await
}

fn set_password(tx: &mut Tx<'_, can::ActForSelf>, checked: &Account, hash: &str) -> Result<()> {
    let Who::Account { id, session } = tx.actor().who else { return Err(Error::SignInRequired) };
    let before = db::accounts::own_locked(tx.conn(), id)?;
    // Another change came first; whoever asked must know the password that holds now.
    if before.password_hash != checked.password_hash || before.status != AccountStatus::Active {
        return Err(Error::SignInRequired);
    }
    let after = Account {
        password_hash: hash.to_owned(),
        must_change_password: false,
        version: before.version + 1,
        updated_at: tx.now(),
        ..before.clone()
    };
    let now = tx.now();
    db::accounts::update_password(tx.conn(), &after)?;
    db::sessions::end_all(tx.conn(), id, Some(session), now)?;
    audit::changed(tx, "account.change_password", &before, &after, None)
}
