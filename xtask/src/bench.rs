//! `cargo xtask bench phone`: what a phone with 500 jobs feels like, measured in the real app.
//!
//! The measuring is done beside the end-to-end tests (mobile/e2e/bench), in a Chromium that is
//! slowed down; this prepares everything and prints what was measured. Judges nothing.

use std::fs;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};

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
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let What::Phone { json } = options.what;
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
