//! Records as Automerge documents: loaded from their rows, kept in memory while in use.
//!
//! The rows are the truth; a document that does not follow from them (an edit whose
//! transaction failed) is forgotten and read again. Every byte is checked on its way in: rows
//! against their hashes, the base against its digest, and the whole for missing parents.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use docket_protocol::automerge::{self, ActorId, Automerge, Change, ReadDoc};
use docket_protocol::change::read_head;
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::limits::ACTOR_BYTES;
use docket_protocol::planted;
use docket_protocol::record::conflict::{Conflict, conflicts};
use docket_protocol::record::job::JobContent;
use docket_protocol::record::{self, RecordKind, read};
use docket_protocol::signoff::hex_digest;
use lru::LruCache;
use rusqlite::{Connection, OptionalExtension, params};

use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::store::{lost, quarantine};

/// The code of a record whose stored bytes do not add up.
pub(crate) const DAMAGED: &str = "record-damaged";
/// Documents kept in memory; a job takes about 200 kB loaded.
const LOADED_MAX: NonZeroUsize = NonZeroUsize::new(24).unwrap();
/// Confirmed change rows of one record after which they are folded into its base.
const FOLD_FROM_ROWS: i64 = 100;

/// A loaded record.
pub(crate) struct Document {
    pub(crate) kind: RecordKind,
    pub(crate) doc: Automerge,
    job: Option<JobReading>,
}

/// What was read of a job.
pub(crate) struct JobReading {
    /// As of which heads.
    heads: Vec<automerge::ChangeHash>,
    pub(crate) content: JobContent,
    pub(crate) conflicts: Vec<Conflict>,
}

impl Document {
    fn new(kind: RecordKind, doc: Automerge) -> Self {
        Self { kind, doc, job: None }
    }

