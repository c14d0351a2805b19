//! `POST /v1/pieces`: a piece of a photo or file that its own phone cannot bring in the ordinary
//! way, because it has no coverage and somebody else carries it, or may not sync any more.
//!
//! No token: a piece is sealed to us and signed by the phone it comes from, and counts as brought
//! by that phone's person, who must have added the file, or have work that waits for a decision
//! and names it. So whoever carries it gains nothing, and nothing comes but what a record names.

use std::net::SocketAddr;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use docket_protocol::limits::{ATTACHMENT_BYTES_MAX, ATTACHMENT_CHUNK_BYTES};
use docket_protocol::wire::{FilePiece, OpenedPiece};

use crate::api::blobs::at;
use crate::app::App;
use crate::blobs::BlobHash;
use crate::bring::{self, Come};
use crate::error::ApiError;
use crate::hand_in::Phone;
use crate::sync;

const CONTENT_TYPE: &str = "application/octet-stream";

/// Takes one sealed piece; says how much of its file is here.
pub async fn take(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    sealed: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    if headers.get(header::CONTENT_TYPE).is_none_or(|value| value != CONTENT_TYPE) {
        return Err(ApiError::WrongContentType);
    }
    app.throttle.count_piece(&peer.ip().to_string(), app.clock.now_ms())?;
    let sealed = sealed?;
    // Whoever is cut off does not stop what the piece has begun.
    let taking = tokio::spawn(async move { take_piece(&app, sealed).await });
    Ok(match taking.await.map_err(|_| ApiError::Internal)?? {
        Taken { goes_on: true, here, .. } => at(StatusCode::NO_CONTENT, here),
        Taken { here, .. } => at(StatusCode::CONFLICT, here),
    })
}

/// What became of a piece.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    /// How much of the file is here.
    pub(crate) here: u64,
    /// The file is here up to the end of this piece, or further; otherwise nothing was written.
    pub(crate) goes_on: bool,
    /// It was the file's last piece, and all of the file is here.
    pub(crate) is_whole: bool,
}

/// Takes a sealed piece, whoever brings it.
pub(crate) async fn take_piece(app: &App, sealed: Bytes) -> Result<Taken, ApiError> {
    let keys = app.keys.clone();
    let open = move || OpenedPiece::open(&sealed, &keys.countersign);
    let opened = sync::off_thread(open).await?.map_err(|_| ApiError::BadSignature)?;
    let device = opened.piece.device;
    let phone = app.store.try_read(move |sql| Phone::find(sql, device)).await?;
    if !opened.is_signed_by(&phone.key) {
        return Err(ApiError::BadSignature);
    }
    phone.in_time(app.clock.now_ms())?;
    let FilePiece { sha256, bytes, from, piece, .. } = opened.piece;
    let until = from.saturating_add(piece.len() as u64);
    let too_large = bytes > ATTACHMENT_BYTES_MAX || piece.len() as u64 > ATTACHMENT_CHUNK_BYTES;
    if too_large || until > bytes || piece.is_empty() {
        return Err(ApiError::Malformed);
    }
    let hash = BlobHash::parse(&sha256).ok_or(ApiError::Malformed)?;
    let (upload, here) = bring::begun(app, phone.scope(), hash, bytes).await?;
    let is_last = until == bytes;
    let taken = |here| Taken { here, goes_on: here >= until, is_whole: is_last && here == bytes };
    let Some(known) = here.checked_sub(from).filter(|_| here < until) else {
        return Ok(taken(here));
    };
    let rest = Bytes::from(Vec::from(piece)).slice(usize::try_from(known).unwrap_or(0)..);
    let (Come::Upto(here) | Come::Elsewhere(here)) = bring::keep(app, upload, here, rest).await?;
    Ok(taken(here))
}
