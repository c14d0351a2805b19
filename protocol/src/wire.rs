//! What travels: one request and one response, CBOR inside a one-byte codec.
//!
//! `POST /v1/sync`, content type [`CONTENT_TYPE`]. The request is signed as a whole by the
//! device's key, so that a batch can later be proved to come from that phone. Field numbers
//! are never reused; new optional fields get new numbers, and old readers skip them.

use std::io::{Read, Write};

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::ids::{ChangeHash, DeviceId, IncarnationId, RecordId, Seq, UserId};
use crate::record::RecordKind;
use crate::record::path::Path;

/// Content type of both bodies.
pub const CONTENT_TYPE: &str = "application/vnd.docket.sync.v1+cbor";
/// Version of the wire; a server answers N, N-1 and N-2.
pub const VERSION: u32 = 1;

const RAW: u8 = 0;
const DEFLATED: u8 = 1;
/// Below this, DEFLATE adds more than it saves.
const DEFLATE_FROM_BYTES: usize = 200;

/// The signed request as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SyncEnvelope {
    /// CBOR of a [`SyncRequest`]; exactly these bytes are signed.
    #[n(0)]
    pub body: ByteVec,
    /// Ed25519 over [`signed_bytes`] of `body` by the device's key.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub signature: [u8; 64],
}

/// One round trip: here is what I have, give me what I lack.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SyncRequest {
    /// [`VERSION`] of the sender.
    #[n(0)]
    pub version: u32,
    /// Who sends.
    #[n(1)]
    pub device: DeviceId,
    /// Which lifetime of the sender's database.
    #[n(2)]
    pub incarnation: IncarnationId,
    /// Up to where the sender knows the log; none for a first sync.
    #[n(3)]
    pub cursor: Option<Cursor>,
    /// Device clock when the request was made, Unix ms.
    #[n(4)]
    pub sent_at: i64,
    /// Unsent changes, record by record.
    #[n(5)]
    pub pushes: Vec<RecordPush>,
}

/// A position in the tenant's log, with proof that it is that log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Cursor {
    /// The last row seen.
    #[n(0)]
    pub seq: Seq,
    /// First bytes of that row's chain hash: a restored server does not know it.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub tag: [u8; 8],
}

/// Changes of one record, each after what it depends on.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RecordPush {
    /// The record.
    #[n(0)]
    pub record: RecordId,
    /// Uncompressed Automerge change chunks.
    #[n(1)]
    pub changes: Vec<ByteVec>,
}

/// The server's answer.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SyncResponse {
    /// One word on every pushed change, in the order they were pushed.
    #[n(0)]
    pub verdicts: Vec<RecordVerdicts>,
    /// What the sender lacks, in log order.
    #[n(1)]
    pub items: Vec<Item>,
    /// Where the sender stands once it has stored `items`.
    #[n(2)]
    pub cursor: Cursor,
    /// True when another request should follow at once.
    #[n(3)]
    pub more: bool,
    /// Server clock, Unix ms.
    #[n(4)]
    pub server_time: i64,
    /// True when the server does not know the cursor: it was restored from a backup. `items`
    /// then start from the beginning, and the sender offers again what it holds.
    #[n(5)]
    pub rewound: bool,
}

/// Verdicts on the changes of one record.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RecordVerdicts {
    /// The record.
    #[n(0)]
    pub record: RecordId,
    /// One per pushed change, in order.
    #[n(1)]
    pub verdicts: Vec<Verdict>,
}

