//! The records of a period put into words: as rows under their groups for a page, and as a table
//! for a file.

use std::collections::BTreeMap;

use docket_protocol::ids::RecordId;

use super::job_head::Mark;
use super::moments::Moments;
use crate::records_csv::Column;
use crate::reports::period::Span;
use crate::reports::records::{Line, Listed, Standing};
use crate::reports::sheet::{Cell, Kind, Sheet};
use crate::words::Words;

/// What stands together on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grouping {
    Date,
    Customer,
    Category,
}

impl Grouping {
    pub(crate) const ALL: [Self; 3] = [Self::Date, Self::Customer, Self::Category];

    /// The word in the address; none for the usual one.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Date => "",
            Self::Customer => "customer",
            Self::Category => "category",
        }
    }

    pub(crate) fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|one| one.as_str() == word).unwrap_or(Self::Date)
    }

    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Date => "records-group-none",
            Self::Customer => "records-group-customer",
            Self::Category => "records-group-category",
        }
    }
}

/// Carried over, or opened in the period.
pub(crate) struct Part {
    pub(crate) id: &'static str,
    pub(crate) title: String,
    pub(crate) count: usize,
    pub(crate) groups: Vec<Group>,
}

/// Records that stand together; unnamed where nothing is grouped.
pub(crate) struct Group {
    pub(crate) name: Option<String>,
    pub(crate) rows: Vec<Row>,
}

/// One record.
pub(crate) struct Row {
    pub(crate) record: RecordId,
    pub(crate) number: String,
    pub(crate) date: String,
    pub(crate) customer: String,
    pub(crate) description: String,
    pub(crate) category: String,
    pub(crate) solution: String,
    pub(crate) handler: String,
    pub(crate) standing: Mark,
    /// When that was, or why not.
    pub(crate) detail: String,
    pub(crate) next: String,
}

/// The parts of the page that have anything in them.
pub(crate) fn parts(
    listed: &Listed,
    span: Span,
    grouping: Grouping,
    moments: &Moments,
    words: Words,
) -> Vec<Part> {
    let part = |id, title: &str, lines: &[Line]| Part {
        id,
        title: words.get(title),
        count: lines.len(),
        groups: groups(lines, span, grouping, moments, words),
    };
    let parts = [
        part("carried", "records-carried", &listed.carried),
        part("opened", "records-opened", &listed.opened),
    ];
    parts.into_iter().filter(|part| part.count > 0).collect()
}

fn groups(
    lines: &[Line],
    span: Span,
    grouping: Grouping,
    moments: &Moments,
    words: Words,
) -> Vec<Group> {
    let mut named: BTreeMap<(bool, &str), Vec<Row>> = BTreeMap::new();
    for line in lines {
        let name = match grouping {
            Grouping::Date => "",
            Grouping::Customer => line.customer.as_str(),
            Grouping::Category => line.row.category.as_str(),
        };
        // What has no name stands last.
        let rows = named.entry((name.is_empty(), name)).or_default();
        rows.push(row(line, span, moments, words));
    }
    let name_of = |name: &str| match grouping {
        Grouping::Date => None,
        _ if !name.is_empty() => Some(name.to_owned()),
        Grouping::Customer => Some(words.get("records-unnamed-customer")),
        Grouping::Category => Some(words.get("records-unnamed-category")),
    };
    named.into_iter().map(|((_, name), rows)| Group { name: name_of(name), rows }).collect()
}

fn row(line: &Line, span: Span, moments: &Moments, words: Words) -> Row {
    let written = &line.row;
    let standing = line.standing(span);
    let open = line.is_open_point(span);
    Row {
        record: line.record,
        number: line.number.clone(),
        date: written.date.to_string(),
        customer: line.customer.clone(),
        description: written.description.clone(),
        category: written.category.clone(),
        solution: written.solution.clone(),
        handler: written.handler.clone(),
        standing: standing_mark(words, standing, span.until > moments.now_ms()),
        detail: match standing {
            Standing::Solved => moments.day(line.open_until),
            Standing::ClosedSince => closed_since(line, moments, words),
            Standing::Open | Standing::Filed => written.reason.clone(),
        },
        next: match written.next_plan.as_str() {
            plan if open && !plan.is_empty() => {
                words.with("standing-next", &[("plan", plan.into())])
            }
            _ => String::new(),
        },
    }
}

fn closed_since(line: &Line, moments: &Moments, words: Words) -> String {
    let solved = line.recovered_at.is_some_and(|at| at <= line.open_until);
    let said = if solved { "standing-solved-on" } else { "standing-filed-on" };
    words.with(said, &[("day", moments.day(line.open_until).into())])
}

/// How a record stands, as a shape and a word. In a period that still runs, what is open is just
/// open.
fn standing_mark(words: Words, standing: Standing, running: bool) -> Mark {
    let mark = |icon, word: &str, tone| Mark { icon, word: words.get(word), tone };
    match standing {
        Standing::Solved => mark("done", "standing-solved", "good"),
        Standing::Filed => mark("archive", "standing-filed", ""),
        Standing::ClosedSince => mark("clock", "standing-open-at-end", ""),
        Standing::Open if running => mark("open", "standing-open", "warn"),
        Standing::Open => mark("warning", "standing-open-at-end", "warn"),
    }
}

/// The table of a file. The columns of the record table come first, in its order, so that what
/// was saved can be imported; what only a reader needs stands behind them.
pub(crate) fn sheets(kind: Kind, listed: &Listed, span: Span, words: Words) -> Vec<Sheet> {
    let more = ["field-intake-customer", "records-number", "records-open-point"];
    let headings = Column::headings_in(words.0).into_iter();
    let headings: Vec<String> = headings.chain(more.map(|id| words.get(id))).collect();
    let sheet = |name: &str, lines: &mut dyn Iterator<Item = &Line>| Sheet {
        name: words.get(name),
        headings: headings.clone(),
        rows: lines.map(|line| cells(line, span, words)).collect(),
    };
    let Listed { carried, opened } = listed;
    match kind {
        Kind::Csv => vec![sheet("records-title", &mut carried.iter().chain(opened))],
        Kind::Xlsx => vec![
            sheet("records-opened", &mut opened.iter()),
            sheet("records-carried", &mut carried.iter()),
        ],
    }
}

fn cells(line: &Line, span: Span, words: Words) -> Vec<Cell> {
    let texts = line.row.to_cells(words.0);
    let columns = Column::ALL.into_iter().zip(texts).map(|(column, text)| match column {
        Column::Date => Cell::Day(line.row.date),
        Column::SolvedAt => line.row.solved_at.into(),
        _ => text.into(),
    });
    let open = if line.is_open_point(span) { words.get("yes") } else { String::new() };
    let more = [line.customer.clone(), line.number.clone(), open].map(Cell::from);
    columns.chain(more).collect()
}
