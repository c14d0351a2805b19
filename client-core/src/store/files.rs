//! What became of the photos and files on this phone. Their bytes are somebody else's to keep:
//! whoever keeps them says so first ([`keep`]), and the edit that names them comes after.

use docket_protocol::edit::Edit;
use docket_protocol::ids::RecordId;
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;

use crate::error::Result;
use crate::view::FileRow;

const COLLECTION: &str = "attachments";

/// How many wait to be brought, and how much of them is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Waiting {
    pub(crate) files: u64,
    pub(crate) bytes: u64,
}

/// A file to bring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Next {
    pub(crate) sha256: String,
    pub(crate) bytes: u64,
}

/// These bytes are in this phone's keeping.
pub(crate) fn keep(sql: &Connection, sha256: &str, bytes: u64, now: i64) -> Result<()> {
    sql.prepare_cached(
        "insert into files (sha256, bytes, kept_at) values (?, ?, ?) on conflict do nothing",
    )?
    .execute(params![sha256, bytes, now])?;
    Ok(())
}

/// What an edit means for the files it names. Part of the edit's own transaction.
pub(crate) fn follow(sql: &Connection, record: RecordId, edit: &Edit) -> Result<()> {
    match edit {
        Edit::AddEntry(entry) if entry.collection.as_str() == COLLECTION => {
            let Some(FieldValue::Text(sha256)) = entry.fields.get("sha256") else { return Ok(()) };
            sql.prepare_cached(
                "update files set record = ?, attachment = ?, removed = 0 where sha256 = ?",
            )?
            .execute(params![record.as_bytes(), entry.id.to_string(), sha256])?;
        }
        Edit::SetField { path, value } if is_removal(path) => {
            let attachment = path.segments().nth(1).unwrap_or_default();
            let removed = *value == FieldValue::Bool(true);
            sql.prepare_cached("update files set removed = ? where record = ? and attachment = ?")?
                .execute(params![removed, record.as_bytes(), attachment])?;
        }
        _ => {}
    }
    Ok(())
}

fn is_removal(path: &Path) -> bool {
    let mut segments = path.segments();
    segments.next() == Some(COLLECTION) && segments.nth(1) == Some("removed")
}

/// The edit that named a file will not be made after all: nothing is brought, nothing kept.
pub(crate) fn let_go(sql: &Connection, edit: &serde_json::Value) -> Result<()> {
    if edit["collection"] == COLLECTION {
        sql.prepare_cached(
            "update files set record = null, kept_at = 0
             where sha256 = ? and received_at is null",
        )?
        .execute([edit["fields"]["sha256"].as_str()])?;
    }
    Ok(())
}

/// Somebody else's file was fetched from the office, and is kept to be looked at.
pub(crate) fn fetched(sql: &Connection, file: &FileRow, record: RecordId, now: i64) -> Result<()> {
    sql.prepare_cached(
        "insert into files (sha256, bytes, kept_at, record, attachment, sent, received_at)
         values (?1, ?2, ?3, ?4, ?5, ?2, ?3) on conflict do nothing",
    )?
    .execute(params![file.sha256, file.bytes, now, record.as_bytes(), file.attachment])?;
    Ok(())
}

/// How much is only on this phone.
pub(crate) fn waiting(sql: &Connection) -> Result<Waiting> {
    Ok(sql
        .prepare_cached(
            "select count(*), coalesce(sum(bytes - sent), 0) from files
             where received_at is null and record is not null and removed = 0",
        )?
        .query_row([], |row| Ok(Waiting { files: row.get(0)?, bytes: row.get(1)? }))?)
}

