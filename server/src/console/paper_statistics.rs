//! The quarterly report (D2, D3) as a document: what the page says, the open points, and what has
//! changed against the version before. `GET /statistics.pdf`.

use axum::extract::State;
use axum::response::Response;

use super::chart::WeekChart;
use super::issued;
use super::moments::Moments;
use super::papers;
use super::request::Asked;
use super::session::SignedIn;
use super::statistics::{Shown, StatisticsQuery, completeness_in_words, shown, week_chart};
use super::statistics_words::{self, Breakdown, BreakdownRow};
use super::trouble::Trouble;
use crate::app::App;
use crate::paper::{Attachment, Block, Chart, Column, Figure, Mark, Sheet, Tone};
use crate::reports::quarterly::OpenPoint;
use crate::reports::records::Standing;
use crate::words::Words;

/// The figures as they were counted, for whoever reads them with a program.
const FIGURES: &str = "figures.json";

/// `GET /statistics.pdf`
pub(crate) async fn pdf(
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<StatisticsQuery>,
) -> Result<Response, Trouble> {
    let shown = shown(&app, &signed_in, &query).await?;
    let version = shown.issue.as_ref().map_or_else(String::new, |it| format!("-v{}", it.version));
    let name = format!("report-{}{version}.pdf", shown.quarter);
    let sheet = sheet(signed_in.visitor.words, &signed_in.organisation, &shown);
    papers::print(&app, &signed_in.scope, &name, sheet).await
}

fn sheet(words: Words, organisation: &str, shown: &Shown) -> Sheet {
    let counted = &shown.report.counted;
    let moments = &shown.moments.on_paper();
    let at = shown.issue.as_ref().map_or(shown.moments.now_ms(), |issue| issue.issued_at);
    let mut sheet = Sheet::new(words, organisation, words.get("quarterly-report"), at);
    sheet.number = shown.quarter.to_string();
    let days = shown.quarter.days();
    sheet.subject = format!("{} · {} – {}", shown.quarter, days.from, days.to);
    head(&mut sheet, words, moments, at, shown);
    let tone =
        if shown.report.counted.missing == Default::default() { Tone::Good } else { Tone::Warn };
    sheet.blocks.push(Block::Note { tone, text: completeness_in_words(counted, words) });

    let figures = statistics_words::figures(counted, shown.quarter, words).into_iter();
    let figures = figures.map(|it| Figure {
        label: it.label,
        value: it.value,
        detail: it.detail,
        before: it.before,
    });
    let figures = vec![Block::Figures { figures: figures.collect() }];
    sheet.part(words.get("quarterly-figures"), figures);
    let weeks = week_chart(counted, moments);
    sheet.part(words.get("statistics-weeks"), vec![Block::Chart(chart(words, &weeks))]);
    let open_label = statistics_words::open_label(counted.running, words);
    for breakdown in statistics_words::breakdowns(&counted.here, days, words) {
        let title = breakdown.title.clone();
        sheet.part(title, table(words, &open_label, breakdown));
    }
    let points = &shown.report.points;
    sheet.part(words.get("quarterly-carried"), points_table(words, moments, &points.carried, true));
    sheet.part(words.get("quarterly-open"), points_table(words, moments, &points.open, false));
    changes(&mut sheet, words, shown);
    let text = words.get("statistics-how-explained");
    let explained = Block::Prose { label: String::new(), text };
    sheet.part(words.get("statistics-how"), vec![explained]);
    let bytes = serde_json::to_vec(&shown.report).unwrap_or_default();
    let description = Some(words.get("quarterly-attached"));
    sheet.files.push(Attachment { name: FIGURES, description, bytes });
    sheet
}

/// Whose word it is: a version that somebody issued, or nobody's yet.
fn head(sheet: &mut Sheet, words: Words, moments: &Moments, at: i64, shown: &Shown) {
    let Some(issue) = &shown.issue else {
        let moment = [("moment", moments.exact(at).into())];
        sheet.version = words.with("paper-draft", &moment);
        sheet.mark = Some(Mark { word: words.get("issue-draft"), tone: Tone::Warn });
        return;
    };
    let variables = [
        ("version", issue.version.into()),
        ("moment", moments.exact(issue.issued_at).into()),
        ("name", issue.issued_by.as_str().into()),
        ("seq", issue.seq.0.to_string().into()),
    ];
    sheet.version = words.with("issue-on-paper", &variables);
    let word = words.with("issue-version", &[("version", issue.version.into())]);
    sheet.mark = Some(Mark { word, tone: Tone::Good });
}

