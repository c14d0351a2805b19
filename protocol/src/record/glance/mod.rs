//! A look at a record that reads its columns once and builds nothing: at a saved document, or at
//! changes in a row that are its whole history.
//!
//! Loading a record costs what its whole history costs. Somebody who gets five hundred of them
//! only wants to list them, so this reads the values that count straight from the bytes. It
//! shows just what [`read::content`](super::read::content) would, or nothing: wherever two people
//! wrote at once, or a signature is involved, or a byte is not as expected, the record has to be
//! loaded. Checksums hold the bytes together; that the heads are those of the history is for
//! whoever loads it.

mod document;
mod history;
mod objects;

use serde_json::Value as Json;

use crate::change::MAGIC;
use crate::compact::change::CHANGE;
use crate::ids::ChangeHash;

/// What a saved record shows at first sight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    /// Its version.
    pub heads: Vec<ChangeHash>,
    /// As the record's reader would show it.
    pub content: Json,
}

/// Looks at a record, a document or all its changes one behind the other; none where it has to be
/// loaded to be shown.
pub fn glance(record: &[u8]) -> Option<Glance> {
    if record.get(MAGIC.len() + 4) == Some(&CHANGE) {
        return history::glance(record);
    }
    document::glance(record)
}
