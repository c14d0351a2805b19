//! A document chunk with its columns beside those of other documents, and ids in half the room.

use super::change::{author, closed, opened_as, read_author};
use super::columns::{Unfit, write_number, write_signed};
use super::ids::{id_of_text, text_of_id};
use super::lanes::{COLUMN_LANES, Lane, Lanes, Readers};
use super::memory::{Known, Past, Written};
use super::recipe::key_bytes;
use crate::change::Reader;
use crate::limits::{DOCUMENT_CHANGES_MAX, DOCUMENT_HEADS_MAX};

/// The byte that says what a chunk is.
pub(super) const DOCUMENT: u8 = 0;

/// Columns of changes, then those of operations, each in the order in which they stand.
const COLUMNS: [u64; 23] = [
    0x01, 0x03, 0x13, 0x23, 0x35, 0x40, 0x43, 0x56, 0x57, //
    0x01, 0x02, 0x11, 0x13, 0x15, 0x21, 0x23, 0x34, 0x42, 0x56, 0x57, 0x80, 0x81, 0x83,
];
const OF_CHANGES: usize = 9;
/// The column of keys, many of which are ids.
const KEYS: usize = OF_CHANGES + 4;

const _: () = assert!(COLUMNS.len() <= COLUMN_LANES);

/// Takes one chunk apart.
pub(super) fn write(chunk: &[u8], lanes: &mut Lanes, memory: &mut Written) -> Result<(), Unfit> {
    let (_, mut reader) = opened_as(DOCUMENT, chunk)?;
    let actors = reader.count(DOCUMENT_CHANGES_MAX)?;
    lanes.number(Lane::Document, actors);
    for _ in 0..actors {
        author(reader.actor()?, lanes, memory);
    }
    let heads = reader.count(DOCUMENT_HEADS_MAX)?;
    lanes.number(Lane::Document, heads);
    for _ in 0..heads {
        let head = reader.take(32)?;
        lanes.of(Lane::Raw).extend(head);
        let hash = head.try_into().map_err(|_| Unfit)?;
        memory.places.insert(hash, memory.course.changes.len());
        memory.course.changes.push(Past { hash, last_op: 0 });
    }
    let mut lengths = [None; COLUMNS.len()];
    lengths_of(&mut reader, 0, &mut lengths[..OF_CHANGES])?;
    lengths_of(&mut reader, OF_CHANGES, &mut lengths[OF_CHANGES..])?;
    let used = lengths.iter().rev().fold(0, |used, length| used << 1 | u64::from(length.is_some()));
    lanes.number(Lane::Document, used);
    for (place, length) in lengths.into_iter().enumerate() {
        let Some(length) = length else { continue };
        let column = reader.take(length)?;
        if place == KEYS {
            write_keys(column, lanes, memory)?;
        } else {
            lanes.number(Lane::Document, length as u64);
            lanes.column(place).extend(column);
        }
    }
    lanes.number(Lane::Document, reader.bytes.len() as u64);
    lanes.of(Lane::Document).extend(reader.bytes);
    Ok(())
}

/// Lengths of the columns that are there; one that is there may still be empty.
fn lengths_of(
    reader: &mut Reader<'_>,
    first: usize,
    lengths: &mut [Option<usize>],
) -> Result<(), Unfit> {
    let known = &COLUMNS[first..first + lengths.len()];
    for _ in 0..reader.count(known.len() as u64)? {
        let (number, length) = (reader.number()?, reader.number()?);
        let place = known.iter().position(|known| *known == number).ok_or(Unfit)?;
        lengths[place] = Some(usize::try_from(length).map_err(|_| Unfit)?);
    }
    Ok(())
}

/// The runs of a column of keys: how many, and of each its count and its keys.
fn write_keys(column: &[u8], lanes: &mut Lanes, memory: &mut Written) -> Result<(), Unfit> {
    let mut reader = Reader { bytes: column };
    let (mut runs, mut out) = (0, Vec::new());
    while !reader.bytes.is_empty() {
        let run = reader.signed()?;
        runs += 1;
        write_signed(&mut out, run);
        if run == 0 {
            write_number(&mut out, reader.number()?);
        }
        let keys = if run > 0 { 1 } else { run.unsigned_abs() };
        for _ in 0..keys {
            let length = key_bytes(reader.number()?)?;
            let key = reader.take(length)?;
            if let Some(number) = memory.keys.known(key.to_vec()) {
                write_number(&mut out, number + 2);
            } else if let Some(id) = id_of_text(key) {
                write_number(&mut out, 1);
                lanes.of(Lane::Stamp).extend(&id[..6]);
                lanes.of(Lane::Raw).extend(&id[6..]);
            } else {
                write_number(&mut out, 0);
                write_number(&mut out, length as u64);
                out.extend(key);
            }
        }
    }
    lanes.number(Lane::Document, runs);
    lanes.column(KEYS).append(&mut out);
    Ok(())
}

