//! Identifiers: UUIDs, version 7 where the program makes them (RFC 9562), so that rows sort by age.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Instant;

/// The identifier of any row. A client may choose it for what it creates, in any version but nil.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(Uuid);

impl Id {
    /// A version 7 identifier: the instant in milliseconds, then ten random bytes.
    pub fn from_parts(now: Instant, random: [u8; 10]) -> Self {
        let millis = u64::try_from(now.unix_micros() / 1_000).unwrap_or_default();
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// A version 7 identifier that sorts by its number among those of one instant: the twelve bits after the
    /// version are a counter (RFC 9562, section 6.2, method 1).
    pub fn in_sequence(now: Instant, number: u16, mut random: [u8; 10]) -> Self {
        random[..2].copy_from_slice(&number.to_be_bytes());
        Self::from_parts(now, random)
    }

    /// The sixteen bytes, most significant first.
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// An identifier from its sixteen bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// Whether this is the nil UUID, which identifies nothing.
    pub fn is_nil(&self) -> bool {
        self.0.is_nil()
    }

    /// The 32 lower-case hexadecimal digits without hyphens, as used in paths.
    pub fn simple(&self) -> String {
        self.0.simple().to_string()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Id {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::try_parse(text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_identifiers_are_version_7_and_sort_by_time() {
        let early = Id::from_parts(Instant::from_unix_micros(1_000_000), [255; 10]);
        let late = Id::from_parts(Instant::from_unix_micros(2_000_000), [0; 10]);
        assert_eq!(early.0.get_version_num(), 7);
        assert!(early < late);
        let [first, second] = [(1, [255; 10]), (256, [0; 10])]
            .map(|(n, random)| Id::in_sequence(Instant::from_unix_micros(0), n, random));
        assert!(first < second);
    }
}
