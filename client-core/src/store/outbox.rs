//! What still has to reach the server.
//!
//! Queries over all changes say `state <> 'confirmed'` although the rest implies it: SQLite does
//! not see that, and would not take the index of what waits.

use std::collections::BTreeSet;

use docket_protocol::change::ChangeHead;
use docket_protocol::edit::Edit;
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::limits::{PUSH_BYTES_TARGET, PUSH_RECORDS_MAX};
use docket_protocol::record::path::Path;
use docket_protocol::wire::RecordPush;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::{ClientError, Result};
use crate::store::documents::DAMAGED;
use crate::store::quarantine;
use crate::store::refused::{self, Why};

/// How much work is only on this phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Unsent {
    pub(crate) edits: u64,
    pub(crate) jobs: u64,
    pub(crate) oldest_at: Option<i64>,
    pub(crate) oldest_signature_at: Option<i64>,
}

/// Counts unsent work.
pub(crate) fn unsent(sql: &Connection) -> Result<Unsent> {
    Ok(sql
        .prepare_cached(
            "select count(*), count(distinct c.record), min(o.made_at),
                    min(o.made_at) filter (where o.edit ->> '$.edit' = 'sign_off')
             from changes c left join outbox o on o.change = c.id
             where c.state <> 'confirmed' and c.state in ('unsent', 'lost', 'aside')",
        )?
        .query_row([], |row| {
            Ok(Unsent {
                edits: row.get(0)?,
                jobs: row.get(1)?,
                oldest_at: row.get(2)?,
                oldest_signature_at: row.get(3)?,
            })
        })?)
}

/// How many edits of one record are only on this phone.
pub(crate) fn unsent_in(sql: &Connection, record: RecordId) -> Result<u64> {
    Ok(sql
        .prepare_cached(
            "select count(*) from changes where record = ? and state <> 'confirmed'
             and state in ('unsent', 'lost', 'aside')",
        )?
        .query_row([record.as_bytes()], |row| row.get(0))?)
}

/// Remembers what the person meant by a change.
pub(crate) fn remember(sql: &Connection, change: i64, edit: &Edit, made_at: i64) -> Result<()> {
    let json = serde_json::to_string(edit)
        .map_err(|error| ClientError::with_detail("storage-failed", &error))?;
    sql.prepare_cached("insert into outbox (change, edit, made_at) values (?, ?, ?)")?
        .execute(params![change, json, made_at])?;
    Ok(())
}

/// The next batch: held work that is sent once more, then unsent changes, in the order they were
/// made, grouped by record. A record with a change that is not as it was stored is set aside and
/// left out. What stands on a colleague's work waits until the office has judged that; a phone
/// that may not sync any more cannot bring it, and does not wait.
pub(crate) fn batch(sql: &Connection) -> Result<Vec<RecordPush>> {
    for record in broken_records(sql)? {
        quarantine::set_aside(sql, record)?;
    }
    let mut statement = sql.prepare_cached(
        "select record, bytes, 0 as later, id from held where again = 1
         union all
         select c.record, c.bytes, 1, c.id from changes c join records r using (record)
         where c.state <> 'confirmed' and c.state = 'unsent' and r.damaged = 0
            and (exists (select 1 from meta where key = 'withdrawn') or not exists
                (select 1 from parcels p where p.record = c.record
                    and p.delivered_at is null and p.problem is null))
         order by later, id",
    )?;
    let mut rows = statement.query([])?;
    let mut pushes: Vec<RecordPush> = Vec::new();
    let mut bytes_total = 0;
    while let Some(row) = rows.next()? {
        let (record, bytes): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let record = RecordId::from_bytes(&record)
            .map_err(|error| ClientError::with_detail("storage-failed", &error))?;
        bytes_total += bytes.len();
        if bytes_total > PUSH_BYTES_TARGET && !pushes.is_empty() {
            break;
        }
        if let Some(push) = pushes.iter_mut().find(|push| push.record == record) {
            push.changes.push(bytes.into());
        } else if pushes.len() < PUSH_RECORDS_MAX {
            pushes.push(RecordPush { record, changes: vec![bytes.into()] });
        } else {
            break;
        }
    }
    Ok(pushes)
}

