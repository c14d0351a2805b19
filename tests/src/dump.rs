//! What a database says, table by table: two that say the same are equal whatever their bytes.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// Every row of every table but SQLite's own and those behind a search index, as text.
pub fn dump(sql: &Connection) -> rusqlite::Result<String> {
    let tables: Vec<String> = sql
        .prepare(
            "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'
             and name not like '%\\_search\\_%' escape '\\' order by name",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut text = String::new();
    for table in tables {
        text += &rows(sql, &format!("select * from {table}"))?
            .into_iter()
            .fold(format!("{table}\n"), |text, row| text + "  " + &row + "\n");
    }
    Ok(text)
}

/// The rows of a query, sorted, as text.
pub fn rows(sql: &Connection, query: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = sql.prepare(query)?;
    let columns = statement.column_count();
    let mut rows = statement
        .query_map([], |row| {
            (0..columns).map(|at| Ok(value(row.get_ref(at)?))).collect::<Result<Vec<_>, _>>()
        })?
        .map(|row| row.map(|values| values.join("|")))
        .collect::<Result<Vec<_>, _>>()?;
    rows.sort_unstable();
    Ok(rows)
}

fn value(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "null".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(blob) => data_encoding::HEXLOWER.encode(blob),
    }
}
