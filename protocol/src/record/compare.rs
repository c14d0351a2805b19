//! Two versions of a record, field by field: what a signed version and the record as it is now,
//! or two signed versions, do not have in common.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value as Json;

use super::path::Path;
use super::value::FieldValue;

/// A field that does not read the same in two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The field.
    pub path: Path,
    /// What stands there in the one.
    pub before: FieldValue,
    /// What stands there in the other.
    pub after: FieldValue,
}

/// The fields of two contents that differ, in path order. Empty text, "no" and nothing at all
/// read the same on a form, so they do not differ.
pub fn differences(before: &Json, after: &Json, wanted: impl Fn(&Path) -> bool) -> Vec<Difference> {
    let (before, after) = (leaves(before), leaves(after));
    let paths: BTreeSet<&Path> = before.keys().chain(after.keys()).collect();
    let value = |leaves: &BTreeMap<Path, FieldValue>, path: &Path| {
        leaves.get(path).cloned().unwrap_or(FieldValue::Nothing)
    };
    paths
        .into_iter()
        .filter(|path| wanted(path) && before.get(path) != after.get(path))
        .map(|path| Difference {
            path: path.clone(),
            before: value(&before, path),
            after: value(&after, path),
        })
        .collect()
}

fn leaves(content: &Json) -> BTreeMap<Path, FieldValue> {
    fn walk(value: &Json, path: &Path, found: &mut BTreeMap<Path, FieldValue>) {
        match value {
            Json::Object(fields) => {
                fields.iter().for_each(|(key, value)| walk(value, &path.child(key), found));
            }
            Json::Null | Json::Bool(false) => {}
            Json::String(text) if text.is_empty() => {}
            value => drop(found.insert(path.clone(), value.clone().into())),
        }
    }
    let mut found = BTreeMap::new();
    walk(content, &Path::default(), &mut found);
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_reads_differently_differs() {
        let before = json!({"report": {"cause": "Dirt", "advice": ""}, "plan": {"risky": false}});
        let after = json!({"report": {"cause": "Wear", "outcome": "solved"}});
        let found = differences(&before, &after, |_| true);
        let paths: Vec<_> = found.iter().map(|one| one.path.as_str()).collect();
        assert_eq!(paths, ["report/cause", "report/outcome"]);
        assert_eq!((&found[0].before, &found[0].after), (&"Dirt".into(), &"Wear".into()));
        assert_eq!(found[1].before, FieldValue::Nothing);
        assert!(differences(&before, &after, |path| path.as_str() == "plan/risky").is_empty());
    }
}
