//! Accounts and the passwords that they had.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{Insertable, Queryable},
};
use serde::Serialize;

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{accounts, past_passwords, service_points},
    scope::within,
};
use crate::domain::{
    Id, Instant, PointPath,
    access::{Placed, Reach},
    audit::{Audited, fingerprint},
    codes::AccountStatus,
};

/// Someone who may sign in.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Serialize)]
#[diesel(table_name = accounts, treat_none_as_default_value = false)]
pub struct Account {
    /// The account.
    pub id: Id,
    /// The service point that keeps it: who may manage accounts there may manage this one.
    pub service_point_id: Id,
    /// The name to sign in with, in lower case.
    pub username: String,
    /// The person's name.
    pub display_name: String,
    /// The person's telephone number, sealed.
    #[serde(serialize_with = "fingerprint")]
    pub phone: Option<Vec<u8>>,
    /// The password's argon2id hash. Not part of the audited content.
    #[serde(skip)]
    pub password_hash: String,
    /// Whether nothing else is allowed until the password is changed.
    pub must_change_password: bool,
    /// Whether it may be used.
    pub status: AccountStatus,
    /// The last sign-in. Not part of the audited content.
    #[serde(skip)]
    pub last_sign_in_at: Option<Instant>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// The account that opened it; none for the operator of the machine.
    pub created_by: Option<Id>,
    /// The digest of the request that opened it.
    #[serde(skip)]
    pub request_digest: Option<Vec<u8>>,
    /// When it was opened.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Audited for Account {
    const TYPE: &'static str = "account";
    const PERSONAL: &'static [&'static str] = &["display_name", "phone"];

    fn id(&self) -> Id {
        self.id
    }

    fn service_point_id(&self) -> Id {
        self.service_point_id
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// The account with this id, placed at the point that keeps it.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Account>>> {
    let row: Option<(Account, PointPath)> = accounts::table
        .inner_join(service_points::table)
        .filter(accounts::id.eq(id))
        .select((accounts::all_columns, service_points::path))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(account, path)| Placed::new(account, path)))
}

/// Locks an account, before a change of it reads it.
///
/// # Errors
/// The database's own.
pub fn lock(conn: &mut Conn, id: Id) -> QueryResult<()> {
    lock_row!(accounts, conn, id)
}

/// The account itself, locked, for its own session only.
///
/// # Errors
/// The database's own.
pub fn own_locked(conn: &mut Conn, id: Id) -> QueryResult<Account> {
    lock_row!(accounts, conn, id)?;
    own(conn, id)
}

/// The account itself, for its own session only.
///
/// # Errors
/// The database's own.
pub fn own(conn: &mut Conn, id: Id) -> QueryResult<Account> {
    accounts::table.find(id).get_result(conn)
}

/// The account with this user name, for signing in only.
///
/// # Errors
/// The database's own.
pub fn by_username(conn: &mut Conn, username: &str) -> QueryResult<Option<Account>> {
    accounts::table.filter(accounts::username.eq(username)).get_result(conn).optional()
}

/// Whether there is any account at all.
///
/// # Errors
/// The database's own.
pub fn any(conn: &mut Conn) -> QueryResult<bool> {
    let found: Option<Id> = accounts::table.select(accounts::id).first(conn).optional()?;
    Ok(found.is_some())
}

/// One page of the accounts kept at reached points, by id; `after` is the last id shown.
///
/// # Errors
/// The database's own.
pub fn page(
    conn: &mut Conn,
    reach: &Reach,
    username: Option<&str>,
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<Account>> {
    let mut query = accounts::table
        .inner_join(service_points::table)
        .select(accounts::all_columns)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .order(accounts::id)
        .limit(limit);
    if let Some(username) = username {
        query = query.filter(accounts::username.eq(username.to_owned()));
    }
    if let Some(after) = after {
        query = query.filter(accounts::id.gt(after));
    }
    query.load(conn)
}

/// Puts a new account in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, account: &Account) -> QueryResult<()> {
    diesel::insert_into(accounts::table).values(account).execute(conn)?;
    remember_password(conn, account)
}

/// Writes an account's fields.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, account: &Account) -> QueryResult<()> {
    diesel::update(accounts::table.find(account.id))
        .set((
            accounts::display_name.eq(&account.display_name),
            accounts::phone.eq(&account.phone),
            accounts::must_change_password.eq(account.must_change_password),
            accounts::status.eq(account.status),
            accounts::version.eq(account.version),
            accounts::updated_at.eq(account.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes an account's password and the fields that change with it.
///
/// # Errors
/// The database's own.
pub fn update_password(conn: &mut Conn, account: &Account) -> QueryResult<()> {
    update(conn, account)?;
    diesel::update(accounts::table.find(account.id))
        .set(accounts::password_hash.eq(&account.password_hash))
        .execute(conn)?;
    remember_password(conn, account)
}

/// Notes a successful sign-in.
///
/// # Errors
/// The database's own.
pub fn signed_in(conn: &mut Conn, id: Id, at: Instant) -> QueryResult<()> {
    diesel::update(accounts::table.find(id)).set(accounts::last_sign_in_at.eq(at)).execute(conn)?;
    Ok(())
}

/// The hashes of the last so many passwords, the present one included.
///
/// # Errors
/// The database's own.
pub fn last_passwords(conn: &mut Conn, id: Id, count: i64) -> QueryResult<Vec<String>> {
    past_passwords::table
        .filter(past_passwords::account_id.eq(id))
        .order(past_passwords::set_at.desc())
        .limit(count)
        .select(past_passwords::password_hash)
        .load(conn)
}

fn remember_password(conn: &mut Conn, account: &Account) -> QueryResult<()> {
    diesel::insert_into(past_passwords::table)
        .values((
            past_passwords::account_id.eq(account.id),
            past_passwords::set_at.eq(account.updated_at),
            past_passwords::password_hash.eq(&account.password_hash),
        ))
        .execute(conn)?;
    Ok(())
}
