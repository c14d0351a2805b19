//! The memory of conflicts: who chose what over what, read from history.
//!
//! A write whose author saw several differing values settles them. The values it replaced, their
//! authors and the rule that chose until then are all in the change's past, so a settlement is a
//! pure function of the change and never has to be stored by a phone.

use std::collections::BTreeSet;

use automerge::{Automerge, Change, ChangeHash, ReadDoc};
use serde::Serialize;

use super::RecordKind;
use super::conflict::{Conflict, conflict_among};
use super::path::Path;
use super::rules::LATER_CONTAINERS;
use super::twins;
use super::value::FieldValue;
use crate::compact::change::opened;
use crate::compact::columns::Unfit;
use crate::ids;
use crate::ops::{Effect, LocatedOp, locate};

/// One conflict that a person settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Settlement {
    /// What there was to choose from, and which value counted until then.
    #[serde(flatten)]
    pub conflict: Conflict,
    /// What was written instead: one of the values, or a third.
    pub value: FieldValue,
    /// The change that wrote it; its log row or phone row knows the author.
    pub change: ids::ChangeHash,
    /// Actor of that change, lower-case hex.
    pub actor: String,
    /// Device time of that change, Unix ms.
    pub at: i64,
}

/// Every settlement in a record's history, earlier ones first.
pub fn settlements(doc: &Automerge, kind: RecordKind) -> Vec<Settlement> {
    let changes = doc.get_changes(&[]);
    let mut all: Vec<_> = changes.iter().flat_map(|change| settled_by(doc, kind, change)).collect();
    // Changes arrive in another order on every node; the list reads the same on all.
    all.sort_by(|one, other| (one.at, &one.change.0).cmp(&(other.at, &other.change.0)));
    all
}

/// What one change settled; the document must hold the change's parents.
pub fn settled_by(doc: &Automerge, kind: RecordKind, change: &Change) -> Vec<Settlement> {
    let twinned = has_twins(doc, change.deps());
    if !twinned && !replaces_several(change) {
        return Vec::new();
    }
    let expanded = change.decode();
    let ops = locate(doc, &expanded).unwrap_or_default();
    let wrote = ops.iter().zip(&expanded.operations);
    let several = wrote.filter(|(_, op)| twinned || op.pred.len() > 1);
    let paths: BTreeSet<&Path> = several.map(|(op, _)| &*op.path).collect();
    let settled = |path: &Path| {
        Some(Settlement {
            conflict: replaced(doc, kind, path, change.deps())?,
            value: last_written(&ops, path)?,
            change: change.hash().into(),
            actor: change.actor_id().to_hex_string(),
            at: change.timestamp(),
        })
    };
    paths.into_iter().filter_map(settled).collect()
}

/// Whether any of its operations replaces more than one value: read from its columns, because
/// nearly all do not and there are many changes.
fn replaces_several(change: &Change) -> bool {
    let several = || {
        let mut ops = opened(change.raw_bytes())?.ops;
        while let Some(op) = ops.next()? {
            if op.replaced.len() > 1 {
                return Ok::<_, Unfit>(true);
            }
        }
        Ok(false)
    };
    several().unwrap_or(true)
}

/// Whether two people had made the same map at once: then a write settles what either holds. Such
/// maps stay, so where there are none now there were none then.
fn has_twins(doc: &Automerge, parents: &[ChangeHash]) -> bool {
    let now = doc.map_range(automerge::ROOT, ..).filter(|map| map.conflict);
    let mut twinned = now.filter(|map| LATER_CONTAINERS.contains(&map.key.as_ref()));
    twinned.any(|map| twins::values_at(doc, &Path::new(&*map.key), Some(parents)).len() > 1)
}

/// The values at a path as the change's author saw them, if they differed.
fn replaced(
    doc: &Automerge,
    kind: RecordKind,
    path: &Path,
    parents: &[ChangeHash],
) -> Option<Conflict> {
    let values = twins::values_at(doc, path, Some(parents));
    conflict_among(doc, kind, path.clone(), &values)
}

/// A choice may empty the field before it writes the value; the last write is what was meant.
fn last_written(ops: &[LocatedOp], path: &Path) -> Option<FieldValue> {
    ops.iter().rev().find_map(|op| match &op.effect {
        Effect::Put(value) if *op.path == *path => Some(FieldValue::from_scalar(value)),
        _ => None,
    })
}
