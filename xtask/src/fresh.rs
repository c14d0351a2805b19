//! What need not be done again: a step's inputs are hashed and compared with last time.
//!
//! Content decides, never modification times: a fresh checkout, a touched file or a switched
//! branch then give the right answer. Used for what has no such memory of its own (npm, Vite,
//! wasm-opt); cargo keeps its own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::progress::Done;
use crate::tree;

/// Folders that are made, not written.
const MADE: [&str; 6] =
    ["node_modules", "dist", "dev-dist", "target", "test-results", "playwright-report"];

/// Everything a step's result depends on.
pub(crate) struct Inputs(Sha256);

impl Inputs {
    /// Starts with values that are not in files: options, versions of tools.
    pub(crate) fn new(values: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for value in values {
            hash.update((value.len() as u64).to_le_bytes());
            hash.update(value);
        }
        Self(hash)
    }

    /// Adds a file, or a folder with all below it.
    pub(crate) fn with(mut self, path: &Path) -> Result<Self> {
        self.add(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(self)
    }

    fn add(&mut self, path: &Path) -> std::io::Result<()> {
        if path.is_dir() {
            let mut entries: Vec<PathBuf> = fs::read_dir(path)?
                .map(|entry| Ok(entry?.path()))
                .collect::<std::io::Result<_>>()?;
            entries.sort();
            for entry in entries.iter().filter(|entry| !is_made(entry)) {
                self.add(entry)?;
            }
            return Ok(());
        }
        let content = fs::read(path)?;
        self.0.update(path.to_string_lossy().as_bytes());
        self.0.update((content.len() as u64).to_le_bytes());
        self.0.update(&content);
        Ok(())
    }
}

/// Does the work unless inputs are those of last time and the output is still there.
pub(crate) fn unless_fresh(
    name: &str,
    inputs: Inputs,
    output: &Path,
    work: impl FnOnce() -> Result<String>,
) -> Result<Done> {
    let mark = tree::notes().join(format!("{}.fresh", tree::file_name(name)));
    let digest: String = inputs.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    if output.exists() && fs::read_to_string(&mark).is_ok_and(|last| last == digest) {
        return Ok(Done::UpToDate);
    }
    let note = work()?;
    fs::write(&mark, digest).context("cannot write the mark of what is fresh")?;
    Ok(Done::Now(note))
}

fn is_made(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| MADE.contains(&name))
}
