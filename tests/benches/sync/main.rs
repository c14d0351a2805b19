//! `cargo xtask bench sync`: back to coverage, first sync, nothing new, a fleet at once, restart.
//!
//! Real phones on real files, the real server process with durable storage, real HTTP through a
//! counting proxy. A measure ends when the last byte is on the wire and the last write on disk,
//! on both sides: a phone's answer is stored before the call returns, a server's commit before
//! it answers. After every run the server is killed, started again, and its log counted.

mod figure;
mod fleet;
mod one_phone;

use clap::Parser;

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
    /// Cargo says so when it runs benchmarks
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    fn wants(&self, bench: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| bench.starts_with(only.as_str()))
    }
}

fn main() {
    let options = Options::parse();
    let mut figures = Vec::new();
    for _ in 0..options.repeat.max(1) {
        if ["W1", "W2", "W3", "W5"].iter().any(|bench| options.wants(bench)) {
            figures.extend(one_phone::measure(options.seed));
        }
        if options.wants("W4") {
            figures.push(fleet::measure(options.seed));
        }
    }
    figures.retain(|figure| options.wants(figure.bench));
    if options.json {
        figures.iter().for_each(|figure| println!("{}", figure.json()));
    } else {
        figure::print_table(figures);
    }
}
