//! What a caller is told when something does not work: a status, a code, one plain sentence.
//!
//! Variants are named after what the caller can do about it. Internal text goes to the server's
//! own log and never into an answer. Foreign ids and unknown ids are the same [`ApiError::NotFound`].

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use docket_protocol::edit::EditError;
use docket_protocol::record::path::Path;
use serde::Serialize;
use utoipa::ToSchema;

use crate::store::StoreError;

/// An answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// Name and password do not fit together; which one is wrong is not said.
    #[error("Name and password do not fit together.")]
    WrongPassword,
    /// No token, or none of ours.
    #[error("Sign in to go on. Work on your phone is kept.")]
    TokenInvalid,
    /// The access token has ended; a refresh token gets a new one.
    #[error("The session has to be renewed.")]
    TokenExpired,
    /// A refresh token was used after its successor: the session is ended.
    #[error("This session was ended because its token was used twice. Sign in again.")]
    TokenReplayed,
    /// The device was never enrolled, or belongs to somebody else.
    #[error("This device is not enrolled. Sign in on it; work on it is kept.")]
    UnknownDevice,
    /// The device was revoked.
    #[error("This device was revoked. Work on it is kept; ask your administrator.")]
    DeviceRevoked,
    /// A device's signature does not fit.
    #[error("The device's signature does not fit the request.")]
    BadSignature,
    /// The caller may see this but not do it.
    #[error("Your role does not allow this.")]
    NotAllowed,
    /// There is no such thing, or it is not the caller's to know.
    #[error("There is nothing here.")]
    NotFound,
    /// The body or a parameter cannot be read.
    #[error("The request cannot be read.")]
    Malformed,
    /// The body has another type than this address takes.
    #[error("The request has a content type that is not taken here.")]
    WrongContentType,
    /// The body is larger than allowed, as it came or once inflated.
    #[error("The request is too large. Nothing of it was kept; send less at once.")]
    TooLarge,
    /// The phone app is older than this server still understands.
    #[error("This app is too old for the server. Update it; work on it is kept.")]
    VersionTooOld,
    /// Too many tries or too much at once.
    #[error("Too many requests. Try again in a minute.")]
    TooManyRequests,
    /// An edit does not pass the field rules.
    #[error("The edit was not made.")]
    Edit(EditError),
    /// The disk is full.
    #[error("The server's disk is full. Nothing was changed; try again later.")]
    StorageFull,
    /// Something is wrong on our side.
    #[error("The server cannot do this now. Nothing was changed; try again later.")]
    Unavailable,
}

/// The body of every such answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// What went wrong.
    pub error: ErrorDetail,
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorDetail {
    /// Stable code; the word catalog has `error-{code}`.
    pub code: &'static str,
    /// One sentence in English.
    pub message: String,
    /// The field, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub path: Option<Path>,
}

impl ApiError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongPassword => "wrong-password",
            Self::TokenInvalid => "token-invalid",
            Self::TokenExpired => "token-expired",
            Self::TokenReplayed => "token-replayed",
            Self::UnknownDevice => "unknown-device",
            Self::DeviceRevoked => "device-revoked",
            Self::BadSignature => "bad-signature",
            Self::NotAllowed => "not-allowed",
            Self::NotFound => "not-found",
            Self::Malformed => "malformed",
            Self::WrongContentType => "wrong-content-type",
            Self::TooLarge => "too-large",
            Self::VersionTooOld => "version-too-old",
            Self::TooManyRequests => "too-many-requests",
            Self::Edit(error) => error.code,
            Self::StorageFull => "storage-full",
            Self::Unavailable => "unavailable",
        }
    }

    /// HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::WrongPassword | Self::TokenInvalid | Self::TokenExpired | Self::TokenReplayed => {
                StatusCode::UNAUTHORIZED
            }
            Self::UnknownDevice | Self::DeviceRevoked | Self::BadSignature | Self::NotAllowed => {
                StatusCode::FORBIDDEN
            }
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::WrongContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::VersionTooOld => StatusCode::UPGRADE_REQUIRED,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Edit(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::StorageFull,
            StoreError::Busy => Self::TooManyRequests,
            other => {
                tracing::error!(error = %other, "the store did not do what was asked");
                Self::Unavailable
            }
        }
    }
}

impl From<rusqlite::Error> for ApiError {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let path = match &self {
            Self::Edit(error) => Some(error.path.clone()),
            _ => None,
        };
        let detail = ErrorDetail { code: self.code(), message: self.to_string(), path };
        let mut response = (self.status(), Json(ErrorBody { error: detail })).into_response();
        if self == Self::TooManyRequests {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response
    }
}
