//! Where things are. The only file that knows the layout of the repository.
//!
//! Called by every recipe; creates nothing.

use std::path::PathBuf;

/// The folder that holds everything.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().map(PathBuf::from).unwrap_or_default()
}

/// What cargo builds for this machine.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Logs of steps and marks of what is fresh; gone with `cargo clean`, as it should be.
pub(crate) fn notes() -> PathBuf {
    target().join("xtask")
}

/// The phone app: TypeScript, its npm packages, and `dist` once built.
pub(crate) fn app() -> PathBuf {
    root().join("mobile/app")
}

/// Where the phone's core goes once it can run in a browser.
pub(crate) fn app_core() -> PathBuf {
    app().join("src/core")
}

/// The end-to-end tests and the script that takes screenshots.
pub(crate) fn e2e() -> PathBuf {
    root().join("mobile/e2e")
}

/// The other systems that Docket is compared with.
pub(crate) fn peers() -> PathBuf {
    root().join("tests/peers")
}

/// The table of faults and attacks.
pub(crate) fn faults() -> PathBuf {
    root().join("tests/faults.md")
}

/// The server's program, as `cargo build` and `cargo nextest` leave it.
pub(crate) fn docket() -> PathBuf {
    program("docket")
}

/// A program of the workspace, as `cargo build` leaves it.
pub(crate) fn program(name: &str) -> PathBuf {
    target().join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// The name of a step as the name of a file.
pub(crate) fn file_name(step: &str) -> String {
    let letters = step.chars().map(|c| if c.is_alphanumeric() { c } else { '-' });
    letters.collect::<String>().replace("--", "-")
}
