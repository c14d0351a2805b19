//! What held work would do if it were accepted now: every change located and judged like a
//! pushed one, and nothing written. For the people who decide.

use std::sync::Arc;

use automerge::Automerge;
use docket_protocol::ids::RecordId;
use docket_protocol::ops::{LocatedOp, locate};
use docket_protocol::record::RecordKind;
use docket_protocol::wire::Verdict;
use rusqlite::Connection;

use super::authorise::Places;
use super::stages::{DecodedPush, Refusal, Sender};
use super::{Bench, MayWait, stored_bytes};
use crate::store::StoreError;
use crate::store::documents::Document;

/// What a piece of work would do.
pub struct Preview {
    /// Change by change, in order.
    pub changes: Vec<PreviewedChange>,
    /// The record with everything that passes; none when nothing of it could be read.
    pub after: Option<(RecordKind, Automerge)>,
}

/// What one change would do.
#[derive(Debug, Default)]
pub struct PreviewedChange {
    /// Its operations; empty when what it stands on is not known.
    pub ops: Vec<LocatedOp>,
    /// Why the gate would not let it in.
    pub refusal: Option<Refusal>,
}

/// Judges a push without writing anything.
pub fn preview(
    sql: &Connection,
    sender: &Sender<'_>,
    document: Option<Document>,
    push: DecodedPush,
) -> Result<Preview, StoreError> {
    let record: RecordId = push.record;
    let before = document.as_ref().map(|known| (known.kind, known.automerge.clone()));
    let bytes = stored_bytes(sql, sender.scope.tenant, record)?;
    let mut bench = Bench::new(document.map(Arc::new), bytes, MayWait::No);
    let mut places = Places::new(sql, sender, record);
    let mut changes = Vec::with_capacity(push.slots.len());
    for slot in push.slots {
        let mut ops = Vec::new();
        if let Ok(decoded) = &slot
            && let Ok(version) = bench.version_at(&decoded.head.deps, None)
        {
            ops = locate(&version, &decoded.expanded).unwrap_or_default();
            bench.version = Some(version);
        }
        let refusal = match bench.judge(sender, record, &mut places, slot)? {
            Ok(Verdict::Refused(code, path)) => Some(Refusal { code: code.into(), path }),
            Ok(Verdict::Need(_)) => Some(Refusal::whole("needs-missing")),
            Ok(Verdict::Fork) => Some(Refusal::whole("place-taken")),
            Ok(Verdict::Accepted(_) | Verdict::Duplicate | Verdict::Held(_)) | Err(_) => None,
        };
        changes.push(PreviewedChange { ops, refusal });
    }
    let after = bench.kind.zip(bench.version).or(before);
    Ok(Preview { changes, after })
}
