//! One narrow row per job for whoever counts: when what happened, not what was written.
//!
//! Derived from the job alone, like its row in `jobs`; `reports::facts` reads it. What follows
//! from other jobs (a fault that is back) is asked for when it is read, because those may arrive
//! later.

use docket_protocol::clocks::{ClockKind, evidence};
use docket_protocol::ids::{RecordId, TenantId};
use docket_protocol::record::conflict::standing;
use docket_protocol::record::job::JobContent;
use docket_protocol::signoff::Statement;
use rusqlite::{Connection, OptionalExtension, params};

use crate::levels::pauses_text;
use crate::store::documents::{self, Document};
use crate::store::{StoreError, WriteTx};

/// How an open point's end is written: after every moment there is.
const OPEN: i64 = i64::MAX;

/// What the customer said at the sign-off that binds; of several, the latest.
fn satisfaction(binding: &[Statement]) -> Option<u8> {
    let latest = binding.iter().max_by_key(|said| (said.signed_at, said.signoff));
    latest.and_then(|said| said.satisfaction)
}

/// Writes the row of one job; its row in `jobs` is there already.
pub(super) fn replace(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
    job: &JobContent,
    document: &Document,
    binding: &[Statement],
) -> Result<(), StoreError> {
    let call = job.follow_ups.iter().max_by_key(|(id, call)| (call.at, **id)).map(|(_, call)| call);
    let (promises, kept) = promises(job);
    let modified = is_something(&job.report.modifications)
        || job.attachments.values().any(|one| one.purpose == "program" && !one.removed);
    let at = |kind| evidence(job, kind).map(|(at, _)| at);
    let learned = |kind| learned_at(tx, tenant, record, document, job, kind);
    let pauses: Vec<_> = job.pauses().collect();
    let facts = params![
        tenant.0,
        record.0,
        open_until(job),
        job.report.outcome,
        job.assignment.assigned_at,
        at(ClockKind::Response),
        at(ClockKind::Recovery),
        job.intake.follows.map(|follows| follows.0),
        job.follow_ups.values().any(|call| !call.solved),
        satisfaction(binding),
        call.map(|call| call.at),
        call.and_then(|call| call.satisfaction),
        promises,
        kept,
        modified,
        job.archive.backup_checked_at,
        job.intake.mode == "on_site",
        at(ClockKind::OnSite),
        job.archive.archived_at,
        pauses_text(&pauses),
        learned(ClockKind::Response)?,
        learned(ClockKind::OnSite)?,
        learned(ClockKind::Recovery)?,
    ];
    if tx.sql.prepare_cached(CONFIRM)?.execute(facts)? == 0 {
        tx.sql
            .prepare_cached("delete from service_facts where tenant = ?1 and record = ?2")?
            .execute(params![tenant.0, record.0])?;
        tx.sql.prepare_cached(INSERT)?.execute(facts)?;
    }
    Ok(())
}

/// Most edits change none of the facts: then only the time of the row moves, and no index.
const CONFIRM: &str = "
    update service_facts as f set updated_at = j.updated_at
    from jobs j
    where f.tenant = ?1 and f.record = ?2 and j.tenant = ?1 and j.record = ?2
        and (f.opened_at, f.customer, f.equipment, f.category, f.level, f.lead, f.lead_name,
             f.dossier, f.due_at)
            is (j.opened_at, j.customer, j.equipment, j.category, j.level, j.lead, j.lead_name,
                j.dossier, j.due_at)
        and (f.open_until, f.outcome, f.assigned_at, f.responded_at, f.recovered_at, f.follows,
             f.is_back, f.satisfaction, f.called_at, f.call_satisfaction, f.promises,
             f.promises_kept, f.modified, f.backup_checked_at, f.on_site, f.arrived_at,
             f.closed_at, f.pauses, f.response_learned_at, f.on_site_learned_at,
             f.recovery_learned_at)
            is (?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
                ?21, ?22, ?23)";

const INSERT: &str = "
    insert into service_facts (tenant, opened_at, record, open_until, updated_at, customer,
                               equipment, category, level, outcome, lead, lead_name, dossier,
                               due_at, assigned_at, responded_at, recovered_at, follows, is_back,
                               satisfaction, called_at, call_satisfaction, promises,
                               promises_kept, modified, backup_checked_at, on_site, arrived_at,
                               closed_at, pauses, response_learned_at, on_site_learned_at,
                               recovery_learned_at)
    select tenant, opened_at, record, ?3, updated_at, customer, equipment, category, level, ?4,
           lead, lead_name, dossier, due_at, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
           ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23
    from jobs where tenant = ?1 and record = ?2";

/// Whether this database is from before the table was there.
pub fn are_missing(sql: &Connection) -> Result<bool, StoreError> {
    let query = "select exists (select 1 from jobs) and not exists (select 1 from service_facts)";
    Ok(sql.query_row(query, [], |row| row.get(0))?)
}

