//! The backup check (备份工作检查): jobs that changed programs or settings and have no backup, and
//! backups without a version or without approval.
//!
//! Which jobs should have one is what their reports say: exact modifications, or program text
//! among the attachments. Somebody who looks into one and finds that none is needed ticks it off
//! with the reason, in the record.

use std::collections::{BTreeMap, BTreeSet};

use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::dossier::{Backup, DossierContent};
use docket_protocol::record::job::JobContent;
use rusqlite::{Connection, params};

use crate::auth::scope::Scope;
use crate::read_model::dossiers::{self, DossierRow};

/// A job that should have a backup.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// The job.
    pub record: RecordId,
    /// What people call it.
    pub number: String,
    /// Who leads it.
    pub lead_name: String,
    /// What is written.
    pub content: JobContent,
    /// The customer's dossier, where a backup would stand.
    pub dossier: Option<RecordId>,
}

/// A backup that lacks something.
#[derive(Debug, Clone, PartialEq)]
pub struct Incomplete {
    /// Where it stands.
    pub dossier: RecordId,
    /// Whose it is.
    pub customer: String,
    /// Its entry.
    pub entry: ItemId,
    /// What is written.
    pub backup: Backup,
}

/// What the check found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Check {
    /// Jobs without a backup, the oldest first.
    pub missing: Vec<Job>,
    /// Backups without version or approval, the oldest first.
    pub incomplete: Vec<Incomplete>,
    /// Jobs that were ticked off.
    pub ticked: Vec<Job>,
}

/// Checks the jobs that were opened since then; at most `limit` of each kind are named.
pub fn check(sql: &Connection, scope: &Scope, since: i64, limit: usize) -> rusqlite::Result<Check> {
    let dossiers = dossiers::list(sql, scope)?;
    let covered = covered(&dossiers);
    let candidates = candidates(sql, scope, since)?;
    let (ticked, open): (Vec<_>, Vec<_>) =
        candidates.into_iter().partition(|candidate| candidate.ticked);
    let missing = open.into_iter().filter(|candidate| !covered.contains(&candidate.record));
    let jobs = |wanted: &mut dyn Iterator<Item = Candidate>| -> rusqlite::Result<Vec<Job>> {
        wanted.take(limit).filter_map(|one| job(sql, scope, one.record).transpose()).collect()
    };
    Ok(Check {
        missing: jobs(&mut missing.into_iter())?,
        incomplete: incomplete(&dossiers, limit),
        ticked: jobs(&mut ticked.into_iter().rev())?,
    })
}

struct Candidate {
    record: RecordId,
    ticked: bool,
}

const CANDIDATES: &str = "
    select record, backup_checked_at is not null from service_facts
    where tenant = ?1 and opened_at >= ?2 and modified
          and (outcome <> '' or recovered_at is not null)
    order by opened_at, record";

fn candidates(sql: &Connection, scope: &Scope, since: i64) -> rusqlite::Result<Vec<Candidate>> {
    sql.prepare_cached(CANDIDATES)?
        .query_map(params![scope.tenant.0, since], |row| {
            Ok(Candidate { record: RecordId(row.get(0)?), ticked: row.get(1)? })
        })?
        .collect()
}

fn job(sql: &Connection, scope: &Scope, record: RecordId) -> rusqlite::Result<Option<Job>> {
    let found = crate::read_model::jobs::get(sql, scope, record)?;
    Ok(found.map(|(row, content)| Job {
        record,
        number: row.number,
        lead_name: row.lead_name,
        dossier: row.dossier,
        content,
    }))
}

/// The jobs that some standing backup names.
fn covered(dossiers: &[DossierRow]) -> BTreeSet<RecordId> {
    let standing = dossiers.iter().flat_map(|row| standing(&row.content));
    standing.filter_map(|(_, backup)| backup.job).collect()
}

fn standing(content: &DossierContent) -> impl Iterator<Item = (&ItemId, &Backup)> {
    content.backups.iter().filter(|(_, backup)| !backup.removed)
}

fn incomplete(dossiers: &[DossierRow], limit: usize) -> Vec<Incomplete> {
    let lacks = |backup: &Backup| backup.version.trim().is_empty() || backup.approved_at.is_none();
    let mut found = BTreeMap::new();
    for row in dossiers {
        for (entry, backup) in standing(&row.content).filter(|(_, backup)| lacks(backup)) {
            let line = Incomplete {
                dossier: row.record,
                customer: row.content.name.clone(),
                entry: *entry,
                backup: backup.clone(),
            };
            found.insert((backup.at, row.record, *entry), line);
        }
    }
    found.into_values().take(limit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::App;
    use crate::clock::Clock;

    #[test]
    fn candidates_are_read_through_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(folder.path(), Clock::default()).unwrap();
        let plan: String = app
            .store
            .read_blocking(|sql| {
                let query = format!("explain query plan {CANDIDATES}");
                let row = |row: &rusqlite::Row<'_>| row.get("detail");
                sql.query_row(&query, params![[0_u8; 16], 1], row)
                    .map_err(crate::store::StoreError::from)
            })
            .unwrap();
        assert!(plan.contains("SEARCH service_facts USING PRIMARY KEY"), "{plan}");
    }

    #[test]
    fn a_backup_lacks_something_until_it_has_a_version_and_an_approval() {
        let backup = |version: &str, approved_at, removed| Backup {
            version: version.to_owned(),
            approved_at,
            removed,
            ..Backup::default()
        };
        let entries = [
            backup("1.2", Some(5), false),
            backup(" ", Some(5), false),
            backup("1.2", None, false),
            backup("", None, true),
        ];
        let entries = entries.into_iter().zip(1..);
        let backups = entries.map(|(backup, at)| (ItemId::new(at, [1; 10]), backup)).collect();
        let content = DossierContent { backups, ..DossierContent::default() };
        let row = DossierRow { record: RecordId::default(), updated_at: 0, content };
        assert_eq!(incomplete(std::slice::from_ref(&row), 10).len(), 2);
        assert_eq!(incomplete(&[row], 1).len(), 1);
    }
}
