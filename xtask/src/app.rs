//! `cargo xtask app`: the phone app, ready to be served, in mobile/app/dist.
//!
//! The bundler does the work; this decides whether there is any. Called by `demo` and `test`,
//! too.

use anyhow::Result;

use crate::fresh::unless_fresh;
use crate::npm::{self, Packages};
use crate::process::program;
use crate::progress::step;
use crate::{tree, wasm};

/// Everything from nothing: packages, core, app.
pub(crate) fn run() -> Result<()> {
    npm::packages(Packages::App)?;
    wasm::build(None)?;
    bundle()
}

/// Makes the folder that the server serves the app from. The server asks for it by the path it has
/// when the server is compiled, which may be before there is an app.
pub(crate) fn folder() -> Result<()> {
    Ok(std::fs::create_dir_all(tree::app().join("dist"))?)
}

/// Bundles the app.
pub(crate) fn bundle() -> Result<()> {
    step("app", |step| {
        unless_fresh("app", Packages::App.sources()?, &tree::app().join("dist/index.html"), || {
            step.run(program("npm", &tree::app()).args(["run", "--silent", "build"]))?;
            Ok("mobile/app/dist".to_owned())
        })
    })
}
