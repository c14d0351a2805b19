//! `cargo xtask bench sync`: back to coverage, first sync, nothing new, a fleet at once, restart.
//!
//! Real phones on real files, the real server process with durable storage, real HTTP through a
//! counting proxy. A measure ends when the last byte is on the wire and the last write on disk,
//! on both sides: a phone's answer is stored before the call returns, a server's commit before
//! it answers. After every run the server is killed, started again, and its log counted.

mod figure;
mod fleet;
mod one_phone;
mod peers;

use std::panic::{UnwindSafe, catch_unwind};

use clap::Parser;
use clap::builder::PossibleValuesParser;

use figure::Figure;

/// What to measure.
#[derive(Parser)]
pub(crate) struct Options {
    /// Print one JSON line a measure instead of a table
    #[arg(long)]
    json: bool,
    /// How often each measure is taken
    #[arg(long, default_value_t = 3)]
    repeat: usize,
    /// Seed of the workload's texts
    #[arg(long, default_value_t = 20_261_123)]
    seed: u64,
    /// Only these measures, such as W1
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Measure other systems on the same work, too (all of them, or those named)
    #[arg(long, num_args = 0.., value_delimiter = ',')]
    #[arg(value_parser = PossibleValuesParser::new(peers::SYSTEMS))]
    peers: Option<Vec<String>>,
    /// Cargo says so when it runs benchmarks
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    fn wants(&self, bench: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| bench.starts_with(only.as_str()))
    }

    /// Peers to measure.
    fn systems(&self) -> impl Iterator<Item = &'static str> {
        let wanted = |system: &&str| match self.peers.as_deref() {
            None => false,
            Some([]) => true,
            Some(named) => named.iter().any(|name| name == system),
        };
        peers::SYSTEMS.into_iter().filter(wanted)
    }
}

fn main() {
    let options = Options::parse();
    let mut figures = Vec::new();
    let mut taken = |mut some: Vec<Figure>| {
        some.retain(|figure| options.wants(figure.bench));
        if options.json {
            some.iter().for_each(|figure| println!("{}", figure.json()));
        }
        figures.append(&mut some);
    };
    for _ in 0..options.repeat.max(1) {
        if ["W1", "W2", "W3", "W5"].iter().any(|bench| options.wants(bench)) {
            taken(one_phone::measure(options.seed));
        }
        if options.wants("W4") {
            taken(vec![fleet::measure(options.seed)]);
        }
        for system in options.systems() {
            if options.wants("W1") || options.wants("W2") || options.wants("W3") {
                taken(tried(|| peers::one_phone(system, options.seed)));
            }
            if options.wants("W4") {
                taken(tried(|| vec![peers::fleet(system, options.seed)]));
            }
        }
    }
    if !options.json {
        figure::print_table(figures);
    }
}

/// What a peer managed: one that gives up its work says why, and the others are measured all the
/// same.
fn tried(measure: impl FnOnce() -> Vec<Figure> + UnwindSafe) -> Vec<Figure> {
    catch_unwind(measure).unwrap_or_default()
}
