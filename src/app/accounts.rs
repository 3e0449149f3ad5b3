//! Accounts: opening, editing and suspending them, and new first passwords.
//!
//! Nobody manages the own account, and nobody manages an account that holds a grant which they could not give:
//! otherwise a new password for an auditor would be a way to become one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{
    Paged, Want, audit, expect_version,
    grants::{self, GiveRole},
    idempotence::{Made, replay, request_digest},
    input::{Faults, is_phone, nullable, present},
    sealed::Column,
};
use crate::{
    auth::{Authorized, Input, Permission, Ready, Tx, can},
    db::{self, Cost, accounts::Account, service_points},
    domain::{Id, Secret, Text, codes::AccountStatus, password, policy::Action},
    error::{Conflict, Error, Result},
};

const PHONE: Column = Column { table: "accounts", column: "phone" };

/// An account to be opened, with its first grant. The point of the grant keeps the account.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenAccount {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The name to sign in with: 3 to 32 letters, digits, `.`, `_`, `-`, beginning with a letter. Case is ignored.
    #[validate(custom(function = "username"))]
    #[schema(pattern = r"^\s*[A-Za-z][A-Za-z0-9._-]{2,31}\s*$")]
    pub username: Text,
    /// The person's name.
    #[validate(length(min = 1, max = 50), non_control_character)]
    #[schema(min_length = 1, max_length = 50)]
    pub display_name: Text,
    /// The person's telephone number.
    #[validate(custom(function = "is_phone"))]
    #[schema(min_length = 7, max_length = 20)]
    pub phone: Option<Text>,
    /// The first grant.
    pub grant: GiveRole,
}

/// Changes to an account: what is left out stays, `null` empties.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditAccount {
    /// The person's name.
    #[serde(default, deserialize_with = "present")]
    #[validate(length(min = 1, max = 50), non_control_character)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 50)]
    pub display_name: Option<Text>,
    /// The person's telephone number.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "is_phone"))]
    #[schema(value_type = Option<String>, required = false, min_length = 7, max_length = 20)]
    pub phone: Option<Option<Text>>,
}

/// An account that was opened, and the password to hand over. It is shown this once.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What became of the request.
    pub made: Made<Account>,
    /// The one-time password; none when the account existed already.
    pub first_password: Option<String>,
}

fn username(name: &Text) -> Result<(), ValidationError> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let good = (3..=32).contains(&name.len())
        && name.bytes().all(allowed)
        && name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    if good { Ok(()) } else { Err(ValidationError::new("username")) }
}

/// The form in which user names are kept and compared.
pub fn canonical_username(name: &str) -> String {
    name.trim().to_ascii_lowercase()
}

/// Opens an account with a one-time password.
///
/// # Errors
/// The name is taken, the point is unknown, or the caller may not give that role there.
pub async fn open<T: Send + 'static>(
    access: &Authorized<can::ManageAccounts>,
    request: impl Input<Value = OpenAccount>,
    answer: impl Fn(&Tx<'_, can::ManageAccounts>, Opened) -> Result<T> + Send + 'static,
) -> Result<T> {
    // Hashing is dear, so it is asked first whether it will be needed.
    let (request, known) = access
        .read(Cost::Quick, Ready(request.read()), |tx, request| {
            tx.reach()?;
            let known = request.id.map(|id| db::accounts::find(tx.conn(), id)).transpose()?.flatten().is_some();
            if !known {
                check_open(tx, request)?;
            }
            Ok((request.clone(), known))
        })
        .await?;
    let first = if known { None } else { Some(new_password(access).await?) };
    access
        .write(Ready(Ok(request)), move |tx, request| {
            let opened = open_with(tx, request, first.as_ref())?;
            answer(tx, opened)
        })
        .await
}

/// Opens accounts that nobody can use before they are given a first password: what they have instead is drawn once for all of
/// them, since hashing is dear, and told to nobody.
///
/// # Errors
/// As for [`open`]; none of them was opened then.
pub async fn open_unused(access: &Authorized<can::ManageAccounts>, requests: Vec<OpenAccount>) -> Result<Vec<Account>> {
    let nobodys = new_password(access).await?;
    access
        .write(Ready(Ok(requests)), move |tx, requests| {
            tx.reach()?;
            let open = |request: &OpenAccount| match open_with(tx, request, Some(&nobodys))?.made {
                Made::New(account) => Ok(account),
                Made::Again(_) | Made::Elsewhere { .. } => Err(Conflict::IdTaken.into()),
            };
            requests.iter().map(open).collect()
        })
        .await
}

