//! In: records that became visible, changes of known ones, records that left.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use docket_protocol::change::{ChangeHead, read_head};
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::planted;
use docket_protocol::record::RecordKind;
use docket_protocol::record::glance::{Glance, glance};
use docket_protocol::wire::{ActorAuthor, Item, RecordChanges, RecordSnapshot, SyncResponse};
use rusqlite::{Connection, params};

use crate::conflicts::{Arrived, note_overruled};
use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::store::documents::{self, DAMAGED, Documents};
use crate::store::{authors, carried, confirmed, lists, outbox, overruled, parcels, quarantine};
use crate::sync::{by_hand, decided, fork, mend, reconcile};
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
    let (mut damaged, mut whole) = (BTreeSet::new(), BTreeSet::new());
    let behind = changes_by_record(response);
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
                let snapshot = joined(snapshot, behind.get(&record));
                documents::store_snapshot(sql, record, kind, &snapshot.document, env)?;
                remember_authors(sql, record, &snapshot.authors)?;
                if !(new.contains(&record) && list_at_a_glance(sql, me, &snapshot, env.now)?) {
                    touched.insert(record, arrived);
                }
                whole.insert(record);
            }
            // They stand in the record that has entered.
            Item::Changes(changes) if whole.contains(&changes.record) => {}
            Item::Changes(changes) if attach(sql, changes)? => {
                let arrived =
                    touched.entry(changes.record).or_insert_with(|| Arrived::Changes(Vec::new()));
                store_changes(sql, changes, arrived)?;
            }
            // What they stand on never arrived, or was lost: the digest will show it.
            Item::Changes(_) => {}
            // What was taken over by hand is ours until the office has judged that.
            Item::Leave(record) if parcels::hands_over(sql, *record)? => {
                carried::stay(sql, *record)?;
                touched.remove(record);
            }
            Item::Leave(record) => {
                set_left(sql, *record, true)?;
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
    if !response.rewound && !reconcile::is_wanted(sql)? {
        remove_left(sql)?;
    }
    if !response.more {
        // The office has told all it knows.
        mend::only_here(sql, me, env)?;
    }
    bring_up_to_date(sql, me, touched, &new, env)
}

/// The changes of an answer; a record has one such item at most.
fn changes_by_record(response: &SyncResponse) -> BTreeMap<RecordId, &RecordChanges> {
    let changes = response.items.iter().filter_map(|item| match item {
        Item::Changes(changes) => Some((changes.record, changes)),
        _ => None,
    });
    changes.collect()
}

/// A record that enters, with what follows on it in the same answer: it loads like any document.
fn joined<'a>(
    snapshot: &'a RecordSnapshot,
    behind: Option<&&RecordChanges>,
) -> Cow<'a, RecordSnapshot> {
    let mut whole = Cow::Borrowed(snapshot);
    if let Some(behind) = behind {
        let RecordSnapshot { document, authors, .. } = whole.to_mut();
        behind.changes.iter().for_each(|change| document.extend_from_slice(change));
        authors.extend_from_slice(&behind.authors);
    }
    whole
}

/// Lists a record that is new here from its bytes, without loading it; false where that does not
/// tell everything.
fn list_at_a_glance(
    sql: &Connection,
    me: &Person,
    snapshot: &RecordSnapshot,
    now: i64,
) -> Result<bool> {
    let record = snapshot.record;
    if !overruled::waiting(sql, record)?.is_empty() {
        return Ok(false);
    }
    let Some(Glance { heads, content }) = glance(&snapshot.document) else { return Ok(false) };
    lists::project_glance(sql, record, snapshot.kind, content, Some(me.id), now)?;
    confirmed::begin_at(sql, record, &heads)?;
    Ok(true)
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
        by_hand::make_way(sql, me, record, env)?;
        fork::resolve(sql, me, record, env)?;
        let document = match documents.get(sql, record) {
            Err(error) if error.code == DAMAGED && new.contains(&record) => {
                return Err(ClientError::with_detail("answer-damaged", &error));
            }
            // Set aside, to be asked for; the others are no worse for it.
            Err(error) if error.code == DAMAGED => continue,
            document => document?,
        };
        lists::project(sql, record, document, Some(me.id), env.now)?;
        confirmed::refresh(sql, record, &document.doc)?;
        carried::settle(sql, record)?;
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

fn store_changes(sql: &Connection, changes: &RecordChanges, arrived: &mut Arrived) -> Result<()> {
    let record = changes.record;
    for bytes in &changes.changes {
        let hash = store_change(sql, record, bytes)?;
        if let Arrived::Changes(hashes) = arrived {
            hashes.push(hash);
        }
    }
    remember_authors(sql, record, &changes.authors)?;
    // A server that was put back may have forgotten that it left.
    set_left(sql, record, false)
}

fn store_change(sql: &Connection, record: RecordId, bytes: &[u8]) -> Result<ChangeHash> {
    let head = head_of(bytes)?;
    documents::append(sql, record, head.hash, bytes, "confirmed")?;
    // One of our own comes back before its verdict when a colleague has brought it.
    outbox::settle(sql, record, head.hash, "confirmed")?;
    Ok(head.hash)
}

fn remember_authors(sql: &Connection, record: RecordId, written: &[ActorAuthor]) -> Result<()> {
    written.iter().try_for_each(|author| authors::remember(sql, record, author))
}

/// Whether these changes follow on what was here before this answer. While both sides are known to
/// differ, the pages of a server that was put back tell of changes whose parents only a comparison
/// brings, and of some in places that lost ones have here.
fn attach(sql: &Connection, changes: &RecordChanges) -> Result<bool> {
    if !documents::exists(sql, changes.record)? {
        return Ok(false);
    } else if !reconcile::is_wanted(sql)? {
        return Ok(true);
    }
    let mut documents = Documents::default();
    let known = match documents.get(sql, changes.record) {
        Err(error) if error.code == DAMAGED => return Ok(true),
        document => &document?.doc,
    };
    let is_known = |hash: &ChangeHash| known.get_change_meta_by_hash(&(*hash).into()).is_some();
    let taken = documents::confirmed_places(sql, changes.record)?;
    let mut brought = BTreeSet::new();
    for bytes in &changes.changes {
        let head = head_of(bytes)?;
        let clashes = taken.get(&head.actor).is_some_and(|last| head.actor_seq <= *last);
        let mut parents = head.deps.iter();
        let stands = parents.all(|dep| brought.contains(dep) || is_known(dep));
        if !is_known(&head.hash) && (clashes || !stands) {
            return Ok(false);
        }
        brought.insert(head.hash);
    }
    Ok(true)
}

fn head_of(bytes: &[u8]) -> Result<ChangeHead> {
    read_head(bytes).map_err(|error| ClientError::with_detail("answer-damaged", &error))
}

fn set_left(sql: &Connection, record: RecordId, left: bool) -> Result<()> {
    sql.prepare_cached("update records set left_scope = ? where record = ?")?
        .execute(params![left, record.as_bytes()])?;
    Ok(())
}

/// A record that left goes only when nothing of ours in it still waits for a verdict, and not
/// before both sides agree: it may hold what a server that was put back has lost.
pub(super) fn remove_left(sql: &Connection) -> Result<()> {
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
