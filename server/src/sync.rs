//! One round trip: what the phone has goes in, what it lacks comes back.
//!
//! Verification needs no database and happens first; then readers judge what is pushed, several
//! records at once; then everything of a request that pushes is written in one transaction, and
//! answered after it is on disk. A request that only pulls never takes the writer's turn.

use std::sync::Arc;

use docket_protocol::ids::{RecordId, Seq};
use docket_protocol::items;
use docket_protocol::limits::{
    INFLATED_BYTES_MAX, PUSH_CHANGES_MAX, PUSH_RECORDS_MAX, REQUEST_ITEMS_MAX,
};
use docket_protocol::wire::{
    self, Cursor, HandBack, RecordPush, RecordVerdicts, SyncEnvelope, SyncRequest, SyncResponse,
    VERSION, Verdict,
};
use ed25519_dalek::{Signature, VerifyingKey};
use minicbor::Decode;
use rusqlite::Connection;

use crate::app::App;
use crate::auth::caller::Phone;
use crate::error::ApiError;
use crate::ingest::ahead::Ahead;
use crate::ingest::stages::{DecodedPush, Sender};
use crate::ingest::{self, Budget, DecodedHandBack, decode_pushes, shares};
use crate::people;
use crate::pull::{self, OwnRows, Page};
use crate::reports::fleet::Saying;
use crate::store::{StoreError, WriteTx};

/// Answers one packed request.
pub async fn exchange(app: &App, phone: Phone, packed: Vec<u8>) -> Result<SyncResponse, ApiError> {
    let key = phone.key;
    let open = move || {
        let request = open_envelope::<SyncRequest>(&key, &packed, wire::signed_bytes)?;
        let shares = shares(&request.pushes);
        Ok::<_, ApiError>((request, shares))
    };
    let (request, shares) = off_thread(open).await??;
    check_version(request.version)?;
    within_limits(&request)?;
    if request.device != phone.device {
        return Err(ApiError::UnknownDevice);
    }
    let (cursor, saying) = (request.cursor, Saying::of(&request));
    let answer = if request.pushes.is_empty() && request.hand_backs.is_empty() {
        let (scope, key, nothing) = (phone.scope, app.keys.attest, OwnRows::new());
        let (asked, now) = (saying.clone(), app.clock.now_ms());
        let read = move |sql: &_| {
            let page = pull::page(sql, &key, &scope, cursor, &nothing)?;
            Ok::<_, StoreError>((page, asked.is_news(sql, now)?))
        };
        let (page, is_news) = app.store.try_read(read).await?;
        if is_news {
            let noted: Result<(), StoreError> =
                app.store.write(move |tx| Ok(saying.note(tx.sql, now)?)).await;
            // A full disk must not keep anybody from what is there to read.
            if let Err(error) = noted {
                tracing::warn!(%error, "what a phone says of itself was not kept");
            }
        }
        Answered { page, ..Answered::default() }
    } else {
        let sent = Sent::read(app, &phone, request, shares).await?;
        app.store
            .write(move |tx| {
                saying.note(tx.sql, tx.now)?;
                sent.judge(tx, &phone, cursor)
            })
            .await?
    };
    Ok(answer.into_response(app.clock.now_ms()))
}

/// What a phone sent, before it is the writer's turn.
enum Sent {
    /// Judged by readers, each record as it was then.
    Judged(Arc<Vec<RecordPush>>, Vec<Ahead>),
    /// Read and not yet judged: new work may stand on what comes back with it.
    Read(Vec<DecodedHandBack>, Vec<DecodedPush>),
}

impl Sent {
    async fn read(
        app: &App,
        phone: &Phone,
        request: SyncRequest,
        shares: Vec<Budget>,
    ) -> Result<Self, ApiError> {
        let SyncRequest { pushes, hand_backs, cursor, .. } = request;
        if !hand_backs.is_empty() {
            return off_thread(move || Self::decode(pushes, hand_backs)).await;
        }
        let pushes = Arc::new(pushes);
        let judged = judge_ahead(app, phone, &pushes, shares, cursor).await?;
        Ok(Self::Judged(pushes, judged))
    }

    fn decode(pushes: Vec<RecordPush>, mut hand_backs: Vec<HandBack>) -> Self {
        let handed = hand_backs.iter_mut().map(|back| {
            let (record, changes) = (back.record, std::mem::take(&mut back.changes));
            RecordPush { record, changes }
        });
        // Together, because together they may not cost more than one request may.
        let all: Vec<RecordPush> = handed.chain(pushes).collect();
        let mut decoded = decode_pushes(&all).into_iter();
        let hand_backs = hand_backs.into_iter().zip(decoded.by_ref());
        let hand_backs = hand_backs.map(|(back, push)| DecodedHandBack::new(push, back)).collect();
        Self::Read(hand_backs, decoded.collect())
    }

