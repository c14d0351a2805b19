//! SQLite on the browser's origin-private file system, by the VFS `sahpool`, encrypted on its way
//! there (SQLite3MultipleCiphers, ChaCha20-Poly1305 a page).
//!
//! The pool holds exclusive handles of all its files, so a second tab is refused here even when
//! it got past the worker's lock. Journal and flush settings are client-core's business
//! (`Medium::Opfs`). Every commit waits for `flush()`: about 2 ms in Chromium.

use rusqlite::{Connection, Error, ErrorCode, OpenFlags};
use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_vfs::sahpool::{OpfsSAHError, OpfsSAHPoolCfgBuilder, install};

use crate::beside::safe_to_overwrite;

const DIRECTORY: &str = "docket";
const VFS: &str = "docket-opfs";
/// The same with encryption in between, which SQLite3MultipleCiphers offers for every VFS.
const SEALED_VFS: &str = "multipleciphers-docket-opfs";

/// Database, journal, log, and room for SQLite's own temporary files.
const FILES: usize = 6;

/// Why the storage cannot be used.
pub(crate) enum StorageError {
    Pool(OpfsSAHError),
    Sqlite(rusqlite::Error),
}

/// Opens, or creates, the database of this name, sealed by this key.
pub(crate) async fn open(name: &str, key: &[u8; 32]) -> Result<Connection, StorageError> {
    let pool = OpfsSAHPoolCfgBuilder::new()
        .directory(DIRECTORY)
        .vfs_name(VFS)
        .initial_capacity(FILES)
        .build();
    install::<WasmOsCallback>(&pool, true).await.map_err(StorageError::Pool)?;
    safe_to_overwrite(VFS);
    sealed(name, key).map_err(StorageError::Sqlite)
}

fn sealed(name: &str, key: &[u8; 32]) -> rusqlite::Result<Connection> {
    let connection = connect(name)?;
    connection.pragma_update(None, "key", raw(key))?;
    match can_be_read(&connection) {
        Err(Error::SqliteFailure(error, _)) if error.code == ErrorCode::NotADatabase => {}
        read => return read.map(|()| connection),
    }
    // Written by a version that did not seal, or with another key: which one it is, the file says
    // itself. Sealing it is one transaction.
    drop(connection);
    let plain = connect(name)?;
    can_be_read(&plain)?;
    plain.pragma_update(None, "journal_mode", "truncate")?;
    plain.pragma_update(None, "rekey", raw(key))?;
    Ok(plain)
}

fn connect(name: &str) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags_and_vfs(name, OpenFlags::default(), SEALED_VFS)?;
    connection.pragma_update(None, "locking_mode", "exclusive")?;
    Ok(connection)
}

fn can_be_read(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("select count(*) from sqlite_schema", [], |_| Ok(()))
}

/// A key as it is, not a passphrase to be stretched at every opening.
fn raw(key: &[u8; 32]) -> String {
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("raw:{hex}")
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
            Self::Sqlite(Error::SqliteFailure(error, _))
                if error.code == ErrorCode::NotADatabase =>
            {
                "storage-sealed"
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
