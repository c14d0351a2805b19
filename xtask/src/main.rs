//! `cargo xtask`: every recipe of the repository, the same by hand and in CI.
//!
//! One file per command (`demo`, `test`, `check`, `sim`, `wasm`, `app`, `shots`, `faults`,
//! `bench`), and beside them what they share: where things are (`tree`), how work is shown
//! (`progress`), how programs are run (`process`), and what is still fresh from last time
//! (`fresh`). Knows nothing about the product beyond names of folders; what runs in a browser is
//! tested in `mobile/e2e`.

mod app;
mod apt;
mod bench;
mod browser;
mod check;
mod demo;
mod faults;
mod fresh;
mod fuzz;
mod npm;
mod process;
mod progress;
mod server;
mod shots;
mod sim;
mod tally;
mod test;
mod toolchain;
mod tree;
mod wasm;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The recipes of this repository", version)]
struct Arguments {
    #[command(subcommand)]
    recipe: Recipe,
}

#[derive(Subcommand)]
enum Recipe {
    /// Set up what is missing, build everything, serve a believable organisation
    Demo(demo::Options),
    /// Everything that must pass: format, lints, all tests, app, end-to-end in a real browser
    Test,
    /// The quick part of `test`: format, lints, tidy
    Check,
    /// Play simulated days with every fault there is
    Sim(sim::Options),
    /// Build the phone's core for the browser
    Wasm(wasm::Options),
    /// Build the phone app
    App,
    /// Take the screenshots into `shots/`
    Shots,
    /// List faults and attacks with their tests, and the gaps
    Faults,
    /// Try hostile bytes on everything that reads them
    Fuzz(fuzz::Options),
    /// Measure what the README promises
    Bench(bench::Options),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.recipe {
        Recipe::Demo(options) => demo::run(&options),
        Recipe::Test => test::run(),
        Recipe::Check => check::run(),
        Recipe::Sim(options) => sim::run(&options),
        Recipe::Wasm(options) => wasm::run(options.std),
        Recipe::App => app::run(),
        Recipe::Fuzz(options) => fuzz::run(&options),
        Recipe::Faults => faults::run(),
        Recipe::Shots => shots::run(),
        Recipe::Bench(options) => bench::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}
