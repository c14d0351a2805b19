//! Messages that bring two sides together again: what the server lost comes back from phones,
//! what a phone lacks or holds wrongly comes whole.
//!
//! Neither is needed while both sides agree, which the digest of every answer shows.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::{ActorAuthor, Item};
use crate::ids::{ChangeHash, DeviceId, IncarnationId, RecordId};

/// Changes of one record that the server once had and has no more, whoever wrote them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HandBack {
    /// The record.
    #[n(0)]
    pub record: RecordId,
    /// Uncompressed Automerge change chunks, each after what it depends on.
    #[n(1)]
    pub changes: Vec<ByteVec>,
    /// The version that `attest` speaks of.
    #[n(2)]
    pub heads: Vec<ChangeHash>,
    /// Every author up to that version, as the server named them.
    #[n(3)]
    pub authors: Vec<ActorAuthor>,
    /// The server's word on that version; without it the changes wait for a supervisor.
    #[cbor(n(4), with = "super::codec::sixteen", has_nil)]
    pub attest: Option<[u8; 16]>,
}

/// `POST /v1/reconcile`, in a [`super::SyncEnvelope`]: this is what I hold, record by record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct ReconcileRequest {
    /// [`super::VERSION`] of the sender.
    #[n(0)]
    pub version: u32,
    /// Who asks.
    #[n(1)]
    pub device: DeviceId,
    /// Which lifetime of the sender's database.
    #[n(2)]
    pub incarnation: IncarnationId,
    /// Device clock, Unix ms.
    #[n(3)]
    pub sent_at: i64,
    /// Every record the sender holds something confirmed of.
    #[n(4)]
    pub records: Vec<RecordHeads>,
}

/// The confirmed version of one record; no heads where the sender cannot read its own copy.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RecordHeads {
    /// The record.
    #[n(0)]
    pub record: RecordId,
    /// Its heads.
    #[n(1)]
    pub heads: Vec<ChangeHash>,
}

/// What makes the sender agree again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct ReconcileResponse {
    /// Whole records that differ or are missing; records that are not the sender's to see.
    #[n(0)]
    pub items: Vec<Item>,
    /// Records of which the sender holds changes that the log does not: to be handed back.
    #[n(1)]
    pub lost: Vec<RecordId>,
    /// True when another request should follow at once.
    #[n(2)]
    pub more: bool,
    /// Server clock, Unix ms.
    #[n(3)]
    pub server_time: i64,
}
