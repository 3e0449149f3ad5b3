//! Callers that call as fast as they are answered, and how long each answer took.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant as Stopwatch},
};

use crate::support::Result;

/// How long a measurement goes on.
#[derive(Clone, Copy)]
pub enum Until<'a> {
    /// So long.
    Over(Duration),
    /// Until told.
    Told(&'a AtomicBool),
}

impl Until<'_> {
    fn over(self, since: Stopwatch) -> bool {
        match self {
            Self::Over(length) => since.elapsed() >= length,
            Self::Told(stop) => stop.load(Ordering::Relaxed),
        }
    }
}

/// How long calls took that went well, and why others did not.
#[derive(Default)]
pub struct Timings {
    micros: Vec<u64>,
    seconds: f64,
    failures: BTreeMap<String, u64>,
}

impl Timings {
    /// Calls that went well, a second.
    pub fn per_second(&self) -> f64 {
        if self.seconds > 0.0 { self.micros.len() as f64 / self.seconds } else { 0.0 }
    }

    /// What `percent` of them took at most, in milliseconds.
    pub fn percentile(&self, percent: usize) -> f64 {
        let at = (self.micros.len() * percent).div_ceil(100).saturating_sub(1);
        self.micros.get(at).map_or(f64::NAN, |micros| *micros as f64 / 1e3)
    }

    /// What the longest took, in milliseconds.
    pub fn longest(&self) -> f64 {
        self.percentile(100)
    }

    /// Why calls failed, and how many.
    pub fn failures(&self) -> &BTreeMap<String, u64> {
        &self.failures
    }

    /// Both together, as if one had gone on after the other.
    pub fn and(mut self, other: Self) -> Self {
        self.seconds += other.seconds;
        self.take_in(other);
        self.micros.sort_unstable();
        self
    }

    fn take_in(&mut self, other: Self) {
        self.micros.extend(other.micros);
        for (why, count) in other.failures {
            *self.failures.entry(why).or_default() += count;
        }
    }
}

/// Lets every caller call in a thread of its own. What they did in the first `warm_up` does not count.
///
/// # Errors
/// When a caller panicked.
pub fn drive<C: Send>(
    callers: &mut [C],
    warm_up: Duration,
    until: Until<'_>,
    call: impl Fn(&mut C) -> Result<()> + Sync,
) -> Result<Timings> {
    let call = &call;
    let begun = Stopwatch::now();
    let mut all = Timings::default();
    thread::scope(|scope| {
        let threads: Vec<_> =
            callers.iter_mut().map(|caller| scope.spawn(move || go_on(caller, begun, warm_up, until, call))).collect();
        threads.into_iter().try_for_each(|thread| {
            all.take_in(thread.join().map_err(|_| "a caller panicked")?);
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
        })
    })?;
    all.seconds = (begun.elapsed().saturating_sub(warm_up)).as_secs_f64();
    all.micros.sort_unstable();
    Ok(all)
}

fn go_on<C>(
    caller: &mut C,
    begun: Stopwatch,
    warm_up: Duration,
    until: Until<'_>,
    call: &impl Fn(&mut C) -> Result<()>,
) -> Timings {
    let until = match until {
        Until::Over(length) => Until::Over(length + warm_up),
        told @ Until::Told(_) => told,
    };
    let mut own = Timings::default();
    while !until.over(begun) {
        let asked = Stopwatch::now();
        let outcome = call(caller);
        let took = asked.elapsed();
        match outcome {
            // By when it was answered, so that what a second held up counts where it was held up.
            Ok(()) if begun.elapsed() >= warm_up => {
                own.micros.push(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
            }
            Ok(()) => {}
            Err(error) => {
                *own.failures.entry(error.to_string()).or_default() += 1;
                // A server that refuses is not to be overrun as well.
                thread::sleep(Duration::from_millis(20));
            }
        }
    }
    own
}
