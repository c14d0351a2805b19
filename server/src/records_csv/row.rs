//! One row of the record table: its cells, their meaning, and what can be wrong with it.

use std::collections::BTreeMap;

use docket_protocol::limits::{LINE_CHARS_MAX, PROSE_CHARS_MAX};
use docket_protocol::signoff::hex_digest;
use jiff::civil::Date;

use super::column::Column;
use super::date::parse_date;
use crate::words::{Language, Words};

/// One technical-support record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// 日期.
    pub date: Date,
    /// 问题描述.
    pub description: String,
    /// 问题分类.
    pub category: String,
    /// 解决方案.
    pub solution: String,
    /// 处理人.
    pub handler: String,
    /// 是否解决; none when the table does not say.
    pub solved: Option<bool>,
    /// 解决日期.
    pub solved_at: Option<Date>,
    /// 未解决原因.
    pub reason: String,
    /// 下一步计划.
    pub next_plan: String,
}

/// A row that did not go in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Line of the file, as an editor counts them.
    pub line: u64,
    /// What is wrong.
    pub problem: RowProblem,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowProblem {
    /// The bytes are not text in the file's encoding.
    Encoding,
    /// There is no date.
    DateMissing,
    /// This is not a date we can be sure about.
    DateUnclear(String),
    /// There is no description.
    DescriptionMissing,
    /// Neither yes nor no.
    SolvedUnclear(String),
    /// A cell is longer than the record can hold.
    TooLong {
        /// Heading of the cell.
        heading: &'static str,
        /// Most characters it may have.
        characters_max: usize,
    },
    /// More cells than headings: usually a comma that is not inside quotes.
    TooManyCells,
    /// The desk did not take it; the code is a message id (`error-{code}`).
    Refused(String),
}

impl RowProblem {
    /// The reason in a person's words.
    pub fn words(&self, words: Words) -> String {
        match self {
            Self::Encoding => words.get("row-encoding"),
            Self::DateMissing => words.get("row-date-missing"),
            Self::DateUnclear(text) => {
                words.with("row-date-unclear", &[("text", text.as_str().into())])
            }
            Self::DescriptionMissing => words.get("row-description-missing"),
            Self::SolvedUnclear(text) => {
                words.with("row-solved-unclear", &[("text", text.as_str().into())])
            }
            Self::TooLong { heading, characters_max } => words.with(
                "row-too-long",
                &[("heading", (*heading).into()), ("count", (*characters_max).into())],
            ),
            Self::TooManyCells => words.get("row-too-many-cells"),
            Self::Refused(code) => words.of("error", code),
        }
    }
}

/// Cells by column.
pub(super) type Cells = BTreeMap<Column, String>;

impl Row {
    /// Reads the cells of one row; absent cells are empty ones.
    pub(super) fn from_cells(cells: &Cells) -> Result<Self, RowProblem> {
        let cell = |column| cells.get(&column).map_or("", |text: &String| text.trim());
        check_lengths(cells)?;
        let date = match cell(Column::Date) {
            "" => return Err(RowProblem::DateMissing),
            text => date_of(text)?,
        };
        let description = cell(Column::Description).to_owned();
        if description.is_empty() {
            return Err(RowProblem::DescriptionMissing);
        }
        let solved_at = match cell(Column::SolvedAt) {
            "" => None,
            text => Some(date_of(text)?),
        };
        Ok(Self {
            date,
            description,
            category: one_line(cell(Column::Category)),
            solution: cell(Column::Solution).to_owned(),
            handler: one_line(cell(Column::Handler)),
            solved: yes_or_no(cell(Column::Solved))?,
            solved_at,
            reason: one_line(cell(Column::Reason)),
            next_plan: one_line(cell(Column::NextPlan)),
        })
    }

    /// The cells as an export writes them.
    pub(crate) fn to_cells(&self, language: Language) -> [String; Column::ALL.len()] {
        let solved = match (self.solved, language) {
            (None, _) => "",
            (Some(true), Language::Chinese) => "是",
            (Some(false), Language::Chinese) => "否",
            (Some(true), Language::English) => "yes",
            (Some(false), Language::English) => "no",
        };
        Column::ALL.map(|column| match column {
            Column::Date => self.date.to_string(),
            Column::Description => self.description.clone(),
            Column::Category => self.category.clone(),
            Column::Solution => self.solution.clone(),
            Column::Handler => self.handler.clone(),
            Column::Solved => solved.to_owned(),
            Column::SolvedAt => self.solved_at.map(|date| date.to_string()).unwrap_or_default(),
            Column::Reason => self.reason.clone(),
            Column::NextPlan => self.next_plan.clone(),
        })
    }