/// Puts one document together and appends it with its length before it.
pub(super) fn read(
    lanes: &mut Readers<'_>,
    memory: &mut Known,
    out: &mut Vec<u8>,
    bytes_max: usize,
) -> Result<(), Unfit> {
    let mut body = Vec::new();
    let actors = counted(lanes, DOCUMENT_CHANGES_MAX, &mut body)?;
    for _ in 0..actors {
        read_author(lanes, memory, &mut body)?;
    }
    let heads = counted(lanes, DOCUMENT_HEADS_MAX, &mut body)?;
    for _ in 0..heads {
        let head = lanes.take(Lane::Raw, 32)?;
        body.extend(head);
        let hash = head.try_into().map_err(|_| Unfit)?;
        memory.course.changes.push(Past { hash, last_op: 0 });
    }
    let used = lanes.number(Lane::Document)?;
    if used >> COLUMNS.len() != 0 {
        return Err(Unfit);
    }
    let (mut data, mut lengths) = (Vec::new(), [0; COLUMNS.len()]);
    for place in (0..COLUMNS.len()).filter(|place| used >> place & 1 == 1) {
        let before = data.len();
        let count = lanes.number(Lane::Document)?;
        if place == KEYS {
            read_keys(count, lanes, memory, &mut data, bytes_max)?;
        } else {
            let length = usize::try_from(count).map_err(|_| Unfit)?;
            data.extend(lanes.column(place).take(length)?);
        }
        lengths[place] = data.len() - before;
    }
    for places in [0..OF_CHANGES, OF_CHANGES..COLUMNS.len()] {
        let there = places.filter(|place| used >> place & 1 == 1);
        write_number(&mut body, there.clone().count() as u64);
        for place in there {
            write_number(&mut body, COLUMNS[place]);
            write_number(&mut body, lengths[place] as u64);
        }
    }
    body.append(&mut data);
    let rest = usize::try_from(lanes.number(Lane::Document)?).map_err(|_| Unfit)?;
    body.extend(lanes.take(Lane::Document, rest)?);
    closed(DOCUMENT, &body, out);
    Ok(())
}

fn counted(lanes: &mut Readers<'_>, max: u64, body: &mut Vec<u8>) -> Result<u64, Unfit> {
    let count = lanes.number(Lane::Document)?;
    if count > max {
        return Err(Unfit);
    }
    write_number(body, count);
    Ok(count)
}

fn read_keys(
    runs: u64,
    lanes: &mut Readers<'_>,
    memory: &mut Known,
    data: &mut Vec<u8>,
    bytes_max: usize,
) -> Result<(), Unfit> {
    for _ in 0..runs {
        let run = lanes.column(KEYS).signed()?;
        write_signed(data, run);
        if run == 0 {
            write_number(data, lanes.column(KEYS).number()?);
        }
        let keys = if run > 0 { 1 } else { run.unsigned_abs() };
        for _ in 0..keys {
            let number = match lanes.column(KEYS).number()? {
                0 => {
                    let length = key_bytes(lanes.column(KEYS).number()?)?;
                    let key = lanes.column(KEYS).take(length)?;
                    memory.keys.add(key.iter().copied());
                    memory.keys.count() - 1
                }
                1 => {
                    let mut id = [0; 16];
                    id[..6].copy_from_slice(lanes.take(Lane::Stamp, 6)?);
                    id[6..].copy_from_slice(lanes.take(Lane::Raw, 10)?);
                    memory.keys.add(text_of_id(&id));
                    memory.keys.count() - 1
                }
                known => usize::try_from(known - 2).map_err(|_| Unfit)?,
            };
            let key = memory.keys.at(number).ok_or(Unfit)?;
            write_number(data, key.len() as u64);
            data.extend_from_slice(key);
            // A key of many bytes is named by one.
            if data.len() > bytes_max {
                return Err(Unfit);
            }
        }
    }
    Ok(())
}
