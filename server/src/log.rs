//! The log: every change, every change of sight, all held work and every decision on it,
//! gapless and chained, per tenant.
//!
//! A row's chain hash covers the row before it, so that nobody can take a row out, change its
//! author or slip one in without every later hash being different. Rows are never altered.
//! Called by [`crate::merge`], [`crate::visibility`] and [`crate::held`] inside the writer's
//! transaction.

use docket_protocol::change::ChangeHead;
use docket_protocol::ids::{ChangeHash, DeviceId, RecordId, Seq, TenantId, UserId};
use docket_protocol::planted;
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
    /// Author of a change or of held work; who decided; for enter and leave the person it is
    /// about (nil: everyone).
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
    /// A change waits for a decision; it is in no record.
    Hold(&'a ChangeHead, &'a [u8]),
    /// Somebody decided on held work; the bytes say how.
    Decide(&'a [u8]),
}

impl<'a> Event<'a> {
    fn word(&self) -> &'static str {
        match self {
            Self::Change(..) => "change",
            Self::Enter => "enter",
            Self::Leave => "leave",
            Self::Hold(..) => "hold",
            Self::Decide(_) => "decide",
        }
    }

    fn body(&self) -> Option<&'a [u8]> {
        match self {
            Self::Change(_, body) | Self::Hold(_, body) | Self::Decide(body) => Some(body),
            Self::Enter | Self::Leave => None,
        }
    }

    /// What stands for the body in the chain: a change's own hash, or that of the bytes.
    fn hash(&self) -> [u8; 32] {
        match self {
            Self::Change(head, _) | Self::Hold(head, _) => head.hash.0,
            Self::Decide(body) => Sha256::digest(body).into(),
            Self::Enter | Self::Leave => [0; 32],
        }
    }
}

/// Appends one row at the end of the tenant's log.
pub fn append(
    tx: &mut WriteTx<'_>,
    tenant: TenantId,
    entry: &Entry<'_>,
) -> Result<Logged, StoreError> {
    let (logged, end) = write(tx, tenant, end(tx.sql, tenant)?, entry)?;
    note_end(tx, tenant, end, entry)?;
    Ok(logged)
}

/// Appends rows about one record one after the other. The counter moves once and those whom it
/// concerns are asked for once, which for a day's work costs as much as the rows themselves.
pub fn append_changes(
    tx: &mut WriteTx<'_>,
    tenant: TenantId,
    entries: &[Entry<'_>],
) -> Result<Vec<Logged>, StoreError> {
    let Some(last) = entries.last() else { return Ok(Vec::new()) };
    let mut end = end(tx.sql, tenant)?;
    let mut all = Vec::with_capacity(entries.len());
    for entry in entries {
        let (logged, next) = write(tx, tenant, end, entry)?;
        end = next;
        all.push(logged);
    }
    note_end(tx, tenant, end, last)?;
    Ok(all)
}

/// The end of a log: its last row's position and chain hash.
pub type End = (Seq, [u8; 32]);

/// Writes a row behind the end; returns the new end.
fn write(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    (last, chain): End,
    entry: &Entry<'_>,
) -> Result<(Logged, End), StoreError> {
    let skips = planted::is("seq-with-gaps") && last.0 % 16 == 15;
    let seq = Seq(last.0 + 1 + u64::from(skips));
    let before = if planted::is("chain-not-carried") { CHAIN_START } else { chain };
    let chain = chained(&before, seq, &entry_hash(entry, tx.now));
    let change = match entry.event {
        Event::Change(head, _) => Some(head),
        _ => None,
    };
    let written_at = match entry.event {
        Event::Change(head, _) | Event::Hold(head, _) => head.time,
        Event::Enter | Event::Leave | Event::Decide(_) => tx.now,
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
            change.map(|head| head.hash.0),
            change.map(|head| head.actor),
            change.map(|head| head.actor_seq.cast_signed()),
            written_at,
            tx.now,
            entry.event.body(),
            chain,
        ])?;
    Ok((Logged { seq, chain }, (seq, chain)))
}

