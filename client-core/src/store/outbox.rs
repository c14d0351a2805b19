//! What still has to reach the server, what waits there, and what was refused.

use docket_protocol::edit::Edit;
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::limits::{PUSH_BYTES_TARGET, PUSH_RECORDS_MAX};
use docket_protocol::number::job_number;
use docket_protocol::record::path::Path;
use docket_protocol::wire::RecordPush;
use rusqlite::{Connection, params};

use crate::error::{ClientError, Result};
use crate::view::RefusedEdit;

/// How much work is only on this phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Unsent {
    pub(crate) edits: u64,
    pub(crate) jobs: u64,
    pub(crate) oldest_at: Option<i64>,
}

/// Counts unsent work.
pub(crate) fn unsent(sql: &Connection) -> Result<Unsent> {
    Ok(sql
        .prepare_cached(
            "select count(*), count(distinct c.record), min(o.made_at)
             from changes c left join outbox o on o.change = c.id where c.state = 'unsent'",
        )?
        .query_row([], |row| {
            Ok(Unsent { edits: row.get(0)?, jobs: row.get(1)?, oldest_at: row.get(2)? })
        })?)
}

/// Remembers what the person meant by a change.
pub(crate) fn remember(sql: &Connection, change: i64, edit: &Edit, made_at: i64) -> Result<()> {
    let json = serde_json::to_string(edit)
        .map_err(|error| ClientError::with_detail("storage-failed", &error))?;
    sql.prepare_cached("insert into outbox (change, edit, made_at) values (?, ?, ?)")?
        .execute(params![change, json, made_at])?;
    Ok(())
}

/// The next batch: unsent changes in the order they were made, grouped by record.
pub(crate) fn batch(sql: &Connection) -> Result<Vec<RecordPush>> {
    let mut statement =
        sql.prepare_cached("select record, bytes from changes where state = 'unsent' order by id")?;
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

/// An unsent change with what it meant.
pub(crate) struct UnsentEdit {
    pub(crate) hash: ChangeHash,
    pub(crate) edit: Edit,
    pub(crate) made_at: i64,
}

/// Takes all unsent changes of a record out of the store, oldest first.
pub(crate) fn take_unsent(sql: &Connection, record: RecordId) -> Result<Vec<UnsentEdit>> {
    let mut statement = sql.prepare_cached(
        "select c.hash, o.edit, o.made_at from changes c join outbox o on o.change = c.id
         where c.record = ? and c.state = 'unsent' order by c.id",
    )?;
    let edits = statement
        .query_map([record.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .map(|row| {
            let (hash, edit, made_at): (Vec<u8>, String, i64) = row?;
            let failed = |error: &dyn ToString| {
                ClientError::with_detail("storage-failed", &error.to_string())
            };
            Ok(UnsentEdit {
                hash: ChangeHash::from_bytes(&hash).map_err(|error| failed(&error))?,
                edit: serde_json::from_str(&edit).map_err(|error| failed(&error))?,
                made_at,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    sql.prepare_cached("delete from changes where record = ? and state = 'unsent'")?
        .execute([record.as_bytes()])?;
    Ok(edits)
}

/// Keeps an edit the server will not take.
pub(crate) fn refuse(
    sql: &Connection,
    record: RecordId,
    edit: &Edit,
    made_at: i64,
    code: &str,
    path: &Path,
) -> Result<()> {
    let json = serde_json::to_string(edit)
        .map_err(|error| ClientError::with_detail("storage-failed", &error))?;
    sql.prepare_cached(
        "insert into refused (record, edit, code, path, made_at) values (?, ?, ?, ?, ?)",
    )?
    .execute(params![record.as_bytes(), json, code, path.as_str(), made_at])?;
    Ok(())
}

/// How many refused edits wait for the person.
pub(crate) fn refused_count(sql: &Connection) -> Result<u64> {
    Ok(sql.prepare_cached("select count(*) from refused")?.query_row([], |row| row.get(0))?)
}

/// The refused edits, oldest first.
pub(crate) fn refused(sql: &Connection) -> Result<Vec<RefusedEdit>> {
    let mut statement = sql
        .prepare_cached("select id, record, edit, code, path, made_at from refused order by id")?;
    let rows = statement.query_map([], |row| {
        let (record, edit): (Vec<u8>, String) = (row.get(1)?, row.get(2)?);
        let record = RecordId::from_bytes(&record).unwrap_or_default();
        Ok(RefusedEdit {
            id: row.get(0)?,
            record,
            number: job_number(record),
            code: row.get(3)?,
            path: Path::new(row.get::<_, String>(4)?),
            edit: serde_json::from_str(&edit).unwrap_or_default(),
            made_at: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

/// The person has dealt with it.
pub(crate) fn forget_refused(sql: &Connection, id: i64) -> Result<()> {
    sql.execute("delete from refused where id = ?", [id])?;
    Ok(())
}
