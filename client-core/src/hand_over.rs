//! Two phones, no network, one job: it leaves one phone as a file, and goes on at once on the
//! other.
//!
//! The giver writes one edit (the colleague helps from now on) and keeps everything. The taker
//! gets all of the job as carried changes ([`crate::store::carried`]), and with them the giver's
//! signed batches, which go to the office before anything that is written on top of them. Whoever
//! reaches the office first: the other one's words are duplicates.

use std::collections::BTreeSet;

use data_encoding::BASE64;
use docket_protocol::automerge::{ActorId, Automerge, Change};
use docket_protocol::change::read_head;
use docket_protocol::document;
use docket_protocol::edit::{Author, Edit};
use docket_protocol::ids::{RecordId, UserId};
use docket_protocol::items;
use docket_protocol::limits::REQUEST_ITEMS_MAX;
use docket_protocol::record::path::Path;
use docket_protocol::record::{self, RecordKind, read};
use docket_protocol::wire::{self, ActorAuthor, HandOver, HandOverError, Parcel, SyncRequest};
use rusqlite::Connection;

use crate::client::Client;
use crate::editing;
use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::evacuation;
use crate::session::SignedIn;
use crate::store::documents::{self, Document};
use crate::store::{authors, carried, held, lists, outbox, parcels};
use crate::view::{HandedOver, JobView, Person};

/// Makes a colleague a helper and writes the job into a file for their phone.
pub(crate) fn give(
    client: &mut Client,
    env: &mut Env<'_>,
    record: RecordId,
    to: UserId,
) -> Result<HandedOver> {
    // One that is damaged is marked so outside the transaction.
    client.documents.get(client.store.read(), record)?;
    let given = bring_in_and_write(client, env, record, to);
    match &given {
        Ok(given) if given.edited => client.sync.want(),
        Ok(_) => {}
        Err(_) => client.documents.forget(record),
    }
    given
}

fn bring_in_and_write(
    client: &mut Client,
    env: &Env<'_>,
    record: RecordId,
    to: UserId,
) -> Result<HandedOver> {
    let signed_in = client.session.signed_in.clone().ok_or(ClientError::new("not-signed-in"))?;
    let sql = client.store.transaction()?;
    may_go(&sql, record, to)?;
    let document = client.documents.get(&sql, record)?;
    let edited = bring_in(&sql, record, document, to, &signed_in.person, env.now)?;
    let unsent = outbox::everything(&sql)?.into_iter().filter(|push| push.record == record);
    let unsent: Vec<_> = unsent.collect();
    // Ours may stand on what we have taken over ourselves.
    let taken = parcels::handed_over(&sql, record)?;
    let ours: u64 = unsent.iter().map(|push| push.changes.len() as u64).sum();
    let edits = ours + taken.iter().map(|parcel| parcel.edits).sum::<u64>();
    let taken = taken.into_iter().flat_map(|parcel| parcel.batches);
    let batches = taken.chain(evacuation::signed(&sql, &client.session, env, unsent)?).collect();
    let file = HandOver {
        tenant: signed_in.tenant,
        record,
        to,
        document: document.doc.save_nocompress().into(),
        authors: authors_in(&sql, record, &document.doc, &signed_in)?,
        parcel: Parcel {
            person: signed_in.person.name,
            made_at: env.now,
            edits,
            batches,
            ..Parcel::default()
        },
    };
    sql.commit()?;
    Ok(HandedOver { file: BASE64.encode(&file.to_file()), edits, edited })
}

/// Work that waits for a decision may be decided against, and then everything that stands on it
/// is made again: two phones would make it again twice.
fn may_go(sql: &Connection, record: RecordId, to: UserId) -> Result<()> {
    if !lists::people(sql)?.contains_key(&to) {
        return Err(ClientError::new("not-found"));
    }
    if documents::has_left(sql, record)? {
        return Err(ClientError::new("no-longer-assigned"));
    }
    if held::waits_in(sql, record)? {
        return Err(ClientError::new("hand-over-held"));
    }
    Ok(())
}

/// The one edit of a hand-over; none where the colleague works on the job already.
fn bring_in(
    sql: &Connection,
    record: RecordId,
    document: &mut Document,
    to: UserId,
    me: &Person,
    now: i64,
) -> Result<bool> {
    if document.job().1.content.engineers().contains(&to) {
        return Ok(false);
    }
    let path = Path::new("assignment/helpers").child(to);
    let edit = Edit::SetField { path, value: true.into() };
    let author = Author { user: me.id, role: me.role, now };
    let edited = editing::write(sql, record, document, &edit, &author)?.is_some();
    lists::project(sql, record, document, Some(me.id), now)?;
    Ok(edited)
}

