//! SQLite on the browser's origin-private file system, by the VFS `sahpool`.
//!
//! The pool holds exclusive handles of all its files, so a second tab is refused here even when
//! it got past the worker's lock. Journal and flush settings are client-core's business
//! (`Medium::Opfs`). Every commit waits for `flush()`: about 2 ms in Chromium.

use rusqlite::Connection;
use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_vfs::sahpool::{OpfsSAHError, OpfsSAHPoolCfgBuilder, install};

const DIRECTORY: &str = "docket";
const VFS: &str = "docket-opfs";

/// Database, journal, and room for SQLite's own temporary files.
const FILES: usize = 6;

/// Why the storage cannot be used.
pub(crate) enum StorageError {
    Pool(OpfsSAHError),
    Sqlite(rusqlite::Error),
}

/// Opens, or creates, the database of this name.
pub(crate) async fn open(name: &str) -> Result<Connection, StorageError> {
    let pool = OpfsSAHPoolCfgBuilder::new()
        .directory(DIRECTORY)
        .vfs_name(VFS)
        .initial_capacity(FILES)
        .build();
    install::<WasmOsCallback>(&pool, true).await.map_err(StorageError::Pool)?;
    Connection::open(name).map_err(StorageError::Sqlite)
}

impl StorageError {
    /// What the person is told.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Pool(OpfsSAHError::NotSupported) => "storage-unsupported",
            Self::Pool(OpfsSAHError::DirectoryInUse(_) | OpfsSAHError::Busy) => "storage-busy",
            Self::Pool(OpfsSAHError::Opfs { message, .. })
                if message.starts_with("NoModificationAllowedError") =>
            {
                "storage-busy"
            }
            Self::Pool(OpfsSAHError::Opfs { message, .. })
                if message.starts_with("QuotaExceededError") =>
            {
                "storage-full"
            }
            _ => "storage-failed",
        }
    }
}

impl std::fmt::Display for StorageError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pool(error) => error.fmt(out),
            Self::Sqlite(error) => error.fmt(out),
        }
    }
}
