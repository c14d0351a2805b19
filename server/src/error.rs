//! What callers are told when something is not done: named after what they can do about it.
//!
//! The answer is `{"error":{"code","message"}}` with a code that is also a message id
//! (`error-{code}`). Causes inside the server go to its log, never to the caller. Foreign ids
//! and unknown ids are the same [`ApiError::NotFound`].

use axum::Json;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use docket_protocol::edit::EditError;
use docket_protocol::record::path::Path;
use docket_protocol::wire::WireError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::blobs;
use crate::desk::DeskError;
use crate::held::decide::DecideError;
use crate::store::StoreError;

/// Why a request was not served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// Sign in again with the right name and password; which one was wrong is not said.
    #[error("Name and password do not fit together.")]
    WrongPassword,
    /// Renew the access token.
    #[error("The access token has expired; renew it.")]
    TokenExpired,
    /// Sign in.
    #[error("Sign in to go on. Work on your phone is kept.")]
    TokenInvalid,
    /// Sign in on this device.
    #[error("This device is not enrolled. Sign in on it; work on it is kept.")]
    UnknownDevice,
    /// Ask the administrator.
    #[error("This device was revoked. Work on it is kept; ask your administrator.")]
    DeviceRevoked,
    /// Hand in what was not sent, then leave.
    #[error("This account was closed. Work on the phone is kept and can be handed in.")]
    AccountClosed,
    /// Sync: this phone may.
    #[error("This phone can sync; there is no need to hand anything in.")]
    HandInNotNeeded,
    /// Export the work and give it to the office in person.
    #[error("It is too late to hand in this work. It is kept on the phone; export it.")]
    HandInTooLate,
    /// Say why, in fewer words.
    #[error("A reason is needed, of at most a thousand letters. Nothing was decided.")]
    BadNote,
    /// The gate does not let held work in; the code says what is wrong and the path where.
    #[error("The held work cannot be accepted: {0}. It stays held.")]
    NotAccepted(String, Path),
    /// Sign with the key that was enrolled.
    #[error("The device's signature does not fit the request.")]
    BadSignature,
    /// Send less at once.
    #[error("The request is too large. Nothing of it was kept; send less at once.")]
    TooLarge,
    /// Send the content type that this address takes.
    #[error("The request has a content type that is not taken here.")]
    WrongContentType,
    /// Send a well-formed request.
    #[error("The request cannot be read.")]
    Malformed,
    /// Update the app.
    #[error("This app is too old for the server. Update it; work on it is kept.")]
    VersionTooOld,
    /// Wait until the server has been updated.
    #[error(
        "This server is older than the app. Work on the phone is kept; it syncs once the \
             server is updated."
    )]
    ServerTooOld,
    /// There is no such thing, or it is not the caller's to know.
    #[error("There is nothing here.")]
    NotFound,
    /// Ask someone whose role allows it.
    #[error("Your role does not allow this.")]
    NotAllowed,
    /// Speak the version of the upload protocol that the answer names.
    #[error("Files are brought by tus 1.0.0.")]
    UploadVersion,
    /// Read the file again, and bring it from its beginning.
    #[error("What came is not the file that was announced. All of it was thrown away.")]
    BlobDiffers,
    /// Wait, then try again.
    #[error("Too many requests. Try again in a minute.")]
    TooManyRequests,
    /// Correct the edit; the code says what is wrong and the path where.
    #[error("The edit was not made: {0}.")]
    Edit(EditError),
    /// Try again later; the server is busy, or its disk is full.
    #[error("The server cannot take this now. Nothing was changed; try again later.")]
    Unavailable,
    /// Tell the administrator.
    #[error("The server failed. Nothing was changed.")]
    Internal,
}