    /// Everything of one request in one transaction. What comes back goes in first.
    fn judge(
        self,
        tx: &mut WriteTx<'_>,
        phone: &Phone,
        cursor: Option<Cursor>,
    ) -> Result<Answered, StoreError> {
        let sender = sender(tx.sql, phone, cursor)?;
        let mut answer = Answered::default();
        let mut own = OwnRows::new();
        match self {
            Self::Judged(pushes, judged) => {
                for (push, ahead) in pushes.iter().zip(judged) {
                    let verdicts = ahead.write(tx, &sender, push)?;
                    answer.verdicts.push(answered(&mut own, push.record, verdicts));
                }
            }
            Self::Read(hand_backs, pushes) => {
                for back in hand_backs {
                    let record = back.record();
                    let verdicts = ingest::hand_back(tx, &sender, back)?;
                    answer.handed_back.push(answered(&mut own, record, verdicts));
                }
                for push in pushes {
                    let record = push.record;
                    let verdicts = ingest::push(tx, &sender, push)?;
                    answer.verdicts.push(answered(&mut own, record, verdicts));
                }
            }
        }
        answer.page = pull::page(tx.sql, &tx.keys.attest, &phone.scope, cursor, &own)?;
        Ok(answer)
    }
}

/// Whose push it is, with the role they had as far as their phone could know.
fn sender<'a>(
    sql: &Connection,
    phone: &'a Phone,
    cursor: Option<Cursor>,
) -> Result<Sender<'a>, StoreError> {
    let Phone { scope, device, key } = phone;
    let seen = cursor.map_or(Seq(0), |cursor| cursor.seq);
    let former_role = people::former_role(sql, scope, seen)?;
    Ok(Sender { scope, device: *device, device_key: key, former_role })
}

/// Judges each record's push on a reader, within its share of what a request may cost.
async fn judge_ahead(
    app: &App,
    phone: &Phone,
    pushes: &Arc<Vec<RecordPush>>,
    shares: Vec<Budget>,
    cursor: Option<Cursor>,
) -> Result<Vec<Ahead>, StoreError> {
    let (documents, phone) = (app.store.documents().clone(), phone.clone());
    let all = Arc::clone(pushes);
    let judge = move |sql: &Connection, place: usize| {
        let sender = sender(sql, &phone, cursor)?;
        ingest::ahead::judge_ahead(sql, &documents, &sender, &all[place], shares[place])
    };
    app.store.read_each(pushes.len(), judge).await
}

#[derive(Default)]
struct Answered {
    verdicts: Vec<RecordVerdicts>,
    handed_back: Vec<RecordVerdicts>,
    page: Page,
}

impl Answered {
    fn into_response(self, now: i64) -> SyncResponse {
        let Self { mut verdicts, mut handed_back, page } = self;
        for answer in verdicts.iter_mut().chain(&mut handed_back) {
            answer.attest = page.words.get(&answer.record).copied();
        }
        SyncResponse {
            verdicts,
            items: page.items,
            cursor: page.cursor,
            more: page.more,
            server_time: now,
            rewound: page.rewound,
            digest: page.digest,
            handed_back,
        }
    }
}

/// The words on one record's changes; what was accepted need not come back.
fn answered(own: &mut OwnRows, record: RecordId, verdicts: Vec<Verdict>) -> RecordVerdicts {
    for verdict in &verdicts {
        if let Verdict::Accepted(seq) = verdict {
            own.entry(record).or_default().insert(*seq);
        }
    }
    RecordVerdicts { record, verdicts, attest: None }
}

/// Reads a request that is signed by this phone's key.
pub(crate) fn open_envelope<T: for<'b> Decode<'b, ()>>(
    key: &VerifyingKey,
    packed: &[u8],
    signed_bytes: fn(&[u8]) -> Vec<u8>,
) -> Result<T, ApiError> {
    let envelope: SyncEnvelope = wire::unpack(packed, INFLATED_BYTES_MAX)?;
    let signature = Signature::from_bytes(&envelope.signature);
    key.verify_strict(&signed_bytes(&envelope.body), &signature)
        .map_err(|_| ApiError::BadSignature)?;
    items::at_most(&envelope.body, REQUEST_ITEMS_MAX)?;
    Ok(wire::from_cbor(&envelope.body)?)
}

/// Whether this server speaks the phone's version of the wire.
pub(crate) fn check_version(version: u32) -> Result<(), ApiError> {
    if version > VERSION {
        return Err(ApiError::ServerTooOld);
    }
    if is_too_old(version) { Err(ApiError::VersionTooOld) } else { Ok(()) }
}

/// Whether a phone with this version of the wire may only hand in its work: N, N-1 and N-2 sync.
pub(crate) fn is_too_old(version: u32) -> bool {
    version == 0 || version + 2 < VERSION
}

/// Whether a request is of a size that is judged at all.
pub(crate) fn within_limits(request: &SyncRequest) -> Result<(), ApiError> {
    let within = request.pushes.len() + request.hand_backs.len() <= PUSH_RECORDS_MAX
        && request.pushes.iter().all(|push| push.changes.len() <= PUSH_CHANGES_MAX)
        && request.hand_backs.iter().all(|back| back.changes.len() <= PUSH_CHANGES_MAX);
    if within { Ok(()) } else { Err(ApiError::TooLarge) }
}

/// Work that would hold up other requests runs beside them.
pub(crate) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| ApiError::Internal)
}
