//! SQL rows derived from documents, for lists, search and pages. Never the truth: every row
//! here can be made again from the log, and is written in the transaction of its change.

pub mod conflicts;
pub mod dossiers;
pub mod jobs;
pub mod rebuild;
pub mod search;
pub mod signoffs;

use docket_protocol::edit::report_signed;
use docket_protocol::ids::{RecordId, TenantId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::conflict::conflicts;
use docket_protocol::record::job::JobContent;
use docket_protocol::record::read::content;

use crate::ingest::stages::LoggedChange;
use crate::merge::Authorship;
use crate::store::documents::Document;
use crate::store::{StoreError, WriteTx};
use crate::visibility;

/// Brings the rows of one record up to date after changes were logged.
pub fn update(
    tx: &mut WriteTx<'_>,
    author: &Authorship,
    record: RecordId,
    document: &Document,
    logged: &[LoggedChange],
) -> Result<(), StoreError> {
    let tenant = author.tenant;
    for change in logged {
        if let Some(signed) = change.signed() {
            signoffs::insert(tx, change.author(), record, signed, change)?;
        }
    }
    match rows(tx, tenant, record, document)? {
        Some(job) => visibility::update_job(tx, tenant, record, &job),
        None => visibility::update_shared(tx, tenant, record, document.kind),
    }
}

/// Writes what follows from a document alone; returns the content of a job.
fn rows(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
    document: &Document,
) -> Result<Option<JobContent>, StoreError> {
    let content = content(&document.automerge, document.kind);
    match document.kind {
        RecordKind::Job => {
            let conflicts = conflicts(&document.automerge, document.kind);
            conflicts::replace(tx, tenant, record, &conflicts)?;
            let open_conflicts = conflicts::open(&conflicts);
            let signed = report_signed(&document.automerge);
            jobs::upsert(tx, tenant, record, content, signed, open_conflicts).map(Some)
        }
        RecordKind::Dossier => {
            dossiers::upsert(tx, tenant, record, &content)?;
            Ok(None)
        }
        RecordKind::Catalog => Ok(None),
    }
}
