//! Evacuation files of colleagues: kept until the office has them.

use docket_protocol::ids::RecordId;
use docket_protocol::signoff::hex_digest;
use docket_protocol::wire::Parcel;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::{ClientError, Result};
use crate::view::ParcelRow;

/// Keeps a file; one that is here already is kept once.
pub(crate) fn keep(sql: &Connection, file: &[u8], parcel: &Parcel, now: i64) -> Result<ParcelRow> {
    insert(sql, file, parcel, None, now)?;
    let query = format!("{ROWS} where digest = ?");
    Ok(sql.prepare_cached(&query)?.query_row([hex_digest(file)], row)?)
}

/// Keeps what came with a job that was handed over: it goes to the office before anything that we
/// write in that job.
pub(crate) fn keep_for(
    sql: &Connection,
    record: RecordId,
    parcel: &Parcel,
    now: i64,
) -> Result<()> {
    insert(sql, &parcel.to_file(), parcel, Some(record), now)
}

fn insert(
    sql: &Connection,
    file: &[u8],
    parcel: &Parcel,
    record: Option<RecordId>,
    now: i64,
) -> Result<()> {
    sql.prepare_cached(
        "insert or ignore into parcels (digest, file, person, made_at, edits, taken_at, record)
         values (?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        hex_digest(file),
        file,
        parcel.person,
        parcel.made_at,
        parcel.edits.cast_signed(),
        now,
        record.map(|record| record.as_bytes().to_vec())
    ])?;
    Ok(())
}

/// Whether a colleague's work in this job is still on its way to the office from here.
pub(crate) fn hands_over(sql: &Connection, record: RecordId) -> Result<bool> {
    let waits = "select 1 from parcels
        where record = ? and delivered_at is null and problem is null";
    Ok(sql.prepare_cached(waits)?.exists([record.as_bytes()])?)
}

/// What was taken over with this job and is still on its way to the office.
pub(crate) fn handed_over(sql: &Connection, record: RecordId) -> Result<Vec<Parcel>> {
    let mut statement = sql.prepare_cached(
        "select file from parcels
         where record = ? and delivered_at is null and problem is null order by id",
    )?;
    let files = statement.query_map([record.as_bytes()], |row| row.get(0))?;
    read(&files.collect::<std::result::Result<Vec<_>, _>>()?)
}

/// [`handed_over`], of all jobs.
pub(crate) fn all_handed_over(sql: &Connection) -> Result<Vec<Parcel>> {
    let mut statement = sql.prepare_cached(
        "select file from parcels
         where record is not null and delivered_at is null and problem is null order by id",
    )?;
    let files = statement.query_map([], |row| row.get(0))?;
    read(&files.collect::<std::result::Result<Vec<_>, _>>()?)
}

/// What one file holds; none once the office has it.
pub(crate) fn file(sql: &Connection, id: i64) -> Result<Option<Parcel>> {
    let file: Option<Vec<u8>> = sql
        .prepare_cached("select file from parcels where id = ? and delivered_at is null")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    Ok(read(file.as_slice())?.pop())
}

fn read(files: &[Vec<u8>]) -> Result<Vec<Parcel>> {
    let damaged = |error| ClientError::with_detail("storage-failed", &error);
    files.iter().map(|file| Parcel::from_file(file).map_err(damaged)).collect()
}

/// The next file that waits, with its id; first those that our own work waits for.
pub(crate) fn next(sql: &Connection) -> Result<Option<(i64, Vec<u8>)>> {
    let waiting = sql
        .prepare_cached(
            "select id, file from parcels where delivered_at is null and problem is null
             order by record is null, id limit 1",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(waiting)
}

/// The office has it; what it held is no longer ours to keep.
pub(crate) fn delivered(sql: &Connection, id: i64, at: i64, refused: u64) -> Result<()> {
    sql.prepare_cached(
        "update parcels set delivered_at = ?, refused = ?, file = x'' where id = ?",
    )?
    .execute(params![at, refused.cast_signed(), id])?;
    Ok(())
}

/// The office does not take it for now: it is tried again, and our work does not wait for it.
pub(crate) fn hold_up_nobody(sql: &Connection, id: i64) -> Result<()> {
    sql.prepare_cached("update parcels set record = null where id = ?")?.execute([id])?;
    Ok(())
}

/// The office does not take it. The file is kept: its words may still be wanted.
pub(crate) fn not_taken(sql: &Connection, id: i64, problem: &str) -> Result<()> {
    sql.prepare_cached("update parcels set problem = ? where id = ?")?
        .execute(params![problem, id])?;
    Ok(())
}

/// How many wait, the pieces of files that came with them included. Those that the office did not
/// want hold up nobody: their own phone has them.
pub(crate) fn waiting(sql: &Connection) -> Result<u64> {
    let waiting = "select count(*) from parcels p where delivered_at is null
        or exists (select 1 from pieces where parcel = p.id and sent = 0 and problem is null)";
    Ok(sql.prepare_cached(waiting)?.query_row([], |row| row.get(0))?)
}

const ROWS: &str = "
    select id, person, made_at, edits, taken_at, delivered_at, refused, problem, pieces,
           (select count(*) from pieces where parcel = parcels.id and sent = 0)
    from parcels";

/// All of them, the latest first.
pub(crate) fn list(sql: &Connection) -> Result<Vec<ParcelRow>> {
    let mut statement = sql.prepare_cached(&format!("{ROWS} order by id desc"))?;
    let rows = statement.query_map([], row)?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

fn row(row: &Row<'_>) -> rusqlite::Result<ParcelRow> {
    Ok(ParcelRow {
        id: row.get(0)?,
        person: row.get(1)?,
        made_at: row.get(2)?,
        edits: row.get(3)?,
        taken_at: row.get(4)?,
        delivered_at: row.get(5)?,
        refused: row.get(6)?,
        problem: row.get(7)?,
        pieces: row.get(8)?,
        pieces_left: row.get(9)?,
    })
}
