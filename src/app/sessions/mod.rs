//! Signing in and out, sessions, and the own password.

mod own;
mod throttle;

use serde::Deserialize;
use utoipa::ToSchema;

pub use own::{ChangePassword, Me, change_password, device_key, list, me, revoke, sign_out};

use self::throttle::Subject;
use super::{accounts::canonical_username, audit};
use crate::{
    auth::{
        Authorized, Input, Permission, Ready, Tools, Tx, can,
        tokens::{self, Refresh},
    },
    db::{
        self, Cost,
        accounts::Account,
        sessions::{Session, SessionState},
    },
    domain::{Id, Instant, Secret, Text, codes::AccountStatus, digest::Digest},
    error::{Error, Result},
};

/// How long, in seconds, a refresh token that has just been replaced still yields its successor: a reply that got
/// lost must not sign a village out.
const GRACE_SECONDS: i64 = 60;

/// What is needed to sign in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The user name; case is ignored.
    #[schema(max_length = 100)]
    pub username: Text,
    /// The password.
    #[schema(max_length = 200, format = Password)]
    pub password: Secret,
    /// The device token of an earlier sign-in on this device, which is not held up while others guess at the name.
    #[schema(max_length = 200)]
    pub device_token: Option<Secret>,
    /// Whether the refresh token goes into a cookie that scripts cannot read, instead of into the answer: for browsers.
    #[serde(default)]
    #[schema(required = false)]
    pub cookie: bool,
}

/// A token to be renewed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Renew {
    /// The session's latest refresh token; left out when it is in the cookie.
    #[schema(max_length = 200)]
    pub refresh_token: Option<Secret>,
}

/// The tokens of a session.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// For requests, fifteen minutes long.
    pub access: String,
    /// For the next pair of tokens.
    pub refresh: String,
    /// For later sign-ins on this device; only at a sign-in.
    pub device: Option<String>,
    /// Whether nothing else is allowed until the password is changed.
    pub must_change_password: bool,
    /// Whether the refresh token goes into the cookie.
    pub cookie: bool,
}

/// Begins a session.
///
/// # Errors
/// [`Error::WrongCredentials`], whatever is wrong; [`Error::TooMany`] after too many failures.
pub async fn sign_in(access: &Authorized<can::Enter>, request: impl Input<Value = SignIn>) -> Result<Tokens> {
    let request = request.read()?;
    let username = canonical_username(&request.username);
    let account = {
        let username = username.clone();
        access.read(Cost::Quick, (), move |tx, ()| Ok(db::accounts::by_username(tx.conn(), &username)?)).await?
    };
    let known_device = matches!((&account, &request.device_token), (Some(account), Some(token))
        if tokens::is_known_device(&access.tools().keys, (account.id, &account.password_hash), token));
    // Counted before the password is looked at: a hundred tries at once are a hundred tries.
    let subject = Subject::Name(username);
    counted(access, &subject, !known_device).await?;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let right = checked(access, &subject, request.password, hash).await?;
    let Some(account) = account.filter(|account| right && account.status == AccountStatus::Active) else {
        return Err(Error::WrongCredentials);
    };
    let cookie = request.cookie;
    access.write((), move |tx, ()| begin(tx, &account, cookie)).await
}

/// Counts a try, in a transaction of its own that stands whatever becomes of it.
async fn counted<P: Permission>(access: &Authorized<P>, subject: &Subject, hold: bool) -> Result<()> {
    let subject = subject.clone();
    access.write((), move |tx, ()| throttle::count(tx, &subject, hold)).await
}

/// Whether a password is right. A try that the server was too busy to look at is given back.
async fn checked<P: Permission>(
    access: &Authorized<P>,
    subject: &Subject,
    password: Secret,
    hash: Option<String>,
) -> Result<bool> {
    let answer = access.tools().passwords.verify(password, hash).await;
    if answer.is_err() {
        let subject = subject.clone();
        access.write((), move |tx, ()| throttle::give_back(tx, &subject)).await?;
    }
    answer
}

