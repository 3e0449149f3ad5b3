//! Signing in, staying signed in, and no longer being signed in.

mod ending;
mod first_steps;
mod passwords;
mod renewal;
mod secrets;
mod throttling;
mod tokens;

use actix_web::{http::Method, test::TestRequest};
use diesel::{
    RunQueryDsl as _, sql_query,
    sql_types::{Binary, Text},
};
use serde_json::{Value, json};
use terrace::{
    db::Conn,
    domain::{Id, Secret, codes::Role},
};

use crate::support::{Actor, Reply, TestApp};

/// A password that breaks no rule.
pub const PASSWORD: &str = "Xj7-cloud-Barn";

/// The address that requests come from when a test does not say.
pub const HERE: &str = "192.0.2.1";

const SIGN_IN: &str = "/api/v1/auth/sign-in";

/// Someone who knows a user name and its password.
#[derive(Clone, Debug)]
pub struct Person {
    /// The account.
    pub id: Id,
    /// What the person types.
    pub username: String,
    /// What the person types, too.
    pub password: String,
}

/// What a sign-in or a renewal gives.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// For requests.
    pub access: String,
    /// For the next tokens.
    pub refresh: String,
    /// For later sign-ins on this device.
    pub device: Option<String>,
}

impl Tokens {
    #[track_caller]
    fn of(reply: &Reply) -> Self {
        assert_eq!(reply.status, 200, "{}", reply.text());
        let body = reply.json();
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        Self {
            access: text("access_token").unwrap(),
            refresh: text("refresh_token").unwrap(),
            device: text("device_token"),
        }
    }

    /// Whoever holds the access token.
    pub fn actor(&self) -> Actor {
        Actor::with_token(&self.access)
    }
}

/// Someone with this role at this point and a password that need not be changed. The account is made in the database:
/// only its password is worth its time here.
pub async fn person(app: &TestApp, username: &str, role: Role, point: Id) -> Person {
    let id = app.actor(&[(role, point)]).account.unwrap();
    let hash = app.house.gate.tools().passwords.hash(Secret::new(PASSWORD), app.edge.random()).await.unwrap();
    match &mut app.conn() {
        Conn::Sqlite(conn) => {
            let query = sql_query("UPDATE accounts SET username = $1, password_hash = $2 WHERE id = $3");
            query.bind::<Text, _>(username).bind::<Text, _>(hash).bind::<Binary, _>(&id.as_bytes()[..]).execute(conn)
        }
        Conn::Pg(conn) => {
            let query = sql_query("UPDATE accounts SET username = $1, password_hash = $2 WHERE id = $3::uuid");
            query.bind::<Text, _>(username).bind::<Text, _>(hash).bind::<Text, _>(id.to_string()).execute(conn)
        }
    }
    .unwrap();
    // The session that the actor came with is none of this person's, and a password is set at a moment of its own.
    terrace::db::sessions::end_all(&mut app.conn(), id, None, app.edge.now()).unwrap();
    app.edge.advance(1);
    Person { id, username: username.to_owned(), password: PASSWORD.to_owned() }
}

/// Tries to sign in.
pub async fn try_sign_in(app: &TestApp, username: &str, password: &str) -> Reply {
    app.post(&Actor::nobody(), SIGN_IN, &json!({ "username": username, "password": password })).await
}

/// Tries to sign in from an address.
pub async fn try_from(app: &TestApp, address: &str, body: &Value) -> Reply {
    let peer = format!("{address}:4711").parse().unwrap();
    app.send(TestRequest::with_uri(SIGN_IN).method(Method::POST).peer_addr(peer).set_json(body)).await
}

/// Signs in.
pub async fn sign_in(app: &TestApp, person: &Person) -> Tokens {
    Tokens::of(&try_sign_in(app, &person.username, &person.password).await)
}

/// Tries to renew the tokens of a session.
pub async fn renew(app: &TestApp, refresh: &str) -> Reply {
    app.post(&Actor::nobody(), "/api/v1/auth/refresh", &json!({ "refresh_token": refresh })).await
}

/// The status of asking who I am, which every session may.
pub async fn me(app: &TestApp, tokens: &Tokens) -> u16 {
    app.get(&tokens.actor(), "/api/v1/me").await.status
}

/// Changes the own password.
pub async fn change(app: &TestApp, actor: &Actor, current: &str, new: &str) -> Reply {
    app.post(actor, "/api/v1/auth/password", &json!({ "current_password": current, "new_password": new })).await
}
