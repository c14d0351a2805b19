//! The bounded reader: what a change chunk claims, read before Automerge sees a byte.
//!
//! Automerge inflates without a limit and trusts run lengths, so 64 bytes can become a million
//! operations. This reader accepts only plain change chunks, checks every length against
//! [`crate::limits`], and counts operations without making them. It judges form, not meaning;
//! the server's gate does the rest.

use sha2::{Digest, Sha256};

use crate::ids::ChangeHash;
use crate::limits::{
    ACTOR_BYTES, CHANGE_ACTORS_MAX, CHANGE_BYTES_MAX, CHANGE_DEPS_MAX, CHANGE_OPS_MAX,
    CHANGE_PREDECESSORS_MAX, CHANGE_TIME_MS, KEY_BYTES_MAX, OP_COUNTER_MAX,
};

pub(crate) const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE_CHUNK: u8 = 1;

/// What the head of a change says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeHead {
    /// SHA-256 of the chunk, computed here.
    pub hash: ChangeHash,
    /// Parents.
    pub deps: Vec<ChangeHash>,
    /// Writer.
    pub actor: [u8; ACTOR_BYTES],
    /// The writer's sequence number in this record, from 1.
    pub actor_seq: u64,
    /// Counter of the first operation.
    pub start_op: u64,
    /// Device time, Unix ms.
    pub time: i64,
    /// Operations in the change.
    pub ops: u64,
}

/// Why a chunk is not a change Docket reads; the text is a refusal code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// Larger than [`CHANGE_BYTES_MAX`].
    #[error("change-too-large")]
    TooLarge,
    /// Not a plain change chunk (a document, a deflated change, a bundle, or no chunk).
    #[error("not-a-change")]
    NotAChange,
    /// Ends too early, runs too long, or a number is out of its range.
    #[error("change-damaged")]
    Damaged,
    /// The checksum does not fit the content.
    #[error("change-checksum")]
    Checksum,
    /// More parents, actors or operations than allowed.
    #[error("change-too-many")]
    TooMany,
    /// An actor id is not 16 bytes.
    #[error("change-actor")]
    Actor,
    /// Parents twice, or not in order.
    #[error("change-parents")]
    Parents,
    /// The first operation's number is none that honest work reaches.
    #[error("start-op")]
    StartOp,
    /// A message: no Docket writes one, and nobody would ever see it.
    #[error("change-message")]
    Message,
    /// A time that no calendar can show.
    #[error("change-time")]
    Time,
}

/// Reads the head of one change chunk and counts its operations.
pub fn read_head(chunk: &[u8]) -> Result<ChangeHead, ChangeError> {
    if chunk.len() > CHANGE_BYTES_MAX {
        return Err(ChangeError::TooLarge);
    }
    let mut reader = Reader { bytes: chunk };
    if reader.take(4)? != MAGIC {
        return Err(ChangeError::NotAChange);
    }
    let checksum = reader.take(4)?;
    let hashed = reader.bytes;
    if reader.take(1)? != [CHANGE_CHUNK] {
        return Err(ChangeError::NotAChange);
    }
    if reader.number()? != reader.bytes.len() as u64 {
        return Err(ChangeError::Damaged);
    }
    let hash: [u8; 32] = Sha256::digest(hashed).into();
    if hash[..4] != *checksum {
        return Err(ChangeError::Checksum);
    }
    read_body(&mut reader, ChangeHash(hash))
}

fn read_body(reader: &mut Reader<'_>, hash: ChangeHash) -> Result<ChangeHead, ChangeError> {
    let mut deps = Vec::new();
    for _ in 0..reader.count(CHANGE_DEPS_MAX)? {
        let bytes = reader.take(32)?;
        deps.push(ChangeHash::from_bytes(bytes).map_err(|_| ChangeError::Damaged)?);
    }
    if !deps.is_sorted_by(|before, after| before < after) {
        return Err(ChangeError::Parents);
    }
    let actor = reader.actor()?;
    let actor_seq = reader.number()?;
    let start_op = reader.number()?;
    let time = reader.signed()?;
    if !CHANGE_TIME_MS.contains(&time) {
        return Err(ChangeError::Time);
    }
    if reader.number()? != 0 {
        return Err(ChangeError::Message);
    }
    for _ in 0..reader.count(CHANGE_ACTORS_MAX)? {
        reader.actor()?;
    }
    let ops = columns(reader)?;
    if !reader.bytes.is_empty() {
        return Err(ChangeError::Damaged);
    }
    let last_op = start_op.checked_add(ops).ok_or(ChangeError::StartOp)?;
    if start_op == 0 || last_op > OP_COUNTER_MAX {
        return Err(ChangeError::StartOp);
    }
    if actor_seq == 0 {
        return Err(ChangeError::Damaged);
    }
    Ok(ChangeHead { hash, deps, actor, actor_seq, start_op, time, ops })
}

