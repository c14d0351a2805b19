//! What may go wrong in one run, and how often: drawn from the seed.
//!
//! Each class of fault is off in some runs and frequent in others (swarm testing): bugs that one
//! fault hides from another are found because the two seldom come together.

use crate::Random;
use crate::sim::time::{DAY, HOUR, MINUTE, TEN_YEARS};

/// The faults of one run. Rates are per thousand.
#[derive(Debug, Clone)]
pub(crate) struct Swarm {
    /// Phones at the start, 1 to 8.
    pub(crate) phones: usize,
    /// Things that people do.
    pub(crate) steps: u32,
    /// Requests and answers that never arrive.
    pub(crate) loss: u64,
    /// Requests that arrive again.
    pub(crate) duplicate: u64,
    /// Longest way, ms.
    pub(crate) delay_max: i64,
    /// Requests, and answers, cut at some byte.
    pub(crate) cut: u64,
    /// Requests with a byte altered.
    pub(crate) flip: u64,
    /// Requests that a Wi-Fi's sign-in page answers.
    pub(crate) portal: u64,
    /// A phone has no coverage for a while.
    pub(crate) no_coverage: u64,
    /// A phone's app dies at some step of its disk.
    pub(crate) phone_kill: u64,
    /// The server dies at some step of its disk.
    pub(crate) server_kill: u64,
    /// A phone's disk fails once.
    pub(crate) phone_disk: u64,
    /// A phone's disk is full for a while.
    pub(crate) phone_full: u64,
    /// The server's disk fails once.
    pub(crate) server_disk: u64,
    /// The server's disk is full for a while.
    pub(crate) server_full: u64,
    /// Largest error of a phone's clock, ms; clocks jump within it.
    pub(crate) skew_max: i64,
    /// Largest error of the server's clock, ms.
    pub(crate) server_skew_max: i64,
    /// Hours and days in which nothing happens: tokens expire.
    pub(crate) leaps: u64,
    /// Somebody's role changes.
    pub(crate) role_change: u64,
    /// A phone is revoked.
    pub(crate) revoke: u64,
    /// The server's database is backed up, and once put back.
    pub(crate) server_restore: u64,
    /// A phone is backed up, and once put back.
    pub(crate) phone_restore: u64,
    /// A phone is copied, once.
    pub(crate) phone_copy: u64,
    /// The app is opened a second time beside the first.
    pub(crate) second_tab: u64,
    /// Somebody signs out and perhaps somebody else in.
    pub(crate) sign_out: u64,
    /// Two phones meet, and a job goes from one to the other.
    pub(crate) hand_over: u64,
}

impl Swarm {
    /// Draws the faults of a run.
    pub(crate) fn draw(random: &mut Random) -> Self {
        let phones =
            1 + [random.below(3), random.below(3), random.below(8)][random.below(3) as usize];
        let delay_max = [200, 5_000, 2 * MINUTE, 3 * DAY][random.below(4) as usize];
        Self {
            phones: phones as usize,
            steps: 12 + random.below(36) as u32,
            loss: some(random, 300),
            duplicate: some(random, 500),
            delay_max,
            cut: some(random, 100),
            flip: some(random, 50),
            portal: some(random, 50),
            no_coverage: some(random, 80),
            phone_kill: some(random, 150),
            server_kill: some(random, 30),
            phone_disk: some(random, 40),
            phone_full: some(random, 40),
            server_disk: some(random, 20),
            server_full: some(random, 20),
            skew_max: [0, MINUTE, DAY, TEN_YEARS][random.below(4) as usize],
            server_skew_max: [0, 0, MINUTE, HOUR][random.below(4) as usize],
            leaps: some(random, 60),
            role_change: some(random, 40),
            revoke: some(random, 10),
            server_restore: rarely(random, 60),
            phone_restore: rarely(random, 60),
            phone_copy: rarely(random, 120),
            second_tab: some(random, 20),
            sign_out: some(random, 30),
            hand_over: some(random, 300),
        }
    }
}

/// Off in half of all runs, otherwise anything up to `most`.
fn some(random: &mut Random, most: u64) -> u64 {
    if random.chance(500) { 0 } else { 1 + random.below(most) }
}

/// Off in most runs.
fn rarely(random: &mut Random, most: u64) -> u64 {
    if random.chance(700) { 0 } else { 1 + random.below(most) }
}
