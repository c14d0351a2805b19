//! Errors a disk is told to answer with, and when.

use std::ops::Range;

use super::platter::Op;

/// An error of the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The operation fails and does nothing. A sync that fails loses what it should have saved.
    Io,
    /// Syncs fail, and lose what they should have saved; everything else works.
    Sync,
    /// No room: writes and new files fail, everything else works.
    Full,
}

/// Which steps fail.
#[derive(Debug, Default)]
pub(super) struct Faults {
    planned: Vec<(Range<u64>, Fault)>,
}

impl Faults {
    pub(super) fn plan(&mut self, steps: Range<u64>, fault: Fault) {
        self.planned.push((steps, fault));
    }

    pub(super) fn clear(&mut self) {
        self.planned.clear();
    }

    /// What happens to an operation at a step.
    pub(super) fn at(&self, step: u64, op: &Op) -> Option<Fault> {
        let hits = |fault: Fault| match fault {
            Fault::Io => true,
            Fault::Sync => matches!(op, Op::Sync { .. }),
            Fault::Full => matches!(op, Op::Write { .. } | Op::Name { name: Some(_), .. }),
        };
        self.planned
            .iter()
            .find(|(steps, fault)| steps.contains(&step) && hits(*fault))
            .map(|(_, fault)| *fault)
    }
}
