//! A sign-off as a file that proves itself: statement, drawing, the content that was signed,
//! and this server's countersigned receipt.

use data_encoding::BASE64;
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::read;
use docket_protocol::signoff::{PROOF_FORMAT, Proof, Statement, canonical};
use rusqlite::Connection;
use serde_json::Value as Json;

use crate::auth::scope::{Access, Scope};
use crate::error::ApiError;
use crate::keys::Keys;
use crate::read_model::signoffs;
use crate::store::StoreError;
use crate::store::documents::{self, Document};

/// The exact bytes of the proof file of one sign-off.
pub fn export(
    sql: &Connection,
    scope: &Scope,
    keys: &Keys,
    record: RecordId,
    signoff: ItemId,
) -> Result<Vec<u8>, ApiError> {
    if scope.access(sql, record)? != Access::Now {
        return Err(ApiError::NotFound);
    }
    let row = signoffs::get(sql, scope, record, signoff)?.ok_or(ApiError::NotFound)?;
    let document = documents::load(sql, scope.tenant, record)?.ok_or(ApiError::NotFound)?;
    let content = content_at(&document, &row.statement).ok_or(ApiError::NotFound)?;
    Ok(canonical(&Proof {
        format: PROOF_FORMAT.to_owned(),
        statement: row.statement,
        drawing: BASE64.encode(&row.signed.drawing),
        content,
        receipt: row.receipt,
        server_key: keys.server_key(),
        server_signature: row.countersignature,
    }))
}

/// What was signed according to this server's own record, for whoever brings a proof with this
/// very statement and signature; none where there is no such sign-off here.
///
/// Nobody can make up the signature, so that nobody learns anything of a record by asking.
pub fn signed_here(sql: &Connection, claimed: &Proof) -> Result<Option<Json>, StoreError> {
    let Proof { statement, receipt, .. } = claimed;
    let Some((tenant, record)) = signoffs::place(sql, statement.signoff)? else {
        return Ok(None);
    };
    let Some(row) = signoffs::of(sql, tenant, record, statement.signoff)? else {
        return Ok(None);
    };
    if row.statement != *statement || row.receipt.signature != receipt.signature {
        return Ok(None);
    }
    let Some(document) = documents::load(sql, tenant, record)? else { return Ok(None) };
    Ok(content_at(&document, &row.statement))
}

fn content_at(document: &Document, statement: &Statement) -> Option<Json> {
    let heads: Vec<_> = statement.heads.iter().map(|head| (*head).into()).collect();
    read::content_at(&document.automerge, document.kind, &heads).ok()
}
