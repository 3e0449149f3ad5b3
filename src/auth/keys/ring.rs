//! The keys that personal fields are sealed with: the newest seals, every one opens what it sealed.
//!
//! A rotation writes a new key into the key file while servers run. They look at the file before they seal, and when they meet
//! a number that they do not know; so none goes on with an old key, and none is lost for a new one.

use std::{
    collections::BTreeMap,
    fmt, fs,
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock},
    time::SystemTime,
};

use aes_gcm::{Aes256Gcm, KeyInit as _};

use super::file::KeyFile;
use crate::domain::digest::Digest;

/// The sealing keys.
pub struct Ring {
    held: RwLock<Held>,
    file: Option<(PathBuf, Digest)>,
}

struct Held {
    ciphers: BTreeMap<u8, Aes256Gcm>,
    newest: u8,
    seen: Option<Stamp>,
}

/// Whether a file is the one that was read.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp(SystemTime, u64);

impl fmt::Debug for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ring(…)")
    }
}

impl Ring {
    /// The keys of a file that was read from this path, if from any.
    pub fn new(first: &Digest, file: &KeyFile, path: Option<&Path>) -> Self {
        let held =
            Held { ciphers: ciphers(first, file), newest: file.newest(), seen: path.and_then(|path| stamp(path).ok()) };
        Self { held: RwLock::new(held), file: path.map(|path| (path.to_owned(), *first)) }
    }

    /// Does something with the newest key, and its number.
    pub fn with_newest<T>(&self, work: impl FnOnce(u8, &Aes256Gcm) -> T) -> Option<T> {
        self.refresh();
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.ciphers.get(&held.newest).map(|cipher| work(held.newest, cipher))
    }

    /// Does something with the key of this number, if there is one.
    pub fn with<T>(&self, id: u8, work: impl FnOnce(&Aes256Gcm) -> T) -> Option<T> {
        if !self.held.read().unwrap_or_else(PoisonError::into_inner).ciphers.contains_key(&id) {
            self.refresh();
        }
        self.held.read().unwrap_or_else(PoisonError::into_inner).ciphers.get(&id).map(work)
    }

    /// The number of the newest key.
    pub fn newest(&self) -> u8 {
        self.refresh();
        self.held.read().unwrap_or_else(PoisonError::into_inner).newest
    }

    /// Reads the file again if it is another one than before.
    fn refresh(&self) {
        let Some((path, first)) = &self.file else { return };
        let Ok(now) = stamp(path) else { return };
        if self.held.read().unwrap_or_else(PoisonError::into_inner).seen == Some(now) {
            return;
        }
        match KeyFile::read(path) {
            Ok(file) => {
                let fresh = Held { ciphers: ciphers(first, &file), newest: file.newest(), seen: Some(now) };
                *self.held.write().unwrap_or_else(PoisonError::into_inner) = fresh;
            }
            Err(error) => log::error!("{error}; the keys read before stay in use"),
        }
    }
}

fn ciphers(first: &Digest, file: &KeyFile) -> BTreeMap<u8, Aes256Gcm> {
    let later = file.sealing.iter().map(|(id, key)| (*id, key));
    std::iter::once((1, first)).chain(later).map(|(id, key)| (id, Aes256Gcm::new(key.into()))).collect()
}

fn stamp(path: &Path) -> std::io::Result<Stamp> {
    let metadata = fs::metadata(path)?;
    Ok(Stamp(metadata.modified()?, metadata.len()))
}
