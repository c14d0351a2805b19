//! List rows, derived from documents in the transaction that changed them.

use docket_protocol::amendment::binding;
use docket_protocol::automerge::Automerge;
use docket_protocol::ids::{RecordId, UserId};
use docket_protocol::number::job_number;
use docket_protocol::record::article::ArticleContent;
use docket_protocol::record::catalog::CatalogContent;
use docket_protocol::record::dossier::DossierContent;
use docket_protocol::record::job::JobContent;
use docket_protocol::record::late::late_edits;
use docket_protocol::record::rules::MergeKind;
use docket_protocol::record::{RecordKind, read};
use docket_protocol::role::Role;
use docket_protocol::stage::{Stage, hand_over_by, stage_of};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value as Json;

use super::documents::{Document, JobReading};
use super::{articles, findable};
use crate::error::Result;
use crate::view::{DossierRow, JobRow, SyncState};

/// Brings the rows of one record up to date.
pub(crate) fn project(
    sql: &Connection,
    record: RecordId,
    document: &mut Document,
    me: Option<UserId>,
    now: i64,
) -> Result<()> {
    if document.kind != RecordKind::Job {
        let content = read::content(&document.doc, document.kind);
        return project_content(sql, record, document.kind, content, (me, now));
    }
    let (doc, job) = document.job();
    project_job(sql, record, &job.content, Facts::of(doc, job), (me, now))
}

/// The same for a record that was only glanced at: it has no signatures and no conflicts.
pub(crate) fn project_glance(
    sql: &Connection,
    record: RecordId,
    kind: RecordKind,
    content: Json,
    me: Option<UserId>,
    now: i64,
) -> Result<()> {
    project_content(sql, record, kind, content, (me, now))
}

/// What a job's row says that is not in its content.
#[derive(Clone, Copy, Default)]
struct Facts {
    report_signed: bool,
    late_edits: usize,
    open_conflicts: usize,
}

impl Facts {
    fn of(doc: &Automerge, job: &JobReading) -> Self {
        let binding = binding(doc);
        let late = binding.iter().filter_map(|one| late_edits(doc, one).ok());
        let open = job.conflicts.iter();
        Self {
            report_signed: !binding.is_empty(),
            late_edits: late.map(|late| late.len()).sum(),
            open_conflicts: open.filter(|one| one.rule == MergeKind::Register).count(),
        }
    }
}

fn project_content(
    sql: &Connection,
    record: RecordId,
    kind: RecordKind,
    content: Json,
    viewer: (Option<UserId>, i64),
) -> Result<()> {
    match kind {
        RecordKind::Job => {
            project_job(sql, record, &JobContent::from_json(content), Facts::default(), viewer)
        }
        RecordKind::Dossier => {
            let dossier = DossierContent::from_json(content);
            sql.prepare_cached(
                "insert or replace into dossiers (record, name, address) values (?, ?, ?)",
            )?
            .execute(params![record.as_bytes(), dossier.name, dossier.address])?;
            findable::remember(sql, record, &dossier)
        }
        RecordKind::Article => articles::project(sql, record, &ArticleContent::from_json(content)),
        RecordKind::Catalog => project_people(sql, &CatalogContent::from_json(content)),
    }
}

fn project_job(
    sql: &Connection,
    record: RecordId,
    job: &JobContent,
    facts: Facts,
    (me, now): (Option<UserId>, i64),
) -> Result<()> {
    let number = job_number(record);
    let stage = stage_of(job, facts.report_signed);
    let mine = me.is_some_and(|me| {
        job.engineers().contains(&me)
            || (job.assignment.lead.is_none() && job.intake.opened_by == Some(me))
    });
    let haystack = haystack(&number, job);
    sql.prepare_cached(UPSERT_JOB)?.execute(params![
        record.as_bytes(),
        number,
        job.intake.title,
        job.intake.customer,
        job.intake.site,
        stage.as_str(),
        job.intake.level,
        job.intake.priority,
        job.intake.mode,
        job.intake.due_at,
        job.plan.start_at,
        job.assignment.lead.map(|lead| lead.as_bytes().to_vec()),
        mine,
        facts.open_conflicts as i64,
        now,
        haystack,
        facts.late_edits as i64,
        hand_over_by(job, stage),
        job.open_promises().count() as i64,
        job.open_promises().filter_map(|promise| promise.due_at).min(),
    ])?;
    Ok(())
}

