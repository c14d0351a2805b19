//! The narrow rows of jobs, read for a span of time: everything that is counted, and nothing
//! that people wrote at length.

use std::collections::HashSet;

use docket_protocol::clocks::{ClockState, Progress};
use docket_protocol::ids::{RecordId, UserId};
use rusqlite::{Connection, Row, params};

use super::period::Span;
use crate::auth::scope::Scope;
use crate::levels::{self, Book, PROGRESS};
use crate::store::cells::Cells;

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
    /// Whether the report says how it ended.
    pub has_outcome: bool,
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
    /// Whether each clock was met in time; none while that is open, or nothing was promised. Not
    /// read: it follows from the contracts.
    pub kept: [Option<bool>; 3],
}

/// What promises are judged by, and when.
pub struct Judge<'b> {
    /// What is promised.
    pub book: &'b Book,
    /// Unix ms.
    pub now: i64,
}

impl Judge<'_> {
    fn kept(
        &self,
        dossier: Option<RecordId>,
        level: &str,
        progress: &Progress,
    ) -> [Option<bool>; 3] {
        let mut kept = [None; 3];
        for clock in self.book.clocks(dossier, level, progress, self.now) {
            kept[clock.kind as usize] = match clock.state {
                ClockState::Kept | ClockState::KeptLearnedLate => Some(true),
                ClockState::Missed | ClockState::Unknown => Some(false),
                ClockState::Running | ClockState::Soon | ClockState::Paused => None,
            };
        }
        kept
    }
}

/// Facts of jobs that were opened in a span, and before them what is left to say of earlier ones:
/// when and where, and how they ended. Earlier are those that were opened since `back`, and those
/// that were still open then. In the order of opening.
pub fn between(
    sql: &Connection,
    scope: &Scope,
    back: i64,
    span: Span,
    judge: &Judge<'_>,
) -> rusqlite::Result<Vec<Fact>> {
    let earlier = Span { from: back, until: span.from };
    let mut facts = Vec::new();
    let mut collect = |query: &str, span: Span, read: &dyn Fn(&Row<'_>) -> _| {
        let mut statement = sql.prepare_cached(query)?;
        let mut rows = statement.query(params![scope.tenant.0, span.from, span.until])?;
        while let Some(row) = rows.next()? {
            facts.push(read(row)?);
        }
        Ok::<_, rusqlite::Error>(())
    };
    collect(&left_open(), earlier, &read_earlier)?;
    collect(&opened(EARLIER), earlier, &read_earlier)?;
    collect(&opened(&format!("{PROGRESS}, {COLUMNS}")), span, &|row| read_row(row, judge))?;
    let followed = followed(sql, scope, back)?;
    facts.iter_mut().for_each(|fact| fact.is_back |= followed.contains(&fact.record));
    Ok(facts)
}

/// The jobs that another one follows which was opened since: all of them that were opened since.
fn followed(sql: &Connection, scope: &Scope, since: i64) -> rusqlite::Result<HashSet<RecordId>> {
    sql.prepare_cached(FOLLOWED)?
        .query_map(params![scope.tenant.0, since], |row| Ok(RecordId(row.get(0)?)))?
        .collect()
}

fn opened(columns: &str) -> String {
    format!(
        "select {columns} from service_facts f
         where f.tenant = ?1 and f.opened_at >= ?2 and f.opened_at < ?3
         order by f.opened_at, f.record"
    )
}

/// Which they are is found in the index alone, which also knows when they were opened.
/// The span's end is bound as well, so that all queries take the same values.
/// The `+` keeps SQLite from going through everything that was ever opened before.
fn left_open() -> String {
    format!(
        "select {EARLIER}
         from (select tenant, opened_at, record from service_facts
               where tenant = ?1 and open_until >= ?2 and +opened_at < min(?2, ?3)) still
         cross join service_facts f on f.tenant = still.tenant
                and f.opened_at = still.opened_at and f.record = still.record
         order by f.opened_at, f.record"
    )
}

/// What is left to say of earlier ones, in the order of [`read_earlier`].
const EARLIER: &str = "
    f.record, f.opened_at, f.open_until, f.recovered_at, f.customer, f.equipment, f.lead,
    f.follows is not null";
/// Without the progress, in the order of [`read_row`].
const COLUMNS: &str = "
    f.record, f.open_until, f.updated_at, f.customer, f.equipment, f.category, f.level,
    f.outcome <> '', f.lead, f.lead_name, f.due_at, f.assigned_at, f.satisfaction,
    f.call_satisfaction, f.promises, f.promises_kept, f.follows is not null, f.is_back, f.dossier";
const FOLLOWED: &str = "
    select follows from service_facts
    where tenant = ?1 and opened_at >= ?2 and follows is not null";

fn read_earlier(row: &Row<'_>) -> rusqlite::Result<Fact> {
    let mut cells = Cells::of(row);
    Ok(Fact {
        record: RecordId(cells.read()?),
        opened_at: cells.read()?,
        open_until: cells.read()?,
        recovered_at: cells.read()?,
        customer: cells.read()?,
        equipment: cells.read()?,
        lead: cells.read::<Option<_>>()?.map(UserId),
        follows: cells.read()?,
        ..Fact::default()
    })
}

fn read_row(row: &Row<'_>, judge: &Judge<'_>) -> rusqlite::Result<Fact> {
    let mut cells = Cells::of(row);
    let progress = levels::progress(&mut cells)?;
    let mut fact = Fact {
        opened_at: progress.opened_at,
        responded_at: progress.responded_at,
        recovered_at: progress.recovered_at,
        record: RecordId(cells.read()?),
        open_until: cells.read()?,
        updated_at: cells.read()?,
        customer: cells.read()?,
        equipment: cells.read()?,
        category: cells.read()?,
        level: cells.read()?,
        has_outcome: cells.read()?,
        lead: cells.read::<Option<_>>()?.map(UserId),
        lead_name: cells.read()?,
        due_at: cells.read()?,
        assigned_at: cells.read()?,
        satisfaction: cells.read()?,
        call_satisfaction: cells.read()?,
        promises: cells.read()?,
        promises_kept: cells.read()?,
        follows: cells.read()?,
        is_back: cells.read()?,
        kept: [None; 3],
    };
    let dossier = cells.read::<Option<_>>()?.map(RecordId);
    fact.kept = judge.kept(dossier, &fact.level, &progress);
    Ok(fact)
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
            let lines = statement.raw_query().mapped(|row| row.get::<_, String>("detail"));
            Ok::<_, crate::store::StoreError>(lines.collect::<rusqlite::Result<Vec<_>>>()?)
        });
        lines.unwrap().join("\n")
    }

    /// A quarter among years of jobs is found without looking at the others.
    #[test]
    fn a_span_is_read_through_an_index() {
        let opened = plan(&opened(COLUMNS));
        assert!(opened.contains("SEARCH f USING PRIMARY KEY"), "{opened}");
        assert!(!opened.contains("TEMP B-TREE"), "{opened}");
        let left_open = plan(&left_open());
        assert!(left_open.contains("COVERING INDEX facts_by_end"), "{left_open}");
        assert!(left_open.contains("SEARCH f USING PRIMARY KEY"), "{left_open}");
        let followed = plan(FOLLOWED);
        assert!(followed.contains("COVERING INDEX facts_following"), "{followed}");
    }
}
