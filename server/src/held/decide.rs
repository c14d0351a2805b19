//! A decision on held work: let it through the gate as its author's, or set it aside.
//!
//! Accepting judges again, with the rights the author had, so that a bad change cannot come in
//! this way; decision, log, record and read model are one transaction, and a refusal of the gate
//! leaves everything as it was. Setting aside keeps the work for ever and can be taken back.

use std::collections::BTreeSet;

use docket_protocol::ids::{ChangeHash, RecordId, Seq};
use docket_protocol::record::path::Path;
use docket_protocol::role::Role;
use docket_protocol::wire::{RecordPush, Verdict};
use rusqlite::params;
use serde::Serialize;

use super::inbox::{self, Piece};
use crate::auth::devices;
use crate::auth::scope::Scope;
use crate::ingest::stages::Sender;
use crate::ingest::{self, decode_push};
use crate::limits::DECISION_NOTE_CHARS_MAX;
use crate::log::{self, Entry, Event};
use crate::store::{StoreError, WriteTx};

/// What is decided about which changes of one record.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The record.
    pub record: RecordId,
    /// The changes the decider saw.
    pub changes: Vec<ChangeHash>,
    /// Accept, or set aside.
    pub accepted: bool,
    /// Why; told to the author.
    pub note: String,
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// There is no such held work for this person.
    #[error("there is no such held work")]
    NotFound,
    /// This person does not decide.
    #[error("this role does not decide")]
    NotAllowed,
    /// The note is too long, or missing where work is set aside.
    #[error("the note does not fit")]
    Note,
    /// The gate does not let it in; it stays held.
    #[error("{0} at {1}")]
    Refused(String, Path),
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for DecideError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What a decision says in the log.
#[derive(Serialize)]
struct Body<'a> {
    decision: &'static str,
    changes: &'a [ChangeHash],
    note: &'a str,
}

/// Decides; answers with the decision's position in the log.
pub fn decide(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    decision: &Decision,
) -> Result<Seq, DecideError> {
    if !inbox::may_see(scope) {
        return Err(DecideError::NotFound);
    }
    if !inbox::may_decide(scope) {
        return Err(DecideError::NotAllowed);
    }
    let note = decision.note.trim();
    let missing = note.is_empty() && !decision.accepted;
    if missing || note.chars().count() > DECISION_NOTE_CHARS_MAX {
        return Err(DecideError::Note);
    }
    let mut piece = piece_of(tx, scope, decision)?;
    if decision.accepted {
        with_ancestors(tx, scope, &mut piece)?;
        accept(tx, scope, &piece)?;
    }
    write_down(tx, scope, &piece, decision.accepted, note)
}

/// The changes decided on; all of one author and phone, none of them in the record yet.
fn piece_of(tx: &WriteTx<'_>, scope: &Scope, decision: &Decision) -> Result<Piece, DecideError> {
    let mut whole: Option<Piece> = None;
    let wanted: BTreeSet<_> = decision.changes.iter().copied().collect();
    for hash in wanted {
        let piece = waiting(tx, scope, decision.record, hash)?.ok_or(DecideError::NotFound)?;
        match &mut whole {
            None => whole = Some(piece),
            Some(known) if (known.author, known.device) == (piece.author, piece.device) => {
                known.changes.extend(piece.changes);
            }
            Some(_) => return Err(DecideError::NotFound),
        }
    }
    let mut piece = whole.ok_or(DecideError::NotFound)?;
    piece.changes.sort_by_key(|change| change.seq);
    Ok(piece)
}

/// A held change that is not in its record.
fn waiting(
    tx: &WriteTx<'_>,
    scope: &Scope,
    record: RecordId,
    hash: ChangeHash,
) -> rusqlite::Result<Option<Piece>> {
    if super::reason_of(tx.sql, scope.tenant, record, hash)?.is_none() {
        return Ok(None);
    }
    inbox::change(tx.sql, scope, record, hash)
}

/// Adds the held work that a piece stands on, set aside or not: without it, it cannot be
/// accepted.
fn with_ancestors(tx: &WriteTx<'_>, scope: &Scope, piece: &mut Piece) -> Result<(), DecideError> {
    let mut known: BTreeSet<ChangeHash> = piece.changes.iter().map(|change| change.hash).collect();
    let mut at = 0;
    while at < piece.changes.len() {
        for dep in piece.changes[at].deps.clone() {
            if known.insert(dep)
                && let Some(found) = waiting(tx, scope, piece.record, dep)?
            {
                piece.changes.extend(found.changes);
            }
        }
        at += 1;
    }
    piece.changes.sort_by_key(|change| change.seq);
    Ok(())
}

/// Through the gate, as its author, with the rights the author had.
fn accept(tx: &mut WriteTx<'_>, scope: &Scope, piece: &Piece) -> Result<(), DecideError> {
    let key = devices::enrolled_key(tx.sql, scope.tenant, piece.device)?;
    let key = key.ok_or_else(|| refused("unknown-device"))?;
    // Runs of equal rights, in order; there is hardly ever more than one.
    for run in piece.changes.chunk_by(|one, next| one.role == next.role) {
        let role = run.first().map_or(scope.role, |change| change.role);
        let author = author(scope, piece, role);
        let sender =
            Sender { scope: &author, device: piece.device, device_key: &key, former_role: None };
        let changes = run.iter().map(|change| change.body.clone().into()).collect();
        let push = decode_push(&RecordPush { record: piece.record, changes });
        for verdict in ingest::admit(tx, &sender, push)? {
            match verdict {
                Verdict::Accepted(_) | Verdict::Duplicate => {}
                Verdict::Refused(code, path) => return Err(DecideError::Refused(code, path)),
                Verdict::Need(_) => return Err(refused("needs-missing")),
                Verdict::Held(_) => return Err(refused("depends-on-held")),
                Verdict::Fork => return Err(refused("place-taken")),
            }
        }
    }
    Ok(())
}

/// The author as they were when they wrote it.
pub(super) fn author(scope: &Scope, piece: &Piece, role: Role) -> Scope {
    let name = piece.author_name.clone();
    Scope {
        tenant: scope.tenant,
        user: piece.author,
        role,
        name,
        device: Some(piece.device),
        browser: None,
    }
}

fn refused(code: &str) -> DecideError {
    DecideError::Refused(code.to_owned(), Path::default())
}

fn write_down(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    piece: &Piece,
    accepted: bool,
    note: &str,
) -> Result<Seq, DecideError> {
    let hashes: Vec<_> = piece.changes.iter().map(|change| change.hash).collect();
    let decision = if accepted { "accepted" } else { "set-aside" };
    let body = serde_json::to_vec(&Body { decision, changes: &hashes, note });
    let body = body.map_err(|_| StoreError::Damaged(piece.record))?;
    let event = Event::Decide(&body);
    let entry = Entry { record: piece.record, user: scope.user, device: scope.device, event };
    let seq = log::append(tx, scope.tenant, &entry)?.seq;
    tx.sql
        .prepare_cached(
            "insert into decisions (tenant, seq, record, author, decided_by, accepted, note,
                                    changes)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            scope.tenant.0,
            seq.0.cast_signed(),
            piece.record.0,
            piece.author.0,
            scope.user.0,
            accepted,
            note,
            hashes.len()
        ])?;
    for hash in hashes {
        tx.sql
            .prepare_cached(
                "update held set decided_seq = ?4
                 where tenant = ?1 and record = ?2 and hash = ?3",
            )?
            .execute(params![scope.tenant.0, piece.record.0, hash.0, seq.0.cast_signed()])?;
    }
    Ok(seq)
}
