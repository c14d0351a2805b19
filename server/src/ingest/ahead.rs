//! Judging before it is the writer's turn: the costly part of a push needs no lock.
//!
//! Each record is judged as a reader sees it, several at once. What a reader has judged holds for
//! as long as the log has no newer row about that record and the sender's rights are the same;
//! otherwise the writer judges it again, so that nothing is ever written on a stale word.

use docket_protocol::ids::{RecordId, Seq, TenantId};
use docket_protocol::role::Role;
use docket_protocol::wire::{RecordPush, Verdict};
use rusqlite::{Connection, params};

use super::decode::{Budget, decode_within};
use super::stages::Sender;
use super::{Judgement, judge, push, write};
use crate::store::documents::Cache;
use crate::store::{StoreError, WriteTx};

/// What the gate says of one record's push, and what that stands on.
pub struct Ahead {
    judgement: Judgement,
    last_row: Option<Seq>,
    former_role: Option<Role>,
    share: Budget,
}

/// Judges a push on a reader.
pub fn judge_ahead(
    sql: &Connection,
    documents: &Cache,
    sender: &Sender<'_>,
    pushed: &RecordPush,
    share: Budget,
) -> Result<Ahead, StoreError> {
    let last_row = last_row(sql, sender.scope.tenant, pushed.record)?;
    let judgement = judge(sql, documents, sender, decode_within(pushed, share))?;
    Ok(Ahead { judgement, last_row, former_role: sender.former_role, share })
}

impl Ahead {
    /// Writes what passed: one verdict each.
    pub fn write(
        self,
        tx: &mut WriteTx<'_>,
        sender: &Sender<'_>,
        pushed: &RecordPush,
    ) -> Result<Vec<Verdict>, StoreError> {
        let last_row = last_row(tx.sql, sender.scope.tenant, pushed.record)?;
        if (last_row, sender.former_role) == (self.last_row, self.former_role) {
            write(tx, sender, self.judgement)
        } else {
            push(tx, sender, decode_within(pushed, self.share))
        }
    }
}

/// The last row of the log about a record: a change, who sees it, held work or a decision on it.
/// Whatever the gate asks of the database is as old as that.
fn last_row(sql: &Connection, tenant: TenantId, record: RecordId) -> rusqlite::Result<Option<Seq>> {
    let last: Option<i64> = sql
        .prepare_cached("select max(seq) from log where tenant = ?1 and record = ?2")?
        .query_row(params![tenant.0, record.0], |row| row.get(0))?;
    Ok(last.map(|seq| Seq(seq.cast_unsigned())))
}
