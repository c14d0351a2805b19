//! A record as plain JSON, now or as it stood at given heads.
//!
//! The one reader: screens, the read model, the digest under a signature and the proof all
//! see the same values, with the field rules deciding where two people wrote at once.
//! Sign-offs are left out: they are about the content, not part of it.

use automerge::{Automerge, ChangeHash, ObjId, ObjType, ReadDoc, ScalarValue, Value};
use serde_json::{Map, Value as Json};

use super::RecordKind;
use super::path::Path;
use super::rules::{MergeKind, ValueRule, is_later, rule_of};
use super::twins;

/// Heads were named that this document does not contain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this record does not contain the named version")]
pub struct UnknownHeads;

/// The whole content as it is now.
pub fn content(doc: &Automerge, kind: RecordKind) -> Json {
    content_of(doc, kind, None)
}

/// The whole content as it stood at `heads`.
///
/// Automerge ignores unknown heads silently, which would show another version than the one
/// asked for, so they are looked up first.
pub fn content_at(
    doc: &Automerge,
    kind: RecordKind,
    heads: &[ChangeHash],
) -> Result<Json, UnknownHeads> {
    known(doc, heads)?;
    Ok(content_of(doc, kind, Some(heads)))
}

/// Whether a document contains these heads.
pub(super) fn known(doc: &Automerge, heads: &[ChangeHash]) -> Result<(), UnknownHeads> {
    let missing = heads.iter().any(|head| doc.get_change_meta_by_hash(head).is_none());
    if missing { Err(UnknownHeads) } else { Ok(()) }
}

/// One field as it stood at `heads`, all of which the document must contain.
pub fn value_at(
    doc: &Automerge,
    kind: RecordKind,
    path: &Path,
    heads: &[ChangeHash],
) -> Option<Json> {
    let reader = Reader { doc, kind, heads: Some(heads) };
    let values = twins::values_at(doc, path, Some(heads));
    reader.value(&values, path).filter(|value| !value.is_object())
}

/// The kind written in the document's root.
pub fn kind_of(doc: &Automerge) -> Option<RecordKind> {
    let (value, _) = doc.get(automerge::ROOT, "kind").ok()??;
    RecordKind::parse(value.as_str()?)
}

fn content_of(doc: &Automerge, kind: RecordKind, heads: Option<&[ChangeHash]>) -> Json {
    let reader = Reader { doc, kind, heads };
    let mut root = reader.map(&[automerge::ROOT], &Path::default());
    root.remove("signoffs");
    Json::Object(root)
}

struct Reader<'doc> {
    doc: &'doc Automerge,
    kind: RecordKind,
    heads: Option<&'doc [ChangeHash]>,
}

impl Reader<'_> {
    /// The content of a map, or of several that people have made at once.
    fn map(&self, maps: &[ObjId], path: &Path) -> Map<String, Json> {
        let read = |(key, values): (String, Vec<_>)| {
            let value = self.value(&values, &path.child(&key))?;
            Some((key, value))
        };
        twins::fields(self.doc, maps, self.heads).into_iter().filter_map(read).collect()
    }

    fn value(&self, values: &[(Value<'_>, ObjId)], path: &Path) -> Option<Json> {
        let (value, id) = &values[chosen(self.kind, path, values)?];
        let twins = || values.iter().filter(|(value, _)| value.is_object()).map(|(_, id)| id);
        match value {
            Value::Object(ObjType::Text) => Some(Json::String(self.texts(twins()))),
            Value::Object(_) if is_later(path) => {
                let maps: Vec<ObjId> = twins().cloned().collect();
                Some(Json::Object(self.map(&maps, path)))
            }
            Value::Object(_) => Some(Json::Object(self.map(std::slice::from_ref(id), path))),
            Value::Scalar(scalar) => scalar_json(scalar),
        }
    }

    /// Prose; where several people began it at once, the words of all, line by line.
    fn texts<'id>(&self, all: impl Iterator<Item = &'id ObjId>) -> String {
        let texts = all.map(|id| match self.heads {
            Some(heads) => self.doc.text_at(id, heads),
            None => self.doc.text(id),
        });
        let texts: Vec<String> = texts.flatten().filter(|text| !text.is_empty()).collect();
        texts.join("\n")
    }
}

/// Which of the concurrent values counts: the index into `values`, or none when empty.
///
/// Automerge lists the values in ascending order of operation id; its own choice is the last.
pub(super) fn chosen(
    kind: RecordKind,
    path: &Path,
    values: &[(Value<'_>, ObjId)],
) -> Option<usize> {
    let last = values.len().checked_sub(1)?;
    if last == 0 {
        return Some(0);
    }
    let Some(rule) = rule_of(kind, path) else {
        return Some(last);
    };
    let severity = |value: &Value<'_>| match (rule.merge, rule.value) {
        (MergeKind::Tick, ValueRule::Bool) => usize::from(value.as_bool() == Some(true)),
        // When and by whom stands only where the item is done.
        (MergeKind::Tick, _) => usize::from(!value.is_null()),
        (MergeKind::Worst, ValueRule::Choice { words }) => {
            words.iter().position(|word| value.as_str() == Some(word)).map_or(0, |at| at + 1)
        }
        _ => 0,
    };
    (0..values.len()).max_by_key(|&at| (severity(&values[at].0), at))
}

/// An emptied field (null) reads like one that was never written.
fn scalar_json(scalar: &ScalarValue) -> Option<Json> {
    match scalar {
        ScalarValue::Str(text) => Some(Json::String(text.to_string())),
        ScalarValue::Int(number) => Some(Json::from(*number)),
        ScalarValue::Uint(number) => Some(Json::from(*number)),
        ScalarValue::Boolean(yes) => Some(Json::Bool(*yes)),
        ScalarValue::Timestamp(time) => Some(Json::from(*time)),
        ScalarValue::Bytes(bytes) => Some(Json::String(data_encoding::HEXLOWER.encode(bytes))),
        ScalarValue::Counter(_)
        | ScalarValue::F64(_)
        | ScalarValue::Unknown { .. }
        | ScalarValue::Null => None,
    }
}

/// The part of a content that a report sign-off freezes: two versions with the same part read
/// the same to the customer who signed.
pub fn locked_part(kind: RecordKind, content: &Json) -> Json {
    fn keep(kind: RecordKind, path: &Path, value: &Json) -> Option<Json> {
        let Json::Object(map) = value else {
            return rule_of(kind, path).is_some_and(|rule| rule.locked).then(|| value.clone());
        };
        let kept: Map<_, _> = map
            .iter()
            .filter_map(|(key, value)| Some((key.clone(), keep(kind, &path.child(key), value)?)))
            .collect();
        (!kept.is_empty()).then_some(Json::Object(kept))
    }
    keep(kind, &Path::default(), content).unwrap_or_default()
}
