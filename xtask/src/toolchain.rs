//! Finds, or gets, a compiler that can build for the browser.
//!
//! In this order: the installed Rust when it has the standard library for wasm; the same after
//! asking rustup for it; Debian's own Rust, which builds the standard library from Debian's
//! source package. The last one is for machines that reach a Debian mirror but not rustup's
//! servers. Called by `wasm`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::process::{answer, exists, is_root, program};
use crate::progress::Step;
use crate::{apt, tree};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

const RUSTUP_LIMIT: Duration = Duration::from_secs(120);
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";

/// Whose standard library the phone's core is built with.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Toolchain {
    /// The installed Rust, usually rustup's
    Rustup,
    /// Debian's Rust, which compiles the standard library itself
    Debian,
}

impl Toolchain {
    /// In words, for the person who waits.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Rustup => "standard library of the installed Rust",
            Self::Debian => "standard library built from Debian's source",
        }
    }

    /// Cargo, ready to build for the browser. Each toolchain has a folder of its own: they would
    /// throw away each other's work.
    pub(crate) fn cargo(self) -> Command {
        match self {
            Self::Rustup => {
                let mut command = crate::process::cargo();
                command.args(["build", "--target", TARGET, "--target-dir"]);
                command.arg(tree::target().join("wasm"));
                command
            }
            Self::Debian => debian_cargo(),
        }
    }

    /// Where the built file lies.
    pub(crate) fn built(self, file: &str) -> PathBuf {
        let folder = match self {
            Self::Rustup => "wasm",
            Self::Debian => "wasm-debian",
        };
        tree::target().join(folder).join(TARGET).join("phone").join(file)
    }
}

/// Finds a toolchain, installing what is missing where we may.
pub(crate) fn find(step: &Step, wanted: Option<Toolchain>) -> Result<Toolchain> {
    if !exists("clang") {
        apt::install(step, "clang (SQLite is compiled for the browser with it)", &["clang"])?;
    }
    if wanted != Some(Toolchain::Debian) {
        if has_standard_library() || ask_rustup(step) {
            return Ok(Toolchain::Rustup);
        }
        if wanted.is_some() {
            bail!("no standard library for {TARGET}: rustup target add {TARGET}");
        }
    }
    if !has_debian() {
        let debian_like = exists("apt-get");
        if !debian_like || !is_root() {
            bail!(missing_words(debian_like));
        }
        apt::install(step, "Rust for the browser", &DEBIAN_PACKAGES)?;
    }
    if rust_lld().is_none() && !exists("wasm-ld") {
        apt::install(step, "a linker for the browser", &["lld"])?;
    }
    Ok(Toolchain::Debian)
}

fn has_standard_library() -> bool {
    let mut rustc = program("rustc", &tree::root());
    answer(rustc.args(["--print", "target-libdir", "--target", TARGET]))
        .is_some_and(|folder| Path::new(&folder).is_dir())
}

/// Asks once: where rustup's servers are out of reach, every build would wait for them.
fn ask_rustup(step: &Step) -> bool {
    let refused = tree::notes().join("rustup-refused");
    if !exists("rustup") || refused.exists() {
        return false;
    }
    let mut rustup = program("rustup", &tree::root());
    rustup.args(["target", "add", TARGET]).env("RUSTUP_MAX_RETRIES", "1");
    let added = step.run_within(&mut rustup, RUSTUP_LIMIT).is_ok() && has_standard_library();
    if !added {
        // Only a hint for next time; asking again is slow, not wrong.
        let _ = fs::write(refused, "");
    }
    added
}

fn has_debian() -> bool {
    Path::new("/usr/bin/cargo").exists()
        && Path::new("/usr/bin/rustc").exists()
        && Path::new(DEBIAN_SOURCE).exists()
}

fn debian_cargo() -> Command {
    let mut command = program("/usr/bin/cargo", &tree::root());
    command
        .env_remove("RUSTUP_TOOLCHAIN")
        .env("CARGO_TERM_COLOR", "never")
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        .args(["build", "-Z", "build-std=std,panic_abort", "--target", TARGET, "--target-dir"])
        .arg(tree::target().join("wasm-debian"));
    // Debian's lld may be much older than its Rust; the one that came with rustup is not.
    let linker = rust_lld().unwrap_or_else(|| PathBuf::from("wasm-ld"));
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    command
}

fn rust_lld() -> Option<PathBuf> {
    let sysroot = answer(program("rustc", &tree::root()).args(["--print", "sysroot"]))?;
    let hosts = fs::read_dir(Path::new(&sysroot).join("lib/rustlib")).ok()?;
    let linkers = hosts.flatten().map(|host| host.path().join("bin/rust-lld"));
    linkers.into_iter().find(|linker| linker.exists())
}

fn missing_words(debian_like: bool) -> String {
    let by_rustup = format!("rustup target add {TARGET}");
    let packages = DEBIAN_PACKAGES.join(" ");
    match debian_like {
        true => format!(
            "Rust cannot build for the browser yet. Run one of these, then this again:\n    \
             {by_rustup}\n    sudo apt-get install --no-install-recommends {packages} lld"
        ),
        false => {
            format!("Rust cannot build for the browser yet. Run this, then again:\n    {by_rustup}")
        }
    }
}
