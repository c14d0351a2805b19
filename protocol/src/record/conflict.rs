//! What two people wrote at the same time in the same field: every value, never just one.

use automerge::iter::DocItem;
use automerge::{Automerge, ObjId, ObjType, ReadDoc, Value};
use serde::Serialize;

use super::RecordKind;
use super::path::Path;
use super::read::chosen;
use super::rules::{MergeKind, is_later, rule_of};
use super::twins;
use super::value::FieldValue;
use crate::ids::ChangeHash;
use crate::planted;

/// Concurrent values of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The field.
    pub path: Path,
    /// The rule that chose which value counts.
    pub rule: MergeKind,
    /// Every value, oldest operation first.
    pub values: Vec<ConflictValue>,
}

/// One of the values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConflictValue {
    /// What was written.
    pub value: FieldValue,
    /// The change that wrote it; its log row or phone row knows the author.
    pub change: ChangeHash,
    /// Actor of that change, lower-case hex.
    pub actor: String,
    /// Device time of that change, Unix ms.
    pub at: i64,
    /// Whether this is the value that counts now.
    pub chosen: bool,
}

/// Every field of the record with more than one differing value, in path order.
///
/// Fields that a `tick` or `worst` rule settles are listed too, with that rule's name: kept
/// values are never hidden, even where nobody needs to decide.
pub fn conflicts(doc: &Automerge, kind: RecordKind) -> Vec<Conflict> {
    let mut found = Vec::new();
    if !anything_twice(doc) {
        return found;
    }
    walk(doc, kind, &[automerge::ROOT], &Path::default(), &mut found);
    found
}

/// Whether any field has more than one value: one pass, which nearly always says no.
fn anything_twice(doc: &Automerge) -> bool {
    doc.iter().any(|visited| matches!(&visited.item, DocItem::Map(field) if field.conflict))
}

/// The value of a field that counts now, with who wrote it; none where nothing was ever written.
pub fn standing(doc: &Automerge, kind: RecordKind, path: &Path) -> Option<ConflictValue> {
    let values = twins::values_at(doc, path, None);
    let at = chosen(kind, path, &values)?;
    authored(doc, &values[at], true)
}

fn walk(doc: &Automerge, kind: RecordKind, maps: &[ObjId], path: &Path, found: &mut Vec<Conflict>) {
    for (key, values) in twins::fields(doc, maps, None) {
        let here = path.child(&key);
        let Some(at) = chosen(kind, &here, &values) else {
            continue;
        };
        if let (Value::Object(ObjType::Map), id) = &values[at] {
            let all = || values.iter().filter(|(value, _)| value.is_object());
            let twins: Vec<ObjId> = all().map(|(_, id)| id.clone()).collect();
            let maps = if is_later(&here) { &twins } else { std::slice::from_ref(id) };
            walk(doc, kind, maps, &here, found);
        } else if let Some(conflict) = conflict_among(doc, kind, here, &values) {
            found.push(conflict);
        }
    }
}

/// The conflict among these values of one field, if they differ.
pub(super) fn conflict_among(
    doc: &Automerge,
    kind: RecordKind,
    path: Path,
    values: &[(Value<'_>, ObjId)],
) -> Option<Conflict> {
    let chosen_at = chosen(kind, &path, values)?;
    let differs = values.iter().any(|(value, _)| *value != values[chosen_at].0);
    let rule = rule_of(kind, &path)?.merge;
    if !differs {
        return None;
    }
    let values = values
        .iter()
        .enumerate()
        .filter_map(|(at, value)| authored(doc, value, at == chosen_at))
        .skip(usize::from(planted::is("conflict-hidden")))
        .collect();
    Some(Conflict { path, rule, values })
}

fn authored(
    doc: &Automerge,
    (value, id): &(Value<'_>, ObjId),
    chosen: bool,
) -> Option<ConflictValue> {
    let change = doc.hash_for_opid(id)?;
    let meta = doc.get_change_meta_by_hash(&change)?;
    Some(ConflictValue {
        value: FieldValue::from_scalar(value.as_scalar()?),
        change: change.into(),
        actor: meta.actor.to_hex_string(),
        at: meta.timestamp,
        chosen,
    })
}
