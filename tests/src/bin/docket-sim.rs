//! `cargo xtask sim` ends here: plays one run and tells its story, or many and counts.

use std::process::ExitCode;

use clap::Parser;
use docket_tests::sim::fleet::{self, Plan};
use docket_tests::sim::{Host, run};

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
    /// Plant known mistakes, one after the other, and see which are found
    #[arg(long)]
    drill: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    match options.seed {
        _ if options.drill => drill(&options),
        Some(seed) => one(seed),
        None => many(&options),
    }
}

#[cfg(feature = "planted")]
fn drill(options: &Options) -> ExitCode {
    use docket_tests::sim::drill::{self, Search};

    // The mistakes make some runs panic, which is one way to be found.
    std::panic::set_hook(Box::new(|_| {}));
    let searched = drill::run(options.from, |it: &Search| {
        let found = it.by.map_or("not found".to_owned(), |by| format!("found by {by:?}"));
        let (runs, took) = (it.runs, it.took.as_secs_f64());
        println!("{:<24} {found:<18} {runs:>5} runs {took:>6.1} s  {}", it.name, it.about);
    });
    let found = searched.iter().filter(|it| it.by.is_some()).count();
    if options.json {
        let mistakes: Vec<_> = searched.iter().map(Search::json).collect();
        let planted = searched.len();
        println!(
            "{}",
            serde_json::json!({"planted": planted, "found": found, "mistakes": mistakes})
        );
    } else {
        println!("{found} of {} found", searched.len());
    }
    // At least 19 of 20.
    ended(found * 20 >= searched.len() * 19)
}

#[cfg(not(feature = "planted"))]
fn drill(_: &Options) -> ExitCode {
    eprintln!("this build has no mistakes planted; cargo xtask sim --drill makes one that has");
    ExitCode::FAILURE
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
    let (first_seed, count) = (options.from, options.seeds);
    let account = fleet::play(Plan { first_seed, count, broken_max: 10, until: None }, |run| {
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
