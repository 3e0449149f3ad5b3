//! Access tokens, refresh tokens and device tokens.
//!
//! An access token (JWT, HS256) says who is asking and in which session, never what they may do, and lives for
//! fifteen minutes. A refresh token is random and kept only as its digest; its successor is made from it with a
//! key of the server, so that a renewal whose answer was lost can be asked again and gives the same token.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use super::keys::{Keys, Purpose};
use crate::{
    domain::{
        Id, Instant, Secret,
        digest::{Digest, sha256},
    },
    edge::Edge,
    error::{Error, Result},
};

/// How long an access token lives, in seconds.
pub const ACCESS_SECONDS: i64 = 15 * 60;

/// So far, in seconds, the clock of the server that made a token may be ahead.
const CLOCK_SECONDS: i64 = 60;

/// What an access token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The account.
    pub sub: Id,
    /// The session.
    pub sid: Id,
    /// When it was made, in Unix seconds.
    pub iat: i64,
    /// When it ends, in Unix seconds.
    pub exp: i64,
}

/// An access token for a session.
///
/// # Errors
/// When it cannot be signed.
pub fn access(keys: &Keys, account: Id, session: Id, now: Instant) -> Result<String> {
    let iat = now.unix_seconds();
    let claims = Claims { sub: account, sid: session, iat, exp: iat + ACCESS_SECONDS };
    let key = EncodingKey::from_secret(keys.key(Purpose::Token));
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).map_err(Error::internal)
}

/// What a token says, if this server signed it and it has not ended.
///
/// # Errors
/// [`Error::SignInRequired`] for every other token, whatever is wrong with it.
pub fn read_access(keys: &Keys, token: &str, now: Instant) -> Result<Claims> {
    // The algorithm is fixed here: what the token's own header names is not believed. Time is compared below,
    // with the time of the request.
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_secret(keys.key(Purpose::Token));
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation).map_err(|_| Error::SignInRequired)?.claims;
    let now = now.unix_seconds();
    // The clocks of two servers differ a little.
    if claims.iat <= now + CLOCK_SECONDS && now < claims.exp { Ok(claims) } else { Err(Error::SignInRequired) }
}

/// A refresh token and the digest under which it is kept.
#[derive(Debug)]
pub struct Refresh {
    /// What the client gets.
    pub token: String,
    /// What the database gets.
    pub digest: Digest,
}

impl Refresh {
    /// The first token of a session.
    pub fn first(edge: &Edge) -> Self {
        Self::from_bytes(&edge.random::<32>())
    }

    /// The token that follows this one, always the same.
    pub fn successor(keys: &Keys, token: &Secret) -> Self {
        Self::from_bytes(&keys.mac(Purpose::Refresh, &[token.expose().as_bytes()]))
    }

    /// The digest of a token that a client sent.
    pub fn digest(token: &Secret) -> Digest {
        sha256(token.expose().as_bytes())
    }

    fn from_bytes(bytes: &[u8; 32]) -> Self {
        let token = URL_SAFE_NO_PAD.encode(bytes);
        Self { digest: sha256(token.as_bytes()), token }
    }
}

/// A token that lets this account sign in from a known device while its name is being guessed at elsewhere. It is good
/// until the password changes.
pub fn device(keys: &Keys, edge: &Edge, (account, password_hash): (Id, &str)) -> String {
    let nonce = edge.random::<16>();
    let mac = keys.mac(Purpose::Device, &[account.as_bytes(), password_hash.as_bytes(), &nonce]);
    URL_SAFE_NO_PAD.encode([&nonce[..], &mac].concat())
}

/// Whether a device token was given to this account.
pub fn is_known_device(keys: &Keys, (account, password_hash): (Id, &str), token: &Secret) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(token.expose()) else { return false };
    let Some((nonce, mac)) = bytes.split_at_checked(16) else { return false };
    keys.mac(Purpose::Device, &[account.as_bytes(), password_hash.as_bytes(), nonce]).ct_eq(mac).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::digest::hex;

    fn keys(edge: &Edge) -> Keys {
        Keys::from_secret(&hex(&edge.random::<32>())).unwrap()
    }

    #[test]
    fn a_token_is_good_for_fifteen_minutes_and_for_its_own_key_only() {
        let now = Instant::from_unix_micros(1_700_000_000_000_000);
        let edge = Edge::reproducible(now, 3);
        let (own, other) = (keys(&edge), keys(&edge));
        let (account, session) = (edge.new_id(), edge.new_id());
        let token = access(&own, account, session, now).unwrap();
        assert_eq!(read_access(&own, &token, now).unwrap().sub, account);
        assert!(read_access(&own, &token, now.plus_seconds(ACCESS_SECONDS - 1)).is_ok());
        assert_eq!(read_access(&own, &token, now.plus_seconds(ACCESS_SECONDS)), Err(Error::SignInRequired));
        assert_eq!(read_access(&own, &token, now.plus_seconds(-CLOCK_SECONDS - 1)), Err(Error::SignInRequired));
        assert_eq!(read_access(&other, &token, now), Err(Error::SignInRequired));
    }

    #[test]
    fn unsigned_and_differently_signed_tokens_are_refused() {
        let now = Instant::from_unix_micros(1_700_000_000_000_000);
        let edge = Edge::reproducible(now, 3);
        let own = keys(&edge);
        let good = access(&own, edge.new_id(), edge.new_id(), now).unwrap();
        let [header, payload, signature] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
        let hs512 = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS512","typ":"JWT"}"#);
        for forged in [
            format!("{none}.{payload}."),
            format!("{none}.{payload}.{signature}"),
            format!("{hs512}.{payload}.{signature}"),
            format!("{header}.{payload}."),
            format!("{header}.{payload}x.{signature}"),
            String::new(),
            "a.b.c".to_owned(),
        ] {
            assert_eq!(read_access(&own, &forged, now), Err(Error::SignInRequired), "{forged}");
        }
    }

    #[test]
    fn a_successor_is_always_the_same_and_needs_the_key() {
        let edge = Edge::reproducible(Instant::from_unix_micros(0), 5);
        let (own, other) = (keys(&edge), keys(&edge));
        let first = Secret::new(Refresh::first(&edge).token);
        assert_eq!(Refresh::successor(&own, &first).token, Refresh::successor(&own, &first).token);
        assert_ne!(Refresh::successor(&own, &first).token, Refresh::successor(&other, &first).token);
    }
}
