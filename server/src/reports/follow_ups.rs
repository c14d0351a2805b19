//! Follow-up calls (回访): which are due, and what the latest ones said.

use docket_protocol::ids::RecordId;
use docket_protocol::record::job::{FollowUp, JobContent};
use docket_protocol::role::Role;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use crate::auth::scope::Scope;

/// A job whose customer should be called, or was.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The job.
    pub record: RecordId,
    /// What people call it.
    pub number: String,
    /// Who leads it.
    pub lead_name: String,
    /// What is written.
    pub job: JobContent,
    /// When the customer signed.
    pub signed_at: Option<i64>,
    /// What they thought of it then, 1 to 5.
    pub satisfaction: Option<u8>,
    /// By when they should be called, while nobody has.
    pub due_at: Option<i64>,
    /// The job that was opened because this fault is back.
    pub next: Option<RecordId>,
}

impl Call {
    /// What the latest call said.
    pub fn latest(&self) -> Option<&FollowUp> {
        let calls = self.job.follow_ups.iter();
        calls.max_by_key(|(id, call)| (call.at, **id)).map(|(_, call)| call)
    }
}

/// Calls that are due by then, the longest due first.
pub fn due(sql: &Connection, scope: &Scope, by: i64, limit: u32) -> rusqlite::Result<Vec<Call>> {
    let (query, values) = query(scope, DUE, by, limit);
    read(sql, &query, values)
}

/// Calls made since then, the latest first.
pub fn made(
    sql: &Connection,
    scope: &Scope,
    since: i64,
    limit: u32,
) -> rusqlite::Result<Vec<Call>> {
    let (query, values) = query(scope, MADE, since, limit);
    read(sql, &query, values)
}

/// Which calls, and in which order.
type Wanted = (&'static str, &'static str);

const DUE: Wanted = (
    "from jobs j join service_facts f on f.tenant = j.tenant and f.record = j.record
     where j.tenant = ?1 and j.follow_up_due_at <= ?2",
    "j.follow_up_due_at, j.id",
);
const MADE: Wanted = (
    "from service_facts f join jobs j on j.tenant = f.tenant and j.record = f.record
     where f.tenant = ?1 and f.called_at >= ?2",
    "f.called_at desc, f.record",
);

fn query(scope: &Scope, (from, order): Wanted, moment: i64, limit: u32) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = vec![scope.tenant.0.into(), moment.into()];
    let mut own = "";
    if scope.role == Role::Engineer {
        own = "and j.record in (select v.record from visibility v where v.tenant = j.tenant
                                and v.user = ?3 and v.left_seq is null)";
        values.push(scope.user.0.into());
    }
    let query = format!(
        "select j.record, j.number, j.lead_name, j.content, j.signed_at, j.follow_up_due_at,
                f.satisfaction,
                (select n.record from service_facts n
                 where n.tenant = f.tenant and n.follows = f.record limit 1) as next
         {from} {own} order by {order} limit {limit}"
    );
    (query, values)
}

fn read(sql: &Connection, query: &str, values: Vec<Value>) -> rusqlite::Result<Vec<Call>> {
    sql.prepare_cached(query)?.query_map(params_from_iter(values), read_row)?.collect()
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Call> {
    let content: String = row.get("content")?;
    Ok(Call {
        record: RecordId(row.get("record")?),
        number: row.get("number")?,
        lead_name: row.get("lead_name")?,
        job: serde_json::from_str(&content).unwrap_or_default(),
        signed_at: row.get("signed_at")?,
        satisfaction: row.get("satisfaction")?,
        due_at: row.get("follow_up_due_at")?,
        next: row.get::<_, Option<_>>("next")?.map(RecordId),
    })
}

#[cfg(test)]
mod tests {
    use docket_protocol::ids::{TenantId, UserId};

    use super::*;
    use crate::app::App;
    use crate::clock::Clock;

    #[test]
    fn both_lists_are_read_through_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(folder.path(), Clock::default()).unwrap();
        for (role, wanted, index) in [
            (Role::Desk, DUE, "SEARCH j USING INDEX jobs_by_follow_up"),
            (Role::Engineer, MADE, "SEARCH f USING INDEX facts_by_call"),
            (Role::Desk, MADE, "SEARCH f USING INDEX facts_by_call"),
        ] {
            let (tenant, user) = (TenantId::default(), UserId::default());
            let scope =
                Scope { tenant, user, role, name: String::new(), device: None, browser: None };
            let (query, values) = query(&scope, wanted, 5, 100);
            let plan = app.store.read_blocking(|sql| {
                let mut statement = sql.prepare(&format!("explain query plan {query}"))?;
                let lines = statement
                    .query_map(params_from_iter(values), |row| row.get::<_, String>("detail"))?;
                Ok::<_, crate::store::StoreError>(lines.collect::<rusqlite::Result<Vec<_>>>()?)
            });
            let plan = plan.unwrap().join("\n");
            assert!(plan.contains(index) && !plan.contains("SCAN"), "{plan}");
        }
    }
}
