//! A sign-off as a file that proves itself: statement, drawing, the content that was signed,
//! and this server's countersigned receipt.

use data_encoding::BASE64;
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::read;
use docket_protocol::signoff::{PROOF_FORMAT, Proof, canonical};
use rusqlite::Connection;

use crate::auth::scope::{Access, Scope};
use crate::error::ApiError;
use crate::keys::Keys;
use crate::read_model::signoffs;
use crate::store::documents;

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
    let heads: Vec<_> = row.statement.heads.iter().map(|head| (*head).into()).collect();
    let content = read::content_at(&document.automerge, document.kind, &heads)
        .map_err(|_| ApiError::NotFound)?;
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
