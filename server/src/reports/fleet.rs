//! The phones of an organisation: when each was last in contact, and what it said of itself then.
//!
//! A phone reports with its sync requests ([`note`]); an older app says less, and what it does not
//! say is not known, never zero.

use docket_protocol::ids::{DeviceId, UserId};
use docket_protocol::wire::{DeviceReport, SyncRequest};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::auth::scope::Scope;
use crate::limits::LAST_SEEN_STEP_MS;

/// One phone and whose it is; a person without one has a line, too.
#[derive(Debug, Clone, PartialEq)]
pub struct FleetLine {
    /// Whose.
    pub user: UserId,
    /// That person's name.
    pub person: String,
    /// Jobs that person leads and has not finished.
    pub open_jobs: usize,
    /// The phone.
    pub phone: Option<FleetPhone>,
}

/// A phone that may sync.
#[derive(Debug, Clone, PartialEq)]
pub struct FleetPhone {
    /// Its id.
    pub device: DeviceId,
    /// What its owner called it.
    pub name: String,
    /// Last contact, server clock.
    pub seen_at: i64,
    /// What it said last.
    pub report: Option<Reported>,
}

/// What a phone said of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// Server clock.
    pub at: i64,
    /// How far its clock was ahead of ours.
    pub clock_ahead_ms: i64,
    /// What it said beyond that.
    pub said: Option<DeviceReport>,
}

/// The engineers' phones, and those of others who have one.
pub fn list(sql: &Connection, scope: &Scope) -> rusqlite::Result<Vec<FleetLine>> {
    sql.prepare_cached(
        "select u.id, u.name, d.id as device, d.name as device_name, d.last_seen_at,
                (select count(*) from jobs j indexed by jobs_at_work
                 where j.tenant = u.tenant and j.lead = u.id
                       and j.stage not in ('signed', 'archived')) as open_jobs,
                r.*
         from users u
         left join devices d on d.user = u.id and d.revoked_at is null
         left join device_reports r on r.device = d.id
         where u.tenant = ?1 and u.active = 1 and (u.role = 'engineer' or d.id is not null)
         order by u.name, u.id, d.last_seen_at desc",
    )?
    .query_map([scope.tenant.0], read_row)?
    .collect()
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<FleetLine> {
    let phone = match row.get::<_, Option<_>>("device")? {
        Some(device) => Some(FleetPhone {
            device: DeviceId(device),
            name: row.get("device_name")?,
            seen_at: row.get("last_seen_at")?,
            report: reported(row)?,
        }),
        None => None,
    };
    Ok(FleetLine {
        user: UserId(row.get("id")?),
        person: row.get("name")?,
        open_jobs: row.get("open_jobs")?,
        phone,
    })
}

fn reported(row: &Row<'_>) -> rusqlite::Result<Option<Reported>> {
    let Some(at) = row.get("reported_at")? else { return Ok(None) };
    let said = match row.get::<_, Option<String>>("app_version")? {
        Some(app_version) => Some(DeviceReport {
            app_version,
            unsent_changes: row.get("unsent_changes")?,
            unsent_jobs: row.get("unsent_jobs")?,
            unsent_files: row.get("unsent_files")?,
            unsent_signature_at: row.get("unsent_signature_at")?,
            storage_free_bytes: row.get("storage_free_bytes")?,
        }),
        None => None,
    };
    Ok(Some(Reported { at, clock_ahead_ms: row.get("clock_ahead_ms")?, said }))
}

/// What a request says of the phone that sent it.
#[derive(Debug, Clone)]
pub struct Saying {
    device: DeviceId,
    sent_at: i64,
    report: Option<DeviceReport>,
}

impl Saying {
    /// What a phone would say.
    pub fn new(device: DeviceId, sent_at: i64, report: &DeviceReport) -> Self {
        Self { device, sent_at, report: Some(bounded(report)) }
    }

    /// Takes it out of a request.
    pub fn of(request: &SyncRequest) -> Self {
        let SyncRequest { device, sent_at, .. } = *request;
        Self { device, sent_at, report: request.report.as_ref().map(bounded) }
    }

    /// Whether it is worth a write: it says something else than last time, or that was a while ago.
    pub fn is_news(&self, sql: &Connection, now: i64) -> rusqlite::Result<bool> {
        let known = sql
            .prepare_cached("select * from device_reports where device = ?1")?
            .query_row([self.device.0], reported)
            .optional()?
            .flatten();
        Ok(known
            .is_none_or(|known| known.said != self.report || now - known.at >= LAST_SEEN_STEP_MS))
    }

    /// Writes it down.
    pub fn note(&self, sql: &Connection, now: i64) -> rusqlite::Result<()> {
        let said = self.report.as_ref();
        sql.prepare_cached(
            "insert or replace into device_reports (device, reported_at, clock_ahead_ms,
                 app_version, unsent_changes, unsent_jobs, unsent_files, unsent_signature_at,
                 storage_free_bytes)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            self.device.0,
            now,
            self.sent_at.saturating_sub(now),
            said.map(|said| &said.app_version),
            said.map(|said| said.unsent_changes),
            said.map(|said| said.unsent_jobs),
            said.map(|said| said.unsent_files),
            said.and_then(|said| said.unsent_signature_at),
            said.and_then(|said| said.storage_free_bytes),
        ])?;
        Ok(())
    }
}

/// Longest version that is kept, in characters, and the largest count: a phone may say anything.
const VERSION_CHARS_MAX: usize = 40;
const COUNT_MAX: u64 = 1_000_000;
/// 2200-01-01: what is signed later was not signed.
const TIME_MS_MAX: i64 = 7_258_118_400_000;

/// A report as it is kept.
fn bounded(report: &DeviceReport) -> DeviceReport {
    let version = report.app_version.chars().filter(|letter| !letter.is_control());
    let signed_at = report.unsent_signature_at;
    DeviceReport {
        app_version: version.take(VERSION_CHARS_MAX).collect(),
        unsent_changes: report.unsent_changes.min(COUNT_MAX),
        unsent_jobs: report.unsent_jobs.min(COUNT_MAX),
        unsent_files: report.unsent_files.min(COUNT_MAX),
        unsent_signature_at: signed_at.filter(|at| (0..TIME_MS_MAX).contains(at)),
        storage_free_bytes: report.storage_free_bytes.map(|bytes| bytes.min(1 << 50)),
    }
}
