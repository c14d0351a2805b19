//! How long a record has become, in operations: what it costs to load, on a phone too.
//!
//! A record that is full takes no new entries and no new prose, but can still be finished,
//! signed and closed. The server's gate and [`crate::edit`] ask here, so that a phone keeps
//! nothing that the gate refuses for this reason.

use automerge::{Automerge, ReadDoc};
use serde::Serialize;

use crate::limits::{RECORD_OPS_MAX, RECORD_OPS_RESERVE, RECORD_OPS_SOFT};

/// How much a record still takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Room {
    /// Anything.
    Enough,
    /// Anything, but people should be told.
    Little,
    /// Fields, ticks and signatures: no new entries, no new prose.
    ToFinish,
    /// Signatures and the archive.
    ToClose,
}

/// How much this record still takes.
pub fn room(doc: &Automerge) -> Room {
    match doc.stats().num_ops {
        ..RECORD_OPS_SOFT => Room::Enough,
        RECORD_OPS_SOFT..RECORD_OPS_MAX => Room::Little,
        ops if ops < RECORD_OPS_MAX + RECORD_OPS_RESERVE => Room::ToFinish,
        _ => Room::ToClose,
    }
}