const UPSERT_JOB: &str = "insert into jobs (record, number, title, customer, site, stage, level,
        priority, mode, due_at, plan_start_at, lead, mine, open_conflicts, updated_at, haystack,
        late_edits, hand_over_by, open_promises, promise_due_at)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (record) do update set number = excluded.number, title = excluded.title,
        customer = excluded.customer, site = excluded.site, stage = excluded.stage,
        level = excluded.level, priority = excluded.priority, mode = excluded.mode,
        due_at = excluded.due_at, plan_start_at = excluded.plan_start_at, lead = excluded.lead,
        mine = excluded.mine, open_conflicts = excluded.open_conflicts,
        updated_at = excluded.updated_at, haystack = excluded.haystack,
        late_edits = excluded.late_edits, hand_over_by = excluded.hand_over_by,
        open_promises = excluded.open_promises, promise_due_at = excluded.promise_due_at";

fn project_people(sql: &Connection, catalog: &CatalogContent) -> Result<()> {
    sql.execute("delete from people", [])?;
    for (user, person) in &catalog.people {
        sql.prepare_cached("insert into people (user, name, role) values (?, ?, ?)")?
            .execute(params![user.as_bytes(), person.name, person.role])?;
    }
    Ok(())
}

fn haystack(number: &str, job: &JobContent) -> String {
    let intake = &job.intake;
    let mut words = vec![
        number,
        &intake.title,
        &intake.customer,
        &intake.site,
        &intake.equipment,
        &intake.caller,
        &intake.category,
        &intake.symptom,
        &job.report.cause,
        &job.report.treatment,
    ];
    words.extend(job.steps.values().map(|step| step.text.as_str()));
    words.extend(job.parts.values().flat_map(|part| [part.name.as_str(), part.serial.as_str()]));
    words.join("\n").to_lowercase()
}

/// Asks only what an index answers: neither changes nor bases are read for a list.
const SELECT_JOBS: &str = "select j.*,
        (select count(*) from changes c where c.record = j.record
            and c.state <> 'confirmed' and c.state in ('unsent', 'lost', 'aside'))
            as unsent_edits,
        (select count(*) from changes c where c.record = j.record
            and c.state <> 'confirmed' and c.state = 'held') as held_edits,
        (select r.taken_from from records r indexed by records_taken
            where r.record = j.record and r.taken_from is not null) as taken_from,
        exists (select 1 from records r indexed by records_left
            where r.record = j.record and r.left_scope = 1) as has_left,
        exists (select 1 from records r indexed by records_damaged
            where r.record = j.record and r.damaged = 1) as damaged
    from jobs j";

/// In the order of the list: open ones first, the soonest on top.
pub(super) const IN_ORDER: &str = "order by stage in ('signed', 'archived'),
    coalesce(plan_start_at, due_at, 9e15), number desc";

/// Jobs for the list.
pub(crate) fn jobs(sql: &Connection) -> Result<Vec<JobRow>> {
    let complete = pull_complete(sql)?;
    let mut statement = sql.prepare_cached(&format!("{SELECT_JOBS} {IN_ORDER}"))?;
    let rows = statement
        .query_map([], |row| job_row(row, complete))?
        .collect::<std::result::Result<_, _>>()?;
    Ok(rows)
}

/// Jobs of one customer, by name.
pub(crate) fn jobs_of(sql: &Connection, customer: &str) -> Result<Vec<JobRow>> {
    Ok(jobs(sql)?.into_iter().filter(|job| job.customer == customer).collect())
}

