//! Many runs: one thread a core, each taking the next seed, and the account of all of them.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::sim::{Host, Run, run};

/// More threads than cores: each waits for its server's threads now and then.
const THREADS_PER_CORE: usize = 2;

/// What many runs came to.
#[derive(Debug, Default)]
pub struct Account {
    /// The first seed.
    pub first_seed: u64,
    /// Runs that ended.
    pub seeds: u64,
    /// Those that broke an invariant.
    pub broken: Vec<Run>,
    /// What happened in all of them.
    pub counts: BTreeMap<&'static str, u64>,
    /// How long it took.
    pub took: Duration,
}

impl Account {
    /// One line for programs.
    pub fn json(&self) -> Json {
        json!({
            "seeds": self.seeds,
            "violations": self.broken.len(),
            "runs_per_s": (self.per_second() * 10.0).round() / 10.0,
            "first_seed": self.first_seed,
            "broken_seeds": self.broken.iter().map(|run| run.seed).collect::<Vec<_>>(),
            "faults": self.counts,
        })
    }

    /// Runs in a second.
    pub fn per_second(&self) -> f64 {
        self.seeds as f64 / self.took.as_secs_f64().max(0.001)
    }
}

/// How many runs to play, and when to end early.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// The first seed.
    pub first_seed: u64,
    /// How many.
    pub count: u64,
    /// Once so many are broken, more would say nothing new.
    pub broken_max: usize,
    /// However many are still to be played.
    pub until: Option<Instant>,
}

/// Plays the runs; tells `told` of each that broke something.
pub fn play(plan: Plan, told: impl Fn(&Run) + Sync) -> Account {
    let Plan { first_seed, count, broken_max, until } = plan;
    let started = Instant::now();
    let next = AtomicU64::new(0);
    let account = Mutex::new(Account { first_seed, ..Account::default() });
    let work = || {
        let host = Host::new();
        loop {
            let late = until.is_some_and(|until| Instant::now() >= until);
            let number = next.fetch_add(1, Ordering::Relaxed);
            let enough = || account.lock().is_ok_and(|all| all.broken.len() >= broken_max);
            if late || number >= count || enough() {
                return;
            }
            let run = run(&host, first_seed + number, false);
            let Ok(mut all) = account.lock() else { return };
            all.seeds += 1;
            for (kind, times) in &run.counts {
                *all.counts.entry(kind).or_default() += times;
            }
            if run.violation.is_some() {
                told(&run);
                all.broken.push(run);
            }
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores * THREADS_PER_CORE {
            scope.spawn(work);
        }
    });
    let mut account = account.into_inner().unwrap_or_default();
    account.took = started.elapsed();
    account.broken.sort_by_key(|run| run.seed);
    account
}
