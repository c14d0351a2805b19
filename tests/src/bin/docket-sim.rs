//! `cargo xtask sim` ends here: plays one run and tells its story, or many and counts.

use std::process::ExitCode;

use clap::Parser;
use docket_tests::sim::{Host, fleet, run};

/// Plays simulated days of phones, a server and everything that can go wrong
#[derive(Parser)]
#[command(name = "cargo xtask sim", bin_name = "cargo xtask sim")]
struct Options {
    /// Play this run again and tell its story
    #[arg(long)]
    seed: Option<u64>,
    /// How many runs
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The first of them
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// End with one line of JSON
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    match options.seed {
        Some(seed) => one(seed),
        None => many(&options),
    }
}

fn one(seed: u64) -> ExitCode {
    let run = run(&Host::new(), seed, true);
    for line in &run.lines {
        println!("{line}");
    }
    match &run.violation {
        Some(violation) => println!("\nseed {seed}: {violation}"),
        None => println!("\nseed {seed}: everything held, hash {:016x}", run.hash),
    }
    ended(run.violation.is_none())
}

fn many(options: &Options) -> ExitCode {
    let account = fleet::play(options.from, options.seeds, None, |run| {
        if let Some(violation) = &run.violation {
            eprintln!("seed {}: {violation}", run.seed);
        }
    });
    for run in &account.broken {
        eprintln!("play it again: cargo xtask sim --seed {}", run.seed);
    }
    if options.json {
        println!("{}", account.json());
    } else {
        let (seeds, broken) = (account.seeds, account.broken.len());
        println!("{seeds} runs, {broken} broken, {:.1} runs a second", account.per_second());
    }
    ended(account.broken.is_empty())
}

fn ended(well: bool) -> ExitCode {
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
