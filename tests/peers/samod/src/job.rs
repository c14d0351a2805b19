//! A job of the workload as a tree, and a person's edit on it: as the other peers have them.

use anyhow::{Result, bail};
use serde_json::{Map, Value as Json, json};

pub(crate) type Tree = Map<String, Json>;

/// Long texts that several people may write in at once; everything else is one value.
pub(crate) fn is_prose(path: &str) -> bool {
    matches!(
        path.split('/').collect::<Vec<_>>()[..],
        ["intake", "symptom" | "demand"]
            | ["plan", "safety"]
            | ["report", "treatment"]
            | ["steps", _, "text"]
    )
}

/// A job as nested maps.
pub(crate) fn tree(job: &Json) -> Tree {
    let mut tree = Tree::new();
    for (path, value) in job["fields"].as_object().into_iter().flatten() {
        put(&mut tree, path, value.clone());
    }
    for entry in job["entries"].as_array().into_iter().flatten() {
        let path = format!("{}/{}", text(&entry["collection"]), text(&entry["id"]));
        put(&mut tree, &path, entry["fields"].clone());
    }
    tree
}

/// The writes an edit is made of: path and value; a value may be a whole new map.
pub(crate) fn writes(edit: &Json, now: i64) -> Result<Vec<(String, Json)>> {
    Ok(match text(&edit["edit"]) {
        "set_field" => vec![(text(&edit["path"]).to_owned(), edit["value"].clone())],
        "tick_item" => {
            let item = format!("checklist/{}", text(&edit["item"]));
            let done = edit["done"] == true;
            let [at, by] = if done { [json!(now), json!("ada")] } else { [Json::Null, Json::Null] };
            vec![
                (format!("{item}/done"), done.into()),
                (format!("{item}/done_at"), at),
                (format!("{item}/done_by"), by),
            ]
        }
        "add_entry" => {
            let mut entry =
                Tree::from_iter([("at".into(), now.into()), ("by".into(), "ada".into())]);
            entry.extend(edit["fields"].as_object().cloned().unwrap_or_default());
            let path = format!("{}/{}", text(&edit["collection"]), text(&edit["id"]));
            vec![(path, entry.into())]
        }
        other => bail!("unknown edit {other}"),
    })
}

fn put(tree: &mut Tree, path: &str, value: Json) {
    match path.split_once('/') {
        None => drop(tree.insert(path.to_owned(), value)),
        Some((first, rest)) => {
            let inner = tree.entry(first).or_insert_with(|| json!({}));
            if let Some(inner) = inner.as_object_mut() {
                put(inner, rest, value);
            }
        }
    }
}

fn text(value: &Json) -> &str {
    value.as_str().unwrap_or_default()
}
