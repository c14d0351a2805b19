//! Edits that will not be in the record: refused by the gate, or set aside by a person. Kept with
//! every word until the person who wrote them has dealt with them.

use docket_protocol::edit::Edit;
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::number::job_number;
use docket_protocol::record::path::Path;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::{ClientError, Result};
use crate::store::held::Held;
use crate::store::lists;
use crate::view::RefusedEdit;

/// Why an edit is not in the record.
pub(crate) struct Why<'a> {
    /// A message id (`error-{code}`).
    pub(crate) code: &'a str,
    /// Where, if it is about a field.
    pub(crate) path: &'a Path,
    /// What the person who decided wrote.
    pub(crate) note: &'a str,
}

/// Keeps an edit that will not be in the record.
pub(crate) fn keep(
    sql: &Connection,
    record: RecordId,
    edit: &Edit,
    made_at: i64,
    why: &Why<'_>,
) -> Result<()> {
    let json = serde_json::to_string(edit)
        .map_err(|error| ClientError::with_detail("storage-failed", &error))?;
    keep_text(sql, record, &json, made_at, why)
}

/// [`keep`] for an edit as it is stored, readable or not.
pub(crate) fn keep_text(
    sql: &Connection,
    record: RecordId,
    json: &str,
    made_at: i64,
    why: &Why<'_>,
) -> Result<()> {
    let title = lists::title_of(sql, record, json)?;
    insert(sql, &Held { record, edit: json.to_owned(), title, made_at }, why, None)
}

/// Keeps an edit that was held; set aside by a person, it may still be accepted.
pub(crate) fn keep_held(
    sql: &Connection,
    kept: &Held,
    why: &Why<'_>,
    hash: ChangeHash,
) -> Result<()> {
    insert(sql, kept, why, Some(hash))
}

fn insert(sql: &Connection, kept: &Held, why: &Why<'_>, hash: Option<ChangeHash>) -> Result<()> {
    sql.prepare_cached(
        "insert into refused (record, edit, code, path, note, title, made_at, hash)
         values (?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        kept.record.as_bytes(),
        kept.edit,
        why.code,
        why.path.as_str(),
        why.note,
        kept.title,
        kept.made_at,
        hash.map(|hash| hash.0)
    ])?;
    Ok(())
}

/// What was set aside is in the record after all.
pub(crate) fn taken_back(sql: &Connection, record: RecordId, hash: ChangeHash) -> Result<()> {
    sql.prepare_cached("delete from refused where record = ? and hash = ?")?
        .execute(params![record.as_bytes(), hash.0])?;
    Ok(())
}

/// How many such edits wait for the person.
pub(crate) fn count(sql: &Connection) -> Result<u64> {
    Ok(sql.prepare_cached("select count(*) from refused")?.query_row([], |row| row.get(0))?)
}

const SELECT: &str = "
    select f.id, f.record, f.edit, f.code, f.path, f.note, f.title, f.made_at,
           r.record is not null and r.left_scope <> 1 as here
    from refused f left join records r on r.record = f.record";

/// All of them, oldest first.
pub(crate) fn list(sql: &Connection) -> Result<Vec<RefusedEdit>> {
    let mut statement = sql.prepare_cached(&format!("{SELECT} order by f.id"))?;
    let rows = statement.query_map([], view)?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

/// One of them.
pub(crate) fn get(sql: &Connection, id: i64) -> Result<Option<RefusedEdit>> {
    let mut statement = sql.prepare_cached(&format!("{SELECT} where f.id = ?"))?;
    Ok(statement.query_row([id], view).optional()?)
}

/// The person has dealt with it.
pub(crate) fn forget(sql: &Connection, id: i64) -> Result<()> {
    sql.execute("delete from refused where id = ?", [id])?;
    Ok(())
}

fn view(row: &Row<'_>) -> rusqlite::Result<RefusedEdit> {
    let (record, edit): (Vec<u8>, String) = (row.get("record")?, row.get("edit")?);
    let record = RecordId::from_bytes(&record).unwrap_or_default();
    let edit: serde_json::Value = serde_json::from_str(&edit).unwrap_or_default();
    let here: bool = row.get("here")?;
    Ok(RefusedEdit {
        id: row.get("id")?,
        record,
        number: job_number(record),
        title: row.get("title")?,
        code: row.get("code")?,
        path: Path::new(row.get::<_, String>("path")?),
        note: row.get("note")?,
        here,
        // A signature covers the version it was given on; a new job needs no record.
        retry: match edit["edit"].as_str() {
            Some("sign_off") => false,
            Some("create") => !here,
            _ => here,
        },
        edit,
        made_at: row.get("made_at")?,
    })
}
