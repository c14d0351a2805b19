//! Statistics put into words: figures with what they mean, tables by customer, category, level
//! and engineer, and the same as sheets of a file.

use docket_protocol::record::rules::LEVELS;
use serde_urlencoded::to_string;

use super::chart::Bar;
use super::moments::Moments;
use crate::reports::issues::Report;
use crate::reports::period::{Days, Quarter};
use crate::reports::quarterly::Counted;
use crate::reports::sheet::{Cell, Sheet};
use crate::reports::statistics::{self as counted, Figures, Marks, Share, Statistics, Times};
use crate::words::Words;

const HOUR_MS: f64 = 3_600_000.0;

/// One figure of the whole quarter.
pub(crate) struct Figure {
    pub(crate) label: String,
    pub(crate) value: String,
    /// What it is made of.
    pub(crate) detail: String,
    /// The same of the quarter before.
    pub(crate) before: String,
}

/// Figures by a name.
pub(crate) struct Breakdown {
    pub(crate) id: &'static str,
    pub(crate) title: String,
    /// What the names are.
    pub(crate) heading: String,
    pub(crate) rows: Vec<BreakdownRow>,
    /// How many there are.
    pub(crate) count: usize,
    /// That they are not all here, in words.
    pub(crate) cut: Option<String>,
}

pub(crate) struct BreakdownRow {
    pub(crate) name: String,
    /// Their records; empty where there is no such list.
    pub(crate) address: String,
    pub(crate) bar: Bar,
    pub(crate) received: usize,
    pub(crate) solved: usize,
    pub(crate) open: usize,
    pub(crate) first_time: String,
    pub(crate) repeats: usize,
    pub(crate) response: String,
    pub(crate) recovery: String,
    pub(crate) kept: [String; 3],
    pub(crate) in_time: String,
    pub(crate) satisfaction: String,
}

/// The figures at the head of the page.
pub(crate) fn figures(counted: &Counted, quarter: Quarter, words: Words) -> Vec<Figure> {
    let label = |id: &str| match id {
        // A quarter that still runs has no end to look back on.
        "statistics-open-at-end" => open_label(counted.running, words),
        id => words.get(id),
    };
    let previous = quarter.previous().to_string();
    let here = values(&counted.here.all, words);
    let before = values(&counted.before.all, words);
    let both = here.into_iter().zip(before);
    let figure = |((id, value, detail), (_, earlier, _)): (Value, Value)| Figure {
        label: label(id),
        value,
        detail,
        before: words.with(
            "statistics-before",
            &[("quarter", previous.as_str().into()), ("value", earlier.into())],
        ),
    };
    both.map(figure).collect()
}

/// What is open is so at the end of a quarter, or now.
pub(crate) fn open_label(running: bool, words: Words) -> String {
    words.get(if running { "statistics-open-now" } else { "statistics-open-at-end" })
}

