//! The knowledge base on this phone: rows to list and to find by.

use docket_protocol::ids::RecordId;
use docket_protocol::record::article::ArticleContent;
use rusqlite::{Connection, Row, params};

use crate::error::Result;
use crate::view::ArticleRow;

/// Brings the row of one article up to date; what is withdrawn is not offered any more.
pub(super) fn project(sql: &Connection, record: RecordId, article: &ArticleContent) -> Result<()> {
    if article.withdrawn {
        sql.prepare_cached("delete from articles where record = ?")?
            .execute([record.as_bytes()])?;
        return Ok(());
    }
    let ArticleContent { title, category, equipment, symptom, cause, solution, .. } = article;
    let haystack = [symptom, cause, solution].map(|text| text.to_lowercase()).join("\n");
    sql.prepare_cached(
        "insert or replace into articles (record, title, category, equipment, haystack)
         values (?, ?, ?, ?, ?)",
    )?
    .execute(params![record.as_bytes(), title, category, equipment, haystack])?;
    Ok(())
}

/// Every article with the text it is found by, by title.
pub(super) fn findable(sql: &Connection) -> Result<Vec<(ArticleRow, String)>> {
    let mut statement = sql.prepare_cached(
        "select record, title, category, equipment, haystack from articles order by title",
    )?;
    let rows = statement.query_map([], |row| Ok((read(row)?, row.get("haystack")?)))?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

/// Those about problems of this category, or about this equipment; the nearer ones first.
pub(crate) fn about(sql: &Connection, category: &str, equipment: &str) -> Result<Vec<ArticleRow>> {
    let mut statement = sql.prepare_cached(
        "select record, title, category, equipment from
             (select *, category <> '' and category = ?1 as same_category,
                     equipment <> '' and instr(lower(?2), lower(equipment)) > 0 as same_equipment
              from articles)
         where same_category or same_equipment
         order by same_category + same_equipment desc, same_equipment desc, title",
    )?;
    let rows = statement.query_map(params![category, equipment], read)?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<ArticleRow> {
    let record: Vec<u8> = row.get("record")?;
    Ok(ArticleRow {
        record: RecordId::from_bytes(&record).unwrap_or_default(),
        title: row.get("title")?,
        category: row.get("category")?,
        equipment: row.get("equipment")?,
    })
}
