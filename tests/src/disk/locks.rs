//! The locks of one file between connections of one process: SQLite's five levels, and the eight
//! slots of shared memory that write-ahead logging uses.
//!
//! Only bookkeeping; whoever does not get a lock is told so and comes again.

/// A connection's lock on a database file, in SQLite's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Level {
    #[default]
    None,
    Shared,
    Reserved,
    Pending,
    Exclusive,
}

impl Level {
    pub(super) fn from_sqlite(level: i32) -> Self {
        match level {
            0 => Self::None,
            1 => Self::Shared,
            2 => Self::Reserved,
            3 => Self::Pending,
            _ => Self::Exclusive,
        }
    }
}

/// Names a connection.
pub(super) type Holder = u64;

/// Who holds what on one file.
#[derive(Debug, Default)]
pub(super) struct FileLocks {
    held: Vec<(Holder, Level)>,
}

impl FileLocks {
    /// Raises a lock; false when somebody is in the way. Asking for `Exclusive` in vain leaves
    /// `Pending`, which keeps new readers out.
    pub(super) fn raise(&mut self, holder: Holder, wanted: Level) -> bool {
        let mine = self.level(holder);
        if mine >= wanted {
            return true;
        }
        let others = self.held.iter().filter(|(other, _)| *other != holder);
        let highest = others.map(|(_, level)| *level).max().unwrap_or_default();
        match wanted {
            Level::Shared if highest >= Level::Pending => false,
            Level::Reserved if highest >= Level::Reserved => false,
            Level::Pending | Level::Exclusive if highest >= Level::Reserved => false,
            Level::Pending | Level::Exclusive if highest >= Level::Shared => {
                self.set(holder, Level::Pending);
                false
            }
            _ => {
                self.set(holder, wanted);
                true
            }
        }
    }

    /// Lowers a lock.
    pub(super) fn lower(&mut self, holder: Holder, to: Level) {
        if self.level(holder) > to {
            self.set(holder, to);
        }
    }

    /// Whether anybody is about to write.
    pub(super) fn reserved(&self) -> bool {
        self.held.iter().any(|(_, level)| *level >= Level::Reserved)
    }

    fn level(&self, holder: Holder) -> Level {
        self.held.iter().find(|(other, _)| *other == holder).map_or(Level::None, |(_, it)| *it)
    }

    fn set(&mut self, holder: Holder, level: Level) {
        self.held.retain(|(other, _)| *other != holder);
        if level != Level::None {
            self.held.push((holder, level));
        }
    }
}

/// Slots of shared memory, and who holds which.
#[derive(Debug, Default)]
pub(super) struct SlotLocks {
    held: Vec<(Holder, usize, bool)>,
}

impl SlotLocks {
    /// Takes slots, all or none; false when somebody is in the way.
    pub(super) fn take(
        &mut self,
        holder: Holder,
        slots: std::ops::Range<usize>,
        exclusive: bool,
    ) -> bool {
        let in_the_way = self.held.iter().any(|(other, slot, exclusively)| {
            *other != holder && slots.contains(slot) && (exclusive || *exclusively)
        });
        if !in_the_way {
            self.give(holder, slots.clone());
            self.held.extend(slots.map(|slot| (holder, slot, exclusive)));
        }
        !in_the_way
    }

    /// Gives slots back.
    pub(super) fn give(&mut self, holder: Holder, slots: std::ops::Range<usize>) {
        self.held.retain(|(other, slot, _)| *other != holder || !slots.contains(slot));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_writer_and_many_readers_until_it_commits() {
        let mut locks = FileLocks::default();
        assert!(locks.raise(1, Level::Shared) && locks.raise(2, Level::Shared));
        assert!(locks.raise(1, Level::Reserved) && !locks.raise(2, Level::Reserved));
        assert!(!locks.raise(1, Level::Exclusive), "a reader is in the way");
        assert!(!locks.raise(3, Level::Shared), "and no new one comes in");
        locks.lower(2, Level::None);
        assert!(locks.raise(1, Level::Exclusive) && locks.reserved());
        locks.lower(1, Level::None);
        assert!(locks.raise(3, Level::Shared) && !locks.reserved());
    }

    #[test]
    fn slots_are_taken_together_or_not_at_all() {
        let mut locks = SlotLocks::default();
        assert!(locks.take(1, 3..4, false) && locks.take(2, 3..4, false));
        assert!(!locks.take(3, 0..8, true));
        assert!(locks.take(3, 0..3, true) && !locks.take(1, 1..2, false));
        locks.give(1, 3..4);
        locks.give(2, 3..4);
        assert!(locks.take(3, 3..8, true));
    }
}
