//! `cargo xtask check`: what takes seconds and catches most. The steps are also the first of
//! `test`.

use anyhow::Result;

use crate::process::cargo;
use crate::progress::{Done, step};

pub(crate) fn run() -> Result<()> {
    format()?;
    tidy()?;
    lints()
}

/// Formatting, of all Rust.
pub(crate) fn format() -> Result<()> {
    step("format", |step| {
        step.run(cargo().args(["fmt", "--all", "--", "--check", "--color", "never"]))?;
        Ok(Done::Now(String::new()))
    })
}

/// Lints, of everything, warnings being errors.
pub(crate) fn lints() -> Result<()> {
    step("lints", |step| {
        let mut clippy = cargo();
        clippy.args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]);
        step.run(&mut clippy)?;
        Ok(Done::Now(String::new()))
    })
}

/// The rules of the tree that no compiler knows. Part of the tests, quick enough for here.
fn tidy() -> Result<()> {
    step("tidy", |step| {
        step.run(cargo().args(["test", "--package", "xtask", "--test", "tidy"]))?;
        Ok(Done::Now(String::new()))
    })
}
