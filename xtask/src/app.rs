//! `cargo xtask app`: the phone app, ready to be served, in mobile/app/dist.
//!
//! The bundler does the work; this decides whether there is any. Called by `demo` and `test`,
//! too.

use anyhow::Result;

use crate::fresh::{Inputs, unless_fresh};
use crate::process::program;
use crate::progress::step;
use crate::{npm, tree, wasm};

/// Everything from nothing: packages, core, app.
pub(crate) fn run() -> Result<()> {
    npm::packages(npm::Packages::App)?;
    wasm::build(None)?;
    bundle()
}

/// Types and unused code, as strict as the app asks for.
pub(crate) fn check_types() -> Result<()> {
    step("app types", |step| {
        unless_fresh("app-types", sources()?, &tree::app(), || {
            step.run(program("npm", &tree::app()).args(["run", "--silent", "check"]))?;
            Ok(String::new())
        })
    })
}

/// Bundles the app.
pub(crate) fn bundle() -> Result<()> {
    step("app", |step| {
        unless_fresh("app", sources()?, &tree::app().join("dist/index.html"), || {
            step.run(program("npm", &tree::app()).args(["run", "--silent", "build"]))?;
            Ok("mobile/app/dist".to_owned())
        })
    })
}

fn sources() -> Result<Inputs> {
    Inputs::new(&[]).with(&tree::app())?.with(&tree::root().join("words"))
}
