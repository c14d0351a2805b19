//! Tidy: the rules of the tree that no compiler knows, as ordinary tests.
//!
//! Each test prints every offender at once, with the rule. Run by `cargo xtask check` and
//! `cargo xtask test`; a rule that is wrong is changed here, never excused in place.

mod arrows;
mod documents;
mod faults;
mod sources;
mod tree;
mod uses;
mod words;

/// Fails with the rule and everything that breaks it.
fn check(rule: &str, offenders: &[String]) {
    assert!(offenders.is_empty(), "\n{rule}\n  {}\n", offenders.join("\n  "));
}
