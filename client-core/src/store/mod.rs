//! The phone's SQLite store: opened, checked, and asked in small verbs.
//!
//! Knows SQL and nothing of people, forms or the network. Callers open one transaction per
//! command ([`Store::transaction`]) so that an edit, its outbox row and its list row are one.

pub(crate) mod authors;
pub(crate) mod confirmed;
pub(crate) mod documents;
pub(crate) mod held;
pub(crate) mod lists;
pub(crate) mod lost;
pub(crate) mod meta;
mod migrate;
pub(crate) mod outbox;
pub(crate) mod quarantine;
pub(crate) mod refused;

use docket_protocol::planted;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::{ClientError, Result};

/// SQLite before 3.51.3 can lose a commit in WAL mode when a reader resets the log.
const SQLITE_VERSION_MIN: i32 = 3_051_003;

/// What the database file lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// A file system: write-ahead log.
    File,
    /// The browser's origin-private file system: no shared memory, and the delete of a journal
    /// is not flushed there, so the journal is truncated (which SQLite does sync) instead.
    Opfs,
}

/// The open store.
pub(crate) struct Store {
    connection: Connection,
}

impl Store {
    pub(crate) fn open(connection: Connection, medium: Medium) -> Result<Self> {
        let version = rusqlite::version_number();
        if version < SQLITE_VERSION_MIN {
            return Err(ClientError::with_detail("sqlite-too-old", &version));
        }
        let journal = match medium {
            Medium::File => "wal",
            Medium::Opfs => "truncate",
        };
        connection.pragma_update(None, "locking_mode", "exclusive")?;
        connection.pragma_update(None, "journal_mode", journal)?;
        let synchronous = if planted::is("phone-without-sync") { "off" } else { "full" };
        connection.pragma_update(None, "synchronous", synchronous)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let mut store = Self { connection };
        migrate::migrate(&mut store.connection)?;
        Ok(store)
    }

    /// One command's work: all of it on disk, or none.
    pub(crate) fn transaction(&mut self) -> Result<Transaction<'_>> {
        Ok(self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    /// For reading.
    pub(crate) fn read(&self) -> &Connection {
        &self.connection
    }

    /// Back to an empty store of this version, with nothing of anyone's left in the file.
    pub(crate) fn empty(&mut self) -> Result<()> {
        self.connection.pragma_update(None, "secure_delete", true)?;
        let transaction = self.transaction()?;
        for delete in [
            "delete from meta",
            "delete from outbox",
            "delete from changes",
            "delete from records",
            "delete from authors",
            "delete from held",
            "delete from refused",
            "delete from jobs",
            "delete from job_search",
            "delete from dossiers",
            "delete from people",
        ] {
            transaction.execute(delete, [])?;
        }
        transaction.commit()?;
        Ok(())
    }
}
