//! Virtual time: one true clock that only the simulator sees; every node's own clock is wrong by
//! a skew of its own.
//!
//! Every edit gets a clock reading that no other edit in the run has. It travels in the change as
//! its timestamp, through rebuilding and re-authoring, and so names the edit wherever it goes.

use std::collections::BTreeSet;

use crate::sim::organisation::MADE_AT;

/// When every run begins, Unix ms.
pub(crate) const START: i64 = 1_795_000_000_000;
/// A minute in ms.
pub(crate) const MINUTE: i64 = 60_000;
/// An hour in ms.
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// A day in ms.
pub(crate) const DAY: i64 = 24 * HOUR;
/// Ten years in ms.
pub(crate) const TEN_YEARS: i64 = 3_652 * DAY;

/// The true clock.
pub(crate) struct Time {
    now: i64,
    stamps: BTreeSet<i64>,
}

impl Default for Time {
    fn default() -> Self {
        Self { now: START, stamps: BTreeSet::from([MADE_AT]) }
    }
}

impl Time {
    /// True time, Unix ms.
    pub(crate) fn now(&self) -> i64 {
        self.now
    }

    /// Time goes on.
    pub(crate) fn reach(&mut self, at: i64) {
        self.now = self.now.max(at);
    }

    /// A reading of a clock that is wrong by `skew`, different from every other one.
    pub(crate) fn stamp(&mut self, skew: i64) -> i64 {
        let mut stamp = self.now + skew;
        while !self.stamps.insert(stamp) {
            stamp += 1;
        }
        stamp
    }
}