    /// The job in it, read once for as long as it stays as it is: an edit asks for its row in the
    /// list, for its page, and for the page again.
    pub(crate) fn job(&mut self) -> (&Automerge, &JobReading) {
        let heads = self.doc.get_heads();
        let read = self.job.take().filter(|read| read.heads == heads);
        let read = read.unwrap_or_else(|| JobReading {
            heads,
            content: JobContent::from_json(read::content(&self.doc, RecordKind::Job)),
            conflicts: conflicts(&self.doc, RecordKind::Job),
        });
        (&self.doc, self.job.insert(read))
    }
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
    /// The document of a record this phone has. One that is damaged is set aside.
    pub(crate) fn get(&mut self, sql: &Connection, record: RecordId) -> Result<&mut Document> {
        if !self.loaded.contains(&record) {
            let document = load(sql, record).inspect_err(|error| {
                if error.code == DAMAGED {
                    // If even this cannot be written, the next reading says the same again.
                    drop(quarantine::set_aside(sql, record));
                }
            })?;
            self.loaded.put(record, document.ok_or(ClientError::new("not-found"))?);
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
        Ok(self.loaded.get_or_insert_mut(record, || Document::new(kind, record::empty(actor))))
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

/// Makes room for a record that comes by hand: from now on it is here, whether or not the server
/// shows it to us. One that had left is back.
pub(crate) fn come_by_hand(
    sql: &Connection,
    record: RecordId,
    kind: RecordKind,
    env: &mut Env<'_>,
) -> Result<()> {
    if exists(sql, record)? {
        sql.prepare_cached(
            "update records set left_scope = 2 where record = ? and left_scope = 1",
        )?
        .execute([record.as_bytes()])?;
        return Ok(());
    }
    insert_record(sql, record, kind, &ActorId::from(env.bytes::<16>()), None)?;
    sql.prepare_cached("update records set left_scope = 2 where record = ?")?
        .execute([record.as_bytes()])?;
    Ok(())
}

/// Reads base and changes into a document, if every byte of them is as it was stored.
pub(crate) fn load(sql: &Connection, record: RecordId) -> Result<Option<Document>> {
    let Some(stored) = stored(sql, record)? else { return Ok(None) };
    let kind = RecordKind::parse(&stored.kind).ok_or(ClientError::new(DAMAGED))?;
    let actor = ActorId::from(stored.actor);
    let mut doc = match stored.base {
        Some(base) if stored.base_digest == hex_digest(&base) => record::load(&base, actor)?,
        Some(_) => return Err(ClientError::with_detail(DAMAGED, &"base")),
        None => record::empty(actor),
    };
    let mut statement = sql.prepare_cached(
        "select hash, bytes from changes where record = ? and state <> 'aside' order by id",
    )?;
    let changes = statement
        .query_map([record.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?
        .map(|row| {
            let (hash, bytes): (Vec<u8>, Vec<u8>) = row?;
            parse_change(&hash, bytes)
        })
        .collect::<Result<Vec<_>>>()?;
    doc.apply_changes(changes)?;
    // Automerge keeps changes without parents back and says nothing.
    if stored.damaged || !doc.get_missing_deps(&[]).is_empty() {
        return Err(ClientError::with_detail(DAMAGED, &"parents"));
    }
    Ok(Some(Document::new(kind, doc)))
}

struct Stored {
    kind: String,
    actor: Vec<u8>,
    base: Option<Vec<u8>>,
    base_digest: String,
    damaged: bool,
}

fn stored(sql: &Connection, record: RecordId) -> Result<Option<Stored>> {
    let stored = sql
        .prepare_cached(
            "select kind, actor, base, coalesce(base_digest, ''), damaged from records
             where record = ?",
        )?
        .query_row([record.as_bytes()], |row| {
            Ok(Stored {
                kind: row.get(0)?,
                actor: row.get(1)?,
                base: row.get(2)?,
                base_digest: row.get(3)?,
                damaged: row.get(4)?,
            })
        })
        .optional()?;
    Ok(stored)
}

fn parse_change(hash: &[u8], bytes: Vec<u8>) -> Result<Change> {
    if !quarantine::is_whole(hash, &bytes) {
        return Err(ClientError::with_detail(DAMAGED, &"change"));
    }
    Change::from_bytes(bytes).map_err(|error| ClientError::with_detail(DAMAGED, &error))
}

fn insert_record(
    sql: &Connection,
    record: RecordId,
    kind: RecordKind,
    actor: &ActorId,
    base: Option<&[u8]>,
) -> Result<()> {
    sql.prepare_cached(
        "insert into records (record, kind, actor, base, base_digest) values (?, ?, ?, ?, ?)",
    )?
    .execute(params![
        record.as_bytes(),
        kind.as_str(),
        actor.to_bytes(),
        base,
        base.map(hex_digest)
    ])?;
    Ok(())
}

fn replace_base(sql: &Connection, record: RecordId, base: &[u8]) -> Result<()> {
    sql.prepare_cached("update records set base = ?, base_digest = ? where record = ?")?
        .execute(params![base, hex_digest(base), record.as_bytes()])?;
    Ok(())
}

/// Gives bases of schema version 1 their digests.
pub(super) fn seal_bases(sql: &Connection) -> Result<()> {
    let mut statement = sql.prepare("select record, base from records where base is not null")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (record, base): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        sql.prepare_cached("update records set base_digest = ? where record = ?")?
            .execute(params![hex_digest(&base), record])?;
    }
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

/// The saved document that a record's change rows continue; none when it is damaged.
pub(crate) fn base(sql: &Connection, record: RecordId) -> Result<Option<Automerge>> {
    let Some(stored) = stored(sql, record)? else { return Ok(None) };
    let base = stored.base.filter(|base| stored.base_digest == hex_digest(base));
    let nobody = ActorId::from([0; 16]);
    Ok(base.and_then(|base| record::load(&base, nobody).ok()))
}

/// Forgets the base; its changes are rows now.
pub(crate) fn drop_base(sql: &Connection, record: RecordId) -> Result<()> {
    sql.prepare_cached("update records set base = null where record = ?")?
        .execute([record.as_bytes()])?;
    Ok(())
}

/// Every record on this phone.
pub(crate) fn all(sql: &Connection) -> Result<Vec<RecordId>> {
    let mut statement = sql.prepare_cached("select record from records")?;
    let records = statement
        .query_map([], |row| row.get(0))?
        .collect::<std::result::Result<Vec<Vec<u8>>, _>>()?;
    Ok(records.iter().filter_map(|record| RecordId::from_bytes(record).ok()).collect())
}

/// The last number that each actor has used in what is confirmed of a record.
pub(crate) fn confirmed_places(
    sql: &Connection,
    record: RecordId,
) -> Result<BTreeMap<[u8; ACTOR_BYTES], u64>> {
    let mut places = BTreeMap::new();
    let mut note = |actor: &[u8], seq: u64| {
        if let Ok(actor) = actor.try_into() {
            let last = places.entry(actor).or_insert(0);
            *last = seq.max(*last);
        }
    };
    if let Some(base) = base(sql, record)? {
        let changes = base.get_changes_meta(&[]);
        changes.iter().for_each(|change| note(change.actor.to_bytes(), change.seq));
    }
    let mut statement =
        sql.prepare_cached("select bytes from changes where record = ? and state = 'confirmed'")?;
    let mut rows = statement.query([record.as_bytes()])?;
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(0)?;
        // A damaged row shows when the record is loaded.
        if let Ok(head) = read_head(&bytes) {
            note(&head.actor, head.actor_seq);
        }
    }
    Ok(places)
}

/// Stores a whole record from the server. Changes that the snapshot does not contain stay, those
/// that had been confirmed as lost ones, and so does our actor.
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
    lost::keep(sql, record, &doc)?;
    let mut statement = sql.prepare_cached("select hash from changes where record = ?")?;
    let hashes = statement
        .query_map([record.as_bytes()], |row| row.get(0))?
        .collect::<std::result::Result<Vec<Vec<u8>>, _>>()?;
    for hash in hashes.iter().filter_map(|hash| ChangeHash::from_bytes(hash).ok()) {
        let known = doc.get_change_meta_by_hash(&hash.into()).is_some();
        if known || planted::is("snapshot-over-own") {
            sql.prepare_cached("delete from changes where record = ? and hash = ?")?
                .execute(params![record.as_bytes(), hash.0])?;
        }
    }
    sql.prepare_cached("update records set kind = ?, left_scope = 0 where record = ?")?
        .execute(params![kind.as_str(), record.as_bytes()])?;
    replace_base(sql, record, bytes)
}

/// Gives this phone a new actor in a record, so that nothing it writes from now on can clash
/// with what it wrote before.
pub(crate) fn renew_actor(sql: &Connection, record: RecordId, env: &mut Env<'_>) -> Result<()> {
    if planted::is("actor-reused") {
        return Ok(());
    }
    let actor = ActorId::from(env.bytes::<16>());
    sql.prepare_cached("update records set actor = ? where record = ?")?
        .execute(params![actor.to_bytes(), record.as_bytes()])?;
    Ok(())
}

/// Folds many confirmed rows into the base, so that opening the record stays quick. The rows go
/// only if the base alone reads back as the same document.
pub(crate) fn fold(sql: &Connection, record: RecordId, doc: &Automerge) -> Result<()> {
    let (rows, pending): (i64, i64) = sql
        .prepare_cached(
            "select count(*), coalesce(sum(state <> 'confirmed'), 0) from changes where record = ?",
        )?
        .query_row([record.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if rows < FOLD_FROM_ROWS || pending > 0 {
        return Ok(());
    }
    let base = doc.save_nocompress();
    if record::load(&base, doc.get_actor().clone())?.get_heads() != doc.get_heads() {
        return Ok(());
    }
    replace_base(sql, record, &base)?;
    sql.prepare_cached("delete from changes where record = ?")?.execute([record.as_bytes()])?;
    Ok(())
}

/// Removes a record that is no longer ours to see.
pub(crate) fn remove(sql: &Connection, record: RecordId) -> Result<()> {
    for delete in [
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
