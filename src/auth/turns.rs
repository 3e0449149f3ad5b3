//! What this process does one at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::Id;

/// Whose turn it is.
#[derive(Clone, Debug, Default)]
pub struct Turns(Arc<Mutex<Option<Id>>>);

/// A turn. It is over when this is dropped, also by a panic.
#[derive(Debug)]
pub struct Turn(Turns);

impl Turns {
    /// The turn, for the work with this name, if nobody has it.
    pub fn take(&self, id: Id) -> Option<Turn> {
        let mut held = self.held();
        held.is_none().then(|| {
            *held = Some(id);
            Turn(self.clone())
        })
    }

    /// Whose turn it is.
    pub fn holder(&self) -> Option<Id> {
        *self.held()
    }

    fn held(&self) -> MutexGuard<'_, Option<Id>> {
        // Nothing can panic while it is locked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *self.0.held() = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_turn_at_a_time_and_it_ends_with_its_holder() {
        let (turns, [one, other]) = (Turns::default(), [1, 2].map(|n| Id::from_bytes([n; 16])));
        let turn = turns.take(one).unwrap();
        assert!(turns.take(other).is_none() && turns.holder() == Some(one));
        drop(turn);
        assert!(turns.holder().is_none() && turns.take(other).is_some());
    }
}
