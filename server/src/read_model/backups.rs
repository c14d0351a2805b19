//! One row per backup that stands, for the backup check: which job has one, and which of them
//! lack a version or an approval. What is written of a backup stands in its dossier.

use docket_protocol::ids::{ItemId, RecordId, TenantId};
use docket_protocol::record::dossier::{Backup, DossierContent};
use rusqlite::{Connection, params};

use crate::auth::scope::Scope;
use crate::store::{StoreError, WriteTx};

/// Writes the rows of one dossier.
pub(super) fn replace(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    dossier: RecordId,
    content: &DossierContent,
) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached("delete from backups where tenant = ?1 and dossier = ?2")?
        .execute(params![tenant.0, dossier.0])?;
    for (item, backup) in content.backups() {
        tx.sql
            .prepare_cached(
                "insert into backups (tenant, dossier, item, at, job, lacks)
                 values (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                tenant.0,
                dossier.0,
                item.0,
                backup.at,
                backup.job.map(|job| job.0),
                lacks(backup),
            ])?;
    }
    Ok(())
}

/// Whether a backup has no version, or nobody has approved it.
fn lacks(backup: &Backup) -> bool {
    backup.version.trim().is_empty() || backup.approved_at.is_none()
}

/// The backups that lack something, the oldest first, at most so many.
pub fn lacking(
    sql: &Connection,
    scope: &Scope,
    limit: usize,
) -> rusqlite::Result<Vec<(RecordId, ItemId)>> {
    sql.prepare_cached(
        "select dossier, item from backups
         where tenant = ?1 and lacks order by at, dossier, item limit ?2",
    )?
    .query_map(params![scope.tenant.0, limit], |row| {
        Ok((RecordId(row.get(0)?), ItemId(row.get(1)?)))
    })?
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_lacks_something_until_it_has_a_version_and_an_approval() {
        let backup = |version: &str, approved_at| {
            lacks(&Backup { version: version.to_owned(), approved_at, ..Backup::default() })
        };
        assert!(!backup("1.2", Some(5)));
        assert!(backup(" ", Some(5)));
        assert!(backup("1.2", None));
    }
}
