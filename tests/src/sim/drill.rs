//! The drill: does the simulator find mistakes that are known to be there?
//!
//! Each mistake of [`docket_protocol::planted`] is planted by itself, and runs are played until
//! one of them breaks an invariant or its time is up.

use std::time::{Duration, Instant};

use docket_protocol::planted;
use serde_json::{Value as Json, json};

use crate::sim::fleet::{self, Plan};
use crate::sim::invariant::Invariant;

/// Time for all mistakes together.
const IN_ALL: Duration = Duration::from_secs(600);

/// The first look at each mistake; what is left of the time is for those not found by then.
const FIRST_LOOK: Duration = Duration::from_secs(8);

/// How the search for one mistake went.
#[derive(Debug)]
pub struct Search {
    /// The mistake.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// What gave it away; none when nothing did.
    pub by: Option<Invariant>,
    /// Runs played.
    pub runs: u64,
    /// How long it took.
    pub took: Duration,
}

impl Search {
    /// One line for programs.
    pub fn json(&self) -> Json {
        json!({
            "mistake": self.name,
            "found_by": self.by.map(|invariant| format!("{invariant:?}")),
            "runs": self.runs,
            "seconds": (self.took.as_secs_f64() * 10.0).round() / 10.0,
        })
    }

    /// Plays runs with the mistake in them, going on where the last look ended.
    fn look(&mut self, first_seed: u64, patience: Duration) {
        planted::plant(self.name);
        let until = Some(Instant::now() + patience);
        let first_seed = first_seed + self.runs;
        let account =
            fleet::play(Plan { first_seed, count: u64::MAX, broken_max: 1, until }, |_| {});
        planted::plant("");
        let broken = account.broken.first().and_then(|run| run.violation.as_ref());
        self.by = broken.map(|violation| violation.invariant);
        self.runs += account.seeds;
        self.took += account.took;
    }
}

/// Searches for every mistake, telling `told` how each search went: a short look at each, then a
/// longer one at those that hide better.
pub fn run(first_seed: u64, told: impl Fn(&Search)) -> Vec<Search> {
    let started = Instant::now();
    let fresh = |&(name, about): &(&'static str, &'static str)| Search {
        name,
        about,
        by: None,
        runs: 0,
        took: Duration::ZERO,
    };
    let mut searches: Vec<Search> = planted::ALL.iter().map(fresh).collect();
    for search in &mut searches {
        search.look(first_seed, FIRST_LOOK);
        if search.by.is_some() {
            told(search);
        }
    }
    let mut hidden: Vec<&mut Search> =
        searches.iter_mut().filter(|search| search.by.is_none()).collect();
    while let Some(search) = hidden.pop() {
        let left = IN_ALL.saturating_sub(started.elapsed());
        search.look(first_seed, left / (hidden.len() as u32 + 1));
        told(search);
    }
    searches
}
