//! Bodies without what their reader can work out: the tighter way to pack them.
//!
//! Hashes and ids are what does not compress, and most of them follow from what was already said:
//! a change's parent is usually the change before it, its checksum is that of its bytes, its
//! counters go on where the last one stopped. So the Automerge chunks of a body are taken apart
//! into [lanes], everything that follows is left out, and the reader puts the exact bytes
//! together again. What does not fit (a chunk in a spelling that Automerge would not use) stays
//! in the body as it is. Knows nothing of what a body means; [`crate::wire`] packs with it.
//!
//! The format is written down in PROTOCOL.md. Whoever packs reads it back before it is sent, so
//! that a mistake here costs bytes and never a record.

pub(crate) mod change;
pub(crate) mod columns;
mod document;
mod ids;
mod keys;
mod lanes;
mod memory;
pub(crate) mod ops;
mod recipe;

use std::collections::BTreeSet;
use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::change::{MAGIC, Reader};
use crate::limits::CHANGE_OPS_MAX;
use change::{CHANGE, write_string_head};
use columns::{Unfit, write_number};
use document::DOCUMENT;
use lanes::{Lane, Lanes, Readers};
use memory::{Known, Written};

/// Bytes of the body's hash that travel with it.
const CHECK_BYTES: usize = 8;
/// Chunks that do not fit before a body is given up: honest ones have none.
const SKIPPED_MAX: usize = 4;

/// How closely lanes are packed. A reader sees which from their lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Density {
    /// Each lane by DEFLATE.
    Deflated,
    /// As they are, for a way that compresses by itself.
    Loose,
}

/// Takes a body apart; none where it holds nothing that gets smaller by it.
pub(crate) fn taken_apart(plain: &[u8], density: Density) -> Option<Vec<u8>> {
    let chunks = chunks(plain);
    if chunks.is_empty() {
        return None;
    }
    let mut skipped = BTreeSet::new();
    while skipped.len() <= SKIPPED_MAX {
        let unfit = match written(plain, &chunks, &skipped) {
            Ok(lanes) if lanes.bytes() > plain.len() => return None,
            Ok(lanes) => match first_difference(plain, &lanes) {
                None => return Some(packed(plain, &lanes, density)),
                Some(at) => chunks.iter().rposition(|chunk| chunk.head <= at)?,
            },
            Err(unfit) => unfit,
        };
        if !skipped.insert(unfit) {
            return None;
        }
    }
    None
}

/// Puts a body together again, if it has no more than `bytes_max` bytes and just those that its
/// hash speaks of. Costs no more than a body of that size.
pub(crate) fn put_together(packed: &[u8], bytes_max: usize) -> Result<Vec<u8>, Failure> {
    let mut reader = Reader { bytes: packed };
    let length = reader.number().map_err(|_| Failure::Damaged)?;
    let length = usize::try_from(length).ok().filter(|length| *length <= bytes_max);
    let length = length.ok_or(Failure::TooLarge)?;
    let check = reader.take(CHECK_BYTES).map_err(|_| Failure::Damaged)?;
    let plain = Lanes::unpack(reader.bytes, length)
        .and_then(|lanes| read(lanes.readers(), length))
        .map_err(|Unfit| Failure::Damaged)?;
    let is_whole = plain.len() == length && Sha256::digest(&plain)[..CHECK_BYTES] == *check;
    if is_whole { Ok(plain) } else { Err(Failure::Damaged) }
}

/// Why a body cannot be put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It would have more bytes than allowed.
    TooLarge,
    /// It does not follow from what came.
    Damaged,
}

/// A chunk that stands in a body as a byte string.
struct Chunk {
    kind: u8,
    /// Where the string's length begins.
    head: usize,
    bytes: Range<usize>,
}

/// Everything that looks like a change or a document, in order.
fn chunks(plain: &[u8]) -> Vec<Chunk> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = plain[at..].iter().position(|byte| *byte == MAGIC[0]) {
        at += next;
        match chunk_at(plain, at) {
            Some(chunk) => {
                at = chunk.bytes.end;
                found.push(chunk);
            }
            None => at += 1,
        }
    }
    found
}

