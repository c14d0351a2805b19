//! The first sheet of an XLSX as lines of texts, with every part inflated under a cap.
//!
//! A small reader of its own, because those there are inflate without a limit: this file comes
//! from a browser. Formulas count as what they last gave; formats are not looked at, so a date is
//! the number of days that it is stored as, and `days_from` says from when.

use std::io::{Cursor, Read};

use jiff::civil::{Date, date};
use roxmltree::{Document, Node, ParsingOptions};
use zip::ZipArchive;

use super::file::{Lines, TableError};
use crate::limits::{ASSET_COLUMNS_MAX, ASSET_PART_BYTES_MAX, ASSET_ROWS_MAX};

/// What is read of a workbook.
pub(super) struct Book {
    /// The lines that have something in them.
    pub(super) lines: Lines,
    /// The day that its dates are counted from.
    pub(super) days_from: Date,
}

type Archive<'bytes> = ZipArchive<Cursor<&'bytes [u8]>>;

/// Reads the first sheet.
pub(super) fn read(bytes: &[u8]) -> Result<Book, TableError> {
    let archive = &mut ZipArchive::new(Cursor::new(bytes)).map_err(|_| TableError::NotATable)?;
    let workbook = part(archive, "xl/workbook.xml")?.ok_or(TableError::NotATable)?;
    let workbook = parse(&workbook)?;
    let relations = part(archive, "xl/_rels/workbook.xml.rels")?.unwrap_or_default();
    let sheet = first_sheet(&workbook, &relations).unwrap_or_else(|| FIRST_SHEET.to_owned());
    let strings = match part(archive, "xl/sharedStrings.xml")? {
        Some(text) => shared_strings(&parse(&text)?),
        None => Vec::new(),
    };
    let sheet = part(archive, &sheet)?.ok_or(TableError::NotATable)?;
    let lines = lines(&parse(&sheet)?, &strings)?;
    Ok(Book { lines, days_from: days_from(&workbook) })
}

const FIRST_SHEET: &str = "xl/worksheets/sheet1.xml";

/// A part of the file as text; none where it has no such part.
fn part(archive: &mut Archive<'_>, name: &str) -> Result<Option<String>, TableError> {
    let Ok(entry) = archive.by_name(name) else { return Ok(None) };
    let mut bytes = Vec::new();
    let read = entry.take(ASSET_PART_BYTES_MAX + 1).read_to_end(&mut bytes);
    let read = read.map_err(|_| TableError::NotATable)?;
    if read as u64 > ASSET_PART_BYTES_MAX {
        return Err(TableError::TooLarge);
    }
    String::from_utf8(bytes).map(Some).map_err(|_| TableError::NotATable)
}

fn parse(text: &str) -> Result<Document<'_>, TableError> {
    // A cell is some five nodes.
    let nodes = ASSET_ROWS_MAX * ASSET_COLUMNS_MAX;
    let options = ParsingOptions {
        nodes_limit: u32::try_from(nodes).unwrap_or(u32::MAX),
        ..ParsingOptions::default()
    };
    let text = text.trim_start_matches('\u{feff}');
    Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => TableError::TooLarge,
        _ => TableError::NotATable,
    })
}

fn named<'a, 'd>(node: Node<'a, 'd>, name: &'a str) -> impl Iterator<Item = Node<'a, 'd>> {
    node.descendants().filter(move |node| node.tag_name().name() == name)
}

fn first_sheet(workbook: &Document<'_>, relations: &str) -> Option<String> {
    let sheet = named(workbook.root(), "sheet").next()?;
    let id = sheet.attributes().find(|attribute| attribute.name() == "id")?.value().to_owned();
    let relations = parse(relations).ok()?;
    let wanted = |node: &Node<'_, '_>| node.attribute("Id") == Some(id.as_str());
    let relation = named(relations.root(), "Relationship").find(wanted)?;
    let target = relation.attribute("Target")?;
    Some(match target.strip_prefix('/') {
        Some(whole) => whole.to_owned(),
        None => format!("xl/{target}"),
    })
}

