//! Things of one kind beside each other: what a body is taken apart into, and how that is packed.
//!
//! Texts compress well behind texts and counters behind counters, each with a code of its own.
//! Small bodies have too little of each for that, and are deflated as one piece.

use std::io::Write;

use super::Density;
use super::columns::{Unfit, write_number};
use crate::change::Reader;
use crate::wire::inflate;

/// The lanes, in the order in which they travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// Where chunks begin in the body.
    Script,
    /// What is no chunk.
    Plain,
    /// Heads of changes: parents, actors, numbers.
    Head,
    /// Times of changes.
    Time,
    /// How the operations of a change follow on each other.
    Recipe,
    /// How often.
    Count,
    /// Whose operations are referred to.
    Owner,
    /// Counters of objects.
    Object,
    /// Counters of letters.
    Letter,
    /// Counters of values that are replaced.
    Replaced,
    /// Keys of maps.
    Key,
    /// Times inside of ids.
    Stamp,
    /// Lengths of values.
    Length,
    /// Numbers written.
    Number,
    /// People and other ids written.
    Person,
    /// Texts written.
    Words,
    /// What nobody can shorten: hashes, ids, randomness.
    Raw,
    /// Heads of documents.
    Document,
    /// The first of the lanes for columns of documents.
    Column,
}

/// Lanes for the columns of documents.
pub(super) const COLUMN_LANES: usize = 24;
const LANES: usize = Lane::Column as usize + COLUMN_LANES;
/// Up to here one code for everything is tried as well.
const TOGETHER_BYTES_MAX: usize = 8 * 1024;
/// A lane shorter than this is not deflated.
const DEFLATE_FROM_BYTES: usize = 24;
/// Texts of a day are few enough for the best that DEFLATE can do.
const LEVEL: u32 = 9;
/// Whole records are many.
const LEVEL_OF_MUCH: u32 = 6;
const MUCH_BYTES: usize = 512 * 1024;

/// Lanes being written.
pub(super) struct Lanes {
    lanes: [Vec<u8>; LANES],
}

impl Lanes {
    pub(super) fn new() -> Self {
        Self { lanes: [const { Vec::new() }; LANES] }
    }

    pub(super) fn of(&mut self, lane: Lane) -> &mut Vec<u8> {
        &mut self.lanes[lane as usize]
    }

    /// The lane of a document's column, by its place.
    pub(super) fn column(&mut self, place: usize) -> &mut Vec<u8> {
        &mut self.lanes[Lane::Column as usize + place]
    }

    pub(super) fn number(&mut self, lane: Lane, number: u64) {
        write_number(self.of(lane), number);
    }

    pub(super) fn bytes(&self) -> usize {
        self.lanes.iter().map(Vec::len).sum()
    }

    pub(super) fn readers(&self) -> Readers<'_> {
        Readers { lanes: std::array::from_fn(|at| Reader { bytes: &self.lanes[at] }) }
    }

    /// Appends the packed lanes.
    pub(super) fn pack(&self, out: &mut Vec<u8>, density: Density) {
        let used = || self.lanes.iter().enumerate().filter(|(_, lane)| !lane.is_empty());
        write_number(out, used().count() as u64);
        for (number, lane) in used() {
            out.push(number as u8);
            write_number(out, lane.len() as u64);
        }
        let level = if self.bytes() < MUCH_BYTES { LEVEL } else { LEVEL_OF_MUCH };
        let mut apart = vec![0];
        for (_, lane) in used() {
            let is_loose = density == Density::Loose || lane.len() < DEFLATE_FROM_BYTES;
            let deflated = (!is_loose).then(|| deflate(lane, level));
            let shorter = deflated.filter(|deflated| deflated.len() < lane.len());
            let packed = shorter.as_ref().unwrap_or(lane);
            write_number(&mut apart, packed.len() as u64);
            apart.extend_from_slice(packed);
        }
        if density == Density::Deflated && self.bytes() <= TOGETHER_BYTES_MAX {
            let together = [vec![1], deflate(&self.lanes.concat(), level)].concat();
            if together.len() < apart.len() {
                return out.extend(together);
            }
        }
        out.append(&mut apart);
    }

    /// Reads packed lanes that hold no more than `bytes_max`.
    pub(super) fn unpack(packed: &[u8], bytes_max: usize) -> Result<Self, Unfit> {
        let mut reader = Reader { bytes: packed };
        let mut used = Vec::new();
        let mut total = 0_usize;
        for _ in 0..reader.count(LANES as u64)? {
            let number = usize::from(reader.take(1)?[0]);
            let length = usize::try_from(reader.number()?).map_err(|_| Unfit)?;
            total = total.checked_add(length).filter(|total| *total <= bytes_max).ok_or(Unfit)?;
            let in_order = used.last().is_none_or(|(before, _)| *before < number);
            if number >= LANES || length == 0 || !in_order {
                return Err(Unfit);
            }
            used.push((number, length));
        }
        let mut unpacked = Self::new();
        let together = reader.take(1)?[0];
        if together == 1 {
            let all = inflated(reader.bytes, total)?;
            let mut rest = Reader { bytes: &all };
            for (number, length) in used {
                unpacked.lanes[number] = rest.take(length)?.to_vec();
            }
            return Ok(unpacked);
        }
        for (number, length) in used {
            let taken = usize::try_from(reader.number()?).map_err(|_| Unfit)?;
            let bytes = reader.take(taken)?;
            let is_stored = taken == length;
            unpacked.lanes[number] =
                if is_stored { bytes.to_vec() } else { inflated(bytes, length)? };
        }
        if together == 0 && reader.bytes.is_empty() { Ok(unpacked) } else { Err(Unfit) }
    }
}

/// Lanes being read, each from its beginning.
pub(super) struct Readers<'a> {
    lanes: [Reader<'a>; LANES],
}

impl<'a> Readers<'a> {
    pub(super) fn number(&mut self, lane: Lane) -> Result<u64, Unfit> {
        Ok(self.lanes[lane as usize].number()?)
    }

    pub(super) fn take(&mut self, lane: Lane, length: usize) -> Result<&'a [u8], Unfit> {
        Ok(self.lanes[lane as usize].take(length)?)
    }

    pub(super) fn column(&mut self, place: usize) -> &mut Reader<'a> {
        &mut self.lanes[Lane::Column as usize + place]
    }

    /// What is left of a lane, to look at.
    pub(super) fn rest(&self, lane: Lane) -> &'a [u8] {
        self.lanes[lane as usize].bytes
    }

    /// Whether every lane has been read to its end.
    pub(super) fn are_done(&self) -> bool {
        self.lanes.iter().all(|lane| lane.bytes.is_empty())
    }
}

fn deflate(bytes: &[u8], level: u32) -> Vec<u8> {
    let level = flate2::Compression::new(level);
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), level);
    // Writing into memory cannot fail; if it did, the body would be found not to read back.
    encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default()
}

fn inflated(deflated: &[u8], length: usize) -> Result<Vec<u8>, Unfit> {
    let inflated = inflate(deflated, length).map_err(|_| Unfit)?;
    if inflated.len() == length { Ok(inflated) } else { Err(Unfit) }
}