/// Who wrote what: as the office has told us, and everything else is ours.
fn authors_in(
    sql: &Connection,
    record: RecordId,
    doc: &Automerge,
    signed_in: &SignedIn,
) -> Result<Vec<ActorAuthor>> {
    let mut authors = authors::of(sql, record)?;
    let named: BTreeSet<Vec<u8>> = authors.iter().map(|author| author.actor.to_vec()).collect();
    let actors: BTreeSet<Vec<u8>> =
        doc.get_changes_meta(&[]).iter().map(|change| change.actor.to_bytes().to_vec()).collect();
    let (user, device) = (signed_in.person.id, Some(signed_in.device));
    let ours = actors.difference(&named).cloned();
    authors.extend(ours.map(|actor| ActorAuthor { actor: actor.into(), user, device }));
    Ok(authors)
}

/// Takes a job over from a colleague's file. All of it, or nothing.
pub(crate) fn take(client: &mut Client, env: &mut Env<'_>, file: &str) -> Result<JobView> {
    let me = editing::me(client)?.clone();
    let bytes = BASE64.decode(file.trim().as_bytes());
    let bytes = bytes.map_err(|_| ClientError::new("not-a-hand-over"))?;
    let file = HandOver::from_file(&bytes).map_err(|error| match error {
        HandOverError::NotOne => ClientError::new("not-a-hand-over"),
        HandOverError::Damaged => ClientError::new("hand-over-damaged"),
    })?;
    let tenant = client.session.signed_in.as_ref().map(|signed_in| signed_in.tenant);
    if tenant != Some(file.tenant) {
        return Err(ClientError::new("hand-over-elsewhere"));
    }
    if file.to != me.id {
        return Err(ClientError::new("hand-over-not-yours"));
    }
    let changes = changes_in(&file)?;
    let stored = store(client, env, &me, &file, &changes);
    client.documents.forget(file.record);
    stored?;
    // Whether the office can be reached is found out by reaching it.
    client.carrying.look_again();
    client.sync.want();
    editing::job_view(client, file.record)
}

/// The job's changes, each of them of the form that this phone reads. A file is a stranger's word,
/// so its sizes are looked at before Automerge sees a byte.
fn changes_in(file: &HandOver) -> Result<Vec<Change>> {
    let damaged =
        |detail: &dyn std::fmt::Display| ClientError::with_detail("hand-over-damaged", detail);
    document::look(&file.document).map_err(|error| damaged(&error))?;
    let nobody = ActorId::from([0; 16]);
    let doc = record::load(&file.document, nobody).map_err(|error| damaged(&error))?;
    if read::kind_of(&doc) != Some(RecordKind::Job) {
        return Err(damaged(&"not a job"));
    }
    for batch in &file.parcel.batches {
        items::at_most(&batch.body, REQUEST_ITEMS_MAX).map_err(|error| damaged(&error))?;
        let request: SyncRequest = wire::from_cbor(&batch.body).map_err(|error| damaged(&error))?;
        if request.pushes.iter().any(|push| push.record != file.record) {
            return Err(damaged(&"another job's changes"));
        }
    }
    let changes = doc.get_changes(&[]);
    for change in &changes {
        read_head(change.raw_bytes()).map_err(|error| damaged(&error))?;
    }
    Ok(changes)
}

fn store(
    client: &mut Client,
    env: &mut Env<'_>,
    me: &Person,
    file: &HandOver,
    changes: &[Change],
) -> Result<()> {
    let record = file.record;
    let sql = client.store.transaction()?;
    documents::come_by_hand(&sql, record, RecordKind::Job, env)?;
    client.documents.forget(record);
    let Document { kind, doc: here, .. } = client.documents.get(&sql, record)?;
    if *kind != RecordKind::Job {
        return Err(ClientError::with_detail("hand-over-damaged", &"another kind of record"));
    }
    let is_new = |change: &&Change| here.get_change_meta_by_hash(&change.hash()).is_none();
    let new: Vec<Change> = changes.iter().filter(is_new).cloned().collect();
    carried::add(&sql, record, &new)?;
    for author in &file.authors {
        authors::remember_unless_named(&sql, record, author)?;
    }
    if !file.parcel.batches.is_empty() {
        parcels::keep_for(&sql, record, &file.parcel, env.now)?;
    }
    carried::name_giver(&sql, record, &file.parcel.person)?;
    client.documents.forget(record);
    // Two changes in one place do not make one job, whichever of them the office will take.
    let document = client
        .documents
        .get(&sql, record)
        .map_err(|error| ClientError::with_detail("hand-over-clashes", &error))?;
    lists::project(&sql, record, document, Some(me.id), env.now)?;
    Ok(sql.commit()?)
}
