//! The version of each record that the server is known to have: its heads, kept beside the rows,
//! and the server's word on it.
//!
//! Only confirmed changes count. What is unsent, held or lost is somebody's work, but not yet (or
//! no longer) what both sides hold, and a digest over it would never agree.

use std::collections::{BTreeMap, BTreeSet};

use docket_protocol::automerge::Automerge;
use docket_protocol::change::ChangeHead;
use docket_protocol::digest;
use docket_protocol::ids::{ChangeHash, RecordId, TenantId};
use docket_protocol::planted;
use docket_protocol::wire::RecordHeads;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;
use crate::store::documents::{self, Documents};

/// The heads of one record; none while nothing of it is confirmed.
pub(crate) fn heads(sql: &Connection, record: RecordId) -> Result<Vec<ChangeHash>> {
    let heads: Option<Vec<u8>> = sql
        .prepare_cached("select heads from records where record = ?")?
        .query_row([record.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(heads.map(|heads| split(&heads)).unwrap_or_default())
}

/// Changes are about to become confirmed, in their order; does nothing for those that are already.
/// Their parents are confirmed before them, because the log never holds a change without them.
pub(crate) fn add(sql: &Connection, record: RecordId, taken: &[ChangeHead]) -> Result<()> {
    let mut is_new = sql.prepare_cached(
        "select 1 from changes where record = ? and hash = ? and state <> 'confirmed'",
    )?;
    let mut heads: BTreeSet<_> = heads(sql, record)?.into_iter().collect();
    for head in taken {
        if is_new.exists(params![record.as_bytes(), head.hash.0])? {
            for dep in &head.deps {
                heads.remove(dep);
            }
            heads.insert(head.hash);
        }
    }
    set(sql, record, &heads)
}

/// Whether the server has ever had this record, as far as this phone knows.
pub(crate) fn is_any(sql: &Connection, record: RecordId) -> Result<bool> {
    Ok(!heads(sql, record)?.is_empty())
}

/// Reads the heads anew from the loaded document, which also holds what is not confirmed.
pub(crate) fn refresh(sql: &Connection, record: RecordId, doc: &Automerge) -> Result<()> {
    let mut waiting = waiting(sql, record)?;
    if planted::is("digest-over-pending") {
        waiting.clear();
    }
    if waiting.is_empty() {
        return set(sql, record, &doc.get_heads().into_iter().map(ChangeHash::from).collect());
    }
    let mut heads = BTreeSet::new();
    let mut parents = BTreeSet::new();
    for change in doc.get_changes_meta(&[]) {
        if !waiting.contains(&change.hash.into()) {
            heads.insert(ChangeHash::from(change.hash));
            parents.extend(change.deps.iter().map(|dep| ChangeHash::from(*dep)));
        }
    }
    set(sql, record, &heads.difference(&parents).copied().collect())
}

/// Reads the heads of every record of a store that did not keep them.
pub(super) fn begin(sql: &Connection) -> Result<()> {
    let mut documents = Documents::default();
    for record in documents::all(sql)? {
        // One that cannot be read has no heads, and comes whole with the next comparison.
        if let Ok(document) = documents.get(sql, record) {
            refresh(sql, record, &document.doc)?;
            documents.forget(record);
        }
    }
    Ok(())
}

/// A whole record has come of which nothing else is here.
pub(crate) fn begin_at(sql: &Connection, record: RecordId, heads: &[ChangeHash]) -> Result<()> {
    set(sql, record, &heads.iter().copied().collect())
}

/// Nothing of this record is confirmed any more.
pub(crate) fn clear(sql: &Connection, record: RecordId) -> Result<()> {
    set(sql, record, &BTreeSet::new())
}

fn set(sql: &Connection, record: RecordId, heads: &BTreeSet<ChangeHash>) -> Result<()> {
    let bytes: Vec<u8> = heads.iter().flat_map(|head| head.0).collect();
    sql.prepare_cached("update records set heads = ? where record = ?")?
        .execute(params![bytes, record.as_bytes()])?;
    Ok(())
}

/// Changes of a record that are not confirmed.
fn waiting(sql: &Connection, record: RecordId) -> Result<BTreeSet<ChangeHash>> {
    let mut statement =
        sql.prepare_cached("select hash from changes where record = ? and state <> 'confirmed'")?;
    let hashes = statement
        .query_map([record.as_bytes()], |row| Ok(ChangeHash(row.get(0)?)))?
        .collect::<std::result::Result<_, _>>()?;
    Ok(hashes)
}

/// Every record of which something is confirmed, those that have left included; one that cannot
/// be read is named without heads.
pub(crate) fn all(sql: &Connection) -> Result<Vec<RecordHeads>> {
    named(sql, "heads <> x'' or damaged = 1")
}

/// Whether something is confirmed of a record that has left and is still here, or here again.
pub(crate) fn has_left(sql: &Connection) -> Result<bool> {
    let query = "select 1 from records where left_scope <> 0 and heads <> x''";
    Ok(sql.prepare_cached(query)?.exists([])?)
}

fn named(sql: &Connection, which: &str) -> Result<Vec<RecordHeads>> {
    let mut statement = sql.prepare_cached(&format!(
        "select record, case damaged when 0 then heads else x'' end from records where {which}"
    ))?;
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, split(&row.get::<_, Vec<u8>>(1)?))))?;
    let mut records = Vec::new();
    for row in rows {
        let (record, heads) = row?;
        records.extend(RecordId::from_bytes(&record).map(|record| RecordHeads { record, heads }));
    }
    Ok(records)
}

