//! How glibc's allocator keeps memory that nobody needs any more; others need no telling.
//!
//! By itself it makes eight pools for each core, and each keeps what its threads once needed. And
//! once a large piece is given back, pieces of that size come from the pools, too, where what lies
//! behind them keeps them: a single sign-in takes 20 MB for its password.

/// Few pools, and large pieces apart from them. Called before there is any other thread: pools
/// that have been made stay.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "the allocator is spoken to in C")]
pub fn give_back() {
    /// From here on a piece is the kernel's, and goes back to it at once.
    const LARGE_BYTES: libc::c_int = 1 << 20;
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let pools = libc::c_int::try_from(cores).unwrap_or(libc::c_int::MAX);
    // SAFETY: both set a number of the allocator's own, and fail by doing nothing.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, pools);
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE_BYTES);
    }
}

/// Nothing to tell.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back() {}
