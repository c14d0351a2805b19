//! `cargo xtask wasm`: client-core, compiled for the browser, with its JavaScript glue.
//!
//! mobile/core -> wasm -> wasm-bindgen (as a library, so that its version is the one in
//! Cargo.lock) -> wasm-opt -> mobile/app/src/core. Called by `app`, `demo` and `test`; takes a
//! second when nothing changed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use wasm_bindgen_cli_support::Bindgen;

use crate::fresh::{Inputs, unless_fresh};
use crate::process::program;
use crate::progress::{Step, step};
use crate::toolchain::{self, Toolchain};
use crate::{npm, tree};

/// Name of the built module and of the files around it.
const NAME: &str = "docket_mobile_core";

#[derive(Args)]
pub(crate) struct Options {
    /// Whose standard library to use; without it, the first one found
    #[arg(long)]
    pub(crate) std: Option<Toolchain>,
}

/// Builds the phone's core. Needs the app's npm packages, and gets them.
pub(crate) fn run(wanted: Option<Toolchain>) -> Result<()> {
    npm::packages(npm::Packages::App)?;
    build(wanted)
}

/// The same, for recipes that have the npm packages already.
pub(crate) fn build(wanted: Option<Toolchain>) -> Result<()> {
    step("phone core (wasm)", |step| {
        let toolchain = toolchain::find(step, wanted)?;
        let module = compile(step, toolchain)?;
        // Cargo knows whether to compile; what follows is slow, too, and depends on its result,
        // on the version of wasm-opt and on this recipe.
        let inputs = Inputs::new(&[include_str!("wasm.rs")])
            .with(&module)?
            .with(&tree::app().join("package-lock.json"))?;
        unless_fresh("phone core", inputs, &tree::app_core().join(module_file()), || {
            let glue = tree::target().join("wasm-glue");
            make_glue(&module, &glue).context("wasm-bindgen failed")?;
            let bytes = shrink(step, &glue.join(module_file()))?;
            publish(&glue)?;
            Ok(format!("{}; {} kB", toolchain.label(), bytes / 1000))
        })
    })
}

fn compile(step: &Step, toolchain: Toolchain) -> Result<PathBuf> {
    let mut command = toolchain.cargo();
    command.args(["--package", "docket-mobile-core", "--lib", "--profile", "phone"]);
    command.env("RUSTFLAGS", path_flags());
    step.run(&mut command)?;
    Ok(toolchain.built(&format!("{NAME}.wasm")))
}

/// Panic messages name source files; phones need not know whose computer built them.
fn path_flags() -> String {
    let home = std::env::var("CARGO_HOME").ok();
    let home = home.or_else(|| Some(format!("{}/.cargo", std::env::var("HOME").ok()?)));
    let root = tree::root();
    let mut flags = format!("--remap-path-prefix={}=docket", root.display());
    if let Some(home) = home {
        flags += &format!(" --remap-path-prefix={home}/registry/src=crates");
    }
    flags
}

fn make_glue(module: &Path, folder: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(module)
        .out_name(NAME)
        .web(true)?
        .typescript(true)
        // So that the bundler sees the file it has to take along.
        .omit_default_module_path(false)
        .generate(folder)
}

fn shrink(step: &Step, module: &Path) -> Result<u64> {
    let wasm_opt = tree::app().join("node_modules/binaryen/bin/wasm-opt");
    let small = module.with_extension("small");
    let mut command = program("node", &tree::app());
    command.arg(wasm_opt).args(["-Os", "--strip-debug", "--strip-producers"]);
    step.run(command.arg(module).arg("--output").arg(&small))?;
    fs::rename(&small, module)?;
    Ok(fs::metadata(module)?.len())
}

/// The app sees the new core only when all of it is there.
fn publish(glue: &Path) -> Result<()> {
    let folder = tree::app_core();
    fs::create_dir_all(&folder)?;
    for ending in [".js", ".d.ts", "_bg.wasm", "_bg.wasm.d.ts"] {
        let file = format!("{NAME}{ending}");
        fs::copy(glue.join(&file), folder.join(&file))
            .with_context(|| format!("cannot put {file} into the app"))?;
    }
    Ok(())
}

fn module_file() -> String {
    format!("{NAME}_bg.wasm")
}
