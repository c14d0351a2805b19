//! Records as Automerge documents: loaded from their rows, kept in memory while in use.
//!
//! The rows are the truth; a document that does not follow from them (an edit whose
//! transaction failed) is forgotten and read again.

use std::num::NonZeroUsize;

use docket_protocol::automerge::{ActorId, Automerge, Change};
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::record::{self, RecordKind};
use lru::LruCache;
use rusqlite::{Connection, OptionalExtension, params};

use crate::env::Env;
use crate::error::{ClientError, Result};

/// Documents kept in memory; a job takes about 200 kB loaded.
const LOADED_MAX: NonZeroUsize = NonZeroUsize::new(24).unwrap();
/// Confirmed change rows of one record after which they are folded into its base.
const FOLD_FROM_ROWS: i64 = 100;

/// A loaded record.
pub(crate) struct Document {
    pub(crate) kind: RecordKind,
    pub(crate) doc: Automerge,
}

/// The loaded records.
pub(crate) struct Documents {
    loaded: LruCache<RecordId, Document>,
}

impl Default for Documents {
    fn default() -> Self {
        Self { loaded: LruCache::new(LOADED_MAX) }
    }
}

impl Documents {
    /// The document of a record this phone has.
    pub(crate) fn get(&mut self, sql: &Connection, record: RecordId) -> Result<&mut Document> {
        if !self.loaded.contains(&record) {
            let document = load(sql, record)?.ok_or(ClientError::new("not-found"))?;
            self.loaded.put(record, document);
        }
        self.loaded.get_mut(&record).ok_or(ClientError::new("not-found"))
    }

    /// Starts a new record.
    pub(crate) fn create(
        &mut self,
        sql: &Connection,
        record: RecordId,
        kind: RecordKind,
        env: &mut Env<'_>,
    ) -> Result<&mut Document> {
        let actor = ActorId::from(env.bytes::<16>());
        insert_record(sql, record, kind, &actor, None)?;
        Ok(self.loaded.get_or_insert_mut(record, || Document { kind, doc: record::empty(actor) }))
    }

    /// Forgets one document, because its rows changed or a transaction failed.
    pub(crate) fn forget(&mut self, record: RecordId) {
        self.loaded.pop(&record);
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.loaded.clear();
    }
}

/// Whether the phone has this record.
pub(crate) fn exists(sql: &Connection, record: RecordId) -> Result<bool> {
    Ok(sql.prepare_cached("select 1 from records where record = ?")?.exists([record.as_bytes()])?)
}

/// Whether the server said that this record is no longer ours: it only waits to be removed.
pub(crate) fn has_left(sql: &Connection, record: RecordId) -> Result<bool> {
    Ok(sql
        .prepare_cached("select 1 from records where record = ? and left_scope = 1")?
        .exists([record.as_bytes()])?)
}

