//! Photos and files on their way to the office: which goes when, in pieces that a cut link may
//! break off, and what the office says has become of them.
//!
//! A queue of its own, behind everything else: a file goes only when nothing of its record is
//! unsent, because the office takes a file only for a record that names it. The bytes are not
//! here; a request names the piece that whoever carries it has to read. The office's word where
//! to go on counts, never our own memory of it.

pub(crate) mod command;
mod rule;
pub(crate) mod sealed;

use docket_protocol::limits::ATTACHMENT_CHUNK_BYTES;
use serde::Deserialize;
use serde_json::json;

use crate::client::Client;
use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::store::files;
use crate::store::pieces::{self, Piece};
use crate::sync;
use crate::sync::backoff::Backoff;
use crate::view::SyncPhase;
use rule::{count_use, held_back};

const TUS: (&str, &str) = ("tus-resumable", "1.0.0");
/// A token that ends sooner is renewed by a sync first.
const TOKEN_MARGIN_MS: i64 = 10_000;
/// Files asked about at once.
const RECEIPTS_MAX: usize = 200;
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// How long a copy stays after the office has seen the file: people show their work to people.
const KEPT_AFTER_SEEN_MS: i64 = 30 * DAY_MS;
/// How long bytes wait for the edit that names them.
const KEPT_UNNAMED_MS: i64 = DAY_MS;

/// A request for someone else to carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRequest {
    /// Names the request in the answer.
    pub id: u64,
    /// HTTP method.
    pub method: &'static str,
    /// Path on the server.
    pub path: String,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// What goes with it.
    pub body: FileBody,
}

/// What goes with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileBody {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The bytes of a file from an offset to before another.
    Piece {
        /// Which file, by the name it is kept under.
        name: String,
        /// First byte.
        from: u64,
        /// Behind the last byte.
        to: u64,
    },
    /// The same, through [`Client::sealed_piece`] first.
    SealedPiece {
        /// Which file, by its hash.
        sha256: String,
        /// First byte.
        from: u64,
        /// Behind the last byte.
        to: u64,
    },
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileAnswer {
    /// HTTP status.
    pub status: u16,
    /// `upload-offset`, where the answer has one.
    pub offset: Option<u64>,
    /// Body.
    pub body: Vec<u8>,
}

/// The file that is being brought.
#[derive(Debug, Clone)]
struct Current {
    sha256: String,
    bytes: u64,
    /// Whether the office has been told what comes.
    begun: bool,
    /// How much the office has; none when it has to be asked.
    offset: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Begin,
    Ask,
    Piece,
    Receipts,
    /// A piece of our own, from a phone that may not sync any more.
    Sealed,
    /// A piece that somebody else's evacuation file brought here.
    Carried(Piece),
}

impl Step {
    /// What goes sealed says itself from which phone it is.
    fn needs_token(self) -> bool {
        !matches!(self, Self::Sealed | Self::Carried(_))
    }
}

/// The queue's state between two requests.
#[derive(Default)]
pub(crate) struct Bringing {
    requests: u64,
    in_flight: Option<(u64, Step)>,
    current: Option<Current>,
    backoff: Backoff,
    /// Why nothing goes although something waits, as a message id (`files-wait-{word}`).
    waits: Option<&'static str>,
    /// A person has said that the rule does not count this time.
    regardless: bool,
    /// The contact with the office after which receipts were last asked for.
    asked_after: Option<i64>,
}

impl Bringing {
    pub(crate) fn waits(&self) -> Option<&'static str> {
        self.waits
    }

    /// When the next attempt is due; none while sync itself is not at rest.
    pub(crate) fn next_attempt_at(&self, sync: SyncPhase) -> Option<i64> {
        self.backoff.not_before().filter(|_| sync == SyncPhase::Idle)
    }

    pub(crate) fn hurry(&mut self) {
        self.backoff.reset();
    }
}

/// See [`Client::next_file_request`].
pub(crate) fn next_request(
    client: &mut Client,
    env: &mut Env<'_>,
    metered: Option<bool>,
) -> Result<Option<FileRequest>> {
    if client.files.in_flight.is_some() {
        return Ok(None);
    }
    let waiting = files::waiting(client.store.read())?.files > 0;
    client.files.waits = waiting.then_some("offline");
    let idle = client.sync.phase(&client.session) == SyncPhase::Idle;
    let at_the_door = sync::hand_in::is_open(client);
    let reached = idle && (client.sync.problem().is_none() || at_the_door);
    if !reached || client.files.backoff.not_before().is_some_and(|at| env.now < at) {
        return Ok(None);
    }
    let channel = sync::live_channel(client);
    if channel.is_none() && !at_the_door {
        return Ok(None);
    }
    client.files.backoff.over();
    let Some(step) = next_step(client, env, waiting, metered, channel.is_some())? else {
        return Ok(None);
    };
    if step.needs_token() && !token_lasts(client, env)? {
        // A sync renews the token; then the file goes.
        client.sync.want();
        return Ok(None);
    }
    client.files.waits = None;
    client.files.requests += 1;
    let id = client.files.requests;
    let mut request = request_of(client, env, step, metered)?;
    let authorization = channel.filter(|_| step.needs_token()).map(|it| it.authorization);
    request.headers.extend(authorization.map(|it| ("authorization", it)));
    client.files.in_flight = Some((id, step));
    Ok(Some(FileRequest { id, ..request }))
}

