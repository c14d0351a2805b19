//! Records whose stored bytes do not add up any more: not read, shown as damaged, and asked for
//! whole with the next sync.
//!
//! Storage rots, rarely. What the person wrote and has not sent is kept twice, as a change and as
//! what they meant by it ([`super::outbox`]); one of the two suffices. The office has the rest.
//! [`super::documents`] notices the damage, [`crate::sync`] mends it.

use docket_protocol::change::read_head;
use docket_protocol::ids::{ChangeHash, RecordId};
use rusqlite::Connection;

use crate::error::Result;
use crate::store::meta;

/// Sets a record aside, and forgets the place in the log, so that the next sync brings everything
/// whole. Does nothing to a record that is set aside already.
pub(crate) fn set_aside(sql: &Connection, record: RecordId) -> Result<()> {
    let marked = sql
        .prepare_cached("update records set damaged = 1 where record = ? and damaged = 0")?
        .execute([record.as_bytes()])?;
    if marked > 0 {
        meta::forget_cursor(sql)?;
    }
    Ok(())
}

/// Whether a record waits for a whole one.
pub(crate) fn is_set_aside(sql: &Connection, record: RecordId) -> Result<bool> {
    Ok(sql
        .prepare_cached("select 1 from records where record = ? and damaged = 1")?
        .exists([record.as_bytes()])?)
}

/// The records set aside of which the office has nothing, as far as this phone knows.
pub(crate) fn only_here(sql: &Connection) -> Result<Vec<RecordId>> {
    let mut statement = sql.prepare_cached(
        "select record from records r
         where damaged = 1 and kind = 'job' and base is null and not exists
            (select 1 from changes c where c.record = r.record and c.state <> 'unsent')",
    )?;
    let records = statement
        .query_map([], |row| row.get(0))?
        .collect::<std::result::Result<Vec<Vec<u8>>, _>>()?;
    Ok(records.iter().filter_map(|record| RecordId::from_bytes(record).ok()).collect())
}

/// A whole record has come: takes the mark away, and with it every broken row that the office
/// has, too. Broken rows that it does not have stay for their outbox row's sake.
pub(crate) fn take_back(sql: &Connection, record: RecordId) -> Result<()> {
    let mut statement = sql.prepare_cached(
        "select id, hash, bytes from changes where record = ? and state <> 'unsent'",
    )?;
    let rows = statement
        .query_map([record.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<std::result::Result<Vec<(i64, Vec<u8>, Vec<u8>)>, _>>()?;
    for (id, hash, bytes) in rows {
        if !is_whole(&hash, &bytes) {
            sql.prepare_cached("delete from changes where id = ?")?.execute([id])?;
        }
    }
    sql.prepare_cached("update records set damaged = 0 where record = ?")?
        .execute([record.as_bytes()])?;
    Ok(())
}

/// Whether a stored change is the one that was stored.
pub(crate) fn is_whole(hash: &[u8], bytes: &[u8]) -> bool {
    let stored = ChangeHash::from_bytes(hash).ok();
    stored.is_some() && read_head(bytes).ok().map(|head| head.hash) == stored
}
