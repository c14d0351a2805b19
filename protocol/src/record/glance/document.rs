//! At a saved document.

use sha2::{Digest, Sha256};

use super::Glance;
use super::objects::{Objects, Op};
use crate::change::{MAGIC, Reader};
use crate::compact::columns::{Deltas, Flags, Runs};
use crate::ids::ChangeHash;
use crate::limits::{DOCUMENT_CHANGES_MAX, DOCUMENT_HEADS_MAX, RECORD_OPS_MAX};

const DOCUMENT_CHUNK: u8 = 0;
/// Columns of operations that are read.
const COLUMNS: [u64; 14] =
    [0x01, 0x02, 0x11, 0x13, 0x15, 0x21, 0x23, 0x34, 0x42, 0x56, 0x57, 0x80, 0x81, 0x83];

pub(super) fn glance(document: &[u8]) -> Option<Glance> {
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
