//! A look at a saved document that reads its columns once and builds nothing.
//!
//! Loading a record costs what its whole history costs. Somebody who gets five hundred of them
//! only wants to list them, so this reads the values that count straight from the bytes. It
//! shows just what [`read::content`](super::read::content) would, or nothing: wherever two people
//! wrote at once, or a signature is involved, or a byte is not as expected, the record has to be
//! loaded. The checksum holds the bytes together; that the heads are those of the history is for
//! whoever loads it.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use crate::change::{MAGIC, Reader};
use crate::compact::columns::{Deltas, Flags, Runs};
use crate::ids::ChangeHash;
use crate::limits::{DOCUMENT_CHANGES_MAX, DOCUMENT_HEADS_MAX, PATH_DEPTH_MAX, RECORD_OPS_MAX};

const DOCUMENT_CHUNK: u8 = 0;
/// Columns of operations that are read.
const COLUMNS: [u64; 14] =
    [0x01, 0x02, 0x11, 0x13, 0x15, 0x21, 0x23, 0x34, 0x42, 0x56, 0x57, 0x80, 0x81, 0x83];
const MAKE_MAP: u64 = 0;
const PUT: u64 = 1;
const MAKE_TEXT: u64 = 4;
/// The kind of a value that is text.
const TEXT: u64 = 6;
/// What the record's reader treats in a way of its own.
const SIGNED: [&str; 2] = ["signoffs", "amendments"];

/// What a saved document shows at first sight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    /// Its version.
    pub heads: Vec<ChangeHash>,
    /// As the record's reader would show it.
    pub content: Json,
}

/// Looks at a saved document; none where it has to be loaded to be shown.
pub fn glance(document: &[u8]) -> Option<Glance> {
    let mut reader = opened(document)?;
    for _ in 0..reader.count(DOCUMENT_CHANGES_MAX).ok()? {
        reader.actor().ok()?;
    }
    let count = reader.count(DOCUMENT_HEADS_MAX).ok()?;
    let heads = (0..count).map(|_| ChangeHash::from_bytes(reader.take(32).ok()?).ok());
    let heads = heads.collect::<Option<Vec<_>>>()?;
    let (changes, ops) = (lengths(&mut reader)?, lengths(&mut reader)?);
    for (_, length) in changes {
        reader.take(length).ok()?;
    }
    let mut columns = [&[][..]; COLUMNS.len()];
    for (number, length) in ops {
        let place = COLUMNS.iter().position(|known| *known == number)?;
        columns[place] = reader.take(length).ok()?;
    }
    let mut objects = Objects::new();
    let mut ops = Ops::new(&columns);
    for _ in 0..=RECORD_OPS_MAX * 4 {
        match ops.next()? {
            Some(op) => objects.add(&op)?,
            None => return Some(Glance { heads, content: objects.content()? }),
        }
    }
    None
}

fn opened(document: &[u8]) -> Option<Reader<'_>> {
    let mut reader = Reader { bytes: document };
    let (magic, checksum) = (reader.take(4).ok()?, reader.take(4).ok()?);
    let hashed = reader.bytes;
    let is_document = reader.take(1).ok()? == [DOCUMENT_CHUNK];
    let is_whole = reader.number().ok()? == reader.bytes.len() as u64;
    let holds = magic == MAGIC && is_document && is_whole;
    (holds && Sha256::digest(hashed)[..4] == *checksum).then_some(reader)
}

/// Numbers and lengths of columns.
fn lengths(reader: &mut Reader<'_>) -> Option<Vec<(u64, usize)>> {
    let count = reader.count(32).ok()?;
    let mut next = || reader.number().ok();
    (0..count).map(|_| Some((next()?, usize::try_from(next()?).ok()?))).collect()
}

type Id = (u64, u64);

struct Op<'a> {
    object: Option<Id>,
    /// None for a letter.
    field: Option<&'a [u8]>,
    id: Id,
    insert: bool,
    action: u64,
    kind: u64,
    value: &'a [u8],
    /// Whether nothing has replaced it.
    counts: bool,
}

struct Ops<'a> {
    object: (Runs<'a, u64>, Runs<'a, u64>),
    field: Runs<'a, &'a [u8]>,
    id: (Runs<'a, u64>, Deltas<'a>),
    insert: Flags<'a>,
    action: Runs<'a, u64>,
    meta: Runs<'a, u64>,
    values: Reader<'a>,
    successors: Runs<'a, u64>,
}

impl<'a> Ops<'a> {
    fn new(columns: &[&'a [u8]; COLUMNS.len()]) -> Self {
        Self {
            object: (Runs::numbers(columns[0]), Runs::numbers(columns[1])),
            field: Runs::texts(columns[4]),
            id: (Runs::numbers(columns[5]), Deltas::new(columns[6])),
            insert: Flags::new(columns[7]),
            action: Runs::numbers(columns[8]),
            meta: Runs::numbers(columns[9]),
            values: Reader { bytes: columns[10] },
            successors: Runs::numbers(columns[11]),
        }
    }

    /// The next operation; the inner none at the end.
    fn next(&mut self) -> Option<Option<Op<'a>>> {
        if self.action.is_done() {
            return self.values.bytes.is_empty().then_some(None);
        }
        let object = match (self.object.0.next().ok()?, self.object.1.next().ok()?) {
            (Some(actor), Some(counter)) => Some((actor, counter)),
            (None, None) => None,
            _ => return None,
        };
        let meta = self.meta.next().ok()??;
        Some(Some(Op {
            object,
            field: self.field.next().ok()?,
            id: (self.id.0.next().ok()??, self.id.1.next().ok()??),
            insert: self.insert.next().ok()?,
            action: self.action.next().ok()??,
            kind: meta & 15,
            value: self.values.take(usize::try_from(meta >> 4).ok()?).ok()?,
            counts: self.successors.next().ok()?? == 0,
        }))
    }
}

enum Object {
    Fields(BTreeMap<String, Field>),
    Letters(String),
}

enum Field {
    Value(Json),
    Object(usize),
}

struct Objects {
    all: Vec<Object>,
    places: HashMap<Id, usize>,
    /// The object of the operation before, whose neighbours are usually in the same.
    last: (Option<Id>, usize),
}

impl Objects {
    fn new() -> Self {
        let all = vec![Object::Fields(BTreeMap::new())];
        Self { all, places: HashMap::new(), last: (None, 0) }
    }

    fn add(&mut self, op: &Op<'_>) -> Option<()> {
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

    fn content(mut self) -> Option<Json> {
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
