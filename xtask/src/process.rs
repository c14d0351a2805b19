//! Runs programs inside a step: output goes to the step's log, a failed step ends them.
//!
//! Does not decide what to run. Programs get an environment without what cargo sets for xtask
//! itself, so that they behave as if started by hand.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::progress::{Step, ToldToStop, stopping};

const POLL: Duration = Duration::from_millis(30);

/// A program by name, to be run in a folder.
pub(crate) fn program(name: impl AsRef<std::ffi::OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(name);
    command.current_dir(folder).stdin(Stdio::null()).env("NO_COLOR", "1");
    // `cargo run` points these at its own toolchain and package; another one would trip over them.
    for name in ["LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "CARGO", "RUSTC"] {
        command.env_remove(name);
    }
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_")) {
            command.env_remove(name);
        }
    }
    command
}

/// Cargo of this toolchain, at the root.
pub(crate) fn cargo() -> Command {
    let mut command = program("cargo", &crate::tree::root());
    command.env("CARGO_TERM_COLOR", "never");
    command
}

/// Is there such a program?
pub(crate) fn exists(name: &str) -> bool {
    let mut command = Command::new(name);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// What a program prints, or nothing when it fails or does not exist.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// May we install system packages?
pub(crate) fn is_root() -> bool {
    answer(Command::new("id").arg("-u")).as_deref() == Some("0")
}

impl Step {
    /// Runs a program to its end; its output is the answer.
    pub(crate) fn run(&self, command: &mut Command) -> Result<String> {
        self.run_within(command, Duration::MAX)
    }

    /// The same for a program that may hang.
    pub(crate) fn run_within(&self, command: &mut Command, limit: Duration) -> Result<String> {
        let name = command.get_program().to_string_lossy().into_owned();
        self.say(&format!("$ {}", words(command)));
        let (reader, writer) = std::io::pipe().context("cannot make a pipe")?;
        command.stdout(writer.try_clone()?).stderr(writer);
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        // Our ends of the pipe live in the command; they must go, or the reader never ends.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        thread::scope(|scope| {
            let output = scope.spawn(|| self.follow(BufReader::new(reader)));
            let ended = wait(child, limit, &name);
            let output = output.join().unwrap_or_default();
            ended.map(|()| output)
        })
    }

    fn follow(&self, mut reader: impl BufRead) -> String {
        let mut output = String::new();
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            let text = String::from_utf8_lossy(&line);
            self.say(text.trim_end());
            output += &text;
            line.clear();
        }
        output
    }
}

fn wait(mut child: Child, limit: Duration, name: &str) -> Result<()> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            if status.success() {
                return Ok(());
            }
            bail!("{name}: {status}");
        }
        let stop = stopping();
        if stop || started.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            if stop {
                return Err(ToldToStop.into());
            }
            bail!("{name} took longer than {} s", limit.as_secs());
        }
        thread::sleep(POLL);
    }
}

fn words(command: &Command) -> String {
    let arguments = command.get_args().map(std::ffi::OsStr::to_string_lossy);
    let program = command.get_program().to_string_lossy();
    std::iter::once(program).chain(arguments).collect::<Vec<_>>().join(" ")
}
