//! How long to wait after a failure: twice as long each time, never longer than five minutes,
//! with a random part so that a fleet does not come back in step.

use crate::env::Env;

const FIRST_MS: i64 = 1_000;
const LONGEST_MS: i64 = 300_000;

/// The waiting time.
#[derive(Default)]
pub(crate) struct Backoff {
    failures: u32,
    not_before: Option<i64>,
}

impl Backoff {
    pub(crate) fn fail(&mut self, env: &mut Env<'_>) {
        let longest = FIRST_MS.saturating_mul(1 << self.failures.min(20)).min(LONGEST_MS);
        let random = i64::from(u16::from_be_bytes(env.bytes()));
        self.failures += 1;
        self.not_before = Some(env.now + longest / 2 + longest / 2 * random / 65_535);
    }

    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }

    /// The waiting time is over; the next failure waits longer still.
    pub(crate) fn over(&mut self) {
        self.not_before = None;
    }

    pub(crate) fn not_before(&self) -> Option<i64> {
        self.not_before
    }
}
