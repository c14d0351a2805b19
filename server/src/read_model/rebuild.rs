//! Everything derived, made again from nothing but the log, in the caller's transaction: records
//! with their heads and snapshots, visibility, and the read model.
//!
//! Sign-offs stay, and so does what is known of files that arrived: the server's receipts are
//! promises it has given, not views of them. For
//! `docket rebuild`, and for the tests that compare.

use automerge::{ActorId, Automerge, Change};
use docket_protocol::ids::{RecordId, Seq, TenantId};
use docket_protocol::record::{self, read};
use rusqlite::params;

use super::{rows, settlements};
use crate::merge::heads_bytes;
use crate::store::documents::Document;
use crate::store::{StoreError, WriteTx};

/// A record as the log tells it.
struct Told {
    tenant: TenantId,
    record: RecordId,
    last_seq: i64,
    last_at: i64,
}

/// Makes all of it again; returns the number of records.
pub fn rebuild(tx: &mut WriteTx<'_>) -> Result<usize, StoreError> {
    tx.sql.execute_batch(EMPTY)?;
    tx.sql.execute_batch(VISIBILITY)?;
    let told = told(tx)?;
    let now = tx.now;
    for told in &told {
        let document = document(tx, told)?;
        keep(tx, told, &document)?;
        // Rows say when their record was changed, not when they were made again.
        tx.now = told.last_at;
        rows(tx, told.tenant, told.record, &document)?;
        settled(tx, told, &document)?;
        tx.documents.put(told.tenant, told.record, told.last_seq, document);
    }
    tx.now = now;
    Ok(told.len())
}

const EMPTY: &str = "
    delete from job_search; delete from job_search_pairs; delete from jobs;
    delete from dossiers; delete from articles; delete from conflicts; delete from settlements;
    delete from visibility; delete from attachments; delete from service_facts;
    delete from assets; delete from backups";

/// Each person's latest stay in each record's sight.
const VISIBILITY: &str = "
    insert into visibility (tenant, user, record, entered_seq, left_seq)
    select tenant, user, record, entered, case when left > entered then left end
    from (select tenant, user, record, max(seq) filter (where kind = 'enter') as entered,
                 max(seq) filter (where kind = 'leave') as left
          from log where kind in ('enter', 'leave') group by tenant, user, record)
    where entered is not null";

/// In the order in which records began, so that rows get the numbers they had.
fn told(tx: &WriteTx<'_>) -> rusqlite::Result<Vec<Told>> {
    tx.sql
        .prepare(
            "select tenant, record, max(seq), max(received_at) from log where kind = 'change'
             group by tenant, record order by min(received_at), tenant, min(seq)",
        )?
        .query_map([], |row| {
            Ok(Told {
                tenant: TenantId(row.get(0)?),
                record: RecordId(row.get(1)?),
                last_seq: row.get(2)?,
                last_at: row.get(3)?,
            })
        })?
        .collect()
}

fn document(tx: &WriteTx<'_>, told: &Told) -> Result<Document, StoreError> {
    let damaged = || StoreError::Damaged(told.record);
    let bodies = crate::store::documents::changes_after(tx.sql, told.tenant, told.record, 0)?;
    let changes = bodies.into_iter().map(|body| Change::from_bytes(body).map_err(|_| damaged()));
    let mut automerge: Automerge = record::empty(ActorId::from([0; 16]));
    automerge.apply_changes(changes.collect::<Result<Vec<_>, _>>()?).map_err(|_| damaged())?;
    let kind = read::kind_of(&automerge).ok_or_else(damaged)?;
    Ok(Document { kind, automerge })
}

/// What each change of a record settled.
fn settled(tx: &WriteTx<'_>, told: &Told, document: &Document) -> Result<(), StoreError> {
    let logged: Vec<(i64, Vec<u8>)> = tx
        .sql
        .prepare_cached(
            "select seq, body from log where tenant = ?1 and record = ?2 and kind = 'change'",
        )?
        .query_map(params![told.tenant.0, told.record.0], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (seq, body) in logged {
        let change = Change::from_bytes(body).map_err(|_| StoreError::Damaged(told.record))?;
        let seq = Seq(seq.cast_unsigned());
        settlements(tx, told.tenant, told.record, document, seq, &change)?;
    }
    Ok(())
}

fn keep(tx: &WriteTx<'_>, told: &Told, document: &Document) -> rusqlite::Result<()> {
    tx.sql
        .prepare_cached(
            "insert into records (tenant, record, kind, opened_by, last_seq, heads, snapshot,
                                  snapshot_seq, tail_bytes)
             values (?1, ?2, ?3, (select user from log where tenant = ?1 and record = ?2
                                  and kind = 'change' order by seq limit 1), ?4, ?5, ?6, ?4, 0)
             on conflict do update set kind = excluded.kind, last_seq = excluded.last_seq,
                 heads = excluded.heads, snapshot = excluded.snapshot,
                 snapshot_seq = excluded.snapshot_seq, tail_bytes = 0",
        )?
        .execute(params![
            told.tenant.0,
            told.record.0,
            document.kind.as_str(),
            told.last_seq,
            heads_bytes(&document.automerge),
            document.automerge.save_nocompress(),
        ])?;
    Ok(())
}
