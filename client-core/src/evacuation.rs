//! Work leaves a phone without coverage as a file: signed by this phone, sealed to the office,
//! carried by anybody.
//!
//! Nothing here counts as sent: an edit leaves this phone's keeping only by a verdict of its own
//! sync, which then is "duplicate". The other way round, files of colleagues are carried to the
//! office, one at a time, whenever the office has just been reached.

use data_encoding::BASE64;
use docket_protocol::limits::{
    INFLATED_BYTES_MAX, PUSH_BYTES_TARGET, PUSH_CHANGES_MAX, PUSH_RECORDS_MAX,
};
use docket_protocol::wire::{
    self, CONTENT_TYPE, HandInAnswer, Parcel, RecordPush, SyncEnvelope, SyncRequest, Verdict,
};
use ed25519_dalek::Signer;
use rusqlite::Connection;
use serde_json::{Value as Json, json};

use crate::client::Client;
use crate::editing;
use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::session::Session;
use crate::store::{files, meta, outbox, parcels};
use crate::sync;
use crate::sync::request::{Request, RequestKind};
use crate::view::ParcelRow;

/// Requests of sync are counted from one; these have numbers of their own.
const FIRST_REQUEST: u64 = 1 << 40;
/// A token that ends sooner is renewed by a sync first.
const TOKEN_MARGIN_MS: i64 = 10_000;

/// The office does not know the phone that wrote a file, and may come to know it again.
const UNKNOWN: [&str; 2] = ["bad-signature", "unknown-device"];

/// The file that is on its way to the office.
#[derive(Default)]
pub(crate) struct Carrying {
    requests: u64,
    in_flight: Option<(u64, i64)>,
    /// The last contact with the office after which it was tried.
    tried_after: Option<i64>,
}

impl Carrying {
    /// There is something new to carry, or it is worth trying again at once.
    pub(crate) fn look_again(&mut self) {
        self.tried_after = None;
    }
}

/// Everything unsent as a file, in base64, and the photos and files that belong behind it.
pub(crate) fn export(client: &Client, env: &mut Env<'_>) -> Result<Json> {
    let sql = client.store.read();
    let session = client.session.signed_in.as_ref();
    let signed_in = session.ok_or(ClientError::new("not-signed-in"))?;
    let pushes = outbox::everything(sql)?;
    let edits = pushes.iter().map(|push| push.changes.len() as u64).sum();
    let waiting = files::all_waiting(sql)?;
    if edits == 0 && waiting.is_empty() {
        return Err(ClientError::new("nothing-unsent"));
    }
    // Ours may stand on what we have taken over and the office does not have.
    let taken = parcels::all_handed_over(sql)?.into_iter().flat_map(|parcel| parcel.batches);
    let batches = taken.chain(signed(sql, &client.session, env, pushes)?).collect();
    let person = signed_in.person.name.clone();
    let parcel = Parcel { person, made_at: env.now, edits, batches, ..Parcel::default() };
    let sealed = parcel.seal(&signed_in.office()?, &mut env.random());
    let file = sealed.map_err(|_| ClientError::new("not-signed-in"))?.to_file();
    Ok(json!({ "file": BASE64.encode(&file), "edits": edits, "files": waiting }))
}

/// Changes as this phone would send them: batches with its signature.
pub(crate) fn signed(
    sql: &Connection,
    session: &Session,
    env: &Env<'_>,
    pushes: Vec<RecordPush>,
) -> Result<Vec<SyncEnvelope>> {
    let signed_in = session.signed_in.as_ref();
    let device = signed_in.ok_or(ClientError::new("not-signed-in"))?.device;
    let cursor = meta::cursor(sql)?;
    let envelope = |pushes: Vec<RecordPush>| {
        let body = wire::to_cbor(&SyncRequest {
            version: wire::VERSION,
            device,
            incarnation: session.incarnation,
            cursor,
            sent_at: env.now,
            pushes,
            ..SyncRequest::default()
        });
        let signature = session.device_key.sign(&wire::signed_bytes(&body)).to_bytes();
        SyncEnvelope { body: body.into(), signature }
    };
    Ok(in_batches(pushes).into_iter().map(envelope).collect())
}

/// Cut so that each part is of a size that the office takes.
fn in_batches(pushes: Vec<RecordPush>) -> Vec<Vec<RecordPush>> {
    let mut batches: Vec<Vec<RecordPush>> = Vec::new();
    let mut bytes = 0;
    for RecordPush { record, changes } in pushes {
        for changes in changes.chunks(PUSH_CHANGES_MAX) {
            let more: usize = changes.iter().map(|change| change.len()).sum();
            let full = batches.last().is_none_or(|batch| {
                bytes + more > PUSH_BYTES_TARGET || batch.len() >= PUSH_RECORDS_MAX
            });
            if full {
                batches.push(Vec::new());
                bytes = 0;
            }
            bytes += more;
            let push = RecordPush { record, changes: changes.to_vec() };
            batches.last_mut().into_iter().for_each(|batch| batch.push(push.clone()));
        }
    }
    batches
}

