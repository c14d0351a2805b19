//! Dates as people write them into tables, always year first.
//!
//! Day-first and month-first dates are refused, because 3/11/2026 means two different days to
//! two different readers. A time of day behind the date is allowed and dropped.

use jiff::civil::Date;

/// Reads `2026-11-03`, `2026/11/3`, `2026.11.3`, `20261103` or `2026年11月3日`.
pub fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    let (year, rest) = number(text, 4)?;
    if text.len() == 8 && rest.len() == 4 && rest.bytes().all(|byte| byte.is_ascii_digit()) {
        return Date::new(year, rest[..2].parse().ok()?, rest[2..].parse().ok()?).ok();
    }
    let rest = rest.trim_start();
    let (separator, end) = match rest.chars().next()? {
        mark @ ('-' | '/' | '.') => (mark, None),
        '年' => ('月', Some('日')),
        _ => return None,
    };
    let rest = &rest[rest.chars().next()?.len_utf8()..];
    let (month, rest) = number(rest.trim_start(), 2)?;
    let rest = rest.trim_start().strip_prefix(separator)?;
    let (day, rest) = number(rest.trim_start(), 2)?;
    let rest = match end {
        Some(end) => rest.trim_start().strip_prefix(end).unwrap_or(rest),
        None => rest,
    };
    let alone = rest.is_empty() || rest.starts_with([' ', 'T', '\u{3000}']);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    alone.then_some(date)
}

/// Takes at most `digits_max` digits from the front.
fn number(text: &str, digits_max: usize) -> Option<(i16, &str)> {
    let digits = text.bytes().take(digits_max).take_while(u8::is_ascii_digit).count();
    Some((text[..digits].parse().ok()?, &text[digits..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn year_first_dates_are_read() {
        let day = jiff::civil::date(2026, 11, 3);
        for text in [
            "2026-11-03",
            "2026-11-3",
            "2026/11/3",
            "2026.11.03",
            "20261103",
            "2026年11月3日",
            "2026年11月03日 ",
            "2026 年 11 月 3 日",
            "2026年11月3日 14:30",
            "2026-11-03T08:00:00",
            "2026/11/3 8:05",
        ] {
            assert_eq!(parse_date(text), Some(day), "{text}");
        }
    }

    #[test]
    fn anything_else_is_not_a_date() {
        for text in [
            "",
            "yesterday",
            "3/11/2026",
            "11-03",
            "2026-13-01",
            "2026-期",
            "2026-02-30",
            "2026-11-031",
            "2026-11/03",
            "20261303",
            "2026年",
            "二〇二六年",
            "2026-11-3号",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
