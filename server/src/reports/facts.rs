//! The narrow rows of jobs, read for a span of time: everything that is counted, and nothing
//! that people wrote at length.

use docket_protocol::clocks::{ClockState, Progress};
use docket_protocol::ids::{RecordId, UserId};
use rusqlite::{Connection, Row, params};

use super::period::Span;
use crate::auth::scope::Scope;
use crate::levels::{self, Book};

/// What is known about one job for counting.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fact {
    /// The job.
    pub record: RecordId,
    /// When the call came.
    pub opened_at: i64,
    /// Until when it is an open point; `i64::MAX` while it is.
    pub open_until: i64,
    /// Last change, server clock.
    pub updated_at: i64,
    /// The customer's name.
    pub customer: String,
    /// What was broken.
    pub equipment: String,
    /// 问题分类.
    pub category: String,
    /// Fault level.
    pub level: String,
    /// How it ended, as the report says.
    pub outcome: String,
    /// Who leads it.
    pub lead: Option<UserId>,
    /// That person's name.
    pub lead_name: String,
    /// By when it was promised.
    pub due_at: Option<i64>,
    /// When it was given to somebody.
    pub assigned_at: Option<i64>,
    /// The first sign of somebody at work on it.
    pub responded_at: Option<i64>,
    /// When the fault was gone.
    pub recovered_at: Option<i64>,
    /// Whether it was opened because an earlier fault is back.
    pub follows: bool,
    /// Whether this fault is back: a later job follows it, or a call said so.
    pub is_back: bool,
    /// 1 to 5, at the sign-off that binds.
    pub satisfaction: Option<u8>,
    /// The same in the latest follow-up call.
    pub call_satisfaction: Option<u8>,
    /// Promises that were decided.
    pub promises: u32,
    /// Those of them that were kept in time.
    pub promises_kept: u32,
    /// The customer's dossier.
    pub dossier: Option<RecordId>,
    /// What its clocks ask of it.
    pub progress: Progress,
    /// Whether each clock was met in time; none while that is open, or nothing was promised. Not
    /// read: it follows from the contracts ([`Fact::judge`]).
    pub kept: [Option<bool>; 3],
}

impl Fact {
    /// Fills in what its clocks say.
    pub fn judge(&mut self, book: &Book, now: i64) {
        for clock in book.clocks(self.dossier, &self.level, &self.progress, now) {
            self.kept[clock.kind as usize] = match clock.state {
                ClockState::Kept | ClockState::KeptLearnedLate => Some(true),
                ClockState::Missed | ClockState::Unknown => Some(false),
                ClockState::Running | ClockState::Soon | ClockState::Paused => None,
            };
        }
    }
}

/// Facts of jobs that were opened in a span, and of earlier ones that were still open when it
/// began; in the order of opening.
pub fn between(sql: &Connection, scope: &Scope, span: Span) -> rusqlite::Result<Vec<Fact>> {
    let mut facts = collect(sql, EARLIER, scope, span)?;
    facts.extend(collect(sql, OPENED, scope, span)?);
    Ok(facts)
}

fn collect(
    sql: &Connection,
    condition: &str,
    scope: &Scope,
    span: Span,
) -> rusqlite::Result<Vec<Fact>> {
    sql.prepare_cached(&query(condition))?
        .query_map(params![scope.tenant.0, span.from, span.until], read_row)?
        .collect()
}

fn query(condition: &str) -> String {
    format!(
        "select {COLUMNS} from service_facts f where {condition} order by f.opened_at, f.record"
    )
}

const COLUMNS: &str = "
    f.record, f.opened_at, f.open_until, f.updated_at, f.customer, f.equipment, f.category,
    f.level, f.outcome, f.lead, f.lead_name, f.due_at, f.assigned_at, f.responded_at,
    f.recovered_at, f.dossier, f.on_site, f.arrived_at, f.closed_at, f.pauses, f.satisfaction,
    f.call_satisfaction, f.promises, f.promises_kept,
    f.follows is not null as follows,
    f.is_back or exists (select 1 from service_facts n
                         where n.tenant = f.tenant and n.follows = f.record) as is_back";
const OPENED: &str = "f.tenant = ?1 and f.opened_at >= ?2 and f.opened_at < ?3";
/// The span's end is bound as well, so that both queries take the same values.
/// The `+` keeps SQLite from going through everything that was ever opened before.
const EARLIER: &str = "f.tenant = ?1 and f.open_until >= ?2 and +f.opened_at < min(?2, ?3)";

fn read_row(row: &Row<'_>) -> rusqlite::Result<Fact> {
    Ok(Fact {
        record: RecordId(row.get("record")?),
        opened_at: row.get("opened_at")?,
        open_until: row.get("open_until")?,
        updated_at: row.get("updated_at")?,
        customer: row.get("customer")?,
        equipment: row.get("equipment")?,
        category: row.get("category")?,
        level: row.get("level")?,
        outcome: row.get("outcome")?,
        lead: row.get::<_, Option<_>>("lead")?.map(UserId),
        lead_name: row.get("lead_name")?,
        due_at: row.get("due_at")?,
        assigned_at: row.get("assigned_at")?,
        responded_at: row.get("responded_at")?,
        recovered_at: row.get("recovered_at")?,
        follows: row.get("follows")?,
        is_back: row.get("is_back")?,
        satisfaction: row.get("satisfaction")?,
        call_satisfaction: row.get("call_satisfaction")?,
        promises: row.get("promises")?,
        promises_kept: row.get("promises_kept")?,
        dossier: row.get::<_, Option<_>>("dossier")?.map(RecordId),
        progress: levels::progress(row)?,
        kept: [None; 3],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::App;
    use crate::clock::Clock;

    /// What SQLite says about how it would find the rows.
    fn plan(query: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(folder.path(), Clock::default()).unwrap();
        let lines = app.store.read_blocking(|sql| {
            let mut statement = sql.prepare(&format!("explain query plan {query}"))?;
            let lines = statement
                .query_map(params![[0_u8; 16], 1, 2], |row| row.get::<_, String>("detail"))?;
            Ok::<_, crate::store::StoreError>(lines.collect::<rusqlite::Result<Vec<_>>>()?)
        });
        lines.unwrap().join("\n")
    }

    /// A quarter among years of jobs is found without looking at the others.
    #[test]
    fn a_span_is_read_through_an_index() {
        let opened = plan(&query(OPENED));
        assert!(opened.contains("SEARCH f USING PRIMARY KEY"), "{opened}");
        assert!(!opened.contains("TEMP B-TREE"), "{opened}");
        let earlier = plan(&query(EARLIER));
        assert!(earlier.contains("SEARCH f USING INDEX facts_by_end"), "{earlier}");
        for plan in [opened, earlier] {
            assert!(plan.contains("SEARCH n USING COVERING INDEX facts_by_follows"), "{plan}");
            assert!(!plan.contains("SCAN"), "{plan}");
        }
    }
}
