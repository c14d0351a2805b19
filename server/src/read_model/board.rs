//! The board's questions: how many jobs stand in each stage, and the most urgent of one stage,
//! a window at a time. What they cost follows from the window, not from how many jobs there are.

use data_encoding::HEXLOWER;
use docket_protocol::ids::{RecordId, UserId};
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
    /// Only these jobs.
    pub among: Option<Vec<RecordId>>,
}

/// The place of a job among those of its stage, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

    fn values(self) -> [Value; 4] {
        [self.severity, self.wanted_at, self.opened_at, self.id].map(Value::from)
    }

    /// Reads [`Place::to_text`] back.
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(|number| number.parse().ok());
        let mut next = || numbers.next().flatten();
        let place = Self { severity: next()?, wanted_at: next()?, opened_at: next()?, id: next()? };
        numbers.next().is_none().then_some(place)
    }
}

/// What comes after a place.
const BEHIND: &str = "(j.severity, j.wanted_at, j.opened_at, j.id) > (?, ?, ?, ?)";

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

/// A board's jobs.
#[derive(Debug)]
pub struct Board {
    jobs: Jobs,
    /// Whether more jobs contain the words than are looked at.
    pub cut: bool,
}

/// How they are come by.
#[derive(Debug)]
enum Jobs {
    /// By stage, each time they are asked for: an index has them in order.
    Indexed(Wanted),
    /// All of them, the most urgent first: words or a due call lead to few.
    Found(Vec<(Stage, Place)>),
}

impl Board {
    /// Finds out what a filter means; words are looked up here, once.
    pub fn of(sql: &Connection, scope: &Scope, filter: &BoardFilter) -> rusqlite::Result<Self> {
        let hits = search::hits(sql, scope, &filter.query, HITS_MAX + 1)?;
        let hits = match &filter.among {
            Some(records) => Some(among(sql, scope, records, hits.as_deref())?),
            None => hits,
        };
        let cut = hits.as_ref().is_some_and(|hits| hits.len() > HITS_MAX);
        let few = hits.is_some() || filter.follow_up_by.is_some();
        let mut wanted = match hits {
            Some(hits) => Wanted::among(&hits[..hits.len().min(HITS_MAX)]),
            None => Wanted::new(scope),
        };
        if let Some(lead) = filter.lead {
            wanted.and("j.lead = ?", lead.0);
        }
        if let Some(level) = &filter.level {
            // By the column that the indexes have.
            wanted.and("j.severity = ?", severity(level));
        }
        if let Some(by) = filter.follow_up_by {
            wanted.and("j.follow_up_due_at <= ?", by);
        }
        let jobs = if few { Jobs::Found(find(sql, wanted)?) } else { Jobs::Indexed(wanted) };
        Ok(Self { jobs, cut })
    }

    /// How many there are, of one stage or of all.
    pub fn count(&self, sql: &Connection, stage: Option<Stage>) -> rusqlite::Result<Count> {
        let jobs = match &self.jobs {
            Jobs::Indexed(wanted) => count(sql, wanted.clone(), stage)?,
            Jobs::Found(found) => {
                found.iter().filter(|(one, _)| stage.is_none_or(|stage| stage == *one)).count()
            }
        };
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
        let mut found = match &self.jobs {
            Jobs::Indexed(wanted) => {
                let mut wanted = wanted.clone();
                wanted.and("j.stage = ?", stage.as_str().to_owned());
                if let Some(place) = after {
                    wanted.conditions.push(BEHIND);
                    wanted.values.extend(place.values());
                }
                rows(sql, wanted, most + 1)?
            }
            Jobs::Found(found) => {
                let of_stage = found.iter().filter(|(one, _)| *one == stage).map(|it| it.1);
                let behind = of_stage.filter(|place| after.is_none_or(|after| *place > after));
                let ids: Vec<i64> = behind.take(most + 1).map(|place| place.id).collect();
                rows(sql, Wanted::among(&ids), most + 1)?
            }
        };
        let more = found.len() > most;
        found.truncate(most);
        let next = found.last().filter(|_| more).map(|(_, place)| *place);
        Ok(Window { stage, rows: found.into_iter().map(|(row, _)| row).collect(), next })
    }
}

/// Which of some jobs the person may see, and words were found in where any were looked for.
fn among(
    sql: &Connection,
    scope: &Scope,
    records: &[RecordId],
    hits: Option<&[i64]>,
) -> rusqlite::Result<Vec<i64>> {
    let mut wanted = Wanted::new(scope);
    let records: Vec<String> =
        records.iter().map(|record| HEXLOWER.encode(record.as_bytes())).collect();
    let records = serde_json::Value::from(records).to_string();
    wanted.and("j.record in (select unhex(value) from json_each(?))", records);
    let Wanted { from, conditions, values } = wanted;
    let query = format!("select j.id from {from} where {}", conditions.join(" and "));
    let ids: Vec<i64> = sql
        .prepare_cached(&query)?
        .query_map(params_from_iter(values), |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(match hits {
        Some(hits) => ids.into_iter().filter(|id| hits.contains(id)).collect(),
        None => ids,
    })
}

fn count(sql: &Connection, mut wanted: Wanted, stage: Option<Stage>) -> rusqlite::Result<usize> {
    if let Some(stage) = stage {
        wanted.and("j.stage = ?", stage.as_str().to_owned());
    }
    wanted.values.push(size(COUNT_MAX + 1));
    let Wanted { from, conditions, values } = wanted;
    let query = format!(
        "select count(*) from (select 1 from {from} where {} limit ?)",
        conditions.join(" and ")
    );
    sql.prepare_cached(&query)?.query_row(params_from_iter(values), |row| row.get(0))
}

/// Where all of them stand. Only what lies before a job's long content is read.
fn find(sql: &Connection, wanted: Wanted) -> rusqlite::Result<Vec<(Stage, Place)>> {
    let Wanted { from, conditions, values } = wanted;
    let query = format!(
        "select j.id, j.stage, j.level, j.due_at, j.opened_at from {from} where {}",
        conditions.join(" and ")
    );
    let mut found: Vec<(Stage, Place)> = sql
        .prepare_cached(&query)?
        .query_map(params_from_iter(values), |row| {
            let place = Place {
                severity: severity(&row.get::<_, String>("level")?),
                wanted_at: row.get::<_, Option<i64>>("due_at")?.unwrap_or(i64::MAX),
                opened_at: row.get("opened_at")?,
                id: row.get("id")?,
            };
            let stage = Stage::parse(&row.get::<_, String>("stage")?);
            Ok((stage.unwrap_or(Stage::Received), place))
        })?
        .collect::<rusqlite::Result<_>>()?;
    found.sort_unstable_by_key(|(_, place)| *place);
    Ok(found)
}

fn rows(
    sql: &Connection,
    mut wanted: Wanted,
    most: usize,
) -> rusqlite::Result<Vec<(JobRow, Place)>> {
    wanted.values.push(size(most));
    let Wanted { from, conditions, values } = wanted;
    // Only fixed pieces of SQL are joined here; every value is a bound parameter.
    let query = format!(
        "select {COLUMNS}, j.id, j.severity, j.wanted_at from {from} where {}
         order by j.severity, j.wanted_at, j.opened_at, j.id limit ?",
        conditions.join(" and ")
    );
    sql.prepare_cached(&query)?
        .query_map(params_from_iter(values), |row| Ok((read_row(row)?, place(row)?)))?
        .collect()
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
