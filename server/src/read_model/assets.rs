//! One narrow row per piece of equipment (信息资产), whichever customer's it is: found, counted by
//! kind and read a window at a time, without reading a dossier.
//!
//! Derived from the dossiers alone. How much equipment there is grows with the customers and not
//! with the years, so a search goes through these rows.

use std::collections::BTreeMap;

use docket_protocol::ids::{ItemId, RecordId, TenantId};
use docket_protocol::record::dossier::{DossierContent, Equipment};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use crate::auth::scope::Scope;
use crate::store::{StoreError, WriteTx};

/// A piece of equipment, with whose it is.
#[derive(Debug, Clone, PartialEq)]
pub struct AssetRow {
    /// The customer's dossier.
    pub dossier: RecordId,
    /// Its entry in there.
    pub item: ItemId,
    /// The customer's name.
    pub customer: String,
    /// What is written of it.
    pub thing: Equipment,
}

/// Which equipment is listed; empty means all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AssetFilter {
    /// Words that must appear.
    pub query: String,
    /// The customer's name, or a part of it.
    pub customer: String,
    /// Only of this kind; `Some("")` for what has none.
    pub kind: Option<String>,
    /// Only at this site.
    pub site: Option<String>,
    /// Only with a warranty that ends in these moments: from, until.
    pub warranty: Option<(i64, i64)>,
}

/// Where a window begins: behind this piece of equipment.
pub type Place = (RecordId, ItemId);

/// Brings the rows of one dossier up to date; those that stay the same are not touched, because
/// an import edits one dossier many times.
pub(super) fn replace(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    dossier: RecordId,
    content: &DossierContent,
) -> Result<(), StoreError> {
    let mut before = of_dossier(tx.sql, tenant, dossier)?;
    for (item, thing) in &content.equipment {
        let known = before.remove(item);
        if known.is_some_and(|row| row.customer == content.name && row.thing == *thing) {
            continue;
        }
        tx.sql.prepare_cached(UPSERT)?.execute(params![
            tenant.0,
            dossier.0,
            item.0,
            content.name,
            thing.kind,
            thing.name,
            thing.model,
            thing.serial,
            thing.site,
            thing.place,
            thing.warranty_until,
            thing.versions,
        ])?;
    }
    for item in before.keys() {
        tx.sql
            .prepare_cached("delete from assets where tenant = ?1 and dossier = ?2 and item = ?3")?
            .execute(params![tenant.0, dossier.0, item.0])?;
    }
    Ok(())
}

const UPSERT: &str = "
    insert or replace into assets (tenant, dossier, item, customer, kind, name, model, serial,
                                   site, place, warranty_until, versions)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

const COLUMNS: &str = "
    dossier, item, customer, kind, name, model, serial, site, place, warranty_until, versions";

/// The equipment of one customer, by entry.
pub fn of_dossier(
    sql: &Connection,
    tenant: TenantId,
    dossier: RecordId,
) -> rusqlite::Result<BTreeMap<ItemId, AssetRow>> {
    sql.prepare_cached(&format!("select {COLUMNS} from assets where tenant = ?1 and dossier = ?2"))?
        .query_map(params![tenant.0, dossier.0], |row| read_row(row).map(|row| (row.item, row)))?
        .collect()
}

/// A window of the equipment, by customer and name; with one row more than wanted where there
/// is more behind it.
pub fn list(
    sql: &Connection,
    scope: &Scope,
    filter: &AssetFilter,
    after: Option<Place>,
    most: usize,
) -> rusqlite::Result<Vec<AssetRow>> {
    let mut wanted = Wanted::of(sql, scope, filter)?;
    if let Some(kind) = &filter.kind {
        wanted.and("kind = ?", kind.clone());
    }
    let behind = after.map(|place| names_at(sql, scope, place)).transpose()?.flatten();
    if let (Some((dossier, item)), Some((customer, name))) = (after, behind) {
        wanted.conditions.push("(customer, name, dossier, item) > (?, ?, ?, ?)");
        let place: [Value; 4] = [customer.into(), name.into(), dossier.0.into(), item.0.into()];
        wanted.values.extend(place);
    }
    wanted.values.push(i64::try_from(most).unwrap_or(i64::MAX).into());
    // Only fixed pieces of SQL are joined here; every value is a bound parameter.
    let query = format!(
        "select {COLUMNS} from assets where {} order by customer, name, dossier, item limit ?",
        wanted.conditions.join(" and ")
    );
    sql.prepare_cached(&query)?.query_map(params_from_iter(wanted.values), read_row)?.collect()
}

