//! The secret of an installation, and the keys made from it.
//!
//! One secret of 32 random bytes, from the environment or from a file made on the first start that only its owner
//! may read. Each purpose has its own key, so that one that leaks through its use betrays no other. Database
//! backups never hold it.

use std::{fmt, fs, io::Write as _, path::Path};

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::{
    domain::digest::{Digest, hex},
    edge::Edge,
};

/// The keys of an installation.
#[derive(Clone)]
pub struct Keys {
    token: Digest,
    cursor: Digest,
    refresh: Digest,
    device: Digest,
    throttle: Digest,
    request: Digest,
    seal: Digest,
    identity: Digest,
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
    /// Hiding names and addresses in the counters of failed sign-ins.
    Throttle,
    /// Telling whether two requests are the same: a plain digest of a telephone number could be guessed.
    Request,
    /// Sealing personal fields.
    Seal,
    /// Finding an identity number without keeping it.
    Identity,
}

impl Keys {
    /// The keys of a secret.
    ///
    /// # Errors
    /// When it is not 64 hexadecimal digits, or so regular that it was not drawn at random.
    pub fn from_secret(secret: &str) -> Result<Self, String> {
        let secret = secret.trim();
        if secret.len() != 64 || !secret.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err("the key must be 64 hexadecimal digits (32 random bytes)".to_owned());
        }
        let bytes: Vec<u8> =
            (0..64).step_by(2).filter_map(|at| u8::from_str_radix(&secret[at..at + 2], 16).ok()).collect();
        let mut distinct = bytes.clone();
        distinct.sort_unstable();
        distinct.dedup();
        // 32 random bytes have fewer than 20 distinct values less than once in 10^10 draws; counting up is the
        // other habit of people who type a key.
        let steps =
            bytes.windows(2).filter(|pair| pair[1].wrapping_sub(pair[0]) == bytes[1].wrapping_sub(bytes[0])).count();
        if distinct.len() < 20 || steps > 8 {
            return Err("the key is not random enough; delete it and let the program make one".to_owned());
        }
        let derive = |label: &str| mac(&bytes, &[b"terrace/", label.as_bytes()]);
        Ok(Self {
            token: derive("token"),
            cursor: derive("cursor"),
            refresh: derive("refresh"),
            device: derive("device"),
            throttle: derive("throttle"),
            request: derive("request"),
            seal: derive("seal"),
            identity: derive("identity"),
        })
    }

    /// The keys of the secret in a file, which is made when it does not exist.
    ///
    /// # Errors
    /// When the file cannot be read or written, others may read it, or it holds no good key.
    pub fn from_file(path: &Path, edge: &Edge) -> Result<Self, String> {
        let words = |error: &dyn fmt::Display| format!("key file {}: {error}", path.display());
        match fs::read_to_string(path) {
            Ok(text) => {
                refuse_shared(path).map_err(|error| words(&error))?;
                Self::from_secret(&text).map_err(|error| words(&error))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let secret = hex(&edge.random::<32>());
                write_private(path, &secret).map_err(|error| words(&error))?;
                log::info!("a new key was written to {}; keep a copy apart from the database", path.display());
                Self::from_secret(&secret).map_err(|error| words(&error))
            }
            Err(error) => Err(words(&error)),
        }
    }

    /// The key for a purpose.
    pub fn key(&self, purpose: Purpose) -> &Digest {
        match purpose {
            Purpose::Token => &self.token,
            Purpose::Cursor => &self.cursor,
            Purpose::Refresh => &self.refresh,
            Purpose::Device => &self.device,
            Purpose::Throttle => &self.throttle,
            Purpose::Request => &self.request,
            Purpose::Seal => &self.seal,
            Purpose::Identity => &self.identity,
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

#[cfg(unix)]
fn refuse_shared(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).map_err(|error| error.to_string())?.permissions().mode();
    if mode & 0o077 != 0 { Err(format!("others may read it; run chmod 600 {}", path.display())) } else { Ok(()) }
}

#[cfg(not(unix))]
fn refuse_shared(_path: &Path) -> Result<(), String> {
    Ok(())
}

fn write_private(path: &Path, secret: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{secret}")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Instant;

    #[test]
    fn weak_or_sample_secrets_are_refused() {
        let counting: String = (0..32).map(|n| format!("{n:02x}")).collect();
        for secret in ["", "secret", &"0".repeat(64), &"ab".repeat(32), &counting, &"zz".repeat(32)] {
            assert!(Keys::from_secret(secret).is_err(), "{secret}");
        }
    }

    #[test]
    fn a_key_file_is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("terrace.keys");
        let edge = Edge::reproducible(Instant::from_unix_micros(0), 1);
        let first = Keys::from_file(&path, &edge).unwrap();
        let again = Keys::from_file(&path, &edge).unwrap();
        assert_eq!(first.key(Purpose::Token), again.key(Purpose::Token));
        assert_ne!(first.key(Purpose::Token), first.key(Purpose::Cursor));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            assert!(Keys::from_file(&path, &edge).unwrap_err().contains("chmod 600"));
        }
    }
}