/// The digest that the server should come to as well.
pub(crate) fn digest(sql: &Connection, tenant: TenantId) -> Result<[u8; 16]> {
    let records = named(sql, "left_scope = 0 and damaged = 0 and heads <> x''")?.into_iter();
    Ok(digest::sum(records.map(|held| digest::of_record(tenant, held.record, &held.heads))))
}

/// The server's word on a record as it is confirmed now. While something of it is lost, the word
/// on what was lost is worth more.
pub(crate) fn attested(sql: &Connection, record: RecordId, word: &[u8; 16]) -> Result<()> {
    sql.prepare_cached(
        "update records set attest = ?1, attest_heads = heads where record = ?2
         and not exists (select 1 from changes where record = ?2 and state = 'lost')",
    )?
    .execute(params![word, record.as_bytes()])?;
    Ok(())
}

/// The last version the server gave its word on, with that word.
pub(crate) fn proof(
    sql: &Connection,
    record: RecordId,
) -> Result<Option<(Vec<ChangeHash>, [u8; 16])>> {
    Ok(sql
        .prepare_cached(
            "select attest_heads, attest from records where record = ? and attest is not null",
        )?
        .query_row([record.as_bytes()], |row| Ok((split(&row.get::<_, Vec<u8>>(0)?), row.get(1)?)))
        .optional()?)
}

/// Everything up to a version: each change's hash with its actor.
pub(crate) fn history(doc: &Automerge, heads: &[ChangeHash]) -> BTreeMap<ChangeHash, Vec<u8>> {
    let changes = doc.get_changes_meta(&[]);
    let by_hash: BTreeMap<_, _> =
        changes.iter().map(|change| (ChangeHash::from(change.hash), change)).collect();
    let mut history = BTreeMap::new();
    let mut to_see = heads.to_vec();
    while let Some(hash) = to_see.pop() {
        let Some(change) = by_hash.get(&hash) else { continue };
        if history.insert(hash, change.actor.to_bytes().to_vec()).is_none() {
            to_see.extend(change.deps.iter().map(|dep| ChangeHash::from(*dep)));
        }
    }
    history
}

fn split(heads: &[u8]) -> Vec<ChangeHash> {
    heads.chunks_exact(32).filter_map(|head| ChangeHash::from_bytes(head).ok()).collect()
}
