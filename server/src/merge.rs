//! The end of the path: changes that passed the gate become log rows, a document and SQL rows,
//! all in the writer's transaction.
//!
//! Takes only what [`crate::ingest::trial`] has merged in memory and proved to load again.
//! Called by [`crate::ingest`] for phones and by [`crate::desk`] for the desk.

use std::collections::BTreeSet;

use automerge::Automerge;
use docket_protocol::ids::{DeviceId, IncarnationId, RecordId, TenantId, UserId};
use rusqlite::{OptionalExtension, params};

use crate::ingest::stages::{LoggedChange, Merged, ValidChange};
use crate::limits::{TAIL_BYTES_MIN, TAIL_SHARE};
use crate::log::{self, Entry, Event};
use crate::read_model;
use crate::store::documents::Document;
use crate::store::{StoreError, WriteTx};

/// Whose changes these are.
#[derive(Debug, Clone, Copy)]
pub struct Authorship {
    /// The organisation.
    pub tenant: TenantId,
    /// The person.
    pub user: UserId,
    /// The phone; none at the desk.
    pub device: Option<DeviceId>,
}

/// Writes merged changes of one author: log rows, actors, document, read model, visibility.
pub fn commit(
    tx: &mut WriteTx<'_>,
    author: &Authorship,
    record: RecordId,
    merged: Merged,
) -> Result<Vec<LoggedChange>, StoreError> {
    let authors = vec![*author; merged.changes.len()];
    let used_by = Some(tx.incarnation);
    commit_each(tx, &authors, record, merged, used_by)
}

/// The same for changes of several authors, named one by one. `used_by` is the incarnation that
/// may go on writing with their desk actors; none for actors that come from elsewhere.
pub fn commit_each(
    tx: &mut WriteTx<'_>,
    authors: &[Authorship],
    record: RecordId,
    merged: Merged,
    used_by: Option<IncarnationId>,
) -> Result<Vec<LoggedChange>, StoreError> {
    let Merged { document, snapshot, changes } = merged;
    let mut logged_changes = Vec::with_capacity(changes.len());
    let mut added_bytes = 0;
    let Some(&first) = authors.first() else {
        return Ok(logged_changes);
    };
    let entries = changes.iter().zip(authors).map(|(valid, author)| entry(record, valid, author));
    let entries: Vec<_> = entries.collect();
    let logged = log::append_changes(tx, first.tenant, &entries)?;
    let mut remembered = BTreeSet::new();
    for ((valid, logged), author) in changes.into_iter().zip(logged).zip(authors) {
        added_bytes += valid.change().raw_bytes().len() as u64;
        if remembered.insert(valid.head().actor) {
            remember_actor(tx, author, record, valid.head().actor, used_by)?;
        }
        logged_changes.push(LoggedChange::new(valid, logged, *author));
    }
    keep_document(tx, &first, record, &document, &snapshot, added_bytes, &logged_changes)?;
    read_model::update(tx, &first, record, &document, &logged_changes)?;
    if let Some(last) = logged_changes.last() {
        tx.documents.put(first.tenant, record, last.seq().0.cast_signed(), document);
    }
    Ok(logged_changes)
}

fn entry<'a>(record: RecordId, valid: &'a ValidChange, author: &Authorship) -> Entry<'a> {
    let event = Event::Change(valid.head(), valid.change().raw_bytes());
    Entry { record, user: author.user, device: author.device, event }
}

fn remember_actor(
    tx: &WriteTx<'_>,
    author: &Authorship,
    record: RecordId,
    actor: [u8; 16],
    used_by: Option<IncarnationId>,
) -> rusqlite::Result<()> {
    tx.sql
        .prepare_cached(
            "insert into actors (tenant, record, actor, user, device, incarnation)
             values (?1, ?2, ?3, ?4, ?5, ?6) on conflict do nothing",
        )?
        .execute(params![
            author.tenant.0,
            record.0,
            actor,
            author.user.0,
            author.device.map(|device| device.0),
            used_by.filter(|_| author.device.is_none()).map(|incarnation| incarnation.0),
        ])?;
    Ok(())
}

/// Updates the record's row; rewrites its snapshot only when the changes logged since the last
/// one have grown to a share of it, so that a small edit on a large record stays small on disk.
fn keep_document(
    tx: &WriteTx<'_>,
    author: &Authorship,
    record: RecordId,
    document: &Document,
    snapshot: &[u8],
    added_bytes: u64,
    logged: &[LoggedChange],
) -> rusqlite::Result<()> {
    let Some(last) = logged.last() else {
        return Ok(());
    };
    let last_seq = last.seq().0.cast_signed();
    let heads = heads_bytes(&document.automerge);
    let kept: Option<(u64, u64)> = tx
        .sql
        .prepare_cached(
            "select length(snapshot), tail_bytes from records where tenant = ?1 and record = ?2",
        )?
        .query_row(params![author.tenant.0, record.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let tail_bytes = kept.map(|(snapshot_bytes, tail_bytes)| {
        let tail_bytes = tail_bytes + added_bytes;
        (tail_bytes < TAIL_BYTES_MIN.max(snapshot_bytes / TAIL_SHARE)).then_some(tail_bytes)
    });
    match tail_bytes {
        Some(Some(tail_bytes)) => tx
            .sql
            .prepare_cached(
                "update records set last_seq = ?3, heads = ?4, tail_bytes = ?5
                 where tenant = ?1 and record = ?2",
            )?
            .execute(params![author.tenant.0, record.0, last_seq, heads, tail_bytes])?,
        Some(None) => tx
            .sql
            .prepare_cached(
                "update records set last_seq = ?3, heads = ?4, snapshot = ?5, snapshot_seq = ?3,
                                    tail_bytes = 0
                 where tenant = ?1 and record = ?2",
            )?
            .execute(params![author.tenant.0, record.0, last_seq, heads, snapshot])?,
        None => tx
            .sql
            .prepare_cached(
                "insert into records (tenant, record, kind, opened_by, last_seq, heads, snapshot,
                                      snapshot_seq, tail_bytes)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?5, 0)",
            )?
            .execute(params![
                author.tenant.0,
                record.0,
                document.kind.as_str(),
                author.user.0,
                last_seq,
                heads,
                snapshot
            ])?,
    };
    Ok(())
}

/// Heads as `records.heads` has them.
pub(crate) fn heads_bytes(automerge: &Automerge) -> Vec<u8> {
    let mut heads = automerge.get_heads();
    heads.sort_unstable();
    heads.iter().flat_map(|head| head.0).collect()
}
