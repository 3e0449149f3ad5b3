//! People who may do things, signed in. They are made in the database: hashing a password for each would take longer
//! than some of the measurements.

use terrace::{
    auth::tokens,
    db::{Conn, accounts, grants, sessions},
    domain::{
        Id,
        codes::{AccountStatus, Role},
    },
    server::House,
};

use super::Result;

/// Opens an account with one grant.
pub fn open_account(house: &House, conn: &mut Conn, role: Role, point: Id) -> Result<Id> {
    let edge = &house.gate.tools().edge;
    let (now, id) = (edge.now(), edge.new_id());
    let account = accounts::Account {
        id,
        service_point_id: point,
        username: format!("u{}", id.simple()),
        display_name: "模拟人员".to_owned(),
        phone: None,
        password_hash: "none".to_owned(),
        must_change_password: false,
        status: AccountStatus::Active,
        last_sign_in_at: None,
        version: 1,
        created_by: None,
        request_digest: None,
        created_at: now,
        updated_at: now,
    };
    accounts::insert(conn, &account)?;
    let grant = grants::Grant {
        id: edge.new_id(),
        account_id: id,
        role,
        service_point_id: point,
        valid_from: now.day(),
        valid_to: None,
        revoked_at: None,
        version: 1,
        created_by: None,
        request_digest: None,
        created_at: now,
        updated_at: now,
    };
    grants::insert(conn, &grant)?;
    Ok(id)
}

/// Begins a session and returns its token, which is good for fifteen minutes: longer than anything is measured.
pub fn sign_in(house: &House, conn: &mut Conn, account: Id) -> Result<String> {
    let tools = house.gate.tools();
    let (now, id) = (tools.edge.now(), tools.edge.new_id());
    let session = sessions::Session {
        id,
        account_id: account,
        created_at: now,
        refreshed_at: now,
        expires_at: now.plus_seconds(12 * 3600),
        ended_at: None,
        device: "benchmark".to_owned(),
        address: None,
    };
    sessions::insert(conn, &session)?;
    Ok(tokens::access(&tools.keys, account, id, now)?)
}