/// A record's title: a job's or a customer's from its list row, or from the edit (as JSON) that
/// was to open it.
pub(crate) fn title_of(sql: &Connection, record: RecordId, edit: &str) -> Result<String> {
    let listed: Option<String> = sql
        .prepare_cached(
            "select title from jobs where record = ?1
             union all select name from dossiers where record = ?1",
        )?
        .query_row([record.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(listed.unwrap_or_else(|| {
        let edit: serde_json::Value = serde_json::from_str(edit).unwrap_or_default();
        edit["fields"]["intake/title"].as_str().unwrap_or_default().to_owned()
    }))
}

/// The list row of one job.
pub(crate) fn job(sql: &Connection, record: RecordId) -> Result<Option<JobRow>> {
    let complete = pull_complete(sql)?;
    let mut statement = sql.prepare_cached(&format!("{SELECT_JOBS} where j.record = ?"))?;
    let mut rows = statement.query_map([record.as_bytes()], |row| job_row(row, complete))?;
    Ok(rows.next().transpose()?)
}

fn job_row(row: &Row<'_>, pull_complete: bool) -> rusqlite::Result<JobRow> {
    let record: Vec<u8> = row.get("record")?;
    let stage: String = row.get("stage")?;
    let lead: Option<Vec<u8>> = row.get("lead")?;
    let taken_from: Option<String> = row.get("taken_from")?;
    let (unsent_edits, held): (u64, u64) = (row.get("unsent_edits")?, row.get("held_edits")?);
    Ok(JobRow {
        record: RecordId::from_bytes(&record).unwrap_or_default(),
        number: row.get("number")?,
        title: row.get("title")?,
        customer: row.get("customer")?,
        site: row.get("site")?,
        stage: Stage::parse(&stage).unwrap_or(Stage::Received),
        level: row.get("level")?,
        priority: row.get("priority")?,
        mode: row.get("mode")?,
        due_at: row.get("due_at")?,
        plan_start_at: row.get("plan_start_at")?,
        lead: lead.and_then(|lead| UserId::from_bytes(&lead).ok()),
        mine: row.get("mine")?,
        open_conflicts: row.get("open_conflicts")?,
        late_edits: row.get("late_edits")?,
        hand_over_by: row.get("hand_over_by")?,
        open_promises: row.get("open_promises")?,
        promise_due_at: row.get("promise_due_at")?,
        updated_at: row.get("updated_at")?,
        sync: match (unsent_edits, &taken_from) {
            (0, Some(_)) => SyncState::Carried,
            _ => sync_state(unsent_edits, held, pull_complete),
        },
        taken_from,
        unsent_edits,
        has_left: row.get("has_left")?,
        damaged: row.get("damaged")?,
    })
}

fn sync_state(unsent: u64, held: u64, pull_complete: bool) -> SyncState {
    match (unsent, held) {
        (0, 0) if pull_complete => SyncState::Merged,
        (0, _) => SyncState::Sent,
        _ => SyncState::OnThisPhone,
    }
}

/// Whether the last pull brought everything there was.
pub(crate) fn pull_complete(sql: &Connection) -> Result<bool> {
    Ok(super::meta::get(sql, "pull_complete")?.unwrap_or(false))
}

/// Customers by name.
pub(crate) fn dossiers(sql: &Connection) -> Result<Vec<DossierRow>> {
    let mut statement =
        sql.prepare_cached("select record, name, address from dossiers order by name")?;
    let rows = statement.query_map([], |row| {
        let record: Vec<u8> = row.get(0)?;
        Ok(DossierRow {
            record: RecordId::from_bytes(&record).unwrap_or_default(),
            name: row.get(1)?,
            address: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

/// The role somebody has, as the catalog says; none before the first sync.
pub(crate) fn role_of(sql: &Connection, user: UserId) -> Result<Option<Role>> {
    let word: Option<String> = sql
        .prepare_cached("select role from people where user = ?")?
        .query_row([user.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(word.and_then(|word| Role::parse(&word)))
}

/// Names of everyone in the organisation.
pub(crate) fn people(sql: &Connection) -> Result<std::collections::BTreeMap<UserId, String>> {
    let mut statement = sql.prepare_cached("select user, name from people")?;
    let rows = statement.query_map([], |row| {
        let user: Vec<u8> = row.get(0)?;
        Ok((UserId::from_bytes(&user).unwrap_or_default(), row.get(1)?))
    })?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Medium, Store};

    #[test]
    fn the_list_is_read_without_changes_and_without_bases() {
        let store = Store::open(Connection::open_in_memory().unwrap(), Medium::File).unwrap();
        let mut plan = store.read().prepare(&format!("explain query plan {SELECT_JOBS}")).unwrap();
        let steps: Vec<String> = plan
            .query_map([], |row| row.get("detail"))
            .unwrap()
            .collect::<std::result::Result<_, _>>()
            .unwrap();
        let searches = steps.iter().filter(|step| step.starts_with("SEARCH"));
        let index =
            |step: &String| Some(step.split("INDEX ").nth(1)?.split(' ').next()?.to_owned());
        let indexes: Vec<_> = searches.map(index).collect();
        let records = ["records_taken", "records_left", "records_damaged"];
        let asked = ["changes_waiting"; 2].into_iter().chain(records).map(Some);
        assert!(indexes.iter().map(Option::as_deref).eq(asked), "{indexes:?}");
    }
}
