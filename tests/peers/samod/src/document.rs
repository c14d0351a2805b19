//! One Automerge document a job: maps are maps, prose is text, everything else one value.

use anyhow::{Result, bail};
use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};
use serde_json::Value as Json;

use crate::job::{Tree, is_prose};

/// A new job, made in one change.
pub(crate) fn created(job: &Tree, now: i64) -> Result<Automerge> {
    let mut document = Automerge::new();
    in_one_change(&mut document, now, |change| fill(change, &ROOT, "", job))?;
    Ok(document)
}

/// An edit, in one change.
pub(crate) fn edit(document: &mut Automerge, writes: &[(String, Json)], now: i64) -> Result<()> {
    in_one_change(document, now, |change| {
        writes.iter().try_for_each(|(path, value)| write(change, path, value))
    })
}

/// How many entries a collection has.
pub(crate) fn count(document: &Automerge, collection: &str) -> Result<usize> {
    Ok(document.get(ROOT, collection)?.map_or(0, |(_, entries)| document.length(entries)))
}

fn in_one_change(
    document: &mut Automerge,
    now: i64,
    writing: impl FnOnce(&mut Transaction<'_>) -> Result<()>,
) -> Result<()> {
    let options = |(): &()| CommitOptions::default().with_time(now);
    document.transact_with(options, writing).map_err(|failure| failure.error)?;
    Ok(())
}

fn write(change: &mut Transaction<'_>, path: &str, value: &Json) -> Result<()> {
    let mut map = ROOT;
    let mut keys = path;
    while let Some((key, rest)) = keys.split_once('/') {
        map = match change.get(&map, key)? {
            Some((Value::Object(ObjType::Map), inner)) => inner,
            _ => change.put_object(&map, key, ObjType::Map)?,
        };
        keys = rest;
    }
    if let (true, Json::String(text)) = (is_prose(path), value)
        && let Some((Value::Object(ObjType::Text), prose)) = change.get(&map, keys)?
    {
        return Ok(change.update_text(&prose, text)?);
    }
    put(change, &map, keys, path, value)
}

fn fill(change: &mut Transaction<'_>, map: &ObjId, path: &str, tree: &Tree) -> Result<()> {
    for (key, value) in tree {
        let path = if path.is_empty() { key.clone() } else { format!("{path}/{key}") };
        put(change, map, key, &path, value)?;
    }
    Ok(())
}

fn put(
    change: &mut Transaction<'_>,
    map: &ObjId,
    key: &str,
    path: &str,
    value: &Json,
) -> Result<()> {
    let scalar: ScalarValue = match value {
        Json::Object(tree) => {
            let inner = change.put_object(map, key, ObjType::Map)?;
            return fill(change, &inner, path, tree);
        }
        Json::String(text) if is_prose(path) => {
            let prose = change.put_object(map, key, ObjType::Text)?;
            return Ok(change.splice_text(&prose, 0, 0, text)?);
        }
        Json::String(text) => text.as_str().into(),
        Json::Bool(value) => (*value).into(),
        Json::Null => ScalarValue::Null,
        Json::Number(number) => match number.as_i64() {
            Some(number) => number.into(),
            None => bail!("{path}: {number} is not a whole number"),
        },
        Json::Array(_) => bail!("{path}: no job has lists"),
    };
    Ok(change.put(map, key, scalar)?)
}
