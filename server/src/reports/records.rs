//! The plain technical-support record of a period (技术支持记录): what was called about, what was
//! done, by whom, and how it stands.
//!
//! A period lists what was opened in it, and before that what an earlier one had left open: those
//! points are tracked until they are solved or filed. Everybody sees the records of the jobs they
//! may see.

use std::collections::BTreeMap;

use docket_protocol::ids::{RecordId, UserId};
use docket_protocol::record::job::JobContent;
use docket_protocol::role::Role;
use jiff::tz::TimeZone;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use serde::{Deserialize, Serialize};

use super::period::Span;
use crate::auth::scope::Scope;
use crate::read_model::search;
use crate::records_csv::{Row, row_of};

/// Which records.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordFilter {
    /// The period.
    pub span: Span,
    /// Words that must appear.
    pub query: String,
    /// Only this customer's, by name.
    pub customer: Option<String>,
    /// Only of this category.
    pub category: Option<String>,
    /// Only of this lead.
    pub lead: Option<UserId>,
    /// Only what is open at the end of the period.
    pub open_only: bool,
}

impl RecordFilter {
    /// All of a period.
    pub fn all(span: Span) -> Self {
        Self {
            span,
            query: String::new(),
            customer: None,
            category: None,
            lead: None,
            open_only: false,
        }
    }
}

/// One record.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The job.
    pub record: RecordId,
    /// What people call it.
    pub number: String,
    /// The customer's name.
    pub customer: String,
    /// Until when it is an open point; `i64::MAX` while it is.
    pub open_until: i64,
    /// When the fault was gone.
    pub recovered_at: Option<i64>,
    /// What is written.
    pub row: Row,
}

/// How a record stands at the end of a period, seen from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Solved within the period.
    Solved,
    /// Filed within the period without being solved.
    Filed,
    /// Open at its end, and no longer so.
    ClosedSince,
    /// Open at its end, and still.
    Open,
}

impl Line {
    /// How it stands.
    pub fn standing(&self, span: Span) -> Standing {
        match self.open_until {
            i64::MAX => Standing::Open,
            until if until >= span.until => Standing::ClosedSince,
            until if self.recovered_at.is_some_and(|at| at <= until) => Standing::Solved,
            _ => Standing::Filed,
        }
    }

    /// Whether the period leaves it to the next one.
    pub fn is_open_point(&self, span: Span) -> bool {
        matches!(self.standing(span), Standing::Open | Standing::ClosedSince)
    }
}

/// The records of a period, each part oldest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Listed {
    /// Left open by earlier periods.
    pub carried: Vec<Line>,
    /// Opened in this one.
    pub opened: Vec<Line>,
}

/// What a period can be narrowed to, with how many records there are of each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Choices {
    /// Customers by name.
    pub customers: BTreeMap<String, usize>,
    /// Categories.
    pub categories: BTreeMap<String, usize>,
    /// Leads, with their names.
    pub leads: BTreeMap<UserId, String>,
}

/// Reads the records; at most `limit` of each part.
pub fn list(
    sql: &Connection,
    scope: &Scope,
    filter: &RecordFilter,
    zone: &TimeZone,
    limit: u32,
) -> rusqlite::Result<Listed> {
    Ok(Listed {
        carried: carried(sql, scope, filter, zone, limit)?,
        opened: opened(sql, scope, filter, zone, limit)?,
    })
}

/// What was opened in the period; at most `limit`.
pub fn opened(
    sql: &Connection,
    scope: &Scope,
    filter: &RecordFilter,
    zone: &TimeZone,
    limit: u32,
) -> rusqlite::Result<Vec<Line>> {
    read(Part::Opened, sql, scope, filter, zone, limit)
}

/// What an earlier period has left open, and how that stands; at most `limit`.
pub fn carried(
    sql: &Connection,
    scope: &Scope,
    filter: &RecordFilter,
    zone: &TimeZone,
    limit: u32,
) -> rusqlite::Result<Vec<Line>> {
    read(Part::Carried, sql, scope, filter, zone, limit)
}

