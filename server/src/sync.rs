//! One round trip: what the phone has goes in, what it lacks comes back.
//!
//! Verification and decoding need no database and happen first; then everything of a request
//! that pushes is one transaction, answered after it is on disk. A request that only pulls
//! never takes the writer's turn.

use docket_protocol::ids::{RecordId, Seq};
use docket_protocol::items;
use docket_protocol::limits::{
    INFLATED_BYTES_MAX, PUSH_CHANGES_MAX, PUSH_RECORDS_MAX, REQUEST_ITEMS_MAX,
};
use docket_protocol::wire::{
    self, Cursor, RecordVerdicts, SyncEnvelope, SyncRequest, SyncResponse, VERSION, Verdict,
};
use ed25519_dalek::{Signature, VerifyingKey};

use crate::app::App;
use crate::auth::caller::Phone;
use crate::error::ApiError;
use crate::ingest::stages::{DecodedPush, Sender};
use crate::ingest::{self, decode_pushes};
use crate::people;
use crate::pull::{self, OwnRows, Page};
use crate::store::StoreError;

/// Answers one packed request with a packed response.
pub async fn exchange(app: &App, phone: Phone, packed: Vec<u8>) -> Result<Vec<u8>, ApiError> {
    let key = phone.key;
    let request = off_thread(move || open_envelope(&key, &packed)).await??;
    if request.device != phone.device {
        return Err(ApiError::UnknownDevice);
    }
    let cursor = request.cursor;
    let pushes = request.pushes;
    let (verdicts, page) = if pushes.is_empty() {
        let scope = phone.scope;
        let nothing = OwnRows::new();
        let page = app.store.try_read(move |sql| pull::page(sql, &scope, cursor, &nothing)).await?;
        (Vec::new(), page)
    } else {
        let decode = move || decode_pushes(&pushes);
        push_and_pull(app, phone, off_thread(decode).await?, cursor).await?
    };
    let response = SyncResponse {
        verdicts,
        items: page.items,
        cursor: page.cursor,
        more: page.more,
        server_time: app.clock.now_ms(),
        rewound: page.rewound,
        digest: None,
        handed_back: Vec::new(),
    };
    off_thread(move || wire::pack(&response)).await
}

async fn push_and_pull(
    app: &App,
    phone: Phone,
    pushes: Vec<DecodedPush>,
    cursor: Option<Cursor>,
) -> Result<(Vec<RecordVerdicts>, Page), StoreError> {
    app.store
        .write(move |tx| {
            let seen = cursor.map_or(Seq(0), |cursor| cursor.seq);
            let former_role = people::former_role(tx.sql, &phone.scope, seen)?;
            let Phone { scope, device, key } = &phone;
            let sender = Sender { scope, device: *device, device_key: key, former_role };
            let mut answered = Vec::with_capacity(pushes.len());
            let mut own = OwnRows::new();
            for push in pushes {
                let record = push.record;
                let verdicts = ingest::push(tx, &sender, push)?;
                note_accepted(&mut own, record, &verdicts);
                answered.push(RecordVerdicts { record, verdicts, attest: None });
            }
            let page = pull::page(tx.sql, &phone.scope, cursor, &own)?;
            Ok((answered, page))
        })
        .await
}

fn note_accepted(own: &mut OwnRows, record: RecordId, verdicts: &[Verdict]) {
    for verdict in verdicts {
        if let Verdict::Accepted(seq) = verdict {
            own.entry(record).or_default().insert(*seq);
        }
    }
}

fn open_envelope(key: &VerifyingKey, packed: &[u8]) -> Result<SyncRequest, ApiError> {
    let envelope: SyncEnvelope = wire::unpack(packed, INFLATED_BYTES_MAX)?;
    let signature = Signature::from_bytes(&envelope.signature);
    key.verify_strict(&wire::signed_bytes(&envelope.body), &signature)
        .map_err(|_| ApiError::BadSignature)?;
    items::at_most(&envelope.body, REQUEST_ITEMS_MAX)?;
    let request: SyncRequest = wire::from_cbor(&envelope.body)?;
    if is_too_old(request.version) || request.version > VERSION {
        return Err(ApiError::VersionTooOld);
    }
    within_limits(&request)?;
    Ok(request)
}

/// Whether a phone with this version of the wire may only hand in its work: N, N-1 and N-2 sync.
pub(crate) fn is_too_old(version: u32) -> bool {
    version == 0 || version + 2 < VERSION
}

/// Whether a request is of a size that is judged at all.
pub(crate) fn within_limits(request: &SyncRequest) -> Result<(), ApiError> {
    let within = request.pushes.len() <= PUSH_RECORDS_MAX
        && request.pushes.iter().all(|push| push.changes.len() <= PUSH_CHANGES_MAX);
    if within { Ok(()) } else { Err(ApiError::TooLarge) }
}

/// Work that would hold up other requests runs beside them.
pub(crate) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| ApiError::Internal)
}
