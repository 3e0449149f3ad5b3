//! The first steps of an installation, from the command line of its machine.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    accounts::{self, OpenAccount},
    audit,
    grants::GiveRole,
    idempotence::Made,
    input::Faults,
};
use crate::{
    auth::{Gate, Ready, Tx, can},
    db::{
        Cost, accounts as accounts_db, installation,
        service_points::{self, ServicePoint},
    },
    domain::{
        Id, PointPath, Text,
        codes::{PointStatus, Role, Tier},
    },
    error::{Error, Result},
};

/// The name that the root has until an import or an administrator gives it its own.
const UNNAMED_BUREAU: &str = "市局";

/// The administrator that was made, and the password to sign in with once.
#[derive(Clone, Debug)]
pub struct FirstSteps {
    /// The user name, as it is kept.
    pub username: String,
    /// The one-time password.
    pub first_password: String,
}

/// Makes an administrator of the whole network. Without a root yet, one is made, without a region code: the import
/// of the tree gives it the code and the name of its first line.
///
/// # Errors
/// The name is taken or is none.
pub async fn create_admin(gate: &Arc<Gate>, username: &str, display_name: &str) -> Result<FirstSteps> {
    let mut request = OpenAccount {
        id: None,
        username: Text::new(username),
        display_name: Text::new(display_name),
        phone: None,
        grant: GiveRole {
            role: Role::Admin,
            service_point_id: gate.tools().edge.new_id(),
            valid_from: None,
            valid_to: None,
        },
    };
    // Before a root is made for it.
    Faults::of(&request).finish()?;
    request.grant.service_point_id =
        gate.operator::<can::ManagePoints>("admin create").write((), |tx, ()| root(tx)).await?;
    let access = gate.operator::<can::ManageAccounts>("admin create");
    accounts::open(&access, Ready(Ok(request)), |_, opened| match (opened.made, opened.first_password) {
        (Made::New(account), Some(first_password)) => Ok(FirstSteps { username: account.username, first_password }),
        _ => Err(Error::internal("the account was not made")),
    })
    .await
}

/// The root; a nameless one is made when there is none.
///
/// # Errors
/// The database's own.
pub(super) fn root(tx: &mut Tx<'_, can::ManagePoints>) -> Result<Id> {
    match service_points::root(tx.conn())? {
        Some(root) => Ok(root.id),
        None => make_root(tx, None, UNNAMED_BUREAU).map(|root| root.id),
    }
}

/// Makes the root.
///
/// # Errors
/// There is one.
pub(super) fn make_root(
    tx: &mut Tx<'_, can::ManagePoints>,
    region_code: Option<String>,
    name: &str,
) -> Result<ServicePoint> {
    let id = tx.new_id();
    let root = ServicePoint {
        id,
        parent_id: None,
        path: PointPath::root(id),
        tier: Tier::Bureau,
        region_code,
        name: name.to_owned(),
        status: PointStatus::Active,
        opened_on: tx.today(),
        closed_on: None,
        address: None,
        longitude_e6: None,
        latitude_e6: None,
        contact_name: None,
        contact_phone: None,
        version: 1,
        created_by: None,
        request_digest: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    service_points::insert(tx.conn(), &root)?;
    audit::created(tx, "service_point.open", &root)?;
    Ok(root)
}

/// Whether there is nothing at all yet: no account and no service point.
///
/// # Errors
/// The database's own.
pub async fn is_untouched(gate: &Arc<Gate>) -> Result<bool> {
    let access = gate.operator::<can::ManageAccounts>("demo");
    let look = |tx: &mut Tx<'_, can::ManageAccounts>, (): &()| {
        Ok(!accounts_db::any(tx.conn())? && service_points::root(tx.conn())?.is_none())
    };
    access.read(Cost::Quick, (), look).await
}

/// Notes that everything in this database is simulated, and from which seed. Nothing takes that back.
///
/// # Errors
/// The database's own.
pub async fn mark_simulated(gate: &Arc<Gate>, seed: u64) -> Result<()> {
    let access = gate.operator::<can::Maintain>("demo");
    let mark = move |tx: &mut Tx<'_, can::Maintain>, (): &()| {
        installation::claim(tx.conn(), installation::SIMULATED, &seed.to_string())?;
        Ok(())
    };
    access.write((), mark).await
}

/// How somebody signs in to a simulation.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct SignIn {
    /// At which tier.
    pub tier: Tier,
    /// As what.
    pub role: Role,
    /// At which point.
    pub point: String,
    /// The user name.
    pub username: String,
    /// The password, which needs not be changed.
    pub password: String,
}

/// Keeps how to sign in to a simulation, for its first page. These passwords open nothing real.
///
/// # Errors
/// The database's own.
pub async fn announce(gate: &Arc<Gate>, sign_ins: &[SignIn]) -> Result<()> {
    let told = serde_json::to_string(sign_ins).map_err(Error::internal)?;
    let access = gate.operator::<can::Maintain>("demo");
    let keep = move |tx: &mut Tx<'_, can::Maintain>, (): &()| {
        installation::claim(tx.conn(), installation::SIGN_INS, &told)?;
        Ok(())
    };
    access.write((), keep).await
}

/// How to sign in, when everything here is simulated; nothing for anything else.
///
/// # Errors
/// The database's own.
pub fn announced(tx: &mut Tx<'_, can::Enter>) -> Result<Option<Vec<SignIn>>> {
    if installation::get(tx.conn(), installation::SIMULATED)?.is_none() {
        return Ok(None);
    }
    let told = installation::get(tx.conn(), installation::SIGN_INS)?;
    told.map_or(Ok(Some(Vec::new())), |told| serde_json::from_str(&told).map(Some).map_err(Error::internal))
}

/// Whether nobody could sign in yet.
///
/// # Errors
/// The database's own.
pub async fn is_empty(gate: &Arc<Gate>) -> Result<bool> {
    let access = gate.operator::<can::ManageAccounts>("serve");
    access.read(Cost::Quick, (), |tx, ()| Ok(!accounts_db::any(tx.conn())?)).await
}
