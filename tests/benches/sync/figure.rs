//! What one measure says, and how it is taken from the server's process.

use std::time::{Duration, Instant};

use docket_tests::process::{cpu_s, forget_peak, peak_mb};
use docket_tests::{Proxy, Server};
use serde_json::{Value as Json, json};

/// What we measure; others are its peers.
pub(crate) const DOCKET: &str = "docket";

/// One measure.
pub(crate) struct Figure {
    pub(crate) system: &'static str,
    pub(crate) bench: &'static str,
    pub(crate) wall: Duration,
    pub(crate) bytes_up: u64,
    pub(crate) bytes_down: u64,
    pub(crate) requests: u64,
    pub(crate) server_cpu_s: f64,
    pub(crate) server_rss_mb: f64,
    pub(crate) disk_kb: Option<u64>,
}

impl Figure {
    /// Measures what `work` does to a server; it answers with the number of requests.
    pub(crate) fn of(
        bench: &'static str,
        server: &Server,
        proxy: &Proxy,
        work: impl FnOnce() -> u64,
    ) -> Self {
        let process = server.process_id();
        forget_peak(process);
        proxy.take();
        let cpu_before = cpu_s(process);
        let begun = Instant::now();
        let requests = work();
        let wall = begun.elapsed();
        let (bytes_up, bytes_down) = proxy.take();
        Self {
            system: DOCKET,
            bench,
            wall,
            bytes_up,
            bytes_down,
            requests,
            server_cpu_s: cpu_s(process) - cpu_before,
            server_rss_mb: peak_mb(process),
            disk_kb: None,
        }
    }

    /// How many times as long, and as many bytes, a peer took.
    fn times(&self, ours: &Self) -> String {
        if self.system == DOCKET || self.bench != ours.bench {
            return String::new();
        }
        let wall = self.wall.as_secs_f64() / ours.wall.as_secs_f64();
        let bytes = |figure: &Self| (figure.bytes_up + figure.bytes_down) as f64;
        format!("   {wall:.1} times as long, {:.1} times the bytes", bytes(self) / bytes(ours))
    }

    pub(crate) fn json(&self) -> Json {
        let round = |number: f64| (number * 1_000.0).round() / 1_000.0;
        let mut json = json!({
            "bench": self.bench, "system": self.system,
            "wall_ms": round(self.wall.as_secs_f64() * 1_000.0),
            "bytes_up": self.bytes_up, "bytes_down": self.bytes_down, "requests": self.requests,
            "server_cpu_s": round(self.server_cpu_s), "server_rss_mb": round(self.server_rss_mb),
        });
        if let Some(disk_kb) = self.disk_kb {
            json["disk_kb"] = disk_kb.into();
        }
        json
    }
}

/// The median run of each measure, as a table; peers below Docket, with how many times as long
/// and as many bytes they took.
pub(crate) fn print_table(mut figures: Vec<Figure>) {
    let key = |figure: &Figure| (figure.bench, figure.system != DOCKET, figure.system);
    figures.sort_by(|one, other| (key(one), one.wall).cmp(&(key(other), other.wall)));
    println!(
        "{:<34}{:<16}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
        "", "", "wall ms", "kB up", "kB down", "requests", "CPU s", "peak MB"
    );
    let mut ours: Option<&Figure> = None;
    for runs in figures.chunk_by(|one, other| key(one) == key(other)) {
        let run = &runs[runs.len() / 2];
        if run.system == DOCKET {
            ours = Some(run);
        }
        println!(
            "{:<34}{:<16}{:>10.1}{:>10.1}{:>10.1}{:>10}{:>10.2}{:>10.0}{}{}",
            run.bench,
            run.system,
            run.wall.as_secs_f64() * 1_000.0,
            run.bytes_up as f64 / 1_000.0,
            run.bytes_down as f64 / 1_000.0,
            run.requests,
            run.server_cpu_s,
            run.server_rss_mb,
            run.disk_kb.map(|kb| format!("   {kb} kB on disk")).unwrap_or_default(),
            ours.map(|ours| run.times(ours)).unwrap_or_default(),
        );
    }
}
