//! The server's program, built with the same profile for demo, screenshots and tests.
//!
//! Called by `demo` and `shots`; `test` gets the same program from its test build.

use anyhow::Result;

use crate::app;
use crate::process::cargo;
use crate::progress::{Done, step};

/// Builds it; cargo knows whether there is anything to do.
pub(crate) fn build() -> Result<()> {
    app::folder()?;
    step("server", |step| {
        // The whole workspace decides about features, as in the test build: asked for alone, the
        // server would get other features of `serde`, and everything would be compiled twice.
        let output = step.run(cargo().args(["build", "--workspace", "--bin", "docket"]))?;
        let compiled = output.lines().filter(|line| line.contains("Compiling")).count();
        Ok(match compiled {
            0 => Done::UpToDate,
            _ => Done::Now(format!("{compiled} crates")),
        })
    })
}
