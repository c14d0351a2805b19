//! `POST /v1/parcels`: an evacuation file, brought by anybody of the organisation. The console's
//! `/hand-in` takes the same files.
//!
//! Each batch in it is signed by the phone it comes from, and counts as if that phone had sent it:
//! it goes through the gate under its author, as often as it comes. A phone that may not sync any
//! more has its work held, as at the door for such phones ([`crate::hand_in`]).

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use docket_protocol::ids::{Seq, TenantId};
use docket_protocol::wire::{self, HandInAnswer, Parcel, RecordPush, RecordVerdicts, SyncEnvelope};

use crate::app::App;
use crate::auth::caller::Caller;
use crate::error::ApiError;
use crate::hand_in::{self, Phone};
use crate::ingest::stages::Sender;
use crate::ingest::{self, decode_pushes};
use crate::keys::Keys;
use crate::{people, sync};

/// Far more than a phone fills: each is as large as a whole request.
const BATCHES_MAX: usize = 16;

/// Takes a file; answers with a word on every change, in order.
pub async fn take(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<impl IntoResponse, ApiError> {
    if headers.get(CONTENT_TYPE).is_none_or(|value| value != wire::CONTENT_TYPE) {
        return Err(ApiError::WrongContentType);
    }
    let Taken { verdicts, .. } = take_file(&app, caller.scope().tenant, body?).await?;
    let answer = HandInAnswer { verdicts, server_time: app.clock.now_ms() };
    let packed = sync::off_thread(move || wire::pack(&answer)).await?;
    Ok(([(CONTENT_TYPE, wire::CONTENT_TYPE)], packed))
}

/// A file that was taken.
#[derive(Debug)]
pub(crate) struct Taken {
    /// Whose phone wrote it, and when by its clock, as the file says.
    pub(crate) person: String,
    pub(crate) made_at: i64,
    /// A word on every change, in order.
    pub(crate) verdicts: Vec<RecordVerdicts>,
}

/// Takes a file, whoever brings it.
pub(crate) async fn take_file(app: &App, tenant: TenantId, file: Bytes) -> Result<Taken, ApiError> {
    let keys = app.keys.clone();
    let opened = sync::off_thread(move || opened(&file, &keys)).await??;
    if opened.batches.len() > BATCHES_MAX {
        return Err(ApiError::TooLarge);
    }
    let mut verdicts = Vec::new();
    for batch in opened.batches {
        verdicts.extend(take_batch(app, tenant, batch).await?);
    }
    Ok(Taken { person: opened.person, made_at: opened.made_at, verdicts })
}

/// What the file holds for us. One that is sealed to another office comes from a phone that is
/// none of ours, or that was before our keys were lost.
fn opened(file: &[u8], keys: &Keys) -> Result<Parcel, ApiError> {
    Parcel::from_file(file)?.open(&keys.countersign).map_err(|_| ApiError::BadSignature)
}

async fn take_batch(
    app: &App,
    tenant: TenantId,
    envelope: SyncEnvelope,
) -> Result<Vec<RecordVerdicts>, ApiError> {
    let request = hand_in::read(&envelope)?;
    let phone = hand_in::sender(app, &envelope, &request).await?;
    if phone.tenant != tenant {
        return Err(ApiError::BadSignature);
    }
    let seen = request.cursor.map_or(Seq(0), |cursor| cursor.seq);
    match phone.reason(&request, app.clock.now_ms()) {
        Ok(reason) => hand_in::hold(app, phone, reason, request.pushes).await,
        Err(ApiError::HandInNotNeeded) => push(app, phone, seen, request.pushes).await,
        Err(error) => Err(error),
    }
}

/// As if the phone had sent it.
async fn push(
    app: &App,
    phone: Phone,
    seen: Seq,
    pushes: Vec<RecordPush>,
) -> Result<Vec<RecordVerdicts>, ApiError> {
    let pushes = sync::off_thread(move || decode_pushes(&pushes)).await?;
    app.store
        .write(move |tx| {
            let scope = phone.scope();
            let former_role = people::former_role(tx.sql, &scope, seen)?;
            let (device, device_key) = (phone.device, &phone.key);
            let sender = Sender { scope: &scope, device, device_key, former_role };
            let mut answered = Vec::with_capacity(pushes.len());
            for push in pushes {
                let record = push.record;
                let verdicts = ingest::push(tx, &sender, push)?;
                answered.push(RecordVerdicts { record, verdicts, attest: None });
            }
            Ok::<_, ApiError>(answered)
        })
        .await
}
