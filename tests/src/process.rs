//! What the system says of a process, for benches. Linux; elsewhere everything is zero.

use std::fs;

/// Processor time of a process so far, s. Linux counts in hundredths.
pub fn cpu_s(process: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum();
    ticks as f64 / 100.0
}

/// Begins a new measure of the most memory a process held.
pub fn forget_peak(process: u32) {
    // Where the system does not allow it, the peak is that since the start: larger, not smaller.
    drop(fs::write(format!("/proc/{process}/clear_refs"), "5"));
}

/// The most memory a process held since then, MB.
pub fn peak_mb(process: u32) -> f64 {
    memory_mb(process, "VmHWM:")
}

/// The memory a process holds now, MB.
pub fn resident_mb(process: u32) -> f64 {
    memory_mb(process, "VmRSS:")
}

fn memory_mb(process: u32, line: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let found = status.lines().find_map(|one| one.strip_prefix(line));
    let kilobytes = found.and_then(|found| found.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1_000.0
}