/// A one-time password with its hash.
struct FirstPassword {
    clear: String,
    hash: String,
}

async fn new_password<P: Permission>(access: &Authorized<P>) -> Result<FirstPassword> {
    let edge = &access.tools().edge;
    let clear = password::random_password(&mut |bytes: &mut [u8]| edge.fill(bytes));
    let hash = access.tools().passwords.hash(Secret::new(clear.as_str()), edge.random()).await?;
    Ok(FirstPassword { clear, hash })
}

fn check_open(tx: &mut Tx<'_, can::ManageAccounts>, request: &OpenAccount) -> Result<()> {
    grants::check_given(tx, &request.grant).map_err(|error| match error {
        Error::NotFoundAt(pointer) => Error::NotFoundAt(format!("/grant{pointer}")),
        other => other,
    })?;
    let mut faults = Faults::of(request);
    faults.id(request.id);
    grants::check_days(&mut faults, &request.grant, tx.today(), "/grant");
    faults.finish()?;
    match db::accounts::by_username(tx.conn(), &canonical_username(&request.username))? {
        Some(_) => Err(Conflict::UsernameTaken.into()),
        None => Ok(()),
    }
}

fn open_with(
    tx: &mut Tx<'_, can::ManageAccounts>,
    request: &OpenAccount,
    first: Option<&FirstPassword>,
) -> Result<Opened> {
    let digest = request_digest(tx, request)?;
    if let Some(made) = replay(tx, request.id, &digest, db::accounts::find)? {
        return Ok(Opened { made, first_password: None });
    }
    // Someone else made the account between the question and now; the caller asks again.
    let first = first.ok_or(Error::Conflict(Conflict::Simultaneous))?;
    service_points::share(tx.conn(), request.grant.service_point_id)?;
    check_open(tx, request)?;
    let id = request.id.unwrap_or_else(|| tx.new_id());
    let account = Account {
        id,
        service_point_id: request.grant.service_point_id,
        username: canonical_username(&request.username),
        display_name: request.display_name.to_string(),
        phone: PHONE.seal(tx, id, request.phone.as_deref())?,
        password_hash: first.hash.clone(),
        must_change_password: true,
        status: AccountStatus::Active,
        last_sign_in_at: None,
        version: 1,
        created_by: tx.actor().account_id(),
        request_digest: Some(digest.to_vec()),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    db::accounts::insert(tx.conn(), &account)?;
    audit::created(tx, "account.open", &account)?;
    grants::put(tx, None, id, &request.grant, None)?;
    Ok(Opened { made: Made::New(account), first_password: Some(first.clear.clone()) })
}

/// Changes an account's own fields.
///
/// # Errors
/// There is none within reach, the caller may not manage it, or the version is another.
pub fn edit(tx: &mut Tx<'_, can::ManageAccounts>, id: Id, version: i64, request: &EditAccount) -> Result<Account> {
    db::accounts::lock(tx.conn(), id)?;
    let before = manageable(tx, id, version)?;
    Faults::of(request).finish()?;
    let mut after = before.clone();
    if let Some(name) = &request.display_name {
        after.display_name = name.to_string();
    }
    if let Some(phone) = &request.phone {
        after.phone = PHONE.seal(tx, id, phone.as_deref())?;
    }
    save(tx, "account.edit", &before, after)
}

/// Lets an account be used again.
///
/// # Errors
/// There is none within reach, the caller may not manage it, the version is another, or it may be used already.
pub fn activate(tx: &mut Tx<'_, can::ManageAccounts>, id: Id, version: i64) -> Result<Account> {
    set_status(tx, id, version, AccountStatus::Active, "account.activate")
}

/// Stops an account from being used; its sessions end at once.
///
/// # Errors
/// There is none within reach, the caller may not manage it, the version is another, or it may not be used already.
pub fn suspend(tx: &mut Tx<'_, can::ManageAccounts>, id: Id, version: i64) -> Result<Account> {
    let account = set_status(tx, id, version, AccountStatus::Suspended, "account.suspend")?;
    let now = tx.now();
    db::sessions::end_all(tx.conn(), id, None, now)?;
    Ok(account)
}

/// Gives an account a new one-time password; its sessions end at once.
///
/// # Errors
/// There is none within reach, the caller may not manage it, or the version is another.
pub async fn reset_password<T: Send + 'static>(
    access: &Authorized<can::ManageAccounts>,
    target: impl Input<Value = (Id, i64)>,
    answer: impl Fn(&Tx<'_, can::ManageAccounts>, (Account, String)) -> Result<T> + Send + 'static,
) -> Result<T> {
    let target = access
        .read(Cost::Quick, target, |tx, (id, version)| manageable(tx, *id, *version).map(|_| (*id, *version)))
        .await?;
    let first = new_password(access).await?;
    access
        .write(Ready(Ok(target)), move |tx, (id, version)| {
            db::accounts::lock(tx.conn(), *id)?;
            let before = manageable(tx, *id, *version)?;
            let after = Account { password_hash: first.hash.clone(), must_change_password: true, ..before.clone() };
            let after = next_version(tx, &before, after);
            db::accounts::update_password(tx.conn(), &after)?;
            audit::changed(tx, "account.reset_password", &before, &after, None)?;
            let now = tx.now();
            db::sessions::end_all(tx.conn(), *id, None, now)?;
            answer(tx, (after, first.clear.clone()))
        })
        .await
}

/// One account.
///
/// # Errors
/// There is none within reach.
pub fn get(tx: &mut Tx<'_, can::ManageAccounts>, id: Id) -> Result<Account> {
    tx.find(id, db::accounts::find)
}

/// The accounts kept by points within reach.
///
/// # Errors
/// The database's own.
pub fn list(tx: &mut Tx<'_, can::ManageAccounts>, username: Option<&str>, want: &Want<Id>) -> Result<Paged<Account>> {
    let reach = tx.reach()?;
    let username = username.map(canonical_username);
    let rows = db::accounts::page(tx.conn(), &reach, username.as_deref(), want.after, want.fetch())?;
    Ok(want.page(rows, None))
}

/// A telephone number with its middle hidden, for lists.
///
/// # Errors
/// It was changed behind the program's back, or the key is another.
pub fn masked_phone<P: Permission>(tx: &Tx<'_, P>, account: &Account) -> Result<Option<String>> {
    PHONE.masked_phone(tx, account.id, account.phone.as_ref())
}

/// The account, if the caller may manage it.
///
/// # Errors
/// There is none within reach; it is the caller's own; it holds a grant that the caller could not give; the version
/// is another.
fn manageable(tx: &mut Tx<'_, can::ManageAccounts>, id: Id, version: i64) -> Result<Account> {
    let account = get(tx, id)?;
    if tx.actor().account_id() == Some(id) {
        return Err(Error::OwnAccount);
    }
    let today = tx.today();
    let held = db::grants::not_ended(tx.conn(), id, today)?;
    if !held.iter().all(|(role, path)| tx.actor().may_grant(*role, path)) {
        return Err(Error::RoleNotGrantable);
    }
    expect_version(account.version, version)?;
    Ok(account)
}

fn set_status(
    tx: &mut Tx<'_, can::ManageAccounts>,
    id: Id,
    version: i64,
    status: AccountStatus,
    action: &'static str,
) -> Result<Account> {
    db::accounts::lock(tx.conn(), id)?;
    let before = manageable(tx, id, version)?;
    if before.status == status {
        return Err(Conflict::AlreadySo.into());
    }
    save(tx, action, &before, Account { status, ..before.clone() })
}

fn save(
    tx: &mut Tx<'_, can::ManageAccounts>,
    action: &'static str,
    before: &Account,
    after: Account,
) -> Result<Account> {
    let after = next_version(tx, before, after);
    db::accounts::update(tx.conn(), &after)?;
    audit::changed(tx, action, before, &after, None)?;
    Ok(after)
}

fn next_version<P: Permission>(tx: &Tx<'_, P>, before: &Account, after: Account) -> Account {
    Account { version: before.version + 1, updated_at: tx.now(), ..after }
}

/// The point that keeps an account, for checks that concern both.
///
/// # Errors
/// It is not within reach.
pub(super) fn point_for(tx: &mut Tx<'_, can::ManageAccounts>, id: Id) -> Result<service_points::ServicePoint> {
    tx.find_for(Action::ManageAccounts, id, service_points::find)
}
