//! Holding up whoever guesses at passwords.
//!
//! By user name: after five failures each further try waits twice as long as the one before, from a second to a
//! quarter of an hour; a device that has signed in before is exempt, so that nobody can lock somebody else out. By
//! address: sixty failures in a quarter of an hour, because the phones of a village share one. A name that does not
//! exist is counted like one that does.

use std::net::IpAddr;

use crate::{
    auth::{Permission, Tx, keys::Purpose},
    db::throttles::{self, Throttle},
    domain::{Id, digest::hex},
    error::{Error, Result},
};

const FREE_FAILURES: i64 = 5;
const LONGEST_DELAY: i64 = 15 * 60;
const ADDRESS_FAILURES: i64 = 60;
const ADDRESS_WINDOW: i64 = 15 * 60;
/// Counting begins anew a day after the first failure, and counters nobody added to for a day are forgotten.
const MEMORY: i64 = 24 * 60 * 60;

/// Whose tries are counted together.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    /// A user name.
    Name(String),
    /// A session that asks to change its password.
    Session(Id),
}

/// Counts a try as failed until it turns out otherwise, unless there have been too many: then nothing is counted, because
/// the refusal takes the transaction back. `hold` says whether the subject's own failures count against it.
///
/// # Errors
/// [`Error::TooMany`].
pub(super) fn count<P: Permission>(tx: &mut Tx<'_, P>, subject: &Subject, hold: bool) -> Result<()> {
    let now = tx.now();
    if let Some(address) = address_key(tx) {
        let before = throttles::count(tx.conn(), &address, now.plus_seconds(-ADDRESS_WINDOW), now)?;
        if before.failures >= ADDRESS_FAILURES {
            return Err(wait(before.since.plus_seconds(ADDRESS_WINDOW).seconds_since(now)));
        }
        throttles::touch(tx.conn(), &address, now)?;
    }
    let subject = subject_key(tx, subject);
    let before = throttles::count(tx.conn(), &subject, now.plus_seconds(-MEMORY), now)?;
    let passed = now.seconds_since(before.last_at);
    if hold && passed < delay(&before) {
        return Err(wait(delay(&before) - passed));
    }
    throttles::touch(tx.conn(), &subject, now)?;
    Ok(throttles::forget_old(tx.conn(), now.plus_seconds(-MEMORY))?)
}

/// The password was right: the subject's failures are forgotten, and the address is given its try back.
///
/// # Errors
/// The database's own.
pub(super) fn forget<P: Permission>(tx: &mut Tx<'_, P>, subject: &Subject) -> Result<()> {
    // The address first, as where they are counted: two requests must not wait for each other in a circle.
    if let Some(address) = address_key(tx) {
        throttles::give_back(tx.conn(), &address)?;
    }
    let subject = subject_key(tx, subject);
    Ok(throttles::forget(tx.conn(), &subject)?)
}

/// The try was none, because the server could not look at it.
///
/// # Errors
/// The database's own.
pub(super) fn give_back<P: Permission>(tx: &mut Tx<'_, P>, subject: &Subject) -> Result<()> {
    if let Some(address) = address_key(tx) {
        throttles::give_back(tx.conn(), &address)?;
    }
    let subject = subject_key(tx, subject);
    Ok(throttles::give_back(tx.conn(), &subject)?)
}

fn subject_key<P: Permission>(tx: &Tx<'_, P>, subject: &Subject) -> String {
    match subject {
        Subject::Name(name) => key(tx, "name", name.as_bytes()),
        Subject::Session(id) => key(tx, "session", id.as_bytes()),
    }
}

/// One household's line has a whole /64 of IPv6 addresses.
fn address_key<P: Permission>(tx: &Tx<'_, P>) -> Option<String> {
    let address = tx.ctx().address.as_deref()?.parse().ok()?;
    Some(match address {
        IpAddr::V4(address) => key(tx, "address", &address.octets()),
        IpAddr::V6(address) => key(tx, "address", &address.octets()[..8]),
    })
}

/// Seconds that a name is held up after its last failure.
fn delay(seen: &Throttle) -> i64 {
    match seen.failures - FREE_FAILURES {
        under if under < 0 => 0,
        over => {
            1_i64.checked_shl(u32::try_from(over).unwrap_or(u32::MAX)).unwrap_or(LONGEST_DELAY).clamp(1, LONGEST_DELAY)
        }
    }
}

fn wait(seconds: i64) -> Error {
    Error::TooMany { retry_after: u64::try_from(seconds).unwrap_or_default().max(1) }
}

/// Names and addresses are counted under a keyed digest: the table tells nobody who tried.
fn key<P: Permission>(tx: &Tx<'_, P>, what: &str, value: &[u8]) -> String {
    hex(&tx.tools().keys.mac(Purpose::Throttle, &[what.as_bytes(), value])[..16])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Instant;

    #[test]
    fn delays_double_from_a_second_to_a_quarter_of_an_hour() {
        let at = Instant::from_unix_micros(0);
        let delays: Vec<i64> = [0, 4, 5, 6, 7, 14, 15, 80]
            .map(|failures| delay(&Throttle { key: String::new(), failures, since: at, last_at: at }))
            .into();
        assert_eq!(delays, [0, 0, 1, 2, 4, 512, 900, 900]);
    }
}