fn token_lasts(client: &Client, env: &Env<'_>) -> Result<bool> {
    let server_now = env.now + sync::clock_offset_ms(client.store.read(), env.now)?;
    let signed_in = client.session.signed_in.as_ref();
    Ok(signed_in
        .is_some_and(|session| server_now + TOKEN_MARGIN_MS <= session.tokens.access_expires_at))
}

fn next_step(
    client: &mut Client,
    env: &Env<'_>,
    waiting: bool,
    metered: Option<bool>,
    may_sync: bool,
) -> Result<Option<Step>> {
    let sql = client.store.read();
    let last_contact = sync::last_sync_at(sql)?;
    let asked = client.files.asked_after == last_contact || !may_sync;
    if !asked && !files::unseen(sql, 1)?.is_empty() {
        return Ok(Some(Step::Receipts));
    }
    let next = files::next(sql, env.now)?.filter(|_| waiting);
    let Some(next) = next else {
        client.files.current = None;
        client.files.waits = waiting.then_some("records");
        client.files.regardless &= waiting;
        return carried_step(client, env, metered);
    };
    let piece = next.bytes.min(ATTACHMENT_CHUNK_BYTES);
    if let Some(waits) = held_back(client, env, metered, piece)? {
        client.files.waits = Some(waits);
        return Ok(None);
    }
    let current = client.files.current.take().filter(|current| current.sha256 == next.sha256);
    let current = current.unwrap_or(Current {
        sha256: next.sha256,
        bytes: next.bytes,
        begun: false,
        offset: None,
    });
    let step = match (current.begun, current.offset) {
        _ if !may_sync => Step::Sealed,
        (false, _) => Step::Begin,
        (true, None) => Step::Ask,
        (true, Some(_)) => Step::Piece,
    };
    client.files.current = Some(current);
    Ok(Some(step))
}

/// What colleagues' files brought here goes last.
fn carried_step(client: &Client, env: &Env<'_>, metered: Option<bool>) -> Result<Option<Step>> {
    let Some(piece) = pieces::next(client.store.read(), env.now)? else { return Ok(None) };
    let waits = held_back(client, env, metered, piece.bytes)?;
    Ok(waits.is_none().then_some(Step::Carried(piece)))
}

fn request_of(
    client: &mut Client,
    env: &Env<'_>,
    step: Step,
    metered: Option<bool>,
) -> Result<FileRequest> {
    let nothing = || FileBody::Bytes(Vec::new());
    let request = |method, path: String, headers: Vec<(&'static str, String)>, body| FileRequest {
        id: 0,
        method,
        path,
        headers,
        body,
    };
    let tus = (TUS.0, TUS.1.to_owned());
    if step == Step::Receipts {
        let hashes = files::unseen(client.store.read(), RECEIPTS_MAX)?;
        client.files.asked_after = sync::last_sync_at(client.store.read())?;
        let body = FileBody::Bytes(json!({ "hashes": hashes }).to_string().into_bytes());
        let kind = ("content-type", "application/json".to_owned());
        return Ok(request("POST", "/v1/blobs/receipts".to_owned(), vec![kind], body));
    }
    if let Step::Carried(piece) = step {
        count_use(client, env, metered, piece.bytes)?;
        return Ok(sealed::request(sealed::carried(piece)));
    }
    let current = client.files.current.clone().ok_or(ClientError::new("not-found"))?;
    let from = current.offset.unwrap_or(0);
    let to = current.bytes.min(from + ATTACHMENT_CHUNK_BYTES);
    let place = format!("/v1/blobs/{}", current.sha256);
    Ok(match step {
        Step::Begin => {
            let hash = data_encoding::BASE64.encode(current.sha256.as_bytes());
            let length = ("upload-length", current.bytes.to_string());
            let metadata = ("upload-metadata", format!("sha256 {hash}"));
            request("POST", "/v1/blobs".to_owned(), vec![tus, length, metadata], nothing())
        }
        Step::Piece => {
            count_use(client, env, metered, to - from)?;
            let kind = ("content-type", "application/offset+octet-stream".to_owned());
            let headers = vec![tus, kind, ("upload-offset", from.to_string())];
            let piece = FileBody::Piece { name: current.sha256, from, to };
            request("PATCH", place, headers, piece)
        }
        Step::Sealed => {
            count_use(client, env, metered, to - from)?;
            sealed::request(FileBody::SealedPiece { sha256: current.sha256, from, to })
        }
        _ => request("HEAD", place, vec![tus], nothing()),
    })
}

