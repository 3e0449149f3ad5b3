//! Sealing of personal fields: AES-256-GCM, with the place of the value as associated data, so that a sealed
//! value copied into another row or column does not open.

use aes_gcm::{
    Aes256Gcm, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};

use super::keys::{Keys, Purpose};
use crate::{
    domain::Id,
    edge::Edge,
    error::{Error, Result},
};

/// The first byte of every sealed value: which key sealed it.
const KEY_ID: u8 = 1;
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
    let aad = place.associated_data();
    let payload = Payload { msg: clear.as_bytes(), aad: aad.as_bytes() };
    let sealed = Aes256Gcm::new(keys.key(Purpose::Seal).into())
        .encrypt(&Nonce::from(nonce), payload)
        .map_err(|_| Error::internal("a value could not be sealed"))?;
    Ok([&[KEY_ID], &nonce[..], &sealed].concat())
}

/// Opens a value that was sealed for this place.
///
/// # Errors
/// When it was sealed with another key, for another place, or has been changed.
pub fn open(keys: &Keys, place: Place, sealed: &[u8]) -> Result<String> {
    let failed =
        || Error::internal(format!("{} cannot be opened: a wrong key, or it was changed", place.associated_data()));
    let parts = sealed.split_first().filter(|(key, _)| **key == KEY_ID).and_then(|(_, rest)| rest.split_first_chunk());
    let Some((nonce, sealed)) = parts else { return Err(failed()) };
    let nonce: &[u8; NONCE] = nonce;
    let aad = place.associated_data();
    let clear = Aes256Gcm::new(keys.key(Purpose::Seal).into())
        .decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: aad.as_bytes() })
        .map_err(|_| failed())?;
    String::from_utf8(clear).map_err(|_| failed())
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
        assert_ne!(sealed, seal(&keys, &edge, place, "13800001234").unwrap());
    }
}
