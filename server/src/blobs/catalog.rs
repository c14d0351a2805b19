//! Who may bring a file and who may see it, and what became of it: the database's side.
//!
//! Whoever knows a file's hash has it from a record that names it, so the hash is no secret to
//! guess; still nobody gets a byte without seeing a record that names it now. Who added a file
//! may bring it even when the job has been handed on meanwhile: it is their work.

use docket_protocol::ids::{Seq, TenantId};
use docket_protocol::role::Role;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use super::{BlobHash, Upload};
use crate::auth::scope::Scope;
use crate::held;
use crate::store::WriteTx;

/// What became of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Arrival {
    /// How long it is.
    pub bytes: u64,
    /// Server clock, Unix ms.
    pub received_at: i64,
    /// When the office first had it on a page.
    pub seen_at: Option<i64>,
}

/// Whether a record in this person's sight names this file.
pub fn may_see(sql: &Connection, scope: &Scope, hash: &BlobHash) -> rusqlite::Result<bool> {
    named(sql, scope, hash, Sight::Now, None)
}

/// Whether a record in this person's sight, or this person, names a file of this length; held work
/// of theirs counts.
pub fn may_bring(
    sql: &Connection,
    scope: &Scope,
    hash: &BlobHash,
    bytes: u64,
) -> rusqlite::Result<bool> {
    Ok(named(sql, scope, hash, Sight::NowOrOwn, Some(bytes))?
        || held::files::names(sql, scope, hash, Some(bytes))?)
}

/// Whether this person may know what became of a file.
pub fn may_ask(sql: &Connection, scope: &Scope, hash: &BlobHash) -> rusqlite::Result<bool> {
    Ok(named(sql, scope, hash, Sight::NowOrOwn, None)?
        || held::files::names(sql, scope, hash, None)?)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sight {
    Now,
    NowOrOwn,
}

fn named(
    sql: &Connection,
    scope: &Scope,
    hash: &BlobHash,
    sight: Sight,
    bytes: Option<u64>,
) -> rusqlite::Result<bool> {
    let mut query = String::from("select 1 from attachments a where a.tenant = ? and a.sha256 = ?");
    let mut values: Vec<Value> = vec![scope.tenant.0.into(), hash.as_str().to_owned().into()];
    if let Some(bytes) = bytes {
        query.push_str(" and a.bytes = ?");
        values.push(bytes.cast_signed().into());
    }
    if scope.role == Role::Engineer {
        query.push_str(
            " and (a.record in (select v.record from visibility v where v.tenant = a.tenant
                                and v.user = ? and v.left_seq is null)",
        );
        values.push(scope.user.0.into());
        if sight == Sight::NowOrOwn {
            query.push_str(" or a.added_by = ?");
            values.push(scope.user.0.into());
        }
        query.push(')');
    }
    sql.prepare_cached(&query)?.exists(params_from_iter(values))
}

/// What became of a file; none while it has not arrived. Whether its bytes are still here is the
/// folder's to say.
pub fn arrival(
    sql: &Connection,
    tenant: TenantId,
    hash: &BlobHash,
) -> rusqlite::Result<Option<Arrival>> {
    sql.prepare_cached(
        "select bytes, received_at, seen_at from blobs where tenant = ?1 and sha256 = ?2",
    )?
    .query_row(params![tenant.0, hash.as_str()], |row| {
        Ok(Arrival { bytes: row.get(0)?, received_at: row.get(1)?, seen_at: row.get(2)? })
    })
    .optional()
}

/// Writes that a file is here, and rings the bell for pages that wait for it.
pub fn received(tx: &mut WriteTx<'_>, upload: &Upload) -> rusqlite::Result<()> {
    let tenant = upload.tenant;
    tx.sql
        .prepare_cached(
            "insert into blobs (tenant, sha256, bytes, received_at) values (?1, ?2, ?3, ?4)
             on conflict do nothing",
        )?
        .execute(params![tenant.0, upload.hash.as_str(), upload.bytes.cast_signed(), tx.now])?;
    forget(tx, upload)?;
    let seq = tx
        .sql
        .prepare_cached("select last_seq from tenants where id = ?1")?
        .query_row([tenant.0], |row| row.get(0))?;
    tx.log_moved(tenant, Seq(seq), []);
    Ok(())
}

/// Writes that the office has had this file on a page.
pub fn seen(tx: &WriteTx<'_>, tenant: TenantId, hash: &BlobHash) -> rusqlite::Result<()> {
    tx.sql
        .prepare_cached(
            "update blobs set seen_at = ?3
             where tenant = ?1 and sha256 = ?2 and seen_at is null",
        )?
        .execute(params![tenant.0, hash.as_str(), tx.now])?;
    Ok(())
}

/// What somebody is bringing under this hash.
pub fn upload(
    sql: &Connection,
    scope: &Scope,
    hash: &BlobHash,
) -> rusqlite::Result<Option<Upload>> {
    let (tenant, user) = (scope.tenant, scope.user);
    let bytes = sql
        .prepare_cached(
            "select bytes from uploads where tenant = ?1 and user = ?2 and sha256 = ?3",
        )?
        .query_row(params![tenant.0, user.0, hash.as_str()], |row| row.get(0))
        .optional()?;
    Ok(bytes.map(|bytes| Upload { tenant, user, hash: hash.clone(), bytes }))
}

/// How many files somebody is bringing.
pub fn open_uploads(sql: &Connection, scope: &Scope) -> rusqlite::Result<u64> {
    sql.prepare_cached("select count(*) from uploads where tenant = ?1 and user = ?2")?
        .query_row(params![scope.tenant.0, scope.user.0], |row| row.get(0))
}

/// Writes that somebody begins to bring a file.
pub fn begin(tx: &WriteTx<'_>, upload: &Upload) -> rusqlite::Result<()> {
    tx.sql
        .prepare_cached(
            "insert into uploads (tenant, user, sha256, bytes, begun_at)
             values (?1, ?2, ?3, ?4, ?5)
             on conflict do update set bytes = excluded.bytes, begun_at = excluded.begun_at",
        )?
        .execute(params![
            upload.tenant.0,
            upload.user.0,
            upload.hash.as_str(),
            upload.bytes.cast_signed(),
            tx.now
        ])?;
    Ok(())
}

/// Writes that somebody brings a file no more.
pub fn forget(tx: &WriteTx<'_>, upload: &Upload) -> rusqlite::Result<()> {
    tx.sql
        .prepare_cached("delete from uploads where tenant = ?1 and user = ?2 and sha256 = ?3")?
        .execute(params![upload.tenant.0, upload.user.0, upload.hash.as_str()])?;
    Ok(())
}
