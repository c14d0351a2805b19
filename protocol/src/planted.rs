//! Known mistakes, planted on purpose to see whether the simulator finds them.
//!
//! Compiled in only with the feature `planted`, which no released build has; without it [`is`] is
//! false at compile time and leaves nothing behind. One mistake at a time, chosen by name at run
//! time by `cargo xtask sim --drill`; each place of a mistake is one `planted::is(…)`.

/// Every mistake there is, each with what it does.
#[cfg(feature = "planted")]
pub const ALL: &[(&str, &str)] = &[
    ("wish-cleared-late", "an edit made while a request is under way is not sent"),
    ("backoff-eats-wish", "after a failure nothing is sent until somebody asks"),
    ("ack-before-commit", "the server answers before its commit"),
    ("server-without-sync", "the server's commits do not wait for the disk"),
    ("phone-without-sync", "the phone's commits do not wait for the disk"),
    ("seq-with-gaps", "a log position is skipped now and then"),
    ("chain-not-carried", "the log's chain does not carry on"),
    ("pull-without-scope", "a pull shows everybody's records"),
    ("digest-over-pending", "the phone's digest covers what is not confirmed"),
    ("refused-kept", "a refused change stays in the record"),
    ("actor-reused", "a forked phone goes on with its old actor"),
    ("duplicates-forgotten", "the server does not recognise what it has"),
    ("leave-before-verdict", "a record that left takes unsent work with it"),
    ("snapshot-over-own", "a snapshot wipes out the phone's own changes"),
    ("outbox-forgotten", "what was meant by an edit is not kept with its change"),
    ("cursor-before-items", "the cursor is on disk before the items"),
    ("verdicts-mixed-up", "verdicts are taken in the wrong order"),
    ("held-dropped", "work that must wait is not kept"),
    ("conflict-hidden", "one of several values is not listed"),
    ("sign-off-made-again", "a sign-off is moved to a version nobody signed"),
    ("lock-forgotten", "a signed report can be written to"),
    ("own-rows-over-eager", "with its own changes a phone misses others'"),
    ("read-model-late", "lists are not updated with their change"),
    ("logout-deletes", "signing out throws unsent work away"),
    ("rewind-ignored", "a phone does not hand back what a restored server lost"),
    ("failed-edit-remembered", "an edit that failed stays in memory"),
    ("leave-not-logged", "who loses sight of a record is not told"),
    ("late-answer-believed", "an answer to an earlier request settles the present one"),
];

#[cfg(feature = "planted")]
static PLANTED: std::sync::RwLock<&str> = std::sync::RwLock::new("");

/// Plants a mistake instead of the one before; none with an empty name.
#[cfg(feature = "planted")]
pub fn plant(name: &'static str) {
    *PLANTED.write().unwrap_or_else(std::sync::PoisonError::into_inner) = name;
}

/// Whether this mistake is planted.
#[cfg(feature = "planted")]
pub fn is(name: &str) -> bool {
    debug_assert!(ALL.iter().any(|(known, _)| *known == name), "{name} is on the list");
    *PLANTED.read().unwrap_or_else(std::sync::PoisonError::into_inner) == name
}

/// Never, in this build.
#[cfg(not(feature = "planted"))]
pub const fn is(_: &str) -> bool {
    false
}
