//! The report of a quarter (D2, D3): its figures beside those of the quarter before, how complete
//! they can be, what it leaves open and how that of earlier ones stands.

use docket_protocol::ids::RecordId;
use jiff::ToSpan;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::completeness::{self, Completeness, Contact};
use super::facts::{self, Fact, Judge};
use super::period::{Days, Quarter, Span};
use super::records::{self, Line, RecordFilter, Standing};
use super::statistics::{Count, REPEAT_WITHIN_MS, Statistics};
use crate::auth::scope::Scope;
use crate::levels::Book;
use crate::limits::OPEN_POINTS_MAX;
use crate::store::StoreError;

/// A quarter and the one before it, counted at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Its figures.
    pub here: Statistics,
    /// Those of the quarter before, as a whole.
    pub before: Statistics,
    /// What may be missing.
    pub missing: Completeness,
    /// Whether it had not ended.
    pub running: bool,
}

/// What a quarter is counted from.
pub struct Gathered {
    quarter: Quarter,
    zone: TimeZone,
    facts: Vec<Fact>,
    contacts: Vec<Contact>,
    now: i64,
}

/// Reads what is to be counted of a quarter whose days are those of a time zone; `now` in Unix ms.
pub fn gather(
    sql: &Connection,
    scope: &Scope,
    quarter: Quarter,
    zone: &TimeZone,
    now: i64,
) -> Result<Gathered, StoreError> {
    let (here, before) = (quarter.days().span(zone), quarter.previous().days().span(zone));
    let both = Span { from: before.from, until: here.until };
    let judge = Judge { book: &Book::load(sql, scope.tenant)?, now };
    let facts = facts::between(sql, scope, both.from - REPEAT_WITHIN_MS, both, &judge)?;
    let contacts = completeness::contacts(sql, scope)?;
    Ok(Gathered { quarter, zone: zone.clone(), facts, contacts, now })
}

impl Gathered {
    /// Counts it.
    pub fn counted(&self) -> Counted {
        let Self { quarter, zone, facts, contacts, now } = self;
        let here = quarter.days().span(zone);
        let count = Count::of(facts, *now);
        Counted {
            here: count.divided(here, &weeks(*quarter, zone)),
            before: count.whole(quarter.previous().days().span(zone)),
            missing: completeness::judge(facts, here, contacts, *now),
            running: *now < here.until,
        }
    }
}

/// The weeks of a quarter, from Monday; the first and the last may be short.
pub fn weeks(quarter: Quarter, zone: &TimeZone) -> Vec<Span> {
    let days = quarter.days();
    let mut weeks = Vec::new();
    let mut from = days.from;
    while from <= days.to {
        let monday = from.nth_weekday(1, Weekday::Monday).unwrap_or(days.to);
        let to = monday.yesterday().unwrap_or(days.to).min(days.to);
        weeks.push(Days { from, to }.span(zone));
        let Ok(next) = to.checked_add(1.day()) else { break };
        from = next;
    }
    weeks
}

/// One open point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPoint {
    /// The job.
    pub record: RecordId,
    /// What people call it.
    pub number: String,
    /// Whose it is.
    pub customer: String,
    /// What was called about, its first line.
    pub problem: String,
    /// Who looks after it.
    pub handler: String,
    /// What happens next, or why it is not solved.
    pub next: String,
    /// How it stood at the end of the quarter, seen when it was listed.
    pub standing: Standing,
    /// When it was closed; none while it is open.
    pub closed_at: Option<i64>,
}

/// What a quarter leaves open, and how what it found open stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPoints {
    /// Left open by earlier quarters, with how each stands.
    pub carried: Vec<OpenPoint>,
    /// Open at the end of this one.
    pub open: Vec<OpenPoint>,
}

/// Lists the open points of a quarter, at most [`OPEN_POINTS_MAX`] carried into it and as many of
/// its own.
pub fn open_points(
    sql: &Connection,
    scope: &Scope,
    quarter: Quarter,
    zone: &TimeZone,
) -> rusqlite::Result<OpenPoints> {
    let span = quarter.days().span(zone);
    let all = RecordFilter::all(span);
    let open = RecordFilter { open_only: true, ..all.clone() };
    let carried = records::carried(sql, scope, &all, zone, OPEN_POINTS_MAX)?;
    let opened = records::opened(sql, scope, &open, zone, OPEN_POINTS_MAX)?;
    let still = carried.iter().filter(|line| line.is_open_point(span)).cloned();
    let open: Vec<Line> = still.chain(opened).collect();
    let points = |lines: Vec<Line>| lines.into_iter().map(|line| open_point(span, line)).collect();
    Ok(OpenPoints { carried: points(carried), open: points(open) })
}

fn open_point(span: Span, line: Line) -> OpenPoint {
    let standing = line.standing(span);
    let Line { record, number, customer, open_until, row, .. } = line;
    OpenPoint {
        record,
        number,
        customer,
        problem: row.description.lines().next().unwrap_or_default().to_owned(),
        handler: row.handler,
        next: if row.next_plan.is_empty() { row.reason } else { row.next_plan },
        standing,
        closed_at: (open_until != i64::MAX).then_some(open_until),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_divide_a_quarter_and_begin_on_mondays() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let monday = |week: &Span| {
            let at = jiff::Timestamp::from_millisecond(week.from).unwrap();
            at.to_zoned_datetime(zone.clone()).weekday()
        };
        for text in ["2026Q1", "2026Q3", "2026Q4", "2024Q1"] {
            let quarter = Quarter::parse(text).unwrap();
            let weeks = weeks(quarter, &zone);
            let span = quarter.days().span(&zone);
            assert_eq!((weeks[0].from, weeks[weeks.len() - 1].until), (span.from, span.until));
            assert!(weeks.windows(2).all(|pair| pair[0].until == pair[1].from), "{text}");
            assert!(weeks[1..].iter().all(|week| monday(week) == Weekday::Monday), "{text}");
            assert!((13..=15).contains(&weeks.len()), "{text}");
        }
    }
}
