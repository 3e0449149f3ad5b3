//! Holding up whoever guesses at passwords.
//!
//! By user name: after five failures each further try waits twice as long as the one before, from a second to a
//! quarter of an hour; a device that has signed in before is exempt, so that nobody can lock somebody else out. By
//! address: sixty failures in a quarter of an hour, because the phones of a village share one. A name that does not
//! exist is counted like one that does.

use crate::{
    auth::{Permission, Tx, keys::Purpose},
    db::throttles::{self, Throttle},
    domain::digest::hex,
    error::{Error, Result},
};

const FREE_FAILURES: i64 = 5;
const LONGEST_DELAY: i64 = 15 * 60;
const ADDRESS_FAILURES: i64 = 60;
const ADDRESS_WINDOW: i64 = 15 * 60;
/// Counters nobody added to for a day are forgotten.
const MEMORY: i64 = 24 * 60 * 60;

/// Counts a try as failed until it turns out otherwise, unless there have been too many.
///
/// # Errors
/// [`Error::TooMany`].
pub(super) fn count<P: Permission>(tx: &mut Tx<'_, P>, username: Option<&str>, hold_name: bool) -> Result<()> {
    let now = tx.now();
    let window = now.plus_seconds(-ADDRESS_WINDOW);
    let address = tx.ctx().address.clone().map(|address| key(tx, "address", &address));
    if let Some(key) = &address
        && let Some(seen) = throttles::find_locked(tx.conn(), key)?
        && seen.failures >= ADDRESS_FAILURES
        && seen.since >= window
    {
        return Err(wait(seen.since.plus_seconds(ADDRESS_WINDOW).seconds_since(now)));
    }
    let name = username.map(|username| key(tx, "name", username));
    if let Some(key) = &name {
        let seen = throttles::find_locked(tx.conn(), key)?;
        if hold_name && let Some(seen) = seen {
            let passed = now.seconds_since(seen.last_at);
            if passed < delay(&seen) {
                return Err(wait(delay(&seen) - passed));
            }
        }
        throttles::count(tx.conn(), key, now.plus_seconds(-MEMORY), now)?;
    }
    if let Some(key) = &address {
        throttles::count(tx.conn(), key, window, now)?;
    }
    Ok(throttles::forget_old(tx.conn(), now.plus_seconds(-MEMORY))?)
}

/// The try was none: the name's failures are forgotten, and the address is given its try back.
///
/// # Errors
/// The database's own.
pub(super) fn forget<P: Permission>(tx: &mut Tx<'_, P>, username: &str) -> Result<()> {
    // The address first, as where they are counted: two requests must not wait for each other in a circle.
    if let Some(address) = tx.ctx().address.clone() {
        let address = key(tx, "address", &address);
        throttles::give_back(tx.conn(), &address)?;
    }
    let name = key(tx, "name", username);
    Ok(throttles::forget(tx.conn(), &name)?)
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
fn key<P: Permission>(tx: &Tx<'_, P>, what: &str, value: &str) -> String {
    hex(&tx.gate().keys.mac(Purpose::Throttle, &[what.as_bytes(), value.as_bytes()])[..16])
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
