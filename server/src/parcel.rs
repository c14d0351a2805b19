//! `POST /v1/parcels`: an evacuation file, brought by anybody of the organisation. The console's
//! `/hand-in` takes the same files.
//!
//! Each batch in it is signed by the phone it comes from, and counts as if that phone had sent it:
//! it goes through the gate under its author, as often as it comes. A phone that may not sync any
//! more has its work held, as at the door for such phones ([`crate::hand_in`]).

use std::pin::pin;

use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use docket_protocol::ids::{Seq, TenantId};
use docket_protocol::wire::{
    self, EvacuationReader, HandInAnswer, Parcel, RecordPush, RecordVerdicts, SyncEnvelope,
};
use tokio_stream::{Stream, StreamExt};

use crate::app::App;
use crate::auth::caller::Caller;
use crate::error::ApiError;
use crate::hand_in::{self, Phone};
use crate::ingest::stages::Sender;
use crate::ingest::{self, decode_pushes};
use crate::keys::Keys;
use crate::{people, piece, sync};

/// Far more than a phone fills: each is as large as a whole request.
const BATCHES_MAX: usize = 16;

/// Takes a file; answers with a word on every change, in order.
pub async fn take(
    State(app): State<App>,
    caller: Caller,
    request: Request,
) -> Result<impl IntoResponse, ApiError> {
    if request.headers().get(CONTENT_TYPE).is_none_or(|value| value != wire::CONTENT_TYPE) {
        return Err(ApiError::WrongContentType);
    }
    let file = request.into_limited_body().into_data_stream();
    let Taken { verdicts, .. } = take_file(&app, caller.scope().tenant, file).await?;
    let answer = HandInAnswer { verdicts, server_time: app.clock.now_ms() };
    let packed = sync::off_thread(move || wire::pack(&answer)).await?;
    Ok(([(CONTENT_TYPE, wire::CONTENT_TYPE)], packed))
}

/// A file that was taken.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// Whose phone wrote it, and when by its clock, as the file says.
    pub(crate) person: String,
    pub(crate) made_at: i64,
    /// A word on every change, in order.
    pub(crate) verdicts: Vec<RecordVerdicts>,
    /// How many photos and files are here now, all of each.
    pub(crate) files: usize,
    /// How many pieces of files are not: no record names them, or they do not go on.
    pub(crate) pieces_left: usize,
}

/// Takes a file as it comes, whoever brings it: first the parcel, then each piece behind it.
///
/// What was taken before something is wrong stays taken; the file may be brought again.
pub(crate) async fn take_file<E>(
    app: &App,
    tenant: TenantId,
    file: impl Stream<Item = Result<Bytes, E>>,
) -> Result<Taken, ApiError> {
    let mut file = pin!(file);
    let mut reader = EvacuationReader::default();
    let mut taken = None;
    while let Some(bytes) = file.next().await {
        reader.feed(&bytes.map_err(|_| ApiError::Malformed)?);
        while let Some(part) = reader.next_part()? {
            match &mut taken {
                None => taken = Some(take_parcel(app, tenant, part).await?),
                Some(taken) => take_piece(app, part, taken).await?,
            }
        }
    }
    match (reader.finish()?, taken) {
        (Some(parcel), _) => take_parcel(app, tenant, parcel).await,
        (None, taken) => taken.ok_or(ApiError::Malformed),
    }
}

async fn take_parcel(app: &App, tenant: TenantId, parcel: Vec<u8>) -> Result<Taken, ApiError> {
    let keys = app.keys.clone();
    let opened = sync::off_thread(move || opened(&parcel, &keys)).await??;
    if opened.batches.len() > BATCHES_MAX {
        return Err(ApiError::TooLarge);
    }
    let mut verdicts = Vec::new();
    for batch in opened.batches {
        verdicts.extend(take_batch(app, tenant, batch).await?);
    }
    let Parcel { person, made_at, .. } = opened;
    Ok(Taken { person, made_at, verdicts, ..Taken::default() })
}

async fn take_piece(app: &App, sealed: Vec<u8>, taken: &mut Taken) -> Result<(), ApiError> {
    match piece::take_piece(app, sealed.into()).await {
        Ok(piece) if piece.goes_on => taken.files += usize::from(piece.is_whole),
        Ok(_) => taken.pieces_left += 1,
        Err(error) if error.status().is_client_error() => taken.pieces_left += 1,
        Err(error) => return Err(error),
    }
    Ok(())
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
