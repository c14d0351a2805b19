//! The chain through an organisation's audit log: every entry carries a digest over the digest
//! before it, its number and everything it says. An entry that was altered, taken out or slipped
//! in shows at its number ([`verify`]).
//!
//! Whoever may write the whole database could make a new chain. So the digests leave the house:
//! the page and every export show them, and `docket audit --kept` compares one that was kept.

use docket_protocol::ids::TenantId;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::store::{StoreError, WriteTx};

/// Digest before the first entry.
const START: [u8; 32] = [0; 32];

/// What an entry says, as its digest covers it.
pub(super) struct Entry {
    pub(super) number: i64,
    pub(super) at: i64,
    pub(super) who: Uuid,
    pub(super) tool: String,
    pub(super) tool_id: Uuid,
    pub(super) tool_name: String,
    pub(super) what: String,
    pub(super) about: Uuid,
    pub(super) detail: String,
}

/// The columns [`Entry::read`] takes, in its order.
const COLUMNS: &str = "at, who, tool, tool_id, tool_name, what, about, detail";

impl Entry {
    fn read(row: &Row<'_>, number: i64) -> rusqlite::Result<Self> {
        Ok(Self {
            number,
            at: row.get(0)?,
            who: row.get(1)?,
            tool: row.get(2)?,
            tool_id: row.get(3)?,
            tool_name: row.get(4)?,
            what: row.get(5)?,
            about: row.get(6)?,
            detail: row.get(7)?,
        })
    }

    /// The digest behind `before`. Texts go in with their lengths, so that no two entries share
    /// bytes.
    pub(super) fn chained(&self, before: &[u8; 32]) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(b"docket-audit-1\n");
        hasher.update(before);
        hasher.update(self.number.to_be_bytes());
        hasher.update(self.at.to_be_bytes());
        for id in [&self.who, &self.tool_id, &self.about] {
            hasher.update(id.as_bytes());
        }
        for text in [&self.tool, &self.tool_name, &self.what, &self.detail] {
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text.as_bytes());
        }
        hasher.finalize().into()
    }
}

/// The last entry's number and digest.
pub fn end(sql: &Connection, tenant: TenantId) -> rusqlite::Result<(i64, [u8; 32])> {
    sql.prepare_cached("select audit_last, audit_chain from tenants where id = ?1")?
        .query_row([tenant.0], |row| Ok((row.get(0)?, row.get(1)?)))
}

pub(super) fn set_end(
    sql: &Connection,
    tenant: TenantId,
    number: i64,
    chain: &[u8; 32],
) -> rusqlite::Result<()> {
    sql.prepare_cached("update tenants set audit_last = ?2, audit_chain = ?3 where id = ?1")?
        .execute(params![tenant.0, number, chain])?;
    Ok(())
}

/// An audit log that does not hold together, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// An entry is missing.
    #[error("audit entry {0} is missing")]
    Missing(i64),
    /// An entry does not say what it said when it was written, or one before it was replaced.
    #[error("audit entry {0} was altered")]
    Altered(i64),
    /// Entries at the end are missing, or were added past the log.
    #[error("the audit log ends at entry {0}, its counter says {1}")]
    End(i64, i64),
}

impl AuditError {
    /// The entry it is about.
    pub fn number(self) -> i64 {
        match self {
            Self::Missing(number) | Self::Altered(number) => number,
            Self::End(last, _) => last + 1,
        }
    }
}

/// A part of the log that holds together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole {
    /// First entry that was looked at.
    pub from: i64,
    /// The last one; zero for an empty log.
    pub to: i64,
    /// The last one's digest.
    pub chain: [u8; 32],
}

/// Reads the last `most` entries and computes every digest again.
pub fn verify(
    sql: &Connection,
    tenant: TenantId,
    most: i64,
) -> rusqlite::Result<Result<Whole, AuditError>> {
    let (last, counted) = end(sql, tenant)?;
    let before_first = last.saturating_sub(most).max(0);
    let mut chain = START;
    if before_first > 0 {
        match digest(sql, tenant, before_first)? {
            Some(known) => chain = known,
            None => return Ok(Err(AuditError::Missing(before_first))),
        }
    }
    let mut statement = sql.prepare_cached(&format!(
        "select {COLUMNS}, number, chain from audit
         where tenant = ?1 and number > ?2 order by number"
    ))?;
    let mut rows = statement.query(params![tenant.0, before_first])?;
    let mut number = before_first;
    while let Some(row) = rows.next()? {
        number += 1;
        if row.get::<_, i64>(8)? != number {
            return Ok(Err(AuditError::Missing(number)));
        }
        chain = Entry::read(row, number)?.chained(&chain);
        if row.get::<_, Option<[u8; 32]>>(9)? != Some(chain) {
            return Ok(Err(AuditError::Altered(number)));
        }
    }
    let whole = Whole { from: before_first + 1, to: number, chain };
    let ends = number == last && chain == counted;
    Ok(if ends { Ok(whole) } else { Err(AuditError::End(number, last)) })
}

/// The digest of one entry.
pub fn digest(
    sql: &Connection,
    tenant: TenantId,
    number: i64,
) -> rusqlite::Result<Option<[u8; 32]>> {
    sql.prepare_cached("select chain from audit where tenant = ?1 and number = ?2")?
        .query_row(params![tenant.0, number], |row| row.get(0))
        .optional()
        .map(Option::flatten)
}

/// Whether there are entries from before they were chained.
pub fn is_missing(sql: &Connection) -> Result<bool, StoreError> {
    let unchained = "select 1 from audit where chain is null limit 1";
    Ok(sql.prepare(unchained)?.exists([])?)
}

/// Numbers and chains entries from before there was a chain, in the order they were written.
pub fn fill(tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
    let query = format!("select {COLUMNS}, id, tenant from audit where chain is null order by id");
    let rows = tx
        .sql
        .prepare(&query)?
        .query_map([], |row| {
            Ok((Entry::read(row, 0)?, row.get::<_, i64>(8)?, TenantId(row.get(9)?)))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut update = tx.sql.prepare("update audit set number = ?2, chain = ?3 where id = ?1")?;
    for (entry, id, tenant) in rows {
        let (last, before) = end(tx.sql, tenant)?;
        let entry = Entry { number: last + 1, ..entry };
        let chain = entry.chained(&before);
        update.execute(params![id, entry.number, chain])?;
        set_end(tx.sql, tenant, entry.number, &chain)?;
    }
    Ok(())
}
