//! A small network, and people in it.

use std::collections::HashMap;

use terrace::{
    app::points_import,
    db::{accounts, grants, service_points, sessions},
    domain::{
        Id,
        codes::{AccountStatus, Role},
    },
};

use super::{Actor, TestApp};

/// Sixteen points by short names: `b`; `c1`, `c2`; `c1t1` …; `c1t1v1` …
pub struct Network {
    ids: HashMap<String, Id>,
}

impl Network {
    /// The point with this short name.
    pub fn id(&self, name: &str) -> Id {
        *self.ids.get(name).unwrap_or_else(|| panic!("no point {name}"))
    }

    /// Every short name, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.ids.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    pub(super) async fn import(app: &TestApp) -> Self {
        // (short name, code, parent's code, tier); the codes are of the never-issued region 999999.
        let mut rows = vec![("b".to_owned(), "999900000000".to_owned(), String::new(), "bureau")];
        for c in 1..=2 {
            rows.push((format!("c{c}"), format!("99990{c}000000"), "999900000000".to_owned(), "county"));
            for t in 1..=2 {
                let township = format!("99990{c}00{t}000");
                rows.push((format!("c{c}t{t}"), township.clone(), format!("99990{c}000000"), "township"));
                for v in 1..=2 {
                    rows.push((format!("c{c}t{t}v{v}"), format!("99990{c}00{t}20{v}"), township.clone(), "village"));
                }
            }
        }
        let mut csv = "code,name,parent_code,tier\n".to_owned();
        for (name, code, parent, tier) in &rows {
            csv.push_str(&format!("{code},模拟{name},{parent},{tier}\n"));
        }
        points_import::import(&app.house.gate, csv.as_bytes(), false).await.unwrap();
        let mut conn = app.conn();
        let find = |code: &str| service_points::by_region_code(&mut conn, code).unwrap().unwrap().id;
        let mut find = find;
        Self { ids: rows.iter().map(|(name, code, ..)| (name.clone(), find(code))).collect() }
    }
}

pub(super) fn insert_actor(app: &TestApp, given: &[(Role, Id)]) -> Actor {
    let (now, id, session) = (app.edge.now(), app.edge.new_id(), app.edge.new_id());
    let mut conn = app.conn();
    let account = accounts::Account {
        id,
        service_point_id: given.first().expect("an account is kept by a point").1,
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
    accounts::insert(&mut conn, &account).unwrap();
    for (role, point) in given {
        let grant = grants::Grant {
            id: app.edge.new_id(),
            account_id: id,
            role: *role,
            service_point_id: *point,
            valid_from: now.day(),
            valid_to: None,
            revoked_at: None,
            version: 1,
            created_by: None,
            request_digest: None,
            created_at: now,
            updated_at: now,
        };
        grants::insert(&mut conn, &grant).unwrap();
    }
    let row = sessions::Session {
        id: session,
        account_id: id,
        created_at: now,
        refreshed_at: now,
        expires_at: now.plus_seconds(12 * 3600),
        ended_at: None,
        device: "test".to_owned(),
        address: None,
    };
    sessions::insert(&mut conn, &row).unwrap();
    Actor { account: Some(id), token: Some(app.token(id, session)) }
}
