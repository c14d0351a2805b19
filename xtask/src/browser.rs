//! A real Chromium, a font that has Chinese, and a spreadsheet program that opens what the office
//! saves: what end-to-end tests and screenshots need.
//!
//! Takes those of the system; never downloads one from elsewhere. Called by `test` and `shots`.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{answer, exists};
use crate::progress::{Done, Step, step};
use crate::{apt, tree};

/// Names a browser of the system; the environment variable is for unusual places.
const VARIABLE: &str = "DOCKET_CHROMIUM";
const PROGRAMS: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];

/// Makes sure that all of it is there.
pub(crate) fn prepare() -> Result<()> {
    step("browser, fonts, spreadsheets", |step| {
        let mut packages = Vec::new();
        if find().is_none() {
            packages.push("chromium");
        }
        if !has_chinese_font() {
            packages.push("fonts-noto-cjk");
        }
        if !exists("soffice") {
            // The smallest part of LibreOffice that opens tables, without its windows.
            packages.push("libreoffice-calc-nogui");
        }
        if packages.is_empty() {
            return Ok(Done::UpToDate);
        }
        install(step, &packages)
    })
}

/// The browser [`prepare`] made sure of.
pub(crate) fn program() -> Result<PathBuf> {
    find().context("no Chromium found, although one was just installed")
}

fn install(step: &Step, packages: &[&str]) -> Result<Done> {
    apt::install(
        step,
        "A browser, font or spreadsheet program for the end-to-end tests",
        packages,
    )?;
    program()?;
    Ok(Done::Now(packages.join(", ")))
}

fn find() -> Option<PathBuf> {
    if let Some(named) = env::var_os(VARIABLE) {
        return Some(PathBuf::from(named));
    }
    let folders = env::var_os("PATH")?;
    PROGRAMS.iter().find_map(|name| {
        env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
    })
}

fn has_chinese_font() -> bool {
    answer(Command::new("fc-list").args([":lang=zh", "family"])).is_some_and(|it| !it.is_empty())
}

/// Playwright, with that browser and that server.
pub(crate) fn playwright(project: &str) -> Result<Command> {
    let folder = tree::e2e();
    let mut command = crate::process::program("node", &folder);
    command
        .arg(Path::new("node_modules/@playwright/test/cli.js"))
        .args(["test", "--project", project])
        .env(VARIABLE, program()?)
        .env("DOCKET_SERVER", tree::docket());
    Ok(command)
}
