//! What was begun and never finished, thrown away when the server starts.

use std::collections::BTreeSet;
use std::fs;

use docket_protocol::ids::{TenantId, UserId};
use rusqlite::params;

use super::{BlobHash, Blobs, partial_name};
use crate::limits::UPLOAD_KEPT_MS;
use crate::store::{StoreError, WriteTx};

/// Forgets uploads that nobody has gone on with for long, and files that belong to none.
pub fn sweep(blobs: &Blobs, tx: &WriteTx<'_>) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached("delete from uploads where begun_at < ?1")?
        .execute(params![tx.now - UPLOAD_KEPT_MS])?;
    let kept: BTreeSet<String> = tx
        .sql
        .prepare_cached("select tenant, user, sha256 from uploads")?
        .query_map([], |row| {
            let hash = BlobHash(row.get(2)?);
            Ok(partial_name(TenantId(row.get(0)?), UserId(row.get(1)?), &hash))
        })?
        .collect::<rusqlite::Result<_>>()?;
    // No folder: nothing was ever begun. What cannot be removed now can be at the next start.
    let found = fs::read_dir(blobs.arriving()).into_iter().flatten().flatten();
    for stale in found.filter(|file| !kept.contains(&*file.file_name().to_string_lossy())) {
        drop(fs::remove_file(stale.path()));
    }
    Ok(())
}
