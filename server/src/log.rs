//! The log: every change and every change of sight, gapless and chained, per tenant.
//!
//! A row's chain hash covers the row before it, so that nobody can take a row out, change its
//! author or slip one in without every later hash being different. Rows are never altered.
//! Called by [`crate::merge`] and [`crate::visibility`] inside the writer's transaction.

use docket_protocol::change::ChangeHead;
use docket_protocol::ids::{DeviceId, RecordId, Seq, TenantId, UserId};
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use crate::store::{StoreError, WriteTx};

/// Chain hash of the row before the first.
pub const CHAIN_START: [u8; 32] = [0; 32];

/// Where a row landed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Logged {
    /// Its position.
    pub seq: Seq,
    /// Its chain hash.
    pub chain: [u8; 32],
}

/// A row to append.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The record it is about.
    pub record: RecordId,
    /// Author of a change; for enter and leave the person it is about (nil: everyone).
    pub user: UserId,
    /// The author's phone.
    pub device: Option<DeviceId>,
    /// What happened.
    pub event: Event<'a>,
}

/// What happened.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// A change passed the gate.
    Change(&'a ChangeHead, &'a [u8]),
    /// The record became visible to the person.
    Enter,
    /// It stopped being visible.
    Leave,
}

impl Event<'_> {
    fn word(&self) -> &'static str {
        match self {
            Self::Change(..) => "change",
            Self::Enter => "enter",
            Self::Leave => "leave",
        }
    }
}

/// Appends one row at the end of the tenant's log.
pub fn append(
    tx: &mut WriteTx<'_>,
    tenant: TenantId,
    entry: &Entry<'_>,
) -> Result<Logged, StoreError> {
    let (last, chain) = end(tx.sql, tenant)?;
    let seq = Seq(last.0 + 1);
    let chain = chained(&chain, seq, &entry_hash(entry, tx.now));
    let change = match entry.event {
        Event::Change(head, body) => Some((head, body)),
        Event::Enter | Event::Leave => None,
    };
    tx.sql
        .prepare_cached(
            "insert into log (tenant, seq, kind, record, user, device, hash, actor, actor_seq,
                              written_at, received_at, body, chain)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute(params![
            tenant.0,
            seq.0.cast_signed(),
            entry.event.word(),
            entry.record.0,
            entry.user.0,
            entry.device.map(|device| device.0),
            change.map(|(head, _)| head.hash.0),
            change.map(|(head, _)| head.actor),
            change.map(|(head, _)| head.actor_seq.cast_signed()),
            change.map_or(tx.now, |(head, _)| head.time),
            tx.now,
            change.map(|(_, body)| body),
            chain,
        ])?;
    tx.sql
        .prepare_cached("update tenants set last_seq = ?2, chain = ?3 where id = ?1")?
        .execute(params![tenant.0, seq.0.cast_signed(), chain])?;
    tx.log_moved(tenant, seq);
    Ok(Logged { seq, chain })
}

/// The last row's position and chain hash; zero and [`CHAIN_START`] for an empty log.
pub fn end(sql: &Connection, tenant: TenantId) -> rusqlite::Result<(Seq, [u8; 32])> {
    sql.prepare_cached("select last_seq, chain from tenants where id = ?1")?
        .query_row([tenant.0], |row| Ok((Seq(row.get::<_, i64>(0)?.cast_unsigned()), row.get(1)?)))
}

/// SHA-256 over the previous chain hash, the position and the entry.
pub fn chained(previous: &[u8; 32], seq: Seq, entry_hash: &[u8; 32]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(previous);
    hasher.update(seq.0.to_be_bytes());
    hasher.update(entry_hash);
    hasher.finalize().into()
}

/// Everything a row says, at fixed widths so that no two rows share bytes. A change's hash
/// stands for its body.
fn entry_hash(entry: &Entry<'_>, received_at: i64) -> [u8; 32] {
    let hash = match entry.event {
        Event::Change(head, _) => head.hash.0,
        Event::Enter | Event::Leave => [0; 32],
    };
    raw_entry_hash(
        entry.event.word(),
        entry.record,
        entry.user,
        entry.device.unwrap_or_default(),
        &hash,
        received_at,
    )
}

fn raw_entry_hash(
    word: &str,
    record: RecordId,
    user: UserId,
    device: DeviceId,
    hash: &[u8; 32],
    received_at: i64,
) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(format!("docket-log-1 {word:<6}\n"));
    hasher.update(record.as_bytes());
    hasher.update(user.as_bytes());
    hasher.update(device.as_bytes());
    hasher.update(hash);
    hasher.update(received_at.to_be_bytes());
    hasher.finalize().into()
}

/// A log that does not hold together, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// A position is missing.
    #[error("row {0} is missing")]
    Gap(u64),
    /// A row's chain hash does not follow from the rows before it.
    #[error("row {0} does not follow from the row before it")]
    Chain(u64),
    /// A change's body does not have the hash under which it was logged.
    #[error("the change in row {0} is damaged")]
    Body(u64),
    /// The counter and the last row disagree.
    #[error("the log ends at {0}, its counter says {1}")]
    End(u64, u64),
}

/// Reads the whole log and recomputes every hash; returns the number of rows.
pub fn verify(sql: &Connection, tenant: TenantId) -> rusqlite::Result<Result<u64, LogError>> {
    let mut statement = sql.prepare(
        "select seq, kind, record, user, device, hash, received_at, body, chain
         from log where tenant = ?1 order by seq",
    )?;
    let mut rows = statement.query([tenant.0])?;
    let (mut seq, mut chain) = (0, CHAIN_START);
    while let Some(row) = rows.next()? {
        seq += 1;
        if row.get::<_, i64>(0)?.cast_unsigned() != seq {
            return Ok(Err(LogError::Gap(seq)));
        }
        let hash: Option<[u8; 32]> = row.get(5)?;
        let body: Option<Vec<u8>> = row.get(7)?;
        let read = body.map(|body| docket_protocol::change::read_head(&body));
        if read.transpose().ok().map(|head| head.map(|head| head.hash.0)) != Some(hash) {
            return Ok(Err(LogError::Body(seq)));
        }
        let entry = raw_entry_hash(
            &row.get::<_, String>(1)?,
            RecordId(row.get(2)?),
            UserId(row.get(3)?),
            DeviceId(row.get::<_, Option<_>>(4)?.unwrap_or_default()),
            &hash.unwrap_or_default(),
            row.get(6)?,
        );
        chain = chained(&chain, Seq(seq), &entry);
        if row.get::<_, [u8; 32]>(8)? != chain {
            return Ok(Err(LogError::Chain(seq)));
        }
    }
    let (last, end_chain) = end(sql, tenant)?;
    let ends = last.0 == seq && end_chain == chain;
    Ok(if ends { Ok(seq) } else { Err(LogError::End(seq, last.0)) })
}
