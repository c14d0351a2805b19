//! The board's questions: how many jobs stand in each stage, and the most urgent of one stage,
//! a window at a time. What they cost follows from the window, not from how many jobs there are.

use docket_protocol::ids::UserId;
use docket_protocol::stage::Stage;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use super::jobs::{COLUMNS, JobRow, Wanted, read_row, severity};
use super::search;
use crate::auth::scope::Scope;
use crate::limits::{COUNT_MAX, HITS_MAX};

/// Which jobs the board shows; empty means all the reader may see.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BoardFilter {
    /// Words that must appear.
    pub query: String,
    /// Only this lead's.
    pub lead: Option<UserId>,
    /// Only of this fault level.
    pub level: Option<String>,
    /// Only those whose follow-up call is due by then, Unix ms.
    pub follow_up_by: Option<i64>,
}

/// The place of a job among those of its stage, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    severity: i64,
    wanted_at: i64,
    opened_at: i64,
    id: i64,
}

impl Place {
    /// As an address has it.
    pub fn to_text(self) -> String {
        let Self { severity, wanted_at, opened_at, id } = self;
        format!("{severity}.{wanted_at}.{opened_at}.{id}")
    }

    /// Reads [`Place::to_text`] back.
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(|number| number.parse().ok());
        let mut next = || numbers.next().flatten();
        let place = Self { severity: next()?, wanted_at: next()?, opened_at: next()?, id: next()? };
        numbers.next().is_none().then_some(place)
    }
}

/// Some jobs of a stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// The stage.
    pub stage: Stage,
    /// The most urgent first.
    pub rows: Vec<JobRow>,
    /// Where the next window begins; none where this is the last.
    pub next: Option<Place>,
}

/// A number, or the most that is counted where there are more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub jobs: usize,
    /// Whether there are more.
    pub more: bool,
}

/// A board's jobs, as far as they are found at all.
#[derive(Debug)]
pub struct Board {
    wanted: Wanted,
    of_stage: &'static str,
    /// Whether more jobs contain the words than are looked at.
    pub cut: bool,
}

/// As a question to an index of stages, and as one about jobs that were found in another way.
const STAGE_LEADS: &str = "j.stage = ?";
const STAGE_FOLLOWS: &str = "+j.stage = ?";

impl Board {
    /// Finds out what a filter means; words are looked up here, once.
    pub fn of(sql: &Connection, scope: &Scope, filter: &BoardFilter) -> rusqlite::Result<Self> {
        let hits = search::hits(sql, scope, &filter.query, HITS_MAX + 1)?;
        let cut = hits.as_ref().is_some_and(|hits| hits.len() > HITS_MAX);
        let wanted = match hits {
            Some(hits) => Wanted::among(&hits[..hits.len().min(HITS_MAX)]),
            None => Wanted::new(scope),
        };
        let mut board = Self { wanted, of_stage: STAGE_LEADS, cut };
        if let Some(lead) = filter.lead {
            board.wanted.and("j.lead = ?", lead.0);
        }
        if let Some(level) = &filter.level {
            // By the column that the indexes have.
            board.wanted.and("j.severity = ?", severity(level));
        }
        if let Some(by) = filter.follow_up_by {
            board.wanted.and("j.follow_up_due_at <= ?", by);
            board.of_stage = STAGE_FOLLOWS;
        }
        Ok(board)
    }

    /// How many there are, of one stage or of all.
    pub fn count(&self, sql: &Connection, stage: Option<Stage>) -> rusqlite::Result<Count> {
        let (conditions, mut values) = self.wanted(stage);
        values.push(size(COUNT_MAX + 1));
        let query = format!(
            "select count(*) from (select 1 from {} where {conditions} limit ?)",
            self.wanted.from
        );
        let jobs: usize =
            sql.prepare_cached(&query)?.query_row(params_from_iter(values), |row| row.get(0))?;
        Ok(Count { jobs: jobs.min(COUNT_MAX), more: jobs > COUNT_MAX })
    }

    /// The most urgent of a stage, from a place on.
    pub fn window(
        &self,
        sql: &Connection,
        stage: Stage,
        after: Option<Place>,
        most: usize,
    ) -> rusqlite::Result<Window> {
        let (mut conditions, mut values) = self.wanted(Some(stage));
        if let Some(Place { severity, wanted_at, opened_at, id }) = after {
            conditions += " and (j.severity, j.wanted_at, j.opened_at, j.id) > (?, ?, ?, ?)";
            values.extend([severity, wanted_at, opened_at, id].map(Value::from));
        }
        values.push(size(most + 1));
        let query = format!(
            "select {COLUMNS}, j.id, j.severity, j.wanted_at from {} where {conditions}
             order by j.severity, j.wanted_at, j.opened_at, j.id limit ?",
            self.wanted.from
        );
        let mut found: Vec<(JobRow, Place)> = sql
            .prepare_cached(&query)?
            .query_map(params_from_iter(values), |row| Ok((read_row(row)?, place(row)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let more = found.len() > most;
        found.truncate(most);
        let next = found.last().filter(|_| more).map(|(_, place)| *place);
        Ok(Window { stage, rows: found.into_iter().map(|(row, _)| row).collect(), next })
    }

    /// Only fixed pieces of SQL are joined here; every value is a bound parameter.
    fn wanted(&self, stage: Option<Stage>) -> (String, Vec<Value>) {
        let Wanted { mut conditions, mut values, .. } = self.wanted.clone();
        if let Some(stage) = stage {
            conditions.push(self.of_stage);
            values.push(stage.as_str().to_owned().into());
        }
        (conditions.join(" and "), values)
    }
}

fn place(row: &Row<'_>) -> rusqlite::Result<Place> {
    Ok(Place {
        severity: row.get("severity")?,
        wanted_at: row.get("wanted_at")?,
        opened_at: row.get("opened_at")?,
        id: row.get("id")?,
    })
}

fn size(rows: usize) -> Value {
    i64::try_from(rows).unwrap_or(i64::MAX).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let place = Place { severity: 2, wanted_at: i64::MAX, opened_at: -5, id: 7 };
        assert_eq!(Place::parse(&place.to_text()), Some(place));
        for wrong in ["", "1.2.3", "1.2.3.4.5", "1.2.3.x"] {
            assert_eq!(Place::parse(wrong), None, "{wrong}");
        }
    }
}
