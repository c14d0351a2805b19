//! Values of ours that no longer count: noted once, listed until the person has dealt with them.

use docket_protocol::ids::{ChangeHash, RecordId, UserId};
use docket_protocol::number::job_number;
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use rusqlite::{Connection, Row, params};

use crate::error::Result;
use crate::view::OverruledValue;

/// A value of ours and the one that counts instead.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Overruled {
    pub(crate) path: Path,
    pub(crate) rule: String,
    pub(crate) mine: Written,
    pub(crate) winner: Written,
    pub(crate) winner_user: Option<UserId>,
}

/// What a change left in a field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Written {
    pub(crate) change: ChangeHash,
    pub(crate) value: FieldValue,
    pub(crate) at: i64,
}

/// Notes that a value of ours lost. Told again it changes nothing, agreed or not; a newer winner
/// takes the place of the one before.
pub(crate) fn note(sql: &Connection, record: RecordId, lost: &Overruled) -> Result<()> {
    let added = sql
        .prepare_cached(
            "insert or ignore into overruled (record, path, rule, mine, mine_value, mine_at, winner,
                winner_value, winner_user, winner_at)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            record.as_bytes(),
            lost.path.as_str(),
            lost.rule,
            lost.mine.change.0,
            json(&lost.mine.value),
            lost.mine.at,
            lost.winner.change.0,
            json(&lost.winner.value),
            lost.winner_user.map(|user| user.as_bytes().to_vec()),
            lost.winner.at,
        ])?;
    if added > 0 {
        sql.prepare_cached(
            "delete from overruled
             where record = ? and path = ? and mine = ? and winner <> ? and agreed = 0",
        )?
        .execute(params![
            record.as_bytes(),
            lost.path.as_str(),
            lost.mine.change.0,
            lost.winner.change.0
        ])?;
    }
    Ok(())
}

/// The rows of one record that still wait: id, field, our value.
pub(crate) fn waiting(sql: &Connection, record: RecordId) -> Result<Vec<(i64, Path, FieldValue)>> {
    let mut statement = sql.prepare_cached(
        "select id, path, mine_value from overruled where record = ? and agreed = 0",
    )?;
    let rows = statement.query_map([record.as_bytes()], |row| {
        Ok((row.get(0)?, Path::new(row.get::<_, String>(1)?), value(row, 2)?))
    })?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

/// Our value counts again, or we have written another: nothing is left to tell.
pub(crate) fn drop_row(sql: &Connection, id: i64) -> Result<()> {
    sql.prepare_cached("delete from overruled where id = ?")?.execute([id])?;
    Ok(())
}

/// The person agrees.
pub(crate) fn agree(sql: &Connection, id: i64) -> Result<()> {
    sql.prepare_cached("update overruled set agreed = 1 where id = ?")?.execute([id])?;
    Ok(())
}

/// How many wait for the person.
pub(crate) fn count(sql: &Connection) -> Result<u64> {
    Ok(sql
        .prepare_cached("select count(*) from overruled where agreed = 0")?
        .query_row([], |row| row.get(0))?)
}

/// Those that wait, oldest news first. Whether the person may choose again is for the caller.
pub(crate) fn list(sql: &Connection) -> Result<Vec<OverruledValue>> {
    let mut statement = sql.prepare_cached(
        "select o.id, o.record, o.path, o.rule, o.mine_value, o.mine_at, o.winner_value,
                o.winner_at, coalesce(p.name, '') as author, coalesce(j.title, '') as title
         from overruled o left join people p on p.user = o.winner_user
                          left join jobs j on j.record = o.record
         where o.agreed = 0 order by o.id",
    )?;
    let rows = statement.query_map([], |row| {
        let record: Vec<u8> = row.get("record")?;
        let record = RecordId::from_bytes(&record).unwrap_or_default();
        Ok(OverruledValue {
            id: row.get("id")?,
            record,
            number: job_number(record),
            title: row.get("title")?,
            path: Path::new(row.get::<_, String>("path")?),
            rule: row.get("rule")?,
            mine: value(row, 4)?,
            mine_at: row.get("mine_at")?,
            counts: value(row, 6)?,
            author: row.get("author")?,
            at: row.get("winner_at")?,
            may_choose: false,
        })
    })?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

fn json(value: &FieldValue) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn value(row: &Row<'_>, column: usize) -> rusqlite::Result<FieldValue> {
    Ok(serde_json::from_str(&row.get::<_, String>(column)?).unwrap_or(FieldValue::Nothing))
}
