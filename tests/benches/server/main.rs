//! `cargo xtask bench server`: what one server takes and holds.
//!
//! Pushes a second of one organisation, from an edit on one phone to its sight on another, memory
//! among 100,000 records, and what nothing new costs as an organisation grows. The real server
//! process with durable storage, real phones, real HTTP over loopback. Clients and server share the
//! machine's cores. Judges nothing: budgets are printed beside what was measured.

mod backroom;
mod crowd;
mod figure;
mod growth;
mod line;
mod live;
mod memory;
mod pages;
mod push;

use std::path::PathBuf;
use std::thread::available_parallelism;

use clap::Parser;
use tokio::runtime::Builder;

use crowd::Crowd;
use figure::Figure;

/// What to measure.
#[derive(Parser)]
struct Options {
    /// Print one JSON line a measure instead of tables
    #[arg(long)]
    json: bool,
    /// Only these: push, live, memory, growth
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Data folder of the large organisation; made when missing, never written to afterwards
    #[arg(long)]
    data: PathBuf,
    /// Seed of the workload's texts
    #[arg(long, default_value_t = 20_261_123)]
    seed: u64,
    /// Cargo says so when it runs benchmarks
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    fn wants(&self, bench: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == bench)
    }

    fn print(&self, figures: &[Figure]) {
        if self.json {
            figures.iter().for_each(|figure| println!("{}", figure.json()));
        } else {
            figure::print_table(figures);
        }
    }
}

fn main() {
    let options = Options::parse();
    let seed = options.seed;
    // One thread drives all phones, so that the server has the other cores to itself.
    let runtime = Builder::new_current_thread().enable_io().build().expect("a runtime");
    if options.wants("live") {
        options.print(&[live::measure(seed)]);
    }
    if options.wants("memory") {
        options.print(&memory::measure(&options.data));
    }
    let mut crowd = None;
    if options.wants("growth") {
        let crowd = crowd.insert(Crowd::new(seed));
        let axes = [
            growth::records(&runtime, seed),
            growth::history(&runtime, seed),
            growth::phones(&runtime, crowd, seed),
        ];
        let figures: Vec<_> = axes.iter().flat_map(growth::Axis::figures).collect();
        options.print(&figures);
        pages::write(&axes);
    }
    if options.wants("push") {
        let mut crowd = crowd.unwrap_or_else(|| Crowd::new(seed));
        options.print(&push::measure(&runtime, &mut crowd));
    }
    if !options.json {
        let cores = available_parallelism().map_or(1, usize::from);
        println!("\nClients and server share {cores} cores.");
    }
}
