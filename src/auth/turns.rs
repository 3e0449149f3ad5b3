//! What this process does one at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::Id;

/// Whose turn it is.
#[derive(Clone, Debug, Default)]
pub struct Turns(Arc<Mutex<Held>>);

#[derive(Clone, Copy, Debug, Default)]
enum Held {
    #[default]
    Free,
    /// By somebody whose work has no name yet.
    Taken,
    By(Id),
}

/// A turn. It is over when this is dropped, also by a panic.
#[derive(Debug)]
pub struct Turn(Turns);

impl Turns {
    /// The turn, if nobody has it.
    pub fn take(&self) -> Option<Turn> {
        let mut held = self.held();
        matches!(*held, Held::Free).then(|| {
            *held = Held::Taken;
            Turn(self.clone())
        })
    }

    /// Whose turn it is, as far as that was said.
    pub fn holder(&self) -> Option<Id> {
        match *self.held() {
            Held::By(id) => Some(id),
            Held::Free | Held::Taken => None,
        }
    }

    /// Whoever has the turn says for what.
    pub fn name(&self, id: Id) {
        *self.held() = Held::By(id);
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // Nothing can panic while it is locked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *self.0.held() = Held::Free;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_turn_at_a_time_and_it_ends_with_its_holder() {
        let (turns, id) = (Turns::default(), Id::from_bytes([1; 16]));
        let turn = turns.take().unwrap();
        assert!(turns.take().is_none() && turns.holder().is_none());
        turns.name(id);
        assert!(turns.take().is_none() && turns.holder() == Some(id));
        drop(turn);
        assert!(turns.holder().is_none() && turns.take().is_some());
    }
}
