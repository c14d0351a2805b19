//! A change chunk without what its reader can work out: length, checksum, parents that were just
//! there, actors and counters that follow from the changes before.

use sha2::{Digest, Sha256};

use super::columns::{Unfit, unzigzag, write_number, write_signed, zigzag};
use super::lanes::{Lane, Lanes, Readers};
use super::memory::{Actor, Course, Hash32, Known, Past, Written};
use super::ops::{OpReader, OpWriter};
use super::recipe;
use crate::change::{MAGIC, Reader};
use crate::limits::{ACTOR_BYTES, CHANGE_ACTORS_MAX, CHANGE_BYTES_MAX, CHANGE_DEPS_MAX};

/// The byte that says what a chunk is.
pub(crate) const CHANGE: u8 = 1;

/// Takes one chunk apart.
pub(super) fn write(chunk: &[u8], lanes: &mut Lanes, memory: &mut Written) -> Result<(), Unfit> {
    if chunk.len() > CHANGE_BYTES_MAX {
        return Err(Unfit);
    }
    let (hash, mut reader) = opened_as(CHANGE, chunk)?;
    let start_expected = parents(&mut reader, lanes, memory)?;
    let actor = author(reader.actor()?, lanes, memory);
    let (seq, start_op, time) = (reader.number()?, reader.number()?, reader.signed()?);
    let course = &mut memory.course;
    lanes.number(Lane::Head, distance(seq, course.next_seq(actor)));
    lanes.number(Lane::Head, distance(start_op, start_expected));
    lanes.number(Lane::Time, zigzag(time.wrapping_sub(course.time)));
    course.note_seq(actor, seq)?;
    course.time = time;
    if reader.number()? != 0 {
        return Err(Unfit);
    }
    let others = reader.count(CHANGE_ACTORS_MAX)?;
    lanes.number(Lane::Head, others);
    for _ in 0..others {
        author(reader.actor()?, lanes, memory);
    }
    let mut ops = OpReader::new(&mut reader)?;
    let count = recipe::write(&mut ops, start_op, time, lanes, memory)?;
    if !reader.bytes.is_empty() {
        return Err(Unfit);
    }
    memory.course.spend(count)?;
    memory.places.insert(hash, memory.course.changes.len());
    memory.course.changes.push(past(hash, start_op, count));
    Ok(())
}

/// Parents by how many changes ago they were. Returns where the change should begin to count.
fn parents(reader: &mut Reader<'_>, lanes: &mut Lanes, memory: &Written) -> Result<u64, Unfit> {
    let count = reader.count(CHANGE_DEPS_MAX)?;
    lanes.number(Lane::Head, count);
    let changes = &memory.course.changes;
    let mut start = 0;
    for _ in 0..count {
        let parent = reader.take(32)?;
        let place = Hash32::try_from(parent).ok().and_then(|hash| memory.places.get(&hash));
        match place {
            Some(place) => {
                lanes.number(Lane::Head, (changes.len() - place) as u64);
                start = start.max(changes[*place].last_op.wrapping_add(1));
            }
            None => {
                lanes.number(Lane::Head, 0);
                lanes.of(Lane::Raw).extend(parent);
            }
        }
    }
    Ok(start)
}

/// An actor by its number, or as it is when it is new.
pub(super) fn author(actor: Actor, lanes: &mut Lanes, memory: &mut Written) -> u64 {
    let next = memory.actors.count();
    match memory.actors.known(actor) {
        Some(number) => {
            lanes.number(Lane::Head, number + 1);
            number
        }
        None => {
            lanes.number(Lane::Head, 0);
            lanes.of(Lane::Raw).extend(actor);
            next
        }
    }
}

/// A chunk's hash, and what stands behind its length.
pub(super) fn opened_as(kind: u8, chunk: &[u8]) -> Result<(Hash32, Reader<'_>), Unfit> {
    let mut reader = Reader { bytes: chunk };
    let (magic, checksum, hashed) = (reader.take(4)?, reader.take(4)?, reader.bytes);
    let is_kind = reader.take(1)? == [kind];
    if magic != MAGIC || !is_kind || reader.number()? != reader.bytes.len() as u64 {
        return Err(Unfit);
    }
    let hash: Hash32 = Sha256::digest(hashed).into();
    if hash[..4] == *checksum { Ok((hash, reader)) } else { Err(Unfit) }
}

/// A change of which everything but its operations is read.
pub(crate) struct Opened<'a> {
    pub(crate) hash: Hash32,
    pub(crate) parents: Vec<Hash32>,
    /// Its author, then whoever else wrote what it names.
    pub(crate) actors: Vec<Actor>,
    pub(crate) start_op: u64,
    pub(crate) ops: OpReader<'a>,
}

/// Opens a chunk that is a change.
pub(crate) fn opened(chunk: &[u8]) -> Result<Opened<'_>, Unfit> {
    let (hash, mut reader) = opened_as(CHANGE, chunk)?;
    let mut parents = Vec::new();
    for _ in 0..reader.count(CHANGE_DEPS_MAX)? {
        parents.push(reader.take(32)?.try_into().map_err(|_| Unfit)?);
    }
    let mut actors = vec![reader.actor()?];
    let (_seq, start_op) = (reader.number()?, reader.number()?);
    let (_time, message) = (reader.signed()?, reader.number()?);
    for _ in 0..reader.count(CHANGE_ACTORS_MAX)? {
        actors.push(reader.actor()?);
    }
    let ops = OpReader::new(&mut reader)?;
    let is_plain = message == 0 && reader.bytes.is_empty();
    if is_plain { Ok(Opened { hash, parents, actors, start_op, ops }) } else { Err(Unfit) }
}

