//! What travels: requests and answers, CBOR inside a one-byte codec ([`codec`]).
//!
//! `POST /v1/sync`, content type [`CONTENT_TYPE`]; when the two sides differ in what both hold,
//! `POST /v1/reconcile` ([`repair`]); from phones that may not sync any more, `POST /v1/hand-in`
//! ([`hand_in`]); photos and files of those, and of phones without coverage, in pieces
//! that anybody may bring ([`file_piece`]). A request is signed as a whole by the device's key, so
//! that a batch can later be proved to come from that phone. Field numbers are never reused; new
//! optional fields get new numbers, and old readers skip them.

mod codec;
mod evacuation;
mod file_piece;
mod hand_in;
mod hand_over;
mod parcel;
mod repair;
mod report;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::ids::{ChangeHash, DeviceId, IncarnationId, RecordId, Seq, UserId};
use crate::record::RecordKind;
use crate::record::path::Path;

pub(crate) use codec::inflate;
pub use codec::{WireError, from_cbor, pack, pack_loosely, to_cbor, unpack};
pub use evacuation::{EVACUATION_MAGIC, EvacuationReader};
pub use file_piece::{FilePiece, OpenedPiece, SEALED_PIECE_BYTES_MAX};
pub use hand_in::HandInAnswer;
pub use hand_over::{HandOver, HandOverError};
pub use parcel::Parcel;
pub use repair::{HandBack, ReconcileRequest, ReconcileResponse, RecordHeads};
pub use report::DeviceReport;

/// Content type of both bodies.
pub const CONTENT_TYPE: &str = "application/vnd.docket.sync.v1+cbor";
/// Version of the wire; a server answers N, N-1 and N-2.
pub const VERSION: u32 = 1;

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
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
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
    /// What the server once had and has no more, judged before `pushes`.
    #[cbor(n(6), default)]
    pub hand_backs: Vec<HandBack>,
    /// What the phone says of itself.
    #[n(7)]
    pub report: Option<DeviceReport>,
}

/// A position in the tenant's log, with proof that it is that log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
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
    /// True when the server does not know the cursor: it was restored from a backup. No record
    /// comes with such an answer; the sender reconciles, and hands back what was lost.
    #[n(5)]
    pub rewound: bool,
    /// Sum over the records the sender sees, as they stand at `cursor` ([`crate::digest`]);
    /// only when nothing more follows.
    #[cbor(n(6), with = "codec::sixteen", has_nil)]
    pub digest: Option<[u8; 16]>,
    /// One word on every change handed back, in the order they were handed back.
    #[cbor(n(7), default)]
    pub handed_back: Vec<RecordVerdicts>,
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
    /// The server's word on the record as it stands on the phone once this answer is stored.
    #[cbor(n(2), with = "codec::sixteen", has_nil)]
    pub attest: Option<[u8; 16]>,
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
    /// A change that was held has been decided on.
    #[n(3)]
    Decided {
        /// The record.
        #[n(0)]
        record: RecordId,
        /// The change.
        #[n(1)]
        hash: ChangeHash,
        /// True: it is in the log now; its bytes come as `Changes` like any other.
        #[n(2)]
        accepted: bool,
        /// What the person who decided wrote.
        #[n(3)]
        note: String,
    },
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
    /// What Automerge loads: a saved document, columns not deflated, because the batch is
    /// compressed as a whole; or its first change. What stands on it follows as its changes.
    #[n(2)]
    pub document: ByteVec,
    /// Who wrote: every actor in the document.
    #[n(3)]
    pub authors: Vec<ActorAuthor>,
    /// The server's word on the record as it stands on the phone once this answer is stored:
    /// it was in the log with exactly this history and these authors.
    #[cbor(n(4), with = "codec::sixteen", has_nil)]
    pub attest: Option<[u8; 16]>,
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
    /// The server's word on the record as it stands on the phone once this answer is stored:
    /// it was in the log with exactly this history and these authors.
    #[cbor(n(3), with = "codec::sixteen", has_nil)]
    pub attest: Option<[u8; 16]>,
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

/// The bytes a device signs for the body of a [`ReconcileRequest`].
pub fn reconcile_signed_bytes(body: &[u8]) -> Vec<u8> {
    [b"docket-reconcile-1\0".as_slice(), body].concat()
}

/// The bytes a device signs for the body of a [`SyncRequest`].
pub fn signed_bytes(body: &[u8]) -> Vec<u8> {
    [b"docket-sync-1\0".as_slice(), body].concat()
}
