//! Loaded records: a bounded cache the writer merges into and readers judge by, and the one way
//! to load a record.
//!
//! What a job puts here counts only if the job and its commit succeed; otherwise it is
//! forgotten and read from disk again. Nobody sees what is not committed: a record is found only
//! under the position in the log at which the asking connection sees it.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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

/// Loaded records, each as of a row of the log; clones share them.
#[derive(Clone)]
pub struct Cache {
    loaded: Arc<Mutex<LruCache<Key, Kept>>>,
}

struct Kept {
    last_seq: i64,
    document: Arc<Document>,
}

impl Default for Cache {
    fn default() -> Self {
        let capacity = NonZeroUsize::new(DOCUMENTS_CACHED).unwrap_or(NonZeroUsize::MIN);
        Self { loaded: Arc::new(Mutex::new(LruCache::new(capacity))) }
    }
}

impl Cache {
    /// The record as this connection sees it, from memory or disk; `None` when there is none.
    pub fn get(
        &self,
        sql: &Connection,
        tenant: TenantId,
        record: RecordId,
    ) -> Result<Option<Arc<Document>>, StoreError> {
        let key = (tenant, record);
        // The row, not the memory, says which version is meant: each reader sees its own moment.
        let last_seq = sql
            .prepare_cached("select last_seq from records where tenant = ?1 and record = ?2")?
            .query_row(params![tenant.0, record.0], |row| row.get(0))
            .optional()?;
        let Some(last_seq) = last_seq else { return Ok(None) };
        let kept = self.lock().get(&key).filter(|kept| kept.last_seq == last_seq).map(Kept::share);
        if kept.is_some() {
            return Ok(kept);
        }
        let Some(document) = load(sql, tenant, record)? else { return Ok(None) };
        let kept = Kept { last_seq, document: Arc::new(document) };
        let document = kept.share();
        self.lock().put(key, kept);
        Ok(Some(document))
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<Key, Kept>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn share(&self) -> Arc<Document> {
        Arc::clone(&self.document)
    }
}

/// The writer's hand on the cache.
#[derive(Default)]
pub struct Documents {
    cache: Cache,
    put_by_job: Vec<Key>,
    put_by_transaction: Vec<Key>,
}

impl Documents {
    pub(super) fn over(cache: Cache) -> Self {
        Self { cache, ..Self::default() }
    }

    /// What readers share with the writer.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// The record, from memory or disk; `None` when there is none.
    pub fn get(
        &self,
        sql: &Connection,
        tenant: TenantId,
        record: RecordId,
    ) -> Result<Option<Arc<Document>>, StoreError> {
        self.cache.get(sql, tenant, record)
    }

    /// Replaces the record in memory; the caller writes the same to disk in this transaction,
    /// with `last_seq` in its row.
    pub fn put(&mut self, tenant: TenantId, record: RecordId, last_seq: i64, document: Document) {
        let key = (tenant, record);
        self.put_by_job.push(key);
        self.cache.lock().put(key, Kept { last_seq, document: Arc::new(document) });
    }

    pub(super) fn end_job(&mut self, keep: bool) {
        if keep {
            self.put_by_transaction.append(&mut self.put_by_job);
        } else {
            // The same position may be given to another change: nothing of this may stay.
            for key in self.put_by_job.drain(..) {
                self.cache.lock().pop(&key);
            }
        }
    }

    pub(super) fn end_transaction(&mut self, keep: bool) {
        if keep {
            self.put_by_transaction.clear();
        } else {
            for key in self.put_by_transaction.drain(..) {
                self.cache.lock().pop(&key);
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