fn chunk_at(plain: &[u8], begin: usize) -> Option<Chunk> {
    let rest = plain[begin..].strip_prefix(&MAGIC)?;
    let kind = *rest.get(4).filter(|kind| [CHANGE, DOCUMENT].contains(kind))?;
    let mut reader = Reader { bytes: &rest[5..] };
    let length = usize::try_from(reader.number().ok()?).ok()?;
    reader.take(length).ok()?;
    let bytes = begin..plain.len() - reader.bytes.len();
    let mut string_head = Vec::new();
    write_string_head(&mut string_head, bytes.len());
    let head = begin.checked_sub(string_head.len())?;
    (plain[head..begin] == string_head).then_some(Chunk { kind, head, bytes })
}

/// The lanes of a body, or the place of the chunk that does not fit.
fn written(plain: &[u8], chunks: &[Chunk], skipped: &BTreeSet<usize>) -> Result<Lanes, usize> {
    let (mut lanes, mut memory) = (Lanes::new(), Written::new());
    let mut script = Vec::new();
    let (mut at, mut count) = (0, 0);
    for (place, chunk) in chunks.iter().enumerate() {
        if skipped.contains(&place) || chunk.head < at {
            continue;
        }
        if chunk.kind == CHANGE && !memory.course.has_room(CHANGE_OPS_MAX) {
            continue;
        }
        let bytes = &plain[chunk.bytes.clone()];
        let fits = match chunk.kind {
            CHANGE => change::write(bytes, &mut lanes, &mut memory),
            _ => document::write(bytes, &mut lanes, &mut memory),
        };
        fits.map_err(|Unfit| place)?;
        let between = &plain[at..chunk.head];
        write_number(&mut script, (between.len() as u64) << 1 | u64::from(chunk.kind == CHANGE));
        lanes.of(Lane::Plain).extend(between);
        (at, count) = (chunk.bytes.end, count + 1);
    }
    lanes.number(Lane::Script, count);
    lanes.of(Lane::Script).append(&mut script);
    lanes.of(Lane::Plain).extend(&plain[at..]);
    Ok(lanes)
}

/// Where what the lanes give begins to differ from the body.
fn first_difference(plain: &[u8], lanes: &Lanes) -> Option<usize> {
    let mut made = Vec::with_capacity(plain.len());
    let read = read_into(lanes.readers(), plain.len(), &mut made);
    if read.is_ok() && made == plain {
        return None;
    }
    let same = made.iter().zip(plain).take_while(|(made, plain)| made == plain).count();
    Some(same.min(plain.len().saturating_sub(1)))
}

fn packed(plain: &[u8], lanes: &Lanes, density: Density) -> Vec<u8> {
    let mut out = Vec::new();
    write_number(&mut out, plain.len() as u64);
    out.extend(&Sha256::digest(plain)[..CHECK_BYTES]);
    lanes.pack(&mut out, density);
    out
}

fn read(lanes: Readers<'_>, length: usize) -> Result<Vec<u8>, Unfit> {
    let mut plain = Vec::new();
    read_into(lanes, length, &mut plain)?;
    Ok(plain)
}

fn read_into(mut lanes: Readers<'_>, length: usize, out: &mut Vec<u8>) -> Result<(), Unfit> {
    let mut memory = Known::new();
    for _ in 0..lanes.number(Lane::Script)? {
        let script = lanes.number(Lane::Script)?;
        let between = usize::try_from(script >> 1).map_err(|_| Unfit)?;
        out.extend(lanes.take(Lane::Plain, between)?);
        match script & 1 {
            1 => change::read(&mut lanes, &mut memory, out)?,
            _ => document::read(&mut lanes, &mut memory, out, length)?,
        }
        if out.len() > length {
            return Err(Unfit);
        }
    }
    let rest = lanes.rest(Lane::Plain).len();
    out.extend(lanes.take(Lane::Plain, rest)?);
    if lanes.are_done() { Ok(()) } else { Err(Unfit) }
}

#[cfg(test)]
mod tests;
