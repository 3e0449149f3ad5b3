//! `/auth` and `/me`: signing in and out, sessions, the own password, and who I am.

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::{Method, header},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    accounts::{self, AccountAnswer},
    answer::{Done, List, Plain},
    endpoint::{Answer, Argument, Description, Endpoint, Heading, endpoint},
    extract::{Body, PathId},
    problem::Problem,
};
use crate::{
    app::sessions::{self as app, ChangePassword, Renew, SignIn},
    auth::{Authorized, can, tokens::ACCESS_SECONDS},
    db::Cost,
    domain::{Id, Instant, PointPath, Secret, codes::Role},
    error::Result,
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "auth", id, summary };
    vec![
        endpoint(Method::POST, "/api/v1/auth/sign-in", heading("sign_in", "Begin a session."), sign_in),
        endpoint(Method::POST, "/api/v1/auth/refresh", heading("refresh", "Renew the tokens of a session."), refresh),
        endpoint(Method::POST, "/api/v1/auth/sign-out", heading("sign_out", "End this session."), sign_out),
        endpoint(
            Method::POST,
            "/api/v1/auth/device-key",
            heading("device_key", "Get the key under which a device keeps what it has of this account."),
            device_key,
        ),
        endpoint(
            Method::POST,
            "/api/v1/auth/password",
            heading("change_password", "Change the own password; other sessions end."),
            change_password,
        ),
        endpoint(
            Method::GET,
            "/api/v1/auth/sessions",
            heading("list_sessions", "List the own sessions, the newest first."),
            sessions,
        ),
        endpoint(
            Method::POST,
            "/api/v1/auth/sessions/{id}/revoke",
            heading("revoke_session", "End one of the own sessions."),
            revoke,
        ),
        endpoint(Method::GET, "/api/v1/me", heading("me", "Show who I am and what I may do."), me),
    ]
}

/// The tokens of a session.
#[derive(Debug, Serialize, ToSchema)]
struct Tokens {
    /// For the header `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// How long the access token lives, in seconds.
    expires_in: i64,
    /// For the next pair of tokens; each is used once. Left out when it is in the cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    refresh_token: Option<String>,
    /// To be sent with later sign-ins on this device; only at a sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    device_token: Option<String>,
    /// Whether the password must be changed before anything else.
    must_change_password: bool,
}

/// [`Tokens`], whose request may fail as only this one does; and the cookie, if the refresh token goes into one.
#[derive(Debug)]
struct Entrance(Tokens, Option<String>);

impl actix_web::Responder for Entrance {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &actix_web::HttpRequest) -> actix_web::HttpResponse {
        let mut answer = actix_web::HttpResponse::Ok();
        if let Some(cookie) = self.1 {
            answer.insert_header((header::SET_COOKIE, cookie));
        }
        answer.insert_header((header::CACHE_CONTROL, "no-store")).json(self.0)
    }
}

/// The name of the cookie that keeps a refresh token.
const COOKIE: &str = "terrace_refresh";

/// The cookie with a token, for so many seconds. Scripts cannot read it, other sites cannot send it, and no other path is sent it:
/// whoever has it gets an access token in an answer that only this site can read.
fn cookie(token: &str, seconds: i64) -> String {
    format!("{COOKIE}={token}; Path=/api/v1/auth; Max-Age={seconds}; HttpOnly; Secure; SameSite=Strict")
}

/// The refresh token that a browser keeps.
struct Kept(Option<Secret>);

impl FromRequest for Kept {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let lines = request.headers().get_all(header::COOKIE).filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let token = pairs.find(|(name, _)| *name == COOKIE).map(|(_, token)| Secret::new(token));
        std::future::ready(Ok(Self(token)))
    }
}

impl Argument for Kept {
    fn describe(_: &mut Description) {}
}

impl Answer for Entrance {
    fn describe(description: &mut Description) {
        let schema = description.schema::<Tokens>();
        description.answer(200, "The session's tokens.", Some(("application/json", schema)));
        description.problems(&[401, 429]);
    }
}

impl Entrance {
    fn of(access: &Authorized<can::Enter>, tokens: app::Tokens) -> Self {
        let seconds = access.tools().rules.session_seconds;
        let (refresh_token, cookie) = match tokens.cookie {
            true => (None, Some(cookie(&tokens.refresh, seconds))),
            false => (Some(tokens.refresh), None),
        };
        let told = Tokens {
            access_token: tokens.access,
            token_type: "Bearer",
            expires_in: ACCESS_SECONDS,
            refresh_token,
            device_token: tokens.device,
            must_change_password: tokens.must_change_password,
        };
        Self(told, cookie)
    }
}

/// The key of a device.
#[derive(Debug, Serialize, ToSchema)]
struct DeviceKey {
    /// 32 bytes in base64url.
    key: String,
}

