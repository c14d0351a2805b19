//! Pieces of photos and files that came with colleagues' evacuation files. Their bytes are somebody
//! else's to keep, under [`name_of`].

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::{ClientError, Result};

/// What names begin with under which the bytes of pieces are kept.
const NAME: &str = "piece-";

/// One piece to carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) parcel: i64,
    pub(crate) place: i64,
    pub(crate) bytes: u64,
}

/// Under which name the bytes of a piece are kept.
pub(crate) fn name_of(parcel: i64, place: i64) -> String {
    format!("{NAME}{parcel}-{place}")
}

/// These bytes of a file that was taken in are in this phone's keeping.
pub(crate) fn keep(sql: &Connection, piece: Piece) -> Result<()> {
    let Piece { parcel, place, bytes } = piece;
    let known = sql
        .prepare_cached("update parcels set pieces = max(pieces, ?2 + 1) where id = ?1")?
        .execute([parcel, place])?;
    if known == 0 {
        return Err(ClientError::new("not-found"));
    }
    sql.prepare_cached("insert or ignore into pieces (parcel, place, bytes) values (?, ?, ?)")?
        .execute(params![parcel, place, bytes.cast_signed()])?;
    Ok(())
}

/// The next piece whose records the office has.
pub(crate) fn next(sql: &Connection, now: i64) -> Result<Option<Piece>> {
    let next = sql
        .prepare_cached(
            "select parcel, place, bytes from pieces p
             where sent = 0 and retry_at <= ?
               and exists (select 1 from parcels where id = p.parcel and delivered_at is not null)
             order by parcel, place limit 1",
        )?
        .query_row([now], |row| {
            Ok(Piece { parcel: row.get(0)?, place: row.get(1)?, bytes: row.get(2)? })
        })
        .optional()?;
    Ok(next)
}

/// The office has it.
pub(crate) fn sent(sql: &Connection, piece: Piece) -> Result<()> {
    sql.prepare_cached(
        "update pieces set sent = 1, problem = null where parcel = ? and place = ?",
    )?
    .execute([piece.parcel, piece.place])?;
    Ok(())
}

/// It is not tried again before.
pub(crate) fn postpone(sql: &Connection, piece: Piece, until: i64, problem: &str) -> Result<()> {
    sql.prepare_cached(
        "update pieces set retry_at = ?, problem = ? where parcel = ? and place = ?",
    )?
    .execute(params![until, problem, piece.parcel, piece.place])?;
    Ok(())
}

/// Names of those whose bytes need not be kept.
pub(crate) fn not_needed(sql: &Connection) -> Result<Vec<String>> {
    let mut statement = sql.prepare_cached("select parcel, place from pieces where sent = 1")?;
    let rows = statement.query_map([], |row| Ok(name_of(row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

/// The bytes of this name are no longer on this phone; false when it names no piece.
pub(crate) fn dropped(sql: &Connection, name: &str) -> Result<bool> {
    let place = name.strip_prefix(NAME).and_then(|place| place.split_once('-'));
    let Some((parcel, place)) = place else { return Ok(false) };
    sql.prepare_cached("delete from pieces where parcel = ? and place = ? and sent = 1")?
        .execute([parcel, place])?;
    Ok(true)
}
