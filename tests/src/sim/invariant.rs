//! What must hold in every run, in the words of the list of faults, and how a breach is told.

use std::fmt;

/// One of the twelve, or a run that could not even go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the sentences say it")]
pub enum Invariant {
    I1,
    I2,
    I3,
    I4,
    I5,
    I6,
    I7,
    I8,
    I9,
    I10,
    I11,
    I12,
    NoPanic,
}

impl Invariant {
    /// The sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::I1 => "every edit shown as saved is in that phone's store after any crash",
            Self::I2 => "every acknowledged push is in the server's log for ever",
            Self::I3 => "the same changes give the same heads and views on every node",
            Self::I4 => "no change is applied twice",
            Self::I5 => "a phone never shows as sent what the log lacks",
            Self::I6 => "no refused change ever reaches a document or a view",
            Self::I7 => "a sign-off verifies against the exact version it names, for ever",
            Self::I8 => "nobody reads or writes outside their scope",
            Self::I9 => "after healing, all phones and views are equal within 3 rounds",
            Self::I10 => "memory and disk per request stay under the written limits",
            Self::I11 => "conflicting concurrent values are all kept and listed",
            Self::I12 => "no unsent work is ever deleted without an explicit discard",
            Self::NoPanic => "nothing panics, whatever happens",
        }
    }

    /// An `Err` that says how it was broken.
    pub fn broken<T>(self, how: impl Into<String>) -> Result<T, Violation> {
        Err(Violation { invariant: self, how: how.into() })
    }

    /// [`Invariant::broken`] unless `holds`.
    pub fn hold(self, holds: bool, how: impl FnOnce() -> String) -> Result<(), Violation> {
        if holds { Ok(()) } else { self.broken(how()) }
    }
}

/// An invariant did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub invariant: Invariant,
    /// What was expected, and what was found.
    pub how: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { invariant, how } = self;
        write!(out, "{invariant:?} ({}): {how}", invariant.sentence())
    }
}
