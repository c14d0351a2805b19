//! The office's decisions on held work: accepted work is merged, what was set aside comes out of
//! the record and onto the list of what was not accepted, with the reason.
//!
//! Told once or ten times, the outcome is the same.

use std::collections::BTreeMap;

use docket_protocol::change::read_head;
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::record::path::Path;
use docket_protocol::wire::Item;
use rusqlite::{Connection, OptionalExtension, params};

use super::push::{self, rebuild};
use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::store::refused::{self, Why};
use crate::store::{documents, held, lost};
use crate::view::Person;

/// Stores the decisions among the items of an answer.
pub(super) fn store(
    sql: &Connection,
    me: &Person,
    items: &[Item],
    env: &mut Env<'_>,
) -> Result<()> {
    let mut set_aside: BTreeMap<RecordId, Vec<ChangeHash>> = BTreeMap::new();
    for item in items {
        let Item::Decided { record, hash, accepted, note } = item else { continue };
        if *accepted {
            refused::taken_back(sql, *record, *hash)?;
        }
        match held::take(sql, *record, *hash)? {
            Some(_) if *accepted => merged(sql, me, *record, *hash)?,
            Some(kept) => {
                let why = Why { code: "set-aside", path: &Path::default(), note };
                refused::keep_held(sql, &kept, &why, *hash)?;
                set_aside.entry(*record).or_default().push(*hash);
            }
            // Handed back after a restore: it was in the record, and means nothing of ours.
            None if *accepted => lost::accepted(sql, *record, *hash)?,
            None => set_aside.entry(*record).or_default().push(*hash),
        }
    }
    for (record, hashes) in set_aside {
        if documents::exists(sql, record)? {
            drop_with_what_follows(sql, record, &hashes)?;
            rebuild(sql, me, record, &[], env)?;
        }
    }
    Ok(())
}

/// The record has it, on this phone as well, if it is still here.
fn merged(sql: &Connection, me: &Person, record: RecordId, hash: ChangeHash) -> Result<()> {
    let bytes: Option<Vec<u8>> = sql
        .prepare_cached("select bytes from changes where record = ? and hash = ?")?
        .query_row(params![record.as_bytes(), hash.0], |row| row.get(0))
        .optional()?;
    // A damaged row shows when the record is loaded.
    match bytes.as_deref().map(read_head) {
        Some(Ok(head)) => push::confirm(sql, me, record, &[head]),
        _ => Ok(()),
    }
}

/// Takes changes out of a record on this phone, and held or carried ones that stand on them:
/// without their parents those could not be shown. Held ones are still on the list of what waits,
/// carried ones on the phone they came from.
pub(super) fn drop_with_what_follows(
    sql: &Connection,
    record: RecordId,
    hashes: &[ChangeHash],
) -> Result<()> {
    let mut statement = sql.prepare_cached(
        "select hash, bytes from changes
         where record = ? and state in ('held', 'carried') order by id",
    )?;
    let held = statement
        .query_map([record.as_bytes()], |row| Ok((ChangeHash(row.get(0)?), row.get(1)?)))?
        .collect::<std::result::Result<Vec<(ChangeHash, Vec<u8>)>, _>>()?;
    let mut dropped: Vec<ChangeHash> = hashes.to_vec();
    // In the order they were made, so that one pass finds everything that stands on a dropped one.
    for (hash, bytes) in held {
        let head = read_head(&bytes)
            .map_err(|error| ClientError::with_detail("record-damaged", &error))?;
        if head.deps.iter().any(|dep| dropped.contains(dep)) {
            dropped.push(hash);
        }
    }
    for hash in dropped {
        sql.prepare_cached(
            "delete from changes where record = ? and hash = ? and state <> 'confirmed'",
        )?
        .execute(params![record.as_bytes(), hash.0])?;
    }
    Ok(())
}
