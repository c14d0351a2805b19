//! Changes that a colleague's phone has handed over: shown here, never sent as our own, and
//! confirmed like all others when the office sends them.
//!
//! Each is a copy. The phone that wrote it keeps it until its own verdict, and the parcel beside
//! them ([`super::parcels`]) carries what the office may lack; so one that has no place in the
//! record goes from here and nothing is lost.

use std::collections::BTreeSet;

use docket_protocol::automerge::Change;
use docket_protocol::change::{ChangeHead, read_head};
use docket_protocol::ids::{ChangeHash, RecordId};
use rusqlite::{Connection, params};

use super::{documents, parcels};
use crate::error::Result;

/// Adds the changes that are not here yet, in whatever state.
pub(crate) fn add(sql: &Connection, record: RecordId, changes: &[Change]) -> Result<()> {
    for change in changes {
        documents::append(sql, record, change.hash().into(), change.raw_bytes(), "carried")?;
    }
    Ok(())
}

/// Remembers from whose phone the record came, as long as that means something.
pub(crate) fn name_giver(sql: &Connection, record: RecordId, giver: &str) -> Result<()> {
    sql.prepare_cached("update records set taken_from = ? where record = ?")?
        .execute(params![giver, record.as_bytes()])?;
    settle(sql, record)
}

/// Forgets from whose phone the record came once the office shows it and nothing is carried.
pub(crate) fn settle(sql: &Connection, record: RecordId) -> Result<()> {
    sql.prepare_cached(
        "update records set taken_from = null
         where record = ?1 and taken_from is not null and left_scope <> 2 and not exists
            (select 1 from changes where record = ?1 and state = 'carried')",
    )?
    .execute([record.as_bytes()])?;
    Ok(())
}

/// The office does not show us a record, and we have it from a colleague whose work in it is
/// still on its way.
pub(crate) fn stay(sql: &Connection, record: RecordId) -> Result<()> {
    sql.prepare_cached(
        "update records set left_scope = 2, taken_from = coalesce(taken_from,
            (select person from parcels where record = ?1 and delivered_at is null
                and problem is null))
         where record = ?1",
    )?
    .execute([record.as_bytes()])?;
    Ok(())
}

/// A carried change.
pub(crate) struct Carried {
    pub(crate) hash: ChangeHash,
    pub(crate) bytes: Vec<u8>,
}

/// What is carried of a record.
pub(crate) fn of(sql: &Connection, record: RecordId) -> Result<Vec<Carried>> {
    let mut statement = sql.prepare_cached(
        "select hash, bytes from changes where record = ? and state = 'carried' order by id",
    )?;
    let rows = statement.query_map([record.as_bytes()], |row| {
        Ok(Carried { hash: ChangeHash(row.get(0)?), bytes: row.get(1)? })
    })?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

/// The office lacks what our work stands on, and nobody else may bring it: all that is carried is
/// handed back, as what a restored server has lost. True when there is any.
pub(crate) fn offer(sql: &Connection, record: RecordId, missing: ChangeHash) -> Result<bool> {
    let carried = of(sql, record)?.iter().any(|carried| carried.hash == missing);
    if carried {
        sql.prepare_cached(
            "update changes set state = 'lost' where record = ? and state = 'carried'",
        )?
        .execute([record.as_bytes()])?;
    }
    Ok(carried)
}

/// Records that came by hand and of which nothing is still on its way to the office.
pub(crate) fn all_said(sql: &Connection) -> Result<Vec<RecordId>> {
    let mut statement =
        sql.prepare_cached("select record from records where taken_from is not null")?;
    let records = statement
        .query_map([], |row| row.get(0))?
        .collect::<std::result::Result<Vec<Vec<u8>>, _>>()?;
    let mut all_said = Vec::new();
    for record in records.iter().filter_map(|record| RecordId::from_bytes(record).ok()) {
        if !parcels::hands_over(sql, record)? {
            all_said.push(record);
        }
    }
    Ok(all_said)
}

/// What is carried of a record and these changes stand on, in the order it was made.
pub(crate) fn beneath(
    sql: &Connection,
    record: RecordId,
    changes: &[ChangeHead],
) -> Result<Vec<ChangeHead>> {
    let mut needed: BTreeSet<_> = changes.iter().flat_map(|head| head.deps.clone()).collect();
    let mut beneath = Vec::new();
    for carried in of(sql, record)?.iter().rev() {
        // A damaged row shows when the record is loaded.
        let Ok(head) = read_head(&carried.bytes) else { continue };
        if needed.contains(&head.hash) {
            needed.extend(&head.deps);
            beneath.push(head);
        }
    }
    beneath.reverse();
    Ok(beneath)
}

/// What is carried of a record and nothing of ours stands on.
pub(crate) fn unneeded(sql: &Connection, record: RecordId) -> Result<Vec<ChangeHash>> {
    let mut statement = sql.prepare_cached(
        "select hash, bytes, state = 'carried' from changes
         where record = ? and state not in ('confirmed', 'aside') order by id desc",
    )?;
    let mut rows = statement.query([record.as_bytes()])?;
    let (mut needed, mut unneeded) = (BTreeSet::new(), Vec::new());
    // From the latest on: whatever stands on a change was written down after it.
    while let Some(row) = rows.next()? {
        let (hash, bytes): (ChangeHash, Vec<u8>) = (ChangeHash(row.get(0)?), row.get(1)?);
        let carried: bool = row.get(2)?;
        match read_head(&bytes) {
            _ if carried && !needed.contains(&hash) => unneeded.push(hash),
            Ok(head) => needed.extend(head.deps),
            // A damaged row shows when the record is loaded.
            Err(_) => {}
        }
    }
    Ok(unneeded)
}