/// Fills the table, from the jobs there are.
pub fn fill(tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
    let jobs: Vec<(TenantId, RecordId, String)> = tx
        .sql
        .prepare("select tenant, record, content from jobs")?
        .query_map([], |row| Ok((TenantId(row.get(0)?), RecordId(row.get(1)?), row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (tenant, record, content) in jobs {
        let job = serde_json::from_str(&content).unwrap_or_default();
        let document = documents::load(tx.sql, tenant, record)?;
        let document = document.ok_or(StoreError::Damaged(record))?;
        let binding = docket_protocol::amendment::binding(&document.automerge);
        replace(tx, tenant, record, &job, &document, &binding)?;
    }
    Ok(())
}

/// Whether modifications are named: people write "none", too. What else says so in a sentence is
/// for the inspector to tick off.
fn is_something(modifications: &str) -> bool {
    let said = modifications.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
    let nothing = ["", "none", "nothing", "no", "n/a", "无", "没有", "无改动", "无修改"];
    !nothing.contains(&said.as_str()) && !said.starts_with('未')
}

/// When the office learned of the end of a clock: when the value that says so was received.
fn learned_at(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
    document: &Document,
    job: &JobContent,
    kind: ClockKind,
) -> Result<Option<i64>, StoreError> {
    let Some((_, path)) = evidence(job, kind) else { return Ok(None) };
    let Some(written) = standing(&document.automerge, document.kind, &path) else {
        return Ok(None);
    };
    let received = "select received_at from log where tenant = ?1 and record = ?2 and hash = ?3";
    let received = tx
        .sql
        .prepare_cached(received)?
        .query_row(params![tenant.0, record.0, written.change.0], |row| row.get(0))
        .optional()?;
    Ok(received)
}

/// Solved or filed, whichever came first. What was filed unsolved is closed by decision.
fn open_until(job: &JobContent) -> i64 {
    let recovered = evidence(job, ClockKind::Recovery).map(|(at, _)| at);
    let ends = recovered.into_iter().chain(job.archive.archived_at);
    ends.min().unwrap_or(OPEN)
}

/// Promises with a time that are decided, and those kept in it: an open one is decided when the
/// work is over, because by then it should have been kept.
fn promises(job: &JobContent) -> (usize, usize) {
    let over = job.report.finished_at.is_some() || job.archive.archived_at.is_some();
    let timed = job.promises.values().filter(|promise| promise.withdrawn.is_empty());
    let timed = timed.filter_map(|promise| Some((promise.due_at?, promise.kept_at)));
    let decided: Vec<_> = timed.filter(|(_, kept)| over || kept.is_some()).collect();
    let kept = decided.iter().filter(|(due, kept)| kept.is_some_and(|kept| kept <= *due)).count();
    (decided.len(), kept)
}

#[cfg(test)]
mod tests {
    use docket_protocol::ids::ItemId;
    use docket_protocol::record::job::Promise;

    use super::*;
    use crate::app::App;
    use crate::clock::Clock;

    fn recovered_at(job: &JobContent) -> Option<i64> {
        evidence(job, ClockKind::Recovery).map(|(at, _)| at)
    }

    #[test]
    fn a_point_is_open_until_it_is_solved_or_filed() {
        let mut job = JobContent::default();
        assert_eq!(open_until(&job), OPEN);
        job.report.outcome = "unsolved".to_owned();
        job.report.finished_at = Some(5);
        assert_eq!(open_until(&job), OPEN, "reported is not solved");
        job.archive.archived_at = Some(9);
        assert_eq!((open_until(&job), recovered_at(&job)), (9, None));
        job.report.outcome = "solved".to_owned();
        assert_eq!((open_until(&job), recovered_at(&job)), (5, Some(5)));
        job.report.solved_at = Some(4);
        assert_eq!((open_until(&job), recovered_at(&job)), (4, Some(4)));
    }

    #[test]
    fn people_also_write_that_nothing_was_modified() {
        for nothing in ["", " ", "None.", "无。", "未修改程序。", "n/a", "-"] {
            assert!(!is_something(nothing), "{nothing}");
        }
        for something in ["无线控制器改为信道 36", "Limit raised", "No. 4 set to 7"] {
            assert!(is_something(something), "{something}");
        }
    }

    #[test]
    fn a_promise_counts_when_it_is_decided() {
        let mut job = JobContent::default();
        let mut promise = |number: u8, due_at, kept_at, withdrawn: &str| {
            let withdrawn = withdrawn.to_owned();
            let promise = Promise { due_at, kept_at, withdrawn, ..Promise::default() };
            job.promises.insert(ItemId::new(1, [number; 10]), promise);
        };
        promise(1, Some(10), Some(10), "");
        promise(2, Some(10), Some(11), "");
        promise(3, Some(10), None, "");
        promise(4, None, Some(3), "");
        promise(5, Some(10), None, "the customer no longer needs it");
        assert_eq!(promises(&job), (2, 1));
        job.report.finished_at = Some(20);
        assert_eq!(promises(&job), (3, 1));
    }

    fn all(app: &App) -> Vec<String> {
        app.store
            .read_blocking(|sql| {
                let query = "select hex(record) || ' ' || opened_at || ' ' || open_until || ' '
                                    || coalesce(satisfaction, '') || ' ' || outcome || ' '
                                    || coalesce(response_learned_at, '') || ' ' || pauses
                             from service_facts order by record";
                let mut statement = sql.prepare(query)?;
                let rows = statement.query_map([], |row| row.get(0))?;
                Ok::<_, StoreError>(rows.collect::<rusqlite::Result<_>>()?)
            })
            .unwrap()
    }

    /// A database from before the table was there gets the rows it would have had.
    #[test]
    fn what_an_older_version_did_not_count_is_counted_when_it_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(folder.path(), Clock::default()).unwrap();
        crate::demo::seed(&app).unwrap();
        let counted = all(&app);
        assert!(counted.len() == 30 && !app.store.read_blocking(are_missing).unwrap());
        app.store
            .write_blocking(|tx| {
                tx.sql.execute("delete from service_facts", [])?;
                Ok::<_, StoreError>(())
            })
            .unwrap();
        assert!(app.store.read_blocking(are_missing).unwrap());
        drop(app);
        let app = App::open(folder.path(), Clock::default()).unwrap();
        assert_eq!(all(&app), counted);
    }
}
