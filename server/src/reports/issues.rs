//! Quarterly reports as they were given out (D2): what was said, by whom, when, and up to which
//! position of the log it was counted. Late work changes the figures of a quarter that was
//! reported on; then a new version is issued, and the earlier ones stay as they were.
//!
//! Nothing here is derived: an issue is what somebody has put their name to.

use docket_protocol::ids::Seq;
use docket_protocol::role::Role;
use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::period::Quarter;
use super::quarterly::{Counted, OpenPoints, gather, open_points};
use super::statistics::Statistics;
use crate::auth::scope::Scope;
use crate::store::{StoreError, WriteTx};

/// What a report says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The figures.
    pub counted: Counted,
    /// The open points.
    pub points: OpenPoints,
}

impl Report {
    /// Whether it says something else than another: in its figures, or in which points are open.
    /// That a phone has been in contact, or that a job was touched, is no such thing.
    pub fn differs(&self, other: &Self) -> bool {
        let figures = |report: &Self| {
            let counted = &report.counted;
            (Statistics { changed_since: 0, ..counted.here.clone() }, counted.before.all)
        };
        let points = |report: &Self| {
            let all = report.points.open.iter().chain(&report.points.carried);
            all.map(|point| point.record).collect::<Vec<_>>()
        };
        figures(self) != figures(other) || points(self) != points(other)
    }
}

/// One version of a quarter's report, without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// From 1.
    pub version: u32,
    /// Server clock, Unix ms.
    pub issued_at: i64,
    /// The name then of whoever issued it.
    pub issued_by: String,
    /// The last row of the log that was counted.
    pub seq: Seq,
    /// The zone whose days the quarter has.
    pub zone: String,
}

/// Why no version was issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// Not this person's to do.
    #[error("not allowed")]
    NotAllowed,
    /// The quarter has not ended.
    #[error("the quarter is still running")]
    Running,
    /// Somebody has issued a version meanwhile, or nothing differs from the latest.
    #[error("there is nothing new to issue")]
    NothingNew,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for IssueError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Who puts their name to a report.
pub fn may_issue(role: Role) -> bool {
    matches!(role, Role::Manager | Role::Executive)
}

/// Reads a quarter as it stands.
pub fn report(
    sql: &Connection,
    scope: &Scope,
    quarter: Quarter,
    zone: &TimeZone,
    now: i64,
) -> Result<Report, StoreError> {
    let gathered = gather(sql, scope, quarter, zone, now)?;
    // Counting asks the database nothing: it is done while what is open is listed.
    std::thread::scope(|threads| {
        let counted = threads.spawn(move || gathered.counted());
        let points = open_points(sql, scope, quarter, zone)?;
        Ok(Report { counted: counted.join().map_err(|_| StoreError::Panicked)?, points })
    })
}

/// Issues the next version, counted in this very transaction. `after` is the latest version the
/// person has seen, 0 for none.
pub fn issue(
    tx: &WriteTx<'_>,
    scope: &Scope,
    quarter: Quarter,
    zone: &TimeZone,
    after: u32,
) -> Result<u32, IssueError> {
    if !may_issue(scope.role) {
        return Err(IssueError::NotAllowed);
    }
    // The days of a quarter are those of its first version, or versions could not be compared.
    let earlier = list(tx.sql, scope, quarter)?;
    let zone = zone_of(&earlier).unwrap_or_else(|| zone.clone());
    let report = report(tx.sql, scope, quarter, &zone, tx.now)?;
    if report.counted.running {
        return Err(IssueError::Running);
    }
    let latest = earlier.last().map_or(0, |issue| issue.version);
    let said = match latest {
        0 => None,
        version => get(tx.sql, scope, quarter, version)?,
    };
    if latest != after || said.is_some_and(|(_, said)| !report.differs(&said)) {
        return Err(IssueError::NothingNew);
    }
    let text = serde_json::to_string(&report).unwrap_or_default();
    tx.sql
        .prepare_cached(
            "insert into report_issues (tenant, quarter, version, issued_at, issued_by,
                                        issued_by_name, seq, zone, report)
             values (?1, ?2, ?3, ?4, ?5, ?6,
                     (select last_seq from tenants where id = ?1), ?7, ?8)",
        )?
        .execute(params![
            scope.tenant.0,
            quarter.to_string(),
            latest + 1,
            tx.now,
            scope.user.0,
            scope.name,
            zone.iana_name().unwrap_or("UTC"),
            text,
        ])?;
    Ok(latest + 1)
}

/// The zone of the versions so far.
pub fn zone_of(issues: &[Issue]) -> Option<TimeZone> {
    TimeZone::get(&issues.first()?.zone).ok()
}

const COLUMNS: &str = "version, issued_at, issued_by_name, seq, zone";

/// The versions of a quarter, the first one first.
pub fn list(sql: &Connection, scope: &Scope, quarter: Quarter) -> rusqlite::Result<Vec<Issue>> {
    let query = format!(
        "select {COLUMNS} from report_issues where tenant = ?1 and quarter = ?2 order by version"
    );
    sql.prepare_cached(&query)?
        .query_map(params![scope.tenant.0, quarter.to_string()], read_row)?
        .collect()
}

/// One version and what it said.
pub fn get(
    sql: &Connection,
    scope: &Scope,
    quarter: Quarter,
    version: u32,
) -> rusqlite::Result<Option<(Issue, Report)>> {
    let query = format!(
        "select {COLUMNS}, report from report_issues
         where tenant = ?1 and quarter = ?2 and version = ?3"
    );
    let found = sql
        .prepare_cached(&query)?
        .query_row(params![scope.tenant.0, quarter.to_string(), version], |row| {
            Ok((read_row(row)?, row.get::<_, String>("report")?))
        })
        .optional()?;
    Ok(found.and_then(|(issue, text)| Some((issue, serde_json::from_str(&text).ok()?))))
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Issue> {
    Ok(Issue {
        version: row.get("version")?,
        issued_at: row.get("issued_at")?,
        issued_by: row.get("issued_by_name")?,
        seq: Seq(row.get("seq")?),
        zone: row.get("zone")?,
    })
}
