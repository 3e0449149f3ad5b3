//! Sessions and their refresh tokens.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};

use super::{
    Conn, QueryResult,
    schema::{accounts, refresh_tokens, sessions},
};
use crate::domain::{Id, Instant, codes::AccountStatus, digest::Digest};

/// One sign-in on one device.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
pub struct Session {
    /// The session.
    pub id: Id,
    /// Whose.
    pub account_id: Id,
    /// When it began.
    pub created_at: Instant,
    /// When its token was last renewed: it idles from here.
    pub refreshed_at: Instant,
    /// When it ends at the latest.
    pub expires_at: Instant,
    /// When it was ended.
    pub ended_at: Option<Instant>,
    /// What the device calls itself.
    pub device: String,
    /// The address that it began from.
    pub address: Option<String>,
}

/// A session with what decides about its use.
#[derive(Clone, Debug, Queryable)]
pub struct SessionState {
    /// Whose.
    pub account_id: Id,
    /// When its token was last renewed.
    pub refreshed_at: Instant,
    /// When it ends at the latest.
    pub expires_at: Instant,
    /// When it was ended.
    pub ended_at: Option<Instant>,
    /// Whether the account may be used.
    pub status: AccountStatus,
    /// Whether nothing else is allowed until the password is changed.
    pub must_change_password: bool,
}

/// A refresh token as it is kept: never the token itself.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = refresh_tokens, treat_none_as_default_value = false)]
pub struct RefreshToken {
    /// The SHA-256 of the token.
    pub digest: Vec<u8>,
    /// The session that it renews.
    pub session_id: Id,
    /// When it was given.
    pub issued_at: Instant,
    /// When its successor took its place.
    pub replaced_at: Option<Instant>,
}

/// The state of a session, read on every request.
///
/// # Errors
/// The database's own.
pub fn state(conn: &mut Conn, id: Id) -> QueryResult<Option<SessionState>> {
    let query = sessions::table.inner_join(accounts::table).filter(sessions::id.eq(id)).select((
        sessions::account_id,
        sessions::refreshed_at,
        sessions::expires_at,
        sessions::ended_at,
        accounts::status,
        accounts::must_change_password,
    ));
    both!(conn, c => query.get_result(c).optional())
}

/// Puts a new session in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, session: &Session) -> QueryResult<()> {
    diesel::insert_into(sessions::table).values(session).execute(conn)?;
    Ok(())
}

/// The account's sessions that have not ended, the newest first.
///
/// # Errors
/// The database's own.
pub fn open(conn: &mut Conn, account_id: Id, now: Instant) -> QueryResult<Vec<Session>> {
    sessions::table
        .filter(sessions::account_id.eq(account_id))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .order(sessions::id.desc())
        .load(conn)
}

/// Ends one session, if it is this account's and has not ended; returns whether it was.
///
/// # Errors
/// The database's own.
pub fn end(conn: &mut Conn, account_id: Id, id: Id, at: Instant) -> QueryResult<bool> {
    let ended = diesel::update(
        sessions::table
            .filter(sessions::id.eq(id))
            .filter(sessions::account_id.eq(account_id))
            .filter(sessions::ended_at.is_null()),
    )
    .set(sessions::ended_at.eq(at))
    .execute(conn)?;
    Ok(ended > 0)
}

/// Ends every session of an account but `except`.
///
/// # Errors
/// The database's own.
pub fn end_all(conn: &mut Conn, account_id: Id, except: Option<Id>, at: Instant) -> QueryResult<()> {
    let open = sessions::table.filter(sessions::account_id.eq(account_id)).filter(sessions::ended_at.is_null());
    match except {
        Some(kept) => {
            diesel::update(open.filter(sessions::id.ne(kept))).set(sessions::ended_at.eq(at)).execute(conn)?
        }
        None => diesel::update(open).set(sessions::ended_at.eq(at)).execute(conn)?,
    };
    Ok(())
}

/// Forgets the tokens of an account's sessions that have ended; such a token is refused with or without its row.
///
/// # Errors
/// The database's own.
pub fn forget_tokens(conn: &mut Conn, account_id: Id, now: Instant) -> QueryResult<()> {
    use diesel::BoolExpressionMethods as _;
    let ended = sessions::table
        .filter(sessions::account_id.eq(account_id))
        .filter(sessions::ended_at.is_not_null().or(sessions::expires_at.le(now)))
        .select(sessions::id);
    diesel::delete(refresh_tokens::table.filter(refresh_tokens::session_id.eq_any(ended))).execute(conn)?;
    Ok(())
}

/// Locks a token on PostgreSQL, so that two renewals of one token take turns.
///
/// # Errors
/// The database's own.
pub fn lock_token(conn: &mut Conn, digest: &Digest) -> QueryResult<()> {
    if let Conn::Pg(pg) = conn {
        let token = refresh_tokens::table.find(digest.to_vec()).select(refresh_tokens::session_id);
        token.for_update().get_result::<Id>(pg).optional()?;
    }
    Ok(())
}

/// The token with this digest.
///
/// # Errors
/// The database's own.
pub fn token(conn: &mut Conn, digest: &Digest) -> QueryResult<Option<RefreshToken>> {
    refresh_tokens::table.find(digest.to_vec()).get_result(conn).optional()
}

/// Gives a session its next token: the one before, if any, is replaced now.
///
/// # Errors
/// The database's own.
pub fn issue(conn: &mut Conn, session_id: Id, before: Option<&Digest>, next: &Digest, at: Instant) -> QueryResult<()> {
    if let Some(before) = before {
        diesel::update(refresh_tokens::table.find(before.to_vec()))
            .set(refresh_tokens::replaced_at.eq(at))
            .execute(conn)?;
        diesel::update(sessions::table.find(session_id)).set(sessions::refreshed_at.eq(at)).execute(conn)?;
    }
    let token = RefreshToken { digest: next.to_vec(), session_id, issued_at: at, replaced_at: None };
    diesel::insert_into(refresh_tokens::table).values(&token).execute(conn)?;
    Ok(())
}