    /// Names the row by what it says, whatever file, encoding or date style it came in.
    pub(super) fn fingerprint(&self) -> String {
        let cells = self.to_cells(Language::English).join("\u{1f}");
        hex_digest(cells.as_bytes())[..32].to_owned()
    }
}

fn date_of(text: &str) -> Result<Date, RowProblem> {
    // Records know times from 1970 on; an older date in such a table is a typing error.
    parse_date(text)
        .filter(|date| (1970..2200).contains(&date.year()))
        .ok_or_else(|| RowProblem::DateUnclear(text.chars().take(40).collect()))
}

fn yes_or_no(text: &str) -> Result<Option<bool>, RowProblem> {
    match text.to_lowercase().as_str() {
        "" => Ok(None),
        "是" | "已解决" | "√" | "yes" | "y" | "true" | "1" => Ok(Some(true)),
        "否" | "未解决" | "×" | "no" | "n" | "false" | "0" => Ok(Some(false)),
        other => Err(RowProblem::SolvedUnclear(other.chars().take(40).collect())),
    }
}

fn check_lengths(cells: &Cells) -> Result<(), RowProblem> {
    for (column, text) in cells {
        let characters_max = match column {
            // Room for the handler's line, which is kept in the description when nobody of
            // that name has an account.
            Column::Description => PROSE_CHARS_MAX - LINE_CHARS_MAX - 20,
            Column::Solution => PROSE_CHARS_MAX,
            _ => LINE_CHARS_MAX,
        };
        if text.chars().count() > characters_max {
            let heading = column.heading(Language::English);
            return Err(RowProblem::TooLong { heading, characters_max });
        }
    }
    Ok(())
}

/// Line breaks inside a cell that becomes one line are spaces.
fn one_line(text: &str) -> String {
    let spaced: String =
        text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(texts: &[(Column, &str)]) -> Cells {
        texts.iter().map(|(column, text)| (*column, (*text).to_owned())).collect()
    }

    #[test]
    fn a_row_says_what_is_wrong_with_it() {
        use Column::{Category, Date, Description, Solved};
        let check = |texts: &[(Column, &str)], problem: RowProblem| {
            assert_eq!(Row::from_cells(&cells(texts)), Err(problem));
        };
        check(&[(Description, "x")], RowProblem::DateMissing);
        check(&[(Date, "2026-11-03")], RowProblem::DescriptionMissing);
        check(&[(Date, "soon")], RowProblem::DateUnclear("soon".into()));
        check(&[(Date, "1026-11-03")], RowProblem::DateUnclear("1026-11-03".into()));
        let row = [(Date, "2026-11-03"), (Description, "x")];
        check(&[row[0], row[1], (Solved, "perhaps")], RowProblem::SolvedUnclear("perhaps".into()));
        let long = "x".repeat(LINE_CHARS_MAX + 1);
        check(
            &[row[0], row[1], (Category, &long)],
            RowProblem::TooLong { heading: "category", characters_max: LINE_CHARS_MAX },
        );
    }

    #[test]
    fn the_fingerprint_sees_the_meaning_and_not_the_spelling() {
        let row = |date: &str, solved: &str| {
            let texts = [
                (Column::Date, date),
                (Column::Description, " paper jam "),
                (Column::Solved, solved),
            ];
            Row::from_cells(&cells(&texts)).unwrap().fingerprint()
        };
        assert_eq!(row("2026-11-03", "是"), row("2026年11月3日", "yes"));
        assert_ne!(row("2026-11-03", "是"), row("2026-11-03", ""));
    }

    #[test]
    fn line_breaks_in_short_cells_become_spaces() {
        let texts = [
            (Column::Date, "2026-11-03"),
            (Column::Description, "a\nb"),
            (Column::Category, "net\r\n work"),
        ];
        let row = Row::from_cells(&cells(&texts)).unwrap();
        assert_eq!((row.description.as_str(), row.category.as_str()), ("a\nb", "net work"));
    }
}
