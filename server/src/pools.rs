//! The allocator's pools. glibc makes eight for each core, and each keeps what its threads once
//! needed: a push that readers judge then leaves its memory behind in many of them. One for each
//! core is enough to keep threads from waiting for each other.

/// Bounds the pools. Called before any other thread is there: pools that have been made stay.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "the allocator is spoken to in C")]
pub fn one_a_core() {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let pools = libc::c_int::try_from(cores).unwrap_or(libc::c_int::MAX);
    // SAFETY: sets a number of the allocator's own, and fails by doing nothing.
    unsafe { libc::mallopt(libc::M_ARENA_MAX, pools) };
}

/// Other allocators have other ways, and need no bound.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn one_a_core() {}
