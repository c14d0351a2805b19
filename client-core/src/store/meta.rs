//! Single values the phone remembers: its identity, its session, where it stands in the log.

use docket_protocol::ids::Seq;
use docket_protocol::wire::Cursor;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{ClientError, Result};

/// Reads a JSON value.
pub(crate) fn get<T: DeserializeOwned>(sql: &Connection, key: &str) -> Result<Option<T>> {
    let bytes: Option<Vec<u8>> = sql
        .prepare_cached("select value from meta where key = ?")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    bytes
        .map(|bytes| serde_json::from_slice(&bytes))
        .transpose()
        .map_err(|error| ClientError::with_detail("storage-failed", &error))
}

/// Writes a JSON value.
pub(crate) fn set<T: Serialize>(sql: &Connection, key: &str, value: &T) -> Result<()> {
    let bytes = serde_json::to_vec(value)
        .map_err(|error| ClientError::with_detail("storage-failed", &error))?;
    sql.prepare_cached("insert or replace into meta (key, value) values (?, ?)")?
        .execute(params![key, bytes])?;
    Ok(())
}

/// Where the phone stands in the server's log; none before the first sync.
pub(crate) fn cursor(sql: &Connection) -> Result<Option<Cursor>> {
    let stored: Option<(u64, [u8; 8])> = get(sql, "cursor")?;
    Ok(stored.map(|(seq, tag)| Cursor { seq: Seq(seq), tag }))
}

/// Remembers [`cursor`].
pub(crate) fn set_cursor(sql: &Connection, cursor: &Cursor) -> Result<()> {
    set(sql, "cursor", &(cursor.seq.0, cursor.tag))
}

/// The next sync starts from the beginning.
pub(crate) fn forget_cursor(sql: &Connection) -> Result<()> {
    sql.prepare_cached("delete from meta where key = 'cursor'")?.execute([])?;
    Ok(())
}
