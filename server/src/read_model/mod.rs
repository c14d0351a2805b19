//! SQL rows derived from documents, for lists, search and pages. Never the truth: every row
//! here can be made again from the log, and is written in the transaction of its change.

pub mod articles;
pub mod assets;
mod attachments;
pub mod backups;
pub mod beside;
pub mod board;
pub mod catalog;
pub mod conflicts;
pub mod dossiers;
pub mod facts;
pub mod jobs;
pub mod rebuild;
pub mod search;
pub mod signoffs;

use automerge::Change;
use docket_protocol::amendment::binding;
use docket_protocol::ids::{RecordId, Seq, TenantId};
use docket_protocol::planted;
use docket_protocol::record::RecordKind;
use docket_protocol::record::conflict::conflicts;
use docket_protocol::record::job::JobContent;
use docket_protocol::record::read::content;
use docket_protocol::record::settlement::settled_by;

use self::jobs::JobFacts;
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
        settlements(tx, tenant, record, document, change.seq(), change.change())?;
    }
    if planted::is("read-model-late") && logged.len() > 1 {
        return Ok(());
    }
    match rows(tx, tenant, record, document)? {
        Some(job) => visibility::update_job(tx, tenant, record, &job),
        None => visibility::update_shared(tx, tenant, record, document.kind),
    }
}

/// Remembers what one change of a job settled.
fn settlements(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
    document: &Document,
    seq: Seq,
    change: &Change,
) -> Result<(), StoreError> {
    if document.kind != RecordKind::Job {
        return Ok(());
    }
    let settled = settled_by(&document.automerge, document.kind, change);
    conflicts::remember(tx, tenant, record, seq, &settled)
}

/// Writes what follows from a document alone; returns the content of a job.
fn rows(
    tx: &mut WriteTx<'_>,
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
            let binding = binding(&document.automerge);
            let known = JobFacts {
                report_signed: !binding.is_empty(),
                signed_at: binding.iter().map(|statement| statement.signed_at).min(),
                open_conflicts,
                late_edits: beside::count(&document.automerge, &binding),
            };
            let job = jobs::upsert(tx, tenant, record, content, known)?;
            facts::replace(tx, tenant, record, &job, document, &binding)?;
            attachments::replace(tx, tenant, record, &job)?;
            Ok(Some(job))
        }
        RecordKind::Dossier => {
            dossiers::upsert(tx, tenant, record, &content)?;
            Ok(None)
        }
        RecordKind::Article => {
            articles::upsert(tx, tenant, record, &content)?;
            Ok(None)
        }
        RecordKind::Catalog => Ok(None),
    }
}
