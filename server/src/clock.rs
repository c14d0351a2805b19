//! The server's clock: Unix ms, injected so that tests can let tokens expire without waiting.
//! The only place that asks the operating system for the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A shared clock; clones show the same time.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    stands: bool,
    offset_ms: Arc<AtomicI64>,
}

impl Clock {
    /// A clock that stands at `now_ms` until it is advanced: the time of a simulated server.
    pub fn standing_at(now_ms: i64) -> Self {
        Self { stands: true, offset_ms: Arc::new(AtomicI64::new(now_ms)) }
    }

    /// Unix time in ms.
    pub fn now_ms(&self) -> i64 {
        let system = if self.stands { 0 } else { system_ms() };
        system.saturating_add(self.offset_ms.load(Ordering::Relaxed))
    }

    /// Moves this clock (and its clones) forward or back.
    pub fn advance_ms(&self, step_ms: i64) {
        self.offset_ms.fetch_add(step_ms, Ordering::Relaxed);
    }
}

fn system_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
