//! What the office's words mean for changes that came from a colleague's phone by hand.

use docket_protocol::change::read_head;
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::wire::{self, HandInAnswer, Parcel, SyncRequest, Verdict};
use rusqlite::{Connection, params};

use super::{decided, pull, push};
use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::store::documents::{self, Documents};
use crate::store::{carried, confirmed, lists};
use crate::view::Person;

/// The office has judged a file: what it will never take goes from this phone as well, and what
/// we wrote on it is made again without it.
pub(crate) fn judged(
    sql: &Connection,
    me: &Person,
    parcel: &Parcel,
    answer: &HandInAnswer,
    env: &mut Env<'_>,
) -> Result<()> {
    let mut verdicts = answer.verdicts.iter();
    for batch in &parcel.batches {
        let request: SyncRequest = wire::from_cbor(&batch.body)
            .map_err(|error| ClientError::with_detail("hand-over-damaged", &error))?;
        for (push, answered) in request.pushes.iter().zip(&mut verdicts) {
            let mut fallen = Vec::new();
            for (bytes, verdict) in push.changes.iter().zip(&answered.verdicts) {
                if let Verdict::Refused(..) | Verdict::Fork = verdict
                    && let Ok(head) = read_head(bytes)
                {
                    fallen.push(head.hash);
                }
            }
            drop_carried(sql, me, push.record, &fallen, env)?;
        }
    }
    Ok(())
}

/// Carried changes whose place the office has given to others go, with all that stands on them:
/// the phone they came from makes them again.
pub(super) fn make_way(
    sql: &Connection,
    me: &Person,
    record: RecordId,
    env: &mut Env<'_>,
) -> Result<()> {
    let waiting = carried::of(sql, record)?;
    if waiting.is_empty() {
        return Ok(());
    }
    let confirmed = documents::confirmed_places(sql, record)?;
    let taken = waiting.iter().filter(|carried| {
        read_head(&carried.bytes).is_ok_and(|head| {
            confirmed.get(&head.actor).is_some_and(|last| head.actor_seq <= *last)
        })
    });
    let taken: Vec<ChangeHash> = taken.map(|carried| carried.hash).collect();
    drop_carried(sql, me, record, &taken, env)
}

fn drop_carried(
    sql: &Connection,
    me: &Person,
    record: RecordId,
    hashes: &[ChangeHash],
    env: &mut Env<'_>,
) -> Result<()> {
    let waiting = carried::of(sql, record)?;
    let falls = |hash: &ChangeHash| waiting.iter().any(|carried| carried.hash == *hash);
    let fallen: Vec<ChangeHash> = hashes.iter().copied().filter(falls).collect();
    if fallen.is_empty() {
        return Ok(());
    }
    decided::drop_with_what_follows(sql, record, &fallen)?;
    push::rebuild(sql, me, record, &[], env)
}

/// Both sides agree, and nothing that came by hand is still on its way: what the office has not
/// sent by now is not in its records. A job that it does not show us leaves like any other.
pub(super) fn tidy(sql: &Connection, me: &Person, env: &Env<'_>) -> Result<()> {
    for record in carried::all_said(sql)? {
        let leaves = sql
            .prepare_cached(
                "update records set left_scope = 1, taken_from = null
                 where record = ? and left_scope = 2",
            )?
            .execute([record.as_bytes()])?;
        if leaves == 0 {
            forget_unneeded(sql, me, record, env)?;
            carried::settle(sql, record)?;
        }
    }
    pull::remove_left(sql)
}

fn forget_unneeded(sql: &Connection, me: &Person, record: RecordId, env: &Env<'_>) -> Result<()> {
    let unneeded = carried::unneeded(sql, record)?;
    if unneeded.is_empty() {
        return Ok(());
    }
    for hash in unneeded {
        sql.prepare_cached("delete from changes where record = ? and hash = ?")?
            .execute(params![record.as_bytes(), hash.0])?;
    }
    let mut documents = Documents::default();
    let document = documents.get(sql, record)?;
    lists::project(sql, record, document, Some(me.id), env.now)?;
    confirmed::refresh(sql, record, &document.doc)
}
