//! Service hours: when a clock runs, by weekdays, hours, holidays and time zone.
//!
//! Pure arithmetic on Unix ms. What a time zone's rules are is lent by whoever has the list of
//! them ([`Zone`]): the server's library, the phone's browser.

const MINUTE_MS: i64 = 60_000;
const DAY_MINUTES: i64 = 24 * 60;
const DAY_MS: i64 = DAY_MINUTES * MINUTE_MS;

/// Days looked ahead for the end of a promise: ten years. A calendar that opens that rarely
/// promises nothing.
const DAYS_AHEAD_MAX: i64 = 3_660;

/// The rules of a time zone.
pub trait Zone {
    /// How far local time is ahead of UTC at a moment (Unix ms), in ms.
    fn offset_ms(&self, at: i64) -> i64;
}

/// The zone of those who have named none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Utc;

impl Zone for Utc {
    fn offset_ms(&self, _at: i64) -> i64 {
        0
    }
}

/// A stretch of time, Unix ms; its end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Its first moment.
    pub from: i64,
    /// The first moment after it; `i64::MAX` while nobody knows.
    pub until: i64,
}

impl Span {
    /// Whether this moment is part of it.
    pub fn contains(self, at: i64) -> bool {
        self.from <= at && at < self.until
    }
}

/// When service is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hours {
    /// 7x24.
    Always,
    /// During working hours.
    Working(Calendar),
}

/// Working hours and the days that differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Minutes after midnight.
    pub opens: i64,
    /// Minutes after midnight; at or before `opens` it is the next day's.
    pub closes: i64,
    /// From Monday on.
    pub weekdays: [bool; 7],
    /// Holidays, and days that are worked instead of one (调休).
    pub exceptions: Vec<Exception>,
}

/// Days that are not like their weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exception {
    /// The first day, counted from 1970-01-01.
    pub from: i64,
    /// The last day.
    pub until: i64,
    /// Whether there is service on them all the same.
    pub worked: bool,
}

impl Calendar {
    /// Whether service begins on this day, counted from 1970-01-01; a worked day beats a holiday.
    pub fn works(&self, day: i64) -> bool {
        let mut named = self.exceptions.iter().filter(|one| (one.from..=one.until).contains(&day));
        match named.next() {
            Some(first) => first.worked || named.any(|other| other.worked),
            // 1970-01-01 was a Thursday.
            None => usize::try_from((day + 3).rem_euclid(7)).is_ok_and(|at| self.weekdays[at]),
        }
    }

    fn span(&self, day: i64, zone: &dyn Zone) -> Span {
        let next_day = if self.closes <= self.opens { DAY_MINUTES } else { 0 };
        let at = |minutes: i64| moment(day * DAY_MS + minutes * MINUTE_MS, zone);
        let from = at(self.opens);
        Span { from, until: at(self.closes + next_day).max(from) }
    }
}

impl Hours {
    /// The moment at which `ms` of service time have passed since `from`, not counting `pauses`;
    /// none when that is never, as in a pause without an end.
    pub fn after(&self, from: i64, ms: i64, pauses: &[Span], zone: &dyn Zone) -> Option<i64> {
        let pauses = in_order(pauses);
        let mut left = ms;
        for piece in self.open_from(from, zone).flat_map(|span| without(span, &pauses)) {
            let length = piece.until.saturating_sub(piece.from);
            if left <= length {
                return Some(piece.from.saturating_add(left));
            }
            left -= length;
        }
        None
    }

    /// Service time within a span, not counting `pauses`, in ms.
    pub fn within(&self, span: Span, pauses: &[Span], zone: &dyn Zone) -> i64 {
        let pauses = in_order(pauses);
        let open = self.open_from(span.from, zone).take_while(|open| open.from < span.until);
        let clipped = open.map(|open| Span { until: open.until.min(span.until), ..open });
        let pieces = clipped.flat_map(|open| without(open, &pauses));
        pieces.map(|piece| piece.until - piece.from).sum()
    }

