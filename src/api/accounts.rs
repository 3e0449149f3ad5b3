//! `/accounts`.

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::{Changed, Created, Identified, Item, List, Versioned},
    endpoint::{Endpoint, Heading, endpoint},
    extract::{Body, IfMatch, Pages, PathId},
    page::{self, Filters},
    problem::Problem,
};
use crate::{
    app::accounts::{self as app, EditAccount, OpenAccount, Opened},
    auth::{Authorized, Permission, Tx, can},
    db::{Cost, accounts::Account},
    domain::{Id, Instant, Text, codes::AccountStatus},
    error::Result,
};

const PATH: &str = "/api/v1/accounts";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "accounts", id, summary };
    vec![
        endpoint(Method::GET, PATH, heading("list_accounts", "List accounts."), list),
        endpoint(
            Method::POST,
            PATH,
            heading("open_account", "Open an account with its first grant; its one-time password is shown this once."),
            open,
        ),
        endpoint(Method::GET, "/api/v1/accounts/{id}", heading("get_account", "Show an account."), get),
        endpoint(Method::PATCH, "/api/v1/accounts/{id}", heading("edit_account", "Edit an account."), edit),
        endpoint(
            Method::POST,
            "/api/v1/accounts/{id}/activate",
            heading("activate_account", "Let an account be used again."),
            activate,
        ),
        endpoint(
            Method::POST,
            "/api/v1/accounts/{id}/suspend",
            heading("suspend_account", "Stop an account from being used, at once."),
            suspend,
        ),
        endpoint(
            Method::POST,
            "/api/v1/accounts/{id}/reset-password",
            heading("reset_password", "Give an account a new one-time password; it is shown this once."),
            reset_password,
        ),
    ]
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Account)]
pub struct AccountAnswer {
    /// The account.
    pub id: Id,
    /// The service point that keeps it; null where it lies outside the caller's scope.
    pub service_point_id: Option<Id>,
    /// The name to sign in with.
    pub username: String,
    /// The person's name.
    pub display_name: String,
    /// The person's telephone number, its middle hidden.
    pub phone_masked: Option<String>,
    /// Whether it may be used.
    pub status: AccountStatus,
    /// Whether the password must be changed before anything else.
    pub must_change_password: bool,
    /// The last sign-in.
    pub last_sign_in_at: Option<Instant>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was opened.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Versioned for AccountAnswer {
    fn version(&self) -> i64 {
        self.version
    }
}

/// An account with the password to hand over.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenedAccount {
    /// The account.
    account: AccountAnswer,
    /// The one-time password; null when the request was a repetition, because it is shown only once.
    first_password: Option<String>,
}

impl Versioned for OpenedAccount {
    fn version(&self) -> i64 {
        self.account.version
    }
}

impl Identified for OpenedAccount {
    fn id(&self) -> Id {
        self.account.id
    }
}

pub(super) fn answer<P: Permission>(tx: &Tx<'_, P>, account: Account) -> Result<AccountAnswer> {
    Ok(AccountAnswer {
        phone_masked: app::masked_phone(tx, &account)?,
        id: account.id,
        service_point_id: Some(account.service_point_id),
        username: account.username,
        display_name: account.display_name,
        status: account.status,
        must_change_password: account.must_change_password,
        last_sign_in_at: account.last_sign_in_at,
        version: account.version,
        created_at: account.created_at,
        updated_at: account.updated_at,
    })
}

/// What a list of accounts is narrowed to.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct AccountsFilters {
    /// The account with this user name only.
    username: Option<Text>,
}

impl Filters for AccountsFilters {
    const NAME: &'static str = "accounts";
}

async fn list(
    access: Authorized<can::ManageAccounts>,
    pages: Pages<AccountsFilters>,
) -> Result<List<AccountAnswer>, Problem> {
    let page = access.read(Cost::Quick, pages, |tx, listing| {
        let want = page::want(tx, listing)?;
        let found = app::list(tx, listing.filters.username.as_deref(), &want)?;
        page::list(tx, listing, found, |account| account.id, |account| answer(tx, account))
    });
    Ok(page.await?)
}

async fn open(
    access: Authorized<can::ManageAccounts>,
    body: Body<OpenAccount>,
) -> Result<Created<OpenedAccount>, Problem> {
    let made = app::open(&access, body, |tx, Opened { made, first_password }| {
        made.map(|account| Ok(OpenedAccount { account: answer(tx, account)?, first_password }))
    });
    Ok(Created(made.await?, PATH))
}

async fn get(access: Authorized<can::ManageAccounts>, id: PathId) -> Result<Item<AccountAnswer>, Problem> {
    let account = access.read(Cost::Quick, id, |tx, id| {
        let account = app::get(tx, *id)?;
        answer(tx, account)
    });
    Ok(Item(account.await?))
}

async fn edit(
    access: Authorized<can::ManageAccounts>,
    id: PathId,
    version: IfMatch,
    body: Body<EditAccount>,
) -> Result<Changed<AccountAnswer>, Problem> {
    let account = access.write((id, version, body), |tx, (id, version, request)| {
        let account = app::edit(tx, *id, *version, request)?;
        answer(tx, account)
    });
    Ok(Changed(account.await?))
}

async fn activate(
    access: Authorized<can::ManageAccounts>,
    id: PathId,
    version: IfMatch,
) -> Result<Changed<AccountAnswer>, Problem> {
    let account = access.write((id, version), |tx, (id, version)| {
        let account = app::activate(tx, *id, *version)?;
        answer(tx, account)
    });
    Ok(Changed(account.await?))
}

async fn suspend(
    access: Authorized<can::ManageAccounts>,
    id: PathId,
    version: IfMatch,
) -> Result<Changed<AccountAnswer>, Problem> {
    let account = access.write((id, version), |tx, (id, version)| {
        let account = app::suspend(tx, *id, *version)?;
        answer(tx, account)
    });
    Ok(Changed(account.await?))
}

async fn reset_password(
    access: Authorized<can::ManageAccounts>,
    id: PathId,
    version: IfMatch,
) -> Result<Changed<OpenedAccount>, Problem> {
    let reset = app::reset_password(&access, (id, version), |tx, (account, first_password)| {
        Ok(OpenedAccount { account: answer(tx, account)?, first_password: Some(first_password) })
    });
    Ok(Changed(reset.await?))
}
