//! Fields of a job with several concurrent values, who wrote each, and the memory of those that a
//! person has settled.

use docket_protocol::ids::{ChangeHash, DeviceId, RecordId, Seq, TenantId, UserId};
use docket_protocol::record::conflict::{Conflict, ConflictValue};
use docket_protocol::record::rules::MergeKind;
use docket_protocol::record::settlement::Settlement;
use docket_protocol::record::value::FieldValue;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use crate::auth::scope::Scope;
use crate::store::{StoreError, WriteTx};

/// A conflict as pages show it.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ConflictRow {
    /// The field.
    pub path: String,
    /// The rule that chose which value counts.
    pub rule: String,
    /// Whether a person should choose.
    pub open: bool,
    /// Every value, oldest operation first.
    pub values: Vec<AuthoredValue>,
}

/// A conflict that a person settled.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct SettlementRow {
    /// The field.
    pub path: String,
    /// The rule that chose until then.
    pub rule: String,
    /// Every value there was, oldest operation first.
    pub values: Vec<AuthoredValue>,
    /// What was written instead: one of them, or a third.
    pub settled: AuthoredValue,
}

/// One value with its author.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct AuthoredValue {
    /// What was written: null, boolean, number or text.
    #[schema(value_type = Object)]
    pub value: FieldValue,
    /// Whether this value counts now.
    pub chosen: bool,
    /// Who wrote it.
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
    /// That person's name.
    pub user_name: String,
    /// The phone it was written on; none at the desk.
    #[schema(value_type = Option<String>)]
    pub device: Option<DeviceId>,
    /// The phone's name.
    pub device_name: String,
    /// When, by the writer's clock, Unix ms.
    pub written_at: i64,
    /// When it arrived, server clock, Unix ms.
    pub received_at: i64,
    /// Its place in the log.
    pub seq: i64,
    /// The change that wrote it.
    #[schema(value_type = String)]
    pub change: ChangeHash,
}

/// How many of these wait for a person: the rules settle the others.
pub(super) fn open(conflicts: &[Conflict]) -> usize {
    conflicts.iter().filter(|conflict| conflict.rule == MergeKind::Register).count()
}

pub(super) fn replace(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
    conflicts: &[Conflict],
) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached("delete from conflicts where tenant = ?1 and record = ?2")?
        .execute(params![tenant.0, record.0])?;
    for conflict in conflicts {
        let (rule, values) = stored(conflict);
        tx.sql
            .prepare_cached(
                "insert into conflicts (tenant, record, path, rule, conflict_values)
                 values (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![tenant.0, record.0, conflict.path.as_str(), rule, values])?;
    }
    Ok(())
}

/// The conflicts of one job; the caller has asked whether this person may see it.
pub fn list(
    sql: &Connection,
    scope: &Scope,
    record: RecordId,
) -> rusqlite::Result<Vec<ConflictRow>> {
    let rows: Vec<(String, String, String)> = sql
        .prepare_cached(
            "select path, rule, conflict_values from conflicts
             where tenant = ?1 and record = ?2 order by path",
        )?
        .query_map(params![scope.tenant.0, record.0], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    rows.into_iter()
        .map(|(path, rule, values)| {
            let values: Vec<StoredValue> = serde_json::from_str(&values).unwrap_or_default();
            let values = values.into_iter().map(|value| authored(sql, scope, record, value));
            let open = rule == "register";
            Ok(ConflictRow { path, rule, open, values: values.collect::<Result<_, _>>()? })
        })
        .collect()
}

/// Remembers what one change of the log settled.
pub(super) fn remember(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    record: RecordId,
    seq: Seq,
    settlements: &[Settlement],
) -> Result<(), StoreError> {
    for settlement in settlements {
        let (rule, values) = stored(&settlement.conflict);
        tx.sql
            .prepare_cached(
                "insert or replace into settlements
                    (tenant, record, seq, path, rule, conflict_values, value, change)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                tenant.0,
                record.0,
                seq.0.cast_signed(),
                settlement.conflict.path.as_str(),
                rule,
                values,
                serde_json::to_string(&settlement.value).unwrap_or_default(),
                settlement.change.0,
            ])?;
    }
    Ok(())
}

/// The settled conflicts of one job, latest first; the caller has asked whether this person may
/// see it.
pub fn settled(
    sql: &Connection,
    scope: &Scope,
    record: RecordId,
) -> rusqlite::Result<Vec<SettlementRow>> {
    type Stored = (String, String, String, String, ChangeHash);
    let rows: Vec<Stored> = sql
        .prepare_cached(
            "select path, rule, conflict_values, value, change from settlements
             where tenant = ?1 and record = ?2 order by seq desc, path",
        )?
        .query_map(params![scope.tenant.0, record.0], |row| {
            let change = ChangeHash(row.get(4)?);
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, change))
        })?
        .collect::<rusqlite::Result<_>>()?;
    rows.into_iter()
        .map(|(path, rule, values, value, change)| {
            let values: Vec<StoredValue> = serde_json::from_str(&values).unwrap_or_default();
            let values = values.into_iter().map(|value| authored(sql, scope, record, value));
            let value = serde_json::from_str(&value).unwrap_or(FieldValue::Nothing);
            let settled = StoredValue { value, change, chosen: true };
            let settled = authored(sql, scope, record, settled)?;
            Ok(SettlementRow { path, rule, values: values.collect::<Result<_, _>>()?, settled })
        })
        .collect()
}

/// A conflict as its row keeps it: the rule's word and the values as JSON.
fn stored(conflict: &Conflict) -> (String, String) {
    let values: Vec<_> = conflict.values.iter().map(StoredValue::from).collect();
    let rule = serde_json::to_value(conflict.rule).unwrap_or_default();
    let values = serde_json::to_string(&values).unwrap_or_default();
    (rule.as_str().unwrap_or_default().to_owned(), values)
}

/// A value whose author only the log knows.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredValue {
    pub(super) value: FieldValue,
    pub(super) change: ChangeHash,
    pub(super) chosen: bool,
}

impl From<&ConflictValue> for StoredValue {
    fn from(value: &ConflictValue) -> Self {
        Self { value: value.value.clone(), change: value.change, chosen: value.chosen }
    }
}

/// Adds the log's word on who wrote the value, which no document can forge.
pub(super) fn authored(
    sql: &Connection,
    scope: &Scope,
    record: RecordId,
    stored: StoredValue,
) -> rusqlite::Result<AuthoredValue> {
    let written = sql
        .prepare_cached(
            "select l.user, coalesce(u.name, ''), l.device, coalesce(d.name, ''), l.written_at,
                    l.received_at, l.seq
             from log l left join users u on u.id = l.user left join devices d on d.id = l.device
             where l.tenant = ?1 and l.record = ?2 and l.hash = ?3",
        )?
        .query_row(params![scope.tenant.0, record.0, stored.change.0], |row| {
            Ok(AuthoredValue {
                value: stored.value.clone(),
                chosen: stored.chosen,
                user: Some(UserId(row.get(0)?)),
                user_name: row.get(1)?,
                device: row.get::<_, Option<_>>(2)?.map(DeviceId),
                device_name: row.get(3)?,
                written_at: row.get(4)?,
                received_at: row.get(5)?,
                seq: row.get(6)?,
                change: stored.change,
            })
        })
        .optional()?;
    Ok(written.unwrap_or(AuthoredValue {
        value: stored.value,
        chosen: stored.chosen,
        user: None,
        user_name: String::new(),
        device: None,
        device_name: String::new(),
        written_at: 0,
        received_at: 0,
        seq: 0,
        change: stored.change,
    }))
}
