//! Merging on trial: changes go into a copy, inside `catch_unwind`, and the copy must save and
//! load with the same heads before anything is written.
//!
//! Automerge can panic on, or store unloadably, changes that are well-formed one by one; the
//! rules should stop all of them earlier. This is the net below.

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{ActorId, Automerge};
use docket_protocol::record;

use super::stages::{Merged, ValidChange};
use crate::store::documents::Document;

/// The result does not load again, or Automerge gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the record would not load after these changes")]
pub struct Unsound;

/// Merges all changes into a copy of the document.
pub fn merge(document: &Document, changes: Vec<ValidChange>) -> Result<Merged, Unsound> {
    let mut automerge = document.automerge.clone();
    apply(&mut automerge, changes.iter())?;
    prove(Document { kind: document.kind, automerge }, changes)
}

/// Wraps a document that the desk has already edited.
pub(crate) fn prove(document: Document, changes: Vec<ValidChange>) -> Result<Merged, Unsound> {
    let saved = catch_unwind(AssertUnwindSafe(|| {
        let snapshot = document.automerge.save_nocompress();
        let loaded = record::load(&snapshot, ActorId::from([0; 16])).map_err(|_| Unsound)?;
        let same = loaded.get_heads() == document.automerge.get_heads();
        same.then_some(snapshot).ok_or(Unsound)
    }));
    let snapshot = saved.unwrap_or(Err(Unsound))?;
    Ok(Merged { document, snapshot, changes })
}

/// Applies changes; after an error the document must be thrown away.
pub(super) fn apply<'a>(
    automerge: &mut Automerge,
    changes: impl Iterator<Item = &'a ValidChange>,
) -> Result<(), Unsound> {
    let changes: Vec<_> = changes.map(|valid| valid.change.clone()).collect();
    let applied = catch_unwind(AssertUnwindSafe(|| automerge.apply_changes(changes)));
    match applied {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Unsound),
    }
}
