//! `cargo xtask demo`: from a fresh checkout to an address to open.
//!
//! Builds what is missing, then hands the terminal to `docket demo`, which fills its data folder
//! once and serves until it is stopped.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::progress::side_by_side;
use crate::{app, server, tree};

#[derive(Args)]
pub(crate) struct Options {
    /// Where the demo keeps its data; delete the folder to begin again
    #[arg(long, default_value = "demo-data")]
    data: PathBuf,
    /// Address to serve on; 0.0.0.0 lets phones of the same network in
    #[arg(long, default_value = "0.0.0.0:8080")]
    listen: String,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    side_by_side(server::build, app::run)?;
    println!();
    let mut server = Command::new(tree::docket());
    server.current_dir(tree::root());
    server.arg("demo").arg("--data").arg(&options.data).args(["--listen", &options.listen]);
    hand_over(server)
}

/// Becomes the server, so that stopping one stops the other.
#[cfg(unix)]
fn hand_over(mut server: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(server.exec()).context("cannot start the server")
}

#[cfg(not(unix))]
fn hand_over(mut server: Command) -> Result<()> {
    let status = server.status().context("cannot start the server")?;
    anyhow::ensure!(status.success(), "the server ended: {status}");
    Ok(())
}
