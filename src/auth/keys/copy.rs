//! A copy of the key file behind a passphrase: what can be printed, mailed or laid into a safe.
//!
//! The passphrase is stretched by argon2id (RFC 9106, its second recommended choice: 64 MiB, three passes) into an AES-256-GCM
//! key. The file says how, so that a later program can choose otherwise.

use aes_gcm::{
    Aes256Gcm, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::file::KeyFile;
use crate::{domain::digest::Digest, edge::Edge};

const FORMAT: &str = "terrace-keys/1";
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 4;
/// A passphrase guards everything, and whoever finds the copy has all the time of the world to guess.
const SHORTEST: usize = 14;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Copy {
    format: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    nonce: String,
    sealed: String,
}

/// A copy of the keys that this passphrase opens.
///
/// # Errors
/// The passphrase is too short.
pub fn close(file: &KeyFile, passphrase: &str, edge: &Edge) -> Result<String, String> {
    if passphrase.chars().count() < SHORTEST {
        return Err(format!("the passphrase must have at least {SHORTEST} characters"));
    }
    let (salt, nonce): ([u8; 16], [u8; 12]) = (edge.random(), edge.random());
    let key = stretch(passphrase, &salt, (MEMORY_KIB, PASSES, LANES))?;
    let text = file.text();
    let payload = Payload { msg: text.as_bytes(), aad: FORMAT.as_bytes() };
    let sealed = Aes256Gcm::new((&key).into())
        .encrypt(&Nonce::from(nonce), payload)
        .map_err(|_| "the keys could not be sealed".to_owned())?;
    let copy = Copy {
        format: FORMAT.to_owned(),
        memory_kib: MEMORY_KIB,
        passes: PASSES,
        lanes: LANES,
        salt: STANDARD.encode(salt),
        nonce: STANDARD.encode(nonce),
        sealed: STANDARD.encode(sealed),
    };
    serde_json::to_string_pretty(&copy).map(|text| text + "\n").map_err(|error| error.to_string())
}

/// The keys of a copy.
///
/// # Errors
/// It is none, or not with this passphrase.
pub fn open(copy: &str, passphrase: &str) -> Result<KeyFile, String> {
    let damaged = || "it is no copy of keys, or it is damaged".to_owned();
    let copy: Copy = serde_json::from_str(copy).map_err(|_| damaged())?;
    if copy.format != FORMAT {
        return Err(format!("it was written by a newer program ({})", copy.format));
    }
    // What a file asks for is not taken without a limit.
    if copy.memory_kib > 1024 * 1024 || copy.passes > 64 || copy.lanes > 64 {
        return Err(damaged());
    }
    let bytes = |text: &str| STANDARD.decode(text).map_err(|_| damaged());
    let (salt, nonce, sealed) = (bytes(&copy.salt)?, bytes(&copy.nonce)?, bytes(&copy.sealed)?);
    let nonce = <[u8; 12]>::try_from(nonce).map_err(|_| damaged())?;
    let key = stretch(passphrase, &salt, (copy.memory_kib, copy.passes, copy.lanes))?;
    let payload = Payload { msg: &sealed, aad: FORMAT.as_bytes() };
    let text = Aes256Gcm::new((&key).into())
        .decrypt(&Nonce::from(nonce), payload)
        .map_err(|_| "the passphrase is wrong, or the copy is damaged".to_owned())?;
    KeyFile::parse(&String::from_utf8(text).map_err(|_| damaged())?)
}

fn stretch(passphrase: &str, salt: &[u8], (memory, passes, lanes): (u32, u32, u32)) -> Result<Digest, String> {
    let mut key = [0; 32];
    let params = Params::new(memory, passes, lanes, Some(key.len())).map_err(|error| error.to_string())?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut key)
        .map_err(|error| error.to_string())?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Instant;

    #[test]
    fn a_copy_opens_with_its_passphrase_only() {
        let edge = Edge::reproducible(Instant::from_unix_micros(0), 5);
        let file = KeyFile::draw(&edge);
        let copy = close(&file, "模拟的口令句子 for a safe", &edge).unwrap();
        assert_eq!(open(&copy, "模拟的口令句子 for a safe"), Ok(file.clone()));
        assert!(open(&copy, "模拟的口令句子 for a saf").unwrap_err().contains("passphrase"));
        assert!(open(&copy[..copy.len() / 2], "模拟的口令句子 for a safe").unwrap_err().contains("damaged"));
        assert!(close(&file, "too short", &edge).unwrap_err().contains("14"));
    }
}
