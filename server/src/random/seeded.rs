//! Seeded randomness for simulated servers; compiled only with the feature `simulated`.
//!
//! A [`Source`] counts only on threads that it was given to. The simulator gives it to its own
//! thread and to those of its runtime; the store hands it on to the writer's.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

thread_local! {
    static SOURCE: RefCell<Option<Source>> = const { RefCell::new(None) };
}

/// A shared sequence of numbers (SplitMix64); clones draw from the same one.
#[derive(Debug, Clone, Default)]
pub struct Source(Arc<Mutex<u64>>);

impl Source {
    /// Starts the sequence again from a seed.
    pub fn restart(&self, seed: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = seed;
    }

    /// Everything random on this thread comes from this source from now on.
    pub fn adopt(&self) {
        SOURCE.set(Some(self.clone()));
    }

    fn next(&self) -> u64 {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// Fills the buffer if this thread has a source.
pub(super) fn fill(bytes: &mut [u8]) -> bool {
    SOURCE.with_borrow(|source| {
        let Some(source) = source else { return false };
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&source.next().to_be_bytes()[..chunk.len()]);
        }
        true
    })
}

pub(super) fn handed_on<T>(work: impl FnOnce() -> T + Send) -> impl FnOnce() -> T + Send {
    let source = SOURCE.with_borrow(Clone::clone);
    move || {
        SOURCE.set(source);
        work()
    }
}