fn read(
    part: Part,
    sql: &Connection,
    scope: &Scope,
    filter: &RecordFilter,
    zone: &TimeZone,
    limit: u32,
) -> rusqlite::Result<Vec<Line>> {
    let (query, values) = query(part, scope, filter, limit);
    sql.prepare_cached(&query)?
        .query_map(params_from_iter(values), |row| {
            let content: String = row.get("content")?;
            let job: JobContent = serde_json::from_str(&content).unwrap_or_default();
            let lead_name: String = row.get("lead_name")?;
            let Some(read) = row_of(&job, &lead_name, zone) else { return Ok(None) };
            Ok(Some(Line {
                record: RecordId(row.get("record")?),
                number: row.get("number")?,
                customer: row.get("customer")?,
                open_until: row.get("open_until")?,
                recovered_at: row.get("recovered_at")?,
                row: read,
            }))
        })?
        .filter_map(Result::transpose)
        .collect()
}

/// What there is to choose from in a period.
pub fn choices(sql: &Connection, scope: &Scope, span: Span) -> rusqlite::Result<Choices> {
    let mut choices = Choices::default();
    for part in [Part::Carried, Part::Opened] {
        let wanted = Wanted::of(part, scope, span);
        let query = format!(
            "select f.customer, f.category, f.lead, f.lead_name, count(*) from service_facts f
             where {} group by 1, 2, 3, 4",
            wanted.conditions.join(" and ")
        );
        let mut statement = sql.prepare_cached(&query)?;
        let mut rows = statement.query(params_from_iter(wanted.values))?;
        while let Some(row) = rows.next()? {
            let count: usize = row.get(4)?;
            *choices.customers.entry(row.get(0)?).or_default() += count;
            *choices.categories.entry(row.get(1)?).or_default() += count;
            if let Some(lead) = row.get::<_, Option<_>>(2)? {
                choices.leads.insert(UserId(lead), row.get(3)?);
            }
        }
    }
    choices.customers.remove("");
    choices.categories.remove("");
    Ok(choices)
}

/// Words are looked for by a job's place.
const FACTS_WITH_JOBS: &str =
    "service_facts f join jobs j on j.tenant = f.tenant and j.record = f.record";

#[derive(Debug, Clone, Copy)]
enum Part {
    Carried,
    Opened,
}

fn query(part: Part, scope: &Scope, filter: &RecordFilter, limit: u32) -> (String, Vec<Value>) {
    let mut wanted = Wanted::of(part, scope, filter.span);
    wanted.narrow(filter);
    // What is carried over is read by its end and sorted; walking through all that was ever
    // opened would be in order already, and long.
    let opened_at = match part {
        Part::Carried => "+f.opened_at",
        Part::Opened => "f.opened_at",
    };
    // Which they are is found and sorted among keys; only what is listed is read whole.
    // Only fixed pieces of SQL are joined here; every value is a bound parameter.
    let query = format!(
        "select f.record, j.number, f.customer, f.open_until, f.recovered_at, j.lead_name,
                j.content
         from (select f.tenant, f.opened_at, f.record from {}
               where {} order by {opened_at}, f.record limit {limit}) listed
         cross join service_facts f on f.tenant = listed.tenant
                and f.opened_at = listed.opened_at and f.record = listed.record
         cross join jobs j on j.tenant = f.tenant and j.record = f.record
         order by listed.opened_at, listed.record",
        wanted.from,
        wanted.conditions.join(" and ")
    );
    (query, wanted.values)
}

/// Conditions and their values, grown together.
struct Wanted {
    from: &'static str,
    conditions: Vec<&'static str>,
    values: Vec<Value>,
}

