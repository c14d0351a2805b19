//! The simulator: phones, a server and the people who use them, in one process and from one
//! seed, with every fault that the list of faults names.
//!
//! ```text
//! people -> phone (client-core) -> network (late, twice, cut, never) -> server (router, gate,
//!             |  own wrong clock                                          |  log, merge)
//!           model: what was called saved      log book: the log, read and built again
//!             \_________________________ checkers _________________________/
//! ```
//!
//! Nothing here is a stand-in for product code: the phones are the real core on real stores, the
//! server is the real router over the real store. A run has a safety phase (faults on, what must
//! hold at every moment checked at every moment) and a liveness phase (all healed, and within
//! three rounds all must be equal). The same seed gives the same run, byte for byte.
//!
//! Reading order: [`world`] -> [`people`], [`hand_over`], [`network`], [`faults`] -> [`check`].

mod check;
#[cfg(feature = "planted")]
pub mod drill;
pub mod edits;
mod faults;
pub mod fleet;
mod hand_over;
pub mod invariant;
mod logbook;
mod network;
mod organisation;
mod people;
mod phone;
mod server;
mod swarm;
mod time;
mod trace;
mod world;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

pub use server::Host;

use invariant::{Invariant, Violation};
use world::World;

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its seed.
    pub seed: u64,
    /// What did not hold.
    pub violation: Option<Violation>,
    /// The hash of everything that happened.
    pub hash: u64,
    /// How often each kind of thing happened.
    pub counts: BTreeMap<&'static str, u64>,
    /// What happened, where it was asked for.
    pub lines: Vec<String>,
}

/// Plays the run of a seed.
pub fn run(host: &Rc<Host>, seed: u64, keeps_lines: bool) -> Run {
    let mut run =
        Run { seed, violation: None, hash: 0, counts: BTreeMap::new(), lines: Vec::new() };
    // The account survives a panic in the product, which is a finding like any other.
    let mut world = None;
    let played = catch_unwind(AssertUnwindSafe(|| {
        let world = world.insert(World::new(host, seed, keeps_lines)?);
        world.run()
    }));
    let panicked = |_| Invariant::NoPanic.broken("a panic; the lines above say where");
    run.violation = played.unwrap_or_else(panicked).err();
    if let Some(world) = &world {
        run.hash = world.trace.hash();
        run.counts = world.trace.counts().clone();
        run.lines = world.trace.lines().to_vec();
    }
    run
}
