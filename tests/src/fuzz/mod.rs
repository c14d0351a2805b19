//! Fuzzing: what hostile bytes may never do, as one function a target.
//!
//! The same functions are driven three ways: a short seeded loop in the ordinary tests
//! (`tests/tests/fuzz.rs`), a long one by the program `docket-fuzz`, and libFuzzer in `fuzz/`.
//! A target panics when it finds something; `cargo xtask fuzz` keeps what it found.

mod gate;
mod mutate;
mod seeds;
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

pub use targets::{TARGETS, Target};

use crate::random::Random;

/// One input may take this long on a machine that is busy with much else; a bomb takes for ever.
const INPUT_LIMIT: Duration = Duration::from_secs(10);

/// What a loop has done.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Inputs tried.
    pub inputs: u64,
    /// The input that broke something, and what it broke.
    pub crasher: Option<(Vec<u8>, String)>,
}

/// Tries mutations of the target's seeds until `enough` says so or something breaks.
pub fn run(target: &Target, seed: u64, mut enough: impl FnMut(u64) -> bool) -> Outcome {
    let seeds = seeds::of(target.name);
    let mut random = Random::new(seed);
    let mut outcome = Outcome::default();
    // What a target sets up once is not the first input's fault.
    (target.try_input)(&[]);
    while !enough(outcome.inputs) {
        let at = outcome.inputs as usize;
        // The seeds themselves come first, as they are.
        let input = seeds.get(at).cloned().unwrap_or_else(|| mutate::mutated(&seeds, &mut random));
        outcome.inputs += 1;
        if let Some(broken) = tried(target, &input) {
            outcome.crasher = Some((input, broken));
            return outcome;
        }
    }
    outcome
}

/// What one input breaks, if anything.
pub fn tried(target: &Target, input: &[u8]) -> Option<String> {
    let began = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| (target.try_input)(input)));
    match outcome {
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Some(text.unwrap_or_else(|| "a panic without words".to_owned()))
        }
        Ok(()) if began.elapsed() > INPUT_LIMIT => Some(format!("took {:?}", began.elapsed())),
        Ok(()) => None,
    }
}

/// Stored inputs of a target that once broke something.
pub fn stored(target: &Target) -> Vec<Vec<u8>> {
    seeds::stored(target.name)
}

/// Panics when an input breaks the target of this name; for libFuzzer.
pub fn must_hold(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.expect("a target of this name").try_input)(input);
}
