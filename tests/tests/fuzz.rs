//! Hostile bytes, briefly: every target over its seeds and some thousand mutations, with fixed
//! seeds; and everything that once broke a target. `cargo xtask fuzz` does the same for longer.

use docket_tests::fuzz::{TARGETS, run, stored, tried};

/// A few seconds altogether, on a slow machine.
const INPUTS: u64 = 1_500;

/// FAULTS row 40: random and mutated bytes are refused, never a panic, in bounded time.
#[test]
fn mutated_bytes_break_nothing() {
    for target in &TARGETS {
        for seed in [1, 2] {
            let outcome = run(target, seed, |inputs| inputs >= INPUTS);
            let broken = outcome.crasher.map(|(_, broken)| broken);
            assert_eq!(broken, None, "{}, seed {seed}, input {}", target.name, outcome.inputs);
        }
    }
}

/// FAULTS row 40: what once broke something never does again.
#[test]
fn nothing_breaks_twice() {
    for target in &TARGETS {
        for (number, input) in stored(target).iter().enumerate() {
            assert_eq!(tried(target, input), None, "{}: {number}", target.name);
        }
    }
}