impl Wanted {
    /// What a person may see at all of a part of a period.
    fn of(part: Part, scope: &Scope, span: Span) -> Self {
        let (from, conditions, values) = ("service_facts f", Vec::new(), Vec::new());
        let mut wanted = Self { from, conditions, values };
        wanted.and("f.tenant = ?", scope.tenant.0);
        match part {
            Part::Opened => {
                wanted.and("f.opened_at >= ?", span.from);
                wanted.and("f.opened_at < ?", span.until);
            }
            Part::Carried => {
                wanted.and("f.open_until >= ?", span.from);
                // Not through everything that was ever opened before.
                wanted.and("+f.opened_at < ?", span.from);
            }
        }
        if scope.role == Role::Engineer {
            wanted.and(
                "f.record in (select v.record from visibility v where v.tenant = f.tenant
                              and v.user = ? and v.left_seq is null)",
                scope.user.0,
            );
        }
        wanted
    }

    fn narrow(&mut self, filter: &RecordFilter) {
        if let Some(customer) = &filter.customer {
            self.and("f.customer = ?", customer.clone());
        }
        if let Some(category) = &filter.category {
            self.and("f.category = ?", category.clone());
        }
        if let Some(lead) = filter.lead {
            self.and("f.lead = ?", lead.0);
        }
        if filter.open_only {
            self.and("f.open_until >= ?", filter.span.until);
        }
        for (condition, value) in search::conditions(&filter.query) {
            self.from = FACTS_WITH_JOBS;
            self.and(condition, value);
        }
    }

    fn and(&mut self, condition: &'static str, value: impl Into<Value>) {
        self.conditions.push(condition);
        self.values.push(value.into());
    }
}

#[cfg(test)]
mod tests {
    use docket_protocol::ids::TenantId;

    use super::*;
    use crate::app::App;
    use crate::clock::Clock;

    const SPAN: Span = Span { from: 100, until: 200 };

    fn line(open_until: i64, recovered_at: Option<i64>) -> Line {
        let row = row_of(
            &serde_json::from_str(r#"{"intake": {"opened_at": 100}}"#).unwrap(),
            "",
            &TimeZone::UTC,
        );
        let (record, number, customer) = (RecordId::default(), String::new(), String::new());
        Line { record, number, customer, open_until, recovered_at, row: row.unwrap() }
    }

    #[test]
    fn a_point_is_judged_at_the_end_of_its_period() {
        assert_eq!(line(i64::MAX, None).standing(SPAN), Standing::Open);
        assert_eq!(line(250, Some(250)).standing(SPAN), Standing::ClosedSince);
        assert_eq!(line(200, Some(200)).standing(SPAN), Standing::ClosedSince);
        assert_eq!(line(199, Some(199)).standing(SPAN), Standing::Solved);
        assert_eq!(line(150, None).standing(SPAN), Standing::Filed);
        assert_eq!(line(150, Some(180)).standing(SPAN), Standing::Filed, "filed first");
        assert!(line(200, Some(200)).is_open_point(SPAN) && !line(199, None).is_open_point(SPAN));
    }

    #[test]
    fn a_period_is_read_through_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(folder.path(), Clock::default()).unwrap();
        let scope = Scope {
            tenant: TenantId::default(),
            user: UserId::default(),
            role: Role::Manager,
            name: String::new(),
            device: None,
            browser: None,
        };
        let filter = RecordFilter {
            span: SPAN,
            query: "pump".to_owned(),
            customer: Some("Harbour".to_owned()),
            category: None,
            lead: None,
            open_only: false,
        };
        for (part, index) in [(Part::Opened, "PRIMARY KEY"), (Part::Carried, "facts_by_end")] {
            let (query, values) = query(part, &scope, &filter, 500);
            let plan = app.store.read_blocking(|sql| {
                let mut statement = sql.prepare(&format!("explain query plan {query}"))?;
                let lines = statement
                    .query_map(params_from_iter(values), |row| row.get::<_, String>("detail"))?;
                Ok::<_, crate::store::StoreError>(lines.collect::<rusqlite::Result<Vec<_>>>()?)
            });
            let plan = plan.unwrap().join("\n");
            assert!(plan.contains(index), "{plan}");
            assert!(!plan.contains("SCAN f") && !plan.contains("SCAN j"), "{plan}");
        }
    }
}
