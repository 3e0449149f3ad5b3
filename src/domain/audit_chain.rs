//! The chain of audit events.
//!
//! Every event has a place in it. The digest at a place is the SHA-256 of the digest at the place before and of the event's
//! own digest, so that one digest, kept elsewhere, stands for everything up to it. What was changed, removed, added or moved
//! shows at its own place: each place is checked against the digest that is kept at the one before.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::digest::{Digest, content_digest, hex, sha256, unhex};

/// The digest before the first place.
pub const ORIGIN: Digest = [0; 32];

/// What a head says of itself.
pub const HEAD_FORMAT: &str = "terrace-audit-head/1";

/// The digest at a place: of the one before, and of the event.
pub fn link(before: &Digest, event: &Digest) -> Digest {
    let mut both = [0; 64];
    both[..32].copy_from_slice(before);
    both[32..].copy_from_slice(event);
    sha256(&both)
}

/// The end of the chain of audit events at a moment, signed with Ed25519 (RFC 8032) over the canonical JSON (RFC 8785) of the
/// other fields. Keep it apart from the server: `terrace audit verify`, `terrace verify --head` and verifications compare with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AuditHead)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// `terrace-audit-head/1`.
    pub format: String,
    /// When it was drawn, in UTC.
    pub at: String,
    /// How many events the chain has.
    pub seq: i64,
    /// The digest at the last place, as hexadecimal digits.
    pub digest: String,
    /// The key that signed, as hexadecimal digits.
    pub public_key: String,
    /// The signature, as hexadecimal digits.
    pub signature: String,
}

impl Head {
    /// The bytes that are signed: the canonical JSON (RFC 8785) of everything but the signature.
    pub fn signed(&self) -> Vec<u8> {
        let members = serde_json::json!({
            "format": self.format, "at": self.at, "seq": self.seq, "digest": self.digest, "public_key": self.public_key,
        });
        super::digest::canonical(&members).into_bytes()
    }
}

/// One line of an export: an event at its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exported {
    /// The place, from 1.
    pub seq: i64,
    /// The digest there.
    pub digest: String,
    /// The event's content: its digest is the SHA-256 of this as canonical JSON.
    pub event: Value,
}

/// Reads an export from its beginning and finds what is wrong with it, without a database.
#[derive(Debug)]
pub struct Reader<'a> {
    head: &'a Head,
    before: Digest,
    seq: i64,
    faults: Vec<String>,
}

impl<'a> Reader<'a> {
    /// Will compare with this head, whose signature is somebody else's business.
    pub fn new(head: &'a Head) -> Self {
        Self { head, before: ORIGIN, seq: 0, faults: Vec::new() }
    }

    /// Takes the next line, whose number begins with 1.
    pub fn line(&mut self, number: u64, text: &str) {
        let exported: Exported = match serde_json::from_str(text) {
            Ok(exported) => exported,
            Err(error) => {
                self.faults.push(format!("line {number} cannot be read: {error}"));
                return;
            }
        };
        let id = exported.event.get("id").and_then(Value::as_str).unwrap_or("without an id").to_owned();
        if exported.seq != self.seq + 1 {
            let words = format!("line {number}: place {} follows place {}", exported.seq, self.seq);
            self.faults.push(format!("{words}: events were removed, added or moved"));
        }
        self.seq = exported.seq;
        let told = unhex(&exported.digest);
        let right = content_digest(&exported.event).map(|event| link(&self.before, &event)).ok();
        if told.is_none() || told != right {
            self.faults.push(format!("line {number}: the event {id} at place {} is not what was sealed", exported.seq));
        }
        // A place is judged by what is told of the one before, so that one fault is told once.
        self.before = told.or(right).unwrap_or(ORIGIN);
        if exported.seq == self.head.seq && hex(&self.before) != self.head.digest {
            self.faults.push(format!("the digest at place {} is not the one of the head", self.head.seq));
        }
    }

    /// How many places were read, and what is wrong.
    pub fn finish(mut self) -> (i64, Vec<String>) {
        if self.seq < self.head.seq {
            let words = format!("the head has {} events, the export ends at place {}", self.head.seq, self.seq);
            self.faults.push(format!("{words}: the end was cut off"));
        }
        (self.seq, self.faults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn export(events: &[Value]) -> Vec<Exported> {
        let mut before = ORIGIN;
        let place = |(at, event): (usize, &Value)| {
            before = link(&before, &content_digest(event).unwrap());
            Exported { seq: i64::try_from(at).unwrap() + 1, digest: hex(&before), event: event.clone() }
        };
        events.iter().enumerate().map(place).collect()
    }

    fn head_of(lines: &[Exported]) -> Head {
        let last = lines.last().unwrap();
        Head {
            format: HEAD_FORMAT.into(),
            at: String::new(),
            seq: last.seq,
            digest: last.digest.clone(),
            public_key: String::new(),
            signature: String::new(),
        }
    }

    fn faults(lines: &[Exported], head: &Head) -> Vec<String> {
        let mut reader = Reader::new(head);
        for (number, line) in (1..).zip(lines) {
            reader.line(number, &serde_json::to_string(line).unwrap());
        }
        reader.finish().1
    }

    #[test]
    fn every_way_of_tampering_shows_at_its_place() {
        let events: Vec<Value> = (0..5).map(|n| serde_json::json!({ "id": n.to_string(), "action": "x" })).collect();
        let lines = export(&events);
        let head = head_of(&lines);
        assert_eq!(faults(&lines, &head), Vec::<String>::new());

        let mut changed = lines.clone();
        changed[2].event["action"] = "y".into();
        assert_eq!(faults(&changed, &head), ["line 3: the event 2 at place 3 is not what was sealed"]);

        let mut dropped = lines.clone();
        dropped.remove(2);
        assert!(faults(&dropped, &head)[0].contains("place 4 follows place 2"));

        let mut swapped = lines.clone();
        let (a, b) = (swapped[1].event.clone(), swapped[2].event.clone());
        (swapped[1].event, swapped[2].event) = (b, a);
        assert_eq!(faults(&swapped, &head).len(), 2);

        assert!(faults(&lines[..4], &head)[0].contains("cut off"));

        // Whoever links everything anew is betrayed by the head.
        let mut others = events;
        others[0]["action"] = "z".into();
        assert_eq!(faults(&export(&others), &head), ["the digest at place 5 is not the one of the head"]);
        let mut more = others.clone();
        more.push(serde_json::json!({ "id": "5" }));
        assert_eq!(faults(&export(&more), &head), ["the digest at place 5 is not the one of the head"]);
    }
}
