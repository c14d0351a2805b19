//! npm packages, exactly those of the committed lock files.
//!
//! Installs nothing globally and lets no package run scripts of its own. Called by whatever
//! needs a bundler, wasm-opt or Playwright.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::fresh::{Inputs, unless_fresh};
use crate::process::{answer, program};
use crate::progress::step;
use crate::tree;

/// The oldest Node that the app's bundler runs on.
const NODE_MIN: (u32, u32) = (20, 19);

/// Whose packages.
#[derive(Clone, Copy)]
pub(crate) enum Packages {
    /// The phone app's: bundler, checker, wasm-opt
    App,
    /// The end-to-end tests': Playwright
    EndToEnd,
    /// Those of the systems that Docket is compared with
    Peers,
}

impl Packages {
    fn folder(self) -> PathBuf {
        match self {
            Self::App => tree::app(),
            Self::EndToEnd => tree::e2e(),
            Self::Peers => tree::peers(),
        }
    }

    /// Of the step that installs, and of the one that checks types.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::App => ("npm packages, app", "types, app"),
            Self::EndToEnd => ("npm packages, e2e", "types, e2e"),
            Self::Peers => ("npm packages, peers", "types, peers"),
        }
    }

    /// Everything that the TypeScript of this folder is made of.
    pub(crate) fn sources(self) -> Result<Inputs> {
        Inputs::new(&[]).with(&self.folder())?.with(&tree::root().join("words"))
    }
}

/// Installs them unless they are there.
pub(crate) fn packages(packages: Packages) -> Result<()> {
    let (title, _) = packages.names();
    let folder = packages.folder();
    step(title, |step| {
        let node = node_version(&folder)?;
        let lock = folder.join("package-lock.json");
        let inputs = Inputs::new(&[&node]).with(&lock)?;
        unless_fresh(title, inputs, &folder.join("node_modules/.package-lock.json"), || {
            let mut npm = program("npm", &folder);
            npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]);
            step.run(&mut npm)?;
            Ok(format!("node {node}"))
        })
    })
}

/// Types and unused code, as strict as each folder asks for.
pub(crate) fn check_types(packages: Packages) -> Result<()> {
    let (_, title) = packages.names();
    let folder = packages.folder();
    step(title, |step| {
        unless_fresh(title, packages.sources()?, &folder, || {
            step.run(program("npm", &folder).args(["run", "--silent", "check"]))?;
            Ok(String::new())
        })
    })
}

fn node_version(folder: &Path) -> Result<String> {
    let wanted = format!("Node {}.{} or newer is needed", NODE_MIN.0, NODE_MIN.1);
    let version = answer(program("node", folder).arg("--version"))
        .with_context(|| format!("{wanted}, and npm with it: https://nodejs.org"))?;
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) if (major, minor) >= NODE_MIN => Ok(version),
        _ => bail!("{wanted}; this is {version}: https://nodejs.org"),
    }
}
