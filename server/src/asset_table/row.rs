//! One row of the asset table: its cells, their meaning, and what can be wrong with it.

use std::collections::BTreeMap;

use docket_protocol::limits::LINE_CHARS_MAX;
use jiff::ToSpan;
use jiff::civil::Date;

use super::column::Column;
use crate::records_csv::parse_date;
use crate::words::Words;

/// One piece of equipment, as a table has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Whose it is.
    pub customer: String,
    /// What is written, by column; empty cells are not among them.
    pub texts: BTreeMap<Column, String>,
    /// Until when its warranty runs.
    pub warranty: Option<Date>,
}

/// A line that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Line of the file, as an editor or a spreadsheet counts them.
    pub line: u64,
    /// The cell, where it is one.
    pub column: Option<Column>,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The bytes are not text in the file's encoding.
    Encoding,
    /// More cells than headings: usually a comma that is not inside quotes.
    TooManyCells,
    /// Longer than the record can hold.
    TooLong,
    /// It does not say whose the equipment is.
    CustomerMissing,
    /// There is no dossier of that name.
    CustomerUnknown(String),
    /// Several dossiers have that name.
    CustomerTwice(String),
    /// Neither name nor serial number, or new and without a name.
    NameMissing,
    /// This is not a date we can be sure about.
    DateUnclear(String),
    /// A spreadsheet has rounded a long number.
    Rounded(String),
    /// The same equipment stands in a line above.
    Again(u64),
    /// The dossier has it more than once.
    Ambiguous(String),
    /// The desk did not take it; the code is a message id (`error-{code}`).
    Refused(String),
}

impl Problem {
    /// What is wrong and what to do, in a person's words.
    pub fn words(&self, words: Words) -> String {
        let said = |id: &str, text: &str| words.with(id, &[("text", text.into())]);
        match self {
            Self::Encoding => words.get("row-encoding"),
            Self::TooManyCells => words.get("row-too-many-cells"),
            Self::TooLong => words.count("asset-too-long", LINE_CHARS_MAX),
            Self::CustomerMissing => words.get("asset-customer-missing"),
            Self::CustomerUnknown(name) => said("asset-customer-unknown", name),
            Self::CustomerTwice(name) => said("asset-customer-twice", name),
            Self::NameMissing => words.get("asset-name-missing"),
            Self::DateUnclear(text) => said("row-date-unclear", text),
            Self::Rounded(text) => said("asset-rounded", text),
            Self::Again(line) => words.with("asset-again", &[("line", (*line).into())]),
            Self::Ambiguous(text) => said("asset-ambiguous", text),
            Self::Refused(code) => words.of("error", code),
        }
    }
}

impl Row {
    /// Reads the cells of one line; absent cells are empty ones. `days_from` is the day that
    /// spreadsheets count from, where the file has its dates as such numbers.
    pub(super) fn from_cells(
        cells: &BTreeMap<Column, String>,
        days_from: Option<Date>,
    ) -> Result<Self, (Column, Problem)> {
        let mut texts: BTreeMap<Column, String> =
            cells.iter().map(|(column, text)| (*column, one_line(text))).collect();
        texts.retain(|_, text| !text.is_empty());
        let shown = |text: &str| text.chars().take(SHOWN_CHARS).collect::<String>();
        for (column, text) in &texts {
            if text.chars().count() > LINE_CHARS_MAX {
                return Err((*column, Problem::TooLong));
            }
            if *column == Column::Serial && is_rounded(text) {
                return Err((*column, Problem::Rounded(shown(text))));
            }
        }
        let customer = texts.remove(&Column::Customer);
        let customer = customer.ok_or((Column::Customer, Problem::CustomerMissing))?;
        let warranty = texts.remove(&Column::Warranty).map(|text| {
            let date = parse_date(&text).or_else(|| counted_day(&text, days_from?));
            date.filter(|date| (1970..2200).contains(&date.year()))
                .ok_or_else(|| (Column::Warranty, Problem::DateUnclear(shown(&text))))
        });
        let warranty = warranty.transpose()?;
        if !texts.contains_key(&Column::Name) && !texts.contains_key(&Column::Serial) {
            return Err((Column::Name, Problem::NameMissing));
        }
        Ok(Self { customer, texts, warranty })
    }

    pub(super) fn text(&self, column: Column) -> &str {
        self.texts.get(&column).map_or("", String::as_str)
    }
}

/// Letters of a cell that a complaint about it repeats.
const SHOWN_CHARS: usize = 40;

/// A day as a spreadsheet stores it: a number of days, perhaps with a time of day behind it.
fn counted_day(text: &str, days_from: Date) -> Option<Date> {
    let days: i64 = text.split('.').next()?.parse().ok()?;
    (1..=200_000).contains(&days).then(|| days_from.checked_add(days.days()).ok()).flatten()
}

/// Whether it looks like `1.23E+11`: a long number of which a spreadsheet has kept the beginning.
fn is_rounded(text: &str) -> bool {
    let Some((digits, power)) = text.split_once(['E', 'e']) else { return false };
    let power = power.strip_prefix('+').unwrap_or_default();
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    number(power) && digits.split_once('.').is_none_or(|(_, rest)| number(rest)) && {
        number(digits.split('.').next().unwrap_or_default())
    }
}

/// Line breaks inside a cell are spaces.
fn one_line(text: &str) -> String {
    let spaced: String =
        text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(texts: &[(Column, &str)]) -> Result<Row, (Column, Problem)> {
        let cells = texts.iter().map(|(column, text)| (*column, (*text).to_owned())).collect();
        Row::from_cells(&cells, Some(date(1899, 12, 30)))
    }

    #[test]
    fn a_row_says_in_which_cell_something_is_wrong() {
        use Column::{Customer, Name, Serial, Warranty};
        let row = [(Customer, "Harbour"), (Name, "Pump")];
        assert_eq!(read(&row[1..]), Err((Customer, Problem::CustomerMissing)));
        assert_eq!(read(&row[..1]), Err((Name, Problem::NameMissing)));
        let check = |more: (Column, &str), problem: Problem| {
            assert_eq!(read(&[row[0], row[1], more]), Err((more.0, problem)));
        };
        check((Warranty, "soon"), Problem::DateUnclear("soon".to_owned()));
        check((Serial, "4.2E+11"), Problem::Rounded("4.2E+11".to_owned()));
        check((Serial, &"x".repeat(LINE_CHARS_MAX + 1)), Problem::TooLong);
    }

    #[test]
    fn serial_numbers_with_letters_are_no_rounded_numbers() {
        for serial in ["E-17", "12E4", "1E", "ZP420-10293", "10E+x", ".E+2"] {
            assert!(!is_rounded(serial), "{serial}");
        }
        assert!(is_rounded("1E+12"));
    }

    #[test]
    fn a_warranty_is_a_date_or_a_day_that_a_spreadsheet_counted() {
        use Column::{Customer, Name, Warranty};
        for text in ["2027-01-31", "2027年1月31日", "46418", "46418.5"] {
            let row = read(&[(Customer, "Harbour"), (Name, "Pump"), (Warranty, text)]).unwrap();
            assert_eq!(row.warranty, Some(date(2027, 1, 31)), "{text}");
        }
    }
}
