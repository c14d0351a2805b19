//! First check, form: a plain change within bounds, in the one encoding Automerge itself makes.
//!
//! Bytes that decode but do not re-encode to themselves are refused: Automerge keeps what it
//! decoded, so a second spelling of the same change would come out with another hash.

use std::panic::catch_unwind;

use automerge::Change;
use docket_protocol::change::read_head;
use docket_protocol::wire::RecordPush;

use super::stages::{DecodedChange, DecodedPush, RawChange, Refusal, Slot};

/// Reads every change of a push; needs no database, so it is done before the writer's turn.
pub fn decode_push(push: &RecordPush) -> DecodedPush {
    let slots = push.changes.iter().map(|chunk| decode(RawChange(chunk))).collect();
    DecodedPush { record: push.record, slots }
}

fn decode(raw: RawChange<'_>) -> Slot {
    let head = read_head(raw.0).map_err(|error| (None, Refusal::whole(error.to_string())))?;
    let named = |code| (Some(head.hash), Refusal::whole(code));
    if head.ops == 0 {
        return Err(named("change-empty"));
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
            if change.raw_bytes() == raw.0 && change.hash().0 == head.hash.0 =>
        {
            Ok(DecodedChange { head, change, expanded })
        }
        _ => Err(named("change-damaged")),
    }
}