/// One of the own sessions.
#[derive(Debug, Serialize, ToSchema)]
struct Session {
    /// The session.
    id: Id,
    /// When it began.
    created_at: Instant,
    /// When its tokens were last renewed.
    refreshed_at: Instant,
    /// When it ends at the latest.
    expires_at: Instant,
    /// What the device calls itself.
    device: String,
    /// The address that it began from.
    address: Option<String>,
    /// Whether it is this one.
    current: bool,
}

/// Who I am and what I may do.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    /// My account.
    account: AccountAnswer,
    /// My grants in force.
    grants: Vec<HeldGrant>,
    /// What they let me do.
    permissions: Vec<PermissionAnswer>,
}

/// A grant in force.
#[derive(Debug, Serialize, ToSchema)]
struct HeldGrant {
    /// What it lets do.
    role: Role,
    /// Where: this point's subtree.
    service_point_id: Option<Id>,
}

/// A permission, and where I have it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Permission)]
struct PermissionAnswer {
    /// The permission's code.
    permission: &'static str,
    /// The tops of the parts of the tree where I have it.
    service_point_ids: Vec<Id>,
}

async fn sign_in(access: Authorized<can::Enter>, body: Body<SignIn>) -> Result<Entrance, Problem> {
    let tokens = app::sign_in(&access, body).await?;
    Ok(Entrance::of(&access, tokens))
}

async fn refresh(access: Authorized<can::Enter>, kept: Kept, body: Body<Renew>) -> Result<Entrance, Problem> {
    let tokens = app::refresh(&access, body, kept.0).await?;
    Ok(Entrance::of(&access, tokens))
}

async fn sign_out(access: Authorized<can::ActForSelf>, kept: Kept) -> Result<SignedOut, Problem> {
    access.write((), |tx, ()| app::sign_out(tx)).await?;
    Ok(SignedOut { had_cookie: kept.0.is_some() })
}

/// [`Done`], and the cookie is gone, if there was one.
#[derive(Debug)]
struct SignedOut {
    had_cookie: bool,
}

impl actix_web::Responder for SignedOut {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, request: &HttpRequest) -> actix_web::HttpResponse {
        let mut answer = Done.respond_to(request);
        if self.had_cookie
            && let Ok(gone) = header::HeaderValue::from_str(&cookie("", 0))
        {
            answer.headers_mut().insert(header::SET_COOKIE, gone);
        }
        answer
    }
}

impl Answer for SignedOut {
    fn describe(description: &mut Description) {
        Done::describe(description);
    }
}

async fn device_key(access: Authorized<can::ActForSelf>) -> Result<Plain<DeviceKey>, Problem> {
    let key = access.read(Cost::Quick, (), |tx, ()| app::device_key(tx)).await?;
    Ok(Plain(DeviceKey { key: URL_SAFE_NO_PAD.encode(key) }))
}

async fn change_password(
    access: Authorized<can::ActForSelf>,
    body: Body<ChangePassword>,
) -> Result<PasswordChanged, Problem> {
    app::change_password(&access, body).await?;
    Ok(PasswordChanged)
}

/// [`Done`], whose request may be one of too many.
#[derive(Debug)]
struct PasswordChanged;

impl actix_web::Responder for PasswordChanged {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, request: &actix_web::HttpRequest) -> actix_web::HttpResponse {
        Done.respond_to(request)
    }
}

impl Answer for PasswordChanged {
    fn describe(description: &mut Description) {
        Done::describe(description);
        description.problems(&[429]);
    }
}

async fn sessions(access: Authorized<can::ActForSelf>) -> Result<List<Session>, Problem> {
    let open = access.read(Cost::Quick, (), |tx, ()| app::list(tx)).await?;
    let items = open.into_iter().map(|(session, current)| Session {
        id: session.id,
        created_at: session.created_at,
        refreshed_at: session.refreshed_at,
        expires_at: session.expires_at,
        device: session.device,
        address: session.address,
        current,
    });
    Ok(List { items: items.collect(), next_cursor: None, count: None })
}

async fn revoke(access: Authorized<can::ActForSelf>, id: PathId) -> Result<Done, Problem> {
    access.write(id, |tx, id| app::revoke(tx, *id)).await?;
    Ok(Done)
}

async fn me(access: Authorized<can::ActForSelf>) -> Result<Plain<Me>, Problem> {
    let me = access.read(Cost::Quick, (), |tx, ()| {
        let me = app::me(tx)?;
        let top = |path: &PointPath| path.id();
        let account = accounts::answer(tx, me.account)?;
        let service_point_id = account.service_point_id.filter(|_| me.keeper_in_scope);
        Ok(Me {
            account: AccountAnswer { service_point_id, ..account },
            grants: me
                .held
                .iter()
                .map(|held| HeldGrant { role: held.role, service_point_id: top(&held.path) })
                .collect(),
            permissions: me
                .permissions
                .iter()
                .map(|(action, areas)| PermissionAnswer {
                    permission: action.code(),
                    service_point_ids: areas.iter().filter_map(|area| top(&area.path)).collect(),
                })
                .collect(),
        })
    });
    Ok(Plain(me.await?))
}
