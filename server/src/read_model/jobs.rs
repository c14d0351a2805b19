//! One row per job: what lists show, filter and sort by.

use docket_protocol::due::{follow_up_due_at, report_due_at};
use docket_protocol::ids::{RecordId, TenantId, UserId};
use docket_protocol::number::job_number;
use docket_protocol::record::job::JobContent;
use docket_protocol::record::rules::LEVELS;
use docket_protocol::role::Role;
use docket_protocol::stage::{Stage, stage_of};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use serde::Serialize;
use serde_json::Value as Json;

use super::search;
use crate::auth::scope::Scope;
use crate::limits::{HITS_MAX, PAGE_ROWS, PAGE_ROWS_MAX};
use crate::store::{StoreError, WriteTx};

/// A job as lists show it.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct JobRow {
    /// Its id.
    #[schema(value_type = String)]
    pub record: RecordId,
    /// What people call it.
    pub number: String,
    /// One line.
    pub title: String,
    /// The customer's name.
    pub customer: String,
    /// Where.
    pub site: String,
    /// What is broken.
    pub equipment: String,
    /// 问题分类.
    pub category: String,
    /// Fault level.
    pub level: String,
    /// Priority.
    pub priority: String,
    /// Handling mode.
    pub mode: String,
    /// Where it came from.
    pub source: String,
    /// Where it stands.
    #[schema(value_type = String)]
    pub stage: Stage,
    /// Who leads it.
    #[schema(value_type = Option<String>)]
    pub lead: Option<UserId>,
    /// That person's name.
    pub lead_name: String,
    /// The customer's dossier.
    #[schema(value_type = Option<String>)]
    pub dossier: Option<RecordId>,
    /// Unix ms, by the clock of whoever opened it.
    pub opened_at: i64,
    /// Unix ms.
    pub due_at: Option<i64>,
    /// Last change, server clock.
    pub updated_at: i64,
    /// Report finished, device clock.
    pub finished_at: Option<i64>,
    /// First report sign-off, device clock.
    pub signed_at: Option<i64>,
    /// Conflicts that wait for a person.
    pub open_conflicts: i64,
    /// Fields that others wrote beside a signature that binds.
    pub late_edits: i64,
    /// By when the next report during the work is due, while somebody is on site.
    pub report_due_at: Option<i64>,
    /// By when the customer should be called again, while nobody has.
    pub follow_up_due_at: Option<i64>,
}

/// What a job's row says that only the document knows.
#[derive(Debug, Clone, Copy)]
pub(super) struct JobFacts {
    /// Whether a sign-off of the report binds.
    pub(super) report_signed: bool,
    /// When it was signed, by the device's clock.
    pub(super) signed_at: Option<i64>,
    pub(super) open_conflicts: usize,
    pub(super) late_edits: usize,
}

/// Which jobs a list shows; empty means all the caller may see, latest change first.
#[derive(Debug, Clone, Default)]
pub struct JobFilter {
    /// Words that must appear.
    pub query: String,
    /// Only this stage.
    pub stage: Option<Stage>,
    /// Only this lead.
    pub lead: Option<UserId>,
    /// Only this fault level.
    pub level: Option<String>,
    /// Only this dossier's jobs.
    pub dossier: Option<RecordId>,
    /// Rows to skip.
    pub offset: u32,
    /// Rows at most; see [`PAGE_ROWS`].
    pub limit: Option<u32>,
}

