//! What hostile bytes cost before they are refused: counted, not guessed.
//!
//! A program of its own, because it counts every byte that is allocated. One test, because
//! tests side by side would count each other's.

#![allow(clippy::disallowed_methods, reason = "the stored vectors are files")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use docket_protocol::change::read_head;
use docket_protocol::document;
use docket_protocol::items;
use docket_protocol::limits::{CHANGE_BYTES_MAX, INFLATED_BYTES_MAX, REQUEST_ITEMS_MAX};
use docket_protocol::wire::{self, SyncEnvelope};
use minicbor::bytes::ByteVec;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

struct Counting;

#[allow(unsafe_code, reason = "an allocator that counts is an allocator")]
// SAFETY: every call goes to the system's allocator unchanged; the counters touch no memory of it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(now, Ordering::Relaxed);
        // SAFETY: as asked of us.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as asked of us.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes held at most while `work` runs, beyond what was held before.
fn peak<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = NOW.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let done = work();
    (done, PEAK.load(Ordering::Relaxed) - before)
}

/// FAULTS rows 41, 42: bombs are refused for the price of reading them.
#[test]
fn bombs_cost_no_more_than_reading_them() {
    let crashers = crashers();
    assert!(crashers.len() > 100, "{} crashers", crashers.len());
    let mut refused = 0;
    for (name, chunk) in &crashers {
        let (head, bytes) = peak(|| read_head(chunk));
        let allowed = 64 * 1024 + chunk.len().min(CHANGE_BYTES_MAX);
        assert!(bytes <= allowed, "{name} took {bytes} bytes");
        refused += usize::from(head.is_err());
        let (looked, bytes) = peak(|| document::look(chunk).is_ok());
        assert!(bytes <= 2 * INFLATED_BYTES_MAX, "{name} took {bytes} bytes, {looked}");
    }
    assert!(refused > 40, "{refused} are refused by the reader alone");

    // 64 MiB of zeros in 64 kB, as a whole request.
    let bomb = wire::pack(&ByteVec::from(vec![0; 2 * INFLATED_BYTES_MAX]));
    let (unpacked, bytes) =
        peak(|| wire::unpack::<SyncEnvelope>(&bomb, INFLATED_BYTES_MAX).is_ok());
    assert!(!unpacked && bytes <= 2 * INFLATED_BYTES_MAX, "{bytes} bytes");

    // Eight million empty strings: a byte each on the wire, two dozen in memory.
    let mut strings = vec![0x9a, 0, 0x80, 0, 0];
    strings.resize(8 << 20, 0x40);
    let (counted, bytes) = peak(|| items::at_most(&strings, REQUEST_ITEMS_MAX).is_ok());
    assert!(!counted && bytes < 1_024, "{bytes} bytes");
}

fn crashers() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/crashers");
    let entries = fs::read_dir(folder).expect("the crashers").flatten();
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let stored = fs::read(&path).expect("a crasher");
        let packed = path.extension().is_some_and(|ending| ending == "packed");
        let chunk = if packed {
            wire::unpack::<ByteVec>(&stored, 128 << 20).expect("a packed crasher").into()
        } else {
            stored
        };
        (path.display().to_string(), chunk)
    };
    paths.into_iter().map(read).collect()
}