/// Reads base and changes into a document.
fn load(sql: &Connection, record: RecordId) -> Result<Option<Document>> {
    type Row = (String, Vec<u8>, Option<Vec<u8>>);
    let row: Option<Row> = sql
        .prepare_cached("select kind, actor, base from records where record = ?")?
        .query_row([record.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((kind, actor, base)) = row else { return Ok(None) };
    let kind = RecordKind::parse(&kind).ok_or(ClientError::new("record-damaged"))?;
    let actor = ActorId::from(actor);
    let mut doc = match base {
        Some(base) => record::load(&base, actor)?,
        None => record::empty(actor),
    };
    let mut statement =
        sql.prepare_cached("select bytes from changes where record = ? order by id")?;
    let changes = statement
        .query_map([record.as_bytes()], |row| row.get(0))?
        .map(|bytes| parse_change(bytes?))
        .collect::<Result<Vec<_>>>()?;
    doc.apply_changes(changes)?;
    Ok(Some(Document { kind, doc }))
}

/// Reads a change chunk.
pub(crate) fn parse_change(bytes: Vec<u8>) -> Result<Change> {
    Change::from_bytes(bytes).map_err(|error| ClientError::with_detail("record-damaged", &error))
}

fn insert_record(
    sql: &Connection,
    record: RecordId,
    kind: RecordKind,
    actor: &ActorId,
    base: Option<&[u8]>,
) -> Result<()> {
    sql.prepare_cached("insert into records (record, kind, actor, base) values (?, ?, ?, ?)")?
        .execute(params![record.as_bytes(), kind.as_str(), actor.to_bytes(), base])?;
    Ok(())
}

/// Adds a change row and returns its id; a change that is already there keeps its state.
pub(crate) fn append(
    sql: &Connection,
    record: RecordId,
    hash: ChangeHash,
    bytes: &[u8],
    state: &str,
) -> Result<i64> {
    sql.prepare_cached(
        "insert or ignore into changes (record, hash, bytes, state) values (?, ?, ?, ?)",
    )?
    .execute(params![record.as_bytes(), hash.0, bytes, state])?;
    Ok(sql.last_insert_rowid())
}

/// Stores a whole record from the server. Changes of our own that the snapshot does not contain
/// stay, and so does our actor.
pub(crate) fn store_snapshot(
    sql: &Connection,
    record: RecordId,
    kind: RecordKind,
    bytes: &[u8],
    env: &mut Env<'_>,
) -> Result<()> {
    let fresh = ActorId::from(env.bytes::<16>());
    if !exists(sql, record)? {
        return insert_record(sql, record, kind, &fresh, Some(bytes));
    }
    let doc = record::load(bytes, fresh)?;
    let mut statement = sql.prepare_cached("select hash from changes where record = ?")?;
    let hashes = statement
        .query_map([record.as_bytes()], |row| row.get(0))?
        .collect::<std::result::Result<Vec<Vec<u8>>, _>>()?;
    for hash in hashes.iter().filter_map(|hash| ChangeHash::from_bytes(hash).ok()) {
        if doc.get_change_meta_by_hash(&hash.into()).is_some() {
            sql.prepare_cached("delete from changes where record = ? and hash = ?")?
                .execute(params![record.as_bytes(), hash.0])?;
        }
    }
    sql.prepare_cached("update records set base = ?, left_scope = 0 where record = ?")?
        .execute(params![bytes, record.as_bytes()])?;
    Ok(())
}

/// Gives this phone a new actor in a record, so that nothing it writes from now on can clash
/// with what it wrote before.
pub(crate) fn renew_actor(sql: &Connection, record: RecordId, env: &mut Env<'_>) -> Result<()> {
    let actor = ActorId::from(env.bytes::<16>());
    sql.prepare_cached("update records set actor = ? where record = ?")?
        .execute(params![actor.to_bytes(), record.as_bytes()])?;
    Ok(())
}

/// Folds many confirmed rows into the base, so that opening the record stays quick.
pub(crate) fn fold(sql: &Connection, record: RecordId, doc: &Automerge) -> Result<()> {
    let (rows, pending): (i64, i64) = sql
        .prepare_cached(
            "select count(*), coalesce(sum(state <> 'confirmed'), 0) from changes where record = ?",
        )?
        .query_row([record.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if rows < FOLD_FROM_ROWS || pending > 0 {
        return Ok(());
    }
    sql.prepare_cached("update records set base = ? where record = ?")?
        .execute(params![doc.save_nocompress(), record.as_bytes()])?;
    sql.prepare_cached("delete from changes where record = ?")?.execute([record.as_bytes()])?;
    Ok(())
}

/// Removes a record that is no longer ours to see.
pub(crate) fn remove(sql: &Connection, record: RecordId) -> Result<()> {
    for delete in [
        "delete from job_search where rowid = (select id from jobs where record = ?)",
        "delete from jobs where record = ?",
        "delete from dossiers where record = ?",
        "delete from authors where record = ?",
        "delete from changes where record = ?",
        "delete from records where record = ?",
    ] {
        sql.prepare_cached(delete)?.execute([record.as_bytes()])?;
    }
    Ok(())
}
