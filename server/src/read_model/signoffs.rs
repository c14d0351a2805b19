//! Sign-offs with the server's receipt: countersigned in the transaction that logs them.

use docket_protocol::ids::{ChangeHash, ItemId, RecordId, TenantId};
use docket_protocol::signoff::{
    Outcome, Purpose, RECEIPT_DOMAIN, Receipt, Signed, Statement, canonical, countersign,
    hex_digest,
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::jobs::name_of;
use crate::auth::scope::Scope;
use crate::ingest::stages::{LoggedChange, VerifiedSignOff};
use crate::merge::Authorship;
use crate::store::{StoreError, WriteTx};

/// A sign-off with everything that proves it but the content.
#[derive(Debug, Clone, PartialEq)]
pub struct SignOffRow {
    /// Its id.
    pub signoff: ItemId,
    /// What was signed, read from `signed`.
    pub statement: Statement,
    /// The exact bytes, the phone's signature, the drawing.
    pub signed: Signed,
    /// The change that carries it.
    pub change: ChangeHash,
    /// What the server countersigned.
    pub receipt: Receipt,
    /// The server's signature over it, hex.
    pub countersignature: String,
}

pub(super) fn insert(
    tx: &WriteTx<'_>,
    author: &Authorship,
    record: RecordId,
    verified: &VerifiedSignOff,
    change: &LoggedChange,
) -> Result<(), StoreError> {
    let VerifiedSignOff { signoff, signed, statement } = verified;
    let receipt = Receipt {
        domain: RECEIPT_DOMAIN.to_owned(),
        statement_digest: hex_digest(&signed.statement),
        signature: data_encoding::HEXLOWER.encode(&signed.signature),
        change: change.hash(),
        device: author.device.unwrap_or_default(),
        engineer: author.user,
        engineer_name: name_of(tx.sql, author.tenant, author.user)?.unwrap_or_default(),
        organisation: organisation_of(tx.sql, author)?,
        received_at: tx.now,
        seq: change.seq(),
        chain: data_encoding::HEXLOWER.encode(change.chain()),
    };
    let countersignature = countersign(&receipt, &tx.keys.countersign);
    let receipt = String::from_utf8(canonical(&receipt)).unwrap_or_default();
    tx.sql
        .prepare_cached(
            "insert into signoffs (tenant, record, signoff, purpose, outcome, signatory, statement,
                                   signature, drawing, signed_at, change, seq, receipt,
                                   countersignature)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?
        .execute(params![
            author.tenant.0,
            record.0,
            signoff.0,
            purpose_word(statement.purpose),
            outcome_word(statement.outcome),
            statement.signatory.name,
            signed.statement,
            signed.signature,
            signed.drawing,
            statement.signed_at,
            change.hash().0,
            change.seq().0.cast_signed(),
            receipt,
            countersignature,
        ])?;
    Ok(())
}

/// The word used in SQL, JSON and message ids.
pub fn purpose_word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Plan => "plan",
        Purpose::Report => "report",
    }
}

/// The word used in SQL, JSON and message ids.
pub fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted => "accepted",
        Outcome::AcceptedWithReservations => "accepted_with_reservations",
        Outcome::Refused => "refused",
    }
}

/// The sign-offs of one job in log order; the caller has asked whether this person may see it.
pub fn list(
    sql: &Connection,
    scope: &Scope,
    record: RecordId,
) -> rusqlite::Result<Vec<SignOffRow>> {
    let rows: Vec<Option<SignOffRow>> = sql
        .prepare_cached(
            "select signoff, statement, signature, drawing, change, receipt, countersignature
             from signoffs where tenant = ?1 and record = ?2 order by seq",
        )?
        .query_map(params![scope.tenant.0, record.0], read_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows.into_iter().flatten().collect())
}

/// One sign-off; the caller has asked whether this person may see the job.
pub fn get(
    sql: &Connection,
    scope: &Scope,
    record: RecordId,
    signoff: ItemId,
) -> rusqlite::Result<Option<SignOffRow>> {
    of(sql, scope.tenant, record, signoff)
}

/// One sign-off; for whoever has shown that they hold its proof or a document with it.
pub fn of(
    sql: &Connection,
    tenant: TenantId,
    record: RecordId,
    signoff: ItemId,
) -> rusqlite::Result<Option<SignOffRow>> {
    let row = sql
        .prepare_cached(
            "select signoff, statement, signature, drawing, change, receipt, countersignature
             from signoffs where tenant = ?1 and record = ?2 and signoff = ?3",
        )?
        .query_row(params![tenant.0, record.0, signoff.0], read_row)
        .optional()?;
    Ok(row.flatten())
}

/// Whose and which job's sign-off this is.
pub fn place(sql: &Connection, signoff: ItemId) -> rusqlite::Result<Option<(TenantId, RecordId)>> {
    sql.prepare_cached("select tenant, record from signoffs where signoff = ?1")?
        .query_row([signoff.0], |row| Ok((TenantId(row.get(0)?), RecordId(row.get(1)?))))
        .optional()
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Option<SignOffRow>> {
    let signed = Signed {
        statement: row.get("statement")?,
        signature: row.get("signature")?,
        drawing: row.get("drawing")?,
    };
    let statement = serde_json::from_slice(&signed.statement).ok();
    let receipt = serde_json::from_str(&row.get::<_, String>("receipt")?).ok();
    let (Some(statement), Some(receipt)) = (statement, receipt) else {
        return Ok(None);
    };
    Ok(Some(SignOffRow {
        signoff: ItemId(row.get("signoff")?),
        statement,
        signed,
        change: ChangeHash(row.get("change")?),
        receipt,
        countersignature: row.get("countersignature")?,
    }))
}

fn organisation_of(sql: &Connection, author: &Authorship) -> rusqlite::Result<String> {
    sql.prepare_cached("select name from tenants where id = ?1")?
        .query_row([author.tenant.0], |row| row.get(0))
}
