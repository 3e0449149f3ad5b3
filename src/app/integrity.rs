//! Whether what lies in the database is what the program put there: the audit events against their chain, and every row
//! against its last event.

use std::collections::HashMap;

use crate::{
    auth::{Keys, chain, keys::is_signed},
    db::{
        Conn, audit_events,
        audit_seals::{self, Seal},
        contents::{self, KINDS},
    },
    domain::{
        Id, Instant,
        audit_chain::{HEAD_FORMAT, Head, ORIGIN, link},
        digest::{Digest, hex},
    },
    error::Result,
};

/// So many rows are looked at together.
const BATCH: i64 = 500;
/// An event that waits longer than so many seconds was not put there by the program, or nothing seals.
const LONGEST_WAIT: i64 = 10;
/// More findings of one kind than these are counted, not told.
const TOLD: usize = 200;

/// What was looked at, and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// How many things were looked at.
    pub looked_at: u64,
    /// What is wrong, a line each.
    pub lines: Vec<String>,
    /// What else is wrong: no more than so many lines are told.
    pub more: u64,
}

impl Findings {
    pub(super) fn note(&mut self, line: String) {
        if self.lines.len() < TOLD { self.lines.push(line) } else { self.more += 1 }
    }

    /// How much is wrong.
    pub fn count(&self) -> u64 {
        self.lines.len() as u64 + self.more
    }
}

/// Goes through the whole chain, in one snapshot: which events were changed, removed, added or moved, which wait too long, and
/// whether the chain still holds a head that was kept.
///
/// # Errors
/// The database's own.
pub fn chain(conn: &mut Conn, keys: &Keys, now: Instant, kept: Option<&Head>) -> Result<Findings> {
    let mut found = Findings::default();
    let kept = kept.filter(|head| is_own(head, keys, &mut found));
    let (mut seq, mut before) = (0, ORIGIN);
    loop {
        let batch = audit_seals::after(conn, seq, BATCH)?;
        if batch.is_empty() {
            break;
        }
        for (seal, event) in batch {
            found.looked_at += 1;
            if seal.seq != seq + 1 {
                found.note(format!("the places {} to {} of the chain were removed", seq + 1, seal.seq - 1));
            }
            let event = event.map(|event| event.digest()).transpose().map_err(crate::error::Error::internal)?;
            before = place(&mut found, keys, &before, &seal, event);
            seq = seal.seq;
            if kept.is_some_and(|head| head.seq == seq && head.digest != hex(&before)) {
                found.note(format!("the chain at place {seq} is not the one of the head that was kept"));
            }
        }
    }
    if let Some(head) = kept.filter(|head| head.seq > seq) {
        found.note(format!("the head that was kept has {} events, the chain has {seq}: its end was cut off", head.seq));
    }
    unsealed(conn, keys, now, &mut found)?;
    Ok(found)
}

fn is_own(head: &Head, keys: &Keys, found: &mut Findings) -> bool {
    let own = head.format == HEAD_FORMAT
        && head.public_key == keys.public_key()
        && is_signed(&head.public_key, &head.signed(), &head.signature);
    if !own {
        found.note("the head that was kept was not signed by this installation, or was changed".to_owned());
    }
    own
}

/// Judges one place by the digest that is kept at the one before, and returns the one for the next.
fn place(found: &mut Findings, keys: &Keys, before: &Digest, seal: &Seal, event: Option<Digest>) -> Digest {
    let kept = Digest::try_from(seal.digest.as_slice()).ok();
    let kept = kept.filter(|digest| chain::mac_of_seal(keys, seal.seq, seal.event_id, digest)[..] == seal.mac[..]);
    let right = event.map(|event| link(before, &event));
    let (seq, id) = (seal.seq, seal.event_id);
    match (kept, right) {
        (Some(kept), Some(right)) if kept == right => {}
        (Some(_), Some(_)) => found.note(format!("the event {id} at place {seq} was changed or moved")),
        (Some(_), None) => found.note(format!("the event {id} at place {seq} was removed")),
        (None, _) => {
            found.note(format!("the place {seq} of the chain, with the event {id}, was changed or added by hand"))
        }
    }
    kept.or(right).unwrap_or(*before)
}

/// Events without a place: they wait for one, or were slipped in.
fn unsealed(conn: &mut Conn, keys: &Keys, now: Instant, found: &mut Findings) -> Result<()> {
    let waiting: HashMap<Id, _> =
        audit_seals::waiting(conn, i64::MAX)?.into_iter().map(|waiting| (waiting.event_id, waiting)).collect();
    for event in audit_events::without_seal(conn)? {
        let digest = event.digest().map_err(crate::error::Error::internal)?;
        let genuine =
            waiting.get(&event.id).is_some_and(|waiting| chain::is_genuine(keys, waiting) && waiting.digest == digest);
        let seconds = now.seconds_since(event.at);
        if !genuine {
            found.note(format!("the event {} has no place in the chain: it was added or changed by hand", event.id));
        } else if seconds > LONGEST_WAIT {
            found.note(format!("the event {} has waited for its place in the chain for {seconds} s", event.id));
        }
    }
    for id in audit_seals::waiting_for_nothing(conn)? {
        found.note(format!("the event {id} was removed before it had a place in the chain"));
    }
    Ok(())
}

/// Compares every audited row with its last event, in one snapshot.
///
/// # Errors
/// The database's own.
pub fn rows(conn: &mut Conn) -> Result<Findings> {
    let mut found = Findings::default();
    for kind in &KINDS {
        let mut after = None;
        loop {
            let batch = (kind.batch)(conn, after, BATCH)?;
            let Some((last, _)) = batch.last() else { break };
            after = Some(*last);
            let ids: Vec<Id> = batch.iter().map(|(id, _)| *id).collect();
            // The latest comes last and stays.
            let audited: HashMap<Id, (Option<i64>, Option<Vec<u8>>)> = contents::audited(conn, kind.name, &ids)?
                .into_iter()
                .map(|(id, version, hash)| (id, (version, hash)))
                .collect();
            for (id, digest) in batch {
                found.looked_at += 1;
                match audited.get(&id) {
                    Some((_, Some(hash))) if hash[..] == digest[..] => {}
                    Some((version, _)) => found.note(format!(
                        "the {} {id} is not what its last event says (version {}): it was changed by hand",
                        words(kind.name),
                        version.unwrap_or_default()
                    )),
                    None => found.note(format!("the {} {id} has no event: it was added by hand", words(kind.name))),
                }
            }
        }
        for id in (kind.vanished)(conn, i64::try_from(TOLD).unwrap_or(i64::MAX))? {
            found.note(format!("the {} {id} was removed by hand", words(kind.name)));
        }
    }
    Ok(found)
}

fn words(kind: &str) -> String {
    kind.replace('_', " ")
}
