//! Sections and tables of the console as blocks of a document: the same fields and words, without
//! what only a screen needs.

use super::section::{Cell, Row, Section, Table};
use super::signoff_card::Line;
use crate::paper::{Block, Column, Field, Mark, Tone};

/// So much of a file's digest as is compared by eye.
const SHORT_DIGEST: usize = 16;

/// A section's filled fields: short ones as fields, prose under its label, in the section's order.
pub(crate) fn section(section: Section) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut short: Vec<Field> = Vec::new();
    for field in section.fields.into_iter().filter(|field| !field.text.trim().is_empty()) {
        if field.prose {
            flush(&mut short, &mut blocks);
            blocks.push(Block::Prose { label: field.label, text: field.text });
        } else {
            short.push(Field { label: field.label, text: field.text, figures: false });
        }
    }
    flush(&mut short, &mut blocks);
    blocks
}

fn flush(short: &mut Vec<Field>, blocks: &mut Vec<Block>) {
    if !short.is_empty() {
        blocks.push(Block::Fields { fields: std::mem::take(short) });
    }
}

/// A table's standing entries in the named columns; nothing where there are none.
pub(crate) fn table(table: &Table, names: &[&str]) -> Vec<Block> {
    let standing: Vec<_> = table.rows.iter().filter(|row| !row.removed).collect();
    // A column in which nothing stands only takes room from the others.
    let filled = |at: &usize| standing.iter().any(|row| !cell(&row.cells[*at]).is_empty());
    let named = |name: &&str| table.columns.iter().position(|column| column.name == *name);
    let chosen: Vec<usize> = names.iter().filter_map(named).filter(filled).collect();
    let row = |row: &&Row| chosen.iter().map(|at| cell(&row.cells[*at])).collect();
    let rows: Vec<Vec<String>> = standing.iter().map(row).collect();
    if chosen.is_empty() {
        return Vec::new();
    }
    let column = |at: &usize| {
        let column = &table.columns[*at];
        let number = matches!(column.name, "minutes" | "quantity" | "bytes");
        Column { label: column.label.clone(), share: share(column.name), number }
    };
    vec![Block::Table { columns: chosen.iter().map(column).collect(), rows }]
}

fn cell(cell: &Cell) -> String {
    match cell.tick {
        Some(false) => String::new(),
        Some(true) if cell.name == "risky" => format!("▲ {}", cell.text),
        Some(true) => format!("✓ {}", cell.text),
        // All of it is in the proof.
        None if cell.name == "sha256" => cell.text.chars().take(SHORT_DIGEST).collect(),
        None => cell.text.clone(),
    }
}

/// What people write at length takes the room; the rest takes what it needs.
fn share(name: &str) -> u8 {
    match name {
        "text" | "caption" => 6,
        "name" | "note" | "sha256" => 4,
        "model" | "serial" | "by" | "done_by" => 3,
        _ => 0,
    }
}

/// Lines of the proof.
pub(crate) fn lines(lines: Vec<Line>) -> Vec<Field> {
    let filled = lines.into_iter().filter(|line| !line.text.is_empty());
    filled.map(|Line { label, text, figures }| Field { label, text, figures }).collect()
}

/// A mark of the console, on paper.
pub(crate) fn mark(mark: super::job_head::Mark) -> Mark {
    let tone = match mark.tone {
        "good" => Tone::Good,
        "alarm" => Tone::Alarm,
        _ => Tone::Warn,
    };
    Mark { word: mark.word, tone }
}
