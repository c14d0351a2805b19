//! The drill: does the simulator find mistakes that are known to be there?
//!
//! Each mistake of [`docket_protocol::planted`] is planted by itself, and runs are played until
//! one of them breaks an invariant or its time is up.

use std::time::{Duration, Instant};

use docket_protocol::planted;
use serde_json::{Value as Json, json};

use crate::sim::fleet::{self, Plan};
use crate::sim::invariant::Invariant;

/// Time for one mistake; all of them together have ten minutes.
const EACH: Duration = Duration::from_secs(20);

/// How the search for one mistake went.
#[derive(Debug)]
pub struct Searched {
    /// The mistake.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// What gave it away; none when nothing did.
    pub by: Option<Invariant>,
    /// Runs played.
    pub seeds: u64,
    /// How long it took.
    pub took: Duration,
}

impl Searched {
    /// One line for programs.
    pub fn json(&self) -> Json {
        json!({
            "mistake": self.name,
            "found_by": self.by.map(|invariant| format!("{invariant:?}")),
            "seeds": self.seeds,
            "seconds": (self.took.as_secs_f64() * 10.0).round() / 10.0,
        })
    }
}

/// Searches for every mistake in turn, telling `told` how each search went.
pub fn run(first_seed: u64, told: impl Fn(&Searched)) -> Vec<Searched> {
    let search = |(name, about): &(&'static str, &'static str)| {
        planted::plant(name);
        let until = Some(Instant::now() + EACH);
        let plan = Plan { first_seed, count: u64::MAX, broken_max: 1, until };
        let account = fleet::play(plan, |_| {});
        planted::plant("");
        let found = account.broken.first().and_then(|run| run.violation.as_ref());
        let by = found.map(|violation| violation.invariant);
        let searched = Searched { name, about, by, seeds: account.seeds, took: account.took };
        told(&searched);
        searched
    };
    planted::ALL.iter().map(search).collect()
}