/// Puts one change together and appends it with its length before it.
pub(super) fn read(
    lanes: &mut Readers<'_>,
    memory: &mut Known,
    out: &mut Vec<u8>,
) -> Result<(), Unfit> {
    let mut body = Vec::new();
    let start_expected = read_parents(lanes, &memory.course, &mut body)?;
    let actor = read_author(lanes, memory, &mut body)?;
    let seq = following(memory.course.next_seq(actor), lanes.number(Lane::Head)?);
    let start_op = following(start_expected, lanes.number(Lane::Head)?);
    let time = memory.course.time.wrapping_add(unzigzag(lanes.number(Lane::Time)?));
    memory.course.note_seq(actor, seq)?;
    memory.course.time = time;
    write_number(&mut body, seq);
    write_number(&mut body, start_op);
    write_signed(&mut body, time);
    write_number(&mut body, 0);
    let others = lanes.number(Lane::Head)?;
    if others > CHANGE_ACTORS_MAX {
        return Err(Unfit);
    }
    write_number(&mut body, others);
    for _ in 0..others {
        read_author(lanes, memory, &mut body)?;
    }
    let mut ops = OpWriter::new();
    let count = recipe::read(start_op, time, lanes, memory, &mut ops)?;
    let keys = &memory.keys;
    ops.finish(&mut body, |key| keys.at(key).unwrap_or_default());
    let hash = closed(CHANGE, &body, out);
    memory.course.changes.push(past(hash, start_op, count));
    Ok(())
}

fn read_parents(
    lanes: &mut Readers<'_>,
    course: &Course,
    body: &mut Vec<u8>,
) -> Result<u64, Unfit> {
    let count = lanes.number(Lane::Head)?;
    if count > CHANGE_DEPS_MAX {
        return Err(Unfit);
    }
    write_number(body, count);
    let mut start = 0;
    for _ in 0..count {
        match usize::try_from(lanes.number(Lane::Head)?).map_err(|_| Unfit)? {
            0 => body.extend(lanes.take(Lane::Raw, 32)?),
            ago => {
                let place = course.changes.len().checked_sub(ago).ok_or(Unfit)?;
                let parent = &course.changes[place];
                body.extend(parent.hash);
                start = start.max(parent.last_op.wrapping_add(1));
            }
        }
    }
    Ok(start)
}

pub(super) fn read_author(
    lanes: &mut Readers<'_>,
    memory: &mut Known,
    body: &mut Vec<u8>,
) -> Result<u64, Unfit> {
    let number = match lanes.number(Lane::Head)? {
        0 => {
            let actor = lanes.take(Lane::Raw, ACTOR_BYTES)?.try_into().map_err(|_| Unfit)?;
            memory.actors.push(actor);
            memory.actors.len() as u64 - 1
        }
        known => known - 1,
    };
    let actor = usize::try_from(number).ok().and_then(|at| memory.actors.get(at)).ok_or(Unfit)?;
    write_number(body, ACTOR_BYTES as u64);
    body.extend(actor);
    Ok(number)
}

/// Appends a chunk around its body, as the byte string of CBOR that it travels as.
pub(super) fn closed(kind: u8, body: &[u8], out: &mut Vec<u8>) -> Hash32 {
    let mut hashed = vec![kind];
    write_number(&mut hashed, body.len() as u64);
    hashed.extend_from_slice(body);
    let hash: Hash32 = Sha256::digest(&hashed).into();
    write_string_head(out, 8 + hashed.len());
    out.extend(MAGIC);
    out.extend(&hash[..4]);
    out.append(&mut hashed);
    hash
}

/// The head of a byte string in CBOR, as short as it can be.
pub(super) fn write_string_head(out: &mut Vec<u8>, length: usize) {
    let length = length as u64;
    let bytes = length.to_be_bytes();
    match length {
        0..24 => out.push(0x40 | bytes[7]),
        24..0x100 => out.extend([0x58, bytes[7]]),
        0x100..0x1_0000 => out.extend([0x59, bytes[6], bytes[7]]),
        0x1_0000..0x1_0000_0000 => out.extend([0x5a, bytes[4], bytes[5], bytes[6], bytes[7]]),
        _ => {
            out.push(0x5b);
            out.extend(bytes);
        }
    }
}

fn past(hash: Hash32, start_op: u64, ops: u64) -> Past {
    Past { hash, last_op: start_op.wrapping_add(ops).wrapping_sub(1) }
}

/// How far a number is from where it was expected.
fn distance(number: u64, expected: u64) -> u64 {
    zigzag(number.wrapping_sub(expected).cast_signed())
}

/// Back from [`distance`].
fn following(expected: u64, distance: u64) -> u64 {
    expected.wrapping_add_signed(unzigzag(distance))
}
