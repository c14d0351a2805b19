//! What operations make: maps and texts, in the order in which a document keeps them.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value as Json};

use crate::change::Reader;
use crate::limits::PATH_DEPTH_MAX;

const MAKE_MAP: u64 = 0;
const PUT: u64 = 1;
const MAKE_TEXT: u64 = 4;
/// The kind of a value that is text.
const TEXT: u64 = 6;
/// What the record's reader treats in a way of its own.
const SIGNED: [&str; 2] = ["signoffs", "amendments"];

/// An operation, by its author's place among the record's and its counter.
pub(super) type Id = (u64, u64);

/// One operation.
pub(super) struct Op<'a> {
    /// None for the root.
    pub(super) object: Option<Id>,
    /// None for a letter.
    pub(super) field: Option<&'a [u8]>,
    pub(super) id: Id,
    pub(super) insert: bool,
    pub(super) action: u64,
    /// Type of the value, as Automerge numbers them.
    pub(super) kind: u64,
    pub(super) value: &'a [u8],
    /// Whether nothing has replaced it.
    pub(super) counts: bool,
}

enum Object {
    Fields(BTreeMap<String, Field>),
    Letters(String),
}

enum Field {
    Value(Json),
    Object(usize),
}

/// The record while its operations are read.
pub(super) struct Objects {
    all: Vec<Object>,
    places: HashMap<Id, usize>,
    /// The object of the operation before, whose neighbours are usually in the same.
    last: (Option<Id>, usize),
}

impl Objects {
    pub(super) fn new() -> Self {
        let all = vec![Object::Fields(BTreeMap::new())];
        Self { all, places: HashMap::new(), last: (None, 0) }
    }

    /// Letters come in the order in which they are read, objects before what is in them.
    pub(super) fn add(&mut self, op: &Op<'_>) -> Option<()> {
        if self.last.0 != op.object {
            let place = op.object.map_or(Some(0), |id| self.places.get(&id).copied())?;
            self.last = (op.object, place);
        }
        let made = match op.action {
            MAKE_MAP => Some(Object::Fields(BTreeMap::new())),
            MAKE_TEXT => Some(Object::Letters(String::new())),
            PUT => None,
            _ => return None,
        };
        let next = self.all.len();
        let field = if made.is_some() { Field::Object(next) } else { Field::Value(value(op)?) };
        match (&mut self.all[self.last.1], op.field) {
            (Object::Letters(text), None) if op.insert && made.is_none() && op.kind == TEXT => {
                if op.counts {
                    text.push_str(std::str::from_utf8(op.value).ok()?);
                }
            }
            (Object::Fields(fields), Some(key)) if !op.insert => {
                let key = std::str::from_utf8(key).ok()?;
                // Two values that count were written at once, and a rule has to choose.
                if op.counts && fields.insert(key.to_owned(), field).is_some() {
                    return None;
                }
            }
            _ => return None,
        }
        if let Some(made) = made {
            self.places.insert(op.id, next);
            self.all.push(made);
        }
        Some(())
    }

    pub(super) fn content(mut self) -> Option<Json> {
        let Object::Fields(root) = &self.all[0] else { return None };
        for signed in SIGNED {
            let is_empty = match root.get(signed) {
                Some(Field::Object(place)) => {
                    matches!(&self.all[*place], Object::Fields(fields) if fields.is_empty())
                }
                other => other.is_none(),
            };
            if !is_empty {
                return None;
            }
        }
        let Json::Object(mut root) = self.taken(0, 0)? else { return None };
        root.remove("signoffs");
        Some(Json::Object(root))
    }

    fn taken(&mut self, place: usize, depth: usize) -> Option<Json> {
        if depth > PATH_DEPTH_MAX {
            return None;
        }
        let empty = Object::Letters(String::new());
        let fields = match std::mem::replace(&mut self.all[place], empty) {
            Object::Letters(text) => return Some(Json::String(text)),
            Object::Fields(fields) => fields,
        };
        let mut map = Map::new();
        for (key, field) in fields {
            let value = match field {
                Field::Value(value) => value,
                Field::Object(place) => self.taken(place, depth + 1)?,
            };
            // An emptied field reads like one that was never written.
            if !value.is_null() {
                map.insert(key, value);
            }
        }
        Some(Json::Object(map))
    }
}

/// A value as the record's reader shows it, where it is of a kind that records have.
fn value(op: &Op<'_>) -> Option<Json> {
    let mut reader = Reader { bytes: op.value };
    Some(match op.kind {
        0 => Json::Null,
        1 => Json::Bool(false),
        2 => Json::Bool(true),
        3 => Json::from(reader.number().ok()?),
        4 => Json::from(reader.signed().ok()?),
        TEXT => Json::String(std::str::from_utf8(op.value).ok()?.to_owned()),
        7 => Json::String(data_encoding::HEXLOWER.encode(op.value)),
        _ => return None,
    })
}
