//! What waits for a decision, and what was set aside: held work, piece by piece.
//!
//! The held changes of one author on one record from one phone form one piece, in the order
//! they arrived. Read-only. Shown to everyone who sees the whole organisation's jobs.

use docket_protocol::change::read_head;
use docket_protocol::ids::{ChangeHash, DeviceId, RecordId, Seq, UserId};
use docket_protocol::role::Role;
use rusqlite::{Connection, Row, params};
use serde::Serialize;

use super::Reason;
use crate::auth::scope::Scope;
use crate::limits::HELD_PIECES_SHOWN;

/// One held change.
#[derive(Debug, Clone)]
pub struct HeldChange {
    /// Its row in the log.
    pub seq: Seq,
    /// The change.
    pub hash: ChangeHash,
    /// Its bytes.
    pub body: Vec<u8>,
    /// Why it is held.
    pub reason: Reason,
    /// The author's role when it was made.
    pub role: Role,
    /// By the author's clock, Unix ms.
    pub written_at: i64,
    /// By the server's clock, Unix ms.
    pub received_at: i64,
    /// What it stands on.
    pub deps: Vec<ChangeHash>,
}

/// What one person wrote into one record on one phone and waits together.
#[derive(Debug, Clone)]
pub struct Piece {
    /// The record.
    pub record: RecordId,
    /// The author.
    pub author: UserId,
    /// Their name.
    pub author_name: String,
    /// The phone.
    pub device: DeviceId,
    /// Its name.
    pub device_name: String,
    /// In order of arrival; never empty.
    pub changes: Vec<HeldChange>,
    /// How it was set aside; none while it waits.
    pub set_aside: Option<SetAside>,
}

/// Who set a piece aside, when, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SetAside {
    /// Who.
    pub by: String,
    /// Server clock, Unix ms.
    pub at: i64,
    /// Why.
    pub note: String,
}

/// Which pieces to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody has decided yet.
    Waiting,
    /// Set aside, which can be taken back.
    SetAside,
}

/// Whether this person sees held work at all.
pub fn may_see(scope: &Scope) -> bool {
    scope.role.sees_all_jobs()
}

/// Whether this person decides on it.
pub fn may_decide(scope: &Scope) -> bool {
    matches!(scope.role, Role::Desk | Role::Manager)
}

/// Pieces that wait for a decision, for the number beside the link.
pub fn count_waiting(sql: &Connection, scope: &Scope) -> rusqlite::Result<usize> {
    if !may_see(scope) {
        return Ok(0);
    }
    let query = format!(
        "select count(*) from (select distinct record, user, device
                              from held h indexed by held_waiting
                              where tenant = ?1 and {WAITS})"
    );
    sql.prepare_cached(&query)?.query_row([scope.tenant.0], |row| row.get(0))
}

/// Whether work on a record waits for a decision, for those who may see it.
pub fn waits_in(sql: &Connection, scope: &Scope, record: RecordId) -> rusqlite::Result<bool> {
    let query = format!("select 1 from held h where tenant = ?1 and record = ?2 and {WAITS}");
    let waits = sql.prepare_cached(&query)?.exists(params![scope.tenant.0, record.0])?;
    Ok(waits && may_see(scope))
}

/// Nobody has decided, and it has not come into its record by another way either (handed back
/// after a restore, with proof).
const WAITS: &str = "h.decided_seq is null and not exists (select 1 from log c
    where c.tenant = h.tenant and c.record = h.record and c.hash = h.hash)";

const SELECT: &str = "
    select h.record, h.user, h.device, h.seq, h.hash, h.role, h.reason, l.body, l.written_at,
           l.received_at, coalesce(u.name, '') as author_name,
           coalesce(v.name, '') as device_name, coalesce(w.name, '') as decided_by,
           d.note, coalesce(k.received_at, 0) as decided_at, d.seq as decided_seq
    from held h
    join log l on l.tenant = h.tenant and l.seq = h.seq
    left join users u on u.id = h.user
    left join devices v on v.id = h.device
    left join decisions d on d.tenant = h.tenant and d.seq = h.decided_seq
    left join log k on k.tenant = d.tenant and k.seq = d.seq
    left join users w on w.id = d.decided_by";