    /// Every stretch of service from a moment on, in order.
    fn open_from(&self, from: i64, zone: &dyn Zone) -> impl Iterator<Item = Span> {
        let always = matches!(self, Self::Always).then_some(Span { from, until: i64::MAX });
        let calendar = match self {
            Self::Always => None,
            Self::Working(calendar) => Some(calendar),
        };
        // The shift of the day before may reach into this one.
        let first = (from + zone.offset_ms(from)).div_euclid(DAY_MS) - 1;
        let shifts = calendar.into_iter().flat_map(move |calendar| {
            let days = (first..first + DAYS_AHEAD_MAX).filter(|day| calendar.works(*day));
            days.map(|day| calendar.span(day, zone))
        });
        let shifts = shifts.scan(from, |reached, span| {
            let from = span.from.max(*reached);
            *reached = span.until.max(from);
            Some(Span { from, until: *reached })
        });
        always.into_iter().chain(shifts).filter(|span| span.from < span.until)
    }
}

/// The moment that a clock on the wall shows as `local`. In an hour that clocks skip it is one
/// beside it; in one that comes twice, one of the two.
fn moment(local: i64, zone: &dyn Zone) -> i64 {
    let near = local - zone.offset_ms(local);
    local - zone.offset_ms(near)
}

/// Pauses that end before they begin are typing errors and hold nothing.
fn in_order(pauses: &[Span]) -> Vec<Span> {
    let mut pauses: Vec<Span> =
        pauses.iter().copied().filter(|pause| pause.from < pause.until).collect();
    pauses.sort_unstable();
    pauses
}

/// What is left of a span; `pauses` are in order and may overlap.
fn without(span: Span, pauses: &[Span]) -> Vec<Span> {
    let mut left = Vec::new();
    let mut from = span.from;
    for pause in pauses.iter().filter(|pause| pause.until > span.from && pause.from < span.until) {
        if from < pause.from {
            left.push(Span { from, until: pause.from });
        }
        from = from.max(pause.until);
    }
    if from < span.until {
        left.push(Span { from, until: span.until });
    }
    left
}

/// Reads `08:30` as minutes after midnight; `24:00` ends a day.
pub fn time_of_day(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (number(hour, 2)?, number(minute, 2)?);
    let minutes = hour * 60 + minute;
    (minute < 60 && minutes <= DAY_MINUTES).then_some(minutes)
}

/// Reads `2026-10-01` as days from 1970-01-01.
pub fn day(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-');
    let (year, month) = (number(parts.next()?, 4)?, number(parts.next()?, 2)?);
    let day = number(parts.next()?, 2)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=length).contains(&day).then(|| days_before(year, month) + day - 1)
}

/// Days from 1970-01-01 to the first of a month.
fn days_before(year: i64, month: i64) -> i64 {
    // Counted in years that begin in March, so that the leap day is the last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    days + (153 * month + 2) / 5 - 719_468
}

fn number(text: &str, digits: usize) -> Option<i64> {
    let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

/// Whether this has the form of a time zone's name: whether there is such a zone, only a list of
/// them can tell.
pub fn is_zone_name(text: &str) -> bool {
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte);
    (1..=64).contains(&text.len()) && text.bytes().all(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_through_leap_years() {
        assert_eq!(day("1970-01-01"), Some(0));
        assert_eq!(day("2000-03-01"), day("2000-02-29").map(|day| day + 1));
        assert_eq!(day("2026-11-23"), Some(20_780));
        for wrong in ["", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "26-01-01", "x"] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_time_of_day_has_four_digits() {
        assert_eq!(time_of_day("08:30"), Some(510));
        assert_eq!(time_of_day("24:00"), Some(DAY_MINUTES));
        for wrong in ["", "8:30", "08:60", "24:01", "0830", "-1:00", "08:3x"] {
            assert_eq!(time_of_day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_worked_day_beats_the_holiday_and_the_weekday() {
        let at = |text: &str| day(text).unwrap();
        let national = Exception { from: at("2026-10-01"), until: at("2026-10-07"), worked: false };
        let instead = Exception { from: at("2026-10-10"), until: at("2026-10-10"), worked: true };
        let week = [true, true, true, true, true, false, false];
        let exceptions = vec![national, instead];
        let calendar = Calendar { opens: 0, closes: 60, weekdays: week, exceptions };
        assert!(calendar.works(at("2026-09-30")) && !calendar.works(at("2026-10-01")));
        assert!(calendar.works(at("2026-10-10")), "a Saturday that is worked");
        assert!(!calendar.works(at("2026-10-11")));
    }
}
