//! `cargo xtask fuzz`: hostile bytes for as long as one likes.
//!
//! With cargo-fuzz and a nightly compiler, libFuzzer looks for inputs; without, a loop that knows
//! a little grammar does, on stable Rust and over the same functions (`tests/src/fuzz`). What
//! breaks something is kept in `tests/vectors/crashers` and tried by the ordinary tests for ever.

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};

use crate::process::{answer, cargo, exists};
use crate::progress::{Done, step};
use crate::tree;

#[derive(Args)]
pub(crate) struct Options {
    /// What reads the bytes; all targets when not given
    target: Option<Target>,
    /// How long, for each target
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// The loop on stable Rust, even where libFuzzer could run
    #[arg(long)]
    stable: bool,
    /// Where the loop on stable Rust begins; the time of day when not given
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Target {
    Change,
    Batch,
    Cursor,
    Signoff,
    Document,
    Csv,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let chosen = options.target.map(|target| vec![target]);
    let targets = chosen.unwrap_or_else(|| Target::value_variants().to_vec());
    if !options.stable && has_libfuzzer() && libfuzzer_is_built(options.target) {
        targets.into_iter().try_for_each(|target| with_libfuzzer(target, options.seconds))
    } else {
        build_loop()?;
        targets.into_iter().try_for_each(|target| with_loop(target, options))
    }
}

fn has_libfuzzer() -> bool {
    let nightly = answer(Command::new("rustup").args(["toolchain", "list"]))
        .is_some_and(|toolchains| toolchains.contains("nightly"));
    nightly && exists("cargo-fuzz")
}

/// Builds the target, or all of them; where that fails, the loop on stable Rust does the work.
fn libfuzzer_is_built(target: Option<Target>) -> bool {
    let name = target.map(name_of);
    let status = cargo_fuzz().arg("build").args(name).args(["--sanitizer", "none"]).status();
    let built = status.is_ok_and(|status| status.success());
    if !built {
        eprintln!("libFuzzer could not be built; the loop on stable Rust looks instead");
    }
    built
}

fn cargo_fuzz() -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(tree::root()).env_remove("CARGO").env("RUSTUP_TOOLCHAIN", "nightly");
    command.arg("fuzz");
    command
}

fn with_libfuzzer(target: Target, seconds: u64) -> Result<()> {
    let name = name_of(target);
    let status = cargo_fuzz()
        .args(["run", &name, "--sanitizer", "none", "--"])
        .arg(format!("-max_total_time={seconds}"))
        .args(["-timeout=5", "-rss_limit_mb=1024"])
        .status()?;
    ensure!(status.success(), "{name}: something broke; move it to tests/vectors/crashers/{name}");
    Ok(())
}

fn build_loop() -> Result<()> {
    step("fuzzer", |step| {
        // The whole workspace decides about features, as everywhere else.
        step.run(cargo().args(["build", "--workspace", "--bin", "docket-fuzz"]))?;
        Ok(Done::Now(String::new()))
    })
}

fn with_loop(target: Target, options: &Options) -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seed = options.seed.unwrap_or(now.as_secs());
    let status = Command::new(tree::program("docket-fuzz"))
        .args([name_of(target), options.seconds.to_string(), seed.to_string()])
        .status()?;
    ensure!(status.success(), "{}: something broke", name_of(target));
    Ok(())
}

fn name_of(target: Target) -> String {
    target.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}