/// Column kinds in the low three bits of a column's number.
const BOOLEAN: u64 = 4;
const VALUE: u64 = 7;
const DEFLATE_BIT: u64 = 8;
/// The action column: one value an operation.
const ACTION_COLUMN: u64 = 4 << 4 | 2;
/// What an operation replaces stands in columns of its own, several items an operation.
const PREDECESSOR_COLUMNS: [u64; 2] = [7 << 4 | 1, 7 << 4 | 3];

/// Walks the columns and returns the number of operations.
fn columns(reader: &mut Reader<'_>) -> Result<u64, ChangeError> {
    let mut columns: Vec<(u64, u64)> = Vec::new();
    for _ in 0..reader.count(32)? {
        let number = reader.number()?;
        // In order and once each: of two action columns only one would be counted.
        if columns.last().is_some_and(|(before, _)| *before >= number) {
            return Err(ChangeError::Damaged);
        }
        columns.push((number, reader.number()?));
    }
    let mut ops = 0;
    for (number, length) in columns {
        let length = usize::try_from(length).map_err(|_| ChangeError::Damaged)?;
        let data = reader.take(length)?;
        if number & DEFLATE_BIT != 0 {
            return Err(ChangeError::NotAChange);
        }
        let several = PREDECESSOR_COLUMNS.contains(&number);
        let max = if several { CHANGE_PREDECESSORS_MAX } else { CHANGE_OPS_MAX };
        let items = column_items(number, data, max)?;
        if number == ACTION_COLUMN {
            ops = items;
        }
    }
    Ok(ops)
}

/// Items in a column, none in one of raw values; fails beyond `max`.
pub(crate) fn column_items(number: u64, data: &[u8], max: u64) -> Result<u64, ChangeError> {
    match number & 7 {
        VALUE => Ok(0),
        BOOLEAN => boolean_items(data, max),
        kind => run_items(data, kind, max),
    }
}

/// Items in a boolean column: alternating run lengths.
fn boolean_items(data: &[u8], max: u64) -> Result<u64, ChangeError> {
    let mut reader = Reader { bytes: data };
    let mut items = 0_u64;
    while !reader.bytes.is_empty() {
        items = bounded(items, reader.number()?, max)?;
    }
    Ok(items)
}

/// Items in a run-length column: positive = repeat one value, negative = that many literals,
/// zero = a run of nulls.
fn run_items(data: &[u8], kind: u64, max: u64) -> Result<u64, ChangeError> {
    let mut reader = Reader { bytes: data };
    let mut items = 0_u64;
    while !reader.bytes.is_empty() {
        let run = reader.signed()?;
        let (count, values) = match run {
            0 => (reader.number()?, 0),
            1.. => (run.unsigned_abs(), 1),
            _ => (run.unsigned_abs(), run.unsigned_abs()),
        };
        items = bounded(items, count, max)?;
        for _ in 0..values {
            reader.skip_value(kind)?;
        }
    }
    Ok(items)
}

fn bounded(items: u64, more: u64, max: u64) -> Result<u64, ChangeError> {
    match items.checked_add(more) {
        Some(sum) if sum <= max => Ok(sum),
        _ => Err(ChangeError::TooMany),
    }
}