/// Writes the row of one job and returns its content.
pub(super) fn upsert(
    tx: &mut WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
    content: Json,
    facts: JobFacts,
) -> Result<JobContent, StoreError> {
    let text = content.to_string();
    let job = JobContent::from_json(content);
    let lead_name = job.assignment.lead.map(|lead| name_of(tx.sql, tenant, lead)).transpose()?;
    let lead_name = lead_name.flatten().unwrap_or_default();
    let signed_at: Option<i64> = tx
        .sql
        .prepare_cached(
            "select min(signed_at) from signoffs
             where tenant = ?1 and record = ?2 and purpose = 'report' and outcome <> 'refused'",
        )?
        .query_row(params![tenant.0, record.0], |row| row.get(0))?;
    let number = job_number(record);
    let intake = &job.intake;
    let stage = stage_of(&job, facts.report_signed);
    let id: i64 = tx.sql.prepare_cached(UPSERT)?.query_row(
        params![
            tenant.0,
            record.0,
            number,
            intake.title,
            intake.customer,
            intake.site,
            intake.equipment,
            intake.category,
            intake.level,
            intake.priority,
            intake.mode,
            intake.source,
            stage.as_str(),
            job.assignment.lead.map(|lead| lead.0),
            lead_name,
            intake.dossier.map(|dossier| dossier.0),
            intake.opened_at.unwrap_or(tx.now),
            intake.due_at,
            tx.now,
            job.report.finished_at,
            signed_at,
            facts.open_conflicts,
            text,
            facts.late_edits,
            report_due_at(&job, stage),
            follow_up_due_at(&job, facts.signed_at),
            severity(&intake.level),
            intake.due_at.unwrap_or(i64::MAX),
        ],
        |row| row.get(0),
    )?;
    let words = search::words_of(&number, &lead_name, &job);
    tx.before_commit(move |sql| search::replace(sql, id, &words));
    Ok(job)
}

const UPSERT: &str = "
    insert into jobs (tenant, record, number, title, customer, site, equipment, category, level,
                      priority, mode, source, stage, lead, lead_name, dossier, opened_at, due_at,
                      updated_at, finished_at, signed_at, open_conflicts, content,
                      late_edits, report_due_at, follow_up_due_at, severity, wanted_at)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
            ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28)
    on conflict (tenant, record) do update set
        title = excluded.title, customer = excluded.customer, site = excluded.site,
        equipment = excluded.equipment, category = excluded.category, level = excluded.level,
        priority = excluded.priority, mode = excluded.mode, source = excluded.source,
        stage = excluded.stage, lead = excluded.lead, lead_name = excluded.lead_name,
        dossier = excluded.dossier, opened_at = excluded.opened_at, due_at = excluded.due_at,
        updated_at = excluded.updated_at, finished_at = excluded.finished_at,
        signed_at = excluded.signed_at, open_conflicts = excluded.open_conflicts,
        content = excluded.content, late_edits = excluded.late_edits,
        report_due_at = excluded.report_due_at, follow_up_due_at = excluded.follow_up_due_at,
        severity = excluded.severity, wanted_at = excluded.wanted_at
    returning id";

/// The few jobs of an engineer.
const OF_ENGINEER: &str =
    "visibility v cross join jobs j on j.tenant = v.tenant and j.record = v.record";

/// What [`read_row`] reads of a job `j`.
pub(super) const COLUMNS: &str = "
    j.record, j.number, j.title, j.customer, j.site, j.equipment, j.category, j.level, j.priority,
    j.mode, j.source, j.stage, j.lead, j.lead_name, j.dossier, j.opened_at, j.due_at,
    j.updated_at, j.finished_at, j.signed_at, j.open_conflicts, j.late_edits, j.report_due_at,
    j.follow_up_due_at";

/// How severe a fault level is: the worst is zero, so that it comes first.
pub(super) fn severity(level: &str) -> i64 {
    let place = LEVELS.iter().rev().position(|one| *one == level).unwrap_or(LEVELS.len());
    i64::try_from(place).unwrap_or(i64::MAX)
}

/// The jobs this person may see, filtered.
pub fn list(sql: &Connection, scope: &Scope, filter: &JobFilter) -> rusqlite::Result<Vec<JobRow>> {
    let mut wanted = match search::hits(sql, scope, &filter.query, HITS_MAX)? {
        Some(hits) => Wanted::among(&hits),
        None => Wanted::new(scope),
    };
    wanted.filter(filter);
    let limit = filter.limit.unwrap_or(PAGE_ROWS).min(PAGE_ROWS_MAX);
    // What one person leads is little, and sorted; everything else is read in its own order.
    let latest = if filter.lead.is_some() { "+j.updated_at" } else { "j.updated_at" };
    // Only fixed pieces of SQL are joined here; every value is a bound parameter.
    let query = format!(
        "select {COLUMNS} from {} where {} order by {latest} desc, j.id desc
         limit {limit} offset {}",
        wanted.from,
        wanted.conditions.join(" and "),
        filter.offset,
    );
    let mut statement = sql.prepare_cached(&query)?;
    statement.query_map(params_from_iter(wanted.values), read_row)?.collect()
}