/// How much equipment of each kind the filter lets through, whichever kind it names itself.
pub fn count_by_kind(
    sql: &Connection,
    scope: &Scope,
    filter: &AssetFilter,
) -> rusqlite::Result<Vec<(String, usize)>> {
    let wanted = Wanted::of(sql, scope, filter)?;
    let query = format!(
        "select kind, count(*) from assets where {} group by kind",
        wanted.conditions.join(" and ")
    );
    sql.prepare_cached(&query)?
        .query_map(params_from_iter(wanted.values), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// The sites at which a customer has equipment.
pub fn sites(sql: &Connection, scope: &Scope, customer: &str) -> rusqlite::Result<Vec<String>> {
    sql.prepare_cached(
        "select distinct site from assets
         where tenant = ?1 and customer = ?2 and site <> '' order by site",
    )?
    .query_map(params![scope.tenant.0, customer], |row| row.get(0))?
    .collect()
}

/// Whether some equipment's customer has just this name.
fn is_whole_name(sql: &Connection, scope: &Scope, customer: &str) -> rusqlite::Result<bool> {
    sql.prepare_cached("select exists (select 1 from assets where tenant = ?1 and customer = ?2)")?
        .query_row(params![scope.tenant.0, customer], |row| row.get(0))
}

fn names_at(
    sql: &Connection,
    scope: &Scope,
    (dossier, item): Place,
) -> rusqlite::Result<Option<(String, String)>> {
    sql.prepare_cached(
        "select customer, name from assets where tenant = ?1 and dossier = ?2 and item = ?3",
    )?
    .query_row(params![scope.tenant.0, dossier.0, item.0], |row| Ok((row.get(0)?, row.get(1)?)))
    .optional()
}

/// Conditions and their values, grown together.
struct Wanted {
    conditions: Vec<&'static str>,
    values: Vec<Value>,
}

impl Wanted {
    /// All that a filter asks for but the kind.
    fn of(sql: &Connection, scope: &Scope, filter: &AssetFilter) -> rusqlite::Result<Self> {
        let mut wanted = Self { conditions: Vec::new(), values: Vec::new() };
        wanted.and("tenant = ?", scope.tenant.0);
        let customer = filter.customer.trim();
        if !customer.is_empty() {
            let whole = is_whole_name(sql, scope, customer)?;
            let named = if whole { "customer = ?" } else { "instr(lower(customer), lower(?))" };
            wanted.and(named, customer.to_owned());
        }
        if let Some(site) = &filter.site {
            wanted.and("site = ?", site.clone());
        }
        if let Some((from, until)) = filter.warranty {
            wanted.and("warranty_until >= ?", from);
            wanted.and("warranty_until < ?", until);
        }
        for word in filter.query.split_whitespace().take(WORDS_MAX) {
            wanted.and("instr(words, lower(?))", word.to_owned());
        }
        Ok(wanted)
    }

    fn and(&mut self, condition: &'static str, value: impl Into<Value>) {
        self.conditions.push(condition);
        self.values.push(value.into());
    }
}

/// Words of a search that are looked at; nobody knows a device by more.
const WORDS_MAX: usize = 8;

fn read_row(row: &Row<'_>) -> rusqlite::Result<AssetRow> {
    Ok(AssetRow {
        dossier: RecordId(row.get("dossier")?),
        item: ItemId(row.get("item")?),
        customer: row.get("customer")?,
        thing: Equipment {
            kind: row.get("kind")?,
            name: row.get("name")?,
            model: row.get("model")?,
            serial: row.get("serial")?,
            site: row.get("site")?,
            place: row.get("place")?,
            warranty_until: row.get("warranty_until")?,
            versions: row.get("versions")?,
        },
    })
}
