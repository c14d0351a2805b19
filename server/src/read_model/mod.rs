//! SQL rows derived from documents, for lists, search and pages. Never the truth: every row
//! here can be made again from the log, and is written in the transaction of its change.

pub mod conflicts;
pub mod dossiers;
pub mod jobs;
pub mod search;
pub mod signoffs;

use docket_protocol::edit::report_signed;
use docket_protocol::ids::RecordId;
use docket_protocol::planted;
use docket_protocol::record::RecordKind;
use docket_protocol::record::conflict::conflicts;
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
    let content = content(&document.automerge, document.kind);
    match document.kind {
        RecordKind::Job => {
            for change in logged {
                if let Some(signed) = change.signed() {
                    signoffs::insert(tx, change.author(), record, signed, change)?;
                }
            }
            let conflicts = conflicts(&document.automerge, document.kind);
            conflicts::replace(tx, tenant, record, &conflicts)?;
            let open_conflicts = conflicts::open(&conflicts);
            let signed = report_signed(&document.automerge);
            if planted::is("read-model-late") && logged.len() > 1 {
                return Ok(());
            }
            let job = jobs::upsert(tx, tenant, record, content, signed, open_conflicts)?;
            visibility::update_job(tx, tenant, record, &job)
        }
        RecordKind::Dossier => {
            dossiers::upsert(tx, tenant, record, &content)?;
            visibility::update_shared(tx, tenant, record, document.kind)
        }
        RecordKind::Catalog => visibility::update_shared(tx, tenant, record, document.kind),
    }
}