/// One job's row and content; `None` when this person may not see it or it does not exist.
pub fn get(
    sql: &Connection,
    scope: &Scope,
    record: RecordId,
) -> rusqlite::Result<Option<(JobRow, JobContent)>> {
    let mut wanted = Wanted::new(scope);
    wanted.and("j.record = ?", record.0);
    let query = format!(
        "select {COLUMNS}, j.content from {} where {}",
        wanted.from,
        wanted.conditions.join(" and ")
    );
    let found = sql
        .prepare_cached(&query)?
        .query_row(params_from_iter(wanted.values), |row| {
            Ok((read_row(row)?, row.get::<_, String>("content")?))
        })
        .optional()?;
    Ok(found.map(|(row, content)| (row, serde_json::from_str(&content).unwrap_or_default())))
}

/// A person's name, whether or not they still have an account.
pub fn name_of(
    sql: &Connection,
    tenant: TenantId,
    user: UserId,
) -> rusqlite::Result<Option<String>> {
    sql.prepare_cached("select name from users where tenant = ?1 and id = ?2")?
        .query_row(params![tenant.0, user.0], |row| row.get(0))
        .optional()
}

/// Where jobs are looked for, and conditions with their values, grown together.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) from: &'static str,
    pub(super) conditions: Vec<&'static str>,
    pub(super) values: Vec<Value>,
}

impl Wanted {
    /// What the person may see at all. Engineers see few of all jobs: theirs are gone through one
    /// by one; for everybody else an index of jobs leads.
    pub(super) fn new(scope: &Scope) -> Self {
        if scope.role == Role::Engineer {
            let mut wanted = Self::from(OF_ENGINEER);
            wanted.and("v.tenant = ?", scope.tenant.0);
            wanted.and("v.user = ? and v.left_seq is null", scope.user.0);
            return wanted;
        }
        let mut wanted = Self::from("jobs j");
        wanted.and("j.tenant = ?", scope.tenant.0);
        wanted
    }

    /// The jobs that [`search::hits`] has found, which are among those the person may see.
    pub(super) fn among(hits: &[i64]) -> Self {
        let mut wanted = Self::from("json_each(?) h cross join jobs j on j.id = h.value");
        wanted.and("true", Json::from(hits).to_string());
        wanted
    }

    fn from(from: &'static str) -> Self {
        Self { from, conditions: Vec::new(), values: Vec::new() }
    }

    pub(super) fn and(&mut self, condition: &'static str, value: impl Into<Value>) {
        self.conditions.push(condition);
        self.values.push(value.into());
    }

    fn filter(&mut self, filter: &JobFilter) {
        if let Some(stage) = filter.stage {
            self.and("j.stage = ?", stage.as_str().to_owned());
        }
        if let Some(lead) = filter.lead {
            self.and("j.lead = ?", lead.0);
        }
        if let Some(level) = &filter.level {
            self.and("j.level = ?", level.clone());
        }
        if let Some(dossier) = filter.dossier {
            self.and("j.dossier = ?", dossier.0);
        }
    }
}

pub(super) fn read_row(row: &Row<'_>) -> rusqlite::Result<JobRow> {
    Ok(JobRow {
        record: RecordId(row.get("record")?),
        number: row.get("number")?,
        title: row.get("title")?,
        customer: row.get("customer")?,
        site: row.get("site")?,
        equipment: row.get("equipment")?,
        category: row.get("category")?,
        level: row.get("level")?,
        priority: row.get("priority")?,
        mode: row.get("mode")?,
        source: row.get("source")?,
        stage: Stage::parse(&row.get::<_, String>("stage")?).unwrap_or(Stage::Received),
        lead: row.get::<_, Option<_>>("lead")?.map(UserId),
        lead_name: row.get("lead_name")?,
        dossier: row.get::<_, Option<_>>("dossier")?.map(RecordId),
        opened_at: row.get("opened_at")?,
        due_at: row.get("due_at")?,
        updated_at: row.get("updated_at")?,
        finished_at: row.get("finished_at")?,
        signed_at: row.get("signed_at")?,
        open_conflicts: row.get("open_conflicts")?,
        late_edits: row.get("late_edits")?,
        report_due_at: row.get("report_due_at")?,
        follow_up_due_at: row.get("follow_up_due_at")?,
    })
}
