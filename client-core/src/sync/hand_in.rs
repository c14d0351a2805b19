//! A phone that may not sync any more (revoked, its person gone, its app too old) hands in what
//! it has not sent, by itself, at the one door that is still open to it. Nothing comes back but
//! verdicts; afterwards signing out is possible.

use docket_protocol::limits::INFLATED_BYTES_MAX;
use docket_protocol::wire::{
    self, CONTENT_TYPE, HandInAnswer, RecordPush, SyncEnvelope, SyncRequest,
};
use ed25519_dalek::Signer;

use super::push;
use super::request::{Request, RequestKind};
use super::sessions::problem_of;
use crate::client::Client;
use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::session::SignedIn;
use crate::store::{held, meta, outbox};

/// Answers that mean: this phone syncs no more, but may hand in.
const WITHDRAWN: [&str; 3] = ["device-revoked", "account-closed", "version-too-old"];
/// What a phone is told whose work comes too late: it is kept here, and not offered again.
const TOO_LATE: &str = "hand-in-too-late";

/// Whether this phone may not sync any more, and its work is still taken in.
pub(crate) fn is_open(client: &Client) -> bool {
    client.session.withdrawn.as_deref().is_some_and(|code| code != TOO_LATE)
}

/// Whether an answer withdraws this phone.
pub(super) fn withdraws(code: &str) -> bool {
    WITHDRAWN.contains(&code)
}

/// Remembers that this phone syncs no more, and why.
pub(super) fn withdraw(client: &mut Client, code: &'static str) -> Result<()> {
    let sql = client.store.transaction()?;
    meta::set(&sql, "withdrawn", &(code, wire::VERSION))?;
    sql.commit()?;
    client.session.withdrawn = Some(code.to_owned());
    Ok(())
}

/// The next attempt may be an ordinary one again. What was handed in meanwhile is offered once
/// more: a server that knows nothing of the withdrawal may not have it either.
pub(crate) fn forget(client: &mut Client) -> Result<()> {
    if client.session.withdrawn.take().is_some() {
        let sql = client.store.transaction()?;
        sql.execute("delete from meta where key = 'withdrawn'", [])?;
        held::offer_again(&sql)?;
        sql.commit()?;
    }
    Ok(())
}

/// What a withdrawn phone has to say, if anything.
pub(super) fn next(
    client: &mut Client,
    signed_in: &SignedIn,
    env: &Env<'_>,
) -> Result<Option<(Request, Vec<RecordPush>)>> {
    if !is_open(client) {
        return Ok(None);
    }
    let pushes = outbox::batch(client.store.read())?;
    if pushes.is_empty() {
        return Ok(None);
    }
    let request = SyncRequest {
        version: wire::VERSION,
        device: signed_in.device,
        incarnation: client.session.incarnation,
        sent_at: env.now,
        pushes,
        ..SyncRequest::default()
    };
    let body = wire::to_cbor(&request);
    let signature = client.session.device_key.sign(&wire::signed_bytes(&body)).to_bytes();
    let out = Request {
        id: 0,
        kind: RequestKind::HandIn,
        path: "/v1/hand-in",
        content_type: CONTENT_TYPE,
        authorization: None,
        body: wire::pack(&SyncEnvelope { body: body.into(), signature }),
    };
    Ok(Some((out, request.pushes)))
}

/// The answer to a hand-in.
pub(super) fn handed_in(
    client: &mut Client,
    env: &mut Env<'_>,
    pushed: &[RecordPush],
    status: u16,
    content_type: &str,
    body: &[u8],
) -> Result<()> {
    if status != 200 {
        let code = problem_of(status, content_type, body);
        match code {
            // It may sync after all: the office has changed its mind.
            "hand-in-not-needed" => {
                forget(client)?;
                client.sync.want();
                return Ok(());
            }
            TOO_LATE => withdraw(client, TOO_LATE)?,
            _ => {}
        }
        return Err(ClientError::new(code));
    }
    if content_type != CONTENT_TYPE {
        return Err(ClientError::new("not-our-server"));
    }
    let answer: HandInAnswer = wire::unpack(body, INFLATED_BYTES_MAX)
        .map_err(|error| ClientError::with_detail("answer-damaged", &error))?;
    let more = store_answer(client, env, pushed, &answer);
    client.documents.clear();
    if more? {
        client.sync.want();
    }
    client.sync.succeeded();
    Ok(())
}

/// The verdicts, in one transaction; true when there is more to hand in.
fn store_answer(
    client: &mut Client,
    env: &mut Env<'_>,
    pushed: &[RecordPush],
    answer: &HandInAnswer,
) -> Result<bool> {
    let me = crate::editing::me(client)?.clone();
    let sql = client.store.transaction()?;
    let more = push::settle(&sql, &me, pushed, &answer.verdicts, env)?;
    meta::set(&sql, "last_sync_at", &answer.server_time)?;
    sql.commit()?;
    Ok(more)
}
