//! `cargo xtask sim`: simulated days of phones and a server, with everything that can go wrong.
//!
//! Builds the simulator of `tests` and hands over to it; what it does and says is documented
//! there. Without `--seed`, many seeds are played on all cores and only what broke is told.

use std::process::Command;

use anyhow::{Result, ensure};
use clap::Args;

use crate::process::cargo;
use crate::progress::{Done, step};
use crate::tree;

#[derive(Args)]
pub(crate) struct Options {
    /// Play this run again and tell its story
    #[arg(long, conflicts_with = "seeds")]
    seed: Option<u64>,
    /// How many runs
    #[arg(long)]
    seeds: Option<u64>,
    /// The first of them
    #[arg(long)]
    from: Option<u64>,
    /// End with one line of JSON
    #[arg(long)]
    json: bool,
    /// Plant known mistakes, one after the other, and see which are found
    #[arg(long, conflicts_with_all = ["seed", "seeds"])]
    drill: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    step("simulator", |step| {
        // The whole workspace decides about features, as everywhere else.
        let mut build = cargo();
        build.args(["build", "--workspace", "--bin", "docket-sim"]);
        if options.drill {
            build.args(["--features", "docket-tests/planted"]);
        }
        step.run(&mut build)?;
        Ok(Done::Now(String::new()))
    })?;
    let mut simulator = Command::new(tree::program("docket-sim"));
    for (name, value) in
        [("--seed", options.seed), ("--seeds", options.seeds), ("--from", options.from)]
    {
        if let Some(value) = value {
            simulator.args([name, &value.to_string()]);
        }
    }
    for (name, given) in [("--json", options.json), ("--drill", options.drill)] {
        if given {
            simulator.arg(name);
        }
    }
    let complaint = match options.drill {
        true => "too many planted mistakes were not found",
        false => "an invariant was broken; its seed plays it again",
    };
    ensure!(simulator.status()?.success(), complaint);
    Ok(())
}
