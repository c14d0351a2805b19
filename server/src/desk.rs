//! Edits made at the desk: the same typed intents, the same field rules, the same log.
//!
//! A person at the desk is an author like any other: every person has an Automerge actor of
//! their own in every record they touch, so that "who wrote this" is never "the server".
//! Sign-offs are not made here: a customer signs on a phone.

use automerge::{ActorId, Change};
use docket_protocol::change::read_head;
use docket_protocol::edit::{self, Edit, EditError};
use docket_protocol::ids::{ItemId, RecordId, Seq};
use docket_protocol::record::path::Path;
use docket_protocol::record::{self, RecordKind};
use docket_protocol::role::Role;
use rusqlite::{OptionalExtension, params};

use crate::auth::scope::{Access, Scope};
use crate::ingest::stages::{LoggedChange, ValidChange};
use crate::ingest::trial;
use crate::merge::{self, Authorship};
use crate::random::random;
use crate::store::documents::Document;
use crate::store::{StoreError, WriteTx};

/// Why an edit was not made. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no such record for this person.
    #[error("there is no such record")]
    NotFound,
    /// The field rules refuse.
    #[error(transparent)]
    Refused(#[from] EditError),
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for DeskError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Opens a record with an [`Edit::Create`].
pub fn create(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    kind: RecordKind,
    edit: &Edit,
) -> Result<RecordId, DeskError> {
    let record = RecordId::new(tx.now, random());
    create_with_id(tx, scope, record, kind, edit)?;
    Ok(record)
}

/// [`create`] under an id the caller has made before, so that a retry finds it taken.
pub fn create_with_id(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    record: RecordId,
    kind: RecordKind,
    edit: &Edit,
) -> Result<Seq, DeskError> {
    if !matches!(edit, Edit::Create { .. }) || !may_open(scope.role, kind) {
        return Err(EditError::new("not-allowed", Path::default()).into());
    }
    if tx.documents.get(tx.sql, scope.tenant, record)?.is_some() {
        return Err(EditError::new("already-there", Path::default()).into());
    }
    let automerge = record::empty(ActorId::from(random::<16>()));
    let written = write(tx, scope, record, Document { kind, automerge }, edit)?;
    written.ok_or_else(|| EditError::new("bad-value", Path::default()).into())
}

/// Edits a record; `None` when the edit changes nothing.
pub fn edit(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    record: RecordId,
    edit: &Edit,
) -> Result<Option<Seq>, DeskError> {
    if scope.access(tx.sql, record)? != Access::Now {
        return Err(DeskError::NotFound);
    }
    if matches!(edit, Edit::Create { .. } | Edit::SignOff { .. }) {
        return Err(EditError::new("not-allowed", Path::default()).into());
    }
    let loaded = tx.documents.get(tx.sql, scope.tenant, record)?;
    let mut document = Document::clone(&*loaded.ok_or(DeskError::NotFound)?);
    document.automerge.set_actor(actor_of(tx, scope, record)?);
    write(tx, scope, record, document, edit)
}

/// Gives new entries that came without an id one of their own.
pub fn with_fresh_ids(edit: Edit, now: i64) -> Edit {
    edit.with_fresh_ids(|| ItemId::new(now, random()))
}

/// Who may bring records of a kind into being.
pub fn may_open(role: Role, kind: RecordKind) -> bool {
    match (role, kind) {
        (Role::Desk | Role::Manager, _) => true,
        (Role::Administrator, kind) => kind != RecordKind::Job,
        (Role::Engineer, kind) => kind == RecordKind::Job,
        (Role::Executive, _) => false,
    }
}

fn write(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    record: RecordId,
    mut document: Document,
    edit: &Edit,
) -> Result<Option<Seq>, DeskError> {
    let kind = document.kind;
    let written = edit::apply(&mut document.automerge, kind, edit, &scope.author(tx.now))?;
    if written.is_none() {
        return Ok(None);
    }
    let damaged = || StoreError::Damaged(record);
    let change: Change = document.automerge.get_last_local_change().ok_or_else(damaged)?;
    let head = read_head(change.raw_bytes()).map_err(|_| damaged())?;
    let valid = vec![ValidChange::from_desk(head, change)];
    let merged = trial::prove(document, valid).map_err(|_| damaged())?;
    let author = Authorship { tenant: scope.tenant, user: scope.user, device: None };
    let logged = merge::commit(tx, &author, record, merged)?;
    Ok(logged.last().map(LoggedChange::seq))
}

/// The actor of this person at the desk in this record, a new one at the first edit after the
/// server was started: no actor outlives the run that knows which of its numbers are taken.
fn actor_of(tx: &WriteTx<'_>, scope: &Scope, record: RecordId) -> rusqlite::Result<ActorId> {
    let known: Option<[u8; 16]> = tx
        .sql
        .prepare_cached(
            "select actor from actors
             where tenant = ?1 and record = ?2 and user = ?3 and incarnation = ?4",
        )?
        .query_row(params![scope.tenant.0, record.0, scope.user.0, tx.incarnation.0], |row| {
            row.get(0)
        })
        .optional()?;
    Ok(ActorId::from(known.unwrap_or_else(random)))
}
