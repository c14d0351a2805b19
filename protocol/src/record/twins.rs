//! Maps and prose that came with a later version, and may therefore stand in a record twice.
//!
//! A record that an older phone opened is born without them. Whoever writes there first makes
//! them, and two people may do so at once. Then both stay: entries and fields are looked for in
//! either, differing values are a conflict like any other, and prose has the letters of both.

use std::collections::BTreeSet;

use automerge::iter::MapRangeItem;
use automerge::{ChangeHash, ObjId, ReadDoc, Value};

use super::path::Path;

/// Every object at a path, now or at `heads`, older ones first.
pub fn objects<D: ReadDoc>(doc: &D, path: &Path, heads: Option<&[ChangeHash]>) -> Vec<ObjId> {
    path.segments().fold(vec![automerge::ROOT], |above, key| {
        let values = values(doc, &above, key, heads);
        values.into_iter().filter(|(value, _)| value.is_object()).map(|(_, id)| id).collect()
    })
}

/// Every field of these maps with all its values, now or at `heads`, in the order of names.
///
/// One pass over a map: looking every name up by itself costs ten times as much.
pub fn fields<'doc, D: ReadDoc>(
    doc: &'doc D,
    maps: &[ObjId],
    heads: Option<&[ChangeHash]>,
) -> Vec<(String, Vec<(Value<'doc>, ObjId)>)> {
    if let [map] = maps {
        let winners = match heads {
            Some(heads) => doc.map_range_at(map, .., heads),
            None => doc.map_range(map, ..),
        };
        let with_all = |field: MapRangeItem<'doc>| {
            let (key, id) = (field.key.to_string(), field.id());
            let all = match field.conflict {
                true => values(doc, maps, &key, heads),
                false => vec![(field.value.into_value(), id)],
            };
            (key, all)
        };
        return winners.map(with_all).collect();
    }
    let keys = maps.iter().flat_map(|map| match heads {
        Some(heads) => doc.keys_at(map, heads),
        None => doc.keys(map),
    });
    let keys: BTreeSet<String> = keys.collect();
    let with_all = |key: String| {
        let all = values(doc, maps, &key, heads);
        (key, all)
    };
    keys.into_iter().map(with_all).collect()
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
