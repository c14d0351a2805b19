//! An edit becomes exactly one change and one outbox row, in one transaction; and the views
//! that answer it.

use docket_protocol::amendment::binding;
use docket_protocol::due::{follow_up_due_at, report_due_at};
use docket_protocol::edit::{self, Author, Edit};
use docket_protocol::filing::lacks;
use docket_protocol::ids::{ChangeHash, RecordId, UserId};
use docket_protocol::number::job_number;
use docket_protocol::ops::{locate, paths_of};
use docket_protocol::planted;
use docket_protocol::record::article::ArticleContent;
use docket_protocol::record::catalog::CatalogContent;
use docket_protocol::record::dossier::DossierContent;
use docket_protocol::record::size::room;
use docket_protocol::record::{RecordKind, read};
use docket_protocol::stage::{hand_over_by, stage_of};
use rusqlite::{Connection, OptionalExtension};

use crate::client::Client;
use crate::conflicts::{self, Authors, Names};
use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::signing;
use crate::store::documents::{self, DAMAGED, Document, JobReading};
use crate::store::{articles, files, lists, outbox, quarantine};
use crate::view::{
    ArticleRow, ArticleView, CatalogView, DossierView, HistoryEntry, JobView, Person, SyncState,
};

/// Opens a new job.
pub(crate) fn open_job(client: &mut Client, env: &mut Env<'_>, edit: Edit) -> Result<RecordId> {
    let record = env.record_id();
    open_job_and(client, env, record, edit, nothing_else).map(|()| record)
}

/// Edits a record. When this returns, the edit is on disk.
pub(crate) fn edit(
    client: &mut Client,
    env: &mut Env<'_>,
    record: RecordId,
    edit: Edit,
) -> Result<()> {
    edit_and(client, env, record, edit, nothing_else)
}

/// Opens a job under an id it was to have before, and does something more in the same
/// transaction.
pub(crate) fn open_job_and(
    client: &mut Client,
    env: &mut Env<'_>,
    record: RecordId,
    edit: Edit,
    more: impl FnOnce(&Connection) -> Result<()>,
) -> Result<()> {
    let made = commit(client, env, record, edit, true, more);
    if made.is_err() {
        client.documents.forget(record);
    }
    made
}

/// Edits a record, and does something more in the same transaction.
pub(crate) fn edit_and(
    client: &mut Client,
    env: &mut Env<'_>,
    record: RecordId,
    edit: Edit,
    more: impl FnOnce(&Connection) -> Result<()>,
) -> Result<()> {
    let made = commit(client, env, record, edit, false, more);
    if let Err(error) = &made {
        if !planted::is("failed-edit-remembered") {
            client.documents.forget(record);
        }
        if error.code == DAMAGED {
            // Again: the mark was rolled back with the edit.
            quarantine::set_aside(client.store.read(), record)?;
        }
    }
    made
}

fn nothing_else(_: &Connection) -> Result<()> {
    Ok(())
}

fn commit(
    client: &mut Client,
    env: &mut Env<'_>,
    record: RecordId,
    edit: Edit,
    create: bool,
    more: impl FnOnce(&Connection) -> Result<()>,
) -> Result<()> {
    let me = me(client)?.clone();
    let edit = edit.with_fresh_ids(|| env.item_id());
    let author = Author { user: me.id, role: me.role, now: env.now };
    let sql = client.store.transaction()?;
    if documents::has_left(&sql, record)? {
        return Err(ClientError::new("no-longer-assigned"));
    }
    let document = if create {
        client.documents.create(&sql, record, RecordKind::Job, env)?
    } else {
        client.documents.get(&sql, record)?
    };
    if write(&sql, record, document, &edit, &author)?.is_some() {
        lists::project(&sql, record, document, Some(me.id), env.now)?;
        conflicts::refresh_overruled(&sql, record, me.id, &document.doc)?;
    }
    more(&sql)?;
    sql.commit()?;
    client.sync.want();
    Ok(())
}

/// Applies an edit to a loaded document and stores change and intent. The caller owns the
/// transaction and forgets the document if it does not commit.
pub(crate) fn write(
    sql: &Connection,
    record: RecordId,
    document: &mut Document,
    edit: &Edit,
    author: &Author,
) -> Result<Option<ChangeHash>> {
    let Some(hash) = edit::apply(&mut document.doc, document.kind, edit, author)? else {
        return Ok(None);
    };
    let change = document.doc.get_last_local_change().ok_or(ClientError::new("record-damaged"))?;
    let id = documents::append(sql, record, hash, change.raw_bytes(), "unsent")?;
    if !planted::is("outbox-forgotten") {
        outbox::remember(sql, id, edit, author.now)?;
    }
    files::follow(sql, record, edit)?;
    Ok(Some(hash))
}

/// The person signed in.
pub(crate) fn me(client: &Client) -> Result<&Person> {
    client
        .session
        .signed_in
        .as_ref()
        .map(|session| &session.person)
        .ok_or(ClientError::new("not-signed-in"))
}

