//! What happened in a run: counted always, hashed always, kept as lines only when asked for.
//!
//! Two runs of one seed must have the same hash; it covers every byte that travelled.

use std::collections::BTreeMap;

/// The account of one run.
pub(crate) struct Trace {
    hash: u64,
    keeps_lines: bool,
    lines: Vec<String>,
    counts: BTreeMap<&'static str, u64>,
}

impl Trace {
    /// An empty account.
    pub(crate) fn new(keeps_lines: bool) -> Self {
        // FNV-1a, which needs no key and is the same everywhere.
        Self {
            hash: 0xcbf2_9ce4_8422_2325,
            keeps_lines,
            lines: Vec::new(),
            counts: BTreeMap::new(),
        }
    }

    /// Adds bytes to the hash.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.hash = (self.hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// Adds a line, made only when lines are kept; the kind is hashed and counted always.
    pub(crate) fn note(&mut self, now: i64, kind: &'static str, line: impl FnOnce() -> String) {
        self.bytes(kind.as_bytes());
        self.bytes(&now.to_be_bytes());
        *self.counts.entry(kind).or_default() += 1;
        if self.keeps_lines {
            let time = now - super::time::START;
            self.lines.push(format!("{:>12.3} s  {kind}: {}", time as f64 / 1_000.0, line()));
        }
    }

    /// How often each kind of thing happened.
    pub(crate) fn counts(&self) -> &BTreeMap<&'static str, u64> {
        &self.counts
    }

    /// The hash of all that happened.
    pub(crate) fn hash(&self) -> u64 {
        self.hash
    }

    /// The lines kept.
    pub(crate) fn lines(&self) -> &[String] {
        &self.lines
    }
}
