//! Randomness from the operating system: ids, keys, salts. The only place that asks for it.
//!
//! The simulator plays runs again from a seed, so in its build, and in no other, a thread can be
//! given a seeded source instead ([`seeded`]).

#[cfg(feature = "simulated")]
pub mod seeded;

/// `N` random bytes.
///
/// # Panics
/// When the operating system has none to give: an id or key without it would not be safe.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[cfg(feature = "simulated")]
    if seeded::fill(&mut bytes) {
        return bytes;
    }
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A thread's work, with the starting thread's source of randomness.
pub(crate) fn handed_on<T>(work: impl FnOnce() -> T + Send) -> impl FnOnce() -> T + Send {
    #[cfg(feature = "simulated")]
    let work = seeded::handed_on(work);
    work
}
