//! Service hours against a calculation that shares no line with them: a watch that looks at the
//! calendar once a minute.

use docket_protocol::calendar::{Calendar, Exception, Hours, Span, Zone};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// 2026-11-02 00:00 UTC, a Monday.
const MONDAY: i64 = 1_793_577_600_000;
/// Days that the watch runs, at most.
const WATCHED: i64 = 40;

/// A zone whose clocks change once, by an hour or by half of one.
#[derive(Debug, Clone, Copy)]
struct Changing {
    before: i64,
    after: i64,
    at: i64,
}

impl Zone for Changing {
    fn offset_ms(&self, at: i64) -> i64 {
        if at < self.at { self.before } else { self.after }
    }
}

fn zone() -> impl Strategy<Value = Changing> {
    let changes = prop_oneof![Just(0), Just(HOUR), Just(-HOUR), Just(HOUR / 2)];
    // Clocks change at night, as they do everywhere.
    (-11..13_i64, changes, 0..20_i64).prop_map(|(hours, change, day)| Changing {
        before: hours * HOUR,
        after: hours * HOUR + change,
        at: MONDAY + day * DAY - hours * HOUR + 3 * HOUR,
    })
}

fn calendar() -> impl Strategy<Value = Calendar> {
    let first_day = MONDAY / DAY;
    let exception = (0..20_i64, 0..4_i64, any::<bool>()).prop_map(move |(from, more, worked)| {
        let from = first_day + from;
        Exception { from, until: from + more, worked }
    });
    let opens = (5..14_i64).prop_map(|hour| hour * 60 + 30);
    let closes = (15..=24_i64).prop_map(|hour| hour * 60);
    let weekend = any::<[bool; 2]>();
    (opens, closes, weekend, proptest::collection::vec(exception, 0..3)).prop_map(
        |(opens, closes, [saturday, sunday], exceptions)| Calendar {
            opens,
            closes,
            weekdays: [true, true, true, true, true, saturday, sunday],
            exceptions,
        },
    )
}

fn moment() -> impl Strategy<Value = i64> {
    (0..12 * 24 * 60_i64).prop_map(|minutes| MONDAY + minutes * MINUTE)
}

fn pauses() -> impl Strategy<Value = Vec<Span>> {
    let pause = (moment(), -60..3 * 24 * 60_i64)
        .prop_map(|(from, minutes)| Span { from, until: from + minutes * MINUTE });
    proptest::collection::vec(pause, 0..4)
}

/// Whether there is service in the minute that begins here.
fn is_served(calendar: &Calendar, zone: Changing, pauses: &[Span], at: i64) -> bool {
    let local = at + zone.offset_ms(at);
    let (day, minute) = (local.div_euclid(DAY), local.rem_euclid(DAY) / MINUTE);
    let paused = pauses.iter().any(|pause| pause.from <= at && at < pause.until);
    let named = calendar.exceptions.iter().filter(|one| one.from <= day && day <= one.until);
    let worked: Vec<bool> = named.map(|one| one.worked).collect();
    let works = match worked.is_empty() {
        true => calendar.weekdays[(day - MONDAY / DAY).rem_euclid(7) as usize],
        false => worked.contains(&true),
    };
    works && !paused && calendar.opens <= minute && minute < calendar.closes
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 200, rng_seed: RngSeed::Fixed(0xca1e_2026), ..Default::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_promise_ends_when_a_watch_has_counted_its_minutes(
        calendar in calendar(), zone in zone(), pauses in pauses(),
        from in moment(), minutes in 1..40 * 60_i64,
    ) {
        let mut left = minutes;
        let mut at = from;
        while left > 0 && at < from + WATCHED * DAY {
            left -= i64::from(is_served(&calendar, zone, &pauses, at));
            at += MINUTE;
        }
        let ends = Hours::Working(calendar).after(from, minutes * MINUTE, &pauses, &zone);
        let counted = (left == 0).then_some(at);
        prop_assert_eq!(ends.filter(|at| *at < from + WATCHED * DAY), counted);
    }

    #[test]
    fn the_time_within_a_span_is_what_a_watch_counts(
        calendar in calendar(), zone in zone(), pauses in pauses(),
        from in moment(), minutes in 0..12 * 24 * 60_i64,
    ) {
        let until = from + minutes * MINUTE;
        let watch = (0..minutes).map(|minute| from + minute * MINUTE);
        let counted = watch.filter(|at| is_served(&calendar, zone, &pauses, *at)).count() as i64;
        let within = Hours::Working(calendar).within(Span { from, until }, &pauses, &zone);
        prop_assert_eq!(within, counted * MINUTE);
    }

    #[test]
    fn around_the_clock_a_pause_delays_by_its_own_length(
        from in moment(), minutes in 1..9_000_i64, begins in 0..9_000_i64, lasts in 1..900_i64,
    ) {
        let pause = Span { from: from + begins * MINUTE, until: from + (begins + lasts) * MINUTE };
        let plain = from + minutes * MINUTE;
        let delayed = if begins < minutes { plain + lasts * MINUTE } else { plain };
        let zone = docket_protocol::calendar::Utc;
        let ends = Hours::Always.after(from, minutes * MINUTE, &[pause], &zone);
        prop_assert_eq!(ends, Some(delayed));
        let open = Span { until: i64::MAX, ..pause };
        let never = Hours::Always.after(from, minutes * MINUTE, &[open], &zone);
        prop_assert_eq!(never, (begins >= minutes).then_some(plain));
    }
}

/// The night shift of Friday ends on Saturday, also where it is a holiday by then.
#[test]
fn a_shift_over_midnight_belongs_to_the_day_it_begins_on() {
    let week = [true, true, true, true, true, false, false];
    let exceptions = Vec::new();
    let night = Calendar { opens: 22 * 60, closes: 6 * 60, weekdays: week, exceptions };
    let night = Hours::Working(night);
    let zone = docket_protocol::calendar::Utc;
    let friday = MONDAY + 4 * DAY;
    let after = |from: i64, hours: i64| night.after(from, hours * HOUR, &[], &zone);
    assert_eq!(after(friday + 23 * HOUR, 7), Some(friday + DAY + 6 * HOUR));
    assert_eq!(after(friday + DAY + 5 * HOUR, 2), Some(MONDAY + 7 * DAY + 23 * HOUR));
    assert_eq!(after(MONDAY + 5 * HOUR, 1), Some(MONDAY + 23 * HOUR), "Sunday has no shift");
}
