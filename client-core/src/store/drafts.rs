//! What is being typed and not saved yet.

use rusqlite::{Connection, params};

use crate::error::Result;
use crate::view::Draft;

/// Keeps unsaved text; without text it is forgotten.
pub(crate) fn keep(sql: &Connection, draft: &Draft) -> Result<()> {
    let Draft { record, path, text } = draft;
    match text {
        Some(text) => sql
            .prepare_cached("insert or replace into drafts (record, path, text) values (?, ?, ?)")?
            .execute(params![record, path, text])?,
        None => sql
            .prepare_cached("delete from drafts where record = ? and path = ?")?
            .execute(params![record, path])?,
    };
    Ok(())
}

/// All of them.
pub(crate) fn list(sql: &Connection) -> Result<Vec<Draft>> {
    let mut statement = sql.prepare_cached("select record, path, text from drafts")?;
    let rows = statement.query_map([], |row| {
        Ok(Draft { record: row.get(0)?, path: row.get(1)?, text: row.get(2)? })
    })?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}
