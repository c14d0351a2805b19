//! Who was told of a missed clock, when and by which way: rows that are written once and then only
//! say whether they arrived. Shown on a page of their own and beside each job.

use docket_protocol::clocks::ClockKind;
use docket_protocol::ids::{ItemId, RecordId, TenantId, UserId};
use docket_protocol::number::job_number;
use docket_protocol::role::Role;
use rusqlite::{Connection, Row, params};

use super::escalation::Step;
use crate::auth::scope::Scope;
use crate::limits::NOTICES_SHOWN;
use crate::random::random;
use crate::store::WriteTx;

/// A clock that people are told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeClock {
    /// The call is with nobody (24 小时内转交).
    HandOver,
    /// What a contract promises.
    Of(ClockKind),
}

impl NoticeClock {
    /// The word used in SQL, JSON and message ids.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HandOver => "hand_over",
            Self::Of(kind) => kind.as_str(),
        }
    }

    fn parse(text: &str) -> Self {
        let kind = ClockKind::ALL.into_iter().find(|kind| kind.as_str() == text);
        kind.map_or(Self::HandOver, Self::Of)
    }
}

/// A way to tell somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// On the page of notices.
    Console,
    /// By e-mail.
    Mail,
    /// To another system of the organisation.
    Webhook,
}

impl Way {
    /// The word used in SQL and message ids.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Mail => "mail",
            Self::Webhook => "webhook",
        }
    }

    fn parse(text: &str) -> Self {
        let all = [Self::Console, Self::Mail, Self::Webhook];
        all.into_iter().find(|way| way.as_str() == text).unwrap_or(Self::Console)
    }
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its id.
    pub id: ItemId,
    /// The job.
    pub record: RecordId,
    /// What people call it.
    pub number: String,
    /// One line.
    pub title: String,
    /// Which clock.
    pub clock: NoticeClock,
    /// When it was to end.
    pub due_at: i64,
    /// Whether a phone that had not been heard of might have known better.
    pub uncertain: bool,
    /// As what the person was told.
    pub role: Role,
    /// By which way.
    pub way: Way,
    /// Who was told; nobody in particular for a webhook.
    pub user: Option<UserId>,
    /// That person's name.
    pub name: String,
    /// When, server clock.
    pub told_at: i64,
    /// When it was seen, or taken by the other side.
    pub arrived_at: Option<i64>,
    /// When it is tried again; none when it will not be.
    pub next_at: Option<i64>,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last attempt failed.
    pub failure: String,
}

const SELECT: &str = "
    select n.*, coalesce(j.title, '') as title, coalesce(u.name, '') as name from notices n
    left join jobs j on j.tenant = n.tenant and j.record = n.record
    left join users u on u.id = n.user";

/// The latest of an organisation; for those who see all jobs.
pub fn latest(sql: &Connection, scope: &Scope) -> rusqlite::Result<Vec<Notice>> {
    if !scope.role.sees_all_jobs() {
        return Ok(Vec::new());
    }
    let query = format!(
        "{SELECT} where n.tenant = ?1
         order by n.told_at desc, n.due_at desc, n.record, n.role desc, n.way limit ?2"
    );
    let limit = i64::try_from(NOTICES_SHOWN).unwrap_or(i64::MAX);
    sql.prepare_cached(&query)?.query_map(params![scope.tenant.0, limit], read)?.collect()
}

/// Those about one job, the oldest first.
pub fn of_job(
    sql: &Connection,
    tenant: TenantId,
    record: RecordId,
) -> rusqlite::Result<Vec<Notice>> {
    let query = format!("{SELECT} where n.tenant = ?1 and n.record = ?2 order by n.told_at, n.id");
    sql.prepare_cached(&query)?.query_map(params![tenant.0, record.0], read)?.collect()
}

/// How many this person has not seen yet.
pub fn count_unseen(sql: &Connection, scope: &Scope) -> rusqlite::Result<usize> {
    sql.prepare_cached(
        "select count(*) from notices
         where user = ?1 and way = 'console' and arrived_at is null",
    )?
    .query_row([scope.user.0], |row| row.get(0))
}

/// This person has seen all of theirs.
pub fn note_seen(tx: &WriteTx<'_>, scope: &Scope) -> rusqlite::Result<()> {
    tx.sql
        .prepare_cached(
            "update notices set arrived_at = ?2
             where user = ?1 and way = 'console' and arrived_at is null",
        )?
        .execute(params![scope.user.0, tx.now])?;
    Ok(())
}

/// Whether anybody was told of a step.
pub(super) fn is_told(sql: &Connection, tenant: TenantId, step: &Step) -> rusqlite::Result<bool> {
    sql.prepare_cached(
        "select exists (select 1 from notices where tenant = ?1 and record = ?2 and clock = ?3
                        and due_at = ?4 and role = ?5)",
    )?
    .query_row(
        params![tenant.0, step.record.0, step.clock.as_str(), step.due_at, step.role.as_str()],
        |row| row.get(0),
    )
}

/// Writes down that somebody is told; nothing where it stands already.
pub(super) fn write(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    step: &Step,
    way: Way,
    user: Option<UserId>,
) -> rusqlite::Result<()> {
    let id = ItemId::new(tx.now, random());
    let next_at = (way != Way::Console).then_some(tx.now);
    tx.sql
        .prepare_cached(
            "insert into notices (id, tenant, record, clock, due_at, uncertain, role, way, user,
                                  told_at, next_at)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) on conflict do nothing",
        )?
        .execute(params![
            id.0,
            tenant.0,
            step.record.0,
            step.clock.as_str(),
            step.due_at,
            step.uncertain,
            step.role.as_str(),
            way.as_str(),
            user.map(|user| user.0),
            tx.now,
            next_at,
        ])?;
    Ok(())
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Notice> {
    let record = RecordId(row.get("record")?);
    Ok(Notice {
        id: ItemId(row.get("id")?),
        record,
        number: job_number(record),
        title: row.get("title")?,
        clock: NoticeClock::parse(&row.get::<_, String>("clock")?),
        due_at: row.get("due_at")?,
        uncertain: row.get("uncertain")?,
        role: Role::parse(&row.get::<_, String>("role")?).unwrap_or(Role::Manager),
        way: Way::parse(&row.get::<_, String>("way")?),
        user: row.get::<_, Option<_>>("user")?.map(UserId),
        name: row.get("name")?,
        told_at: row.get("told_at")?,
        arrived_at: row.get("arrived_at")?,
        next_at: row.get("next_at")?,
        attempts: row.get("attempts")?,
        failure: row.get("failure")?,
    })
}