/// The chart of the page, in shares of its width.
fn chart(words: Words, weeks: &WeekChart) -> Chart {
    let share = |place: f64| place / weeks.width;
    let columns = weeks.weeks.iter().flat_map(|week| [(&week.received, 0), (&week.solved, 1)]);
    Chart {
        legend: ["statistics-received", "statistics-solved-in-week"].map(|id| words.get(id)),
        alt: words.get("statistics-weeks"),
        height: share(weeks.height),
        lines: weeks.lines.iter().map(|line| (share(line.y), line.label.to_string())).collect(),
        columns: columns
            .map(|(it, kind)| {
                let [x, y, width, height] = [it.x, it.y, it.width, it.height].map(share);
                (x, y, width, height, it.value, kind)
            })
            .collect(),
        days: weeks.weeks.iter().map(|week| (share(week.middle), week.day.clone())).collect(),
    }
}

fn table(words: Words, open_label: &str, breakdown: Breakdown) -> Vec<Block> {
    if breakdown.rows.is_empty() {
        return Vec::new();
    }
    let number = |label: String| Column { label, share: 2, number: true };
    let mut columns = vec![Column { label: breakdown.heading, share: 6, number: false }];
    columns.extend(["statistics-received", "statistics-solved"].map(|id| number(words.get(id))));
    columns.push(number(open_label.to_owned()));
    let more = [
        ("statistics-first-time", 2),
        ("statistics-repeats", 2),
        ("statistics-response", 3),
        ("statistics-recovery", 3),
        ("quarterly-in-time", 2),
        ("quarterly-satisfaction", 3),
    ];
    columns.extend(more.map(|(id, share)| Column { share, ..number(words.get(id)) }));
    let row = |row: BreakdownRow| {
        vec![
            row.name,
            row.received.to_string(),
            row.solved.to_string(),
            row.open.to_string(),
            row.first_time,
            row.repeats.to_string(),
            row.response,
            row.recovery,
            row.in_time,
            row.satisfaction,
        ]
    };
    vec![Block::Table { columns, rows: breakdown.rows.into_iter().map(row).collect() }]
}

/// Open points; `settled` says how each stands.
fn points_table(
    words: Words,
    moments: &Moments,
    points: &[OpenPoint],
    settled: bool,
) -> Vec<Block> {
    if points.is_empty() {
        return Vec::new();
    }
    let column = |id: &str, share| Column { label: words.get(id), share, number: false };
    let columns = vec![
        column("records-number", 0),
        column("records-problem", 5),
        column("field-intake-customer", 4),
        column("records-handler", 3),
        if settled { column("records-standing", 4) } else { column("quarterly-next", 4) },
    ];
    let row = |point: &OpenPoint| {
        let last = if settled { standing(words, moments, point) } else { point.next.clone() };
        let OpenPoint { number, problem, customer, handler, .. } = point;
        vec![number.clone(), problem.clone(), customer.clone(), handler.clone(), last]
    };
    vec![Block::Table { columns, rows: points.iter().map(row).collect() }]
}

/// How a point stands that an earlier quarter has left open.
fn standing(words: Words, moments: &Moments, point: &OpenPoint) -> String {
    let day = point.closed_at.map(|at| moments.day(at)).unwrap_or_default();
    let day = [("day", day.into())];
    match point.standing {
        Standing::Solved => words.with("standing-solved-on", &day),
        Standing::Filed => words.with("standing-filed-on", &day),
        Standing::Open | Standing::ClosedSince if point.next.is_empty() => {
            words.get("standing-open-at-end")
        }
        Standing::Open | Standing::ClosedSince => {
            let plan = [("plan", point.next.as_str().into())];
            format!(
                "{} · {}",
                words.get("standing-open-at-end"),
                words.with("standing-next", &plan)
            )
        }
    }
}

fn changes(sheet: &mut Sheet, words: Words, shown: &Shown) {
    let (Some(issue), Some(said)) = (&shown.issue, &shown.said) else { return };
    let rows: Vec<Vec<String>> = issued::changes(said, &shown.report, words)
        .into_iter()
        .map(|change| vec![change.label, change.then, change.now])
        .collect();
    let version = |id: &str, version: u32| words.with(id, &[("version", version.into())]);
    let headings = [
        words.get("issue-figure"),
        version("issue-version", issue.version - 1),
        version("issue-version", issue.version),
    ];
    let columns = headings.into_iter().zip([3, 2, 2]);
    let columns = columns.map(|(label, share)| Column { label, share, number: false });
    if !rows.is_empty() {
        let table = Block::Table { columns: columns.collect(), rows };
        sheet.part(version("issue-changes", issue.version - 1), vec![table]);
    }
}