/// Those that are only on this phone, the one that waits longest first.
pub(crate) fn all_waiting(sql: &Connection) -> Result<Vec<Next>> {
    let mut statement = sql.prepare_cached(
        "select sha256, bytes from files
         where received_at is null and record is not null and removed = 0
         order by kept_at, sha256",
    )?;
    let rows =
        statement.query_map([], |row| Ok(Next { sha256: row.get(0)?, bytes: row.get(1)? }))?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

/// How long a file of this phone is.
pub(crate) fn length(sql: &Connection, sha256: &str) -> Result<Option<u64>> {
    let mut statement = sql.prepare_cached("select bytes from files where sha256 = ?")?;
    Ok(statement.query_row([sha256], |row| row.get(0)).optional()?)
}

/// The file that waits longest, of a record of which nothing else is unsent.
pub(crate) fn next(sql: &Connection, now: i64) -> Result<Option<Next>> {
    Ok(sql
        .prepare_cached(
            "select sha256, bytes from files f
             where received_at is null and record is not null and removed = 0 and retry_at <= ?
               and not exists (select 1 from changes c where c.record = f.record
                               and c.state <> 'confirmed'
                               and c.state in ('unsent', 'lost', 'aside'))
             order by kept_at, sha256 limit 1",
        )?
        .query_row([now], |row| Ok(Next { sha256: row.get(0)?, bytes: row.get(1)? }))
        .optional()?)
}

/// The office has this much of it.
pub(crate) fn sent(sql: &Connection, sha256: &str, sent: u64) -> Result<()> {
    sql.prepare_cached("update files set sent = ?, problem = null where sha256 = ?")?
        .execute(params![sent, sha256])?;
    Ok(())
}

/// What the office says has become of it. A server that lost it gets it again.
pub(crate) fn receipt(
    sql: &Connection,
    sha256: &str,
    received_at: Option<i64>,
    seen_at: Option<i64>,
) -> Result<()> {
    sql.prepare_cached(
        "update files set received_at = ?1, seen_at = ?2, problem = null,
                          sent = case when ?1 is null then 0 else bytes end
         where sha256 = ?3",
    )?
    .execute(params![received_at, seen_at, sha256])?;
    Ok(())
}

/// It is not tried again before.
pub(crate) fn postpone(sql: &Connection, sha256: &str, until: i64, problem: &str) -> Result<()> {
    sql.prepare_cached("update files set retry_at = ?, problem = ?, sent = 0 where sha256 = ?")?
        .execute(params![until, problem, sha256])?;
    Ok(())
}

/// A person asks now: nothing is postponed.
pub(crate) fn hurry(sql: &Connection) -> Result<()> {
    sql.prepare_cached("update files set retry_at = 0 where received_at is null")?.execute([])?;
    Ok(())
}

/// Those about which the office may have something new to say, latest first.
pub(crate) fn unseen(sql: &Connection, most: usize) -> Result<Vec<String>> {
    let mut statement = sql.prepare_cached(
        "select sha256 from files where received_at is not null and seen_at is null
         order by kept_at desc limit ?",
    )?;
    let rows = statement.query_map([most], |row| row.get(0))?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

/// Those of one record.
pub(crate) fn of_record(sql: &Connection, record: RecordId) -> Result<Vec<FileRow>> {
    let mut statement = sql.prepare_cached(
        "select sha256, attachment, bytes, sent, received_at, seen_at, problem from files
         where record = ? order by kept_at, sha256",
    )?;
    let rows = statement.query_map([record.as_bytes()], row)?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

fn row(row: &Row<'_>) -> rusqlite::Result<FileRow> {
    Ok(FileRow {
        sha256: row.get(0)?,
        attachment: row.get(1)?,
        bytes: row.get(2)?,
        sent: row.get(3)?,
        received_at: row.get(4)?,
        seen_at: row.get(5)?,
        problem: row.get(6)?,
    })
}

/// Those that need not be kept: seen by the office before, or named by no edit since.
pub(crate) fn not_needed(
    sql: &Connection,
    seen_before: i64,
    kept_before: i64,
) -> Result<Vec<String>> {
    let mut statement = sql.prepare_cached(
        "select sha256 from files where seen_at < ? or (record is null and kept_at < ?)",
    )?;
    let rows = statement.query_map([seen_before, kept_before], |row| row.get(0))?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

/// Its bytes are no longer on this phone.
pub(crate) fn dropped(sql: &Connection, sha256: &str) -> Result<()> {
    sql.prepare_cached(
        "delete from files where sha256 = ? and (seen_at is not null or record is null)",
    )?
    .execute([sha256])?;
    Ok(())
}
