//! Photos and files that held work names: its author may bring them before the decision.

use std::collections::BTreeMap;

use automerge::legacy::{Key, ObjectId, OpType};
use automerge::{Change, ScalarValue};
use docket_protocol::ids::{TenantId, UserId};
use rusqlite::{Connection, params};

use crate::auth::scope::Scope;
use crate::blobs::BlobHash;
use crate::store::{StoreError, WriteTx};

/// Remembers which files a change names that is held.
pub(super) fn remember(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    user: UserId,
    change: &[u8],
) -> Result<(), StoreError> {
    let mut insert = tx.sql.prepare_cached(
        "insert or ignore into held_files (tenant, user, sha256, bytes) values (?1, ?2, ?3, ?4)",
    )?;
    for (hash, bytes) in named(change) {
        insert.execute(params![tenant.0, user.0, hash.as_str(), bytes.cast_signed()])?;
    }
    Ok(())
}

/// Whether held work of this person names this file, with this length where one is given.
pub(crate) fn names(
    sql: &Connection,
    scope: &Scope,
    hash: &BlobHash,
    bytes: Option<u64>,
) -> rusqlite::Result<bool> {
    sql.prepare_cached(
        "select 1 from held_files where tenant = ?1 and user = ?2 and sha256 = ?3
         and bytes = coalesce(?4, bytes)",
    )?
    .exists(params![scope.tenant.0, scope.user.0, hash.as_str(), bytes.map(u64::cast_signed)])
}

/// Hash and length, as the entry of an attachment has them: two fields of one new map. What is in
/// no such entry names nothing, and the gate judges the change itself when it is accepted.
fn named(change: &[u8]) -> Vec<(BlobHash, u64)> {
    let Ok(change) = Change::from_bytes(change.to_vec()) else { return Vec::new() };
    let mut maps: BTreeMap<ObjectId, (Option<BlobHash>, Option<u64>)> = BTreeMap::new();
    for op in change.decode().operations {
        let (Key::Map(key), OpType::Put(value)) = (op.key, op.action) else { continue };
        let (hash, bytes) = maps.entry(op.obj).or_default();
        match (key.as_str(), value) {
            ("sha256", ScalarValue::Str(text)) => *hash = BlobHash::parse(&text),
            ("bytes", ScalarValue::Int(length)) => *bytes = u64::try_from(length).ok(),
            ("bytes", ScalarValue::Uint(length)) => *bytes = Some(length),
            _ => {}
        }
    }
    maps.into_values().filter_map(|(hash, bytes)| Some((hash?, bytes?))).collect()
}
