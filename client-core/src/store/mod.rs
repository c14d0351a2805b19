//! The phone's SQLite store: opened, checked, and asked in small verbs.
//!
//! Knows SQL and nothing of people, forms or the network. Callers open one transaction per
//! command ([`Store::transaction`]) so that an edit, its outbox row and its list row are one.

pub(crate) mod articles;
pub(crate) mod authors;
pub(crate) mod carried;
pub(crate) mod confirmed;
pub(crate) mod documents;
pub(crate) mod drafts;
pub(crate) mod files;
pub(crate) mod findable;
pub(crate) mod held;
pub(crate) mod lists;
pub(crate) mod lost;
pub(crate) mod meta;
mod migrate;
pub(crate) mod outbox;
pub(crate) mod overruled;
pub(crate) mod parcels;
pub(crate) mod pieces;
pub(crate) mod quarantine;
pub(crate) mod refused;

use docket_protocol::planted;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::{ClientError, Result};

/// SQLite before 3.51.3 can lose a commit in WAL mode when a reader resets the log.
const SQLITE_VERSION_MIN: i32 = 3_051_003;

/// What the database file lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// A file system.
    File,
    /// The browser's origin-private file system. The delete of a file is not flushed there, so
    /// neither journal nor log may ever be deleted; and there is no shared memory, so that whoever
    /// reads before [`Store::open`] has to set the locking mode first.
    Opfs,
}

/// The open store.
pub(crate) struct Store {
    connection: Connection,
}

impl Store {
    pub(crate) fn open(connection: Connection, medium: Medium) -> Result<Self> {
        check_version(rusqlite::version_number())?;
        connection.pragma_update(None, "locking_mode", "exclusive")?;
        if medium == Medium::Opfs {
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        }
        let journal: String =
            connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        if journal != "wal" {
            // The turn to the log is itself a commit with a journal, which has to stay.
            connection.pragma_update(None, "journal_mode", "persist")?;
            connection.pragma_update(None, "journal_mode", "wal")?;
        }
        let synchronous = if planted::is("phone-without-sync") { "off" } else { "full" };
        connection.pragma_update(None, "synchronous", synchronous)?;
        // Every question is prepared once: its plan does not depend on what is asked for.
        connection.set_prepared_statement_cache_capacity(128);
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        let mut store = Self { connection };
        store.connection.pragma_update(None, "foreign_keys", false)?;
        migrate::migrate(&mut store.connection)?;
        store.connection.pragma_update(None, "foreign_keys", true)?;
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

    /// What is deleted from now on is overwritten, too. Not part of a transaction.
    pub(crate) fn overwrite_deleted(&self) -> Result<()> {
        Ok(self.connection.pragma_update(None, "secure_delete", true)?)
    }
}

/// Asked of the SQLite that is linked, which natively and in the browser are two different ones.
fn check_version(version: i32) -> Result<()> {
    if version < SQLITE_VERSION_MIN {
        return Err(ClientError::with_detail("sqlite-too-old", &version));
    }
    Ok(())
}

/// Empties every table, with nothing of anyone's left in the file. A table that somebody adds is
/// among them: their names are asked for, not listed here.
pub(crate) fn empty(sql: &Connection) -> Result<()> {
    sql.pragma_update(None, "defer_foreign_keys", true)?;
    let tables = sql
        .prepare(
            "select name from sqlite_schema where type = 'table' and name not glob 'sqlite_*'",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<std::result::Result<Vec<String>, _>>()?;
    for table in tables {
        sql.execute(&format!("delete from {table}"), [])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FAULTS row 12: the phone does not open its store with a SQLite that can lose a commit.
    #[test]
    fn an_old_sqlite_is_refused() {
        assert_eq!(check_version(3_051_002).unwrap_err().code, "sqlite-too-old");
        assert!(check_version(rusqlite::version_number()).is_ok());
    }
}
