//! `cargo xtask faults`: which fault has which test, and which has none.
//!
//! Rows stand in `tests/faults.md`; a test claims one with `FAULTS row N` (or `FAULTS rows N, M`)
//! in the comment above it. Reads sources only, runs nothing: whether the tests pass is
//! `cargo xtask test`'s to say. Fails when a row that is due has no test.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::progress::{bad, faint, good};
use crate::tree;

/// What is made by tools, or not ours to read.
const SKIPPED: [&str; 4] = ["node_modules", "target", "dist", "test-results"];
const TITLE_WIDTH: usize = 58;

/// One line of the table.
#[derive(Debug, PartialEq, Eq)]
enum Line {
    Heading(String),
    Row { number: u32, title: String, due: bool },
}

/// Where a test is, and its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    file: String,
    test: String,
}

type Claims = BTreeMap<u32, Vec<Claim>>;

pub(crate) fn run() -> Result<()> {
    let text = fs::read_to_string(tree::faults()).context("the table of faults is not there")?;
    let lines = read_table(&text);
    let mut claims = Claims::new();
    collect(&tree::root(), "", &mut claims)?;
    let gaps = show(&lines, &claims);
    let known = |number: &u32| {
        lines.iter().any(|line| matches!(line, Line::Row { number: row, .. } if row == number))
    };
    if let Some(stray) = claims.keys().find(|number| !known(number)) {
        bail!("row {stray} is claimed by a test and stands in no table: {:?}", claims[stray]);
    }
    match gaps.as_slice() {
        [] => Ok(()),
        gaps => bail!("no test for {} due rows: {}", gaps.len(), listed(gaps)),
    }
}

/// Prints the table; returns the rows that are due and have no test.
fn show(lines: &[Line], claims: &Claims) -> Vec<u32> {
    let mut gaps = Vec::new();
    let (mut covered, mut rows) = (0, 0);
    for line in lines {
        let (number, title, due) = match line {
            Line::Heading(heading) => {
                println!("\n  {heading}");
                continue;
            }
            Line::Row { number, title, due } => (*number, title, *due),
        };
        rows += 1;
        let tests = claims.get(&number).map_or(&[][..], Vec::as_slice);
        let sign = match (tests, due) {
            ([], true) => bad("✗"),
            ([], false) => faint("·"),
            _ => good("✓"),
        };
        let first = tests.first().map_or(String::new(), named);
        let line = format!("{sign} {number:>3}  {title:TITLE_WIDTH$}  {}", faint(&first));
        println!("{}", line.trim_end());
        for test in tests.iter().skip(1) {
            println!("{:1$}{2}", "", TITLE_WIDTH + 9, faint(&named(test)));
        }
        covered += u32::from(!tests.is_empty());
        if tests.is_empty() && due {
            gaps.push(number);
        }
    }
    println!("\n  {covered} of {rows} rows have a test; {} of those due now have none", gaps.len());
    gaps
}

fn named(claim: &Claim) -> String {
    format!("{} {}", claim.file, claim.test)
}

fn listed(rows: &[u32]) -> String {
    rows.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}

/// Reads `| 16 | delivered twice | now |`; a row without a number is a heading.
fn read_table(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    for line in text.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        match cells[..] {
            ["", heading, _] => lines.push(Line::Heading(heading.trim_matches('*').to_owned())),
            [number, title, due] => {
                let row =
                    number.parse().ok().map(|number| (number, title.to_owned(), due == "now"));
                lines.extend(row.map(|(number, title, due)| Line::Row { number, title, due }));
            }
            _ => {}
        }
    }
    lines
}

fn collect(folder: &Path, prefix: &str, claims: &mut Claims) -> Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let place = format!("{prefix}{name}");
        if name.starts_with('.') || SKIPPED.contains(&name.as_str()) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{place}/"), claims)?;
        } else if name.ends_with(".rs") || name.ends_with(".ts") {
            for (number, test) in marks(&fs::read_to_string(entry.path())?) {
                claims.entry(number).or_default().push(Claim { file: place.clone(), test });
            }
        }
    }
    Ok(())
}

/// Every mark in a source with the test that follows it.
fn marks(source: &str) -> Vec<(u32, String)> {
    let mut found = Vec::new();
    let mut waiting = Vec::new();
    for line in source.lines() {
        let comment = line.trim_start().starts_with("//");
        if let (true, Some((_, mark))) = (comment, line.split_once("FAULTS row")) {
            waiting.extend(numbers(mark));
        } else if let (false, Some(test)) = (comment, test_name(line)) {
            found.extend(waiting.drain(..).map(|number| (number, test.to_owned())));
        }
    }
    found
}

/// The numbers after `FAULTS row`: ` 16: …`, `s 40, 41 and 43`, `s 1 to 5`.
fn numbers(mark: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> = Vec::new();
    let mut range = false;
    for word in mark.strip_prefix('s').unwrap_or(mark).split([' ', ',']) {
        let number: Option<u32> = word.trim_end_matches([':', '.', ';']).parse().ok();
        match (word, number) {
            (_, Some(last)) if range => {
                let first = numbers.last().map_or(last, |first| first + 1);
                numbers.extend(first..=last);
                range = false;
            }
            (_, Some(number)) => numbers.push(number),
            ("to", None) => range = true,
            ("" | "and", None) => {}
            _ => break,
        }
        if word.ends_with([':', '.']) {
            break;
        }
    }
    numbers
}

/// `fn name(` in Rust, `test('name'` or a quoted name after it in TypeScript.
fn test_name(line: &str) -> Option<&str> {
    if let Some((_, rest)) = line.split_once("fn ") {
        return rest.split(['(', '<']).next();
    }
    let (_, rest) = line.split_once("test(")?;
    rest.split(['\'', '`', '"']).nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_belongs_to_the_test_below_it() {
        let source =
            "/// FAULTS row 16: twice.\n#[test]\nfn twice_is_once() {\n    // FAULTS rows\n";
        assert_eq!(marks(source), [(16, "twice_is_once".to_owned())]);
        let story = "// FAULTS rows 20, 31\ntest('a portal is named', async () => {";
        let portal = "a portal is named".to_owned();
        assert_eq!(marks(story), [(20, portal.clone()), (31, portal)]);
    }

    #[test]
    fn numbers_end_where_words_begin() {
        assert_eq!(numbers(" 16: 5 times"), [16]);
        assert_eq!(numbers("s 40, 41 and 43: each"), [40, 41, 43]);
        assert_eq!(numbers("s 1 to 4, 9"), [1, 2, 3, 4, 9]);
    }

    #[test]
    fn rows_and_headings_are_read() {
        let table =
            "| row | fault | due |\n|---|---|---|\n| | **Time** | |\n| 27 | clock | now |\n";
        let row = Line::Row { number: 27, title: "clock".to_owned(), due: true };
        assert_eq!(read_table(table), [Line::Heading("Time".to_owned()), row]);
    }
}
