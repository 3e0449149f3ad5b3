//! Sealing of personal fields: AES-256-GCM, with the place of the value as associated data, so that a sealed
//! value copied into another row or column does not open.
//!
//! A sealed value is the number of its key, a fingerprint, a random nonce and the ciphertext. The fingerprint is a keyed hash of
//! the text and its place, so that the content of a row stays the same when the value is sealed anew with another key.

use aes_gcm::{
    Aes256Gcm, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};

use super::keys::{Keys, Purpose};
use crate::{
    domain::{Id, audit::FINGERPRINT},
    edge::Edge,
    error::{Error, Result},
};

const NONCE: usize = 12;

/// Hides a short text for a purpose and a context. The same text gives the same result, which is what a cursor is.
///
/// # Errors
/// When the text is too long for the cipher.
pub fn hide(keys: &Keys, purpose: Purpose, context: &[u8], clear: &[u8]) -> Result<Vec<u8>> {
    // A nonce made of the text itself repeats only with the text.
    let mut nonce = [0; NONCE];
    nonce.copy_from_slice(&keys.mac(purpose, &[context, clear])[..NONCE]);
    let sealed = Aes256Gcm::new(keys.key(purpose).into())
        .encrypt(&Nonce::from(nonce), Payload { msg: clear, aad: context })
        .map_err(|_| Error::internal("a text could not be hidden"))?;
    Ok([&nonce[..], &sealed].concat())
}

/// Shows what was hidden for this purpose and context; nothing else opens.
pub fn show(keys: &Keys, purpose: Purpose, context: &[u8], hidden: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = hidden.split_first_chunk::<NONCE>()?;
    let payload = Payload { msg: sealed, aad: context };
    Aes256Gcm::new(keys.key(purpose).into()).decrypt(&Nonce::from(*nonce), payload).ok()
}

/// Where a sealed value lies.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row.
    pub row: Id,
}

impl Place {
    fn associated_data(&self) -> String {
        format!("{}/{}/{}", self.table, self.column, self.row)
    }
}

/// Seals a value for its place.
///
/// # Errors
/// When the value is too long for the cipher, which no field is.
pub fn seal(keys: &Keys, edge: &Edge, place: Place, clear: &str) -> Result<Vec<u8>> {
    let nonce: [u8; NONCE] = edge.random();
    let fingerprint = &keys.mac(Purpose::Fingerprint, &[place.associated_data().as_bytes(), clear.as_bytes()])[..16];
    let aad = [place.associated_data().as_bytes(), fingerprint].concat();
    let payload = Payload { msg: clear.as_bytes(), aad: &aad };
    let sealed = keys.ring.with_newest(|id, cipher| (id, cipher.encrypt(&Nonce::from(nonce), payload)));
    let Some((id, Ok(sealed))) = sealed else { return Err(Error::internal("a value could not be sealed")) };
    Ok([&[id], fingerprint, &nonce[..], &sealed].concat())
}

/// Opens a value that was sealed for this place.
///
/// # Errors
/// When it was sealed with another key, for another place, or has been changed.
pub fn open(keys: &Keys, place: Place, sealed: &[u8]) -> Result<String> {
    let clear = parts(sealed).and_then(|(id, fingerprint, nonce, sealed)| {
        let aad = [place.associated_data().as_bytes(), fingerprint].concat();
        let payload = Payload { msg: sealed, aad: &aad };
        keys.ring.with(id, |cipher| cipher.decrypt(&Nonce::from(*nonce), payload).ok()).flatten()
    });
    clear.and_then(|clear| String::from_utf8(clear).ok()).ok_or_else(|| {
        Error::internal(format!("{} cannot be opened: a wrong key, or it was changed", place.associated_data()))
    })
}

/// The number of the key that sealed a value.
pub fn key_of(sealed: &[u8]) -> Option<u8> {
    sealed.first().copied()
}

type Parts<'a> = (u8, &'a [u8], &'a [u8; NONCE], &'a [u8]);

fn parts(sealed: &[u8]) -> Option<Parts<'_>> {
    let fingerprint = sealed.get(FINGERPRINT)?;
    let (nonce, rest) = sealed[FINGERPRINT.end..].split_first_chunk()?;
    Some((key_of(sealed)?, fingerprint, nonce, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Instant;

    #[test]
    fn a_sealed_value_opens_in_its_place_only() {
        let edge = Edge::reproducible(Instant::from_unix_micros(0), 7);
        let keys = Keys::from_secret(&crate::domain::digest::hex(&edge.random::<32>())).unwrap();
        let place = Place { table: "accounts", column: "phone", row: edge.new_id() };
        let sealed = seal(&keys, &edge, place, "13800001234").unwrap();
        assert_eq!(open(&keys, place, &sealed).unwrap(), "13800001234");
        assert!(open(&keys, Place { row: edge.new_id(), ..place }, &sealed).is_err());
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(open(&keys, place, &changed).is_err() && open(&keys, place, &[]).is_err());
        let again = seal(&keys, &edge, place, "13800001234").unwrap();
        assert_ne!(sealed, again);
        assert_eq!(sealed[FINGERPRINT], again[FINGERPRINT]);
        let other = seal(&keys, &edge, place, "13800001235").unwrap();
        assert_ne!(sealed[FINGERPRINT], other[FINGERPRINT]);
        // A fingerprint put before another text does not open.
        assert!(open(&keys, place, &[&sealed[..FINGERPRINT.end], &other[FINGERPRINT.end..]].concat()).is_err());
    }
}