/// Label, value, detail.
type Value = (&'static str, String, String);

fn values(all: &Figures, words: Words) -> Vec<Value> {
    let solved = Share { part: all.solved, whole: all.received };
    let repeats = Share { part: all.repeats, whole: all.received };
    let number = |count: usize| count.to_string();
    vec![
        ("statistics-received", number(all.received), String::new()),
        ("statistics-solved", number(all.solved), percent(solved)),
        ("statistics-open-at-end", number(all.open_at_end), String::new()),
        ("statistics-first-time", percent(all.first_time), parts(all.first_time, words)),
        ("statistics-repeats", number(all.repeats), percent(repeats)),
        ("statistics-handed-over", percent(all.handed_over), parts(all.handed_over, words)),
        ("statistics-response", duration(all.response, words), most(all.response, words)),
        ("statistics-recovery", duration(all.recovery, words), most(all.recovery, words)),
        ("statistics-response-kept", percent(all.kept[0]), parts(all.kept[0], words)),
        ("statistics-on-site-kept", percent(all.kept[1]), parts(all.kept[1], words)),
        ("statistics-recovery-kept", percent(all.kept[2]), parts(all.kept[2], words)),
        ("statistics-in-time", percent(all.in_time), parts(all.in_time, words)),
        ("statistics-promises", percent(all.promises), parts(all.promises, words)),
        ("statistics-satisfaction", mean(all.satisfaction), answers(all.satisfaction, words)),
        (
            "statistics-call-satisfaction",
            mean(all.call_satisfaction),
            answers(all.call_satisfaction, words),
        ),
    ]
}

pub(crate) const NOTHING: &str = "–";

/// Everything a report says, each with a label of its own: what two versions are compared by.
pub(crate) fn said(report: &Report, words: Words) -> Vec<(String, String)> {
    let here = &report.counted.here;
    let whole = values(&here.all, words).into_iter().map(|(id, value, detail)| {
        let detail = if detail.is_empty() { detail } else { format!(" ({detail})") };
        (words.get(id), format!("{value}{detail}"))
    });
    let parts = all(here, words).into_iter().flat_map(|(_, heading, rows)| {
        rows.into_iter().flat_map(move |(name, figures)| {
            let of = format!("{heading} · {}", named(name, words));
            let values = values(&figures, words).into_iter();
            let filled = values.filter(|(_, value, _)| value != NOTHING);
            let said =
                filled.map(move |(id, value, _)| (format!("{of} · {}", words.get(id)), value));
            said.collect::<Vec<_>>()
        })
    });
    let points = report.points.open.iter().map(|point| {
        let label =
            format!("{} · {} {}", words.get("records-open-point"), point.number, point.problem);
        (label, words.get("standing-open-at-end"))
    });
    whole.chain(parts).chain(points).collect()
}

fn percent(share: Share) -> String {
    share.percent().map_or_else(|| NOTHING.to_owned(), |percent| format!("{percent:.0}%"))
}

fn parts(share: Share, words: Words) -> String {
    if share.whole == 0 {
        return String::new();
    }
    words.with("statistics-parts", &[("part", share.part.into()), ("whole", share.whole.into())])
}

fn mean(marks: Marks) -> String {
    marks.mean().map_or_else(|| NOTHING.to_owned(), |mean| format!("{mean:.1}"))
}

fn answers(marks: Marks, words: Words) -> String {
    if marks.count == 0 {
        return String::new();
    }
    words.count("statistics-answers", marks.count as usize)
}

fn duration(times: Times, words: Words) -> String {
    if times.count == 0 { NOTHING.to_owned() } else { lasting(times.median_ms, words) }
}

fn most(times: Times, words: Words) -> String {
    if times.count == 0 {
        return String::new();
    }
    words.with("statistics-most", &[("time", lasting(times.most_ms, words).into())])
}

/// Minutes, hours or days, whichever says it shortest.
pub(crate) fn lasting(ms: i64, words: Words) -> String {
    let hours = ms as f64 / HOUR_MS;
    let (id, number) = if hours < 1.0 {
        ("lasting-minutes", format!("{:.0}", hours * 60.0))
    } else if hours < 48.0 {
        ("lasting-hours", format!("{hours:.1}"))
    } else {
        ("lasting-days", format!("{:.1}", hours / 24.0))
    };
    words.with(id, &[("number", number.into())])
}

/// The four tables.
pub(crate) fn breakdowns(statistics: &Statistics, days: Days, words: Words) -> Vec<Breakdown> {
    let records = |field: &str, value: &str| {
        let (from, to) = (days.from.to_string(), days.to.to_string());
        let query = to_string([("from", from.as_str()), ("to", to.as_str()), (field, value)]);
        format!("/records?{}", query.unwrap_or_default())
    };
    all(statistics, words)
        .into_iter()
        .map(|(id, heading, rows)| {
            let most = rows.iter().map(|(_, figures)| figures.received).max().unwrap_or(0);
            let count = rows.len();
            let rows = rows.into_iter().take(BREAKDOWN_ROWS_MAX).map(|(name, figures)| {
                let address = match id {
                    "customers" if !name.is_empty() => records("customer", &name),
                    "categories" if !name.is_empty() => records("category", &name),
                    _ => String::new(),
                };
                row(named(name, words), address, &figures, most, words)
            });
            let title = words.get(&format!("statistics-by-{id}"));
            let cut = count > BREAKDOWN_ROWS_MAX;
            let cut = cut.then(|| words.count("statistics-cut", BREAKDOWN_ROWS_MAX));
            Breakdown { id, title, heading, rows: rows.collect(), count, cut }
        })
        .collect()
}

/// Lines of one breakdown on the page; its file has them all.
const BREAKDOWN_ROWS_MAX: usize = 50;

/// Every breakdown by its id, with what its names are.
fn all(statistics: &Statistics, words: Words) -> [(&'static str, String, counted::Breakdown); 4] {
    [
        ("customers", words.get("field-intake-customer"), statistics.customers.clone()),
        ("categories", words.get("field-intake-category"), statistics.categories.clone()),
        ("levels", words.get("field-intake-level"), levels(statistics, words)),
        ("engineers", words.get("field-assignment-lead"), statistics.engineers.clone()),
    ]
}

/// The levels in words, the worst first.
fn levels(statistics: &Statistics, words: Words) -> counted::Breakdown {
    let place = |level: &str| LEVELS.iter().position(|one| *one == level);
    let mut levels = statistics.levels.clone();
    levels.sort_by_key(|(level, _)| std::cmp::Reverse(place(level)));
    levels.into_iter().map(|(level, figures)| (words.of("level", &level), figures)).collect()
}

fn named(name: String, words: Words) -> String {
    if name.is_empty() { words.get("statistics-unnamed") } else { name }
}

fn row(
    name: String,
    address: String,
    figures: &Figures,
    most: usize,
    words: Words,
) -> BreakdownRow {
    BreakdownRow {
        name,
        address,
        bar: Bar::new(figures.solved, figures.received, most),
        received: figures.received,
        solved: figures.solved,
        open: figures.open_at_end,
        first_time: percent(figures.first_time),
        repeats: figures.repeats,
        response: duration(figures.response, words),
        recovery: duration(figures.recovery, words),
        kept: figures.kept.map(percent),
        in_time: percent(figures.in_time),
        satisfaction: mean(figures.satisfaction),
    }
}

/// The statistics as sheets: the quarter beside the one before, the breakdowns, the weeks.
pub(crate) fn sheets(
    counted: &Counted,
    quarter: Quarter,
    note: &str,
    moments: &Moments,
    words: Words,
) -> Vec<Sheet> {
    let mut sheets = vec![summary(counted, quarter, note, words)];
    for (id, heading, rows) in all(&counted.here, words) {
        let headings = [heading].into_iter().chain(COLUMNS.iter().map(|id| words.get(id)));
        let row = |(name, figures): (String, Figures)| {
            let numbers = numbers(&figures).into_iter().map(Cell::from);
            [Cell::from(named(name, words))].into_iter().chain(numbers).collect()
        };
        sheets.push(Sheet {
            name: words.get(&format!("statistics-by-{id}")),
            headings: headings.collect(),
            rows: rows.into_iter().map(row).collect(),
        });
    }
    let week = |week: &counted::Week| {
        let day = Cell::from(moments.date(week.span.from));
        vec![day, week.received.into(), week.solved.into()]
    };
    sheets.push(Sheet {
        name: words.get("statistics-weeks"),
        headings: ["statistics-week", "statistics-received", "statistics-solved"]
            .map(|id| words.get(id))
            .into(),
        rows: counted.here.weeks.iter().map(week).collect(),
    });
    sheets
}

fn summary(counted: &Counted, quarter: Quarter, note: &str, words: Words) -> Sheet {
    let (here, before) = (numbers(&counted.here.all), numbers(&counted.before.all));
    let mut rows: Vec<Vec<Cell>> = COLUMNS
        .iter()
        .zip(here.into_iter().zip(before))
        .map(|(id, (here, before))| vec![words.get(id).into(), here.into(), before.into()])
        .collect();
    rows.push(vec![note.to_owned().into(), Cell::Empty, Cell::Empty]);
    Sheet {
        name: words.get("statistics-title"),
        headings: vec![
            words.get("statistics-title"),
            quarter.to_string(),
            quarter.previous().to_string(),
        ],
        rows,
    }
}

/// The columns of a file, with their units.
const COLUMNS: [&str; 17] = [
    "statistics-received",
    "statistics-solved",
    "statistics-open-at-end",
    "statistics-first-time-percent",
    "statistics-repeats",
    "statistics-handed-over-percent",
    "statistics-response-hours",
    "statistics-response-most-hours",
    "statistics-recovery-hours",
    "statistics-recovery-most-hours",
    "statistics-response-kept-percent",
    "statistics-on-site-kept-percent",
    "statistics-recovery-kept-percent",
    "statistics-in-time-percent",
    "statistics-promises-percent",
    "statistics-satisfaction",
    "statistics-call-satisfaction",
];

fn numbers(figures: &Figures) -> [Option<f64>; COLUMNS.len()] {
    let whole = |count: usize| Some(count as f64);
    let tenths = |number: f64| (number * 10.0).round() / 10.0;
    let percent = |share: Share| share.percent().map(tenths);
    let hours = |times: Times, ms: i64| (times.count > 0).then(|| tenths(ms as f64 / HOUR_MS));
    let hundredths = |marks: Marks| marks.mean().map(|mean| (mean * 100.0).round() / 100.0);
    [
        whole(figures.received),
        whole(figures.solved),
        whole(figures.open_at_end),
        percent(figures.first_time),
        whole(figures.repeats),
        percent(figures.handed_over),
        hours(figures.response, figures.response.median_ms),
        hours(figures.response, figures.response.most_ms),
        hours(figures.recovery, figures.recovery.median_ms),
        hours(figures.recovery, figures.recovery.most_ms),
        percent(figures.kept[0]),
        percent(figures.kept[1]),
        percent(figures.kept[2]),
        percent(figures.in_time),
        percent(figures.promises),
        hundredths(figures.satisfaction),
        hundredths(figures.call_satisfaction),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn times_are_said_in_the_unit_that_fits() {
        let english = Words(Language::English);
        let said = |hours: f64| lasting((hours * HOUR_MS) as i64, english);
        assert_eq!(said(0.25), "15 min");
        assert_eq!(said(1.0), "1.0 h");
        assert_eq!(said(47.5), "47.5 h");
        assert_eq!(said(60.0), "2.5 d");
        assert_eq!(lasting(5 * 60_000, Words(Language::Chinese)), "5 分钟");
    }

    #[test]
    fn nothing_is_a_dash_and_never_a_zero() {
        let words = Words(Language::Chinese);
        assert_eq!(percent(Share::default()), NOTHING);
        assert_eq!(percent(Share { part: 0, whole: 3 }), "0%");
        assert_eq!(mean(Marks::default()), NOTHING);
        assert_eq!(duration(Times::default(), words), NOTHING);
        assert_eq!(parts(Share::default(), words), "");
    }
}