impl ApiError {
    /// The code in the answer, and of the message id.
    pub fn code(&self) -> &str {
        match self {
            Self::WrongPassword => "wrong-password",
            Self::TokenExpired => "token-expired",
            Self::TokenInvalid => "token-invalid",
            Self::UnknownDevice => "unknown-device",
            Self::DeviceRevoked => "device-revoked",
            Self::AccountClosed => "account-closed",
            Self::HandInNotNeeded => "hand-in-not-needed",
            Self::HandInTooLate => "hand-in-too-late",
            Self::BadNote => "bad-note",
            Self::NotAccepted(code, _) => code,
            Self::BadSignature => "bad-signature",
            Self::TooLarge => "too-large",
            Self::WrongContentType => "wrong-content-type",
            Self::Malformed => "malformed",
            Self::VersionTooOld => "version-too-old",
            Self::ServerTooOld => "server-too-old",
            Self::NotFound => "not-found",
            Self::NotAllowed => "not-allowed",
            Self::UploadVersion => "upload-version",
            Self::BlobDiffers => "blob-differs",
            Self::TooManyRequests => "too-many-requests",
            Self::Edit(error) => error.code,
            Self::Unavailable => "server-unavailable",
            Self::Internal => "server-failed",
        }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::WrongPassword | Self::TokenExpired | Self::TokenInvalid => {
                StatusCode::UNAUTHORIZED
            }
            Self::UnknownDevice
            | Self::DeviceRevoked
            | Self::AccountClosed
            | Self::HandInTooLate
            | Self::BadSignature
            | Self::NotAllowed => StatusCode::FORBIDDEN,
            Self::HandInNotNeeded => StatusCode::CONFLICT,
            Self::BadNote | Self::NotAccepted(..) | Self::BlobDiffers => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::UploadVersion => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::WrongContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::VersionTooOld => StatusCode::UPGRADE_REQUIRED,
            Self::ServerTooOld => StatusCode::NOT_IMPLEMENTED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Edit(error) => match error.code {
                "not-allowed" => StatusCode::FORBIDDEN,
                "already-there" => StatusCode::CONFLICT,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            },
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// The body of every answer that is not a success.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorAnswer {
    error: ErrorBody,
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
struct ErrorBody {
    /// Stable code; the word catalog has `error-{code}`.
    code: String,
    /// One sentence in English.
    message: String,
    /// The field, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    path: Option<Path>,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let path = match &self {
            Self::Edit(error) => Some(error.path.clone()),
            Self::NotAccepted(_, path) if !path.as_str().is_empty() => Some(path.clone()),
            _ => None,
        };
        let body = ErrorBody { code: self.code().to_owned(), message: self.to_string(), path };
        let mut response = (self.status(), Json(ErrorAnswer { error: body })).into_response();
        let headers = response.headers_mut();
        match self {
            Self::TooManyRequests => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
            }
            Self::Unavailable => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            }
            Self::UploadVersion => headers.extend(blobs::supported()),
            Self::TokenExpired | Self::TokenInvalid => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            _ => {}
        }
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy | StoreError::Full | StoreError::Stopped => {
                tracing::warn!(%error, "the store is not available");
                Self::Unavailable
            }
            StoreError::Panicked | StoreError::Damaged(_) | StoreError::Sql(_) => {
                tracing::error!(%error, "the store failed");
                Self::Internal
            }
        }
    }
}

impl From<rusqlite::Error> for ApiError {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<std::io::Error> for ApiError {
    /// A disk that is full or fails, where files lie; a later attempt may find it mended.
    fn from(error: std::io::Error) -> Self {
        tracing::error!(%error, "a file cannot be kept or read");
        Self::Unavailable
    }
}

impl From<DeskError> for ApiError {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::NotFound => Self::NotFound,
            DeskError::Refused(error) => Self::Edit(error),
            DeskError::Store(error) => error.into(),
        }
    }
}

impl From<DecideError> for ApiError {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::NotFound => Self::NotFound,
            DecideError::NotAllowed => Self::NotAllowed,
            DecideError::Note => Self::BadNote,
            DecideError::Refused(code, path) => Self::NotAccepted(code, path),
            DecideError::Store(error) => error.into(),
        }
    }
}

impl From<BytesRejection> for ApiError {
    /// Too long is the sender's to mend; a body that broke off on its way comes again.
    fn from(rejection: BytesRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            _ => Self::Unavailable,
        }
    }
}

impl From<WireError> for ApiError {
    fn from(error: WireError) -> Self {
        match error {
            WireError::TooLarge(_) | WireError::TooManyItems(_) => Self::TooLarge,
            WireError::Codec | WireError::Deflate | WireError::Cbor(_) | WireError::Trailing(_) => {
                Self::Malformed
            }
        }
    }
}