/// Reads what both kinds of chunks are made of.
pub(crate) struct Reader<'a> {
    pub(crate) bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], ChangeError> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or(ChangeError::Damaged)?;
        self.bytes = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, ChangeError> {
        Ok(self.take(1)?[0])
    }

    /// An unsigned LEB128 number.
    pub(crate) fn number(&mut self) -> Result<u64, ChangeError> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(ChangeError::Damaged);
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(ChangeError::Damaged)
    }

    /// A signed LEB128 number.
    pub(crate) fn signed(&mut self) -> Result<i64, ChangeError> {
        let mut number = 0_i64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let negative = byte & 0x40 != 0;
                let unused = shift + 7;
                return Ok(if negative && unused < 64 { number | (-1 << unused) } else { number });
            }
        }
        Err(ChangeError::Damaged)
    }

    pub(crate) fn count(&mut self, max: u64) -> Result<u64, ChangeError> {
        let count = self.number()?;
        if count > max { Err(ChangeError::TooMany) } else { Ok(count) }
    }

    pub(crate) fn actor(&mut self) -> Result<[u8; ACTOR_BYTES], ChangeError> {
        let length = self.number()?;
        if length != ACTOR_BYTES as u64 {
            return Err(ChangeError::Actor);
        }
        self.take(ACTOR_BYTES)?.try_into().map_err(|_| ChangeError::Actor)
    }

    /// Skips one literal of a run-length column of this kind.
    fn skip_value(&mut self, kind: u64) -> Result<(), ChangeError> {
        const DELTA: u64 = 3;
        const STRING: u64 = 5;
        match kind {
            DELTA => self.signed().map(drop),
            STRING => {
                let length = self.number()?;
                match usize::try_from(length) {
                    Ok(length) if length <= KEY_BYTES_MAX => self.take(length).map(drop),
                    _ => Err(ChangeError::TooLarge),
                }
            }
            _ => self.number().map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use automerge::transaction::Transactable;
    use automerge::{ActorId, ROOT};

    use super::*;
    use crate::record::empty;

    fn sample() -> Vec<u8> {
        let mut doc = empty(ActorId::from([7; 16]));
        let mut tx = doc.transaction();
        tx.put(ROOT, "name", "Ada").unwrap();
        let text = tx.put_object(ROOT, "notes", automerge::ObjType::Text).unwrap();
        tx.splice_text(&text, 0, 0, "流量计 reads high, 更换后正常").unwrap();
        tx.put(ROOT, "done", true).unwrap();
        tx.commit();
        doc.get_last_local_change().unwrap().raw_bytes().to_vec()
    }

    /// Changes some bytes and makes the checksum fit again, as an attacker would.
    fn resealed(chunk: &[u8], alter: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        let mut body = chunk[8..].to_vec();
        alter(&mut body);
        let checksum = Sha256::digest(&body);
        [&MAGIC[..], &checksum[..4], &body].concat()
    }

    #[test]
    fn head_of_a_real_change_is_read() {
        let chunk = sample();
        let head = read_head(&chunk).unwrap();
        let change = automerge::Change::from_bytes(chunk).unwrap();
        assert_eq!(head.hash, change.hash().into());
        assert_eq!(head.ops, change.len() as u64);
        assert_eq!((head.actor, head.actor_seq, head.start_op), ([7; 16], 1, 1));
    }

    #[test]
    fn every_cut_is_an_error() {
        let chunk = sample();
        for length in 0..chunk.len() {
            assert!(read_head(&chunk[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn every_flipped_bit_is_an_error() {
        let chunk = sample();
        for at in 0..chunk.len() {
            let mut flipped = chunk.clone();
            flipped[at] ^= 1;
            assert!(read_head(&flipped).is_err(), "{at}");
        }
    }

    #[test]
    fn documents_and_deflated_changes_are_not_read() {
        let mut doc = empty(ActorId::from([7; 16]));
        let mut tx = doc.transaction();
        tx.put(ROOT, "name", "x".repeat(1_000)).unwrap();
        tx.commit();
        assert_eq!(read_head(&doc.save()), Err(ChangeError::NotAChange));
        let mut change = doc.get_last_local_change().unwrap();
        assert_eq!(read_head(&change.bytes()), Err(ChangeError::NotAChange));
    }

    #[test]
    fn run_length_bombs_stop_at_the_limit() {
        // A run of 2^40 equal values takes seven bytes.
        let bomb = [0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0x01];
        assert_eq!(run_items(&bomb, 2, CHANGE_OPS_MAX), Err(ChangeError::TooMany));
        assert_eq!(boolean_items(&bomb[..6], CHANGE_OPS_MAX), Err(ChangeError::TooMany));
    }

    #[test]
    fn resealed_damage_never_panics() {
        let chunk = sample();
        for at in 0..chunk.len() - 8 {
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let _judged = read_head(&resealed(&chunk, |body| body[at] = value));
            }
        }
    }
}
