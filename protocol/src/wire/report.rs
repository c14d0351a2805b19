//! What a phone says of itself with a request, for the office's board of phones. Nothing is decided
//! by it: it is the phone's own word, and an older app says nothing.

use minicbor::{Decode, Encode};

/// How a phone stands once this request has been answered, as far as it knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct DeviceReport {
    /// Version of the app.
    #[n(0)]
    pub app_version: String,
    /// Edits that are only on the phone and not in this request.
    #[n(1)]
    pub unsent_changes: u64,
    /// Jobs with such edits.
    #[n(2)]
    pub unsent_jobs: u64,
    /// Photos and files that are only on the phone.
    #[n(3)]
    pub unsent_files: u64,
    /// When the oldest sign-off among those edits was signed, by the phone's clock, Unix ms.
    #[n(4)]
    pub unsent_signature_at: Option<i64>,
    /// Room for more, where the phone knows.
    #[n(5)]
    pub storage_free_bytes: Option<u64>,
}
