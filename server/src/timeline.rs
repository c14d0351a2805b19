//! Who wrote what and when: a record's changes in the order they reached the log.
//!
//! Author and times are the log's word, which no document can forge; the fields are read from
//! the change's operations.

use docket_protocol::automerge::Change;
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::ops::{locate, paths_of};
use docket_protocol::record::path::Path;
use rusqlite::{Connection, params};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::scope::Scope;
use crate::store::{StoreError, documents};

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// Its place in the log.
    pub seq: i64,
    /// The change.
    #[schema(value_type = String)]
    pub change: ChangeHash,
    /// Who wrote it.
    pub author: String,
    /// On which phone; empty at the desk.
    pub device: String,
    /// By the writer's clock, Unix ms.
    pub written_at: i64,
    /// By the server's clock, Unix ms.
    pub received_at: i64,
    /// The fields written, each once.
    #[schema(value_type = Vec<String>)]
    pub paths: Vec<Path>,
}

/// The changes of a record, latest first; the caller has asked whether this person may see it.
pub fn of(
    sql: &Connection,
    scope: &Scope,
    record: RecordId,
) -> Result<Vec<TimelineEntry>, StoreError> {
    let Some(document) = documents::load(sql, scope.tenant, record)? else {
        return Ok(Vec::new());
    };
    let mut statement = sql.prepare_cached(
        "select l.seq, l.hash, coalesce(u.name, ''), coalesce(d.name, ''), l.written_at,
                l.received_at, l.body
         from log l left join users u on u.id = l.user left join devices d on d.id = l.device
         where l.tenant = ?1 and l.record = ?2 and l.kind = 'change' order by l.seq desc",
    )?;
    let rows = statement.query_map(params![scope.tenant.0, record.0], |row| {
        let body: Vec<u8> = row.get(6)?;
        let located = Change::from_bytes(body)
            .ok()
            .and_then(|change| locate(&document.automerge, &change.decode()).ok());
        Ok(TimelineEntry {
            seq: row.get(0)?,
            change: ChangeHash(row.get(1)?),
            author: row.get(2)?,
            device: row.get(3)?,
            written_at: row.get(4)?,
            received_at: row.get(5)?,
            paths: paths_of(&located.unwrap_or_default()),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
