//! Changes that were confirmed and that a restored server has lost: kept until it has them again.
//!
//! They stay part of their record and count as work that is only on this phone. When the server
//! sends a record that lacks some of what was confirmed, [`keep`] saves it from being overwritten;
//! when the server does not know a record at all, [`all_of`] says that everything is lost.

use docket_protocol::automerge::{ActorId, Automerge};
use docket_protocol::change::read_head;
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::limits::PUSH_BYTES_TARGET;
use docket_protocol::record;
use docket_protocol::wire::{ActorAuthor, HandBack};
use rusqlite::{Connection, OptionalExtension, params};

use super::documents::{self, Documents};
use super::{authors, confirmed};
use crate::error::{ClientError, Result};

/// Of a record that is about to be replaced by `whole`: what was confirmed and is not in it.
pub(crate) fn keep(sql: &Connection, record: RecordId, whole: &Automerge) -> Result<()> {
    if let Some(base) = documents::base(sql, record)? {
        for change in base.get_changes(&[]) {
            if whole.get_change_meta_by_hash(&change.hash()).is_none() {
                let hash = change.hash().into();
                documents::append(sql, record, hash, change.raw_bytes(), "lost")?;
            }
        }
    }
    // What the whole record has is taken from the rows by the caller; the rest was lost.
    sql.prepare_cached(
        "update changes set state = 'lost' where record = ? and state = 'confirmed'",
    )?
    .execute([record.as_bytes()])?;
    Ok(())
}

/// The server knows nothing of this record any more.
pub(crate) fn all_of(sql: &Connection, record: RecordId) -> Result<()> {
    let nothing = record::empty(ActorId::from([0; 16]));
    keep(sql, record, &nothing)?;
    documents::drop_base(sql, record)?;
    confirmed::clear(sql, record)
}

/// What was handed back and then held is offered once more; other held work keeps what it meant
/// ([`super::held`]).
pub(crate) fn held_work(sql: &Connection) -> Result<()> {
    sql.execute(
        "update changes set state = 'lost' where state = 'held' and not exists
            (select 1 from held h where h.record = changes.record and h.hash = changes.hash)",
        [],
    )?;
    Ok(())
}

/// What is to be handed back now: whole records, because a part of a history proves nothing.
pub(crate) fn batch(sql: &Connection) -> Result<Vec<HandBack>> {
    let mut statement = sql.prepare_cached(
        "select distinct record from changes where state in ('lost', 'aside') order by record",
    )?;
    let records = statement
        .query_map([], |row| row.get(0))?
        .collect::<std::result::Result<Vec<Vec<u8>>, _>>()?;
    let mut documents = Documents::default();
    let (mut batch, mut bytes) = (Vec::new(), 0);
    for record in records.iter().filter_map(|record| RecordId::from_bytes(record).ok()) {
        if bytes > PUSH_BYTES_TARGET {
            break;
        }
        // A record that cannot be read is asked for whole first.
        let Ok(document) = documents.get(sql, record) else { continue };
        let back = hand_back(sql, record, &document.doc)?;
        bytes += back.changes.iter().map(|change| change.len()).sum::<usize>();
        batch.push(back);
        documents.forget(record);
    }
    Ok(batch)
}

fn hand_back(sql: &Connection, record: RecordId, doc: &Automerge) -> Result<HandBack> {
    let (mut lost, mut aside) = (Vec::new(), Vec::new());
    let mut statement = sql.prepare_cached(
        "select hash, bytes, state from changes where record = ? and state in ('lost', 'aside')",
    )?;
    let mut rows = statement.query([record.as_bytes()])?;
    while let Some(row) = rows.next()? {
        let state: String = row.get(2)?;
        match state.as_str() {
            "lost" => lost.push(ChangeHash(row.get(0)?)),
            _ => aside.push(row.get::<_, Vec<u8>>(1)?),
        }
    }
    // The document gives them in an order in which each follows what it depends on.
    let changes = doc.get_changes(&[]);
    let lost = changes.iter().filter(|change| lost.contains(&change.hash().into()));
    let lost = lost.map(|change| change.raw_bytes().to_vec());
    let (heads, attest) = match confirmed::proof(sql, record)? {
        Some((heads, word)) => (heads, Some(word)),
        None => (Vec::new(), None),
    };
    let history = confirmed::history(doc, &heads);
    let known: Vec<ActorAuthor> = authors::of(sql, record)?;
    let wrote = |author: &ActorAuthor| history.values().any(|actor| *actor == *author.actor);
    let authors = match attest {
        Some(_) => known.into_iter().filter(wrote).collect(),
        None => known,
    };
    let changes = lost.chain(aside).map(Into::into).collect();
    Ok(HandBack { record, changes, heads, authors, attest })
}

/// Whether anything waits to be handed back.
pub(crate) fn is_any(sql: &Connection) -> Result<bool> {
    Ok(sql.prepare_cached("select 1 from changes where state in ('lost', 'aside')")?.exists([])?)
}

/// The server has a change again.
pub(crate) fn returned(sql: &Connection, record: RecordId, bytes: &[u8]) -> Result<()> {
    let head = read_head(bytes).map_err(|_| ClientError::new("record-damaged"))?;
    forget_aside(sql, record, head.hash)?;
    confirmed::add(sql, record, std::slice::from_ref(&head))?;
    set_state(sql, record, head.hash, "confirmed")
}

/// The office has let a change in that waited for a decision; nothing when it does not wait here.
pub(crate) fn accepted(sql: &Connection, record: RecordId, hash: ChangeHash) -> Result<()> {
    let waits = "select bytes from changes where record = ? and hash = ? and state = 'held'";
    let waits: Option<Vec<u8>> = sql
        .prepare_cached(waits)?
        .query_row(params![record.as_bytes(), hash.0], |row| row.get(0))
        .optional()?;
    waits.map_or(Ok(()), |bytes| returned(sql, record, &bytes))
}

/// The server keeps a change for a decision.
pub(crate) fn held(sql: &Connection, record: RecordId, bytes: &[u8]) -> Result<()> {
    let head = read_head(bytes).map_err(|_| ClientError::new("record-damaged"))?;
    forget_aside(sql, record, head.hash)?;
    set_state(sql, record, head.hash, "held")
}

fn set_state(sql: &Connection, record: RecordId, hash: ChangeHash, state: &str) -> Result<()> {
    sql.prepare_cached("update changes set state = ? where record = ? and hash = ?")?
        .execute(params![state, record.as_bytes(), hash.0])?;
    Ok(())
}

/// What could not be part of the record is the office's now.
fn forget_aside(sql: &Connection, record: RecordId, hash: ChangeHash) -> Result<()> {
    sql.prepare_cached("delete from changes where record = ? and hash = ? and state = 'aside'")?
        .execute(params![record.as_bytes(), hash.0])?;
    Ok(())
}
