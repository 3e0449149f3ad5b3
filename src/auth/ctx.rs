//! The circumstances of one request.

use super::tokens::Claims;
use crate::domain::Instant;

/// When, from where and with which token a request came.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The moment at which the request counts.
    pub now: Instant,
    /// The request's id, taken from the caller or made.
    pub request_id: String,
    /// The caller's address.
    pub address: Option<String>,
    /// What the caller's program calls itself.
    pub device: String,
    /// What the caller's token says, its signature checked; whether its session still stands is asked in each
    /// transaction.
    pub claims: Option<Claims>,
}

impl Ctx {
    /// The circumstances of a command on the server's own machine.
    pub fn command(now: Instant, name: &str) -> Self {
        Self { now, request_id: format!("command:{name}"), address: None, device: name.to_owned(), claims: None }
    }
}
