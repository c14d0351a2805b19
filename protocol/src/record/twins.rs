//! Maps and prose that came with a later version, and may therefore stand in a record twice.
//!
//! A record that an older phone opened is born without them. Whoever writes there first makes
//! them, and two people may do so at once. Then both stay: entries and fields are looked for in
//! either, differing values are a conflict like any other, and prose has the letters of both.

use automerge::{ChangeHash, ObjId, ReadDoc, Value};

use super::path::Path;

/// Every object at a path, now or at `heads`, older ones first.
pub fn objects<D: ReadDoc>(doc: &D, path: &Path, heads: Option<&[ChangeHash]>) -> Vec<ObjId> {
    path.segments().fold(vec![automerge::ROOT], |above, key| {
        let values = values(doc, &above, key, heads);
        values.into_iter().filter(|(value, _)| value.is_object()).map(|(_, id)| id).collect()
    })
}

/// Every value of a field in any of these maps, now or at `heads`, in the order of operations.
pub fn values<'doc, D: ReadDoc>(
    doc: &'doc D,
    maps: &[ObjId],
    key: &str,
    heads: Option<&[ChangeHash]>,
) -> Vec<(Value<'doc>, ObjId)> {
    let of = |map: &ObjId| match heads {
        Some(heads) => doc.get_all_at(map, key, heads),
        None => doc.get_all(map, key),
    };
    let mut values: Vec<_> = maps.iter().flat_map(|map| of(map).unwrap_or_default()).collect();
    if maps.len() > 1 {
        values.sort_by(|(_, one), (_, other)| one.cmp(other));
    }
    values
}

/// Every value at a path, now or at `heads`.
pub fn values_at<'doc, D: ReadDoc>(
    doc: &'doc D,
    path: &Path,
    heads: Option<&[ChangeHash]>,
) -> Vec<(Value<'doc>, ObjId)> {
    let Some((above, key)) = path.split_last() else { return Vec::new() };
    values(doc, &objects(doc, &above, heads), key, heads)
}