/// All of it at once: for a file, which somebody carries who may come only once.
pub(crate) fn everything(sql: &Connection) -> Result<Vec<RecordPush>> {
    let broken = broken_records(sql)?;
    let mut statement = sql.prepare_cached(
        "select c.record, c.bytes from changes c join records r using (record)
         where c.state <> 'confirmed' and c.state = 'unsent' and r.damaged = 0 order by c.id",
    )?;
    let mut rows = statement.query([])?;
    let mut pushes: Vec<RecordPush> = Vec::new();
    while let Some(row) = rows.next()? {
        let (record, bytes): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let record = RecordId::from_bytes(&record)
            .map_err(|error| ClientError::with_detail("storage-failed", &error))?;
        match pushes.iter_mut().find(|push| push.record == record) {
            _ if broken.contains(&record) => {}
            Some(push) => push.changes.push(bytes.into()),
            None => pushes.push(RecordPush { record, changes: vec![bytes.into()] }),
        }
    }
    Ok(pushes)
}

fn broken_records(sql: &Connection) -> Result<BTreeSet<RecordId>> {
    let mut statement = sql.prepare_cached(
        "select record, hash, bytes from changes where state <> 'confirmed' and state = 'unsent'",
    )?;
    let mut rows = statement.query([])?;
    let mut broken = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let (record, hash, bytes): (Vec<u8>, Vec<u8>, Vec<u8>) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        if !quarantine::is_whole(&hash, &bytes) {
            broken.extend(RecordId::from_bytes(&record).ok());
        }
    }
    Ok(broken)
}

/// Moves a change out of the unsent state.
pub(crate) fn settle(
    sql: &Connection,
    record: RecordId,
    hash: ChangeHash,
    state: &str,
) -> Result<()> {
    sql.prepare_cached(
        "delete from outbox where change in (select id from changes where record = ? and hash = ?)",
    )?
    .execute(params![record.as_bytes(), hash.0])?;
    sql.prepare_cached("update changes set state = ? where record = ? and hash = ?")?
        .execute(params![state, record.as_bytes(), hash.0])?;
    Ok(())
}

/// The server has these changes: they are confirmed.
pub(crate) fn confirm(sql: &Connection, record: RecordId, taken: &[ChangeHead]) -> Result<()> {
    let mut row = sql.prepare_cached("select id from changes where record = ? and hash = ?")?;
    let mut meant = sql.prepare_cached("delete from outbox where change = ?")?;
    let mut state = sql.prepare_cached("update changes set state = 'confirmed' where id = ?")?;
    for head in taken {
        let named = params![record.as_bytes(), head.hash.0];
        if let Some(id) = row.query_row(named, |row| row.get::<_, i64>(0)).optional()? {
            meant.execute([id])?;
            state.execute([id])?;
        }
    }
    Ok(())
}

/// An unsent change with what it meant.
pub(crate) struct UnsentEdit {
    pub(crate) hash: ChangeHash,
    pub(crate) edit: Edit,
    pub(crate) made_at: i64,
}

/// Takes all unsent changes of a record out of the store, oldest first. What no longer says what
/// it meant is kept aside as it is.
pub(crate) fn take_unsent(sql: &Connection, record: RecordId) -> Result<Vec<UnsentEdit>> {
    let mut statement = sql.prepare_cached(
        "select c.hash, coalesce(o.edit, ''), coalesce(o.made_at, 0)
         from changes c left join outbox o on o.change = c.id
         where c.record = ? and c.state = 'unsent' order by c.id",
    )?;
    let rows = statement
        .query_map([record.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<std::result::Result<Vec<(Vec<u8>, String, i64)>, _>>()?;
    let mut edits = Vec::with_capacity(rows.len());
    for (hash, edit, made_at) in rows {
        let hash = ChangeHash::from_bytes(&hash).unwrap_or(ChangeHash([0; 32]));
        match serde_json::from_str(&edit) {
            Ok(edit) => edits.push(UnsentEdit { hash, edit, made_at }),
            Err(_) => {
                let why = Why { code: DAMAGED, path: &Path::default(), note: "" };
                refused::keep_text(sql, record, &edit, made_at, &why)?;
            }
        }
    }
    sql.prepare_cached("delete from changes where record = ? and state = 'unsent'")?
        .execute([record.as_bytes()])?;
    Ok(edits)
}
