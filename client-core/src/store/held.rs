//! Edits the office has and has not decided on: sent, not merged.
//!
//! They are kept here with every word until the decision, because their record may leave this
//! phone in the meantime. Their changes also stay part of the record while it is here.

use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::number::job_number;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::Result;
use crate::store::lists;
use crate::view::HeldEdit;

/// What the person meant by a change that is held.
pub(crate) struct Held {
    pub(crate) record: RecordId,
    /// As JSON.
    pub(crate) edit: String,
    /// The job's, which may be gone by now.
    pub(crate) title: String,
    pub(crate) made_at: i64,
}

/// The office keeps a change of ours for a decision.
pub(crate) fn hold(
    sql: &Connection,
    record: RecordId,
    hash: ChangeHash,
    bytes: &[u8],
    reason: &str,
) -> Result<()> {
    let meant: Option<(String, i64)> = sql
        .prepare_cached(
            "select o.edit, o.made_at from outbox o join changes c on c.id = o.change
             where c.record = ? and c.hash = ?",
        )?
        .query_row(params![record.as_bytes(), hash.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((edit, made_at)) = meant {
        let title = lists::title_of(sql, record, &edit)?;
        sql.prepare_cached(
            "insert or ignore into held (record, hash, bytes, edit, reason, title, made_at)
             values (?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            record.as_bytes(),
            hash.0,
            bytes,
            edit,
            reason,
            title,
            made_at
        ])?;
    }
    // Held already, and sent again after a restore: the office has it again.
    sql.prepare_cached("update held set again = 0, reason = ? where record = ? and hash = ?")?
        .execute(params![reason, record.as_bytes(), hash.0])?;
    Ok(())
}

/// Takes a held edit off the list; none when it is not there (any more).
pub(crate) fn take(sql: &Connection, record: RecordId, hash: ChangeHash) -> Result<Option<Held>> {
    let query = "delete from held where record = ? and hash = ? returning edit, title, made_at";
    Ok(sql
        .prepare_cached(query)?
        .query_row(params![record.as_bytes(), hash.0], |row| {
            Ok(Held { record, edit: row.get(0)?, title: row.get(1)?, made_at: row.get(2)? })
        })
        .optional()?)
}

/// The server was restored and may have lost what it held: all of it is sent once more.
pub(crate) fn offer_again(sql: &Connection) -> Result<()> {
    sql.execute("update held set again = 1", [])?;
    Ok(())
}

/// The server asks for a change that it held once and has lost. True when it will be sent again.
pub(crate) fn offer(sql: &Connection, record: RecordId, hash: ChangeHash) -> Result<bool> {
    let query = "update held set again = 1 where record = ? and hash = ? and again = 0";
    let offered = sql.prepare_cached(query)?.execute(params![record.as_bytes(), hash.0])?;
    Ok(offered > 0)
}

/// Whether held work is still to be sent once more.
pub(crate) fn to_send_again(sql: &Connection) -> Result<bool> {
    Ok(sql.prepare_cached("select 1 from held where again = 1")?.exists([])?)
}

/// Whether something of a record waits for a decision, as part of it.
pub(crate) fn waits_in(sql: &Connection, record: RecordId) -> Result<bool> {
    let waits = "select 1 from changes where record = ? and state <> 'confirmed'
        and state = 'held'";
    Ok(sql.prepare_cached(waits)?.exists([record.as_bytes()])?)
}

/// How many edits wait for a decision.
pub(crate) fn count(sql: &Connection) -> Result<u64> {
    Ok(sql.prepare_cached("select count(*) from held")?.query_row([], |row| row.get(0))?)
}

/// The edits that wait, oldest first.
pub(crate) fn list(sql: &Connection) -> Result<Vec<HeldEdit>> {
    let mut statement = sql.prepare_cached(
        "select h.id, h.record, h.edit, h.reason, h.title, h.made_at, j.record is not null
         from held h left join jobs j on j.record = h.record order by h.id",
    )?;
    let rows = statement.query_map([], view)?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

fn view(row: &Row<'_>) -> rusqlite::Result<HeldEdit> {
    let (record, edit): (Vec<u8>, String) = (row.get(1)?, row.get(2)?);
    let record = RecordId::from_bytes(&record).unwrap_or_default();
    Ok(HeldEdit {
        id: row.get(0)?,
        record,
        number: job_number(record),
        reason: row.get(3)?,
        title: row.get(4)?,
        edit: serde_json::from_str(&edit).unwrap_or_default(),
        made_at: row.get(5)?,
        here: row.get(6)?,
    })
}