/// A job with everything its page shows.
pub(crate) fn job_view(client: &mut Client, record: RecordId) -> Result<JobView> {
    let me = me(client)?.id;
    let sql = client.store.read();
    let row = lists::job(sql, record)?.ok_or(ClientError::new("not-found"))?;
    let people = lists::people(sql)?;
    let (doc, JobReading { content, conflicts, .. }) = client.documents.get(sql, record)?.job();
    let binding = binding(doc);
    let (frozen, signed_at) =
        (!binding.is_empty(), binding.iter().map(|statement| statement.signed_at).min());
    let room = room(doc);
    let authors = Authors { sql, record, me, people: &people };
    let conflicts = conflicts
        .iter()
        .map(|conflict| authors.conflict(conflict.clone()))
        .collect::<Result<_>>()?;
    let stage = stage_of(content, frozen);
    Ok(JobView {
        record,
        number: job_number(record),
        stage,
        hand_over_by: hand_over_by(content, stage),
        report_due_at: report_due_at(content, stage),
        follow_up_due_at: follow_up_due_at(content, signed_at),
        lacks: lacks(content, frozen),
        frozen,
        conflicts,
        signoffs: signing::signoffs(doc, &authors)?,
        sync: row.sync,
        taken_from: row.taken_from,
        unsent_edits: row.unsent_edits,
        room,
        people,
        content: content.clone(),
    })
}

/// Who an actor is: whom the server named, or ourselves. It names everyone but the phone it talks
/// to, which may have written under several actors.
pub(crate) fn author_of(
    sql: &Connection,
    record: RecordId,
    actor: &[u8],
    me: UserId,
) -> Result<Option<UserId>> {
    let user: Option<Vec<u8>> = sql
        .prepare_cached("select user from authors where record = ? and actor = ?")?
        .query_row(rusqlite::params![record.as_bytes(), actor], |row| row.get(0))
        .optional()?;
    Ok(user.map_or(Some(me), |user| UserId::from_bytes(&user).ok()))
}

fn name_of(user: Option<UserId>, people: &Names) -> String {
    user.and_then(|user| people.get(&user).cloned()).unwrap_or_default()
}

/// Who wrote what and when, newest first.
pub(crate) fn history(client: &mut Client, record: RecordId) -> Result<Vec<HistoryEntry>> {
    let me = me(client)?.id;
    let sql = client.store.read();
    let people = lists::people(sql)?;
    let doc = &client.documents.get(sql, record)?.doc;
    let mut entries = doc
        .get_changes(&[])
        .iter()
        .map(|change| {
            let author = author_of(sql, record, change.actor_id().to_bytes(), me)?;
            Ok(HistoryEntry {
                change: change.hash().into(),
                author: name_of(author, &people),
                at: change.timestamp(),
                paths: paths_of(&locate(doc, &change.decode()).unwrap_or_default()),
                sync: change_state(sql, record, change.hash().into())?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    entries.reverse();
    Ok(entries)
}

fn change_state(sql: &Connection, record: RecordId, hash: ChangeHash) -> Result<SyncState> {
    let state: Option<String> = sql
        .prepare_cached("select state from changes where record = ? and hash = ?")?
        .query_row(rusqlite::params![record.as_bytes(), hash.0], |row| row.get(0))
        .optional()?;
    Ok(match state.as_deref() {
        Some("unsent" | "lost") => SyncState::OnThisPhone,
        Some("held") => SyncState::Sent,
        Some("carried") => SyncState::Carried,
        _ => SyncState::Merged,
    })
}

/// What kind of record it is.
pub(crate) fn kind_of(client: &mut Client, record: RecordId) -> Result<RecordKind> {
    Ok(client.documents.get(client.store.read(), record)?.kind)
}

/// A customer.
pub(crate) fn dossier_view(client: &mut Client, record: RecordId) -> Result<DossierView> {
    let sql = client.store.read();
    let document = client.documents.get(sql, record)?;
    if document.kind != RecordKind::Dossier {
        return Err(ClientError::new("not-found"));
    }
    let content = DossierContent::from_json(read::content(&document.doc, document.kind));
    Ok(DossierView {
        record,
        newest_good: content.newest_good(),
        unsent_edits: outbox::unsent_in(sql, record)?,
        people: lists::people(sql)?,
        jobs: lists::jobs_of(sql, &content.name)?,
        content,
    })
}

/// What solved problems like this one taught.
pub(crate) fn articles_for(client: &mut Client, record: RecordId) -> Result<Vec<ArticleRow>> {
    let sql = client.store.read();
    let document = client.documents.get(sql, record)?;
    let intake = &document.job().1.content.intake;
    articles::about(sql, &intake.category, &intake.equipment)
}

/// An article.
pub(crate) fn article_view(client: &mut Client, record: RecordId) -> Result<ArticleView> {
    let document = client.documents.get(client.store.read(), record)?;
    if document.kind != RecordKind::Article {
        return Err(ClientError::new("not-found"));
    }
    let content = ArticleContent::from_json(read::content(&document.doc, document.kind));
    Ok(ArticleView { record, content })
}

/// The organisation.
pub(crate) fn catalog_view(client: &mut Client) -> Result<CatalogView> {
    let sql = client.store.read();
    let record: Option<Vec<u8>> = sql
        .prepare_cached("select record from records where kind = 'catalog'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    let Some(record) = record.and_then(|record| RecordId::from_bytes(&record).ok()) else {
        return Ok(CatalogView { content: CatalogContent::default() });
    };
    let document = client.documents.get(sql, record)?;
    let content = CatalogContent::from_json(read::content(&document.doc, document.kind));
    Ok(CatalogView { content })
}
