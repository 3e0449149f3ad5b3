//! Sealing audit events: giving each its place in the chain, see [`crate::domain::audit_chain`].
//!
//! SQLite has one writer, which gives an event its place when it is written. On PostgreSQL many write at once, and an event waits
//! in `audit_unsealed` until a thread seals it soon after the commit: so writers do not wait for each other's place, and whoever
//! commits late is not skipped. What waits and what is sealed both carry a code made with the installation's key: whoever can
//! write the database but has no key can neither slip an event in nor link the chain anew without its showing.

use super::keys::{Keys, Purpose};
use crate::{
    db::{
        Conn, QueryResult,
        audit_events::{self, AuditEvent},
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

/// Writes the events of a transaction in its end, with their places in the chain or with what they wait for one with.
///
/// # Errors
/// The database's own.
pub fn write(keys: &Keys, conn: &mut Conn, events: &[AuditEvent]) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let digest = |event: &AuditEvent| event.digest().map(|digest| (event.id, digest)).map_err(Error::internal);
    let digests = events.iter().map(digest).collect::<Result<Vec<_>>>()?;
    audit_events::insert(conn, events)?;
    if audit_seals::in_turn(conn) {
        return Ok(append(keys, conn, &digests)?);
    }
    let waiting = |(event_id, digest): &(Id, Digest)| {
        let mac = mac_of_waiting(keys, *event_id, digest);
        Unsealed { event_id: *event_id, digest: digest.to_vec(), mac: mac.to_vec() }
    };
    Ok(audit_seals::wait(conn, &digests.iter().map(waiting).collect::<Vec<_>>())?)
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
    let genuine = waiting.into_iter().filter(|waiting| is_genuine(keys, waiting));
    let digests: Vec<(Id, Digest)> =
        genuine.filter_map(|waiting| Some((waiting.event_id, waiting.digest.try_into().ok()?))).collect();
    append(keys, conn, &digests)?;
    audit_seals::wait_no_more(conn, &digests.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
    Ok(digests.len())
}

/// Gives events the next places.
fn append(keys: &Keys, conn: &mut Conn, digests: &[(Id, Digest)]) -> QueryResult<()> {
    let last = audit_seals::last(conn)?;
    let mut seq = last.as_ref().map_or(0, |seal| seal.seq);
    let mut before = last.and_then(|seal| seal.digest.try_into().ok()).unwrap_or(ORIGIN);
    let mut seals = Vec::with_capacity(digests.len());
    for (event_id, digest) in digests {
        seq += 1;
        before = link(&before, digest);
        let mac = mac_of_seal(keys, seq, *event_id, &before);
        seals.push(Seal { seq, event_id: *event_id, digest: before.to_vec(), mac: mac.to_vec() });
    }
    audit_seals::insert(conn, &seals)
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
