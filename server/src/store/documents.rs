//! Loaded records: a bounded cache the writer merges into, and the one way to load a record.
//!
//! What a job puts here counts only if the job and its commit succeed; otherwise it is
//! forgotten and read from disk again. Readers load for themselves with [`load`].

use std::num::NonZeroUsize;

use automerge::{ActorId, Automerge, Change};
use docket_protocol::ids::{RecordId, TenantId};
use docket_protocol::record::{self, RecordKind};
use lru::LruCache;
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use crate::limits::DOCUMENTS_CACHED;

/// One record in memory.
#[derive(Clone)]
pub struct Document {
    /// What it describes.
    pub kind: RecordKind,
    /// Its content and history. The actor is not set: whoever writes sets its own.
    pub automerge: Automerge,
}

type Key = (TenantId, RecordId);

/// The writer's cache.
pub struct Documents {
    loaded: LruCache<Key, Document>,
    put_by_job: Vec<Key>,
    put_by_transaction: Vec<Key>,
}

impl Default for Documents {
    fn default() -> Self {
        let capacity = NonZeroUsize::new(DOCUMENTS_CACHED).unwrap_or(NonZeroUsize::MIN);
        let loaded = LruCache::new(capacity);
        Self { loaded, put_by_job: Vec::new(), put_by_transaction: Vec::new() }
    }
}

impl Documents {
    /// The record, from memory or disk; `None` when there is none.
    pub fn get(
        &mut self,
        sql: &Connection,
        tenant: TenantId,
        record: RecordId,
    ) -> Result<Option<&Document>, StoreError> {
        let key = (tenant, record);
        if !self.loaded.contains(&key) {
            let Some(document) = load(sql, tenant, record)? else {
                return Ok(None);
            };
            self.loaded.put(key, document);
        }
        Ok(self.loaded.get(&key))
    }

    /// Replaces the record in memory; the caller writes the same to disk in this transaction.
    pub fn put(&mut self, tenant: TenantId, record: RecordId, document: Document) {
        let key = (tenant, record);
        self.put_by_job.push(key);
        self.loaded.put(key, document);
    }

    pub(super) fn end_job(&mut self, keep: bool) {
        if keep {
            self.put_by_transaction.append(&mut self.put_by_job);
        } else {
            for key in self.put_by_job.drain(..) {
                self.loaded.pop(&key);
            }
        }
    }

    pub(super) fn end_transaction(&mut self, keep: bool) {
        if keep {
            self.put_by_transaction.clear();
        } else {
            for key in self.put_by_transaction.drain(..) {
                self.loaded.pop(&key);
            }
        }
    }
}

/// Loads a record: its snapshot, then the changes logged after it.
pub fn load(
    sql: &Connection,
    tenant: TenantId,
    record: RecordId,
) -> Result<Option<Document>, StoreError> {
    let damaged = || StoreError::Damaged(record);
    let row = sql
        .prepare_cached(
            "select kind, snapshot, snapshot_seq from records where tenant = ?1 and record = ?2",
        )?
        .query_row(params![tenant.0, record.0], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, i64>(2)?))
        })
        .optional()?;
    let Some((kind, snapshot, snapshot_seq)) = row else {
        return Ok(None);
    };
    let kind = RecordKind::parse(&kind).ok_or_else(damaged)?;
    let mut automerge = record::load(&snapshot, ActorId::from([0; 16])).map_err(|_| damaged())?;
    let tail = changes_after(sql, tenant, record, snapshot_seq)?;
    let tail = tail.into_iter().map(|body| Change::from_bytes(body).map_err(|_| damaged()));
    automerge.apply_changes(tail.collect::<Result<Vec<_>, _>>()?).map_err(|_| damaged())?;
    Ok(Some(Document { kind, automerge }))
}

/// The logged changes of a record after a position, oldest first.
pub fn changes_after(
    sql: &Connection,
    tenant: TenantId,
    record: RecordId,
    seq: i64,
) -> rusqlite::Result<Vec<Vec<u8>>> {
    sql.prepare_cached(
        "select body from log
         where tenant = ?1 and record = ?2 and seq > ?3 and kind = 'change' order by seq",
    )?
    .query_map(params![tenant.0, record.0, seq], |row| row.get(0))?
    .collect()
}