/// The pieces in a state, the longest waiting first, the latest set aside first.
pub fn pieces(sql: &Connection, scope: &Scope, state: State) -> rusqlite::Result<Vec<Piece>> {
    if !may_see(scope) {
        return Ok(Vec::new());
    }
    let condition = match state {
        State::Waiting => format!("{WAITS} order by h.seq"),
        State::SetAside => "d.accepted = 0 order by d.seq desc, h.seq".to_owned(),
    };
    let query = format!("{SELECT} where h.tenant = ?1 and {condition}");
    let mut statement = sql.prepare_cached(&query)?;
    let mut rows = statement.query([scope.tenant.0])?;
    let mut pieces: Vec<Piece> = Vec::new();
    while let Some(row) = rows.next()? {
        let Some((piece, decided)) = read(row)? else { continue };
        let same = |known: &Piece| {
            (known.record, known.author, known.device) == (piece.record, piece.author, piece.device)
                && known.set_aside.as_ref().map(|set_aside| set_aside.at) == decided
        };
        match pieces.iter().position(same) {
            Some(at) => pieces[at].changes.extend(piece.changes),
            None if pieces.len() == HELD_PIECES_SHOWN => {}
            None => pieces.push(piece),
        }
    }
    Ok(pieces)
}

/// One change of held work, whatever was decided about it.
pub fn change(
    sql: &Connection,
    scope: &Scope,
    record: RecordId,
    hash: ChangeHash,
) -> rusqlite::Result<Option<Piece>> {
    let query = format!("{SELECT} where h.tenant = ?1 and h.record = ?2 and h.hash = ?3");
    let mut statement = sql.prepare_cached(&query)?;
    let mut rows = statement.query(params![scope.tenant.0, record.0, hash.0])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(read(row)?.map(|(piece, _)| piece))
}

/// A piece of one change, with the moment it was decided.
fn read(row: &Row<'_>) -> rusqlite::Result<Option<(Piece, Option<i64>)>> {
    let body: Vec<u8> = row.get("body")?;
    let role = Role::parse(&row.get::<_, String>("role")?);
    let reason = Reason::parse(&row.get::<_, String>("reason")?);
    // Everything here was read before it was kept; a damaged row is left out, not shown wrongly.
    let (Ok(head), Some(role), Some(reason)) = (read_head(&body), role, reason) else {
        return Ok(None);
    };
    let change = HeldChange {
        seq: Seq(row.get::<_, i64>("seq")?.cast_unsigned()),
        hash: ChangeHash(row.get("hash")?),
        body,
        reason,
        role,
        written_at: row.get("written_at")?,
        received_at: row.get("received_at")?,
        deps: head.deps,
    };
    let decided = row.get::<_, Option<i64>>("decided_seq")?.is_some();
    let decided_at: i64 = row.get("decided_at")?;
    let set_aside = decided.then_some(SetAside {
        by: row.get("decided_by")?,
        at: decided_at,
        note: row.get::<_, Option<String>>("note")?.unwrap_or_default(),
    });
    let piece = Piece {
        record: RecordId(row.get("record")?),
        author: UserId(row.get("user")?),
        author_name: row.get("author_name")?,
        device: DeviceId(row.get("device")?),
        device_name: row.get("device_name")?,
        changes: vec![change],
        set_aside,
    };
    Ok(Some((piece, decided.then_some(decided_at))))
}

/// A decision in a job's timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DecisionEntry {
    /// Its place in the log.
    pub seq: i64,
    /// Who decided.
    pub by: String,
    /// Whose work it was about.
    pub author: String,
    /// In the record now, or set aside.
    pub accepted: bool,
    /// Why.
    pub note: String,
    /// How many changes it was about.
    pub changes: i64,
    /// Server clock, Unix ms.
    pub at: i64,
}

/// The decisions on held work of one record, latest first; the caller has asked whether this
/// person may see it.
pub fn decisions_of(
    sql: &Connection,
    scope: &Scope,
    record: RecordId,
) -> rusqlite::Result<Vec<DecisionEntry>> {
    sql.prepare_cached(
        "select d.seq, coalesce(w.name, ''), coalesce(a.name, ''), d.accepted, d.note, d.changes,
                l.received_at
         from decisions d indexed by decisions_of_record
         join log l on l.tenant = d.tenant and l.seq = d.seq
         left join users w on w.id = d.decided_by left join users a on a.id = d.author
         where d.tenant = ?1 and d.record = ?2 order by d.seq desc",
    )?
    .query_map(params![scope.tenant.0, record.0], |row| {
        Ok(DecisionEntry {
            seq: row.get(0)?,
            by: row.get(1)?,
            author: row.get(2)?,
            accepted: row.get(3)?,
            note: row.get(4)?,
            changes: row.get(5)?,
            at: row.get(6)?,
        })
    })?
    .collect()
}
