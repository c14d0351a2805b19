//! A record that somebody brings as a file: every change of it passes the gate like a push, in
//! the name of whoever brings it.
//!
//! All of it goes in or nothing does. A sign-off needs the phone it was made on, so a signed
//! record is not taken; its proof is what proves it. Called by `POST /v1/docs` and by
//! `docket import record`.

use std::panic::catch_unwind;

use automerge::ActorId;
use docket_protocol::document;
use docket_protocol::ids::{ChangeHash, DeviceId, RecordId};
use docket_protocol::limits::DOCUMENT_BYTES_MAX;
use docket_protocol::record;
use docket_protocol::record::path::Path;
use docket_protocol::wire::{RecordPush, Verdict};
use ed25519_dalek::SigningKey;

use crate::auth::scope::Scope;
use crate::ingest::stages::Sender;
use crate::ingest::{decode_push, push};
use crate::random::random;
use crate::store::{StoreError, WriteTx};

/// A record that went in.
#[derive(Debug, Clone, Copy)]
pub struct Imported {
    /// Its id here.
    pub record: RecordId,
    /// How many changes it brought.
    pub changes: usize,
}

/// What the gate says about one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedChange {
    /// Which.
    pub hash: ChangeHash,
    /// What is wrong, as a message id (`error-{code}`).
    pub code: String,
    /// Where.
    pub path: Path,
}

/// Why nothing went in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is no saved document, or larger than a record may be.
    #[error("the file is no record")]
    NotADocument,
    /// The gate refuses these changes.
    #[error("{} changes are refused", .0.len())]
    Refused(Vec<RefusedChange>),
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads the changes of a document file; needs no database.
pub fn read(file: &[u8]) -> Result<Vec<Vec<u8>>, ImportError> {
    if file.len() > DOCUMENT_BYTES_MAX || document::look(file).is_err() {
        return Err(ImportError::NotADocument);
    }
    let file = file.to_vec();
    let changes = catch_unwind(|| {
        let document = record::load(&file, ActorId::from([0; 16])).ok()?;
        let changes = document.get_changes(&[]);
        if changes.is_empty() {
            return None;
        }
        Some(changes.iter().map(|change| change.raw_bytes().to_vec()).collect())
    });
    changes.ok().flatten().ok_or(ImportError::NotADocument)
}

/// Takes the changes in as a new record.
pub fn take_in(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    changes: &[Vec<u8>],
) -> Result<Imported, ImportError> {
    let record = RecordId::new(tx.now, random());
    // No phone stands behind a file, and no key that anybody holds.
    let device_key = SigningKey::from_bytes(&random()).verifying_key();
    let sender =
        Sender { scope, device: DeviceId::default(), device_key: &device_key, former_role: None };
    let mut waiting: Vec<Vec<u8>> = changes.to_vec();
    while !waiting.is_empty() {
        let before = waiting.len();
        let bodies = waiting.iter().map(|body| body.clone().into()).collect();
        let decoded = decode_push(&RecordPush { record, changes: bodies });
        let verdicts = push(tx, &sender, decoded)?;
        let refused = refusals(&waiting, &verdicts);
        if !refused.is_empty() {
            return Err(ImportError::Refused(refused));
        }
        // What one push may cost is bounded; what was not judged comes again.
        let mut verdicts = verdicts.iter();
        waiting.retain(|_| matches!(verdicts.next(), Some(Verdict::Need(_))));
        if waiting.len() == before {
            return Err(ImportError::NotADocument);
        }
    }
    Ok(Imported { record, changes: changes.len() })
}

fn refusals(changes: &[Vec<u8>], verdicts: &[Verdict]) -> Vec<RefusedChange> {
    let named = changes.iter().zip(verdicts).filter_map(|(body, verdict)| {
        let (code, path) = match verdict {
            Verdict::Accepted(_) | Verdict::Duplicate | Verdict::Need(_) => return None,
            Verdict::Refused(code, path) => (code.clone(), path.clone()),
            Verdict::Held(reason) => (reason.clone(), Path::default()),
            Verdict::Fork => ("foreign-actor".to_owned(), Path::default()),
        };
        let hash = automerge::Change::from_bytes(body.clone()).ok()?.hash().into();
        Some(RefusedChange { hash, code, path })
    });
    named.collect()
}
