//! `POST /v1/hand-in`: see [`crate::hand_in`].

use std::net::SocketAddr;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use docket_protocol::wire;

use crate::app::App;
use crate::error::ApiError;
use crate::hand_in;

/// Takes what a withdrawn phone has not sent.
pub async fn take(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<impl IntoResponse, ApiError> {
    if headers.get(CONTENT_TYPE).is_none_or(|value| value != wire::CONTENT_TYPE) {
        return Err(ApiError::WrongContentType);
    }
    let answer = hand_in::take(&app, &peer.ip().to_string(), body?.into()).await?;
    Ok(([(CONTENT_TYPE, wire::CONTENT_TYPE)], answer))
}
