//! Moments as people read and type them: in their own time zone and language.
//!
//! Lists say "Today 14:30"; evidence says the full date with seconds. Nothing here says
//! "3 minutes ago", because such words change without anything having happened.
//! Used by every page, with the server's time as an argument.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::words::Words;

/// A day of a year that no record speaks of.
const NO_DAY_OF_OURS: i64 = -1_000_000_000_000;

/// How one reader sees time.
#[derive(Debug, Clone)]
pub(crate) struct Moments {
    words: Words,
    zone: TimeZone,
    now_ms: i64,
}

impl Moments {
    pub(crate) fn new(words: Words, zone: TimeZone, now_ms: i64) -> Self {
        Self { words, zone, now_ms }
    }

    /// "Today 14:30", "Mon 23 Nov 14:30", "23 Nov 2025 14:30".
    pub(crate) fn short(&self, at_ms: i64) -> String {
        self.with_clock(at_ms, true)
    }

    /// "Today", "Mon 23 Nov", "23 Nov 2025".
    pub(crate) fn day(&self, at_ms: i64) -> String {
        self.with_clock(at_ms, false)
    }

    /// "2026-11-23 14:30:05", the same in every language: for evidence and tooltips.
    pub(crate) fn exact(&self, at_ms: i64) -> String {
        self.zoned(at_ms).map_or_else(String::new, |at| at.strftime("%F %T").to_string())
    }

    /// The value of an HTML date and time field.
    pub(crate) fn input(&self, at_ms: i64) -> String {
        self.zoned(at_ms).map_or_else(String::new, |at| at.strftime("%FT%H:%M").to_string())
    }

    /// Reads [`Moments::input`] back.
    pub(crate) fn parse_input(&self, text: &str) -> Option<i64> {
        let local: DateTime = text.parse().ok()?;
        Some(self.zone.to_timestamp(local).ok()?.as_millisecond())
    }

    /// The same for paper: no day has a name that another day would give it, and each its year.
    pub(crate) fn on_paper(&self) -> Self {
        Self { now_ms: NO_DAY_OF_OURS, ..self.clone() }
    }

    /// The same with the days of another place.
    pub(crate) fn in_zone(&self, zone: TimeZone) -> Self {
        Self { zone, ..self.clone() }
    }

    /// Whether a moment has passed.
    pub(crate) fn is_past(&self, at_ms: i64) -> bool {
        at_ms < self.now_ms
    }

    /// Where the reader is.
    pub(crate) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The reader's day at a moment.
    pub(crate) fn date(&self, at_ms: i64) -> Option<Date> {
        self.zoned(at_ms).map(|at| at.date())
    }

    /// The reader's day now.
    pub(crate) fn today(&self) -> Date {
        self.date(self.now_ms).unwrap_or_default()
    }

    /// What time it is.
    pub(crate) fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// The name of the time zone, where it has one.
    pub(crate) fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    fn with_clock(&self, at_ms: i64, clock: bool) -> String {
        let (Some(at), Some(now)) = (self.zoned(at_ms), self.zoned(self.now_ms)) else {
            return String::new();
        };
        let day = match (at.date() - now.date()).get_days() {
            0 => self.words.get("day-today"),
            1 => self.words.get("day-tomorrow"),
            -1 => self.words.get("day-yesterday"),
            _ => self.calendar_day(&at, at.year() == now.year()),
        };
        if clock { format!("{day} {}", at.strftime("%H:%M")) } else { day }
    }

    fn calendar_day(&self, at: &ZonedDateTime, this_year: bool) -> String {
        let weekday = at.weekday().to_monday_one_offset();
        let variables = [
            ("weekday", self.words.get(&format!("weekday-{weekday}")).into()),
            ("day", at.day().into()),
            ("month", self.words.get(&format!("month-{}", at.month())).into()),
            // As text, because numbers would be grouped: 2,026.
            ("year", at.year().to_string().into()),
        ];
        if this_year {
            self.words.with("day-this-year", &variables)
        } else {
            self.words.with("day-other-year", &variables)
        }
    }

