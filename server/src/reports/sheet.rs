//! A table as a file that people open in a spreadsheet: CSV or XLSX.
//!
//! What people wrote is text in it and never a formula: in CSV a guard goes in front of what a
//! spreadsheet would run, in XLSX a text cell is a text cell. Numbers and days are numbers and
//! days, so that they can be sorted and added up.

use jiff::civil::Date;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use crate::records_csv::guarded;

/// What stands in one place.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Somebody's words, or ours.
    Text(String),
    /// A number.
    Number(f64),
    /// A day.
    Day(Date),
    /// Nothing.
    Empty,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<Option<Date>> for Cell {
    fn from(day: Option<Date>) -> Self {
        day.map_or(Self::Empty, Self::Day)
    }
}

impl From<Option<f64>> for Cell {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Empty, Self::Number)
    }
}

impl From<usize> for Cell {
    fn from(count: usize) -> Self {
        Self::Number(count as f64)
    }
}

/// One table.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Its name, shown on the tab.
    pub name: String,
    /// The first line.
    pub headings: Vec<String>,
    /// The others, each as long as the first.
    pub rows: Vec<Vec<Cell>>,
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One table, as text.
    Csv,
    /// Several tables, for a spreadsheet program.
    Xlsx,
}

impl Kind {
    /// How its name ends.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// What it is called in a header.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// The file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the spreadsheet cannot be written: {0}")]
pub struct SheetError(#[from] XlsxError);

/// Tables as one CSV file, with the mark that spreadsheets need to see Chinese; one below the
/// other, an empty line between them.
pub fn to_csv(sheets: &[Sheet]) -> Vec<u8> {
    let mut file = b"\xef\xbb\xbf".to_vec();
    for (number, sheet) in sheets.iter().enumerate() {
        if number > 0 {
            file.extend_from_slice(b"\r\n");
        }
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer(Vec::new());
        // Writing into memory cannot fail.
        drop(writer.write_record(sheet.headings.iter().cloned().map(guarded)));
        for row in &sheet.rows {
            drop(writer.write_record(row.iter().map(in_csv)));
        }
        file.extend(writer.into_inner().unwrap_or_default());
    }
    file
}

fn in_csv(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => guarded(text.clone()),
        Cell::Number(number) => number.to_string(),
        Cell::Day(day) => day.to_string(),
        Cell::Empty => String::new(),
    }
}

/// Tables as one XLSX file: each a sheet with its first line kept in sight, ready to be printed.
/// `made_at` is when, in Unix ms.
pub fn to_xlsx(sheets: &[Sheet], made_at: i64) -> Result<Vec<u8>, SheetError> {
    let mut book = Workbook::new();
    let made_at = ExcelDateTime::from_timestamp(made_at / 1_000)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made_at));
    for sheet in sheets {
        write(book.add_worksheet(), sheet)?;
    }
    Ok(book.save_to_buffer()?)
}

fn write(page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let heading = Format::new().set_bold().set_border_bottom(FormatBorder::Thin).set_text_wrap();
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let day = Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Top);
    let number = Format::new().set_align(FormatAlign::Top);
    page.set_name(tab_name(&sheet.name))?;
    for (column, words) in (0..).zip(&sheet.headings) {
        page.write_string_with_format(0, column, words, &heading)?;
        page.set_column_width(column, width(sheet, usize::from(column)))?;
    }
    for (line, row) in (1..).zip(&sheet.rows) {
        for (column, cell) in (0..).zip(row) {
            match cell {
                Cell::Text(words) => {
                    page.write_string_with_format(line, column, fitting(words), &text)?;
                }
                Cell::Number(value) => {
                    page.write_number_with_format(line, column, *value, &number)?;
                }
                Cell::Day(date) => {
                    let date = ExcelDateTime::from_ymd(
                        date.year().unsigned_abs(),
                        date.month().unsigned_abs(),
                        date.day().unsigned_abs(),
                    )?;
                    page.write_datetime_with_format(line, column, &date, &day)?;
                }
                Cell::Empty => {}
            }
        }
    }
    page.set_freeze_panes(1, 0)?;
    page.set_landscape();
    page.set_paper_size(A4);
    page.set_print_fit_to_pages(1, 0);
    page.set_repeat_rows(0, 0)?;
    Ok(())
}

/// As spreadsheets number paper.
const A4: u8 = 9;
/// Most characters a cell of a spreadsheet holds.
const CELL_CHARS_MAX: usize = 32_767;
/// Most characters of a tab's name, and those it may not have.
const TAB_CHARS_MAX: usize = 31;
const NOT_IN_TABS: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];

fn fitting(text: &str) -> String {
    text.chars().take(CELL_CHARS_MAX).collect()
}

fn tab_name(name: &str) -> String {
    let kept = name.chars().filter(|letter| !NOT_IN_TABS.contains(letter));
    kept.take(TAB_CHARS_MAX).collect()
}

/// Wide enough for most of what stands in a column; longer texts wrap.
fn width(sheet: &Sheet, column: usize) -> f64 {
    let widest = |text: &str| text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0);
    let cells = sheet.rows.iter().filter_map(|row| row.get(column)).map(|cell| match cell {
        Cell::Text(text) => widest(text),
        Cell::Number(_) => 8,
        Cell::Day(_) => 10,
        Cell::Empty => 0,
    });
    let heading = sheet.headings.get(column).map_or(0, |text| widest(text));
    (cells.max().unwrap_or(0).max(heading) + 2).clamp(8, 48) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        Sheet {
            name: "By: category/2026 [a very long name that does not fit]".to_owned(),
            headings: vec!["用户".to_owned(), "=1+1".to_owned(), "n".to_owned()],
            rows: vec![
                vec![
                    Cell::Text("=cmd|' /C calc'!A0".to_owned()),
                    Cell::Day(jiff::civil::date(2026, 7, 1)),
                    Cell::Number(2.5),
                ],
                vec![Cell::from("x".repeat(40_000)), Cell::Empty, Cell::from(3)],
            ],
        }
    }

    #[test]
    fn texts_are_never_formulas() {
        let csv = String::from_utf8(to_csv(&[sheet(), sheet()])).unwrap();
        assert!(csv.starts_with('\u{feff}'));
        assert!(csv.contains("'=cmd|' /C calc'!A0,2026-07-01,2.5\r\n"));
        assert!(csv.contains("用户,'=1+1,n\r\n"));
        assert_eq!(csv.matches("\r\n\r\n").count(), 1, "tables are apart");
    }

    #[test]
    fn a_spreadsheet_is_written_whatever_stands_in_it() {
        let file = to_xlsx(&[sheet()], 1_795_435_200_000).unwrap();
        assert!(file.starts_with(b"PK"));
        let again = to_xlsx(&[sheet()], 1_795_435_200_000).unwrap();
        assert_eq!(file, again, "the same table is the same file");
    }
}
