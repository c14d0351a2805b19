//! The log of everything done to a disk, to be played again and stopped anywhere.

use crate::disk::platter::{Op, Platter};

/// A disk's state when recording began, and everything done to it since.
#[derive(Debug, Clone)]
pub struct Recording {
    pub(super) start: Platter,
    pub(super) ops: Vec<Op>,
}

impl Recording {
    /// How much was done.
    pub fn steps(&self) -> usize {
        self.ops.len()
    }

    /// The operations that were syncs, counted from 0.
    pub fn syncs(&self) -> Vec<u64> {
        let is_sync = |(_, op): &(u64, &Op)| matches!(op, Op::Sync { .. });
        (0..).zip(&self.ops).filter(is_sync).map(|(at, _)| at).collect()
    }

    /// Plays the log and stops before the first operation and after every one: `at` gets how
    /// many operations were done, and the disk, which it can cut the power of.
    pub fn each_moment(&self, mut at: impl FnMut(usize, &Platter)) {
        let mut platter = self.start.clone();
        at(0, &platter);
        for (done, op) in self.ops.iter().enumerate() {
            platter.apply(op.clone());
            at(done + 1, &platter);
        }
    }
}