/// Moves the counter to the new end and notes for whom that is news.
fn note_end(
    tx: &mut WriteTx<'_>,
    tenant: TenantId,
    (seq, chain): End,
    entry: &Entry<'_>,
) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached("update tenants set last_seq = ?2, chain = ?3 where id = ?1")?
        .execute(params![tenant.0, seq.0.cast_signed(), chain])?;
    let concerned = concerned(tx.sql, tenant, entry)?;
    tx.log_moved(tenant, seq, concerned);
    Ok(())
}

/// Whose phones a row is news for; whoever sees all records hears of every row anyway.
fn concerned(
    sql: &Connection,
    tenant: TenantId,
    entry: &Entry<'_>,
) -> rusqlite::Result<Vec<UserId>> {
    match entry.event {
        Event::Change(..) => sql
            .prepare_cached(
                "select user from visibility
                 where tenant = ?1 and record = ?2 and left_seq is null",
            )?
            .query_map(params![tenant.0, entry.record.0], |row| Ok(UserId(row.get(0)?)))?
            .collect(),
        Event::Enter | Event::Leave => Ok(vec![entry.user]),
        // It is in no record yet.
        Event::Hold(..) => Ok(Vec::new()),
        Event::Decide(_) => sql
            .prepare_cached("select distinct user from held where tenant = ?1 and record = ?2")?
            .query_map(params![tenant.0, entry.record.0], |row| Ok(UserId(row.get(0)?)))?
            .collect(),
    }
}

/// Whether a change is in the log, and so in its record.
pub fn has(
    sql: &Connection,
    tenant: TenantId,
    record: RecordId,
    hash: ChangeHash,
) -> rusqlite::Result<bool> {
    sql.prepare_cached("select 1 from log where tenant = ?1 and record = ?2 and hash = ?3")?
        .exists(params![tenant.0, record.0, hash.0])
}

/// How many changes a record has.
pub fn count_changes(
    sql: &Connection,
    tenant: TenantId,
    record: RecordId,
) -> rusqlite::Result<usize> {
    sql.prepare_cached(
        "select count(*) from log where tenant = ?1 and record = ?2 and hash is not null",
    )?
    .query_row(params![tenant.0, record.0], |row| row.get(0))
}

/// The last row's position and chain hash; zero and [`CHAIN_START`] for an empty log.
pub fn end(sql: &Connection, tenant: TenantId) -> rusqlite::Result<End> {
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

/// Everything a row says, at fixed widths so that no two rows share bytes.
fn entry_hash(entry: &Entry<'_>, received_at: i64) -> [u8; 32] {
    raw_entry_hash(
        entry.event.word(),
        entry.record,
        entry.user,
        entry.device.unwrap_or_default(),
        &entry.event.hash(),
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
        let kind: String = row.get(1)?;
        let Some(hash) = hash_of(&kind, row.get(5)?, row.get(7)?) else {
            return Ok(Err(LogError::Body(seq)));
        };
        let entry = raw_entry_hash(
            &kind,
            RecordId(row.get(2)?),
            UserId(row.get(3)?),
            DeviceId(row.get::<_, Option<_>>(4)?.unwrap_or_default()),
            &hash,
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

/// What stands for a row's body in the chain, recomputed; none when body and row disagree.
fn hash_of(kind: &str, logged: Option<[u8; 32]>, body: Option<Vec<u8>>) -> Option<[u8; 32]> {
    let of_change =
        |body: &[u8]| docket_protocol::change::read_head(body).ok().map(|head| head.hash.0);
    match (kind, logged, body) {
        ("change", Some(logged), Some(body)) => of_change(&body).filter(|hash| *hash == logged),
        ("hold", None, Some(body)) => of_change(&body),
        ("decide", None, Some(body)) => Some(Sha256::digest(body).into()),
        ("enter" | "leave", None, None) => Some([0; 32]),
        _ => None,
    }
}
