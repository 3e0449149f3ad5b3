//! The secret of an installation, and the keys made from it.
//!
//! One secret of 32 random bytes, from the environment or from a file made on the first start that only its owner
//! may read. Each purpose has its own key, so that one that leaks through its use betrays no other. Personal fields have a
//! [`Ring`] of keys, which can be rotated. Database backups never hold any of them, only the secret's fingerprint.

pub mod copy;
mod file;
mod ring;

use std::{fmt, path::Path, sync::Arc};

use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

pub use file::{KeyFile, write_private};
pub use ring::Ring;

use crate::{
    domain::digest::{Digest, hex, unhex},
    edge::Edge,
};

/// The keys of an installation.
#[derive(Clone)]
pub struct Keys {
    token: Digest,
    cursor: Digest,
    refresh: Digest,
    device: Digest,
    outbox: Digest,
    throttle: Digest,
    request: Digest,
    fingerprint: Digest,
    identity: Digest,
    audit: Digest,
    signing: SigningKey,
    /// The keys of personal fields.
    pub ring: Arc<Ring>,
    name: String,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

/// What a key is for.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// Signing access tokens.
    Token,
    /// Authenticating page cursors.
    Cursor,
    /// Making the successor of a refresh token.
    Refresh,
    /// Recognising a device that signed in before.
    Device,
    /// Making the key under which a device keeps what it has of an account.
    Outbox,
    /// Hiding names and addresses in the counters of failed sign-ins.
    Throttle,
    /// Telling whether two requests are the same: a plain digest of a telephone number could be guessed.
    Request,
    /// Telling whether two sealed values hide the same text at the same place.
    Fingerprint,
    /// Finding an identity number without keeping it.
    Identity,
    /// Showing that an audit event was written, and sealed, by the program.
    Audit,
}

impl Keys {
    /// The keys of a secret.
    ///
    /// # Errors
    /// When it is not 64 hexadecimal digits, or so regular that it was not drawn at random.
    pub fn from_secret(secret: &str) -> Result<Self, String> {
        Ok(Self::of(&KeyFile::parse(secret)?, None))
    }

    /// The keys of the secret in a file, which is made when it does not exist and may be made.
    ///
    /// # Errors
    /// When the file cannot be read or written, others may read it, or it holds no good key.
    pub fn from_file(path: &Path, may_make: bool, edge: &Edge) -> Result<Self, String> {
        if may_make && !path.exists() {
            KeyFile::draw(edge).create(path)?;
            log::info!("a new key was written to {}; keep a copy apart from the database", path.display());
        }
        Ok(Self::of(&KeyFile::read(path)?, Some(path)))
    }

    fn of(file: &KeyFile, path: Option<&Path>) -> Self {
        let derive = |label: &str| mac(&file.secret, &[b"terrace/", label.as_bytes()]);
        Self {
            token: derive("token"),
            cursor: derive("cursor"),
            refresh: derive("refresh"),
            device: derive("device"),
            outbox: derive("outbox"),
            throttle: derive("throttle"),
            request: derive("request"),
            fingerprint: derive("fingerprint"),
            identity: derive("identity"),
            audit: derive("audit"),
            signing: SigningKey::from_bytes(&derive("sign")),
            ring: Arc::new(Ring::new(&derive("seal"), file, path)),
            name: hex(&derive("name")[..8]),
        }
    }

    /// What tells this secret from others without telling it: 16 hexadecimal digits.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public half of the key that signs, as hexadecimal digits.
    pub fn public_key(&self) -> String {
        hex(self.signing.verifying_key().as_bytes())
    }

    /// The signature (Ed25519) of a message, as hexadecimal digits.
    pub fn sign(&self, message: &[u8]) -> String {
        hex(&self.signing.sign(message).to_bytes())
    }

    /// The key for a purpose.
    pub fn key(&self, purpose: Purpose) -> &Digest {
        match purpose {
            Purpose::Token => &self.token,
            Purpose::Cursor => &self.cursor,
            Purpose::Refresh => &self.refresh,
            Purpose::Device => &self.device,
            Purpose::Outbox => &self.outbox,
            Purpose::Throttle => &self.throttle,
            Purpose::Request => &self.request,
            Purpose::Fingerprint => &self.fingerprint,
            Purpose::Identity => &self.identity,
            Purpose::Audit => &self.audit,
        }
    }

    /// HMAC-SHA-256 over the parts under the key of a purpose.
    pub fn mac(&self, purpose: Purpose, parts: &[&[u8]]) -> Digest {
        mac(self.key(purpose), parts)
    }
}

fn mac(key: &[u8], parts: &[&[u8]]) -> Digest {
    // HMAC takes a key of any length, so this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        // The lengths keep ("ab", "c") and ("a", "bc") apart.
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Whether a signature of a message was made with the private half of a public key; both as hexadecimal digits.
pub fn is_signed(public_key: &str, message: &[u8], signature: &str) -> bool {
    let halves = signature.split_at_checked(64).and_then(|(a, b)| Some([unhex(a)?, unhex(b)?]));
    let (Some(key), Some(halves)) = (unhex(public_key), halves) else { return false };
    let Ok(signature) = Signature::from_slice(halves.as_flattened()) else { return false };
    VerifyingKey::from_bytes(&key).is_ok_and(|key| key.verify(message, &signature).is_ok())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::domain::Instant;

    #[test]
    fn a_key_file_is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("terrace.keys");
        let edge = Edge::reproducible(Instant::from_unix_micros(0), 1);
        let first = Keys::from_file(&path, true, &edge).unwrap();
        let again = Keys::from_file(&path, true, &edge).unwrap();
        assert_eq!(first.key(Purpose::Token), again.key(Purpose::Token));
        assert_ne!(first.key(Purpose::Token), first.key(Purpose::Cursor));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            assert!(Keys::from_file(&path, true, &edge).unwrap_err().contains("chmod 600"));
        }
        assert!(Keys::from_file(&folder.path().join("other.keys"), false, &edge).is_err());
        assert!(!folder.path().join("other.keys").exists());
    }

    #[test]
    fn a_signature_belongs_to_its_message_and_its_key() {
        let edge = Edge::reproducible(Instant::from_unix_micros(0), 1);
        let [keys, others] = [0, 1].map(|_| Keys::of(&KeyFile::draw(&edge), None));
        let signature = keys.sign(b"message");
        assert!(is_signed(&keys.public_key(), b"message", &signature));
        assert!(!is_signed(&keys.public_key(), b"massage", &signature));
        assert!(!is_signed(&others.public_key(), b"message", &signature));
        assert!(!is_signed(&keys.public_key(), b"message", &signature[..126]) && !is_signed("", b"message", ""));
    }
}
