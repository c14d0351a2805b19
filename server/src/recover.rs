//! What is known of the times when the database was put back: how much was lost, what phones
//! have brought back since, and who may still have something.
//!
//! [`note_return`] is called for every change that comes back; [`report`] reads it all for
//! `docket recover`. Nothing here decides anything.

use docket_protocol::ids::{DeviceId, RecordId, TenantId};
use rusqlite::{Connection, params};
use serde::Serialize;

use crate::ingest::stages::LoggedChange;
use crate::mark;
use crate::store::{StoreError, WriteTx};

/// Everything about restores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The restores, oldest first.
    pub restores: Vec<Restore>,
    /// Changes that phones have brought back.
    pub changes_returned: u64,
    /// Records they belong to.
    pub records_returned: u64,
    /// Changes handed back without proof that still wait for a decision.
    pub waiting: u64,
    /// Enrolled phones that are not revoked, those not seen since the last restore first.
    pub phones: Vec<PhoneReport>,
}

/// One time the database was put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restore {
    /// When the server noticed, Unix ms.
    pub noticed_at: i64,
    /// How: `mark-ahead`, `mark-unknown`, `mark-missing` or `phone`.
    pub noticed_by: String,
    /// Log rows before, as the mark beside the database remembers them.
    pub rows_before: Option<u64>,
    /// Log rows the restored database had.
    pub rows_found: u64,
}

impl Restore {
    /// Log rows that were lost; none when nobody remembers.
    pub fn rows_lost(&self) -> Option<u64> {
        self.rows_before.map(|before| before.saturating_sub(self.rows_found))
    }
}

/// One phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PhoneReport {
    /// Whose it is.
    pub person: String,
    /// What it is called.
    pub name: String,
    /// Last contact, Unix ms.
    pub last_seen_at: i64,
    /// Whether that was after the last restore; if not, work may still be on it.
    pub seen_since: bool,
    /// Changes it has brought back.
    pub returned: u64,
}

/// Reads the report.
pub fn report(sql: &Connection) -> rusqlite::Result<Report> {
    let restores = restores(sql)?;
    let since = restores.last().map_or(0, |restore| restore.noticed_at);
    let (changes_returned, records_returned) =
        sql.query_row("select count(*), count(distinct record) from hand_backs", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let waiting = sql.query_row(
        "select count(*) from held where decided_seq is null and reason like 'handed-back-%'",
        [],
        |row| row.get(0),
    )?;
    Ok(Report {
        phones: phones(sql, since)?,
        restores,
        changes_returned,
        records_returned,
        waiting,
    })
}

/// Whether the database was ever put back, as far as is known.
pub fn was_restored(sql: &Connection) -> rusqlite::Result<bool> {
    sql.prepare_cached("select 1 from restores")?.exists([])
}

fn restores(sql: &Connection) -> rusqlite::Result<Vec<Restore>> {
    sql.prepare("select noticed_at, noticed_by, rows_before, rows_found from restores order by id")?
        .query_map([], |row| {
            Ok(Restore {
                noticed_at: row.get(0)?,
                noticed_by: row.get(1)?,
                rows_before: row.get(2)?,
                rows_found: row.get(3)?,
            })
        })?
        .collect()
}

fn phones(sql: &Connection, since: i64) -> rusqlite::Result<Vec<PhoneReport>> {
    sql.prepare(
        "select u.name, d.name, d.last_seen_at, d.last_seen_at >= ?1,
                (select count(*) from hand_backs h where h.device = d.id)
         from devices d join users u on u.id = d.user where d.revoked_at is null
         order by 4, u.name, d.name",
    )?
    .query_map([since], |row| {
        Ok(PhoneReport {
            person: row.get(0)?,
            name: row.get(1)?,
            last_seen_at: row.get(2)?,
            seen_since: row.get(3)?,
            returned: row.get(4)?,
        })
    })?
    .collect()
}

/// Notes changes that a phone has brought back. They prove that the database was put back, which
/// the mark cannot know when the whole folder was.
pub fn note_return(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
    phone: DeviceId,
    returned: &[LoggedChange],
) -> Result<(), StoreError> {
    for change in returned {
        tx.sql
            .prepare_cached(
                "insert into hand_backs (tenant, seq, record, hash, device, received_at)
                 values (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                tenant.0,
                change.seq().0.cast_signed(),
                record.0,
                change.hash().0,
                phone.0,
                tx.now
            ])?;
    }
    let is_known = tx.sql.prepare_cached("select 1 from restores")?.exists([])?;
    if !is_known {
        tracing::warn!("a phone proves that the database was restored");
        let rows = mark::rows_of_logs(tx.sql)?;
        mark::note_restore(tx.sql, tx.incarnation, tx.now, "phone", None, rows)?;
    }
    Ok(())
}
