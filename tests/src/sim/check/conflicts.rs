//! I11: conflicting concurrent values are all kept and listed.
//!
//! Which they are is read here from Automerge itself, key by key, without the product's reader.

use std::collections::{BTreeMap, BTreeSet};

use docket_protocol::automerge::{Automerge, ObjId, ROOT, ReadDoc, Value};
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::rule_of;
use docket_protocol::record::value::FieldValue;
use serde_json::{Value as Json, json};

use crate::sim::invariant::{Invariant, Violation};

/// Every field with several values, and the values as JSON text.
pub(crate) fn of(doc: &Automerge, kind: RecordKind) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    walk(doc, kind, &ROOT, "", &mut found);
    found
}

fn walk(
    doc: &Automerge,
    kind: RecordKind,
    object: &ObjId,
    above: &str,
    found: &mut BTreeMap<String, BTreeSet<String>>,
) {
    for key in doc.keys(object) {
        let path = if above.is_empty() { key.clone() } else { format!("{above}/{key}") };
        let values = doc.get_all(object, key.as_str()).unwrap_or_default();
        let mut scalars = BTreeSet::new();
        for (value, id) in values {
            match value {
                Value::Scalar(scalar) => {
                    scalars.insert(json!(FieldValue::from_scalar(&scalar)).to_string());
                }
                Value::Object(_) => walk(doc, kind, &id, &path, found),
            }
        }
        if scalars.len() > 1 && rule_of(kind, &Path::new(path.as_str())).is_some() {
            found.insert(path, scalars);
        }
    }
}

/// A phone's page of a job lists just these.
pub(crate) fn listed(
    number: usize,
    view: &Json,
    expected: &BTreeMap<String, BTreeSet<String>>,
) -> Result<(), Violation> {
    let list = view["conflicts"].as_array();
    let shown: BTreeMap<String, BTreeSet<String>> = list
        .into_iter()
        .flatten()
        .map(|conflict| {
            let values = conflict["values"].as_array().into_iter().flatten();
            let values = values.map(|value| value["value"].to_string()).collect();
            (conflict["path"].as_str().unwrap_or_default().to_owned(), values)
        })
        .collect();
    Invariant::I11.hold(shown == *expected, || {
        format!("phone {number} lists {shown:?}; there are {expected:?}")
    })
}
