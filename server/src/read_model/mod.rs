//! SQL rows derived from documents, for lists, search and pages. Never the truth: every row
//! here can be made again from the log, and is written in the transaction of its change.

pub mod beside;
pub mod conflicts;
pub mod dossiers;
pub mod jobs;
pub mod search;
pub mod signoffs;

use docket_protocol::amendment::binding;
use docket_protocol::ids::RecordId;
use docket_protocol::record::RecordKind;
use docket_protocol::record::conflict::conflicts;
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
    let content = content(&document.automerge, document.kind);
    match document.kind {
        RecordKind::Job => {
            for change in logged {
                if let Some(signed) = change.signed() {
                    signoffs::insert(tx, change.author(), record, signed, change)?;
                }
                let settled = settled_by(&document.automerge, document.kind, change.change());
                conflicts::remember(tx, tenant, record, change.seq(), &settled)?;
            }
            let conflicts = conflicts(&document.automerge, document.kind);
            conflicts::replace(tx, tenant, record, &conflicts)?;
            let open_conflicts = conflicts::open(&conflicts);
            let binding = binding(&document.automerge);
            let facts = JobFacts {
                report_signed: !binding.is_empty(),
                open_conflicts,
                late_edits: beside::count(&document.automerge, &binding),
            };
            let job = jobs::upsert(tx, tenant, record, content, facts)?;
            visibility::update_job(tx, tenant, record, &job)
        }
        RecordKind::Dossier => {
            dossiers::upsert(tx, tenant, record, &content)?;
            visibility::update_shared(tx, tenant, record, document.kind)
        }
        RecordKind::Catalog => visibility::update_shared(tx, tenant, record, document.kind),
    }
}
