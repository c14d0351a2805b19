//! The organisation's catalog, read from its record: there is one, and it is small.

use docket_protocol::ids::TenantId;
use docket_protocol::record::catalog::CatalogContent;
use docket_protocol::record::read;
use rusqlite::{Connection, OptionalExtension};

use crate::people::catalog_of;
use crate::store::{StoreError, documents};

/// The catalog; empty where there is none yet.
pub fn get(sql: &Connection, tenant: TenantId) -> Result<CatalogContent, StoreError> {
    let Some(record) = catalog_of(sql, tenant).optional()? else {
        return Ok(CatalogContent::default());
    };
    let document = documents::load(sql, tenant, record)?;
    let content = document.map(|document| read::content(&document.automerge, document.kind));
    Ok(content.map(CatalogContent::from_json).unwrap_or_default())
}
