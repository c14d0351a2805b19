//! A row's columns in the order in which they were selected. Asking for one by its name looks
//! through all their names, and some questions are answered by twenty thousand rows.

use rusqlite::Row;
use rusqlite::types::FromSql;

/// The columns of a row that have not been read.
pub struct Cells<'r> {
    row: &'r Row<'r>,
    at: usize,
}

impl<'r> Cells<'r> {
    /// From the first column on.
    pub fn of(row: &'r Row<'r>) -> Self {
        Self { row, at: 0 }
    }

    /// The next one.
    pub fn read<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        self.at += 1;
        self.row.get(self.at - 1)
    }
}
