//! In: records that became visible, changes of known ones, records that left.

use std::collections::{BTreeMap, BTreeSet};

use docket_protocol::change::read_head;
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::planted;
use docket_protocol::record::RecordKind;
use docket_protocol::wire::{ActorAuthor, Item, SyncResponse};
use rusqlite::{Connection, params};

use crate::conflicts::{Arrived, note_overruled};
use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::store::documents::{self, DAMAGED, Documents};
use crate::store::{authors, confirmed, lists, quarantine};
use crate::sync::{decided, fork, mend};
use crate::view::Person;

/// Stores the items of an answer and brings the list rows up to date. Records of which it gets
/// changes without having them are left to a comparison of everything.
pub(super) fn store(
    sql: &Connection,
    me: &Person,
    response: &SyncResponse,
    env: &mut Env<'_>,
) -> Result<()> {
    let (mut touched, mut new) = (BTreeMap::new(), BTreeSet::new());
    let mut damaged = BTreeSet::new();
    for item in &response.items {
        match item {
            Item::Enter(snapshot) => {
                let (record, kind) = (snapshot.record, snapshot.kind);
                // A record that is new here holds no value this phone could have lost.
                let mut arrived = Arrived::Whole;
                if !documents::exists(sql, record)? {
                    arrived = Arrived::Changes(Vec::new());
                    new.insert(record);
                } else if quarantine::is_set_aside(sql, record)? {
                    damaged.insert(record);
                }
                documents::store_snapshot(sql, record, kind, &snapshot.document, env)?;
                remember_authors(sql, record, &snapshot.authors)?;
                touched.insert(record, arrived);
            }
            Item::Changes(changes) if documents::exists(sql, changes.record)? => {
                let arrived =
                    touched.entry(changes.record).or_insert_with(|| Arrived::Changes(Vec::new()));
                for bytes in &changes.changes {
                    let hash = store_change(sql, changes.record, bytes)?;
                    if let Arrived::Changes(hashes) = arrived {
                        hashes.push(hash);
                    }
                }
                remember_authors(sql, changes.record, &changes.authors)?;
            }
            // Its whole never arrived, or was lost: the digest will show it.
            Item::Changes(_) => {}
            Item::Leave(record) => {
                sql.prepare_cached("update records set left_scope = 1 where record = ?")?
                    .execute([record.as_bytes()])?;
                touched.remove(record);
            }
            // After everything else, so that accepted work is in its record by then.
            Item::Decided { .. } => {}
        }
    }
    for record in damaged {
        mend::onto_copy(sql, me, record, env)?;
    }
    decided::store(sql, me, &response.items, env)?;
    remove_left(sql)?;
    if !response.more {
        // The office has told all it knows.
        mend::only_here(sql, me, env)?;
    }
    bring_up_to_date(sql, me, touched, &new, env)
}

/// Lists, news and folded rows of the records that have changed.
fn bring_up_to_date(
    sql: &Connection,
    me: &Person,
    touched: BTreeMap<RecordId, Arrived>,
    new: &BTreeSet<RecordId>,
    env: &mut Env<'_>,
) -> Result<()> {
    let mut documents = Documents::default();
    for (record, arrived) in touched {
        fork::resolve(sql, me, record, env)?;
        let document = match documents.get(sql, record) {
            Err(error) if error.code == DAMAGED && new.contains(&record) => {
                return Err(ClientError::with_detail("answer-damaged", &error));
            }
            // Set aside, to be asked for; the others are no worse for it.
            Err(error) if error.code == DAMAGED => continue,
            document => document?,
        };
        lists::project(sql, record, document.kind, &document.doc, Some(me.id), env.now)?;
        confirmed::refresh(sql, record, &document.doc)?;
        if document.kind == RecordKind::Job {
            note_overruled(sql, record, me.id, &document.doc, &arrived)?;
        }
        documents::fold(sql, record, &document.doc)?;
        documents.forget(record);
    }
    Ok(())
}

/// Keeps the server's word on the records of an answer that is stored, those in which only this
/// phone wrote included. Only for an answer after which both sides may agree.
pub(super) fn attest(sql: &Connection, response: &SyncResponse) -> Result<()> {
    let written = response.verdicts.iter().chain(&response.handed_back);
    let written = written.map(|answer| (answer.record, answer.attest));
    let came = response.items.iter().filter_map(|item| match item {
        Item::Enter(entered) => Some((entered.record, entered.attest)),
        Item::Changes(changes) => Some((changes.record, changes.attest)),
        Item::Leave(_) | Item::Decided { .. } => None,
    });
    for (record, word) in written.chain(came) {
        if let Some(word) = word {
            confirmed::attested(sql, record, &word)?;
        }
    }
    Ok(())
}

fn store_change(sql: &Connection, record: RecordId, bytes: &[u8]) -> Result<ChangeHash> {
    let head =
        read_head(bytes).map_err(|error| ClientError::with_detail("answer-damaged", &error))?;
    documents::append(sql, record, head.hash, bytes, "confirmed")?;
    sql.prepare_cached(
        "update changes set state = 'confirmed' where record = ? and hash = ?
         and state <> 'confirmed'",
    )?
    .execute(params![record.as_bytes(), head.hash.0])?;
    Ok(head.hash)
}

fn remember_authors(sql: &Connection, record: RecordId, written: &[ActorAuthor]) -> Result<()> {
    written.iter().try_for_each(|author| authors::remember(sql, record, author))
}

/// A record that left goes only when nothing of ours in it still waits for a verdict.
fn remove_left(sql: &Connection) -> Result<()> {
    let mut statement = sql.prepare_cached(
        "select record from records r where left_scope = 1 and not exists
            (select 1 from changes c where c.record = r.record
                and c.state in ('unsent', 'lost', 'aside') and ?)",
    )?;
    let left = statement
        .query_map([!planted::is("leave-before-verdict")], |row| row.get(0))?
        .collect::<std::result::Result<Vec<Vec<u8>>, _>>()?;
    for record in left.iter().filter_map(|record| RecordId::from_bytes(record).ok()) {
        documents::remove(sql, record)?;
    }
    Ok(())
}
