//! What can go wrong on the phone, in words a person can act on.
//!
//! Every error is a code (`error-{code}` in the word catalog) and, where it helps, the field.
//! After any error the store is as it was before the call.

use docket_protocol::edit::EditError;
use docket_protocol::record::path::Path;
use serde::Serialize;

/// An error as the screen gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{code} {path}: {detail}")]
pub struct ClientError {
    /// Message id without `error-`.
    pub code: &'static str,
    /// The field, empty when it is not about one.
    pub path: Path,
    /// For a report to the makers; never shown as the main text.
    pub detail: String,
}

impl ClientError {
    /// An error that is not about a field.
    pub fn new(code: &'static str) -> Self {
        Self { code, path: Path::default(), detail: String::new() }
    }

    /// The same with technical detail.
    pub fn with_detail(code: &'static str, detail: &dyn std::fmt::Display) -> Self {
        Self { detail: detail.to_string(), ..Self::new(code) }
    }
}

impl From<EditError> for ClientError {
    fn from(error: EditError) -> Self {
        Self { code: error.code, path: error.path, detail: String::new() }
    }
}

impl From<rusqlite::Error> for ClientError {
    fn from(error: rusqlite::Error) -> Self {
        let full = error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull);
        Self::with_detail(if full { "storage-full" } else { "storage-failed" }, &error)
    }
}

impl From<automerge::AutomergeError> for ClientError {
    fn from(error: automerge::AutomergeError) -> Self {
        Self::with_detail("record-damaged", &error)
    }
}

/// Result of everything that touches the phone's store.
pub type Result<T> = std::result::Result<T, ClientError>;
