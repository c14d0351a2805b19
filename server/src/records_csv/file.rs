//! A file of records, from bytes to rows: encoding, delimiter, headings, cells.
//!
//! Spreadsheets in China save UTF-8 with or without a mark, GB18030, or UTF-16; none of them
//! says which. The headings decide, and where they are plain ASCII, the encoding under which
//! most rows can be read. A row that cannot is set aside; the rest goes on.

use csv::{ByteRecord, ReaderBuilder};
use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::column::Column;
use super::row::{BadRow, Cells, Row, RowProblem};

/// What the file turned out to be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// GB18030, which contains GBK and GB2312.
    Gb18030,
    /// UTF-16 with its byte order mark.
    Utf16,
}

impl Encoding {
    /// The name people know.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
            Self::Utf16 => "UTF-16",
        }
    }

    /// The text of these bytes; none where they are not in this encoding.
    pub(crate) fn decode(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Utf8 | Self::Utf16 => std::str::from_utf8(bytes).ok().map(str::to_owned),
            Self::Gb18030 => GB18030
                .decode_without_bom_handling_and_without_replacement(bytes)
                .map(std::borrow::Cow::into_owned),
        }
    }
}

/// Nothing of the file can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CsvError {
    /// No line in it.
    #[error("the file is empty")]
    Empty,
    /// The first line does not name the columns.
    #[error("the first line has no headings for date and description")]
    NoHeadings,
}

/// What was read.
#[derive(Debug)]
pub struct ReadFile {
    /// The encoding that was recognised.
    pub encoding: Encoding,
    /// Good rows with their lines.
    pub rows: Vec<(u64, Row)>,
    /// Bad rows in file order.
    pub bad_rows: Vec<BadRow>,
    /// Headings that mean nothing to us; their columns were left out.
    pub unknown_headings: Vec<String>,
}

/// Reads a whole file.
pub fn read_file(bytes: &[u8]) -> Result<ReadFile, CsvError> {
    let (bytes, candidates) = candidates_for(bytes);
    let records = split(&bytes);
    let (_, first) = records.first().ok_or(CsvError::Empty)?;
    let readings = candidates.iter().filter_map(|encoding| {
        let headings = headings(first, *encoding)?;
        Some(read_rows(&records[1..], *encoding, headings))
    });
    // UTF-8 stands first and wins a tie: its rules are strict enough to be no accident.
    let unreadable = |file: &ReadFile| {
        file.bad_rows.iter().filter(|row| row.problem == RowProblem::Encoding).count()
    };
    readings.min_by_key(unreadable).ok_or(CsvError::NoHeadings)
}

/// The bytes without their mark, and what they may be written in.
pub(crate) fn candidates_for(bytes: &[u8]) -> (Vec<u8>, Vec<Encoding>) {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => (rest.to_vec(), vec![Encoding::Utf8]),
        [0xff, 0xfe, rest @ ..] => {
            (UTF_16LE.decode(rest).0.into_owned().into_bytes(), vec![Encoding::Utf16])
        }
        [0xfe, 0xff, rest @ ..] => {
            (UTF_16BE.decode(rest).0.into_owned().into_bytes(), vec![Encoding::Utf16])
        }
        _ => (bytes.to_vec(), vec![Encoding::Utf8, Encoding::Gb18030]),
    }
}

/// Splits into records before decoding, which is safe because neither encoding uses the bytes
/// of quotes, line ends or delimiters inside a character.
pub(crate) fn split(bytes: &[u8]) -> Vec<(u64, ByteRecord)> {
    let first_line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |mark: u8| first_line.iter().filter(|byte| **byte == mark).count();
    let delimiter = [b',', b'\t', b';'].into_iter().rev().max_by_key(|mark| count(*mark));
    let records = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter.unwrap_or(b','))
        .from_reader(bytes)
        .into_byte_records()
        .filter_map(Result::ok);
    let (mut line, mut counted) = (1, 0);
    let numbered = records.map(|record| {
        let start = record.position().map_or(0, csv::Position::byte);
        let start = usize::try_from(start).unwrap_or(usize::MAX).min(bytes.len());
        // A record begins behind the line ends before it, which the reader counts later.
        let ends = bytes[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = &bytes[counted..start + ends];
        line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        counted = start + ends;
        (line, record)
    });
    numbered.filter(|(_, record)| record.iter().any(|cell| !cell.trim_ascii().is_empty())).collect()
}

type Headings = Vec<Result<Column, String>>;

fn headings(record: &ByteRecord, encoding: Encoding) -> Option<Headings> {
    let decoded: Option<Vec<String>> = record.iter().map(|cell| encoding.decode(cell)).collect();
    let headings: Headings = decoded?
        .into_iter()
        .map(|heading| Column::named(&heading).ok_or_else(|| heading.trim().to_owned()))
        .collect();
    let has = |column| headings.contains(&Ok(column));
    (has(Column::Date) && has(Column::Description)).then_some(headings)
}

fn read_rows(records: &[(u64, ByteRecord)], encoding: Encoding, headings: Headings) -> ReadFile {
    let (mut rows, mut bad_rows) = (Vec::new(), Vec::new());
    for (line, record) in records {
        match cells_of(record, encoding, &headings).and_then(|cells| Row::from_cells(&cells)) {
            Ok(row) => rows.push((*line, row)),
            Err(problem) => bad_rows.push(BadRow { line: *line, problem }),
        }
    }
    let unknown = headings.into_iter().filter_map(Result::err);
    let unknown_headings = unknown.filter(|heading| !heading.is_empty()).collect();
    ReadFile { encoding, rows, bad_rows, unknown_headings }
}

