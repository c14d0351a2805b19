//! What was written beside a sign-off: edits of signed fields whose authors did not know of it.
//!
//! A colleague without coverage goes on writing while the customer signs. Nothing of that is
//! lost and nothing of it is signed, so it is listed, field by field, beside the signed version.
//! What descends from the sign-off is refused at the gate; should a record hold such an edit all
//! the same, it is listed too. What descends from an amendment is the amendment's own work.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use automerge::{Automerge, Change, ChangeHash};
use serde::Serialize;

use super::RecordKind;
use super::path::Path;
use super::read::{UnknownHeads, known, value_at};
use super::value::FieldValue;
use crate::amendment::amendings;
use crate::ids;
use crate::ops::{Effect, locate};
use crate::signoff::Statement;

/// One field that somebody wrote beside a sign-off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LateEdit {
    /// The field.
    pub path: Path,
    /// What was signed.
    pub signed: FieldValue,
    /// What this author left there, as they saw it.
    pub later: FieldValue,
    /// The change that wrote it last; its log row or phone row knows the author.
    pub change: ids::ChangeHash,
    /// Actor of that change, lower-case hex.
    pub actor: String,
    /// Device time of that change, Unix ms.
    pub at: i64,
}

/// Everything written beside a sign-off in the fields it covers: one entry a field and author,
/// in path order, the same on every node that holds the same changes.
pub fn late_edits(doc: &Automerge, statement: &Statement) -> Result<Vec<LateEdit>, UnknownHeads> {
    let heads: Vec<ChangeHash> = statement.heads.iter().map(|head| (*head).into()).collect();
    known(doc, &heads)?;
    let amendments: BTreeSet<ChangeHash> = amendings(doc)
        .into_iter()
        .filter(|amending| amending.signoffs.contains(&statement.signoff))
        .map(|amending| amending.change)
        .collect();
    let mut amended = BTreeSet::new();
    let mut latest = BTreeMap::new();
    // Parents come before children, and each author's changes in their order.
    for change in doc.get_changes(&heads) {
        let knows = change.deps().iter().any(|parent| amended.contains(parent));
        if knows || amendments.contains(&change.hash()) {
            amended.insert(change.hash());
            continue;
        }
        for path in written(doc, &change) {
            if statement.purpose.covers(&path) {
                let late = late_edit(doc, &heads, &change, path.clone());
                latest.insert((path, change.actor_id().clone()), late);
            }
        }
    }
    Ok(latest.into_values().collect())
}

fn late_edit(doc: &Automerge, heads: &[ChangeHash], change: &Change, path: Path) -> LateEdit {
    let value = |heads: &[ChangeHash]| {
        value_at(doc, RecordKind::Job, &path, heads).map_or(FieldValue::Nothing, Into::into)
    };
    LateEdit {
        signed: value(heads),
        later: value(&[change.hash()]),
        change: change.hash().into(),
        actor: change.actor_id().to_hex_string(),
        at: change.timestamp(),
        path,
    }
}

/// The fields whose content a change touches; making an empty prose field says nothing yet.
fn written(doc: &Automerge, change: &Change) -> BTreeSet<Path> {
    let located = locate(doc, &change.decode()).unwrap_or_default();
    let says = |effect: &Effect| !matches!(effect, Effect::Make(_));
    located
        .into_iter()
        .filter(|op| says(&op.effect))
        .map(|op| Arc::unwrap_or_clone(op.path))
        .collect()
}
