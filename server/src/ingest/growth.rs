//! Third check, second half: a record that is full grows no further, and can still be closed.
//!
//! A phone knows the count of operations and stops by itself ([`docket_protocol::edit`]); bytes
//! and the number of signatures are counted here alone. Nothing that people need to finish,
//! sign and close a record is ever refused for its size.

use automerge::{Automerge, ReadDoc};
use docket_protocol::limits::SIGNOFFS_MAX;
use docket_protocol::ops::{Effect, LocatedOp};
use docket_protocol::record::path::Path;
use docket_protocol::record::size::{Room, room};
use docket_protocol::record::write::find;

use super::stages::Refusal;
use crate::limits::RECORD_BYTES_MAX;

/// What a record has grown to before a change.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    room: Room,
}

impl Size {
    /// The size of a record that takes `bytes` on disk.
    pub(super) fn of(document: &Automerge, bytes: u64) -> Self {
        let by_bytes = if bytes < RECORD_BYTES_MAX { Room::Enough } else { Room::ToFinish };
        Self { room: room(document).max(by_bytes) }
    }

    /// Refuses what makes a full record longer.
    pub(super) fn admits(self, ops: &[LocatedOp]) -> Result<(), Refusal> {
        match ops.iter().find(|op| !self.takes(op)) {
            Some(op) => Err(Refusal::at("record-full", &op.path)),
            None => Ok(()),
        }
    }

    fn takes(self, op: &LocatedOp) -> bool {
        let grows = matches!(op.effect, Effect::Make(_) | Effect::Insert(_));
        match (self.room, op.path.segments().next()) {
            (Room::Enough | Room::Little, _) | (_, Some("signoffs" | "amendments" | "archive")) => {
                true
            }
            (Room::ToFinish, _) => !grows,
            (Room::ToClose, _) => false,
        }
    }
}

/// Nobody needs hundreds of signatures on one record.
pub(super) fn signatures(version: &Automerge) -> Result<(), Refusal> {
    let path = Path::new("signoffs");
    let count = find(version, &path).map_or(0, |signoffs| version.length(&signoffs));
    if count > SIGNOFFS_MAX { Err(Refusal::at("too-many", &path)) } else { Ok(()) }
}
