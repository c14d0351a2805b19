//! Held work: changes whose author could not know that they may no longer be made.
//!
//! Nothing of it is in a record. Each one is a row of the log with its change, so that it is as
//! safe as anything else, and a row of `held` that waits for a decision. [`keep`] is called by
//! the gate and by the hand-in door; [`inbox`] lists what waits, [`shown`] says what it
//! would do; [`decide`] lets it through the
//! gate as its author's, or sets it aside; [`decided_between`] tells the author's phone.

pub mod decide;
pub(crate) mod files;
pub mod inbox;
pub mod shown;

use docket_protocol::change::ChangeHead;
use docket_protocol::ids::{ChangeHash, DeviceId, RecordId, Seq, TenantId, UserId};
use docket_protocol::planted;
use docket_protocol::role::Role;
use rusqlite::{Connection, OptionalExtension, params};

use crate::auth::scope::Scope;
use crate::log::{self, Entry, Event};
use crate::store::{StoreError, WriteTx};

/// Why a change is held; each is a message id (`held-{code}`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The record was taken away before the author could know.
    NoLongerAssigned,
    /// The author's role was changed before the author could know.
    RoleChanged,
    /// It stands on held work.
    DependsOnHeld,
    /// The phone was revoked; its work was handed in.
    DeviceRevoked,
    /// The author's account was closed; the work was handed in.
    PersonLeft,
    /// The app was too old to sync; its work was handed in.
    VersionTooOld,
    /// A phone handed it back after a restore, without proof that the log once had it.
    HandedBackUnproved,
    /// A phone handed it back after a restore, and meanwhile its place was taken by another.
    HandedBackForked,
}

impl Reason {
    const ALL: [Self; 8] = [
        Self::NoLongerAssigned,
        Self::RoleChanged,
        Self::DependsOnHeld,
        Self::DeviceRevoked,
        Self::PersonLeft,
        Self::VersionTooOld,
        Self::HandedBackUnproved,
        Self::HandedBackForked,
    ];

    /// The word on the wire and in SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoLongerAssigned => "no-longer-assigned",
            Self::RoleChanged => "role-changed",
            Self::DependsOnHeld => "depends-on-held",
            Self::DeviceRevoked => "device-revoked",
            Self::PersonLeft => "person-left",
            Self::VersionTooOld => "version-too-old",
            Self::HandedBackUnproved => "handed-back-unproved",
            Self::HandedBackForked => "handed-back-forked",
        }
    }

    /// Reads [`Reason::as_str`] back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// Whose work is held, with which rights it was made, and why it waits.
#[derive(Debug, Clone, Copy)]
pub struct Holding {
    /// The author.
    pub user: UserId,
    /// The phone it came from.
    pub device: DeviceId,
    /// The author's role when it was made.
    pub role: Role,
    /// Why.
    pub reason: Reason,
}

/// Keeps a change for a decision and answers with the reason it is held for: the first one, when
/// it was held before. Its form has been checked; nothing else has.
pub fn keep(
    tx: &mut WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
    holding: &Holding,
    head: &ChangeHead,
    body: &[u8],
) -> Result<String, StoreError> {
    if let Some(reason) = reason_of(tx.sql, tenant, record, head.hash)? {
        return Ok(reason);
    }
    if planted::is("held-dropped") {
        return Ok(holding.reason.as_str().to_owned());
    }
    let event = Event::Hold(head, body);
    let entry = Entry { record, user: holding.user, device: Some(holding.device), event };
    let logged = log::append(tx, tenant, &entry)?;
    tx.sql
        .prepare_cached(
            "insert into held (tenant, seq, record, hash, user, device, role, reason, bytes)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            tenant.0,
            logged.seq.0.cast_signed(),
            record.0,
            head.hash.0,
            holding.user.0,
            holding.device.0,
            holding.role.as_str(),
            holding.reason.as_str(),
            body.len()
        ])?;
    files::remember(tx, tenant, holding.user, body)?;
    Ok(holding.reason.as_str().to_owned())
}

/// Why a change is held or was set aside; none for one that never was, or is in its record now.
pub fn reason_of(
    sql: &Connection,
    tenant: TenantId,
    record: RecordId,
    hash: ChangeHash,
) -> rusqlite::Result<Option<String>> {
    sql.prepare_cached(
        "select reason from held h where tenant = ?1 and record = ?2 and hash = ?3
         and not exists (select 1 from log l
                         where l.tenant = ?1 and l.record = ?2 and l.hash = ?3)",
    )?
    .query_row(params![tenant.0, record.0, hash.0], |row| row.get(0))
    .optional()
}

/// Whether any work of this person on this record is held: then the record may not exist yet.
pub fn waits_for(sql: &Connection, scope: &Scope, record: RecordId) -> rusqlite::Result<bool> {
    sql.prepare_cached("select 1 from held where tenant = ?1 and record = ?2 and user = ?3")?
        .exists(params![scope.tenant.0, record.0, scope.user.0])
}

/// Bytes of one phone's work that wait for a decision.
pub fn bytes_waiting(sql: &Connection, device: DeviceId) -> rusqlite::Result<u64> {
    sql.prepare_cached(
        "select coalesce(sum(bytes), 0) from held where device = ?1 and decided_seq is null",
    )?
    .query_row([device.0], |row| row.get(0))
}

/// A decision as the author's phone is told about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The record.
    pub record: RecordId,
    /// The change.
    pub hash: ChangeHash,
    /// In the record now, or set aside.
    pub accepted: bool,
    /// What the decider wrote.
    pub note: String,
}

/// The latest decisions on work of a phone that lie after one position of the log and not after
/// another.
pub fn decided_between(
    sql: &Connection,
    scope: &Scope,
    after: Seq,
    until: Seq,
) -> rusqlite::Result<Vec<Decided>> {
    let Some(device) = scope.device else { return Ok(Vec::new()) };
    sql.prepare_cached(
        "select h.record, h.hash, d.accepted, d.note
         from held h join decisions d on d.tenant = h.tenant and d.seq = h.decided_seq
         where h.device = ?1 and h.decided_seq > ?2 and h.decided_seq <= ?3 order by h.seq",
    )?
    .query_map(params![device.0, after.0.cast_signed(), until.0.cast_signed()], |row| {
        Ok(Decided {
            record: RecordId(row.get(0)?),
            hash: ChangeHash(row.get(1)?),
            accepted: row.get(2)?,
            note: row.get(3)?,
        })
    })?
    .collect()
}
