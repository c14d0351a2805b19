//! The server's program, built with the same profile for demo, screenshots and tests.
//!
//! Called by `demo` and `shots`; `test` gets the same program from its test build.

use anyhow::Result;

use crate::process::cargo;
use crate::progress::{Done, step};

/// Builds it; cargo knows whether there is anything to do.
pub(crate) fn build() -> Result<()> {
    step("server", |step| {
        let output = step.run(cargo().args(["build", "--package", "docket-server"]))?;
        let compiled = output.lines().filter(|line| line.contains("Compiling")).count();
        Ok(match compiled {
            0 => Done::UpToDate,
            _ => Done::Now(format!("{compiled} crates")),
        })
    })
}