/// See [`Client::file_answered`].
pub(crate) fn answered(
    client: &mut Client,
    env: &mut Env<'_>,
    request: u64,
    answer: &FileAnswer,
) -> Result<()> {
    let Some((_, step)) = client.files.in_flight.take_if(|(id, _)| *id == request) else {
        return Ok(());
    };
    match (step, answer.status, answer.offset) {
        (Step::Carried(piece), status, _) => sealed::brought(client, env, piece, status),
        (_, 401, _) => {
            client.files.backoff.fail(env);
            sync::expire_access_token(client)
        }
        (Step::Receipts, 200, _) => {
            client.files.backoff.reset();
            receipts(client, &answer.body)
        }
        (Step::Receipts, ..) => Ok(()),
        (Step::Begin, 201, Some(offset))
        | (Step::Ask, 200, Some(offset))
        | (Step::Piece | Step::Sealed, 204 | 409, Some(offset)) => has_arrived(client, env, offset),
        (Step::Begin | Step::Sealed, 404, _) => {
            put_off(client, env.now + 15 * MINUTE_MS, "file-not-wanted")
        }
        (Step::Begin, 413, _) => put_off(client, env.now + DAY_MS, "too-large"),
        (Step::Sealed, 403, _) => put_off(client, env.now + DAY_MS, "hand-in-too-late"),
        (Step::Piece | Step::Sealed, 422, _) => {
            put_off(client, env.now + 60 * MINUTE_MS, "blob-differs")
        }
        (Step::Ask | Step::Piece, 404, _) => {
            // The office has forgotten that it was coming.
            client.files.current = None;
            client.files.backoff.fail(env);
            Ok(())
        }
        _ => {
            client.files.backoff.fail(env);
            Ok(())
        }
    }
}

/// See [`Client::file_failed`].
pub(crate) fn failed(client: &mut Client, env: &mut Env<'_>, request: u64) {
    if client.files.in_flight.take_if(|(id, _)| *id == request).is_none() {
        return;
    }
    if let Some(current) = &mut client.files.current {
        current.offset = None;
    }
    client.files.backoff.fail(env);
}

/// The bytes cannot be read where they should be: nothing else waits for them.
pub(crate) fn unreadable(client: &mut Client, env: &Env<'_>, request: u64) -> Result<()> {
    match client.files.in_flight.take_if(|(id, _)| *id == request) {
        None => Ok(()),
        Some((_, Step::Carried(piece))) => {
            pieces::postpone(client.store.read(), piece, env.now + DAY_MS, "file-unreadable")
        }
        Some(_) => put_off(client, env.now + DAY_MS, "file-unreadable"),
    }
}

/// The office has this much; all of it means that it has found the hash right.
fn has_arrived(client: &mut Client, env: &Env<'_>, offset: u64) -> Result<()> {
    client.files.backoff.reset();
    let Some(current) = &mut client.files.current else { return Ok(()) };
    (current.begun, current.offset) = (true, Some(offset));
    let sql = client.store.read();
    if offset < current.bytes {
        return files::sent(sql, &current.sha256, offset);
    }
    let server_now = env.now + sync::clock_offset_ms(sql, env.now)?;
    files::receipt(sql, &current.sha256, Some(server_now), None)?;
    // This was the office's newest word; the next one is asked for after the next contact.
    client.files.asked_after = sync::last_sync_at(sql)?;
    client.files.current = None;
    Ok(())
}

fn put_off(client: &mut Client, until: i64, problem: &str) -> Result<()> {
    let Some(current) = client.files.current.take() else { return Ok(()) };
    files::postpone(client.store.read(), &current.sha256, until, problem)
}

#[derive(Deserialize)]
struct ReceiptsAnswer {
    receipts: Vec<Receipt>,
}

#[derive(Deserialize)]
struct Receipt {
    sha256: String,
    received_at: Option<i64>,
    seen_at: Option<i64>,
}

fn receipts(client: &mut Client, body: &[u8]) -> Result<()> {
    let answer: ReceiptsAnswer = serde_json::from_slice(body)
        .map_err(|error| ClientError::with_detail("answer-damaged", &error))?;
    let sql = client.store.transaction()?;
    for receipt in answer.receipts {
        files::receipt(&sql, &receipt.sha256, receipt.received_at, receipt.seen_at)?;
    }
    Ok(sql.commit()?)
}

/// The person wants them sent now, whatever the rule says, until all are there.
fn send_now(client: &mut Client) -> Result<()> {
    client.files.regardless = true;
    client.files.backoff.reset();
    files::hurry(client.store.read())?;
    client.sync.want_now();
    Ok(())
}

/// Names of copies that need not be kept any longer.
fn not_needed(client: &Client, env: &Env<'_>) -> Result<Vec<String>> {
    let sql = client.store.read();
    let server_now = env.now + sync::clock_offset_ms(sql, env.now)?;
    let seen_before = server_now - KEPT_AFTER_SEEN_MS;
    let mut names = files::not_needed(sql, seen_before, env.now - KEPT_UNNAMED_MS)?;
    names.append(&mut pieces::not_needed(sql)?);
    Ok(names)
}

/// Such a copy is gone.
fn dropped(client: &Client, name: &str) -> Result<()> {
    let sql = client.store.read();
    if pieces::dropped(sql, name)? { Ok(()) } else { files::dropped(sql, name) }
}
