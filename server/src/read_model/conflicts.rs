//! Fields of a job with several concurrent values, and who wrote each.

use docket_protocol::ids::{ChangeHash, DeviceId, RecordId, TenantId, UserId};
use docket_protocol::record::conflict::{Conflict, ConflictValue};
use docket_protocol::record::rules::MergeKind;
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
        let values: Vec<_> = conflict.values.iter().map(StoredValue::from).collect();
        let rule = serde_json::to_value(conflict.rule).unwrap_or_default();
        let values = serde_json::to_string(&values).unwrap_or_default();
        tx.sql
            .prepare_cached(
                "insert into conflicts (tenant, record, path, rule, conflict_values)
                 values (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                tenant.0,
                record.0,
                conflict.path.as_str(),
                rule.as_str().unwrap_or_default(),
                values
            ])?;
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

#[derive(Serialize, Deserialize)]
struct StoredValue {
    value: FieldValue,
    change: ChangeHash,
    chosen: bool,
}

impl From<&ConflictValue> for StoredValue {
    fn from(value: &ConflictValue) -> Self {
        Self { value: value.value.clone(), change: value.change, chosen: value.chosen }
    }
}

/// Adds the log's word on who wrote the value, which no document can forge.
fn authored(
    sql: &Connection,
    scope: &Scope,
    record: RecordId,
    stored: StoredValue,
) -> rusqlite::Result<AuthoredValue> {
    let written = sql
        .prepare_cached(
            "select l.user, coalesce(u.name, ''), l.device, coalesce(d.name, ''), l.written_at,
                    l.received_at
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
        change: stored.change,
    }))
}
