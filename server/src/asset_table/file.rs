//! A file of assets, from bytes to rows: a CSV in whatever encoding, or the first sheet of an XLSX.
//! A line that cannot be read is set aside; the rest goes on.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::column::Column;
use super::row::{Fault, Problem, Row};
use super::xlsx;
use crate::limits::ASSET_ROWS_MAX;
use crate::records_csv::{self, Encoding};

/// Nothing of the file can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// No line in it.
    #[error("the file is empty")]
    Empty,
    /// The first line does not name the columns.
    #[error("the first line has no headings for customer and equipment")]
    NoHeadings,
    /// It begins like an XLSX and is none, or a damaged one.
    #[error("the file is no table")]
    NotATable,
    /// Larger than a table of equipment is.
    #[error("the file is too large")]
    TooLarge,
}

impl TableError {
    /// The message that says so, and what to do.
    pub fn word(self) -> &'static str {
        match self {
            Self::Empty => "asset-file-empty",
            Self::NoHeadings => "asset-file-no-headings",
            Self::NotATable => "asset-file-no-table",
            Self::TooLarge => "asset-file-too-large",
        }
    }
}

/// What was read.
#[derive(Debug, PartialEq)]
pub struct ReadTable {
    /// What it is: the name of an encoding, or `XLSX`.
    pub format: &'static str,
    /// Good rows with their lines.
    pub rows: Vec<(u64, Row)>,
    /// The other lines, in the file's order.
    pub faults: Vec<Fault>,
    /// Headings that mean nothing to us; their columns were left out.
    pub unknown_headings: Vec<String>,
}

/// The lines of a table, with their numbers; a cell is none where its bytes are no text.
pub(super) type Lines = Vec<(u64, Vec<Option<String>>)>;

/// Reads a whole file.
pub fn read_table(bytes: &[u8]) -> Result<ReadTable, TableError> {
    if bytes.starts_with(b"PK\x03\x04") {
        let book = xlsx::read(bytes)?;
        return read_lines("XLSX", book.lines, Some(book.days_from));
    }
    let (bytes, candidates) = records_csv::candidates_for(bytes);
    let records = records_csv::split(&bytes);
    let readings = candidates.into_iter().map(|encoding: Encoding| {
        let lines = records.iter().map(|(line, record)| {
            (*line, record.iter().map(|cell| encoding.decode(cell)).collect())
        });
        read_lines(encoding.name(), lines.collect(), None)
    });
    // UTF-8 stands first and wins a tie: its rules are strict enough to be no accident.
    let unreadable = |table: &Result<ReadTable, TableError>| match table {
        Ok(table) => table.faults.iter().filter(|fault| fault.problem == Problem::Encoding).count(),
        Err(_) => usize::MAX,
    };
    readings.min_by_key(unreadable).unwrap_or(Err(TableError::Empty))
}

fn read_lines(
    format: &'static str,
    lines: Lines,
    days_from: Option<Date>,
) -> Result<ReadTable, TableError> {
    if lines.len() > ASSET_ROWS_MAX + 1 {
        return Err(TableError::TooLarge);
    }
    let mut lines = lines.into_iter();
    let (_, first) = lines.next().ok_or(TableError::Empty)?;
    let headings: Vec<String> = first
        .into_iter()
        .map(|heading| Some(heading?.trim().to_owned()))
        .collect::<Option<_>>()
        .ok_or(TableError::NoHeadings)?;
    let columns: Vec<Option<Column>> =
        headings.iter().map(|heading| Column::named(heading)).collect();
    let has = |column| columns.contains(&Some(column));
    if !has(Column::Customer) || !(has(Column::Name) || has(Column::Serial)) {
        return Err(TableError::NoHeadings);
    }
    let unknown = headings.into_iter().zip(&columns);
    let unknown = unknown.filter(|(heading, column)| column.is_none() && !heading.is_empty());
    let unknown_headings = unknown.map(|(heading, _)| heading).collect();
    let mut table = ReadTable { format, rows: Vec::new(), faults: Vec::new(), unknown_headings };
    for (line, cells) in lines {
        match cells_of(cells, &columns).and_then(|cells| {
            Row::from_cells(&cells, days_from).map_err(|(column, what)| (Some(column), what))
        }) {
            Ok(row) => table.rows.push((line, row)),
            Err((column, problem)) => table.faults.push(Fault { line, column, problem }),
        }
    }
    Ok(table)
}

fn cells_of(
    cells: Vec<Option<String>>,
    columns: &[Option<Column>],
) -> Result<BTreeMap<Column, String>, (Option<Column>, Problem)> {
    let filled = |cell: &Option<String>| cell.as_ref().is_none_or(|text| !text.trim().is_empty());
    if cells.iter().skip(columns.len()).any(filled) {
        return Err((None, Problem::TooManyCells));
    }
    let mut read = BTreeMap::new();
    for (cell, column) in cells.into_iter().zip(columns) {
        let text = cell.ok_or((*column, Problem::Encoding))?;
        if let Some(column) = column {
            read.entry(*column).or_insert_with(|| records_csv::unguarded(text));
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "用户,设备名称,序列号,保修期至,备注\n\
        江北水厂,流量计,'=SN-1,2027-01-31,x\n\
        江北水厂,,,,\n\
        ,,\n\
        江北水厂,水泵,SN-2,明天,\n";

    #[test]
    fn every_usual_encoding_reads_the_same() {
        let (gb18030, _, _) = encoding_rs::GB18030.encode(TABLE);
        let read = read_table(TABLE.as_bytes()).unwrap();
        assert_eq!(read.unknown_headings, ["备注"]);
        let [(2, row)] = read.rows.as_slice() else { panic!("{:?}", read.rows) };
        assert_eq!((row.text(Column::Name), row.text(Column::Serial)), ("流量计", "=SN-1"));
        let faults: Vec<_> = read.faults.iter().map(|fault| (fault.line, fault.column)).collect();
        assert_eq!(faults, [(3, Some(Column::Name)), (5, Some(Column::Warranty))]);
        let other = read_table(&gb18030).unwrap();
        assert_eq!(other.format, "GB18030");
        let windows = read_table(TABLE.replace('\n', "\r\n").as_bytes()).unwrap();
        for other in [other, windows] {
            assert_eq!((&other.rows, &other.faults), (&read.rows, &read.faults));
        }
    }

    #[test]
    fn what_is_no_table_of_equipment_is_said_to_be_none() {
        for (bytes, error) in [
            (b"".as_slice(), TableError::Empty),
            (b"date,description\n2026-01-01,x\n", TableError::NoHeadings),
            (b"PK\x03\x04 and no more", TableError::NotATable),
        ] {
            assert_eq!(read_table(bytes), Err(error));
        }
        let many = format!("customer,equipment\n{}", "a,b\n".repeat(ASSET_ROWS_MAX + 1));
        assert_eq!(read_table(many.as_bytes()), Err(TableError::TooLarge));
    }
}
