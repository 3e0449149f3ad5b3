//! What an audit event keeps of a row.
//!
//! The digest covers the whole content, so a change behind the program's back shows. The copies before and
//! after leave out what identifies a person: an event is kept longer than the person may want to be known.

use serde::Serialize;
use serde_json::Value;

use super::Id;

/// What stands in an event in place of a personal field.
pub const MASK: &str = "***";

/// A row whose changes are audited.
pub trait Audited: Serialize {
    /// The kind of object, as events name it.
    const TYPE: &'static str;
    /// The fields that are masked in copies.
    const PERSONAL: &'static [&'static str];

    /// The row's id.
    fn id(&self) -> Id;
    /// The service point that the row belongs to.
    fn service_point_id(&self) -> Id;
    /// Counts the row's changes: of two contents, the one of the higher version is the later.
    fn version(&self) -> i64;

    /// The row's fields with the personal ones masked; an absent one stays absent.
    ///
    /// # Errors
    /// When the row cannot be written as JSON.
    fn masked(&self) -> serde_json::Result<Value> {
        let mut copy = serde_json::to_value(self)?;
        for field in Self::PERSONAL {
            if let Some(value) = copy.get_mut(*field).filter(|value| !value.is_null()) {
                *value = MASK.into();
            }
        }
        Ok(copy)
    }
}

/// So many bytes of a sealed value, behind the number of its key, tell which text it hides (see [`crate::auth::seal`]).
pub const FINGERPRINT: std::ops::Range<usize> = 1..17;

/// Writes the fingerprint of a sealed value. It stays the same when the value is sealed anew with another key, so that a
/// rotation of keys changes no content.
///
/// # Errors
/// The serialiser's own.
pub fn fingerprint<S: serde::Serializer>(sealed: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    let shown = sealed.as_deref().map(|sealed| super::digest::hex(sealed.get(FINGERPRINT).unwrap_or(sealed)));
    shown.serialize(serializer)
}

/// Writes bytes as hexadecimal digits.
///
/// # Errors
/// The serialiser's own.
pub fn hex_bytes<S: serde::Serializer>(bytes: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    bytes.as_deref().map(super::digest::hex).serialize(serializer)
}