/// Spreadsheets count from a day on which a year was wrongly taken for a leap year, or from 1904.
fn days_from(workbook: &Document<'_>) -> Date {
    let properties = named(workbook.root(), "workbookPr").next();
    let since_1904 = properties.and_then(|node| node.attribute("date1904"));
    if matches!(since_1904, Some("1" | "true")) { date(1904, 1, 1) } else { date(1899, 12, 30) }
}

fn shared_strings(strings: &Document<'_>) -> Vec<String> {
    named(strings.root(), "si").map(text_of).collect()
}

/// The text of a string, whose parts may be formatted apart; how it is pronounced is left out.
fn text_of(node: Node<'_, '_>) -> String {
    let spoken =
        |node: &Node<'_, '_>| node.ancestors().any(|ancestor| ancestor.tag_name().name() == "rPh");
    named(node, "t").filter(|node| !spoken(node)).filter_map(|node| node.text()).collect()
}

fn lines(sheet: &Document<'_>, strings: &[String]) -> Result<Lines, TableError> {
    let mut lines = Lines::new();
    let mut line = 0;
    for row in named(sheet.root(), "row") {
        line = row.attribute("r").and_then(|text| text.parse().ok()).unwrap_or(line + 1);
        let mut cells: Vec<Option<String>> = Vec::new();
        for cell in row.children().filter(|node| node.tag_name().name() == "c") {
            let at = cell.attribute("r").and_then(column_of).unwrap_or(cells.len());
            if at >= ASSET_COLUMNS_MAX {
                return Err(TableError::TooLarge);
            }
            if cells.len() <= at {
                cells.resize(at + 1, Some(String::new()));
            }
            cells[at] = Some(value_of(cell, strings));
        }
        if cells.iter().flatten().any(|text| !text.trim().is_empty()) {
            lines.push((line, cells));
        }
    }
    Ok(lines)
}

fn value_of(cell: Node<'_, '_>, strings: &[String]) -> String {
    let value = || named(cell, "v").next().and_then(|node| node.text()).unwrap_or_default();
    match cell.attribute("t") {
        Some("s") => {
            let string = value().trim().parse().ok().and_then(|at: usize| strings.get(at));
            string.cloned().unwrap_or_default()
        }
        Some("inlineStr") => text_of(cell),
        _ => value().to_owned(),
    }
}

/// `BC12` is column 54.
fn column_of(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_uppercase);
    let number = letters.take(4).fold(0, |sum, letter| sum * 26 + usize::from(letter - b'A') + 1);
    number.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::sheet::{Cell, Sheet, to_xlsx};

    #[test]
    fn what_we_write_is_read_back_line_by_line() {
        let text = |text: &str| Cell::from(text.to_owned());
        let sheet = Sheet {
            name: "资产".to_owned(),
            headings: ["用户", "n"].map(str::to_owned).to_vec(),
            rows: vec![
                vec![text("江北 <水厂> & co"), Cell::Day(date(2027, 1, 31))],
                vec![Cell::Empty, Cell::Empty],
                vec![Cell::Empty, text("=1+1")],
            ],
        };
        let book = read(&to_xlsx(&[sheet], 0).unwrap()).unwrap();
        let cells = |cells: &[&str]| cells.iter().map(|one| Some((*one).to_owned())).collect();
        let expected: Lines = vec![
            (1, cells(&["用户", "n"])),
            (2, cells(&["江北 <水厂> & co", "46418"])),
            (4, cells(&["", "=1+1"])),
        ];
        assert_eq!(book.lines, expected);
        assert_eq!(book.days_from, date(1899, 12, 30));
    }

    #[test]
    fn columns_have_letters() {
        for (place, at) in [("A1", Some(0)), ("Z9", Some(25)), ("AA1", Some(26)), ("7", None)] {
            assert_eq!(column_of(place), at, "{place}");
        }
    }

    #[test]
    fn what_inflates_beyond_the_cap_is_not_read() {
        use std::io::Write;
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file("xl/workbook.xml", options).unwrap();
        let block = vec![b' '; 1024 * 1024];
        for _ in 0..=ASSET_PART_BYTES_MAX / block.len() as u64 {
            archive.write_all(&block).unwrap();
        }
        let bomb = archive.finish().unwrap().into_inner();
        assert!(bomb.len() < 256 * 1024);
        assert!(matches!(read(&bomb), Err(TableError::TooLarge)));
    }
}