/// The server's word on one change.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Verdict {
    /// In the log at this position, on disk.
    #[n(0)]
    Accepted(#[n(0)] Seq),
    /// The log already has it.
    #[n(1)]
    Duplicate,
    /// Kept for a supervisor's decision; the code says why.
    #[n(2)]
    Held(#[n(0)] String),
    /// Not judged: these parents are missing.
    #[n(3)]
    Need(#[n(0)] Vec<ChangeHash>),
    /// Will never be accepted; the code says why, the path where.
    #[n(4)]
    Refused(#[n(0)] String, #[n(1)] Path),
    /// Another change has this actor and sequence number: this database was copied.
    #[n(5)]
    Fork,
}

/// One thing the sender lacked.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Item {
    /// A record became visible: all of it.
    #[n(0)]
    Enter(#[n(0)] RecordSnapshot),
    /// Changes of a record the sender has.
    #[n(1)]
    Changes(#[n(0)] RecordChanges),
    /// A record is no longer the sender's to see.
    #[n(2)]
    Leave(#[n(0)] RecordId),
}

/// A whole record.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RecordSnapshot {
    /// The record.
    #[n(0)]
    pub record: RecordId,
    /// What it describes.
    #[n(1)]
    pub kind: RecordKind,
    /// Automerge document, columns not deflated: the batch is compressed as a whole.
    #[n(2)]
    pub document: ByteVec,
    /// Who wrote: every actor in the document.
    #[n(3)]
    pub authors: Vec<ActorAuthor>,
}

/// Some changes of a record.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RecordChanges {
    /// The record.
    #[n(0)]
    pub record: RecordId,
    /// Uncompressed Automerge change chunks, in log order.
    #[n(1)]
    pub changes: Vec<ByteVec>,
    /// Who wrote: every actor of these changes.
    #[n(2)]
    pub authors: Vec<ActorAuthor>,
}

/// Which person and device an Automerge actor belongs to; the server's word, not the document's.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ActorAuthor {
    /// Actor id, 16 bytes.
    #[n(0)]
    pub actor: ByteVec,
    /// The person.
    #[n(1)]
    pub user: UserId,
    /// The phone; none when written at the desk.
    #[n(2)]
    pub device: Option<DeviceId>,
}

/// A body could not be read.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// Empty, or an unknown codec byte.
    #[error("unknown encoding of the body")]
    Codec,
    /// Larger than allowed once inflated.
    #[error("the body inflates to more than {0} bytes")]
    TooLarge(usize),
    /// DEFLATE data is damaged.
    #[error("the compressed body is damaged")]
    Deflate,
    /// Not the expected CBOR.
    #[error("the body is not valid: {0}")]
    Cbor(#[from] minicbor::decode::Error),
    /// Bytes follow the value.
    #[error("the body has {0} bytes too many")]
    Trailing(usize),
}

/// The bytes a device signs for a request body.
pub fn signed_bytes(body: &[u8]) -> Vec<u8> {
    [b"docket-sync-1\0".as_slice(), body].concat()
}

/// Encodes a value and compresses it when that is smaller.
pub fn pack<T: Encode<()>>(value: &T) -> Vec<u8> {
    let cbor = to_cbor(value);
    if cbor.len() >= DEFLATE_FROM_BYTES {
        let level = flate2::Compression::new(6);
        let mut encoder = flate2::write::DeflateEncoder::new(vec![DEFLATED], level);
        let deflated = encoder.write_all(&cbor).and_then(|()| encoder.finish());
        if let Ok(deflated) = deflated
            && deflated.len() <= cbor.len()
        {
            return deflated;
        }
    }
    [&[RAW], cbor.as_slice()].concat()
}

/// Inflates (to at most `bytes_max`) and decodes; bytes left over are an error.
pub fn unpack<T: for<'b> Decode<'b, ()>>(packed: &[u8], bytes_max: usize) -> Result<T, WireError> {
    match packed.split_first() {
        Some((&RAW, cbor)) if cbor.len() <= bytes_max => from_cbor(cbor),
        Some((&RAW, _)) => Err(WireError::TooLarge(bytes_max)),
        Some((&DEFLATED, deflated)) => from_cbor(&inflate(deflated, bytes_max)?),
        _ => Err(WireError::Codec),
    }
}

/// CBOR of a value; encoding into memory cannot fail.
pub fn to_cbor<T: Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).unwrap_or_default()
}

/// Decodes exactly one value.
pub fn from_cbor<T: for<'b> Decode<'b, ()>>(cbor: &[u8]) -> Result<T, WireError> {
    let mut decoder = minicbor::Decoder::new(cbor);
    let value = decoder.decode()?;
    match cbor.len() - decoder.position() {
        0 => Ok(value),
        trailing => Err(WireError::Trailing(trailing)),
    }
}

fn inflate(deflated: &[u8], bytes_max: usize) -> Result<Vec<u8>, WireError> {
    let mut inflated = Vec::new();
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    flate2::read::DeflateDecoder::new(deflated)
        .take(limit)
        .read_to_end(&mut inflated)
        .map_err(|_| WireError::Deflate)?;
    if inflated.len() > bytes_max { Err(WireError::TooLarge(bytes_max)) } else { Ok(inflated) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(pushes: Vec<RecordPush>) -> SyncRequest {
        SyncRequest {
            version: VERSION,
            device: DeviceId::new(1, [1; 10]),
            incarnation: IncarnationId::new(2, [2; 10]),
            cursor: Some(Cursor { seq: Seq(7), tag: [8; 8] }),
            sent_at: 1_795_000_000_000,
            pushes,
        }
    }

    #[test]
    fn nothing_new_costs_less_than_three_hundred_bytes() {
        let body = to_cbor(&request(Vec::new())).into();
        let packed = pack(&SyncEnvelope { body, signature: [9; 64] });
        assert!(packed.len() < 300, "{} bytes", packed.len());
    }

    #[test]
    fn large_bodies_are_compressed_and_read_back() {
        let changes = vec![ByteVec::from(vec![5; 10_000])];
        let sent = request(vec![RecordPush { record: RecordId::new(3, [3; 10]), changes }]);
        let packed = pack(&sent);
        assert!(packed.len() < 300);
        assert_eq!(unpack::<SyncRequest>(&packed, 20_000).unwrap(), sent);
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let packed = pack(&ByteVec::from(vec![0; 1_000_000]));
        assert!(packed.len() < 3_000);
        assert!(matches!(unpack::<ByteVec>(&packed, 999_999), Err(WireError::TooLarge(999_999))));
    }

    #[test]
    fn damaged_bodies_are_errors() {
        assert!(matches!(unpack::<SyncRequest>(&[], 10), Err(WireError::Codec)));
        assert!(matches!(unpack::<SyncRequest>(&[9, 1], 10), Err(WireError::Codec)));
        assert!(matches!(unpack::<SyncRequest>(&[1, 0xff], 10), Err(WireError::Deflate)));
        assert!(matches!(unpack::<SyncRequest>(&[0, 0x80], 10), Err(WireError::Cbor(_))));
        let mut trailing = pack(&Seq(1));
        trailing.push(0);
        assert!(matches!(unpack::<Seq>(&trailing, 10), Err(WireError::Trailing(1))));
    }
}
