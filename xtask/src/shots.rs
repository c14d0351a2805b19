//! `cargo xtask shots`: screenshots of the real app and console, into `shots/`.
//!
//! The script lives with the end-to-end tests (mobile/e2e/shots) and starts its own server.

use anyhow::Result;

use crate::progress::{Done, side_by_side, step};
use crate::tally::Tally;
use crate::{app, browser, npm, server, tree};

pub(crate) fn run() -> Result<()> {
    side_by_side(server::build, || {
        app::run()?;
        npm::packages(npm::Packages::EndToEnd)?;
        browser::prepare()
    })?;
    step("screenshots", |step| {
        let mut playwright = browser::playwright("shots")?;
        playwright.env("DOCKET_SHOTS", tree::root().join("shots"));
        let ran = Tally::read(&step.run(&mut playwright)?);
        Ok(Done::Now(format!("shots/, {ran}")))
    })
}
