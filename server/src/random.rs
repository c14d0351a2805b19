//! Randomness from the operating system: ids, keys, salts. The only place that asks for it.

/// `N` random bytes.
///
/// # Panics
/// When the operating system has none to give: an id or key without it would not be safe.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
