//! Out: the signed batch of unsent changes. Back: what each verdict means on the phone.

use docket_protocol::automerge::Automerge;
use docket_protocol::change::read_head;
use docket_protocol::edit::{Author, Edit};
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::record::path::Path;
use docket_protocol::wire::{
    self, CONTENT_TYPE, RecordPush, RecordVerdicts, SyncEnvelope, SyncRequest, Verdict,
};
use ed25519_dalek::Signer;
use rusqlite::Connection;

use crate::client::Client;
use crate::editing;
use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::session::SignedIn;
use crate::store::documents::{self, Documents};
use crate::store::outbox::UnsentEdit;
use crate::store::refused::{self, Why};
use crate::store::{held, lists, meta, outbox};
use crate::sync::decided;
use crate::sync::request::{Request, RequestKind, bearer};
use crate::view::Person;

/// Builds the sync request from what is on disk.
pub(super) fn request(
    client: &Client,
    signed_in: &SignedIn,
    env: &Env<'_>,
) -> Result<(Request, Vec<RecordPush>)> {
    let sql = client.store.read();
    let request = SyncRequest {
        version: wire::VERSION,
        device: signed_in.device,
        incarnation: client.session.incarnation,
        cursor: meta::cursor(sql)?,
        sent_at: env.now,
        pushes: outbox::batch(sql)?,
        hand_backs: Vec::new(),
    };
    let body = wire::to_cbor(&request);
    let signature = client.session.device_key.sign(&wire::signed_bytes(&body)).to_bytes();
    let request_bytes = wire::pack(&SyncEnvelope { body: body.into(), signature });
    let out = Request {
        id: 0,
        kind: RequestKind::Sync,
        path: "/v1/sync",
        content_type: CONTENT_TYPE,
        authorization: Some(bearer(&signed_in.tokens)),
        body: request_bytes,
    };
    Ok((out, request.pushes))
}

/// Writes the verdicts down. True when unsent work remains and asking again at once makes sense;
/// after an answer that settled nothing, the same question would get the same answer.
pub(super) fn settle(
    sql: &Connection,
    me: &Person,
    pushed: &[RecordPush],
    verdicts: &[RecordVerdicts],
    env: &mut Env<'_>,
) -> Result<bool> {
    for (push, answer) in pushed.iter().zip(verdicts) {
        if push.record != answer.record || push.changes.len() != answer.verdicts.len() {
            return Err(ClientError::new("answer-damaged"));
        }
        settle_record(sql, me, push, &answer.verdicts, env)?;
    }
    let progress = verdicts
        .iter()
        .flat_map(|answer| &answer.verdicts)
        .any(|verdict| !matches!(verdict, Verdict::Need(_)));
    let unsent = outbox::unsent(sql)?.edits > 0 || held::to_send_again(sql)?;
    Ok(progress && unsent)
}

fn settle_record(
    sql: &Connection,
    me: &Person,
    push: &RecordPush,
    verdicts: &[Verdict],
    env: &mut Env<'_>,
) -> Result<()> {
    let mut refusals = Vec::new();
    let mut forked = false;
    for (bytes, verdict) in push.changes.iter().zip(verdicts) {
        let head = read_head(bytes).map_err(|_| ClientError::new("record-damaged"))?;
        match verdict {
            Verdict::Accepted(_) | Verdict::Duplicate => {
                held::take(sql, push.record, head.hash)?;
                outbox::settle(sql, push.record, head.hash, "confirmed")?;
            }
            Verdict::Held(reason) => {
                held::hold(sql, push.record, head.hash, bytes, reason)?;
                outbox::settle(sql, push.record, head.hash, "held")?;
            }
            Verdict::Need(_) => {}
            Verdict::Refused(code, path) => {
                // Held before, sent again after a restore, and judged now.
                if let Some(kept) = held::take(sql, push.record, head.hash)? {
                    let why = Why { code, path, note: "" };
                    refused::keep(sql, push.record, &kept.edit, kept.made_at, &why)?;
                    decided::drop_with_what_follows(sql, push.record, &[head.hash])?;
                }
                refusals.push(Refusal { hash: head.hash, code, path });
            }
            Verdict::Fork => forked = true,
        }
    }
    let nothing_falls = refusals.is_empty() && !forked;
    if nothing_falls || !documents::exists(sql, push.record)? {
        return Ok(());
    }
    rebuild(sql, me, push.record, &refusals, env)
}

/// A change the server will never take.
pub(super) struct Refusal<'a> {
    hash: ChangeHash,
    code: &'a str,
    path: &'a Path,
}

/// After a refusal or a fork: the record goes back to what the server has, and the person's
/// other edits are made again on top of it, with a new actor.
pub(super) fn rebuild(
    sql: &Connection,
    me: &Person,
    record: RecordId,
    refusals: &[Refusal<'_>],
    env: &mut Env<'_>,
) -> Result<()> {
    let unsent = outbox::take_unsent(sql, record)?;
    documents::renew_actor(sql, record, env)?;
    let mut documents = Documents::default();
    for edit in &unsent {
        // A change that only fell because it stood on a refused one is made again; the one that
        // was judged itself is kept aside.
        let judged = refusals
            .iter()
            .find(|refusal| refusal.hash == edit.hash && refusal.code != "depends-on-refused");
        if let Some(Refusal { code, path, .. }) = judged {
            let why = Why { code, path, note: "" };
            refused::keep(sql, record, &edit.edit, edit.made_at, &why)?;
        } else {
            replay(sql, me, record, edit, &mut documents)?;
        }
    }
    let document = documents.get(sql, record)?;
    if document.doc.get_heads().is_empty() {
        // The very first change was refused: nothing of the record is left to show.
        return documents::remove(sql, record);
    }
    lists::project(sql, record, document.kind, &document.doc, Some(me.id), env.now)
}

fn replay(
    sql: &Connection,
    me: &Person,
    record: RecordId,
    unsent: &UnsentEdit,
    documents: &mut Documents,
) -> Result<()> {
    let author = Author { user: me.id, role: me.role, now: unsent.made_at };
    let document = documents.get(sql, record)?;
    let made = if !can_follow(&document.doc, &unsent.edit) {
        // Its beginning was refused, and nothing can stand on nothing.
        Err(ClientError::new("depends-on-refused"))
    } else if !still_signed(&document.doc, &unsent.edit) {
        Err(ClientError::new("signed-version-changed"))
    } else {
        editing::write(sql, record, document, &unsent.edit, &author).map(drop)
    };
    match made {
        Err(error) if error.code.starts_with("storage") => Err(error),
        Err(error) => {
            let why = Why { code: error.code, path: &error.path, note: "" };
            refused::keep(sql, record, &unsent.edit, unsent.made_at, &why)
        }
        Ok(()) => Ok(()),
    }
}

fn can_follow(doc: &Automerge, edit: &Edit) -> bool {
    matches!(edit, Edit::Create { .. }) || !doc.get_heads().is_empty()
}

/// A signature covers the version it was given on; on another version it would be worthless.
fn still_signed(doc: &Automerge, edit: &Edit) -> bool {
    let Edit::SignOff { signed, .. } = edit else { return true };
    let mut heads: Vec<_> = doc.get_heads().into_iter().map(ChangeHash::from).collect();
    heads.sort_unstable();
    signed.verify().is_ok_and(|statement| statement.heads == heads)
}