fn begin(tx: &mut Tx<'_, can::Enter>, checked: &Account, cookie: bool) -> Result<Tokens> {
    throttle::forget(tx, &Subject::Name(checked.username.clone()))?;
    // The password may have been changed or the account suspended while the hash was computed.
    let account = db::accounts::own_locked(tx.conn(), checked.id)?;
    if account.password_hash != checked.password_hash || account.status != AccountStatus::Active {
        return Err(Error::WrongCredentials);
    }
    let tools = tx.tools();
    let first = Refresh::first(&tools.edge);
    let device = tokens::device(&tools.keys, &tools.edge, (account.id, &account.password_hash));
    let session = Session {
        id: tx.new_id(),
        account_id: account.id,
        created_at: tx.now(),
        refreshed_at: tx.now(),
        expires_at: tx.now().plus_seconds(tools.rules.session_seconds),
        ended_at: None,
        device: tx.ctx().device.clone(),
        address: tx.ctx().address.clone(),
    };
    let now = tx.now();
    db::sessions::forget_tokens(tx.conn(), account.id, now)?;
    db::sessions::insert(tx.conn(), &session)?;
    db::sessions::issue(tx.conn(), session.id, None, &first.digest, now)?;
    db::accounts::signed_in(tx.conn(), account.id, now)?;
    audit::session(tx, "session.begin", (account.id, account.service_point_id), true)?;
    Ok(Tokens {
        access: tokens::access(&tx.tools().keys, account.id, session.id, now)?,
        refresh: first.token,
        device: Some(device),
        must_change_password: account.must_change_password,
        cookie,
    })
}

/// Renews the tokens of a session: by the token that is named, or else by the one that a browser keeps in its cookie.
///
/// # Errors
/// [`Error::SignInRequired`] when the token is none of ours or the session has ended; a token that was replaced some
/// time ago ends its session, because two hold it.
pub async fn refresh(
    access: &Authorized<can::Enter>,
    request: impl Input<Value = Renew>,
    kept: Option<Secret>,
) -> Result<Tokens> {
    // A token that never was is refused without troubling the writer.
    let request = access
        .read(Cost::Quick, request, move |tx, request| {
            let cookie = request.refresh_token.is_none();
            let token = request.refresh_token.clone().or(kept).ok_or(Error::SignInRequired)?;
            let known = db::sessions::token(tx.conn(), &Refresh::digest(&token))?.is_some();
            if known { Ok((token, cookie)) } else { Err(Error::SignInRequired) }
        })
        .await?;
    // Ending the session must be committed although the caller is refused.
    access
        .write(Ready(Ok(request)), |tx, (token, cookie)| match renew(tx, token, *cookie)? {
            Renewal::Given(tokens) => Ok(Some(tokens)),
            Renewal::Reused { account_id, session_id } => {
                let now = tx.now();
                db::sessions::end(tx.conn(), account_id, session_id, now)?;
                let account = db::accounts::own(tx.conn(), account_id)?;
                audit::session(tx, "session.token_reused", (account_id, account.service_point_id), false)?;
                Ok(None)
            }
        })
        .await?
        .ok_or(Error::SignInRequired)
}

enum Renewal {
    Given(Tokens),
    Reused { account_id: Id, session_id: Id },
}

fn renew(tx: &mut Tx<'_, can::Enter>, token: &Secret, cookie: bool) -> Result<Renewal> {
    let digest = Refresh::digest(token);
    db::sessions::lock_token(tx.conn(), &digest)?;
    let held = db::sessions::token(tx.conn(), &digest)?.ok_or(Error::SignInRequired)?;
    let state = db::sessions::state(tx.conn(), held.session_id)?.ok_or(Error::SignInRequired)?;
    if !stands(&state, tx.tools(), tx.now()) {
        return Err(Error::SignInRequired);
    }
    let next = Refresh::successor(&tx.tools().keys, token);
    match held.replaced_at {
        None => {
            let now = tx.now();
            db::sessions::issue(tx.conn(), held.session_id, Some(&digest), &next.digest, now)?;
        }
        Some(at) if is_recent(tx, at, &next.digest)? => {}
        Some(_) => return Ok(Renewal::Reused { account_id: state.account_id, session_id: held.session_id }),
    }
    Ok(Renewal::Given(Tokens {
        access: tokens::access(&tx.tools().keys, state.account_id, held.session_id, tx.now())?,
        refresh: next.token,
        device: None,
        must_change_password: state.must_change_password,
        cookie,
    }))
}

/// Whether a token was replaced a moment ago by a successor that is still the latest.
fn is_recent(tx: &mut Tx<'_, can::Enter>, replaced_at: Instant, successor: &Digest) -> Result<bool> {
    let latest = db::sessions::token(tx.conn(), successor)?.is_some_and(|token| token.replaced_at.is_none());
    Ok(latest && tx.now() <= replaced_at.plus_seconds(GRACE_SECONDS))
}

fn stands(state: &SessionState, tools: &Tools, now: Instant) -> bool {
    state.ended_at.is_none()
        && state.status == AccountStatus::Active
        && now < state.expires_at
        && now < state.refreshed_at.plus_seconds(tools.rules.idle_seconds)
}
