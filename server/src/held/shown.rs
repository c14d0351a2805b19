//! Held work made readable: which job it is about, what it would change, and whether the gate
//! would let it in. Read-only; used by the inbox page and by the JSON API.

use std::panic::{AssertUnwindSafe, catch_unwind};

use docket_protocol::number::job_number;
use docket_protocol::wire::RecordPush;
use rusqlite::Connection;

use super::decide;
use super::inbox::{self, Piece, State};
use crate::auth::devices;
use crate::auth::scope::Scope;
use crate::ingest::decode_push;
use crate::ingest::preview::{Preview, PreviewedChange, preview};
use crate::ingest::stages::Sender;
use crate::read_model::jobs;
use crate::store::{StoreError, documents};

/// A piece of held work, ready to be put into words.
pub struct Shown {
    /// The work.
    pub piece: Piece,
    /// What people call the job.
    pub number: String,
    /// Its title; empty while the job itself is held.
    pub title: String,
    /// Whether the record exists.
    pub exists: bool,
    /// What it would do.
    pub preview: Preview,
}

/// The pieces in a state, with what they would do.
pub fn pieces(sql: &Connection, scope: &Scope, state: State) -> Result<Vec<Shown>, StoreError> {
    inbox::pieces(sql, scope, state)?.into_iter().map(|piece| show(sql, scope, piece)).collect()
}

fn show(sql: &Connection, scope: &Scope, piece: Piece) -> Result<Shown, StoreError> {
    let row = jobs::get(sql, scope, piece.record)?.map(|(row, _)| row);
    let preview = preview_of(sql, scope, &piece)?;
    Ok(Shown {
        number: job_number(piece.record),
        exists: row.is_some(),
        title: row.map(|row| row.title).unwrap_or_default(),
        piece,
        preview,
    })
}

/// Nobody has judged these bytes yet: what panics on them is shown as unreadable.
fn preview_of(sql: &Connection, scope: &Scope, piece: &Piece) -> Result<Preview, StoreError> {
    let unreadable = || Preview {
        changes: piece.changes.iter().map(|_| PreviewedChange::default()).collect(),
        after: None,
    };
    let Some(key) = devices::enrolled_key(sql, scope.tenant, piece.device)? else {
        return Ok(unreadable());
    };
    let role = piece.changes.first().map_or(scope.role, |change| change.role);
    let author = decide::author(scope, piece, role);
    let sender =
        Sender { scope: &author, device: piece.device, device_key: &key, former_role: None };
    let document = documents::load(sql, scope.tenant, piece.record)?;
    let changes = piece.changes.iter().map(|change| change.body.clone().into()).collect();
    let push = decode_push(&RecordPush { record: piece.record, changes });
    let seen = catch_unwind(AssertUnwindSafe(|| preview(sql, &sender, document, push)));
    seen.unwrap_or_else(|_| Ok(unreadable()))
}
