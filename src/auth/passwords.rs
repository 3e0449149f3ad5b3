//! Hashing of passwords: argon2id with the parameters that OWASP recommends (19 MiB, two passes).

use std::sync::Arc;

use argon2::{
    Argon2, PasswordHasher as _, PasswordVerifier as _,
    password_hash::{PasswordHash, SaltString},
};
use tokio::sync::Semaphore;

use crate::{
    domain::Secret,
    edge::Edge,
    error::{Error, Result},
};

/// So many hashes are computed at once; more would take the machine from everyone else.
const AT_ONCE: usize = 2;
/// So many requests may wait for one.
const WAITING: usize = 64;

/// Hashes and verifies passwords, a few at a time and never on a worker.
#[derive(Clone, Debug)]
pub struct Passwords {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// What is verified for a user name that does not exist, so that it takes as long.
    decoy: Arc<str>,
}

impl Passwords {
    /// # Errors
    /// When the decoy cannot be hashed.
    pub fn new(edge: &Edge) -> Result<Self> {
        Ok(Self {
            running: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(Semaphore::new(WAITING)),
            decoy: hash(&Secret::new("decoy"), edge.random())?.into(),
        })
    }

    /// The hash of a password under a new salt.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many wait.
    pub async fn hash(&self, password: Secret, salt: [u8; 16]) -> Result<String> {
        self.run(move || hash(&password, salt)).await
    }

    /// Whether the password belongs to the hash. Without a hash the answer is no, after the same time.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many wait.
    pub async fn verify(&self, password: Secret, stored: Option<String>) -> Result<bool> {
        let decoy = Arc::clone(&self.decoy);
        self.run(move || Ok(verify(&password, stored.as_deref().unwrap_or(&decoy)) && stored.is_some())).await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let _place =
            self.waiting.try_acquire().map_err(|_| Error::Busy("too many passwords wait to be checked".into()))?;
        let turn = Arc::clone(&self.running).acquire_owned().await.map_err(Error::internal)?;
        let work = move || {
            let done = work();
            drop(turn);
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    }
}

fn hash(password: &Secret, salt: [u8; 16]) -> Result<String> {
    let salt = SaltString::encode_b64(&salt).map_err(Error::internal)?;
    let hash = Argon2::default().hash_password(password.expose().as_bytes(), &salt).map_err(Error::internal)?;
    Ok(hash.to_string())
}

fn verify(password: &Secret, stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|hash| Argon2::default().verify_password(password.expose().as_bytes(), &hash).is_ok())
}
