//! `cargo xtask bench phone`: what a phone with 500 jobs feels like, measured in the real app.
//! `cargo xtask bench sync`: what it costs when phones that worked offline meet their server.
//! `cargo xtask bench office`: what the office waits for among 100,000 jobs.
//! `cargo xtask bench server`: what one server takes and holds, and how its costs grow.
//!
//! The measuring is done beside the tests, in mobile/e2e/bench (a Chromium that is slowed down)
//! and tests/benches (real phones, the real server); this prepares everything and prints what was
//! measured. Judges nothing.

use std::fs;

use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand};

use crate::process::cargo;
use crate::progress::{Done, side_by_side, step};
use crate::{app, browser, npm, server, tree};

#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Open, search, scroll and save on a slow phone with 500 jobs
    Phone {
        /// Print JSON instead of a table
        #[arg(long)]
        json: bool,
    },
    /// Back to coverage, first sync, nothing new, a fleet at once, restart
    Sync {
        /// Print one JSON line a measure instead of a table
        #[arg(long)]
        json: bool,
        /// How often each measure is taken
        #[arg(long, default_value_t = 3)]
        repeat: usize,
        /// Only these measures, such as W1,W2
        #[arg(long)]
        only: Option<String>,
        /// Other systems on the same work in the same run, such as yjs; without a name all
        #[arg(long, num_args = 0.., value_delimiter = ',')]
        peers: Option<Vec<String>>,
        /// Seed of the work's texts
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Board, search, job page, statistics and lists over the large demo organisation
    Office {
        /// Print one JSON line a page instead of a table
        #[arg(long)]
        json: bool,
        /// How often each page is asked for
        #[arg(long, default_value_t = 100)]
        repeat: usize,
    },
    /// Pushes a second, edit to seen by another phone, memory, growth; writes docs/bench
    Server {
        /// Print one JSON line a measure instead of tables
        #[arg(long)]
        json: bool,
        /// Only these: push, live, memory, growth
        #[arg(long)]
        only: Option<String>,
    },
}

pub(crate) fn run(options: &Options) -> Result<()> {
    match &options.what {
        What::Phone { json } => phone(*json),
        What::Sync { json, repeat, only, peers, seed } => {
            let mut arguments = vec!["--repeat".to_owned(), repeat.to_string()];
            arguments.extend(json.then(|| "--json".to_owned()));
            arguments.extend(only.iter().map(|only| format!("--only={only}")));
            arguments.extend(seed.iter().map(|seed| format!("--seed={seed}")));
            if let Some(peers) = peers {
                prepare(peers)?;
                arguments.push("--peers".to_owned());
                arguments.extend(peers.iter().cloned());
            }
            released("sync", &arguments)
        }
        What::Office { json, repeat } => {
            let mut arguments = vec!["--repeat".to_owned(), repeat.to_string()];
            arguments.push(large_organisation());
            arguments.extend(json.then(|| "--json".to_owned()));
            released("office", &arguments)
        }
        What::Server { json, only } => {
            let mut arguments = vec![large_organisation()];
            arguments.extend(json.then(|| "--json".to_owned()));
            arguments.extend(only.iter().map(|only| format!("--only={only}")));
            released("server", &arguments)
        }
    }
}

/// Where it is: made once, which takes minutes, and kept beside what is built.
fn large_organisation() -> String {
    format!("--data={}", tree::target().join("large-organisation").display())
}

/// Has what other systems need: packages for those that run in Node, a program for the one in Rust.
fn prepare(peers: &[String]) -> Result<()> {
    let samod = |name: &String| name == "samod";
    if peers.is_empty() || !peers.iter().all(samod) {
        npm::packages(npm::Packages::Peers)?;
    }
    if !peers.is_empty() && !peers.iter().any(samod) {
        return Ok(());
    }
    step("samod, optimised", |step| {
        let mut build = cargo();
        // Not part of the workspace: what it depends on is nobody else's.
        build.args(["build", "--release", "--locked", "--manifest-path"]);
        build.arg(tree::peers().join("samod/Cargo.toml"));
        // Where the bench looks for it.
        step.run(build.arg("--target-dir").arg(tree::target().join("peers")))?;
        Ok(Done::Now(String::new()))
    })
}

fn phone(json: bool) -> Result<()> {
    side_by_side(server::build, || {
        app::run()?;
        npm::packages(npm::Packages::EndToEnd)?;
        browser::prepare()
    })?;
    let figures = tree::notes().join("phone-figures");
    step("phone with 500 jobs", |step| {
        let mut playwright = browser::playwright("bench")?;
        playwright
            .env("DOCKET_FIGURES", &figures)
            .env("DOCKET_FIGURES_AS", if json { "json" } else { "table" });
        step.run(&mut playwright)?;
        Ok(Done::Now(String::new()))
    })?;
    let text = fs::read_to_string(&figures).context("the figures were not written down")?;
    print!("\n{text}");
    Ok(())
}

/// Server and bench are built optimised, by one command, so that they share what they can.
fn released(bench: &str, arguments: &[String]) -> Result<()> {
    let profile = ["--workspace", "--profile", "bench"];
    step("server and bench, optimised", |step| {
        let targets = ["--bin", "docket", "--bench", bench];
        step.run(cargo().arg("build").args(profile).args(targets))?;
        Ok(Done::Now(String::new()))
    })?;
    let mut run = cargo();
    run.args(["bench", "--quiet"]).args(profile).args(["--bench", bench, "--"]);
    run.args(arguments);
    println!();
    ensure!(run.status().context("cannot start cargo")?.success(), "the bench failed");
    Ok(())
}