/// Takes a colleague's file in, to be carried to the office.
pub(crate) fn take(client: &mut Client, env: &Env<'_>, file: &str) -> Result<ParcelRow> {
    let not_one = || ClientError::new("not-a-parcel");
    let file = BASE64.decode(file.as_bytes()).map_err(|_| not_one())?;
    let parcel = Parcel::from_file(&file).map_err(|_| not_one())?;
    let taken = parcels::keep(client.store.read(), &file, &parcel, env.now)?;
    // Whether the office can be reached is found out by reaching it.
    client.carrying.look_again();
    client.sync.want();
    Ok(taken)
}

/// What to send of what is carried, if anything; asked when sync itself has nothing to send.
pub(crate) fn next_request(client: &mut Client, env: &mut Env<'_>) -> Result<Option<Request>> {
    let Some(signed_in) = client.session.signed_in.clone() else { return Ok(None) };
    let last_contact = sync::last_sync_at(client.store.read())?;
    let reached = client.sync.problem().is_none() && last_contact.is_some();
    let tried = client.carrying.tried_after == last_contact;
    let channel = sync::live_channel(client).filter(|_| reached && !tried);
    let Some(channel) = channel else { return Ok(None) };
    let Some((parcel, file)) = parcels::next(client.store.read())? else { return Ok(None) };
    let server_now = env.now + sync::clock_offset_ms(client.store.read(), env.now)?;
    if server_now + TOKEN_MARGIN_MS > signed_in.tokens.access_expires_at {
        client.sync.want();
        return sync::next_request(client, env);
    }
    client.carrying.tried_after = last_contact;
    client.carrying.requests += 1;
    let id = FIRST_REQUEST + client.carrying.requests;
    client.carrying.in_flight = Some((id, parcel));
    Ok(Some(Request {
        id,
        kind: RequestKind::HandIn,
        path: "/v1/parcels",
        content_type: CONTENT_TYPE,
        authorization: Some(channel.authorization),
        body: file,
    }))
}

/// Whether a file is on its way.
pub(crate) fn is_under_way(client: &Client) -> bool {
    client.carrying.in_flight.is_some()
}

/// The answer to a file; none of ours when the request is another one.
pub(crate) fn respond(
    client: &mut Client,
    env: &mut Env<'_>,
    request: u64,
    status: u16,
    content_type: &str,
    body: &[u8],
) -> Option<Result<()>> {
    let (_, parcel) = client.carrying.in_flight.take_if(|(id, _)| *id == request)?;
    let answered = answered(client, env, parcel, status, content_type, body);
    if let Err(error) = &answered {
        not_delivered(client, env, error.code);
    }
    Some(answered)
}

fn answered(
    client: &mut Client,
    env: &mut Env<'_>,
    parcel: i64,
    status: u16,
    content_type: &str,
    body: &[u8],
) -> Result<()> {
    if status == 401 {
        return sync::expire_access_token(client);
    }
    if status == 200 && content_type == CONTENT_TYPE {
        let answer: HandInAnswer = wire::unpack(body, INFLATED_BYTES_MAX)
            .map_err(|error| ClientError::with_detail("answer-damaged", &error))?;
        let stored = delivered(client, env, parcel, &answer);
        client.documents.clear();
        stored?;
        // There may be another one, and what it brought may be ours to see.
        client.carrying.look_again();
        client.sync.want();
        return Ok(());
    }
    let (sql, problem) = (client.store.read(), sync::problem_of(status, content_type, body));
    if UNKNOWN.contains(&problem) {
        parcels::hold_up_nobody(sql, parcel)?;
    } else if matches!(status, 400 | 413 | 422) || problem == "hand-in-too-late" {
        parcels::not_taken(sql, parcel, "parcel-not-taken")?;
        client.carrying.look_again();
    } else {
        // It was not about this file.
        return Err(ClientError::new(problem));
    }
    // What waited for it goes without it now.
    client.sync.want();
    Ok(())
}

/// The office has the file, and what it said of it is on disk with that.
fn delivered(
    client: &mut Client,
    env: &mut Env<'_>,
    parcel: i64,
    answer: &HandInAnswer,
) -> Result<()> {
    let me = editing::me(client)?.clone();
    let sql = client.store.transaction()?;
    if let Some(file) = parcels::file(&sql, parcel)? {
        sync::by_hand::judged(&sql, &me, &file, answer, env)?;
    }
    let verdicts = answer.verdicts.iter().flat_map(|record| &record.verdicts);
    let refused = verdicts.filter(|verdict| matches!(verdict, Verdict::Refused(..))).count();
    parcels::delivered(&sql, parcel, answer.server_time, refused as u64)?;
    Ok(sql.commit()?)
}

/// A file got no answer.
pub(crate) fn failed(client: &mut Client, env: &mut Env<'_>, request: u64) {
    if client.carrying.in_flight.take_if(|(id, _)| *id == request).is_some() {
        not_delivered(client, env, "offline");
    }
}

/// It goes again once the office has been reached, which is tried again later.
fn not_delivered(client: &mut Client, env: &mut Env<'_>, problem: &'static str) {
    client.carrying.look_again();
    sync::note_failure(client, env, problem);
}
