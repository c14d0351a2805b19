//! The backup check (备份工作检查): jobs that changed programs or settings and have no backup, and
//! backups without a version or without approval.
//!
//! Which jobs should have one is what their reports say: exact modifications, or program text
//! among the attachments. Somebody who looks into one and finds that none is needed ticks it off
//! with the reason, in the record.

use std::collections::{BTreeMap, btree_map};

use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::dossier::{Backup, DossierContent};
use docket_protocol::record::job::JobContent;
use rusqlite::{Connection, params};

use crate::auth::scope::Scope;
use crate::read_model::{self, dossiers};

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
    let jobs = |query: &str| -> rusqlite::Result<Vec<Job>> {
        let records: Vec<RecordId> = sql
            .prepare_cached(query)?
            .query_map(params![scope.tenant.0, since, limit], |row| Ok(RecordId(row.get(0)?)))?
            .collect::<rusqlite::Result<_>>()?;
        records.into_iter().filter_map(|one| job(sql, scope, one).transpose()).collect()
    };
    Ok(Check {
        missing: jobs(&missing())?,
        incomplete: incomplete(sql, scope, limit)?,
        ticked: jobs(&ticked())?,
    })
}

/// Jobs that should have a backup.
const CANDIDATES: &str = "
    select record from service_facts f
    where tenant = ?1 and opened_at >= ?2 and modified
          and (outcome <> '' or recovered_at is not null)";

fn missing() -> String {
    format!(
        "{CANDIDATES} and backup_checked_at is null
             and not exists (select 1 from backups b where b.tenant = f.tenant and b.job = f.record)
         order by opened_at, record limit ?3"
    )
}

fn ticked() -> String {
    format!(
        "{CANDIDATES} and backup_checked_at is not null
         order by opened_at desc, record desc limit ?3"
    )
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

/// Reads the dossiers of the backups that lack something, and no others.
fn incomplete(sql: &Connection, scope: &Scope, limit: usize) -> rusqlite::Result<Vec<Incomplete>> {
    let mut read: BTreeMap<RecordId, DossierContent> = BTreeMap::new();
    let mut found = Vec::new();
    for (dossier, entry) in read_model::backups::lacking(sql, scope, limit)? {
        if let btree_map::Entry::Vacant(place) = read.entry(dossier) {
            let row = dossiers::get(sql, scope, dossier)?;
            place.insert(row.map(|row| row.content).unwrap_or_default());
        }
        let Some(content) = read.get(&dossier) else { continue };
        let Some(backup) = content.backups.get(&entry) else { continue };
        let customer = content.name.clone();
        found.push(Incomplete { dossier, customer, entry, backup: backup.clone() });
    }
    Ok(found)
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
                let query = format!("explain query plan {}", missing());
                let row = |row: &rusqlite::Row<'_>| row.get("detail");
                sql.query_row(&query, params![[0_u8; 16], 1, 1], row)
                    .map_err(crate::store::StoreError::from)
            })
            .unwrap();
        assert!(plan.contains("SEARCH f USING PRIMARY KEY (tenant=? AND opened_at>?)"), "{plan}");
    }
}
