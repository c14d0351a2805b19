//! One row per customer dossier.

use docket_protocol::ids::{RecordId, TenantId};
use docket_protocol::record::dossier::DossierContent;
use docket_protocol::record::service::Service;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value as Json, json};

use super::{assets, backups};
use crate::auth::scope::Scope;
use crate::store::{StoreError, WriteTx};

/// A customer with its content.
#[derive(Debug, Clone, PartialEq)]
pub struct DossierRow {
    /// Its id.
    pub record: RecordId,
    /// Last change, server clock.
    pub updated_at: i64,
    /// Name, sites, contacts, equipment.
    pub content: DossierContent,
}

pub(super) fn upsert(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
    content: &Json,
) -> Result<(), StoreError> {
    let text = content.to_string();
    let dossier = DossierContent::from_json(content.clone());
    tx.sql
        .prepare_cached(
            "insert into dossiers (tenant, record, name, address, updated_at, content, terms)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             on conflict do update set name = excluded.name, address = excluded.address,
                 updated_at = excluded.updated_at, content = excluded.content,
                 terms = excluded.terms",
        )?
        .execute(params![
            tenant.0,
            record.0,
            dossier.name,
            dossier.address,
            tx.now,
            text,
            terms(&dossier)
        ])?;
    assets::replace(tx, tenant, record, &dossier)?;
    backups::replace(tx, tenant, record, &dossier)
}

/// What the clocks need of a dossier; none where the customer has no terms of its own.
fn terms(dossier: &DossierContent) -> Option<String> {
    let DossierContent { name, contract, contract_until, levels, service, .. } = dossier;
    let has_terms = !levels.is_empty() || *service != Service::default();
    let terms = || {
        json!({"name": name, "contract": contract, "contract_until": contract_until,
               "levels": levels, "service": service})
    };
    has_terms.then(|| terms().to_string())
}

/// The customers with terms of their own, by name; of their dossiers only what is about those.
pub fn with_terms(
    sql: &Connection,
    tenant: TenantId,
) -> rusqlite::Result<Vec<(RecordId, DossierContent)>> {
    sql.prepare_cached(
        "select record, terms from dossiers indexed by dossiers_with_terms
         where tenant = ?1 and terms is not null order by name",
    )?
    .query_map([tenant.0], |row| {
        let terms = serde_json::from_str(row.get_ref(1)?.as_str()?).unwrap_or_default();
        Ok((RecordId(row.get(0)?), terms))
    })?
    .collect()
}

/// The names of the customers, by record; contents are long, and pages need only this of most.
pub fn names(sql: &Connection, scope: &Scope) -> rusqlite::Result<Vec<(RecordId, String)>> {
    sql.prepare_cached("select record, name from dossiers where tenant = ?1 order by name")?
        .query_map([scope.tenant.0], |row| Ok((RecordId(row.get(0)?), row.get(1)?)))?
        .collect()
}

/// A customer in a search: its id and its name.
pub type Named = (RecordId, String);

/// The customers in whose names all the words appear, by name; all of them where no word is given.
pub fn find(sql: &Connection, scope: &Scope, query: &str) -> rusqlite::Result<Vec<Named>> {
    let query = query.to_lowercase();
    let words: Vec<&str> = query.split_whitespace().collect();
    let mut found = names(sql, scope)?;
    if !words.is_empty() {
        found.retain(|(_, name)| {
            let name = name.to_lowercase();
            words.iter().all(|word| name.contains(word))
        });
    }
    Ok(found)
}

/// One customer.
pub fn get(
    sql: &Connection,
    scope: &Scope,
    record: RecordId,
) -> rusqlite::Result<Option<DossierRow>> {
    sql.prepare_cached(
        "select record, updated_at, content from dossiers where tenant = ?1 and record = ?2",
    )?
    .query_row(params![scope.tenant.0, record.0], read_row)
    .optional()
}

fn read_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<DossierRow> {
    let content: String = row.get("content")?;
    Ok(DossierRow {
        record: RecordId(row.get("record")?),
        updated_at: row.get("updated_at")?,
        content: serde_json::from_str(&content).unwrap_or_default(),
    })
}
