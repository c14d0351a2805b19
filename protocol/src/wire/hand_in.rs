//! `POST /v1/hand-in`: what a phone that may not sync any more has not sent.
//!
//! The request is a [`super::SyncEnvelope`] around a [`super::SyncRequest`] of which only the
//! sender and the pushes are read; it carries no token, and nothing but verdicts comes back.

use minicbor::{Decode, Encode};

use super::RecordVerdicts;

/// The answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct HandInAnswer {
    /// One word on every change, in the order they were handed in.
    #[n(0)]
    pub verdicts: Vec<RecordVerdicts>,
    /// Server clock, Unix ms.
    #[n(1)]
    pub server_time: i64,
}