fn cells_of(
    record: &ByteRecord,
    encoding: Encoding,
    headings: &Headings,
) -> Result<Cells, RowProblem> {
    if record.iter().skip(headings.len()).any(|cell| !cell.trim_ascii().is_empty()) {
        return Err(RowProblem::TooManyCells);
    }
    let mut cells = Cells::new();
    for (cell, heading) in record.iter().zip(headings) {
        let text = encoding.decode(cell).ok_or(RowProblem::Encoding)?;
        if let Ok(column) = heading {
            cells.entry(*column).or_insert_with(|| unguarded(text));
        }
    }
    Ok(cells)
}

/// Marks that make a spreadsheet take a cell for a formula.
const FORMULA_MARKS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Text that a spreadsheet shows and never runs: an apostrophe goes in front.
pub(crate) fn guarded(text: String) -> String {
    if is_formula(&text) { format!("'{text}") } else { text }
}

/// The text that [`guarded`] has guarded.
pub(crate) fn unguarded(text: String) -> String {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest.to_owned(),
        _ => text,
    }
}

/// Apostrophes in front count as part of the mark, so that guarded text can be guarded again.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA_MARKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHINESE: &str = "日期,问题描述,问题分类,解决方案,处理人\n\
        2026-11-03,打印机卡纸,打印机,清理进纸轮,王建国\n\
        2026/11/4,\"网络时断时续，\n重启后恢复\",网络,更换网线,李娜\n";

    fn descriptions(bytes: &[u8]) -> (Encoding, Vec<String>) {
        let file = read_file(bytes).unwrap();
        assert_eq!(file.bad_rows, []);
        (file.encoding, file.rows.into_iter().map(|(_, row)| row.description).collect())
    }

    #[test]
    fn every_usual_encoding_reads_the_same() {
        let marked = [b"\xef\xbb\xbf".as_slice(), CHINESE.as_bytes()].concat();
        let (gb18030, _, _) = GB18030.encode(CHINESE);
        let utf16: Vec<u8> =
            [0xfeff].into_iter().chain(CHINESE.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let expected = ["打印机卡纸", "网络时断时续，\n重启后恢复"].map(str::to_owned).to_vec();
        for (bytes, encoding) in [
            (CHINESE.as_bytes(), Encoding::Utf8),
            (&marked, Encoding::Utf8),
            (&gb18030, Encoding::Gb18030),
            (&utf16, Encoding::Utf16),
        ] {
            assert_eq!(descriptions(bytes), (encoding, expected.clone()));
        }
    }

    #[test]
    fn english_headings_do_not_hide_a_chinese_encoding() {
        let text = "date,description\n2026-11-03,打印机卡纸\n2026-11-04,网络不通\n";
        let (gb18030, _, _) = GB18030.encode(text);
        let expected = vec!["打印机卡纸".to_owned(), "网络不通".to_owned()];
        assert_eq!(descriptions(&gb18030), (Encoding::Gb18030, expected.clone()));
        assert_eq!(descriptions(text.as_bytes()), (Encoding::Utf8, expected));
    }

    #[test]
    fn one_damaged_row_does_not_spoil_the_file() {
        let mut bytes = CHINESE.as_bytes().to_vec();
        bytes.extend_from_slice(b"2026-11-05,\xff\xff,x,y,z\n2026-11-06,fine,,,\n");
        let file = read_file(&bytes).unwrap();
        assert_eq!(file.encoding, Encoding::Utf8);
        assert_eq!(file.bad_rows, [BadRow { line: 5, problem: RowProblem::Encoding }]);
        assert_eq!(file.rows.last().map(|(line, _)| *line), Some(6));
    }

    #[test]
    fn semicolons_tabs_blank_lines_and_foreign_columns_are_taken_in_stride() {
        let text = "No.;Description;Date\r\n1;a, b;2026-11-03\r\n;;\r\n2;c;2026-11-04\r\n";
        let file = read_file(text.as_bytes()).unwrap();
        assert_eq!(file.rows.len(), 2);
        assert_eq!(file.rows[0].1.description, "a, b");
        assert_eq!(file.unknown_headings, ["No."]);
        let (_, tabs) = descriptions(b"date\tdescription\n2026-11-03\tx\n");
        assert_eq!(tabs, ["x"]);
    }

    #[test]
    fn a_stray_comma_is_pointed_out() {
        let file = read_file(b"date,description\n2026-11-03,a,b\n").unwrap();
        assert_eq!(file.bad_rows, [BadRow { line: 2, problem: RowProblem::TooManyCells }]);
    }

    #[test]
    fn a_file_without_headings_is_refused() {
        assert_eq!(read_file(b"").unwrap_err(), CsvError::Empty);
        assert_eq!(read_file(b"2026-11-03,a\n").unwrap_err(), CsvError::NoHeadings);
        assert_eq!(read_file(&[0xff; 64]).unwrap_err(), CsvError::NoHeadings);
    }

    #[test]
    fn formulas_are_guarded_and_come_back() {
        for text in ["=1+1", "+86 10", "-5", "@x", "plain", "'quoted'", "'=1", "''"] {
            let cell = guarded(text.to_owned());
            assert!(!cell.starts_with(FORMULA_MARKS));
            assert_eq!(unguarded(cell), text);
        }
    }
}
