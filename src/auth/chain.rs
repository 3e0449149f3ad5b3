//! Sealing audit events: giving each its place in the chain, see [`crate::domain::audit_chain`].
//!
//! An event is written with its change and waits in `audit_unsealed` until it is sealed: on SQLite at the end of the commit that
//! wrote it, on PostgreSQL by a thread soon after. So writers do not wait for each other's place, and whoever commits late is
//! not skipped. What waits and what is sealed both carry a code made with the installation's key: whoever can write the database
//! but has no key can neither slip an event in nor link the chain anew without its showing.

use super::keys::{Keys, Purpose};
use crate::{
    db::{
        Conn, QueryResult,
        audit_events::AuditEvent,
        audit_seals::{self, Seal, Unsealed},
    },
    domain::{
        Id, Instant,
        audit_chain::{HEAD_FORMAT, Head, ORIGIN, link},
        digest::{Digest, hex},
    },
    error::{Error, Result},
};

/// At most so many events are sealed at a time.
const AT_ONCE: i64 = 5_000;

/// What an event waits with.
///
/// # Errors
/// Never: every field can be written as JSON.
pub fn waiting(keys: &Keys, event: &AuditEvent) -> Result<Unsealed> {
    let digest = event.digest().map_err(Error::internal)?;
    let mac = mac_of_waiting(keys, event.id, &digest);
    Ok(Unsealed { event_id: event.id, digest: digest.to_vec(), mac: mac.to_vec() })
}

/// Seals what waits, in the transaction that is open; tells how many events that were. What the program did not put there stays.
///
/// # Errors
/// The database's own.
pub fn seal(keys: &Keys, conn: &mut Conn) -> QueryResult<usize> {
    audit_seals::lock(conn)?;
    let mut sealed = 0;
    loop {
        let waiting = audit_seals::waiting(conn, AT_ONCE)?;
        let full = waiting.len() as i64 == AT_ONCE;
        let some = seal_some(keys, conn, waiting)?;
        sealed += some;
        if !full || some == 0 {
            return Ok(sealed);
        }
    }
}

fn seal_some(keys: &Keys, conn: &mut Conn, waiting: Vec<Unsealed>) -> QueryResult<usize> {
    if waiting.is_empty() {
        return Ok(0);
    }
    let last = audit_seals::last(conn)?;
    let mut seq = last.as_ref().map_or(0, |seal| seal.seq);
    let mut before = last.and_then(|seal| seal.digest.try_into().ok()).unwrap_or(ORIGIN);
    let mut seals = Vec::with_capacity(waiting.len());
    for Unsealed { event_id, digest, .. } in waiting.into_iter().filter(|waiting| is_genuine(keys, waiting)) {
        let Ok(digest) = Digest::try_from(digest) else { continue };
        seq += 1;
        before = link(&before, &digest);
        let mac = mac_of_seal(keys, seq, event_id, &before);
        seals.push(Seal { seq, event_id, digest: before.to_vec(), mac: mac.to_vec() });
    }
    audit_seals::insert(conn, &seals)?;
    Ok(seals.len())
}

/// Whether the program put it there.
pub fn is_genuine(keys: &Keys, waiting: &Unsealed) -> bool {
    let digest = Digest::try_from(waiting.digest.as_slice());
    digest.is_ok_and(|digest| mac_of_waiting(keys, waiting.event_id, &digest)[..] == waiting.mac[..])
}

/// The end of the chain, signed.
///
/// # Errors
/// The database's own.
pub fn head(keys: &Keys, conn: &mut Conn, now: Instant) -> QueryResult<Head> {
    let (seq, digest) = audit_seals::last(conn)?.map_or((0, ORIGIN.to_vec()), |seal| (seal.seq, seal.digest));
    let mut head = Head {
        format: HEAD_FORMAT.to_owned(),
        at: now.to_string(),
        seq,
        digest: hex(&digest),
        public_key: keys.public_key(),
        signature: String::new(),
    };
    head.signature = keys.sign(&head.signed());
    Ok(head)
}

/// The code that a seal must carry.
pub fn mac_of_seal(keys: &Keys, seq: i64, event_id: Id, digest: &Digest) -> [u8; 16] {
    short(keys.mac(Purpose::Audit, &[b"seal", &seq.to_be_bytes(), event_id.as_bytes(), digest]))
}

fn mac_of_waiting(keys: &Keys, event_id: Id, digest: &Digest) -> [u8; 16] {
    short(keys.mac(Purpose::Audit, &[b"event", event_id.as_bytes(), digest]))
}

/// 128 bits are enough to be guessed by nobody (NIST SP 800-107, section 5.3.3), and there is one for each event.
fn short(mac: Digest) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&mac[..16]);
    short
}
