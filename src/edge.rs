//! The edge of the world: the only place where time and randomness come from. Everything else is handed them,
//! so that a test can stand still in time and a trace can be replayed to the same bytes.

use std::sync::{
    Mutex,
    atomic::{AtomicI64, Ordering},
};

use rand::{RngCore, SeedableRng, rngs::OsRng, rngs::StdRng};

use crate::domain::{Id, Instant};

/// Where time and randomness come from.
#[derive(Debug)]
pub struct Edge {
    clock: Clock,
    entropy: Entropy,
}

#[derive(Debug)]
enum Clock {
    System,
    Set(AtomicI64),
}

#[derive(Debug)]
enum Entropy {
    System,
    Seeded(Box<Mutex<StdRng>>),
}

impl Edge {
    /// The system's clock and random numbers.
    pub fn system() -> Self {
        Self { clock: Clock::System, entropy: Entropy::System }
    }

    /// A clock that moves only when told to, and reproducible random numbers: for tests and replays, never for
    /// serving, because its keys and tokens can be guessed.
    pub fn reproducible(now: Instant, seed: u64) -> Self {
        Self {
            clock: Clock::Set(AtomicI64::new(now.unix_micros())),
            entropy: Entropy::Seeded(Box::new(Mutex::new(StdRng::seed_from_u64(seed)))),
        }
    }

    /// Now, to the microsecond.
    pub fn now(&self) -> Instant {
        match &self.clock {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
            Clock::System => chrono::Utc::now().into(),
            Clock::Set(micros) => Instant::from_unix_micros(micros.load(Ordering::SeqCst)),
        }
    }

    /// Moves a reproducible clock forward; the system's clock is not moved.
    pub fn advance(&self, seconds: i64) {
        if let Clock::Set(micros) = &self.clock {
            micros.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
        }
    }

    /// Fills the buffer with random bytes, fit for keys and tokens.
    pub fn fill(&self, bytes: &mut [u8]) {
        match &self.entropy {
            Entropy::System => OsRng.fill_bytes(bytes),
            Entropy::Seeded(rng) => rng.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(bytes),
        }
    }

    /// So many random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A new identifier.
    pub fn new_id(&self) -> Id {
        Id::from_parts(self.now(), self.random())
    }
}
