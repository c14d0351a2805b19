//! First check, form: a plain change within bounds, in the one encoding Automerge itself makes.
//!
//! Bytes that decode but do not re-encode to themselves are refused: Automerge keeps what it
//! decoded, so a second spelling of the same change would come out with another hash. What a
//! whole request may decode to is bounded as well; the rest is not judged and comes again.

use std::panic::catch_unwind;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use automerge::Change;
use docket_protocol::change::{ChangeHead, read_head};
use docket_protocol::limits::PUSH_OPS_MAX;
use docket_protocol::wire::{RecordPush, Verdict};

use super::stages::{DecodedChange, DecodedPush, RawChange, Refusal, Slot, Stopped};

/// Reads every change of a request; needs no database, so it is done before the writer's turn.
pub fn decode_pushes(pushes: &[RecordPush]) -> Vec<DecodedPush> {
    let budget = Budget::default();
    pushes.iter().map(|push| decode_within(push, &budget)).collect()
}

/// Reads every change of a push that comes alone.
pub fn decode_push(push: &RecordPush) -> DecodedPush {
    decode_within(push, &Budget::default())
}

pub(super) fn decode_within(push: &RecordPush, budget: &Budget) -> DecodedPush {
    let slots = push.changes.iter().map(|chunk| decode(RawChange(chunk), budget)).collect();
    DecodedPush { record: push.record, slots }
}

/// Operations that may still be made in memory for one request, however many threads make them.
pub struct Budget {
    ops: AtomicU64,
    short: AtomicBool,
}

impl Default for Budget {
    fn default() -> Self {
        Self { ops: AtomicU64::new(PUSH_OPS_MAX), short: AtomicBool::new(false) }
    }
}

impl Budget {
    fn pays(&self, head: &ChangeHead) -> bool {
        let paid = self.ops.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            // Once short it stays short, so that a later change is not judged before an earlier
            // one.
            left.checked_sub(head.ops).filter(|_| !self.is_short())
        });
        if paid.is_err() {
            self.short.store(true, Ordering::Relaxed);
        }
        paid.is_ok()
    }

    /// Whether some change was not read. Where several threads read at once it is chance which.
    pub fn is_short(&self) -> bool {
        self.short.load(Ordering::Relaxed)
    }
}

fn decode(raw: RawChange<'_>, budget: &Budget) -> Slot {
    let head = read_head(raw.0).map_err(|error| Stopped::refused(None, error.to_string()))?;
    let named = |code| Stopped::refused(Some(head.hash), code);
    if head.ops == 0 {
        return Err(named("change-empty"));
    }
    if !budget.pays(&head) {
        return Err(Stopped { hash: Some(head.hash), verdict: Verdict::Need(Vec::new()) });
    }
    let bytes = raw.0.to_vec();
    let decoded = catch_unwind(|| {
        let change = Change::from_bytes(bytes).ok()?;
        let expanded = change.decode();
        let canonical = Change::from(expanded.clone());
        (canonical.raw_bytes() == change.raw_bytes()).then_some((change, expanded))
    });
    match decoded {
        Ok(Some((change, expanded)))
            if change.raw_bytes() == raw.0
                && change.hash().0 == head.hash.0
                && expanded.operations.len() as u64 == head.ops =>
        {
            Ok(DecodedChange { head, change, expanded })
        }
        _ => Err(named("change-damaged")),
    }
}

impl Stopped {
    fn refused(
        hash: Option<docket_protocol::ids::ChangeHash>,
        code: impl Into<std::borrow::Cow<'static, str>>,
    ) -> Self {
        Self { hash, verdict: Refusal::whole(code).into() }
    }
}
