//! One row per article of the knowledge base.

use docket_protocol::ids::{RecordId, TenantId};
use docket_protocol::record::article::ArticleContent;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value as Json;

use crate::auth::scope::Scope;
use crate::store::{StoreError, WriteTx};

/// An article with its content.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleRow {
    /// Its id.
    pub record: RecordId,
    /// Last change, server clock.
    pub updated_at: i64,
    /// Symptom, cause, solution.
    pub content: ArticleContent,
}

pub(super) fn upsert(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
    content: &Json,
) -> Result<(), StoreError> {
    let text = content.to_string();
    let article = ArticleContent::from_json(content.clone());
    tx.sql
        .prepare_cached(
            "insert into articles
                 (tenant, record, title, category, equipment, withdrawn, updated_at, content)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             on conflict do update set title = excluded.title, category = excluded.category,
                 equipment = excluded.equipment, withdrawn = excluded.withdrawn,
                 updated_at = excluded.updated_at, content = excluded.content",
        )?
        .execute(params![
            tenant.0,
            record.0,
            article.title,
            article.category,
            article.equipment,
            article.withdrawn,
            tx.now,
            text
        ])?;
    Ok(())
}

/// Every article of the organisation, those that stand first.
pub fn list(sql: &Connection, scope: &Scope) -> rusqlite::Result<Vec<ArticleRow>> {
    sql.prepare_cached(
        "select record, updated_at, content from articles where tenant = ?1
         order by withdrawn, category, title",
    )?
    .query_map([scope.tenant.0], read_row)?
    .collect()
}

/// One article.
pub fn get(
    sql: &Connection,
    scope: &Scope,
    record: RecordId,
) -> rusqlite::Result<Option<ArticleRow>> {
    sql.prepare_cached(
        "select record, updated_at, content from articles where tenant = ?1 and record = ?2",
    )?
    .query_row(params![scope.tenant.0, record.0], read_row)
    .optional()
}

fn read_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<ArticleRow> {
    let content: String = row.get("content")?;
    Ok(ArticleRow {
        record: RecordId(row.get("record")?),
        updated_at: row.get("updated_at")?,
        content: serde_json::from_str(&content).unwrap_or_default(),
    })
}