    fn zoned(&self, at_ms: i64) -> Option<ZonedDateTime> {
        let at = Timestamp::from_millisecond(at_ms).ok()?;
        Some(at.to_zoned_datetime(self.zone.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    const NOON: i64 = 1_795_435_200_000; // 2026-11-23 12:00 UTC, a Monday
    const DAY: i64 = 86_400_000;

    fn moments(language: Language, zone: &str) -> Moments {
        Moments::new(Words(language), TimeZone::get(zone).unwrap(), NOON)
    }

    #[test]
    fn near_days_have_names() {
        let english = moments(Language::English, "UTC");
        assert_eq!(english.short(NOON), "Today 12:00");
        assert_eq!(english.short(NOON + DAY), "Tomorrow 12:00");
        assert_eq!(english.day(NOON - DAY), "Yesterday");
        assert_eq!(english.short(NOON - 3 * DAY), "Fri 20 Nov 12:00");
        assert_eq!(english.day(NOON - 400 * DAY), "19 Oct 2025");
        let chinese = moments(Language::Chinese, "Asia/Shanghai");
        assert_eq!(chinese.short(NOON), "今天 20:00");
        assert_eq!(chinese.day(NOON - 3 * DAY), "11月20日 周五");
        assert_eq!(chinese.day(NOON - 400 * DAY), "2025年10月19日");
    }

    #[test]
    fn paper_names_every_day_with_its_year() {
        let paper = moments(Language::English, "UTC").on_paper();
        assert_eq!(paper.short(NOON), "23 Nov 2026 12:00");
        assert_eq!(paper.day(NOON + DAY), "24 Nov 2026");
    }

    #[test]
    fn what_is_typed_is_read_in_the_same_zone() {
        let shanghai = moments(Language::Chinese, "Asia/Shanghai");
        assert_eq!(shanghai.input(NOON), "2026-11-23T20:00");
        assert_eq!(shanghai.parse_input("2026-11-23T20:00"), Some(NOON));
        assert_eq!(shanghai.parse_input("soon"), None);
        assert_eq!(shanghai.exact(NOON), "2026-11-23 20:00:00");
    }

    /// FAULTS row 29: through clock changes of an hour and of half an hour, and a leap day, what
    /// is shown and typed again is the same moment; in the hour that comes twice, one of the two.
    #[test]
    fn clock_changes_and_leap_days_lose_no_time() {
        const HALF_HOUR: i64 = 1_800_000;
        const LEAP_YEAR: i64 = 1_830_297_600_000; // 2028-01-01 00:00 UTC
        for zone in ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai"] {
            let moments = moments(Language::English, zone);
            for at in (0..366 * 48).map(|step| LEAP_YEAR + step * HALF_HOUR) {
                let shown = moments.input(at);
                let typed = moments.parse_input(&shown).expect("what we show we can read");
                assert_eq!(moments.input(typed), shown, "{zone}");
                assert!((typed - at).abs() <= 2 * HALF_HOUR, "{zone} {shown}");
            }
            assert!(moments.input(LEAP_YEAR + 59 * DAY + DAY / 2).starts_with("2028-02-29"));
        }
        // The day before the clocks change has 24 hours, the day itself 23: names follow the days.
        let evening = 1_806_188_400_000; // 2027-03-27 23:00 UTC+0, midnight in Berlin
        let berlin = |now| Moments::new(Words(Language::English), berlin(), now);
        assert_eq!(berlin(evening).day(evening + 22 * 3_600_000), "Today");
        assert_eq!(berlin(evening).day(evening + 23 * 3_600_000), "Tomorrow");
    }

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    #[test]
    fn absurd_times_show_nothing() {
        assert_eq!(moments(Language::English, "UTC").short(i64::MAX), "");
    }
}
