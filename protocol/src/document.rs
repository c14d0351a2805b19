//! The bounded look at a saved document: what a file claims, before Automerge sees a byte.
//!
//! Documents come from the server as they are; this is for files that people bring. Automerge
//! inflates columns without a limit, so they are inflated here first, under a cap, and thrown
//! away; runs are counted. What the document says is judged change by change afterwards.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::change::{ChangeError, MAGIC, Reader, column_items};
use crate::limits::{DOCUMENT_BYTES_MAX, DOCUMENT_CHANGES_MAX, DOCUMENT_HEADS_MAX, RECORD_OPS_MAX};
use crate::wire::{WireError, inflate};

const DOCUMENT_CHUNK: u8 = 0;
const DEFLATE_BIT: u64 = 8;
/// Deletions stand among the operations of changes and not among those of the document.
const ITEMS_MAX: u64 = RECORD_OPS_MAX * 4;

/// Fails when `file` is not one document chunk within bounds.
pub fn look(file: &[u8]) -> Result<(), ChangeError> {
    let mut reader = Reader { bytes: file };
    if reader.take(4)? != MAGIC {
        return Err(ChangeError::NotAChange);
    }
    let checksum = reader.take(4)?;
    let hashed = reader.bytes;
    if reader.take(1)? != [DOCUMENT_CHUNK] {
        return Err(ChangeError::NotAChange);
    }
    if reader.number()? != reader.bytes.len() as u64 {
        return Err(ChangeError::Damaged);
    }
    if Sha256::digest(hashed)[..4] != *checksum {
        return Err(ChangeError::Checksum);
    }
    for _ in 0..reader.count(DOCUMENT_CHANGES_MAX)? {
        reader.actor()?;
    }
    for _ in 0..reader.count(DOCUMENT_HEADS_MAX)? {
        reader.take(32)?;
    }
    let (changes, ops) = (heads(&mut reader)?, heads(&mut reader)?);
    let mut bytes_left = 2 * DOCUMENT_BYTES_MAX;
    let limits = changes.iter().map(|head| (head, DOCUMENT_CHANGES_MAX * 4));
    for ((number, length), items_max) in limits.chain(ops.iter().map(|head| (head, ITEMS_MAX))) {
        let length = usize::try_from(*length).map_err(|_| ChangeError::Damaged)?;
        let data = reader.take(length)?;
        let inflated = match number & DEFLATE_BIT {
            0 => Cow::Borrowed(data),
            _ => inflate(data, bytes_left).map(Cow::Owned).map_err(|error| match error {
                WireError::TooLarge(_) => ChangeError::TooLarge,
                _ => ChangeError::Damaged,
            })?,
        };
        bytes_left = bytes_left.checked_sub(inflated.len()).ok_or(ChangeError::TooLarge)?;
        column_items(number & !DEFLATE_BIT, &inflated, items_max)?;
    }
    Ok(())
}

/// Numbers and lengths of columns.
fn heads(reader: &mut Reader<'_>) -> Result<Vec<(u64, u64)>, ChangeError> {
    (0..reader.count(32)?).map(|_| Ok((reader.number()?, reader.number()?))).collect()
}

#[cfg(test)]
mod tests {
    use automerge::transaction::Transactable;
    use automerge::{ActorId, ROOT};

    use super::*;
    use crate::record::empty;

    fn saved() -> Vec<u8> {
        let mut doc = empty(ActorId::from([7; 16]));
        let mut tx = doc.transaction();
        tx.put(ROOT, "name", "x".repeat(5_000)).unwrap();
        tx.commit();
        doc.save()
    }

    #[test]
    fn a_saved_document_is_within_bounds() {
        assert_eq!(look(&saved()), Ok(()));
    }

    #[test]
    fn cuts_flips_and_changes_are_no_documents() {
        let file = saved();
        for length in 0..file.len() {
            assert!(look(&file[..length]).is_err(), "{length}");
        }
        for at in 0..file.len() {
            let mut flipped = file.clone();
            flipped[at] ^= 1;
            assert!(look(&flipped).is_err(), "{at}");
        }
    }

    /// FAULTS row 41: a document whose columns would inflate without end.
    #[test]
    fn a_deflate_bomb_stops_at_the_cap() {
        use std::io::Write;
        let mut encoder =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::new(9));
        encoder.write_all(&vec![0; 2 * DOCUMENT_BYTES_MAX + 1]).unwrap();
        let bomb = encoder.finish().unwrap();
        let length = bomb.len() as u64;
        let leb = |number: u64| {
            vec![number as u8 | 0x80, (number >> 7) as u8 | 0x80, (number >> 14) as u8]
        };
        let body = [vec![0, 0, 1, 0x57 | 8], leb(length), vec![0], bomb].concat();
        let hashed = [vec![0], leb(body.len() as u64), body].concat();
        let file = [&MAGIC[..], &Sha256::digest(&hashed)[..4], &hashed].concat();
        assert_eq!(look(&file), Err(ChangeError::TooLarge));
    }
}
