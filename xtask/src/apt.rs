//! System packages on Debian and its kin: installed when we are root, named when we are not.
//!
//! Package lists are only fetched when an install fails without them, because that is slow.

use std::path::Path;

use anyhow::{Result, bail};

use crate::process::{exists, is_root, program};
use crate::progress::Step;

/// Installs packages, or says what to install by hand and what for.
pub(crate) fn install(step: &Step, purpose: &str, packages: &[&str]) -> Result<()> {
    if !exists("apt-get") {
        bail!("{purpose} is missing. Install what your system calls: {}", packages.join(", "));
    }
    if !is_root() {
        bail!(
            "{purpose} is missing. Install it, then run this again:\n    \
             sudo apt-get install --no-install-recommends {}",
            packages.join(" ")
        );
    }
    if apt_get(step, &[&["install", "--yes", "--no-install-recommends"], packages].concat()).is_ok()
    {
        return Ok(());
    }
    apt_get(step, &["update"])?;
    apt_get(step, &[&["install", "--yes", "--no-install-recommends"], packages].concat())
}

fn apt_get(step: &Step, arguments: &[&str]) -> Result<()> {
    let mut command = program("apt-get", Path::new("/"));
    command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments);
    step.run(&mut command).map(drop)
}
