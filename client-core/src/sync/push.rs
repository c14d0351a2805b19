//! Out: the signed batch of unsent changes. Back: what each verdict means on the phone.

use std::collections::BTreeSet;

use docket_protocol::automerge::Automerge;
use docket_protocol::change::{ChangeHead, read_head};
use docket_protocol::edit::{Author, Edit};
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::planted;
use docket_protocol::record::path::Path;
use docket_protocol::wire::{
    self, ActorAuthor, CONTENT_TYPE, HandBack, RecordPush, RecordVerdicts, SyncEnvelope,
    SyncRequest, Verdict,
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
use crate::store::{authors, carried, confirmed, held, lists, lost, meta, outbox};
use crate::sync::request::{Request, RequestKind, bearer};
use crate::sync::{decided, fork, report};
use crate::view::Person;

/// What a request carries, kept until its answer says what became of it.
#[derive(Default)]
pub(super) struct Sent {
    pub(super) pushes: Vec<RecordPush>,
    pub(super) hand_backs: Vec<HandBack>,
}

/// Builds the sync request from what is on disk.
pub(super) fn request(
    client: &Client,
    signed_in: &SignedIn,
    env: &Env<'_>,
) -> Result<(Request, Sent)> {
    let sql = client.store.read();
    let forgets = planted::is("rewind-ignored");
    let pushes = outbox::batch(sql)?;
    let hand_backs = if forgets { Vec::new() } else { lost::batch(sql)? };
    let request = SyncRequest {
        version: wire::VERSION,
        device: signed_in.device,
        incarnation: client.session.incarnation,
        cursor: meta::cursor(sql)?,
        sent_at: env.now,
        report: Some(report::beside(client, &pushes, &hand_backs)?),
        pushes,
        hand_backs,
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
    let (pushes, hand_backs) = (request.pushes, request.hand_backs);
    Ok((out, Sent { pushes, hand_backs }))
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
    let mut progress = false;
    for (push, answer) in pushed.iter().zip(verdicts) {
        if push.record != answer.record || push.changes.len() != answer.verdicts.len() {
            return Err(ClientError::new("answer-damaged"));
        }
        progress |= settle_record(sql, me, push, &answer.verdicts, env)?;
    }
    let unsent = outbox::unsent(sql)?.edits > 0 || held::to_send_again(sql)?;
    Ok(progress && unsent)
}

/// Writes down what became of what was handed back. True when more is left to hand back and asking
/// again at once makes sense.
pub(super) fn settle_hand_backs(
    sql: &Connection,
    handed: &[HandBack],
    answers: &[RecordVerdicts],
) -> Result<bool> {
    let mut progress = false;
    for (back, answer) in handed.iter().zip(answers) {
        if back.record != answer.record || back.changes.len() != answer.verdicts.len() {
            return Err(ClientError::new("answer-damaged"));
        }
        for (bytes, verdict) in back.changes.iter().zip(&answer.verdicts) {
            match verdict {
                Verdict::Accepted(_) | Verdict::Duplicate => {
                    lost::returned(sql, back.record, bytes)?;
                }
                Verdict::Held(_) => lost::held(sql, back.record, bytes)?,
                // Kept here: the office may come to want it, and there is nothing to make anew.
                Verdict::Need(_) | Verdict::Refused(..) | Verdict::Fork => continue,
            }
            progress = true;
        }
    }
    Ok(progress && lost::is_any(sql)?)
}

/// The verdicts on one record. False when nothing was settled.
fn settle_record(
    sql: &Connection,
    me: &Person,
    push: &RecordPush,
    verdicts: &[Verdict],
    env: &mut Env<'_>,
) -> Result<bool> {
    let mut refusals = Vec::new();
    let (mut forked, mut settled) = (false, false);
    let mut verdicts: Vec<&Verdict> = verdicts.iter().collect();
    if planted::is("verdicts-mixed-up") {
        verdicts.reverse();
    }
    let mut taken = Vec::new();
    for (bytes, verdict) in push.changes.iter().zip(verdicts) {
        let head = read_head(bytes).map_err(|_| ClientError::new("record-damaged"))?;
        if matches!(verdict, Verdict::Accepted(_) | Verdict::Duplicate) {
            taken.push(head);
            settled = true;
            continue;
        }
        accepted(sql, me, push.record, &std::mem::take(&mut taken))?;
        match verdict {
            Verdict::Accepted(_) | Verdict::Duplicate => {}
            Verdict::Held(reason) => {
                held::hold(sql, push.record, head.hash, bytes, reason)?;
                outbox::settle(sql, push.record, head.hash, "held")?;
            }
            Verdict::Need(missing) => {
                for hash in missing {
                    settled |= held::offer(sql, push.record, *hash)?;
                    settled |= carried::offer(sql, push.record, *hash)?;
                }
                continue;
            }
            // It had this record: it was put back to an older state, and gets the record again.
            Verdict::Refused(code, _)
                if code == "unknown-record" && confirmed::is_any(sql, push.record)? =>
            {
                continue;
            }
            Verdict::Refused(..) if planted::is("refused-kept") => {
                outbox::settle(sql, push.record, head.hash, "confirmed")?;
            }
            Verdict::Refused(code, path) => {
                no_longer_held(sql, push.record, head.hash, &Why { code, path, note: "" })?;
                refusals.push(Refusal { hash: head.hash, code, path });
            }
            Verdict::Fork => {
                let why = Why { code: "place-taken", path: &Path::default(), note: "" };
                no_longer_held(sql, push.record, head.hash, &why)?;
                forked = true;
            }
        }
        settled = true;
    }
    accepted(sql, me, push.record, &taken)?;
    if forked {
        fork::begin_new_incarnation(sql, env)?;
    }
    let nothing_falls = refusals.is_empty() && !forked;
    if nothing_falls || !documents::exists(sql, push.record)? {
        return Ok(settled);
    }
    rebuild(sql, me, push.record, &refusals, env)?;
    Ok(true)
}

/// A change that was held before, was sent again after a restore, and is judged now.
fn no_longer_held(
    sql: &Connection,
    record: RecordId,
    hash: ChangeHash,
    why: &Why<'_>,
) -> Result<()> {
    let Some(kept) = held::take(sql, record, hash)? else { return Ok(()) };
    refused::keep_held(sql, &kept, why, hash)?;
    decided::drop_with_what_follows(sql, record, &[hash])
}

/// The server has taken these changes of ours; what was held of them is decided.
fn accepted(sql: &Connection, me: &Person, record: RecordId, taken: &[ChangeHead]) -> Result<()> {
    for head in taken {
        held::take(sql, record, head.hash)?;
    }
    confirm(sql, me, record, taken)
}

/// The server has changes of ours, and knows whose they are.
pub(super) fn confirm(
    sql: &Connection,
    me: &Person,
    record: RecordId,
    taken: &[ChangeHead],
) -> Result<()> {
    if taken.is_empty() {
        return Ok(());
    }
    // What a colleague's phone has handed over and ours stands on, it has as well.
    for heads in [&carried::beneath(sql, record, taken)?, taken] {
        confirmed::add(sql, record, heads)?;
        outbox::confirm(sql, record, heads)?;
    }
    let device = meta::get::<SignedIn>(sql, "session")?.map(|session| session.device);
    let actors: BTreeSet<_> = taken.iter().map(|head| head.actor).collect();
    for actor in actors {
        let actor = actor.to_vec().into();
        authors::remember(sql, record, &ActorAuthor { actor, user: me.id, device })?;
    }
    Ok(())
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
    lists::project(sql, record, document, Some(me.id), env.now)
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
    if planted::is("sign-off-made-again") {
        return true;
    }
    let mut heads: Vec<_> = doc.get_heads().into_iter().map(ChangeHash::from).collect();
    heads.sort_unstable();
    signed.verify().is_ok_and(|statement| statement.heads == heads)
}
