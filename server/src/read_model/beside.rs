//! What stands beside a sign-off: whether it still binds, what was written without knowing of it,
//! what amended it, and how the version it covers differs from other signed versions.
//!
//! Read from the record when it is asked for; only their number is kept for lists.

use automerge::Automerge;
use docket_protocol::amendment::{amendings, binding};
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::compare::{Difference, differences};
use docket_protocol::record::late::late_edits;
use docket_protocol::record::value::FieldValue;
use docket_protocol::record::{RecordKind, read};
use docket_protocol::signoff::Statement;
use rusqlite::Connection;
use serde::Serialize;
use serde_json::Value as Json;

use super::conflicts::{AuthoredValue, StoredValue, authored};
use super::signoffs::SignOffRow;
use crate::auth::scope::Scope;

/// What stands beside one sign-off.
#[derive(Debug, Clone, PartialEq, Default, Serialize, utoipa::ToSchema)]
pub struct Beside {
    /// Whether it freezes what it covers: a report, accepted, not amended.
    pub binds: bool,
    /// The amendments that name it.
    #[schema(value_type = Vec<String>)]
    pub amended_by: Vec<ItemId>,
    /// What others wrote in the fields it covers without knowing of it.
    pub late_edits: Vec<LateRow>,
    /// The other sign-offs of the same kind whose version reads differently.
    pub other_versions: Vec<OtherVersion>,
}

/// One field that somebody wrote beside a sign-off.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct LateRow {
    /// The field.
    pub path: String,
    /// What was signed.
    #[schema(value_type = Object)]
    pub signed: FieldValue,
    /// What this author left there; `chosen` when it is what the record shows now.
    pub later: AuthoredValue,
    /// Whether it reached the server before the sign-off did.
    pub arrived_before: bool,
}

/// Another signed version.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct OtherVersion {
    /// Its sign-off.
    #[schema(value_type = String)]
    pub signoff: ItemId,
    /// The fields that differ: `before` in this version, `after` in the other.
    #[schema(value_type = Vec<Object>)]
    pub fields: Vec<Difference>,
}

/// What stands beside each of these sign-offs of one job, in their order; the caller has asked
/// whether this person may see it.
pub fn beside(
    sql: &Connection,
    scope: &Scope,
    record: RecordId,
    doc: &Automerge,
    rows: &[SignOffRow],
) -> rusqlite::Result<Vec<Beside>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let now = read::content(doc, RecordKind::Job);
    let binding: Vec<ItemId> = binding(doc).into_iter().map(|one| one.signoff).collect();
    let amendings = amendings(doc);
    let versions: Vec<_> = rows.iter().map(|row| version(doc, &row.statement)).collect();
    let each = rows.iter().enumerate().map(|(at, row)| {
        let amended_by = amendings.iter().filter(|one| one.signoffs.contains(&row.signoff));
        Ok(Beside {
            binds: binding.contains(&row.signoff),
            amended_by: amended_by.map(|one| one.amendment).collect(),
            late_edits: late_rows(sql, scope, record, doc, &now, row)?,
            other_versions: other_versions(rows, &versions, at),
        })
    });
    each.collect()
}

/// Whether an amendment names this sign-off.
pub fn is_amended(doc: &Automerge, signoff: ItemId) -> bool {
    amendings(doc).iter().any(|one| one.signoffs.contains(&signoff))
}

/// How many late edits stand beside the sign-offs that bind.
pub(super) fn count(doc: &Automerge, binding: &[Statement]) -> usize {
    binding
        .iter()
        .filter_map(|statement| late_edits(doc, statement).ok())
        .map(|all| all.len())
        .sum()
}

fn version(doc: &Automerge, statement: &Statement) -> Option<Json> {
    let heads: Vec<_> = statement.heads.iter().map(|head| (*head).into()).collect();
    read::content_at(doc, RecordKind::Job, &heads).ok()
}

fn late_rows(
    sql: &Connection,
    scope: &Scope,
    record: RecordId,
    doc: &Automerge,
    now: &Json,
    row: &SignOffRow,
) -> rusqlite::Result<Vec<LateRow>> {
    let late = late_edits(doc, &row.statement).unwrap_or_default();
    let rows = late.into_iter().map(|late| {
        let shown = late.path.segments().try_fold(now, |at, key| at.get(key));
        let shown = shown.cloned().map_or(FieldValue::Nothing, FieldValue::from);
        let chosen = shown == late.later;
        let later = StoredValue { value: late.later, change: late.change, chosen };
        let later = authored(sql, scope, record, later)?;
        let arrived_before = later.seq < row.receipt.seq.0.cast_signed();
        Ok(LateRow { path: late.path.to_string(), signed: late.signed, later, arrived_before })
    });
    rows.collect()
}

fn other_versions(rows: &[SignOffRow], versions: &[Option<Json>], at: usize) -> Vec<OtherVersion> {
    let purpose = rows[at].statement.purpose;
    let Some(here) = &versions[at] else { return Vec::new() };
    let others = rows
        .iter()
        .zip(versions)
        .enumerate()
        .filter(|(other, (row, _))| *other != at && row.statement.purpose == purpose);
    others
        .filter_map(|(_, (row, there))| {
            let fields = differences(here, there.as_ref()?, |path| purpose.covers(path));
            (!fields.is_empty()).then_some(OtherVersion { signoff: row.signoff, fields })
        })
        .collect()
}
