//! Spans of time as an office names them: days from and to, and quarters.
//!
//! Days are those of a time zone, which is an argument: the same quarter begins at another moment
//! in Shanghai than in Berlin.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, Time, date};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// A span of time in Unix ms, its end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First moment.
    pub from: i64,
    /// First moment after it.
    pub until: i64,
}

impl Span {
    /// Whether a moment lies in it.
    pub fn contains(self, at: i64) -> bool {
        self.from <= at && at < self.until
    }
}

/// Whole days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

impl Days {
    /// The month a day lies in.
    pub fn month_of(day: Date) -> Self {
        Self { from: day.first_of_month(), to: day.last_of_month() }
    }

    /// The year a day lies in.
    pub fn year_of(day: Date) -> Self {
        Self { from: day.first_of_year(), to: day.last_of_year() }
    }

    /// When they begin and end in a time zone.
    pub fn span(self, zone: &TimeZone) -> Span {
        let after = self.to.tomorrow().unwrap_or(self.to);
        Span { from: midnight(self.from, zone), until: midnight(after, zone) }
    }
}

/// Where clocks jump over midnight, the day begins when they have.
fn midnight(day: Date, zone: &TimeZone) -> i64 {
    let start = zone.to_timestamp(day.to_datetime(Time::midnight()));
    start.map_or(0, jiff::Timestamp::as_millisecond)
}

/// A quarter of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter {
    /// Calendar year.
    pub year: i16,
    /// 1 to 4.
    pub number: i8,
}

impl Quarter {
    /// The one a day lies in.
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), number: (day.month() + 2) / 3 }
    }

    /// Reads `2026Q3`, of years in which somebody may have called.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, number) = text.split_once(['Q', 'q'])?;
        let (year, number) = (year.parse().ok()?, number.parse().ok()?);
        let sensible = (1970..2200).contains(&year) && (1..=4).contains(&number);
        sensible.then_some(Self { year, number })
    }

    /// The one before.
    pub fn previous(self) -> Self {
        match self.number {
            1 => Self { year: self.year - 1, number: 4 },
            number => Self { number: number - 1, ..self },
        }
    }

    /// The one after.
    pub fn next(self) -> Self {
        match self.number {
            4 => Self { year: self.year + 1, number: 1 },
            number => Self { number: number + 1, ..self },
        }
    }

    /// Its days.
    pub fn days(self) -> Days {
        let from = date(self.year, self.number * 3 - 2, 1);
        let to = from.checked_add(2.months()).map_or(from, Date::last_of_month);
        Days { from, to }
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, into: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(into, "{}Q{}", self.year, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_follow_each_other_without_a_gap() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let mut quarter = Quarter::parse("2025Q1").unwrap();
        for _ in 0..12 {
            let (here, next) = (quarter.days(), quarter.next().days());
            assert_eq!(here.to.tomorrow().unwrap(), next.from);
            assert_eq!(here.span(&zone).until, next.span(&zone).from);
            assert_eq!((Quarter::of(here.from), Quarter::of(here.to)), (quarter, quarter));
            assert_eq!(quarter.next().previous(), quarter);
            assert_eq!(Quarter::parse(&quarter.to_string()), Some(quarter));
            quarter = quarter.next();
        }
        assert_eq!(quarter.to_string(), "2028Q1");
    }

    #[test]
    fn what_is_no_quarter_is_none() {
        for text in ["", "2026", "2026Q0", "2026Q5", "Q3", "26Q3", "2026Q3 ", "99999Q1", "-1Q1"] {
            assert_eq!(Quarter::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_is_as_long_as_its_clocks_make_it() {
        const HOUR: i64 = 3_600_000;
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let length = |day: Date| {
            let span = Days { from: day, to: day }.span(&berlin);
            span.until - span.from
        };
        assert_eq!(length(date(2026, 3, 28)), 24 * HOUR);
        assert_eq!(length(date(2026, 3, 29)), 23 * HOUR);
        assert_eq!(length(date(2026, 10, 25)), 25 * HOUR);
    }
}
