//! First check, form: a plain change within bounds, in the one encoding Automerge itself makes.
//!
//! Bytes that decode but do not re-encode to themselves are refused: Automerge keeps what it
//! decoded, so a second spelling of the same change would come out with another hash. What a
//! whole request may decode to is bounded as well; the rest is not judged and comes again.

use std::panic::catch_unwind;

use automerge::Change;
use docket_protocol::change::{ChangeHead, read_head};
use docket_protocol::limits::PUSH_OPS_MAX;
use docket_protocol::wire::{RecordPush, Verdict};

use super::stages::{DecodedChange, DecodedPush, RawChange, Refusal, Slot, Stopped};

/// Reads every change of a request; needs no database, so it is done before the writer's turn.
pub fn decode_pushes(pushes: &[RecordPush]) -> Vec<DecodedPush> {
    pushes.iter().zip(shares(pushes)).map(|(push, share)| decode_within(push, share)).collect()
}

/// Reads every change of a push that comes alone.
pub fn decode_push(push: &RecordPush) -> DecodedPush {
    decode_within(push, Budget::default())
}

pub(super) fn decode_within(push: &RecordPush, mut budget: Budget) -> DecodedPush {
    let slots = push.changes.iter().map(|chunk| decode(RawChange(chunk), &mut budget)).collect();
    DecodedPush { record: push.record, slots }
}

/// Operations that may still be made in memory.
#[derive(Debug, Clone, Copy)]
pub struct Budget(u64);

impl Default for Budget {
    /// What one request may cost.
    fn default() -> Self {
        Self(PUSH_OPS_MAX)
    }
}

impl Budget {
    /// Once short it stays short, so that a later change is not judged before an earlier one.
    fn pays(&mut self, head: &ChangeHead) -> bool {
        let left = self.0.checked_sub(head.ops);
        self.0 = left.unwrap_or(0);
        left.is_some()
    }
}

/// What each push of a request may cost, the first before the next: whoever reads one of them,
/// and when, does not change what is read.
pub fn shares(pushes: &[RecordPush]) -> Vec<Budget> {
    let mut left = Budget::default();
    let share = |push: &RecordPush| {
        let Budget(before) = left;
        for head in push.changes.iter().filter_map(|chunk| read_head(chunk).ok()) {
            left.pays(&head);
        }
        Budget(before - left.0)
    };
    pushes.iter().map(share).collect()
}

fn decode(raw: RawChange<'_>, budget: &mut Budget) -> Slot {
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

#[cfg(test)]
mod tests {
    use automerge::transaction::Transactable;
    use automerge::{AutoCommit, ObjType, ROOT};
    use docket_protocol::ids::RecordId;
    use docket_protocol::limits::ACTOR_BYTES;

    use super::*;

    const LETTERS: u64 = 9_999;
    const OPS: u64 = LETTERS + 1;

    /// A change of so many operations, many times over: form is all that counts here.
    fn push(record: u8, changes: u64) -> RecordPush {
        let actor = vec![1; ACTOR_BYTES];
        let mut doc = AutoCommit::new().with_actor(actor.into());
        let prose = doc.put_object(ROOT, "prose", ObjType::Text).unwrap();
        doc.splice_text(&prose, 0, 0, &"x".repeat(LETTERS as usize)).unwrap();
        let chunk = doc.get_last_local_change().unwrap().raw_bytes().to_vec();
        let record = RecordId::new(1, [record; 10]);
        RecordPush { record, changes: vec![chunk.into(); changes as usize] }
    }

    /// FAULTS row 42: what a request costs is bounded, and the rest comes again.
    #[test]
    fn who_comes_first_is_read_first_and_the_rest_comes_again() {
        let affordable = PUSH_OPS_MAX / OPS;
        let pushes = [push(1, 5), push(2, affordable), push(3, 1)];
        let read =
            |push: &DecodedPush| push.slots.iter().filter(|slot| slot.is_ok()).count() as u64;
        let decoded = decode_pushes(&pushes);
        assert_eq!(decoded.iter().map(read).collect::<Vec<_>>(), [5, affordable - 5, 0]);
        let left =
            decoded.iter().flat_map(|push| &push.slots).filter_map(|slot| slot.as_ref().err());
        assert!(left.clone().all(|stopped| stopped.verdict == Verdict::Need(Vec::new())));
        assert_eq!(left.count(), 6);

        let again = shares(&pushes).into_iter().zip(&pushes).rev();
        let alone: Vec<_> = again.map(|(share, push)| read(&decode_within(push, share))).collect();
        assert_eq!(alone, [0, affordable - 5, 5], "in whichever order they are read");
    }
}
