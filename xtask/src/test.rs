//! `cargo xtask test`: everything that must pass, from a fresh checkout.
//!
//! Two lines of work share the machine, because each alone leaves a core idle for long: what
//! cargo builds for this machine, and what ends in the browser. They meet at the end-to-end
//! tests. A failure anywhere stops everything.

use std::time::Instant;

use anyhow::{Result, ensure};

use crate::npm::{self, Packages};
use crate::process::{cargo, exists};
use crate::progress::{Done, side_by_side, step};
use crate::tally::Tally;
use crate::{app, browser, check, wasm};

pub(crate) fn run() -> Result<()> {
    let started = Instant::now();
    let mut tally = Tally::default();
    app::folder()?;
    side_by_side(|| native(&mut tally), for_the_browser)?;
    end_to_end(&mut tally)?;
    ensure!(tally.passed > 0, "no test ran");
    println!("\n{}", tally.closing_line(started.elapsed()));
    Ok(())
}

fn native(tally: &mut Tally) -> Result<()> {
    check::format()?;
    check::lints()?;
    step("tests", |step| {
        let mut command = cargo();
        // One process a test, and a clear report; plain cargo does where it is not installed.
        match exists("cargo-nextest") {
            true => command.args(["nextest", "run", "--workspace", "--no-fail-fast"]),
            false => command.args(["test", "--workspace", "--all-targets", "--no-fail-fast"]),
        };
        let ran = Tally::read(&step.run(&mut command)?);
        tally.add(ran);
        Ok(Done::Now(ran.to_string()))
    })?;
    step("examples in docs", |step| {
        let output = step.run(cargo().args(["test", "--workspace", "--doc"]))?;
        let ran = Tally::read(&output);
        tally.add(ran);
        Ok(Done::Now(ran.to_string()))
    })
}

fn for_the_browser() -> Result<()> {
    npm::packages(Packages::App)?;
    npm::packages(Packages::EndToEnd)?;
    browser::prepare()?;
    wasm::build(None)?;
    npm::check_types(Packages::App)?;
    npm::check_types(Packages::EndToEnd)?;
    app::bundle()
}

fn end_to_end(tally: &mut Tally) -> Result<()> {
    step("end to end", |step| {
        let ran = Tally::read(&step.run(&mut browser::playwright("stories")?)?);
        tally.add(ran);
        Ok(Done::Now(ran.to_string()))
    })
}
