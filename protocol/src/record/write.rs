//! The few ways a record is written: born, set, prose edited, entry added.
//!
//! Called inside an open Automerge transaction by [`crate::edit`]; nothing here commits.

use automerge::transaction::{Transactable, Transaction};
use automerge::{ObjId, ObjType, ReadDoc, ScalarValue, Value};

use super::path::Path;
use super::rules::{LATER_PROSE, ValueRule, containers_of, is_later, rules_of};
use super::twins;
use super::value::FieldValue;
use super::{RecordKind, SCHEMA};
use crate::edit::EditError;

/// Gives a new document its maps, its prose fields, `schema` and `kind`.
pub fn create(tx: &mut Transaction<'_>, kind: RecordKind) -> Result<(), EditError> {
    tx.put(automerge::ROOT, "schema", ScalarValue::Uint(SCHEMA))?;
    tx.put(automerge::ROOT, "kind", kind.as_str())?;
    for container in containers_of(kind) {
        make(tx, &Path::new(container), ObjType::Map)?;
    }
    for rule in rules_of(kind) {
        if rule.value == ValueRule::Prose && !rule.path.contains('*') {
            make(tx, &Path::new(rule.path), ObjType::Text)?;
        }
    }
    Ok(())
}

/// Makes what records of older phones were born without on the way to `path`.
pub fn ensure(tx: &mut Transaction<'_>, path: &Path) -> Result<(), EditError> {
    let mut here = Path::default();
    for key in path.segments() {
        here = here.child(key);
        if is_later(&here) && find(tx, &here).is_none() {
            let prose = LATER_PROSE.contains(&here.as_str());
            make(tx, &here, if prose { ObjType::Text } else { ObjType::Map })?;
        }
    }
    Ok(())
}

/// Adds an entry (`steps/{id}`) with its prose fields and inner maps; other fields follow.
pub fn create_entry(
    tx: &mut Transaction<'_>,
    kind: RecordKind,
    entry: &Path,
) -> Result<(), EditError> {
    if find(tx, entry).is_some() {
        return Err(EditError::new("already-there", entry.clone()));
    }
    make(tx, entry, ObjType::Map)?;
    let prefix = format!("{}/", entry.pattern());
    for rule in rules_of(kind) {
        let Some(field) = rule.path.strip_prefix(&prefix) else { continue };
        if let Some(inner) = field.strip_suffix("/*") {
            make(tx, &entry.child(inner), ObjType::Map)?;
        } else if rule.value == ValueRule::Prose {
            make(tx, &entry.child(field), ObjType::Text)?;
        }
    }
    Ok(())
}

/// Sets a scalar; writes nothing when the field holds just this value and nobody disagrees.
///
/// Where values disagree and the one chosen counts already, Automerge would only delete the
/// others. A choice must be a value with an author of its own, in the place of all it saw, so
/// another one is put there first.
pub fn set(tx: &mut Transaction<'_>, path: &Path, value: &FieldValue) -> Result<(), EditError> {
    let (object, key) = parent(tx, path)?;
    let scalar = value.to_scalar();
    let above = path.split_last().map(|(above, _)| above).unwrap_or_default();
    let twins = twins::objects(tx, &above, None);
    let holds = |map: &&ObjId| tx.get(*map, key.as_str()).is_ok_and(|held| held.is_some());
    let holders: Vec<ObjId> = twins.iter().filter(holds).cloned().collect();
    // Written wherever somebody has written, so that no value it saw stays beside it.
    let maps = if holders.is_empty() { vec![object] } else { holders };
    maps.iter().try_for_each(|map| put(tx, map, &key, &scalar))
}

fn put(
    tx: &mut Transaction<'_>,
    object: &ObjId,
    key: &str,
    scalar: &ScalarValue,
) -> Result<(), EditError> {
    let is_it = |held: &Value<'_>| held.as_scalar() == Some(scalar);
    let held = tx.get_all(object, key)?;
    let unwritten = held.is_empty() && *scalar == ScalarValue::Null;
    if unwritten || (!held.is_empty() && held.iter().all(|(held, _)| is_it(held))) {
        return Ok(());
    }
    if tx.get(object, key)?.is_some_and(|(counts, _)| is_it(&counts)) {
        let mut other = held.iter().filter_map(|(held, _)| held.as_scalar()).cloned();
        let other = other.find(|other| other != scalar);
        tx.put(object, key, other.unwrap_or(ScalarValue::Null))?;
    }
    tx.put(object, key, scalar.clone())?;
    Ok(())
}

/// Sets raw bytes.
pub fn set_bytes(tx: &mut Transaction<'_>, path: &Path, bytes: &[u8]) -> Result<(), EditError> {
    let (object, key) = parent(tx, path)?;
    tx.put(&object, key.as_str(), ScalarValue::Bytes(bytes.to_vec()))?;
    Ok(())
}

/// Turns the prose at `path` into `text` by the smallest insertions and deletions.
pub fn set_prose(tx: &mut Transaction<'_>, path: &Path, text: &str) -> Result<(), EditError> {
    let mut twins = twins::objects(tx, path, None);
    let last = twins.pop().ok_or_else(|| EditError::new("no-such-field", path.clone()))?;
    // Prose that two people began at once is read as one text, and becomes one.
    for twin in twins {
        tx.update_text(&twin, "")?;
    }
    tx.update_text(&last, text)?;
    Ok(())
}

/// The object at a path, if there is one. Where two people have made the same map, each holds
/// entries of its own, so that the way may lead through either; Automerge's choice is tried first.
pub fn find<D: ReadDoc>(doc: &D, path: &Path) -> Option<ObjId> {
    let segments: Vec<&str> = path.segments().collect();
    below(doc, automerge::ROOT, &segments)
}

fn below<D: ReadDoc>(doc: &D, object: ObjId, segments: &[&str]) -> Option<ObjId> {
    let Some((first, rest)) = segments.split_first() else { return Some(object) };
    let values = doc.get_all(&object, *first).ok()?;
    let objects = values.into_iter().rev().filter(|(value, _)| value.is_object());
    objects.map(|(_, id)| id).find_map(|id| below(doc, id, rest))
}

fn parent(tx: &Transaction<'_>, path: &Path) -> Result<(ObjId, String), EditError> {
    let missing = || EditError::new("no-such-field", path.clone());
    let (above, key) = path.split_last().ok_or_else(missing)?;
    let object = find(tx, &above).ok_or_else(missing)?;
    Ok((object, key.to_owned()))
}

fn make(tx: &mut Transaction<'_>, path: &Path, kind: ObjType) -> Result<(), EditError> {
    let (object, key) = parent(tx, path)?;
    tx.put_object(&object, key.as_str(), kind)?;
    Ok(())
}
