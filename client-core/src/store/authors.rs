//! Which person and phone each Automerge actor of a record belongs to, as the server names them.

use docket_protocol::ids::{DeviceId, RecordId, UserId};
use docket_protocol::wire::ActorAuthor;
use rusqlite::{Connection, params};

use crate::error::Result;

/// Remembers an author.
pub(crate) fn remember(sql: &Connection, record: RecordId, author: &ActorAuthor) -> Result<()> {
    sql.prepare_cached(
        "insert or replace into authors (record, actor, user, device) values (?, ?, ?, ?)",
    )?
    .execute(params![
        record.as_bytes(),
        author.actor.as_slice(),
        author.user.as_bytes(),
        author.device.map(|device| device.as_bytes().to_vec()),
    ])?;
    Ok(())
}

/// Remembers an author on a colleague's word, where the server has not named one.
pub(crate) fn remember_unless_named(
    sql: &Connection,
    record: RecordId,
    author: &ActorAuthor,
) -> Result<()> {
    let named = "select 1 from authors where record = ? and actor = ?";
    let named =
        sql.prepare_cached(named)?.exists(params![record.as_bytes(), author.actor.as_slice()])?;
    if named { Ok(()) } else { remember(sql, record, author) }
}

/// Everyone known to have written in a record.
pub(crate) fn of(sql: &Connection, record: RecordId) -> Result<Vec<ActorAuthor>> {
    let mut statement =
        sql.prepare_cached("select actor, user, device from authors where record = ?")?;
    let rows = statement.query_map([record.as_bytes()], |row| {
        let (actor, user): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let device: Option<Vec<u8>> = row.get(2)?;
        Ok(ActorAuthor {
            actor: actor.into(),
            user: UserId::from_bytes(&user).unwrap_or_default(),
            device: device.and_then(|device| DeviceId::from_bytes(&device).ok()),
        })
    })?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}
