//! A thread that does soon afterwards what a writer does not wait for.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use crate::error::{Error, Result};

/// What is written within so long is dealt with at once.
const GATHER: Duration = Duration::from_millis(50);

/// The way to the thread. Dropping it has the work done for the last time and waits for that.
pub(super) struct Behind {
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Behind {
    /// Starts the thread. The work is done now, soon after whoever wakes the thread, and unasked when it was not done for so
    /// long as `unasked` says.
    pub fn start(name: &str, unasked: Option<Duration>, work: impl FnMut() + Send + 'static) -> Result<Self> {
        let (wake, woken) = sync_channel(1);
        let run = move || work_for_ever(unasked, &woken, work);
        let thread = std::thread::Builder::new().name(name.into()).spawn(run).map_err(Error::internal)?;
        Ok(Self { wake: Some(wake), thread: Some(thread) })
    }

    /// Says that there is something to do.
    pub fn wake(&self) {
        // A full channel wakes it just as well.
        if let Some(wake) = &self.wake {
            let _ = wake.try_send(());
        }
    }
}

impl Drop for Behind {
    fn drop(&mut self) {
        self.wake = None;
        let own = std::thread::current().id();
        if let Some(thread) = self.thread.take().filter(|thread| thread.thread().id() != own) {
            let name = thread.thread().name().unwrap_or_default().to_owned();
            if thread.join().is_err() {
                log::error!("the thread \"{name}\" panicked");
            }
        }
    }
}

fn work_for_ever(unasked: Option<Duration>, woken: &Receiver<()>, mut work: impl FnMut()) {
    loop {
        work();
        let woken_up = match unasked {
            Some(after) => woken.recv_timeout(after),
            None => woken.recv().map_err(RecvTimeoutError::from),
        };
        let ended = match woken_up {
            Ok(()) => gather(woken).is_err(),
            Err(error) => error == RecvTimeoutError::Disconnected,
        };
        if ended {
            return work();
        }
    }
}

/// Waits for what comes soon after the first; an error when nobody is left who could wake the thread.
fn gather(woken: &Receiver<()>) -> std::result::Result<(), RecvTimeoutError> {
    let until = Instant::now() + GATHER;
    loop {
        match woken.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout) => return Ok(()),
            Err(ended) => return Err(ended),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    };

    use super::*;

    /// A thread that counts how often it worked, and tells each time.
    fn counting() -> (Behind, Arc<AtomicU32>, Receiver<()>) {
        let (times, (tell, told)) = (Arc::new(AtomicU32::new(0)), std::sync::mpsc::channel());
        let counted = Arc::clone(&times);
        let work = move || {
            counted.fetch_add(1, SeqCst);
            let _ = tell.send(());
        };
        (Behind::start("test", None, work).unwrap(), times, told)
    }

    #[test]
    fn it_works_at_the_start_after_a_wake_and_at_the_end() {
        let (behind, times, told) = counting();
        told.recv().unwrap();
        behind.wake();
        told.recv().unwrap();
        drop(behind);
        assert_eq!(times.load(SeqCst), 3);
    }

    #[test]
    fn wakes_that_come_together_are_one() {
        let (behind, times, told) = counting();
        told.recv().unwrap();
        (0..100).for_each(|_| behind.wake());
        drop(behind);
        // Nobody was left to gather for, so what was asked and the end are one too.
        assert_eq!(times.load(SeqCst), 2);
    }
}
