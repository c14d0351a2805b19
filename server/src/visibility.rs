//! Who sees which record, and since when: the enter and leave rows of the log.
//!
//! Catalog and dossiers belong to everyone. A job belongs to its lead and active helpers; until
//! somebody leads, to the engineer who opened it, and to whoever opened it on a phone: it is on
//! that phone already, and has to be kept up to date there. Closed accounts see nothing.
//! Recomputed from content after every change, and for a person whose account or role changed;
//! only differences are written, in the change's own transaction.

use std::collections::BTreeSet;

use docket_protocol::ids::{RecordId, TenantId, UserId};
use docket_protocol::planted;
use docket_protocol::record::RecordKind;
use docket_protocol::record::job::JobContent;
use docket_protocol::role::Role;
use rusqlite::{OptionalExtension, params};

use crate::log::{self, Entry, Event};
use crate::store::{StoreError, WriteTx};

/// The nil id: everyone of the tenant.
pub const EVERYONE: UserId = UserId(uuid::Uuid::nil());

/// Writes what changed about who sees a job.
pub fn update_job(
    tx: &mut WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
    job: &JobContent,
) -> Result<(), StoreError> {
    let mut viewers: BTreeSet<UserId> = job.engineers().into_iter().collect();
    if let Some(opener) = opener_with_phone(tx, tenant, record)? {
        if job.assignment.lead.is_none() {
            viewers.insert(opener);
        } else if !viewers.contains(&opener) && !has_seen(tx, tenant, record, opener)? {
            // Opened and given away in one go: the phone that did it has to be told to let go.
            enter(tx, tenant, record, opener)?;
        }
    }
    let mut open = BTreeSet::new();
    for user in viewers {
        if is_open(tx, tenant, user)? {
            open.insert(user);
        }
    }
    update(tx, tenant, record, &open)
}

/// Writes what changed about who sees the jobs of one person, whose account or role changed.
pub fn update_person(
    tx: &mut WriteTx<'_>,
    tenant: TenantId,
    user: UserId,
) -> Result<(), StoreError> {
    // Whatever this person saw once, or opened, may come or go with them.
    let jobs: Vec<(RecordId, String)> = tx
        .sql
        .prepare_cached(
            "select j.record, j.content from jobs j where j.tenant = ?1 and j.record in
                (select record from visibility where tenant = ?1 and user = ?2
                 union select record from records where tenant = ?1 and opened_by = ?2)
             order by j.record",
        )?
        .query_map(params![tenant.0, user.0], |row| Ok((RecordId(row.get(0)?), row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (record, content) in jobs {
        let job = serde_json::from_str(&content).map_err(|_| StoreError::Damaged(record))?;
        update_job(tx, tenant, record, &job)?;
    }
    Ok(())
}

/// Whether somebody has an open account; a name that belongs to nobody here has none.
fn is_open(tx: &WriteTx<'_>, tenant: TenantId, user: UserId) -> rusqlite::Result<bool> {
    tx.sql
        .prepare_cached("select 1 from users where tenant = ?1 and id = ?2 and active = 1")?
        .exists(params![tenant.0, user.0])
}

/// Writes that everyone sees a record, once.
pub fn update_shared(
    tx: &mut WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
    kind: RecordKind,
) -> Result<(), StoreError> {
    debug_assert!(kind != RecordKind::Job, "jobs belong to those who work on them");
    update(tx, tenant, record, &BTreeSet::from([EVERYONE]))
}

fn update(
    tx: &mut WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
    viewers: &BTreeSet<UserId>,
) -> Result<(), StoreError> {
    let present: BTreeSet<UserId> = tx
        .sql
        .prepare_cached(
            "select user from visibility where tenant = ?1 and record = ?2 and left_seq is null",
        )?
        .query_map(params![tenant.0, record.0], |row| Ok(UserId(row.get(0)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for &user in viewers.difference(&present) {
        enter(tx, tenant, record, user)?;
    }
    for &user in present.difference(viewers) {
        leave(tx, tenant, record, user)?;
    }
    Ok(())
}

fn enter(
    tx: &mut WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
    user: UserId,
) -> Result<(), StoreError> {
    let entry = Entry { record, user, device: None, event: Event::Enter };
    let logged = log::append(tx, tenant, &entry)?;
    tx.sql
        .prepare_cached(
            "insert into visibility (tenant, user, record, entered_seq) values (?1, ?2, ?3, ?4)
             on conflict do update set entered_seq = excluded.entered_seq, left_seq = null",
        )?
        .execute(params![tenant.0, user.0, record.0, logged.seq.0.cast_signed()])?;
    Ok(())
}

fn leave(
    tx: &mut WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
    user: UserId,
) -> Result<(), StoreError> {
    if planted::is("leave-not-logged") {
        return Ok(());
    }
    let entry = Entry { record, user, device: None, event: Event::Leave };
    let logged = log::append(tx, tenant, &entry)?;
    tx.sql
        .prepare_cached(
            "update visibility set left_seq = ?4
             where tenant = ?1 and user = ?2 and record = ?3",
        )?
        .execute(params![tenant.0, user.0, record.0, logged.seq.0.cast_signed()])?;
    Ok(())
}

/// Whether the record was ever in this person's sight.
fn has_seen(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
    user: UserId,
) -> rusqlite::Result<bool> {
    tx.sql
        .prepare_cached("select 1 from visibility where tenant = ?1 and user = ?2 and record = ?3")?
        .exists(params![tenant.0, user.0, record.0])
}

/// Who opened the record, if they are an engineer or did it on a phone: the server's word on
/// that, not the document's.
fn opener_with_phone(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
) -> rusqlite::Result<Option<UserId>> {
    tx.sql
        .prepare_cached(
            "select u.id from records r join users u on u.id = r.opened_by
             where r.tenant = ?1 and r.record = ?2 and (u.role = ?3 or
                (select l.device is not null from log l
                 where l.tenant = ?1 and l.record = ?2 and l.kind = 'change'
                 order by l.seq limit 1))",
        )?
        .query_row(params![tenant.0, record.0, Role::Engineer.as_str()], |row| {
            Ok(UserId(row.get(0)?))
        })
        .optional()
}
