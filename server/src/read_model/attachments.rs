//! Which record names which photo or file: what decides who may bring and who may see its bytes.

use docket_protocol::ids::{RecordId, TenantId};
use docket_protocol::record::job::JobContent;
use rusqlite::params;

use crate::store::WriteTx;

/// Writes what one job names now; removed ones, too, because they stay part of the record.
pub(super) fn replace(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
    job: &JobContent,
) -> rusqlite::Result<()> {
    let mut insert = tx.sql.prepare_cached(
        "insert or ignore into attachments (tenant, record, attachment, sha256, bytes, added_by)
         values (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    // An entry is written once, and stays: what is there already is the same.
    for (id, attachment) in &job.attachments {
        let added_by = attachment.by.map(|by| by.0);
        let bytes = attachment.bytes.cast_signed();
        insert.execute(params![tenant.0, record.0, id.0, attachment.sha256, bytes, added_by])?;
    }
    Ok(())
}
